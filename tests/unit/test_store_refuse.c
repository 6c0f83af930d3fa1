/* store: what is refused before anything is read from it, each with its own code; nothing is
 * written. Time and file system are this program's: it has its own nanosleep and fstatfs. */
#include "filemap.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "tavs/store.h"
#include "tavs/tally.h"

/* ---- the system, as the store sees it -------------------------------------------------------- */

static long file_system; /* fstatfs says it is this one; 0: the truth */

int fstatfs(int descriptor, struct statfs *system)
{
    int result = (int)syscall(SYS_fstatfs, descriptor, system);
    if (result == 0 && file_system != 0)
        system->f_type = (__typeof__(system->f_type))file_system;
    return result;
}

static long slept_ms;
static void (*while_asleep)(void); /* called once, at the next nanosleep */

int nanosleep(const struct timespec *time, struct timespec *left)
{
    void (*now)(void) = while_asleep;
    (void)left;
    slept_ms += time->tv_sec * 1000 + time->tv_nsec / 1000000;
    while_asleep = NULL;
    if (now != NULL)
        now();
    return 0;
}

/* ---- trying ---------------------------------------------------------------------------------- */

static struct place place;

static enum base_code try_open(const char *path, enum store_mode mode)
{
    struct store *store = NULL;
    struct base_error error = {.code = BASE_OK};
    enum base_code code = store_open(path, mode, &store, &error);
    if (code != BASE_OK) {
        assert_null(store);
        assert_int_equal(error.code, code);
    }
    store_close(store);
    return code;
}

/* Reading, writing, counting and backing up all say `code`, and leave all as it was. */
static void assert_refused(const char *path, enum base_code code)
{
    struct base_error error;
    struct stat before = {0}, after = {0};
    unsigned entries = support_entries(".");
    (void)lstat(path, &before);
    assert_int_equal(try_open(path, STORE_READ), code);
    assert_int_equal(try_open(path, STORE_WRITE), code);
    assert_int_equal(tally_count(path, codebook_contact_of(0), 2017 * 12, 1, &error), code);
    assert_int_equal(store_backup(path, "copy", &error), code);
    (void)lstat(path, &after);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    assert_int_equal(support_entries("."), entries);
}

static int enter_with_store(void **state)
{
    int result = support_enter(state);
    if (result == 0)
        place_make(&place, 2017);
    return result;
}

static int leave_with_store(void **state)
{
    place_free(&place);
    file_system = 0;
    return support_leave(state);
}

/* ---- what is no plain file of one's own ------------------------------------------------------ */

static void test_missing(void **state)
{
    (void)state;
    assert_refused("none", BASE_STORE_MISSING);
    assert_refused("none/tavs.mdb", BASE_STORE_MISSING);
    assert_refused("s/tavs.mdb/tavs.mdb", BASE_STORE_MISSING);
    assert_refused("", BASE_STORE_MISSING);
}

static void test_links(void **state)
{
    (void)state;
    assert_int_equal(symlink("s/tavs.mdb", "link"), 0);
    assert_int_equal(symlink("none", "dangling"), 0);
    assert_int_equal(symlink("round", "round"), 0);
    assert_refused("link", BASE_STORE_IS_LINK);
    assert_refused("dangling", BASE_STORE_IS_LINK);
    assert_refused("round", BASE_STORE_IS_LINK);
    /* A folder may be reached through one. */
    assert_int_equal(symlink("s", "folder"), 0);
    assert_int_equal(try_open("folder/tavs.mdb", STORE_WRITE), BASE_OK);
}

static void test_not_a_file(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_refused("folder", BASE_STORE_NOT_FILE);
    assert_refused("fifo", BASE_STORE_NOT_FILE);
    assert_refused("socket", BASE_STORE_NOT_FILE);
    assert_refused("/dev/null", BASE_STORE_NOT_FILE);
    assert_int_equal(close(listening), 0);
}

