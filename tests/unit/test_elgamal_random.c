/* elgamal: a write changes all 60 cells, each with randomness of its own, and does not show which
 * one was counted.
 *
 * Bounds on what is random are 6.5 standard deviations wide: they fail by chance once in ten
 * thousand million times. */
#include "group.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 60, ELEMENTS = 2 * CELLS, ELEMENT_BITS = 8 * ELGAMAL_POINT_BYTES };

/* Element 2i is cell i's A, element 2i + 1 its B. */
static const uint8_t *element(const struct elgamal_cell *cells, size_t number)
{
    return number % 2 == 0 ? cells[number / 2].a : cells[number / 2].b;
}

static unsigned bit_of(const uint8_t *bytes, size_t bit)
{
    return (unsigned)bytes[bit / 8] >> bit % 8 & 1U;
}

/* The encoding is an even number below 2^255: these two bits are always zero. */
static bool is_forced(size_t bit)
{
    return bit == 0 || bit == ELEMENT_BITS - 1;
}

static void assert_near(double found, double expected, double variance, const char *what)
{
    static const double bound = 6.5;

    if ((found - expected) * (found - expected) > bound * bound * variance)
        fail_msg("%s: %.0f instead of %.0f (variance %.0f)", what, found, expected, variance);
}

static int compare_elements(const void *left, const void *right)
{
    return memcmp(left, right, ELGAMAL_POINT_BYTES);
}

static void assert_all_different(uint8_t (*elements)[ELGAMAL_POINT_BYTES], size_t count)
{
    qsort(elements, count, sizeof *elements, compare_elements);
    for (size_t i = 1; i < count; i++)
        assert_memory_not_equal(elements[i - 1], elements[i], sizeof *elements);
}

static void new_row(struct elgamal_cell cells[CELLS])
{
    assert_true(elgamal_encrypt_zeros(cells, CELLS, group_public));
}

/* ---- every cell ------------------------------------------------------------------------------- */

static void test_write_changes_both_elements_of_every_cell(void **state)
{
    static const int32_t amounts[] = {1, -1, 0, 1000, ELGAMAL_MOST_COUNT};
    struct elgamal_cell cells[CELLS], before[CELLS];

    (void)state;
    new_row(cells);
    for (size_t write = 0; write < trial_rounds(20); write++) {
        memcpy(before, cells, sizeof cells);
        assert_true(elgamal_add_count(cells, CELLS, group_public, 3 * write,
                                      amounts[write % TRIAL_COUNT(amounts)]));
        for (size_t i = 0; i < ELEMENTS; i++) {
            assert_true(elgamal_point_is_valid(element(cells, i)));
            assert_memory_not_equal(element(cells, i), element(before, i), ELGAMAL_POINT_BYTES);
        }
    }
}

/* What a write adds to a cell is a fresh encryption of zero, or of the amount: no two cells get the
 * same random number, nor does one cell twice. */
static void test_each_cell_gets_a_scalar_of_its_own(void **state)
{
    enum { WRITES = 8 };
    static uint8_t added[WRITES * ELEMENTS][ELGAMAL_POINT_BYTES];
    struct elgamal_cell cells[CELLS], before[CELLS];
    unsigned writes = trial_rounds(WRITES);
    size_t count = 0;

    (void)state;
    new_row(cells);
    for (size_t write = 0; write < writes; write++) {
        size_t counted = 7 * write;
        int32_t amount = (int32_t)write - 3;

        memcpy(before, cells, sizeof cells);
        assert_true(elgamal_add_count(cells, CELLS, group_public, counted, amount));
        for (size_t i = 0; i < CELLS; i++) {
            struct elgamal_cell difference;

            crypto_core_ristretto255_sub(difference.a, cells[i].a, before[i].a);
            crypto_core_ristretto255_sub(difference.b, cells[i].b, before[i].b);
            group_assert_count(&difference, i == counted ? amount : 0);
            memcpy(added[count++], difference.a, ELGAMAL_POINT_BYTES);
            memcpy(added[count++], difference.b, ELGAMAL_POINT_BYTES);
        }
    }
    assert_all_different(added, count);
}

/* The same where every cell has an amount of its own. */
static void test_amounts_for_every_cell(void **state)
{
    static uint8_t added[ELEMENTS][ELGAMAL_POINT_BYTES];
    struct elgamal_cell cells[CELLS], before[CELLS];
    int32_t amounts[CELLS];

    (void)state;
    new_row(cells);
    memcpy(before, cells, sizeof cells);
    for (int32_t i = 0; i < CELLS; i++)
        amounts[i] = i % 7 == 0 ? 0 : i % 5 == 0 ? -i : 1000 * i;
    assert_true(elgamal_add_counts(cells, CELLS, group_public, amounts));
    for (size_t i = 0; i < CELLS; i++) {
        struct elgamal_cell difference;

        group_assert_count(&cells[i], amounts[i]);
        crypto_core_ristretto255_sub(difference.a, cells[i].a, before[i].a);
        crypto_core_ristretto255_sub(difference.b, cells[i].b, before[i].b);
        memcpy(added[2 * i], difference.a, ELGAMAL_POINT_BYTES);
        memcpy(added[2 * i + 1], difference.b, ELGAMAL_POINT_BYTES);
    }
    assert_all_different(added, ELEMENTS);
}

