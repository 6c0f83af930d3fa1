/* Tallies that differ in one place and one year, looked for as the choice does: by moves, then by programs. Each is
 * confirmed by plain addition. */
#include <string.h>

#include "../audit/inside.h"
#include "../choose/inside.h"
#include "inside.h"
#include "life.h"

enum { MOST_STARTS = 12, MOST_TABLES = 4000, STARTS_OF_CELL = 4 };

/* Of places that figures link some are taken together: between them contacts can change places. */
enum { MOST_PLACES = 3 };

/* A year of a place, and of some with it, as a suppression problem whose truth is the tally that agrees. What is
 * asked is about the first place. */
struct local {
    struct ground *ground;
    unsigned place[MOST_PLACES], places;
    unsigned first, end;              /* months */
    uint32_t first_cell[MOST_PLACES]; /* of the ground */
    uint32_t number[MOST_PLACES + 1]; /* of the problem: the first of each place, and the end */
    struct suppression_problem *problem;
    uint32_t *global; /* the ground's figure of each */
    bool *whole;      /* it has no cells elsewhere */
    struct audit audit;
    struct state state;
    struct choice choice;
    struct program *program;
    struct witness_pool pool;
    int32_t *delta; /* [table][figure] */
};

/* ---- the problem ----------------------------------------------------------------------------- */

static bool is_enough(const struct local *local, const struct attack_figure *figure)
{
    const unsigned threshold = local->ground->attack->threshold;
    return figure->seen == (UINT32_C(1) << threshold) - 1 ||
           (!figure->hidden && figure->most >= (int64_t)threshold);
}

static bool is_same(const struct suppression_problem *problem, const struct problem_figure *one,
                    const uint32_t *member, uint32_t count)
{
    return one->count == count && problem->member[one->first] == member[0] &&
           memcmp(problem->member + one->first, member, count * sizeof *member) == 0;
}

/* A shown figure that has the same cells here: one that is to be another one can't be. */
static bool is_told_already(const struct local *local, const uint32_t *member, uint32_t count)
{
    const struct suppression_problem *problem = local->problem;
    for (size_t i = 0; i < problem->figures; i++)
        if (problem->figure[i].known && is_same(problem, &problem->figure[i], member, count))
            return true;
    return false;
}

static void add_figure(struct local *local, uint32_t number, uint32_t *members)
{
    struct suppression_problem *problem = local->problem;
    const struct ground *ground = local->ground;
    const struct attack_figure *figure = &ground->figure[number];
    uint32_t *member = &problem->member[*members], count = 0;
    int64_t value = 0;
    for (unsigned place = 0; place < local->places; place++) {
        const uint32_t first = local->first_cell[place];
        const uint32_t end = first + local->number[place + 1] - local->number[place];
        for (size_t i = figures_find(ground, figure, first);
             i < figure->first + figure->count && ground->member[i] < end; i++) {
            member[count] = ground->member[i] - first + local->number[place];
            value += problem->cell[member[count++]].truth;
        }
    }
    if (count == 0 || is_told_already(local, member, count))
        return;
    local->global[problem->figures] = number;
    local->whole[problem->figures] = count == figure->count;
    problem->figure[problem->figures++] = (struct problem_figure){.set = figure->set,
                                                                  .first = *members,
                                                                  .count = count,
                                                                  .value = value,
                                                                  .known = figure->told};
    *members += count;
}

static void add_cells_of(struct local *local, unsigned place)
{
    const struct ground *ground = local->ground;
    struct suppression_problem *problem = local->problem;
    local->number[place] = (uint32_t)problem->cells;
    for (unsigned month = 0; month < problem->months; month++) {
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            const uint32_t at =
                *attack_cell_at(ground, local->place[place], local->first + month, cell);
            uint32_t *number =
                &problem
                     ->cell_at[((size_t)place * problem->months + month) * CODEBOOK_CELLS + cell];
            *number = at == ATTACK_NONE ? PROBLEM_NO_CELL : (uint32_t)problem->cells;
            if (at == ATTACK_NONE)
                continue;
            if (problem->cells == local->number[place])
                local->first_cell[place] = at;
            problem->cell[problem->cells++] = (struct problem_cell){.place = (uint8_t)place,
                                                                    .month = (uint8_t)month,
                                                                    .cell = (uint8_t)cell,
                                                                    .truth = ground->cell[at].base};
        }
    }
    local->number[place + 1] = (uint32_t)problem->cells;
}

static bool has_any_place(const struct local *local, const struct attack_figure *figure,
                          unsigned places)
{
    for (unsigned place = 0; place < places; place++)
        if (place_set_has(&figure->set.places, local->place[place]))
            return true;
    return false;
}

/* Shown ones first. */
static void add_figures(struct local *local)
{
    const struct ground *ground = local->ground;
    const base_month first = (base_month)(ground->first + local->first);
    const base_month last = (base_month)(ground->first + local->end - 1);
    uint32_t members = 0;
    for (unsigned told = 2; told-- > 0;) {
        for (uint32_t i = 0; i < ground->figures; i++) {
            const struct attack_figure *figure = &ground->figure[i];
            if (figure->told == (told == 1) &&
                has_any_place(local, figure, figure->told ? local->places : 1) &&
                figure->set.months.first <= last && figure->set.months.last >= first &&
                (figure->told || !is_enough(local, figure)))
                add_figure(local, i, &members);
        }
    }
}

