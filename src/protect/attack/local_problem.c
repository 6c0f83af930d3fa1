/* A year of a place, and of some with it, as a suppression problem. */
#include "local.h"

#include <string.h>

#include "life.h"

/* ---- figures and cells ------------------------------------------------------------------------ */

bool local_is_enough(const struct local *local, const struct attack_figure *figure)
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
                (figure->told || !local_is_enough(local, figure)))
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

enum base_code local_problem_new(struct local *local, struct arena *arena, struct base_error *error)
{
    struct suppression_problem *problem;
    const unsigned months = local->end - local->first;
    const size_t cells = local->places * months * CODEBOOK_CELLS;
    size_t figures;
    if (arena_take(arena, 1, sizeof *problem, &problem, error) != BASE_OK ||
        arena_take(arena, cells, sizeof *problem->cell, &problem->cell, error) != BASE_OK ||
        arena_take(arena, cells, sizeof *problem->cell_at, &problem->cell_at, error) != BASE_OK ||
        arena_take(arena, LOCAL_MOST_PLACES * CODEBOOK_PARTIES * CODEBOOK_SESSIONS,
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
