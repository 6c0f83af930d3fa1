/* What the files of this room share. */
#ifndef TAVS_TALLY_INSIDE_H
#define TAVS_TALLY_INSIDE_H

#include "tavs/tally.h"

/* ---- count.c ---- */

/* Whether the month has begun: BASE_FUTURE_MONTH, BASE_BAD_MONTH. */
enum base_code count_check_month(base_month month, struct base_error *error);

/* Whether the store takes it: BASE_MONTH_CLOSED, BASE_CHANNEL_NOT_OFFERED, BASE_PARTY_NOT_OFFERED.
 * `amount` below zero takes back. */
enum base_code count_check(const struct record_header *header, base_month month,
                           struct codebook_contact contact, int32_t amount,
                           struct base_error *error);

/* This machine's row of a month; its year gets rows if it has none. */
enum base_code count_get_row(struct store *store, base_month month,
                             const struct record_device *device, const struct keys_device *key,
                             struct record_row *row, struct base_error *error);

/* ---- device.c ---- */

/* Once something was counted: a machine that does not yet know a store at this path knows this one. What goes wrong there
 * is no fault of the count's. */
void device_note_store(const char *path, const struct store *store);

/* ---- plan.c ---- */

/* The amounts of a month; all zero outside of the plan's period. */
const int32_t *plan_amounts(const struct tally_plan *plan, base_month month);
bool plan_has_year(const struct tally_plan *plan, int year);

/* ---- read.c ---- */

/* The subject names the month and the cell. */
enum base_code read_fail_cell(enum base_code code, base_month month, unsigned cell,
                              struct base_error *error);

/* All zero, for a store with this header. */
enum base_code counts_new(struct base_period period, const struct record_header *header,
                          struct tally_counts **out, struct base_error *error);

#endif
