/* record: bytes to structures and back, byte for byte as another program wrote them. */
#include <string.h>

#include "book.h"

static void test_keys(void **state)
{
    uint8_t key[RECORD_STORE_KEY_BYTES], row_key[RECORD_ROW_KEY_BYTES];

    (void)state;
    record_header_key(key);
    assert_memory_equal(key, "header\0\0", sizeof key);
    record_device_key(key, 0x0102);
    assert_memory_equal(key, "device\1\2", sizeof key);
    record_row_key(row_key, 24204, 0x0102);
    assert_memory_equal(row_key, "\x5e\x8c\x01\x02", sizeof row_key);
}

/* Sorted as bytes, rows lie by month and then by device. */
static void test_row_keys_ascend(void **state)
{
    uint8_t before[RECORD_ROW_KEY_BYTES] = {0}, key[RECORD_ROW_KEY_BYTES];

    (void)state;
    for (base_month month = BASE_FIRST_MONTH; month <= BASE_LAST_MONTH; month++) {
        for (uint16_t device = 1; device <= KEYS_MOST_DEVICES; device += 93) {
            record_row_key(key, month, device);
            assert_true(memcmp(before, key, sizeof key) < 0);
            memcpy(before, key, sizeof key);
        }
    }
}

/* ---- header ----------------------------------------------------------------------------------- */

static void test_header_of_another_program(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *answers = trial_get(format, "slot");
    uint8_t bytes[RECORD_HEADER_BYTES], salt[KEYS_SALT_BYTES], nonce[KEYS_NONCE_BYTES];
    uint8_t wrapped[KEYS_WRAPPED_SEED_BYTES], head[KEYS_DIGEST_BYTES];
    unsigned number = trial_number(answers, "number");
    struct record_header header;

    (void)state;
    trial_bytes(answers, "salt", salt, sizeof salt);
    trial_bytes(answers, "nonce", nonce, sizeof nonce);
    trial_bytes(answers, "wrapped_seed", wrapped, sizeof wrapped);
    assert_int_equal(book_decode_header(book.header, sizeof book.header, &header), BASE_OK);
    assert_memory_equal(header.store_id, book.store_id, sizeof book.store_id);
    assert_int_equal(header.channels, trial_number(trial_get(format, "store"), "channels"));
    assert_int_equal(header.parties, trial_number(trial_get(format, "store"), "parties"));
    assert_int_equal(header.ever_channels,
                     trial_number(trial_get(format, "store"), "ever_channels"));
    assert_int_equal(header.ever_parties, trial_number(trial_get(format, "store"), "ever_parties"));
    assert_int_equal(header.edition, trial_number(trial_get(format, "store"), "edition"));
    assert_int_equal(header.threshold, trial_number(trial_get(format, "store"), "threshold"));
    assert_int_equal(header.closed_through,
                     trial_number(trial_get(format, "store"), "closed_through"));
    assert_int_equal(header.releases, trial_number(trial_get(format, "store"), "releases"));
    trial_bytes(trial_get(format, "release"), "head", head, sizeof head);
    assert_memory_equal(header.ledger_head, head, sizeof head);
    assert_memory_equal(&header.public_keys, &book.public_keys, sizeof book.public_keys);
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        const struct keys_slot *slot = &header.slots[i];

        assert_int_equal(slot->used, i == number);
        if (i != number)
            continue;
        assert_int_equal(slot->cost.passes, trial_number(answers, "passes"));
        assert_int_equal(slot->cost.memory_kib, trial_number(answers, "memory_kib"));
        assert_memory_equal(slot->salt, salt, sizeof salt);
        assert_memory_equal(slot->nonce, nonce, sizeof nonce);
        assert_memory_equal(slot->wrapped_seed, wrapped, sizeof wrapped);
    }
    record_header_encode(bytes, &header, book.reader);
    assert_memory_equal(bytes, book.header, sizeof bytes);
    json_decref(format);
}

