/* Does a part tell of what was before it? */
#include "settle_inside.h"

/* What was decided is given by now. */
static void give_decided(struct settle_part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        struct settle_sum *one = &part->sums[i];
        if (one->role == SETTLE_WANTED || one->role == SETTLE_WANTED_HIDDEN)
            one->role = one->shown ? SETTLE_SHOWN : SETTLE_HIDDEN;
    }
}

/* The need of what was carried over: it may have been nothing. More than what truly was can't be had. */
static enum base_code need_nothing(struct system *system, struct base_error *error)
{
    uint32_t *members, sum;
    size_t count = 0;
    if (old_arena_take(system->arena, system->carried, sizeof *members, &members, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < system->carried; i++) {
        const uint32_t variable = system->carry[i];
        system->upper[variable] = system->truth[variable];
        if (system->truth[variable] > 0)
            members[count++] = variable;
    }
    if (system_add_sum(system, members, count, &sum, error) != BASE_OK)
        return error->code;
    if (sum == SYSTEM_NOTHING)
        return BASE_OK;
    const struct system_need need = {sum, 0, system->sum[sum].value, false};
    return system_add_need(system, &need, error);
}

enum base_code stands_alone(struct settle_part *part, bool *alone, struct base_error *error)
{
    struct settlement *whole = part->whole;
    struct audit_report report;
    give_decided(part);
    if (settle_publish(part, error) != BASE_OK || need_nothing(&part->system, error) != BASE_OK ||
        audit_system(&part->system, whole->solver, whole->deadline, false, part->arena,
                     &part->tallies, &report, error) != BASE_OK)
        return error->code;
    *alone = report.passed;
    return BASE_OK;
}
