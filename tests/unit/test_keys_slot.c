/* keys: slots, with a stand-in for Argon2id that costs nothing, so that every bit can be tried and
 * the work counted. The real one is in test_keys_slot_work.c. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

static const char right[] = "rød grød med fløde";

static struct {
    unsigned calls;
    bool fails;
    unsigned long long key_bytes, passes;
    size_t memory;
    int algorithm;
    char passphrase[64];
} work;

/* libtavs finds this one before libsodium's. What it gives does not depend on the cost. */
int crypto_pwhash(unsigned char *const out, unsigned long long out_size,
                  const char *const passphrase, unsigned long long passphrase_size,
                  const unsigned char *const salt, unsigned long long passes, size_t memory,
                  int algorithm)
{
    crypto_generichash_state state;

    work.calls++;
    work.key_bytes = out_size;
    work.passes = passes;
    work.memory = memory;
    work.algorithm = algorithm;
    snprintf(work.passphrase, sizeof work.passphrase, "%.*s", (int)passphrase_size, passphrase);
    if (work.fails) {
        errno = ENOMEM;
        return -1;
    }
    crypto_generichash_init(&state, salt, crypto_pwhash_SALTBYTES, (size_t)out_size);
    crypto_generichash_update(&state, (const uint8_t *)passphrase, passphrase_size);
    return crypto_generichash_final(&state, out, (size_t)out_size);
}

static struct keys_reader *reader, *other_reader;
static struct keys_public public_keys;
static uint8_t fingerprint[KEYS_FINGERPRINT_BYTES] = "fingerprint";

static int start(void **state)
{
    struct base_error error;

    (void)state;
    if (sodium_init() < 0 || keys_reader_new(&reader, &error) != BASE_OK ||
        keys_reader_new(&other_reader, &error) != BASE_OK)
        return -1;
    keys_reader_public(reader, &public_keys);
    return 0;
}

static int end(void **state)
{
    (void)state;
    keys_reader_free(reader);
    keys_reader_free(other_reader);
    return 0;
}

static int reset(void **state)
{
    (void)state;
    memset(&work, 0, sizeof work);
    return 0;
}

static void wrap(struct keys_slot *slot, unsigned number, const char *passphrase)
{
    struct base_error error;

    assert_int_equal(keys_slot_wrap(slot, number, fingerprint, reader, passphrase,
                                    keys_cost_interactive, &error),
                     BASE_OK);
    assert_true(slot->used);
}

/* What keys_slots_open says; the outputs are checked on failure, and the key on success. */
static enum base_code open_slots(const struct keys_slot slots[KEYS_SLOTS], const char *passphrase,
                                 unsigned *number)
{
    struct keys_reader *opened = NULL;
    struct base_error error;
    unsigned found = 99;
    enum base_code code =
        keys_slots_open(slots, fingerprint, &public_keys, passphrase, &opened, &found, &error);

    if (code == BASE_OK) {
        assert_memory_equal(keys_reader_scalar(opened), keys_reader_scalar(reader), 32);
        *number = found;
    } else {
        assert_int_equal(error.code, code);
        assert_null(opened);
        assert_int_equal(found, 99);
    }
    keys_reader_free(opened);
    return code;
}

static void assert_opens(const struct keys_slot slots[KEYS_SLOTS], unsigned expected)
{
    unsigned number = 99;

    assert_int_equal(open_slots(slots, right, &number), BASE_OK);
    assert_int_equal(number, expected);
}

static void assert_shut(const struct keys_slot slots[KEYS_SLOTS], const char *passphrase)
{
    unsigned number;

    assert_int_equal(open_slots(slots, passphrase, &number), BASE_WRONG_PASSPHRASE);
}

/* ---- what opens ------------------------------------------------------------------------------- */

static void test_each_slot_round_trip(void **state)
{
    (void)state;
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        struct keys_slot slots[KEYS_SLOTS] = {{0}};
        struct keys_reader *opened;
        struct base_error error;

        wrap(&slots[i], i, right);
        assert_opens(slots, i);
        assert_int_equal(
            keys_slots_open(slots, fingerprint, &public_keys, right, &opened, NULL, &error),
            BASE_OK);
        keys_reader_free(opened);
    }
}

static void test_every_person_has_a_passphrase(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}};

    (void)state;
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        char passphrase[32];

        if (i == 2 || i == 5)
            continue; /* unused ones in between */
        snprintf(passphrase, sizeof passphrase, "passphrase of %u", i);
        wrap(&slots[i], i, passphrase);
    }
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        unsigned number = 99, tried = i + 1 - (i > 2) - (i > 5);
        char passphrase[32];

        snprintf(passphrase, sizeof passphrase, "passphrase of %u", i);
        work.calls = 0;
        if (i == 2 || i == 5) {
            assert_shut(slots, passphrase);
            assert_int_equal(work.calls, KEYS_SLOTS - 2);
        } else {
            assert_int_equal(open_slots(slots, passphrase, &number), BASE_OK);
            assert_int_equal(number, i);
            assert_int_equal(work.calls, tried); /* no work for unused slots */
        }
    }
}

