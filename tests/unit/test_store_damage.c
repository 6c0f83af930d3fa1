/* store: a file cut off, with bits turned over, with bytes too many: it is refused, or what is read
 * from it is right; never a crash, a hang or another error. */
#include "probe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tavs/store.h"

enum { PAGE = 4096, META_END = 152, YEARS = 16, FIRST_YEAR = 2005 };

/* Enough rows that "tally" has a branch, devices of different years, a free list. */
static struct place place;
static struct filemap good;

static int make_good_store(void **state)
{
    struct base_error error;
    int result = support_enter_memory(state);
    if (result != 0)
        return result;
    place_make(&place, FIRST_YEAR);
    place_enrol(&place);
    for (int year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++) {
        place_be(&place, (uint16_t)(year == FIRST_YEAR + 3 ? 2 : 1));
        if (place_count(&place, (base_month)(year * 12 + 5), 7, 3, &error) != BASE_OK)
            return -1;
    }
    place_be(&place, 1);
    filemap_read(&good, place.path);
    assert_true(good.tally_depth >= 2);
    assert_true(good.free_pages > 0);
    return 0;
}

static int put_good_store(void **state)
{
    (void)state;
    support_write_file(place.path, good.bytes, good.size);
    return 0;
}

static int leave_with_store(void **state)
{
    filemap_free(&good);
    place_free(&place);
    return support_leave(state);
}

/* ---- cut off --------------------------------------------------------------------------------- */

static void test_cut_off(void **state)
{
    enum { AFTER_MAGIC = 20, ALL = 400, RANDOM = 300 };
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < ALL + RANDOM + good.size / PAGE * 3; i++) {
        size_t size = i < ALL ? i
                      : i < ALL + RANDOM
                          ? support_random(good.size)
                          : (i - ALL - RANDOM) / 3 * PAGE + (i - ALL - RANDOM) % 3 - 1;
        struct store *store;
        if (size == SIZE_MAX || (i >= ALL && support_is_slow() && i % 20 != 0))
            continue;
        support_write_file(place.path, good.bytes, size);
        for (enum store_mode mode = STORE_READ; mode <= STORE_WRITE; mode++)
            assert_int_equal(store_open(place.path, mode, &store, &error),
                             size == 0            ? BASE_STORE_EMPTY
                             : size < AFTER_MAGIC ? BASE_STORE_FOREIGN
                                                  : BASE_STORE_TRUNCATED);
    }
}

/* What stands behind the last page is no part of the store, and the next write erases it. */
static void test_bytes_too_many(void **state)
{
    struct filemap now;
    uint8_t more[3 * PAGE + 5];
    (void)state;
    memset(more, 'x', sizeof more);
    int file = open(place.path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(file, more, sizeof more), sizeof more);
    assert_int_equal(close(file), 0);
    assert_int_equal(probe_in_child(&place, &good, "bytes too many", true), BASE_OK);
    filemap_read(&now, place.path);
    filemap_assert_clean(&now);
    filemap_free(&now);
}

/* A file that is too large to be a store is not read through. */
static void test_far_too_large(void **state)
{
    struct store *store;
    struct base_error error;
    (void)state;
    assert_int_equal(truncate(place.path, (off_t)1 << 40), 0);
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_STORE_DAMAGED);
}

/* ---- bits turned over ------------------------------------------------------------------------ */

/* What the child that turns the bits is at. */
struct progress {
    size_t at;
    unsigned bits;
    int code;
    size_t refused, accepted;
};

/* Which bytes, and how many of them. */
struct flips {
    struct progress *progress;
    size_t count;
    size_t (*choose)(size_t round);
    bool write; /* count into a file that was not refused */
};

static size_t row_at(size_t at)
{
    for (size_t i = 0; i < good.row_count; i++)
        if (at >= good.rows[i].at && at < good.rows[i].at + RECORD_ROW_BYTES)
            return i;
    return SIZE_MAX;
}

/* The row that was hit, else one of all. Of the meta pages' rests, which are most of what is
 * turned, only that all rows are there. */
static int read_after_flip(size_t at)
{
    size_t row = row_at(at);
    if (row == SIZE_MAX)
        row = support_random(good.row_count);
    return probe_read(&place, &good, row, at < (size_t)2 * PAGE && at % PAGE >= META_END ? 0 : 1);
}

