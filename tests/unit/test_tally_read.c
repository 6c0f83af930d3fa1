/* tally: sums, periods, and what can't be read. */
#include <lmdb.h>
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { JANUARY = 2017 * 12, MARCH = JANUARY + 2, PHONE_RELATIVE_2 = (1 * 3 + 1) * 5 + 1 };

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

static void count(uint16_t device, base_month month, unsigned cell, int32_t amount)
{
    struct base_error error;
    place_be(&place, device);
    if (place_count(&place, month, cell, amount, &error) != BASE_OK)
        fail_msg("code %d: %s", (int)error.code, error.subject);
}

static enum base_code read_period(base_month first, base_month last, struct tally_counts **counts,
                                  struct base_error *error)
{
    struct store *store = NULL;
    struct base_period period = {first, last};
    *error = (struct base_error){.code = BASE_OK};
    assert_int_equal(store_open(place.path, STORE_READ, &store, error), BASE_OK);
    enum base_code code = tally_read(store, place.reader, period, counts, error);
    store_close(store);
    return code;
}

/* ---- sums ------------------------------------------------------------------------------------ */

static void test_a_period(void **state)
{
    struct tally_counts *counts = NULL;
    struct base_error error;
    (void)state;
    place_enrol(&place);
    place_enrol(&place);
    count(1, JANUARY, 0, 1);
    count(2, JANUARY, 0, 20);
    count(3, JANUARY, 0, 300);
    count(2, JANUARY, 59, 7);
    count(3, JANUARY + 11, 5, 9);
    count(1, 2019 * 12, 1, 2);
    assert_int_equal(read_period(2016 * 12, 2020 * 12 + 11, &counts, &error), BASE_OK);
    assert_int_equal(counts->period.first, 2016 * 12);
    assert_int_equal(counts->period.last, 2020 * 12 + 11);
    assert_int_equal(counts->channels, CODEBOOK_ALL_CHANNELS);
    assert_int_equal(counts->parties, CODEBOOK_ALL_PARTIES);
    assert_int_equal(counts->ever_channels, CODEBOOK_ALL_CHANNELS);
    assert_int_equal(counts->ever_parties, CODEBOOK_ALL_PARTIES);
    int64_t sum = 0;
    for (size_t month = 0; month < 60; month++)
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++)
            sum += counts->cells[month][cell];
    assert_int_equal(sum, 339);
    assert_int_equal(counts->cells[12][0], 321);
    assert_int_equal(counts->cells[12][59], 7);
    assert_int_equal(counts->cells[23][5], 9);
    assert_int_equal(counts->cells[36][1], 2);
    tally_counts_free(counts);
    assert_int_equal(read_period(JANUARY, JANUARY, &counts, &error), BASE_OK);
    assert_int_equal(counts->cells[0][0], 321);
    tally_counts_free(counts);
    tally_counts_free(NULL);
}

static void test_extent(void **state)
{
    struct store *store = NULL;
    struct base_error error;
    struct base_period period;
    bool any = false;
    (void)state;
    place_enrol(&place);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
        assert_int_equal(tally_extent(store, &period, &any, &error), BASE_OK);
        store_close(store);
        assert_true(any);
        assert_int_equal(period.first, i == 0 ? JANUARY : 2009 * 12);
        assert_int_equal(period.last, i == 0 ? JANUARY + 11 : 2021 * 12 + 11);
        count(2, 2021 * 12 + 4, 0, 1);
        count(1, 2009 * 12 + 4, 0, 1);
    }
}

/* ---- counts that are out of range ------------------------------------------------------------ */

