/* What was released before: the newest editions in the ledgers of all places. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

enum { MONTHS_OF_YEAR = 12 };

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the ledger"));
}

struct base_period year_of(base_month month)
{
    const base_month first = (base_month)(month - month % MONTHS_OF_YEAR);
    return (struct base_period){first, (base_month)(first + MONTHS_OF_YEAR - 1)};
}

int64_t sum_of_cells(const struct release_place *places, const struct cell_set *cells)
{
    int64_t sum = 0;
    const struct table_selection selection = {.months = cells->months,
                                              .channels = cells->channels,
                                              .parties = cells->parties,
                                              .sessions = cells->sessions};
    for (unsigned place = 0; place < RECORD_MOST_PLACES; place++)
        if (place_set_has(&cells->places, place) && places[place].life != NULL)
            sum += table_sum(places[place].life, selection);
    return sum;
}

/* All editions of a release say which was the first. */
bool release_is_corrected(const struct tally_ledger *ledger, const struct record_release *record)
{
    const unsigned first = record->corrects == 0 ? record->number : record->corrects;
    for (size_t i = 0; i < ledger->count; i++)
        if (ledger->entries[i].release->corrects == first &&
            ledger->entries[i].release->edition > record->edition)
            return true;
    return false;
}

static void look_at_places(struct prior_release *prior, const struct release_place *places,
                           size_t place_count)
{
    for (size_t i = 0; i < prior->record->place_count; i++) {
        size_t at = 0;
        while (at < place_count &&
               memcmp(places[at].store_id, prior->record->places[i], KEYS_STORE_ID_BYTES) != 0)
            at++;
        prior->index[i] = (unsigned)at;
        prior->has_others = prior->has_others || at == place_count;
        if (at == place_count)
            prior->index[i] = RECORD_MOST_PLACES;
    }
}

enum base_code prior_releases_new(const struct release_place *places, size_t place_count,
                                  struct prior_releases *out, struct base_error *error)
{
    struct prior_releases all = {NULL, 0};
    size_t room = 1;
    for (size_t i = 0; i < place_count; i++)
        room += places[i].ledger->count;
    all.list = calloc(room, sizeof *all.list);
    if (all.list == NULL)
        return no_memory(error);
    for (size_t i = 0; i < place_count; i++) {
        for (size_t j = 0; j < places[i].ledger->count; j++) {
            const struct record_release *record = places[i].ledger->entries[j].release;
            if (release_is_corrected(places[i].ledger, record))
                continue;
            struct prior_release *prior = &all.list[all.count++];
            *prior = (struct prior_release){.record = record, .place = i};
            look_at_places(prior, places, place_count);
        }
    }
    *out = all;
    return BASE_OK;
}

void prior_releases_free(struct prior_releases *prior)
{
    free(prior->list);
}

bool prior_cells(const struct prior_release *prior, const struct cell_set *cells,
                 struct cell_set *given)
{
    struct cell_set set = *cells;
    set.places = (struct place_set){{0}};
    for (unsigned i = 0; i < prior->record->place_count; i++) {
        if (!place_set_has(&cells->places, i))
            continue;
        if (prior->index[i] == RECORD_MOST_PLACES)
            return false;
        place_set_add(&set.places, prior->index[i]);
    }
    *given = set;
    return true;
}

bool prior_agrees(const struct prior_release *prior, const struct release_place *places)
{
    for (size_t i = 0; i < prior->record->figure_count; i++) {
        const struct record_figure *figure = &prior->record->figures[i];
        struct cell_set cells;
        if (figure->shown && prior_cells(prior, &figure->cells, &cells) &&
            sum_of_cells(places, &cells) != figure->value)
            return false;
    }
    return true;
}

bool release_agrees(const struct record_release *record, const struct release_place *places,
                    size_t place_count)
{
    struct prior_release prior = {.record = record};
    look_at_places(&prior, places, place_count);
    return prior_agrees(&prior, places);
}

/* ---- their figures -------------------------------------------------------------------------- */

