/* traces: made-up home folders and the command lines in them; none is found in a clean one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tavs/secret.h"
#include "traced.h"
#include "traces/inside.h"

/* ---- nothing ---- */

static void test_clean(void **state)
{
    (void)state;
    traced_assert_clean();
    struct traces_report *report = traced_find();
    assert_int_equal(traced_count(report, TRACES_NO_HISTORY, traced_at("home"), 0), 1);
    assert_int_equal(traced_count(report, TRACES_FOLDER_CLEAR, traced_at("work"), 0), 1);
    assert_int_equal(traced_count(report, TRACES_FOLDER_CLEAR, traced_at("tmp"), 0), 1);
    traces_free(report);

    /* What a home folder may well hold. */
    static const char *const harmless[] = {"home/.bash_history",
                                           "home/.viminfo",
                                           "home/.lesshst",
                                           "home/notes.txt~",
                                           "home/.cache/zsh/history",
                                           "home/.local/share/fish/fish_history",
                                           "work/report-2026.md",
                                           "work/old/figures.csv",
                                           "work/other.mdb",
                                           "work/.bashrc.backup",
                                           "work/.session.123456",
                                           "work/corex",
                                           "work/password-rules.d/readme",
                                           "tmp/tavs.mdb.txt",
                                           "tmp/core",
                                           "home/.local/share/Trash/files/tavs.mdb.gz"};
    static const char text[] =
        "tavs log\ntavs login web\ngit log\n- cmd: tavs log\n  when: 1700000000\n";
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        traced_put(harmless[i], text);
    uint8_t other_id[KEYS_STORE_ID_BYTES];
    secret_random(other_id, sizeof other_id);
    traced_put_store("work/tavs.mdb2", other_id);
    traced_put_store("tmp/tavs.mdb", other_id);
    traced_assert_clean();
}

static void test_no_store(void **state)
{
    struct traces_report *report = NULL;
    struct base_error error;
    (void)state;
    assert_int_equal(traces_find("work/none.mdb", traced_id, &report, &error), BASE_STORE_MISSING);
    assert_int_equal(traces_find("work/tavs.mdb/none", traced_id, &report, &error),
                     BASE_STORE_MISSING);
    assert_int_equal(traces_find("work", traced_id, &report, &error), BASE_STORE_NOT_FILE);
    assert_null(report);
}

/* ---- histories ---- */

/* Files that the shells themselves wrote; the lines that tell of a contact. */
static const struct {
    const char *file, *place;
    bool timed;
    unsigned lines[8];
} samples[] = {
    {"bash_history", "home/.bash_history", false, {1, 3, 4, 5, 8, 9}},
    {"bash_history_timed", "home/.bash_history", true, {2, 6, 8, 10, 16, 18}},
    {"zsh_history", "home/.histfile", false, {1, 3, 4, 6, 11, 12}},
    {"zsh_history_extended", "home/.zsh_history", true, {1, 3, 4, 6, 11, 12}},
    {"fish_history", "home/.local/share/fish/fish_history", true, {1, 5, 7, 9, 15, 17}},
    {"tcsh_history", "home/.history", true, {2, 6, 8, 12, 20, 22}},
    {"ksh_history", "home/.sh_history", false, {1, 3, 4, 7, 11, 12}},
    {"mksh_history", "home/.mksh_history", false, {1, 3, 4}},
};

static void put_sample(const char *file, const char *place)
{
    char path[PATH_MAX];
    size_t size;
    snprintf(path, sizeof path, TESTS_DIR "/traces/%s", file);
    uint8_t *bytes = support_read_file(path, &size);
    traced_put_bytes(place, bytes, size);
    free(bytes);
}

