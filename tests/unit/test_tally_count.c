/* tally: what is counted, what is not, and why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { JANUARY = 2017 * 12, MARCH = JANUARY + 2, PHONE_RELATIVE_2 = (1 * 3 + 1) * 5 + 1 };

static struct place place;
static struct filemap before;

static int enter_with_store(void **state)
{
    int result = support_enter(state);
    if (result == 0) {
        place_make(&place, 2017);
        filemap_read(&before, place.path);
    }
    return result;
}

static int leave_with_store(void **state)
{
    filemap_free(&before);
    place_free(&place);
    return support_leave(state);
}

/* The file as it is now is what the next refusals must leave as it is. */
static void remember(void)
{
    filemap_free(&before);
    filemap_read(&before, place.path);
}

static void assert_counted(base_month month, unsigned cell, int32_t amount)
{
    struct base_error error;
    if (place_count(&place, month, cell, amount, &error) != BASE_OK)
        fail_msg("code %d: %s", (int)error.code, error.subject);
}

static void assert_refused(base_month month, unsigned cell, int32_t amount, enum base_code code,
                           const char *subject)
{
    struct base_error error = {.code = BASE_OK};
    size_t size;
    assert_int_equal(place_count(&place, month, cell, amount, &error), code);
    assert_int_equal(error.code, code);
    if (subject != NULL)
        assert_string_equal(error.subject, subject);
    uint8_t *bytes = support_read_file(place.path, &size);
    assert_int_equal(size, before.size);
    assert_memory_equal(bytes, before.bytes, size);
    free(bytes);
    assert_int_equal(support_entries("s"), 1);
}

/* The counts of one month. */
static struct tally_counts *read_month(base_month month)
{
    struct store *store = NULL;
    struct tally_counts *counts = NULL;
    struct base_error error;
    struct base_period period = {month, month};
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_read(store, place.reader, period, &counts, &error), BASE_OK);
    store_close(store);
    return counts;
}

static void assert_only(base_month month, unsigned cell, int64_t count)
{
    struct tally_counts *counts = read_month(month);
    for (unsigned i = 0; i < CODEBOOK_CELLS; i++)
        assert_int_equal(counts->cells[0][i], i == cell ? count : 0);
    tally_counts_free(counts);
}

/* ---- what is asked for ----------------------------------------------------------------------- */

static void test_amounts(void **state)
{
    static const int32_t limits[] = {TALLY_MOST_COUNT + 1, -TALLY_MOST_COUNT - 1, INT32_MAX,
                                     INT32_MIN};
    (void)state;
    assert_refused(MARCH, 0, 0, BASE_BAD_COUNT, "0");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        assert_refused(MARCH, 0, limits[i], BASE_COUNT_LIMIT, NULL);
    assert_counted(MARCH, PHONE_RELATIVE_2, TALLY_MOST_COUNT);
    assert_only(MARCH, PHONE_RELATIVE_2, TALLY_MOST_COUNT);
    assert_counted(MARCH, PHONE_RELATIVE_2, -TALLY_MOST_COUNT);
    assert_counted(MARCH, PHONE_RELATIVE_2, -1);
    assert_only(MARCH, PHONE_RELATIVE_2, -1);
}

static void test_months(void **state)
{
    char text[BASE_MONTH_TEXT];
    base_month now = base_month_now();
    (void)state;
    base_month_format((base_month)(now + 1), text);
    assert_refused((base_month)(now + 1), 0, 1, BASE_FUTURE_MONTH, text);
    assert_refused(BASE_LAST_MONTH, 0, 1, BASE_FUTURE_MONTH, "2199-12");
    assert_refused(UINT16_MAX, 0, 1, BASE_FUTURE_MONTH, NULL);
    assert_refused(BASE_FIRST_MONTH - 1, 0, 1, BASE_BAD_MONTH, NULL);
    assert_refused(0, 0, 1, BASE_BAD_MONTH, NULL);
    assert_counted(now, 0, 1);
    assert_counted(BASE_FIRST_MONTH, 0, 1);
    assert_only(BASE_FIRST_MONTH, 0, 1);
}