static int compare_cells(const void *one, const void *other)
{
    return cell_set_compare(one, other);
}

static size_t leave_out_twins(struct cell_set *list, size_t count)
{
    size_t kept = 0;
    qsort(list, count, sizeof *list, compare_cells);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !cell_set_equals(&list[kept - 1], &list[i]))
            list[kept++] = list[i];
    return kept;
}

enum base_code prior_figures(const struct prior_releases *prior, const struct release_place *places,
                             struct base_period within, int64_t least, struct cell_set **out,
                             size_t *count, struct base_error *error)
{
    size_t room = 1, found = 0;
    for (size_t i = 0; i < prior->count; i++)
        room += prior->list[i].record->figure_count;
    struct cell_set *list = calloc(room, sizeof *list);
    if (list == NULL)
        return no_memory(error);
    for (size_t i = 0; i < prior->count; i++) {
        const struct record_release *record = prior->list[i].record;
        for (size_t j = 0; j < record->figure_count; j++) {
            const struct record_figure *figure = &record->figures[j];
            struct cell_set cells;
            if (figure->shown && prior_cells(&prior->list[i], &figure->cells, &cells) &&
                cells.months.first >= within.first && cells.months.last <= within.last &&
                sum_of_cells(places, &cells) >= least)
                list[found++] = cells;
        }
    }
    *out = list;
    *count = leave_out_twins(list, found);
    return BASE_OK;
}

/* Where a figure is of all that its places had offered: the same, named by what that was. More may be offered now. */
static struct cell_set as_offered(const struct prior_release *prior,
                                  const struct record_figure *figure, const struct cell_set *cells)
{
    struct cell_set set = *cells;
    codebook_set channels = 0, parties = 0;
    for (unsigned i = 0; i < prior->record->place_count; i++) {
        if (!place_set_has(&figure->cells.places, i))
            continue;
        channels |= prior->record->offers[i].channels;
        parties |= prior->record->offers[i].parties;
    }
    if (set.channels == CODEBOOK_ALL_CHANNELS)
        set.channels = channels;
    if (set.parties == CODEBOOK_ALL_PARTIES)
        set.parties = parties;
    return set;
}

/* Whether the release is one of the whole year that the figure is of. */
static bool is_of_whole_year(const struct record_release *record, const struct cell_set *cells)
{
    const struct base_period year = year_of(cells->months.first);
    for (size_t i = 0; i < record->period_count; i++)
        if (record->periods[i].first <= year.first && record->periods[i].last >= year.last)
            return true;
    return false;
}

static size_t add_hidden(const struct prior_release *prior, bool corrected, struct cell_set *list)
{
    size_t found = 0;
    for (size_t i = 0; i < prior->record->figure_count; i++) {
        const struct record_figure *figure = &prior->record->figures[i];
        if (figure->shown || (!corrected && !is_of_whole_year(prior->record, &figure->cells)) ||
            !prior_cells(prior, &figure->cells, &list[found]))
            continue;
        list[found + 1] = as_offered(prior, figure, &list[found]);
        found += 2;
    }
    return found;
}

enum base_code prior_hidden(const struct release_place *places, size_t place_count,
                            struct cell_set **out, size_t *count, struct base_error *error)
{
    size_t room = 1, found = 0;
    for (size_t i = 0; i < place_count; i++)
        for (size_t j = 0; j < places[i].ledger->count; j++)
            room += 2 * places[i].ledger->entries[j].release->figure_count;
    struct cell_set *list = calloc(room, sizeof *list);
    if (list == NULL)
        return no_memory(error);
    for (size_t i = 0; i < place_count; i++) {
        for (size_t j = 0; j < places[i].ledger->count; j++) {
            struct prior_release prior = {.record = places[i].ledger->entries[j].release};
            look_at_places(&prior, places, place_count);
            found += add_hidden(&prior, release_is_corrected(places[i].ledger, prior.record),
                                list + found);
        }
    }
    *out = list;
    *count = leave_out_twins(list, found);
    return BASE_OK;
}
