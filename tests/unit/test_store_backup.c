/* store: a backup is the store, all of it and nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filemap.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { FIRST = 2017 * 12 };

static struct place place;
static struct filemap good;

static int enter_with_store(void **state)
{
    struct base_error error;
    int result = support_enter(state);
    if (result != 0)
        return result;
    place_make(&place, 2017);
    place_enrol(&place);
    for (unsigned i = 0; i < 6; i++)
        if (place_count(&place, (base_month)(FIRST + 5 * i), i, (int32_t)i + 1, &error) != BASE_OK)
            return -1;
    filemap_read(&good, place.path);
    return mkdir("b", 0700);
}

static int leave_with_store(void **state)
{
    filemap_free(&good);
    place_free(&place);
    return support_leave(state);
}

static void assert_source_unchanged(void)
{
    size_t size;
    uint8_t *bytes = support_read_file(place.path, &size);
    assert_int_equal(size, good.size);
    assert_memory_equal(bytes, good.bytes, size);
    free(bytes);
    assert_int_equal(support_entries("s"), 1);
}

static void assert_fails(const char *destination, enum base_code code)
{
    struct base_error error = {.code = BASE_OK};
    unsigned entries = support_entries("b");
    assert_int_equal(store_backup(place.path, destination, &error), code);
    assert_int_equal(error.code, code);
    assert_int_equal(support_entries("b"), entries);
}

/* Every record of the copy is the same to the byte. */
static void assert_same_records(const struct filemap *copy)
{
    assert_int_equal(copy->row_count, good.row_count);
    for (size_t i = 0; i < good.row_count; i++)
        assert_memory_equal(filemap_find_row(copy, good.rows[i].month, good.rows[i].device),
                            good.bytes + good.rows[i].at, RECORD_ROW_BYTES);
    assert_memory_equal(copy->bytes + copy->header_at, good.bytes + good.header_at,
                        RECORD_HEADER_BYTES);
    assert_int_equal(copy->device_count, good.device_count);
    for (size_t i = 0; i < good.device_count; i++)
        assert_memory_equal(copy->bytes + copy->device_at[i], good.bytes + good.device_at[i],
                            RECORD_DEVICE_BYTES);
}

static void test_a_copy(void **state)
{
    struct base_error error;
    struct stat status;
    struct filemap copy;
    (void)state;
    mode_t before = umask(0);
    assert_int_equal(store_backup(place.path, "b/copy", &error), BASE_OK);
    (void)umask(before);
    assert_source_unchanged();
    assert_int_equal(support_entries("b"), 1);
    assert_int_equal(lstat("b/copy", &status), 0);
    assert_int_equal(status.st_mode, S_IFREG | 0600);
    filemap_read(&copy, "b/copy");
    filemap_assert_clean(&copy);
    assert_same_records(&copy);
    filemap_free(&copy);

    /* It is a store of its own. */
    assert_int_equal(tally_count("b/copy", codebook_contact_of(0), FIRST, 1, &error), BASE_OK);
    assert_source_unchanged();
    assert_int_equal(store_backup("b/copy", "b/copy of the copy", &error), BASE_OK);
}

static void test_something_is_there(void **state)
{
    size_t size;
    (void)state;
    support_write_file("b/file", "mine", 4);
    assert_int_equal(symlink("nowhere", "b/dangling"), 0);
    assert_int_equal(symlink("../s", "b/s"), 0);
    assert_fails("b/file", BASE_FILE_EXISTS);
    assert_fails("b/dangling", BASE_FILE_EXISTS);
    assert_fails("b", BASE_FILE_EXISTS);
    assert_fails(place.path, BASE_FILE_EXISTS);
    assert_fails("b/s/tavs.mdb", BASE_FILE_EXISTS);
    assert_fails("./s/../s/tavs.mdb", BASE_FILE_EXISTS);
    assert_fails("nowhere/copy", BASE_IO);
    assert_fails("b/file/copy", BASE_IO);
    uint8_t *bytes = support_read_file("b/file", &size);
    assert_int_equal(size, 4);
    assert_memory_equal(bytes, "mine", 4);
    free(bytes);
    assert_source_unchanged();
}

static void test_no_source(void **state)
{
    struct base_error error;
    (void)state;
    assert_int_equal(store_backup("none", "b/copy", &error), BASE_STORE_MISSING);
    assert_int_equal(store_backup("b", "b/copy", &error), BASE_STORE_NOT_FILE);
    assert_int_equal(support_entries("b"), 0);
}

