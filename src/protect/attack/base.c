/* One tally that agrees with all that is shown. */
#include <math.h>
#include <string.h>

#include "../fail.h"
#include "inside.h"
#include "life.h"

/* Of several places it is looked for place by place first, then of so many together. */
enum { MOST_TOGETHER = 8 };

/* ---- what hangs together --------------------------------------------------------------------- */

static bool meets(const struct ground *ground, const struct joint_scope *scope,
                  const struct cell_set *set)
{
    const unsigned first = ground->first + scope->first, end = ground->first + scope->end;
    return set->months.first < end && set->months.last >= first &&
           ((set->places.word[0] & scope->places.word[0]) != 0 ||
            (set->places.word[1] & scope->places.word[1]) != 0);
}

static bool add_months(struct joint_scope *scope, unsigned first, unsigned end)
{
    const struct joint_scope before = *scope;
    scope->first = first < scope->first ? first : scope->first;
    scope->end = end > scope->end ? end : scope->end;
    return scope->first != before.first || scope->end != before.end;
}

static bool add_set(const struct ground *ground, struct joint_scope *scope,
                    const struct cell_set *set)
{
    const struct place_set before = scope->places;
    scope->places.word[0] |= set->places.word[0];
    scope->places.word[1] |= set->places.word[1];
    const bool more =
        add_months(scope, set->months.first - ground->first, set->months.last + 1U - ground->first);
    return more || !place_set_equals(&before, &scope->places);
}

static bool add_lives(const struct ground *ground, struct joint_scope *scope)
{
    bool more = false;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        const struct attack_life *life = &ground->life[place];
        if (life->known && place_set_has(&scope->places, place) && life->first < scope->end &&
            life->end > scope->first)
            more = add_months(scope, life->first, life->end) || more;
    }
    return more;
}

static void find_scope(const struct ground *ground, unsigned place, unsigned month,
                       struct joint_scope *scope)
{
    *scope = (struct joint_scope){.first = month, .end = month + 1};
    place_set_add(&scope->places, place);
    for (bool more = true; more;) {
        more = add_lives(ground, scope);
        for (size_t i = 0; i < ground->figures; i++) {
            const struct attack_figure *figure = &ground->figure[i];
            if (figure->told && meets(ground, scope, &figure->set))
                more = add_set(ground, scope, &figure->set) || more;
        }
    }
}

static bool is_within(const struct joint_scope *scope, const struct attack_cell *cell)
{
    return cell->month >= scope->first && cell->month < scope->end &&
           place_set_has(&scope->places, cell->place);
}

/* ---- the tally ------------------------------------------------------------------------------- */

bool base_agrees(const struct ground *ground)
{
    for (size_t i = 0; i < ground->cells; i++)
        if (ground->cell[i].base < 0)
            return false;
    for (size_t i = 0; i < ground->figures; i++)
        if (ground->figure[i].told &&
            figures_value(ground, &ground->figure[i]) != ground->figure[i].value)
            return false;
    return life_agrees(ground);
}

static void add_change(struct ground *ground, const struct joint *joint)
{
    for (size_t i = 0; i < ground->cells; i++)
        ground->cell[i].base += joint_change(joint, i);
}

/* As many cells that are 0 as can be are made 1, or nearly as many. A solver's tally has a few full cells; in one with
 * contacts in many, changes are found that leave all sums as they are. */
static enum base_code spread(struct ground *ground, const struct joint_scope *scope,
                             struct base_error *error)
{
    struct joint joint;
    uint32_t *zero;
    size_t zeros = 0;
    double most = 0;
    enum base_code code = joint_new(ground, scope, JOINT_OWN, &joint, error);
    if (code == BASE_OK)
        code = arena_take(joint.arena, joint.cells, sizeof *zero, &zero, error);
    for (size_t i = 0; code == BASE_OK && i < joint.cells; i++) {
        const bool is_zero = ground->cell[joint.cell[i]].base == 0;
        joint_price(&joint, i, is_zero ? -1 : 0.01, is_zero ? 1 : INFINITY, 0.01, INFINITY);
        if (is_zero)
            zero[zeros++] = joint.cell[i];
    }
    if (code == BASE_OK && zeros > 0 && joint_linear(&joint)) {
        for (size_t i = 0; i < zeros; i++)
            most += joint_net(&joint, joint.number[zero[i]]);
        const int64_t wanted = (int64_t)(most * 0.7);
        joint_bound(&joint, joint_add_sum(&joint, zero, zeros), (double)wanted, INFINITY);
        if (joint_solve(&joint, JOINT_WHOLE) == JOINT_FOUND)
            add_change(ground, &joint);
    }
    joint_close(&joint);
    return code;
}

/* Adds to the tally what a program finds. */
static enum base_code add_found(struct ground *ground, const struct joint_scope *scope,
                                enum joint_mode mode, enum joint_answer *answer,
                                struct base_error *error)
{
    struct joint joint;
    *answer = JOINT_UNKNOWN;
    enum base_code code = joint_new(ground, scope, mode, &joint, error);
    if (code == BASE_OK)
        *answer = joint_solve(&joint, mode == JOINT_ELASTIC ? JOINT_WHOLE : JOINT_PATIENT);
    if (code == BASE_OK && *answer == JOINT_FOUND)
        add_change(ground, &joint);
    joint_close(&joint);
    return code == BASE_OK && *answer == JOINT_FOUND && mode == JOINT_OWN
               ? spread(ground, scope, error)
               : code;
}

