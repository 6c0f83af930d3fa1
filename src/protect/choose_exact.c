/* Fischetti and Salazar: a master program of one 0/1 variable a candidate, cheapest first, which learns
 * from the attacker's programs what it must hide, until they are all met. */
#include <math.h>

#include "choose_inside.h"

enum { RELAXED_ROUNDS = 25 };

static bool open_master(struct chooser *chooser, struct base_error *error)
{
    struct solver_column *columns;
    if (chooser->master != NULL)
        return true;
    if (old_arena_take(chooser->arena, chooser->candidates, sizeof *columns, &columns, error) !=
        BASE_OK)
        return false;
    for (size_t i = 0; i < chooser->candidates; i++)
        columns[i] = (struct solver_column){
            0, 1, (double)chooser->system->sum[chooser->candidate[i]].cost, true};
    const struct solver_program program = {.columns = columns, .column_count = chooser->candidates};
    chooser->master = chooser->solver->open(&program);
    return true;
}

static void tell_cuts(struct chooser *chooser)
{
    for (; chooser->told < chooser->cuts; chooser->told++) {
        const struct choose_cut *cut = &chooser->cut[chooser->told];
        const struct solver_row row = {0, cut->count, 1, INFINITY};
        chooser->solver->add_row(chooser->master, &row, cut->candidate, cut->weight);
    }
}

static bool solve_master(struct chooser *chooser, bool integer, double deadline)
{
    if (chooser->candidates == 0)
        return chooser->cuts == 0;
    const struct solver_task task = {
        .integer = integer, .seconds = deadline - old_solver_clock(), .values = chooser->hidden};
    tell_cuts(chooser);
    if (task.seconds <= 0 || chooser->solver->solve(chooser->master, &task) != SOLVER_OPTIMAL)
        return false;
    for (size_t i = 0; i < chooser->candidates; i++) {
        const double value = chooser->hidden[i];
        if (!(value >= -1e-3 && value <= 1 + 1e-3))
            return false;
        chooser->hidden[i] = value < 0 || (integer && value < 0.5) ? 0
                             : value > 1 || integer                ? 1
                                                                   : value;
    }
    return true;
}

enum base_code choose_exactly(struct chooser *chooser, double deadline, bool *done,
                              struct base_error *error)
{
    *done = false;
    if (chooser->candidates > 0 && !open_master(chooser, error))
        return error->code;
    if (chooser->candidates > 0 && chooser->master == NULL)
        return BASE_OK;
    bool integer = false;
    for (unsigned round = 0;; round++) {
        size_t found = 0;
        bool failed;
        if (!solve_master(chooser, integer, deadline))
            return BASE_OK;
        if (choose_look_at_all(chooser, deadline, &found, &failed, error) != BASE_OK)
            return error->code;
        if (failed)
            return BASE_OK;
        if (found == 0 && integer)
            break;
        integer = integer || found == 0 || round >= RELAXED_ROUNDS;
    }
    *done = true;
    return BASE_OK;
}