static void check_lines(const char *place, bool timed, const unsigned *lines)
{
    struct traces_report *report = traced_find();
    const enum traces_kind kind = timed ? TRACES_HISTORY_TIMED : TRACES_HISTORY;
    uint64_t expected = 0;
    for (; lines[expected] != 0; expected++)
        if (traced_count(report, kind, traced_at(place), lines[expected]) == 0) {
            traced_print(report);
            fail_msg("%s, line %u: not found", place, lines[expected]);
        }
    if (report->totals[TRACES_FOUND] < expected) {
        traced_print(report);
        fail_msg("%s: too few", place);
    }
    for (size_t i = 0; i < report->count; i++) {
        bool is_expected = false;
        for (size_t j = 0; j < expected; j++)
            is_expected = is_expected || report->traces[i].line == lines[j];
        if (!is_expected && report->traces[i].line != 0) {
            traced_print(report);
            fail_msg("%s: line %u", place, (unsigned)report->traces[i].line);
        }
    }
    traces_free(report);
}

static void test_histories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        put_sample(samples[i].file, samples[i].place);
        check_lines(samples[i].place, samples[i].timed, samples[i].lines);
        assert_int_equal(unlink(samples[i].place), 0);
    }
}

/* Only lines with words are traces; a time beside one is said. */
static void test_times(void **state)
{
    static const char *const timed[] = {
        "#1700000000\ntavs log phone user\n", "#1700000000\nls\n#1700000001\ntavs log phone user\n",
        "#+1700000000\ntavs log phone user\n", ": 1700000000:0;tavs log phone user\n",
        "- cmd: tavs log phone user\n  when: 1700000000\n"};
    static const char *const untimed[] = {"tavs log phone user",
                                          "#17a\ntavs log phone user\n",
                                          "#\ntavs log phone user\n",
                                          ": 1700000000:;tavs log phone user\n",
                                          ": 17;tavs log phone user\n",
                                          "tavs log phone user\n#1700000000\nls\n",
                                          "- cmd: tavs log phone user\n- cmd: ls\n  when: 1\n"};
    (void)state;
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        traced_put("home/.bash_history", timed[i]);
        const unsigned lines[2] = {i == 1 ? 4 : i == 0 || i == 2 ? 2 : 1};
        check_lines("home/.bash_history", true, lines);
    }
    for (size_t i = 0; i < sizeof untimed / sizeof *untimed; i++) {
        traced_put("home/.bash_history", untimed[i]);
        const unsigned lines[2] = {i == 1 || i == 2 ? 2 : 1};
        check_lines("home/.bash_history", false, lines);
    }
}

static const char telling[] = "ls\ntavs log phone user\n";

static void assert_found_and_remove(const char *path)
{
    traced_put(path, telling);
    traced_assert_only(TRACES_HISTORY, traced_at(path), 2);
    assert_int_equal(unlink(path), 0);
}

