/* The witnesses that were found, by what they meet. */
#include "inside.h"

enum base_code pool_new(const struct suppression_problem *problem, struct needs *needs,
                        struct witness_pool *tables, struct pool *pool, struct base_error *error)
{
    *pool = (struct pool){.problem = problem, .needs = needs, .tables = tables};
    if (arena_take(problem->arena, problem->figures, sizeof *pool->figure_link, &pool->figure_link,
                   error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < problem->figures; i++)
        pool->figure_link[i] = NO_NUMBER;
    return BASE_OK;
}

static enum base_code add_link(struct pool *pool, uint32_t table, uint32_t *first,
                               struct base_error *error)
{
    if (arena_grow(pool->problem->arena, &pool->link, pool->links, &pool->link_room,
                   sizeof *pool->link, error) != BASE_OK)
        return error->code;
    pool->link[pool->links] = (struct pool_link){table, *first};
    *first = (uint32_t)pool->links++;
    return BASE_OK;
}

/* A table in which the month ahead has totals is a witness of what is asked of that month, and of nothing else. */
static bool is_of_ahead(const struct pool *pool, const struct state *state)
{
    for (size_t i = 0; i < pool->problem->figures; i++)
        if (pool->problem->figure[i].ahead && state->delta[i] != 0)
            return true;
    return false;
}

static enum base_code add_changes(struct pool *pool, const struct state *state, uint32_t table,
                                  bool of_ahead, struct base_error *error)
{
    struct witness_pool *tables = pool->tables;
    struct feasible_table *made = &tables->table[table];
    *made = (struct feasible_table){.first = (uint32_t)tables->changes};
    for (uint32_t i = 0; i < pool->problem->cells; i++) {
        if (state->change[i] == 0)
            continue;
        if (arena_grow(pool->problem->arena, &tables->change, tables->changes, &tables->change_room,
                       sizeof *tables->change, error) != BASE_OK ||
            (!of_ahead && add_link(pool, table, &pool->needs->cell_link[i], error) != BASE_OK))
            return error->code;
        tables->change[tables->changes++] = (struct table_change){i, state->change[i]};
        made->count++;
    }
    return BASE_OK;
}

/* The list of what a figure's change makes the table one of; NULL: of nothing. */
static uint32_t *list_of(struct pool *pool, uint32_t figure, int32_t by, bool of_ahead)
{
    const uint32_t need = needs_of(pool->needs, pool->problem, figure, by);
    if (need != NO_NUMBER)
        return of_ahead && !pool->problem->figure[figure].ahead
                   ? NULL
                   : &pool->needs->need[need].first_link;
    return pool->needs->of_figure[figure] == NO_NUMBER ? &pool->figure_link[figure] : NULL;
}

static enum base_code add_deltas(struct pool *pool, const struct state *state, uint32_t table,
                                 bool of_ahead, struct base_error *error)
{
    struct pool_table *made = &pool->table[table];
    made->first_delta = (uint32_t)pool->deltas;
    for (uint32_t i = 0; i < pool->problem->figures; i++) {
        const int32_t by = state->delta[i];
        if (by == 0)
            continue;
        if (arena_grow(pool->problem->arena, &pool->delta, pool->deltas, &pool->delta_room,
                       sizeof *pool->delta, error) != BASE_OK)
            return error->code;
        pool->delta[pool->deltas++] = (struct pool_delta){i, by};
        made->deltas++;
        uint32_t *list = list_of(pool, i, by, of_ahead);
        if (list != NULL && add_link(pool, table, list, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static void note_singles(struct pool *pool, const struct state *state, uint32_t table)
{
    const struct needs *needs = pool->needs;
    for (size_t i = 0; i < needs->singles; i++)
        if (state->delta[needs->single[i]] >= 0)
            pool->keeps[table * needs->words + i / 64] |= (uint64_t)1 << (i % 64);
}

enum base_code pool_add(struct pool *pool, const struct state *state, struct base_error *error)
{
    struct arena *arena = pool->problem->arena;
    const uint32_t table = (uint32_t)pool->tables->tables;
    if (arena_grow(arena, &pool->tables->table, table, &pool->tables->table_room,
                   sizeof *pool->tables->table, error) != BASE_OK ||
        arena_grow(arena, &pool->table, table, &pool->table_room, sizeof *pool->table, error) !=
            BASE_OK ||
        arena_grow(arena, &pool->living, table, &pool->living_room, sizeof *pool->living, error) !=
            BASE_OK ||
        arena_grow(arena, &pool->keeps, table, &pool->single_room,
                   pool->needs->words * sizeof *pool->keeps, error) != BASE_OK)
        return error->code;
    pool->table[table] = (struct pool_table){.living_at = (uint32_t)pool->living_count};
    pool->living[pool->living_count++] = table;
    note_singles(pool, state, table);
    pool->tables->tables++;
    const bool of_ahead = is_of_ahead(pool, state);
    if (add_changes(pool, state, table, of_ahead, error) != BASE_OK ||
        add_deltas(pool, state, table, of_ahead, error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

bool pool_lives(const struct pool *pool, uint32_t table)
{
    return !pool->table[table].dead && pool->table[table].not_with != pool->trial;
}

void pool_exclude(struct pool *pool, uint32_t figure, bool kill)
{
    for (uint32_t at = pool->figure_link[figure]; at != NO_NUMBER; at = pool->link[at].next) {
        struct pool_table *table = &pool->table[pool->link[at].table];
        table->not_with = pool->trial;
        if (!kill || table->dead)
            continue;
        table->dead = true;
        const uint32_t last = pool->living[--pool->living_count];
        pool->living[table->living_at] = last;
        pool->table[last].living_at = table->living_at;
    }
}

int32_t pool_delta_of(const struct pool *pool, uint32_t table, uint32_t figure)
{
    const struct pool_delta *delta = pool->delta + pool->table[table].first_delta;
    size_t low = 0, high = pool->table[table].deltas;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (delta[middle].figure < figure)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pool->table[table].deltas && delta[low].figure == figure ? delta[low].by : 0;
}

uint32_t pool_next(struct pool *pool, uint32_t *link)
{
    while (*link != NO_NUMBER) {
        const struct pool_link *at = &pool->link[*link];
        if (!pool->table[at->table].dead)
            return at->table;
        *link = at->next;
    }
    return NO_NUMBER;
}

void pool_drop_dead(struct pool *pool)
{
    struct witness_pool *tables = pool->tables;
    size_t kept = 0;
    for (size_t i = 0; i < tables->tables; i++)
        if (!pool->table[i].dead)
            tables->table[kept++] = tables->table[i];
    tables->tables = kept;
}
