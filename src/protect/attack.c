/* From published figures alone: there is no truth, only what they say. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "model.h"

/* Places without counts, over all months that the figures are about. */
static enum base_code make_places(const struct protect_attack *attack, struct arena *arena,
                                  struct protect_place **out, base_month *last,
                                  struct base_error *error)
{
    struct protect_place *places;
    struct tally_counts *counts;
    struct base_period period = {BASE_LAST_MONTH, BASE_FIRST_MONTH};
    for (size_t i = 0; i < attack->published_count; i++) {
        const struct base_period months = attack->published[i].sum.months;
        period.first = months.first < period.first ? months.first : period.first;
        period.last = months.last > period.last ? months.last : period.last;
    }
    if (period.last < period.first)
        period.first = period.last;
    if (arena_take(arena, attack->place_count, sizeof *places, &places, error) != BASE_OK ||
        arena_take(arena, attack->place_count, sizeof *counts, &counts, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < attack->place_count; i++) {
        counts[i].period = period;
        counts[i].channels = attack->offered[i].channels;
        counts[i].parties = attack->offered[i].parties;
        if (arena_take(arena, base_period_months(period), sizeof *counts[i].cells, &counts[i].cells,
                       error) != BASE_OK)
            return error->code;
        places[i].counts = &counts[i];
    }
    *out = places;
    *last = period.last;
    return BASE_OK;
}

static enum base_code build(const struct protect_attack *attack, struct arena *arena,
                            struct system *system, uint32_t *number, struct base_error *error)
{
    struct protect_sum *sums;
    struct protect_place *places = NULL;
    base_month last = BASE_FIRST_MONTH;
    if (make_places(attack, arena, &places, &last, error) != BASE_OK ||
        arena_take(arena, attack->published_count, sizeof *sums, &sums, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < attack->published_count; i++)
        sums[i] = attack->published[i].sum;
    const struct model_ground ground = {places, attack->place_count, last};
    system_start(system, arena);
    return model_build(&ground, sums, attack->published_count, system, number, error);
}

/* False if two figures, or one and its definition, contradict each other. */
static bool publish(const struct protect_attack *attack, struct system *system,
                    const uint32_t *number)
{
    for (size_t i = 0; i < attack->published_count; i++) {
        const struct protect_published *one = &attack->published[i];
        if (!one->shown)
            continue;
        if (number[i] == SYSTEM_NOTHING && one->value != 0)
            return false;
        if (number[i] == SYSTEM_NOTHING)
            continue;
        struct system_sum *sum = &system->sum[number[i]];
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

static void conclude(struct protect_attack *attack, const struct system *system,
                     const uint32_t *number, const struct audit_interval *interval)
{
    const int64_t threshold = (int64_t)attack->threshold;
    attack->narrowed = attack->doubtful = 0;
    for (size_t i = 0; i < attack->published_count; i++) {
        struct protect_published *one = &attack->published[i];
        one->narrowed = one->doubtful = false;
        if (number[i] == SYSTEM_NOTHING) {
            one->least = one->most = 0;
            continue;
        }
        const bool known = system->sum[number[i]].status == SUM_SHOWN;
        one->least = known ? system->sum[number[i]].value : interval[number[i]].least;
        one->most = known ? system->sum[number[i]].value : interval[number[i]].most;
        if (!one->shown)
            judge(one, threshold);
        attack->narrowed += one->narrowed ? 1 : 0;
        attack->doubtful += one->doubtful ? 1 : 0;
    }
}

static enum base_code run(struct protect_attack *attack, const struct protect_solver *solver,
                          double deadline, struct arena *arena, struct base_error *error)
{
    struct system system;
    uint32_t *number, *asked;
    struct audit_interval *found, *interval;
    const size_t count = attack->published_count;
    if (arena_take(arena, count, sizeof *number, &number, error) != BASE_OK ||
        build(attack, arena, &system, number, error) != BASE_OK ||
        arena_take(arena, system.sums, sizeof *asked, &asked, error) != BASE_OK ||
        arena_take(arena, system.sums, sizeof *found, &found, error) != BASE_OK ||
        arena_take(arena, system.sums, sizeof *interval, &interval, error) != BASE_OK)
        return error->code;
    bool possible = publish(attack, &system, number);
    size_t hidden = 0;
    for (uint32_t i = 0; i < system.sums; i++)
        if (system.sum[i].status != SUM_SHOWN)
            asked[hidden++] = i;
    if (possible && audit_intervals(&system, true, asked, hidden, solver, deadline, found,
                                    &possible, error) != BASE_OK)
        return error->code;
    attack->contradictory = !possible;
    if (!possible)
        return BASE_OK;
    for (size_t i = 0; i < hidden; i++)
        interval[asked[i]] = found[i];
    conclude(attack, &system, number, interval);
    return BASE_OK;
}

enum base_code protect_attack(struct protect_attack *attack, struct base_error *error)
{
    const double seconds = attack->seconds > 0 ? attack->seconds : PROTECT_SECONDS;
    const double deadline = solver_clock() + seconds;
    const struct protect_solver *solver;
    struct arena *arena = NULL;
    if (solver_find(attack->solver, &solver, error) != BASE_OK ||
        arena_new(&arena, error) != BASE_OK)
        return error->code;
    const enum base_code code = run(attack, solver, deadline, arena, error);
    arena_free(arena);
    return code;
}
