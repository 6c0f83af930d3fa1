/* A person at the desk: the program on a terminal of its own. */
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { ROWS = 24, COLUMNS = 80, PATIENCE_MS = 10000, SEEN_BYTES = 1 << 16 };

static pid_t program;
static int terminal;
static char seen[SEEN_BYTES]; /* what the terminal has shown since it was last looked at */
static size_t length;

static void type(const char *keys)
{
    length = 0;
    bench_check(write(terminal, keys, strlen(keys)) == (ssize_t)strlen(keys), "typing");
}

static void wait_for(const char *text)
{
    while (memmem(seen, length, text, strlen(text)) == NULL) {
        struct pollfd ready = {.fd = terminal, .events = POLLIN};
        bench_check(length < sizeof seen && poll(&ready, 1, PATIENCE_MS) == 1, text);
        const ssize_t got = read(terminal, seen + length, sizeof seen - length);
        bench_check(got > 0, text);
        length += (size_t)got;
    }
}

void bench_desk_open(char *const arguments[])
{
    struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
    program = forkpty(&terminal, NULL, NULL, &size);
    bench_check(program >= 0, "forkpty");
    if (program == 0) {
        (void)setenv("TERM", "xterm", 1);
        (void)execv(arguments[0], arguments);
        _exit(EXIT_FAILURE);
    }
    length = 0;
    wait_for("u undoes");
}

void bench_desk_enter(void *line)
{
    type(line);
    wait_for(line);
    type("\r");
    wait_for("Counted:");
}

void bench_desk_close(void)
{
    int status;
    type("q\r");
    bench_check(waitpid(program, &status, 0) == program && status == 0, "leaving the desk");
    (void)close(terminal);
}
