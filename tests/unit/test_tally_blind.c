/* tally: what the file does not tell. Two copies of a store, in each of which something else is
 * counted, differ in nothing but random bytes; and how often was counted is not to be seen. */
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "tavs/store.h"

enum { FIRST = 2017 * 12 };

static struct place place;

static int enter_with_store(void **state)
{
    int result = support_enter_memory(state);
    if (result == 0)
        place_make(&place, 2017);
    return result;
}

static int leave_with_store(void **state)
{
    place_free(&place);
    return support_leave(state);
}

static void count(base_month month, unsigned cell, int32_t amount)
{
    struct base_error error;
    if (place_count(&place, month, cell, amount, &error) != BASE_OK)
        fail_msg("code %d: %s", (int)error.code, error.subject);
}

/* The rows of device 1 in 2017 may have other cells and signatures; all else is the same to the
 * byte: the pages, their order, the free list, the numbers of transactions. */
static void assert_look_the_same(const struct filemap *left, const struct filemap *right)
{
    assert_int_equal(left->size, right->size);
    assert_int_equal(left->row_count, right->row_count);
    uint8_t *bytes = malloc(right->size);
    assert_non_null(bytes);
    memcpy(bytes, right->bytes, right->size);
    for (size_t i = 0; i < left->row_count; i++) {
        const struct filemap_row *row = &left->rows[i];
        assert_int_equal(row->month, right->rows[i].month);
        assert_int_equal(row->device, right->rows[i].device);
        assert_int_equal(row->at, right->rows[i].at);
        if (row->device == 1 && base_month_year(row->month) == 2017)
            memcpy(bytes + row->at, left->bytes + row->at, RECORD_ROW_BYTES);
    }
    assert_memory_equal(left->bytes, bytes, left->size);
    free(bytes);
}

/* From the same beginning, again and again, something else is counted. */
static void test_what_was_counted(void **state)
{
    const unsigned rounds = support_rounds(40);
    struct filemap start, first = {0}, other;
    (void)state;
    place_enrol(&place);
    count(FIRST, 0, 1);
    place_be(&place, 1);
    count(2018 * 12, 0, 1);
    filemap_read(&start, place.path);
    for (unsigned i = 0; i < rounds; i++) {
        support_write_file(place.path, start.bytes, start.size);
        for (unsigned j = 0; j < 3; j++)
            count((base_month)(FIRST + support_random(12)),
                  (unsigned)support_random(CODEBOOK_CELLS), support_random(2) ? 1 : -1);
        filemap_read(&other, place.path);
        if (i == 0) {
            first = other;
            continue;
        }
        assert_look_the_same(&first, &other);
        filemap_free(&other);
    }
    filemap_free(&first);
    filemap_free(&start);
}

/* A month in which nothing was counted lies no other than one in which something was: all rows
 * of the year move. */
static void test_a_year_moves_together(void **state)
{
    (void)state;
    count(2018 * 12, 0, 1);
    for (unsigned i = 0; i < support_rounds(40); i++) {
        struct filemap before, after;
        filemap_read(&before, place.path);
        count((base_month)(FIRST + support_random(12)), 7, 1);
        filemap_read(&after, place.path);
        for (size_t j = 0; j < before.row_count; j++) {
            bool moved = before.rows[j].at != after.rows[j].at;
            assert_int_equal(moved, base_month_year(before.rows[j].month) == 2017);
        }
        filemap_free(&before);
        filemap_free(&after);
    }
}

/* LMDB numbers its transactions; the numbers that stand in the file follow from how many records
 * its free list has, which does not grow. */
static void test_how_often(void **state)
{
    const unsigned rounds = support_rounds(150);
    struct filemap map;
    size_t size = 0;
    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        count((base_month)(FIRST + support_random(12)), (unsigned)support_random(CODEBOOK_CELLS),
              1);
        filemap_read(&map, place.path);
        assert_true(map.transaction == map.free_records + 1 ||
                    map.transaction == map.free_records + 2);
        assert_int_equal(map.transaction_before, map.transaction - 1);
        assert_true(map.free_records <= 4);
        if (i == 10)
            size = map.size;
        assert_true(i <= 10 || map.size == size);
        filemap_free(&map);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_counted),
        TEST(test_a_year_moves_together),
        TEST(test_how_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
