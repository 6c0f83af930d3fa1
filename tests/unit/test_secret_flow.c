/* What the program's timing shows. Secrets are marked as undefined for valgrind, which then reports every
 * branch and every address that depends on them: keys, passphrases' keys, the counted cell, the amount. There
 * is none but where secret_declassify says what is public from there on. The exceptions are listed and argued in
 * docs/security.md; those inside libsodium stand in tests/valgrind.supp.
 *
 * Without valgrind the same work is done and its results are checked. */
#include <string.h>

#include <valgrind/memcheck.h>

#include "keys/reader.h"
#include "support.h"
#include "tavs/elgamal.h"
#include "tavs/secret.h"
#include "tavs/tally.h"

enum { CELLS = CODEBOOK_CELLS, YEAR = 2017, SECONDS = 120, REPORTED = 99 };

/* The room's own does nothing. */
void secret_declassify(const void *memory, size_t size)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(memory, size);
}

static void classify(const void *memory, size_t size)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(memory, size);
}

static struct elgamal_cell cells[CELLS];
static uint8_t secret[ELGAMAL_SCALAR_BYTES], public_key[ELGAMAL_POINT_BYTES];

static int enter_with_key(void **state)
{
    uint8_t wide[64];
    const int result = support_enter_memory(state);
    secret_random(wide, sizeof wide);
    elgamal_scalar_reduce(secret, wide);
    if (!elgamal_public_key(public_key, secret) || !elgamal_encrypt_zeros(cells, CELLS, public_key))
        return -1;
    return result;
}

static void assert_counts(unsigned cell, int64_t expected)
{
    for (unsigned i = 0; i < CELLS; i += 7) {
        int64_t found = -1;
        assert_true(elgamal_decrypt(&cells[i], secret, &found));
        assert_int_equal(found, i == cell ? expected : 0);
    }
}

static void test_counted_cell_and_amount(void **state)
{
    size_t counted = 21;
    int32_t amount = 3;
    (void)state;
    classify(&counted, sizeof counted);
    classify(&amount, sizeof amount);
    const bool done = elgamal_add_count(cells, CELLS, public_key, counted, amount);
    assert_true(done);
    assert_counts(21, 3);
    amount = -2;
    counted = 21;
    classify(&counted, sizeof counted);
    classify(&amount, sizeof amount);
    assert_true(elgamal_add_count(cells, CELLS, public_key, counted, amount));
    assert_counts(21, 1);
}

/* As an import adds them. */
static void test_amounts_of_all_cells(void **state)
{
    int32_t amounts[CELLS] = {[0] = ELGAMAL_MOST_COUNT, [21] = -3};
    (void)state;
    classify(amounts, sizeof amounts);
    const bool done = elgamal_add_counts(cells, CELLS, public_key, amounts);
    assert_true(done);
    int64_t found = -1;
    assert_true(elgamal_decrypt(&cells[0], secret, &found));
    assert_int_equal(found, ELGAMAL_MOST_COUNT);
    assert_true(elgamal_decrypt(&cells[21], secret, &found));
    assert_int_equal(found, -3);
}

/* From what a person asks for to the file. */
static void test_counting_into_a_store(void **state)
{
    struct place place;
    struct base_error error;
    struct codebook_contact contact = {{1, 2, 3}};
    (void)state;
    place_make(&place, YEAR);
    classify(&contact, sizeof contact);
    const enum base_code code = tally_count(place.path, contact, YEAR * 12 + 4, 1, &error);
    assert_int_equal(code, BASE_OK);
    place_free(&place);
}

static void test_reading_with_a_secret_key(void **state)
{
    uint8_t hidden[ELGAMAL_SCALAR_BYTES];
    int64_t found = -1;
    (void)state;
    memcpy(hidden, secret, sizeof hidden);
    classify(hidden, sizeof hidden);
    assert_true(elgamal_add_count(cells, CELLS, public_key, 5, 4));
    const bool done = elgamal_decrypt(&cells[5], hidden, &found);
    assert_true(done);
    assert_int_equal(found, 4);
}

static void test_keys_from_a_secret_seed(void **state)
{
    uint8_t seed[KEYS_SEED_BYTES], signature[KEYS_SIGNATURE_BYTES];
    const uint8_t message[] = "signed";
    struct keys_reader *reader = NULL;
    struct keys_public public_keys;
    struct base_error error;
    (void)state;
    secret_random(seed, sizeof seed);
    classify(seed, sizeof seed);
    assert_int_equal(keys_reader_from_seed(seed, &reader, &error), BASE_OK);
    keys_reader_public(reader, &public_keys);
    keys_reader_sign(reader, signature, message, sizeof message);
    assert_true(keys_verify(public_keys.signing, signature, message, sizeof message));
    keys_reader_free(reader);
}

/* ---- the proof that valgrind would tell ---- */

static const uint8_t squares[256] = {0, 1, 4, 9, 16};

static int branch_on_secret(void *context)
{
    volatile size_t counted = *(size_t *)context;
    classify((const void *)&counted, sizeof counted);
    return counted == 3 ? 1 : 0;
}

static int look_up_secret(void *context)
{
    volatile size_t counted = *(size_t *)context;
    classify((const void *)&counted, sizeof counted);
    volatile uint8_t found = squares[counted];
    (void)found;
    return 0;
}

static void test_dependence_is_reported(void **state)
{
    size_t counted = 4;
    (void)state;
    if (!RUNNING_ON_VALGRIND)
        skip();
    assert_int_equal(support_child(branch_on_secret, &counted, SECONDS), REPORTED);
    assert_int_equal(support_child(look_up_secret, &counted, SECONDS), REPORTED);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_key, support_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_counted_cell_and_amount), TEST(test_amounts_of_all_cells),
        TEST(test_counting_into_a_store),   TEST(test_reading_with_a_secret_key),
        TEST(test_keys_from_a_secret_seed), TEST(test_dependence_is_reported),
    };
    return cmocka_run_group_tests_name("what timing shows", tests, NULL, NULL);
}
