#include "liar.h"

#include <math.h>
#include <stdlib.h>

#include "random_case.h"

static const struct protect_solver *honest;
static enum liar_way way;
static unsigned asked, tired_after;

struct state {
    void *inner;
    size_t columns, rows;
};

static void *open_liar(const struct solver_program *program)
{
    struct state *state = calloc(1, sizeof *state);
    if (way == LIAR_CLOSED || state == NULL) {
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
    const double end = old_solver_clock() + seconds;
    while (old_solver_clock() < end) /* work that comes to nothing: to sleep is none */
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
    if (answer == SOLVER_OPTIMAL && way == LIAR_ASTRAY && random_below(2) == 0)
        task->values[random_below((unsigned)state->columns)] += random_below(2) == 0 ? 1 : -1;
    for (size_t i = 0; way == LIAR_BAD_DUALS && task->duals != NULL && i < state->rows; i++)
        task->duals[i] = (double)random_below(5) - 2;
    return answer;
}

static enum solver_answer solve(void *opaque, const struct solver_task *task)
{
    const struct state *state = opaque;
    asked++;
    switch (way) {
    case LIAR_SILENT:
        return SOLVER_FAILED;
    case LIAR_TIRED:
        return asked > tired_after ? SOLVER_FAILED : honest->solve(state->inner, task);
    case LIAR_SLOW:
        wait_for(task->seconds);
        return SOLVER_FAILED;
    case LIAR_DENIES:
        return SOLVER_INFEASIBLE;
    case LIAR_DENIES_NOW:
        return random_below(4) == 0 ? SOLVER_INFEASIBLE : honest->solve(state->inner, task);
    case LIAR_ZEROS:
        return claim(state, task, 0);
    case LIAR_NO_NUMBER:
        return claim(state, task, NAN);
    case LIAR_HUGE:
        return claim(state, task, 1e300);
    default:
        return twist(state, task);
    }
}

static void close_liar(void *opaque)
{
    struct state *state = opaque;
    if (state == NULL)
        return;
    honest->close(state->inner);
    free(state);
}

const struct protect_solver *liar_solver(enum liar_way chosen, unsigned after)
{
    static const struct protect_solver liar = {
        .open = open_liar,
        .add_row = add_row,
        .bound_row = bound_row,
        .bound_column = bound_column,
        .set_cost = set_cost,
        .solve = solve,
        .close = close_liar,
    };
    struct base_error error;
    if (honest == NULL && old_solver_find(NULL, &honest, &error) != BASE_OK)
        abort();
    way = chosen;
    asked = 0;
    tired_after = after;
    return &liar;
}

unsigned liar_asked(void)
{
    return asked;
}
