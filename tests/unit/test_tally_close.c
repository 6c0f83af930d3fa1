/* tally: closed months. What they refuse, how they are closed and opened, and what is left of it. */
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { JANUARY = 2017 * 12, MARCH = JANUARY + 2, APRIL, CELL = 26 };

static struct place place;

static int enter_with_store(void **state)
{
    int result = support_enter(state);
    if (result == 0)
        place_make(&place, 2017);
    return result;
}

static int leave_with_store(void **state)
{
    place_free(&place);
    return support_leave(state);
}

typedef enum base_code change(struct store *store, const struct keys_reader *reader,
                              base_month month, bool *changed, struct base_error *error);

/* The code of closing or opening a month; what the store says of it goes to *now. */
static enum base_code change_month(change *change_it, base_month month, bool *changed,
                                   base_month *now)
{
    struct store *store = NULL;
    struct base_error error;
    *changed = true;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    enum base_code code = change_it(store, place.reader, month, changed, &error);
    *now = store_header(store)->closed_through;
    store_close(store);
    return code;
}

/* Closes or opens, and fails the test unless the store is closed up to `expected` then. */
static void assert_changes(change *change_it, base_month month, bool expect_change,
                           base_month expected)
{
    bool changed;
    base_month now;
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(change_month(change_it, month, &changed, &now), BASE_OK);
    assert_int_equal(changed, expect_change);
    assert_int_equal(now, expected);
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(store_header(store)->closed_through, expected);
    store_close(store);
}

static void close_through(base_month month)
{
    assert_changes(tally_close_month, month, true, month);
}

/* Counting fails so, and the file stays as it is. */
static void assert_count(base_month month, int32_t amount, enum base_code expected)
{
    char text[BASE_MONTH_TEXT];
    struct base_error error = {.code = BASE_OK};
    size_t size, size_after;
    uint8_t *before = support_read_file(place.path, &size);
    assert_int_equal(place_count(&place, month, CELL, amount, &error), expected);
    uint8_t *after = support_read_file(place.path, &size_after);
    if (expected != BASE_OK) {
        base_month_format(month, text);
        assert_int_equal(error.code, expected);
        assert_string_equal(error.subject, text);
        assert_int_equal(size_after, size);
        assert_memory_equal(after, before, size);
    }
    free(before);
    free(after);
}

static void test_counting(void **state)
{
    (void)state;
    assert_count(MARCH, 2, BASE_OK);
    close_through(MARCH);
    assert_count(MARCH, 1, BASE_MONTH_CLOSED);
    assert_count(MARCH, -1, BASE_MONTH_CLOSED);
    assert_count(JANUARY, 1, BASE_MONTH_CLOSED);
    assert_count(BASE_FIRST_MONTH, 1, BASE_MONTH_CLOSED); /* that year has no rows */
    assert_count(APRIL, 1, BASE_OK);
    assert_count(APRIL, -1, BASE_OK);
    assert_changes(tally_reopen_month, MARCH, true, MARCH - 1);
    assert_count(MARCH, 1, BASE_OK);
    assert_count(MARCH - 1, 1, BASE_MONTH_CLOSED);
}

/* It is said of a channel that is not offered as well, and of a machine that may not count. */
static void test_closed_before_all_else(void **state)
{
    (void)state;
    place.header.channels = 1;
    place.header.closed_through = MARCH;
    place_put_header(&place);
    assert_count(MARCH, 1, BASE_MONTH_CLOSED);
    assert_int_equal(setenv("XDG_STATE_HOME", "/nowhere/at/all", 1), 0);
    assert_count(MARCH, 1, BASE_MONTH_CLOSED);
}

static void test_which_months(void **state)
{
    const base_month now = base_month_now();
    bool changed;
    base_month closed;
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        const base_month month = i < 2 ? (base_month)(now + i) : BASE_LAST_MONTH;
        assert_int_equal(change_month(tally_close_month, month, &changed, &closed),
                         BASE_MONTH_NOT_OVER);
        assert_false(changed);
        assert_int_equal(closed, 0);
    }
    close_through(BASE_FIRST_MONTH);
    close_through(MARCH);
    assert_changes(tally_close_month, MARCH, false, MARCH);
    assert_changes(tally_close_month, JANUARY, false, MARCH);
    assert_changes(tally_close_month, (base_month)(now - 1), true, (base_month)(now - 1));
    assert_changes(tally_reopen_month, now, false, (base_month)(now - 1));
    assert_changes(tally_reopen_month, BASE_LAST_MONTH, false, (base_month)(now - 1));
    assert_changes(tally_reopen_month, MARCH, true, MARCH - 1);
    assert_changes(tally_reopen_month, MARCH, false, MARCH - 1);
    assert_changes(tally_reopen_month, BASE_FIRST_MONTH, true, 0);
    assert_changes(tally_reopen_month, BASE_FIRST_MONTH, false, 0);
}

