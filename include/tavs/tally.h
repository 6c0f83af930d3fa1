/* tally: the program's rules. Count, retract, read, roll over a year.
 */
#ifndef TAVS_TALLY_H
#define TAVS_TALLY_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/keys.h"
#include "tavs/store.h"

enum { TALLY_MOST_COUNT = 1000 }; /* in one go */

/* Counts `amount` contacts (1..TALLY_MOST_COUNT, or -TALLY_MOST_COUNT..-1 to take back) in `month`
 * of the store at `path`, with this machine's key: one transaction. BASE_BAD_COUNT (0),
 * BASE_COUNT_LIMIT; BASE_BAD_MONTH, BASE_FUTURE_MONTH; BASE_MONTH_CLOSED; BASE_CHANNEL_NOT_OFFERED
 * and BASE_PARTY_NOT_OFFERED (not for amounts below zero: what an open month counts can always be
 * taken back);
 * BASE_NOT_ENROLLED, BASE_DEVICE_RETIRED, BASE_FINGERPRINT_DIFFERS. A year that has no rows yet for
 * this device gets them. */
enum base_code tally_count(const char *path, struct codebook_contact contact, base_month month,
                           int32_t amount, struct base_error *error);

/* Plain counts of one store: cells[m][c] is cell c of month first + m. In guarded memory. */
struct tally_counts {
    struct base_period period;
    codebook_set channels, parties; /* what the place offers */
    base_month closed_through;      /* 0: no month is closed */
    int64_t (*cells)[CODEBOOK_CELLS];
};

/* ---- closed months ----------------------------------------------------------------------------
 * A closed month's counts are complete: they are not changed any more. (Washing leaves them as they
 * are.) Every month up to a closed one is closed. */

/* BASE_MONTH_CLOSED. */
enum base_code tally_check_open(const struct record_header *header, base_month month,
                                struct base_error *error);

/* BASE_MONTH_NOT_OVER: it has not ended, so nobody can know that all is counted. */
enum base_code tally_check_over(base_month month, struct base_error *error);

/* Closes `month` and all before it, or opens it and all after it, in a store that was opened for
 * writing: one transaction. *changed is false, and nothing is written, if that is so already. */
enum base_code tally_close_month(struct store *store, const struct keys_reader *reader,
                                 base_month month, bool *changed, struct base_error *error);
enum base_code tally_reopen_month(struct store *store, const struct keys_reader *reader,
                                  base_month month, bool *changed, struct base_error *error);

/* ---- many at once ---- */

enum { TALLY_MOST_PLANNED = 100000 }; /* in one cell of one month */

/* What is to be counted: amounts[m][c] in cell c of month period.first + m, or taken back where it is
 * below zero. */
struct tally_plan {
    struct base_period period;
    int32_t (*amounts)[CODEBOOK_CELLS];
};

/* Whether all of it may be counted now: BASE_COUNT_LIMIT, BASE_FUTURE_MONTH and the other refusals of
 * tally_count. */
enum base_code tally_check_plan(const char *path, const struct tally_plan *plan,
                                struct base_error *error);

/* Counts all of it in one transaction, or nothing. In every year in which anything is counted all twelve
 * rows of this machine are written, each cell once, so that the file does not tell which months it was.
 * `progress` counts rows and may be NULL. */
enum base_code tally_count_plan(const char *path, const struct tally_plan *plan,
                                base_progress *progress, void *context, struct base_error *error);
/* ---- the ledger of releases --------------------------------------------------------------------
 * What left the house protected, so that a later release can't undo what an earlier one hid. It tells
 * which figures are small, so it is in guarded memory. */

struct tally_entry {
    uint16_t number; /* of its first record */
    struct record_release *release;
};

struct tally_ledger {
    uint16_t records; /* of all releases together */
    size_t count;     /* in the order in which they were issued */
    struct tally_entry *entries;
};

