/* What can't be helped: needs that are not met even if all that is decided now is hidden. They are lowered to
 * what is proven to be known (certain.h), and no further, whatever a solver says. */
#include <string.h>

#include "fail.h"
#include "settle_inside.h"

/* What is left open to whoever does not know the stale sums is asked with those unpublished. */
static void publish_stale(const struct system *system, bool published)
{
    for (size_t i = 0; i < system->sums; i++)
        if (system->sum[i].stale)
            system->sum[i].status = published ? SUM_SHOWN : SUM_UNPUBLISHED;
}

static enum base_code find_certain(const struct settle_part *part, const struct system *system,
                                   const struct system_need *need, struct audit_interval *certain,
                                   struct base_error *error)
{
    if (need->current)
        publish_stale(system, false);
    const enum base_code code = audit_certain(system, need->sum, part->whole->solver,
                                              part->whole->deadline, certain, error);
    if (need->current)
        publish_stale(system, true);
    return code;
}

static bool is_narrower(const struct audit_interval *certain, int64_t least, int64_t most)
{
    return certain->least > least || certain->most < most;
}

static enum base_code lower(struct settle_part *part, uint32_t number, struct base_error *error)
{
    struct system_need *need = &part->system.need[number];
    struct audit_interval certain;
    if (find_certain(part, &part->system, need, &certain, error) != BASE_OK)
        return error->code;
    if (!is_narrower(&certain, need->least, need->most))
        return fail_tables(error, BASE_NOT_PROVEN);
    need->least = certain.least > need->least ? certain.least : need->least;
    need->most = certain.most < need->most ? certain.most : need->most;
    part->whole->exposed_before++;
    return BASE_OK;
}

/* To the single contact's maker its variables are no unknowns. */
static enum base_code know_single(struct system *system, uint32_t number, struct base_error *error)
{
    const struct system_sum *single = &system->sum[number];
    int64_t *lower, *upper;
    const size_t count = system->variables;
    if (old_arena_take(system->arena, count, sizeof *lower, &lower, error) != BASE_OK ||
        old_arena_take(system->arena, count, sizeof *upper, &upper, error) != BASE_OK)
        return error->code;
    memcpy(lower, system->lower, count * sizeof *lower);
    memcpy(upper, system->upper, count * sizeof *upper);
    for (uint32_t i = 0; i < single->count; i++) {
        const uint32_t variable = system->member[single->first + i];
        lower[variable] = upper[variable] = system->truth[variable];
    }
    system->lower = lower;
    system->upper = upper;
    return BASE_OK;
}

static enum base_code waive(struct settle_part *part, const struct audit_finding *finding,
                            struct base_error *error)
{
    struct system known = part->system;
    const struct system_need *need = &known.need[finding->need];
    struct audit_interval certain;
    if (know_single(&known, finding->single, error) != BASE_OK ||
        find_certain(part, &known, need, &certain, error) != BASE_OK)
        return error->code;
    if (system_find_waiver(&known, finding->need, finding->single) != NULL ||
        !is_narrower(&certain, need->least, need->most))
        return fail_tables(error, BASE_NOT_PROVEN);
    const struct system_waiver waiver = {
        .need = finding->need,
        .single = finding->single,
        .least = certain.least > need->least ? certain.least : need->least,
        .most = certain.most < need->most ? certain.most : need->most,
    };
    return system_add_waiver(&part->system, &waiver, error);
}

/* The findings of an audit are in the needs' order; a need may have two. */
static enum base_code lower_all(struct settle_part *part, const struct audit_report *report,
                                struct base_error *error)
{
    for (size_t i = 0; i < report->findings; i++)
        if ((i == 0 || report->finding[i - 1].need != report->finding[i].need) &&
            lower(part, report->finding[i].need, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

static enum base_code look_until_clear(struct settle_part *part, struct base_error *error)
{
    bool passed = false;
    while (!passed) {
        struct arena *arena = NULL;
        struct audit_report report;
        if (old_arena_new(&arena, error) != BASE_OK)
            return error->code;
        enum base_code code =
            audit_system(&part->system, part->whole->solver, part->whole->deadline, true, arena,
                         &part->tallies, &report, error);
        if (code == BASE_OK && report.undecided)
            code = fail_tables(error, BASE_NOT_PROVEN);
        if (code == BASE_OK)
            code = lower_all(part, &report, error);
        passed = report.passed;
        old_arena_free(arena);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

static bool has_given(const struct system *system)
{
    for (size_t i = 0; i < system->sums; i++)
        if (system->sum[i].status == SUM_SHOWN && !system->sum[i].candidate)
            return true;
    return false;
}

/* All candidates are hidden, and what was carried over is not known; `kept` is for restore. */
static enum base_code hide_all(struct settle_part *part, enum sum_status **kept,
                               struct base_error *error)
{
    struct system *system = &part->system;
    if (old_arena_take(system->arena, system->sums, sizeof **kept, kept, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < system->sums; i++) {
        (*kept)[i] = system->sum[i].status;
        if (system->sum[i].candidate)
            system->sum[i].status = SUM_HIDDEN;
    }
    system_know_carried(system, false);
    return BASE_OK;
}

static void restore(struct settle_part *part, const enum sum_status *kept)
{
    for (size_t i = 0; i < part->system.sums; i++)
        part->system.sum[i].status = kept[i];
    system_know_carried(&part->system, part->follows);
}

enum base_code waive_exposed(struct settle_part *part, struct base_error *error)
{
    enum sum_status *kept;
    if (!has_given(&part->system))
        return BASE_OK;
    if (hide_all(part, &kept, error) != BASE_OK)
        return error->code;
    const enum base_code code = look_until_clear(part, error);
    restore(part, kept);
    return code;
}

enum base_code waive_finding(struct settle_part *part, const struct audit_finding *finding,
                             struct base_error *error)
{
    enum sum_status *kept;
    if (hide_all(part, &kept, error) != BASE_OK)
        return error->code;
    const enum base_code code = waive(part, finding, error);
    restore(part, kept);
    return code;
}
