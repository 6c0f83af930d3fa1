/* What of a table that is being looked for does not change: which cells are neighbours, which orders they are in, how
 * far balances may fall. */
#include "inside.h"

enum {
    SHARE_OF_ALL =
        20, /* a unit of a figure with few cells costs 1; of one with all cells so much more */
    NO_LIMIT = 1 << 20,
};

static void list_values(const struct suppression_problem *problem, struct state *state)
{
    for (size_t i = 0; i < problem->cells; i++) {
        const struct codebook_contact contact = codebook_contact_of(problem->cell[i].cell);
        state->channel[i] = contact.value[CODEBOOK_CHANNEL];
        state->party[i] = contact.value[CODEBOOK_PARTY];
        state->session[i] = contact.value[CODEBOOK_SESSION];
    }
}

static size_t order_slot(size_t place, unsigned party, unsigned session)
{
    return (place * CODEBOOK_PARTIES + party) * CODEBOOK_SESSIONS + session;
}

static enum base_code list_orders(const struct suppression_problem *problem, struct state *state,
                                  struct base_error *error)
{
    const size_t slots = order_slot(problem->place_count, 0, 0);
    uint32_t *order_of;
    if (arena_take(problem->arena, slots, sizeof *order_of, &order_of, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < slots; i++)
        order_of[i] = NO_NUMBER;
    for (uint32_t i = 0; i < problem->orders; i++) {
        const struct session_order *order = &problem->order[i];
        order_of[order_slot(order->place, order->party, order->session)] = i;
    }
    for (uint32_t i = 0; i < problem->cells; i++) {
        const size_t slot = order_slot(problem->cell[i].place, state->party[i], state->session[i]);
        state->more_of[i] = order_of[slot];
        state->less_of[i] = state->session[i] == 0 ? NO_NUMBER : order_of[slot - 1];
    }
    return BASE_OK;
}

/* Adds up the true balances first, then takes off what they must be at least. */
static void list_allowances(const struct suppression_problem *problem, struct state *state)
{
    for (uint32_t i = 0; i < problem->cells; i++) {
        const uint32_t more = state->more_of[i], less = state->less_of[i];
        for (unsigned month = problem->cell[i].month; month < problem->months; month++) {
            if (more != NO_NUMBER)
                state->allowance[more * problem->months + month] += problem->cell[i].truth;
            if (less != NO_NUMBER)
                state->allowance[less * problem->months + month] -= problem->cell[i].truth;
        }
    }
    for (size_t i = 0; i < problem->orders; i++) {
        const struct session_order *order = &problem->order[i];
        for (unsigned month = 0; month < problem->months; month++) {
            int32_t *allowance = &state->allowance[i * problem->months + month];
            int64_t left = *allowance + order->opening - order->least_balance[month];
            if (month + 1 == problem->months && order->slack < left)
                left = order->slack;
            *allowance = (int32_t)(left < NO_LIMIT ? left : NO_LIMIT);
        }
    }
}

static bool is_neighbour(const struct state *state, uint32_t one, uint32_t other)
{
    const struct problem_cell *a = &state->problem->cell[one], *b = &state->problem->cell[other];
    return (a->place != b->place) + (a->month != b->month) +
               (state->channel[one] != state->channel[other]) +
               (state->party[one] != state->party[other]) +
               (state->session[one] != state->session[other]) ==
           1;
}

/* Cells along the axes: of the same place and month all of 60 are looked at, else only the same cell. */
static size_t list_neighbours_of(struct state *state, uint32_t cell, uint32_t *to)
{
    const struct suppression_problem *problem = state->problem;
    const struct problem_cell *at = &problem->cell[cell];
    size_t count = 0;
    for (size_t place = 0; place < problem->place_count; place++) {
        for (unsigned month = 0; month < problem->months; month++) {
            const bool here = place == at->place && month == at->month;
            for (unsigned i = here ? 0 : at->cell; i < (here ? CODEBOOK_CELLS : at->cell + 1U);
                 i++) {
                const uint32_t other =
                    problem->cell_at[(place * problem->months + month) * CODEBOOK_CELLS + i];
                if (other == PROBLEM_NO_CELL || !is_neighbour(state, cell, other))
                    continue;
                if (to != NULL)
                    to[count] = other;
                count++;
            }
        }
    }
    return count;
}

static enum base_code list_neighbours(struct state *state, struct base_error *error)
{
    const struct suppression_problem *problem = state->problem;
    size_t count = 0;
    for (uint32_t i = 0; i < problem->cells; i++) {
        state->first_neighbour[i] = (uint32_t)count;
        count += list_neighbours_of(state, i, NULL);
    }
    state->first_neighbour[problem->cells] = (uint32_t)count;
    if (arena_take(problem->arena, count, sizeof *state->neighbour, &state->neighbour, error) !=
        BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < problem->cells; i++)
        (void)list_neighbours_of(state, i, state->neighbour + state->first_neighbour[i]);
    return BASE_OK;
}

static enum base_code take_numbers(struct arena *arena, size_t count, int32_t **first,
                                   int32_t **second, struct base_error *error)
{
    if (arena_take(arena, count, sizeof **first, first, error) != BASE_OK ||
        arena_take(arena, count, sizeof **second, second, error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

static enum base_code take_memory(const struct suppression_problem *problem, struct state *state,
                                  struct base_error *error)
{
    struct arena *arena = problem->arena;
    const size_t figures = problem->figures, cells = problem->cells;
    const size_t balances = problem->orders * problem->months;
    if (take_numbers(arena, figures, &state->want, &state->weight, error) != BASE_OK ||
        take_numbers(arena, figures, &state->up, &state->down, error) != BASE_OK ||
        take_numbers(arena, balances, &state->margin, &state->allowance, error) != BASE_OK ||
        arena_take(arena, figures, sizeof *state->delta, &state->delta, error) != BASE_OK ||
        arena_take(arena, figures, sizeof *state->mode, &state->mode, error) != BASE_OK ||
        arena_take(arena, figures, sizeof *state->violated, &state->violated, error) != BASE_OK ||
        arena_take(arena, figures, sizeof *state->violated_at, &state->violated_at, error) !=
            BASE_OK ||
        arena_take(arena, problem->orders, sizeof *state->lowest, &state->lowest, error) !=
            BASE_OK ||
        arena_take(arena, cells, sizeof *state->more_of, &state->more_of, error) != BASE_OK ||
        arena_take(arena, cells, sizeof *state->less_of, &state->less_of, error) != BASE_OK ||
        arena_take(arena, cells, sizeof *state->change, &state->change, error) != BASE_OK ||
        arena_take(arena, 2 * cells, 1, &state->tabu, error) != BASE_OK ||
        arena_take(arena, cells, 1, &state->channel, error) != BASE_OK ||
        arena_take(arena, cells, 1, &state->party, error) != BASE_OK ||
        arena_take(arena, cells, 1, &state->session, error) != BASE_OK ||
        arena_take(arena, cells + 1, sizeof *state->first_neighbour, &state->first_neighbour,
                   error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

enum base_code state_new(const struct suppression_problem *problem, struct state *state,
                         struct base_error *error)
{
    state->problem = problem;
    state->chance = UINT64_C(0x9e3779b97f4a7c15);
    state->locked = NO_NUMBER;
    if (take_memory(problem, state, error) != BASE_OK)
        return error->code;
    list_values(problem, state);
    if (list_orders(problem, state, error) != BASE_OK)
        return error->code;
    list_allowances(problem, state);
    for (size_t i = 0; i < problem->figures; i++)
        state->weight[i] =
            1 + (int32_t)(SHARE_OF_ALL * (size_t)problem->figure[i].count / problem->cells);
    return list_neighbours(state, error);
}
