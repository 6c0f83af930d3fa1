/* keys: what follows from a seed, fingerprints, digests and signatures. */
#include <sodium.h>
#include <string.h>

#include "sample.h"

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

/* ---- what follows from a seed: worked out in plain Python ------------------------------------- */

static void test_subkeys(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *readers = trial_get(format, "readers");

    (void)state;
    assert_int_equal(json_array_size(readers), 42);
    for (size_t i = 0; i < json_array_size(readers); i++) {
        const json_t *answers = json_array_get(readers, i);
        struct keys_reader *reader = sample_reader(answers); /* whose public keys are compared */
        struct keys_public expected = sample_public(answers), public_keys;
        uint8_t scalar[ELGAMAL_SCALAR_BYTES];

        trial_bytes(answers, "scalar", scalar, sizeof scalar);
        assert_memory_equal(keys_reader_scalar(reader), scalar, sizeof scalar);
        keys_reader_public(reader, &public_keys);
        assert_memory_equal(&public_keys, &expected, sizeof expected);
        keys_reader_free(reader);
    }
    json_decref(format);
}

static void test_new_readers_are_different(void **state)
{
    enum { READERS = 16 };
    struct keys_public public_keys[READERS];
    struct base_error error;

    (void)state;
    for (size_t i = 0; i < READERS; i++) {
        struct keys_reader *reader;
        uint8_t point[ELGAMAL_POINT_BYTES];

        assert_int_equal(keys_reader_new(&reader, &error), BASE_OK);
        keys_reader_public(reader, &public_keys[i]);
        assert_true(elgamal_public_key(point, keys_reader_scalar(reader)));
        assert_memory_equal(point, public_keys[i].encryption, sizeof point);
        keys_reader_free(reader);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(public_keys[i].encryption, public_keys[j].encryption, 32);
            assert_memory_not_equal(public_keys[i].signing, public_keys[j].signing, 32);
        }
    }
    keys_reader_free(NULL);
}

/* ---- fingerprint and digest ------------------------------------------------------------------- */

static void test_fingerprint(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *store = trial_get(format, "store");
    struct keys_public public_keys = sample_public(trial_get(format, "reader"));
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    uint8_t expected[KEYS_FINGERPRINT_BYTES], fingerprint[KEYS_FINGERPRINT_BYTES];
    char text[KEYS_FINGERPRINT_TEXT];

    (void)state;
    trial_bytes(store, "store_id", store_id, sizeof store_id);
    trial_bytes(store, "fingerprint", expected, sizeof expected);
    keys_fingerprint(fingerprint, store_id, &public_keys);
    assert_memory_equal(fingerprint, expected, sizeof expected);
    keys_fingerprint_text(text, fingerprint);
    assert_string_equal(text, trial_text(store, "fingerprint_text"));

    /* Every bit of what it covers counts. */
    uint8_t *const covered[] = {store_id, public_keys.encryption, public_keys.signing};
    const size_t sizes[] = {sizeof store_id, 32, 32};
    for (size_t part = 0; part < TRIAL_COUNT(covered); part++) {
        for (size_t bit = 0; bit < 8 * sizes[part]; bit++) {
            covered[part][bit / 8] ^= (uint8_t)(1U << bit % 8);
            keys_fingerprint(fingerprint, store_id, &public_keys);
            assert_memory_not_equal(fingerprint, expected, sizeof expected);
            covered[part][bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
    json_decref(format);
}

static void test_digest(void **state)
{
    static const size_t steps[] = {1, 7, 128, 5120};
    static uint8_t message[5120];
    json_t *format = trial_vectors("format.json");
    const json_t *list = trial_get(format, "digests");
    struct base_error error;

    (void)state;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        size_t size = strlen(trial_text(entry, "message")) / 2;
        uint8_t expected[KEYS_DIGEST_BYTES], result[KEYS_DIGEST_BYTES];

        trial_bytes(entry, "message", message, size);
        trial_bytes(entry, "digest", expected, sizeof expected);
        for (size_t step = 0; step < TRIAL_COUNT(steps); step++) {
            struct keys_digest *digest;

            assert_int_equal(keys_digest_new(&digest, &error), BASE_OK);
            for (size_t at = 0; at < size; at += steps[step])
                keys_digest_add(digest, message + at,
                                size - at < steps[step] ? size - at : steps[step]);
            keys_digest_end(digest, result);
            assert_memory_equal(result, expected, sizeof expected);
        }
    }
    keys_digest_free(NULL);
    json_decref(format);
}

/* ---- signatures ------------------------------------------------------------------------------- */

static void test_signature_covers_every_bit(void **state)
{
    struct keys_reader *reader;
    struct keys_public public_keys;
    struct base_error error;
    uint8_t message[40] = "domain", signature[KEYS_SIGNATURE_BYTES];

    (void)state;
    assert_int_equal(keys_reader_new(&reader, &error), BASE_OK);
    keys_reader_public(reader, &public_keys);
    keys_reader_sign(reader, signature, message, sizeof message);
    assert_true(keys_verify(public_keys.signing, signature, message, sizeof message));

    uint8_t *const parts[] = {public_keys.signing, signature, message};
    const size_t sizes[] = {32, sizeof signature, sizeof message};
    for (size_t part = 0; part < TRIAL_COUNT(parts); part++) {
        for (size_t bit = 0; bit < 8 * sizes[part]; bit += trial_is_slow() ? 37 : 1) {
            parts[part][bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_false(keys_verify(public_keys.signing, signature, message, sizeof message));
            parts[part][bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
    for (size_t size = 0; size < sizeof message; size++)
        assert_false(keys_verify(public_keys.signing, signature, message, size));
    keys_reader_free(reader);
}

/* The same signature, its S said as S + l: accepted, it would let a record have two forms. */
static void test_signature_has_one_form(void **state)
{
    static const uint8_t order[32] = {
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,        0xd6,
        0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10,
    };
    struct keys_reader *reader;
    struct keys_public public_keys;
    struct base_error error;
    uint8_t signature[KEYS_SIGNATURE_BYTES];

    (void)state;
    assert_int_equal(keys_reader_new(&reader, &error), BASE_OK);
    keys_reader_public(reader, &public_keys);
    keys_reader_sign(reader, signature, (const uint8_t *)"row", 3);
    assert_true(keys_verify(public_keys.signing, signature, (const uint8_t *)"row", 3));
    sodium_add(signature + 32, order, sizeof order);
    assert_false(keys_verify(public_keys.signing, signature, (const uint8_t *)"row", 3));
    keys_reader_free(reader);
}

/* Under the neutral element as public key, R = the neutral element and S = 0 fit every message. */
static void test_public_key_of_small_order_verifies_nothing(void **state)
{
    static const uint8_t neutral[32] = {1};
    uint8_t signature[KEYS_SIGNATURE_BYTES] = {1};

    (void)state;
    assert_false(keys_verify(neutral, signature, (const uint8_t *)"row", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subkeys),
        cmocka_unit_test(test_new_readers_are_different),
        cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_signature_covers_every_bit),
        cmocka_unit_test(test_signature_has_one_form),
        cmocka_unit_test(test_public_key_of_small_order_verifies_nothing),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
