#include <stdlib.h>
#include <time.h>

#include "inside.h"
#include "tavs/secret.h"

/* A release is made now and then, and all that was released before has to be reckoned with. In seconds of
 * work: half of it for all tables, half of what is left for fewer of them, and so on. */
#define RELEASE_SECONDS 120.0
#define LEAST_SECONDS   0.5

static double seconds_of_work(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* What protect is asked with, as long as it is at work. */
struct request {
    struct wanted wanted, reserved;
    struct earlier earlier, again;
    const struct protect_table **wanted_list, **reserved_list;
    struct protect_place *places;
    struct tally_counts *lives; /* views that end with the present month */
    struct protect_request protect;
};

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

static const struct protect_table **list_tables(const struct wanted *wanted)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what it lists */
    const struct protect_table **list = calloc(wanted->count > 0 ? wanted->count : 1, sizeof *list);
    for (size_t i = 0; list != NULL && i < wanted->count; i++)
        list[i] = wanted->tables[i].table;
    return list;
}

/* The life of a place up to the present: what is after it is known to be nothing. */
static void view_life(struct tally_counts *view, const struct table_source *source)
{
    const base_month now = base_month_now();
    *view = source->life != NULL ? *source->life : *source->counts;
    if (view->period.last > now && view->period.first <= now)
        view->period.last = now;
}

static void free_request(struct request *request)
{
    wanted_free(&request->wanted);
    wanted_free(&request->reserved);
    earlier_free(&request->earlier);
    earlier_free(&request->again);
    free(request->wanted_list);
    free(request->reserved_list);
    free(request->places);
    free(request->lives);
}

static enum base_code fill_request(struct request *request, const struct release_order *order,
                                   const struct release_place *places, size_t place_count,
                                   struct base_error *error)
{
    if (wanted_tables(order, places, place_count, &request->wanted, error) != BASE_OK ||
        reserved_tables(order, places, place_count, &request->reserved, error) != BASE_OK ||
        earlier_new(places, place_count, &request->earlier, error) != BASE_OK)
        return error->code;
    request->wanted_list = list_tables(&request->wanted);
    request->reserved_list = list_tables(&request->reserved);
    request->places = calloc(place_count, sizeof *request->places);
    request->lives = calloc(place_count, sizeof *request->lives);
    if (request->wanted_list == NULL || request->reserved_list == NULL || request->places == NULL ||
        request->lives == NULL)
        return no_memory(error);
    for (size_t i = 0; i < place_count; i++) {
        view_life(&request->lives[i], &places[i].source);
        request->places[i].counts = &request->lives[i];
    }
    request->protect = (struct protect_request){
        .threshold = order->threshold,
        .places = request->places,
        .place_count = place_count,
        .tables = request->wanted_list,
        .table_count = request->wanted.count,
        .reserved = request->reserved_list,
        .reserved_count = request->reserved.count,
        .earlier = request->earlier.sums,
        .earlier_count = request->earlier.count,
        .explain = order->explain,
    };
    return BASE_OK;
}

/* The record with the figures of the result. */
static enum base_code make_record(const struct release_order *order,
                                  const struct release_place *places, size_t place_count,
                                  const struct request *request, struct release *release,
                                  struct base_error *error)
{
    const struct protect_figure **figures;
    size_t count;
    if (different_figures(release->result, &figures, &count, error) != BASE_OK)
        return error->code;
    const enum base_code code = record_new(order, places, place_count, request->wanted.kinds, count,
                                           &release->record, error);
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        release->record->figures[i] = (struct record_figure){
            .cells = {.places = {.word = {figures[i]->sum.places}},
                      .months = figures[i]->sum.months,
                      .channels = figures[i]->sum.channels,
                      .parties = figures[i]->sum.parties,
                      .sessions = figures[i]->sum.sessions},
            .value = figures[i]->status == PROTECT_SHOWN ? figures[i]->value : 0,
            .shown = figures[i]->status == PROTECT_SHOWN,
        };
    free(figures);
    return code;
}

/* The first of the periods of which something was released that has changed since; NULL if there is none. */
static const struct base_period *find_corrected(const struct release_order *order,
                                                const struct earlier *earlier)
{
    for (size_t i = 0; i < order->period_count; i++) {
        const struct base_period *period = &order->periods[i];
        for (size_t j = 0; j < earlier->count; j++) {
            const struct base_period months = earlier->sums[j].sum.months;
            if (earlier->sums[j].changed && months.first <= period->last &&
                period->first <= months.last)
                return period;
        }
    }
    return NULL;
}

