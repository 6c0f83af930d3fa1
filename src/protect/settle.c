#include "settle.h"

#include "parts.h"
#include "settle_inside.h"

/* The settlement is about it: it is no sum that is only given. */
static bool is_asked(const struct settle_sum *one)
{
    return one->role == SETTLE_WANTED || one->role == SETTLE_WANTED_HIDDEN ||
           one->role == SETTLE_AGAIN;
}

/* Copies the sums of part `number`, and finds its months. */
static void gather(struct settle_part *part, const struct parts *parts, size_t number)
{
    const struct settlement *whole = part->whole;
    part->ground = whole->ground;
    part->ground.first = BASE_LAST_MONTH;
    part->ground.last = BASE_FIRST_MONTH;
    for (size_t i = 0; i < whole->count; i++) {
        if (parts->of[i] != number)
            continue;
        const struct base_period months = whole->sums[i].sum.months;
        part->index[part->count] = i;
        part->sums[part->count++] = whole->sums[i];
        part->ground.first = months.first < part->ground.first ? months.first : part->ground.first;
        part->ground.last = months.last > part->ground.last ? months.last : part->ground.last;
    }
    if (part->ground.first < whole->ground.first)
        part->ground.first = whole->ground.first;
    if (part->ground.last > whole->ground.last)
        part->ground.last = whole->ground.last;
}

static void close_part(struct settle_part *part)
{
    chooser_close(part->chooser);
    old_arena_free(part->arena);
}

/* Close it, whatever comes of it. */
static enum base_code open_part(struct settlement *settlement, const struct parts *parts,
                                size_t number, struct settle_part *part, struct base_error *error)
{
    *part = (struct settle_part){.whole = settlement};
    if (old_arena_new(&part->arena, error) != BASE_OK)
        return error->code;
    part->tallies.arena = part->arena;
    if (old_arena_take(part->arena, settlement->count, sizeof *part->sums, &part->sums, error) !=
            BASE_OK ||
        old_arena_take(part->arena, settlement->count, sizeof *part->index, &part->index, error) !=
            BASE_OK)
        return error->code;
    gather(part, parts, number);
    part->follows = parts_follow_any(parts, number);
    return BASE_OK;
}

static enum base_code settle_number(struct settlement *settlement, const struct parts *parts,
                                    size_t number, struct base_error *error)
{
    struct settle_part part;
    enum base_code code = open_part(settlement, parts, number, &part, error);
    if (code == BASE_OK)
        code = settle_part(&part, error);
    for (size_t i = 0; i < part.count && code == BASE_OK; i++)
        settlement->sums[part.index[i]] = part.sums[i];
    close_part(&part);
    return code;
}

/* ---- parts that follow each other ----------------------------------------------------------- */

static bool part_is_asked(const struct settlement *settlement, const struct parts *parts,
                          size_t number)
{
    for (size_t i = 0; i < settlement->count; i++)
        if (parts->of[i] == number && is_asked(&settlement->sums[i]))
            return true;
    return false;
}

static enum base_code find_alone(struct settlement *settlement, const struct parts *parts,
                                 size_t number, bool *alone, struct base_error *error)
{
    struct settle_part part;
    *alone = true;
    if (!parts_follow_any(parts, number))
        return BASE_OK;
    enum base_code code = open_part(settlement, parts, number, &part, error);
    if (code == BASE_OK)
        code = stands_alone(&part, alone, error);
    close_part(&part);
    return code;
}

/* What is only given, follows the part and does not stand alone becomes part of it. */
static enum base_code join_after(struct settlement *settlement, struct parts *parts, size_t number,
                                 struct base_error *error)
{
    for (size_t i = 0; i < parts->parts; i++) {
        bool alone;
        if (!parts_follow(parts, number, i) || part_is_asked(settlement, parts, i))
            continue;
        if (find_alone(settlement, parts, i, &alone, error) != BASE_OK)
            return error->code;
        if (alone)
            continue;
        parts_join(parts, number, i);
        i = SIZE_MAX; /* from the beginning: others may follow it now */
    }
    return BASE_OK;
}

/* One part, with those before it if it can't be settled apart from them or does not stand alone. */
static enum base_code settle_with_others(struct settlement *settlement, struct parts *parts,
                                         size_t number, struct base_error *error)
{
    const size_t exposed = settlement->exposed_before, witnesses = settlement->witnesses;
    for (;;) {
        bool alone = true;
        if (!settlement->estimate && join_after(settlement, parts, number, error) != BASE_OK)
            return error->code;
        settlement->exposed_before = exposed;
        settlement->witnesses = witnesses;
        enum base_code code = settle_number(settlement, parts, number, error);
        if (settlement->estimate)
            return code;
        if (code == BASE_OK)
            code = find_alone(settlement, parts, number, &alone, error);
        else if ((code == BASE_NOT_PROTECTED || code == BASE_NOT_PROVEN) &&
                 old_solver_clock() < settlement->deadline && parts_follow_any(parts, number))
            alone = false;
        if (alone)
            return code;
        parts_join_before(parts, number);
    }
}

enum base_code settle(struct settlement *settlement, struct base_error *error)
{
    struct protect_sum *sums;
    struct parts parts;
    if (old_arena_take(settlement->arena, settlement->count, sizeof *sums, &sums, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < settlement->count; i++) {
        struct settle_sum *one = &settlement->sums[i];
        sums[i] = one->sum;
        one->number = SYSTEM_NOTHING;
        one->instead = SIZE_MAX;
        one->shown = is_asked(one);
    }
    if (parts_find(sums, settlement->count, settlement->arena, &parts, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < parts.parts; i++)
        if (part_is_asked(settlement, &parts, i) &&
            settle_with_others(settlement, &parts, i, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}
