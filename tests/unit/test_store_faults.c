/* store: killed or interrupted at every single write and sync, and every one of them failing.
 * Whatever happens, the file holds what it held before or what was to be written, never a part;
 * what the caller is told is true; and after the next write no trace of anything else is left. */
#include <signal.h>
#include <sys/wait.h>

#include "changes.h"
#include "io_seam.h"
#include "tavs/audit.h"

enum fault {
    NONE,
    KILL_BEFORE,
    KILL_WITHIN, /* half of a write is done */
    INTERRUPT,
    FAIL_ONCE,
    FAIL_FOR_GOOD,
};

static struct {
    enum fault fault;
    int os_error;
    unsigned at; /* the step at which it happens, from 1 */
    unsigned step;
    off_t full; /* if not 0: the disk has no room for bytes from here on */
} plan;
static bool in_child; /* where it happens */

/* Takes a step; true if it fails. */
static bool strikes(void)
{
    if (!in_child || plan.fault == NONE || ++plan.step < plan.at)
        return false;
    if (plan.fault == KILL_BEFORE)
        (void)raise(SIGKILL);
    if (plan.fault == INTERRUPT && plan.step == plan.at)
        (void)raise(plan.at % 2 ? SIGINT : SIGTERM);
    errno = plan.os_error;
    return plan.fault == FAIL_FOR_GOOD || (plan.fault == FAIL_ONCE && plan.step == plan.at);
}

static ssize_t seam_write(int descriptor, const void *bytes, size_t size, off_t offset)
{
    if (in_child && plan.full != 0 && offset + (off_t)size > plan.full) {
        errno = ENOSPC;
        return offset >= plan.full
                   ? -1
                   : system_write(descriptor, bytes, (size_t)(plan.full - offset), offset);
    }
    if (strikes())
        return -1;
    if (in_child && plan.fault == KILL_WITHIN && plan.step == plan.at) {
        (void)system_write(descriptor, bytes, size / 2, offset);
        (void)raise(SIGKILL);
    }
    return system_write(descriptor, bytes, size, offset);
}

static int seam_sync(int descriptor)
{
    return strikes() ? -1 : (int)syscall(SYS_fdatasync, descriptor);
}

/* ---- the child ------------------------------------------------------------------------------- */

static struct change change;

static int enter_with_store(void **state)
{
    int result = support_enter_memory(state);
    if (result == 0)
        change_begin(&change);
    return result;
}

static int leave_with_store(void **state)
{
    change_end(&change);
    return support_leave(state);
}

struct job {
    unsigned changes;
    enum base_code code; /* what the operation said, if it lived */
    unsigned steps;
};

static int do_job(void *context)
{
    struct base_error error = {.code = BASE_OK};
    struct job *job = context;
    in_child = true;
    job->code = change_make(&change, job->changes, &error);
    job->steps = plan.step;
    return 0;
}

/* Returns whether the child was killed, or ended by the interruption. */
static bool run(struct job *job, unsigned changes)
{
    int status = 0;
    *job = (struct job){.changes = changes, .code = BASE_CODES};
    change_restore(&change);
    pid_t child = support_start(do_job, job, 60);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0 && (!WIFSIGNALED(status) || WTERMSIG(status) == SIGALRM))
        fail_msg("step %u: wait status %d", plan.at, status);
    return status != 0;
}

/* LMDB writes half a meta page back where it can't write a new one: a state that never was. */
static void check_older_meta(void)
{
    struct audit_report *report;
    struct base_error error;
    assert_int_equal(audit_file(change.place.path, &report, &error), BASE_OK);
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].code == AUDIT_META_OLDER)
            fail_msg("step %u: the older meta page", plan.at);
    audit_report_free(report);
}

