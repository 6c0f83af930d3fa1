/* What tallies that differ in one place and year do not tell: with all freedom that there is. */
#include <math.h>

#include "../fail.h"
#include "inside.h"

/* With the freedom of so many places that hang together; then with that of all. */
static const unsigned levels[] = {1, 6, 24, COUNTS_MOST_PLACES};
enum { LEVELS = sizeof levels / sizeof *levels };

struct wide {
    struct ground *ground;
    struct joint joint;
    bool opened;
    bool is_last; /* no more freedom is left than the present scope has */
};

/* ---- what is found --------------------------------------------------------------------------- */

/* Whether the tally with what was found agrees; if it does, what it tells is noted. */
static bool note_found(struct wide *wide)
{
    struct ground *ground = wide->ground;
    for (size_t i = 0; i < ground->cells; i++)
        ground->cell[i].base += joint_change(&wide->joint, i);
    const bool agrees = base_agrees(ground);
    for (size_t i = 0; agrees && i < ground->figures; i++)
        if (!ground->figure[i].told)
            figures_note(ground, &ground->figure[i], figures_value(ground, &ground->figure[i]));
    for (size_t i = 0; i < ground->cells; i++) {
        const int32_t change = joint_change(&wide->joint, i);
        ground->cell[i].base -= change;
        if (agrees && change != 0)
            ground->fixed[i] = false;
    }
    return agrees;
}

static enum base_code open_wide(struct wide *wide, const struct joint_scope *scope,
                                struct base_error *error)
{
    if (wide->opened && place_set_equals(&wide->joint.scope.places, &scope->places) &&
        wide->joint.scope.first == scope->first && wide->joint.scope.end == scope->end)
        return BASE_OK;
    if (wide->opened)
        joint_close(&wide->joint);
    wide->opened = true;
    return joint_new(wide->ground, scope, JOINT_EXACT, &wide->joint, error);
}

