/* Sums that have nothing to do with each other can be looked at apart: no place and month is in both, nor in
 * any that lead from one to the other. */
#ifndef PROTECT_PARTS_H
#define PROTECT_PARTS_H

#include "arena.h"
#include "tavs/protect.h"

/* part[i] becomes the number of sum i's part, from 0 to *parts - 1; SIZE_MAX for one that is about no place. */
enum base_code parts_find(const struct protect_sum *sums, size_t count, struct arena *arena,
                          size_t *part, size_t *parts, struct base_error *error);

#endif
