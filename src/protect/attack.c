/* From published figures alone: there is no truth, only what they say. */
#include "audit.h"
#include "model.h"
#include "parts.h"

/* The figures that are linked, and their system. */
struct attacked {
    struct protect_attack *attack;
    const struct protect_solver *solver;
    double deadline;
    struct arena *arena;
    size_t *index; /* of each figure in the attack */
    struct protect_sum *sums;
    uint32_t *number;
    size_t count;
    struct base_period months;
    struct system system;
};

/* Places without counts. Where it is not known when one began, it began before these months. */
static enum base_code make_places(const struct attacked *part, struct protect_place *places,
                                  struct base_error *error)
{
    struct tally_counts *counts;
    const struct protect_attack *attack = part->attack;
    if (old_arena_take(part->arena, attack->place_count, sizeof *counts, &counts, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < attack->place_count; i++) {
        const struct protect_offered *offered = &attack->offered[i];
        const base_month first =
            offered->first != 0 ? offered->first : (base_month)(part->months.first - 1);
        counts[i].channels = offered->channels;
        counts[i].parties = offered->parties;
        counts[i].period.first = first;
        counts[i].period.last = part->months.last > first ? part->months.last : first;
        if (old_arena_take(part->arena, base_period_months(counts[i].period), sizeof *counts[i].cells,
                       &counts[i].cells, error) != BASE_OK)
            return error->code;
        places[i].counts = &counts[i];
    }
    return BASE_OK;
}

static enum base_code build(struct attacked *part, struct base_error *error)
{
    struct protect_place *places;
    const size_t place_count = part->attack->place_count;
    if (old_arena_take(part->arena, place_count, sizeof *places, &places, error) != BASE_OK ||
        make_places(part, places, error) != BASE_OK)
        return error->code;
    const struct model_ground ground = {places, place_count, part->months.first, part->months.last};
    system_start(&part->system, part->arena);
    return model_build(&ground, part->sums, part->count, &part->system, part->number, error);
}

/* False if two figures, or one and its definition, contradict each other. */
static bool publish(struct attacked *part)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct protect_published *one = &part->attack->published[part->index[i]];
        if (!one->shown)
            continue;
        if (part->number[i] == SYSTEM_NOTHING && one->value != 0)
            return false;
        if (part->number[i] == SYSTEM_NOTHING)
            continue;
        struct system_sum *sum = &part->system.sum[part->number[i]];
        if (sum->status == SUM_SHOWN && sum->value != one->value)
            return false;
        sum->status = SUM_SHOWN;
        sum->value = one->value;
    }
    return true;
}

static void judge(struct protect_published *one, int64_t threshold)
{
    const bool all_open = one->least <= 0 && one->most >= threshold - 1;
    one->narrowed = !all_open && one->most < threshold;
    one->doubtful = !all_open && one->least < threshold && one->most >= threshold;
}

static void conclude(const struct attacked *part, const struct audit_interval *interval)
{
    struct protect_attack *attack = part->attack;
    for (size_t i = 0; i < part->count; i++) {
        struct protect_published *one = &attack->published[part->index[i]];
        if (part->number[i] == SYSTEM_NOTHING)
            continue;
        const struct system_sum *sum = &part->system.sum[part->number[i]];
        const bool known = sum->status == SUM_SHOWN;
        one->least = known ? sum->value : interval[part->number[i]].least;
        one->most = known ? sum->value : interval[part->number[i]].most;
        if (!one->shown)
            judge(one, (int64_t)attack->threshold);
        attack->narrowed += one->narrowed ? 1 : 0;
        attack->doubtful += one->doubtful ? 1 : 0;
    }
}

