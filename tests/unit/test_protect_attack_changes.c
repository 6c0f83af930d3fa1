/* What changes between releases: counts that are corrected, a threshold that is raised, a channel that is offered
 * later. TAVS_OFFICES: how many random offices; TAVS_SEED: the first. */
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

enum { YEAR = 2017, MONTHS_OF_YEAR = 12, JANUARY = YEAR * MONTHS_OF_YEAR };

static unsigned number(const char *name, unsigned usual)
{
    const char *text = getenv(name);
    return text == NULL ? usual : (unsigned)strtoul(text, NULL, 10);
}

struct totals {
    size_t offices, releases, shown, again, small, attacks, asked, let_off;
};

static void must_find_nothing(const struct outside_found *found, struct totals *totals)
{
    totals->attacks++;
    totals->asked += found->asked;
    totals->let_off += found->let_off;
    if (!outside_found_nothing(found))
        outside_print("found", found);
    assert_true(outside_found_nothing(found));
}

static void conclude(const struct totals *totals)
{
    print_message(
        "%zu offices, %zu releases; %zu figures shown before, %zu of them after; %zu attacks, %zu "
        "requirements, %zu let off\n",
        totals->offices, totals->releases, totals->shown, totals->again, totals->attacks,
        totals->asked, totals->let_off);
}

static struct house *enter(unsigned seed, unsigned channels, unsigned years)
{
    struct chance chance = chance_new(seed);
    const struct invent how = {.courses = 30 + chance_below(&chance, 60), .channels = channels};
    struct tally_counts *counts = invent_place(&how, YEAR, years, &chance);
    struct house *house = house_open(1, 5, &counts);
    house->lot_key = seed;
    return house;
}

static void leave(struct house *house, struct totals *totals)
{
    totals->offices++;
    totals->releases += house->releases;
    assert_int_equal(house->refused, 0);
    house_close(house);
}

static void publish_some(struct house *house, base_month january, struct chance *chance)
{
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++)
        if (chance_below(chance, 3) != 0)
            assert_true(house_publish_one(house, (base_month)(january + month), 1));
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month += 3)
        if (chance_below(chance, 2) == 0)
            assert_true(house_publish_one(house, (base_month)(january + month), 3));
    assert_true(house_publish_one(house, january, MONTHS_OF_YEAR));
}

/* ---- corrections ----------------------------------------------------------------------------- */

/* Some contacts more, some less, in all some months that were opened again. */
static void correct_counts(struct tally_counts *counts, struct chance *chance)
{
    for (unsigned i = 1 + chance_below(chance, 12); i > 0; i--) {
        const unsigned month = chance_below(chance, MONTHS_OF_YEAR);
        int64_t *cell = invent_cell(counts, month, chance_below(chance, 2), chance_below(chance, 3),
                                    chance_below(chance, 4) == 0);
        if (chance_below(chance, 3) > 0)
            *cell += 1 + (int64_t)chance_below(chance, 2);
        else if (*cell > 0 && cell[1] < *cell)
            --*cell;
    }
}

struct editions {
    struct house_shown shown[HOUSE_MOST];
    size_t count;
    struct tally_counts *then;
};

/* Somebody who has both editions and knows each contact that was added or taken away; `now`: asks for the corrected
 * counts, else for those before. */
