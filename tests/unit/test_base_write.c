/* base: writing all, whatever interrupts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tavs/base.h"

static void test_write_failures(void **state)
{
    struct base_error error;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    assert_true(full >= 0);
    assert_int_equal(base_write_all(full, "x", 1, "p", &error), BASE_NO_SPACE);
    assert_int_equal(error.os_error, ENOSPC);
    assert_string_equal(error.subject, "p");
    assert_int_equal(base_write_all(full, "", 0, "p", &error), BASE_OK);
    close(full);
    assert_int_equal(base_write_all(-1, "x", 1, "q", &error), BASE_NOT_WRITTEN);
    assert_int_equal(error.os_error, EBADF);
    assert_string_equal(error.subject, "q");
}

static volatile sig_atomic_t alarms;

/* Each time a little later: a machine that takes long for a signal gets something done all the same. */
static void ring_again(void)
{
    enum { SOONEST = 700, LATER = 50, LATEST = 500000 }; /* microseconds */
    const long wait = SOONEST + LATER * (long)alarms;
    const struct itimerval once = {{0, 0}, {0, wait < LATEST ? wait : LATEST}};
    setitimer(ITIMER_REAL, &once, NULL);
}

static void on_alarm(int number)
{
    (void)number;
    alarms++;
    ring_again();
}

enum { PIPED = 1 << 20 };

static uint8_t piped_byte(size_t at)
{
    return (uint8_t)(at * 31 + (at >> 9));
}

/* Reads slowly what comes through the pipe; 0 if it is what was to come. */
static int read_slowly(int from)
{
    uint8_t bytes[16384];
    size_t at = 0;
    ssize_t size;

    while ((size = read(from, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < size; i++, at++) {
            if (at >= PIPED || bytes[i] != piped_byte(at))
                return 1;
        }
        usleep(1000);
    }
    return size < 0 || at != PIPED;
}

/* To a slow reader, with a signal every now and then, blocking and not. */
static void test_write_through_interruptions(void **state)
{
    struct sigaction action = {.sa_handler = on_alarm}, before;
    const struct itimerval never = {{0, 0}, {0, 0}};
    static uint8_t bytes[PIPED];

    (void)state;
    for (size_t i = 0; i < PIPED; i++)
        bytes[i] = piped_byte(i);
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        struct base_error error;
        int ends[2], status;

        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[1]);
            _exit(read_slowly(ends[0]));
        }
        close(ends[0]);
        assert_int_equal(fcntl(ends[1], F_SETFL, flags), 0);
        alarms = 0;
        sigaction(SIGALRM, &action, &before);
        ring_again();
        assert_int_equal(base_write_all(ends[1], bytes, PIPED, "pipe", &error), BASE_OK);
        setitimer(ITIMER_REAL, &never, NULL);
        sigaction(SIGALRM, &before, NULL);
        close(ends[1]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_true(alarms > 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_failures),
        cmocka_unit_test(test_write_through_interruptions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
