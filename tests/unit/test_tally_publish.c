/* tally: what belongs to publishing besides the ledger: the threshold, the pin of the newest ledger, and the
 * figures hidden by lot. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger.h"
#include "sample.h"
#include "tavs/secret.h"

enum { FIGURES = 3 };

/* ---- the threshold ---------------------------------------------------------------------------- */

static enum base_code set_threshold(unsigned threshold, bool *changed)
{
    struct store *store = NULL;
    struct base_error error = {.code = BASE_OK};
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    const enum base_code code =
        tally_set_threshold(store, ledger_place.reader, threshold, changed, &error);
    store_close(store);
    assert_int_equal(code, error.code);
    return code;
}

static void assert_threshold(unsigned threshold)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(store_header(store)->threshold, threshold);
    store_close(store);
}

static void assert_set(unsigned threshold, bool changes)
{
    bool changed = !changes;
    assert_int_equal(set_threshold(threshold, &changed), BASE_OK);
    assert_int_equal(changed, changes);
    assert_threshold(threshold);
}

static void assert_refused(unsigned threshold, enum base_code code, unsigned stays)
{
    bool changed = true;
    assert_int_equal(set_threshold(threshold, &changed), code);
    assert_true(changed);
    assert_threshold(stays);
}

/* Up and down as long as nothing was released, then up only. */
static void test_threshold(void **state)
{
    (void)state;
    assert_threshold(5);
    assert_set(5, false);
    assert_set(20, true);
    assert_set(3, true);
    assert_set(4, true);
    assert_refused(2, BASE_BAD_OPTION_VALUE, 4);
    assert_refused(21, BASE_BAD_OPTION_VALUE, 4);
    assert_refused(256 + 5, BASE_BAD_OPTION_VALUE, 4);
    ledger_add_figures(FIGURES);
    assert_refused(3, BASE_THRESHOLD_LOWERED, 4);
    assert_set(4, false);
    assert_set(6, true);
    assert_refused(5, BASE_THRESHOLD_LOWERED, 6);
    ledger_assert_audit(1);
}

/* ---- the pin ---------------------------------------------------------------------------------- */

static enum base_code on_store(enum base_code (*call)(struct store *, struct base_error *))
{
    struct store *store = NULL;
    struct base_error error = {.code = BASE_OK};
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    const enum base_code code = call(store, &error);
    store_close(store);
    assert_true(code == BASE_OK || code == error.code);
    return code;
}

#define PIN()   assert_int_equal(on_store(tally_pin_ledger), BASE_OK)
#define CHECK() on_store(tally_check_ledger_pin)

struct bytes {
    uint8_t *bytes;
    size_t size;
};

static struct bytes keep(void)
{
    struct bytes kept;
    kept.bytes = support_read_file(ledger_place.path, &kept.size);
    return kept;
}

static void put_back(struct bytes kept)
{
    support_write_file(ledger_place.path, kept.bytes, kept.size);
    free(kept.bytes);
}

/* An older copy lacks what was published; a newer one has more. */
static void test_older_copies(void **state)
{
    (void)state;
    assert_int_equal(CHECK(), BASE_OK); /* nothing was noted */
    const struct bytes none = keep();
    ledger_add_figures(FIGURES);
    const struct bytes one = keep();
    ledger_add_figures(FIGURES);
    PIN();
    const struct bytes two = keep();
    assert_int_equal(CHECK(), BASE_OK);
    put_back(none);
    assert_int_equal(CHECK(), BASE_LEDGER_BEHIND);
    put_back(one);
    assert_int_equal(CHECK(), BASE_LEDGER_BEHIND);
    put_back(two);
    ledger_add_figures(FIGURES);
    assert_int_equal(CHECK(), BASE_OK);
}

/* A copy from which something else was published, as much or more. */
static void test_another_copy(void **state)
{
    (void)state;
    ledger_add_figures(FIGURES);
    const struct bytes one = keep();
    ledger_add_figures(FIGURES);
    PIN();
    put_back(one);
    ledger_add_figures(FIGURES);
    assert_int_equal(CHECK(), BASE_LEDGER_BEHIND);
    ledger_add_figures(FIGURES);
    assert_int_equal(CHECK(), BASE_LEDGER_BEHIND);
}

/* Before anything was released, and what is pinned later takes the place of what was before. */
static void test_pinned_again(void **state)
{
    (void)state;
    PIN();
    assert_int_equal(CHECK(), BASE_OK);
    ledger_add_figures(FIGURES);
    assert_int_equal(CHECK(), BASE_OK);
    const struct bytes one = keep();
    PIN();
    ledger_add_figures(FIGURES);
    PIN();
    put_back(one);
    assert_int_equal(CHECK(), BASE_LEDGER_BEHIND);
    struct base_error error;
    struct store *store = NULL;
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_check_ledger_pin(store, &error), BASE_LEDGER_BEHIND);
    store_close(store);
    assert_int_equal(unlink(error.subject), 0); /* the way back: the file that the message names */
    assert_int_equal(CHECK(), BASE_OK);
}

