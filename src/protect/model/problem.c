/* A year as a suppression problem: its elementary cells, the figures over them, and the rule of sessions. */
#include "problem.h"

#include <string.h>

#include "../fail.h"
#include "layouts.h"

enum { MONTHS_OF_YEAR = 12 };

/* What is worked with while a problem is made. */
struct builder {
    const struct protect_request *request;
    struct suppression_problem *problem;
    struct base_period year;
    base_month closed; /* the last month of the year that is closed */
    uint32_t *listed;  /* the cells of the figure at hand */
    size_t members, member_room;
    uint32_t *slot; /* figures by a hash of their cells: number + 1; 0: free */
    size_t slots;
};

/* What a figure is added as. */
struct role {
    bool wanted, known, kept_hidden, headline, ahead;
};

int64_t problem_count(const struct protect_place *place, base_month month, unsigned cell)
{
    const struct tally_counts *counts = place->counts;
    if (counts == NULL || month < counts->period.first || month > counts->period.last)
        return 0;
    return counts->cells[month - counts->period.first][cell];
}

static bool has(codebook_set set, unsigned value)
{
    return (set >> value & 1U) != 0;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool is_possible(const struct protect_place *place, unsigned cell, int64_t truth)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    return truth != 0 || (has(place->channels, contact.value[CODEBOOK_CHANNEL]) &&
                          has(place->parties, contact.value[CODEBOOK_PARTY]));
}

static bool is_ahead(const struct suppression_problem *problem, unsigned month)
{
    return problem->month_ahead && month + 1 == problem->months;
}

static size_t place_of_cell(const struct suppression_problem *problem, size_t place, unsigned month,
                            unsigned cell)
{
    return (place * problem->months + month) * CODEBOOK_CELLS + cell;
}

/* Of the month ahead only first conversations may be fewer than none: otherwise it could hold more courses than
 * conversations, which no real month will. */
static bool begins(unsigned cell)
{
    return codebook_contact_of(cell).value[CODEBOOK_SESSION] == 0;
}

static void add_cell(struct builder *builder, size_t place, unsigned month, unsigned cell)
{
    struct suppression_problem *problem = builder->problem;
    const struct protect_place *at = &builder->request->places[place];
    const bool ahead = is_ahead(problem, month);
    const int64_t truth = ahead ? 0 : problem_count(at, (base_month)(problem->first + month), cell);
    uint32_t *number = &problem->cell_at[place_of_cell(problem, place, month, cell)];
    *number = PROBLEM_NO_CELL;
    if (!is_possible(at, cell, truth))
        return;
    *number = (uint32_t)problem->cells;
    problem->cell[problem->cells++] = (struct problem_cell){
        .place = (uint8_t)place,
        .month = (uint8_t)month,
        .cell = (uint8_t)cell,
        .truth = (int32_t)truth,
        .least = ahead && begins(cell) ? -(int32_t)(problem->threshold - 1)
                 : truth < 0           ? (int32_t)truth
                                       : 0,
    };
}

static enum base_code add_cells(struct builder *builder, struct base_error *error)
{
    struct suppression_problem *problem = builder->problem;
    const size_t most = problem->place_count * problem->months * CODEBOOK_CELLS;
    if (arena_take(problem->arena, most, sizeof *problem->cell, &problem->cell, error) != BASE_OK ||
        arena_take(problem->arena, most, sizeof *problem->cell_at, &problem->cell_at, error) !=
            BASE_OK)
        return error->code;
    for (size_t place = 0; place < problem->place_count; place++)
        for (unsigned month = 0; month < problem->months; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                add_cell(builder, place, month, cell);
    return BASE_OK;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* Lists the cells of a set, ascending; those of the month ahead only where that is asked for. */
static size_t list_members(const struct suppression_problem *problem, const struct cell_set *set,
                           bool with_ahead, uint32_t *members)
{
    size_t count = 0;
    for (unsigned place = 0; place < problem->place_count; place++) {
        for (unsigned month = 0; month < problem->months; month++) {
            const base_month real = (base_month)(problem->first + month);
            if (!place_set_has(&set->places, place) || real < set->months.first ||
                real > set->months.last || (is_ahead(problem, month) && !with_ahead))
                continue;
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
                const uint32_t at = problem->cell_at[place_of_cell(problem, place, month, cell)];
                if (at != PROBLEM_NO_CELL && cell_set_has_cell(set, cell))
                    members[count++] = at;
            }
        }
    }
    return count;
}

static uint64_t hash_members(const uint32_t *members, size_t count)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a, of words */
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ members[i]) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

