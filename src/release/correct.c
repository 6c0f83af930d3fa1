/* Corrected editions of what does not agree with the counts any more. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum { MONTHS_OF_YEAR = 12, YEARS = BASE_LAST_YEAR - BASE_FIRST_YEAR + 1 };

/* A correction in the making. */
struct correcting {
    const struct release_place *places;
    size_t place_count;
    struct prior_releases prior;
    struct protect_place *protect;
    bool changed[YEARS];                  /* years with a figure that does not agree */
    struct protect_result *result[YEARS]; /* of each of them */
    base_progress *progress;
    void *progress_context;
    struct release_correction *correction;
};

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the ledger"));
}

static size_t year_at(struct base_period months)
{
    return (size_t)(base_month_year(months.first) - BASE_FIRST_YEAR);
}

static bool is_touched(const struct correcting *correcting, const struct record_release *record)
{
    for (size_t i = 0; i < record->period_count; i++)
        if (correcting->changed[year_at(record->periods[i])])
            return true;
    return false;
}

static bool find_changed_years(struct correcting *correcting)
{
    bool any = false;
    for (size_t i = 0; i < correcting->prior.count; i++) {
        const struct prior_release *prior = &correcting->prior.list[i];
        for (size_t j = 0; j < prior->record->figure_count; j++) {
            const struct record_figure *figure = &prior->record->figures[j];
            struct cell_set cells;
            if (!figure->shown || !prior_cells(prior, &figure->cells, &cells) ||
                sum_of_cells(correcting->places, &cells) == figure->value)
                continue;
            correcting->changed[year_at(cells.months)] = true;
            any = true;
        }
    }
    return any;
}

/* What must hold of each release that is touched: its places are all given, and its months closed. */
static enum base_code refuse_touched(const struct correcting *correcting, struct base_error *error)
{
    base_month last = 0;
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < correcting->prior.count; i++) {
        const struct record_release *record = correcting->prior.list[i].record;
        if (!is_touched(correcting, record))
            continue;
        code = refuse_others(&correcting->prior, correcting->places, correcting->place_count,
                             record->periods, record->period_count, error);
        for (size_t j = 0; j < record->period_count; j++)
            last = record->periods[j].last > last ? record->periods[j].last : last;
    }
    if (code == BASE_OK)
        code = refuse_open_through(correcting->places, correcting->place_count, last, error);
    return code == BASE_OK ? refuse_counts(correcting->places, correcting->place_count, last, error)
                           : code;
}

/* The figures of a year are tried again, as if none of them were public. */
static enum base_code protect_year(struct correcting *correcting, size_t year,
                                   struct base_error *error)
{
    const base_month first = (base_month)((BASE_FIRST_YEAR + (int)year) * MONTHS_OF_YEAR);
    struct cell_set *figures;
    size_t count;
    base_month closed = 0;
    enum base_code code = prior_figures(&correcting->prior, correcting->places, year_of(first),
                                        INT64_MIN, &figures, &count, error);
    if (code != BASE_OK)
        return code;
    for (size_t i = 0; i < correcting->place_count; i++)
        if (correcting->places[i].closed_through > closed)
            closed = correcting->places[i].closed_through;
    const struct protect_request request = {
        .threshold = highest_threshold(correcting->places, correcting->place_count),
        .places = correcting->protect,
        .place_count = correcting->place_count,
        .closed_through = closed,
        .prior = figures,
        .prior_count = count,
        .correction = true,
        .progress = correcting->progress,
        .progress_context = correcting->progress_context,
    };
    code = protect_release(&request, &correcting->result[year], error);
    free(figures);
    return code;
}

/* ---- editions ------------------------------------------------------------------------------- */

/* What became of a figure that was shown; NULL if its year has not changed. */
static const struct protect_figure *find_result(const struct correcting *correcting,
                                                const struct cell_set *cells)
{
    const struct protect_result *result = correcting->result[year_at(cells->months)];
    for (size_t i = 0; result != NULL && i < result->figure_count; i++)
        if (cell_set_equals(&result->figures[i].cells, cells))
            return &result->figures[i];
    return NULL;
}

static void add_change(struct release_correction *correction, const struct cell_set *cells,
                       int64_t before, const struct protect_figure *after)
{
    const bool shown = after->status == PROTECT_SHOWN;
    for (size_t i = 0; i < correction->change_count; i++)
        if (cell_set_equals(&correction->changes[i].cells, cells))
            return;
    correction->changes[correction->change_count++] = (struct release_change){
        .cells = *cells, .before = before, .after = shown ? after->value : 0, .shown = shown};
}

/* Puts into `after` what its figures come to now, and says whether any of them changes. */
static bool correct_figures(struct correcting *correcting, const struct prior_release *prior,
                            struct record_release *after)
{
    bool any = false;
    for (size_t i = 0; i < after->figure_count; i++) {
        struct record_figure *figure = &after->figures[i];
        struct cell_set cells;
        if (!figure->shown || !prior_cells(prior, &figure->cells, &cells))
            continue;
        const struct protect_figure *now = find_result(correcting, &cells);
        if (now == NULL || (now->status == PROTECT_SHOWN && now->value == figure->value))
            continue;
        add_change(correcting->correction, &cells, figure->value, now);
        figure->shown = now->status == PROTECT_SHOWN;
        figure->value = figure->shown ? now->value : 0;
        any = true;
    }
    return any;
}

