/* The model: published sums over base cells become a system. A base cell is (place, month, channel, party,
 * session); cells that no sum and no rule tells apart are one variable. */
#ifndef PROTECT_MODEL_H
#define PROTECT_MODEL_H

#include "system.h"

/* The places, what they have counted, and the months that the system is to be about. A place's counts may
 * begin before `first` and end before `last`; no contact can be in a month after `last`. */
struct model_ground {
    const struct protect_place *places;
    size_t place_count;
    base_month first, last;
};

/* Builds a system of `count` sums and of what everybody knows of sessions. number[i] is sum i's number in
 * it, or SYSTEM_NOTHING. All are unpublished; there are no needs. */
enum base_code model_build(const struct model_ground *ground, const struct protect_sum *sums,
                           size_t count, struct system *system, uint32_t *number,
                           struct base_error *error);

/* The value of a sum. */
int64_t model_value(const struct model_ground *ground, const struct protect_sum *sum);

/* What two sums have in common; false if that is nothing. */
bool model_intersect(const struct protect_sum *one, const struct protect_sum *other,
                     struct protect_sum *both);

#endif