/* Where the figure with these members stands, or would stand, among the slots. */
static size_t find_slot(const struct builder *builder, const uint32_t *members, size_t count)
{
    const struct suppression_problem *problem = builder->problem;
    size_t slot = (size_t)(hash_members(members, count) % builder->slots);
    while (builder->slot[slot] != 0) {
        const struct problem_figure *figure = &problem->figure[builder->slot[slot] - 1];
        if (figure->count == count &&
            memcmp(problem->member + figure->first, members, count * sizeof *members) == 0)
            break;
        slot = (slot + 1) % builder->slots;
    }
    return slot;
}

static void take_role(struct problem_figure *figure, const struct cell_set *set, struct role role)
{
    if (place_set_count(&set->places) < place_set_count(&figure->set.places))
        figure->set = *set;
    figure->wanted = figure->wanted || role.wanted;
    figure->known = figure->known || role.known;
    figure->kept_hidden = figure->kept_hidden || role.kept_hidden;
    figure->headline = figure->headline || role.headline;
    figure->ahead = figure->ahead || role.ahead;
}

static enum base_code keep_members(struct builder *builder, size_t count, struct base_error *error)
{
    struct suppression_problem *problem = builder->problem;
    while (builder->member_room < builder->members + count)
        if (arena_grow(problem->arena, &problem->member, builder->member_room,
                       &builder->member_room, sizeof *problem->member, error) != BASE_OK)
            return error->code;
    memcpy(problem->member + builder->members, builder->listed, count * sizeof *problem->member);
    builder->members += count;
    return BASE_OK;
}

/* A figure of no cells is none; one that is there already gets the role as well. */
static enum base_code add_figure(struct builder *builder, const struct cell_set *set,
                                 struct role role, struct base_error *error)
{
    struct suppression_problem *problem = builder->problem;
    const size_t count = list_members(problem, set, role.headline || role.ahead, builder->listed);
    if (count == 0)
        return BASE_OK;
    const size_t slot = find_slot(builder, builder->listed, count);
    if (builder->slot[slot] == 0) {
        struct problem_figure figure = {
            .set = *set, .first = (uint32_t)builder->members, .count = (uint32_t)count};
        for (size_t i = 0; i < count; i++)
            figure.value += problem->cell[builder->listed[i]].truth;
        if (keep_members(builder, count, error) != BASE_OK)
            return error->code;
        problem->figure[problem->figures++] = figure;
        builder->slot[slot] = (uint32_t)problem->figures;
    }
    take_role(&problem->figure[builder->slot[slot] - 1], set, role);
    return BASE_OK;
}

/* ---- layouts --------------------------------------------------------------------------------- */

/* Courses in all and by channel, conversations in all. */
static bool is_headline(const struct cell_set *set)
{
    return set->parties == CODEBOOK_ALL_PARTIES &&
           (set->sessions == COUNTS_COURSES ||
            (set->sessions == COUNTS_ALL_SESSIONS && set->channels == CODEBOOK_ALL_CHANNELS));
}

enum part { HEADLINE, ALL };