static void test_every_cell(void **state)
{
    (void)state;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        assert_counted(MARCH, cell, (int32_t)cell + 1);
    struct tally_counts *counts = read_month(MARCH);
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        assert_int_equal(counts->cells[0][cell], cell + 1);
    tally_counts_free(counts);
    assert_only((base_month)(MARCH + 1), 0, 0);
}

static void test_what_is_not_offered(void **state)
{
    enum { IN_PERSON, PHONE, MAIL, WEB };
    const unsigned mail = codebook_cell((struct codebook_contact){{MAIL, 0, 0}});
    const unsigned professional = codebook_cell((struct codebook_contact){{PHONE, 2, 4}});
    const unsigned web = codebook_cell((struct codebook_contact){{WEB, 0, 0}});
    (void)state;
    place.header.channels = 1U << IN_PERSON | 1U << PHONE;
    place.header.parties = 3;
    place_put_header(&place);
    remember();
    assert_refused(MARCH, mail, 1, BASE_CHANNEL_NOT_OFFERED, "mail");
    assert_refused(MARCH, web, 1, BASE_CHANNEL_NOT_OFFERED, "web");
    assert_refused(MARCH, professional, 1, BASE_PARTY_NOT_OFFERED, "professional");
    assert_counted(MARCH, PHONE_RELATIVE_2, 1);
    /* What was counted before the offer changed can be taken back. */
    assert_counted(MARCH, mail, -1);
    assert_counted(MARCH, professional, -1);
    struct tally_counts *counts = read_month(MARCH);
    assert_int_equal(counts->cells[0][mail], -1);
    assert_int_equal(counts->channels, place.header.channels);
    assert_int_equal(counts->parties, place.header.parties);
    tally_counts_free(counts);
}

/* ---- years ----------------------------------------------------------------------------------- */

static size_t rows_of(const struct filemap *map, uint16_t device, int year)
{
    size_t count = 0;
    for (base_month month = (base_month)(year * 12); month < (year + 1) * 12; month++)
        count += filemap_find_row(map, month, device) != NULL;
    return count;
}

static void test_a_new_year_has_all_rows(void **state)
{
    struct filemap map;
    (void)state;
    place_enrol(&place);
    assert_int_equal(before.row_count, 12);
    assert_counted(2019 * 12 + 7, 3, 1); /* by device 2, and no year lies between */
    filemap_read(&map, place.path);
    assert_int_equal(map.row_count, 24);
    assert_int_equal(rows_of(&map, 2, 2019), 12);
    filemap_free(&map);
    assert_counted(2019 * 12 + 7, 3, 1);
    place_be(&place, 1);
    assert_counted(2019 * 12, 3, 1);
    filemap_read(&map, place.path);
    assert_int_equal(map.row_count, 36);
    assert_int_equal(rows_of(&map, 1, 2019), 12);
    assert_int_equal(rows_of(&map, 2, 2017), 0);
    filemap_free(&map);
    assert_only(2019 * 12 + 7, 3, 2);
    assert_only(2019 * 12, 3, 1);
    assert_only(2019 * 12 + 11, 3, 0);
}

/* ---- who counts ------------------------------------------------------------------------------ */

static void save(uint16_t number, const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES])
{
    struct keys_device *key = NULL;
    struct base_error error;
    assert_int_equal(keys_device_new(number, place.header.store_id, fingerprint, &key, &error),
                     BASE_OK);
    assert_int_equal(keys_device_save(key, &error), BASE_OK);
    keys_device_free(key);
}

static enum base_code check_pin(void)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    enum base_code code = tally_check_pin(store, &error);
    store_close(store);
    return code;
}

