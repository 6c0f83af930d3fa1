/* A house that publishes by protect_release. */
#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "invent.h"

static void fail(const char *why)
{
    fprintf(stderr, "house: %s\n", why);
    abort();
}

double house_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct house *house_open(unsigned places, unsigned threshold, struct tally_counts *const *counts)
{
    struct house *house = calloc(1, sizeof *house);
    if (house == NULL)
        fail("no memory");
    house->threshold = threshold;
    house->places = places;
    memcpy(house->counts, counts, places * sizeof *counts);
    house->closed_through = counts[0]->period.last;
    return house;
}

void house_close(struct house *house)
{
    for (unsigned i = 0; i < house->places; i++)
        invent_free(house->counts[i]);
    free(house);
}

int64_t house_value(const struct house *house, const struct cell_set *set)
{
    int64_t sum = 0;
    for (unsigned place = 0; place < house->places; place++) {
        const struct tally_counts *counts = house->counts[place];
        for (unsigned month = set->months.first; month <= set->months.last; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                if (month <= house->closed_through && month <= counts->period.last &&
                    month >= counts->period.first &&
                    cell_set_has(set, place, (base_month)month, cell))
                    sum += counts->cells[month - counts->period.first][cell];
    }
    return sum;
}

bool house_shows(const struct house *house, const struct cell_set *set)
{
    for (size_t i = 0; i < house->shown_count; i++)
        if (cell_set_equals(&house->shown[i].set, set))
            return true;
    return false;
}

static bool draw_lot(void *context, const struct cell_set *set)
{
    const struct house *house = context;
    uint64_t hash = house->lot_key;
    const uint64_t words[] = {
        set->places.word[0], (uint64_t)set->months.first << 32 | set->months.last,
        (uint64_t)set->channels << 16 | (uint64_t)set->parties << 8 | set->sessions};
    for (size_t i = 0; i < 3; i++)
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15) ^ hash >> 29;
    return (hash >> 40) % 16 == 0;
}

/* ---- places by number ------------------------------------------------------------------------ */

/* Of the house's places those of a request, and its sets in terms of them. */
struct part {
    unsigned count, place[HOUSE_PLACES];
};

static struct part part_of(const struct house *house, unsigned places)
{
    struct part part = {0};
    for (unsigned i = 0; i < house->places; i++)
        if ((places >> i & 1) != 0)
            part.place[part.count++] = i;
    return part;
}

/* How many of its places the part has is left in `own`; false if it has others. */
static bool to_part(const struct part *part, const struct cell_set *set, struct cell_set *own)
{
    uint64_t left = set->places.word[0];
    *own = *set;
    own->places = (struct place_set){{0}};
    for (unsigned i = 0; i < part->count; i++) {
        if (!place_set_has(&set->places, part->place[i]))
            continue;
        place_set_add(&own->places, i);
        left &= ~((uint64_t)1 << part->place[i]);
    }
    return left == 0;
}

static struct cell_set from_part(const struct part *part, const struct cell_set *own)
{
    struct cell_set set = *own;
    set.places = (struct place_set){{0}};
    for (unsigned i = 0; i < part->count; i++)
        if (place_set_has(&own->places, i))
            place_set_add(&set.places, part->place[i]);
    return set;
}

/* ---- what comes out -------------------------------------------------------------------------- */

static const struct protect_figure *find(const struct protect_result *result,
                                         const struct cell_set *set)
{
    for (size_t i = 0; i < result->figure_count; i++)
        if (cell_set_equals(&result->figures[i].cells, set))
            return &result->figures[i];
    return NULL;
}

static void check_figures(const struct house *house, const struct part *part,
                          const struct protect_result *result)
{
    for (size_t i = 0; i < result->figure_count; i++) {
        const struct protect_figure *figure = &result->figures[i];
        const struct cell_set set = from_part(part, &figure->cells);
        const bool small = figure->value < (int64_t)house->threshold;
        if (figure->value != house_value(house, &set))
            fail("a value is not the true one");
        if (house_shows(house, &set) != (figure->status == PROTECT_SHOWN) &&
            house_shows(house, &set))
            fail("what is public is hidden");
        if (small && figure->status != PROTECT_HIDDEN_PRIMARY && !house_shows(house, &set))
            fail("a small figure is not hidden for that");
    }
}

static void check_layout(const struct house *house, const struct part *part,
                         const struct base_period *period, const struct protect_result *result)
{
    struct cell_set figures[128];
    for (unsigned i = 0; i < part->count; i++) {
        const struct tally_counts *counts = house->counts[part->place[i]];
        const struct place_set one = {{(uint64_t)1 << i}};
        const size_t count =
            outside_layout(*period, &one, counts->channels, counts->parties, figures);
        for (size_t j = 0; j < count; j++)
            if (find(result, &figures[j]) == NULL)
                fail("a figure of the layout is missing");
    }
}