static int flip(void *context)
{
    const struct flips *flips = context;
    struct progress *progress = flips->progress;
    int file = open(place.path, O_WRONLY | O_CLOEXEC);

    for (size_t round = 0; round < flips->count; round++) {
        size_t at = flips->choose(round);
        unsigned bits =
            support_random(2) ? 1U << support_random(8) : 1U + (unsigned)support_random(255);
        uint8_t flipped = (uint8_t)(good.bytes[at] ^ bits);
        progress->at = at;
        progress->bits = bits;
        progress->code = BASE_OK;
        if (pwrite(file, &flipped, 1, (off_t)at) != 1)
            return 1;
        progress->code = read_after_flip(at);
        if (progress->code != BASE_OK && !probe_is_refusal(progress->code))
            return 1;
        ++*(progress->code == BASE_OK ? &progress->accepted : &progress->refused);
        if (progress->code == BASE_OK && flips->write) {
            progress->code = probe_count(&place, good.rows[0].month, 7);
            if (progress->code != BASE_OK)
                return 1;
            if (ftruncate(file, 0) != 0 ||
                pwrite(file, good.bytes, good.size, 0) < (ssize_t)good.size)
                return 1;
        } else if (pwrite(file, &good.bytes[at], 1, (off_t)at) != 1) {
            return 1;
        }
    }
    return 0;
}

static struct progress flip_in_child(size_t count, size_t (*choose)(size_t), bool write)
{
    enum { MOST_SECONDS = 300 };
    struct progress *progress = support_share(sizeof *progress);
    struct flips flips = {progress, count, choose, write};
    int status = 0;
    pid_t child = support_start(flip, &flips, MOST_SECONDS);
    assert_int_equal(waitpid(child, &status, 0), child);
    struct progress end = *progress;
    support_unshare(progress, sizeof *progress);
    if (status != 0)
        fail_msg("wait status %d, code %d: page %zu, byte %zu, bits %02x", status, end.code,
                 end.at / PAGE, end.at % PAGE, end.bits);
    assert_int_equal(end.refused + end.accepted, count);
    print_message("%zu refused, %zu read right\n", end.refused, end.accepted);
    return end;
}

static size_t meta_byte(size_t round)
{
    return round % (2 * PAGE);
}

/* Every byte of both; what LMDB reads of them is always refused. */
static void test_meta_pages(void **state)
{
    (void)state;
    flip_in_child(support_rounds(2 * PAGE), meta_byte, false);
}

static size_t meta_field(size_t round)
{
    return (round % 2) * PAGE + (round / 2) % META_END;
}

static void test_fields_of_meta_pages(void **state)
{
    (void)state;
    flip_in_child(support_rounds(2 * META_END), meta_field, true);
}

/* The free list's records may have any numbers that are in order. */
static bool is_free_key(size_t at)
{
    for (size_t i = 0; i < good.free_records; i++)
        if (at >= good.free_key_at[i] && at < good.free_key_at[i] + sizeof(uint64_t))
            return true;
    return false;
}

static size_t tree_byte(size_t round)
{
    size_t at;
    (void)round;
    do
        at = 2 * PAGE + support_random(good.size - 2 * PAGE);
    while (good.used[at] == 0 || row_at(at) != SIZE_MAX || is_free_key(at));
    return at;
}

static void test_trees(void **state)
{
    (void)state;
    struct progress end = flip_in_child(support_rounds(4000), tree_byte, true);
    /* A turned bit of a tree, a header, a device or a free list is always seen. */
    assert_int_equal(end.accepted, 0);
}

static size_t row_byte(size_t round)
{
    (void)round;
    return good.rows[support_random(good.row_count)].at + support_random(RECORD_ROW_BYTES);
}

static void test_rows(void **state)
{
    (void)state;
    struct progress end = flip_in_child(support_rounds(1000), row_byte, false);
    assert_int_equal(end.accepted, 0);
}

static size_t unused_byte(size_t round)
{
    size_t at;
    (void)round;
    do
        at = 2 * PAGE + support_random(good.size - 2 * PAGE);
    while (good.used[at] != 0);
    return at;
}

static void test_unused_bytes(void **state)
{
    (void)state;
    struct progress end = flip_in_child(support_rounds(100), unused_byte, true);
    assert_int_equal(end.refused, 0);
}

static size_t any_byte(size_t round)
{
    (void)round;
    return support_random(good.size);
}

static void test_whole_file(void **state)
{
    (void)state;
    flip_in_child(support_rounds(1000), any_byte, false);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup(function, put_good_store)
    const struct CMUnitTest tests[] = {
        TEST(test_cut_off),    TEST(test_bytes_too_many),       TEST(test_far_too_large),
        TEST(test_meta_pages), TEST(test_fields_of_meta_pages), TEST(test_trees),
        TEST(test_rows),       TEST(test_unused_bytes),         TEST(test_whole_file),
    };
    return cmocka_run_group_tests(tests, make_good_store, leave_with_store);
}
