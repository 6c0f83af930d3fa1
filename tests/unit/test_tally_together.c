/* tally: many at once. The sum is exact, and no reader sees a row that is half written. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "filemap.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum {
    WRITERS = 50,
    COUNTS = 3,
    READERS = 3,
    MONTH = 2017 * 12 + 4,
    CELL = 7,
    SECONDS = 300,
};

static struct place place;

/* Shared with the children. */
static struct {
    volatile int started, ended;
} * all;

static int count_some(void *context)
{
    struct base_error error;
    place_be(&place, *(const uint16_t *)context);
    while (!all->started)
        (void)sched_yield();
    for (unsigned i = 0; i < COUNTS; i++)
        if (place_count(&place, (base_month)(MONTH + i), CELL, 1, &error) != BASE_OK)
            return (int)error.code;
    return BASE_OK;
}

/* Reads the months until the end: what it sees only grows. */
static int read_on(void *context)
{
    struct base_period period = {MONTH, MONTH + COUNTS - 1};
    int64_t before = 0;
    (void)context;
    for (bool last = false; !last;) {
        struct store *store = NULL;
        struct tally_counts *counts = NULL;
        struct base_error error;
        last = all->ended;
        if (store_open(place.path, STORE_READ, &store, &error) != BASE_OK)
            return (int)error.code;
        enum base_code code = tally_read(store, place.reader, period, &counts, &error);
        store_close(store);
        if (code != BASE_OK)
            return (int)code;
        int64_t sum = 0;
        for (unsigned i = 0; i < COUNTS; i++)
            sum += counts->cells[i][CELL];
        tally_counts_free(counts);
        if (sum < before || sum > (int64_t)WRITERS * COUNTS)
            return BASE_CODES;
        before = sum;
    }
    return before == (int64_t)support_rounds(WRITERS) * COUNTS ? BASE_OK : BASE_CODES + 1;
}

/* The same by copies, each complete and checked. */
static int back_up(void *context)
{
    (void)context;
    for (bool last = false; !last;) {
        struct base_error error;
        last = all->ended;
        if (store_backup(place.path, "copy", &error) != BASE_OK)
            return (int)error.code;
        if (unlink("copy") != 0)
            return BASE_CODES;
    }
    return BASE_OK;
}

static void test_together(void **state)
{
    static uint16_t devices[] = {1, 2};
    const unsigned writers = support_rounds(WRITERS);
    pid_t writing[WRITERS], reading[READERS];
    struct filemap map;
    (void)state;
    place_make(&place, 2017);
    place_enrol(&place); /* device 2 has no rows yet: one of its processes makes them */
    all = support_share(sizeof *all);
    for (unsigned i = 0; i < writers; i++)
        writing[i] = support_start(count_some, &devices[i % 2], SECONDS);
    for (unsigned i = 0; i < READERS; i++)
        reading[i] = support_start(i == 0 ? back_up : read_on, NULL, SECONDS);
    all->started = 1;
    for (unsigned i = 0; i < writers; i++)
        assert_int_equal(support_end(writing[i]), BASE_OK);
    all->ended = 1;
    for (unsigned i = 0; i < READERS; i++)
        assert_int_equal(support_end(reading[i]), BASE_OK);
    filemap_read(&map, place.path);
    filemap_assert_clean(&map);
    assert_int_equal(map.row_count, 24);
    assert_int_equal(support_entries("s"), 1);
    filemap_free(&map);
    support_unshare((void *)all, sizeof *all);
    place_free(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_together, support_enter, support_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
