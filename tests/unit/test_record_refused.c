/* record: every bit, size and field of a device or a row that is wrong, and those that were moved. */
#include <string.h>

#include "book.h"

/* docs/format.md, sections 5 and 6. */
enum { DEVICE_AT_STATE = 2, DEVICE_AT_RESERVED = 3, DEVICE_AT_KEY = 8, ROW_AT_CELLS = 64 };

static void flip(uint8_t *bytes, size_t bit)
{
    bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
}

/* ---- device ----------------------------------------------------------------------------------- */

static enum base_code device_code(const uint8_t *bytes, size_t size)
{
    struct record_device device;

    return book_decode_device(bytes, size, &device);
}

static void test_every_bit_of_a_device(void **state)
{
    uint8_t bytes[RECORD_DEVICE_BYTES];

    (void)state;
    memcpy(bytes, book.device, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit += trial_is_slow() ? 7 : 1) {
        flip(bytes, bit);
        assert_int_equal(device_code(bytes, sizeof bytes),
                         bit / 8 < DEVICE_AT_KEY ? BASE_STORE_DAMAGED : BASE_DEVICE_FORGED);
        flip(bytes, bit);
    }
    bytes[DEVICE_AT_STATE] = RECORD_DEVICE_RETIRED; /* two bits apart */
    assert_int_equal(device_code(bytes, sizeof bytes), BASE_DEVICE_FORGED);
}

static void test_device_size(void **state)
{
    uint8_t bytes[2 * RECORD_DEVICE_BYTES] = {0};

    (void)state;
    memcpy(bytes, book.device, sizeof book.device);
    for (size_t size = 0; size <= sizeof bytes; size++)
        assert_int_equal(device_code(bytes, size),
                         size == RECORD_DEVICE_BYTES ? BASE_OK : BASE_STORE_DAMAGED);
}

static void test_fields_of_a_signed_device(void **state)
{
    uint8_t bytes[RECORD_DEVICE_BYTES];

    (void)state;
    for (unsigned value = 0; value < 256; value += trial_is_slow() ? 15 : 1) {
        memcpy(bytes, book.device, sizeof bytes);
        bytes[DEVICE_AT_STATE] = (uint8_t)value;
        book_sign_device(bytes);
        assert_int_equal(device_code(bytes, sizeof bytes),
                         value == 1 || value == 2 ? BASE_OK : BASE_STORE_DAMAGED);
    }
    for (size_t at = DEVICE_AT_RESERVED; at < DEVICE_AT_KEY; at++) {
        memcpy(bytes, book.device, sizeof bytes);
        bytes[at] = 1;
        book_sign_device(bytes);
        assert_int_equal(device_code(bytes, sizeof bytes), BASE_STORE_DAMAGED);
    }
}

static void test_device_at_another_place(void **state)
{
    uint8_t other_store[KEYS_FINGERPRINT_BYTES], other_key[KEYS_SIGNING_PUBLIC_BYTES];
    struct base_error error;
    struct record_device device;

    (void)state;
    memcpy(other_store, book.fingerprint, sizeof other_store);
    other_store[31] ^= 1;
    assert_int_equal(record_device_decode(book.device, sizeof book.device,
                                          (uint16_t)(book.owner.number + 1), book.fingerprint,
                                          book.public_keys.signing, &device, &error),
                     BASE_STORE_DAMAGED);
    assert_int_equal(record_device_decode(book.device, sizeof book.device, book.owner.number,
                                          other_store, book.public_keys.signing, &device, &error),
                     BASE_DEVICE_FORGED);
    memcpy(other_key, keys_device_public(book.device_key), sizeof other_key);
    assert_int_equal(record_device_decode(book.device, sizeof book.device, book.owner.number,
                                          book.fingerprint, other_key, &device, &error),
                     BASE_DEVICE_FORGED);
}

static void test_device_numbers_out_of_range(void **state)
{
    static const uint16_t numbers[] = {0, KEYS_MOST_DEVICES + 1, UINT16_MAX};

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(numbers); i++) {
        struct record_device device = book.owner;
        struct base_error error;
        uint8_t bytes[RECORD_DEVICE_BYTES];

        device.number = numbers[i];
        record_device_encode(bytes, &device, book.fingerprint, book.reader);
        assert_int_equal(record_device_decode(bytes, sizeof bytes, numbers[i], book.fingerprint,
                                              book.public_keys.signing, &device, &error),
                         BASE_STORE_DAMAGED);
    }
}

/* ---- row -------------------------------------------------------------------------------------- */

static enum base_code row_code(const uint8_t *bytes, size_t size)
{
    static struct record_row row;

    return book_decode_row(bytes, size, &row);
}

static void test_every_bit_of_a_row(void **state)
{
    uint8_t bytes[RECORD_ROW_BYTES];

    (void)state;
    memcpy(bytes, book.row, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit += trial_is_slow() ? 997 : 1) {
        flip(bytes, bit);
        assert_int_equal(row_code(bytes, sizeof bytes), BASE_ROW_FORGED);
        flip(bytes, bit);
    }
    assert_int_equal(row_code(bytes, sizeof bytes), BASE_OK);
}

