/* A table that is being looked for: what it changes of the true one, and how far it is from what is asked. */
#include "inside.h"

#include <string.h>

enum {
    ENERGY_VIOLATION = 1000, /* of a figure, a unit */
    ENERGY_ORDER = 400,      /* of an order's worst month, a unit */
    ENERGY_CELL = 3,
    SHARE_OF_ALL =
        20, /* a unit of a figure with no more than one cell costs 1; one of all cells so much more */
    NO_LIMIT = 1 << 20,
};

uint32_t state_random(struct state *state, uint32_t below)
{
    state->chance ^= state->chance << 13;
    state->chance ^= state->chance >> 7;
    state->chance ^= state->chance << 17;
    return (uint32_t)(((state->chance >> 32) * below) >> 32);
}

/* ---- what does not change -------------------------------------------------------------------- */

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

/* ---- energy ---------------------------------------------------------------------------------- */

static int32_t size_of(int32_t number)
{
    return number < 0 ? -number : number;
}

static int32_t figure_energy(const struct state *state, uint32_t figure, int32_t delta)
{
    switch (state->mode[figure]) {
    case MODE_FIXED:
        return ENERGY_VIOLATION * size_of(delta - state->want[figure]);
    case MODE_AT_LEAST:
        return state->weight[figure] * size_of(delta) + (delta < 0 ? -delta : 0) * ENERGY_VIOLATION;
    default:
        return state->weight[figure] * size_of(delta);
    }
}

static bool is_violated(const struct state *state, uint32_t figure)
{
    const int32_t delta = state->delta[figure];
    return (state->mode[figure] == MODE_FIXED && delta != state->want[figure]) ||
           (state->mode[figure] == MODE_AT_LEAST && delta < 0);
}

static void note_figure(struct state *state, uint32_t figure)
{
    const int32_t delta = state->delta[figure];
    const int32_t now = figure_energy(state, figure, delta);
    state->up[figure] = figure_energy(state, figure, delta + 1) - now;
    state->down[figure] = figure_energy(state, figure, delta - 1) - now;
    const uint32_t at = state->violated_at[figure];
    if (is_violated(state, figure) == (at != NO_NUMBER))
        return;
    if (at == NO_NUMBER) {
        state->violated_at[figure] = (uint32_t)state->violations;
        state->violated[state->violations++] = figure;
        return;
    }
    const uint32_t last = state->violated[--state->violations];
    state->violated[at] = last;
    state->violated_at[last] = at;
    state->violated_at[figure] = NO_NUMBER;
}

void state_set_mode(struct state *state, uint32_t figure, enum figure_mode mode, int32_t want)
{
    state->mode[figure] = (uint8_t)mode;
    state->want[figure] = want;
}

void state_reset(struct state *state)
{
    const struct suppression_problem *problem = state->problem;
    const unsigned months = problem->months;
    memset(state->change, 0, problem->cells * sizeof *state->change);
    memset(state->delta, 0, problem->figures * sizeof *state->delta);
    memcpy(state->margin, state->allowance, problem->orders * months * sizeof *state->margin);
    state->violations = 0;
    state->broken = 0;
    for (uint32_t i = 0; i < problem->figures; i++) {
        state->violated_at[i] = NO_NUMBER;
        note_figure(state, i);
    }
    for (size_t i = 0; i < problem->orders; i++) {
        int32_t lowest = NO_LIMIT;
        for (unsigned month = 0; month < months; month++)
            if (state->margin[i * months + month] < lowest)
                lowest = state->margin[i * months + month];
        state->lowest[i] = lowest;
        state->broken += lowest < 0 ? -lowest : 0;
    }
}

static void shift_order(struct state *state, uint32_t order, unsigned month, int32_t amount)
{
    const unsigned months = state->problem->months;
    int32_t *margin = state->margin + (size_t)order * months;
    int32_t lowest = NO_LIMIT;
    for (unsigned i = 0; i < months; i++) {
        if (i >= month)
            margin[i] += amount;
        if (margin[i] < lowest)
            lowest = margin[i];
    }
    const int32_t before = state->lowest[order];
    state->broken += (lowest < 0 ? -lowest : 0) - (before < 0 ? -before : 0);
    state->lowest[order] = lowest;
}

void state_add(struct state *state, uint32_t cell, int32_t amount)
{
    const struct problem_cell *at = &state->problem->cell[cell];
    const uint32_t *cover = state->problem->cover + at->first_cover;
    state->change[cell] += amount;
    for (uint32_t i = 0; i < at->covers; i++) {
        state->delta[cover[i]] += amount;
        note_figure(state, cover[i]);
    }
    const uint32_t more = state->more_of[cell], less = state->less_of[cell];
    if (more != NO_NUMBER)
        shift_order(state, more, at->month, amount);
    if (less != NO_NUMBER)
        shift_order(state, less, at->month, -amount);
}

