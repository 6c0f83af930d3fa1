/* What tallies that differ in one place and year do not tell: with all freedom that there is. */
#include "wide.h"

#include <math.h>

#include "../fail.h"

/* ---- programs -------------------------------------------------------------------------------- */

bool wide_note_found(struct wide *wide)
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

enum base_code wide_open(struct wide *wide, const struct joint_scope *scope, enum joint_mode mode,
                         struct base_error *error)
{
    if (wide->opened && wide->mode == mode &&
        place_set_equals(&wide->joint.scope.places, &scope->places) &&
        wide->joint.scope.first == scope->first && wide->joint.scope.end == scope->end)
        return BASE_OK;
    if (wide->opened)
        joint_close(&wide->joint);
    wide->opened = true;
    wide->mode = mode;
    return joint_new(wide->ground, scope, mode, &wide->joint, error);
}

static void close_wide(struct wide *wide)
{
    if (wide->opened)
        joint_close(&wide->joint);
    wide->opened = false;
}

bool wide_narrow(const struct wide *wide, const struct joint_scope *all, unsigned place,
                 unsigned most, struct joint_scope *part)
{
    unsigned count = 1;
    *part = (struct joint_scope){.first = all->first, .end = all->end};
    place_set_add(&part->places, place);
    for (size_t i = 0; i < wide->ground->attack->place_count && count < most; i++) {
        const unsigned next = wide->order[i];
        if (next == place || !place_set_has(&all->places, next))
            continue;
        place_set_add(&part->places, next);
        count++;
    }
    return place_set_equals(&part->places, &all->places);
}

/* Places in whose tally most is there that is rare elsewhere, third to fifth conversations, can give others most: first. */
static void order_places(struct wide *wide)
{
    const struct ground *ground = wide->ground;
    int64_t rare[COUNTS_MOST_PLACES] = {0};
    for (size_t i = 0; i < ground->cells; i++)
        if (codebook_contact_of(ground->cell[i].cell).value[CODEBOOK_SESSION] >= 2)
            rare[ground->cell[i].place] += ground->cell[i].base;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        unsigned at = place;
        for (; at > 0 && rare[wide->order[at - 1]] < rare[place]; at--)
            wide->order[at] = wide->order[at - 1];
        wide->order[at] = (uint8_t)place;
    }
}

/* ---- what is asked --------------------------------------------------------------------------- */

static uint32_t all_values(const struct ground *ground)
{
    return (UINT32_C(1) << ground->attack->threshold) - 1;
}

static bool is_small(const struct ground *ground, const struct attack_figure *figure)
{
    return figure->most < (int64_t)ground->attack->threshold;
}

