/* What a release takes does not grow with what was released before: the tenth year takes as many searches and programs
 * as the first, about. TAVS_YEARS; TAVS_DIFFERENT=1: other years, which can't be compared; the times are printed, and prove
 * nothing. */
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
#include "tavs/secret.h"

enum { YEAR = 2017, MONTHS_OF_YEAR = 12, MOST_YEARS = 20 };

static unsigned number(const char *name, unsigned usual)
{
    const char *text = getenv(name);
    return text == NULL ? usual : (unsigned)strtoul(text, NULL, 10);
}

/* The same year again and again, so that years can be compared. */
static struct tally_counts *same_years(unsigned years)
{
    struct chance chance = chance_new(7);
    const struct invent how = {.courses = 70, .channels = 2};
    if (number("TAVS_DIFFERENT", 0) != 0)
        return invent_place(&how, YEAR, years, &chance);
    struct tally_counts *one = invent_place(&how, YEAR, 1, &chance);
    struct tally_counts *all = invent_nothing(2, YEAR, years);
    for (unsigned year = 0; year < years; year++)
        memcpy(all->cells + (size_t)year * MONTHS_OF_YEAR, one->cells,
               MONTHS_OF_YEAR * sizeof *one->cells);
    invent_free(one);
    return all;
}

struct spent {
    size_t searches, programs;
    double seconds;
};

static void publish(struct house *house, base_month first, unsigned months, struct spent *spent)
{
    assert_true(house_publish_one(house, first, months));
    spent->searches += house->searches;
    spent->programs += house->programs;
    spent->seconds += house->seconds;
}

static struct spent publish_year(struct house *house, base_month january)
{
    struct spent spent = {0, 0, 0};
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
        house->closed_through = (base_month)(january + month);
        publish(house, house->closed_through, 1, &spent);
        if (month % 3 == 2)
            publish(house, (base_month)(january + month - 2), 3, &spent);
    }
    publish(house, january, MONTHS_OF_YEAR, &spent);
    return spent;
}

static void test_ten_years(void **state)
{
    (void)state;
    const unsigned years = number("TAVS_YEARS", 3);
    assert_true(years >= 2 && years <= MOST_YEARS);
    struct tally_counts *counts = same_years(years);
    struct house *house = house_open(1, 5, &counts);
    struct spent spent[MOST_YEARS];
    for (unsigned i = 0; i < years; i++) {
        spent[i] = publish_year(house, (base_month)((YEAR + i) * MONTHS_OF_YEAR));
        print_message("year %u: %zu searches, %zu programs, %.2f s of the processor\n", i + 1,
                      spent[i].searches, spent[i].programs, spent[i].seconds);
    }
    house_close(house);
    if (number("TAVS_DIFFERENT", 0) != 0)
        return;
    const struct spent *first = &spent[0], *last = &spent[years - 1];
    assert_true(last->searches <= first->searches * 3 / 2);
    assert_true(last->programs <= first->programs * 3 / 2 + 10);
}

static int set_up(void **state)
{
    struct base_error error;
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ten_years)};
    return cmocka_run_group_tests_name("protect: growth", tests, set_up, NULL);
}