static void test_modes(void **state)
{
    static const mode_t refused[] = {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666, 0777};
    static const mode_t accepted[] = {0600, 0700};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(chmod(place.path, refused[i]), 0);
        assert_refused(place.path, BASE_STORE_MODE);
    }
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        assert_int_equal(chmod(place.path, accepted[i]), 0);
        assert_int_equal(try_open(place.path, STORE_WRITE), BASE_OK);
    }
}

static void test_network(void **state)
{
    /* linux/magic.h and the sources of those that stand in no header; then what stays in the house:
     * ext, btrfs, xfs, tmpfs, zfs, f2fs, ramfs, overlayfs, bcachefs. */
    static const long network[] = {0x6969,     0x517b,     0xff534d42, 0xfe534d42, 0x564c,
                                   0x73757245, 0x5346414f, 0x6b414653, 0x00c36400, 0x01021997,
                                   0x01161970, 0x7461636f, 0x0bd00bd0, 0x47504653};
    static const long local[] = {0xef53,     0x9123683e, 0x58465342, 0x01021994, 0x2fc12fc1,
                                 0xf2f52010, 0x858458f6, 0x794c7630, 0xca451a4e};
    (void)state;
    for (size_t i = 0; i < sizeof network / sizeof *network; i++) {
        file_system = network[i];
        assert_refused(place.path, BASE_STORE_ON_NETWORK);
    }
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        file_system = local[i];
        assert_int_equal(try_open(place.path, STORE_WRITE), BASE_OK);
    }
}

/* ---- what is no store ------------------------------------------------------------------------ */

static void test_other_files(void **state)
{
    static const uint8_t zeros[20000];
    char text[12000];
    (void)state;
    memset(text, 'a', sizeof text);
    support_write_file("empty", text, 0);
    support_write_file("byte", text, 1);
    support_write_file("note", text, 60);
    support_write_file("text", text, sizeof text);
    support_write_file("zeros", zeros, sizeof zeros);
    memcpy(text, "SQLite format 3\0\x10\0\1\1\0\x40\x20\x20", 24);
    support_write_file("sqlite", text, 8192);
    assert_refused("empty", BASE_STORE_EMPTY);
    assert_refused("byte", BASE_STORE_FOREIGN);
    assert_refused("note", BASE_STORE_FOREIGN);
    assert_refused("text", BASE_STORE_FOREIGN);
    assert_refused("zeros", BASE_STORE_FOREIGN);
    assert_refused("sqlite", BASE_STORE_FOREIGN);
}

/* An LMDB file made as someone else would: databases `names` with `flags`, or none. */
static void make_foreign(const char *path, unsigned environment_flags, unsigned flags,
                         const char *const *names, size_t name_count, size_t records)
{
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi database;
    assert_int_equal(mdb_env_create(&environment), 0);
    assert_int_equal(mdb_env_set_maxdbs(environment, 8), 0);
    assert_int_equal(mdb_env_set_mapsize(environment, 16 << 20), 0);
    assert_int_equal(mdb_env_open(environment, path, environment_flags | MDB_NOLOCK, 0600), 0);
    assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), 0);
    for (size_t i = 0; i < name_count; i++) {
        assert_int_equal(mdb_dbi_open(transaction, names[i], flags | MDB_CREATE, &database), 0);
        for (size_t j = 0; j < records; j++) {
            char name[32], text[4000] = "Anna";
            MDB_val key = {(size_t)snprintf(name, sizeof name, "contact %zu", j), name};
            MDB_val data = {(flags & MDB_DUPSORT) != 0 ? 4 : 1 + j * 97 % sizeof text, text};
            assert_int_equal(mdb_put(transaction, database, &key, &data, 0), 0);
        }
    }
    assert_int_equal(mdb_txn_commit(transaction), 0);
    mdb_env_close(environment);
}

