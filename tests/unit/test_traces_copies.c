/* traces: what editors leave, copies of the store and of keys, and who may get at them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tavs/secret.h"
#include "traced.h"
#include "traces/inside.h"

/* Each planted alone, found by its kind and name, and nothing else with it. */
static void assert_found_and_remove(enum traces_kind kind, const char *path, uint64_t line)
{
    traced_assert_only(kind, traced_at(path), line);
    assert_int_equal(remove(path), 0);
}

/* ---- editors and their like ---- */

static void test_leftovers(void **state)
{
    static const char text[] = "# comment\n:!tavs log phone relative\n";
    static const char *const places[] = {"home/.viminfo",
                                         "home/.viminfo.tmp",
                                         "home/.vim/viminfo",
                                         "home/.vim/backup/script~",
                                         "home/.local/state/vim/viminfo",
                                         "home/.local/state/nvim/shada/main.shada",
                                         "home/.local/share/nvim/shada/main.shada",
                                         "home/.emacs.d/history",
                                         "home/.nano_history",
                                         "home/.local/share/nano/search_history",
                                         "home/.lesshst",
                                         "home/.local/state/lesshst",
                                         "home/.local/share/mc/history",
                                         "home/typescript",
                                         "home/nohup.out",
                                         "home/.bashrc~",
                                         "home/#notes#",
                                         "work/script~",
                                         "work/#script#",
                                         "work/typescript"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        traced_put(places[i], text);
        assert_found_and_remove(TRACES_LEFTOVER, places[i], 2);
    }
    setenv("LESSHISTFILE", traced_at("elsewhere/less"), 1);
    traced_put("elsewhere/less", text);
    assert_found_and_remove(TRACES_LEFTOVER, "elsewhere/less", 2);
}

/* Binary files have no lines. */
static void test_binary_leftovers(void **state)
{
    static const char bytes[] = "b0VIM 9.0\0\0\0\n\n#!/bin/sh\0tavs log phone user\0\0exit 0";
    static const char *const places[] = {"home/.script.swp", "home/.local/share/atuin/history.db",
                                         "home/.local/state/vim/swap/%home%anna%script.swp",
                                         "work/.script.swo"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        traced_put_bytes(places[i], bytes, sizeof bytes);
        assert_found_and_remove(TRACES_LEFTOVER, places[i], 0);
    }
    /* A command over two lines is in neither. */
    traced_put("home/.viminfo", "tavs log \\\nphone user\n");
    assert_found_and_remove(TRACES_LEFTOVER, "home/.viminfo", 0);
}

static void test_opened(void **state)
{
    static const char *const texts[] = {"> ~/.local/share/tavs/tavs.mdb\n\t\"\t1\t0\n",
                                        "\"/srv/tavs.mdb\"", "/srv/tavs.mdb"};
    static const char *const others[] = {"/srv/tavs.mdb.txt", "/srv/mytavs.mdb", "tavs.mdb", ""};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        traced_put("home/.viminfo", texts[i]);
        assert_found_and_remove(TRACES_OPENED, "home/.viminfo", 0);
    }
    traced_put("home/.local/state/vim/swap/%srv%tavs.mdb.swp", "b0VIM");
    assert_found_and_remove(TRACES_OPENED, "home/.local/state/vim/swap/%srv%tavs.mdb.swp", 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        traced_put("home/.viminfo", others[i]);
        traced_assert_clean();
    }
}

/* ---- copies ---- */

static void test_copies(void **state)
{
    static const char *const places[] = {"work/tavs.mdb.bak",
                                         "work/tavs.mdb~",
                                         "work/copy",
                                         "work/old/2025.mdb",
                                         "tmp/tavs.mdb",
                                         "tmp/x/copy",
                                         "home/.local/share/Trash/files/tavs.mdb",
                                         "home/.local/share/Trash/files/folder/x"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        traced_put_store(places[i], traced_id);
        assert_found_and_remove(TRACES_COPY, places[i], 0);
    }
}

/* The store's own folder among those for temporary files. */
static void test_store_among_temporary(void **state)
{
    (void)state;
    setenv("TMPDIR", traced_at("."), 1);
    traced_put_store("work/copy", traced_id);
    traced_assert_only(TRACES_COPY, traced_at("work/copy"), 0);
    setenv("TMPDIR", traced_at("work"), 1);
    traced_assert_only(TRACES_COPY, traced_at("work/copy"), 0);
}