/* ---- passphrases that are written in several ways ---- */

static void expect_prepared(const char *text, const char *prepared)
{
    char passphrase[KEYS_MOST_PASSPHRASE + 1] = {0};
    struct base_error error;
    strcpy(passphrase, text);
    assert_int_equal(keys_passphrase_prepare(passphrase, sizeof passphrase, "there", &error),
                     BASE_OK);
    assert_string_equal(passphrase, prepared);
}

static void test_what_a_passphrase_is(void **state)
{
    (void)state;
    expect_prepared("r\xc3\xb8"
                    "d gr\xc3\xb8"
                    "d",
                    "r\xc3\xb8"
                    "d gr\xc3\xb8"
                    "d");
    expect_prepared("\xef\xbb\xbf"
                    "one two \t\r\xc2\xa0",
                    "one two");
    expect_prepared("\xef\xbb\xbf\xef\xbb\xbf"
                    "one",
                    "\xef\xbb\xbf"
                    "one"); /* one mark */
    expect_prepared("  one  two", "  one  two");
    expect_prepared("\xe3\x80\x80one\xc2\xa0two\xe2\x80\xaf", " one two");
    expect_prepared("bla\xcc\x8a"
                    "b\xc3\xa6r",
                    "bl\xc3\xa5"
                    "b\xc3\xa6r");
    expect_prepared(" \xc2\xa0\r", "");
    expect_prepared("o \xcc\x88", "o \xcc\x88");
}

static void test_what_is_no_passphrase(void **state)
{
    char passphrase[16] = "r\xf8"
                          "d gr\xf8"
                          "d";
    char longer[16] = "\xf0\x9d\x85\xa0\xf0\x9d\x85\xa0"; /* three times as long when composed */
    struct base_error error;
    (void)state;
    assert_int_equal(keys_passphrase_prepare(passphrase, sizeof passphrase, "there", &error),
                     BASE_PASSPHRASE_NOT_TEXT);
    assert_string_equal(error.subject, "there");
    assert_int_equal(keys_passphrase_prepare(longer, sizeof longer, "there", &error),
                     BASE_LONG_PASSPHRASE);
}

static void test_every_way_of_writing_it_opens(void **state)
{
    static const char *const ways[] = {
        "r\xc3\xb8"
        "d bl\xc3\xa5",
        "\xef\xbb\xbfr\xc3\xb8"
        "d bl\xc3\xa5",
        "r\xc3\xb8"
        "d\xc2\xa0"
        "bla\xcc\x8a \r",
    };
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    unsigned number;
    (void)state;
    wrap(&slots[1], 1, ways[0]);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        work.calls = 0;
        assert_int_equal(open_slots(slots, ways[i], &number), BASE_OK);
        assert_int_equal(work.calls, 1);
    }
}

/* Earlier versions took a passphrase as it was: such a slot still opens, with the very same bytes, and what is
 * right as it is costs no more than it did. */
static void test_passphrases_of_earlier_versions(void **state)
{
    static const char *const before[] = {"correct horse ", "bla\xcc\x8a b\xc3\xa6r",
                                         "r\xf8"
                                         "d gr\xf8"
                                         "d",
                                         "\xef\xbb\xbf"
                                         "correct",
                                         "            "};
    unsigned number;
    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        struct keys_slot slots[KEYS_SLOTS] = {{0}};
        wrap(&slots[0], 0, "another");
        wrap(&slots[2], 2, before[i]);
        assert_int_equal(open_slots(slots, before[i], &number), BASE_OK);
        assert_int_equal(number, 2);
    }
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    wrap(&slots[0], 0, "correct horse ");
    assert_shut(slots, "correct horse");
    work.calls = 0;
    assert_shut(slots, "wrong");
    assert_int_equal(work.calls, 1);
    work.calls = 0;
    assert_shut(slots, "wrong ");
    assert_int_equal(work.calls, 2);
    work.calls = 0;
    assert_shut(slots, " \r"); /* nothing of it is left, so only as it is */
    assert_int_equal(work.calls, 1);
}

