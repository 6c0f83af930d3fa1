/* store: a new store comes into being whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filemap.h"
#include "tavs/secret.h"
#include "tavs/store.h"

/* The keys of `place` serve for all stores that the tests make in "new". */
static struct place place;

static int enter_with_keys(void **state)
{
    int result = support_enter(state);
    if (result != 0)
        return result;
    place_make(&place, 2017);
    return mkdir("new", 0700);
}

static int leave_with_keys(void **state)
{
    place_free(&place);
    return support_leave(state);
}

static enum base_code create(const char *path, struct base_error *error)
{
    return store_create(path, &place.header, place.reader, &place.devices[0], place.keys[0], 2017,
                        error);
}

static void assert_refused(const char *path, enum base_code code, int os_error)
{
    struct base_error error = {.code = BASE_OK};
    unsigned entries = support_entries("new");
    assert_int_equal(create(path, &error), code);
    assert_int_equal(error.code, code);
    assert_int_equal(error.os_error, os_error);
    assert_string_equal(error.subject, path);
    assert_int_equal(support_entries("new"), entries);
}

/* ---- what is made ---------------------------------------------------------------------------- */

static void assert_complete(const char *path)
{
    struct filemap map;
    struct stat status;
    struct store *store = NULL;
    struct base_error error;
    uint16_t devices = 0;
    assert_int_equal(lstat(path, &status), 0);
    assert_int_equal(status.st_mode, S_IFREG | 0600);
    assert_int_equal(status.st_nlink, 1);
    filemap_read(&map, path);
    filemap_assert_clean(&map);
    assert_int_equal(map.row_count, 12);
    filemap_free(&map);
    assert_int_equal(store_open(path, STORE_READ, &store, &error), BASE_OK);
    assert_memory_equal(store_fingerprint(store), place.fingerprint, sizeof place.fingerprint);
    assert_memory_equal(store_header(store)->slots, place.header.slots, sizeof place.header.slots);
    assert_int_equal(store_header(store)->channels, place.header.channels);
    assert_int_equal(store_check_rows(store, &error), BASE_OK);
    assert_int_equal(store_count_devices(store, &devices, &error), BASE_OK);
    assert_int_equal(devices, 1);
    for (base_month month = 2017 * 12; month < 2018 * 12; month++) {
        struct record_row row;
        bool found = false;
        assert_int_equal(store_get_row(store, month, &place.devices[0], &row, &found, &error),
                         BASE_OK);
        assert_true(found);
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            int64_t count = -1;
            assert_true(
                elgamal_decrypt(&row.cells[cell], keys_reader_scalar(place.reader), &count));
            assert_int_equal(count, 0);
        }
    }
    store_close(store);
}

static void test_a_new_store(void **state)
{
    static const mode_t masks[] = {022, 0, 077, 0177};
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < support_rounds(sizeof masks / sizeof *masks); i++) {
        mode_t before = umask(masks[i]);
        assert_int_equal(create("new/tavs.mdb", &error), BASE_OK);
        (void)umask(before);
        assert_complete("new/tavs.mdb");
        assert_int_equal(support_entries("new"), 1);
        assert_int_equal(unlink("new/tavs.mdb"), 0);
    }
}

/* ---- what is in the way ---------------------------------------------------------------------- */

static void test_something_is_there(void **state)
{
    struct stat status;
    size_t size;
    (void)state;
    support_write_file("new/file", "mine", 4);
    assert_int_equal(mkdir("new/folder", 0700), 0);
    assert_int_equal(mkfifo("new/fifo", 0600), 0);
    assert_int_equal(symlink("file", "new/link"), 0);
    assert_int_equal(symlink("nowhere", "new/dangling"), 0);
    assert_refused("new/file", BASE_STORE_EXISTS, 0);
    assert_refused("new/folder", BASE_STORE_EXISTS, 0);
    assert_refused("new/fifo", BASE_STORE_EXISTS, 0);
    assert_refused("new/link", BASE_STORE_EXISTS, 0);
    assert_refused("new/dangling", BASE_STORE_EXISTS, 0);
    assert_refused(place.path, BASE_STORE_EXISTS, 0);
    uint8_t *bytes = support_read_file("new/file", &size);
    assert_int_equal(size, 4);
    assert_memory_equal(bytes, "mine", 4);
    free(bytes);
    assert_int_equal(lstat("new/nowhere", &status), -1);
}

static void test_no_folder(void **state)
{
    (void)state;
    assert_refused("nowhere/tavs.mdb", BASE_IO, ENOENT);
    assert_refused("s/tavs.mdb/tavs.mdb", BASE_IO, ENOTDIR);
    assert_refused("", BASE_IO, ENOENT);
    assert_refused("new/x/", BASE_IO, EISDIR);
}

