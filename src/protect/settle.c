#include "settle.h"
#include "fail.h"

#include <string.h>

#include "choose.h"
#include "settle_inside.h"

enum { MOST_ROUNDS = 100 }; /* beside one for each candidate */

/* ---- choice and audit in turn --------------------------------------------------------------- */

static enum base_code learn_all(struct settlement *settlement, struct chooser *chooser,
                                const struct audit_report *report, struct base_error *error)
{
    for (size_t i = 0; i < report->findings; i++) {
        const struct audit_finding *finding = &report->finding[i];
        const struct choose_target target = {finding->need, finding->most, finding->single};
        bool more;
        if (chooser_learn(chooser, &target, settlement->deadline, &more, error) != BASE_OK)
            return error->code;
        if (!more)
            return fail_tables(error, report->undecided ? BASE_NOT_PROVEN : BASE_NOT_PROTECTED);
    }
    return BASE_OK;
}

/* In an arena of its own: an audit's witnesses go with it. What it can't decide has to be hidden too. */
static enum base_code audit_once(struct settlement *settlement, struct chooser *chooser,
                                 bool *passed, struct base_error *error)
{
    struct arena *arena = NULL;
    struct audit_report report;
    if (arena_new(&arena, error) != BASE_OK)
        return error->code;
    enum base_code code = audit_system(&settlement->system, settlement->solver,
                                       settlement->deadline, arena, &report, error);
    const bool stuck =
        report.undecided && (report.findings == 0 || solver_clock() > settlement->deadline);
    if (code == BASE_OK && stuck)
        code = fail_tables(error, BASE_NOT_PROVEN);
    else if (code == BASE_OK && !report.passed)
        code = learn_all(settlement, chooser, &report, error);
    *passed = code == BASE_OK && report.passed;
    settlement->witnesses = code == BASE_OK ? report.witnesses : 0;
    arena_free(arena);
    return code;
}

static enum base_code choose_and_audit(struct settlement *settlement, struct chooser *chooser,
                                       struct base_error *error)
{
    for (size_t round = 0; round < MOST_ROUNDS + settlement->count; round++) {
        bool passed = false;
        if (chooser_choose(chooser, settlement->exact_deadline, settlement->deadline,
                           &settlement->method, error) != BASE_OK ||
            audit_once(settlement, chooser, &passed, error) != BASE_OK)
            return error->code;
        if (passed)
            return BASE_OK;
    }
    return fail_tables(error, BASE_NOT_PROVEN);
}

static void take_statuses(struct settlement *settlement)
{
    for (size_t i = 0; i < settlement->count; i++) {
        struct settle_sum *one = &settlement->sums[i];
        one->shown = one->number == SYSTEM_NOTHING ||
                     settlement->system.sum[one->number].status == SUM_SHOWN;
    }
}

enum base_code settle(struct settlement *settlement, struct base_error *error)
{
    if (settle_prepare(settlement, error) != BASE_OK ||
        waive_exposed(settlement, true, error) != BASE_OK ||
        chooser_open(&settlement->system, settlement->solver, settlement->arena,
                     &settlement->chooser, error) != BASE_OK ||
        choose_and_audit(settlement, settlement->chooser, error) != BASE_OK)
        return error->code;
    take_statuses(settlement);
    return BASE_OK;
}

enum base_code settle_estimate(struct settlement *settlement, struct base_error *error)
{
    if (settle_prepare(settlement, error) != BASE_OK ||
        waive_exposed(settlement, false, error) != BASE_OK ||
        chooser_open(&settlement->system, settlement->solver, settlement->arena,
                     &settlement->chooser, error) != BASE_OK ||
        chooser_choose(settlement->chooser, settlement->exact_deadline, settlement->deadline,
                       &settlement->method, error) != BASE_OK)
        return error->code;
    take_statuses(settlement);
    return BASE_OK;
}

void settle_end(struct settlement *settlement)
{
    chooser_close(settlement->chooser);
    settlement->chooser = NULL;
}
