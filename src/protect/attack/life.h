/* The rule of sessions, of places whose first month is known. */
#ifndef PROTECT_ATTACK_LIFE_H
#define PROTECT_ATTACK_LIFE_H

#include "inside.h"

/* Of a place and party, between a session (0 to 3) and the next. */
struct life_order {
    unsigned place, party, session;
};

struct life_term {
    uint32_t cell;
    int factor;
};

/* By how much there are more of the session than of the next at the end of a month, given the month before. */
int64_t life_balance(const struct ground *ground, const struct life_order *order, unsigned month,
                     int64_t before);

/* Whether the ground's tally keeps the rule. */
bool life_agrees(const struct ground *ground);

#endif
