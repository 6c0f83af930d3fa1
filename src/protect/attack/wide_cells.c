/* Elementary cells of which no tally was seen that has them otherwise: whether there is one. */
#include <math.h>
#include <string.h>

#include "../fail.h"
#include "wide.h"

/* What a change costs that is not asked for: so little that it hinders none that is. */
static const double next_to_nothing = 1e-5;

static bool is_asked(const struct wide *wide, size_t number)
{
    const uint32_t cell = wide->joint.cell[number];
    return wide->ground->fixed[cell] && !wide->ground->certain[cell];
}

static bool is_zero(const struct wide *wide, size_t number)
{
    return wide->ground->cell[wide->joint.cell[number]].base == 0;
}

static size_t count_asked(const struct wide *wide, bool zeros)
{
    size_t count = 0;
    for (size_t i = 0; i < wide->joint.cells; i++)
        count += is_asked(wide, i) && is_zero(wide, i) == zeros ? 1 : 0;
    return count;
}

/* ---- many at once ---------------------------------------------------------------------------- */

/* Zeros that rise are worth something, or others that fall. */
static void price_asked(struct wide *wide, bool zeros)
{
    struct joint *joint = &wide->joint;
    for (size_t i = 0; i < joint->cells; i++) {
        const bool wanted = is_asked(wide, i) && is_zero(wide, i) == zeros;
        if (!wanted)
            joint_price(joint, i, next_to_nothing, INFINITY, next_to_nothing, INFINITY);
        else if (zeros)
            joint_price(joint, i, -1, 1, 0, INFINITY);
        else
            joint_price(joint, i, 0, 0, -1, 1);
    }
}

/* How many the linear program changes, and a row of them. */
static bool most_at_once(struct wide *wide, bool zeros, double *most, size_t *row,
                         struct base_error *error)
{
    struct joint *joint = &wide->joint;
    uint32_t *cell;
    size_t count = 0;
    if (arena_take(joint->arena, joint->cells, sizeof *cell, &cell, error) != BASE_OK ||
        !joint_linear(joint))
        return false;
    *most = 0;
    for (size_t i = 0; i < joint->cells; i++)
        if (is_asked(wide, i) && is_zero(wide, i) == zeros) {
            *most += fabs(joint_net(joint, i));
            cell[count++] = joint->cell[i];
        }
    *row = joint_add_sum(joint, cell, count);
    return true;
}

/* As many as a whole program finds at once, over and over: half of what the linear one does, or fewer. */
static void change_many(struct wide *wide, bool zeros)
{
    struct base_error error;
    double most;
    size_t row;
    while (count_asked(wide, zeros) > 0 && !attack_is_late(wide->ground)) {
        price_asked(wide, zeros);
        if (!most_at_once(wide, zeros, &most, &row, &error))
            return;
        bool found = false;
        for (int64_t wanted = (int64_t)(most / 2); wanted >= 1 && !found; wanted /= 4) {
            joint_bound(&wide->joint, row, zeros ? (double)wanted : -INFINITY,
                        zeros ? INFINITY : -(double)wanted);
            found = joint_solve(&wide->joint, JOINT_WHOLE) == JOINT_FOUND && wide_note_found(wide);
        }
        joint_bound(&wide->joint, row, -INFINITY, INFINITY);
        if (!found)
            return;
    }
}

/* ---- one by one ------------------------------------------------------------------------------ */

static enum base_code change_each(struct wide *wide, bool rise, struct base_error *error)
{
    struct joint *joint = &wide->joint;
    joint_price_as_usual(joint);
    for (size_t i = 0; i < joint->cells; i++) {
        if (!is_asked(wide, i) || !joint_force(joint, i, rise))
            continue;
        if (attack_is_late(wide->ground))
            return fail_tables(error, BASE_NOT_PROVEN);
        if (joint_solve(joint, JOINT_WHOLE) == JOINT_FOUND)
            (void)wide_note_found(wide);
        joint_price_as_usual(joint);
    }
    return BASE_OK;
}

/* ---- what can't change ----------------------------------------------------------------------- */

