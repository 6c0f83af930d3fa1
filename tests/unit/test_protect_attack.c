/* The attack on published figures, against all tallies of tiny places; the two places whose joined months follow as
 * differences; faulty solvers; what was protected stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faulty.h"
#include "support.h"
#include "tavs/protect.h"
#include "tavs/secret.h"

enum { JANUARY = 2018 * 12, THRESHOLD = 3, PLACES = 2, CELLS = 10, MOST = 24, TOTAL = 5 };

static struct base_error error;

static uint32_t state = 5;
static unsigned below(unsigned limit)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % limit;
}

static struct cell_set set_of(unsigned places, base_month first, base_month last,
                              codebook_set sessions)
{
    struct cell_set set = {.months = {first, last},
                           .channels = CODEBOOK_ALL_CHANNELS,
                           .parties = CODEBOOK_ALL_PARTIES,
                           .sessions = sessions};
    set.places.word[0] = places;
    return set;
}

/* ---- tiny places: one month, one channel, one party, five sessions ---- */

struct tiny {
    struct protect_offered offered[PLACES];
    struct protect_published published[MOST];
    unsigned mask[MOST]; /* cells as bits: place * 5 + session */
    struct protect_attack attack;
    int truth[CELLS];
};

static unsigned mask_of(const struct cell_set *set)
{
    unsigned mask = 0;
    for (unsigned cell = 0; cell < CELLS; cell++)
        if ((set->places.word[0] >> (cell / 5) & 1U) != 0 &&
            (set->sessions >> (cell % 5) & 1U) != 0)
            mask |= 1U << cell;
    return mask;
}

static int sum_of(const int *tally, unsigned mask)
{
    int sum = 0;
    for (unsigned cell = 0; cell < CELLS; cell++)
        sum += (mask >> cell & 1U) != 0 ? tally[cell] : 0;
    return sum;
}

static void publish(struct tiny *tiny, unsigned places, codebook_set sessions, bool shown)
{
    struct protect_published *one = &tiny->published[tiny->attack.published_count];
    one->cells = set_of(places, JANUARY, JANUARY, sessions);
    tiny->mask[tiny->attack.published_count++] = mask_of(&one->cells);
    one->shown = shown;
    one->value = shown ? sum_of(tiny->truth, mask_of(&one->cells)) : 0;
}

static void make(struct tiny *tiny)
{
    *tiny = (struct tiny){.attack = {.threshold = THRESHOLD, .place_count = PLACES}};
    for (unsigned place = 0; place < PLACES; place++) {
        int left = (int)below(TOTAL + 1);
        const base_month first = below(2) == 0 ? JANUARY : 0;
        tiny->offered[place] = (struct protect_offered){1, 1, first};
        for (unsigned session = 0; session < 5; session++) {
            int *cell = &tiny->truth[place * 5 + session];
            *cell = (int)below((unsigned)left + 1);
            if (first != 0 && session > 0 && *cell > cell[-1])
                *cell = cell[-1];
            left -= *cell;
        }
        publish(tiny, 1U << place, COUNTS_ALL_SESSIONS, true); /* so that all is finite */
    }
    tiny->attack.offered = tiny->offered;
    tiny->attack.published = tiny->published;
    for (unsigned i = 0; i < 8; i++)
        publish(tiny, 1 + below(3), (codebook_set)(1 + below(31)), below(2) == 0);
}

/* ---- all tallies ---- */

struct span {
    unsigned values; /* below the threshold, as bits */
    int least, most;
};

struct brute {
    const struct tiny *tiny;
    int tally[CELLS];
    struct span span[1U << CELLS]; /* of each set of cells */
    size_t tallies;
};

static bool agrees(const struct brute *brute)
{
    const struct tiny *tiny = brute->tiny;
    for (size_t i = 0; i < tiny->attack.published_count; i++)
        if (tiny->published[i].shown &&
            sum_of(brute->tally, tiny->mask[i]) != (int)tiny->published[i].value)
            return false;
    for (unsigned cell = 0; cell < CELLS; cell++)
        if (tiny->offered[cell / 5].first != 0 && cell % 5 > 0 &&
            brute->tally[cell] > brute->tally[cell - 1])
            return false;
    return true;
}

