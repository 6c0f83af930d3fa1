/* traces: which command lines tell of a contact, and which only look like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "traces/inside.h"

/* In memory that ends with the text, so that a sanitizer sees who reads past it. */
static bool tells(const char *text, enum command_reading reading)
{
    const size_t size = strlen(text);
    char *exact = malloc(size == 0 ? 1 : size);
    assert_non_null(exact);
    memcpy(exact, text, size);
    const bool result = command_tells(exact, size, reading);
    free(exact);
    return result;
}

static void check(bool expected, enum command_reading reading, const char *const *lines)
{
    for (; *lines != NULL; lines++)
        if (tells(*lines, reading) != expected)
            fail_msg("%s: expected %s", *lines, expected ? "a trace" : "none");
}

static void test_contacts(void **state)
{
    static const char *const lines[] = {
        "tavs log phone relative",
        "tavs log p r 2",
        "tavs retract web user",
        "tavs log telefon pårørende",
        "tavs log Hjemmeside bruger 5",
        "/usr/local/bin/tavs log phone user",
        "./build/tavs log phone user",
        "~/bin/tavs log phone user",
        "\ttavs\tlog\tphone\tuser",
        "tavs 'log' \"phone\" user",
        "\"tavs\" log phone user",
        "tavs log \\\n phone user",
        "tavs log phone \\",
        "tavs log typing-error user",
        "tavs log # about Jens",
        "#tavs log phone relative",
        "# tavs log phone relative",
        NULL,
    };
    (void)state;
    check(true, COMMAND_SHELL, lines);
}

static void test_options(void **state)
{
    static const char *const lines[] = {
        "tavs --store /srv/a.mdb log phone user",
        "tavs --store=/srv/a.mdb --lang da log t b",
        "tavs -s /srv/a.mdb -l da log t b",
        "tavs -s/srv/a.mdb -lda log t b",
        "tavs --st a.mdb log phone user",
        "tavs log --month 2026-03 phone user",
        "tavs log --month=2026-03 phone user",
        "tavs log -m 2026-03 -n 7 phone user",
        "tavs log -qn 7 phone user",
        "tavs log phone user --count 7",
        "tavs log --quiet phone user",
        "tavs log -- phone user",
        "tavs -- log phone user",
        NULL,
    };
    static const char *const none[] = {
        "tavs --store log",
        "tavs --store log phone user", /* the store is called log */
        "tavs log --month 2026-03",
        "tavs log --mon 2026-03",
        "tavs log -m 2026-03 -n 7",
        "tavs log -qn 7",
        "tavs log --month=2026-03 -q",
        "tavs log --store /srv/a.mdb",
        "tavs log --",
        NULL,
    };
    (void)state;
    check(true, COMMAND_SHELL, lines);
    check(false, COMMAND_SHELL, none);
}

static void test_what_stands_before(void **state)
{
    static const char *const lines[] = {
        "sudo tavs log typo user",
        "sudo -u anna tavs log typo user",
        "env LC_ALL=C tavs log typo user",
        "LC_ALL=da_DK.UTF-8 TAVS_STORE=/srv/a.mdb tavs log typo user",
        "time tavs log typo user",
        "time -p tavs log typo user",
        "nohup nice -n 5 tavs log typo user",
        "cd /srv; tavs log typo user",
        "cd /srv;tavs log typo user",
        "cd /srv && tavs log typo user",
        "false || tavs log typo user",
        "yes | tavs log typo user",
        "sleep 60 & tavs log typo user",
        "(tavs log typo user)",
        "{ tavs log typo user; }",
        "echo $(tavs log typo user)",
        "echo `tavs log typo user`",
        "! tavs log typo user",
        "if tavs log typo user; then echo ok; fi",
        "for i in 1 2 3; do tavs log typo $i; done",
        "while read c p; do tavs log $c $p; done <list",
        "bash -c 'tavs log typo user'",
        "/bin/sh -c \"cd /srv; tavs log typo user\"",
        "ssh desk tavs log typo user",
        "ssh desk 'tavs log typo user'",
        "watch -n 3600 tavs log typo user",
        "eval tavs log typo user",
        "begin; tavs log typo user; end",
        "case $x in a) tavs log typo user;; esac",
        "first\ntavs log typo user",
        /* Not by themselves, but with a word of the codebook. */
        "strange-runner tavs log phone user",
        "alias t='tavs log phone'",
        "echo 'tavs log phone user' >> list",
        NULL,
    };
    (void)state;
    check(true, COMMAND_SHELL, lines);
}

