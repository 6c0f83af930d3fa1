#include "system.h"

#include <string.h>

void system_start(struct system *system, struct arena *arena)
{
    *system = (struct system){.arena = arena};
}

static enum base_code grow_variables(struct system *system, struct base_error *error)
{
    int64_t **const arrays[] = {&system->truth, &system->lower, &system->upper};
    size_t room = 0;
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        room = system->variable_room;
        if (old_arena_grow(system->arena, arrays[i], system->variables, &room, sizeof **arrays[i],
                       error) != BASE_OK)
            return error->code;
    }
    system->variable_room = room;
    return BASE_OK;
}

static void free_variable(struct system *system, size_t variable)
{
    const int64_t truth = system->truth[variable];
    system->lower[variable] = truth < 0 ? truth : 0;
    system->upper[variable] = truth > SYSTEM_MOST ? truth : SYSTEM_MOST;
}

enum base_code system_add_variable(struct system *system, int64_t truth, uint32_t *number,
                                   struct base_error *error)
{
    if (grow_variables(system, error) != BASE_OK)
        return error->code;
    const size_t new = system->variables++;
    system->truth[new] = truth;
    free_variable(system, new);
    *number = (uint32_t) new;
    return BASE_OK;
}

static bool find_sum(const struct system *system, const uint32_t *members, size_t count,
                     uint32_t *number)
{
    for (size_t i = 0; i < system->sums; i++) {
        const struct system_sum *sum = &system->sum[i];
        if (sum->count == count &&
            memcmp(system->member + sum->first, members, count * sizeof *members) == 0) {
            *number = (uint32_t)i;
            return true;
        }
    }
    return false;
}

enum base_code system_add_sum(struct system *system, const uint32_t *members, size_t count,
                              uint32_t *number, struct base_error *error)
{
    if (count == 0) {
        *number = SYSTEM_NOTHING;
        return BASE_OK;
    }
    if (find_sum(system, members, count, number))
        return BASE_OK;
    if (old_arena_grow(system->arena, &system->sum, system->sums, &system->sum_room,
                   sizeof *system->sum, error) != BASE_OK)
        return error->code;
    struct system_sum sum = {.first = (uint32_t)system->members, .count = (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        if (old_arena_grow(system->arena, &system->member, system->members, &system->member_room,
                       sizeof *system->member, error) != BASE_OK)
            return error->code;
        system->member[system->members++] = members[i];
        sum.value += system->truth[members[i]];
    }
    *number = (uint32_t)system->sums;
    system->sum[system->sums++] = sum;
    return BASE_OK;
}

enum base_code system_add_rule(struct system *system, const uint32_t *terms, const int32_t *factors,
                               size_t count, struct base_error *error)
{
    if (old_arena_grow(system->arena, &system->rule, system->rules, &system->rule_room,
                   sizeof *system->rule, error) != BASE_OK)
        return error->code;
    const struct system_rule rule = {(uint32_t)system->terms, (uint32_t)count};
    for (size_t i = 0; i < count; i++) {
        if (old_arena_grow(system->arena, &system->term, system->terms, &system->term_room,
                       sizeof *system->term, error) != BASE_OK ||
            old_arena_grow(system->arena, &system->factor, system->terms, &system->factor_room,
                       sizeof *system->factor, error) != BASE_OK)
            return error->code;
        system->term[system->terms] = terms[i];
        system->factor[system->terms++] = factors[i];
    }
    system->rule[system->rules++] = rule;
    return BASE_OK;
}

enum base_code system_add_need(struct system *system, const struct system_need *need,
                               struct base_error *error)
{
    for (size_t i = 0; i < system->needs; i++) {
        struct system_need *old = &system->need[i];
        if (old->sum != need->sum || old->current != need->current)
            continue;
        old->least = need->least < old->least ? need->least : old->least;
        old->most = need->most > old->most ? need->most : old->most;
        return BASE_OK;
    }
    if (old_arena_grow(system->arena, &system->need, system->needs, &system->need_room,
                   sizeof *system->need, error) != BASE_OK)
        return error->code;
    system->need[system->needs++] = *need;
    return BASE_OK;
}

enum base_code system_add_waiver(struct system *system, const struct system_waiver *waiver,
                                 struct base_error *error)
{
    if (old_arena_grow(system->arena, &system->waiver, system->waivers, &system->waiver_room,
                   sizeof *system->waiver, error) != BASE_OK)
        return error->code;
    system->waiver[system->waivers++] = *waiver;
    return BASE_OK;
}

void system_know_carried(struct system *system, bool known)
{
    for (size_t i = 0; i < system->carried; i++) {
        const uint32_t variable = system->carry[i];
        if (known)
            system->lower[variable] = system->upper[variable] = system->truth[variable];
        else
            free_variable(system, variable);
    }
}

enum base_code system_repeat_sum(struct system *system, uint32_t sum, uint32_t *number,
                                 struct base_error *error)
{
    if (old_arena_grow(system->arena, &system->sum, system->sums, &system->sum_room,
                   sizeof *system->sum, error) != BASE_OK)
        return error->code;
    system->sum[system->sums] = (struct system_sum){
        .first = system->sum[sum].first,
        .count = system->sum[sum].count,
        .value = system->sum[sum].value,
    };
    *number = (uint32_t)system->sums++;
    return BASE_OK;
}