static void see(struct brute *brute)
{
    if (!agrees(brute))
        return;
    brute->tallies++;
    for (unsigned mask = 1; mask < 1U << CELLS; mask++) {
        struct span *span = &brute->span[mask];
        const int value = sum_of(brute->tally, mask);
        if (value < THRESHOLD)
            span->values |= 1U << value;
        span->least = brute->tallies == 1 || value < span->least ? value : span->least;
        span->most = brute->tallies == 1 || value > span->most ? value : span->most;
    }
}

static void try_all(struct brute *brute, unsigned cell, int left)
{
    const unsigned of_place = cell % 5;
    if (cell == CELLS) {
        see(brute);
        return;
    }
    if (of_place == 0)
        left = (int)brute->tiny->published[cell / 5].value;
    for (int value = of_place == 4 ? left : 0; value <= left; value++) {
        brute->tally[cell] = value;
        try_all(brute, cell + 1, left - value);
    }
}

static bool is_narrowed(const struct brute *brute, unsigned mask)
{
    const struct span *span = &brute->span[mask];
    return span->most < THRESHOLD && span->values != (1U << THRESHOLD) - 1;
}

/* ---- what is said ---- */

static bool is_shown(const struct tiny *tiny, unsigned mask)
{
    for (size_t i = 0; i < tiny->attack.published_count; i++)
        if (tiny->mask[i] == mask && tiny->published[i].shown)
            return true;
    return false;
}

static void check_published(const struct brute *brute)
{
    const struct tiny *tiny = brute->tiny;
    for (size_t i = 0; i < tiny->attack.published_count; i++) {
        const struct protect_published *one = &tiny->published[i];
        const struct span *span = &brute->span[tiny->mask[i]];
        const bool small_shown = is_shown(tiny, tiny->mask[i]) && span->most < THRESHOLD;
        if (one->shown)
            continue;
        assert_int_equal(one->narrowed, is_narrowed(brute, tiny->mask[i]) || small_shown);
        assert_int_equal(one->doubtful, !is_shown(tiny, tiny->mask[i]) &&
                                            span->values != (1U << THRESHOLD) - 1 &&
                                            span->least < THRESHOLD && span->most >= THRESHOLD);
        if (one->narrowed || tiny->attack.to_the_ends) {
            assert_int_equal(one->least, span->least);
            assert_int_equal(one->most, span->most);
        }
    }
}

/* Told: by itself, or as a part of one that is told and no more than it. */
static bool is_told(const struct brute *brute, unsigned mask)
{
    const struct tiny *tiny = brute->tiny;
    const struct span *span = &brute->span[mask];
    for (size_t i = 0; i < tiny->attack.finding_count; i++) {
        const unsigned whole = mask_of(&tiny->attack.findings[i].cells);
        if (whole == mask || ((mask & ~whole) == 0 && span->least == 0 &&
                              span->most == (int)tiny->attack.findings[i].most))
            return true;
    }
    for (size_t i = 0; i < tiny->attack.published_count; i++) {
        const struct span *of_whole = &brute->span[tiny->mask[i]];
        const bool known =
            tiny->published[i].narrowed || (tiny->published[i].shown && of_whole->most < THRESHOLD);
        if (known && (tiny->mask[i] == mask || ((mask & ~tiny->mask[i]) == 0 && span->least == 0 &&
                                                span->most == of_whole->most)))
            return true;
    }
    return false;
}

static void check_findings(const struct brute *brute)
{
    static const codebook_set layout[] = {COUNTS_COURSES, COUNTS_ALL_SESSIONS};
    const struct tiny *tiny = brute->tiny;
    for (size_t i = 0; i < tiny->attack.finding_count; i++) {
        const struct protect_finding *finding = &tiny->attack.findings[i];
        const struct span *span = &brute->span[mask_of(&finding->cells)];
        assert_int_equal(finding->least, span->least);
        assert_int_equal(finding->most, span->most);
    }
    for (unsigned places = 1; places < 4; places++)
        for (size_t i = 0; i < 2; i++) {
            const struct cell_set set = set_of(places, JANUARY, JANUARY, layout[i]);
            if (is_narrowed(brute, mask_of(&set)))
                assert_true(is_told(brute, mask_of(&set)));
        }
    for (unsigned cell = 0; cell < CELLS; cell++) {
        const struct span *span = &brute->span[1U << cell];
        if (span->least == span->most && span->most < THRESHOLD)
            assert_true(is_told(brute, 1U << cell));
    }
}

