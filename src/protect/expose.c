#include <string.h>

#include "settle_inside.h"

static void lower_need(struct system_need *need, const struct audit_interval *open)
{
    if (open->least > need->least)
        need->least = open->least;
    if (open->most < need->most)
        need->most = open->most;
}

/* What is left open to whoever does not know the stale sums is asked with those unpublished. */
static void publish_stale(struct system *system, bool published)
{
    for (size_t i = 0; i < system->sums; i++)
        if (system->sum[i].stale)
            system->sum[i].status = published ? SUM_SHOWN : SUM_UNPUBLISHED;
}

static enum base_code lower(struct settlement *settlement, uint32_t number,
                            struct base_error *error)
{
    struct system *system = &settlement->system;
    struct system_need *need = &system->need[number];
    struct audit_interval open;
    bool possible;
    if (need->current)
        publish_stale(system, false);
    const enum base_code code = audit_intervals(system, false, &need->sum, 1, settlement->solver,
                                                settlement->deadline, &open, &possible, error);
    if (need->current)
        publish_stale(system, true);
    if (code != BASE_OK)
        return code;
    if (!possible)
        return base_fail(error, BASE_NOT_PROVEN, "%s", _("the tables"));
    lower_need(need, &open);
    settlement->exposed_before++;
    return BASE_OK;
}

/* Findings are in the needs' order; a need may have two. */
static enum base_code waive(struct settlement *settlement, const struct audit_report *report,
                            struct base_error *error)
{
    for (size_t i = 0; i < report->findings; i++) {
        const struct audit_finding *finding = &report->finding[i];
        const bool again = i > 0 && report->finding[i - 1].need == finding->need;
        const struct system_waiver waiver = {finding->need, finding->single};
        if (again)
            continue;
        const enum base_code code = finding->single == AUDIT_NO_SINGLE
                                        ? lower(settlement, finding->need, error)
                                        : system_add_waiver(&settlement->system, &waiver, error);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

static enum base_code look_until_clear(struct settlement *settlement, struct base_error *error)
{
    bool passed = false;
    while (!passed) {
        struct arena *arena = NULL;
        struct audit_report report;
        if (arena_new(&arena, error) != BASE_OK)
            return error->code;
        enum base_code code = audit_system(&settlement->system, settlement->solver,
                                           settlement->deadline, arena, &report, error);
        if (code == BASE_OK && report.undecided)
            code = base_fail(error, BASE_NOT_PROVEN, "%s", _("the tables"));
        if (code == BASE_OK)
            code = waive(settlement, &report, error);
        passed = report.passed;
        arena_free(arena);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

enum base_code waive_exposed(struct settlement *settlement, struct base_error *error)
{
    struct system *system = &settlement->system;
    bool given = false;
    for (size_t i = 0; i < system->sums; i++)
        given = given || (system->sum[i].status == SUM_SHOWN && !system->sum[i].candidate);
    if (!given)
        return BASE_OK;
    enum sum_status *kept;
    if (arena_take(system->arena, system->sums, sizeof *kept, &kept, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < system->sums; i++) {
        kept[i] = system->sum[i].status;
        if (system->sum[i].candidate)
            system->sum[i].status = SUM_HIDDEN;
    }
    const enum base_code code = look_until_clear(settlement, error);
    for (size_t i = 0; i < system->sums; i++)
        system->sum[i].status = kept[i];
    return code;
}