/* Reads all releases. BASE_RELEASE_FORGED, BASE_STORE_DAMAGED, BASE_NO_MEMORY. */
enum base_code tally_ledger_read(struct store *store, const struct keys_reader *reader,
                                 struct tally_ledger **out, struct base_error *error);

/* Reads them only to say which is the first record that can't be read (*damaged; 0 if there is none)
 * and how many releases come before it. */
enum base_code tally_ledger_check(struct store *store, const struct keys_reader *reader,
                                  uint16_t *damaged, uint64_t *releases, struct base_error *error);
void tally_ledger_free(struct tally_ledger *ledger); /* NULL is fine */

/* Adds a release, whose first place is this store, in a store that was opened for writing, with the digest
 * of what its figures tell of `life`: the counts that it was made from, of all months that have any. All
 * its records stand in the caller's transaction. Makes the store one of the present format. It is the caller
 * who makes sure that the ledger is still the one that the release was protected together with.
 * BASE_LEDGER_FULL; BASE_STORE_DAMAGED if it is one that could not be read again. */
enum base_code tally_ledger_add(struct store *store, const struct keys_reader *reader,
                                const struct record_release *release,
                                const struct tally_counts *life, struct base_error *error);

/* Whether the counts, `life` being all there are now, have changed since the release in what it told of
 * this store: the sum of a figure that was shown, or whether a hidden one is under the threshold. */
enum base_code tally_release_changed(const struct keys_reader *reader,
                                     const struct record_release *release,
                                     const struct tally_counts *life, bool *changed,
                                     struct base_error *error);

/* The release as the ledger of place `place` has it: that place first, then the others by store id.
 * Freed with secret_free. */
enum base_code tally_release_of_place(const struct record_release *release, size_t place,
                                      struct record_release **out, struct base_error *error);

/* Whether both were asked for in the same way: kind, threshold, tables, places and periods. Both are as
 * the ledger of one place has them. */
bool tally_release_is_same(const struct record_release *one, const struct record_release *other);

/* ---- washing ---- */

/* Rows that were re-randomised, all of one device, and those of other devices, which were left alone. */
struct tally_washed {
    uint16_t device;
    uint64_t rows, other_rows;
};

/* Re-randomises every cell of every row of this machine and signs the rows anew, in one transaction:
 * the counts stay what they are, and nothing of the random part of a ciphertext that was in the file
 * is there afterwards. BASE_NOT_ENROLLED, BASE_DEVICE_RETIRED, BASE_FINGERPRINT_DIFFERS. `progress`
 * counts rows and may be NULL. */
enum base_code tally_wash(const char *path, base_progress *progress, void *context,
                          struct tally_washed *washed, struct base_error *error);

/* ---- this machine ---- */

/* This machine's key for an open store, and the store's record of it: enrolled there, active, and
 * pinned to the store's fingerprint. */
enum base_code tally_load_device(struct store *store, struct keys_device **out,
                                 struct record_device *device, struct base_error *error);

/* BASE_FINGERPRINT_DIFFERS if this machine has pinned another fingerprint for the store; a machine
 * that has pinned none may read. */
enum base_code tally_check_pin(struct store *store, struct base_error *error);

/* ---- reading ---- */

/* Reads a period. Months of years without rows count zero; a row missing anywhere in the store is
 * BASE_STORE_DAMAGED. Rows of one month are added up still encrypted. A cell whose count is out of
 * range is BASE_CELL_DAMAGED and named. */
enum base_code tally_read(struct store *store, const struct keys_reader *reader,
                          struct base_period period, struct tally_counts **out,
                          struct base_error *error);

/* What a plan would count in the store with this header. BASE_NO_MEMORY. */
enum base_code tally_plan_counts(const struct tally_plan *plan, const struct record_header *header,
                                 struct tally_counts **out, struct base_error *error);

void tally_counts_free(struct tally_counts *counts);

/* First and last month that have rows; *any is false if there are none. */
enum base_code tally_extent(struct store *store, struct base_period *period, bool *any,
                            struct base_error *error);

#endif
