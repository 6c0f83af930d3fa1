/* term: what needs no person at a terminal. The rest is tests/whole/test_term.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "tavs/secret.h"
#include "tavs/term.h"
#include "term/line.h"
#include "term/text.h"

enum { SIZE = 9 }; /* of the buffer: eight bytes fit */

static struct base_error error;

/* ---- secrets from files ---------------------------------------------------------------------- */

struct secret_file {
    const char *content;
    size_t size;
    enum base_code code;
    const char *secret;
};

#define CONTENT(text) text, sizeof(text) - 1

static const struct secret_file files[] = {
    {CONTENT("word\n"), BASE_OK, "word"},
    {CONTENT("word\r\n"), BASE_OK, "word"},
    {CONTENT("word"), BASE_OK, "word"},
    {CONTENT("one\ntwo\n"), BASE_OK, "one"},
    {CONTENT(" a\tb \n"), BASE_OK, " a\tb "},
    {CONTENT("bl\xc3\xa5\n"), BASE_OK, "bl\xc3\xa5"},
    {CONTENT("\xff\xfe\n"), BASE_OK, "\xff\xfe"},
    {CONTENT("a\rb\n"), BASE_OK, "a\rb"},
    {CONTENT("word\r"), BASE_OK, "word\r"},
    {CONTENT("word\r\r\n"), BASE_OK, "word\r"},
    {CONTENT("12345678"), BASE_OK, "12345678"},
    {CONTENT("12345678\n"), BASE_OK, "12345678"},
    {CONTENT("12345678\r\n"), BASE_OK, "12345678"},
    {CONTENT("12345678\r"), BASE_LONG_PASSPHRASE, NULL},
    {CONTENT("123456789"), BASE_LONG_PASSPHRASE, NULL},
    {CONTENT("123456789\n"), BASE_LONG_PASSPHRASE, NULL},
    {CONTENT("1234567890123\n"), BASE_LONG_PASSPHRASE, NULL},
    {CONTENT(""), BASE_EMPTY_PASSPHRASE, NULL},
    {CONTENT("\n"), BASE_EMPTY_PASSPHRASE, NULL},
    {CONTENT("\r\n"), BASE_EMPTY_PASSPHRASE, NULL},
    {CONTENT("\nword\n"), BASE_EMPTY_PASSPHRASE, NULL},
    {CONTENT("wo\0rd\n"), BASE_ZERO_IN_PASSPHRASE, NULL},
    {CONTENT("word\0\n"), BASE_ZERO_IN_PASSPHRASE, NULL},
};

static void put(const char *path, const char *content, size_t size, mode_t mode)
{
    unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, content, size), size);
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static void file_contents(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct secret_file *file = &files[i];
        char buffer[SIZE];
        bool open_to_others = true;
        memset(buffer, 'x', sizeof buffer);
        put("secret", file->content, file->size, 0600);
        error = (struct base_error){0};
        enum base_code code =
            term_read_secret_file("secret", buffer, sizeof buffer, &open_to_others, &error);
        assert_int_equal(code, file->code);
        if (code == BASE_OK) {
            assert_string_equal(buffer, file->secret);
            assert_false(open_to_others);
        } else {
            assert_int_equal(error.code, code);
            assert_string_equal(error.subject, "secret");
            assert_true(base_is_zero((const uint8_t *)buffer, sizeof buffer));
            assert_true(open_to_others);
        }
    }
}

static void file_modes(void **state)
{
    (void)state;
    static const struct {
        mode_t mode;
        bool open;
    } modes[] = {{0600, false}, {0400, false}, {0700, false}, {0640, true},
                 {0604, true},  {0620, true},  {0602, true},  {0601, true}};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        char buffer[SIZE];
        bool open_to_others = !modes[i].open;
        put("secret", "word\n", 5, modes[i].mode);
        assert_int_equal(
            term_read_secret_file("secret", buffer, sizeof buffer, &open_to_others, &error),
            BASE_OK);
        assert_int_equal(open_to_others, modes[i].open);
    }
}