static enum base_code attack_part(struct attacked *part, bool *possible, struct base_error *error)
{
    uint32_t *asked;
    struct audit_interval *found, *interval;
    if (build(part, error) != BASE_OK ||
        old_arena_take(part->arena, part->system.sums, sizeof *asked, &asked, error) != BASE_OK ||
        old_arena_take(part->arena, part->system.sums, sizeof *found, &found, error) != BASE_OK ||
        old_arena_take(part->arena, part->system.sums, sizeof *interval, &interval, error) != BASE_OK)
        return error->code;
    const struct audit_interval open = {0, (int64_t)part->attack->threshold - 1};
    size_t hidden = 0;
    *possible = publish(part);
    for (uint32_t i = 0; i < part->system.sums; i++)
        if (part->system.sum[i].status != SUM_SHOWN)
            asked[hidden++] = i;
    if (*possible &&
        audit_intervals(&part->system, true, part->attack->to_the_ends ? NULL : &open, asked,
                        hidden, part->solver, part->deadline, found, possible, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < hidden && *possible; i++)
        interval[asked[i]] = found[i];
    if (*possible)
        conclude(part, interval);
    return BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum base_code gather(struct attacked *part, const struct parts *parts, size_t number,
                             struct base_error *error)
{
    const struct protect_attack *attack = part->attack;
    const size_t all = attack->published_count;
    part->months = (struct base_period){BASE_LAST_MONTH, BASE_FIRST_MONTH};
    if (old_arena_take(part->arena, all, sizeof *part->index, &part->index, error) != BASE_OK ||
        old_arena_take(part->arena, all, sizeof *part->sums, &part->sums, error) != BASE_OK ||
        old_arena_take(part->arena, all, sizeof *part->number, &part->number, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < all; i++) {
        if (parts->of[i] != number)
            continue;
        const struct base_period months = attack->published[i].sum.months;
        part->index[part->count] = i;
        part->sums[part->count++] = attack->published[i].sum;
        if (months.first < part->months.first)
            part->months.first = months.first;
        if (months.last > part->months.last)
            part->months.last = months.last;
    }
    return BASE_OK;
}

typedef enum base_code attack_step(struct attacked *part, bool *possible, struct base_error *error);

/* In an arena of its own. */
static enum base_code with_part(struct protect_attack *attack, const struct protect_solver *solver,
                                double deadline, const struct parts *parts, size_t number,
                                attack_step *step, bool *possible, struct base_error *error)
{
    struct attacked part = {.attack = attack, .solver = solver, .deadline = deadline};
    if (old_arena_new(&part.arena, error) != BASE_OK)
        return error->code;
    enum base_code code = gather(&part, parts, number, error);
    if (code == BASE_OK && part.count > 0)
        code = step(&part, possible, error);
    old_arena_free(part.arena);
    return code;
}

/* Without any conversation before it: a truth that is not known is nothing. */
static enum base_code is_possible_alone(struct attacked *part, bool *possible,
                                        struct base_error *error)
{
    *possible = false;
    if (build(part, error) != BASE_OK)
        return error->code;
    system_know_carried(&part->system, true);
    return publish(part)
               ? audit_possible(&part->system, part->solver, part->deadline, possible, error)
               : BASE_OK;
}

/* Joins to each part those that it follows and tells of. */
static enum base_code join_followed(struct protect_attack *attack,
                                    const struct protect_solver *solver, double deadline,
                                    struct parts *parts, struct base_error *error)
{
    for (size_t later = 0; later < parts->parts; later++) {
        while (parts_follow_any(parts, later)) {
            bool alone = true;
            if (with_part(attack, solver, deadline, parts, later, is_possible_alone, &alone,
                          error) != BASE_OK)
                return error->code;
            if (alone)
                break;
            parts_join_before(parts, later);
        }
    }
    return BASE_OK;
}

static enum base_code attack_all(struct protect_attack *attack, const struct protect_solver *solver,
                                 double deadline, struct arena *arena, struct base_error *error)
{
    struct protect_sum *sums;
    struct parts parts;
    const size_t count = attack->published_count;
    if (old_arena_take(arena, count, sizeof *sums, &sums, error) != BASE_OK)
        return error->code;
    attack->narrowed = attack->doubtful = 0;
    attack->contradictory = false;
    for (size_t i = 0; i < count; i++) {
        struct protect_published *one = &attack->published[i];
        sums[i] = one->sum;
        one->least = one->most = 0;
        one->narrowed = one->doubtful = false;
    }
    if (parts_find(sums, count, arena, &parts, error) != BASE_OK ||
        join_followed(attack, solver, deadline, &parts, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < parts.parts && !attack->contradictory; i++) {
        bool possible = true;
        if (with_part(attack, solver, deadline, &parts, i, attack_part, &possible, error) !=
            BASE_OK)
            return error->code;
        attack->contradictory = !possible;
    }
    return BASE_OK;
}

enum base_code protect_attack(struct protect_attack *attack, struct base_error *error)
{
    const double seconds = attack->seconds > 0 ? attack->seconds : PROTECT_SECONDS;
    const double deadline = old_solver_clock() + seconds;
    const struct protect_solver *solver;
    struct arena *arena = NULL;
    if (old_solver_find(attack->solver, &solver, error) != BASE_OK ||
        old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    const enum base_code code = attack_all(attack, solver, deadline, arena, error);
    old_arena_free(arena);
    return code;
}