static void test_what_argon2_is_asked_for(void **state)
{
    static const struct keys_cost cost = {3, 65537};
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    struct base_error error;

    (void)state;
    assert_int_equal(keys_slot_wrap(&slots[0], 0, fingerprint, reader, right, cost, &error),
                     BASE_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(work.calls, 1);
        assert_int_equal(work.key_bytes, 32);
        assert_int_equal(work.passes, 3);
        assert_int_equal(work.memory, 65537 * 1024);
        assert_int_equal(work.algorithm, crypto_pwhash_ALG_ARGON2ID13);
        assert_string_equal(work.passphrase, right);
        memset(&work, 0, sizeof work);
        if (i == 0)
            assert_opens(slots, 0);
    }
}

/* ---- what does not ---------------------------------------------------------------------------- */

static void test_wrong_passphrase(void **state)
{
    static const char *const wrong[] = {"",
                                        "rød grød med flød",
                                        "rød grød med fløde  ikke",
                                        " rød grød med fløde",
                                        "Rød grød med fløde",
                                        "rod grod med flode",
                                        "passphrase"};
    struct keys_slot slots[KEYS_SLOTS] = {{0}};

    (void)state;
    wrap(&slots[4], 4, right);
    for (size_t i = 0; i < TRIAL_COUNT(wrong); i++)
        assert_shut(slots, wrong[i]);
}

static void test_no_slot_used(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}};

    (void)state;
    assert_shut(slots, right);
    assert_int_equal(work.calls, 0);
}

static void test_every_bit_of_a_slot(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    struct keys_slot *slot = &slots[6];

    (void)state;
    wrap(slot, 6, right);
    uint8_t *const fields[] = {slot->salt, slot->nonce, slot->wrapped_seed};
    const size_t sizes[] = {sizeof slot->salt, sizeof slot->nonce, sizeof slot->wrapped_seed};
    for (size_t field = 0; field < TRIAL_COUNT(fields); field++) {
        for (size_t bit = 0; bit < 8 * sizes[field]; bit++) {
            fields[field][bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_shut(slots, right);
            fields[field][bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
    }
    assert_opens(slots, 6);
}

/* The stand-in gives the same key whatever the cost: it is the associated data that must refuse. */
static void test_cost_is_vouched_for(void **state)
{
    static const struct keys_cost costs[] = {{3, 65536}, {4, 65536}, {2, 65537}, {2, 1048576}};
    struct keys_slot slots[KEYS_SLOTS] = {{0}};

    (void)state;
    wrap(&slots[0], 0, right);
    for (size_t i = 0; i < TRIAL_COUNT(costs); i++) {
        slots[0].cost = costs[i];
        assert_shut(slots, right);
    }
    slots[0].cost = keys_cost_interactive;
    assert_opens(slots, 0);
}

static void test_every_bit_of_the_fingerprint(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}};

    (void)state;
    wrap(&slots[1], 1, right);
    for (size_t bit = 0; bit < 8 * sizeof fingerprint; bit++) {
        fingerprint[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_shut(slots, right);
        fingerprint[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_opens(slots, 1);
}

static void test_slot_at_another_number(void **state)
{
    (void)state;
    for (unsigned from = 0; from < KEYS_SLOTS; from++) {
        struct keys_slot slot;

        wrap(&slot, from, right);
        for (unsigned to = 0; to < KEYS_SLOTS; to++) {
            struct keys_slot slots[KEYS_SLOTS] = {{0}};

            slots[to] = slot;
            if (to != from)
                assert_shut(slots, right);
        }
    }
}

/* A seed that is wrapped faultlessly, but is not this store's. */
static void test_seed_of_another_store(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    struct base_error error;

    (void)state;
    assert_int_equal(keys_slot_wrap(&slots[0], 0, fingerprint, other_reader, right,
                                    keys_cost_interactive, &error),
                     BASE_OK);
    assert_shut(slots, right);
    wrap(&slots[3], 3, right); /* and the right one after it is found */
    assert_opens(slots, 3);
}

static void test_both_public_keys_must_fit(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}};
    uint8_t *const keys[] = {public_keys.encryption, public_keys.signing};

    (void)state;
    wrap(&slots[0], 0, right);
    for (size_t key = 0; key < TRIAL_COUNT(keys); key++) {
        for (size_t i = 0; i < 32; i++) {
            keys[key][i] ^= 1;
            assert_shut(slots, right);
            keys[key][i] ^= 1;
        }
    }
    assert_opens(slots, 0);
}

/* ---- costs ------------------------------------------------------------------------------------ */

static void test_presets(void **state)
{
    (void)state;
    assert_int_equal(keys_cost_interactive.passes, 2);
    assert_int_equal(keys_cost_interactive.memory_kib, 65536);
    assert_int_equal(keys_cost_moderate.passes, 3);
    assert_int_equal(keys_cost_moderate.memory_kib, 262144);
    assert_int_equal(keys_cost_sensitive.passes, 4);
    assert_int_equal(keys_cost_sensitive.memory_kib, 1048576);
    assert_true(keys_cost_is_allowed(keys_cost_interactive));
    assert_true(keys_cost_is_allowed(keys_cost_moderate));
    assert_true(keys_cost_is_allowed(keys_cost_sensitive));
}

static const struct keys_cost forbidden[] = {
    {0, 65536},      {1, 65536},
    {5, 65536},      {UINT32_MAX, 65536},
    {2, 0},          {2, 1},
    {2, 65535},      {4, 65535},
    {2, 1048577},    {2, 64U << 20},
    {0, 0},          {1, 65535},
    {5, 1048577},    {UINT32_MAX, UINT32_MAX},
    {2, UINT32_MAX},
};

static void test_forbidden_cost_is_refused_before_any_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(forbidden); i++) {
        assert_false(keys_cost_is_allowed(forbidden[i]));
        for (unsigned at = 0; at < KEYS_SLOTS; at++) {
            struct keys_slot slots[KEYS_SLOTS] = {{0}};
            unsigned number;

            wrap(&slots[0], 0, right); /* would open before the other is reached */
            wrap(&slots[at], at, right);
            slots[at].cost = forbidden[i];
            work.calls = 0;
            assert_int_equal(open_slots(slots, right, &number), BASE_SLOT_COST);
            assert_int_equal(work.calls, 0);
        }
    }
}

