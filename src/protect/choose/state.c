/* A table that is being looked for: what it changes of the true one, and how far it is from what is asked. */
#include "inside.h"

#include <string.h>

enum {
    ENERGY_VIOLATION = 1000, /* of a figure, a unit */
    ENERGY_ORDER = 400,      /* of an order's worst month, a unit */
    ENERGY_CELL = 3,
    NO_LIMIT = 1 << 20,
};

uint32_t state_random(struct state *state, uint32_t below)
{
    state->chance ^= state->chance << 13;
    state->chance ^= state->chance >> 7;
    state->chance ^= state->chance << 17;
    return (uint32_t)(((state->chance >> 32) * below) >> 32);
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

/* A move takes no more than 2 off. */
static bool has_room(const struct state *state, uint32_t order)
{
    return order == NO_NUMBER || state->lowest[order] >= 2;
}

static bool bears_any(const struct state *state, uint32_t cell)
{
    return cell == NO_NUMBER ||
           (has_room(state, state->more_of[cell]) && has_room(state, state->less_of[cell]));
}

static int32_t shift_energy(const struct state *state, uint32_t from, uint32_t to)
{
    struct shift shift[4];
    int32_t energy = 0;
    if (bears_any(state, from) && bears_any(state, to))
        return 0;
    size_t count = from == NO_NUMBER ? 0 : list_shifts(state, from, -1, shift);
    count += to == NO_NUMBER ? 0 : list_shifts(state, to, 1, shift + count);
    for (size_t i = 0; i < count; i++) {
        const struct shift *other = NULL;
        bool done = has_room(state, shift[i].order);
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
