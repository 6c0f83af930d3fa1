/* Tallies that differ in one place and one year, looked for as the choice does: by moves, then by programs. Each is
 * confirmed by plain addition. */
#include "local.h"

#include <string.h>

enum { MOST_STARTS = 12, MOST_TABLES = 4000, STARTS_OF_CELL = 4, MOST_DELTA_BYTES = 32 << 20 };

static enum base_code make_search(struct local *local, struct base_error *error)
{
    struct suppression_problem *problem = local->problem;
    struct arena *arena = problem->arena;
    const struct choice_request request = {.problem = problem, .solver = local->ground->solver};
    struct audit *audit = &local->audit;
    audit->problem = problem;
    if (arena_take(arena, problem->figures, sizeof *audit->told, &audit->told, error) != BASE_OK ||
        arena_take(arena, problem->figures, sizeof *audit->value, &audit->value, error) !=
            BASE_OK ||
        arena_take(arena, problem->cells, sizeof *audit->tally, &audit->tally, error) != BASE_OK ||
        state_new(problem, &local->state, error) != BASE_OK ||
        program_new(&request, NO_NUMBER, &local->state, &local->choice, &local->program, error) !=
            BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < problem->figures; i++) {
        audit->told[i] = problem->figure[i].known;
        if (audit->told[i])
            state_set_mode(&local->state, i, MODE_FIXED, 0);
    }
    return BASE_OK;
}

/* ---- a tally --------------------------------------------------------------------------------- */

static enum base_code keep_table(struct local *local, struct base_error *error)
{
    const struct suppression_problem *problem = local->problem;
    const size_t size = problem->figures * sizeof *local->delta;
    struct witness_pool *pool = &local->pool;
    if (pool->tables == MOST_TABLES || (pool->tables + 1) * size > MOST_DELTA_BYTES)
        return BASE_OK;
    if (arena_grow(problem->arena, &pool->table, pool->tables, &pool->table_room,
                   sizeof *pool->table, error) != BASE_OK ||
        arena_grow(problem->arena, &local->delta, pool->tables, &local->delta_room, size, error) !=
            BASE_OK)
        return error->code;
    struct feasible_table *table = &pool->table[pool->tables];
    *table = (struct feasible_table){.first = (uint32_t)pool->changes};
    for (uint32_t i = 0; i < problem->cells; i++) {
        if (local->state.change[i] == 0)
            continue;
        if (arena_grow(problem->arena, &pool->change, pool->changes, &pool->change_room,
                       sizeof *pool->change, error) != BASE_OK)
            return error->code;
        pool->change[pool->changes++] = (struct table_change){i, local->state.change[i]};
        table->count++;
    }
    memcpy(local->delta + pool->tables * problem->figures, local->state.delta, size);
    pool->tables++;
    return BASE_OK;
}

static size_t global_cell(const struct local *local, uint32_t cell)
{
    const unsigned place = local->problem->cell[cell].place;
    return local->first_cell[place] + cell - local->number[place];
}

/* Notes what the state's table tells of all that is asked; false if it does not agree. */
static bool note_table(struct local *local)
{
    struct ground *ground = local->ground;
    const struct suppression_problem *problem = local->problem;
    for (size_t i = 0; i < problem->cells; i++)
        local->audit.tally[i] = (int64_t)problem->cell[i].truth + local->state.change[i];
    if (!agree_add_up(&local->audit))
        return false;
    for (uint32_t i = 0; i < problem->cells; i++)
        if (local->state.change[i] != 0)
            ground->fixed[global_cell(local, i)] = false;
    for (size_t i = 0; i < problem->figures; i++) {
        struct attack_figure *figure = &ground->figure[local->global[i]];
        if (!figure->told)
            figures_note(ground, figure,
                         figure->value + local->audit.value[i] - problem->figure[i].value);
    }
    return true;
}

static void load_table(struct local *local, size_t number)
{
    state_reset(&local->state);
    if (number == SIZE_MAX)
        return;
    const struct feasible_table *table = &local->pool.table[number];
    for (uint32_t i = table->first; i < table->first + table->count; i++)
        state_add(&local->state, local->pool.change[i].cell, local->pool.change[i].amount);
}

/* The tables in which the figure is nearest to what it is to be; of a cell some that are drawn. */
static size_t draw_starts(struct local *local, uint32_t figure, int32_t by,
                          size_t start[MOST_STARTS])
{
    const size_t figures = local->problem->figures;
    int32_t distance[MOST_STARTS];
    size_t count = 0;
    for (size_t i = 0; i < local->pool.tables && figure != NO_NUMBER; i++) {
        const int32_t apart = local->delta[i * figures + figure] - by;
        const int32_t far = apart < 0 ? -apart : apart;
        size_t at = count < MOST_STARTS ? count++ : count;
        while (at > 0 && distance[at - 1] > far) {
            if (at < MOST_STARTS) {
                start[at] = start[at - 1];
                distance[at] = distance[at - 1];
            }
            at--;
        }
        if (at < MOST_STARTS) {
            start[at] = i;
            distance[at] = far;
        }
    }
    while (figure == NO_NUMBER && count < STARTS_OF_CELL && local->pool.tables > 0)
        start[count++] = state_random(&local->state, (uint32_t)local->pool.tables);
    return count;
}