static void test_forbidden_cost_is_not_wrapped(void **state)
{
    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(forbidden); i++) {
        struct keys_slot slot = {.used = false, .salt = "untouched"}, before = slot;
        struct base_error error;

        assert_int_equal(keys_slot_wrap(&slot, 0, fingerprint, reader, right, forbidden[i], &error),
                         BASE_SLOT_COST);
        assert_memory_equal(&slot, &before, sizeof slot);
        assert_int_equal(work.calls, 0);
    }
}

/* ---- the rest --------------------------------------------------------------------------------- */

static void test_nothing_is_used_twice(void **state)
{
    struct keys_slot first, second;

    (void)state;
    wrap(&first, 0, right);
    wrap(&second, 0, right);
    assert_memory_not_equal(first.salt, second.salt, sizeof first.salt);
    assert_memory_not_equal(first.nonce, second.nonce, sizeof first.nonce);
    assert_memory_not_equal(first.wrapped_seed, second.wrapped_seed, sizeof first.wrapped_seed);
}

static void test_no_memory_for_the_work(void **state)
{
    struct keys_slot slots[KEYS_SLOTS] = {{0}}, slot = {.salt = "untouched"}, before = slot;
    struct base_error error;
    unsigned number;

    (void)state;
    wrap(&slots[0], 0, right);
    work.fails = true;
    assert_int_equal(
        keys_slot_wrap(&slot, 1, fingerprint, reader, right, keys_cost_moderate, &error),
        BASE_NO_MEMORY);
    assert_memory_equal(&slot, &before, sizeof slot);
    assert_int_equal(open_slots(slots, right, &number), BASE_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_each_slot_round_trip, reset),
        cmocka_unit_test_setup(test_every_person_has_a_passphrase, reset),
        cmocka_unit_test_setup(test_what_a_passphrase_is, reset),
        cmocka_unit_test_setup(test_what_is_no_passphrase, reset),
        cmocka_unit_test_setup(test_every_way_of_writing_it_opens, reset),
        cmocka_unit_test_setup(test_passphrases_of_earlier_versions, reset),
        cmocka_unit_test_setup(test_what_argon2_is_asked_for, reset),
        cmocka_unit_test_setup(test_wrong_passphrase, reset),
        cmocka_unit_test_setup(test_no_slot_used, reset),
        cmocka_unit_test_setup(test_every_bit_of_a_slot, reset),
        cmocka_unit_test_setup(test_cost_is_vouched_for, reset),
        cmocka_unit_test_setup(test_every_bit_of_the_fingerprint, reset),
        cmocka_unit_test_setup(test_slot_at_another_number, reset),
        cmocka_unit_test_setup(test_seed_of_another_store, reset),
        cmocka_unit_test_setup(test_both_public_keys_must_fit, reset),
        cmocka_unit_test_setup(test_presets, reset),
        cmocka_unit_test_setup(test_forbidden_cost_is_refused_before_any_work, reset),
        cmocka_unit_test_setup(test_forbidden_cost_is_not_wrapped, reset),
        cmocka_unit_test_setup(test_nothing_is_used_twice, reset),
        cmocka_unit_test_setup(test_no_memory_for_the_work, reset),
    };

    return cmocka_run_group_tests(tests, start, end);
}