static void close_wide(struct wide *wide)
{
    if (wide->opened)
        joint_close(&wide->joint);
    wide->opened = false;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* Whether a tally has the figure between both. BASE_NOT_PROVEN: the solver failed. */
static enum base_code is_reached(struct wide *wide, size_t row, const struct attack_figure *figure,
                                 double least, double most, bool *reached, struct base_error *error)
{
    const double value = (double)figure->value;
    joint_bound(&wide->joint, row, least - value, most - value);
    const enum joint_answer answer =
        joint_solve(&wide->joint, wide->is_last ? JOINT_WHOLE : JOINT_LINEAR);
    joint_bound(&wide->joint, row, -INFINITY, INFINITY);
    *reached = answer == JOINT_FOUND && note_found(wide);
    if (answer == JOINT_UNKNOWN && attack_is_late(wide->ground))
        return fail_tables(error, BASE_NOT_PROVEN);
    return BASE_OK;
}

static bool is_all_open(const struct ground *ground, const struct attack_figure *figure)
{
    return figure->seen == (UINT32_C(1) << ground->attack->threshold) - 1;
}

/* The scope of all of a figure's cells. */
static void scope_of(const struct ground *ground, const struct attack_figure *figure,
                     struct joint_scope *scope)
{
    for (size_t i = figure->first; i < figure->first + figure->count; i++) {
        const struct attack_cell *cell = &ground->cell[ground->member[i]];
        const struct joint_scope *one =
            &ground->scope[ground->scope_of[(size_t)cell->place * ground->months + cell->month]];
        if (i == figure->first)
            *scope = *one;
        scope->places.word[0] |= one->places.word[0];
        scope->places.word[1] |= one->places.word[1];
        scope->first = one->first < scope->first ? one->first : scope->first;
        scope->end = one->end > scope->end ? one->end : scope->end;
    }
}

/* The part of a scope that has so many places, from one on. False if it is no more than the last one had. */
static bool narrow_scope(const struct ground *ground, const struct joint_scope *all, unsigned place,
                         unsigned most, struct joint_scope *part)
{
    const unsigned places = (unsigned)ground->attack->place_count;
    unsigned count = 0;
    *part = (struct joint_scope){.first = all->first, .end = all->end};
    for (unsigned i = 0; i < places && count < most; i++) {
        const unsigned next = (place + i) % places;
        if (!place_set_has(&all->places, next))
            continue;
        place_set_add(&part->places, next);
        count++;
    }
    return place_set_equals(&part->places, &all->places);
}

/* How far a figure goes down (1) or up (-1): what the linear program says, then halving. */
static enum base_code find_end(struct wide *wide, size_t row, struct attack_figure *figure,
                               int sign, struct base_error *error)
{
    struct joint *joint = &wide->joint;
    const struct ground *ground = wide->ground;
    const double most = ATTACK_MOST_VALUE;
    int64_t *end = sign > 0 ? &figure->least : &figure->most;
    for (size_t i = 0; i < joint->cells; i++)
        joint_price(joint, i, 0, INFINITY, 0, INFINITY);
    for (size_t i = figure->first; i < figure->first + figure->count; i++)
        joint_price(joint, joint->number[ground->member[i]], sign, INFINITY, -sign, INFINITY);
    joint_bound(joint, row, -INFINITY, most - (double)figure->value);
    double change = 0;
    int64_t bound = 0;
    const bool solved =
        joint_linear(joint, figure, &change) && solver_round(change + sign * (0.5 - 1e-6), &bound);
    joint_bound(joint, row, -INFINITY, INFINITY);
    joint_price_as_usual(joint);
    if (!solved)
        return fail_tables(error, BASE_NOT_PROVEN);
    bound += figure->value;
    for (int64_t next = bound; sign * (*end - bound) > 0;) {
        bool reached;
        if (is_reached(wide, row, figure, sign > 0 ? -INFINITY : (double)next,
                       sign > 0 ? (double)next : INFINITY, &reached, error) != BASE_OK)
            return error->code;
        if (!reached)
            bound = next + sign;
        next = *end + (bound - *end) / 2;
        next = next == *end ? bound : next;
    }
    return BASE_OK;
}

/* First whether it may be large: of one that nobody printed no more is asked then. */
static enum base_code settle_values(struct wide *wide, size_t row, struct attack_figure *figure,
                                    struct base_error *error)
{
    const int64_t threshold = wide->ground->attack->threshold;
    bool reached;
    if (figure->most < threshold &&
        is_reached(wide, row, figure, (double)threshold, INFINITY, &reached, error) != BASE_OK)
        return error->code;
    for (int64_t value = 0; value < threshold; value++) {
        if (!figure->hidden && figure->most >= threshold)
            break;
        if ((figure->seen >> value & 1U) == 0 &&
            is_reached(wide, row, figure, (double)value, (double)value, &reached, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static bool is_settled(const struct ground *ground, const struct attack_figure *figure)
{
    if (figure->told)
        return true;
    if (!figure->hidden)
        return is_all_open(ground, figure) || figure->most >= (int64_t)ground->attack->threshold;
    return is_all_open(ground, figure) && !ground->attack->to_the_ends;
}

static enum base_code find_ends(struct wide *wide, size_t row, struct attack_figure *figure,
                                struct base_error *error)
{
    const struct ground *ground = wide->ground;
    const bool small = figure->most < (int64_t)ground->attack->threshold;
    if (!figure->hidden || (small && !ground->attack->to_the_ends))
        return BASE_OK;
    if (find_end(wide, row, figure, 1, error) != BASE_OK ||
        find_end(wide, row, figure, -1, error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

static enum base_code settle_figure(struct wide *wide, struct attack_figure *figure,
                                    struct base_error *error)
{
    const struct ground *ground = wide->ground;
    const unsigned place = ground->cell[ground->member[figure->first]].place;
    struct joint_scope all, part;
    scope_of(ground, figure, &all);
    for (size_t i = 0; i < LEVELS && !is_settled(ground, figure); i++) {
        wide->is_last = narrow_scope(ground, &all, place, levels[i], &part);
        if (open_wide(wide, &part, error) != BASE_OK)
            return error->code;
        const size_t row = joint_add_figure(&wide->joint, figure);
        if (settle_values(wide, row, figure, error) != BASE_OK)
            return error->code;
        if (wide->is_last)
            return is_settled(ground, figure) ? BASE_OK : find_ends(wide, row, figure, error);
    }
    return BASE_OK;
}

static enum base_code settle_figures(struct wide *wide, struct base_error *error)
{
    struct ground *ground = wide->ground;
    for (size_t i = 0; i < ground->figures; i++) {
        if (is_settled(ground, &ground->figure[i]))
            continue;
        if (attack_is_late(ground))
            return fail_tables(error, BASE_NOT_PROVEN);
        if (settle_figure(wide, &ground->figure[i], error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* ---- elementary cells ------------------------------------------------------------------------ */

static size_t count_fixed(const struct wide *wide)
{
    size_t count = 0;
    for (size_t i = 0; i < wide->joint.cells; i++)
        count += wide->ground->fixed[wide->joint.cell[i]] ? 1 : 0;
    return count;
}

/* What changes a cell that may be fixed is worth something, what changes another costs next to nothing: so a
 * program changes as many as it can, all up or all down. */
static void price_fixed(struct wide *wide, bool rise)
{
    const double worth = -1, next_to_nothing = 0.001;
    struct joint *joint = &wide->joint;
    for (size_t i = 0; i < joint->cells; i++) {
        const bool fixed = wide->ground->fixed[joint->cell[i]];
        joint_price(joint, i, fixed && rise ? worth : next_to_nothing,
                    fixed ? (rise ? 1 : 0) : INFINITY, fixed && !rise ? worth : next_to_nothing,
                    fixed ? (rise ? 0 : 1) : INFINITY);
    }
}

/* As many as go up, or down, at once, over and over; *proven if it is the linear program's word that no more do. */
static void change_many(struct wide *wide, bool rise, bool *proven)
{
    size_t fixed = count_fixed(wide), before = fixed + 1;
    *proven = fixed == 0;
    while (fixed > 0 && fixed < before) {
        before = fixed;
        price_fixed(wide, rise);
        const enum joint_answer answer = joint_solve(&wide->joint, JOINT_LINEAR);
        if (answer != JOINT_FOUND || !note_found(wide))
            return;
        fixed = count_fixed(wide);
        *proven = wide->joint.is_linear;
    }
}

/* One by one. */
static enum base_code change_each(struct wide *wide, bool rise, struct base_error *error)
{
    struct joint *joint = &wide->joint;
    joint_price_as_usual(joint);
    for (size_t i = 0; i < joint->cells; i++) {
        if (!wide->ground->fixed[joint->cell[i]] || !joint_force(joint, i, rise))
            continue;
        if (attack_is_late(wide->ground))
            return fail_tables(error, BASE_NOT_PROVEN);
        if (joint_solve(joint, wide->is_last ? JOINT_WHOLE : JOINT_LINEAR) == JOINT_FOUND)
            (void)note_found(wide);
        joint_price_as_usual(joint);
    }
    return BASE_OK;
}

static enum base_code settle_cells(struct wide *wide, const struct joint_scope *scope,
                                   struct base_error *error)
{
    if (open_wide(wide, scope, error) != BASE_OK)
        return error->code;
    for (unsigned rise = 0; rise < 2; rise++) {
        bool proven;
        change_many(wide, rise == 1, &proven);
        if (!proven && wide->is_last && change_each(wide, rise == 1, error) != BASE_OK)
            return error->code;
    }
    joint_price_as_usual(&wide->joint);
    return attack_is_late(wide->ground) ? fail_tables(error, BASE_NOT_PROVEN) : BASE_OK;
}

static bool has_fixed(const struct ground *ground, size_t scope, unsigned place)
{
    for (size_t i = 0; i < ground->cells; i++) {
        const struct attack_cell *cell = &ground->cell[i];
        if (ground->fixed[i] && cell->place == place &&
            ground->scope_of[(size_t)cell->place * ground->months + cell->month] == scope)
            return true;
    }
    return false;
}

static enum base_code settle_scope(struct wide *wide, size_t scope, struct base_error *error)
{
    const struct ground *ground = wide->ground;
    for (size_t i = 0; i < LEVELS; i++) {
        bool all = false;
        for (unsigned place = 0; place < ground->attack->place_count && !all; place++) {
            struct joint_scope part;
            if (!has_fixed(ground, scope, place))
                continue;
            all = wide->is_last =
                narrow_scope(ground, &ground->scope[scope], place, levels[i], &part);
            if (settle_cells(wide, &part, error) != BASE_OK)
                return error->code;
        }
        if (all)
            break;
    }
    return BASE_OK;
}

enum base_code wide_search(struct ground *ground, struct base_error *error)
{
    struct wide wide = {.ground = ground};
    enum base_code code = settle_figures(&wide, error);
    for (size_t i = 0; code == BASE_OK && i < ground->scopes; i++)
        code = settle_scope(&wide, i, error);
    close_wide(&wide);
    return code;
}
