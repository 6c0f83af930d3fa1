/* Somebody who runs the program on every tally: at most 3 in 100 pairs of a hidden small figure and another value have
 * none with the very same figures shown. TAVS_OFFICES: how many offices; TAVS_SEED: the first; TAVS_PAIRS: pairs of
 * each office, 0: all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "aware.h"
#include "house.h"
#include "invent.h"
#include "tavs/secret.h"

enum { YEAR = 2017, MONTHS_OF_YEAR = 12 };

static unsigned number(const char *name, unsigned usual)
{
    const char *text = getenv(name);
    return text == NULL ? usual : (unsigned)strtoul(text, NULL, 10);
}

struct publisher {
    uint64_t key;
    unsigned months; /* so many months are published as they end before the year is */
};

/* A lot that hides all that is not listed. */
static bool is_not_listed(void *context, const struct cell_set *set)
{
    const struct aware_shown *only = context;
    for (size_t i = 0; i < only->count; i++)
        if (cell_set_equals(&only->set[i], set))
            return false;
    return true;
}

static bool publish(void *context, struct tally_counts *counts, const struct aware_shown *only,
                    struct aware_shown *shown)
{
    const struct publisher *how = context;
    struct tally_counts *copy = invent_copy(counts);
    struct house *house = house_open(1, 5, &copy);
    house->lot_key = how->key;
    if (only != NULL) {
        house->lot = is_not_listed;
        house->lot_context = (void *)(uintptr_t)only;
    }
    bool done = true;
    for (unsigned month = 0; done && month < how->months; month++) {
        house->closed_through = (base_month)(YEAR * MONTHS_OF_YEAR + month);
        done = house_publish_one(house, house->closed_through, 1);
    }
    house->closed_through = copy->period.last;
    done = done && house_publish_one(house, YEAR * MONTHS_OF_YEAR, MONTHS_OF_YEAR);
    for (size_t i = 0; done && i < house->shown_count; i++)
        shown->set[shown->count++] = house->shown[i].set;
    house_close(house);
    return done;
}

static void attack(unsigned offices, unsigned months, const char *what)
{
    struct aware_found found = {0};
    const unsigned seed = number("TAVS_SEED", 1);
    const struct aware_effort effort = {number("TAVS_PAIRS", 6), number("TAVS_TRIES", 15), true};
    for (unsigned i = seed; i < seed + offices; i++) {
        struct chance chance = chance_new(i);
        const struct invent how = {.courses = 25 + chance_below(&chance, 16), .channels = 2};
        struct tally_counts *counts = invent_place(&how, YEAR, 1, &chance);
        struct publisher publisher = {i, months};
        aware_attack(counts, 5, publish, &publisher, &effort, &found);
        invent_free(counts);
    }
    print_message(
        "%s: %u offices, %zu pairs, %zu not found (%.1f %%), %zu more with another key of lots "
        "only; the program was run %zu times\n",
        what, offices, found.pairs, found.not_found,
        100.0 * (double)found.not_found / (double)(found.pairs + (found.pairs == 0)),
        found.not_same_key, found.programs_run);
    /* Of a few pairs one may be missed, of many 3 in 100. */
    assert_true(found.not_found * 100 <= found.pairs * 3 + (found.pairs < 100 ? 100 : 0));
}

static void test_year(void **state)
{
    (void)state;
    attack(number("TAVS_OFFICES", 1), 0, "the year");
}

/* July and the months before it, then the year. */
static void test_months_first(void **state)
{
    (void)state;
    attack(number("TAVS_OFFICES", 0), 7, "seven months, then the year");
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
        cmocka_unit_test(test_year),
        cmocka_unit_test(test_months_first),
    };
    cmocka_set_test_filter(getenv("TAVS_TEST"));
    return cmocka_run_group_tests_name("protect: who knows the program", tests, set_up, NULL);
}
