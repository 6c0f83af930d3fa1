/* One part: choice and audit in turn, until the audit passes. */
#include "fail.h"
#include "settle_inside.h"

enum { MOST_ROUNDS = 100 }; /* beside one for each candidate */

/* Of one exact choice: what takes more mostly takes much more. */
#define EXACT_SECONDS 6.0

/* Whether the maker of a single contact knows more, whatever is hidden, is looked at where it matters. */
static enum base_code waive_known(struct settle_part *part, const struct audit_finding *finding,
                                  bool *waived, struct base_error *error)
{
    *waived = false;
    if (finding->single == AUDIT_NO_SINGLE)
        return BASE_OK;
    const enum base_code code = waive_finding(part, finding, error);
    *waived = code == BASE_OK;
    return code == BASE_NOT_PROVEN ? BASE_OK : code;
}

/* *again: something was waived, so that the choice must begin anew. */
static enum base_code learn_all(struct settle_part *part, const struct audit_report *report,
                                bool *again, struct base_error *error)
{
    const struct audit_finding *last = NULL; /* that was waived */
    for (size_t i = 0; i < report->findings; i++) {
        const struct audit_finding *finding = &report->finding[i];
        const struct choose_target target = {finding->need, finding->most, finding->single};
        bool more, waived;
        if (last != NULL && last->need == finding->need)
            continue; /* its other end */
        if (waive_known(part, finding, &waived, error) != BASE_OK)
            return error->code;
        *again = *again || waived;
        last = waived ? finding : last;
        if (waived)
            continue;
        if (chooser_learn(part->chooser, &target, part->whole->deadline, &more, error) != BASE_OK)
            return error->code;
        if (!more)
            return fail_tables(error, report->undecided ? BASE_NOT_PROVEN : BASE_NOT_PROTECTED);
    }
    return BASE_OK;
}

/* In an arena of its own: an audit's witnesses go with it. What it can't decide has to be hidden too. */
static enum base_code audit_once(struct settle_part *part, bool *passed, bool *again,
                                 struct base_error *error)
{
    struct settlement *whole = part->whole;
    struct arena *arena = NULL;
    struct audit_report report;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    enum base_code code = audit_system(&part->system, whole->solver, whole->deadline, false, arena,
                                       &part->tallies, &report, error);
    const bool stuck =
        report.undecided && (report.findings == 0 || old_solver_clock() > whole->deadline);
    if (code == BASE_OK && stuck)
        code = fail_tables(error, BASE_NOT_PROVEN);
    else if (code == BASE_OK && !report.passed)
        code = learn_all(part, &report, again, error);
    *passed = code == BASE_OK && report.passed;
    whole->witnesses += *passed ? report.witnesses : 0;
    old_arena_free(arena);
    return code;
}

static enum base_code choose_part(struct settle_part *part, struct base_error *error)
{
    struct settlement *whole = part->whole;
    enum protect_method method;
    const double soon = old_solver_clock() + EXACT_SECONDS;
    const double exact = soon < whole->exact_deadline ? soon : whole->exact_deadline;
    if (chooser_choose(part->chooser, exact, whole->deadline, &method, error) != BASE_OK)
        return error->code;
    if (method == PROTECT_ELIMINATION)
        whole->method = method;
    return BASE_OK;
}

static enum base_code open_chooser(struct settle_part *part, struct base_error *error)
{
    chooser_close(part->chooser);
    part->chooser = NULL;
    return chooser_open(&part->system, part->whole->solver, part->arena, &part->chooser, error);
}

static enum base_code choose_and_audit(struct settle_part *part, struct base_error *error)
{
    bool passed = false, again = true;
    for (size_t round = 0; round < MOST_ROUNDS + part->count && !passed; round++) {
        if (again && open_chooser(part, error) != BASE_OK)
            return error->code;
        again = false;
        if (choose_part(part, error) != BASE_OK ||
            audit_once(part, &passed, &again, error) != BASE_OK)
            return error->code;
    }
    return passed ? BASE_OK : fail_tables(error, BASE_NOT_PROVEN);
}

/* A choice without an audit. */
static enum base_code estimate(struct settle_part *part, struct base_error *error)
{
    return open_chooser(part, error) == BASE_OK ? choose_part(part, error) : error->code;
}

static void take_statuses(struct settle_part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        struct settle_sum *one = &part->sums[i];
        one->shown =
            one->number == SYSTEM_NOTHING || part->system.sum[one->number].status == SUM_SHOWN;
        one->least = one->most = one->value;
        one->instead = SIZE_MAX;
    }
}

enum base_code settle_part(struct settle_part *part, struct base_error *error)
{
    const struct settlement *whole = part->whole;
    if (settle_prepare(part, error) != BASE_OK)
        return error->code;
    system_know_carried(&part->system, part->follows);
    if (waive_exposed(part, error) != BASE_OK ||
        (whole->estimate ? estimate(part, error) : choose_and_audit(part, error)) != BASE_OK)
        return error->code;
    take_statuses(part);
    return whole->explain ? explain_part(part, error) : BASE_OK;
}
