/* A release: refused, or protected and put into the record that the ledger keeps. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the figures"));
}

unsigned highest_threshold(const struct release_place *places, size_t place_count)
{
    unsigned highest = places[0].threshold;
    for (size_t i = 1; i < place_count; i++)
        if (places[i].threshold > highest)
            highest = places[i].threshold;
    return highest;
}

struct protect_place *protect_places(const struct release_place *places, size_t place_count)
{
    struct protect_place *list = calloc(place_count, sizeof *list);
    for (size_t i = 0; list != NULL && i < place_count; i++)
        list[i] = (struct protect_place){places[i].life, places[i].channels, places[i].parties};
    return list;
}

/* ---- lots ----------------------------------------------------------------------------------- */

struct lots {
    const struct release_place *places;
    size_t place_count;
    uint8_t (*ids)[KEYS_STORE_ID_BYTES];
};

/* What a year is read for: courses and conversations in all, and courses by channel. */
static bool is_headline(const struct cell_set *cells)
{
    const bool all_channels = cells->channels == CODEBOOK_ALL_CHANNELS;
    return protect_period_of(cells->months) == PROTECT_YEAR &&
           cells->parties == CODEBOOK_ALL_PARTIES &&
           (cells->sessions == COUNTS_COURSES ||
            (cells->sessions == COUNTS_ALL_SESSIONS && all_channels));
}

static bool draw(void *context, const struct cell_set *cells)
{
    const struct lots *lots = context;
    const size_t place = tally_lot_place(lots->ids, lots->place_count, cells);
    return !is_headline(cells) &&
           tally_lot(lots->places[place].key, lots->ids, lots->place_count, cells);
}

/* ---- protecting ----------------------------------------------------------------------------- */

/* What disclosure control is asked with, as long as it is at work. */
struct request {
    struct prior_releases prior;
    struct cell_set *figures; /* that are public */
    struct cell_set *hidden;  /* that stay hidden */
    struct protect_place *places;
    struct lots lots;
    struct protect_request protect;
};

static void free_request(struct request *request)
{
    prior_releases_free(&request->prior);
    free(request->figures);
    free(request->hidden);
    free(request->places);
    free(request->lots.ids);
}

static base_month last_month(const struct release_order *order)
{
    base_month last = 0;
    for (size_t i = 0; i < order->period_count; i++)
        if (order->periods[i].last > last)
            last = order->periods[i].last;
    return last;
}

/* All that some place has closed; a draft takes what is asked for as if it were. */
static base_month closed_through(const struct release_order *order,
                                 const struct release_place *places, size_t place_count)
{
    base_month closed = order->draft ? last_month(order) : 0;
    for (size_t i = 0; i < place_count; i++)
        if (places[i].closed_through > closed)
            closed = places[i].closed_through;
    return closed;
}

/* More than the ledger takes of one release. */
static enum base_code refuse_too_many(const struct release_order *order, size_t place_count,
                                      struct base_error *error)
{
    size_t figures = 0;
    const struct place_set one = place_set_first(1);
    for (size_t i = 0; i < order->period_count; i++)
        figures += protect_layout(order->periods[i], &one, CODEBOOK_ALL_CHANNELS,
                                  CODEBOOK_ALL_PARTIES, NULL, 0) *
                   (place_count + (place_count > 1 ? 1 : 0));
    return figures > RECORD_MOST_FIGURES ? base_fail(error, BASE_TOO_MANY_FIGURES, "%zu", figures)
                                         : BASE_OK;
}

static enum base_code refuse(const struct release_order *order, const struct release_place *places,
                             size_t place_count, const struct prior_releases *prior,
                             struct base_error *error)
{
    enum base_code code = refuse_too_many(order, place_count, error);
    if (code == BASE_OK)
        code = refuse_counts(places, place_count, last_month(order), error);
    if (code == BASE_OK && !order->draft)
        code = refuse_open(places, place_count, order->periods, order->period_count, error);
    if (code == BASE_OK)
        code =
            refuse_others(prior, places, place_count, order->periods, order->period_count, error);
    if (code == BASE_OK && !order->draft)
        code = refuse_outdated(prior, places, place_count, error);
    return code;
}