static void test_lmdb_files_of_others(void **state)
{
    static const char *const ours[] = {"store", "tally"};
    static const char *const more[] = {"store", "tally", "third"};
    static const char *const other[] = {"people", "notes"};
    static const char *const plain[] = {NULL};
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    make_foreign("folder", 0, 0, other, 2, 50);
    make_foreign("empty", MDB_NOSUBDIR, 0, NULL, 0, 0);
    make_foreign("other", MDB_NOSUBDIR, 0, other, 2, 50);
    make_foreign("sorted", MDB_NOSUBDIR, MDB_DUPSORT, other, 2, 50);
    make_foreign("plain", MDB_NOSUBDIR, 0, plain, 1, 5);
    make_foreign("many", MDB_NOSUBDIR, 0, plain, 1, 500);
    make_foreign("one", MDB_NOSUBDIR, 0, ours, 1, 0);
    make_foreign("both", MDB_NOSUBDIR, 0, ours, 2, 0);
    make_foreign("third", MDB_NOSUBDIR, 0, more, 3, 0);
    assert_refused("folder/data.mdb", BASE_STORE_FOREIGN);
    assert_refused("empty", BASE_STORE_FOREIGN);
    assert_refused("other", BASE_STORE_FOREIGN);
    assert_refused("sorted", BASE_STORE_FOREIGN);
    assert_refused("plain", BASE_STORE_FOREIGN);
    assert_refused("many", BASE_STORE_FOREIGN);
    assert_refused("one", BASE_STORE_FOREIGN);
    assert_refused("both", BASE_STORE_FOREIGN);
    assert_refused("third", BASE_STORE_FOREIGN);
}

static void test_later_versions(void **state)
{
    struct filemap map;
    (void)state;
    filemap_read(&map, place.path);
    map.bytes[map.header_at + 5] = 2;
    support_write_file("later-format", map.bytes, map.size);
    map.bytes[map.header_at + 5] = 1;
    map.bytes[20] = map.bytes[4096 + 20] = 2;
    support_write_file("later-lmdb", map.bytes, map.size);
    assert_refused("later-format", BASE_STORE_NEWER);
    assert_refused("later-lmdb", BASE_STORE_NEWER);
    filemap_free(&map);
}

/* ---- the lock -------------------------------------------------------------------------------- */

static int holder;

static void hold(int operation)
{
    holder = open(place.path, O_RDONLY | O_CLOEXEC);
    assert_true(holder >= 0);
    assert_int_equal(flock(holder, operation), 0);
    slept_ms = 0;
}

static void let_go(void)
{
    assert_int_equal(close(holder), 0);
}

static void test_busy(void **state)
{
    (void)state;
    hold(LOCK_EX);
    assert_int_equal(try_open(place.path, STORE_READ), BASE_STORE_BUSY);
    assert_in_range(slept_ms, 29000, 31000);
    assert_refused(place.path, BASE_STORE_BUSY);
    let_go();
    assert_int_equal(try_open(place.path, STORE_WRITE), BASE_OK);
}

static void test_readers_do_not_wait_for_readers(void **state)
{
    (void)state;
    hold(LOCK_SH);
    assert_int_equal(try_open(place.path, STORE_READ), BASE_OK);
    assert_int_equal(slept_ms, 0);
    assert_int_equal(try_open(place.path, STORE_WRITE), BASE_STORE_BUSY);
    let_go();
}

static void test_lock_is_held_until_close(void **state)
{
    static const enum store_mode modes[] = {STORE_READ, STORE_WRITE};
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct store *store = NULL;
        int other = open(place.path, O_RDWR | O_CLOEXEC);
        assert_int_equal(store_open(place.path, modes[i], &store, &error), BASE_OK);
        assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
        assert_int_equal(flock(other, LOCK_SH | LOCK_NB), modes[i] == STORE_READ ? 0 : -1);
        assert_int_equal(flock(other, LOCK_UN), 0);
        if (modes[i] == STORE_WRITE) {
            assert_int_equal(store_commit(store, &error), BASE_OK);
            assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
        }
        store_close(store);
        assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
        assert_int_equal(close(other), 0);
    }
}

static void test_waits_for_the_lock(void **state)
{
    (void)state;
    hold(LOCK_EX);
    while_asleep = let_go;
    assert_int_equal(try_open(place.path, STORE_WRITE), BASE_OK);
    assert_in_range(slept_ms, 1, 100);
}