static void test_same_write_twice_looks_different(void **state)
{
    struct elgamal_cell start[CELLS], first[CELLS], second[CELLS];

    (void)state;
    new_row(start);
    memcpy(first, start, sizeof start);
    memcpy(second, start, sizeof start);
    assert_true(elgamal_add_count(first, CELLS, group_public, 3, 1));
    assert_true(elgamal_add_count(second, CELLS, group_public, 3, 1));
    for (size_t i = 0; i < ELEMENTS; i++)
        assert_memory_not_equal(element(first, i), element(second, i), ELGAMAL_POINT_BYTES);
}

static void test_fresh_cells_are_different_encryptions_of_zero(void **state)
{
    enum { ROWS = 4 };
    static uint8_t elements[ROWS * ELEMENTS][ELGAMAL_POINT_BYTES];
    struct elgamal_cell cells[CELLS];
    unsigned rows = trial_rounds(ROWS);
    size_t count = 0;

    (void)state;
    for (unsigned row = 0; row < rows; row++) {
        new_row(cells);
        for (size_t i = 0; i < CELLS; i++)
            group_assert_count(&cells[i], 0);
        for (size_t i = 0; i < ELEMENTS; i++) {
            assert_true(elgamal_point_is_valid(element(cells, i)));
            memcpy(elements[count++], element(cells, i), ELGAMAL_POINT_BYTES);
        }
    }
    assert_all_different(elements, count);
}

/* ---- every byte ------------------------------------------------------------------------------- */

/* How often each bit of each element was one, over many writes that count the same cell. */
static unsigned bit_ones[ELEMENTS][ELEMENT_BITS];

/* 72 writes: a given bit stays the same by chance once in 2^71 times; there are 30,480. */
static void test_no_bit_stays_but_those_that_the_encoding_forces(void **state)
{
    enum { WRITES = 72 };
    struct elgamal_cell cells[CELLS];
    unsigned totals[ELEMENT_BITS] = {0};

    (void)state;
    if (trial_is_slow())
        skip();
    memset(bit_ones, 0, sizeof bit_ones);
    new_row(cells);
    for (unsigned write = 0; write < WRITES; write++) {
        assert_true(elgamal_add_count(cells, CELLS, group_public, 17, 1));
        for (size_t i = 0; i < ELEMENTS; i++)
            for (size_t bit = 0; bit < ELEMENT_BITS; bit++)
                bit_ones[i][bit] += bit_of(element(cells, i), bit);
    }
    for (size_t i = 0; i < ELEMENTS; i++) {
        for (size_t bit = 0; bit < ELEMENT_BITS; bit++) {
            if (is_forced(bit))
                assert_int_equal(bit_ones[i][bit], 0);
            else if (bit_ones[i][bit] == 0 || bit_ones[i][bit] == WRITES)
                fail_msg("element %zu, bit %zu is always the same", i, bit);
            totals[bit] += bit_ones[i][bit];
        }
    }
    for (size_t bit = 0; bit < ELEMENT_BITS; bit++)
        if (!is_forced(bit))
            assert_near(totals[bit], WRITES * ELEMENTS / 2.0, WRITES * ELEMENTS / 4.0,
                        "ones at a bit");
}

struct changes {
    unsigned same_bytes, changed_bits;
};

/* Adds what changed from `before` to `after`, of A (part 0) or B (part 1). */
static void add_changes(struct changes *changes, const uint8_t *before, const uint8_t *after)
{
    for (size_t i = 0; i < ELGAMAL_POINT_BYTES; i++)
        changes->same_bytes += before[i] == after[i];
    for (size_t bit = 0; bit < ELEMENT_BITS; bit++)
        changes->changed_bits += bit_of(before, bit) ^ bit_of(after, bit);
}

/* Of a random element's 32 bytes 30 take 256 values and two take 128; 254 bits are free. The counted
 * cell must fit that as well as the others do, whatever is counted. */
static void test_changed_bytes_do_not_tell_which_cell_was_counted(void **state)
{
    enum { FEW = 6, WRITES = 250, COUNTED = 2 };
    static const int32_t amounts[] = {1, -1};
    const double stays = 30.0 / 256 + 2.0 / 128;

    (void)state;
    if (trial_is_slow())
        skip();
    for (size_t kind = 0; kind < TRIAL_COUNT(amounts); kind++) {
        struct changes changes[2 * FEW] = {{0, 0}};
        struct elgamal_cell cells[FEW], before[FEW];

        assert_true(elgamal_encrypt_zeros(cells, FEW, group_public));
        for (unsigned write = 0; write < WRITES; write++) {
            memcpy(before, cells, sizeof cells);
            assert_true(elgamal_add_count(cells, FEW, group_public, COUNTED, amounts[kind]));
            for (size_t i = 0; i < TRIAL_COUNT(changes); i++)
                add_changes(&changes[i], element(before, i), element(cells, i));
        }
        for (size_t i = 0; i < TRIAL_COUNT(changes); i++) {
            assert_near(changes[i].same_bytes, WRITES * stays, WRITES * stays, "bytes that stayed");
            assert_near(changes[i].changed_bits, WRITES * 254 / 2.0, WRITES * 254 / 4.0,
                        "bits that changed");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_changes_both_elements_of_every_cell),
        cmocka_unit_test(test_each_cell_gets_a_scalar_of_its_own),
        cmocka_unit_test(test_amounts_for_every_cell),
        cmocka_unit_test(test_same_write_twice_looks_different),
        cmocka_unit_test(test_fresh_cells_are_different_encryptions_of_zero),
        cmocka_unit_test(test_no_bit_stays_but_those_that_the_encoding_forces),
        cmocka_unit_test(test_changed_bytes_do_not_tell_which_cell_was_counted),
    };

    return cmocka_run_group_tests(tests, group_load, NULL);
}
