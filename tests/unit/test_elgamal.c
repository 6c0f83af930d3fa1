/* elgamal: the group's public vectors, and counts against plain numbers. */
#include "group.h"

#include <sodium.h>
#include <string.h>

/* ---- public vectors --------------------------------------------------------------------------- */

static void test_multiples_of_the_generator(void **state)
{
    (void)state;
    for (uint8_t i = 1; i < GROUP_MULTIPLES; i++) {
        uint8_t scalar[ELGAMAL_SCALAR_BYTES] = {i};
        uint8_t point[ELGAMAL_POINT_BYTES];

        assert_true(elgamal_point_is_valid(group_multiples[i]));
        assert_true(elgamal_public_key(point, scalar));
        assert_memory_equal(point, group_multiples[i], sizeof point);
    }
}

/* With x = 1 and A = iG, B = jG the cell holds j - i: the vectors alone say what comes out. */
static void test_decrypt_by_the_vectors(void **state)
{
    (void)state;
    for (int i = 1; i < GROUP_MULTIPLES; i++) {
        for (int j = 1; j < GROUP_MULTIPLES; j++) {
            struct elgamal_cell cell = group_cell(group_multiples[i], group_multiples[j]);
            int64_t count = INT64_MIN;

            assert_true(elgamal_cell_is_valid(&cell));
            assert_true(elgamal_decrypt(&cell, group_one, &count));
            assert_true(count == j - i);
        }
    }
}

/* RFC 9497's elements and their multiples by the secret key are cells of zero; iG added to B makes
 * them cells of i. */
static void test_decrypt_with_a_public_key_pair(void **state)
{
    json_t *voprf = trial_vectors("rfc9497.json");
    const json_t *list = trial_get(voprf, "multiples");
    uint8_t point[ELGAMAL_POINT_BYTES];

    (void)state;
    assert_true(elgamal_public_key(point, group_secret));
    assert_memory_equal(point, group_public, sizeof point);
    assert_int_equal(json_array_size(list), 3);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct elgamal_cell cell;

        trial_bytes(json_array_get(list, i), "element", cell.a, sizeof cell.a);
        trial_bytes(json_array_get(list, i), "multiple", cell.b, sizeof cell.b);
        group_assert_count(&cell, 0);
        for (int64_t m = 1; m < 40; m++) {
            assert_int_equal(crypto_core_ristretto255_add(cell.b, cell.b, group_multiples[1]), 0);
            group_assert_count(&cell, m);
        }
        group_assert_no_count(&cell, group_one);
    }
    json_decref(voprf);
}

/* What the independent generator of tests/vectors encrypted, all edges of the table among it. */
static void test_decrypt_cells_of_another_program(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *row = trial_get(format, "row");
    uint8_t record[64 + 60 * ELGAMAL_CELL_BYTES];
    uint8_t x[ELGAMAL_SCALAR_BYTES];

    (void)state;
    trial_bytes(row, "record", record, sizeof record);
    trial_bytes(trial_get(format, "reader"), "scalar", x, sizeof x);
    for (size_t i = 0; i < 60; i++) {
        json_int_t expected = json_integer_value(json_array_get(trial_get(row, "counts"), i));
        struct elgamal_cell cell;
        int64_t count = INT64_MIN;

        memcpy(&cell, record + 64 + i * sizeof cell, sizeof cell);
        assert_true(elgamal_cell_is_valid(&cell));
        assert_true(elgamal_decrypt(&cell, x, &count));
        assert_true(count == expected);
    }
    json_decref(format);
}

/* ---- counts ----------------------------------------------------------------------------------- */

static void test_counts_at_the_edges(void **state)
{
    static const int32_t counts[] = {
        0,
        1,
        1023,
        1024,
        1025,
        2047,
        2048,
        ELGAMAL_MOST_COUNT - 1,
        ELGAMAL_MOST_COUNT,
        -1,
        -2,
        -1023,
        -1024,
        -1025,
        -2048,
        -2049,
        -4095,
        ELGAMAL_LEAST_COUNT,
        4095,
        4096,
        1047551,
        1047552,
        1047553,
        524288,
    };

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(counts); i++) {
        struct elgamal_cell cell = group_fresh(counts[i]);

        group_assert_count(&cell, counts[i]);
    }
}