/* Rank by rank. The headline is that of the whole period. */
static enum base_code add_layouts(struct builder *builder, struct base_period period,
                                  enum part part, struct role role, struct base_error *error)
{
    struct layouts layouts;
    if (layouts_new(builder->request, period, builder->problem->arena, &layouts, error) != BASE_OK)
        return error->code;
    for (size_t rank = 0; rank < PROTECT_MOST_LAYOUT; rank++) {
        for (size_t list = 0; list < layouts.lists; list++) {
            const struct cell_set *set = &layouts.figures[list][rank];
            if (rank >= layouts.count[list] ||
                (part == HEADLINE && (set->months.first != period.first ||
                                      set->months.last != period.last || !is_headline(set))))
                continue;
            if (add_figure(builder, set, role, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static bool is_within(struct base_period inner, struct base_period outer)
{
    return inner.first >= outer.first && inner.last <= outer.last;
}

static enum base_code add_wanted(struct builder *builder, struct base_error *error)
{
    const struct protect_request *request = builder->request;
    const struct role wanted = {.wanted = true};
    for (size_t i = 0; !request->correction && i < request->period_count; i++)
        if (is_within(request->periods[i], builder->year) &&
            add_layouts(builder, request->periods[i], ALL, wanted, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* Every period of the year that has begun, whether or not anything of it is released. */
static enum base_code add_unwanted(struct builder *builder, struct base_error *error)
{
    static const unsigned lengths[] = {MONTHS_OF_YEAR, 6, 3, 1};
    const struct role none = {0};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (unsigned first = builder->year.first; first <= builder->closed; first += lengths[i]) {
            const struct base_period period = {(base_month)first,
                                               (base_month)(first + lengths[i] - 1)};
            if (add_layouts(builder, period, ALL, none, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static enum base_code add_prior(struct builder *builder, struct base_error *error)
{
    const struct protect_request *request = builder->request;
    const struct role role = {.wanted = request->correction, .known = !request->correction};
    for (size_t i = 0; i < request->prior_count; i++)
        if (is_within(request->prior[i].months, builder->year) &&
            add_figure(builder, &request->prior[i], role, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

static enum base_code add_kept_hidden(struct builder *builder, struct base_error *error)
{
    const struct protect_request *request = builder->request;
    const struct role role = {.kept_hidden = true};
    for (size_t i = 0; i < request->kept_hidden_count; i++)
        if (is_within(request->kept_hidden[i].months, builder->year) &&
            add_figure(builder, &request->kept_hidden[i], role, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* The month ahead: courses and conversations in all, courses of each channel. */
static enum base_code add_ahead(struct builder *builder, struct base_error *error)
{
    const struct suppression_problem *problem = builder->problem;
    const base_month month = (base_month)(problem->first + problem->months - 1);
    const struct role ahead = {.ahead = true};
    if (!problem->month_ahead)
        return BASE_OK;
    for (size_t i = 0; i < problem->place_count; i++) {
        const struct protect_place *place = &builder->request->places[i];
        struct cell_set set = {.months = {month, month},
                               .channels = CODEBOOK_ALL_CHANNELS,
                               .parties = CODEBOOK_ALL_PARTIES,
                               .sessions = COUNTS_ALL_SESSIONS};
        place_set_add(&set.places, (unsigned)i);
        if (add_figure(builder, &set, ahead, error) != BASE_OK)
            return error->code;
        set.sessions = COUNTS_COURSES;
        if (add_figure(builder, &set, ahead, error) != BASE_OK)
            return error->code;
        for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
            set.channels = (codebook_set)(1U << channel);
            if (has(place->channels, channel) && add_figure(builder, &set, ahead, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static size_t most_figures(const struct builder *builder)
{
    enum { LAYOUTS_OF_YEAR = 1 + 2 + 4 + MONTHS_OF_YEAR, LONG_LAYOUT = PROTECT_MOST_LAYOUT };
    const size_t lists = builder->request->place_count + 1;
    return lists * (LONG_LAYOUT + LAYOUTS_OF_YEAR * 2 * (1 + CODEBOOK_CHANNELS) + 2 +
                    CODEBOOK_CHANNELS) +
           builder->request->prior_count + builder->request->kept_hidden_count;
}

static enum base_code add_figures(struct builder *builder, struct base_error *error)
{
    struct suppression_problem *problem = builder->problem;
    const struct role headline = {.headline = true};
    const size_t most = most_figures(builder);
    builder->slots = 2 * most + 1;
    if (arena_take(problem->arena, most, sizeof *problem->figure, &problem->figure, error) !=
            BASE_OK ||
        arena_take(problem->arena, builder->slots, sizeof *builder->slot, &builder->slot, error) !=
            BASE_OK ||
        arena_take(problem->arena, problem->cells, sizeof *builder->listed, &builder->listed,
                   error) != BASE_OK)
        return error->code;
    if (add_layouts(builder, builder->year, HEADLINE, headline, error) != BASE_OK ||
        add_wanted(builder, error) != BASE_OK || add_unwanted(builder, error) != BASE_OK ||
        add_prior(builder, error) != BASE_OK || add_kept_hidden(builder, error) != BASE_OK)
        return error->code;
    return add_ahead(builder, error);
}

/* The figures that each cell is in. */
static enum base_code add_covers(struct builder *builder, struct base_error *error)
{
    struct suppression_problem *problem = builder->problem;
    uint32_t next = 0;
    if (arena_take(problem->arena, builder->members, sizeof *problem->cover, &problem->cover,
                   error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < builder->members; i++)
        problem->cell[problem->member[i]].covers++;
    for (size_t i = 0; i < problem->cells; i++) {
        problem->cell[i].first_cover = next;
        next += problem->cell[i].covers;
        problem->cell[i].covers = 0;
    }
    for (uint32_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        for (uint32_t j = figure->first; j < figure->first + figure->count; j++) {
            struct problem_cell *cell = &problem->cell[problem->member[j]];
            problem->cover[cell->first_cover + cell->covers++] = i;
        }
    }
    return BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

enum base_code problem_new(const struct protect_request *request, int year, struct arena *arena,
                           struct suppression_problem **out, struct base_error *error)
{
    struct suppression_problem *problem;
    const base_month first = (base_month)(year * MONTHS_OF_YEAR);
    struct builder builder = {
        .request = request,
        .year = {first, (base_month)(first + MONTHS_OF_YEAR - 1)},
    };
    if (arena_take(arena, 1, sizeof *problem, &problem, error) != BASE_OK)
        return error->code;
    builder.problem = problem;
    builder.closed =
        request->closed_through < builder.year.last ? request->closed_through : builder.year.last;
    *problem = (struct suppression_problem){
        .arena = arena,
        .threshold = request->threshold,
        .place_count = request->place_count,
        .first = first,
        .month_ahead = builder.closed < builder.year.last,
    };
    problem->months = builder.closed - first + 1U + (problem->month_ahead ? 1U : 0U);
    if (add_cells(&builder, error) != BASE_OK || add_figures(&builder, error) != BASE_OK ||
        add_covers(&builder, error) != BASE_OK ||
        session_orders_new(request, problem, error) != BASE_OK)
        return error->code;
    *out = problem;
    return BASE_OK;
}

uint32_t problem_find(const struct suppression_problem *problem, const struct cell_set *set)
{
    for (uint32_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        uint32_t member = figure->first;
        bool same = !figure->ahead;
        for (size_t cell = 0; same && cell < problem->cells; cell++) {
            const struct problem_cell *at = &problem->cell[cell];
            const base_month month = (base_month)(problem->first + at->month);
            if (!cell_set_has(set, at->place, month, at->cell) ||
                (is_ahead(problem, at->month) && !figure->headline))
                continue;
            same = member < figure->first + figure->count && problem->member[member++] == cell;
        }
        if (same && member == figure->first + figure->count)
            return i;
    }
    return PROBLEM_NO_CELL;
}
