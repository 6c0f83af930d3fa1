/* Sets of cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tavs/counts.h"

static struct cell_set set_of(unsigned place, base_month first, base_month last)
{
    struct cell_set set = {.months = {first, last},
                           .channels = CODEBOOK_ALL_CHANNELS,
                           .parties = CODEBOOK_ALL_PARTIES,
                           .sessions = COUNTS_ALL_SESSIONS};
    place_set_add(&set.places, place);
    return set;
}

static void test_places_up_to_the_last(void **state)
{
    (void)state;
    struct place_set set = {{0}};
    place_set_add(&set, 0);
    place_set_add(&set, 63);
    place_set_add(&set, 64);
    place_set_add(&set, COUNTS_MOST_PLACES - 1);
    assert_int_equal(place_set_count(&set), 4);
    assert_true(place_set_has(&set, 63) && place_set_has(&set, 64));
    assert_false(place_set_has(&set, 62) || place_set_has(&set, 65));
    const struct place_set first = place_set_first(65);
    assert_int_equal(place_set_count(&first), 65);
    assert_false(place_set_equals(&first, &set));
    assert_true(place_set_equals(&set, &set));
}

static void test_every_set_decides_equality(void **state)
{
    (void)state;
    const struct cell_set one = set_of(3, 24000, 24011);
    struct cell_set others[6] = {one, one, one, one, one, one};
    others[0].channels = 1;
    others[1].parties = 1;
    others[2].sessions = 1;
    others[3].months.first = 23999;
    others[4].months.last = 24012;
    place_set_add(&others[5].places, 70);
    assert_true(cell_set_equals(&one, &one));
    for (size_t i = 0; i < 6; i++) {
        assert_false(cell_set_equals(&one, &others[i]));
        assert_int_equal(cell_set_compare(&one, &others[i]), -cell_set_compare(&others[i], &one));
    }
}

/* An intersection has the cells that both have, cell by cell. */
static void test_intersection_is_that_of_cells(void **state)
{
    (void)state;
    struct cell_set one = set_of(0, 24000, 24005), other = set_of(0, 24003, 24011), both;
    place_set_add(&one.places, 1);
    place_set_add(&other.places, 2);
    one.channels = 0x3;
    other.channels = 0x6;
    other.sessions = COUNTS_COURSES;
    assert_true(cell_set_intersect(&one, &other, &both));
    for (unsigned place = 0; place < 3; place++)
        for (base_month month = 23999; month < 24013; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                assert_int_equal(cell_set_has(&both, place, month, cell),
                                 cell_set_has(&one, place, month, cell) &&
                                     cell_set_has(&other, place, month, cell));
    other.channels = 0x4;
    const struct cell_set before = both;
    assert_false(cell_set_intersect(&one, &other, &both));
    assert_true(cell_set_equals(&before, &both));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_up_to_the_last),
        cmocka_unit_test(test_every_set_decides_equality),
        cmocka_unit_test(test_intersection_is_that_of_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