static void test_counts_just_outside(void **state)
{
    struct elgamal_cell high = group_fresh(ELGAMAL_MOST_COUNT);
    struct elgamal_cell low = group_fresh(ELGAMAL_LEAST_COUNT - 1);
    struct elgamal_cell far_down = group_fresh(-ELGAMAL_MOST_COUNT);

    (void)state;
    group_assert_no_count(&low, group_secret);
    group_assert_no_count(&far_down, group_secret);
    group_assert_count(&high, ELGAMAL_MOST_COUNT);
    assert_true(elgamal_add_count(&high, 1, group_public, 0, 1));
    group_assert_no_count(&high, group_secret);

    /* Nothing is lost: back inside, the count is there again. */
    assert_true(elgamal_add_count(&high, 1, group_public, 0, -2));
    group_assert_count(&high, ELGAMAL_MOST_COUNT - 1);
    assert_true(elgamal_add_count(&low, 1, group_public, 0, 1));
    group_assert_count(&low, ELGAMAL_LEAST_COUNT);
}

static void test_wrong_key_finds_no_count(void **state)
{
    struct elgamal_cell cell = group_fresh(1);
    uint8_t other[ELGAMAL_SCALAR_BYTES];

    (void)state;
    crypto_core_ristretto255_scalar_random(other);
    group_assert_no_count(&cell, other);
}

/* Several cells written at random, beside plain numbers; then added up, as devices are. */
static void test_random_writes_beside_plain_numbers(void **state)
{
    enum { CELLS = 5, DEVICES = 3, WRITES = 40 };
    struct trial_dice dice = {9496};

    (void)state;
    for (unsigned round = 0; round < trial_rounds(8); round++) {
        struct elgamal_cell cells[DEVICES][CELLS];
        int64_t plain[DEVICES][CELLS] = {{0}}, totals[CELLS] = {0};

        for (size_t device = 0; device < DEVICES; device++)
            assert_true(elgamal_encrypt_zeros(cells[device], CELLS, group_public));
        for (unsigned write = 0; write < WRITES; write++) {
            size_t device = trial_below(&dice, DEVICES), counted = trial_below(&dice, CELLS);
            int32_t amount = (int32_t)trial_below(&dice, 3) - 1;

            if (trial_below(&dice, 4) == 0)
                amount = (int32_t)trial_below(&dice, 2001) - 1000;
            assert_true(elgamal_add_count(cells[device], CELLS, group_public, counted, amount));
            plain[device][counted] += amount;
        }
        for (size_t device = 0; device < DEVICES; device++)
            for (size_t i = 0; i < CELLS; i++)
                totals[i] += plain[device][i];
        for (size_t device = 0; device < DEVICES; device++)
            for (size_t i = 0; i < CELLS; i++)
                if (plain[device][i] >= ELGAMAL_LEAST_COUNT)
                    group_assert_count(&cells[device][i], plain[device][i]);
        for (size_t i = 0; i < CELLS; i++) {
            for (size_t device = 1; device < DEVICES; device++)
                assert_true(elgamal_add_cell(&cells[0][i], &cells[device][i]));
            assert_true(elgamal_cell_is_valid(&cells[0][i]));
            if (totals[i] >= ELGAMAL_LEAST_COUNT)
                group_assert_count(&cells[0][i], totals[i]);
            else
                group_assert_no_count(&cells[0][i], group_secret);
        }
    }
}

/* Sums that leave the range on the way, or at the end. */
static void test_sums_at_the_edges(void **state)
{
    struct elgamal_cell high = group_fresh(ELGAMAL_MOST_COUNT);
    struct elgamal_cell low = group_fresh(ELGAMAL_LEAST_COUNT);
    struct elgamal_cell more = group_fresh(1), less = group_fresh(-1);
    struct elgamal_cell sum = high;

    (void)state;
    assert_true(elgamal_add_cell(&sum, &more));
    group_assert_no_count(&sum, group_secret);
    assert_true(elgamal_add_cell(&sum, &low));
    group_assert_count(&sum, ELGAMAL_MOST_COUNT + 1 + ELGAMAL_LEAST_COUNT);
    assert_true(elgamal_add_cell(&low, &less));
    group_assert_no_count(&low, group_secret);
    assert_true(elgamal_add_cell(&low, &more));
    group_assert_count(&low, ELGAMAL_LEAST_COUNT);
    sum = more;
    assert_true(elgamal_add_cell(&sum, &sum));
    group_assert_count(&sum, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multiples_of_the_generator),
        cmocka_unit_test(test_decrypt_by_the_vectors),
        cmocka_unit_test(test_decrypt_with_a_public_key_pair),
        cmocka_unit_test(test_decrypt_cells_of_another_program),
        cmocka_unit_test(test_counts_at_the_edges),
        cmocka_unit_test(test_counts_just_outside),
        cmocka_unit_test(test_wrong_key_finds_no_count),
        cmocka_unit_test(test_random_writes_beside_plain_numbers),
        cmocka_unit_test(test_sums_at_the_edges),
    };

    return cmocka_run_group_tests(tests, group_load, NULL);
}
