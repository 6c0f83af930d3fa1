/* elgamal: every element and scalar that must be refused is, wherever one is read. */
#include "group.h"

#include <sodium.h>
#include <string.h>

enum { UNTOUCHED = 0x5a };

static void assert_refused_as_key(const uint8_t bad[ELGAMAL_POINT_BYTES])
{
    struct elgamal_cell cells[2] = {group_fresh(1), group_fresh(2)};
    struct elgamal_cell before[2];

    memcpy(before, cells, sizeof cells);
    assert_false(elgamal_encrypt_zeros(cells, 2, bad));
    assert_false(elgamal_add_count(cells, 2, bad, 1, 1));
    assert_false(elgamal_add_counts(cells, 2, bad, (int32_t[]){1, 0}));
    assert_memory_equal(cells, before, sizeof cells);
}

static void assert_refused_as_cell(const struct elgamal_cell *bad)
{
    struct elgamal_cell good = group_fresh(3);
    struct elgamal_cell sum = good;
    struct elgamal_cell cells[3], before[3];

    assert_false(elgamal_cell_is_valid(bad));
    group_assert_no_count(bad, group_secret);
    group_assert_no_count(bad, group_one);

    assert_false(elgamal_add_cell(&sum, bad));
    assert_memory_equal(&sum, &good, sizeof sum);
    sum = *bad;
    assert_false(elgamal_add_cell(&sum, &good));
    assert_memory_equal(&sum, bad, sizeof sum);

    for (size_t place = 0; place < TRIAL_COUNT(cells); place++) {
        for (size_t counted = 0; counted < TRIAL_COUNT(cells); counted++) {
            for (size_t i = 0; i < TRIAL_COUNT(cells); i++)
                cells[i] = i == place ? *bad : good;
            memcpy(before, cells, sizeof cells);
            assert_false(elgamal_add_count(cells, TRIAL_COUNT(cells), group_public, counted, 1));
            assert_memory_equal(cells, before, sizeof cells);
        }
        assert_false(
            elgamal_add_counts(cells, TRIAL_COUNT(cells), group_public, (int32_t[]){1, 2, 3}));
        assert_memory_equal(cells, before, sizeof cells);
    }
}

static void assert_refused_everywhere(const uint8_t bad[ELGAMAL_POINT_BYTES])
{
    struct elgamal_cell good = group_fresh(1);
    struct elgamal_cell bad_a = group_cell(bad, good.b);
    struct elgamal_cell bad_b = group_cell(good.a, bad);

    assert_false(elgamal_point_is_valid(bad));
    assert_refused_as_key(bad);
    assert_refused_as_cell(&bad_a);
    assert_refused_as_cell(&bad_b);
}

static void test_invalid_encodings_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < (trial_is_slow() ? 8 : GROUP_INVALID); i++)
        assert_refused_everywhere(group_invalid[i]);
}

static void test_identity_is_refused(void **state)
{
    (void)state;
    assert_refused_everywhere(group_multiples[0]);
}

/* An encoding is a number below p, so its highest bit is zero. No vector of RFC 9496 is wrong in
 * that bit alone, and libsodium 1.0.18 ignores it. */
static void test_highest_bit_is_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < trial_rounds(GROUP_MULTIPLES); i++) {
        uint8_t bad[ELGAMAL_POINT_BYTES];

        memcpy(bad, group_multiples[i], sizeof bad);
        bad[ELGAMAL_POINT_BYTES - 1] |= 0x80;
        assert_refused_everywhere(bad);
    }
}

/* Cells that libsodium would decrypt: x = 1, A = 5G, and B = 8G, 0G or their like. */
static void test_decrypt_refuses_what_would_open(void **state)
{
    struct elgamal_cell good = group_cell(group_multiples[5], group_multiples[8]);
    struct elgamal_cell bad = group_cell(group_multiples[5], group_multiples[0]);
    int64_t count = 0;

    (void)state;
    assert_true(elgamal_decrypt(&good, group_one, &count));
    assert_true(count == 3);
    group_assert_no_count(&bad, group_one); /* -5 */
    bad = good;
    bad.a[ELGAMAL_POINT_BYTES - 1] |= 0x80;
    group_assert_no_count(&bad, group_one);
    bad = good;
    bad.b[ELGAMAL_POINT_BYTES - 1] |= 0x80;
    group_assert_no_count(&bad, group_one);
}

/* value + p, where that fits in 255 bits: the same element, encoded a second way. */
static void test_values_from_p_on_are_refused(void **state)
{
    (void)state;
    for (unsigned low = 0xed; low <= 0xff; low++) {
        uint8_t bad[ELGAMAL_POINT_BYTES];

        memset(bad, 0xff, sizeof bad);
        bad[0] = (uint8_t)low;
        bad[ELGAMAL_POINT_BYTES - 1] = 0x7f;
        assert_false(elgamal_point_is_valid(bad));
    }
}

/* The group's order l, little-endian. */
static const uint8_t order[ELGAMAL_SCALAR_BYTES] = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10,
};

