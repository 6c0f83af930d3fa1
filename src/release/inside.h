/* What the files of this room share. */
#ifndef RELEASE_INSIDE_H
#define RELEASE_INSIDE_H

#include "tavs/release.h"

/* ---- prior.c: what was released before ------------------------------------------------------------ */

/* The newest edition of a release, in the ledger of one of the places. */
struct prior_release {
    const struct record_release *record;
    size_t place;                       /* whose ledger it is in */
    bool has_others;                    /* not all of its places are given */
    unsigned index[RECORD_MOST_PLACES]; /* which of the places given each of its places is */
};

struct prior_releases {
    struct prior_release *list;
    size_t count;
};

/* The newest editions of all releases in all ledgers; one of several places is there for each of them.
 * BASE_NO_MEMORY. */
enum base_code prior_releases_new(const struct release_place *places, size_t place_count,
                                  struct prior_releases *out, struct base_error *error);
void prior_releases_free(struct prior_releases *prior);

/* The cells with the places as they are given; false if one of them is not. */
bool prior_cells(const struct prior_release *prior, const struct cell_set *cells,
                 struct cell_set *given);

/* Whether all that it shows, as far as it can be seen, is what the counts come to. */
bool prior_agrees(const struct prior_release *prior, const struct release_place *places);

/* All figures that these releases show, each once, of all places that are given and of months within
 * `within`. Those for which the counts come to less than `least` are left out. BASE_NO_MEMORY. */
enum base_code prior_figures(const struct prior_releases *prior, const struct release_place *places,
                             struct base_period within, int64_t least, struct cell_set **out,
                             size_t *count, struct base_error *error);

/* All figures that stay hidden, each once: those that a release of their whole year hid, or one that has been corrected
 * since. One of all that was offered then also as just that. BASE_NO_MEMORY. */
enum base_code prior_hidden(const struct release_place *places, size_t place_count,
                            struct cell_set **out, size_t *count, struct base_error *error);

/* What the counts of the places come to. */
int64_t sum_of_cells(const struct release_place *places, const struct cell_set *cells);

/* The year that the month lies in, as a period. */
struct base_period year_of(base_month month);

/* ---- refuse.c: what is refused before anything is protected ------------------------------------------ */

/* Counts of months up to `last` that can't be: BASE_COUNT_BELOW_ZERO, BASE_SESSION_EXCEEDS. */
enum base_code refuse_counts(const struct release_place *places, size_t place_count,
                             base_month last, struct base_error *error);

/* BASE_PERIOD_NOT_CLOSED. */
enum base_code refuse_open(const struct release_place *places, size_t place_count,
                           const struct base_period *periods, size_t period_count,
                           struct base_error *error);

/* The same of all months up to `last`. */
enum base_code refuse_open_through(const struct release_place *places, size_t place_count,
                                   base_month last, struct base_error *error);

/* BASE_PLACE_MISSING: a release of the same year as one of the periods has others. */
enum base_code refuse_others(const struct prior_releases *prior, const struct release_place *places,
                             size_t place_count, const struct base_period *periods,
                             size_t period_count, struct base_error *error);

/* BASE_CORRECT_FIRST. */
enum base_code refuse_outdated(const struct prior_releases *prior,
                               const struct release_place *places, size_t place_count,
                               struct base_error *error);

/* ---- release.c ------------------------------------------------------------------------------------- */

/* The highest of the places'. */
unsigned highest_threshold(const struct release_place *places, size_t place_count);

/* The places as disclosure control takes them; freed with free. NULL if there is no memory. */
struct protect_place *protect_places(const struct release_place *places, size_t place_count);

#endif
