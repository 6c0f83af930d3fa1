/* keys: slots with the real Argon2id. Each opening and wrapping takes a third of a second, so there
 * are five in all (one under valgrind). */
#include <sodium.h>
#include <string.h>

#include "sample.h"

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

/* The vectors' slot was made by Python and Argon2's reference implementation. */
static void test_slot_of_another_program(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *answers = trial_get(format, "slot");
    struct keys_public public_keys = sample_public(trial_get(format, "reader"));
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], scalar[ELGAMAL_SCALAR_BYTES];
    unsigned number = trial_number(answers, "number"), opened = 99;
    struct keys_slot *slot = &slots[number];
    struct keys_reader *reader;
    struct base_error error;

    (void)state;
    slot->used = true;
    slot->cost.passes = trial_number(answers, "passes");
    slot->cost.memory_kib = trial_number(answers, "memory_kib");
    trial_bytes(answers, "salt", slot->salt, sizeof slot->salt);
    trial_bytes(answers, "nonce", slot->nonce, sizeof slot->nonce);
    trial_bytes(answers, "wrapped_seed", slot->wrapped_seed, sizeof slot->wrapped_seed);
    trial_bytes(trial_get(format, "store"), "fingerprint", fingerprint, sizeof fingerprint);
    trial_bytes(trial_get(format, "reader"), "scalar", scalar, sizeof scalar);
    assert_int_equal(keys_slots_open(slots, fingerprint, &public_keys,
                                     trial_text(answers, "passphrase"), &reader, &opened, &error),
                     BASE_OK);
    assert_int_equal(opened, number);
    assert_memory_equal(keys_reader_scalar(reader), scalar, sizeof scalar);
    keys_reader_free(reader);
    json_decref(format);
}

static void test_round_trip_and_wrong_passphrase(void **state)
{
    static const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES] = {7};
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    struct keys_reader *reader, *opened = NULL;
    struct keys_public public_keys;
    struct base_error error;
    unsigned number = 99;

    (void)state;
    if (trial_is_slow())
        skip();
    assert_int_equal(keys_reader_new(&reader, &error), BASE_OK);
    keys_reader_public(reader, &public_keys);
    assert_int_equal(keys_slot_wrap(&slots[7], 7, fingerprint, reader, "correct horse battery",
                                    keys_cost_interactive, &error),
                     BASE_OK);
    assert_int_equal(keys_slots_open(slots, fingerprint, &public_keys, "correct horse", &opened,
                                     &number, &error),
                     BASE_WRONG_PASSPHRASE);
    assert_null(opened);
    assert_int_equal(number, 99);
    assert_int_equal(keys_slots_open(slots, fingerprint, &public_keys, "correct horse battery",
                                     &opened, &number, &error),
                     BASE_OK);
    assert_int_equal(number, 7);
    assert_memory_equal(keys_reader_scalar(opened), keys_reader_scalar(reader), 32);

    /* The cost is part of what Argon2id works on. */
    slots[7].cost.passes++;
    keys_reader_free(opened);
    opened = NULL;
    assert_int_equal(keys_slots_open(slots, fingerprint, &public_keys, "correct horse battery",
                                     &opened, &number, &error),
                     BASE_WRONG_PASSPHRASE);
    assert_null(opened);
    keys_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slot_of_another_program),
        cmocka_unit_test(test_round_trip_and_wrong_passphrase),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
