/* The outside attacker itself: it finds what is told by figures that were badly chosen, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "invent.h"
#include "outside.h"
#include "tavs/protect.h"

enum { YEAR = 2017, MOST_SHOWN = 400 };

struct scene {
    struct tally_counts *counts[2];
    struct outside_place place[2];
    struct outside_shown shown[MOST_SHOWN];
    struct outside_case asked;
};

static struct scene *open_scene(unsigned places, unsigned courses, unsigned seed)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    struct chance chance = chance_new(seed);
    for (unsigned i = 0; i < places; i++) {
        const struct invent how = {.courses = courses, .channels = 2};
        scene->counts[i] = invent_place(&how, YEAR, 1, &chance);
        scene->place[i] =
            (struct outside_place){(const int64_t(*)[CODEBOOK_CELLS])scene->counts[i]->cells, NULL,
                                   0x3, CODEBOOK_ALL_PARTIES};
    }
    scene->asked = (struct outside_case){
        .threshold = 5,
        .place = scene->place,
        .places = places,
        .first = YEAR * 12,
        .months = 12,
        .first_year = YEAR,
        .last_year = YEAR,
        .shown = scene->shown,
    };
    return scene;
}

static void close_scene(struct scene *scene)
{
    invent_free(scene->counts[0]);
    invent_free(scene->counts[1]);
    free(scene);
}

static int64_t sum_of(const struct scene *scene, const struct cell_set *set)
{
    int64_t sum = 0;
    for (unsigned place = 0; place < scene->asked.places; place++)
        for (unsigned month = 0; month < 12; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                if (cell_set_has(set, place, (base_month)(YEAR * 12 + month), cell))
                    sum += scene->counts[place]->cells[month][cell];
    return sum;
}

static struct cell_set set_of(unsigned places, unsigned first, unsigned last, codebook_set sessions)
{
    return (struct cell_set){
        .places = {{places}},
        .months = {(base_month)(YEAR * 12 + first), (base_month)(YEAR * 12 + last)},
        .channels = CODEBOOK_ALL_CHANNELS,
        .parties = CODEBOOK_ALL_PARTIES,
        .sessions = sessions,
    };
}

static void show(struct scene *scene, struct cell_set set)
{
    scene->shown[scene->asked.shown_count++] =
        (struct outside_shown){.set = set, .value = sum_of(scene, &set)};
}

static struct outside_found attack(const struct scene *scene)
{
    struct outside_found found;
    outside_attack(&scene->asked, &found);
    outside_print("attack", &found);
    return found;
}

static void test_nothing_shown(void **state)
{
    (void)state;
    struct scene *scene = open_scene(1, 30, 1);
    const struct outside_found found = attack(scene);
    assert_true(outside_found_nothing(&found));
    assert_true(found.small > 20 && found.asked > 500);
    close_scene(scene);
}

/* All months but one and the year: what that one had is told. */
static void test_difference(void **state)
{
    (void)state;
    struct scene *scene = open_scene(1, 60, 2);
    struct cell_set left = set_of(1, 0, 0, COUNTS_COURSES);
    unsigned least = 0;
    for (unsigned month = 0; month < 12; month++) {
        const struct cell_set one = set_of(1, month, month, COUNTS_COURSES);
        if (sum_of(scene, &one) < sum_of(scene, &left)) {
            left = one;
            least = month;
        }
    }
    assert_true(sum_of(scene, &left) < 5);
    for (unsigned month = 0; month < 12; month++)
        if (month != least)
            show(scene, set_of(1, month, month, COUNTS_COURSES));
    show(scene, set_of(1, 0, 11, COUNTS_COURSES));
    const struct outside_found found = attack(scene);
    assert_true(found.narrowed >= 1 && found.exact >= 1);
    close_scene(scene);
}

/* Two places and their sum: a quarter of both and one place's, less than the other's. */
static void test_two_places(void **state)
{
    (void)state;
    struct scene *scene = open_scene(2, 12, 3);
    show(scene, set_of(3, 0, 2, COUNTS_COURSES));
    show(scene, set_of(1, 0, 2, COUNTS_COURSES));
    const struct cell_set other = set_of(2, 0, 2, COUNTS_COURSES);
    assert_true(sum_of(scene, &other) < 5);
    const struct outside_found found = attack(scene);
    assert_true(found.narrowed >= 1 && found.exact >= 1);
    close_scene(scene);
}

/* 2nd conversations of a party are at most the 1st ones. */
static void test_rule(void **state)
{
    (void)state;
    struct scene *scene = open_scene(1, 0, 4);
    *invent_cell(scene->counts[0], 3, 0, 1, 0) = 3;
    *invent_cell(scene->counts[0], 3, 0, 1, 1) = 3;
    *invent_cell(scene->counts[0], 3, 0, 1, 2) = 3;
    *invent_cell(scene->counts[0], 3, 0, 1, 3) = 3;
    show(scene, set_of(1, 3, 3, COUNTS_ALL_SESSIONS));
    const struct outside_found found = attack(scene);
    assert_true(found.narrowed >= 1); /* 12 conversations can't come from one or two courses */
    close_scene(scene);
}

/* What had been told before is not held against what is told now. */
static void test_before(void **state)
{
    (void)state;
    struct scene *scene = open_scene(2, 12, 3);
    show(scene, set_of(3, 0, 2, COUNTS_COURSES));
    show(scene, set_of(1, 0, 2, COUNTS_COURSES));
    scene->shown[0].before = scene->shown[1].before = true;
    show(scene, set_of(3, 0, 11, COUNTS_COURSES));
    const struct outside_found found = attack(scene);
    assert_int_equal(found.narrowed + found.exact, 0);
    assert_true(found.let_off > 0);
    close_scene(scene);
}

static void test_wrong_value(void **state)
{
    (void)state;
    struct scene *scene = open_scene(1, 60, 6);
    show(scene, set_of(1, 0, 11, COUNTS_COURSES));
    scene->shown[0].value++;
    const struct outside_found found = attack(scene);
    assert_int_equal(found.wrong, 1);
    close_scene(scene);
}

/* The attacker's layouts, which were written apart, and the program's. */
static void test_layouts(void **state)
{
    (void)state;
    const struct place_set one = {{1}};
    for (unsigned channels = 1; channels < 16; channels++)
        for (unsigned parties = 1; parties < 8; parties++)
            for (unsigned kind = 0; kind < 4; kind++) {
                static const unsigned lengths[] = {1, 3, 6, 12};
                struct cell_set own[128], theirs[PROTECT_MOST_LAYOUT];
                const struct base_period period = {YEAR * 12,
                                                   (base_month)(YEAR * 12 + lengths[kind] - 1)};
                const size_t count = outside_layout(period, &one, (codebook_set)channels,
                                                    (codebook_set)parties, own);
                assert_int_equal(protect_layout(period, &one, (codebook_set)channels,
                                                (codebook_set)parties, theirs, PROTECT_MOST_LAYOUT),
                                 count);
                for (size_t i = 0; i < count; i++)
                    assert_true(cell_set_equals(&own[i], &theirs[i]));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_shown), cmocka_unit_test(test_difference),
        cmocka_unit_test(test_two_places),    cmocka_unit_test(test_rule),
        cmocka_unit_test(test_before),        cmocka_unit_test(test_wrong_value),
        cmocka_unit_test(test_layouts),
    };
    return cmocka_run_group_tests_name("protect: the outside attacker", tests, NULL, NULL);
}