/* Zeros that no solution raises, all looked at together: each solution leaves fewer of which that is open. False: the
 * linear program failed. */
static bool hold_zeros(struct wide *wide, bool *held)
{
    struct joint *joint = &wide->joint;
    for (size_t i = 0; i < joint->cells; i++)
        held[i] = is_asked(wide, i) && is_zero(wide, i);
    for (bool any = true; any;) {
        for (size_t i = 0; i < joint->cells; i++)
            joint_price(joint, i, held[i] ? -1 : 0, held[i] ? 1 : INFINITY, 0, INFINITY);
        if (!joint_linear(joint))
            return false;
        any = false;
        for (size_t i = 0; i < joint->cells; i++) {
            const bool rises = held[i] && joint_net(joint, i) > 1e-7;
            held[i] = held[i] && !rises;
            any = any || rises;
        }
    }
    return true;
}

static bool can_go(struct wide *wide, size_t number, bool rise)
{
    joint_price_as_usual(&wide->joint);
    return joint_force(&wide->joint, number, rise) &&
           joint_solve(&wide->joint, JOINT_LINEAR) != JOINT_NOTHING;
}

/* What the linear program at hand shows to be fixed. */
static enum base_code hold(struct wide *wide, struct base_error *error)
{
    struct joint *joint = &wide->joint;
    bool *held;
    if (arena_take(joint->arena, joint->cells, sizeof *held, &held, error) != BASE_OK)
        return error->code;
    if (count_asked(wide, true) > 0 && !hold_zeros(wide, held))
        memset(held, 0, joint->cells * sizeof *held);
    for (size_t i = 0; i < joint->cells; i++)
        if (held[i] || (is_asked(wide, i) && !is_zero(wide, i) && !can_go(wide, i, true) &&
                        !can_go(wide, i, false)))
            wide->ground->certain[joint->cell[i]] = true;
    joint_price_as_usual(joint);
    return BASE_OK;
}

/* ---- places ---------------------------------------------------------------------------------- */

static enum base_code settle_part(struct wide *wide, const struct joint_scope *part,
                                  struct base_error *error)
{
    if (wide_open(wide, part, JOINT_EXACT, error) != BASE_OK)
        return error->code;
    change_many(wide, true);
    change_many(wide, false);
    if (wide->is_last && hold(wide, error) != BASE_OK)
        return error->code;
    for (unsigned rise = 2; rise-- > 0;)
        if (change_each(wide, rise == 1, error) != BASE_OK)
            return error->code;
    joint_price_as_usual(&wide->joint);
    return attack_is_late(wide->ground) ? fail_tables(error, BASE_NOT_PROVEN) : BASE_OK;
}

/* What a place's own figures hold, whatever the others are. */
static enum base_code hold_alone(struct wide *wide, const struct joint_scope *own,
                                 struct base_error *error)
{
    if (wide_open(wide, own, JOINT_OWN, error) != BASE_OK)
        return error->code;
    return hold(wide, error);
}

static bool has_asked(const struct ground *ground, size_t scope, unsigned place)
{
    for (size_t i = 0; i < ground->cells; i++) {
        const struct attack_cell *cell = &ground->cell[i];
        if (ground->fixed[i] && !ground->certain[i] && cell->place == place &&
            ground->scope_of[(size_t)cell->place * ground->months + cell->month] == scope)
            return true;
    }
    return false;
}

enum base_code wide_settle_cells(struct wide *wide, size_t scope, struct base_error *error)
{
    const struct ground *ground = wide->ground;
    for (size_t i = 0; i < WIDE_LEVELS; i++) {
        bool all = false;
        for (unsigned place = 0; place < ground->attack->place_count && !all; place++) {
            struct joint_scope part;
            if (!has_asked(ground, scope, place))
                continue;
            all = wide->is_last =
                wide_narrow(wide, &ground->scope[scope], place, wide_levels[i], &part);
            if (settle_part(wide, &part, error) != BASE_OK ||
                (i == 0 && !all && hold_alone(wide, &part, error) != BASE_OK))
                return error->code;
        }
        if (all)
            break;
    }
    return BASE_OK;
}