/* ---- place by place -------------------------------------------------------------------------- */

/* By how much figures of several places differ from what is shown. */
static int64_t miss_of(const struct ground *ground, const struct joint_scope *scope)
{
    int64_t miss = 0;
    for (size_t i = 0; i < ground->figures; i++) {
        const struct attack_figure *figure = &ground->figure[i];
        if (!figure->told || !meets(ground, scope, &figure->set))
            continue;
        const int64_t apart = figure->value - figures_value(ground, figure);
        miss += apart < 0 ? -apart : apart;
    }
    return miss;
}

/* One after the other: each place by itself, or so many of them. */
static enum base_code each_place(struct ground *ground, const struct joint_scope *scope,
                                 enum joint_mode mode, unsigned together, bool *possible,
                                 struct base_error *error)
{
    for (unsigned place = 0; *possible && place < ground->attack->place_count; place++) {
        struct joint_scope one = {.first = scope->first, .end = scope->end};
        enum joint_answer answer;
        if (!place_set_has(&scope->places, place))
            continue;
        place_set_add(&one.places, place);
        for (unsigned more = place + 1, number = 1; number < together; more++) {
            more = more < ground->attack->place_count ? more : 0;
            if (more == place)
                break;
            number += place_set_has(&scope->places, more) ? 1 : 0;
            if (place_set_has(&scope->places, more))
                place_set_add(&one.places, more);
        }
        if (add_found(ground, &one, mode, &answer, error) != BASE_OK)
            return error->code;
        if (answer == JOINT_UNKNOWN && mode != JOINT_ELASTIC)
            return fail_tables(error, BASE_NOT_PROVEN);
        *possible = answer != JOINT_NOTHING;
    }
    return BASE_OK;
}

static void forget(struct ground *ground, const struct joint_scope *scope)
{
    for (size_t i = 0; i < ground->cells; i++)
        if (is_within(scope, &ground->cell[i]))
            ground->cell[i].base = 0;
}

/* Each place by itself, then so that less is missed together; *done if nothing is. */
static enum base_code find_by_place(struct ground *ground, const struct joint_scope *scope,
                                    bool *possible, bool *done, struct base_error *error)
{
    if (each_place(ground, scope, JOINT_OWN, 1, possible, error) != BASE_OK)
        return error->code;
    int64_t miss = miss_of(ground, scope), before = INT64_MAX;
    for (unsigned together = 1; *possible && miss > 0 && together <= MOST_TOGETHER;) {
        before = miss;
        if (each_place(ground, scope, JOINT_ELASTIC, together, possible, error) != BASE_OK)
            return error->code;
        miss = miss_of(ground, scope);
        together += miss > before / 2 ? 1 : 0;
    }
    *done = *possible && miss == 0;
    if (!*done)
        forget(ground, scope);
    return BASE_OK;
}

static enum base_code find_together(struct ground *ground, const struct joint_scope *scope,
                                    bool *possible, struct base_error *error)
{
    const bool several = place_set_count(&scope->places) > 1;
    bool done = false;
    enum joint_answer answer;
    if (several && find_by_place(ground, scope, possible, &done, error) != BASE_OK)
        return error->code;
    if (done || !*possible)
        return BASE_OK;
    if (add_found(ground, scope, JOINT_EXACT, &answer, error) != BASE_OK)
        return error->code;
    *possible = answer != JOINT_NOTHING;
    return answer == JOINT_UNKNOWN ? fail_tables(error, BASE_NOT_PROVEN) : BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void note_base(struct ground *ground)
{
    for (size_t i = 0; i < ground->figures; i++) {
        struct attack_figure *figure = &ground->figure[i];
        figure->value = figures_value(ground, figure);
        figure->least = figure->most = figure->value;
        figures_note(ground, figure, figure->value);
    }
}

static enum base_code find_scopes(struct ground *ground, struct base_error *error)
{
    const size_t months = ground->attack->place_count * ground->months;
    if (arena_take(ground->arena, months, sizeof *ground->scope_of, &ground->scope_of, error) !=
        BASE_OK)
        return error->code;
    for (size_t i = 0; i < months; i++)
        ground->scope_of[i] = ATTACK_NONE;
    for (size_t i = 0; i < months; i++) {
        if (!ground->touched[i] || ground->scope_of[i] != ATTACK_NONE)
            continue;
        if (arena_grow(ground->arena, &ground->scope, ground->scopes, &ground->scope_room,
                       sizeof *ground->scope, error) != BASE_OK)
            return error->code;
        struct joint_scope *scope = &ground->scope[ground->scopes];
        find_scope(ground, (unsigned)(i / ground->months), (unsigned)(i % ground->months), scope);
        for (unsigned place = 0; place < ground->attack->place_count; place++)
            for (unsigned month = scope->first; month < scope->end; month++)
                if (place_set_has(&scope->places, place))
                    ground->scope_of[(size_t)place * ground->months + month] =
                        (uint32_t)ground->scopes;
        ground->scopes++;
    }
    return BASE_OK;
}

enum base_code base_find(struct ground *ground, bool *possible, struct base_error *error)
{
    *possible = true;
    if (find_scopes(ground, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; *possible && i < ground->scopes; i++)
        if (find_together(ground, &ground->scope[i], possible, error) != BASE_OK)
            return error->code;
    if (!*possible)
        return BASE_OK;
    if (!base_agrees(ground))
        return fail_tables(error, BASE_NOT_PROVEN);
    note_base(ground);
    return BASE_OK;
}
