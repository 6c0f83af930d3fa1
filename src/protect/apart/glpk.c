/* The solver that GLPK brings. Part of tavs-protect.so: uses nothing of the program. */
#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "../solver.h"

/* GLPK numbers rows, columns and terms from 1. */
struct state {
    glp_prob *problem;
    int *columns; /* for a row's terms */
    double *factors;
    unsigned times_failed;
    bool new_costs; /* since the last solve: the basis suits the primal simplex, else the dual */
};

/* When GLPK gives up on an error of its own (no memory, mostly), all that it ever allocated is gone: then no
 * state from before may be touched. */
static unsigned times_failed;
static jmp_buf on_error;

static void give_up(void *unused)
{
    (void)unused;
    longjmp(on_error, 1);
}

/* GLPK has things to say on its way out, also when it is told to be silent. */
static int say_nothing(void *unused, const char *text)
{
    (void)unused;
    (void)text;
    return 1;
}

/* What follows runs with GLPK's fatal errors coming back here, as a return value of true. */
#define GLPK_FAILS() (glp_error_hook(give_up, NULL), setjmp(on_error) != 0)

static void note_failure(void)
{
    (void)glp_free_env();
    times_failed++;
}

static bool has_failed(const struct state *state)
{
    return state->times_failed != times_failed;
}

static int bound_type(double lower, double upper)
{
    if (lower == upper)
        return GLP_FX;
    if (isinf(lower))
        return isinf(upper) ? GLP_FR : GLP_UP;
    return isinf(upper) ? GLP_LO : GLP_DB;
}

static void set_row(struct state *state, int row, size_t count, const uint32_t *column,
                    const double *factor)
{
    for (size_t i = 0; i < count; i++) {
        state->columns[i + 1] = (int)column[i] + 1;
        state->factors[i + 1] = factor[i];
    }
    glp_set_mat_row(state->problem, row, (int)count, state->columns, state->factors);
}

static void load(struct state *state, const struct solver_program *program)
{
    glp_prob *problem = glp_create_prob();
    state->problem = problem;
    glp_add_cols(problem, (int)program->column_count);
    for (size_t i = 0; i < program->column_count; i++) {
        const struct solver_column *column = &program->columns[i];
        const int number = (int)i + 1;
        glp_set_col_bnds(problem, number, bound_type(column->lower, column->upper), column->lower,
                         column->upper);
        glp_set_obj_coef(problem, number, column->cost);
        if (column->integer)
            glp_set_col_kind(problem, number, GLP_IV);
    }
    if (program->row_count > 0)
        glp_add_rows(problem, (int)program->row_count);
    for (size_t i = 0; i < program->row_count; i++) {
        const struct solver_row *row = &program->rows[i];
        glp_set_row_bnds(problem, (int)i + 1, bound_type(row->lower, row->upper), row->lower,
                         row->upper);
        set_row(state, (int)i + 1, row->count, program->column + row->first,
                program->factor + row->first);
    }
}

static void close_state(void *opaque)
{
    struct state *state = opaque;
    if (state == NULL)
        return;
    if (!has_failed(state) && state->problem != NULL)
        glp_delete_prob(state->problem);
    free(state->columns);
    free(state->factors);
    free(state);
}

static bool try_to_load(struct state *state, const struct solver_program *program)
{
    enum { READY = 0, READY_BEFORE = 1 };
    const int environment = glp_init_env();
    if (environment != READY && environment != READY_BEFORE)
        return false; /* no memory: whatever else is called would make one, and end the program */
    if (GLPK_FAILS()) {
        note_failure();
        return false;
    }
    (void)glp_term_out(GLP_OFF);
    glp_term_hook(say_nothing, NULL);
    load(state, program);
    return true;
}

static void *open_state(const struct solver_program *program)
{
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return NULL;
    state->columns = calloc(program->column_count + 1, sizeof *state->columns);
    state->factors = calloc(program->column_count + 1, sizeof *state->factors);
    state->times_failed = times_failed;
    if (state->columns == NULL || state->factors == NULL || !try_to_load(state, program)) {
        close_state(state);
        return NULL;
    }
    return state;
}

static void add_row(void *opaque, const struct solver_row *row, const uint32_t *column,
                    const double *factor)
{
    struct state *state = opaque;
    if (has_failed(state))
        return;
    if (GLPK_FAILS()) {
        note_failure();
        return;
    }
    const int number = glp_add_rows(state->problem, 1);
    glp_set_row_bnds(state->problem, number, bound_type(row->lower, row->upper), row->lower,
                     row->upper);
    set_row(state, number, row->count, column, factor);
}

static void bound_row(void *opaque, size_t row, double lower, double upper)
{
    struct state *state = opaque;
    if (!has_failed(state))
        glp_set_row_bnds(state->problem, (int)row + 1, bound_type(lower, upper), lower, upper);
}