static void test_against_all_tallies(void **unused)
{
    static struct brute brute;
    static struct tiny tiny;
    size_t findings = 0, narrowed = 0;
    (void)unused;
    for (unsigned i = 0; i < 30; i++) {
        make(&tiny);
        memset(&brute, 0, sizeof brute);
        brute.tiny = &tiny;
        tiny.attack.to_the_ends = i % 3 == 0;
        assert_int_equal(protect_attack(&tiny.attack, &error), BASE_OK);
        assert_false(tiny.attack.contradictory);
        try_all(&brute, 0, 0);
        check_published(&brute);
        check_findings(&brute);
        findings += tiny.attack.finding_count;
        narrowed += tiny.attack.narrowed;
        protect_attack_free(&tiny.attack);
    }
    assert_true(findings > 15 && narrowed > 15);
}

/* What is narrowed is never called kept, whatever the solver says. */
static void test_faulty_solvers(void **unused)
{
    static struct brute brute;
    static struct tiny tiny;
    unsigned passed = 0;
    (void)unused;
    for (unsigned i = 0; i < 2 * FAULTY_WAYS; i++) {
        const enum faulty_way way = (enum faulty_way)(i % FAULTY_WAYS);
        if (way == FAULTY_SLOW)
            continue;
        make(&tiny);
        memset(&brute, 0, sizeof brute);
        brute.tiny = &tiny;
        tiny.attack.solver = faulty_solver(way, below(20));
        const enum base_code code = protect_attack(&tiny.attack, &error);
        assert_true(code == BASE_OK || code == BASE_NOT_PROVEN);
        if (code == BASE_OK && !tiny.attack.contradictory) {
            try_all(&brute, 0, 0);
            passed++;
            for (size_t j = 0; j < tiny.attack.published_count; j++)
                if (!tiny.published[j].shown && is_narrowed(&brute, tiny.mask[j]))
                    assert_true(tiny.published[j].narrowed || tiny.published[j].doubtful);
        }
        protect_attack_free(&tiny.attack);
    }
    assert_true(passed > 0);
}

static void test_contradictions(void **unused)
{
    static struct tiny tiny;
    (void)unused;
    make(&tiny);
    publish(&tiny, 1, COUNTS_ALL_SESSIONS, true);
    tiny.published[tiny.attack.published_count - 1].value++;
    assert_int_equal(protect_attack(&tiny.attack, &error), BASE_OK);
    assert_true(tiny.attack.contradictory);
    protect_attack_free(&tiny.attack);
    make(&tiny);
    publish(&tiny, 3, COUNTS_ALL_SESSIONS, true);
    tiny.published[tiny.attack.published_count - 1].value--;
    assert_int_equal(protect_attack(&tiny.attack, &error), BASE_OK);
    assert_true(tiny.attack.contradictory);
    protect_attack_free(&tiny.attack);
}

/* ---- two places ---- */

static const struct protect_finding *find(const struct protect_attack *attack,
                                          const struct cell_set *set)
{
    for (size_t i = 0; i < attack->finding_count; i++)
        if (cell_set_equals(&attack->findings[i].cells, set))
            return &attack->findings[i];
    return NULL;
}

/* All places less one place: months that the other never printed. */
static void test_joined_months_follow(void **unused)
{
    static const int64_t all[] = {12, 11, 10, 9};
    struct protect_published published[9] = {{.shown = true}};
    const struct protect_offered offered[] = {{3, 7, 0}, {3, 7, 0}};
    struct protect_attack attack = {.threshold = 5,
                                    .offered = offered,
                                    .place_count = 2,
                                    .published = published,
                                    .published_count = 9};
    (void)unused;
    for (unsigned month = 0; month < 4; month++) {
        const base_month at = (base_month)(JANUARY + month);
        published[2 * month].cells = set_of(3, at, at, COUNTS_COURSES);
        published[2 * month].value = all[month];
        published[2 * month + 1].cells = set_of(1, at, at, COUNTS_COURSES);
        published[2 * month + 1].value = 9;
        published[2 * month].shown = published[2 * month + 1].shown = true;
    }
    published[8] = (struct protect_published){
        .cells = set_of(2, JANUARY, JANUARY + 3, COUNTS_COURSES), .shown = true, .value = 6};
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    for (unsigned month = 0; month < 4; month++) {
        const base_month at = (base_month)(JANUARY + month);
        const struct cell_set south = set_of(2, at, at, COUNTS_COURSES);
        const struct protect_finding *finding = find(&attack, &south);
        assert_non_null(finding);
        assert_int_equal(finding->least, all[month] - 9);
        assert_int_equal(finding->most, all[month] - 9);
    }
    protect_attack_free(&attack);
}