/* What changes nothing writes nothing. */
static void test_no_change_is_no_write(void **state)
{
    size_t size, size_after;
    (void)state;
    close_through(MARCH);
    uint8_t *before = support_read_file(place.path, &size);
    assert_changes(tally_close_month, JANUARY, false, MARCH);
    assert_changes(tally_reopen_month, APRIL, false, MARCH);
    uint8_t *after = support_read_file(place.path, &size_after);
    assert_int_equal(size_after, size);
    assert_memory_equal(after, before, size);
    free(before);
    free(after);
}

/* A new machine, or one that has not counted yet this year, needs rows of closed months too. */
static void test_new_rows_and_washing(void **state)
{
    struct base_error error;
    struct tally_washed washed;
    (void)state;
    assert_count(MARCH, 2, BASE_OK);
    close_through(2018 * 12 + 5);
    place_enrol(&place);
    assert_count(2018 * 12 + 6, 1, BASE_OK); /* twelve rows, six of them of closed months */
    place_be(&place, 1);
    assert_int_equal(tally_wash(place.path, NULL, NULL, &washed, &error), BASE_OK);
    assert_int_equal(washed.rows, 12);
    assert_int_equal(washed.other_rows, 12);
}

static void test_read_with_the_counts(void **state)
{
    struct store *store = NULL;
    struct tally_counts *counts = NULL;
    struct base_error error;
    (void)state;
    for (base_month closed = 0; closed <= MARCH; closed = (base_month)(closed + MARCH)) {
        if (closed != 0)
            close_through(closed);
        assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
        assert_int_equal(tally_read(store, place.reader, (struct base_period){JANUARY, JANUARY},
                                    &counts, &error),
                         BASE_OK);
        assert_int_equal(counts->closed_through, closed);
        tally_counts_free(counts);
        store_close(store);
    }
}

/* Only the month, the edition and the signature change, and what they were is nowhere in the file. */
static void test_no_older_header(void **state)
{
    enum {
        ROUNDS = 24,
        CHANGES = 2,
        CLOSED_AT = 96,
        SIGNATURE_AT = 1056,
        SAMPLES_A_HEADER = 35,
        EDITION_AT = 8,
        EDITION_BYTES = 4
    };
    struct history *history = history_new((size_t)ROUNDS * CHANGES * SAMPLES_A_HEADER);
    struct filemap before, now;
    (void)state;
    filemap_read(&before, place.path);
    for (unsigned i = 0; i < ROUNDS * CHANGES; i++) {
        /* Never the same state twice: its signature would be the same again, and rightly there. */
        const base_month month = (base_month)(JANUARY + i / CHANGES * 3);
        if (i % CHANGES == 0)
            close_through(month);
        else
            assert_changes(tally_reopen_month, (base_month)(month - 1), true,
                           (base_month)(month - 2));
        filemap_read(&now, place.path);
        const uint8_t *header = now.bytes + now.header_at, *older = before.bytes + before.header_at;
        assert_memory_equal(header, older, EDITION_AT);
        assert_int_equal(base_get_u32(header + EDITION_AT), i + 2);
        assert_memory_equal(header + EDITION_AT + EDITION_BYTES, older + EDITION_AT + EDITION_BYTES,
                            CLOSED_AT - EDITION_AT - EDITION_BYTES);
        assert_memory_not_equal(header + CLOSED_AT, older + CLOSED_AT, 2);
        assert_memory_equal(header + CLOSED_AT + 2, older + CLOSED_AT + 2,
                            SIGNATURE_AT - CLOSED_AT - 2);
        assert_memory_not_equal(header + SIGNATURE_AT, older + SIGNATURE_AT, KEYS_SIGNATURE_BYTES);
        history_add_changes(history, &before, &now);
        history_assert_absent(history, &now);
        filemap_assert_clean(&now);
        filemap_free(&before);
        before = now;
    }
    filemap_free(&before);
    history_free(history);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_counting),
        TEST(test_closed_before_all_else),
        TEST(test_which_months),
        TEST(test_no_change_is_no_write),
        TEST(test_new_rows_and_washing),
        TEST(test_read_with_the_counts),
        TEST(test_no_older_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
