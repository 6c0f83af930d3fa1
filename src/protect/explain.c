/* For the leader: what an attacker is left with, and what to give up for a figure. */
#include <string.h>

#include "fail.h"
#include "settle_inside.h"
#include "witness.h"

/* The audit may have found tallies that go further than the search for ends went. */
static void widen(const struct settle_part *part, const uint32_t *sums, size_t count,
                  struct audit_interval *interval)
{
    for (size_t i = 0; i < part->tallies.count; i++) {
        const int64_t *tally = part->tallies.tally[i];
        if (!witness_agrees(&part->system, tally, false))
            continue;
        for (size_t k = 0; k < count; k++) {
            const int64_t value = witness_value(&part->system, sums[k], tally);
            interval[k].least = value < interval[k].least ? value : interval[k].least;
            interval[k].most = value > interval[k].most ? value : interval[k].most;
        }
    }
}

static bool is_told_now(const struct settle_part *part, uint32_t number)
{
    for (size_t i = 0; i < part->count; i++)
        if (part->sums[i].number == number &&
            (part->sums[i].role == SETTLE_AGAIN || part->system.sum[number].candidate))
            return true;
    return false;
}

static enum base_code find_intervals(struct settle_part *part, struct base_error *error)
{
    const struct system *system = &part->system;
    uint32_t *asked;
    struct audit_interval *interval;
    size_t count = 0;
    bool possible;
    if (old_arena_take(part->arena, system->sums, sizeof *asked, &asked, error) != BASE_OK ||
        old_arena_take(part->arena, system->sums, sizeof *interval, &interval, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < system->sums; i++)
        if (system->sum[i].status == SUM_HIDDEN && is_told_now(part, i))
            asked[count++] = i;
    if (audit_intervals(system, false, NULL, asked, count, part->whole->solver,
                        part->whole->deadline, interval, &possible, error) != BASE_OK)
        return error->code;
    if (!possible)
        return fail_tables(error, BASE_NOT_PROVEN);
    widen(part, asked, count, interval);
    for (size_t i = 0; i < part->count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (asked[k] != part->sums[i].number)
                continue;
            part->sums[i].least = interval[k].least;
            part->sums[i].most = interval[k].most;
        }
    }
    return BASE_OK;
}

/* ---- what to give up ------------------------------------------------------------------------ */

/* The first of the whole's sums that has this number. */
static size_t find_index(const struct settle_part *part, uint32_t number)
{
    for (size_t i = 0; i < part->count; i++)
        if (part->sums[i].number == number && part->sums[i].role == SETTLE_WANTED)
            return part->index[i];
    return SIZE_MAX;
}

/* The audit has the last word. */
static enum base_code confirm(struct settle_part *part, uint32_t shown, uint32_t hidden,
                              bool *passed, struct base_error *error)
{
    struct system *system = &part->system;
    struct arena *arena = NULL;
    struct audit_report report;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    system->sum[shown].status = SUM_SHOWN;
    system->sum[hidden].status = SUM_HIDDEN;
    const enum base_code code = audit_system(system, part->whole->solver, part->whole->deadline,
                                             false, arena, &part->tallies, &report, error);
    system->sum[shown].status = SUM_HIDDEN;
    system->sum[hidden].status = SUM_SHOWN;
    *passed = code == BASE_OK && report.passed;
    old_arena_free(arena);
    return code;
}

static enum base_code find_exchanges(struct settle_part *part, struct base_error *error)
{
    for (size_t i = 0; i < part->count; i++) {
        struct settle_sum *one = &part->sums[i];
        uint32_t given;
        bool passed = false;
        if (one->number == SYSTEM_NOTHING || one->shown || one->small || one->role != SETTLE_WANTED)
            continue;
        if (chooser_exchange(part->chooser, one->number, part->whole->deadline, &given, error) !=
                BASE_OK ||
            (given != SYSTEM_NOTHING &&
             confirm(part, one->number, given, &passed, error) != BASE_OK))
            return error->code;
        if (passed)
            one->instead = find_index(part, given);
    }
    return BASE_OK;
}

enum base_code explain_part(struct settle_part *part, struct base_error *error)
{
    if (find_intervals(part, error) != BASE_OK)
        return error->code;
    return find_exchanges(part, error);
}