static enum base_code fill_request(struct request *request, const struct release_order *order,
                                   const struct release_place *places, size_t place_count,
                                   struct base_error *error)
{
    static const struct base_period ever = {BASE_FIRST_MONTH, BASE_LAST_MONTH};
    const unsigned threshold =
        order->threshold != 0 ? order->threshold : highest_threshold(places, place_count);
    size_t count, hidden;
    /* A draft stands for what comes after a correction, which hides what has become small. */
    const int64_t least = order->draft ? (int64_t)threshold : 0;
    if (prior_figures(&request->prior, places, ever, least, &request->figures, &count, error) !=
            BASE_OK ||
        prior_hidden(places, place_count, &request->hidden, &hidden, error) != BASE_OK)
        return error->code;
    request->places = protect_places(places, place_count);
    request->lots =
        (struct lots){places, place_count, calloc(place_count, sizeof *request->lots.ids)};
    if (request->places == NULL || request->lots.ids == NULL)
        return no_memory(error);
    for (size_t i = 0; i < place_count; i++)
        memcpy(request->lots.ids[i], places[i].store_id, sizeof request->lots.ids[i]);
    request->protect = (struct protect_request){
        .threshold = threshold,
        .places = request->places,
        .place_count = place_count,
        .periods = order->periods,
        .period_count = order->period_count,
        .closed_through = closed_through(order, places, place_count),
        .prior = request->figures,
        .prior_count = count,
        .kept_hidden = request->hidden,
        .kept_hidden_count = hidden,
        .lot = draw,
        .lot_context = &request->lots,
        .progress = order->progress,
        .progress_context = order->progress_context,
    };
    return BASE_OK;
}

/* ---- the record ----------------------------------------------------------------------------- */

static enum base_code make_record(const struct release_order *order,
                                  const struct release_place *places, size_t place_count,
                                  unsigned threshold, struct release *release,
                                  struct base_error *error)
{
    const struct protect_result *result = release->result;
    struct record_release *record;
    if (record_release_new(place_count, order->period_count, result->figure_count, &record,
                           error) != BASE_OK)
        return error->code;
    record->month = base_month_now();
    record->number = order->draft ? 0 : (uint16_t)(places[0].ledger->count + 1);
    record->edition = 1;
    record->threshold = (uint8_t)threshold;
    for (size_t i = 0; i < place_count; i++) {
        memcpy(record->places[i], places[i].store_id, KEYS_STORE_ID_BYTES);
        record->offers[i] = (struct record_offer){places[i].channels, places[i].parties};
    }
    memcpy(record->periods, order->periods, order->period_count * sizeof *order->periods);
    for (size_t i = 0; i < result->figure_count; i++) {
        const bool shown = result->figures[i].status == PROTECT_SHOWN;
        record->figures[i] = (struct record_figure){.cells = result->figures[i].cells,
                                                    .shown = shown,
                                                    .value = shown ? result->figures[i].value : 0};
        *(shown ? &release->shown : &release->hidden) += 1;
    }
    release->record = record;
    return BASE_OK;
}

/* Whether each period has a month that a store has: what is before all of them would be published as zeros. */
static bool is_within_life(const struct release_order *order, const struct release_place *places,
                           size_t place_count)
{
    for (size_t i = 0; i < order->period_count; i++) {
        bool within = false;
        for (size_t j = 0; j < place_count; j++) {
            const struct tally_counts *life = places[j].life;
            within = within || (life != NULL && life->period.first <= order->periods[i].last &&
                                life->period.last >= order->periods[i].first);
        }
        if (!within)
            return false;
    }
    return true;
}

static enum base_code make(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct request *request, struct release *release,
                           struct base_error *error)
{
    enum base_code code = prior_releases_new(places, place_count, &request->prior, error);
    if (code == BASE_OK)
        code = refuse(order, places, place_count, &request->prior, error);
    if (code == BASE_OK)
        code = fill_request(request, order, places, place_count, error);
    const unsigned threshold = request->protect.threshold;
    if (code == BASE_OK && !is_within_life(order, places, place_count))
        code = base_fail(error, BASE_NOTHING_TO_SHOW, "%u", threshold);
    if (code == BASE_OK)
        code = protect_release(&request->protect, &release->result, error);
    if (code == BASE_OK && release->result->shown == 0)
        code = base_fail(error, BASE_NOTHING_TO_SHOW, "%u", threshold);
    if (code == BASE_OK)
        code = make_record(order, places, place_count, threshold, release, error);
    return code;
}

enum base_code release_new(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct release **out, struct base_error *error)
{
    struct request request = {0};
    struct release *release = calloc(1, sizeof *release);
    if (release == NULL)
        return no_memory(error);
    const enum base_code code = make(order, places, place_count, &request, release, error);
    free_request(&request);
    if (code == BASE_OK)
        *out = release;
    else
        release_free(release);
    return code;
}

void release_free(struct release *release)
{
    if (release == NULL)
        return;
    protect_result_free(release->result);
    secret_free(release->record);
    free(release);
}
