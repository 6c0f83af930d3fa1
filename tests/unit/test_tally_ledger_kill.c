/* tally: a child releases in a loop and says so after each; it is killed at any moment. Then the ledger is
 * what it was or has one release more, all its pieces; and the next count leaves nothing of the rest. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filemap.h"
#include "ledger.h"
#include "tavs/secret.h"

enum { CELL = 7, KILLS = 60, LONGEST_US = 30000, NS_A_US = 1000 };

/* Says "." after each release, until it is killed. */
static int release_on(void *context)
{
    const int *pipe_end = context;
    struct record_release *release = ledger_new_release(LEDGER_PIECE_FULL + 1, 5);
    while (ledger_add(release, 1, true) == BASE_OK)
        if (write(*pipe_end, ".", 1) != 1)
            break;
    secret_free(release);
    return 1;
}

static size_t run_and_kill(void)
{
    int ends[2], status;
    char said[1000];
    const struct timespec pause = {.tv_nsec = (long)support_random(LONGEST_US) * NS_A_US};
    size_t count = 0;
    ssize_t got;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = support_start(release_on, &ends[1], 60);
    assert_int_equal(close(ends[1]), 0);
    (void)nanosleep(&pause, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while ((got = read(ends[0], said, sizeof said)) > 0)
        count += (size_t)got;
    assert_int_equal(close(ends[0]), 0);
    return count;
}

/* A release, all its pieces, or none; the counts are what they were; the next write erases the rest. */
static void test_killed(void **state)
{
    const unsigned kills = support_rounds(KILLS);
    size_t count = 0;
    struct base_error error;
    (void)state;
    assert_int_equal(place_count(&ledger_place, LEDGER_MONTH, CELL, 33, &error), BASE_OK);
    for (unsigned i = 0; i < kills; i++) {
        const size_t said = run_and_kill();
        struct tally_ledger *ledger = ledger_read();
        struct filemap now;
        assert_true(ledger->count == count + said || ledger->count == count + said + 1);
        assert_int_equal(ledger->records, 2 * ledger->count);
        count = ledger->count;
        tally_ledger_free(ledger);
        assert_int_equal(place_count(&ledger_place, LEDGER_JANUARY, CELL, 1, &error), BASE_OK);
        filemap_read(&now, ledger_place.path);
        filemap_assert_clean(&now);
        filemap_free(&now);
        assert_int_equal(support_entries("s"), 1);
    }
    print_message("%u kills, %zu releases\n", kills, count);
    struct tally_counts *life = ledger_counts();
    assert_int_equal(life->cells[LEDGER_MONTH - LEDGER_JANUARY][CELL], 33);
    assert_int_equal(life->cells[0][CELL], kills);
    tally_counts_free(life);
    ledger_assert_audit((unsigned)(2 * count));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed, ledger_enter, ledger_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