/* The id at any place: across the border of two chunks too. */
static void test_fragments(void **state)
{
    enum { BYTES = 3 * SEARCH_CHUNK };
    static const size_t places[] = {0,
                                    1,
                                    4096,
                                    SEARCH_CHUNK - KEYS_STORE_ID_BYTES,
                                    SEARCH_CHUNK - KEYS_STORE_ID_BYTES + 1,
                                    SEARCH_CHUNK - 1,
                                    SEARCH_CHUNK,
                                    2 * SEARCH_CHUNK - 2 * KEYS_STORE_ID_BYTES + 2,
                                    2 * SEARCH_CHUNK - KEYS_STORE_ID_BYTES,
                                    2 * SEARCH_CHUNK - 5,
                                    BYTES - KEYS_STORE_ID_BYTES};
    uint8_t *bytes = calloc(1, BYTES);
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        memset(bytes, 'x', BYTES);
        memcpy(bytes + places[i], traced_id, KEYS_STORE_ID_BYTES);
        traced_put_bytes("work/all.tar", bytes, BYTES);
        assert_found_and_remove(TRACES_FRAGMENT, "work/all.tar", 0);
        traced_put_bytes("tmp/tavs.mdb.swp", bytes, BYTES);
        assert_found_and_remove(TRACES_FRAGMENT, "tmp/tavs.mdb.swp", 0);
    }
    /* One byte less is not the id. */
    bytes[BYTES - KEYS_STORE_ID_BYTES] ^= 1;
    traced_put_bytes("work/all.tar", bytes, BYTES);
    traced_assert_clean();
    free(bytes);
}

static void test_names(void **state)
{
    static const char *const places[] = {
        "work/tavs.mdb.bak",     "work/tavs.mdb~",        "work/.tavs.mdb.swp",
        "work/#tavs.mdb#",       "work/.tavs.mdb.a1b2c3", "work/tavs.mdb.gz",
        "work/Copy of tavs.mdb", "work/old/tavs.mdb.zip", "work/tavs.mdb.20260101.xz"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        traced_put(places[i], "packed");
        assert_found_and_remove(TRACES_NAMED_AFTER, places[i], 0);
    }
    traced_put("work/tavs.mdb-lock", "");
    assert_found_and_remove(TRACES_LOCK_FILE, "work/tavs.mdb-lock", 0);
    traced_put("work/.report-2026.html.k3v0aa", "half");
    assert_found_and_remove(TRACES_TEMPORARY, "work/.report-2026.html.k3v0aa", 0);
    traced_put("work/.nfs000000000123abcd00000001", "x");
    assert_found_and_remove(TRACES_DELETED, "work/.nfs000000000123abcd00000001", 0);
    traced_put("work/.fuse_hidden0000001200000001", "x");
    assert_found_and_remove(TRACES_DELETED, "work/.fuse_hidden0000001200000001", 0);
}

static void test_second_name(void **state)
{
    (void)state;
    assert_int_equal(link(traced_store, "work/again"), 0);
    struct traces_report *report = traced_find();
    assert_int_equal(traced_count(report, TRACES_HARD_LINK, traced_at("work/again"), 0), 1);
    assert_int_equal(traced_count(report, TRACES_HARD_LINK, traced_at(traced_store), 0), 1);
    assert_int_equal(traced_count(report, TRACES_COPY, traced_at("work/again"), 0), 0);
    traces_free(report);
    assert_int_equal(rename("work/again", "elsewhere"), 0);
    traced_assert_only(TRACES_HARD_LINK, traced_at(traced_store), 0);
}

/* ELF, 64 bit, little-endian, a core file; in its notes the program's name. */
static void put_core(const char *path, const char *program)
{
    enum { BYTES = 8192, AT_TYPE = 16, CORE = 4, AT_NAME = 1000 };
    uint8_t bytes[BYTES] = "\177ELF\2\1\1";
    bytes[AT_TYPE] = CORE;
    memcpy(bytes + AT_NAME, program, strlen(program));
    traced_put_bytes(path, bytes, sizeof bytes);
}

