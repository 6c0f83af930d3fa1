/* protect_release: statuses, lots, several places, releases after each other, corrections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <sodium.h>

#include "invented_office.h"
#include "plain_counts.h"
#include "protect_office.h"

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

static struct protect_office office_of(const struct tally_counts *counts)
{
    return (struct protect_office){.place = {protect_office_place(counts)}, .places = 1};
}

static void assert_shown(const struct protect_result *result, const char *period,
                         codebook_set channels, codebook_set sessions, int64_t value)
{
    const struct protect_figure *figure = protect_office_figure(result, period, channels, sessions);
    assert_int_equal(figure->value, value);
    assert_int_equal(figure->status, PROTECT_SHOWN);
}

/* The year's courses and conversations in all, and table 2. */
static void assert_headline_of_2017(const struct protect_result *result)
{
    assert_shown(result, "2017", CODEBOOK_ALL_CHANNELS, COUNTS_COURSES, 73);
    assert_shown(result, "2017", CODEBOOK_ALL_CHANNELS, COUNTS_ALL_SESSIONS, 136);
    assert_shown(result, "2017", 1U << IN_PERSON, COUNTS_COURSES, 40);
    assert_shown(result, "2017", 1U << PHONE, COUNTS_COURSES, 33);
}

static void test_2017(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_2017();
    struct protect_office office = office_of(counts);
    struct protect_result *result;
    assert_int_equal(protect_office_release(&office, "2017", &result), BASE_OK);
    protect_office_check(&office, result);
    assert_headline_of_2017(result);
    assert_true(result->hidden_primary > 0 && result->hidden_secondary > 0);
    assert_true(result->requirements > result->exempt && result->witnesses > 0);
    protect_result_free(result);
    plain_counts_free(counts);
}

/* Nothing was ever counted: everything is a zero, and hidden. */
static void test_nothing_counted(void **state)
{
    (void)state;
    struct protect_office office = {.place = {{NULL, 0x3, CODEBOOK_ALL_PARTIES}}, .places = 1};
    struct protect_result *result;
    assert_int_equal(protect_office_release(&office, "2017-02", &result), BASE_OK);
    assert_int_equal(result->figure_count, 2);
    assert_int_equal(result->hidden_primary, 2);
    protect_result_free(result);
    protect_result_free(NULL);
}

/* ---- by lot ---- */

static bool draw_all(void *context, const struct cell_set *cells)
{
    (void)context;
    (void)cells;
    return true;
}

/* The headline takes no part in it. */
static void test_lot(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_2017();
    struct protect_office office = office_of(counts);
    struct protect_result *result;
    office.lot = draw_all;
    assert_int_equal(protect_office_release(&office, "2017", &result), BASE_OK);
    protect_office_check(&office, result);
    assert_headline_of_2017(result);
    assert_int_equal(result->shown, 4);
    assert_int_equal(result->hidden_secondary, 0);
    assert_int_equal(result->hidden_by_lot, result->figure_count - 4 - result->hidden_primary);
    protect_result_free(result);
    plain_counts_free(counts);
}

/* A year in which every course has five conversations: nothing is small but for lack of courses. */
static enum protect_status conversations_of(unsigned courses, const char *published)
{
    struct tally_counts *counts = plain_counts_new("2017", 1U << PHONE, 1U << USER);
    struct protect_office office = office_of(counts);
    struct protect_result *result;
    office.lot = draw_all;
    for (unsigned month = 0; month < 12; month++)
        for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++)
            *plain_counts_cell(counts, month, PHONE, USER, session) = courses / 12;
    assert_int_equal(protect_office_release(&office, published, &result), BASE_OK);
    protect_office_check(&office, result);
    const enum protect_status status =
        protect_office_figure(result, published, CODEBOOK_ALL_CHANNELS, COUNTS_ALL_SESSIONS)
            ->status;
    protect_result_free(result);
    plain_counts_free(counts);
    return status;
}

/* But for conversations in all where there were few courses. */
static void test_lot_of_few(void **state)
{
    (void)state;
    assert_int_equal(conversations_of(48, "2017"), PROTECT_HIDDEN_BY_LOT);
    assert_int_equal(conversations_of(60, "2017"), PROTECT_SHOWN);
}

struct draws {
    struct cell_set set[PROTECT_MOST_LAYOUT];
    size_t count;
};

static bool note_draw(void *context, const struct cell_set *cells)
{
    struct draws *draws = context;
    draws->set[draws->count++] = *cells;
    return false;
}

/* Candidates come in the layout's order, whatever their values are. */
static void test_order(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 3; seed++) {
        const struct invention how = {seed, 40, 2, 2017, 1};
        struct tally_counts *counts = invented_office_new(&how);
        struct protect_office office = office_of(counts);
        struct draws draws = {.count = 0};
        struct protect_result *result;
        size_t at = 0;
        office.lot = note_draw;
        office.lot_context = &draws;
        assert_int_equal(protect_office_release(&office, "2017", &result), BASE_OK);
        for (size_t i = 0; i < draws.count; i++, at++)
            while (at < result->figure_count &&
                   !cell_set_equals(&result->figures[at].cells, &draws.set[i]))
                at++;
        assert_true(at <= result->figure_count && draws.count > 0);
        protect_result_free(result);
        invented_office_free(counts);
    }
}