/* Counts any amount, which tally_count would not. */
static void add(uint16_t device, base_month month, unsigned cell, int32_t amount)
{
    struct store *store = NULL;
    struct base_error error;
    struct record_row row;
    bool found = false;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(store_get_row(store, month, &place.devices[device - 1], &row, &found, &error),
                     BASE_OK);
    assert_true(found);
    assert_true(elgamal_add_count(row.cells, CODEBOOK_CELLS, place.header.public_keys.encryption,
                                  cell, amount));
    assert_int_equal(store_put_row(store, &row, place.keys[device - 1], &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
}

static void assert_cell(int64_t expected)
{
    struct tally_counts *counts = NULL;
    struct base_error error;
    assert_int_equal(read_period(MARCH, MARCH, &counts, &error), BASE_OK);
    assert_int_equal(counts->cells[0][PHONE_RELATIVE_2], expected);
    tally_counts_free(counts);
}

static void assert_cell_damaged(void)
{
    struct tally_counts *counts = NULL;
    struct base_error error;
    assert_int_equal(read_period(JANUARY, JANUARY + 11, &counts, &error), BASE_CELL_DAMAGED);
    assert_string_equal(error.subject, "2017-03, phone, relative, 2");
    assert_null(counts);
    /* Other months can be read. */
    assert_int_equal(read_period(JANUARY, MARCH - 1, &counts, &error), BASE_OK);
    tally_counts_free(counts);
}

static void test_out_of_range(void **state)
{
    (void)state;
    add(1, MARCH, PHONE_RELATIVE_2, ELGAMAL_MOST_COUNT);
    assert_cell(ELGAMAL_MOST_COUNT);
    add(1, MARCH, PHONE_RELATIVE_2, 1);
    assert_cell_damaged();
    add(1, MARCH, PHONE_RELATIVE_2, -ELGAMAL_MOST_COUNT);
    add(1, MARCH, PHONE_RELATIVE_2, ELGAMAL_LEAST_COUNT - 2);
    assert_cell_damaged();
    add(1, MARCH, PHONE_RELATIVE_2, 1);
    assert_cell(ELGAMAL_LEAST_COUNT);
}

/* Each device's count is in range and their sum is not; and the other way round. */
static void test_sum_out_of_range(void **state)
{
    (void)state;
    place_enrol(&place);
    count(2, MARCH, 0, 1);
    add(1, MARCH, PHONE_RELATIVE_2, 600000);
    add(2, MARCH, PHONE_RELATIVE_2, 600000);
    assert_cell_damaged();
    add(2, MARCH, PHONE_RELATIVE_2, -1000000);
    assert_cell(200000);
}

/* ---- rows that are not there ----------------------------------------------------------------- */

/* Deletes the record with LMDB itself, or gives it another key. */
static void delete_row(base_month month, uint16_t device, base_month to_month, uint16_t to_device)
{
    uint8_t name[RECORD_ROW_KEY_BYTES], to[RECORD_ROW_KEY_BYTES], bytes[RECORD_ROW_BYTES];
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi database;
    MDB_val key = {sizeof name, name}, other = {sizeof to, to}, data;
    record_row_key(name, month, device);
    record_row_key(to, to_month, to_device);
    assert_int_equal(mdb_env_create(&environment), 0);
    assert_int_equal(mdb_env_set_maxdbs(environment, 2), 0);
    assert_int_equal(mdb_env_open(environment, place.path, MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
    assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), 0);
    assert_int_equal(mdb_dbi_open(transaction, "tally", 0, &database), 0);
    assert_int_equal(mdb_get(transaction, database, &key, &data), 0);
    memcpy(bytes, data.mv_data, sizeof bytes);
    assert_int_equal(mdb_del(transaction, database, &key, NULL), 0);
    data = (MDB_val){sizeof bytes, bytes};
    if (to_month != 0)
        assert_int_equal(mdb_put(transaction, database, &other, &data, 0), 0);
    assert_int_equal(mdb_txn_commit(transaction), 0);
    mdb_env_close(environment);
}

static void assert_read_fails(enum base_code code, const char *subject)
{
    struct tally_counts *counts = NULL;
    struct base_error error;
    assert_int_equal(read_period(JANUARY, JANUARY + 11, &counts, &error), code);
    assert_null(counts);
    if (subject != NULL)
        assert_string_equal(error.subject, subject);
    assert_int_equal(store_backup(place.path, "copy", &error), code);
    assert_int_equal(support_entries("."), 2); /* "s" and the device's folder */
}

static void test_a_missing_row(void **state)
{
    struct base_error error;
    struct tally_counts *counts = NULL;
    (void)state;
    count(1, MARCH, 0, 3);
    delete_row(MARCH + 1, 1, 0, 0);
    assert_read_fails(BASE_STORE_DAMAGED, "a row of 2017 is missing");
    /* It must not be made anew either, and with it the year's others. */
    assert_int_equal(place_count(&place, MARCH + 1, 0, 1, &error), BASE_STORE_DAMAGED);
    assert_int_equal(read_period(MARCH, MARCH, &counts, &error), BASE_STORE_DAMAGED);
    /* No other year's rows can be made before that is looked into. */
    assert_int_equal(place_count(&place, 2018 * 12, 0, 1, &error), BASE_STORE_DAMAGED);
}

static void test_a_row_of_nobody(void **state)
{
    (void)state;
    delete_row(MARCH, 1, MARCH, 2);
    assert_read_fails(BASE_STORE_DAMAGED, "a row of device 2");
}

static void test_a_row_of_no_month(void **state)
{
    (void)state;
    delete_row(MARCH, 1, BASE_LAST_MONTH + 1, 1);
    assert_read_fails(BASE_STORE_DAMAGED, NULL);
}

/* A row under another month's key, though no month is missing. */
static void test_rows_exchanged(void **state)
{
    struct filemap map;
    uint8_t row[RECORD_ROW_BYTES];
    (void)state;
    filemap_read(&map, place.path);
    uint8_t *january = map.bytes + map.rows[0].at, *march = map.bytes + map.rows[2].at;
    memcpy(row, january, sizeof row);
    memcpy(january, march, sizeof row);
    memcpy(march, row, sizeof row);
    support_write_file(place.path, map.bytes, map.size);
    filemap_free(&map);
    assert_read_fails(BASE_ROW_FORGED, "the row of 2017-01, device 1");
}

/* ---- signatures ------------------------------------------------------------------------------ */

static struct store *open_to_write(void)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    return store;
}

static void commit(struct store *store)
{
    struct base_error error;
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
}

static void get_row(struct store *store, struct record_row *row)
{
    struct base_error error;
    bool found = false;
    assert_int_equal(store_get_row(store, MARCH, &place.devices[0], row, &found, &error), BASE_OK);
    assert_true(found);
}

/* Signed by a device that is enrolled, but not the row's. */
static void test_a_row_of_another_hand(void **state)
{
    struct base_error error;
    struct record_row row;
    (void)state;
    place_enrol(&place);
    struct store *store = open_to_write();
    get_row(store, &row);
    assert_int_equal(store_put_row(store, &row, place.keys[1], &error), BASE_OK);
    commit(store);
    struct tally_counts *counts = NULL;
    assert_int_equal(read_period(MARCH, MARCH, &counts, &error), BASE_ROW_FORGED);
    assert_string_equal(error.subject, "the row of 2017-03, device 1");
    place_be(&place, 1);
    assert_int_equal(place_count(&place, MARCH, 0, 1, &error), BASE_ROW_FORGED);
    assert_int_equal(place_count(&place, MARCH + 1, 0, 1, &error), BASE_OK);
}

/* Well signed, but not cells: the identity, which would be visibly zero; no encoding at all. */
static void test_points_that_are_none(void **state)
{
    static const uint8_t fill[] = {0, 0xff, 1};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof fill; i++) {
        struct base_error error;
        struct record_row row, kept;
        struct store *store = open_to_write();
        get_row(store, &row);
        kept = row;
        memset(i % 2 ? row.cells[59].b : row.cells[59].a, fill[i / 2], ELGAMAL_POINT_BYTES);
        assert_int_equal(store_put_row(store, &row, place.keys[0], &error), BASE_OK);
        commit(store);
        assert_read_fails(BASE_CELL_DAMAGED, NULL);
        assert_int_equal(place_count(&place, MARCH, 0, 1, &error), BASE_CELL_DAMAGED);
        store = open_to_write();
        assert_int_equal(store_put_row(store, &kept, place.keys[0], &error), BASE_OK);
        commit(store);
    }
}

static void test_a_device_of_another_reader(void **state)
{
    struct keys_reader *other = NULL;
    struct base_error error;
    (void)state;
    assert_int_equal(keys_reader_new(&other, &error), BASE_OK);
    struct store *store = open_to_write();
    assert_int_equal(store_put_device(store, &place.devices[0], other, &error), BASE_OK);
    commit(store);
    keys_reader_free(other);
    assert_read_fails(BASE_DEVICE_FORGED, "1");
    assert_int_equal(place_count(&place, MARCH, 0, 1, &error), BASE_DEVICE_FORGED);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_a_period),
        TEST(test_extent),
        TEST(test_out_of_range),
        TEST(test_sum_out_of_range),
        TEST(test_a_missing_row),
        TEST(test_a_row_of_nobody),
        TEST(test_a_row_of_no_month),
        TEST(test_rows_exchanged),
        TEST(test_a_row_of_another_hand),
        TEST(test_points_that_are_none),
        TEST(test_a_device_of_another_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
