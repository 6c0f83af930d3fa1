/* Looks for one witness: by moves from the true tally and from witnesses that come near, then by programs. */
#include "inside.h"

enum {
    STARTS = 11,
    STARTS_OF_SEVERAL =
        7, /* moves take longer there, and what seven do not find programs mostly do */
    MOST_STARTS = STARTS,
    MOST_DRAWN = 1000,
    MOST_EXCLUDED = 4
};

struct start {
    uint32_t table;
    int32_t distance;
};

static int32_t size_of(int32_t number)
{
    return number < 0 ? -number : number;
}

/* How near another cell is: most if it differs in one of place, month, channel, party and session. */
static int32_t nearness(const struct state *state, uint32_t one, uint32_t other)
{
    const struct problem_cell *a = &state->problem->cell[one], *b = &state->problem->cell[other];
    const int same = (a->place == b->place) + (a->month == b->month) +
                     (state->channel[one] == state->channel[other]) +
                     (state->party[one] == state->party[other]) +
                     (state->session[one] == state->session[other]);
    return same >= 4 ? 4 : same == 3 ? 1 : 0;
}

/* Of a cell: tables that change most near it are nearest. */
static int32_t cell_distance(const struct chooser *chooser, uint32_t table, uint32_t cell)
{
    const struct witness_pool *tables = chooser->pool.tables;
    const struct feasible_table *at = &tables->table[table];
    int32_t changed = 0;
    for (uint32_t i = at->first; i < at->first + at->count; i++)
        changed += nearness(&chooser->state, cell, tables->change[i].cell);
    return -changed;
}

static int32_t distance_of(const struct chooser *chooser, uint32_t table,
                           const struct target *target)
{
    const struct pool *pool = &chooser->pool;
    int32_t distance = 0;
    if (target->cell != NO_NUMBER)
        return cell_distance(chooser, table, target->cell);
    if (target->figure != NO_NUMBER)
        distance = size_of(pool_delta_of(pool, table, target->figure) - target->by);
    if (target->maker != NO_NUMBER) {
        const int32_t left = pool_delta_of(pool, table, target->maker);
        distance += left < 0 ? -left : 0;
    }
    return distance;
}

/* The nearest of some that are drawn, the nearest first. */
static size_t draw_starts(struct chooser *chooser, const struct target *target,
                          struct start start[MOST_STARTS])
{
    const size_t most = chooser->problem->place_count > 1 ? STARTS_OF_SEVERAL : STARTS;
    const struct pool *pool = &chooser->pool;
    size_t count = 0;
    const size_t living = pool->living_count;
    const size_t drawn_at = living > 0 ? state_random(&chooser->state, (uint32_t)living) : 0;
    for (size_t i = 0; i < living && i < MOST_DRAWN; i++) {
        const uint32_t table = pool->living[(drawn_at + i) % living];
        if (!pool_lives(pool, table))
            continue;
        const struct start drawn = {table, distance_of(chooser, table, target)};
        size_t at = count < most ? count++ : count;
        while (at > 0 && start[at - 1].distance > drawn.distance) {
            if (at < most)
                start[at] = start[at - 1];
            at--;
        }
        if (at < most)
            start[at] = drawn;
    }
    return count;
}

static void load_start(struct chooser *chooser, const struct start *start)
{
    const struct witness_pool *tables = chooser->pool.tables;
    state_reset(&chooser->state);
    if (start == NULL)
        return;
    const struct feasible_table *at = &tables->table[start->table];
    for (uint32_t i = at->first; i < at->first + at->count; i++)
        state_add(&chooser->state, tables->change[i].cell, tables->change[i].amount);
}

static bool search_from(struct chooser *chooser, const struct start *start)
{
    load_start(chooser, start);
    return moves_search(&chooser->state);
}

