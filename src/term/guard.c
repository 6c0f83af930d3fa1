#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "tavs/secret.h"
#include "text.h"

const char term_guard_path[] = "/dev/tty";

/* What becomes of a program that does not catch it (signal(7)). */
enum kind {
    LEFT,  /* nothing, or it can't be caught */
    ENDS,  /* it ends */
    STOPS, /* it lives on, and the question is asked again */
    FAULTS /* it ends where it stands: nothing can be asked of it any more */
};

static enum kind kind_of(int number)
{
    switch (number) {
    case SIGKILL:
    case SIGSTOP:
    case SIGCHLD:
    case SIGURG:
        return LEFT;
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
    case SIGCONT:
    case SIGWINCH:
        return STOPS;
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGSEGV:
    case SIGSYS:
    case SIGTRAP:
        return FAULTS;
    default:
        return ENDS;
    }
}

static volatile sig_atomic_t caught[TERM_GUARD_SIGNALS];

/* The guard whose terminal a fault puts back. */
static struct term_guard *volatile held;

static void note_signal(int number)
{
    caught[number] = 1;
}

/* Only what signal-safety(7) lists. The signal is sent again, to whoever had it before. */
static void put_back(int number)
{
    struct term_guard *guard = held;
    if (guard != NULL && guard->changed) {
        if (guard->mode == TERM_GUARD_LINE)
            (void)tcflush(guard->descriptor, TCIFLUSH);
        if (guard->screen != NULL)
            (void)!write(guard->descriptor, guard->screen->close, strlen(guard->screen->close));
        (void)tcsetattr(guard->descriptor, TCSANOW, &guard->before);
        guard->changed = false;
    }
    if (guard != NULL)
        (void)sigaction(number, &guard->former[number], NULL);
    (void)raise(number);
}

static bool any_caught(void)
{
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++) {
        if (caught[number])
            return true;
    }
    return false;
}

static void let_signals_in(const struct term_guard *guard)
{
    sigprocmask(SIG_SETMASK, &guard->outer, NULL);
}

/* Keeps errno, so that it can follow the system call that the signals were let in for. */
static void keep_signals_out(void)
{
    int os_error = errno;
    sigset_t all;
    sigemptyset(&all);
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++)
        if (kind_of(number) == ENDS || kind_of(number) == STOPS)
            sigaddset(&all, number);
    sigprocmask(SIG_BLOCK, &all, NULL);
    errno = os_error;
}

static void catch_signals(struct term_guard *guard)
{
    struct sigaction note = {.sa_handler = note_signal}, fault = {.sa_handler = put_back};
    sigfillset(&note.sa_mask);
    sigfillset(&fault.sa_mask);
    sigprocmask(SIG_SETMASK, NULL, &guard->outer);
    keep_signals_out();
    held = guard;
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++) {
        const enum kind kind = kind_of(number);
        caught[number] = 0;
        if (kind == LEFT || sigaction(number, NULL, &guard->former[number]) != 0)
            continue; /* the C library keeps some for itself */
        const bool wanted = number != SIGWINCH || guard->screen != NULL;
        if (wanted && guard->former[number].sa_handler != SIG_IGN)
            sigaction(number, kind == FAULTS ? &fault : &note, NULL);
    }
}

/* Sends again what was caught; it takes effect in the last line. */
static void release_signals(const struct term_guard *guard)
{
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++)
        if (kind_of(number) != LEFT)
            sigaction(number, &guard->former[number], NULL);
    held = NULL;
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++) {
        /* To send SIGCONT takes back a stop that waits; without a handler it does nothing else. */
        bool idle = number == SIGCONT && guard->former[number].sa_handler == SIG_DFL;
        if (caught[number] && !idle)
            kill(getpid(), number);
    }
    let_signals_in(guard);
}

/* The mode is set with the signals let in: in a background job the kernel then answers with SIGTTOU
 * and leaves the mode to the job in the foreground. TCSANOW, because the other ways may wait. */
