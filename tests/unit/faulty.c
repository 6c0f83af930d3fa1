#include "faulty.h"

#include <math.h>
#include <stdlib.h>

static const struct protect_solver *honest;
static enum faulty_way way;
static unsigned asked, tired_after;

/* The same sequence each time. */
static unsigned below(unsigned bound)
{
    static uint32_t state = 7;
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % bound;
}

struct state {
    void *inner;
    size_t columns, rows;
};

static void *open_faulty(const struct solver_program *program)
{
    struct state *state = calloc(1, sizeof *state);
    if (way == FAULTY_CLOSED || state == NULL) {
        free(state);
        return NULL;
    }
    state->inner = honest->open(program);
    state->columns = program->column_count;
    state->rows = program->row_count;
    return state;
}

static void add_row(void *opaque, const struct solver_row *row, const uint32_t *column,
                    const double *factor)
{
    struct state *state = opaque;
    state->rows++;
    honest->add_row(state->inner, row, column, factor);
}

static void bound_row(void *state, size_t row, double lower, double upper)
{
    honest->bound_row(((struct state *)state)->inner, row, lower, upper);
}

static void bound_column(void *state, size_t column, double lower, double upper)
{
    honest->bound_column(((struct state *)state)->inner, column, lower, upper);
}

static void set_cost(void *state, size_t column, double cost)
{
    honest->set_cost(((struct state *)state)->inner, column, cost);
}

static void wait_for(double seconds)
{
    const double end = solver_clock() + seconds;
    while (solver_clock() < end) /* work that comes to nothing: to sleep is none */
        ;
}

static enum solver_answer claim(const struct state *state, const struct solver_task *task,
                                double value)
{
    for (size_t i = 0; i < state->columns; i++)
        task->values[i] = value;
    for (size_t i = 0; task->duals != NULL && i < state->rows; i++)
        task->duals[i] = value;
    return SOLVER_OPTIMAL;
}

static enum solver_answer twist(const struct state *state, const struct solver_task *task)
{
    const enum solver_answer answer = honest->solve(state->inner, task);
    if (answer == SOLVER_OPTIMAL && way == FAULTY_ASTRAY && below(2) == 0)
        task->values[below((unsigned)state->columns)] += below(2) == 0 ? 1 : -1;
    for (size_t i = 0; way == FAULTY_BAD_DUALS && task->duals != NULL && i < state->rows; i++)
        task->duals[i] = (double)below(5) - 2;
    return answer;
}

static enum solver_answer solve(void *opaque, const struct solver_task *task)
{
    const struct state *state = opaque;
    asked++;
    switch (way) {
    case FAULTY_SILENT:
        return SOLVER_FAILED;
    case FAULTY_TIRED:
        return asked > tired_after ? SOLVER_FAILED : honest->solve(state->inner, task);
    case FAULTY_SLOW:
        wait_for(task->seconds < 0.02 ? task->seconds : 0.02); /* tests have no hours */
        return SOLVER_FAILED;
    case FAULTY_DENIES:
        return SOLVER_INFEASIBLE;
    case FAULTY_DENIES_NOW:
        return below(4) == 0 ? SOLVER_INFEASIBLE : honest->solve(state->inner, task);
    case FAULTY_ZEROS:
        return claim(state, task, 0);
    case FAULTY_NO_NUMBER:
        return claim(state, task, NAN);
    case FAULTY_HUGE:
        return claim(state, task, 1e300);
    default:
        return twist(state, task);
    }
}

static void close_faulty(void *opaque)
{
    struct state *state = opaque;
    if (state == NULL)
        return;
    honest->close(state->inner);
    free(state);
}

const struct protect_solver *faulty_solver(enum faulty_way chosen, unsigned after)
{
    static const struct protect_solver faulty = {
        .open = open_faulty,
        .add_row = add_row,
        .bound_row = bound_row,
        .bound_column = bound_column,
        .set_cost = set_cost,
        .solve = solve,
        .close = close_faulty,
    };
    struct base_error error;
    if (honest == NULL && solver_find(NULL, &honest, &error) != BASE_OK)
        abort();
    way = chosen;
    asked = 0;
    tired_after = after;
    return &faulty;
}

unsigned faulty_asked(void)
{
    return asked;
}