static void file_that_cannot_be_read(void **state)
{
    (void)state;
    char buffer[SIZE] = "before";
    bool open_to_others = true;
    assert_int_equal(
        term_read_secret_file("nowhere", buffer, sizeof buffer, &open_to_others, &error), BASE_IO);
    assert_int_equal(error.os_error, ENOENT);
    assert_string_equal(error.subject, "nowhere");
    assert_true(base_is_zero((const uint8_t *)buffer, sizeof buffer));

    assert_int_equal(term_read_secret_file(".", buffer, sizeof buffer, &open_to_others, &error),
                     BASE_IO);
    assert_int_equal(error.os_error, EISDIR);
    assert_true(open_to_others);
}

static void file_without_an_end(void **state)
{
    (void)state;
    char buffer[SIZE];
    bool open_to_others;
    assert_int_equal(
        term_read_secret_file("/dev/zero", buffer, sizeof buffer, &open_to_others, &error),
        BASE_LONG_PASSPHRASE);
}

/* Runs in a child: standard input is a pipe in which the line arrives in pieces, slowly. */
static int read_slow_pipe(bool waits)
{
    int ends[2];
    const struct timespec pause = {.tv_nsec = 20000000};
    if (pipe(ends) != 0)
        return 10;
    if (!waits)
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pid_t writer = fork();
    if (writer == 0) {
        for (const char *byte = "slow\nnext\n"; *byte != '\0'; byte++) {
            nanosleep(&pause, NULL);
            kill(getppid(), SIGUSR1);
            nanosleep(&pause, NULL);
            if (write(ends[1], byte, 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    dup2(ends[0], STDIN_FILENO);
    char buffer[SIZE], rest[2];
    bool open_to_others;
    int result = 0;
    if (term_read_secret_file("-", buffer, sizeof buffer, &open_to_others, &error) != BASE_OK ||
        strcmp(buffer, "slow") != 0)
        result = 11;
    if (term_read_secret_file("-", buffer, sizeof buffer, &open_to_others, &error) != BASE_OK ||
        strcmp(buffer, "next") != 0)
        result = 12;
    waitpid(writer, NULL, 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return read(ends[0], rest, sizeof rest) == -1 ? result : 13;
}

static void note(int number)
{
    (void)number;
}

static void slow_standard_input(void **state)
{
    (void)state;
    for (int waits = 0; waits <= 1; waits++) {
        pid_t child = fork();
        if (child == 0) {
            const struct sigaction action = {.sa_handler = note}; /* interrupts the read */
            sigaction(SIGUSR1, &action, NULL);
            alarm(20);
            _exit(read_slow_pipe(waits));
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct text_source {
    const char *rest;
    enum term_read at_the_end;
};

static enum term_read next_byte(void *context, char *byte)
{
    struct text_source *source = context;
    if (*source->rest == '\0')
        return source->at_the_end;
    *byte = *source->rest++;
    return TERM_READ_OK;
}

static void lines(void **state)
{
    (void)state;
    char buffer[SIZE];
    struct term_line line;
    struct text_source source = {"one\ntwo", TERM_READ_SIGNAL};
    assert_int_equal(term_line_read(next_byte, &source, buffer, sizeof buffer, &line),
                     TERM_READ_OK);
    assert_string_equal(buffer, "one");
    assert_int_equal(line.length, 3);
    assert_int_equal(term_line_read(next_byte, &source, buffer, sizeof buffer, &line),
                     TERM_READ_SIGNAL);
    assert_string_equal(buffer, "two");

    source = (struct text_source){"123456789rest\n", TERM_READ_END};
    assert_int_equal(term_line_read(next_byte, &source, buffer, sizeof buffer, &line),
                     TERM_READ_OK);
    assert_true(line.too_long);
    assert_string_equal(buffer, "12345678");
    assert_string_equal(source.rest, "rest\n");
}

/* What is left in a vector register is saved on the stack by the next signal, and by the dynamic
 * linker when it resolves a function. */
static void copy_of_a_secret_passes_no_vector_register(void **state)
{
    (void)state;
#ifdef __x86_64__
    enum { SECRET = 24, PIECE = 8, SAVED = 512, VECTORS = 160, VECTOR_BYTES = 256 };
    static char from[SECRET], to[SECRET];
    static _Alignas(16) char registers[SAVED]; /* the layout of FXSAVE */
    for (volatile int i = 0; i < SECRET; i++)
        from[i] = (char)('A' + i);
    __asm__ volatile("fxsave64 %0" : "=m"(registers));
    memset(registers + VECTORS, 0, VECTOR_BYTES);
    __asm__ volatile("fxrstor64 %0"
                     :
                     : "m"(registers)
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    term_copy_secret(to, from, SECRET);
    __asm__ volatile("fxsave64 %0" : "=m"(registers));
    assert_memory_equal(to, from, SECRET);
    assert_null(memmem(registers + VECTORS, VECTOR_BYTES, from, PIECE));
    assert_null(memmem(registers + VECTORS, VECTOR_BYTES, from + SECRET - PIECE, PIECE));
#else
    skip();
#endif
}

/* ---- text ------------------------------------------------------------------------------------ */

/* In pieces of `piece` bytes. */
static void assert_shown(const char *utf8, size_t piece, const char *expected)
{
    char shown[512] = "";
    size_t length = 0, more;
    struct term_text text;
    term_text_open(&text, utf8);
    while ((more = term_text_next(&text, shown + length, piece)) > 0) {
        length += more;
        assert_true(more <= piece && length + piece < sizeof shown);
    }
    term_text_close(&text);
    shown[length] = '\0';
    assert_string_equal(shown, expected);
}

static void text_in_the_charset_of_the_locale(void **state)
{
    (void)state;
    static const char danish[] = "Henvendelse: [p]\xc3\xa5r\xc3\xb8rende";
    for (size_t piece = 8; piece < 100; piece += 7) {
        assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
        assert_shown(danish, piece, danish);
        assert_shown("", piece, "");
        assert_shown("\xff", piece, "\xff");
        assert_non_null(setlocale(LC_CTYPE, "C"));
        assert_shown("plain text of a certain length", piece, "plain text of a certain length");
        assert_shown("", piece, "");
        assert_shown("\xc3\xa6 \xe2\x80\x93", piece, "ae -");
        assert_shown("rødgrød på æblegrød, ÆØÅ å", piece, "roedgroed paa aeblegroed, AeOeAa aa");
        /* What can't be transliterated, and what is no UTF-8, is a question mark each. */
        assert_shown("a\xe6\x97\xa5z", piece, "a?z");
        assert_shown("a\xff\xffz\xc3", piece, "a??z?");
    }
}

/* ---- what the terminal is -------------------------------------------------------------------- */

static void width(void **state)
{
    (void)state;
    int master, slave, ends[2];
    struct winsize size = {.ws_row = 24, .ws_col = 132};
    assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
    assert_int_equal(term_width(slave), 132);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(term_width(ends[1]), 80);
    assert_int_equal(term_width(-1), 80);
    close(master);
    close(slave);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(term_width(slave), 80);
    close(master);
    close(slave);
}

static void colour(void **state)
{
    (void)state;
    int master, slave, ends[2];
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(pipe(ends), 0);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(term_colour_wanted(slave));
    assert_false(term_colour_wanted(ends[1]));
    assert_false(term_colour_wanted(-1));
    setenv("NO_COLOR", "", 1);
    assert_true(term_colour_wanted(slave));
    setenv("NO_COLOR", "0", 1);
    assert_false(term_colour_wanted(slave));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_false(term_colour_wanted(slave));
    unsetenv("TERM");
    assert_false(term_colour_wanted(slave));
    close(master);
    close(slave);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(file_contents, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(file_modes, scratch_enter, scratch_leave),
        cmocka_unit_test_setup_teardown(file_that_cannot_be_read, scratch_enter, scratch_leave),
        cmocka_unit_test(file_without_an_end),
        cmocka_unit_test(slow_standard_input),
        cmocka_unit_test(lines),
        cmocka_unit_test(copy_of_a_secret_passes_no_vector_register),
        cmocka_unit_test(text_in_the_charset_of_the_locale),
        cmocka_unit_test(width),
        cmocka_unit_test(colour),
    };
    if (secret_harden(&error) != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
