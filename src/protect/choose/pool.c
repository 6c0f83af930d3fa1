/* The witnesses that were found, by what they meet. */
#include "inside.h"

#include <string.h>

/* So many dead tables may lie beside as many as live. */
enum { MOST_DEAD = 64 };

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

static enum base_code keep_changes(struct pool *pool, const struct state *state, uint32_t table,
                                   struct base_error *error)
{
    struct witness_pool *tables = pool->tables;
    struct feasible_table *made = &tables->table[table];
    *made = (struct feasible_table){.first = (uint32_t)tables->changes};
    for (uint32_t i = 0; i < pool->problem->cells; i++) {
        if (state->change[i] == 0)
            continue;
        if (arena_grow(pool->problem->arena, &tables->change, tables->changes, &tables->change_room,
                       sizeof *tables->change, error) != BASE_OK)
            return error->code;
        tables->change[tables->changes++] = (struct table_change){i, state->change[i]};
        made->count++;
    }
    return BASE_OK;
}

static enum base_code keep_deltas(struct pool *pool, const struct state *state, uint32_t table,
                                  struct base_error *error)
{
    struct pool_table *made = &pool->table[table];
    made->first_delta = (uint32_t)pool->deltas;
    for (uint32_t i = 0; i < pool->problem->figures; i++) {
        if (state->delta[i] == 0)
            continue;
        if (arena_grow(pool->problem->arena, &pool->delta, pool->deltas, &pool->delta_room,
                       sizeof *pool->delta, error) != BASE_OK)
            return error->code;
        pool->delta[pool->deltas++] = (struct pool_delta){i, state->delta[i]};
        made->deltas++;
    }
    return BASE_OK;
}

/* A table in which the month ahead has totals is a witness of what is asked of that month, and of nothing else. */
static bool is_of_ahead(const struct pool *pool, const struct pool_table *table)
{
    for (uint32_t i = table->first_delta; i < table->first_delta + table->deltas; i++)
        if (pool->problem->figure[pool->delta[i].figure].ahead)
            return true;
    return false;
}

/* The list of tables that a table with this change of a figure belongs to; NULL: none. */
static uint32_t *list_of(struct pool *pool, const struct pool_delta *delta, bool of_ahead)
{
    struct needs *needs = pool->needs;
    const uint32_t need = needs_of(needs, pool->problem, delta->figure, delta->by);
    if (need != NO_NUMBER)
        return of_ahead && !pool->problem->figure[delta->figure].ahead
                   ? NULL
                   : &needs->need[need].first_link;
    return needs->of_figure[delta->figure] == NO_NUMBER ? &pool->figure_link[delta->figure] : NULL;
}

static enum base_code add_links(struct pool *pool, uint32_t table, struct base_error *error)
{
    const struct feasible_table *kept = &pool->tables->table[table];
    const struct pool_table *made = &pool->table[table];
    const bool of_ahead = is_of_ahead(pool, made);
    for (uint32_t i = kept->first; !of_ahead && i < kept->first + kept->count; i++) {
        const uint32_t cell = pool->tables->change[i].cell;
        if (add_link(pool, table, &pool->needs->cell_link[cell], error) != BASE_OK)
            return error->code;
    }
    for (uint32_t i = made->first_delta; i < made->first_delta + made->deltas; i++) {
        uint32_t *list = list_of(pool, &pool->delta[i], of_ahead);
        if (list != NULL && add_link(pool, table, list, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static void note_singles(struct pool *pool, const struct state *state, uint32_t table)
{
    const struct needs *needs = pool->needs;
    uint64_t *keeps = pool->keeps + table * needs->words;
    memset(keeps, 0, needs->words * sizeof *keeps);
    for (size_t i = 0; i < needs->singles; i++)
        if (state->delta[needs->single[i]] >= 0)
            keeps[i / 64] |= (uint64_t)1 << (i % 64);
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
    if (keep_changes(pool, state, table, error) != BASE_OK ||
        keep_deltas(pool, state, table, error) != BASE_OK ||
        add_links(pool, table, error) != BASE_OK)
        return error->code;
    return BASE_OK;
}

bool pool_lives(const struct pool *pool, uint32_t table)
{
    return !pool->table[table].dead && pool->table[table].not_with != pool->trial;
}

/* ---- dead tables ----------------------------------------------------------------------------- */

static void move_table(struct pool *pool, uint32_t from, uint32_t to)
{
    struct witness_pool *tables = pool->tables;
    const size_t words = pool->needs->words;
    struct feasible_table *kept = &tables->table[to];
    struct pool_table *made = &pool->table[to];
    *kept = tables->table[from];
    *made = pool->table[from];
    memmove(tables->change + tables->changes, tables->change + kept->first,
            kept->count * sizeof *tables->change);
    memmove(pool->delta + pool->deltas, pool->delta + made->first_delta,
            made->deltas * sizeof *pool->delta);
    memmove(pool->keeps + to * words, pool->keeps + from * words, words * sizeof *pool->keeps);
    kept->first = (uint32_t)tables->changes;
    made->first_delta = (uint32_t)pool->deltas;
    tables->changes += kept->count;
    pool->deltas += made->deltas;
    pool->living[made->living_at] = to;
}

static void empty_lists(struct pool *pool)
{
    const struct suppression_problem *problem = pool->problem;
    pool->links = 0;
    for (size_t i = 0; i < problem->figures; i++)
        pool->figure_link[i] = NO_NUMBER;
    for (size_t i = 0; i < problem->cells; i++)
        pool->needs->cell_link[i] = NO_NUMBER;
    for (size_t i = 0; i < pool->needs->count; i++)
        pool->needs->need[i].first_link = NO_NUMBER;
}

/* Living tables move up, in their order, and are listed anew: in each list they stand as before. */
void pool_drop_dead(struct pool *pool)
{
    struct base_error unused;
    const uint32_t before = (uint32_t)pool->tables->tables;
    uint32_t kept = 0;
    pool->tables->changes = pool->deltas = 0;
    empty_lists(pool);
    for (uint32_t i = 0; i < before; i++) {
        if (pool->table[i].dead)
            continue;
        move_table(pool, i, kept);
        (void)add_links(pool, kept, &unused); /* there is room: there were more */
        kept++;
    }
    pool->tables->tables = kept;
}

static void kill_table(struct pool *pool, struct pool_table *table)
{
    const uint32_t last = pool->living[--pool->living_count];
    table->dead = true;
    pool->living[table->living_at] = last;
    pool->table[last].living_at = table->living_at;
}

void pool_exclude(struct pool *pool, uint32_t figure, bool kill)
{
    for (uint32_t at = pool->figure_link[figure]; at != NO_NUMBER; at = pool->link[at].next) {
        struct pool_table *table = &pool->table[pool->link[at].table];
        table->not_with = pool->trial;
        if (kill && !table->dead)
            kill_table(pool, table);
    }
    if (kill && pool->tables->tables > MOST_DEAD + 2 * pool->living_count)
        pool_drop_dead(pool);
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
