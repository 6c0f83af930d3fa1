#include "protect_office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct protect_place protect_office_place(const struct tally_counts *counts)
{
    return (struct protect_place){counts, counts->channels, counts->parties};
}

static bool is_public(const struct protect_office *office, const struct cell_set *set)
{
    for (size_t i = 0; i < office->shown_count; i++)
        if (cell_set_equals(&office->shown[i], set))
            return true;
    return false;
}

enum base_code protect_office_release(struct protect_office *office, const char *period,
                                      struct protect_result **result)
{
    struct base_period months;
    struct base_error error;
    assert_int_equal(base_period_parse(period, &months, &error), BASE_OK);
    const struct protect_request request = {
        .threshold = PROTECT_THRESHOLD,
        .places = office->place,
        .place_count = office->places,
        .periods = &months,
        .period_count = 1,
        .closed_through = months.last,
        .prior = office->shown,
        .prior_count = office->shown_count,
        .lot = office->lot,
        .lot_context = office->lot_context,
        .solver = office->solver,
    };
    const enum base_code code = protect_release(&request, result, &error);
    for (size_t i = 0; code == BASE_OK && i < (*result)->figure_count; i++) {
        const struct protect_figure *figure = &(*result)->figures[i];
        if (figure->status != PROTECT_SHOWN || is_public(office, &figure->cells))
            continue;
        assert_true(office->shown_count < PROTECT_OFFICE_MOST);
        office->shown[office->shown_count++] = figure->cells;
    }
    return code;
}

const struct protect_figure *protect_office_figure(const struct protect_result *result,
                                                   const char *period, codebook_set channels,
                                                   codebook_set sessions)
{
    struct cell_set set = {
        .channels = channels, .parties = CODEBOOK_ALL_PARTIES, .sessions = sessions};
    struct base_error error;
    assert_int_equal(base_period_parse(period, &set.months, &error), BASE_OK);
    set.places = result->figures[0].cells.places;
    for (size_t i = 0; i < result->figure_count; i++)
        if (cell_set_equals(&result->figures[i].cells, &set))
            return &result->figures[i];
    fail_msg("there is no such figure of %s", period);
    return NULL;
}

static int64_t add_up(const struct protect_office *office, const struct cell_set *set)
{
    int64_t sum = 0;
    for (unsigned place = 0; place < office->places; place++) {
        const struct tally_counts *counts = office->place[place].counts;
        for (unsigned month = set->months.first; month <= set->months.last; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                if (cell_set_has(set, place, (base_month)month, cell))
                    sum += counts->cells[month - counts->period.first][cell];
    }
    return sum;
}

void protect_office_check(const struct protect_office *office, const struct protect_result *result)
{
    size_t count[4] = {0};
    for (size_t i = 0; i < result->figure_count; i++) {
        const struct protect_figure *figure = &result->figures[i];
        count[figure->status]++;
        assert_int_equal(figure->value, add_up(office, &figure->cells));
        assert_int_equal(figure->status == PROTECT_HIDDEN_PRIMARY,
                         figure->value < PROTECT_THRESHOLD);
    }
    assert_int_equal(count[PROTECT_SHOWN], result->shown);
    assert_int_equal(count[PROTECT_HIDDEN_PRIMARY], result->hidden_primary);
    assert_int_equal(count[PROTECT_HIDDEN_SECONDARY], result->hidden_secondary);
    assert_int_equal(count[PROTECT_HIDDEN_BY_LOT], result->hidden_by_lot);
}