bool state_can_fall(const struct state *state, uint32_t cell, int32_t amount)
{
    const struct problem_cell *at = &state->problem->cell[cell];
    return at->truth + state->change[cell] - amount >= at->least;
}

bool state_is_witness(const struct state *state)
{
    return state->violations == 0 && state->broken == 0 &&
           (state->locked == NO_NUMBER || state->change[state->locked] != 0);
}

/* ---- what a move would add ------------------------------------------------------------------- */

/* An order's balance changes from a month on. */
struct shift {
    uint32_t order;
    unsigned month;
    int32_t amount;
};

static size_t list_shifts(const struct state *state, uint32_t cell, int32_t amount,
                          struct shift *shift)
{
    size_t count = 0;
    const unsigned month = state->problem->cell[cell].month;
    const uint32_t more = state->more_of[cell], less = state->less_of[cell];
    if (more != NO_NUMBER)
        shift[count++] = (struct shift){more, month, amount};
    if (less != NO_NUMBER)
        shift[count++] = (struct shift){less, month, -amount};
    return count;
}

static int32_t order_energy(const struct state *state, const struct shift *one,
                            const struct shift *other)
{
    const unsigned months = state->problem->months;
    const int32_t *margin = state->margin + (size_t)one->order * months;
    const int32_t before = state->lowest[one->order];
    int32_t lowest = NO_LIMIT;
    for (unsigned i = 0; i < months; i++) {
        const int32_t now = margin[i] + (i >= one->month ? one->amount : 0) +
                            (other != NULL && i >= other->month ? other->amount : 0);
        lowest = now < lowest ? now : lowest;
    }
    return ENERGY_ORDER * ((lowest < 0 ? -lowest : 0) - (before < 0 ? -before : 0));
}

static int32_t shift_energy(const struct state *state, uint32_t from, uint32_t to)
{
    struct shift shift[4];
    int32_t energy = 0;
    size_t count = from == NO_NUMBER ? 0 : list_shifts(state, from, -1, shift);
    count += to == NO_NUMBER ? 0 : list_shifts(state, to, 1, shift + count);
    for (size_t i = 0; i < count; i++) {
        const struct shift *other = NULL;
        bool done = state->lowest[shift[i].order] >= 2; /* a move takes no more than 2 off */
        for (size_t j = 0; j < count; j++) {
            if (j != i && shift[j].order == shift[i].order) {
                other = &shift[j];
                done = done || j < i;
            }
        }
        energy += done ? 0 : order_energy(state, &shift[i], other);
    }
    return energy;
}

static int32_t cover_energy(const struct state *state, uint32_t cell, const int32_t *step)
{
    const struct problem_cell *at = &state->problem->cell[cell];
    const uint32_t *cover = state->problem->cover + at->first_cover;
    int32_t energy = 0;
    for (uint32_t i = 0; i < at->covers; i++)
        energy += step[cover[i]];
    return energy;
}

/* Figures that have both cells don't change. */
static int32_t transfer_energy(const struct state *state, uint32_t from, uint32_t to)
{
    const struct problem_cell *a = &state->problem->cell[from], *b = &state->problem->cell[to];
    const uint32_t *one = state->problem->cover + a->first_cover, *end = one + a->covers;
    const uint32_t *other = state->problem->cover + b->first_cover, *stop = other + b->covers;
    int32_t energy = 0;
    while (one < end && other < stop) {
        if (*one == *other) {
            one++;
            other++;
        } else if (*one < *other) {
            energy += state->down[*one++];
        } else {
            energy += state->up[*other++];
        }
    }
    while (one < end)
        energy += state->down[*one++];
    while (other < stop)
        energy += state->up[*other++];
    return energy;
}

int32_t state_energy(const struct state *state, uint32_t from, uint32_t to)
{
    int32_t energy = 0;
    if (from != NO_NUMBER)
        energy += state->change[from] <= 0 ? ENERGY_CELL : -ENERGY_CELL;
    if (to != NO_NUMBER)
        energy += state->change[to] >= 0 ? ENERGY_CELL : -ENERGY_CELL;
    if (from == NO_NUMBER)
        energy += cover_energy(state, to, state->up);
    else if (to == NO_NUMBER)
        energy += cover_energy(state, from, state->down);
    else
        energy += transfer_energy(state, from, to);
    return energy + shift_energy(state, from, to);
}