static void check_afterwards(const struct job *job, bool killed)
{
    struct filemap map;
    filemap_read(&map, change.place.path);
    unsigned changes = change_look(&change, &map);
    if (changes != 0 && changes != job->changes)
        fail_msg("step %u: changes %x of %x", plan.at, changes, job->changes);
    if (!killed) {
        bool told = job->code == BASE_OK || job->code == BASE_NOT_ERASED;
        if (told != (changes != 0))
            fail_msg("step %u: code %d, changes %x", plan.at, (int)job->code, changes);
    }
    if (job->code == BASE_OK || (killed && plan.fault == INTERRUPT)) {
        assert_int_equal(changes, job->changes);
        filemap_assert_clean(&map);
    }
    filemap_free(&map);
    if (plan.fault == FAIL_ONCE && job->code != BASE_NOT_ERASED)
        check_older_meta();
    change_check_next(&change);
}

/* One fault at every step in turn, until the operation ends before it comes to that step. */
static void fault_at_every_step(enum fault fault, int os_error, unsigned changes)
{
    enum { LEAST_STEPS = 8 };
    const unsigned stride = support_is_slow() ? 7 : 1;
    struct job *job = support_share(sizeof *job);
    bool struck = true;
    for (unsigned at = 1; struck; at += stride) {
        memset(&plan, 0, sizeof plan);
        plan.fault = fault;
        plan.os_error = os_error;
        plan.at = at;
        bool killed = run(job, changes);
        check_afterwards(job, killed);
        if (!killed && job->code != BASE_OK && job->code != BASE_NOT_ERASED)
            assert_int_equal(job->code, os_error == ENOSPC ? BASE_NO_SPACE : BASE_NOT_WRITTEN);
        struck = killed || job->steps >= at;
    }
    print_message("%u steps\n", job->steps);
    assert_int_equal(job->code, BASE_OK);
    assert_true(job->steps >= LEAST_STEPS);
    support_unshare(job, sizeof *job);
}

static void test_killed_before(void **state)
{
    (void)state;
    fault_at_every_step(KILL_BEFORE, 0, CHANGE_ROW);
    fault_at_every_step(KILL_BEFORE, 0, CHANGE_ALL);
}

static void test_killed_within(void **state)
{
    (void)state;
    fault_at_every_step(KILL_WITHIN, 0, CHANGE_SLOT);
    fault_at_every_step(KILL_WITHIN, 0, CHANGE_ALL);
}

/* Ctrl-C and its kind wait until the commit is erased: who gives up then has counted all the
 * same, and nothing is left. */
static void test_interrupted(void **state)
{
    (void)state;
    fault_at_every_step(INTERRUPT, 0, CHANGE_ROW);
    fault_at_every_step(INTERRUPT, 0, CHANGE_ALL);
}

static void test_one_fails(void **state)
{
    (void)state;
    fault_at_every_step(FAIL_ONCE, EIO, CHANGE_ROW);
    fault_at_every_step(FAIL_ONCE, ENOSPC, CHANGE_ALL);
}

static void test_all_fail_from_then_on(void **state)
{
    (void)state;
    fault_at_every_step(FAIL_FOR_GOOD, ENOSPC, CHANGE_ROW);
    fault_at_every_step(FAIL_FOR_GOOD, EIO, CHANGE_ALL);
}

/* The file can grow by so many bytes and not by one more. */
static void test_disk_full(void **state)
{
    enum { STEP = 2048 + 512 };
    const off_t step = support_is_slow() ? 9 * STEP : STEP;
    struct job *job = support_share(sizeof *job);
    (void)state;
    for (off_t room = 0; job->code != BASE_OK || room == 0; room += step) {
        memset(&plan, 0, sizeof plan);
        plan.full = (off_t)change.before.size + room;
        bool killed = run(job, CHANGE_ALL);
        assert_false(killed);
        assert_true(job->code == (room == 0 ? BASE_NO_SPACE : job->code));
        assert_true(job->code == BASE_OK || job->code == BASE_NO_SPACE);
        check_afterwards(job, killed);
    }
    support_unshare(job, sizeof *job);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_killed_before), TEST(test_killed_within),         TEST(test_interrupted),
        TEST(test_one_fails),     TEST(test_all_fail_from_then_on), TEST(test_disk_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
