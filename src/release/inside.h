/* What the files of this room share. */
#ifndef RELEASE_INSIDE_H
#define RELEASE_INSIDE_H

#include "tavs/release.h"

/* ---- offered.c: what has a row ---- */

/* The places of an order, whose counts and lives say that they offer all that has a row. The cells are the
 * caller's. */
struct offered {
    struct release_place *places;
    struct tally_counts *counts, *lives;
};

/* BASE_NO_MEMORY. */
enum base_code offered_new(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct offered *out, struct base_error *error);
void offered_free(struct offered *offered);

/* ---- wanted.c: the tables that are offered ---- */

/* A table that is wanted: its kind, and the place that it is of (or TABLE_ALL_PLACES). */
struct wanted_table {
    enum protect_kind kind;
    int place;
    struct protect_table *table;
};

struct wanted {
    struct wanted_table *tables;
    size_t count;
    uint16_t kinds; /* a set: bit i for kind i */
};

/* The tables of an order; of all places together, then of each. */
enum base_code wanted_tables(const struct release_order *order, const struct release_place *places,
                             size_t place_count, struct wanted *wanted, struct base_error *error);

/* The report's tables of each year that an export has a part of: a later report must be able to show
 * them. None for a report. */
enum base_code reserved_tables(const struct release_order *order,
                               const struct release_place *places, size_t place_count,
                               struct wanted *reserved, struct base_error *error);
void wanted_free(struct wanted *wanted);

/* ---- ledger.c: what was released before ---- */

struct earlier {
    struct protect_earlier *sums;
    size_t count;
};

/* All sums of all ledgers, with the places numbered as in the order. */
enum base_code earlier_new(const struct release_place *places, size_t place_count,
                           struct earlier *earlier, struct base_error *error);
void earlier_free(struct earlier *earlier);

/* What the ledger will remember; `figures` are filled in by the caller. */
enum base_code record_new(const struct release_order *order, const struct release_place *places,
                          size_t place_count, uint16_t kinds, size_t figures,
                          struct record_release **out, struct base_error *error);

/* The same release as place 0 has it, if every place has it in its ledger and nothing of it has changed at any;
 * else NULL. One that not all ledgers got is released anew. The sums are numbered as in the order and owned by
 * the caller. */
enum base_code find_again(const struct release_place *places, size_t place_count,
                          const struct record_release *record, const struct record_release **found,
                          struct earlier *sums, struct base_error *error);

/* ---- document.c: the result as a document ---- */

enum base_code document_of_result(const struct release_order *order,
                                  const struct release_place *places, size_t place_count,
                                  const struct wanted *wanted, base_month month,
                                  struct release *release, struct base_error *error);

/* The different sums of a result, in the order in which they come. `*figures` points into the result; it is
 * freed with free. */
enum base_code different_figures(const struct protect_result *result,
                                 const struct protect_figure ***figures, size_t *count,
                                 struct base_error *error);

#endif
