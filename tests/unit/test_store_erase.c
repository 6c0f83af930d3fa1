/* store: whatever is written and however the file grows, nothing outdated is left in it or beside
 * it. After each write the whole file is searched for every record it ever held. */
#include "filemap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tavs/secret.h"
#include "tavs/store.h"

enum { MOST_SAMPLES = 100000 };

static struct place place;

/* The file as it is, and samples of all that it was. */
static struct filemap now;
static struct history *history;

static int enter_with_store(void **state)
{
    int result = support_enter_memory(state);
    if (result != 0)
        return result;
    place_make(&place, 2017);
    filemap_read(&now, place.path);
    filemap_assert_clean(&now);
    history = history_new(MOST_SAMPLES);
    return 0;
}

static int leave_with_store(void **state)
{
    filemap_free(&now);
    history_free(history);
    place_free(&place);
    return support_leave(state);
}

/* After a write. */
static void look(void)
{
    struct filemap before = now;
    filemap_read(&now, place.path);
    history_add_changes(history, &before, &now);
    filemap_assert_clean(&now);
    history_assert_absent(history, &now);
    assert_int_equal(support_entries("s"), 1);
    filemap_free(&before);
}

static void count_one(base_month month)
{
    struct base_error error;
    if (place_count(&place, month, (unsigned)support_random(CODEBOOK_CELLS), 1, &error) != BASE_OK)
        fail_msg("code %d: %s", (int)error.code, error.subject);
}

/* Years in any order, several devices: leaves split at their ends and in their middle, and what the
 * splitting leaves in pages and behind rows goes, too. */
static void test_rows_of_many_years(void **state)
{
    enum { DEVICES = 4, YEARS = 9, FIRST_YEAR = 2016 };
    const unsigned rounds = support_rounds(YEARS * DEVICES);
    (void)state;
    for (uint16_t number = 2; number <= DEVICES; number++) {
        place_enrol(&place);
        look();
    }
    for (unsigned i = 0; i < rounds; i++) {
        int year = FIRST_YEAR + (int)(i * 5 / DEVICES) % YEARS;
        place_be(&place, (uint16_t)(i % DEVICES + 1));
        count_one((base_month)(year * 12 + (int)support_random(12)));
        look();
        place_be(&place, 1);
        count_one((base_month)(2017 * 12 + (int)support_random(12)));
        look();
    }
    if (rounds == YEARS * DEVICES) {
        assert_true(now.row_count > 300);
        assert_true(now.tally_depth >= 2);
    }
}

/* One transaction that writes all rows of many years, as washing does, frees so many pages that their
 * list does not fit into a leaf. */
static void test_a_long_free_list(void **state)
{
    enum { YEARS = 45, FIRST_YEAR = 2018 };
    struct record_row row = {.device = 1};
    struct base_error error;
    (void)state;
    assert_true(
        elgamal_encrypt_zeros(row.cells, CODEBOOK_CELLS, place.header.public_keys.encryption));
    for (unsigned round = 0; round < 6; round++) {
        struct store *store = NULL;
        assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
        /* The first makes the rows, the others write less and less of them again. */
        for (int year = FIRST_YEAR; year < FIRST_YEAR + YEARS - (int)(7 * round); year++)
            for (int month = 0; month < (round == 0 ? 12 : 1); month++) {
                row.month = (base_month)(year * 12 + month);
                assert_int_equal(store_put_row(store, &row, place.keys[0], &error), BASE_OK);
            }
        assert_int_equal(store_commit(store, &error), BASE_OK);
        store_close(store);
        look();
        assert_true(round == 0 || now.free_pages > 12 * (YEARS - 7 * round));
        for (int i = 0; i < 3; i++) {
            count_one((base_month)(2017 * 12 + i));
            look();
        }
    }
    assert_int_equal(now.row_count, 12 * (YEARS + 1));
}

/* ---- slots ----------------------------------------------------------------------------------- */

/* A slot as it would be for another passphrase: a wrapped seed is random to who has none. */
static void fill_slot(unsigned number)
{
    struct keys_slot *slot = &place.header.slots[number];
    *slot = (struct keys_slot){.used = true, .cost = keys_cost_interactive};
    secret_random(slot->salt, sizeof slot->salt);
    secret_random(slot->nonce, sizeof slot->nonce);
    secret_random(slot->wrapped_seed, sizeof slot->wrapped_seed);
}

static bool stands_in_file(const void *bytes, size_t size)
{
    return memmem(now.bytes, now.size, bytes, size) != NULL;
}