/* All sets of channels, parties and used slots, each with the least and the greatest cost. */
static void test_header_round_trip(void **state)
{
    static const struct keys_cost costs[] = {{2, 65536}, {4, 1048576}, {3, 0x00012345}};
    static const base_month closed[] = {0, BASE_FIRST_MONTH, 24319, BASE_LAST_MONTH};
    static const uint32_t editions[] = {1, 2, 0x00010000, UINT32_MAX};
    static const uint16_t releases[] = {0, 1, RECORD_MOST_RELEASES};
    struct trial_dice dice = {992};
    unsigned step = trial_is_slow() ? 97 : 1;

    (void)state;
    for (unsigned sets = 0; sets < 256; sets += step) {
        struct record_header header = {
            .edition = editions[sets % TRIAL_COUNT(editions)],
            .threshold = (uint8_t)(RECORD_LEAST_THRESHOLD + sets % 18),
            .channels = (codebook_set)(sets % CODEBOOK_ALL_CHANNELS + 1),
            .parties = (codebook_set)(sets % CODEBOOK_ALL_PARTIES + 1),
            .closed_through = closed[sets % TRIAL_COUNT(closed)],
            .releases = releases[sets % TRIAL_COUNT(releases)],
            .public_keys = book.public_keys,
        };
        struct record_header decoded;
        uint8_t bytes[RECORD_HEADER_BYTES], again[RECORD_HEADER_BYTES];

        header.ever_channels = header.channels | (sets / 16 & CODEBOOK_ALL_CHANNELS);
        header.ever_parties = header.parties | (sets / 32 & CODEBOOK_ALL_PARTIES);
        if (header.releases > 0)
            trial_fill(&dice, header.ledger_head, sizeof header.ledger_head);
        trial_fill(&dice, header.store_id, sizeof header.store_id);
        for (unsigned i = 0; i < KEYS_SLOTS; i++) {
            struct keys_slot *slot = &header.slots[i];

            slot->used = (sets >> i & 1U) != 0;
            if (!slot->used)
                continue;
            slot->cost = costs[trial_below(&dice, TRIAL_COUNT(costs))];
            trial_fill(&dice, slot->salt, sizeof slot->salt);
            trial_fill(&dice, slot->nonce, sizeof slot->nonce);
            trial_fill(&dice, slot->wrapped_seed, sizeof slot->wrapped_seed);
        }
        record_header_encode(bytes, &header, book.reader);
        assert_int_equal(book_decode_header(bytes, sizeof bytes, &decoded), BASE_OK);
        assert_memory_equal(decoded.store_id, header.store_id, sizeof header.store_id);
        assert_int_equal(decoded.channels, header.channels);
        assert_int_equal(decoded.parties, header.parties);
        assert_int_equal(decoded.ever_channels, header.ever_channels);
        assert_int_equal(decoded.ever_parties, header.ever_parties);
        assert_int_equal(decoded.edition, header.edition);
        assert_int_equal(decoded.threshold, header.threshold);
        assert_memory_equal(decoded.ledger_head, header.ledger_head, sizeof header.ledger_head);
        assert_int_equal(decoded.closed_through, header.closed_through);
        assert_int_equal(decoded.releases, header.releases);
        record_header_encode(again, &decoded, book.reader);
        assert_memory_equal(again, bytes, sizeof bytes);
    }
}

/* What is left in a slot that is not used any more does not get into the header. */
static void test_unused_slot_is_written_as_zeros(void **state)
{
    struct record_header header;
    uint8_t bytes[RECORD_HEADER_BYTES];

    (void)state;
    assert_int_equal(book_decode_header(book.header, sizeof book.header, &header), BASE_OK);
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        memset(&header.slots[i], 0xee, sizeof header.slots[i]);
        header.slots[i].used = false;
    }
    memset(bytes, 0xee, sizeof bytes);
    record_header_encode(bytes, &header, book.reader);
    assert_true(base_is_zero(bytes + 256, 800));
    assert_true(base_is_zero(bytes + 132, 124));
    assert_int_equal(book_decode_header(bytes, sizeof bytes, &header), BASE_OK);
}

