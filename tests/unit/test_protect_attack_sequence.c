/* Releases one after the other, attacked as a whole after each: nothing small is narrowed, no cell is exact. TAVS_OFFICES
 * and TAVS_YEARS: how many random offices, of how many years; TAVS_SEED: the first; TAVS_EACH: after how many releases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"
#include "invent.h"
#include "support.h"
#include "tavs/secret.h"

enum { YEAR = 2017, MONTHS_OF_YEAR = 12, MOST_PERIODS = 12 + 4 + 2 + 1 };

static unsigned number(const char *name, unsigned usual)
{
    const char *text = getenv(name);
    return text == NULL ? usual : (unsigned)strtoul(text, NULL, 10);
}

struct totals {
    size_t offices, releases, refused, attacks, asked, small, let_off, shown, programs;
    double attacking;
};
static struct totals totals;

static void conclude(void)
{
    print_message(
        "%zu offices, %zu releases, %zu refused, %zu attacks: %zu figures shown, %zu small; %zu "
        "requirements, %zu let off, %zu programs, %.1f s of attacks\n",
        totals.offices, totals.releases, totals.refused, totals.attacks, totals.shown, totals.small,
        totals.asked, totals.let_off, totals.programs, totals.attacking);
    totals = (struct totals){0};
}

static void attack(struct house *house, unsigned from, unsigned to)
{
    struct outside_found found;
    const double begun = house_clock();
    house_attack(house, from, to, true, &found);
    totals.attacking += house_clock() - begun;
    totals.attacks++;
    totals.asked += found.asked;
    totals.small += found.small;
    totals.let_off += found.let_off;
    totals.shown += found.shown;
    totals.programs += found.programs;
    if (!outside_found_nothing(&found))
        outside_print("found", &found);
    assert_true(outside_found_nothing(&found));
}

static void leave(struct house *house)
{
    totals.offices++;
    totals.releases += house->releases;
    totals.refused += house->refused;
    assert_int_equal(house->refused, 0);
    house_close(house);
}

static struct house *enter(unsigned seed, unsigned places, unsigned channels, unsigned years)
{
    struct tally_counts *counts[HOUSE_PLACES];
    struct chance chance = chance_new(seed);
    for (unsigned i = 0; i < places; i++) {
        const struct invent how = {
            .courses = 15 + chance_below(&chance, 80), .channels = channels, .again = 30 + 10 * i};
        counts[i] = invent_place(&how, YEAR, years, &chance);
    }
    struct house *house = house_open(places, 3 + chance_below(&chance, 4), counts);
    house->lot_key = seed;
    return house;
}

/* ---- orders ---------------------------------------------------------------------------------- */

struct wanted {
    struct base_period period[MOST_PERIODS];
    size_t count;
};

static void want(struct wanted *wanted, base_month first, unsigned months)
{
    wanted->period[wanted->count++] = (struct base_period){first, (base_month)(first + months - 1)};
}

/* Months, quarters, half-years and the year as they end. */
static struct wanted in_order(base_month january)
{
    struct wanted wanted = {.count = 0};
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
        static const unsigned lengths[] = {1, 3, 6, 12};
        for (unsigned i = 0; i < 4; i++)
            if ((month + 1) % lengths[i] == 0)
                want(&wanted, (base_month)(january + month + 1 - lengths[i]), lengths[i]);
    }
    return wanted;
}

static void shuffle(struct wanted *wanted, struct chance *chance)
{
    for (size_t i = wanted->count; i > 1; i--) {
        const size_t j = chance_below(chance, (unsigned)i);
        const struct base_period kept = wanted->period[i - 1];
        wanted->period[i - 1] = wanted->period[j];
        wanted->period[j] = kept;
    }
}

/* Each year month by month: what has ended is published with chance `often` of 4. The whole is attacked after each
 * `each`th release and at each year's end. */
static void publish_as_they_end(struct house *house, unsigned years, unsigned often, unsigned each,
                                struct chance *chance)
{
    for (unsigned year = YEAR; year < YEAR + years; year++) {
        const struct wanted wanted = in_order((base_month)(year * MONTHS_OF_YEAR));
        for (size_t i = 0; i < wanted.count; i++) {
            const struct base_period period = wanted.period[i];
            house->closed_through = period.last;
            if (i + 1 < wanted.count && chance_below(chance, 4) >= often)
                continue;
            assert_true(house_publish(house, &period, 1, (1U << house->places) - 1));
            if (house->releases % each == 0)
                attack(house, year, year);
        }
        house->before = 0;
        attack(house, YEAR, year);
    }
}

static void test_as_they_end(void **state)
{
    (void)state;
    const unsigned offices = number("TAVS_OFFICES", support_is_slow() ? 1 : 4),
                   years = number("TAVS_YEARS", 1);
    const unsigned seed = number("TAVS_SEED", 1);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct chance chance = chance_new(i);
        struct house *house = enter(i, 1, i % 2 == 0 ? 2 : 4, years);
        publish_as_they_end(house, years, 4 - i % 3, number("TAVS_EACH", 7), &chance);
        leave(house);
    }
    conclude();
}

/* All months are closed; periods of the year in any order, some of them together. */
static void test_in_any_order(void **state)
{
    (void)state;
    const unsigned offices = number("TAVS_OFFICES", support_is_slow() ? 1 : 3),
                   seed = number("TAVS_SEED", 1);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct chance chance = chance_new(i);
        struct house *house = enter(1000 + i, 1, 2 + i % 3, 1);
        struct wanted wanted = in_order(YEAR * MONTHS_OF_YEAR);
        shuffle(&wanted, &chance);
        for (size_t at = 0, count; at < wanted.count; at += count) {
            count = 1 + chance_below(&chance, 3);
            count = count < wanted.count - at ? count : wanted.count - at;
            assert_true(house_publish(house, &wanted.period[at], count, 1));
            if (house->releases % number("TAVS_EACH", 4) == 0)
                attack(house, YEAR, YEAR);
        }
        house->before = 0;
        attack(house, YEAR, YEAR);
        leave(house);
    }
    conclude();
}

/* Some periods of a place alone, then of all places together. */
static void publish_places(struct house *house, struct chance *chance)
{
    struct wanted wanted = in_order(YEAR * MONTHS_OF_YEAR);
    shuffle(&wanted, chance);
    for (unsigned place = 0; place < house->places; place++)
        for (unsigned i = chance_below(chance, 4); i > 0; i--)
            assert_true(house_publish(house,
                                      &wanted.period[chance_below(chance, (unsigned)wanted.count)],
                                      1, 1U << place));
    for (unsigned i = 2 + chance_below(chance, 3); i > 0; i--)
        assert_true(house_publish(house, &wanted.period[i], 1, (1U << house->places) - 1));
    assert_true(house_publish_one(house, YEAR * MONTHS_OF_YEAR, MONTHS_OF_YEAR));
}

static void test_places(void **state)
{
    (void)state;
    const unsigned offices = number("TAVS_OFFICES", 1), seed = number("TAVS_SEED", 1);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct chance chance = chance_new(i);
        struct house *house = enter(2000 + i, 2 + i % 4 / 3, 2, 1);
        publish_places(house, &chance);
        house->before = 0;
        attack(house, YEAR, YEAR);
        leave(house);
    }
    conclude();
}

static int set_up(void **state)
{
    struct base_error error;
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_they_end),
        cmocka_unit_test(test_in_any_order),
        cmocka_unit_test(test_places),
    };
    cmocka_set_test_filter(getenv("TAVS_TEST"));
    return cmocka_run_group_tests_name("protect: attack on sequences", tests, set_up, NULL);
}
