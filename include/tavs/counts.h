/* counts: which contacts a figure adds up. The one set of cells that releases, their ledger and disclosure
 * control speak of.
 */
#ifndef TAVS_COUNTS_H
#define TAVS_COUNTS_H

#include "tavs/base.h"
#include "tavs/codebook.h"

enum {
    COUNTS_MOST_PLACES = 128,
    COUNTS_ALL_SESSIONS = 0x1f,
    COUNTS_COURSES = 0x01, /* sessions: a course is counted by its first conversation */
};

/* Places, by number. */
struct place_set {
    uint64_t word[COUNTS_MOST_PLACES / 64];
};

/* The contacts that are in all five sets. Two figures with the same sets are the same figure. */
struct cell_set {
    struct place_set places;
    struct base_period months;
    codebook_set channels, parties, sessions;
};

static inline bool place_set_has(const struct place_set *set, unsigned place)
{
    return (set->word[place / 64] >> (place % 64) & 1U) != 0;
}

static inline void place_set_add(struct place_set *set, unsigned place)
{
    set->word[place / 64] |= (uint64_t)1 << (place % 64);
}

/* Places 0 to count - 1. */
struct place_set place_set_first(unsigned count);
unsigned place_set_count(const struct place_set *set);
bool place_set_equals(const struct place_set *one, const struct place_set *other);

bool cell_set_equals(const struct cell_set *one, const struct cell_set *other);

/* A total order, for sorting: places, first month, last month, channels, parties, sessions. */
int cell_set_compare(const struct cell_set *one, const struct cell_set *other);

/* What both have in common; false, and nothing is written, if that is nothing. */
bool cell_set_intersect(const struct cell_set *one, const struct cell_set *other,
                        struct cell_set *both);

/* Whether cell `cell` (codebook_cell) of a month of a place is in the set. */
bool cell_set_has(const struct cell_set *set, unsigned place, base_month month, unsigned cell);

/* Whether cell `cell` is in the sets of channels, parties and sessions. */
bool cell_set_has_cell(const struct cell_set *set, unsigned cell);

#endif