static void bound_column(void *opaque, size_t column, double lower, double upper)
{
    struct state *state = opaque;
    if (!has_failed(state))
        glp_set_col_bnds(state->problem, (int)column + 1, bound_type(lower, upper), lower, upper);
}

static void set_cost(void *opaque, size_t column, double cost)
{
    struct state *state = opaque;
    if (has_failed(state))
        return;
    glp_set_obj_coef(state->problem, (int)column + 1, cost);
    state->new_costs = true;
}

static int milliseconds(double seconds)
{
    return seconds < 0.001 ? 1 : seconds > 1e6 ? 1000000000 : (int)(seconds * 1000);
}

/* From the last basis; if it stumbles, or finds no solution, once more from the beginning. */
static enum solver_answer solve_continuous(glp_prob *problem, int method,
                                           const struct solver_task *task)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = method;
    how.r_test = GLP_RT_FLIP; /* half as many steps: most columns can only rise or fall so far */
    how.tm_lim = milliseconds(task->seconds);
    if (task->iterations > 0)
        how.it_lim = (int)task->iterations;
    int fault = glp_simplex(problem, &how);
    if (fault != GLP_ETMLIM && fault != GLP_EITLIM &&
        (fault != 0 || glp_get_status(problem) != GLP_OPT)) {
        glp_std_basis(problem);
        how.meth = GLP_PRIMAL;
        fault = glp_simplex(problem, &how);
    }
    if (fault != 0)
        return SOLVER_FAILED;
    switch (glp_get_status(problem)) {
    case GLP_OPT:
        return SOLVER_OPTIMAL;
    case GLP_NOFEAS:
        return SOLVER_INFEASIBLE;
    default:
        return SOLVER_FAILED;
    }
}

static void stop_early(glp_tree *tree, void *context)
{
    const struct solver_task *task = context;
    int nodes;
    glp_ios_tree_size(tree, NULL, NULL, &nodes);
    if ((task->first && glp_ios_reason(tree) == GLP_IBINGO) ||
        (task->nodes > 0 && nodes > (int)task->nodes))
        glp_ios_terminate(tree);
}

static enum solver_answer solve_integer(glp_prob *problem, const struct solver_task *task)
{
    struct solver_task how_far = *task;
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.tm_lim = milliseconds(task->seconds);
    how.br_tech = GLP_BR_DTH;
    how.bt_tech = GLP_BT_BLB;
    how.gmi_cuts = GLP_ON;
    how.mip_gap = task->gap;
    if (task->first) { /* any will do: down to one, and of what is left no more than it takes */
        how.br_tech = GLP_BR_MFV;
        how.bt_tech = GLP_BT_DFS;
        how.presolve = GLP_ON;
    }
    how.cb_func = stop_early;
    how.cb_info = &how_far;
    const int fault = glp_intopt(problem, &how);
    if (fault != 0 && fault != GLP_ETMLIM && fault != GLP_ESTOP && fault != GLP_EMIPGAP)
        return SOLVER_FAILED;
    switch (glp_mip_status(problem)) {
    case GLP_OPT:
        return SOLVER_OPTIMAL;
    case GLP_FEAS:
        return SOLVER_FEASIBLE;
    case GLP_NOFEAS:
        return SOLVER_INFEASIBLE;
    default:
        return SOLVER_FAILED;
    }
}

static void take_values(glp_prob *problem, const struct solver_task *task)
{
    const int columns = glp_get_num_cols(problem), rows = glp_get_num_rows(problem);
    for (int i = 1; i <= columns; i++)
        task->values[i - 1] =
            task->integer ? glp_mip_col_val(problem, i) : glp_get_col_prim(problem, i);
    for (int i = 1; task->duals != NULL && i <= rows; i++)
        task->duals[i - 1] = glp_get_row_dual(problem, i);
}

static enum solver_answer solve(void *opaque, const struct solver_task *task)
{
    struct state *state = opaque;
    if (has_failed(state))
        return SOLVER_FAILED;
    if (GLPK_FAILS()) {
        note_failure();
        return SOLVER_FAILED;
    }
    const int method = state->new_costs ? GLP_PRIMAL : GLP_DUALP;
    state->new_costs = false;
    enum solver_answer answer = solve_continuous(state->problem, method, task);
    if (answer == SOLVER_OPTIMAL && task->integer)
        answer = solve_integer(state->problem, task);
    if (answer == SOLVER_OPTIMAL || answer == SOLVER_FEASIBLE)
        take_values(state->problem, task);
    return answer;
}

const struct protect_solver protect_glpk = {
    .open = open_state,
    .add_row = add_row,
    .bound_row = bound_row,
    .bound_column = bound_column,
    .set_cost = set_cost,
    .solve = solve,
    .close = close_state,
};
