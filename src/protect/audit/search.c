/* Witnesses that the pool does not have: the audit's own programs, linear, then whole. */
#include <math.h>

#include "inside.h"

/* Of one whole program. */
enum { MOST_NODES = 2000 };
#define SECONDS 30.0

struct searching {
    struct audit *audit;
    struct changes changes;
    void *state;
    double *values;
};

/* Of a change of 1. Nearly the same for all columns: where many changes cost exactly the same, solvers look at
 * them one after the other. */
static double cost_of(size_t column)
{
    return 1 + (double)(column * 7919 % 1000) / 10000;
}

struct posed {
    struct solver_column *columns;
    struct solver_row *row;
    uint32_t *column;
    double *factor;
    size_t terms;
};

static void write_term(struct posed *posed, size_t column, double factor)
{
    posed->column[posed->terms] = (uint32_t)column;
    posed->factor[posed->terms++] = factor;
}

/* Two columns for each cell: by how much it is more, by how much less; then the balances. */
static void write_program(const struct changes *changes, struct posed *posed)
{
    const struct whole_system *system = &changes->system;
    for (size_t i = 0; i < changes->cells; i++) {
        posed->columns[2 * i] = (struct solver_column){0, INFINITY, cost_of(2 * i), true};
        posed->columns[2 * i + 1] =
            (struct solver_column){0, -(double)system->lower[i], cost_of(2 * i + 1), true};
    }
    for (size_t i = changes->cells; i < system->columns; i++)
        posed->columns[i + changes->cells] =
            (struct solver_column){(double)system->lower[i], INFINITY, 0, false};
    for (size_t i = 0; i < system->rows; i++) {
        const struct whole_row *row = &system->row[i];
        const bool fixed = row->lower == row->upper;
        const size_t first = posed->terms;
        for (size_t j = row->first; j < row->first + row->count; j++) {
            const size_t column = system->term[j].column;
            const double factor = system->term[j].factor;
            if (column >= changes->cells) {
                write_term(posed, column + changes->cells, factor);
                continue;
            }
            write_term(posed, 2 * column, factor);
            write_term(posed, 2 * column + 1, -factor);
        }
        posed->row[i] =
            (struct solver_row){first, posed->terms - first, fixed ? (double)row->lower : -INFINITY,
                                fixed ? (double)row->upper : INFINITY};
    }
}

static enum base_code open_program(struct searching *searching, struct base_error *error)
{
    struct arena *arena = searching->audit->arena;
    const struct whole_system *system = &searching->changes.system;
    const size_t columns = system->columns + searching->changes.cells;
    struct posed posed = {.terms = 0};
    if (arena_take(arena, columns, sizeof *posed.columns, &posed.columns, error) != BASE_OK ||
        arena_take(arena, system->rows, sizeof *posed.row, &posed.row, error) != BASE_OK ||
        arena_take(arena, 2 * system->terms, sizeof *posed.column, &posed.column, error) !=
            BASE_OK ||
        arena_take(arena, 2 * system->terms, sizeof *posed.factor, &posed.factor, error) !=
            BASE_OK ||
        arena_take(arena, columns, sizeof *searching->values, &searching->values, error) != BASE_OK)
        return error->code;
    write_program(&searching->changes, &posed);
    const struct solver_program program = {posed.columns, columns,      posed.row,
                                           system->rows,  posed.column, posed.factor};
    searching->state = searching->audit->solver->open(&program); /* NULL: nothing is found */
    return BASE_OK;
}

enum base_code search_new(struct audit *audit, struct searching **out, struct base_error *error)
{
    struct searching *searching;
    if (arena_take(audit->arena, 1, sizeof *searching, &searching, error) != BASE_OK)
        return error->code;
    searching->audit = audit;
    if (changes_new(audit, CHANGES_ALL_PLACES, true, &searching->changes, error) != BASE_OK ||
        open_program(searching, error) != BASE_OK)
        return error->code;
    *out = searching;
    return BASE_OK;
}

