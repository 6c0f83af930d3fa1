/* Layouts and the model of a year, against plain enumeration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protect/model/problem.h"
#include "tavs/secret.h"

enum { YEAR = 2017, FIRST = YEAR * 12, MONTHS = 36, ALL_PARTIES = CODEBOOK_ALL_PARTIES };

/* ---- layouts ---- */

static size_t layout_of(base_month first, unsigned months, codebook_set channels,
                        struct cell_set figures[PROTECT_MOST_LAYOUT])
{
    const struct base_period period = {first, (base_month)(first + months - 1)};
    const struct place_set place = place_set_first(1);
    return protect_layout(period, &place, channels, ALL_PARTIES, figures, PROTECT_MOST_LAYOUT);
}

static size_t add_different(struct cell_set *all, size_t count, const struct cell_set *more,
                            size_t more_count)
{
    for (size_t i = 0; i < more_count; i++) {
        bool is_new = true;
        for (size_t j = 0; is_new && j < count; j++)
            is_new = !cell_set_equals(&all[j], &more[i]);
        if (is_new)
            all[count++] = more[i];
    }
    return count;
}

/* Of two channels 67 figures of a year and 91 with quarters and half-years; of four 85 and 125. */
static void check_sizes(codebook_set channels, size_t of_year, size_t of_all)
{
    static struct cell_set all[512], some[PROTECT_MOST_LAYOUT];
    size_t count = layout_of(FIRST, 12, channels, all);
    assert_int_equal(count, of_year);
    for (unsigned i = 0; i < 12; i++)
        count =
            add_different(all, count, some, layout_of((base_month)(FIRST + i), 1, channels, some));
    assert_int_equal(count, of_year); /* months have no figure that the year has not */
    for (unsigned i = 0; i < 12; i += 3)
        count =
            add_different(all, count, some, layout_of((base_month)(FIRST + i), 3, channels, some));
    for (unsigned i = 0; i < 12; i += 6)
        count =
            add_different(all, count, some, layout_of((base_month)(FIRST + i), 6, channels, some));
    assert_int_equal(count, of_all);
}

static void test_how_many_figures(void **state)
{
    (void)state;
    struct cell_set figures[PROTECT_MOST_LAYOUT];
    check_sizes(0x3, 67, 91);
    check_sizes(CODEBOOK_ALL_CHANNELS, 85, 125);
    assert_int_equal(layout_of(FIRST, 1, 0x3, figures), 2);
    assert_int_equal(layout_of(FIRST, 3, 0x3, figures), 6);
    assert_int_equal(layout_of(FIRST, 6, 0xf, figures), 10);
    assert_int_equal(layout_of(FIRST, 2, 0x3, figures), 0);
    assert_int_equal(layout_of(FIRST + 1, 12, 0x3, figures), 0);
}

static void test_one_offered_channel_is_all(void **state)
{
    (void)state;
    struct cell_set figures[PROTECT_MOST_LAYOUT];
    assert_int_equal(layout_of(FIRST, 3, 0x2, figures), 2);
    assert_int_equal(figures[0].channels, CODEBOOK_ALL_CHANNELS);
}

static void test_room_is_kept(void **state)
{
    (void)state;
    struct cell_set figures[PROTECT_MOST_LAYOUT];
    const struct base_period year = {FIRST, FIRST + 11};
    const struct place_set place = place_set_first(1);
    memset(figures, 0x55, sizeof figures);
    const struct cell_set untouched = figures[9];
    (void)protect_layout(year, &place, 0x3, ALL_PARTIES, figures, 9);
    assert_memory_equal(&figures[9], &untouched, sizeof untouched);
}

static void test_periods_are_split(void **state)
{
    (void)state;
    struct base_period parts[8];
    assert_int_equal(protect_split_period((struct base_period){FIRST, FIRST + 9}, parts, 8), 3);
    assert_int_equal(protect_period_of(parts[0]), PROTECT_HALF_YEAR);
    assert_int_equal(protect_period_of(parts[1]), PROTECT_QUARTER);
    assert_int_equal(protect_period_of(parts[2]), PROTECT_MONTH);
    assert_int_equal(parts[2].first, FIRST + 9);
    assert_int_equal(protect_split_period((struct base_period){FIRST + 11, FIRST + 24}, parts, 8),
                     3);
    assert_int_equal(protect_period_of(parts[1]), PROTECT_YEAR);
    assert_int_equal(protect_split_period((struct base_period){FIRST, FIRST + 11}, parts, 8), 1);
    assert_int_equal(protect_split_period((struct base_period){FIRST + 1, FIRST + 10}, parts, 2),
                     6);
}