/* Not even eight bytes of it. */
static void assert_gone(const struct keys_slot *slot)
{
    enum { PIECE = 8 };
    for (size_t at = 0; at + PIECE <= sizeof slot->wrapped_seed; at++)
        assert_false(stands_in_file(slot->wrapped_seed + at, PIECE));
    assert_false(stands_in_file(slot->salt, PIECE));
    assert_false(stands_in_file(slot->nonce, PIECE));
}

static void test_a_changed_slot(void **state)
{
    const unsigned rounds = support_rounds(100);
    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        unsigned number = 1 + (unsigned)support_random(KEYS_SLOTS - 1);
        struct keys_slot before = place.header.slots[number];
        fill_slot(0); /* so that no header, and no signature, comes again */
        if (before.used && support_random(2) == 0)
            place.header.slots[number] = (struct keys_slot){.used = false};
        else
            fill_slot(number);
        place_put_header(&place);
        look();
        if (before.used)
            assert_gone(&before);
        if (place.header.slots[number].used)
            assert_true(stands_in_file(place.header.slots[number].wrapped_seed,
                                       sizeof before.wrapped_seed));
        if (i % 5 == 0) {
            count_one(2017 * 12);
            look();
        }
    }
}

/* ---- devices --------------------------------------------------------------------------------- */

/* As many that their leaf splits, with the header among them. */
static void test_many_devices(void **state)
{
    const uint16_t devices = (uint16_t)support_rounds(60);
    struct record_device device = place.devices[0];
    struct base_error error;
    (void)state;
    for (uint16_t i = 2; i <= devices + 1; i++) {
        struct store *store = NULL;
        assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
        device.number = i;
        assert_int_equal(store_put_device(store, &device, place.reader, &error), BASE_OK);
        if (i % 3 == 0) { /* and one is retired in the same transaction */
            device.number = (uint16_t)(i / 3);
            device.state = RECORD_DEVICE_RETIRED;
            assert_int_equal(store_put_device(store, &device, place.reader, &error), BASE_OK);
            device.state = RECORD_DEVICE_ACTIVE;
        }
        assert_int_equal(store_commit(store, &error), BASE_OK);
        store_close(store);
        look();
        fill_slot(i % KEYS_SLOTS);
        place_put_header(&place);
        look();
    }
    assert_int_equal(now.device_count, devices + 1);
}

/* ---- what others have left ------------------------------------------------------------------- */

static void hide(size_t at, const void *bytes, size_t size)
{
    int file = open(place.path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(file, bytes, size, (off_t)at), size);
    assert_int_equal(close(file), 0);
}

/* Somewhere in the middle of a page, behind a row, in a free page. */
static size_t unused_place(size_t size)
{
    size_t at;
    do
        at = 8192 + support_random(now.size - 8192 - size);
    while (memchr(now.used + at, 1, size) != NULL);
    return at;
}

/* Bytes that something wrote where nothing belongs are gone after the next write. */
static void test_hidden_bytes(void **state)
{
    static const char text[] = "Anna, 12 March, by telephone";
    enum { PAD_AT = 8 }; /* in the head of a page: nobody reads it */
    const unsigned rounds = support_rounds(60);
    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        size_t page = 2 + support_random(now.size / 4096 - 2);
        hide(i % 4 == 0 ? now.size : unused_place(sizeof text), text, sizeof text);
        hide(page * 4096 + PAD_AT, "An", 2);
        count_one((base_month)(2017 * 12 + (int)(i % 12)));
        look();
        assert_false(stands_in_file(text + 4, 8));
    }
}

/* Also after a commit that had nothing to write. */
static void test_empty_commit(void **state)
{
    struct base_error error;
    struct store *store = NULL;
    int file = open(place.path, O_WRONLY | O_APPEND | O_CLOEXEC);
    (void)state;
    assert_int_equal(write(file, "Anna", 4), 4);
    assert_int_equal(close(file), 0);
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
    look();
}

/* What is not committed is as if it had never been: not a byte changes. */
static void test_without_commit(void **state)
{
    struct base_error error;
    struct store *store = NULL;
    size_t size;
    (void)state;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    fill_slot(1);
    assert_int_equal(store_put_header(store, &place.header, place.reader, &error), BASE_OK);
    assert_int_equal(store_put_year(store, 2018, place.keys[0], &error), BASE_OK);
    store_close(store);
    uint8_t *bytes = support_read_file(place.path, &size);
    assert_int_equal(size, now.size);
    assert_memory_equal(bytes, now.bytes, size);
    free(bytes);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_rows_of_many_years), TEST(test_a_long_free_list), TEST(test_a_changed_slot),
        TEST(test_many_devices),       TEST(test_hidden_bytes),     TEST(test_empty_commit),
        TEST(test_without_commit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
