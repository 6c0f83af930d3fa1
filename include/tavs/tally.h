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
    codebook_set channels, parties;           /* what the place offers now */
    codebook_set ever_channels, ever_parties; /* and what it has ever offered: these and more */
    base_month closed_through;                /* 0: no month is closed */
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

/* Whether anything is to be counted or taken back in the month. */
bool tally_plan_has(const struct tally_plan *plan, base_month month);

/* Whether all of it may be counted now: BASE_COUNT_LIMIT, BASE_FUTURE_MONTH and the other refusals of
 * tally_count. */
enum base_code tally_check_plan(const char *path, const struct tally_plan *plan,
                                struct base_error *error);

/* Counts all of it in one transaction, or nothing. In every year in which anything is counted all twelve
 * rows of this machine are written, each cell once, so that the file does not tell which months it was.
 * `progress` counts rows and may be NULL. */
enum base_code tally_count_plan(const char *path, const struct tally_plan *plan,
                                base_progress *progress, void *context, struct base_error *error);

/* ---- what this machine has imported ---- */

/* What is to be noted of a plan that is counted (keys.h): the months from its first to its last with anything in
 * them, but for years in which it has nothing; and a digest of all of it, encrypted for the reader. The machine
 * that notes it can't compare it with anything. BASE_NO_MEMORY. */
enum base_code tally_import_note(const struct tally_plan *plan, const struct record_header *header,
                                 struct keys_import *note, struct base_error *error);

/* Whether the note may be of this plan, by its months; with the reader's key, whether it is. */
bool tally_import_fits(const struct keys_import *note, const struct tally_plan *plan);
bool tally_import_is(const struct keys_import *note, const struct tally_plan *plan,
                     const struct record_header *header, const struct keys_reader *reader);

/* Whether the month lies among those of the note. */
bool tally_import_has(const struct keys_import *note, base_month month);

/* Takes back all that a plan has counted, in a store that was opened for writing: one transaction.
 * BASE_IMPORT_BELOW_ZERO, with the month and the cell, where less is left than it has counted; BASE_MONTH_CLOSED
 * and the other refusals of tally_count_plan and of tally_read. */
enum base_code tally_undo_plan(struct store *store, const struct keys_reader *reader,
                               const struct tally_plan *plan, base_progress *progress,
                               void *context, struct base_error *error);

/* Whether its months are open: BASE_MONTH_CLOSED. */
enum base_code tally_check_undo(const char *path, const struct tally_plan *plan,
                                struct base_error *error);

/* ---- the threshold ---- */

/* Sets the least figure that is published, in a store that was opened for writing: one transaction.
 * BASE_BAD_OPTION_VALUE if it is not RECORD_LEAST_THRESHOLD .. RECORD_MOST_THRESHOLD. It may always be raised;
 * lowered only as long as nothing was released (BASE_THRESHOLD_LOWERED). *changed is false, and nothing is
 * written, if it is so already. */
enum base_code tally_set_threshold(struct store *store, const struct keys_reader *reader,
                                   unsigned threshold, bool *changed, struct base_error *error);

/* ---- the ledger of releases --------------------------------------------------------------------
 * What left the house protected: the figures that were shown, with their values, which are public, and those
 * that were hidden, without. It tells which figures are small, so it is in guarded memory. */

struct tally_entry {
    uint16_t number; /* of its first record */
    struct record_release *release;
};

struct tally_ledger {
    uint16_t records; /* of all releases together */
    size_t count;     /* in the order in which they were issued: entries[i] is release i + 1 */
    struct tally_entry *entries;
};

/* Reads all releases. BASE_RELEASE_FORGED; BASE_STORE_DAMAGED, also if the records are not a whole chain,
 * the releases are not numbered 1, 2, 3 and so on, or one corrects what is not there or has another edition
 * than the next; BASE_NO_MEMORY. */
enum base_code tally_ledger_read(struct store *store, const struct keys_reader *reader,
                                 struct tally_ledger **out, struct base_error *error);

/* Reads them only to say which is the first record that can't be read (*damaged; 0 if there is none)
 * and how many releases come before it. */
enum base_code tally_ledger_check(struct store *store, const struct keys_reader *reader,
                                  uint16_t *damaged, uint64_t *releases, struct base_error *error);
void tally_ledger_free(struct tally_ledger *ledger); /* NULL is fine */

/* Adds releases, whose first place is this store, in a store that was opened for writing. All their records
 * stand in the caller's transaction, which is the caller's to commit. They get the next numbers (whatever
 * stands in `number`): releases[i] is number count + i + 1 of a ledger that had `count` before. It is the
 * caller who makes sure that the ledger is still the one that they were protected together with.
 * BASE_LEDGER_FULL; BASE_STORE_DAMAGED if one is such that it could not be read again, or if the ledger
 * can't be read. After a failure nothing of it may be committed. */
enum base_code tally_ledger_add(struct store *store, const struct keys_reader *reader,
                                const struct record_release *const *releases, size_t count,
                                struct base_error *error);

/* The release as the ledger of place `place` has it: that place first, then the others by store id. Its
 * `number` and `corrects`, which are another store's, are 0. Freed with secret_free. */
enum base_code tally_release_of_place(const struct record_release *release, size_t place,
                                      struct record_release **out, struct base_error *error);

/* ---- the pin of the ledger: which one this machine has published from ----
 * So that nothing is published from a copy of the store that lacks some of what was published. A machine
 * without a home folder pins nothing. */

/* Notes, beside this machine's key, how long the ledger is and its head. To be done when a release has been
 * recorded: after store_commit. */
enum base_code tally_pin_ledger(struct store *store, struct base_error *error);

/* BASE_LEDGER_BEHIND if the store's ledger does not begin with all that was noted; a store that nothing was
 * noted of is fine. BASE_PIN_FILE_DAMAGED. */
enum base_code tally_check_ledger_pin(struct store *store, struct base_error *error);

/* ---- figures hidden by lot ----
 * Whether a figure is hidden whatever it is: for one of 16, by a keyed function of its cells which is the same
 * for ever. ids[i] is the store of place i; only those in `set` count, and the key is that of the one whose
 * id is the least among them. */

/* Which place that is. */
size_t tally_lot_place(uint8_t (*ids)[KEYS_STORE_ID_BYTES], size_t count,
                       const struct cell_set *set);

/* `reader` is that place's. At most RECORD_MOST_PLACES ids. */
bool tally_lot(const struct keys_reader *reader, uint8_t (*ids)[KEYS_STORE_ID_BYTES], size_t count,
               const struct cell_set *set);

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
