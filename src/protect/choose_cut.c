#include <math.h>
#include <string.h>

#include "choose_inside.h"

#define SMALL 1e-7

/* ---- the program ---------------------------------------------------------------------------- */

struct writer {
    struct cutter *cutter;
    size_t rows, terms;
};

static void add_term(struct writer *writer, uint32_t column, double factor)
{
    writer->cutter->column[writer->terms] = column;
    writer->cutter->factor[writer->terms++] = factor;
}

static struct solver_row *begin_row(struct writer *writer)
{
    struct solver_row *row = &writer->cutter->row[writer->rows++];
    row->first = writer->terms;
    row->lower = -INFINITY;
    row->upper = INFINITY;
    return row;
}

static void end_row(struct writer *writer, struct solver_row *row)
{
    row->count = writer->terms - row->first;
}

static void write_sum(struct writer *writer, const struct system_sum *sum)
{
    for (uint32_t i = 0; i < sum->count; i++)
        add_term(writer, writer->cutter->system->member[sum->first + i], 1);
}

static void write_rows(struct writer *writer)
{
    const struct system *system = writer->cutter->system;
    for (size_t i = 0; i < system->sums; i++) {
        struct solver_row *row = begin_row(writer);
        write_sum(writer, &system->sum[i]);
        if (system->sum[i].status == SUM_SHOWN)
            row->lower = row->upper = 0;
        end_row(writer, row);
    }
    for (uint32_t i = 0; i < system->needs; i++) {
        struct solver_row *row = begin_row(writer);
        write_sum(writer, &system->sum[system->need[i].sum]);
        add_term(writer, (uint32_t)system->variables + 2 * i, 1);
        add_term(writer, (uint32_t)system->variables + 2 * i + 1, -1);
        end_row(writer, row);
    }
    for (size_t i = 0; i < system->rules; i++) {
        struct solver_row *row = begin_row(writer);
        for (uint32_t j = 0; j < system->rule[i].count; j++)
            add_term(writer, system->term[system->rule[i].first + j],
                     system->factor[system->rule[i].first + j]);
        row->lower = row->upper = 0;
        end_row(writer, row);
    }
}

static void write_columns(struct cutter *cutter)
{
    const struct system *system = cutter->system;
    for (size_t i = 0; i < system->variables; i++) {
        cutter->columns[i].lower = (double)(system->lower[i] - system->truth[i]);
        cutter->columns[i].upper = (double)(system->upper[i] - system->truth[i]);
    }
    for (size_t i = system->variables; i < cutter->column_count; i++)
        cutter->columns[i] = (struct solver_column){0, INFINITY, 1, false};
    for (size_t i = 0; i < cutter->candidates; i++) {
        const struct system_sum *sum = &system->sum[cutter->candidate[i]];
        for (uint32_t j = 0; j < sum->count; j++) {
            const struct solver_column *column = &cutter->columns[system->member[sum->first + j]];
            cutter->more[i] += column->upper;
            cutter->less[i] -= column->lower;
        }
    }
}

