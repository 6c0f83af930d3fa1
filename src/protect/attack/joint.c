/* Programs over the cells of some places and months: tallies as changes of the one that is there. */
#include "joint_inside.h"

#include <math.h>
#include <string.h>

enum { MOST_NODES = 2000, FIRST_NODES = 250, MOST_TIMES = 10, SLACK_COST = 1000 };
#define SECONDS 60.0

/* ---- cells ----------------------------------------------------------------------------------- */

static bool is_inside(const struct joint_scope *scope, const struct attack_cell *cell)
{
    return cell->month >= scope->first && cell->month < scope->end &&
           place_set_has(&scope->places, cell->place);
}

static enum base_code list_cells(struct joint *joint, struct base_error *error)
{
    const struct ground *ground = joint->ground;
    struct arena *arena = joint->arena;
    if (arena_take(arena, ground->cells, sizeof *joint->number, &joint->number, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < ground->cells; i++)
        joint->number[i] =
            is_inside(&joint->scope, &ground->cell[i]) ? (uint32_t)joint->cells++ : ATTACK_NONE;
    if (arena_take(arena, joint->cells, sizeof *joint->cell, &joint->cell, error) != BASE_OK ||
        arena_take(arena, joint->cells, sizeof *joint->fall, &joint->fall, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < ground->cells; i++)
        if (joint->number[i] != ATTACK_NONE)
            joint->cell[joint->number[i]] = i;
    return BASE_OK;
}

/* ---- the program ----------------------------------------------------------------------------- */

/* Of a change of 1. Nearly the same for all columns: where many changes cost exactly the same, solvers look at
 * them one after the other. */
static double cost_of(size_t column)
{
    return 1 + (double)(column * 7919 % 1000) / 10000;
}

static enum base_code put_column(struct joint_writing *to, double lower, double upper, double cost,
                                 bool integer, struct base_error *error)
{
    if (arena_grow(to->joint->arena, &to->column, to->columns, &to->column_room, sizeof *to->column,
                   error) != BASE_OK)
        return error->code;
    to->column[to->columns++] = (struct solver_column){lower, upper, cost, integer};
    return BASE_OK;
}

static enum base_code put_row(struct joint_writing *to, double lower, double upper,
                              struct base_error *error)
{
    if (arena_grow(to->joint->arena, &to->row, to->rows, &to->row_room, sizeof *to->row, error) !=
        BASE_OK)
        return error->code;
    to->row[to->rows++] = (struct solver_row){to->terms, 0, lower, upper};
    return BASE_OK;
}

enum base_code joint_put_term(struct joint_writing *to, size_t column, double factor,
                              struct base_error *error)
{
    size_t room = to->term_room;
    if (arena_grow(to->joint->arena, &to->term, to->terms, &to->term_room, sizeof *to->term,
                   error) != BASE_OK ||
        arena_grow(to->joint->arena, &to->factor, to->terms, &room, sizeof *to->factor, error) !=
            BASE_OK)
        return error->code;
    to->term[to->terms] = (uint32_t)column;
    to->factor[to->terms++] = factor;
    to->row[to->rows - 1].count++;
    return BASE_OK;
}

enum base_code joint_put_cell(struct joint_writing *to, uint32_t number, double factor,
                              struct base_error *error)
{
    const uint32_t fall = to->joint->fall[number];
    if (joint_put_term(to, number, factor, error) != BASE_OK ||
        (fall != ATTACK_NONE && joint_put_term(to, fall, -factor, error) != BASE_OK))
        return error->code;
    return BASE_OK;
}

enum base_code joint_put_balance(struct joint_writing *to, double least, size_t *column,
                                 struct base_error *error)
{
    *column = to->columns;
    return put_column(to, least, INFINITY, 0, false, error);
}

enum base_code joint_put_row(struct joint_writing *to, struct base_error *error)
{
    return put_row(to, 0, 0, error);
}

static enum base_code put_cells(struct joint_writing *to, struct base_error *error)
{
    struct joint *joint = to->joint;
    for (size_t i = 0; i < joint->cells; i++)
        if (put_column(to, 0, INFINITY, cost_of(2 * i), true, error) != BASE_OK)
            return error->code;
    for (size_t i = 0; i < joint->cells; i++) {
        const int32_t base = joint->ground->cell[joint->cell[i]].base;
        joint->fall[i] = base > 0 ? (uint32_t)to->columns : ATTACK_NONE;
        if (base > 0 && put_column(to, 0, base, cost_of(2 * i + 1), true, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* Two columns by which the last row may be broken. */
static enum base_code put_slack(struct joint_writing *to, struct base_error *error)
{
    for (unsigned side = 0; side < 2; side++)
        if (put_column(to, 0, INFINITY, SLACK_COST, false, error) != BASE_OK ||
            joint_put_term(to, to->columns - 1, side == 0 ? 1 : -1, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

static bool lies_inside(const struct joint *joint, const struct attack_figure *figure)
{
    for (size_t i = figure->first; i < figure->first + figure->count; i++)
        if (joint->number[joint->ground->member[i]] == ATTACK_NONE)
            return false;
    return true;
}

/* The row of a figure that is shown, as far as it lies inside; what the figure lacks is to be made up for. */
static enum base_code put_figure(struct joint_writing *to, const struct attack_figure *figure,
                                 enum joint_mode mode, struct base_error *error)
{
    const struct ground *ground = to->joint->ground;
    const double lacks = (double)(figure->value - figures_value(ground, figure));
    const bool whole = mode == JOINT_EXACT || lies_inside(to->joint, figure);
    bool any = false;
    if (mode == JOINT_OWN && !whole)
        return BASE_OK;
    for (size_t i = figure->first; i < figure->first + figure->count; i++) {
        const uint32_t number = to->joint->number[ground->member[i]];
        if (number == ATTACK_NONE)
            continue;
        if (!any && put_row(to, lacks, lacks, error) != BASE_OK)
            return error->code;
        any = true;
        if (joint_put_cell(to, number, 1, error) != BASE_OK)
            return error->code;
    }
    return any && !whole ? put_slack(to, error) : BASE_OK;
}

static bool may_meet(const struct joint *joint, const struct cell_set *set)
{
    const struct ground *ground = joint->ground;
    const struct cell_set scope = {
        .places = joint->scope.places,
        .months = {(base_month)(ground->first + joint->scope.first),
                   (base_month)(ground->first + joint->scope.end - 1)},
        .channels = CODEBOOK_ALL_CHANNELS,
        .parties = CODEBOOK_ALL_PARTIES,
        .sessions = COUNTS_ALL_SESSIONS,
    };
    struct cell_set both;
    return cell_set_intersect(&scope, set, &both);
}

static enum base_code write_program(struct joint_writing *to, enum joint_mode mode,
                                    struct base_error *error)
{
    const struct ground *ground = to->joint->ground;
    if (put_cells(to, error) != BASE_OK || joint_put_lives(to, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < ground->figures; i++) {
        const struct attack_figure *figure = &ground->figure[i];
        if (figure->told && may_meet(to->joint, &figure->set) &&
            put_figure(to, figure, mode, error) != BASE_OK)
            return error->code;
    }
    to->joint->columns = to->columns;
    to->joint->rows = to->rows;
    return BASE_OK;
}

static enum base_code open_joint(struct joint *joint, enum joint_mode mode,
                                 struct base_error *error)
{
    struct joint_writing to = {.joint = joint};
    if (list_cells(joint, error) != BASE_OK || write_program(&to, mode, error) != BASE_OK ||
        arena_take(joint->arena, to.columns, sizeof *joint->values, &joint->values, error) !=
            BASE_OK ||
        arena_take(joint->arena, to.columns, sizeof *joint->term, &joint->term, error) != BASE_OK ||
        arena_take(joint->arena, to.columns, sizeof *joint->factor, &joint->factor, error) !=
            BASE_OK)
        return error->code;
    const struct solver_program program = {to.column, to.columns, to.row,
                                           to.rows,   to.term,    to.factor};
    joint->state = joint->ground->solver->open(&program); /* NULL: nothing is found */
    return BASE_OK;
}

enum base_code joint_new(struct ground *ground, const struct joint_scope *scope,
                         enum joint_mode mode, struct joint *joint, struct base_error *error)
{
    *joint = (struct joint){.ground = ground, .scope = *scope};
    if (arena_new(&joint->arena, error) != BASE_OK)
        return error->code;
    return open_joint(joint, mode, error);
}

void joint_close(struct joint *joint)
{
    if (joint->state != NULL)
        joint->ground->solver->close(joint->state);
    arena_free(joint->arena);
    *joint = (struct joint){.ground = NULL};
}

/* ---- solving --------------------------------------------------------------------------------- */

double joint_net(const struct joint *joint, size_t number)
{
    const uint32_t fall = joint->fall[number];
    return joint->values[number] - (fall == ATTACK_NONE ? 0 : joint->values[fall]);
}

/* All changes are whole, and within reason. */
static bool is_whole(const struct joint *joint)
{
    for (size_t i = 0; i < joint->cells; i++) {
        int64_t whole;
        const double net = joint_net(joint, i);
        const int32_t base = joint->ground->cell[joint->cell[i]].base;
        if (!solver_round(net, &whole) || fabs(net - (double)whole) > 1e-6 || base + whole < 0 ||
            base + whole > ATTACK_MOST_VALUE)
            return false;
    }
    return true;
}

int32_t joint_change(const struct joint *joint, size_t cell)
{
    int64_t whole = 0;
    const uint32_t number = joint->number[cell];
    if (number != ATTACK_NONE)
        (void)solver_round(joint_net(joint, number), &whole);
    return (int32_t)whole;
}

static enum solver_answer ask(struct joint *joint, bool integer, unsigned nodes)
{
    const struct ground *ground = joint->ground;
    const double left = ground->deadline > 0 ? ground->deadline - solver_clock() : SECONDS;
    const struct solver_task task = {
        .integer = integer,
        .first = true,
        .nodes = nodes,
        .seconds = left < SECONDS ? left : SECONDS,
        .values = joint->values,
    };
    return left > 0 ? ground->solver->solve(joint->state, &task) : SOLVER_FAILED;
}

/* Which costs lead to a whole answer soon is luck: they are changed when it takes long. */
static void change_costs(struct joint *joint, unsigned time)
{
    for (size_t i = 0; i < joint->cells; i++) {
        const size_t luck = 2 * i + 2 * joint->cells * time;
        joint->ground->solver->set_cost(joint->state, i, cost_of(luck));
        if (joint->fall[i] != ATTACK_NONE)
            joint->ground->solver->set_cost(joint->state, joint->fall[i], cost_of(luck + 1));
    }
}

enum joint_answer joint_solve(struct joint *joint, enum joint_effort effort)
{
    const unsigned times = effort == JOINT_PATIENT ? MOST_TIMES : effort == JOINT_WHOLE ? 2 : 3;
    for (unsigned time = 0; joint->state != NULL && time < times; time++) {
        const unsigned nodes = effort == JOINT_PATIENT ? (unsigned)FIRST_NODES << time : MOST_NODES;
        if (time > (effort == JOINT_LINEAR ? 0 : 1))
            change_costs(joint, time);
        const enum solver_answer answer = ask(joint, time > 0 && effort != JOINT_LINEAR, nodes);
        if (answer == SOLVER_INFEASIBLE)
            return JOINT_NOTHING;
        joint->is_linear = time == 0 && answer == SOLVER_OPTIMAL;
        if ((answer == SOLVER_OPTIMAL || answer == SOLVER_FEASIBLE) && is_whole(joint))
            return JOINT_FOUND;
        if (attack_is_late(joint->ground))
            break;
    }
    return JOINT_UNKNOWN;
}

size_t joint_add_sum(struct joint *joint, const uint32_t *cell, size_t count)
{
    size_t terms = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t number = joint->number[cell[i]];
        if (number == ATTACK_NONE)
            continue;
        joint->term[terms] = number;
        joint->factor[terms++] = 1;
        if (joint->fall[number] == ATTACK_NONE)
            continue;
        joint->term[terms] = joint->fall[number];
        joint->factor[terms++] = -1;
    }
    const struct solver_row row = {0, terms, -INFINITY, INFINITY};
    if (joint->state != NULL)
        joint->ground->solver->add_row(joint->state, &row, joint->term, joint->factor);
    return joint->rows++;
}

size_t joint_add_figure(struct joint *joint, const struct attack_figure *figure)
{
    return joint_add_sum(joint, joint->ground->member + figure->first, figure->count);
}

void joint_bound(struct joint *joint, size_t row, double lower, double upper)
{
    if (joint->state != NULL)
        joint->ground->solver->bound_row(joint->state, row, lower, upper);
}

void joint_price(struct joint *joint, size_t number, double rise, double most_rise, double fall,
                 double most_fall)
{
    const struct protect_solver *solver = joint->ground->solver;
    const uint32_t down = joint->fall[number];
    const double base = joint->ground->cell[joint->cell[number]].base;
    if (joint->state == NULL)
        return;
    solver->set_cost(joint->state, number, rise);
    solver->bound_column(joint->state, number, 0, most_rise);
    if (down == ATTACK_NONE)
        return;
    solver->set_cost(joint->state, down, fall);
    solver->bound_column(joint->state, down, 0, most_fall < base ? most_fall : base);
}

void joint_price_as_usual(struct joint *joint)
{
    for (size_t i = 0; i < joint->cells; i++)
        joint_price(joint, i, cost_of(2 * i), INFINITY, cost_of(2 * i + 1), INFINITY);
}

bool joint_force(struct joint *joint, size_t number, bool rise)
{
    const uint32_t down = joint->fall[number];
    const double base = joint->ground->cell[joint->cell[number]].base;
    if (joint->state == NULL || (!rise && down == ATTACK_NONE))
        return false;
    joint->ground->solver->bound_column(joint->state, rise ? number : down, 1,
                                        rise ? INFINITY : base);
    return true;
}

bool joint_linear(struct joint *joint)
{
    return joint->state != NULL && ask(joint, false, 0) == SOLVER_OPTIMAL;
}