static bool set_mode(struct term_guard *guard, const struct termios *mode)
{
    int result;
    do {
        let_signals_in(guard);
        result = tcsetattr(guard->descriptor, TCSANOW, mode);
        keep_signals_out();
    } while (result != 0 && errno == EINTR && tcgetpgrp(guard->descriptor) == getpgrp());
    return result == 0;
}

void term_guard_drop_input(struct term_guard *guard)
{
    let_signals_in(guard);
    tcflush(guard->descriptor, TCIFLUSH);
    keep_signals_out();
}

static void note_trouble(struct term_guard *guard, int os_error)
{
    if (guard->trouble == TERM_READ_OK) {
        guard->trouble = any_caught() ? TERM_READ_SIGNAL : TERM_READ_FAILED;
        guard->os_error = os_error;
    }
}

/* Begins to count the idle time. The clock goes on while the machine sleeps. */
static void rearm(struct term_guard *guard)
{
    if (guard->timer < 0)
        return;
    const struct itimerspec idle = {.it_value.tv_sec = (time_t)guard->screen->idle_seconds};
    timerfd_settime(guard->timer, 0, &idle, NULL);
}

void term_guard_wake(struct term_guard *guard)
{
    if (guard->trouble == TERM_READ_IDLE)
        guard->trouble = TERM_READ_OK;
    rearm(guard);
}

static void enter(struct term_guard *guard)
{
    guard->trouble = TERM_READ_OK;
    catch_signals(guard);
    if (guard->changed)
        return;
    if (tcgetattr(guard->descriptor, &guard->before) != 0) {
        note_trouble(guard, errno);
        return;
    }
    struct termios mode = guard->before;
    mode.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    /* The terminal would mend a line by bytes, or by characters where it was told so. */
    mode.c_lflag &= ~(tcflag_t)(ICANON | IEXTEN);
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    if (guard->mode == TERM_GUARD_LINE)
        mode.c_iflag = (mode.c_iflag | ICRNL) & ~(tcflag_t)(IGNCR | INLCR);
    else
        mode.c_cc[VINTR] = _POSIX_VDISABLE;
    guard->changed = set_mode(guard, &mode);
    if (!guard->changed)
        note_trouble(guard, errno);
    else if (guard->mode == TERM_GUARD_LINE)
        term_guard_drop_input(guard);
    if (guard->changed && guard->screen != NULL)
        term_guard_write(guard, guard->screen->open);
}

/* True if nothing came but a new size of the terminal. */
static bool only_resized(const struct term_guard *guard)
{
    bool resized = guard->trouble == TERM_READ_SIGNAL;
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++)
        resized = resized && (number == SIGWINCH || !caught[number]);
    return resized;
}

/* Returns true if the question is to be asked again. */
static bool leave(struct term_guard *guard)
{
    if (guard->changed && !only_resized(guard)) {
        /* Half a passphrase must not turn up at the shell's prompt. */
        if (guard->mode == TERM_GUARD_LINE)
            term_guard_drop_input(guard);
        if (guard->screen != NULL)
            term_guard_write(guard, guard->screen->close);
        set_mode(guard, &guard->before);
        guard->changed = false;
    }
    bool again = guard->trouble == TERM_READ_SIGNAL;
    for (int number = 1; number < TERM_GUARD_SIGNALS; number++)
        again = again && (kind_of(number) == STOPS || !caught[number]);
    release_signals(guard);
    return again;
}