enum base_code cutter_open(const struct system *system, const struct protect_solver *solver,
                           const uint32_t *candidate, size_t candidates, struct arena *arena,
                           struct cutter *cutter, struct base_error *error)
{
    *cutter = (struct cutter){
        .system = system,
        .solver = solver,
        .candidate = candidate,
        .candidates = candidates,
        .column_count = system->variables + 2 * system->needs,
        .rows = system->sums + system->needs + system->rules,
    };
    size_t terms = system->terms + 2 * system->needs;
    for (size_t i = 0; i < system->sums; i++)
        terms += system->sum[i].count;
    for (size_t i = 0; i < system->needs; i++)
        terms += system->sum[system->need[i].sum].count;
    const struct {
        void *out;
        size_t count, size;
    } arrays[] = {
        {&cutter->columns, cutter->column_count, sizeof *cutter->columns},
        {&cutter->row, cutter->rows, sizeof *cutter->row},
        {&cutter->column, terms, sizeof *cutter->column},
        {&cutter->factor, terms, sizeof *cutter->factor},
        {&cutter->values, cutter->column_count, sizeof *cutter->values},
        {&cutter->reduced, cutter->column_count, sizeof *cutter->reduced},
        {&cutter->duals, cutter->rows, sizeof *cutter->duals},
        {&cutter->more, candidates, sizeof *cutter->more},
        {&cutter->less, candidates, sizeof *cutter->less},
        {&cutter->hidden, candidates, sizeof *cutter->hidden},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        if (old_arena_take(arena, arrays[i].count, arrays[i].size, arrays[i].out, error) != BASE_OK)
            return error->code;
    write_columns(cutter);
    struct writer writer = {.cutter = cutter};
    write_rows(&writer);
    const struct solver_program program = {
        .columns = cutter->columns,
        .column_count = cutter->column_count,
        .rows = cutter->row,
        .row_count = cutter->rows,
        .column = cutter->column,
        .factor = cutter->factor,
    };
    for (size_t i = 0; i < candidates; i++) {
        cutter->row[candidate[i]].lower = cutter->row[candidate[i]].upper = 0;
        cutter->hidden[i] = 0;
    }
    cutter->state = solver->open(&program);
    return BASE_OK;
}

void cutter_close(struct cutter *cutter)
{
    if (cutter->solver != NULL)
        cutter->solver->close(cutter->state);
}

void cutter_hide(struct cutter *cutter, const double *hidden)
{
    for (size_t i = 0; i < cutter->candidates && cutter->state != NULL; i++) {
        if (hidden[i] == cutter->hidden[i])
            continue;
        cutter->hidden[i] = hidden[i];
        if (hidden[i] >= 1 - SMALL)
            cutter->solver->bound_row(cutter->state, cutter->candidate[i], -INFINITY, INFINITY);
        else
            cutter->solver->bound_row(cutter->state, cutter->candidate[i],
                                      -cutter->less[i] * hidden[i], cutter->more[i] * hidden[i]);
    }
}

/* ---- one target ----------------------------------------------------------------------------- */

static void know_single(struct cutter *cutter, uint32_t single, bool known)
{
    const struct system *system = cutter->system;
    if (single == CHOOSE_NO_SINGLE)
        return;
    for (uint32_t i = 0; i < system->sum[single].count; i++) {
        const uint32_t v = system->member[system->sum[single].first + i];
        struct solver_column *column = &cutter->columns[v];
        column->lower = known ? 0 : (double)(system->lower[v] - system->truth[v]);
        column->upper = known ? 0 : (double)(system->upper[v] - system->truth[v]);
        cutter->solver->bound_column(cutter->state, v, column->lower, column->upper);
    }
}

static void know_stale(struct cutter *cutter, bool known)
{
    const struct system *system = cutter->system;
    for (size_t i = 0; i < system->sums; i++)
        if (system->sum[i].stale && system->sum[i].status == SUM_SHOWN)
            cutter->solver->bound_row(cutter->state, i, known ? 0 : -INFINITY,
                                      known ? 0 : INFINITY);
}

/* By how much the need's sum must be able to differ from the truth. */
static double change_wanted(const struct cutter *cutter, const struct choose_target *target)
{
    const struct system *system = cutter->system;
    const struct system_need *need = &system->need[target->need];
    const struct system_sum *sum = &system->sum[need->sum];
    const struct system_waiver *waiver = system_find_waiver(system, target->need, target->single);
    if (target->single != CHOOSE_NO_SINGLE && waiver != NULL)
        return (double)((target->most ? waiver->most : waiver->least) - sum->value);
    if (target->most)
        return (double)(need->most - sum->value);
    int64_t least = 0;
    for (uint32_t i = 0; i < sum->count; i++) {
        const uint32_t v = system->member[sum->first + i];
        if (cutter->columns[v].lower == 0 && cutter->columns[v].upper == 0)
            least += system->truth[v];
    }
    return (double)((need->least > least ? need->least : least) - sum->value);
}

static void find_reduced(struct cutter *cutter)
{
    memset(cutter->reduced, 0, cutter->column_count * sizeof *cutter->reduced);
    for (size_t i = 0; i < cutter->rows; i++) {
        const struct solver_row *row = &cutter->row[i];
        if (fabs(cutter->duals[i]) <= SMALL)
            continue;
        for (size_t j = row->first; j < row->first + row->count; j++)
            cutter->reduced[cutter->column[j]] -= cutter->duals[i] * cutter->factor[j];
    }
}

/* By weak duality, with the duals of the solution: what is missed is at least `change` times the need's
 * dual, less what each variable can make good within its bounds, less what each candidate makes good
 * if it is hidden. For nothing to be missed, the candidates must do the rest. */
static bool prove(struct cutter *cutter, size_t need_row, double change, struct choose_cut *cut)
{
    find_reduced(cutter);
    double rest = cutter->duals[need_row] * change;
    for (size_t i = 0; i < cutter->system->variables; i++) {
        const double reduced = cutter->reduced[i];
        if (fabs(reduced) > SMALL)
            rest += reduced * (reduced > 0 ? cutter->columns[i].lower : cutter->columns[i].upper);
    }
    if (rest <= 1e-4)
        return false;
    cut->count = 0;
    for (size_t i = 0; i < cutter->candidates; i++) {
        const double dual = cutter->duals[cutter->candidate[i]];
        const double good = dual > 0 ? dual * cutter->less[i] : -dual * cutter->more[i];
        if (fabs(dual) <= SMALL || good <= 0)
            continue;
        cut->candidate[cut->count] = (uint32_t)i;
        cut->weight[cut->count++] = good >= rest ? 1 : good / rest;
    }
    return true;
}

static enum cut_answer look(struct cutter *cutter, const struct choose_target *target,
                            double deadline, struct choose_cut *cut)
{
    const size_t row = cutter->system->sums + target->need;
    const double change = change_wanted(cutter, target);
    cutter->solver->bound_row(cutter->state, row, target->most ? change : -INFINITY,
                              target->most ? INFINITY : change);
    const struct solver_task task = {
        .seconds = deadline - old_solver_clock(), .values = cutter->values, .duals = cutter->duals};
    enum cut_answer answer = CUT_FAILED;
    if (task.seconds > 0 && cutter->solver->solve(cutter->state, &task) == SOLVER_OPTIMAL) {
        const size_t miss = cutter->system->variables + 2 * target->need + (target->most ? 0 : 1);
        answer =
            cutter->values[miss] > 1e-3 && prove(cutter, row, change, cut) ? CUT_FOUND : CUT_MET;
    }
    cutter->solver->bound_row(cutter->state, row, -INFINITY, INFINITY);
    return answer;
}

enum cut_answer cutter_look(struct cutter *cutter, const struct choose_target *target,
                            double deadline, struct choose_cut *cut)
{
    if (cutter->state == NULL)
        return CUT_FAILED;
    const bool current = cutter->system->need[target->need].current;
    if (current)
        know_stale(cutter, false);
    know_single(cutter, target->single, true);
    const enum cut_answer answer = look(cutter, target, deadline, cut);
    know_single(cutter, target->single, false);
    if (current)
        know_stale(cutter, true);
    return answer;
}