/* ---- device ----------------------------------------------------------------------------------- */

static void test_devices_of_another_program(void **state)
{
    const struct {
        const uint8_t *bytes;
        enum record_device_state device_state;
    } cases[] = {
        {book.device, RECORD_DEVICE_ACTIVE},
        {book.retired_device, RECORD_DEVICE_RETIRED},
    };

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(cases); i++) {
        uint8_t bytes[RECORD_DEVICE_BYTES];
        struct record_device device;

        assert_int_equal(book_decode_device(cases[i].bytes, sizeof bytes, &device), BASE_OK);
        assert_int_equal(device.number, book.owner.number);
        assert_int_equal(device.state, cases[i].device_state);
        assert_memory_equal(device.signing_public, keys_device_public(book.device_key), 32);
        memset(bytes, 0xee, sizeof bytes);
        record_device_encode(bytes, &device, book.fingerprint, book.reader);
        assert_memory_equal(bytes, cases[i].bytes, sizeof bytes);
    }
}

static void test_device_round_trip(void **state)
{
    static const uint16_t numbers[] = {1, 2, 255, 256, 257, KEYS_MOST_DEVICES};

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(numbers); i++) {
        struct record_device device = book.owner, decoded;
        struct base_error error;
        uint8_t bytes[RECORD_DEVICE_BYTES];

        device.number = numbers[i];
        record_device_encode(bytes, &device, book.fingerprint, book.reader);
        assert_int_equal(record_device_decode(bytes, sizeof bytes, numbers[i], book.fingerprint,
                                              book.public_keys.signing, &decoded, &error),
                         BASE_OK);
        assert_int_equal(decoded.number, numbers[i]);
    }
}

/* ---- row -------------------------------------------------------------------------------------- */

static void test_row_of_another_program(void **state)
{
    static struct record_row row;
    uint8_t bytes[RECORD_ROW_BYTES];

    (void)state;
    assert_int_equal(book_decode_row(book.row, sizeof book.row, &row), BASE_OK);
    assert_int_equal(row.month, book.month);
    assert_int_equal(row.device, book.owner.number);
    assert_memory_equal(row.cells, book.row + 64, sizeof row.cells);
    record_row_encode(bytes, &row, book.store_id, book.device_key);
    assert_memory_equal(bytes, book.row, sizeof bytes);
}

static void test_row_round_trip(void **state)
{
    static const base_month months[] = {BASE_FIRST_MONTH, 24311, 24312, BASE_LAST_MONTH};
    static struct record_row row, decoded;

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(months); i++) {
        struct base_error error;
        uint8_t bytes[RECORD_ROW_BYTES];

        row.month = months[i];
        row.device = book.owner.number;
        assert_true(elgamal_encrypt_zeros(row.cells, CODEBOOK_CELLS, book.public_keys.encryption));
        record_row_encode(bytes, &row, book.store_id, book.device_key);
        assert_int_equal(record_row_decode(bytes, sizeof bytes, months[i], &book.owner,
                                           book.store_id, &decoded, &error),
                         BASE_OK);
        assert_int_equal(decoded.month, months[i]);
        assert_memory_equal(decoded.cells, row.cells, sizeof row.cells);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_row_keys_ascend),
        cmocka_unit_test(test_header_of_another_program),
        cmocka_unit_test(test_header_round_trip),
        cmocka_unit_test(test_unused_slot_is_written_as_zeros),
        cmocka_unit_test(test_devices_of_another_program),
        cmocka_unit_test(test_device_round_trip),
        cmocka_unit_test(test_row_of_another_program),
        cmocka_unit_test(test_row_round_trip),
    };

    return cmocka_run_group_tests(tests, book_load, book_unload);
}
