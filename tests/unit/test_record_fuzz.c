/* record: the fuzz target of tests/fuzz/fuzz_record.c, with inputs that are the same each time. */
#include "../fuzz/fuzz_record.c"

#include "book.h"

enum { MOST_INPUT = 1 + 2 * PIECES_BYTES, KINDS = 4 * RECORDS };

static uint8_t input[MOST_INPUT];
static uint8_t release_record[RECORD_RELEASE_BYTES], release_pieces[PIECES_BYTES];

static int load(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *release = trial_get(format, "release"), *pieces = trial_get(release, "pieces");

    trial_hex(json_array_get(trial_get(release, "records"), 0), release_record,
              sizeof release_record);
    for (size_t i = 0; i < 2; i++)
        trial_hex(json_array_get(pieces, i), release_pieces + i * RECORD_PIECE_BYTES,
                  RECORD_PIECE_BYTES);
    json_decref(format);
    return book_load(state);
}

/* A good record to begin with, as an input of this kind; its size. */
static size_t sample_input(size_t kind)
{
    const uint8_t *const records[RECORDS] = {book.header, book.device, book.row, release_record,
                                             release_pieces};
    static const size_t sizes[RECORDS] = {RECORD_HEADER_BYTES, RECORD_DEVICE_BYTES,
                                          RECORD_ROW_BYTES, RECORD_RELEASE_BYTES, PIECES_BYTES};

    input[0] = (uint8_t)kind;
    memcpy(input + 1, records[kind / 4], sizes[kind / 4]);
    return 1 + sizes[kind / 4];
}

static void test_random_bytes(void **state)
{
    struct trial_dice dice = {1};

    (void)state;
    for (unsigned i = 0; i < (trial_is_slow() ? 60 : 3000); i++) {
        size_t size = trial_below(&dice, 4) == 0 ? trial_below(&dice, sizeof input)
                                                 : trial_below(&dice, 1100);

        trial_fill(&dice, input, size);
        LLVMFuzzerTestOneInput(input, size);
    }
}

/* Sizes as they should be, bytes as they come. */
static void test_random_records(void **state)
{
    struct trial_dice dice = {2};

    (void)state;
    for (unsigned i = 0; i < (trial_is_slow() ? 60 : 3000); i++) {
        size_t size = sample_input(i % KINDS);

        trial_fill(&dice, input + 1, size - 1);
        if (i % 4 == 0)
            memcpy(input + 1, trial_below(&dice, 9) == 0 ? "TAVS\0\2\1" : "TAVS\0\3\1", 7);
        LLVMFuzzerTestOneInput(input, size);
    }
}

/* One mutation, as a fuzzer does it. */
static size_t mutate(struct trial_dice *dice, size_t size)
{
    size_t at = 1 + trial_below(dice, size), length = 1 + trial_below(dice, 40);

    if (at + length > size)
        return trial_below(dice, 2) == 0 ? at : size; /* cut, or left alone */
    switch (trial_below(dice, 5)) {
    case 0:
        input[at] ^= (uint8_t)(1U << trial_below(dice, 8));
        break;
    case 1:
        trial_fill(dice, input + at, length);
        break;
    case 2:
        memset(input + at, trial_below(dice, 2) == 0 ? 0 : 0xff, length);
        break;
    case 3: /* a piece from elsewhere */
        memmove(input + at, input + 1 + trial_below(dice, size - length), length);
        break;
    default: /* longer */
        if (size + length <= sizeof input) {
            memmove(input + at + length, input + at, size - at);
            return size + length;
        }
    }
    return size;
}

static void test_mutated_records(void **state)
{
    struct trial_dice dice = {3};

    (void)state;
    for (unsigned i = 0; i < (trial_is_slow() ? 60 : 6000); i++) {
        size_t size = sample_input(i % KINDS);

        for (size_t mutations = 1 + trial_below(&dice, 4); mutations > 0 && size > 1; mutations--)
            size = mutate(&dice, size);
        LLVMFuzzerTestOneInput(input, size);
    }
}

/* The good records are accepted under the fuzzer's keys: it does look behind the signature. */
static void test_good_records_are_accepted(void **state)
{
    struct record_header header;
    struct base_error error;

    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++)
        LLVMFuzzerTestOneInput(input, sample_input(kind));
    uint8_t bytes[RECORD_HEADER_BYTES];
    memcpy(bytes, book.header, sizeof bytes);
    fuzz_header(bytes, sizeof bytes, true);
    assert_int_equal(record_header_decode(bytes, sizeof bytes, &header, &error), BASE_OK);
    uint8_t row_bytes[RECORD_ROW_BYTES];
    static struct record_row row;
    memcpy(row_bytes, book.row, sizeof row_bytes);
    fuzz_row(row_bytes, sizeof row_bytes, true);
    assert_int_equal(
        record_row_decode(row_bytes, sizeof row_bytes, MONTH, &owner, store_id, &row, &error),
        BASE_OK);
    struct record_release *release;
    assert_int_equal(record_release_decode(release_pieces, 2, RELEASE_NUMBER, &release, &error),
                     BASE_OK);
    secret_free(release);
}

static int free_keys(void **state)
{
    keys_reader_free(reader);
    keys_device_free(device_key);
    return book_unload(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_random_records),
        cmocka_unit_test(test_mutated_records),
        cmocka_unit_test(test_good_records_are_accepted),
    };

    return cmocka_run_group_tests(tests, load, free_keys);
}