/* Whether no answer is left that matters: of one that nobody printed none does once it may be large. */
static bool is_settled(const struct ground *ground, const struct attack_figure *figure)
{
    const bool answered = (figure->seen | figure->ruled_out) == all_values(ground);
    if (figure->told)
        return true;
    if (!figure->hidden && !is_small(ground, figure))
        return true;
    if (figure->seen == all_values(ground))
        return !figure->hidden || !ground->attack->to_the_ends;
    return answered && !ground->attack->to_the_ends &&
           (figure->never_large || !is_small(ground, figure));
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

/* ---- how far a figure goes ------------------------------------------------------------------- */

/* Whether a tally has the figure between both. BASE_NOT_PROVEN: the solver failed. */
static enum base_code is_reached(struct wide *wide, size_t row, const struct attack_figure *figure,
                                 double least, double most, bool *reached, struct base_error *error)
{
    const double value = (double)figure->value;
    joint_bound(&wide->joint, row, least - value, most - value);
    const enum joint_answer answer = joint_solve(&wide->joint, JOINT_WHOLE);
    joint_bound(&wide->joint, row, -INFINITY, INFINITY);
    *reached = answer == JOINT_FOUND && wide_note_found(wide);
    if (answer == JOINT_UNKNOWN && attack_is_late(wide->ground))
        return fail_tables(error, BASE_NOT_PROVEN);
    return BASE_OK;
}

/* How far down (sign 1) or up (-1) the linear program lets a figure go; false if it does not tell. */
static bool find_bound(struct wide *wide, size_t row, const struct attack_figure *figure, int sign,
                       int64_t *bound)
{
    struct joint *joint = &wide->joint;
    const struct ground *ground = wide->ground;
    const double most = ATTACK_MOST_VALUE;
    for (size_t i = 0; i < joint->cells; i++)
        joint_price(joint, i, 0, INFINITY, 0, INFINITY);
    for (size_t i = figure->first; i < figure->first + figure->count; i++)
        joint_price(joint, joint->number[ground->member[i]], sign, INFINITY, -sign, INFINITY);
    joint_bound(joint, row, -INFINITY, most - (double)figure->value);
    double change = 0;
    const bool solved = joint_linear(joint);
    for (size_t i = figure->first; solved && i < figure->first + figure->count; i++)
        change += joint_net(joint, joint->number[ground->member[i]]);
    const bool told = solved && solver_round(change + sign * (0.5 - 1e-6), bound);
    joint_bound(joint, row, -INFINITY, INFINITY);
    joint_price_as_usual(joint);
    *bound += figure->value;
    return told;
}

/* What no tally has, as the linear program alone shows. */
static void rule_out(struct wide *wide, size_t row, struct attack_figure *figure)
{
    const int64_t threshold = wide->ground->attack->threshold;
    int64_t least = 0, most = threshold;
    if (!find_bound(wide, row, figure, 1, &least))
        least = 0;
    if (is_small(wide->ground, figure) && find_bound(wide, row, figure, -1, &most))
        figure->never_large = most < threshold;
    for (int64_t value = 0; value < threshold; value++)
        if (value < least || (figure->never_large && value > most))
            figure->ruled_out |= UINT32_C(1) << value;
}

/* The least, or the most: from what the linear program says on by halving. */
static enum base_code find_end(struct wide *wide, size_t row, struct attack_figure *figure,
                               int sign, struct base_error *error)
{
    int64_t *end = sign > 0 ? &figure->least : &figure->most;
    int64_t bound = 0;
    if (!find_bound(wide, row, figure, sign, &bound))
        return fail_tables(error, BASE_NOT_PROVEN);
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

static bool lacks(const struct attack_figure *figure, int64_t value)
{
    return ((figure->seen | figure->ruled_out) >> value & 1U) == 0;
}

static enum base_code ask_whether_large(struct wide *wide, size_t row, struct attack_figure *figure,
                                        struct base_error *error)
{
    bool reached;
    if (figure->never_large || !is_small(wide->ground, figure))
        return BASE_OK;
    return is_reached(wide, row, figure, wide->ground->attack->threshold, INFINITY, &reached,
                      error);
}

/* Of one that nobody printed no more is asked once it may be large; of a hidden one whether it may matters only
 * where not all is open. */
static enum base_code settle_values(struct wide *wide, size_t row, struct attack_figure *figure,
                                    struct base_error *error)
{
    const struct ground *ground = wide->ground;
    bool reached;
    if (!figure->hidden && ask_whether_large(wide, row, figure, error) != BASE_OK)
        return error->code;
    for (int64_t value = 0; value < (int64_t)ground->attack->threshold; value++)
        if ((figure->hidden || is_small(ground, figure)) && lacks(figure, value) &&
            is_reached(wide, row, figure, (double)value, (double)value, &reached, error) != BASE_OK)
            return error->code;
    return figure->hidden && !is_settled(ground, figure)
               ? ask_whether_large(wide, row, figure, error)
               : BASE_OK;
}

static enum base_code find_ends(struct wide *wide, size_t row, struct attack_figure *figure,
                                struct base_error *error)
{
    if (!figure->hidden || !wide->ground->attack->to_the_ends)
        return BASE_OK;
    if (find_end(wide, row, figure, 1, error) != BASE_OK ||
        find_end(wide, row, figure, -1, error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* With the freedom of the figure's own places, whatever the others are: what that rules out none of them can change. */
static enum base_code rule_out_alone(struct wide *wide, struct attack_figure *figure,
                                     struct base_error *error)
{
    struct joint_scope own;
    scope_of(wide->ground, figure, &own);
    own.places = figure->set.places;
    if (wide_open(wide, &own, JOINT_OWN, error) != BASE_OK)
        return error->code;
    rule_out(wide, joint_add_figure(&wide->joint, figure), figure);
    return BASE_OK;
}

/* A program with the freedom of at most so many places. */
static enum base_code open_with(struct wide *wide, unsigned places,
                                const struct attack_figure *figure, struct base_error *error)
{
    const struct ground *ground = wide->ground;
    struct joint_scope all, part;
    scope_of(ground, figure, &all);
    wide->is_last =
        wide_narrow(wide, &all, ground->cell[ground->member[figure->first]].place, places, &part);
    return wide_open(wide, &part, JOINT_EXACT, error);
}

static enum base_code settle_with(struct wide *wide, unsigned places, struct attack_figure *figure,
                                  struct base_error *error)
{
    const struct ground *ground = wide->ground;
    if (open_with(wide, places, figure, error) != BASE_OK)
        return error->code;
    const size_t row = joint_add_figure(&wide->joint, figure);
    if (wide->is_last)
        rule_out(wide, row, figure);
    if (settle_values(wide, row, figure, error) != BASE_OK)
        return error->code;
    if (!wide->is_last)
        return BASE_OK;
    figure->ruled_out = all_values(ground) & ~figure->seen;
    figure->never_large = is_small(ground, figure);
    return find_ends(wide, row, figure, error);
}

static bool is_of(const struct attack_figure *figure, const struct place_set *places)
{
    return place_set_equals(&figure->set.places, places);
}

/* ---- many figures at once -------------------------------------------------------------------- */

enum { MOST_AT_ONCE = 32 };

struct batch {
    struct attack_figure *figure[MOST_AT_ONCE];
    size_t row[MOST_AT_ONCE], count;
};

/* Asks for the same value of all that lack it; of each half of them where no tally has it of all. One is left to be asked
 * by itself. */
static void ask_together(struct wide *wide, const struct batch *batch, size_t first, size_t end,
                         int64_t value)
{
    size_t lacking = 0;
    for (size_t i = first; i < end; i++) {
        const double by = (double)(value - batch->figure[i]->value);
        if (!lacks(batch->figure[i], value))
            continue;
        joint_bound(&wide->joint, batch->row[i], by, by);
        lacking++;
    }
    const bool found = lacking > 1 && joint_solve(&wide->joint, JOINT_LINEAR) == JOINT_FOUND &&
                       wide_note_found(wide);
    for (size_t i = first; i < end; i++)
        joint_bound(&wide->joint, batch->row[i], -INFINITY, INFINITY);
    if (found || lacking < 2 || attack_is_late(wide->ground))
        return;
    ask_together(wide, batch, first, first + (end - first) / 2, value);
    ask_together(wide, batch, first + (end - first) / 2, end, value);
}

/* Hidden ones of the same years as the first. */
static enum base_code settle_together(struct wide *wide, const struct place_set *places,
                                      unsigned most_places, struct base_error *error)
{
    struct ground *ground = wide->ground;
    struct batch batch = {.count = 0};
    struct joint_scope scope = {.first = 0}, other;
    for (size_t i = 0; i < ground->figures && batch.count < MOST_AT_ONCE; i++) {
        struct attack_figure *figure = &ground->figure[i];
        if (!is_of(figure, places) || !figure->hidden || is_settled(ground, figure))
            continue;
        scope_of(ground, figure, &other);
        if (batch.count == 0) {
            scope = other;
            if (open_with(wide, most_places, figure, error) != BASE_OK)
                return error->code;
        } else if (other.first != scope.first || other.end != scope.end) {
            continue;
        }
        batch.figure[batch.count] = figure;
        batch.row[batch.count++] = joint_add_figure(&wide->joint, figure);
    }
    for (int64_t value = 0; value < (int64_t)ground->attack->threshold; value++)
        ask_together(wide, &batch, 0, batch.count, value);
    return BASE_OK;
}

/* ---- all figures ----------------------------------------------------------------------------- */

/* Those of these places: by themselves, and then with more and more others. */
static enum base_code settle_places(struct wide *wide, const struct place_set *places,
                                    struct base_error *error)
{
    struct ground *ground = wide->ground;
    for (size_t level = 0; level <= WIDE_LEVELS; level++) {
        if (level > 0 && settle_together(wide, places, wide_levels[level - 1], error) != BASE_OK)
            return error->code;
        for (size_t i = 0; i < ground->figures; i++) {
            struct attack_figure *figure = &ground->figure[i];
            if (!is_of(figure, places) || is_settled(ground, figure))
                continue;
            if (attack_is_late(ground))
                return fail_tables(error, BASE_NOT_PROVEN);
            if ((level == 0 ? rule_out_alone(wide, figure, error)
                            : settle_with(wide, wide_levels[level - 1], figure, error)) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static enum base_code settle_figures(struct wide *wide, struct base_error *error)
{
    const struct ground *ground = wide->ground;
    for (size_t i = 0; i < ground->figures; i++) {
        const struct place_set places = ground->figure[i].set.places;
        if (!is_settled(ground, &ground->figure[i]) &&
            settle_places(wide, &places, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

enum base_code wide_search(struct ground *ground, struct base_error *error)
{
    struct wide wide = {.ground = ground};
    order_places(&wide);
    enum base_code code = settle_figures(&wide, error);
    for (size_t i = 0; code == BASE_OK && i < ground->scopes; i++)
        code = wide_settle_cells(&wide, i, error);
    close_wide(&wide);
    return code;
}
