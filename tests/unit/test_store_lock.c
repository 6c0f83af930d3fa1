/* store: the lock. The program has its own nanosleep, in which no time passes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"
#include "tavs/tally.h"

static struct place place;

static long slept_ms;
static void (*while_asleep)(void); /* called once, at the next nanosleep */

int nanosleep(const struct timespec *time, struct timespec *left)
{
    void (*now)(void) = while_asleep;
    (void)left;
    slept_ms += time->tv_sec * 1000 + time->tv_nsec / 1000000;
    while_asleep = NULL;
    if (now != NULL)
        now();
    return 0;
}

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

static int holder;

static void hold(int operation)
{
    holder = open(place.path, O_RDONLY | O_CLOEXEC);
    assert_true(holder >= 0);
    assert_int_equal(flock(holder, operation), 0);
    slept_ms = 0;
}

static void let_go(void)
{
    assert_int_equal(close(holder), 0);
}

static void test_busy(void **state)
{
    (void)state;
    hold(LOCK_EX);
    assert_int_equal(probe_open(place.path, STORE_READ), BASE_STORE_BUSY);
    assert_true(slept_ms >= 29000 && slept_ms <= 31000);
    probe_refused(place.path, BASE_STORE_BUSY);
    let_go();
    assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_OK);
}

static void test_readers_do_not_wait_for_readers(void **state)
{
    (void)state;
    hold(LOCK_SH);
    assert_int_equal(probe_open(place.path, STORE_READ), BASE_OK);
    assert_int_equal(slept_ms, 0);
    assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_STORE_BUSY);
    let_go();
}

static void test_lock_is_held_until_close(void **state)
{
    static const enum store_mode modes[] = {STORE_READ, STORE_WRITE};
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct store *store = NULL;
        int other = open(place.path, O_RDWR | O_CLOEXEC);
        assert_int_equal(store_open(place.path, modes[i], &store, &error), BASE_OK);
        assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
        assert_int_equal(flock(other, LOCK_SH | LOCK_NB), modes[i] == STORE_READ ? 0 : -1);
        assert_int_equal(flock(other, LOCK_UN), 0);
        if (modes[i] == STORE_WRITE) {
            assert_int_equal(store_commit(store, &error), BASE_OK);
            assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
        }
        store_close(store);
        assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
        assert_int_equal(close(other), 0);
    }
}

static void test_waits_for_the_lock(void **state)
{
    (void)state;
    hold(LOCK_EX);
    while_asleep = let_go;
    assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_OK);
    assert_true(slept_ms >= 1 && slept_ms <= 100);
}

static void read_and_let_go(void)
{
    assert_int_equal(probe_open(place.path, STORE_READ), BASE_STORE_BUSY);
    let_go();
}

/* A writer that waits for the readers who are there keeps new ones out: else they could relieve
 * each other for ever. */
static void test_writers_are_not_starved(void **state)
{
    (void)state;
    hold(LOCK_SH);
    while_asleep = read_and_let_go;
    assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_OK);
    assert_int_equal(probe_open(place.path, STORE_READ), BASE_OK);
}

static void remove_and_let_go(void)
{
    assert_int_equal(unlink(place.path), 0);
    let_go();
}

static void replace_and_let_go(void)
{
    assert_int_equal(rename("other", place.path), 0);
    let_go();
}

/* What is counted must not go into a file that has no name any more. */
static void test_replaced_while_waiting(void **state)
{
    struct base_error error;
    struct filemap before, after;
    (void)state;
    assert_int_equal(store_backup(place.path, "other", &error), BASE_OK);
    filemap_read(&before, "other");
    hold(LOCK_EX);
    while_asleep = replace_and_let_go;
    assert_int_equal(tally_count(place.path, codebook_contact_of(0), 2017 * 12, 1, &error),
                     BASE_OK);
    filemap_read(&after, place.path);
    assert_int_equal(after.transaction, before.transaction + 1);
    filemap_free(&before);
    filemap_free(&after);

    hold(LOCK_EX);
    while_asleep = remove_and_let_go;
    assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_STORE_MISSING);
    assert_int_equal(support_entries("s"), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_busy),
        TEST(test_readers_do_not_wait_for_readers),
        TEST(test_lock_is_held_until_close),
        TEST(test_waits_for_the_lock),
        TEST(test_writers_are_not_starved),
        TEST(test_replaced_while_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
