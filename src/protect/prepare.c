/* From wanted and given sums to a system with statuses and needs. */
#include <string.h>

#include "settle_inside.h"

static bool is_wanted(const struct settle_sum *one)
{
    return one->role == SETTLE_WANTED || one->role == SETTLE_WANTED_HIDDEN;
}

static enum base_code build(struct settle_part *part, struct base_error *error)
{
    struct protect_sum *sums;
    uint32_t *number;
    struct arena *arena = part->arena;
    if (old_arena_take(arena, part->count, sizeof *sums, &sums, error) != BASE_OK ||
        old_arena_take(arena, part->count, sizeof *number, &number, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < part->count; i++)
        sums[i] = part->sums[i].sum;
    system_start(&part->system, arena);
    if (model_build(&part->ground, sums, part->count, &part->system, number, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < part->count; i++) {
        struct settle_sum *one = &part->sums[i];
        one->number = number[i];
        one->value = number[i] == SYSTEM_NOTHING ? 0 : part->system.sum[number[i]].value;
        one->small = number[i] != SYSTEM_NOTHING && one->value < (int64_t)part->whole->threshold;
        one->shown = number[i] == SYSTEM_NOTHING;
    }
    return BASE_OK;
}

/* ---- statuses ------------------------------------------------------------------------------- */

static void give(struct settle_part *part, enum settle_role role, enum sum_status status)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct settle_sum *one = &part->sums[i];
        if (one->number == SYSTEM_NOTHING || one->role != role)
            continue;
        struct system_sum *sum = &part->system.sum[one->number];
        if (sum->status == SUM_UNPUBLISHED)
            sum->status = status;
    }
}

/* What was hidden is given too, unless it is wanted: then it is decided anew. */
static void want(struct settle_part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct settle_sum *one = &part->sums[i];
        if (one->number == SYSTEM_NOTHING || !is_wanted(one))
            continue;
        struct system_sum *sum = &part->system.sum[one->number];
        if (sum->status == SUM_SHOWN && !sum->candidate)
            continue;
        sum->candidate = true;
        sum->cost = (one->value < 0 ? 0 : one->value) + 1;
        sum->primary = sum->primary || one->small || one->role == SETTLE_WANTED_HIDDEN;
        sum->status = sum->primary ? SUM_HIDDEN : SUM_SHOWN;
    }
}

static void hide_stale(struct settle_part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        const struct settle_sum *one = &part->sums[i];
        if (one->number == SYSTEM_NOTHING || one->role != SETTLE_STALE_HIDDEN)
            continue;
        struct system_sum *sum = &part->system.sum[one->number];
        if (sum->candidate) {
            sum->primary = true;
            sum->status = SUM_HIDDEN;
        }
    }
}

/* What was shown with another value is a sum of its own beside one that is decided now. */
static enum base_code give_stale(struct settle_part *part, struct base_error *error)
{
    struct system *system = &part->system;
    for (size_t i = 0; i < part->count; i++) {
        const struct settle_sum *one = &part->sums[i];
        uint32_t number = one->number;
        if (number == SYSTEM_NOTHING || one->role != SETTLE_STALE_SHOWN ||
            (system->sum[number].status == SUM_SHOWN && !system->sum[number].candidate))
            continue;
        if (system->sum[number].status != SUM_UNPUBLISHED &&
            system_repeat_sum(system, number, &number, error) != BASE_OK)
            return error->code;
        system->sum[number].status = SUM_SHOWN;
        system->sum[number].stale = true;
    }
    return BASE_OK;
}

/* ---- needs ---------------------------------------------------------------------------------- */

/* The interval that leaves open by how much less than the threshold a sum has changed. */
static struct system_need need_of_changed(const struct settle_part *part, uint32_t sum,
                                          bool current)
{
    const int64_t value = part->system.sum[sum].value;
    const int64_t most_change = (int64_t)part->whole->threshold - 1;
    return (struct system_need){
        .sum = sum,
        .least = value > most_change ? value - most_change
                 : value < 0         ? value
                                     : 0,
        .most = value + most_change,
        .current = current,
    };
}

static enum base_code need_small(struct settle_part *part, struct base_error *error)
{
    struct system *system = &part->system;
    for (uint32_t i = 0; i < system->sums; i++) {
        if (system->sum[i].status != SUM_HIDDEN ||
            system->sum[i].value >= (int64_t)part->whole->threshold)
            continue;
        const struct system_need need = {i, 0, (int64_t)part->whole->threshold - 1, false};
        if (system_add_need(system, &need, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static enum base_code need_stale_hidden(struct settle_part *part, struct base_error *error)
{
    struct system *system = &part->system;
    for (size_t i = 0; i < part->count; i++) {
        const struct settle_sum *one = &part->sums[i];
        if (one->role != SETTLE_STALE_HIDDEN || one->number == SYSTEM_NOTHING || one->small ||
            system->sum[one->number].status != SUM_HIDDEN)
            continue;
        const struct system_need need = need_of_changed(part, one->number, false);
        if (system_add_need(system, &need, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* On corrected ground: of every sum that is wanted or was shown stale, the part that stale sums cover. */
static enum base_code need_stale_ground(struct settle_part *part, struct base_error *error)
{
    struct system *system = &part->system;
    bool *covered, any = false;
    uint32_t *members;
    if (old_arena_take(system->arena, system->variables, sizeof *covered, &covered, error) != BASE_OK ||
        old_arena_take(system->arena, system->variables, sizeof *members, &members, error) != BASE_OK)
        return error->code;
    const size_t sums = system->sums;
    for (size_t i = 0; i < sums; i++) {
        any = any || system->sum[i].stale;
        for (uint32_t j = 0; system->sum[i].stale && j < system->sum[i].count; j++)
            covered[system->member[system->sum[i].first + j]] = true;
    }
    for (size_t i = 0; i < sums && any; i++) {
        if (!system->sum[i].stale && !system->sum[i].candidate)
            continue;
        size_t count = 0;
        for (uint32_t j = 0; j < system->sum[i].count; j++) {
            const uint32_t variable = system->member[system->sum[i].first + j];
            if (covered[variable])
                members[count++] = variable;
        }
        uint32_t number;
        if (system_add_sum(system, members, count, &number, error) != BASE_OK)
            return error->code;
        if (number == SYSTEM_NOTHING)
            continue;
        const struct system_need need = need_of_changed(part, number, true);
        if (system_add_need(system, &need, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

enum base_code settle_publish(struct settle_part *part, struct base_error *error)
{
    if (build(part, error) != BASE_OK)
        return error->code;
    give(part, SETTLE_SHOWN, SUM_SHOWN);
    give(part, SETTLE_HIDDEN, SUM_HIDDEN);
    give(part, SETTLE_STALE_HIDDEN, SUM_HIDDEN);
    want(part);
    hide_stale(part);
    return give_stale(part, error);
}

enum base_code settle_prepare(struct settle_part *part, struct base_error *error)
{
    if (settle_publish(part, error) != BASE_OK || need_small(part, error) != BASE_OK ||
        need_stale_hidden(part, error) != BASE_OK)
        return error->code;
    return need_stale_ground(part, error);
}