static enum base_code open_guard(struct term_guard *guard, struct base_error *error)
{
    guard->descriptor = open(term_guard_path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (guard->descriptor < 0)
        return base_fail(error, BASE_NEEDS_TERMINAL, "%s", "");
    if (guard->screen != NULL && guard->screen->idle_seconds > 0) {
        guard->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
        if (guard->timer < 0) {
            enum base_code code = base_fail_system(error, errno, "timerfd");
            close(guard->descriptor);
            return code;
        }
    }
    rearm(guard);
    return BASE_OK;
}

enum base_code term_guard_run(enum term_guard_mode mode, const struct term_guard_screen *screen,
                              term_guard_task *task, void *context, struct base_error *error)
{
    struct term_guard guard = {.mode = mode, .screen = screen, .timer = -1};
    enum base_code code = open_guard(&guard, error);
    if (code != BASE_OK)
        return code;
    bool again;
    do {
        enter(&guard);
        if (guard.trouble == TERM_READ_OK)
            code = task(&guard, context, error);
        else
            code = term_guard_fail(&guard, guard.trouble, error);
        again = leave(&guard);
    } while (code != BASE_OK && again);
    if (guard.timer >= 0)
        close(guard.timer);
    close(guard.descriptor);
    return code;
}

/* Waits until the terminal is ready for `events`. What came while the signals were let in would not
 * wake it. */
static enum term_read wait_for(struct term_guard *guard, short events, int milliseconds)
{
    if (any_caught()) {
        note_trouble(guard, 0);
        return guard->trouble;
    }
    struct pollfd waited[] = {
        {.fd = guard->descriptor, .events = events},
        {.fd = guard->timer, .events = POLLIN}}; /* one of -1 is passed over */
    struct timespec time = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = milliseconds % 1000 * 1000000L};
    int ready = ppoll(waited, 2, milliseconds < 0 ? NULL : &time, &guard->outer);
    if (ready == 0)
        return TERM_READ_NOTHING;
    if (any_caught() || (ready < 0 && errno != EINTR))
        note_trouble(guard, errno);
    else if (ready > 0 && waited[0].revents == 0)
        guard->trouble = TERM_READ_IDLE;
    return guard->trouble;
}

bool term_guard_has_input(const struct term_guard *guard, int milliseconds)
{
    struct pollfd terminal = {.fd = guard->descriptor, .events = POLLIN};
    return poll(&terminal, 1, milliseconds) == 1 && (terminal.revents & POLLIN) != 0;
}

enum term_read term_guard_read_soon(struct term_guard *guard, char *byte, int milliseconds)
{
    while (guard->trouble == TERM_READ_OK) {
        if (any_caught()) {
            note_trouble(guard, 0);
            break;
        }
        let_signals_in(guard);
        ssize_t count = read(guard->descriptor, byte, 1);
        keep_signals_out();
        if (count == 1) { /* is not lost, whatever was caught */
            rearm(guard);
            return TERM_READ_OK;
        }
        if (any_caught())
            continue;
        if (count == 0) {
            guard->trouble = TERM_READ_END;
        } else if (errno != EAGAIN && errno != EINTR) {
            note_trouble(guard, errno);
        } else {
            enum term_read outcome = wait_for(guard, POLLIN, milliseconds);
            if (outcome == TERM_READ_NOTHING)
                return outcome;
        }
    }
    *byte = '\0';
    return guard->trouble;
}

enum term_read term_guard_read(void *guard, char *byte)
{
    return term_guard_read_soon(guard, byte, -1);
}

void term_guard_write_bytes(struct term_guard *guard, const char *bytes, size_t size)
{
    while (size > 0) {
        let_signals_in(guard);
        ssize_t count = write(guard->descriptor, bytes, size);
        keep_signals_out();
        if (count > 0) {
            bytes += count;
            size -= (size_t)count;
            continue;
        }
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            note_trouble(guard, errno);
        /* A last line feed is tried even in trouble, but not waited for. */
        if (guard->trouble != TERM_READ_OK || wait_for(guard, POLLOUT, -1) != TERM_READ_OK)
            return;
    }
}

void term_guard_write(struct term_guard *guard, const char *utf8)
{
    char bytes[128];
    struct term_text text;
    term_text_open(&text, utf8);
    size_t size;
    while ((size = term_text_next(&text, bytes, sizeof bytes)) > 0)
        term_guard_write_bytes(guard, bytes, size);
    term_text_close(&text);
    secret_wipe(bytes, sizeof bytes); /* which answer was chosen is a secret */
}

enum base_code term_guard_fail(const struct term_guard *guard, enum term_read outcome,
                               struct base_error *error)
{
    if (outcome == TERM_READ_FAILED)
        return base_fail_os(error, guard->os_error, "%s", term_guard_path);
    return base_fail(error, BASE_CANCELLED, "%s", "");
}