/* What a killed writer left in the source, or somebody hid there, does not come into the copy, and
 * the source, which is only read, keeps it. */
static void test_source_not_erased(void **state)
{
    static const char text[] = "Anna, 12 March, by telephone";
    struct base_error error;
    struct filemap copy;
    (void)state;
    size_t size = good.size + 2 * 4096 + 100;
    uint8_t *bytes = calloc(size, 1);
    assert_non_null(bytes);
    memcpy(bytes, good.bytes, good.size);
    size_t hidden = 0;
    for (size_t at = 8192; at < size - sizeof text; at += sizeof text)
        if (at >= good.size ||
            (at + sizeof text <= good.size && memchr(good.used + at, 1, sizeof text) == NULL)) {
            memcpy(bytes + at, text, sizeof text);
            hidden++;
        }
    assert_true(hidden > 500);
    support_write_file(place.path, bytes, size);
    assert_int_equal(store_backup(place.path, "b/copy", &error), BASE_OK);
    filemap_read(&copy, "b/copy");
    filemap_assert_clean(&copy);
    assert_same_records(&copy);
    assert_null(memmem(copy.bytes, copy.size, text, 8));
    filemap_free(&copy);
    uint8_t *after = support_read_file(place.path, &size);
    assert_memory_equal(after, bytes, size);
    free(after);
    free(bytes);
}

/* A writer that is killed as it erases leaves LMDB's numbers, which tell how often was written: the copy's are
 * those of a store that was erased. */
static void test_source_not_numbered_anew(void **state)
{
    enum { PAGE = 4096, METAS = 2, AT_TRANSACTION = 144, WRITES = 1000 };
    struct base_error error;
    uint64_t numbers[METAS], copied[METAS];
    size_t size = good.size;
    (void)state;
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    memcpy(bytes, good.bytes, size);
    for (size_t i = 0; i < METAS; i++) {
        memcpy(&numbers[i], bytes + i * PAGE + AT_TRANSACTION, sizeof numbers[i]);
        const uint64_t left = numbers[i] + WRITES;
        memcpy(bytes + i * PAGE + AT_TRANSACTION, &left, sizeof left);
    }
    support_write_file(place.path, bytes, size);
    free(bytes);
    assert_int_equal(store_backup(place.path, "b/copy", &error), BASE_OK);
    uint8_t *copy = support_read_file("b/copy", &size);
    for (size_t i = 0; i < METAS; i++)
        memcpy(&copied[i], copy + i * PAGE + AT_TRANSACTION, sizeof copied[i]);
    assert_memory_equal(copied, numbers, sizeof numbers);
    free(copy);
}

/* Every record is checked, not only the header. */
static void test_damaged_source(void **state)
{
    static const struct {
        size_t row, at;
        enum base_code code;
    } damages[] = {{0, 0, BASE_ROW_FORGED},
                   {35, RECORD_ROW_BYTES - 1, BASE_ROW_FORGED},
                   {17, 2000, BASE_ROW_FORGED}};
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        size_t at = good.rows[damages[i].row].at + damages[i].at;
        good.bytes[at] ^= 1;
        support_write_file(place.path, good.bytes, good.size);
        assert_fails("b/copy", damages[i].code);
        good.bytes[at] ^= 1;
    }
    good.bytes[good.device_at[1] + 50] ^= 1;
    support_write_file(place.path, good.bytes, good.size);
    assert_fails("b/copy", BASE_DEVICE_FORGED);
    good.bytes[good.device_at[1] + 50] ^= 1;
    good.bytes[good.header_at + 300] ^= 1;
    support_write_file(place.path, good.bytes, good.size);
    assert_fails("b/copy", BASE_STORE_DAMAGED); /* an unused slot that is not zero */
}

/* Reading is enough: other readers and a file that can't be written are no hindrance. */
static void test_only_reads(void **state)
{
    struct base_error error;
    int reader = open(place.path, O_RDONLY | O_CLOEXEC);
    (void)state;
    assert_int_equal(flock(reader, LOCK_SH), 0);
    assert_int_equal(chmod(place.path, 0400), 0);
    assert_int_equal(store_backup(place.path, "b/copy", &error), BASE_OK);
    assert_int_equal(close(reader), 0);
    assert_source_unchanged();
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_a_copy),
        TEST(test_something_is_there),
        TEST(test_no_source),
        TEST(test_source_not_erased),
        TEST(test_source_not_numbered_anew),
        TEST(test_damaged_source),
        TEST(test_only_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
