/* traces: who may get at the store and at keys; what is said to people. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "traced.h"

static void test_modes(void **state)
{
    static const mode_t modes[] = {0640, 0620, 0610, 0604, 0602, 0601};
    (void)state;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(traced_store, modes[i]), 0);
        traced_assert_only(TRACES_STORE_MODE, traced_at(traced_store), 0);
    }
    assert_int_equal(chmod(traced_store, 0600), 0);
    assert_int_equal(chmod("work", 0702), 0);
    traced_assert_only(TRACES_FOLDER_WRITABLE, traced_at("work"), 0);
    assert_int_equal(chmod("work", 01702), 0); /* as /tmp */
    traced_assert_clean();
    assert_int_equal(chmod("work", 0755), 0);
    traced_assert_clean(); /* for the folder above keeps others out */
    assert_int_equal(chmod(".", 0722), 0);
    traced_assert_only(TRACES_FOLDER_WRITABLE, traced_at("."), 0);
}

/* With a way in for others, which needs one in each folder above. */
static void test_visible(void **state)
{
    char folder[] = "/tmp/tavs-visible.XXXXXX", path[PATH_MAX];
    struct base_error error;
    struct traces_report *report;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/tavs.mdb", folder);
    traced_put_store(path, traced_id);
    for (unsigned open_to_all = 0; open_to_all < 2; open_to_all++) {
        assert_int_equal(chmod(folder, open_to_all ? 0711 : 0766), 0);
        assert_int_equal(traces_find(path, traced_id, &report, &error), BASE_OK);
        assert_int_equal(traced_count(report, TRACES_FOLDER_VISIBLE, folder, 0), open_to_all);
        traces_free(report);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

enum { OUT_OF_REACH = 77 };

static int look_at_foreign_folder(void *context)
{
    (void)context;
    support_become_nobody();
    if (access(traced_at("home"), F_OK) != 0) /* nobody may not even come here */
        return OUT_OF_REACH;
    struct traces_report *report = traced_find();
    const unsigned found = traced_count(report, TRACES_FOLDER_WRITABLE, traced_at("work"), 0) * 2 +
                           traced_count(report, TRACES_STORE_OWNER, traced_at(traced_store), 0);
    traces_free(report);
    return (int)found;
}

/* Whoever owns a folder may replace what is in it. */
static void test_owners(void **state)
{
    enum { SECONDS = 60, SOMEBODY = 4711 };
    (void)state;
    if (geteuid() != 0)
        skip();
    support_give_to_nobody();
    const int found = support_child(look_at_foreign_folder, NULL, SECONDS);
    if (found == OUT_OF_REACH)
        skip();
    assert_int_equal(found, 0);
    assert_int_equal(chown("work", SOMEBODY, SOMEBODY), 0);
    assert_int_equal(chmod("work", 0755), 0);
    assert_int_equal(support_child(look_at_foreign_folder, NULL, SECONDS), 2);
    assert_int_equal(chown("work", 0, 0), 0); /* the administrator may anyway */
    assert_int_equal(chown(traced_store, SOMEBODY, SOMEBODY), 0);
    assert_int_equal(support_child(look_at_foreign_folder, NULL, SECONDS), 1);
}

static void test_link(void **state)
{
    struct traces_report *report;
    struct base_error error;
    (void)state;
    assert_int_equal(symlink("work/tavs.mdb", "link"), 0);
    assert_int_equal(traces_find("link", traced_id, &report, &error), BASE_OK);
    assert_int_equal(traced_count(report, TRACES_STORE_LINK, "link", 0), 1);
    assert_int_equal(report->totals[TRACES_FOUND], 1);
    traces_free(report);
}

static void test_device_keys(void **state)
{
    static const char key[] = "home/.local/state/tavs/0123456789abcdef0123456789abcdef.device";
    static const char *const copies[] = {
        "home/.local/state/tavs/0123456789abcdef0123456789abcdef.device~",
        "home/.local/state/tavs/old", "work/key", "work/old/key"};
    (void)state;
    traced_put(key, "TAVD and more");
    traced_put("home/.local/state/tavs/notes", "no key");
    traced_assert_clean();
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        traced_put(copies[i], "TAVD and more");
        traced_assert_only(TRACES_DEVICE_COPY, traced_at(copies[i]), 0);
        assert_int_equal(unlink(copies[i]), 0);
    }
    assert_int_equal(chmod(key, 0640), 0);
    traced_assert_only(TRACES_DEVICE_MODE, traced_at(key), 0);
    assert_int_equal(chmod(key, 0604), 0);
    traced_assert_only(TRACES_DEVICE_MODE, traced_at(key), 0);
    assert_int_equal(chmod(key, 0600), 0);
    assert_int_equal(chmod("home/.local/state/tavs", 0702), 0);
    traced_assert_only(TRACES_DEVICE_MODE, traced_at("home/.local/state/tavs"), 0);
    assert_int_equal(chmod("home/.local/state/tavs", 0700), 0);
    assert_int_equal(rename(key, "elsewhere"), 0);
    assert_int_equal(symlink(traced_at("elsewhere"), key), 0);
    traced_assert_only(TRACES_DEVICE_MODE, traced_at(key), 0);
    setenv("XDG_STATE_HOME", traced_at("state"), 1);
    traced_assert_clean();
    traced_put("state/tavs/copy", "TAVD and more");
    traced_assert_only(TRACES_DEVICE_COPY, traced_at("state/tavs/copy"), 0);
}

static void test_passphrases(void **state)
{
    static const char *const places[] = {"work/passphrase", "work/Leder-Adgangskode.txt",
                                         "work/kodeord"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        traced_put(places[i], "not a passphrase\n");
        traced_assert_only(TRACES_PASSPHRASE_BESIDE, traced_at(places[i]), 0);
        assert_int_equal(chmod(places[i], 0644), 0);
        struct traces_report *report = traced_find();
        assert_int_equal(traced_count(report, TRACES_PASSPHRASE_MODE, traced_at(places[i]), 0), 1);
        traces_free(report);
        assert_int_equal(unlink(places[i]), 0);
    }
}

/* Every kind has a code of its own and says something; what is to be mended says how. */
static void test_texts(void **state)
{
    (void)state;
    for (enum traces_kind kind = 0; kind < TRACES_KINDS; kind++) {
        assert_non_null(traces_kind_code(kind));
        for (enum traces_kind other = 0; other < kind; other++)
            assert_string_not_equal(traces_kind_code(kind), traces_kind_code(other));
        assert_true(strlen(traces_kind_meaning(kind)) > 10);
        if (traces_kind_severity(kind) == TRACES_FOUND ||
            traces_kind_severity(kind) == TRACES_REMARK)
            assert_non_null(traces_kind_mend(kind));
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, traced_enter, traced_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_modes),       TEST(test_visible),     TEST(test_owners), TEST(test_link),
        TEST(test_device_keys), TEST(test_passphrases), TEST(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