static void read_and_let_go(void)
{
    assert_int_equal(try_open(place.path, STORE_READ), BASE_STORE_BUSY);
    let_go();
}

/* A writer that waits for the readers who are there keeps new ones out: else they could relieve each
 * other for ever. */
static void test_writers_are_not_starved(void **state)
{
    (void)state;
    hold(LOCK_SH);
    while_asleep = read_and_let_go;
    assert_int_equal(try_open(place.path, STORE_WRITE), BASE_OK);
    assert_int_equal(try_open(place.path, STORE_READ), BASE_OK);
}

static void remove_and_let_go(void)
{
    assert_int_equal(unlink(place.path), 0);
    let_go();
}

static void replace_and_let_go(void)
{
    assert_int_equal(rename("other", place.path), 0);
    let_go();
}

/* What is counted must not go into a file that has no name any more. */
static void test_replaced_while_waiting(void **state)
{
    struct base_error error;
    struct filemap before, after;
    (void)state;
    assert_int_equal(store_backup(place.path, "other", &error), BASE_OK);
    filemap_read(&before, "other");
    hold(LOCK_EX);
    while_asleep = replace_and_let_go;
    assert_int_equal(tally_count(place.path, codebook_contact_of(0), 2017 * 12, 1, &error),
                     BASE_OK);
    filemap_read(&after, place.path);
    assert_int_equal(after.transaction, before.transaction + 1);
    filemap_free(&before);
    filemap_free(&after);

    hold(LOCK_EX);
    while_asleep = remove_and_let_go;
    assert_int_equal(try_open(place.path, STORE_WRITE), BASE_STORE_MISSING);
    assert_int_equal(support_entries("s"), 0);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static int open_as_nobody(void *context)
{
    enum store_mode mode = *(const enum store_mode *)context;
    support_become_nobody();
    return (int)try_open(place.path, mode);
}

static void assert_nobody_gets(enum store_mode mode, enum base_code code)
{
    assert_int_equal(support_child(open_as_nobody, &mode, 60), code);
}

/* The folders above this one may be closed to nobody. */
static int count_as_nobody(void *context)
{
    struct base_error error;
    support_become_nobody();
    (void)context;
    return setenv("XDG_STATE_HOME", "/proc/self/cwd/device-1", 1) != 0
               ? -1
               : (int)place_count(&place, 2017 * 12, 0, 1, &error);
}

static void test_no_permission(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        assert_int_equal(chmod("s", 0755), 0);
        assert_nobody_gets(STORE_READ, BASE_NO_PERMISSION);
        assert_nobody_gets(STORE_WRITE, BASE_NO_PERMISSION);
        support_give_to_nobody();
    }
    assert_int_equal(chmod(place.path, 0400), 0);
    assert_nobody_gets(STORE_READ, BASE_OK);
    assert_nobody_gets(STORE_WRITE, BASE_NO_PERMISSION);
    assert_int_equal(chmod(place.path, 0), 0);
    assert_nobody_gets(STORE_READ, BASE_NO_PERMISSION);
    assert_int_equal(chmod(place.path, 0600), 0);
    assert_int_equal(chmod("s", 0), 0);
    assert_nobody_gets(STORE_READ, BASE_NO_PERMISSION);

    /* Nothing is made beside the store, so its folder needs not be writable. */
    assert_int_equal(chmod("s", 0500), 0);
    assert_nobody_gets(STORE_WRITE, BASE_OK);
    assert_int_equal(support_child(count_as_nobody, NULL, 60), BASE_OK);
    assert_int_equal(support_entries("s"), 1);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_missing),
        TEST(test_links),
        TEST(test_not_a_file),
        TEST(test_modes),
        TEST(test_network),
        TEST(test_other_files),
        TEST(test_lmdb_files_of_others),
        TEST(test_later_versions),
        TEST(test_busy),
        TEST(test_readers_do_not_wait_for_readers),
        TEST(test_lock_is_held_until_close),
        TEST(test_waits_for_the_lock),
        TEST(test_writers_are_not_starved),
        TEST(test_replaced_while_waiting),
        TEST(test_no_permission),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