void search_close(struct searching *searching)
{
    if (searching != NULL)
        searching->audit->solver->close(searching->state);
}

/* ---- one requirement ------------------------------------------------------------------------- */

/* Whether what the solver says is a tally that agrees and meets the requirement. */
static bool confirm(const struct searching *searching, const struct requirement *one)
{
    const struct audit *audit = searching->audit;
    for (size_t i = 0; i < audit->problem->cells; i++) {
        int64_t more, less;
        const size_t column = searching->changes.column[i];
        if (!solver_round(searching->values[2 * column], &more) ||
            !solver_round(searching->values[2 * column + 1], &less))
            return false;
        audit->tally[i] = audit->problem->cell[i].truth + more - less;
    }
    return agree_add_up(audit) && requirement_is_met(audit, one);
}

static enum search_answer solve(const struct searching *searching, const struct requirement *one)
{
    enum search_answer answer = SEARCH_FAILED;
    for (unsigned integer = 0; answer == SEARCH_FAILED && integer < 2; integer++) {
        const struct solver_task task = {
            .integer = integer == 1,
            .first = true,
            .nodes = MOST_NODES,
            .seconds = SECONDS,
            .values = searching->values,
        };
        const enum solver_answer said = searching->audit->solver->solve(searching->state, &task);
        if (said == SOLVER_INFEASIBLE)
            return SEARCH_NOTHING;
        if (said != SOLVER_OPTIMAL && said != SOLVER_FEASIBLE)
            return SEARCH_FAILED;
        if (confirm(searching, one))
            answer = SEARCH_FOUND;
    }
    return answer;
}

/* More of the cell, or else less. */
static enum search_answer solve_cell(const struct searching *searching,
                                     const struct requirement *one)
{
    const struct protect_solver *solver = searching->audit->solver;
    const size_t column = searching->changes.column[one->cell];
    const double most = -(double)searching->changes.system.lower[column];
    solver->bound_column(searching->state, 2 * column, 1, INFINITY);
    solver->bound_column(searching->state, 2 * column + 1, 0, 0);
    enum search_answer answer = solve(searching, one);
    if (answer == SEARCH_NOTHING && most >= 1) {
        solver->bound_column(searching->state, 2 * column, 0, 0);
        solver->bound_column(searching->state, 2 * column + 1, 1, most);
        answer = solve(searching, one);
    }
    solver->bound_column(searching->state, 2 * column, 0, INFINITY);
    solver->bound_column(searching->state, 2 * column + 1, 0, most);
    return answer;
}

static enum search_answer solve_figure(const struct searching *searching,
                                       const struct requirement *one)
{
    const struct suppression_problem *problem = searching->audit->problem;
    const struct protect_solver *solver = searching->audit->solver;
    const size_t row = searching->changes.figure[one->figure];
    const double wanted = (double)(one->value - problem->figure[one->figure].value);
    const bool for_maker = one->kind == REQUIRE_MAKER;
    const size_t maker = for_maker ? searching->changes.figure[one->maker] : row;
    if (row == CHANGES_NONE || maker == CHANGES_NONE)
        return SEARCH_NOTHING; /* a figure without cells is what it is */
    solver->bound_row(searching->state, row, wanted, wanted);
    if (for_maker)
        solver->bound_row(searching->state, maker, (double)(1 - problem->figure[one->maker].value),
                          INFINITY);
    const enum search_answer answer = solve(searching, one);
    solver->bound_row(searching->state, row, -INFINITY, INFINITY);
    if (for_maker)
        solver->bound_row(searching->state, maker, -INFINITY, INFINITY);
    return answer;
}

enum search_answer search_witness(struct searching *searching, const struct requirement *one)
{
    if (searching->state == NULL)
        return SEARCH_FAILED;
    return one->kind == REQUIRE_CELL ? solve_cell(searching, one) : solve_figure(searching, one);
}