static void keep(struct house *house, const struct part *part, const struct protect_result *result)
{
    house->before = house->shown_count;
    house->figures = house->seen = 0;
    for (size_t i = 0; i < result->figure_count; i++) {
        const struct cell_set set = from_part(part, &result->figures[i].cells);
        house->figures++;
        if (result->figures[i].status != PROTECT_SHOWN)
            continue;
        house->seen++;
        if (house_shows(house, &set))
            continue;
        if (house->shown_count == HOUSE_MOST)
            fail("too much is shown");
        house->shown[house->shown_count++] = (struct house_shown){set, result->figures[i].value};
    }
    house->searches = result->searches;
    house->programs = result->linear_programs + result->whole_programs;
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void refuse(struct house *house, const struct protect_request *request, enum base_code code)
{
    house->refused++;
    printf("refused (%s) after %u releases:",
           code == BASE_NOT_PROVEN ? "not proven" : "not protected", house->releases);
    for (size_t i = 0; i < request->period_count; i++)
        printf(" %u-%02u..%u-%02u", request->periods[i].first / 12U,
               request->periods[i].first % 12U + 1, request->periods[i].last / 12U,
               request->periods[i].last % 12U + 1);
    printf("%s\n", request->correction ? " a correction" : "");
}

static bool ask(struct house *house, const struct part *part, struct protect_request *request,
                struct protect_result **result)
{
    struct protect_place place[HOUSE_PLACES];
    struct cell_set *prior = calloc(house->shown_count + 1, sizeof *prior);
    struct base_error error;
    if (prior == NULL)
        fail("no memory");
    for (unsigned i = 0; i < part->count; i++) {
        const struct tally_counts *counts = house->counts[part->place[i]];
        place[i] = (struct protect_place){counts, counts->channels, counts->parties};
    }
    request->threshold = house->threshold;
    request->places = place;
    request->place_count = part->count;
    request->closed_through = house->closed_through;
    request->prior = prior;
    for (size_t i = 0; i < house->shown_count; i++)
        if (to_part(part, &house->shown[i].set, &prior[request->prior_count]))
            request->prior_count++;
        else if (place_set_count(&prior[request->prior_count].places) > 0)
            fail("a place alone after all of them");
    request->lot = house->lot != NULL ? house->lot : house->lot_key != 0 ? draw_lot : NULL;
    request->lot_context = house->lot != NULL ? house->lot_context : house;
    const double begun = house_clock();
    const enum base_code code = protect_release(request, result, &error);
    house->seconds = house_clock() - begun;
    request->places = NULL;
    free(prior);
    if (code == BASE_OK)
        house->releases++;
    else if (code == BASE_NOT_PROTECTED || code == BASE_NOT_PROVEN)
        refuse(house, request, code);
    else
        fail("protect_release failed");
    return code == BASE_OK;
}

bool house_publish(struct house *house, const struct base_period *periods, size_t count,
                   unsigned places)
{
    const struct part part = part_of(house, places);
    struct protect_request request = {.periods = periods, .period_count = count};
    struct protect_result *result;
    if (!ask(house, &part, &request, &result))
        return false;
    check_figures(house, &part, result);
    for (size_t i = 0; i < count; i++)
        check_layout(house, &part, &periods[i], result);
    keep(house, &part, result);
    protect_result_free(result);
    return true;
}

bool house_publish_one(struct house *house, base_month first, unsigned months)
{
    const struct base_period period = {first, (base_month)(first + months - 1)};
    return house_publish(house, &period, 1, (1U << house->places) - 1);
}

bool house_correct(struct house *house)
{
    const struct part part = part_of(house, (1U << house->places) - 1);
    struct protect_request request = {.correction = true};
    struct protect_result *result;
    if (!ask(house, &part, &request, &result))
        return false;
    if (result->figure_count != house->shown_count)
        fail("a correction has other figures");
    for (size_t i = 0; i < result->figure_count; i++)
        if (!cell_set_equals(&result->figures[i].cells, &house->shown[i].set) ||
            result->figures[i].value != house_value(house, &house->shown[i].set) ||
            (result->figures[i].status == PROTECT_SHOWN &&
             result->figures[i].value < (int64_t)house->threshold))
            fail("a correction shows what it should not");
    house->shown_count = 0;
    keep(house, &part, result);
    protect_result_free(result);
    return true;
}

/* ---- attacks --------------------------------------------------------------------------------- */

void house_attack(const struct house *house, unsigned from, unsigned to, bool say,
                  struct outside_found *found)
{
    struct outside_place place[HOUSE_PLACES];
    struct outside_shown *shown = calloc(house->shown_count + 1, sizeof *shown);
    if (shown == NULL)
        fail("no memory");
    for (unsigned i = 0; i < house->places; i++)
        place[i] =
            (struct outside_place){(const int64_t(*)[CODEBOOK_CELLS])house->counts[i]->cells, NULL,
                                   house->counts[i]->channels, house->counts[i]->parties};
    for (size_t i = 0; i < house->shown_count; i++)
        shown[i] = (struct outside_shown){.set = house->shown[i].set,
                                          .value = house->shown[i].value,
                                          .before = i < house->before};
    const struct outside_case asked = {
        .threshold = house->threshold,
        .place = place,
        .places = house->places,
        .first = house->counts[0]->period.first,
        .months = house->closed_through - house->counts[0]->period.first + 1U,
        .first_year = from,
        .last_year = to,
        .shown = shown,
        .shown_count = house->shown_count,
        .say = say,
    };
    outside_attack(&asked, found);
    free(shown);
}
