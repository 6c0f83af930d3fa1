/* For tests of the ledger: a store, and releases from it. */
#ifndef TESTS_LEDGER_H
#define TESTS_LEDGER_H

#include "support.h"
#include "tavs/tally.h"

enum {
    LEDGER_JANUARY = 2017 * 12,
    LEDGER_MONTH = LEDGER_JANUARY + 4,
    LEDGER_PIECE_FULL = 244, /* figures; one more needs a second piece */
};

extern struct place ledger_place;

/* cmocka's setup and teardown: a folder in memory with a store that has the rows of 2017. */
int ledger_enter(void **state);
int ledger_leave(void **state);

/* A release of the store with so many figures, every second one hidden. Freed with secret_free. */
struct record_release *ledger_new_release(size_t figures, uint8_t threshold);

/* What the store counts in 2017. Freed with tally_counts_free. */
struct tally_counts *ledger_counts(void);

/* Adds releases in a transaction; `commit` or not. */
enum base_code ledger_add_all(const struct record_release *const *releases, size_t count,
                              bool commit);

/* The same release so many times. */
enum base_code ledger_add(const struct record_release *release, size_t times, bool commit);

/* The header says of the ledger what it should not. */
void ledger_set_header(uint16_t releases, const uint8_t head[KEYS_DIGEST_BYTES]);

/* Adds one with so many figures. */
void ledger_add_figures(size_t figures);

/* Freed with tally_ledger_free. */
struct tally_ledger *ledger_read(void);

/* Fails the test unless the audit passes and accounts for so many release records. */
void ledger_assert_audit(unsigned records);

#endif