static bool search_by_moves(struct local *local, uint32_t figure, int32_t by)
{
    size_t start[MOST_STARTS];
    load_table(local, SIZE_MAX);
    if (moves_search(&local->state))
        return true;
    const size_t starts = draw_starts(local, figure, by, start);
    for (size_t i = 0; i < starts; i++) {
        load_table(local, start[i]);
        if (moves_search(&local->state))
            return true;
    }
    return false;
}

/* ---- what is asked --------------------------------------------------------------------------- */

static enum base_code search_value(struct local *local, uint32_t number, int64_t value, bool *found,
                                   struct base_error *error)
{
    const struct attack_figure *figure = &local->ground->figure[local->global[number]];
    const int64_t by = value - figure->value;
    *found = false;
    if (by < INT32_MIN / 2)
        return BASE_OK;
    state_set_mode(&local->state, number, MODE_FIXED, (int32_t)by);
    *found = search_by_moves(local, number, (int32_t)by) ||
             (local->places == 1 && local->whole[number] &&
              program_search(local->program, NO_NUMBER, false) == CHOOSE_FOUND);
    state_set_mode(&local->state, number, MODE_FREE, 0);
    *found = *found && note_table(local);
    return *found ? keep_table(local, error) : BASE_OK;
}

static enum base_code search_figure(struct local *local, uint32_t number, struct base_error *error)
{
    struct attack_figure *figure = &local->ground->figure[local->global[number]];
    const int64_t threshold = local->ground->attack->threshold;
    for (int64_t value = 0; value < threshold && !local_is_enough(local, figure); value++) {
        bool found;
        if ((figure->seen >> value & 1U) != 0)
            continue;
        if (search_value(local, number, value, &found, error) != BASE_OK)
            return error->code;
        if (!found)
            break; /* the rest is for the wide search */
    }
    return BASE_OK;
}

static enum base_code search_cell(struct local *local, uint32_t cell, struct base_error *error)
{
    local->state.locked = cell;
    const bool found = search_by_moves(local, NO_NUMBER, 0) && note_table(local);
    local->state.locked = NO_NUMBER;
    return found ? keep_table(local, error) : BASE_OK;
}

static enum base_code search_all(struct local *local, struct base_error *error)
{
    const struct suppression_problem *problem = local->problem;
    for (uint32_t i = 0; i < problem->figures && !attack_is_late(local->ground); i++)
        if (!problem->figure[i].known && search_figure(local, i, error) != BASE_OK)
            return error->code;
    for (uint32_t i = 0; i < local->number[1] && !attack_is_late(local->ground); i++)
        if (local->ground->fixed[local->first_cell[0] + i] &&
            search_cell(local, i, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* The next places of those that hang together with it. */
static void choose_places(struct local *local, unsigned place)
{
    const struct ground *ground = local->ground;
    const unsigned count = (unsigned)ground->attack->place_count;
    local->place[local->places++] = place;
    for (unsigned i = 1; i < count && local->places < LOCAL_MOST_PLACES; i++) {
        const unsigned other = (place + i) % count;
        bool linked = false;
        for (unsigned month = local->first; month < local->end; month++) {
            const uint32_t scope = ground->scope_of[(size_t)place * ground->months + month];
            linked = linked || (scope != ATTACK_NONE &&
                                ground->scope_of[(size_t)other * ground->months + month] == scope);
        }
        if (linked)
            local->place[local->places++] = other;
    }
}

static enum base_code search_year(struct ground *ground, unsigned place, unsigned first,
                                  unsigned end, struct base_error *error)
{
    struct local local = {.ground = ground, .first = first, .end = end};
    struct arena *arena;
    if (arena_new(&arena, error) != BASE_OK)
        return error->code;
    choose_places(&local, place);
    enum base_code code = local_problem_new(&local, arena, error);
    if (code == BASE_OK && local.number[1] > 0) {
        code = make_search(&local, error);
        if (code == BASE_OK)
            code = search_all(&local, error);
        program_close(local.program);
    }
    arena_free(arena);
    return code;
}

enum base_code local_search(struct ground *ground, struct base_error *error)
{
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        for (unsigned first = 0, end; first < ground->months && !attack_is_late(ground);
             first = end) {
            end = first + ATTACK_YEAR - (ground->first + first) % ATTACK_YEAR;
            end = end < ground->months ? end : ground->months;
            if (search_year(ground, place, first, end, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}