static size_t most_members(const struct local *local, size_t *figures)
{
    const struct ground *ground = local->ground;
    size_t members = 0;
    *figures = 0;
    for (size_t i = 0; i < ground->figures; i++) {
        const struct attack_figure *figure = &ground->figure[i];
        if (!has_any_place(local, figure, local->places))
            continue;
        ++*figures;
        members += figure->count < local->problem->cells ? figure->count : local->problem->cells;
    }
    return members;
}

static void add_covers(struct suppression_problem *problem)
{
    uint32_t next = 0;
    for (size_t i = 0; i < problem->figures; i++)
        for (uint32_t j = 0; j < problem->figure[i].count; j++)
            problem->cell[problem->member[problem->figure[i].first + j]].covers++;
    for (size_t i = 0; i < problem->cells; i++) {
        problem->cell[i].first_cover = next;
        next += problem->cell[i].covers;
        problem->cell[i].covers = 0;
    }
    for (uint32_t i = 0; i < problem->figures; i++)
        for (uint32_t j = 0; j < problem->figure[i].count; j++) {
            struct problem_cell *cell =
                &problem->cell[problem->member[problem->figure[i].first + j]];
            problem->cover[cell->first_cover + cell->covers++] = i;
        }
}

/* ---- the rule of sessions -------------------------------------------------------------------- */

static void fill_order(const struct local *local, struct session_order *order)
{
    const struct ground *ground = local->ground;
    const struct attack_life *life = &ground->life[local->place[order->place]];
    const struct life_order of = {local->place[order->place], order->party, order->session};
    int64_t balance = 0;
    for (unsigned month = life->first; month < local->first; month++)
        balance = life_balance(ground, &of, month, balance);
    order->opening = balance;
    order->slack = INT32_MAX;
    for (unsigned month = local->first; month < local->end; month++)
        order->least_balance[month - local->first] = month < life->end ? 0 : INT32_MIN / 2;
    for (unsigned month = life->first > local->first ? life->first : local->first;
         month < life->end; month++) {
        balance = life_balance(ground, &of, month, balance);
        if (month >= local->end && balance < order->slack)
            order->slack = balance;
    }
}

static void add_orders(struct local *local, unsigned place)
{
    const struct ground *ground = local->ground;
    struct suppression_problem *problem = local->problem;
    const struct attack_life *life = &ground->life[local->place[place]];
    if (!life->known || life->first >= local->end || life->end <= local->first)
        return;
    for (unsigned party = 0; party < CODEBOOK_PARTIES; party++)
        for (unsigned session = 0; session + 1 < CODEBOOK_SESSIONS; session++) {
            struct session_order *order = &problem->order[problem->orders];
            if ((ground->attack->offered[local->place[place]].parties >> party & 1U) == 0)
                continue;
            *order = (struct session_order){
                .place = (uint8_t)place, .party = (uint8_t)party, .session = (uint8_t)session};
            fill_order(local, order);
            problem->orders++;
        }
}

static enum base_code make_problem(struct local *local, struct arena *arena,
                                   struct base_error *error)
{
    struct suppression_problem *problem;
    const unsigned months = local->end - local->first;
    const size_t cells = local->places * months * CODEBOOK_CELLS;
    size_t figures;
    if (arena_take(arena, 1, sizeof *problem, &problem, error) != BASE_OK ||
        arena_take(arena, cells, sizeof *problem->cell, &problem->cell, error) != BASE_OK ||
        arena_take(arena, cells, sizeof *problem->cell_at, &problem->cell_at, error) != BASE_OK ||
        arena_take(arena, MOST_PLACES * CODEBOOK_PARTIES * CODEBOOK_SESSIONS,
                   sizeof *problem->order, &problem->order, error) != BASE_OK)
        return error->code;
    problem->arena = arena;
    problem->threshold = local->ground->attack->threshold;
    problem->place_count = local->places;
    problem->first = (base_month)(local->ground->first + local->first);
    problem->months = months;
    local->problem = problem;
    for (unsigned place = 0; place < local->places; place++)
        add_cells_of(local, place);
    const size_t members = most_members(local, &figures);
    if (arena_take(arena, figures, sizeof *problem->figure, &problem->figure, error) != BASE_OK ||
        arena_take(arena, members, sizeof *problem->member, &problem->member, error) != BASE_OK ||
        arena_take(arena, members, sizeof *problem->cover, &problem->cover, error) != BASE_OK ||
        arena_take(arena, figures, sizeof *local->global, &local->global, error) != BASE_OK ||
        arena_take(arena, figures, sizeof *local->whole, &local->whole, error) != BASE_OK)
        return error->code;
    add_figures(local);
    add_covers(problem);
    for (unsigned place = 0; place < local->places; place++)
        add_orders(local, place);
    return BASE_OK;
}

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
        arena_take(arena, MOST_TABLES, sizeof *local->pool.table, &local->pool.table, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures * MOST_TABLES, sizeof *local->delta, &local->delta,
                   error) != BASE_OK ||
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
    struct witness_pool *pool = &local->pool;
    if (pool->tables == MOST_TABLES)
        return BASE_OK;
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
    memcpy(local->delta + pool->tables * problem->figures, local->state.delta,
           problem->figures * sizeof *local->delta);
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
    for (int64_t value = 0; value < threshold && !is_enough(local, figure); value++) {
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
    for (unsigned i = 1; i < count && local->places < MOST_PLACES; i++) {
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
    enum base_code code = make_problem(&local, arena, error);
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
        for (unsigned first = 0, end; first < ground->months; first = end) {
            end = first + ATTACK_YEAR - (ground->first + first) % ATTACK_YEAR;
            end = end < ground->months ? end : ground->months;
            if (search_year(ground, place, first, end, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}