/* sum = left + right as whole numbers of 256 bits. */
static void add_numbers(uint8_t sum[ELGAMAL_SCALAR_BYTES], const uint8_t left[ELGAMAL_SCALAR_BYTES],
                        const uint8_t right[ELGAMAL_SCALAR_BYTES])
{
    unsigned carry = 0;

    for (size_t i = 0; i < ELGAMAL_SCALAR_BYTES; i++) {
        carry += (unsigned)left[i] + right[i];
        sum[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void assert_scalar_refused(const uint8_t scalar[ELGAMAL_SCALAR_BYTES])
{
    uint8_t point[ELGAMAL_POINT_BYTES], before[ELGAMAL_POINT_BYTES];
    struct elgamal_cell cell = group_fresh(5);

    memset(point, UNTOUCHED, sizeof point);
    memcpy(before, point, sizeof point);
    assert_false(elgamal_public_key(point, scalar));
    assert_memory_equal(point, before, sizeof point);
    group_assert_no_count(&cell, scalar);
}

static void test_scalars_that_are_not_canonical(void **state)
{
    static const uint8_t zero[ELGAMAL_SCALAR_BYTES];
    uint8_t scalar[ELGAMAL_SCALAR_BYTES];

    (void)state;
    assert_scalar_refused(zero);
    assert_scalar_refused(order);
    add_numbers(scalar, order, group_one);
    assert_scalar_refused(scalar);
    add_numbers(scalar, order, order);
    assert_scalar_refused(scalar);
    memset(scalar, 0xff, sizeof scalar);
    assert_scalar_refused(scalar);

    /* The secret key, said in other ways: libsodium opens the cell with many of them. */
    memcpy(scalar, group_secret, sizeof scalar);
    for (int i = 0; i < 15; i++) {
        add_numbers(scalar, scalar, order);
        assert_scalar_refused(scalar);
    }
    memcpy(scalar, group_secret, sizeof scalar);
    scalar[31] |= 0x80;
    assert_scalar_refused(scalar);
}

static void test_greatest_scalar(void **state)
{
    uint8_t scalar[ELGAMAL_SCALAR_BYTES], point[ELGAMAL_POINT_BYTES];

    (void)state;
    memcpy(scalar, order, sizeof scalar);
    scalar[0]--;
    assert_true(elgamal_public_key(point, scalar)); /* -G */
    assert_int_equal(crypto_core_ristretto255_add(point, point, group_multiples[1]), 0);
    assert_memory_equal(point, group_multiples[0], sizeof point);
}

/* Against whole numbers: wide = factor * l + rest, and the largest there is. */
static void test_scalar_reduce(void **state)
{
    /* (2^512 - 1) mod l, by Python */
    static const uint8_t largest[ELGAMAL_SCALAR_BYTES] = {
        0x00, 0x0f, 0x9c, 0x44, 0xe3, 0x11, 0x06, 0xa4, 0x47, 0x93, 0x85,
        0x68, 0xa7, 0x1b, 0x0e, 0xd0, 0x65, 0xbe, 0xf5, 0x17, 0xd2, 0x73,
        0xec, 0xce, 0x3d, 0x9a, 0x30, 0x7c, 0x1b, 0x41, 0x99, 0x03,
    };
    uint8_t wide[64] = {0}, scalar[ELGAMAL_SCALAR_BYTES];

    (void)state;
    for (uint8_t factor = 0; factor < 15; factor++) {
        uint8_t rest[ELGAMAL_SCALAR_BYTES] = {factor, 7};

        memcpy(wide, rest, sizeof rest);
        for (uint8_t i = 0; i < factor; i++)
            add_numbers(wide, wide, order);
        elgamal_scalar_reduce(scalar, wide);
        assert_memory_equal(scalar, rest, sizeof scalar);
    }
    memset(wide, 0xff, sizeof wide);
    elgamal_scalar_reduce(scalar, wide);
    assert_memory_equal(scalar, largest, sizeof scalar);
}

static void test_arguments_out_of_range(void **state)
{
    static const int32_t amounts[] = {ELGAMAL_MOST_COUNT + 1, -ELGAMAL_MOST_COUNT - 1, INT32_MAX,
                                      INT32_MIN};
    struct elgamal_cell cells[2] = {group_fresh(1), group_fresh(2)};
    struct elgamal_cell before[2];

    (void)state;
    memcpy(before, cells, sizeof cells);
    for (size_t i = 0; i < TRIAL_COUNT(amounts); i++) {
        assert_false(elgamal_add_count(cells, 2, group_public, 0, amounts[i]));
        assert_false(elgamal_add_counts(cells, 2, group_public, (int32_t[]){1, amounts[i]}));
    }
    assert_false(elgamal_add_count(cells, 2, group_public, 2, 1));
    assert_false(elgamal_add_count(cells, 2, group_public, SIZE_MAX, 1));
    assert_false(elgamal_add_count(cells, 0, group_public, 0, 1));
    assert_memory_equal(cells, before, sizeof cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invalid_encodings_are_refused),
        cmocka_unit_test(test_identity_is_refused),
        cmocka_unit_test(test_highest_bit_is_refused),
        cmocka_unit_test(test_decrypt_refuses_what_would_open),
        cmocka_unit_test(test_values_from_p_on_are_refused),
        cmocka_unit_test(test_scalars_that_are_not_canonical),
        cmocka_unit_test(test_greatest_scalar),
        cmocka_unit_test(test_scalar_reduce),
        cmocka_unit_test(test_arguments_out_of_range),
    };

    return cmocka_run_group_tests(tests, group_load, NULL);
}
