/* Tiny places, threshold 3: every tally there is, one by one, without any solver. Each requirement that some tally meets
 * when nothing is shown must be met by one that agrees with all that is shown. TAVS_OFFICES, TAVS_SEED. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "house.h"
#include "invent.h"
#include "outside_world.h"
#include "tavs/secret.h"

enum { YEAR = 2017, JANUARY = YEAR * 12, THRESHOLD = 3, CHANNELS = 2, MONTHS = 2, MORE = 2 };

static unsigned number(const char *name, unsigned usual)
{
    const char *text = getenv(name);
    return text == NULL ? usual : (unsigned)strtoul(text, NULL, 10);
}

/* Two channels, one party, the first two months of a year. */
static struct house *enter(unsigned seed)
{
    struct chance chance = chance_new(seed);
    struct tally_counts *counts = invent_nothing(1, YEAR, CHANNELS);
    counts->parties = 1;
    for (unsigned month = 0; month < MONTHS; month++)
        for (unsigned channel = 0; channel < CHANNELS; channel++) {
            *invent_cell(counts, month, channel, 0, 0) = 2 + chance_below(&chance, 5);
            *invent_cell(counts, month, channel, 0, 1) = chance_below(&chance, 3);
        }
    struct house *house = house_open(1, THRESHOLD, &counts);
    house->closed_through = JANUARY + MONTHS - 1;
    return house;
}

static int64_t sum_so_far(const struct outside_world *world, const struct world_sum *sum,
                          size_t cells, bool *whole)
{
    int64_t value = 0;
    *whole = (size_t)world->member[sum->first + sum->count - 1] < cells;
    for (size_t i = sum->first; i < sum->first + sum->count; i++)
        if ((size_t)world->member[i] < cells)
            value += world->tally[world->member[i]];
    return value;
}

/* The rule of conversations, once the last channel of a month is fixed: a place has one party. */
static bool keeps_rule(const struct outside_world *world, size_t cell)
{
    int64_t left = 0;
    if (cell / CODEBOOK_SESSIONS % CHANNELS != CHANNELS - 1)
        return true;
    for (size_t i = cell % CODEBOOK_SESSIONS; i <= cell; i += CODEBOOK_SESSIONS)
        left += i % CODEBOOK_SESSIONS == 0 ? 0 : world->tally[i - 1] - world->tally[i];
    return left >= 0;
}

/* Whether the first cells, that are fixed by now, leave room for all that is shown. */
static bool may_agree(const struct outside_world *world, size_t cells)
{
    if (!keeps_rule(world, cells - 1))
        return false;
    for (size_t i = 0; i < world->shown; i++) {
        bool whole;
        const int64_t value = sum_so_far(world, &world->shown_sum[i], cells, &whole);
        if (value > world->shown_sum[i].truth || (whole && value != world->shown_sum[i].truth))
            return false;
    }
    return true;
}

static size_t enumerate(struct outside_world *world, size_t cell, unsigned left)
{
    size_t tallies = 0;
    if (cell == world->cells) {
        tallies = world_confirm(world);
        world_note(world, true);
        return tallies;
    }
    for (unsigned count = 0; count <= left; count++) {
        if (world->tally[cell] != (int)count)
            world_add(world, (int)cell, (int)count - world->tally[cell]);
        if (may_agree(world, cell + 1))
            tallies += enumerate(world, cell + 1, left - count);
    }
    return tallies;
}

static struct outside_world *open_world(const struct house *house, struct outside_place *place,
                                        struct outside_shown *shown, struct outside_case *asked)
{
    *place = (struct outside_place){(const int64_t(*)[CODEBOOK_CELLS])house->counts[0]->cells, NULL,
                                    house->counts[0]->channels, house->counts[0]->parties};
    for (size_t i = 0; i < asked->shown_count; i++)
        shown[i] =
            (struct outside_shown){.set = house->shown[i].set, .value = house->shown[i].value};
    asked->threshold = THRESHOLD;
    asked->place = place;
    asked->places = 1;
    asked->first = JANUARY;
    asked->months = MONTHS;
    asked->first_year = asked->last_year = YEAR;
    asked->shown = shown;
    return outside_open(asked);
}

/* What `free` reaches the other must, too. Returns how much that is. */
static size_t compare(const struct outside_world *world, const struct outside_world *free)
{
    size_t met = 0;
    for (size_t i = 0; i < world->figures; i++) {
        if (!world_is_small(world, &world->figure[i]))
            continue;
        for (size_t j = 0; j < THRESHOLD; j++) {
            assert_true(world->reached[i * THRESHOLD + j] || !free->reached[i * THRESHOLD + j]);
            met += world->reached[i * THRESHOLD + j];
        }
        for (size_t j = 0; j < world->figures; j++) {
            const int maker = world->singleton[j];
            if (maker == OUTSIDE_NONE || i == j)
                continue;
            for (size_t v = 0; v < THRESHOLD; v++) {
                const size_t own = ((size_t)maker * world->figures + i) * THRESHOLD + v;
                const size_t other =
                    ((size_t)free->singleton[j] * free->figures + i) * THRESHOLD + v;
                assert_true(world->made[own] || !free->made[other]);
                met += world->made[own];
            }
        }
    }
    for (size_t i = 0; i < world->cells; i++) {
        assert_true(world->changed[i] || !free->changed[i]);
        met += world->changed[i];
    }
    return met;
}

static unsigned contacts(const struct house *house)
{
    int64_t sum = 0;
    for (unsigned month = 0; month < MONTHS; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            sum += house->counts[0]->cells[month][cell];
    return (unsigned)sum;
}

struct totals {
    size_t shown, tallies, met;
};

static void attack(const struct house *house, struct totals *totals)
{
    struct outside_place place[2];
    struct outside_shown *shown = calloc(2 * HOUSE_MOST, sizeof *shown);
    struct outside_case asked = {.shown_count = house->shown_count}, nothing = {.shown_count = 0};
    assert_non_null(shown);
    struct outside_world *world = open_world(house, &place[0], shown, &asked);
    struct outside_world *free_world = open_world(house, &place[1], shown + HOUSE_MOST, &nothing);
    totals->tallies += enumerate(world, 0, contacts(house) + MORE);
    (void)enumerate(free_world, 0, contacts(house) + MORE > 7 ? 7 : contacts(house) + MORE);
    totals->met += compare(world, free_world);
    totals->shown += house->shown_count;
    outside_close(world);
    outside_close(free_world);
    free(shown);
}

static void test_all_tallies(void **state)
{
    (void)state;
    struct totals totals = {0, 0, 0};
    const unsigned seed = number("TAVS_SEED", 1), offices = number("TAVS_OFFICES", 6);
    for (unsigned i = seed; i < seed + offices; i++) {
        struct house *house = enter(i);
        for (unsigned month = 0; month < MONTHS; month++)
            assert_true(house_publish_one(house, (base_month)(JANUARY + month), 1));

        attack(house, &totals);
        house_close(house);
    }
    print_message(
        "%u places: %zu figures shown, %zu tallies agree with them, %zu requirements met\n",
        offices, totals.shown, totals.tallies, totals.met);
    assert_true(totals.shown > 0);
}

static int set_up(void **state)
{
    struct base_error error;
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_tallies)};
    return cmocka_run_group_tests_name("protect: all tallies of tiny places", tests, set_up, NULL);
}