static void test_usual_places(void **state)
{
    static const char *const places[] = {"home/.bash_history",
                                         "home/.bash_history-01234.tmp",
                                         "home/.bash_history~",
                                         "home/.zsh_history",
                                         "home/.histfile",
                                         "home/.zhistory",
                                         "home/.history",
                                         "home/.sh_history",
                                         "home/.mksh_history",
                                         "home/.ash_history",
                                         "home/.local/share/fish/fish_history",
                                         "home/.local/share/fish/work_history",
                                         "home/.config/fish/fish_history",
                                         "home/.config/zsh/.zsh_history",
                                         "home/.local/state/zsh/history",
                                         "home/.local/state/bash/history",
                                         "home/.cache/zsh/history",
                                         "home/.config/nushell/history.txt"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        assert_found_and_remove(places[i]);
}

static void test_places_of_environment(void **state)
{
    (void)state;
    setenv("HISTFILE", traced_at("elsewhere/any-name"), 1);
    assert_found_and_remove("elsewhere/any-name");
    assert_found_and_remove("home/.bash_history");
    setenv("HISTFILE", "relative", 1);
    traced_put("relative", telling);
    struct traces_report *report = traced_find();
    assert_int_equal(traced_count(report, TRACES_HISTORY, "relative", 2), 1);
    traces_free(report);
    unsetenv("HISTFILE");

    setenv("ZDOTDIR", traced_at("zsh"), 1);
    assert_found_and_remove("zsh/.zsh_history");
    unsetenv("ZDOTDIR");
    setenv("XDG_DATA_HOME", traced_at("data"), 1);
    assert_found_and_remove("data/fish/fish_history");
    assert_found_and_remove("home/.local/share/fish/fish_history");
    setenv("XDG_STATE_HOME", traced_at("state"), 1);
    assert_found_and_remove("state/zsh/history");
    setenv("XDG_CACHE_HOME", traced_at("cache"), 1);
    assert_found_and_remove("cache/zsh/history");
    setenv("XDG_CONFIG_HOME", traced_at("config"), 1);
    assert_found_and_remove("config/fish/fish_history");
}

/* By several names, through a link, or by a variable that says what is usual anyway. */
static void test_said_once(void **state)
{
    struct traces_report *report;
    (void)state;
    traced_put("home/.bash_history", telling);
    assert_int_equal(symlink(".bash_history", "home/.zsh_history"), 0);
    assert_int_equal(link("home/.bash_history", "home/.histfile"), 0);
    setenv("HISTFILE", traced_at("home/.bash_history"), 1);
    setenv("XDG_DATA_HOME", traced_at("home/.local/share"), 1);
    traced_put("home/.local/share/fish/fish_history", telling);
    report = traced_find();
    assert_int_equal(report->totals[TRACES_FOUND], 2);
    assert_int_equal(traced_count(report, TRACES_HISTORY, traced_at("home/.bash_history"), 2), 1);
    traces_free(report);
}

static void test_links_and_others(void **state)
{
    (void)state;
    assert_int_equal(symlink("/dev/null", "home/.bash_history"), 0);
    assert_int_equal(symlink("none", "home/.zsh_history"), 0);
    assert_int_equal(symlink(".histfile", "home/.histfile"), 0);
    assert_int_equal(mkfifo("home/.sh_history", S_IRUSR | S_IWUSR), 0);
    assert_int_equal(mkdir("home/.history", S_IRWXU), 0);
    struct traces_report *report = traced_find();
    assert_int_equal(report->totals[TRACES_FOUND], 0);
    assert_int_equal(traced_count(report, TRACES_UNREADABLE, traced_at("home/.histfile"), 0), 1);
    traces_free(report);

    traced_put("elsewhere/history", telling);
    assert_int_equal(symlink("../elsewhere/history", "home/.ash_history"), 0);
    report = traced_find();
    assert_int_equal(traced_count(report, TRACES_HISTORY, traced_at("home/.ash_history"), 2), 1);
    traces_free(report);
}

/* Somebody else's home folder: the environment is not about it. */
static void test_home_of_other(void **state)
{
    struct traces_report report = {0};
    struct search search = {.root = "", .entries_left = 1000, .report = &report};
    struct base_error error;
    (void)state;
    traced_put("other/.bash_history", telling);
    traced_put("data/fish/fish_history", telling);
    traced_put("elsewhere/history", telling);
    setenv("XDG_DATA_HOME", traced_at("data"), 1);
    setenv("HISTFILE", traced_at("elsewhere/history"), 1);
    const struct home other = {traced_at("other"), false};
    assert_int_equal(look_at_shells(&search, other, &error), BASE_OK);
    assert_int_equal(report.count, 1);
    assert_string_equal(report.traces[0].path, traced_at("other/.bash_history"));
    free((char *)report.traces[0].path);
    free((char *)report.traces[0].detail);
    free(report.traces);
    free(search.read);
}

enum { OUT_OF_REACH = 77 };

static int look_as_nobody(void *context)
{
    (void)context;
    support_become_nobody();
    if (access(traced_at("home"), F_OK) != 0) /* nobody may not even come here */
        return OUT_OF_REACH;
    struct traces_report *report = traced_find();
    const bool said =
        traced_count(report, TRACES_UNREADABLE, traced_at("home/.bash_history"), 0) == 1 &&
        traced_count(report, TRACES_UNREADABLE, traced_at("home/.cache/zsh"), 0) == 1 &&
        traced_count(report, TRACES_NO_HISTORY, traced_at("home"), 0) == 0;
    traces_free(report);
    return said ? 0 : 1;
}

static void test_unreadable(void **state)
{
    enum { SECONDS = 60 };
    (void)state;
    traced_put("home/.bash_history", telling);
    traced_put("home/.cache/zsh/history", telling);
    assert_int_equal(chmod("home/.bash_history", 0), 0);
    assert_int_equal(chmod("home/.cache/zsh", 0), 0);
    support_give_to_nobody();
    const int status = support_child(look_as_nobody, NULL, SECONDS);
    if (status == OUT_OF_REACH)
        skip();
    assert_int_equal(status, 0);
}

/* What is beyond 64 MiB is not read, and that is said. */
static void test_too_large(void **state)
{
    (void)state;
    traced_put("home/.bash_history", telling);
    assert_int_equal(truncate("home/.bash_history", TRACES_MOST_BYTES), 0);
    traced_assert_only(TRACES_HISTORY, traced_at("home/.bash_history"), 2);
    assert_int_equal(truncate("home/.bash_history", TRACES_MOST_BYTES + 1), 0);
    struct traces_report *report = traced_find();
    assert_int_equal(traced_count(report, TRACES_TOO_LARGE, traced_at("home/.bash_history"), 0), 1);
    assert_int_equal(traced_count(report, TRACES_HISTORY, traced_at("home/.bash_history"), 2), 1);
    traces_free(report);
}

/* All are counted, and not all are kept. */
static void test_many(void **state)
{
    enum { MANY = TRACES_MOST_KEPT + 500 };
    static const char line[] = "tavs log p u\n";
    char *text = malloc((size_t)MANY * (sizeof line - 1));
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < MANY; i++)
        memcpy(text + i * (sizeof line - 1), line, sizeof line - 1);
    traced_put_bytes("home/.bash_history", text, (size_t)MANY * (sizeof line - 1));
    free(text);
    struct traces_report *report = traced_find();
    assert_int_equal(report->totals[TRACES_FOUND], MANY);
    assert_int_equal(report->count, TRACES_MOST_KEPT);
    assert_int_equal(traced_count(report, TRACES_HISTORY, traced_at("home/.bash_history"), 9000),
                     1);
    traces_free(report);
}