static void test_cores(void **state)
{
    static const char *const places[] = {"work/core", "work/core.4711", "work/any",
                                         "home/core", "home/core.1",    "tmp/core"};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        put_core(places[i], "tavs");
        assert_found_and_remove(TRACES_CORE, places[i], 0);
    }
    put_core("work/core", "soffice.bin");
    assert_found_and_remove(TRACES_CORE_OTHER, "work/core", 0);
    put_core("home/core", "soffice.bin");
    put_core("tmp/core", "octavs");
    traced_assert_clean();
}

/* Where a handler keeps them. */
static void test_kept_cores(void **state)
{
    static const char *const places[] = {"root/var/lib/systemd/coredump/core.tavs.1000.ab.4711.zst",
                                         "root/var/crash/_usr_bin_tavs.1000.crash"};
    void *chunk;
    struct base_error error;
    (void)state;
    assert_int_equal(secret_new(SEARCH_CHUNK, &chunk, &error), BASE_OK);
    traced_put("root/var/crash/_usr_bin_octavs.1000.crash", "x");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct traces_report *report = calloc(1, sizeof *report);
        struct search search = {.root = traced_at("root"),
                                .entries_left = 1000,
                                .name = "tavs.mdb",
                                .store_id = traced_id,
                                .chunk = chunk,
                                .bytes_left = TRACES_MOST_SEARCHED,
                                .report = report};
        assert_non_null(report);
        traced_put(places[i], "x");
        assert_int_equal(look_elsewhere(&search, (struct home){traced_at("home"), true}, &error),
                         BASE_OK);
        assert_int_equal(traced_count(report, TRACES_CORE, traced_at(places[i]), 0), 1);
        assert_int_equal(report->totals[TRACES_FOUND], 1);
        assert_int_equal(unlink(places[i]), 0);
        traces_free(report);
    }
    secret_free(chunk);
}

/* Without the id only names tell. */
static void test_unknown_id(void **state)
{
    struct traces_report *report = NULL;
    struct base_error error;
    (void)state;
    traced_put_store("work/tavs.mdb.bak", traced_id);
    traced_put_store("work/other.mdb", traced_id);
    assert_int_equal(traces_find(traced_store, NULL, &report, &error), BASE_OK);
    assert_int_equal(traced_count(report, TRACES_NAMED_AFTER, traced_at("work/tavs.mdb.bak"), 0),
                     1);
    assert_int_equal(report->totals[TRACES_FOUND], 1);
    traces_free(report);
}

/* ---- what keeps earlier versions ---- */

static void test_keepers(void **state)
{
    static const char *const snapshots[] = {
        "work/.snapshots/7/snapshot/tavs.mdb", "work/.zfs/snapshot/daily/tavs.mdb",
        ".snapshots/7/snapshot/work/tavs.mdb", ".snapshots/2026-01-01/work/tavs.mdb",
        "timeshift/snapshots/2026/localhost/work/tavs.mdb"};
    static const char *const marks[] = {".stfolder", ".dropbox.cache", ".nextcloudsync.log",
                                        ".owncloudsync.log"};
    (void)state;
    for (size_t i = 0; i < sizeof snapshots / sizeof *snapshots; i++) {
        traced_put(snapshots[i], "older");
        struct traces_report *report = traced_find();
        assert_int_equal(traced_count(report, TRACES_SNAPSHOT, traced_at(snapshots[i]), 0), 1);
        traces_free(report);
        assert_int_equal(remove(snapshots[i]), 0);
        traced_assert_clean();
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        traced_put(marks[i], "");
        traced_assert_only(TRACES_SYNCED, traced_at("."), 0);
        assert_int_equal(unlink(marks[i]), 0);
    }
    traced_put(".git/HEAD", "ref: refs/heads/main\n");
    traced_assert_only(TRACES_VERSIONED, traced_at("."), 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, traced_enter, traced_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_leftovers),
        TEST(test_binary_leftovers),
        TEST(test_opened),
        TEST(test_copies),
        TEST(test_fragments),
        TEST(test_names),
        TEST(test_second_name),
        TEST(test_cores),
        TEST(test_kept_cores),
        TEST(test_unknown_id),
        TEST(test_store_among_temporary),
        TEST(test_keepers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