static void test_not_enrolled(void **state)
{
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    (void)state;
    keys_fingerprint_text(fingerprint, place.fingerprint);
    assert_int_equal(setenv("XDG_STATE_HOME", "/nowhere/at/all", 1), 0);
    assert_refused(MARCH, 0, 1, BASE_NOT_ENROLLED, fingerprint);
    assert_int_equal(check_pin(), BASE_OK); /* who only reads needs no key */
    place_be(&place, 1);
    save(2, place.fingerprint); /* a number that the store does not know */
    assert_refused(MARCH, 0, 1, BASE_NOT_ENROLLED, fingerprint);
    save(1, place.fingerprint); /* one that it knows, of another key */
    assert_refused(MARCH, 0, 1, BASE_NOT_ENROLLED, fingerprint);
    assert_int_equal(check_pin(), BASE_OK);
    assert_int_equal(unsetenv("XDG_STATE_HOME"), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_refused(MARCH, 0, 1, BASE_NO_HOME, NULL);
    assert_int_equal(check_pin(), BASE_OK);
}

static void test_retired(void **state)
{
    (void)state;
    place_enrol(&place);
    assert_counted(MARCH, 4, 5);
    place.devices[1].state = RECORD_DEVICE_RETIRED;
    place_put_device(&place, 2);
    remember();
    assert_refused(MARCH, 4, 1, BASE_DEVICE_RETIRED, "2");
    assert_refused(MARCH, 4, -1, BASE_DEVICE_RETIRED, "2");
    assert_only(MARCH, 4, 5); /* what it has counted stays */
    place_be(&place, 1);
    assert_counted(MARCH, 4, 1);
    assert_only(MARCH, 4, 6);
}

/* ---- another store in the place of this one -------------------------------------------------- */

static void test_another_pin(void **state)
{
    uint8_t other[KEYS_FINGERPRINT_BYTES];
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    (void)state;
    keys_fingerprint_text(fingerprint, place.fingerprint);
    memcpy(other, place.fingerprint, sizeof other);
    other[sizeof other - 1] ^= 1; /* people never see the last bytes */
    save(1, other);
    assert_refused(MARCH, 0, 1, BASE_FINGERPRINT_DIFFERS, fingerprint);
    assert_int_equal(check_pin(), BASE_FINGERPRINT_DIFFERS);
}

/* Somebody puts a store of his own there, complete and well signed, with the same id and with this
 * machine's key enrolled: a counsellor would count towards his key. */
static void test_a_thief_s_store(void **state)
{
    struct keys_reader *thief = NULL;
    struct base_error error;
    (void)state;
    assert_int_equal(keys_reader_new(&thief, &error), BASE_OK);
    keys_reader_public(thief, &place.header.public_keys);
    assert_int_equal(store_create("s/thief", &place.header, thief, &place.devices[0], place.keys[0],
                                  2017, &error),
                     BASE_OK);
    assert_int_equal(rename("s/thief", place.path), 0);
    remember();
    assert_refused(MARCH, 0, 1, BASE_FINGERPRINT_DIFFERS, NULL);
    assert_int_equal(check_pin(), BASE_FINGERPRINT_DIFFERS);
    keys_reader_free(thief);
}

/* The same with only the encryption key exchanged, as who can't sign would have to do it. */
static void test_an_exchanged_key(void **state)
{
    struct keys_reader *thief = NULL;
    struct base_error error;
    (void)state;
    assert_int_equal(keys_reader_new(&thief, &error), BASE_OK);
    struct keys_public keys;
    keys_reader_public(thief, &keys);
    memcpy(place.header.public_keys.encryption, keys.encryption, sizeof keys.encryption);
    struct store *store = NULL;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(store_put_header(store, &place.header, thief, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
    remember();
    assert_refused(MARCH, 0, 1, BASE_HEADER_FORGED, NULL);
    keys_reader_free(thief);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_amounts),
        TEST(test_months),
        TEST(test_every_cell),
        TEST(test_what_is_not_offered),
        TEST(test_a_new_year_has_all_rows),
        TEST(test_not_enrolled),
        TEST(test_retired),
        TEST(test_another_pin),
        TEST(test_a_thief_s_store),
        TEST(test_an_exchanged_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