/* ---- what was protected ---- */

enum { YEAR_MONTHS = 12, PERIODS = 17 };

static void count_courses(struct tally_counts *counts, unsigned courses)
{
    for (unsigned i = 0; i < courses; i++) {
        struct codebook_contact contact = {{(uint8_t)(below(4) == 0), (uint8_t)below(3), 0}};
        unsigned month = below(YEAR_MONTHS);
        for (unsigned session = 0; session < 5 && month < YEAR_MONTHS; session++) {
            contact.value[CODEBOOK_SESSION] = (uint8_t)session;
            counts->cells[month][codebook_cell(contact)]++;
            if (below(2) == 0)
                break;
            month += below(2);
        }
    }
}

static struct protect_result *protect(const struct protect_place *places, size_t place_count)
{
    struct base_period periods[PERIODS];
    struct protect_result *result;
    size_t count = 0;
    static const unsigned lengths[] = {1, 3, 12};
    for (size_t i = 0; i < 3; i++)
        for (unsigned first = 0; first < YEAR_MONTHS; first += lengths[i])
            periods[count++] = (struct base_period){(base_month)(JANUARY + first),
                                                    (base_month)(JANUARY + first + lengths[i] - 1)};
    const struct protect_request request = {.threshold = PROTECT_THRESHOLD,
                                            .places = places,
                                            .place_count = place_count,
                                            .periods = periods,
                                            .period_count = count,
                                            .closed_through = JANUARY + 11};
    assert_int_equal(protect_release(&request, &result, &error), BASE_OK);
    return result;
}

/* A year of one place and of two with their sums, months, quarters and the year: nothing follows. */
static void test_protected_stands(void **unused)
{
    (void)unused;
    for (size_t places = 1; places <= (support_is_slow() ? 1 : 2); places++) {
        int64_t cells[2][YEAR_MONTHS][CODEBOOK_CELLS] = {{{0}}};
        struct tally_counts counts[2];
        struct protect_place place[2];
        struct protect_offered offered[2];
        for (size_t i = 0; i < places; i++) {
            counts[i] = (struct tally_counts){
                .period = {JANUARY, JANUARY + 11}, .channels = 3, .parties = 7, .cells = cells[i]};
            count_courses(&counts[i], 50);
            place[i] = (struct protect_place){&counts[i], 3, 7};
            offered[i] = (struct protect_offered){3, 7, JANUARY};
        }
        struct protect_result *result = protect(place, places);
        struct protect_published *published = calloc(result->figure_count, sizeof *published);
        assert_non_null(published);
        for (size_t i = 0; i < result->figure_count; i++) {
            const struct protect_figure *figure = &result->figures[i];
            published[i] = (struct protect_published){.cells = figure->cells,
                                                      .shown = figure->status == PROTECT_SHOWN,
                                                      .value = figure->value};
        }
        struct protect_attack attack = {.threshold = PROTECT_THRESHOLD,
                                        .offered = offered,
                                        .place_count = places,
                                        .published = published,
                                        .published_count = result->figure_count};
        assert_int_equal(protect_attack(&attack, &error), BASE_OK);
        assert_false(attack.contradictory);
        assert_int_equal(attack.narrowed, 0);
        assert_int_equal(attack.finding_count, 0);
        protect_attack_free(&attack);
        free(published);
        protect_result_free(result);
    }
}

static int set_up(void **unused)
{
    (void)unused;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_all_tallies), cmocka_unit_test(test_faulty_solvers),
        cmocka_unit_test(test_contradictions),      cmocka_unit_test(test_joined_months_follow),
        cmocka_unit_test(test_protected_stands),
    };
    return cmocka_run_group_tests_name("protect: attack", tests, set_up, NULL);
}
