/* Looks for a witness with the solver: a table that changes the true one least. A solver's word is only ever a
 * reason to show less: what it finds is added up. */
#include "inside.h"

#include <math.h>

enum {
    LAZY_ROUNDS = 60, /* so long only what is violated of the rule of sessions is told */
    MOST_CHANGE = 100000,
    ROUNDINGS = 40, /* of a fractional solution */
    ROUNDING_STEPS = 1024,
    MOST_NODES = 400,
    MOST_ITERATIONS = 20000,
    MOST_FAILURES = 3, /* then the solver is not asked any more */
};
static const double seconds = 20, gap = 0.5, doubt = 1e-6;

/* Columns: of each of its cells one that raises it, then one that lowers each cell that can be lowered. Rows: of
 * each figure that has any of them, then of an order and month that were once violated. */
struct program {
    const struct suppression_problem *problem;
    const struct protect_solver *solver;
    void *opened;
    struct state *state;
    struct choice *choice;
    uint32_t first_cell, end_cell; /* of its place, or of all */
    uint32_t *fall;                /* the column that lowers a cell, NO_NUMBER: none */
    size_t columns, rows;
    struct solver_column *column;
    struct solver_row *row, *now; /* as the program was made; bounds as they are now */
    uint32_t *figure;             /* of each row */
    uint32_t *term;
    double *factor, *value;
    double *balance; /* how an order's balance changes, month by month */
    bool *told;      /* of each order and month */
    bool loose;      /* figures that have cells elsewhere, too, are not looked at */
    unsigned failures;
};

/* ---- the program ----------------------------------------------------------------------------- */

static bool is_its_cell(const struct program *program, uint32_t cell)
{
    return cell >= program->first_cell && cell < program->end_cell;
}

