/* For the leader: what an attacker is left with, and what to give up for a figure. */
#include <string.h>

#include "fail.h"
#include "release.h"

/* ---- intervals ------------------------------------------------------------------------------ */

static enum base_code find_intervals(struct settlement *settlement, struct protect_result *result,
                                     struct base_error *error)
{
    const struct system *system = &settlement->system;
    uint32_t *asked;
    struct audit_interval *interval;
    size_t count = 0;
    bool possible;
    if (arena_take(settlement->arena, system->sums, sizeof *asked, &asked, error) != BASE_OK ||
        arena_take(settlement->arena, system->sums, sizeof *interval, &interval, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < system->sums; i++)
        if (system->sum[i].candidate && system->sum[i].status == SUM_HIDDEN)
            asked[count++] = i;
    if (audit_intervals(system, false, asked, count, settlement->solver, settlement->deadline,
                        interval, &possible, error) != BASE_OK)
        return error->code;
    if (!possible)
        return fail_tables(error, BASE_NOT_PROVEN);
    const struct settle_sum *sum = settlement->sums;
    for (size_t i = 0; i < result->table_count; i++) {
        struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++, sum++) {
            for (size_t k = 0; k < count && !sum->shown; k++) {
                if (asked[k] != sum->number)
                    continue;
                table->figures[j].least = interval[k].least;
                table->figures[j].most = interval[k].most;
            }
        }
    }
    return BASE_OK;
}

/* ---- what to give up ------------------------------------------------------------------------ */

static void find_figure(const struct settlement *settlement, const struct protect_result *result,
                        uint32_t number, struct protect_figure *figure)
{
    const struct settle_sum *sum = settlement->sums;
    for (size_t i = 0; i < result->table_count; i++) {
        const struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++, sum++) {
            if (sum->number != number)
                continue;
            figure->give_up_table = i;
            figure->give_up_figure = j;
            return;
        }
    }
}

/* The audit has the last word. */
static enum base_code confirm(struct settlement *settlement, uint32_t shown, uint32_t hidden,
                              bool *passed, struct base_error *error)
{
    struct system *system = &settlement->system;
    struct arena *arena = NULL;
    struct audit_report report;
    if (arena_new(&arena, error) != BASE_OK)
        return error->code;
    system->sum[shown].status = SUM_SHOWN;
    system->sum[hidden].status = SUM_HIDDEN;
    const enum base_code code =
        audit_system(system, settlement->solver, settlement->deadline, arena, &report, error);
    system->sum[shown].status = SUM_HIDDEN;
    system->sum[hidden].status = SUM_SHOWN;
    *passed = code == BASE_OK && report.passed;
    arena_free(arena);
    return code;
}

static enum base_code find_exchanges(struct settlement *settlement, struct protect_result *result,
                                     struct base_error *error)
{
    const struct settle_sum *sum = settlement->sums;
    for (size_t i = 0; i < result->table_count; i++) {
        struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++, sum++) {
            uint32_t given;
            bool passed = false;
            if (table->figures[j].status != PROTECT_HIDDEN_SECONDARY ||
                !settlement->system.sum[sum->number].candidate)
                continue;
            if (chooser_exchange(settlement->chooser, sum->number, settlement->deadline, &given,
                                 error) != BASE_OK ||
                (given != SYSTEM_NOTHING &&
                 confirm(settlement, sum->number, given, &passed, error) != BASE_OK))
                return error->code;
            if (passed)
                find_figure(settlement, result, given, &table->figures[j]);
        }
    }
    return BASE_OK;
}

enum base_code explain(struct settlement *settlement, struct protect_result *result,
                       struct base_error *error)
{
    if (find_intervals(settlement, result, error) != BASE_OK)
        return error->code;
    return find_exchanges(settlement, result, error);
}
