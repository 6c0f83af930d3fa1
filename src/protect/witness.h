/* The checker that needs no solver: plain addition. */
#ifndef PROTECT_WITNESS_H
#define PROTECT_WITNESS_H

#include "system.h"

/* True if `tally` (a value for each variable) agrees with all that whoever looks knows: every known sum
 * has its true value, every rule holds, every count is within its bounds. */
bool witness_agrees(const struct system *system, const int64_t *tally, bool current);

/* The value that a sum has in a tally. */
int64_t witness_value(const struct system *system, uint32_t sum, const int64_t *tally);

#endif