/* After the commit, as a command does it; a machine without a home has nothing to note it in. */
static void test_after_the_commit_and_without_a_home(void **state)
{
    struct record_release *release = ledger_new_release(FIGURES, 5);
    const struct record_release *const one[] = {release};
    struct store *store = NULL;
    struct base_error error;
    (void)state;
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(tally_ledger_add(store, ledger_place.reader, one, 1, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    assert_int_equal(tally_pin_ledger(store, &error), BASE_OK);
    store_close(store);
    secret_free(release);
    assert_int_equal(CHECK(), BASE_OK);
    char *home = strdup(getenv("XDG_STATE_HOME"));
    assert_int_equal(unsetenv("XDG_STATE_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    PIN();
    assert_int_equal(CHECK(), BASE_OK);
    assert_int_equal(setenv("XDG_STATE_HOME", home, 1), 0);
    free(home);
}

/* ---- lots ------------------------------------------------------------------------------------- */

static bool is_drawn(const json_t *lots, size_t figure)
{
    const json_t *drawn = trial_get(lots, "drawn");
    for (size_t i = 0; i < json_array_size(drawn); i++)
        if (json_integer_value(json_array_get(drawn, i)) == (json_int_t)figure)
            return true;
    return false;
}

/* The figures of tests/vectors/make_format.py. */
static struct cell_set figure_of_vectors(size_t i)
{
    struct cell_set set = {
        .months = {(base_month)(24204 + i % 12), (base_month)(24204 + i % 12 + i % 5)},
        .channels = (codebook_set)(1 + i % 15),
        .parties = (codebook_set)(1 + i % 7),
        .sessions = (codebook_set)(1 + i % 31),
    };
    place_set_add(&set.places, (unsigned)(i % 3));
    if (i == 0)
        set = (struct cell_set){place_set_first(3), {24000, 26399}, 15, 7, 31};
    return set;
}

/* Drawn by another program; in whatever order the places are named. */
static void test_lots_of_another_program(void **state)
{
    enum { PLACES = 3, LOTS = 400 };
    static const unsigned orders[][PLACES] = {{0, 1, 2}, {2, 0, 1}, {1, 0, 2}};
    json_t *format = trial_vectors("format.json");
    const json_t *lots = trial_get(format, "lots");
    struct keys_reader *reader = sample_reader(trial_get(format, "reader"));
    uint8_t ids[PLACES][KEYS_STORE_ID_BYTES], named[PLACES][KEYS_STORE_ID_BYTES];
    (void)state;
    for (size_t i = 0; i < PLACES; i++)
        trial_hex(json_array_get(trial_get(lots, "ids"), i), ids[i], sizeof ids[i]);
    for (size_t order = 0; order < sizeof orders / sizeof *orders; order++)
        for (size_t i = 0; i < LOTS; i++) {
            struct cell_set set = figure_of_vectors(i);
            const struct place_set places = set.places;
            set.places = (struct place_set){{0}};
            for (unsigned place = 0; place < PLACES; place++) {
                memcpy(named[place], ids[orders[order][place]], sizeof named[place]);
                if (place_set_has(&places, orders[order][place]))
                    place_set_add(&set.places, place);
            }
            if (tally_lot(reader, named, PLACES, &set) != is_drawn(lots, i))
                fail_msg("figure %zu in order %zu", i, order);
        }
    keys_reader_free(reader);
    json_decref(format);
}

/* Whose key it is: of the places that the figure has, the one with the least id. */
static void test_whose_lot(void **state)
{
    uint8_t ids[4][KEYS_STORE_ID_BYTES] = {{7}, {2}, {9}, {3}};
    struct cell_set set = {.places = place_set_first(4)};
    (void)state;
    assert_int_equal(tally_lot_place(ids, 4, &set), 1);
    set.places = (struct place_set){{0}};
    place_set_add(&set.places, 0);
    place_set_add(&set.places, 2);
    assert_int_equal(tally_lot_place(ids, 4, &set), 0);
    place_set_add(&set.places, 3);
    assert_int_equal(tally_lot_place(ids, 4, &set), 3);
}

/* A place's own figure is drawn once for ever: alone and beside others. One of 16, as it comes. */
static void test_lots_stay_and_are_one_of_16(void **state)
{
    enum { COUNT = 4000 };
    uint8_t ids[2][KEYS_STORE_ID_BYTES] = {{1}, {2}};
    unsigned drawn = 0, differ = 0;
    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        struct cell_set set = {.places = place_set_first(1),
                               .months = {(base_month)(24000 + i % 2400), 26399},
                               .channels = (codebook_set)(1 + i / 2400),
                               .parties = 7,
                               .sessions = 31};
        const bool alone = tally_lot(ledger_place.reader, ids, 1, &set);
        assert_int_equal(tally_lot(ledger_place.reader, ids, 2, &set), alone);
        set.places = place_set_first(2);
        differ += tally_lot(ledger_place.reader, ids, 2, &set) != alone;
        drawn += alone;
    }
    assert_true(drawn >= COUNT / 16 - 80 &&
                drawn <= COUNT / 16 + 80);       /* five standard deviations */
    assert_true(differ >= 300 && differ <= 640); /* 2 * 15/256 of them */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, ledger_enter, ledger_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_threshold),
        TEST(test_older_copies),
        TEST(test_another_copy),
        TEST(test_pinned_again),
        TEST(test_after_the_commit_and_without_a_home),
        TEST(test_lots_of_another_program),
        TEST(test_whose_lot),
        TEST(test_lots_stay_and_are_one_of_16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
