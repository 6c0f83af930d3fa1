/* The elementary cells that published figures are about. */
#include <string.h>

#include "../fail.h"
#include "inside.h"

bool attack_is_late(const struct ground *ground)
{
    return ground->deadline > 0 && solver_clock() > ground->deadline;
}

static bool is_in(codebook_set set, unsigned value)
{
    return (set >> value & 1U) != 0;
}

static void find_span(struct ground *ground)
{
    const struct protect_attack *attack = ground->attack;
    base_month first = BASE_LAST_MONTH, last = BASE_FIRST_MONTH;
    for (size_t i = 0; i < attack->published_count; i++) {
        const struct base_period months = attack->published[i].cells.months;
        first = months.first < first ? months.first : first;
        last = months.last > last ? months.last : last;
    }
    ground->first = first;
    ground->months = last < first ? 0 : last - first + 1U;
}

static void touch(struct ground *ground, const struct cell_set *set)
{
    for (unsigned place = 0; place < ground->attack->place_count; place++)
        for (unsigned month = set->months.first; month <= set->months.last; month++)
            if (place_set_has(&set->places, place))
                ground->touched[(size_t)place * ground->months + month - ground->first] = true;
}

/* Offered, and not before the place's life. */
static bool is_possible(const struct ground *ground, unsigned place, unsigned month, unsigned cell)
{
    const struct protect_offered *offered = &ground->attack->offered[place];
    const struct codebook_contact contact = codebook_contact_of(cell);
    return ground->touched[(size_t)place * ground->months + month] &&
           ground->first + month >= offered->first &&
           is_in(offered->channels, contact.value[CODEBOOK_CHANNEL]) &&
           is_in(offered->parties, contact.value[CODEBOOK_PARTY]);
}

static enum base_code add_cells(struct ground *ground, struct base_error *error)
{
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        for (unsigned month = 0; month < ground->months; month++) {
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
                uint32_t *number = attack_cell_at(ground, place, month, cell);
                *number = ATTACK_NONE;
                if (!is_possible(ground, place, month, cell))
                    continue;
                if (ground->cells == ATTACK_MOST_CELLS)
                    return fail_tables(error, BASE_NOT_PROVEN);
                if (arena_grow(ground->arena, &ground->cell, ground->cells, &ground->cell_room,
                               sizeof *ground->cell, error) != BASE_OK)
                    return error->code;
                *number = (uint32_t)ground->cells;
                ground->cell[ground->cells++] = (struct attack_cell){
                    .place = (uint8_t)place, .cell = (uint8_t)cell, .month = (uint16_t)month};
            }
        }
    }
    return BASE_OK;
}

/* From the first month on, without a gap. */
static void find_life(struct ground *ground, unsigned place)
{
    const base_month first = ground->attack->offered[place].first;
    struct attack_life *life = &ground->life[place];
    if (first < ground->first || first >= ground->first + ground->months)
        return;
    life->first = life->end = first - ground->first;
    while (life->end < ground->months &&
           ground->touched[(size_t)place * ground->months + life->end])
        life->end++;
    life->known = life->end > life->first;
}

enum base_code ground_new(struct ground *ground, struct base_error *error)
{
    const struct protect_attack *attack = ground->attack;
    find_span(ground);
    const size_t months = attack->place_count * ground->months;
    if (months * CODEBOOK_CELLS > 4 * (size_t)ATTACK_MOST_CELLS)
        return fail_tables(error, BASE_NOT_PROVEN);
    if (arena_take(ground->arena, months, sizeof *ground->touched, &ground->touched, error) !=
            BASE_OK ||
        arena_take(ground->arena, months * CODEBOOK_CELLS, sizeof *ground->cell_at,
                   &ground->cell_at, error) != BASE_OK ||
        arena_take(ground->arena, attack->place_count, sizeof *ground->life, &ground->life,
                   error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < attack->published_count; i++)
        touch(ground, &attack->published[i].cells);
    if (add_cells(ground, error) != BASE_OK ||
        arena_take(ground->arena, ground->cells, sizeof *ground->fixed, &ground->fixed, error) !=
            BASE_OK ||
        arena_take(ground->arena, ground->cells, sizeof *ground->certain, &ground->certain,
                   error) != BASE_OK)
        return error->code;
    memset(ground->fixed, 1, ground->cells * sizeof *ground->fixed);
    for (unsigned place = 0; place < attack->place_count; place++)
        find_life(ground, place);
    return BASE_OK;
}
