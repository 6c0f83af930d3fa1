/* tally: a child counts in a loop and says so after each; it is killed at any moment. Then the
 * count is what it has said, or one more; and the next count leaves nothing of the rest. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filemap.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { KILLS = 250, MONTH = 2017 * 12 + 4, CELL = 7, LONGEST_US = 40000, NS_A_US = 1000 };

static struct place place;

static int64_t read_cell(void)
{
    struct store *store = NULL;
    struct tally_counts *counts = NULL;
    struct base_error error;
    struct base_period period = {MONTH, MONTH};
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_read(store, place.reader, period, &counts, &error), BASE_OK);
    store_close(store);
    int64_t count = counts->cells[0][CELL];
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        if (cell != CELL)
            assert_int_equal(counts->cells[0][cell], 0);
    tally_counts_free(counts);
    return count;
}

/* Says "." after each count, until it is killed. */
static int count_on(void *context)
{
    const int *pipe_end = context;
    struct base_error error;
    while (place_count(&place, MONTH, CELL, 1, &error) == BASE_OK)
        if (write(*pipe_end, ".", 1) != 1)
            break;
    return (int)error.code;
}

/* How many counts the child has said. */
static int64_t run_and_kill(void)
{
    int ends[2];
    char said[1000];
    struct timespec pause = {.tv_nsec = (long)support_random(LONGEST_US) * NS_A_US};
    int64_t count = 0;
    ssize_t got;
    int status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = support_start(count_on, &ends[1], 60);
    assert_int_equal(close(ends[1]), 0);
    (void)nanosleep(&pause, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while ((got = read(ends[0], said, sizeof said)) > 0)
        count += got;
    assert_int_equal(close(ends[0]), 0);
    return count;
}

static void test_killed(void **state)
{
    const unsigned kills = support_rounds(KILLS);
    struct history *history = history_new(KILLS * 2 * 130);
    struct filemap before, killed, now;
    unsigned between = 0, dirty = 0;
    int64_t count = 0;
    (void)state;
    place_make(&place, 2017);
    filemap_read(&before, place.path);
    for (unsigned i = 0; i < kills; i++) {
        struct base_error error;
        int64_t said = run_and_kill();
        filemap_read(&killed, place.path);
        int64_t after = read_cell();
        if (after != count + said && after != count + said + 1)
            fail_msg("%lld were said to be counted, %lld are", (long long)said,
                     (long long)(after - count));
        between += after != count + said;
        dirty += filemap_leftovers(&killed) > 0;
        assert_int_equal(place_count(&place, MONTH, CELL, 1, &error), BASE_OK);
        count = after + 1;
        filemap_read(&now, place.path);
        history_add_changes(history, &before, &killed);
        history_add_changes(history, &killed, &now);
        history_assert_absent(history, &now);
        filemap_assert_clean(&now);
        assert_int_equal(support_entries("s"), 1);
        filemap_free(&before);
        filemap_free(&killed);
        before = now;
    }
    assert_int_equal(read_cell(), count);
    print_message("%u kills: %u after the count and before it was said, %u left something behind\n",
                  kills, between, dirty);
    filemap_free(&before);
    history_free(history);
    place_free(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed, support_enter, support_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