static enum base_code copy_record(const struct record_release *from, struct record_release **out,
                                  struct base_error *error)
{
    struct record_release *copy;
    if (record_release_new(from->place_count, from->period_count, from->figure_count, &copy,
                           error) != BASE_OK)
        return error->code;
    copy->month = base_month_now();
    copy->corrects = from->corrects == 0 ? from->number : from->corrects;
    copy->edition = (uint8_t)(from->edition + 1);
    copy->threshold = from->threshold;
    memcpy(copy->places, from->places, from->place_count * sizeof *from->places);
    memcpy(copy->offers, from->offers, from->place_count * sizeof *from->offers);
    memcpy(copy->periods, from->periods, from->period_count * sizeof *from->periods);
    memcpy(copy->figures, from->figures, from->figure_count * sizeof *from->figures);
    *out = copy;
    return BASE_OK;
}

/* Whether two ledgers have the same release. */
static bool are_twins(const struct prior_release *one, const struct prior_release *other)
{
    const struct record_release *a = one->record, *b = other->record;
    if (one->place == other->place || a->month != b->month || a->edition != b->edition ||
        a->place_count != b->place_count || a->period_count != b->period_count ||
        a->figure_count != b->figure_count)
        return false;
    for (size_t i = 0; i < a->period_count; i++)
        if (a->periods[i].first != b->periods[i].first || a->periods[i].last != b->periods[i].last)
            return false;
    for (size_t i = 0; i < a->figure_count; i++) {
        struct cell_set here, there;
        if (!prior_cells(one, &a->figures[i].cells, &here) ||
            !prior_cells(other, &b->figures[i].cells, &there) || !cell_set_equals(&here, &there) ||
            a->figures[i].shown != b->figures[i].shown ||
            a->figures[i].value != b->figures[i].value)
            return false;
    }
    return true;
}

static bool has_twin_before(const struct correcting *correcting, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (are_twins(&correcting->prior.list[i], &correcting->prior.list[index]))
            return true;
    return false;
}

static enum base_code add_edition(struct correcting *correcting, size_t index,
                                  struct base_error *error)
{
    struct release_correction *correction = correcting->correction;
    const struct prior_release *prior = &correcting->prior.list[index];
    const unsigned threshold = highest_threshold(correcting->places, correcting->place_count);
    struct record_release *after = NULL;
    enum base_code code = copy_record(prior->record, &after, error);
    if (code != BASE_OK)
        return code;
    if (!correct_figures(correcting, prior, after)) {
        secret_free(after);
        return BASE_OK;
    }
    after->threshold = (uint8_t)threshold;
    after->number = (uint16_t)(correcting->places[prior->place].ledger->count + 1);
    for (size_t i = 0; i < correction->edition_count; i++)
        if (correction->editions[i].place == prior->place)
            after->number++;
    correction->editions[correction->edition_count++] =
        (struct release_edition){.place = prior->place,
                                 .before = prior->record,
                                 .after = after,
                                 .twin = has_twin_before(correcting, index)};
    return BASE_OK;
}

static enum base_code make_room(struct correcting *correcting, struct base_error *error)
{
    size_t figures = 1;
    void *changes;
    for (size_t i = 0; i < correcting->prior.count; i++)
        figures += correcting->prior.list[i].record->figure_count;
    correcting->correction = calloc(1, sizeof *correcting->correction);
    if (correcting->correction == NULL)
        return no_memory(error);
    correcting->correction->editions =
        calloc(correcting->prior.count + 1, sizeof *correcting->correction->editions);
    if (correcting->correction->editions == NULL)
        return no_memory(error);
    if (secret_new(figures * sizeof *correcting->correction->changes, &changes, error) != BASE_OK)
        return error->code;
    correcting->correction->changes = changes;
    return BASE_OK;
}

static enum base_code correct(struct correcting *correcting, struct base_error *error)
{
    enum base_code code =
        prior_releases_new(correcting->places, correcting->place_count, &correcting->prior, error);
    if (code == BASE_OK && !find_changed_years(correcting))
        code = base_fail(error, BASE_NOTHING_TO_CORRECT, "%s", "");
    if (code == BASE_OK)
        code = refuse_touched(correcting, error);
    if (code == BASE_OK)
        code = make_room(correcting, error);
    correcting->protect = protect_places(correcting->places, correcting->place_count);
    if (code == BASE_OK && correcting->protect == NULL)
        code = no_memory(error);
    for (size_t year = 0; code == BASE_OK && year < YEARS; year++)
        if (correcting->changed[year])
            code = protect_year(correcting, year, error);
    for (size_t i = 0; code == BASE_OK && i < correcting->prior.count; i++)
        if (is_touched(correcting, correcting->prior.list[i].record))
            code = add_edition(correcting, i, error);
    return code;
}

enum base_code release_correct(const struct release_place *places, size_t place_count,
                               base_progress *progress, void *progress_context,
                               struct release_correction **out, struct base_error *error)
{
    struct correcting *correcting = calloc(1, sizeof *correcting);
    if (correcting == NULL)
        return no_memory(error);
    *correcting = (struct correcting){.places = places,
                                      .place_count = place_count,
                                      .progress = progress,
                                      .progress_context = progress_context};
    const enum base_code code = correct(correcting, error);
    if (code == BASE_OK)
        *out = correcting->correction;
    else
        release_correction_free(correcting->correction);
    for (size_t year = 0; year < YEARS; year++)
        protect_result_free(correcting->result[year]);
    prior_releases_free(&correcting->prior);
    free(correcting->protect);
    free(correcting);
    return code;
}

void release_correction_free(struct release_correction *correction)
{
    if (correction == NULL)
        return;
    for (size_t i = 0; correction->editions != NULL && i < correction->edition_count; i++)
        secret_free(correction->editions[i].after);
    free(correction->editions);
    secret_free(correction->changes);
    free(correction);
}
