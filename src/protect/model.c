#include "model.h"

#include <string.h>

#include "model_inside.h"

/* ---- cells ---------------------------------------------------------------------------------- */

int64_t model_truth(const struct model_cells *cells, size_t place, size_t month, unsigned cell)
{
    const struct tally_counts *counts = cells->ground->places[place].counts;
    const size_t number = cells->first + month;
    if (number < counts->period.first || number > counts->period.last)
        return 0;
    return counts->cells[number - counts->period.first][cell];
}

/* Which cells of a month are in a sum. */
static void find_inside(const struct protect_sum *sum, bool inside[CODEBOOK_CELLS])
{
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
        const struct codebook_contact contact = codebook_contact_of(cell);
        inside[cell] = model_has(sum->channels, contact.value[CODEBOOK_CHANNEL]) &&
                       model_has(sum->parties, contact.value[CODEBOOK_PARTY]) &&
                       model_has(sum->sessions, contact.value[CODEBOOK_SESSION]);
    }
}

/* Offered, or counted all the same at any time. */
static void find_possible(const struct tally_counts *counts, codebook_set *channels,
                          codebook_set *parties)
{
    *channels = counts->channels;
    *parties = counts->parties;
    for (size_t month = 0; month < base_period_months(counts->period); month++) {
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            if (counts->cells[month][cell] == 0)
                continue;
            const struct codebook_contact contact = codebook_contact_of(cell);
            *channels |= (codebook_set)(1u << contact.value[CODEBOOK_CHANNEL]);
            *parties |= (codebook_set)(1u << contact.value[CODEBOOK_PARTY]);
        }
    }
}

/* All cells of a place that are not zero by definition are one group. */
static void group_place(struct model_cells *cells, size_t place)
{
    const struct tally_counts *counts = cells->ground->places[place].counts;
    codebook_set channels, parties;
    find_possible(counts, &channels, &parties);
    const uint32_t group = (uint32_t)cells->groups++;
    for (size_t month = 0; month < cells->months; month++) {
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            const struct codebook_contact contact = codebook_contact_of(cell);
            const bool possible = cells->first + month >= counts->period.first &&
                                  model_has(channels, contact.value[CODEBOOK_CHANNEL]) &&
                                  model_has(parties, contact.value[CODEBOOK_PARTY]);
            *model_group(cells, place, month, cell) = possible ? group : MODEL_NO_GROUP;
            cells->size[group] += possible ? 1 : 0;
        }
    }
}

static enum base_code make_cells(const struct model_ground *ground, struct arena *arena,
                                 struct model_cells *cells, struct base_error *error)
{
    *cells = (struct model_cells){.ground = ground, .first = ground->first};
    cells->months = ground->last < ground->first ? 0 : (size_t)(ground->last - ground->first) + 1;
    const size_t all = ground->place_count * cells->months * CODEBOOK_CELLS;
    if (old_arena_take(arena, all, sizeof *cells->group, &cells->group, error) != BASE_OK ||
        old_arena_take(arena, all + ground->place_count, sizeof *cells->size, &cells->size, error) !=
            BASE_OK ||
        old_arena_take(arena, all + ground->place_count, sizeof *cells->inside, &cells->inside,
                   error) != BASE_OK ||
        old_arena_take(arena, all + ground->place_count, sizeof *cells->split, &cells->split, error) !=
            BASE_OK)
        return error->code;
    for (size_t i = 0; i < ground->place_count; i++)
        group_place(cells, i);
    return BASE_OK;
}

void model_walk(const struct model_cells *cells, const struct protect_sum *sum, model_take *take,
                void *context)
{
    const size_t first = sum->months.first > cells->first ? sum->months.first - cells->first : 0;
    bool inside[CODEBOOK_CELLS];
    find_inside(sum, inside);
    for (size_t place = 0; place < cells->ground->place_count; place++) {
        if (!model_has(sum->places, (unsigned)place))
            continue;
        for (size_t month = first;
             month < cells->months && cells->first + month <= sum->months.last; month++) {
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                if (inside[cell] && *model_group(cells, place, month, cell) != MODEL_NO_GROUP)
                    take(context, cells, place, month, cell);
        }
    }
}

/* ---- groups --------------------------------------------------------------------------------- */

static void count_inside(void *context, const struct model_cells *cells, size_t place, size_t month,
                         unsigned cell)
{
    (void)context;
    const uint32_t group = *model_group(cells, place, month, cell);
    cells->inside[group]++;
    cells->split[group] = MODEL_NO_GROUP;
}

static void move_inside(void *context, const struct model_cells *cells, size_t place, size_t month,
                        unsigned cell)
{
    struct model_cells *changed = context;
    uint32_t *group = model_group(cells, place, month, cell);
    const uint32_t old = *group;
    if (cells->inside[old] == cells->size[old])
        return;
    if (cells->split[old] == MODEL_NO_GROUP) {
        cells->split[old] = (uint32_t)changed->groups++;
        cells->size[cells->split[old]] = 0;
    }
    *group = cells->split[old];
}

/* After the moves: sizes are set right and the scratch is zero again. */
static void settle(void *context, const struct model_cells *cells, size_t place, size_t month,
                   unsigned cell)
{
    (void)context;
    const uint32_t group = *model_group(cells, place, month, cell);
    cells->size[group]++;
}

