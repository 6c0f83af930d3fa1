/* What is shown, and what is asked about: hidden figures, and those that layouts name. */
#include <string.h>

#include "../fail.h"
#include "inside.h"

/* ---- cells of a figure ----------------------------------------------------------------------- */

static size_t list_members(const struct ground *ground, const struct cell_set *set,
                           uint32_t *members)
{
    unsigned inside[CODEBOOK_CELLS], cells = 0;
    size_t count = 0;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        if (cell_set_has_cell(set, cell))
            inside[cells++] = cell;
    const unsigned first =
        set->months.first > ground->first ? (unsigned)(set->months.first - ground->first) : 0U;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        if (!place_set_has(&set->places, place))
            continue;
        for (unsigned month = first;
             month < ground->months && ground->first + month <= set->months.last; month++) {
            for (unsigned i = 0; i < cells; i++) {
                const uint32_t at = *attack_cell_at(ground, place, month, inside[i]);
                if (at != ATTACK_NONE)
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

static size_t find_slot(const struct ground *ground, const uint32_t *members, size_t count)
{
    size_t slot = (size_t)(hash_members(members, count) % ground->slots);
    while (ground->slot[slot] != 0) {
        const struct attack_figure *figure = &ground->figure[ground->slot[slot] - 1];
        if (figure->count == count &&
            memcmp(ground->member + figure->first, members, count * sizeof *members) == 0)
            break;
        slot = (slot + 1) % ground->slots;
    }
    return slot;
}

static enum base_code keep_members(struct ground *ground, size_t count, struct base_error *error)
{
    while (ground->member_room < ground->members + count)
        if (arena_grow(ground->arena, &ground->member, ground->member_room, &ground->member_room,
                       sizeof *ground->member, error) != BASE_OK)
            return error->code;
    memcpy(ground->member + ground->members, ground->listed, count * sizeof *ground->member);
    ground->members += count;
    return BASE_OK;
}

/* *number: ATTACK_NONE if the set has no cells. */
static enum base_code add_figure(struct ground *ground, const struct cell_set *set,
                                 uint32_t *number, struct base_error *error)
{
    const size_t count = list_members(ground, set, ground->listed);
    *number = ATTACK_NONE;
    if (count == 0)
        return BASE_OK;
    const size_t slot = find_slot(ground, ground->listed, count);
    if (ground->slot[slot] == 0) {
        const struct attack_figure figure = {
            .set = *set, .first = ground->members, .count = (uint32_t)count};
        if (keep_members(ground, count, error) != BASE_OK)
            return error->code;
        ground->figure[ground->figures++] = figure;
        ground->slot[slot] = (uint32_t)ground->figures;
    }
    *number = ground->slot[slot] - 1;
    return BASE_OK;
}

/* ---- what is published ----------------------------------------------------------------------- */

static bool tell(struct attack_figure *figure, int64_t value)
{
    const bool agrees = !figure->told || figure->value == value;
    figure->told = true;
    figure->value = value;
    return agrees;
}

static enum base_code add_published(struct ground *ground, bool *agree, struct base_error *error)
{
    const struct protect_attack *attack = ground->attack;
    for (size_t i = 0; i < attack->published_count; i++) {
        const struct protect_published *one = &attack->published[i];
        uint32_t *number = &ground->of_published[i];
        if (one->shown && one->value > ATTACK_MOST_VALUE)
            return fail_tables(error, BASE_NOT_PROVEN);
        if (add_figure(ground, &one->cells, number, error) != BASE_OK)
            return error->code;
        if (*number == ATTACK_NONE)
            *agree = *agree && (!one->shown || one->value == 0);
        else if (one->shown)
            *agree = tell(&ground->figure[*number], one->value) && *agree;
        else
            ground->figure[*number].hidden = true;
    }
    return BASE_OK;
}

/* ---- layouts --------------------------------------------------------------------------------- */

/* All of its months have cells, or are before the life of the place. Of others anything may be. */
static bool is_covered(const struct ground *ground, unsigned place, struct base_period period)
{
    bool any = false;
    for (unsigned month = period.first; month <= period.last; month++) {
        const bool before = month < ground->attack->offered[place].first;
        const bool inside = month >= ground->first && month < ground->first + ground->months;
        const bool touched =
            inside && ground->touched[(size_t)place * ground->months + month - ground->first];
        any = any || touched;
        if (!before && !touched)
            return false;
    }
    return any;
}

static enum base_code add_layout(struct ground *ground, struct base_period period,
                                 const struct place_set *places, codebook_set channels,
                                 codebook_set parties, struct base_error *error)
{
    struct cell_set figures[PROTECT_MOST_LAYOUT];
    uint32_t number;
    const size_t count =
        protect_layout(period, places, channels, parties, figures, PROTECT_MOST_LAYOUT);
    for (size_t i = 0; i < count && i < PROTECT_MOST_LAYOUT; i++)
        if (add_figure(ground, &figures[i], &number, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

/* Of each place, and of all together. */
static enum base_code add_layouts_of(struct ground *ground, struct base_period period,
                                     struct base_error *error)
{
    const struct protect_attack *attack = ground->attack;
    codebook_set channels = 0, parties = 0;
    bool all = attack->place_count > 1;
    for (unsigned place = 0; place < attack->place_count; place++) {
        const struct protect_offered *offered = &attack->offered[place];
        struct place_set one = {{0}};
        place_set_add(&one, place);
        channels |= offered->channels;
        parties |= offered->parties;
        if (!is_covered(ground, place, period)) {
            all = false;
            continue;
        }
        if (add_layout(ground, period, &one, offered->channels, offered->parties, error) != BASE_OK)
            return error->code;
    }
    const struct place_set together = place_set_first((unsigned)attack->place_count);
    return all ? add_layout(ground, period, &together, channels, parties, error) : BASE_OK;
}

static enum base_code add_layouts(struct ground *ground, struct base_error *error)
{
    static const unsigned lengths[] = {ATTACK_YEAR, 6, 3, 1};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        unsigned first = ground->first / lengths[i] * lengths[i];
        for (; first < ground->first + ground->months; first += lengths[i]) {
            const struct base_period period = {(base_month)first,
                                               (base_month)(first + lengths[i] - 1)};
            if (period.last <= BASE_LAST_MONTH && add_layouts_of(ground, period, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* No more than 125 figures a year of each place and of all. */
static size_t most_figures(const struct ground *ground)
{
    const size_t years = ground->months / ATTACK_YEAR + 2;
    size_t lists = years;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        unsigned last = ATTACK_NONE;
        for (unsigned month = 0; month < ground->months; month++) {
            const unsigned year = (ground->first + month) / ATTACK_YEAR;
            if (!ground->touched[(size_t)place * ground->months + month] || year == last)
                continue;
            last = year;
            lists++;
        }
    }
    return ground->attack->published_count + lists * PROTECT_MOST_LAYOUT;
}

enum base_code figures_new(struct ground *ground, bool *agree, struct base_error *error)
{
    const size_t most = most_figures(ground);
    ground->slots = 2 * most + 1;
    *agree = true;
    if (arena_take(ground->arena, most, sizeof *ground->figure, &ground->figure, error) !=
            BASE_OK ||
        arena_take(ground->arena, ground->slots, sizeof *ground->slot, &ground->slot, error) !=
            BASE_OK ||
        arena_take(ground->arena, ground->cells, sizeof *ground->listed, &ground->listed, error) !=
            BASE_OK ||
        arena_take(ground->arena, ground->attack->published_count, sizeof *ground->of_published,
                   &ground->of_published, error) != BASE_OK)
        return error->code;
    if (add_published(ground, agree, error) != BASE_OK)
        return error->code;
    return add_layouts(ground, error);
}

int64_t figures_value(const struct ground *ground, const struct attack_figure *figure)
{
    int64_t value = 0;
    for (size_t i = figure->first; i < figure->first + figure->count; i++)
        value += ground->cell[ground->member[i]].base;
    return value;
}

size_t figures_find(const struct ground *ground, const struct attack_figure *figure, uint32_t cell)
{
    size_t from = figure->first, to = figure->first + figure->count;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (ground->member[middle] < cell)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

void figures_note(const struct ground *ground, struct attack_figure *figure, int64_t value)
{
    if (value >= 0 && value < (int64_t)ground->attack->threshold)
        figure->seen |= UINT32_C(1) << value;
    figure->least = value < figure->least ? value : figure->least;
    figure->most = value > figure->most ? value : figure->most;
}
