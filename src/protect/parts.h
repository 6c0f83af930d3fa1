/* Sums that have nothing to do with each other can be looked at apart: no place and month is in both, nor in
 * any that lead from one to the other. But that conversations go on from month to month leads from a part to
 * the one before it at its place, unless its figures are possible without it: then the two are joined. */
#ifndef PROTECT_PARTS_H
#define PROTECT_PARTS_H

#include "arena.h"
#include "tavs/protect.h"

struct parts {
    const struct protect_sum *sums;
    size_t count; /* of sums */
    size_t *of; /* the part of each, from 0 to parts - 1; SIZE_MAX for one that is about no place */
    size_t parts; /* some have no sums: they were joined to others */
};

/* `sums` are borrowed, the rest is in `arena`. A part's months are its own, from its first to its last, at each
 * of its places. */
enum base_code parts_find(const struct protect_sum *sums, size_t count, struct arena *arena,
                          struct parts *parts, struct base_error *error);

/* Does part `later` begin, at a place, in the month after the last one of part `earlier`? */
bool parts_follow(const struct parts *parts, size_t earlier, size_t later);

/* Does it follow any? */
bool parts_follow_any(const struct parts *parts, size_t number);

/* Those that it follows become part of it: not those before them. */
void parts_join_before(struct parts *parts, size_t number);

/* The sums of part `other` become part `one`'s. */
void parts_join(struct parts *parts, size_t one, size_t other);

#endif
