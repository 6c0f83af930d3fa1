/* tally: a release of several places, as the ledger of each of them has it. */
#include <string.h>

#include "support.h"
#include "tavs/secret.h"
#include "tavs/tally.h"

enum { PLACES = 4, MONTH = 2017 * 12 };

/* The store ids' first bytes, in no order. */
static const uint8_t ids[PLACES] = {0x70, 0x20, 0xf0, 0x30};

static struct record_release *new_release(void)
{
    struct record_release *release = NULL;
    struct base_error error;
    assert_int_equal(record_release_new(PLACES, 2, 16, &release, &error), BASE_OK);
    release->month = MONTH;
    release->number = 7;
    release->corrects = 3;
    release->edition = 2;
    release->threshold = 5;
    for (size_t i = 0; i < PLACES; i++) {
        release->places[i][0] = ids[i];
        release->offers[i] = (struct record_offer){(codebook_set)(ids[i] >> 4), 1};
    }
    for (size_t i = 0; i < 2; i++)
        release->periods[i] = (struct base_period){(base_month)(MONTH + 12 * i), MONTH + 23};
    for (size_t i = 0; i < release->figure_count; i++)
        release->figures[i] =
            (struct record_figure){.cells = {.places = {.word = {i}}, .months = {MONTH, MONTH}},
                                   .shown = i % 2 == 0,
                                   .value = (int64_t)i};
    return release;
}

static struct record_release *of_place(const struct record_release *release, size_t place)
{
    struct record_release *own = NULL;
    struct base_error error;
    assert_int_equal(tally_release_of_place(release, place, &own, &error), BASE_OK);
    return own;
}

/* Its own place first, the others by their ids; each figure is of the same places as before. */
static void test_each_place(void **state)
{
    struct record_release *release = new_release();
    (void)state;
    for (size_t place = 0; place < PLACES; place++) {
        struct record_release *own = of_place(release, place);
        assert_int_equal(own->places[0][0], ids[place]);
        for (size_t i = 0; i < PLACES; i++)
            assert_int_equal(own->offers[i].channels, own->places[i][0] >> 4);
        for (size_t i = 2; i < PLACES; i++)
            assert_true(own->places[i - 1][0] < own->places[i][0]);
        for (size_t i = 0; i < own->figure_count; i++) {
            bool before[256] = {false}, after[256] = {false};
            for (unsigned j = 0; j < PLACES; j++) {
                before[release->places[j][0]] = place_set_has(&release->figures[i].cells.places, j);
                after[own->places[j][0]] = place_set_has(&own->figures[i].cells.places, j);
            }
            assert_memory_equal(before, after, sizeof before);
            assert_int_equal(own->figures[i].cells.places.word[1], 0);
            assert_int_equal(own->figures[i].shown, release->figures[i].shown);
            assert_int_equal(own->figures[i].value, i);
        }
        assert_int_equal(own->month, release->month);
        assert_int_equal(own->number, 0); /* these are another ledger's */
        assert_int_equal(own->corrects, 0);
        assert_int_equal(own->edition, release->edition);
        assert_int_equal(own->threshold, release->threshold);
        secret_free(own);
    }
    secret_free(release);
}

/* The one place that a figure of a release is of. */
static size_t place_of(const struct record_release *release, size_t figure)
{
    for (unsigned place = 0; place < PLACES; place++)
        if (place_set_has(&release->figures[figure].cells.places, place))
            return place;
    return PLACES;
}

/* In which order the stores were named makes no difference. */
static void test_named_in_another_order(void **state)
{
    static const size_t order[PLACES] = {2, 0, 3, 1};
    struct record_release *release = new_release(), *other = new_release();
    (void)state;
    for (size_t i = 0; i < PLACES; i++)
        other->places[i][0] = ids[order[i]];
    for (size_t i = 0; i < PLACES; i++) {
        struct record_release *one = of_place(release, order[i]), *again = of_place(other, i);
        assert_memory_equal(one->places, again->places, PLACES * sizeof *one->places);
        for (size_t j = 0; j < PLACES; j++) /* figure 1 << j was of place j only */
            assert_int_equal(one->places[place_of(one, (size_t)1 << j)][0], ids[j]);
        secret_free(one);
        secret_free(again);
    }
    secret_free(release);
    secret_free(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, support_enter, support_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_each_place),
        TEST(test_named_in_another_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