static enum base_code take_memory(struct program *program, struct base_error *error)
{
    const struct suppression_problem *problem = program->problem;
    struct arena *arena = problem->arena;
    const size_t cells = program->end_cell - program->first_cell, columns = 2 * cells;
    const size_t balances = problem->orders * problem->months;
    size_t members = cells;
    for (uint32_t i = program->first_cell; i < program->end_cell; i++)
        members += problem->cell[i].covers;
    if (arena_take(arena, problem->cells, sizeof *program->fall, &program->fall, error) !=
            BASE_OK ||
        arena_take(arena, columns, sizeof *program->column, &program->column, error) != BASE_OK ||
        arena_take(arena, columns, sizeof *program->value, &program->value, error) != BASE_OK ||
        arena_take(arena, problem->figures, sizeof *program->row, &program->row, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures, sizeof *program->now, &program->now, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures, sizeof *program->figure, &program->figure, error) !=
            BASE_OK ||
        arena_take(arena, 2 * members, sizeof *program->term, &program->term, error) != BASE_OK ||
        arena_take(arena, 2 * members, sizeof *program->factor, &program->factor, error) !=
            BASE_OK ||
        arena_take(arena, balances, sizeof *program->balance, &program->balance, error) !=
            BASE_OK ||
        arena_take(arena, balances, 1, &program->told, error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

static double room_of(const struct problem_cell *cell)
{
    return (double)cell->truth - cell->least;
}

static void make_columns(struct program *program)
{
    const struct suppression_problem *problem = program->problem;
    program->columns = program->end_cell - program->first_cell;
    for (uint32_t i = program->first_cell; i < program->end_cell; i++) {
        const double room = room_of(&problem->cell[i]);
        program->fall[i] = NO_NUMBER;
        program->column[i - program->first_cell] = (struct solver_column){0, INFINITY, 1, true};
        if (room <= 0)
            continue;
        program->fall[i] = (uint32_t)program->columns;
        program->column[program->columns++] = (struct solver_column){0, room, 1, true};
    }
}

/* One cell's columns, as terms of a row. */
static size_t add_terms(struct program *program, size_t at, uint32_t cell, double factor)
{
    program->term[at] = cell - program->first_cell;
    program->factor[at++] = factor;
    if (program->fall[cell] != NO_NUMBER) {
        program->term[at] = program->fall[cell];
        program->factor[at++] = -factor;
    }
    return at;
}

static void make_rows(struct program *program)
{
    const struct suppression_problem *problem = program->problem;
    size_t terms = 0;
    for (uint32_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        struct solver_row *row = &program->row[program->rows];
        *row = (struct solver_row){terms, 0, -INFINITY, INFINITY};
        for (uint32_t j = figure->first; j < figure->first + figure->count; j++)
            if (is_its_cell(program, problem->member[j]))
                terms = add_terms(program, terms, problem->member[j], 1);
        row->count = terms - row->first;
        if (row->count == 0)
            continue;
        program->figure[program->rows] = i;
        program->now[program->rows++] = *row;
    }
}

static void find_cells(struct program *program, uint32_t place)
{
    const struct suppression_problem *problem = program->problem;
    program->end_cell = (uint32_t)problem->cells;
    if (place == NO_NUMBER)
        return;
    while (program->first_cell < problem->cells &&
           problem->cell[program->first_cell].place != place)
        program->first_cell++;
    program->end_cell = program->first_cell;
    while (program->end_cell < problem->cells && problem->cell[program->end_cell].place == place)
        program->end_cell++;
}

enum base_code program_new(const struct choice_request *request, uint32_t place,
                           struct state *state, struct choice *choice, struct program **out,
                           struct base_error *error)
{
    struct program *program;
    if (arena_take(request->problem->arena, 1, sizeof *program, &program, error) != BASE_OK)
        return error->code;
    *program = (struct program){
        .problem = request->problem, .solver = request->solver, .state = state, .choice = choice};
    find_cells(program, place);
    if (take_memory(program, error) != BASE_OK)
        return error->code;
    make_columns(program);
    make_rows(program);
    *out = program;
    return BASE_OK;
}

/* Not before it is needed. */
static bool open_program(struct program *program)
{
    const struct solver_program whole = {program->column, program->columns, program->row,
                                         program->rows,   program->term,    program->factor};
    if (program->opened == NULL)
        program->opened = program->solver->open(&whole);
    return program->opened != NULL;
}

void program_close(struct program *program)
{
    if (program != NULL && program->opened != NULL)
        program->solver->close(program->opened);
}

/* ---- what is asked --------------------------------------------------------------------------- */

static bool has_others(const struct program *program, const struct problem_figure *figure)
{
    const uint32_t *member = program->problem->member + figure->first;
    return !is_its_cell(program, member[0]) || !is_its_cell(program, member[figure->count - 1]);
}

static void bound_figures(struct program *program)
{
    const struct state *state = program->state;
    for (size_t i = 0; i < program->rows; i++) {
        const uint32_t number = program->figure[i];
        const bool free = program->loose && has_others(program, &program->problem->figure[number]);
        const bool fixed = !free && state->mode[number] == MODE_FIXED;
        const bool least = !free && state->mode[number] == MODE_AT_LEAST;
        const double want = state->want[number];
        const double lower = fixed ? want : least ? 0 : -INFINITY;
        const double upper = fixed ? want : INFINITY;
        struct solver_row *now = &program->now[i];
        if (now->lower == lower && now->upper == upper)
            continue;
        now->lower = lower;
        now->upper = upper;
        program->solver->bound_row(program->opened, i, lower, upper);
    }
}

static void bound_cell(struct program *program, uint32_t cell, double least_rise, double least_fall)
{
    const double room = room_of(&program->problem->cell[cell]);
    program->solver->bound_column(program->opened, cell - program->first_cell, least_rise,
                                  least_fall > 0 ? 0 : INFINITY);
    if (program->fall[cell] != NO_NUMBER)
        program->solver->bound_column(program->opened, program->fall[cell], least_fall,
                                      least_rise > 0 ? 0 : room);
}

static enum solver_answer solve(struct program *program, bool integer)
{
    const struct solver_task task = {
        .integer = integer,
        .nodes = MOST_NODES,
        .gap = gap,
        .iterations = MOST_ITERATIONS,
        .seconds = seconds,
        .values = program->value,
    };
    if (integer)
        program->choice->whole_programs++;
    else
        program->choice->linear_programs++;
    const enum solver_answer answer = program->solver->solve(program->opened, &task);
    if (answer == SOLVER_FAILED)
        program->failures++;
    return answer;
}

/* ---- what comes back ------------------------------------------------------------------------- */

static double net_of(const struct program *program, uint32_t cell)
{
    const uint32_t fall = program->fall[cell];
    return program->value[cell - program->first_cell] -
           (fall == NO_NUMBER ? 0 : program->value[fall]);
}

static void add_balances(struct program *program)
{
    const struct suppression_problem *problem = program->problem;
    for (size_t i = 0; i < problem->orders * problem->months; i++)
        program->balance[i] = 0;
    for (uint32_t i = program->first_cell; i < program->end_cell; i++) {
        const double net = net_of(program, i);
        const uint32_t more = program->state->more_of[i];
        const uint32_t less = program->state->less_of[i];
        for (unsigned month = problem->cell[i].month; net != 0 && month < problem->months;
             month++) {
            if (more != NO_NUMBER)
                program->balance[more * problem->months + month] += net;
            if (less != NO_NUMBER)
                program->balance[less * problem->months + month] -= net;
        }
    }
}

/* The balance of an order up to a month, as a row. */
static void tell_order(struct program *program, uint32_t order, unsigned month)
{
    const struct suppression_problem *problem = program->problem;
    const size_t at = (size_t)order * problem->months + month;
    size_t terms = 0;
    for (uint32_t i = program->first_cell; i < program->end_cell; i++) {
        if (problem->cell[i].month > month)
            continue;
        if (program->state->more_of[i] == order)
            terms = add_terms(program, terms, i, 1);
        else if (program->state->less_of[i] == order)
            terms = add_terms(program, terms, i, -1);
    }
    const struct solver_row row = {0, terms, -(double)program->state->allowance[at], INFINITY};
    program->solver->add_row(program->opened, &row, program->term, program->factor);
    program->told[at] = true;
}

/* Of the months that the solver was not told of the one in which an order is violated most; `months` if none is. */
static unsigned worst_month(const struct program *program, uint32_t order)
{
    const unsigned months = program->problem->months;
    double least = -doubt;
    unsigned worst = months;
    for (unsigned month = 0; month < months; month++) {
        const size_t at = (size_t)order * months + month;
        const double left = program->state->allowance[at] + program->balance[at];
        if (!program->told[at] && left < least) {
            least = left;
            worst = month;
        }
    }
    return worst;
}

/* Of each order that is violated its worst month, or all; false if none is. What was told is not violated again. */
static bool tell_orders(struct program *program, bool all)
{
    const unsigned months = program->problem->months;
    bool any = false;
    add_balances(program);
    for (uint32_t order = 0; order < program->problem->orders; order++) {
        const unsigned worst = worst_month(program, order);
        for (unsigned month = 0; worst < months && month < months; month++)
            if (month == worst || (all && !program->told[(size_t)order * months + month]))
                tell_order(program, order, month);
        any = any || worst < months;
    }
    return any;
}

static bool is_whole(const struct program *program)
{
    for (uint32_t i = program->first_cell; i < program->end_cell; i++) {
        int64_t whole;
        const double net = net_of(program, i);
        if (!solver_round(net, &whole) || fabs(net - (double)whole) > doubt)
            return false;
    }
    return true;
}

/* The values rounded, to the nearest or by chance, as a table; false if it can be none. */
static bool take_rounded(struct program *program, bool by_chance)
{
    struct state *state = program->state;
    state_reset(state);
    for (uint32_t i = program->first_cell; i < program->end_cell; i++) {
        int64_t whole;
        const double shift =
            by_chance ? (double)state_random(state, ROUNDING_STEPS) / (double)ROUNDING_STEPS - 0.5
                      : 0;
        if (!solver_round(net_of(program, i) + shift, &whole) || whole > MOST_CHANGE ||
            whole < -MOST_CHANGE)
            return false;
        if (whole != 0 && state_can_fall(state, i, (int32_t)-whole))
            state_add(state, i, (int32_t)whole);
    }
    return true;
}

/* A fractional solution is near whole ones: each value rounded up or down, and what then is violated mended. */
static bool mend(struct program *program)
{
    for (unsigned i = 0; i < ROUNDINGS; i++)
        if (take_rounded(program, true) && moves_search(program->state))
            return true;
    return false;
}

static enum choose_answer solve_all(struct program *program)
{
    bool integer = false;
    for (unsigned round = 0;; round++) {
        const enum solver_answer answer = solve(program, integer);
        if (answer == SOLVER_INFEASIBLE)
            return CHOOSE_IMPOSSIBLE;
        if (answer == SOLVER_FAILED)
            return CHOOSE_UNKNOWN;
        if (tell_orders(program, round >= LAZY_ROUNDS))
            continue;
        if (program->loose)
            return CHOOSE_UNKNOWN;
        if (integer || is_whole(program))
            return take_rounded(program, false) && state_is_witness(program->state)
                       ? CHOOSE_FOUND
                       : CHOOSE_UNKNOWN;
        if (mend(program))
            return CHOOSE_FOUND;
        integer = true;
    }
}

/* ---- a search -------------------------------------------------------------------------------- */

static enum choose_answer solve_for_cell(struct program *program, uint32_t cell, bool rise)
{
    if (!rise && program->fall[cell] == NO_NUMBER)
        return CHOOSE_IMPOSSIBLE;
    bound_cell(program, cell, rise ? 1 : 0, rise ? 0 : 1);
    const enum choose_answer answer = solve_all(program);
    bound_cell(program, cell, 0, 0);
    return answer;
}

enum choose_answer program_search(struct program *program, uint32_t cell, bool loose)
{
    if (program->failures >= MOST_FAILURES || !open_program(program))
        return CHOOSE_UNKNOWN;
    program->loose = loose;
    bound_figures(program);
    if (cell == NO_NUMBER)
        return solve_all(program);
    const enum choose_answer rise = solve_for_cell(program, cell, true);
    if (rise == CHOOSE_FOUND)
        return rise;
    const enum choose_answer fall = solve_for_cell(program, cell, false);
    return fall == CHOOSE_IMPOSSIBLE ? rise : fall;
}