/* Tables that meet the requirement, but change the figure that is on trial. */
static bool search_from_excluded(struct chooser *chooser, const struct target *target)
{
    struct pool *pool = &chooser->pool;
    struct needs *needs = &chooser->needs;
    uint32_t none = NO_NUMBER, *link = &none;
    if (target->cell != NO_NUMBER)
        link = &needs->cell_link[target->cell];
    else if (target->figure != NO_NUMBER)
        link =
            &needs->need[needs_of(needs, chooser->problem, target->figure, target->by)].first_link;
    unsigned tried = 0;
    for (uint32_t table; tried < MOST_EXCLUDED && (table = pool_next(pool, link)) != NO_NUMBER;
         link = &pool->link[*link].next, tried++) {
        const struct start start = {table, 0};
        if (search_from(chooser, &start))
            return true;
    }
    return false;
}

static bool search_by_moves(struct chooser *chooser, const struct target *target)
{
    struct start start[MOST_STARTS];
    if (search_from_excluded(chooser, target) || search_from(chooser, NULL))
        return true;
    const size_t starts = draw_starts(chooser, target, start);
    for (size_t i = 0; i < starts; i++)
        if (search_from(chooser, &start[i]))
            return true;
    return false;
}

/* ---- programs -------------------------------------------------------------------------------- */

static uint32_t place_of_figure(const struct chooser *chooser, uint32_t number)
{
    const struct suppression_problem *problem = chooser->problem;
    const struct problem_figure *figure = &problem->figure[number];
    const uint32_t *member = problem->member + figure->first;
    const uint32_t first = problem->cell[member[0]].place;
    return first == problem->cell[member[figure->count - 1]].place ? first : NO_NUMBER;
}

/* The only place that is asked about; NO_NUMBER: there are several. */
static uint32_t place_of(const struct chooser *chooser, const struct target *target)
{
    if (target->cell != NO_NUMBER)
        return chooser->problem->cell[target->cell].place;
    if (target->figure == NO_NUMBER)
        return NO_NUMBER;
    const uint32_t place = place_of_figure(chooser, target->figure);
    return target->maker == NO_NUMBER || place_of_figure(chooser, target->maker) == place
               ? place
               : NO_NUMBER;
}

/* Inside the place first: what is found there will do, and what can't be there by its own figures can't be. */
static enum choose_answer search_by_programs(struct chooser *chooser, const struct target *target)
{
    const uint32_t place = place_of(chooser, target);
    if (chooser->problem->place_count > 1 && place != NO_NUMBER) {
        struct program *local = chooser->local[place];
        enum choose_answer answer = program_search(local, target->cell, false);
        if (answer == CHOOSE_FOUND)
            return answer;
        if (program_search(local, target->cell, true) == CHOOSE_IMPOSSIBLE)
            return CHOOSE_IMPOSSIBLE;
    }
    return program_search(chooser->program, target->cell, false);
}

/* The month ahead holds nothing but where something is asked of it: all else must be possible if the year ended now. */
static void set_ahead(struct chooser *chooser, const struct target *target, enum figure_mode mode)
{
    const struct suppression_problem *problem = chooser->problem;
    if (!problem->month_ahead ||
        (target->figure != NO_NUMBER && problem->figure[target->figure].ahead))
        return;
    for (uint32_t i = 0; i < problem->figures; i++)
        if (problem->figure[i].ahead)
            state_set_mode(&chooser->state, i, mode, 0);
}

enum choose_answer find_witness(struct chooser *chooser, const struct target *target)
{
    struct state *state = &chooser->state;
    enum choose_answer answer = CHOOSE_FOUND;
    chooser->choice->searches++;
    set_ahead(chooser, target, MODE_FIXED);
    if (target->figure != NO_NUMBER)
        state_set_mode(state, target->figure, MODE_FIXED, target->by);
    if (target->maker != NO_NUMBER)
        state_set_mode(state, target->maker, MODE_AT_LEAST, 0);
    state->locked = target->cell;
    if (!search_by_moves(chooser, target))
        answer = search_by_programs(chooser, target);
    if (answer == CHOOSE_FOUND)
        chooser->code = pool_add(&chooser->pool, state, chooser->error);
    state->locked = NO_NUMBER;
    set_ahead(chooser, target, MODE_FREE);
    if (target->figure != NO_NUMBER)
        state_set_mode(state, target->figure, MODE_FREE, 0);
    if (target->maker != NO_NUMBER)
        state_set_mode(state, target->maker, MODE_FREE, 0);
    return answer;
}