static int create_as_nobody(void *context)
{
    struct base_error error;
    support_become_nobody();
    return (int)create(context, &error);
}

static void test_no_permission(void **state)
{
    static const mode_t modes[] = {0500, 0, 0300};
    static char path[] = "new/tavs.mdb";
    (void)state;
    support_give_to_nobody();
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod("new", modes[i]), 0);
        /* Who may write a folder but not read it can't sync it either. */
        assert_int_equal(support_child(create_as_nobody, path, 60), BASE_NO_PERMISSION);
        assert_int_equal(chmod("new", 0700), 0);
        assert_int_equal(support_entries("new"), 0);
    }
    assert_int_equal(support_child(create_as_nobody, path, 60), BASE_OK);
    assert_int_equal(support_entries("new"), 1);
}

/* What can't be a store is not made into half of one. */
static void test_a_key_that_is_none(void **state)
{
    (void)state;
    struct base_error error;
    memset(place.header.public_keys.encryption, 0, ELGAMAL_POINT_BYTES);
    assert_int_equal(create("new/tavs.mdb", &error), BASE_STORE_DAMAGED);
    assert_int_equal(support_entries("new"), 0);
}

/* ---- at the same time ------------------------------------------------------------------------ */

static int create_once(void *context)
{
    struct base_error error;
    return (int)create(context, &error);
}

static void test_two_at_once(void **state)
{
    enum { CHILDREN = 6 };
    static char path[] = "new/tavs.mdb";
    pid_t children[CHILDREN];
    unsigned made = 0;
    (void)state;
    for (size_t i = 0; i < CHILDREN; i++)
        children[i] = support_start(create_once, path, 120);
    for (size_t i = 0; i < CHILDREN; i++) {
        int code = support_end(children[i]);
        made += code == BASE_OK;
        assert_true(code == BASE_OK || code == BASE_STORE_EXISTS);
    }
    assert_int_equal(made, 1);
    assert_int_equal(support_entries("new"), 1);
    assert_complete(path);
}

/* ---- cut short ------------------------------------------------------------------------------- */

static void test_killed(void **state)
{
    enum { KILLS = 80, LONGEST_MS = 150, NS_A_MS = 1000000 };
    static char path[] = "new/tavs.mdb";
    const unsigned kills = support_rounds(KILLS);
    unsigned made = 0;
    (void)state;
    for (unsigned i = 0; i < kills; i++) {
        struct timespec pause = {.tv_nsec = (long)(support_random(LONGEST_MS) * NS_A_MS)};
        int status;
        pid_t child = support_start(create_once, path, 60);
        (void)nanosleep(&pause, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (access(path, F_OK) == 0) {
            assert_complete(path);
            assert_int_equal(unlink(path), 0);
            made++;
        } else {
            assert_false(WIFEXITED(status) && WEXITSTATUS(status) == BASE_OK);
        }
        assert_int_equal(support_entries("new"), 0);
    }
    print_message("%u of %u were made before they were killed\n", made, kills);
}

/* A file can't become larger than so; the signal that would end the program is ignored. */
static int create_small(void *context)
{
    const rlim_t *most = context;
    const struct rlimit limit = {*most, *most};
    struct base_error error;
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return -1;
    enum base_code code = create("new/tavs.mdb", &error);
    return (code == BASE_NOT_WRITTEN || code == BASE_IO) && error.os_error != EFBIG ? -1
                                                                                    : (int)code;
}

static void test_no_room(void **state)
{
    enum { STEP = 5000 };
    int code = BASE_NOT_WRITTEN;
    (void)state;
    for (rlim_t most = 0; code != BASE_OK; most += support_is_slow() ? 6 * STEP : STEP) {
        code = support_child(create_small, &most, 60);
        /* LMDB calls a first write that is cut short a full disk. */
        assert_true(code == BASE_OK || code == BASE_NOT_WRITTEN || code == BASE_IO ||
                    code == BASE_NO_SPACE);
        assert_true(code != BASE_OK || most > 12 * 4096);
        assert_int_equal(support_entries("new"), code == BASE_OK);
    }
    assert_complete("new/tavs.mdb");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_keys, leave_with_keys)
    const struct CMUnitTest tests[] = {
        TEST(test_a_new_store),
        TEST(test_something_is_there),
        TEST(test_no_folder),
        TEST(test_no_permission),
        TEST(test_a_key_that_is_none),
        TEST(test_two_at_once),
        TEST(test_killed),
        TEST(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