/* Any bytes: nothing is read past their end, and it ends. */
static void test_any_bytes(void **state)
{
    enum { ROUNDS = 300, MOST = 600 };
    static const char *const pieces[] = {
        "tavs ",  "log ",    "phone ",  "\\", "\n", "\x83",     "\xff", "#1\n",
        ": 1:0;", "- cmd: ", "  when:", "\0", "'",  "\xab\xcd", ">"};
    char bytes[MOST + 16];
    (void)state;
    for (unsigned round = 0; round < support_rounds(ROUNDS); round++) {
        size_t size = 0;
        while (size < support_random(MOST)) {
            const char *piece = pieces[support_random(sizeof pieces / sizeof *pieces)];
            const size_t length = *piece == '\0' ? 1 : strlen(piece);
            memcpy(bytes + size, piece, length);
            size += length;
        }
        traced_put_bytes("home/.bash_history", bytes, size);
        traces_free(traced_find());
    }
}

/* Names are printed to terminals and written to records. */
static void test_names(void **state)
{
    (void)state;
    traced_put("home/.bash_history\x1b[2J\xff\xc3\x28 \xc3\xa6\xe2\x82\xac\xed\xa0\x80", telling);
    traced_assert_only(
        TRACES_HISTORY,
        traced_at("home/.bash_history\\x1b[2J\\xff\\xc3( \xc3\xa6\xe2\x82\xac\\xed\\xa0\\x80"), 2);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, traced_enter, traced_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_clean),         TEST(test_no_store),
        TEST(test_histories),     TEST(test_times),
        TEST(test_usual_places),  TEST(test_places_of_environment),
        TEST(test_said_once),     TEST(test_links_and_others),
        TEST(test_home_of_other), TEST(test_unreadable),
        TEST(test_too_large),     TEST(test_many),
        TEST(test_any_bytes),     TEST(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