static void test_row_size(void **state)
{
    static uint8_t bytes[2 * RECORD_ROW_BYTES];

    (void)state;
    memcpy(bytes, book.row, sizeof book.row);
    for (size_t size = 0; size <= sizeof bytes; size++)
        if (size != RECORD_ROW_BYTES)
            assert_int_equal(row_code(bytes, size), BASE_STORE_DAMAGED);
}

static enum base_code row_code_at(base_month month, const struct record_device *device,
                                  const uint8_t *store_id)
{
    static struct record_row row;
    struct base_error error;

    return record_row_decode(book.row, sizeof book.row, month, device, store_id, &row, &error);
}

static void test_row_at_another_place(void **state)
{
    struct record_device device = book.owner;
    uint8_t store_id[KEYS_STORE_ID_BYTES];

    (void)state;
    memcpy(store_id, book.store_id, sizeof store_id);
    assert_int_equal(row_code_at(book.month, &device, store_id), BASE_OK);
    for (base_month month = BASE_FIRST_MONTH; month <= BASE_LAST_MONTH;
         month = (base_month)(month + (trial_is_slow() ? 300 : 1)))
        if (month != book.month)
            assert_int_equal(row_code_at(month, &device, store_id), BASE_ROW_FORGED);
    assert_int_equal(row_code_at(BASE_FIRST_MONTH - 1, &device, store_id), BASE_STORE_DAMAGED);
    assert_int_equal(row_code_at(BASE_LAST_MONTH + 1, &device, store_id), BASE_STORE_DAMAGED);

    for (unsigned bit = 0; bit < 16; bit++) {
        device.number = (uint16_t)(book.owner.number ^ 1U << bit);
        assert_int_equal(row_code_at(book.month, &device, store_id), BASE_ROW_FORGED);
    }
    device = book.owner;
    for (size_t bit = 0; bit < 8 * sizeof store_id; bit++) {
        flip(store_id, bit);
        assert_int_equal(row_code_at(book.month, &device, store_id), BASE_ROW_FORGED);
        flip(store_id, bit);
    }
    /* Signed by the reader's key, or any other, it is not the device's. */
    memcpy(device.signing_public, book.public_keys.signing, sizeof device.signing_public);
    assert_int_equal(row_code_at(book.month, &device, store_id), BASE_ROW_FORGED);
}

/* Two rows may not exchange cells, nor may a row's cells change places. */
static void test_cells_that_change_places(void **state)
{
    uint8_t bytes[RECORD_ROW_BYTES];

    (void)state;
    for (size_t i = 0; i + 1 < CODEBOOK_CELLS; i++) {
        uint8_t *cell = bytes + ROW_AT_CELLS + i * ELGAMAL_CELL_BYTES;

        memcpy(bytes, book.row, sizeof bytes);
        memmove(cell, cell + ELGAMAL_CELL_BYTES, ELGAMAL_CELL_BYTES);
        memcpy(cell + ELGAMAL_CELL_BYTES, book.row + ROW_AT_CELLS + i * ELGAMAL_CELL_BYTES,
               ELGAMAL_CELL_BYTES);
        assert_int_equal(row_code(bytes, sizeof bytes), BASE_ROW_FORGED);
    }
}

/* Each of the 120 elements in turn, under a signature that holds. */
static void test_elements_of_a_signed_row(void **state)
{
    json_t *group = trial_vectors("rfc9496.json");
    const json_t *invalid = trial_get(group, "invalid_encodings");
    uint8_t bytes[RECORD_ROW_BYTES];

    (void)state;
    for (size_t i = 0; i < 2 * CODEBOOK_CELLS; i += trial_is_slow() ? 17 : 1) {
        uint8_t *element = bytes + ROW_AT_CELLS + i * ELGAMAL_POINT_BYTES;

        memcpy(bytes, book.row, sizeof bytes);
        memset(element, 0, ELGAMAL_POINT_BYTES); /* the identity */
        book_sign_row(bytes);
        assert_int_equal(row_code(bytes, sizeof bytes), BASE_CELL_DAMAGED);

        trial_hex(json_array_get(invalid, i % json_array_size(invalid)), element,
                  ELGAMAL_POINT_BYTES);
        book_sign_row(bytes);
        assert_int_equal(row_code(bytes, sizeof bytes), BASE_CELL_DAMAGED);

        memcpy(bytes, book.row, sizeof bytes);
        element[ELGAMAL_POINT_BYTES - 1] |= 0x80;
        book_sign_row(bytes);
        assert_int_equal(row_code(bytes, sizeof bytes), BASE_CELL_DAMAGED);
    }
    json_decref(group);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bit_of_a_device),
        cmocka_unit_test(test_device_size),
        cmocka_unit_test(test_fields_of_a_signed_device),
        cmocka_unit_test(test_device_at_another_place),
        cmocka_unit_test(test_device_numbers_out_of_range),
        cmocka_unit_test(test_every_bit_of_a_row),
        cmocka_unit_test(test_row_size),
        cmocka_unit_test(test_row_at_another_place),
        cmocka_unit_test(test_cells_that_change_places),
        cmocka_unit_test(test_elements_of_a_signed_row),
    };

    return cmocka_run_group_tests(tests, book_load, book_unload);
}
