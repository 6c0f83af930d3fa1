/* The problem as a system of changes: the true tally is the one without any. */
#include "inside.h"

/* Whether all cells of the figure are columns. */
static bool lies_inside(const struct suppression_problem *problem,
                        const struct problem_figure *figure, const struct changes *changes)
{
    for (uint32_t i = 0; i < figure->count; i++)
        if (changes->column[problem->member[figure->first + i]] == CHANGES_NONE)
            return false;
    return figure->count > 0;
}

static bool is_about(int place, unsigned of)
{
    return place == CHANGES_ALL_PLACES || place == (int)of;
}

static void find_columns(const struct suppression_problem *problem, int place,
                         struct changes *changes)
{
    for (uint32_t i = 0; i < problem->cells; i++) {
        changes->column[i] = CHANGES_NONE;
        if (!is_about(place, problem->cell[i].place))
            continue;
        changes->column[i] = changes->cells;
        changes->cell[changes->cells++] = i;
    }
}

static void add_figures(const struct audit *audit, bool shown, struct changes *changes)
{
    const struct suppression_problem *problem = audit->problem;
    for (size_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        const bool told = figure->known || (shown && audit->told[i]);
        changes->figure[i] = CHANGES_NONE;
        if (!lies_inside(problem, figure, changes))
            continue;
        changes->figure[i] = changes->system.rows;
        whole_add_row(&changes->system, told ? 0 : WHOLE_LEAST, told ? 0 : WHOLE_MOST);
        for (uint32_t j = 0; j < figure->count; j++)
            whole_add_term(&changes->system, changes->column[problem->member[figure->first + j]],
                           1);
    }
}

/* The balance of a month is that of the month before and what is more of the earlier session than of the later
 * one. */
static void add_month(const struct suppression_problem *problem, const struct session_order *order,
                      unsigned month, size_t balance, struct changes *changes)
{
    const uint32_t *cell_at =
        &problem->cell_at[((size_t)order->place * problem->months + month) * CODEBOOK_CELLS];
    whole_add_row(&changes->system, 0, 0);
    whole_add_term(&changes->system, balance, -1);
    if (month > 0)
        whole_add_term(&changes->system, balance - 1, 1);
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        for (unsigned later = 0; later < 2; later++) {
            const struct codebook_contact contact = {
                {(uint8_t)channel, order->party, (uint8_t)(order->session + later)}};
            const uint32_t cell = cell_at[codebook_cell(contact)];
            if (cell != PROBLEM_NO_CELL)
                whole_add_term(&changes->system, changes->column[cell], later == 0 ? 1 : -1);
        }
    }
}

static void add_orders(const struct suppression_problem *problem, int place,
                       struct changes *changes)
{
    size_t balance = changes->cells;
    for (size_t i = 0; i < problem->orders; i++) {
        const struct session_order *order = &problem->order[i];
        for (unsigned month = 0; is_about(place, order->place) && month < problem->months;
             month++) {
            int64_t least = order->least_balance[month] - agree_true_balance(problem, order, month);
            if (month == problem->months - 1 && order->slack != INT32_MAX && -order->slack > least)
                least = -order->slack;
            changes->system.lower[balance] = least;
            add_month(problem, order, month, balance++, changes);
        }
    }
    changes->system.columns = balance;
}

enum base_code changes_new(struct audit *audit, int place, bool shown, struct changes *out,
                           struct base_error *error)
{
    const struct suppression_problem *problem = audit->problem;
    struct changes changes = {.cells = 0};
    const size_t balances = problem->orders * problem->months;
    size_t terms = balances * (2 + 2 * CODEBOOK_CHANNELS);
    for (size_t i = 0; i < problem->figures; i++)
        terms += problem->figure[i].count;
    if (whole_new(problem->cells + balances, problem->figures + balances, terms, audit->arena,
                  &changes.system, error) != BASE_OK ||
        arena_take(audit->arena, problem->cells, sizeof *changes.cell, &changes.cell, error) !=
            BASE_OK ||
        arena_take(audit->arena, problem->cells, sizeof *changes.column, &changes.column, error) !=
            BASE_OK ||
        arena_take(audit->arena, problem->figures, sizeof *changes.figure, &changes.figure,
                   error) != BASE_OK)
        return error->code;
    find_columns(problem, place, &changes);
    for (size_t i = 0; i < changes.cells; i++) {
        const struct problem_cell *cell = &problem->cell[changes.cell[i]];
        changes.system.lower[i] = (int64_t)cell->least - cell->truth;
    }
    add_figures(audit, shown, &changes);
    add_orders(problem, place, &changes);
    *out = changes;
    return BASE_OK;
}