static void attack_both(const struct house *house, const struct editions *before, bool now,
                        struct totals *totals)
{
    struct tally_counts *change = invent_copy(house->counts[0]);
    const size_t months = base_period_months(change->period);
    const struct tally_counts *truth = now ? house->counts[0] : before->then;
    const struct tally_counts *other = now ? before->then : house->counts[0];
    for (size_t month = 0; month < months; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            change->cells[month][cell] = truth->cells[month][cell] - other->cells[month][cell];
    const struct outside_place place = {(const int64_t(*)[CODEBOOK_CELLS])truth->cells,
                                        (const int64_t(*)[CODEBOOK_CELLS])change->cells,
                                        truth->channels, truth->parties};
    struct outside_shown *shown = calloc(HOUSE_MOST, sizeof *shown);
    assert_non_null(shown);
    size_t count = 0;
    for (size_t i = 0; i < before->count; i++)
        shown[count++] =
            (struct outside_shown){before->shown[i].set, before->shown[i].value, now, true};
    for (size_t i = 0; i < house->shown_count; i++)
        shown[count++] =
            (struct outside_shown){house->shown[i].set, house->shown[i].value, !now, false};
    const struct outside_case asked = {
        .threshold = house->threshold,
        .place = &place,
        .places = 1,
        .first = JANUARY,
        .months = (unsigned)months,
        .first_year = YEAR,
        .last_year = YEAR,
        .shown = shown,
        .shown_count = count,
        .say = true,
    };
    struct outside_found found;
    outside_attack(&asked, &found);
    must_find_nothing(&found, totals);
    free(shown);
    invent_free(change);
}

static void correct_and_attack(struct house *house, struct chance *chance, struct totals *totals)
{
    struct editions *before = calloc(1, sizeof *before);
    struct outside_found found;
    assert_non_null(before);
    memcpy(before->shown, house->shown, sizeof before->shown);
    before->count = house->shown_count;
    before->then = invent_copy(house->counts[0]);
    correct_counts(house->counts[0], chance);
    assert_true(house_correct(house));
    totals->shown += before->count;
    totals->again += house->shown_count;
    house->before = 0;
    house_attack(house, YEAR, YEAR, true, &found);
    must_find_nothing(&found, totals);
    attack_both(house, before, true, totals);
    attack_both(house, before, false, totals);
    invent_free(before->then);
    free(before);
}

static void test_corrections(void **state)
{
    (void)state;
    struct totals totals = {0};
    const unsigned seed = number("TAVS_SEED", 1), offices = number("TAVS_OFFICES", 1);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct chance chance = chance_new(i);
        struct house *house = enter(3000 + i, 2 + i % 3, 1);
        publish_some(house, JANUARY, &chance);
        correct_and_attack(house, &chance, &totals);
        if (i % 2 == 0)
            correct_and_attack(house, &chance, &totals);
        leave(house, &totals);
    }
    conclude(&totals);
}

/* ---- a threshold that is raised, and a channel that is offered later ---------------------------- */

static void test_raised_threshold(void **state)
{
    (void)state;
    struct totals totals = {0};
    const unsigned seed = number("TAVS_SEED", 1), offices = number("TAVS_OFFICES", 1);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct house *house = enter(4000 + i, 2, 1);
        struct outside_found found;
        house->threshold = 3;
        for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
            house->threshold += month % 4 == 3;
            assert_true(house_publish_one(house, (base_month)(JANUARY + month), 1));
        }
        house->threshold += 2;
        assert_true(house_publish_one(house, JANUARY, MONTHS_OF_YEAR));
        house_attack(house, YEAR, YEAR, true, &found);
        must_find_nothing(&found, &totals);
        leave(house, &totals);
    }
    conclude(&totals);
}

static void test_later_offer(void **state)
{
    (void)state;
    struct totals totals = {0};
    const unsigned seed = number("TAVS_SEED", 1), offices = number("TAVS_OFFICES", 1);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct chance chance = chance_new(i);
        struct house *house = enter(5000 + i, 1 + i % 2, 1);
        struct outside_found found;
        for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
            house->closed_through = (base_month)(JANUARY + month);
            if (month == 6)
                house->counts[0]->channels |= 1 << 2;
            for (unsigned j = 0; month >= 6 && j < 3; j++)
                ++*invent_cell(house->counts[0], month, 2, chance_below(&chance, 3), 0);
            assert_true(house_publish_one(house, house->closed_through, 1));
            if (month % 3 == 2)
                assert_true(house_publish_one(house, (base_month)(JANUARY + month - 2), 3));
        }
        assert_true(house_publish_one(house, JANUARY, MONTHS_OF_YEAR));
        house->before = 0;
        house_attack(house, YEAR, YEAR, true, &found);
        must_find_nothing(&found, &totals);
        leave(house, &totals);
    }
    conclude(&totals);
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
        cmocka_unit_test(test_corrections),
        cmocka_unit_test(test_raised_threshold),
        cmocka_unit_test(test_later_offer),
    };
    cmocka_set_test_filter(getenv("TAVS_TEST"));
    return cmocka_run_group_tests_name("protect: attack on changes", tests, set_up, NULL);
}