static void test_false_friends(void **state)
{
    static const char *const lines[] = {
        "",
        "tavs",
        "tavs ",
        "tavs log",
        "tavs log ",
        "tavs log;",
        "tavs log; echo phone",
        "tavs log && tavs show 2026",
        "tavs log & phone",
        "tavs log | tee phone",
        "(tavs log)",
        "{ tavs log }",
        "tavs log >/dev/null",
        "tavs log > phone",
        "tavs log 2> phone",
        "tavs log >/dev/null 2>&1",
        "tavs log <phone",
        "tavs log ''",
        "tavs log --help",
        "tavs log -h",
        "tavs --help log",
        "tavs help log",
        "tavs help log phone",
        "tavs login phone",
        "tavs logs phone",
        "tavs logout",
        "tavs Log phone",
        "tavs show 2026-11 --by channel",
        "tavs export 2026 log phone",
        "echo tavs logbook",
        "git log",
        "git log phone user",
        "mytavs log phone user",
        "tavs-scan log phone user",
        "tavs.mdb log phone user",
        "tavsa log phone user",
        "octavs log phone user",
        "_tavs log phone user",
        "gåtavs log phone user",
        "TAVS log phone user",
        "cd tavs; log phone user",
        "cat tavs log.txt",
        "ls tavs log build",
        "grep -r tavs log src",
        "grep \"tavs log\" ~/.bash_history",
        "man tavs | grep log",
        "git commit -m 'tavs log is said once'",
        "alias t='tavs log'",
        "vim src/tavs/log.c",
        "log phone user",
        NULL,
    };
    (void)state;
    check(false, COMMAND_SHELL, lines);
}

static void test_anything_else(void **state)
{
    static const char *const lines[] = {
        "|3,0,1,1,1,0,1700000000,\"tavs log phone relative\"",
        ":!tavs log phone relative",
        "exit 0tavs log phone relative/home/anna",
        "\x01\x02tavs log t b\x03",
        "xtavs retract web user",
        NULL,
    };
    static const char *const none[] = {
        "tavs log asks, one key each, and mail is one of them",
        "the command tavs log without words",
        "run 'tavs log' in the morning",
        "tavs log typo user",
        NULL,
    };
    (void)state;
    check(true, COMMAND_LOOSE, lines);
    check(false, COMMAND_LOOSE, none);
}

/* A zero byte ends a command; text is taken as long as it is told to be. */
static void test_zero_bytes(void **state)
{
    static const char before[] = "other\0tavs log phone user";
    static const char within[] = "tavs log\0phone user";
    (void)state;
    assert_true(command_tells(before, sizeof before - 1, COMMAND_SHELL));
    assert_false(command_tells(within, sizeof within - 1, COMMAND_SHELL));
}

/* Time is linear, whatever a line holds: where it is not, the runner's limit ends the test. */
static void test_long_lines(void **state)
{
    static const char *const parts[] = {"tavs ",        "tavs log typo ", "tavs <",    "tavs -x ",
                                        "tavs log -x ", "tavs \\\n",      "tavs '\" ", "x=tavs "};
    enum { MOST_BYTES = 1 << 19, LEAST_BYTES = 1 << 14 };
    const bool slow = getenv("TAVS_VALGRIND") != NULL || getenv("TAVS_SLOW_MACHINE") != NULL;
    const size_t bytes = slow ? LEAST_BYTES : MOST_BYTES;
    char *line = malloc(bytes);
    (void)state;
    assert_non_null(line);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const size_t length = strlen(parts[i]);
        memset(line, ' ', bytes);
        for (size_t at = 0; at + length <= bytes; at += length)
            memcpy(line + at, parts[i], length);
        (void)command_tells(line, bytes, COMMAND_LOOSE);
        memcpy(line, "grep ", 5);
        (void)command_tells(line, bytes, COMMAND_SHELL);
        static const char end[] = "; tavs log phone x";
        memcpy(line + bytes - (sizeof end - 1), end, sizeof end - 1);
        assert_true(command_tells(line, bytes, COMMAND_SHELL));
    }
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contacts),           cmocka_unit_test(test_options),
        cmocka_unit_test(test_what_stands_before), cmocka_unit_test(test_false_friends),
        cmocka_unit_test(test_anything_else),      cmocka_unit_test(test_zero_bytes),
        cmocka_unit_test(test_long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