void model_split(struct model_cells *cells, const struct protect_sum *sum)
{
    const size_t before = cells->groups;
    model_walk(cells, sum, count_inside, NULL);
    model_walk(cells, sum, move_inside, cells);
    for (size_t i = 0; i < before; i++) {
        cells->size[i] -= cells->inside[i];
        cells->inside[i] = 0;
    }
    model_walk(cells, sum, settle, NULL);
}

/* ---- the system ----------------------------------------------------------------------------- */

struct gathering {
    uint32_t *variable; /* of each group; MODEL_NO_GROUP: not met */
    int64_t *truth;     /* of each group */
    bool *met;
    uint32_t *members;
    size_t count;
};

static void add_truth(void *context, const struct model_cells *cells, size_t place, size_t month,
                      unsigned cell)
{
    struct gathering *all = context;
    all->truth[*model_group(cells, place, month, cell)] += model_truth(cells, place, month, cell);
}

static void gather(void *context, const struct model_cells *cells, size_t place, size_t month,
                   unsigned cell)
{
    struct gathering *sum = context;
    const uint32_t group = *model_group(cells, place, month, cell);
    if (sum->met[group])
        return;
    sum->met[group] = true;
    sum->count++;
}

static enum base_code add_variables(const struct model_cells *cells, struct gathering *all,
                                    struct system *system, struct base_error *error)
{
    const struct protect_sum everything = protect_sum_all();
    model_walk(cells, &everything, add_truth, all);
    for (size_t i = 0; i < cells->groups; i++)
        if (cells->size[i] > 0 &&
            system_add_variable(system, all->truth[i], &all->variable[i], error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* Variables ascend with their groups. */
static enum base_code add_sum(const struct model_cells *cells, struct gathering *all,
                              const struct protect_sum *sum, struct system *system,
                              uint32_t *number, struct base_error *error)
{
    all->count = 0;
    model_walk(cells, sum, gather, all);
    size_t count = 0;
    for (size_t i = 0; i < cells->groups && count < all->count; i++)
        if (all->met[i])
            all->members[count++] = all->variable[i];
    memset(all->met, 0, cells->groups * sizeof *all->met);
    return system_add_sum(system, all->members, count, number, error);
}

static enum base_code fill_system(const struct model_cells *cells, const struct protect_sum *sums,
                                  size_t count, struct system *system, uint32_t *number,
                                  struct base_error *error)
{
    struct gathering all = {.count = 0};
    struct arena *arena = system->arena;
    if (old_arena_take(arena, cells->groups, sizeof *all.variable, &all.variable, error) != BASE_OK ||
        old_arena_take(arena, cells->groups, sizeof *all.truth, &all.truth, error) != BASE_OK ||
        old_arena_take(arena, cells->groups, sizeof *all.met, &all.met, error) != BASE_OK ||
        old_arena_take(arena, cells->groups, sizeof *all.members, &all.members, error) != BASE_OK ||
        add_variables(cells, &all, system, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < cells->groups; i++)
        if (cells->size[i] > 0)
            cells->split[i] = all.variable[i]; /* for the rules */
    for (size_t i = 0; i < count; i++)
        if (add_sum(cells, &all, &sums[i], system, &number[i], error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

enum base_code model_build(const struct model_ground *ground, const struct protect_sum *sums,
                           size_t count, struct system *system, uint32_t *number,
                           struct base_error *error)
{
    struct model_cells cells;
    struct model_life life;
    if (make_cells(ground, system->arena, &cells, error) != BASE_OK ||
        life_plan(&cells, sums, count, system->arena, &life, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < count; i++)
        model_split(&cells, &sums[i]);
    life_split(&cells, &life);
    if (fill_system(&cells, sums, count, system, number, error) != BASE_OK)
        return error->code;
    return life_add_rules(&cells, &life, system, error);
}

/* ---- sums ----------------------------------------------------------------------------------- */

struct protect_sum protect_sum_all(void)
{
    const struct protect_sum all = {
        .places = UINT32_MAX,
        .months = {BASE_FIRST_MONTH, BASE_LAST_MONTH},
        .channels = CODEBOOK_ALL_CHANNELS,
        .parties = CODEBOOK_ALL_PARTIES,
        .sessions = PROTECT_ALL_SESSIONS,
    };
    return all;
}

bool model_intersect(const struct protect_sum *one, const struct protect_sum *other,
                     struct protect_sum *both)
{
    const base_month first =
        one->months.first > other->months.first ? one->months.first : other->months.first;
    const base_month last =
        one->months.last < other->months.last ? one->months.last : other->months.last;
    *both = (struct protect_sum){
        .places = one->places & other->places,
        .months = {first, last},
        .channels = one->channels & other->channels,
        .parties = one->parties & other->parties,
        .sessions = one->sessions & other->sessions,
    };
    return first <= last && both->places != 0 && both->channels != 0 && both->parties != 0 &&
           both->sessions != 0;
}

int64_t model_value(const struct model_ground *ground, const struct protect_sum *sum)
{
    int64_t value = 0;
    bool inside[CODEBOOK_CELLS];
    find_inside(sum, inside);
    for (size_t place = 0; place < ground->place_count; place++) {
        const struct tally_counts *counts = ground->places[place].counts;
        if (!model_has(sum->places, (unsigned)place))
            continue;
        for (size_t month = 0; month < base_period_months(counts->period); month++) {
            const size_t number = counts->period.first + month;
            if (number < sum->months.first || number > sum->months.last)
                continue;
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                value += inside[cell] ? counts->cells[month][cell] : 0;
        }
    }
    return value;
}
