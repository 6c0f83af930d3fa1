/* The outside attacker's programs, solved by GLPK. */
#include "programs.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>

static int kind_of(double lower, double upper)
{
    if (isinf(lower))
        return isinf(upper) ? GLP_FR : GLP_UP;
    if (isinf(upper))
        return GLP_LO;
    return lower >= upper ? GLP_FX : GLP_DB;
}

/* GLPK counts from 1. */
static void set_row(glp_prob *problem, size_t row, double lower, double upper, size_t count,
                    const int *column, const double *factor)
{
    int *columns = calloc(count + 1, sizeof *columns);
    double *factors = calloc(count + 1, sizeof *factors);
    if (columns == NULL || factors == NULL)
        abort();
    for (size_t i = 0; i < count; i++) {
        columns[i + 1] = column[i] + 1;
        factors[i + 1] = factor[i];
    }
    glp_set_row_bnds(problem, (int)row + 1, kind_of(lower, upper), lower, upper);
    glp_set_mat_row(problem, (int)row + 1, (int)count, columns, factors);
    free(columns);
    free(factors);
}

void *programs_open(const struct programs_model *model)
{
    glp_term_out(GLP_OFF);
    glp_error_hook(NULL, NULL); /* the program's would jump to where it was */
    glp_prob *problem = glp_create_prob();
    glp_add_cols(problem, (int)model->columns);
    glp_add_rows(problem, (int)model->rows);
    for (size_t i = 0; i < model->columns; i++) {
        const struct programs_column *at = &model->column_of[i];
        glp_set_col_bnds(problem, (int)i + 1, kind_of(at->lower, at->upper), at->lower, at->upper);
        glp_set_obj_coef(problem, (int)i + 1, at->cost);
        glp_set_col_kind(problem, (int)i + 1, GLP_IV);
    }
    for (size_t i = 0; i < model->rows; i++) {
        const struct programs_row *row = &model->row_of[i];
        set_row(problem, i, row->lower, row->upper, row->count, model->column + row->first,
                model->factor + row->first);
    }
    return problem;
}

void programs_close(void *state)
{
    if (state != NULL)
        glp_delete_prob(state);
}

void programs_set_row(void *state, size_t row, double lower, double upper, size_t count,
                      const int *column, const double *factor)
{
    set_row(state, row, lower, upper, count, column, factor);
}

void programs_bound_column(void *state, size_t column, double lower, double upper)
{
    glp_set_col_bnds(state, (int)column + 1, kind_of(lower, upper), lower, upper);
}

static enum programs_answer solve_linear(glp_prob *problem)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = GLP_DUALP;
    if (glp_simplex(problem, &how) != 0 || glp_get_status(problem) != GLP_OPT) {
        /* Once more from the beginning before it is believed. */
        glp_std_basis(problem);
        how.meth = GLP_PRIMAL;
        if (glp_simplex(problem, &how) != 0)
            return PROGRAMS_UNKNOWN;
    }
    switch (glp_get_status(problem)) {
    case GLP_OPT:
        return PROGRAMS_FOUND;
    case GLP_NOFEAS:
        return PROGRAMS_NONE;
    default:
        return PROGRAMS_UNKNOWN;
    }
}

static void stop_at_first(glp_tree *tree, void *unused)
{
    (void)unused;
    if (glp_ios_reason(tree) == GLP_IBINGO)
        glp_ios_terminate(tree);
}

static enum programs_answer solve_whole(glp_prob *problem, double seconds)
{
    glp_iocp how;
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.tm_lim = (int)(seconds * 1000);
    how.gmi_cuts = GLP_ON;
    how.cb_func = stop_at_first;
    (void)glp_intopt(problem, &how);
    switch (glp_mip_status(problem)) {
    case GLP_OPT:
    case GLP_FEAS:
        return PROGRAMS_FOUND;
    case GLP_NOFEAS:
        return PROGRAMS_NONE;
    default:
        return PROGRAMS_UNKNOWN;
    }
}

enum programs_answer programs_solve(void *state, bool whole, double seconds, double *values)
{
    glp_prob *problem = state;
    enum programs_answer answer = solve_linear(problem);
    if (answer == PROGRAMS_FOUND && whole)
        answer = solve_whole(problem, seconds);
    for (int i = 1; answer == PROGRAMS_FOUND && i <= glp_get_num_cols(problem); i++)
        values[i - 1] = whole ? glp_mip_col_val(problem, i) : glp_get_col_prim(problem, i);
    return answer;
}