/* ---- the model ---- */

struct office {
    struct tally_counts counts;
    struct protect_place place;
};

/* Cells that are different from each other in every direction. */
static int64_t count_of(unsigned seed, unsigned month, unsigned cell)
{
    return (int64_t)((month * 7 + cell * 5 + seed * 3) % 4) + (cell % 5 == 0 ? 3 : 0);
}

static void open_office(struct office *office, unsigned seed, codebook_set channels)
{
    struct base_error error;
    void *memory;
    assert_int_equal(secret_new(MONTHS * sizeof *office->counts.cells, &memory, &error), BASE_OK);
    office->counts = (struct tally_counts){.period = {FIRST - 12, FIRST - 12 + MONTHS - 1},
                                           .channels = channels,
                                           .parties = ALL_PARTIES,
                                           .cells = memory};
    for (unsigned month = 0; month < MONTHS; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            if ((channels >> codebook_contact_of(cell).value[CODEBOOK_CHANNEL] & 1U) != 0)
                office->counts.cells[month][cell] = count_of(seed, month, cell);
    office->place = (struct protect_place){&office->counts, channels, ALL_PARTIES};
}

static int64_t value_of(const struct protect_place *places, size_t count,
                        const struct cell_set *set, base_month closed)
{
    int64_t value = 0;
    for (unsigned place = 0; place < count; place++)
        for (unsigned month = 0; month < MONTHS; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                if (FIRST - 12 + month <= closed &&
                    cell_set_has(set, place, (base_month)(FIRST - 12 + month), cell))
                    value += places[place].counts->cells[month][cell];
    return value;
}

static struct suppression_problem *make(const struct protect_request *request, struct arena **arena)
{
    struct base_error error;
    struct suppression_problem *problem;
    assert_int_equal(arena_new(arena, &error), BASE_OK);
    assert_int_equal(problem_new(request, YEAR, *arena, &problem, &error), BASE_OK);
    return problem;
}

static bool have_same_cells(const struct suppression_problem *problem, size_t one, size_t other)
{
    const struct problem_figure *a = &problem->figure[one], *b = &problem->figure[other];
    return a->count == b->count && memcmp(problem->member + a->first, problem->member + b->first,
                                          a->count * sizeof *problem->member) == 0;
}

/* Every figure has the value of its set, its cells ascend, no two are the same, and the covers are the members. */
static void check_problem(const struct suppression_problem *problem,
                          const struct protect_place *places, base_month closed)
{
    size_t members = 0, covers = 0;
    for (size_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        assert_int_equal(
            figure->value,
            figure->ahead ? 0 : value_of(places, problem->place_count, &figure->set, closed));
        for (uint32_t j = 1; j < figure->count; j++)
            assert_true(problem->member[figure->first + j - 1] <
                        problem->member[figure->first + j]);
        for (size_t j = 0; j < i; j++)
            assert_false(have_same_cells(problem, i, j));
        members += figure->count;
    }
    for (size_t i = 0; i < problem->cells; i++)
        covers += problem->cell[i].covers;
    assert_int_equal(members, covers);
}

static void test_a_whole_year_of_two_places(void **state)
{
    (void)state;
    struct office north, south;
    struct arena *arena;
    open_office(&north, 1, 0x3);
    open_office(&south, 2, 0x2);
    const struct protect_place places[] = {north.place, south.place};
    const struct base_period year = {FIRST, FIRST + 11};
    const struct protect_request request = {.threshold = 5,
                                            .places = places,
                                            .place_count = 2,
                                            .periods = &year,
                                            .period_count = 1,
                                            .closed_through = FIRST + 14};
    const struct suppression_problem *problem = make(&request, &arena);
    assert_int_equal(problem->months, 12);
    assert_false(problem->month_ahead);
    check_problem(problem, places, FIRST + 11);
    /* In person, which only north offers: its figure, not one of all places. */
    struct cell_set set = {.places = place_set_first(2),
                           .months = year,
                           .channels = 0x1,
                           .parties = ALL_PARTIES,
                           .sessions = COUNTS_COURSES};
    const uint32_t both = problem_find(problem, &set);
    set.places = place_set_first(1);
    assert_int_equal(both, problem_find(problem, &set));
    assert_int_equal(place_set_count(&problem->figure[both].set.places), 1);
    assert_true(problem->figure[both].headline && problem->figure[both].wanted);
    /* The slack is the least balance of the later months that are closed. */
    const struct session_order *order = &problem->order[0];
    int64_t balance = 0, least = INT32_MAX;
    for (unsigned month = 0; month < 27; month++) {
        balance += value_of(places, 1,
                            &(struct cell_set){place_set_first(1),
                                               {(base_month)(FIRST - 12 + month),
                                                (base_month)(FIRST - 12 + month)},
                                               0xf,
                                               1,
                                               1},
                            FIRST + 14) -
                   value_of(places, 1,
                            &(struct cell_set){place_set_first(1),
                                               {(base_month)(FIRST - 12 + month),
                                                (base_month)(FIRST - 12 + month)},
                                               0xf,
                                               1,
                                               2},
                            FIRST + 14);
        if (month == 11)
            assert_int_equal(order->opening, balance);
        if (month >= 24 && balance < least)
            least = balance;
    }
    assert_int_equal(order->slack, least < 0 ? 0 : least);
    arena_free(arena);
    secret_free(north.counts.cells);
    secret_free(south.counts.cells);
}

static void test_a_month_ahead(void **state)
{
    (void)state;
    struct office office;
    struct arena *arena;
    open_office(&office, 1, 0x3);
    const struct base_period month = {FIRST + 3, FIRST + 3};
    const struct protect_request request = {.threshold = 5,
                                            .places = &office.place,
                                            .place_count = 1,
                                            .periods = &month,
                                            .period_count = 1,
                                            .closed_through = FIRST + 3};
    const struct suppression_problem *problem = make(&request, &arena);
    size_t headline = 0, wanted = 0, ahead = 0;
    assert_int_equal(problem->months, 5);
    assert_true(problem->month_ahead);
    check_problem(problem, &office.place, FIRST + 3);
    for (size_t i = 0; i < problem->cells; i++) {
        const bool begins = problem->cell[i].cell % CODEBOOK_SESSIONS == 0;
        assert_int_equal(problem->cell[i].least, problem->cell[i].month == 4 && begins ? -4 : 0);
        if (problem->cell[i].month == 4)
            assert_int_equal(problem->cell[i].truth, 0);
    }
    for (size_t i = 0; i < problem->figures; i++) {
        headline += problem->figure[i].headline;
        wanted += problem->figure[i].wanted;
        ahead += problem->figure[i].ahead;
    }
    assert_int_equal(headline, 4);
    assert_int_equal(wanted, 2);
    assert_int_equal(ahead, 4);
    assert_int_equal(problem->order[0].slack, INT32_MAX);
    arena_free(arena);
    secret_free(office.counts.cells);
}

static void test_what_is_public_is_known_or_tried_again(void **state)
{
    (void)state;
    struct office office;
    struct arena *arena;
    open_office(&office, 1, 0x3);
    const struct cell_set prior = {.places = place_set_first(1),
                                   .months = {FIRST + 1, FIRST + 3},
                                   .channels = 0xf,
                                   .parties = ALL_PARTIES,
                                   .sessions = COUNTS_ALL_SESSIONS};
    struct protect_request request = {.threshold = 5,
                                      .places = &office.place,
                                      .place_count = 1,
                                      .closed_through = FIRST + 11,
                                      .prior = &prior,
                                      .prior_count = 1};
    for (int correction = 0; correction < 2; correction++) {
        request.correction = correction == 1;
        const struct suppression_problem *problem = make(&request, &arena);
        const uint32_t figure = problem_find(problem, &prior);
        assert_int_not_equal(figure, PROBLEM_NO_CELL);
        for (uint32_t i = 0; i < problem->figures; i++) {
            assert_int_equal(problem->figure[i].known, i == figure && !request.correction);
            assert_int_equal(problem->figure[i].wanted, i == figure && request.correction);
        }
        arena_free(arena);
    }
    secret_free(office.counts.cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_how_many_figures),
        cmocka_unit_test(test_one_offered_channel_is_all),
        cmocka_unit_test(test_room_is_kept),
        cmocka_unit_test(test_periods_are_split),
        cmocka_unit_test(test_a_whole_year_of_two_places),
        cmocka_unit_test(test_a_month_ahead),
        cmocka_unit_test(test_what_is_public_is_known_or_tried_again),
    };
    struct base_error error;
    if (secret_harden(&error) != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