static enum base_code fail_nothing(const struct release_order *order, const struct earlier *earlier,
                                   struct base_error *error)
{
    char words[BASE_WORDS_TEXT];
    const struct base_period *corrected = find_corrected(order, earlier);
    if (corrected == NULL)
        return base_fail(error, BASE_NOTHING_TO_SHOW, "%u", order->threshold);
    base_period_words(*corrected, words);
    return base_fail(error, BASE_CORRECTED_SINCE, "%s", words);
}

/* The result of the same release before, or a new one; `*month` is when it was or is issued. */
static enum base_code protect(const struct release_order *order, const struct release_place *places,
                              size_t place_count, struct request *request, struct release *release,
                              base_month *month, struct base_error *error)
{
    const struct record_release *before = NULL;
    struct record_release *asked;
    enum base_code code =
        record_new(order, places, place_count, request->wanted.kinds, 1, &asked, error);
    if (code != BASE_OK)
        return code;
    code = find_again(places, place_count, asked, &before, &request->again, error);
    secret_free(asked);
    if (code != BASE_OK)
        return code;
    *month = before != NULL ? before->month : base_month_now();
    release->is_again = before != NULL;
    /* As many of the tables as can be protected together, those that matter most first. */
    const double deadline = seconds_of_work() + RELEASE_SECONDS;
    size_t fewer = 0;
    for (size_t count = request->wanted.count; count > 0; count = fewer) {
        request->protect.table_count = count;
        request->protect.seconds = (deadline - seconds_of_work()) / 2;
        if (request->protect.seconds < LEAST_SECONDS)
            break;
        code = before == NULL ? protect_release(&request->protect, &release->result, error)
                              : protect_again(&request->protect, request->again.sums,
                                              request->again.count, &release->result, error);
        if (code != BASE_NOT_PROTECTED && code != BASE_NOT_PROVEN)
            return code;
        fewer = code == BASE_NOT_PROTECTED ? count - 1 : count / 2;
    }
    /* BASE_OK: there were no tables to begin with. */
    return code == BASE_NOT_PROTECTED || code == BASE_OK
               ? fail_nothing(order, &request->earlier, error)
               : code;
}

/* Whether each period has a month that a store has: what is before all of them would be published as zeros. */
static bool is_within_life(const struct release_order *order, const struct release_place *places,
                           size_t place_count)
{
    for (size_t i = 0; i < order->period_count; i++) {
        bool within = false;
        for (size_t j = 0; j < place_count; j++) {
            const struct tally_counts *life = places[j].source.life;
            within = within || (life != NULL && life->period.first <= order->periods[i].last &&
                                life->period.last >= order->periods[i].first);
        }
        if (!within)
            return false;
    }
    return true;
}

static enum base_code make(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct release **out, struct base_error *error)
{
    struct request request = {0};
    base_month month = 0;
    struct release *release = calloc(1, sizeof *release);
    if (release == NULL)
        return no_memory(error);
    enum base_code code = fill_request(&request, order, places, place_count, error);
    if (code == BASE_OK)
        code = protect(order, places, place_count, &request, release, &month, error);
    if (code == BASE_OK && release->result->shown == 0)
        code = fail_nothing(order, &request.earlier, error);
    if (code == BASE_OK)
        code = make_record(order, places, place_count, &request, release, error);
    if (code == BASE_OK)
        code =
            document_of_result(order, places, place_count, &request.wanted, month, release, error);
    free_request(&request);
    if (code == BASE_OK)
        *out = release;
    else
        release_free(release);
    return code;
}

enum base_code release_new(const struct release_order *order, const struct release_place *places,
                           size_t place_count, struct release **out, struct base_error *error)
{
    struct offered offered;
    if (!is_within_life(order, places, place_count))
        return base_fail(error, BASE_NOTHING_TO_SHOW, "%u", order->threshold);
    if (offered_new(order, places, place_count, &offered, error) != BASE_OK)
        return error->code;
    const enum base_code code = make(order, offered.places, place_count, out, error);
    offered_free(&offered);
    return code;
}

void release_free(struct release *release)
{
    if (release == NULL)
        return;
    table_document_free(release->document);
    protect_result_free(release->result);
    secret_free(release->record);
    free(release);
}
