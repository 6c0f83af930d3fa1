/* Whether a tally agrees with everything that is told: by plain addition, cell by cell. */
#include "inside.h"

/* How many more there are in a month of one session than of the next. */
static int64_t net_of(const struct suppression_problem *problem, const struct session_order *order,
                      unsigned month, const int64_t *tally)
{
    const uint32_t *cell_at =
        &problem->cell_at[((size_t)order->place * problem->months + month) * CODEBOOK_CELLS];
    int64_t net = 0;
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        for (unsigned later = 0; later < 2; later++) {
            const struct codebook_contact contact = {
                {(uint8_t)channel, order->party, (uint8_t)(order->session + later)}};
            const uint32_t cell = cell_at[codebook_cell(contact)];
            if (cell == PROBLEM_NO_CELL)
                continue;
            const int64_t count = tally == NULL ? problem->cell[cell].truth : tally[cell];
            net += later == 0 ? count : -count;
        }
    }
    return net;
}

int64_t agree_true_balance(const struct suppression_problem *problem,
                           const struct session_order *order, unsigned month)
{
    int64_t balance = order->opening;
    for (unsigned i = 0; i <= month; i++)
        balance += net_of(problem, order, i, NULL);
    return balance;
}

static bool keeps_order(const struct suppression_problem *problem,
                        const struct session_order *order, const int64_t *tally)
{
    int64_t balance = order->opening;
    for (unsigned month = 0; month < problem->months; month++) {
        balance += net_of(problem, order, month, tally);
        if (balance < order->least_balance[month])
            return false;
    }
    return order->slack == INT32_MAX ||
           agree_true_balance(problem, order, problem->months - 1) - balance <= order->slack;
}

bool agree_add_up(const struct audit *audit)
{
    const struct suppression_problem *problem = audit->problem;
    bool agrees = true;
    for (size_t i = 0; i < problem->cells; i++)
        agrees = agrees && audit->tally[i] >= problem->cell[i].least;
    for (size_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        int64_t value = 0;
        for (uint32_t j = 0; j < figure->count; j++)
            value += audit->tally[problem->member[figure->first + j]];
        audit->value[i] = value;
        agrees = agrees && (!audit->told[i] || value == figure->value);
    }
    for (size_t i = 0; agrees && i < problem->orders; i++)
        agrees = keeps_order(problem, &problem->order[i], audit->tally);
    return agrees;
}
