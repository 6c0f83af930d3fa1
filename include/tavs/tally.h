/* tally: the program's rules. Count, retract, read, roll over a year.
 */
#ifndef TAVS_TALLY_H
#define TAVS_TALLY_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/keys.h"

enum { TALLY_MOST_COUNT = 1000 }; /* in one go */

/* Counts `amount` contacts (1..TALLY_MOST_COUNT, or -TALLY_MOST_COUNT..-1 to take back) in `month`
 * of the store at `path`, with this machine's key: one transaction. The month may not lie in the
 * future; what the place does not offer is refused. A year that has no rows yet for this device
 * gets them. */
enum base_code tally_count(const char *path, struct codebook_contact contact, base_month month,
                           int32_t amount, struct base_error *error);

/* Plain counts of one store: cells[m][c] is cell c of month first + m. In guarded memory. */
struct tally_counts {
    struct base_period period;
    codebook_set channels, parties; /* what the place offers */
    int64_t (*cells)[CODEBOOK_CELLS];
};

/* Reads a period. Months without rows count zero. Rows of one month are added up still encrypted.
 * A cell out of range is BASE_CELL_DAMAGED and named. */
enum base_code tally_read(struct store *store, const struct keys_reader *reader,
                          struct base_period period, struct tally_counts **out,
                          struct base_error *error);
void tally_counts_free(struct tally_counts *counts);

/* First and last month that have rows; false if there are none. */
enum base_code tally_extent(struct store *store, struct base_period *period, bool *any,
                            struct base_error *error);

#endif
