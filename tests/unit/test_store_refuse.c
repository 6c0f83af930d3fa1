/* store: what is refused before anything is read from it, each with its own code; nothing is
 * written. */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "audit_writer.h"
#include "probe.h"
#include "tavs/tally.h"

static struct place place;

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
    return support_leave(state);
}

/* ---- what is no plain file of one's own ------------------------------------------------------ */

static void test_missing(void **state)
{
    (void)state;
    probe_refused("none", BASE_STORE_MISSING);
    probe_refused("none/tavs.mdb", BASE_STORE_MISSING);
    probe_refused("s/tavs.mdb/tavs.mdb", BASE_STORE_MISSING);
    probe_refused("", BASE_STORE_MISSING);
}

static void test_links(void **state)
{
    (void)state;
    assert_int_equal(symlink("s/tavs.mdb", "link"), 0);
    assert_int_equal(symlink("none", "dangling"), 0);
    assert_int_equal(symlink("round", "round"), 0);
    probe_refused("link", BASE_STORE_IS_LINK);
    probe_refused("dangling", BASE_STORE_IS_LINK);
    probe_refused("round", BASE_STORE_IS_LINK);
    /* A folder may be reached through one. */
    assert_int_equal(symlink("s", "folder"), 0);
    assert_int_equal(probe_open("folder/tavs.mdb", STORE_WRITE), BASE_OK);
}

static void test_not_a_file(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    probe_refused("folder", BASE_STORE_NOT_FILE);
    probe_refused("fifo", BASE_STORE_NOT_FILE);
    probe_refused("socket", BASE_STORE_NOT_FILE);
    probe_refused("/dev/null", BASE_STORE_NOT_FILE);
    assert_int_equal(close(listening), 0);
}

static void test_modes(void **state)
{
    static const mode_t refused[] = {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666, 0777};
    static const mode_t accepted[] = {0600, 0700};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(chmod(place.path, refused[i]), 0);
        probe_refused(place.path, BASE_STORE_MODE);
    }
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        assert_int_equal(chmod(place.path, accepted[i]), 0);
        assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_OK);
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
    probe_refused("empty", BASE_STORE_EMPTY);
    probe_refused("byte", BASE_STORE_FOREIGN);
    probe_refused("note", BASE_STORE_FOREIGN);
    probe_refused("text", BASE_STORE_FOREIGN);
    probe_refused("zeros", BASE_STORE_FOREIGN);
    probe_refused("sqlite", BASE_STORE_FOREIGN);
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
    probe_refused("folder/data.mdb", BASE_STORE_FOREIGN);
    probe_refused("empty", BASE_STORE_FOREIGN);
    probe_refused("other", BASE_STORE_FOREIGN);
    probe_refused("sorted", BASE_STORE_FOREIGN);
    probe_refused("plain", BASE_STORE_FOREIGN);
    probe_refused("many", BASE_STORE_FOREIGN);
    probe_refused("one", BASE_STORE_FOREIGN);
    probe_refused("both", BASE_STORE_FOREIGN);
    probe_refused("third", BASE_STORE_FOREIGN);
}

static void test_other_versions(void **state)
{
    struct filemap map;
    (void)state;
    filemap_read(&map, place.path);
    map.bytes[map.header_at + 5] = 4;
    support_write_file("later-format", map.bytes, map.size);
    for (uint8_t format = 1; format <= 2; format++) {
        map.bytes[map.header_at + 5] = format;
        support_write_file("earlier-format", map.bytes, map.size);
        probe_refused("earlier-format", BASE_STORE_OLDER);
    }
    map.bytes[map.header_at + 5] = 3;
    map.bytes[map.header_at + 6] = 0;
    support_write_file("final-form", map.bytes, map.size);
    map.bytes[map.header_at + 6] = 2;
    support_write_file("later-draft", map.bytes, map.size);
    map.bytes[map.header_at + 6] = 1;
    map.bytes[20] = map.bytes[4096 + 20] = 2;
    support_write_file("later-lmdb", map.bytes, map.size);
    probe_refused("later-format", BASE_STORE_NEWER);
    probe_refused("final-form", BASE_STORE_NEWER);
    probe_refused("later-draft", BASE_STORE_NEWER);
    probe_refused("later-lmdb", BASE_STORE_NEWER);
    filemap_free(&map);
}

/* A store of `format` with records that this program does not know. */
static void write_unknown(const char *path, uint8_t format)
{
    struct writer writer;
    const uint8_t bytes[5000] = {0};
    writer_init(&writer, path, 2, 1, 2017, 1, 1);
    writer.header[5] = format;
    writer_sign_header(&writer);
    writer_create(&writer);
    writer_put(&writer, "store", "device\0\1", 8, bytes, 200); /* before the header */
    writer_put(&writer, "store", "ledger\0\1", 8, bytes, 5000);
    writer_put(&writer, "store", "notebook", 8, bytes, 77);
    assert_int_equal(chmod(path, S_IRUSR | S_IWUSR), 0);
}

/* Whatever else another format has, it is told to be another, and not to be damaged. */
static void test_records_of_another_format(void **state)
{
    (void)state;
    write_unknown("earlier", 2);
    write_unknown("damaged", 3);
    write_unknown("later", 4);
    probe_refused("earlier", BASE_STORE_OLDER);
    probe_refused("later", BASE_STORE_NEWER);
    probe_refused("damaged", BASE_STORE_DAMAGED);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static int open_as_nobody(void *context)
{
    enum store_mode mode = *(const enum store_mode *)context;
    support_become_nobody();
    return (int)probe_open(place.path, mode);
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
        TEST(test_missing),        TEST(test_links),         TEST(test_not_a_file),
        TEST(test_modes),          TEST(test_other_files),   TEST(test_lmdb_files_of_others),
        TEST(test_other_versions), TEST(test_no_permission), TEST(test_records_of_another_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
