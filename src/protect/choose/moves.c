/* Looks for a witness by moves of one contact, each the best of those that mend what is violated. */
#include "inside.h"

#include <string.h>

enum {
    MOST_STEPS = 50,
    CELLS_A_STEP = 6, /* of a figure, whose moves are looked at */
    LEAST_TABU = 6,   /* a move is not undone for so many steps, and up to MORE_TABU more */
    MORE_TABU = 6,
};

struct move {
    uint32_t from, to;
    int32_t energy;
};

/* Two marks for each cell: until which step it may not rise, and not fall. */
struct course {
    struct state *state;
    uint8_t *no_rise, *no_fall;
    unsigned step;
    struct move best;
};

static bool can_take(const struct course *course, uint32_t cell)
{
    const struct state *state = course->state;
    return course->no_fall[cell] <= course->step && state_can_fall(state, cell, 1) &&
           !(cell == state->locked && state->change[cell] == 1);
}

static bool can_put(const struct course *course, uint32_t cell)
{
    const struct state *state = course->state;
    return course->no_rise[cell] <= course->step &&
           !(cell == state->locked && state->change[cell] == -1);
}

static void weigh(struct course *course, uint32_t from, uint32_t to)
{
    const int32_t energy = state_energy(course->state, from, to);
    if (energy < course->best.energy)
        course->best = (struct move){from, to, energy};
}

/* One more in `cell`, or one less: alone, or to and from each neighbour. */
static void weigh_cell(struct course *course, uint32_t cell, bool rise)
{
    const struct state *state = course->state;
    if (rise ? !can_put(course, cell) : !can_take(course, cell))
        return;
    weigh(course, rise ? NO_NUMBER : cell, rise ? cell : NO_NUMBER);
    for (uint32_t i = state->first_neighbour[cell]; i < state->first_neighbour[cell + 1]; i++) {
        const uint32_t other = state->neighbour[i];
        if (rise && can_take(course, other))
            weigh(course, other, cell);
        if (!rise && can_put(course, other))
            weigh(course, cell, other);
    }
}

static void weigh_figure(struct course *course, uint32_t number)
{
    struct state *state = course->state;
    const struct problem_figure *figure = &state->problem->figure[number];
    const uint32_t *member = state->problem->member + figure->first;
    const bool rise =
        state->mode[number] == MODE_AT_LEAST || state->delta[number] < state->want[number];
    uint32_t looked = 0, at = state_random(state, figure->count);
    for (unsigned i = 0; i < CELLS_A_STEP && looked < figure->count; i++) {
        while (looked < figure->count &&
               (rise ? !can_put(course, member[at]) : !can_take(course, member[at]))) {
            at = at + 1 < figure->count ? at + 1 : 0;
            looked++;
        }
        if (looked < figure->count)
            weigh_cell(course, member[at], rise);
        const uint32_t skip = 1 + state_random(state, figure->count / CELLS_A_STEP + 1);
        at = (at + skip) % figure->count;
        looked += skip;
    }
}

/* Cells of a violated order: of its session one more helps, of the next one less. */
static void weigh_order(struct course *course, uint32_t number)
{
    struct state *state = course->state;
    const struct suppression_problem *problem = state->problem;
    const struct session_order *order = &problem->order[number];
    for (unsigned i = 0; i < 2 * CELLS_A_STEP; i++) {
        const unsigned month = state_random(state, problem->months);
        const bool next = state_random(state, 2) == 0;
        const struct codebook_contact contact = {{(uint8_t)state_random(state, CODEBOOK_CHANNELS),
                                                  order->party,
                                                  (uint8_t)(order->session + (next ? 1U : 0U))}};
        const uint32_t cell =
            problem->cell_at[((size_t)order->place * problem->months + month) * CODEBOOK_CELLS +
                             codebook_cell(contact)];
        if (cell != PROBLEM_NO_CELL)
            weigh_cell(course, cell, !next);
    }
}

static uint32_t worst_order(const struct state *state)
{
    uint32_t worst = 0;
    for (uint32_t i = 1; i < state->problem->orders; i++)
        if (state->lowest[i] < state->lowest[worst])
            worst = i;
    return worst;
}

/* The cell that has to be another one gets one more, or one less. */
static void weigh_locked(struct course *course)
{
    const bool rise = state_random(course->state, 2) == 0;
    weigh_cell(course, course->state->locked, rise);
    if (course->best.energy == INT32_MAX)
        weigh_cell(course, course->state->locked, !rise);
}

static void make_move(struct course *course)
{
    struct state *state = course->state;
    const struct move *move = &course->best;
    const uint8_t until = (uint8_t)(course->step + LEAST_TABU + state_random(state, MORE_TABU));
    if (move->from != NO_NUMBER) {
        state_add(state, move->from, -1);
        course->no_rise[move->from] = until;
    }
    if (move->to != NO_NUMBER) {
        state_add(state, move->to, 1);
        course->no_fall[move->to] = until;
    }
}

bool moves_search(struct state *state)
{
    const size_t cells = state->problem->cells;
    struct course course = {.state = state, .no_rise = state->tabu, .no_fall = state->tabu + cells};
    memset(state->tabu, 0, 2 * cells);
    for (course.step = 1; course.step <= MOST_STEPS && !state_is_witness(state); course.step++) {
        course.best = (struct move){NO_NUMBER, NO_NUMBER, INT32_MAX};
        if (state->locked != NO_NUMBER && state->change[state->locked] == 0)
            weigh_locked(&course);
        else if (state->violations > 0)
            weigh_figure(&course,
                         state->violated[state_random(state, (uint32_t)state->violations)]);
        else
            weigh_order(&course, worst_order(state));
        if (course.best.energy < INT32_MAX)
            make_move(&course);
    }
    return state_is_witness(state);
}