/* ---- one release after the other ---- */

static void release_months(struct protect_office *office, int year)
{
    char period[32];
    for (int month = 1; month <= 12; month++) {
        struct protect_result *result;
        (void)snprintf(period, sizeof period, "%d-%02d", year, month);
        assert_int_equal(protect_office_release(office, period, &result), BASE_OK);
        protect_office_check(office, result);
        protect_result_free(result);
        if (month % 3 != 0)
            continue;
        (void)snprintf(period, sizeof period, "%d-%02d..%d-%02d", year, month - 2, year, month);
        assert_int_equal(protect_office_release(office, period, &result), BASE_OK);
        protect_office_check(office, result);
        protect_result_free(result);
    }
}

/* Months and quarters leave the year its headline; what was shown is shown again. */
static void test_months_then_year(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_2017();
    struct protect_office office = office_of(counts);
    struct protect_result *result;
    release_months(&office, 2017);
    const size_t before = office.shown_count;
    assert_true(before > 12);
    assert_int_equal(protect_office_release(&office, "2017", &result), BASE_OK);
    protect_office_check(&office, result);
    assert_headline_of_2017(result);
    for (size_t i = 0; i < before; i++)
        for (size_t j = 0; j < result->figure_count; j++)
            if (cell_set_equals(&result->figures[j].cells, &office.shown[i]))
                assert_int_equal(result->figures[j].status, PROTECT_SHOWN);
    protect_result_free(result);
    plain_counts_free(counts);
}

/* The first months hold back: what they tell could cost the year its total. */
static void test_first_month(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_new("2017", 0x3, CODEBOOK_ALL_PARTIES);
    struct protect_office office = office_of(counts);
    struct protect_result *result;
    *plain_counts_cell(counts, 0, IN_PERSON, USER, 0) = 6;
    assert_int_equal(protect_office_release(&office, "2017-01", &result), BASE_OK);
    assert_int_equal(result->shown, 0);
    assert_int_equal(result->hidden_secondary, 2);
    protect_result_free(result);
    plain_counts_free(counts);
}

/* Later years, and an earlier one after them. */
static void test_years(void **state)
{
    (void)state;
    const struct invention how = {2, 50, 2, 2017, 3};
    struct tally_counts *counts = invented_office_new(&how);
    struct protect_office office = office_of(counts);
    static const char *const periods[] = {"2018", "2019-01..2019-06", "2019", "2017"};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        struct protect_result *result;
        assert_int_equal(protect_office_release(&office, periods[i], &result), BASE_OK);
        protect_office_check(&office, result);
        protect_result_free(result);
    }
    invented_office_free(counts);
}

/* ---- several places ---- */

static void test_places(void **state)
{
    (void)state;
    const struct invention how[] = {{1, 40, 2, 2017, 1}, {5, 30, 2, 2017, 1}};
    struct tally_counts *counts[] = {invented_office_new(&how[0]), invented_office_new(&how[1])};
    struct protect_office office = {
        .place = {protect_office_place(counts[0]), protect_office_place(counts[1])}, .places = 2};
    struct protect_result *result;
    assert_int_equal(protect_office_release(&office, "2017-01..2017-06", &result), BASE_OK);
    protect_office_check(&office, result);
    assert_int_equal(result->figure_count, 3 * 6);
    for (size_t i = 0; i < result->figure_count; i++) /* rank by rank, all places first */
        assert_int_equal(place_set_count(&result->figures[i].cells.places), i % 3 == 0 ? 2 : 1);
    protect_result_free(result);
    invented_office_free(counts[0]);
    invented_office_free(counts[1]);
}

/* ---- corrections ---- */

static void test_correction(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_2017();
    struct protect_office office = office_of(counts);
    struct protect_result *result;
    struct base_error error;
    assert_int_equal(protect_office_release(&office, "2017", &result), BASE_OK);
    protect_result_free(result);
    *plain_counts_cell(counts, 3, PHONE, USER, 0) += 7;
    *plain_counts_cell(counts, 5, IN_PERSON, RELATIVE, 0) -= 2;
    const struct protect_request request = {
        .threshold = PROTECT_THRESHOLD,
        .places = office.place,
        .place_count = 1,
        .closed_through = counts->period.last,
        .prior = office.shown,
        .prior_count = office.shown_count,
        .correction = true,
    };
    assert_int_equal(protect_release(&request, &result, &error), BASE_OK);
    protect_office_check(&office, result);
    assert_int_equal(result->figure_count, office.shown_count);
    for (size_t i = 0; i < office.shown_count; i++)
        assert_true(cell_set_equals(&result->figures[i].cells, &office.shown[i]));
    assert_shown(result, "2017", CODEBOOK_ALL_CHANNELS, COUNTS_COURSES, 78);
    protect_result_free(result);
    plain_counts_free(counts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_2017),
        cmocka_unit_test(test_nothing_counted),
        cmocka_unit_test(test_lot),
        cmocka_unit_test(test_lot_of_few),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_first_month),
        cmocka_unit_test(test_months_then_year),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_correction),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
