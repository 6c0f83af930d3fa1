/* What is known of figures that nobody printed: those of layouts, and elementary cells. */
#include "findings.h"

#include <string.h>

#include "../fail.h"
#include "tavs/secret.h"

struct collecting {
    struct ground *ground;
    struct protect_finding *found;
    size_t count, room;
    size_t before; /* the first of what was found of the month before of the same place */
};

static enum base_code add(struct collecting *to, const struct cell_set *cells, int64_t least,
                          int64_t most, struct base_error *error)
{
    if (arena_grow(to->ground->arena, &to->found, to->count, &to->room, sizeof *to->found, error) !=
        BASE_OK)
        return error->code;
    to->found[to->count++] = (struct protect_finding){*cells, least, most};
    return BASE_OK;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* Cells of a figure that is known exactly, where that tells them: they are not told once more. */
static void take_cells(const struct ground *ground, const struct attack_figure *figure)
{
    if (figure->least != figure->most || (figure->most > 0 && figure->count > 1))
        return;
    for (size_t i = figure->first; i < figure->first + figure->count; i++)
        ground->fixed[ground->member[i]] = false;
}

/* It is known to be below the threshold, and not all is open. */
static bool is_narrowed(const struct ground *ground, const struct attack_figure *figure)
{
    const unsigned threshold = ground->attack->threshold;
    const bool all_open = figure->seen == (UINT32_C(1) << threshold) - 1;
    return figure->most < (int64_t)threshold && (figure->told || !all_open);
}

/* Whether `whole` has all cells of `part`. */
static bool contains(const struct ground *ground, const struct attack_figure *whole,
                     const struct attack_figure *part)
{
    const uint32_t *of_whole = &ground->member[whole->first],
                   *of_part = &ground->member[part->first];
    uint32_t at = 0;
    if (part->count > whole->count)
        return false;
    for (uint32_t i = 0; i < part->count; i++) {
        while (at < whole->count && of_whole[at] < of_part[i])
            at++;
        if (at == whole->count || of_whole[at] != of_part[i])
            return false;
    }
    return true;
}

/* That a part of what is 0 to 2 is itself 0 to 2 needs no telling. */
static bool is_implied(const struct ground *ground, const uint32_t *narrowed, size_t count,
                       const struct attack_figure *part)
{
    for (size_t i = 0; i < count && part->least == 0; i++) {
        const struct attack_figure *whole = &ground->figure[narrowed[i]];
        if (whole != part && whole->most == part->most && contains(ground, whole, part))
            return true;
    }
    return false;
}

static enum base_code add_figures(struct collecting *to, struct base_error *error)
{
    const struct ground *ground = to->ground;
    uint32_t *narrowed;
    size_t count = 0;
    if (arena_take(ground->arena, ground->figures, sizeof *narrowed, &narrowed, error) != BASE_OK)
        return error->code;
    for (uint32_t i = 0; i < ground->figures; i++)
        if (is_narrowed(ground, &ground->figure[i]))
            narrowed[count++] = i;
    for (size_t i = 0; i < count; i++) {
        const struct attack_figure *figure = &ground->figure[narrowed[i]];
        if (!figure->told && !figure->hidden && !is_implied(ground, narrowed, count, figure) &&
            add(to, &figure->set, figure->least, figure->most, error) != BASE_OK)
            return error->code;
        take_cells(ground, figure);
    }
    return BASE_OK;
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Of a place and month, session by session: the cells that are known to be 0, by party in bits of channels. */
typedef uint8_t known_zeros[CODEBOOK_SESSIONS][CODEBOOK_PARTIES];

static void find_zeros(const struct ground *ground, unsigned place, unsigned month,
                       known_zeros zeros)
{
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
        const struct codebook_contact contact = codebook_contact_of(cell);
        const uint32_t at = *attack_cell_at(ground, place, month, cell);
        if (at != ATTACK_NONE && ground->fixed[at] && ground->cell[at].base == 0)
            zeros[contact.value[CODEBOOK_SESSION]][contact.value[CODEBOOK_PARTY]] |=
                (uint8_t)(1U << contact.value[CODEBOOK_CHANNEL]);
    }
}

/* The same cells of the month before: then it is one finding, of a longer time. */
static bool extend(struct collecting *to, const struct cell_set *set, size_t end)
{
    for (size_t i = to->before; i < end; i++) {
        struct protect_finding *found = &to->found[i];
        struct cell_set longer = *set;
        longer.months.first = found->cells.months.first;
        longer.months.last = found->cells.months.last;
        if (found->most > 0 || longer.months.last + 1 != set->months.first ||
            !cell_set_equals(&found->cells, &longer))
            continue;
        found->cells.months.last = set->months.last;
        return true;
    }
    return false;
}

static enum base_code add_zeros(struct collecting *to, struct cell_set set, known_zeros zeros,
                                size_t end, struct base_error *error)
{
    for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
        for (unsigned party = 0; party < CODEBOOK_PARTIES; party++) {
            const uint8_t channels = zeros[session][party];
            if (channels == 0)
                continue;
            set.channels = channels;
            set.parties = set.sessions = 0;
            for (unsigned i = 0; i < CODEBOOK_PARTIES; i++)
                set.parties |= (codebook_set)(zeros[session][i] == channels ? 1U << i : 0U);
            for (unsigned i = session; i < CODEBOOK_SESSIONS; i++) {
                bool same = true;
                for (unsigned j = 0; j < CODEBOOK_PARTIES; j++)
                    same = same && ((set.parties >> j & 1U) == 0 || zeros[i][j] == channels);
                set.sessions |= (codebook_set)(same ? 1U << i : 0U);
            }
            for (unsigned i = 0; i < CODEBOOK_SESSIONS; i++)
                for (unsigned j = 0; j < CODEBOOK_PARTIES; j++)
                    if ((set.sessions >> i & 1U) != 0 && (set.parties >> j & 1U) != 0)
                        zeros[i][j] = 0;
            if (!extend(to, &set, end) && add(to, &set, 0, 0, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static enum base_code add_known(struct collecting *to, struct cell_set set, unsigned place,
                                unsigned month, struct base_error *error)
{
    const struct ground *ground = to->ground;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
        const uint32_t at = *attack_cell_at(ground, place, month, cell);
        if (at == ATTACK_NONE || !ground->fixed[at])
            continue;
        const int64_t value = ground->cell[at].base;
        const struct codebook_contact contact = codebook_contact_of(cell);
        set.channels = (codebook_set)(1U << contact.value[CODEBOOK_CHANNEL]);
        set.parties = (codebook_set)(1U << contact.value[CODEBOOK_PARTY]);
        set.sessions = (codebook_set)(1U << contact.value[CODEBOOK_SESSION]);
        if (value > 0 && value < (int64_t)ground->attack->threshold &&
            add(to, &set, value, value, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static enum base_code add_cells(struct collecting *to, struct base_error *error)
{
    const struct ground *ground = to->ground;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        to->before = to->count;
        for (unsigned month = 0; month < ground->months; month++) {
            known_zeros zeros = {{0}};
            const base_month real = (base_month)(ground->first + month);
            struct cell_set set = {.months = {real, real}};
            place_set_add(&set.places, place);
            find_zeros(ground, place, month, zeros);
            if (add_zeros(to, set, zeros, to->count, error) != BASE_OK ||
                add_known(to, set, place, month, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* What leaves out nothing that the places offer has all bits, as layouts have it. */
static void tidy(const struct ground *ground, struct protect_finding *finding)
{
    codebook_set channels = 0, parties = 0;
    for (unsigned place = 0; place < ground->attack->place_count; place++) {
        if (!place_set_has(&finding->cells.places, place))
            continue;
        channels |= ground->attack->offered[place].channels;
        parties |= ground->attack->offered[place].parties;
    }
    finding->cells = protect_canonical_set(&finding->cells, channels, parties);
}

enum base_code findings_new(struct ground *ground, struct base_error *error)
{
    struct collecting to = {.ground = ground};
    void *memory;
    if (add_figures(&to, error) != BASE_OK || add_cells(&to, error) != BASE_OK)
        return error->code;
    if (to.count == 0)
        return BASE_OK;
    if (secret_new(to.count * sizeof *to.found, &memory, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < to.count; i++)
        tidy(ground, &to.found[i]);
    memcpy(memory, to.found, to.count * sizeof *to.found);
    ground->attack->findings = memory;
    ground->attack->finding_count = to.count;
    return BASE_OK;
}

void protect_attack_free(struct protect_attack *attack)
{
    secret_free(attack->findings);
    attack->findings = NULL;
    attack->finding_count = 0;
}
