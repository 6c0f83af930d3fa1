/* The guard: the terminal in another mode, and put back whatever happens.
 *
 * How: while a question is open, the guarded signals are blocked and have handlers that only set a
 * flag. They are let in at two places: around each system call on the terminal, none of which waits
 * (the terminal is opened O_NONBLOCK), and in ppoll, which unblocks them and waits in one step. So
 * no signal is missed between a look at the flags and the wait. When the question is done or was
 * interrupted, the mode and the former handlers are put back, what was caught is sent again, and
 * then the signals are unblocked.
 *
 * SIGCONT is watched as well: SIGSTOP can't be caught, and a shell may have put its own mode in place, with the
 * echo on. SIGWINCH is watched where there is a screen. A fault (SIGSEGV, SIGABRT …) can't wait: its handler puts the
 * mode back and sends it again.
 */
#ifndef TAVS_TERM_GUARD_H
#define TAVS_TERM_GUARD_H

#include <signal.h>
#include <termios.h>

#include "line.h"
#include "tavs/base.h"

enum term_guard_mode {
    TERM_GUARD_LINE, /* lines key by key, no echo; other input is dropped at the beginning and end */
    TERM_GUARD_KEYS, /* single keys, no echo; Ctrl-C is a key; nothing is dropped */
};

/* For a task that draws on the whole screen and stays for long. */
struct term_guard_screen {
    const char *open, *close; /* written first, and last whatever happens (ASCII) */
    unsigned idle_seconds;    /* without a key; then reads answer TERM_READ_IDLE */
};

enum { TERM_GUARD_SIGNALS = 65 }; /* one more than the last (Linux, asm/signal.h) */

struct term_guard {
    int descriptor;
    enum term_guard_mode mode;
    const struct term_guard_screen *screen; /* or NULL */
    int timer;                              /* a timerfd(2), or -1 */
    bool changed;                           /* the terminal is in our mode */
    enum term_read trouble;                 /* TERM_READ_OK, or what all further reads answer */
    int os_error;                           /* of TERM_READ_FAILED */
    struct termios before;
    sigset_t outer;                              /* the caller's signal mask */
    struct sigaction former[TERM_GUARD_SIGNALS]; /* by number */
};

/* Asks the question. A failure of a read is turned into a code with term_guard_fail; all secrets
 * are wiped before it returns anything but BASE_OK. */
typedef enum base_code term_guard_task(struct term_guard *guard, void *context,
                                       struct base_error *error);

/* Opens /dev/tty and runs `task` with the terminal in `mode`; again, from the beginning, each time
 * the program was stopped meanwhile, and with a `screen` (which may be NULL) also each time the
 * size of the terminal changed. */
enum base_code term_guard_run(enum term_guard_mode mode, const struct term_guard_screen *screen,
                              term_guard_task *task, void *context, struct base_error *error);

/* Writes UTF-8 text. What goes wrong is what the next read answers. */
void term_guard_write(struct term_guard *guard, const char *utf8);

/* The same for bytes in the terminal's charset. */
void term_guard_write_bytes(struct term_guard *guard, const char *bytes, size_t size);

/* A term_reader: `guard` is a struct term_guard. Waits as long as it takes. */
enum term_read term_guard_read(void *guard, char *byte);

/* Waits at most `milliseconds`; then TERM_READ_NOTHING. */
enum term_read term_guard_read_soon(struct term_guard *guard, char *byte, int milliseconds);

/* True if a byte waits now or comes within `milliseconds`. Lets no signals in. */
bool term_guard_has_input(const struct term_guard *guard, int milliseconds);

/* After TERM_READ_IDLE: reads go on, and so does the time. */
void term_guard_wake(struct term_guard *guard);

/* Drops what was typed ahead. */
void term_guard_drop_input(struct term_guard *guard);

/* The code for an outcome that is not TERM_READ_OK: BASE_IO or its like, else BASE_CANCELLED. */
enum base_code term_guard_fail(const struct term_guard *guard, enum term_read outcome,
                               struct base_error *error);

/* What errors of the terminal name. */
extern const char term_guard_path[];

#endif
