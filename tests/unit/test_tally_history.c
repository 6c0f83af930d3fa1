/* tally: random counts and retractions of several devices against a plain model, TAVS_TRIALS of them. After each,
 * the whole file is looked at: which bytes changed, whether all cells of the counted row did, and
 * whether any earlier version of anything is left. */
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum {
    COUNTS = 600,
    READ_EVERY = 150,
    FIRST_YEAR = 2023,
    YEARS = 2,
    MONTHS = YEARS * 12,
    FIRST = FIRST_YEAR * 12,
    POINT_BITS = 254, /* of 256: an encoding is below 2^255 and even (RFC 9496, section 4.3.2) */
};

static struct place place;

/* The model: what has been counted in each cell of each month, by whomever. */
static int64_t model[MONTHS][CODEBOOK_CELLS];

/* Which years each device counts in. */
static const struct duty {
    uint16_t device;
    int year;
} duties[] = {{1, FIRST_YEAR}, {1, FIRST_YEAR + 1}, {2, FIRST_YEAR + 1}, {3, FIRST_YEAR}};

/* How many bits of points changed, for cells that were counted and for those that were not. */
static struct change {
    double points, bits;
} changes[2];

static unsigned bits_of(const uint8_t *left, const uint8_t *right, size_t size)
{
    unsigned bits = 0;
    for (size_t i = 0; i < size; i++)
        bits += (unsigned)__builtin_popcount((unsigned)left[i] ^ right[i]);
    return bits;
}

/* Every point of every cell is another one. */
static void compare_cells(const uint8_t *before, const uint8_t *after, unsigned counted)
{
    enum { POINTS = 2 * CODEBOOK_CELLS };
    assert_memory_not_equal(before, after, KEYS_SIGNATURE_BYTES);
    for (unsigned point = 0; point < POINTS; point++) {
        size_t at = KEYS_SIGNATURE_BYTES + point * ELGAMAL_POINT_BYTES;
        unsigned bits = bits_of(before + at, after + at, ELGAMAL_POINT_BYTES);
        struct change *change = &changes[point / 2 == counted];
        assert_true(bits > POINT_BITS / 4);
        change->points++;
        change->bits += bits;
    }
}

/* All rows but the counted one are as they were. */
static void compare_rows(const struct filemap *before, const struct filemap *after,
                         base_month month, uint16_t device, unsigned cell)
{
    size_t changed = 0;
    for (size_t i = 0; i < before->row_count; i++) {
        const struct filemap_row *row = &before->rows[i];
        const uint8_t *old = before->bytes + row->at;
        const uint8_t *new = filemap_find_row(after, row->month, row->device);
        assert_non_null(new);
        if (row->month == month && row->device == device) {
            compare_cells(old, new, cell);
            changed++;
        } else {
            assert_memory_equal(old, new, RECORD_ROW_BYTES);
        }
    }
    if (changed == 0) { /* the device's first of the year */
        assert_int_equal(after->row_count, before->row_count + 12);
        assert_non_null(filemap_find_row(after, month, device));
    }
}

static void compare_with_model(void)
{
    struct store *store = NULL;
    struct tally_counts *counts = NULL;
    struct base_error error;
    struct base_period period = {FIRST, FIRST + MONTHS - 1};
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_read(store, place.reader, period, &counts, &error), BASE_OK);
    for (unsigned month = 0; month < MONTHS; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            assert_int_equal(counts->cells[month][cell], model[month][cell]);
    tally_counts_free(counts);
    store_close(store);
}

/* Mostly one contact, or one taken back. */
static int32_t random_amount(int64_t now)
{
    static const int32_t amounts[] = {
        1, 1, 1, 1, 2, -1, -1, 17, TALLY_MOST_COUNT, -TALLY_MOST_COUNT};
    int32_t amount = amounts[support_random(sizeof amounts / sizeof *amounts)];
    return now + amount < ELGAMAL_LEAST_COUNT ? -amount : amount;
}

static void count_once(struct filemap *map, struct history *history)
{
    const struct duty *duty = &duties[support_random(sizeof duties / sizeof *duties)];
    base_month month = (base_month)(duty->year * 12 + (int)support_random(12));
    unsigned cell = (unsigned)support_random(CODEBOOK_CELLS);
    int32_t amount = random_amount(model[month - FIRST][cell]);
    struct base_error error;
    struct filemap before = *map;

    place_be(&place, duty->device);
    assert_int_equal(place_count(&place, month, cell, amount, &error), BASE_OK);
    model[month - FIRST][cell] += amount;

    filemap_read(map, place.path);
    compare_rows(&before, map, month, duty->device, cell);
    history_add_changes(history, &before, map);
    history_assert_absent(history, map);
    filemap_assert_clean(map);
    assert_int_equal(support_entries("s"), 1);
    filemap_free(&before);
}

/* A fresh encryption differs from the one before in half of the bits; the mean of n points then
 * lies within five standard deviations in all but one of a million runs. */
static void check_statistics(void)
{
    for (size_t i = 0; i < 2; i++) {
        double mean = changes[i].bits / changes[i].points;
        double deviation = mean - POINT_BITS / 2.0;
        double variance = POINT_BITS / 4.0 / changes[i].points;
        print_message("%s: %.3f of %d bits\n", i ? "counted" : "others", mean, POINT_BITS);
        assert_true(deviation * deviation < 25 * variance);
    }
}

static void test_history(void **state)
{
    const char *wanted = getenv("TAVS_TRIALS");
    const unsigned counts = wanted != NULL ? (unsigned)atoi(wanted) : support_rounds(COUNTS);
    static struct filemap map;
    struct history *history = history_new((size_t)counts * 130);
    (void)state;
    place_make(&place, FIRST_YEAR);
    place_enrol(&place);
    place_enrol(&place);
    filemap_read(&map, place.path);
    for (unsigned i = 0; i < counts; i++) {
        count_once(&map, history);
        if (i % READ_EVERY == READ_EVERY - 1)
            compare_with_model();
    }
    compare_with_model();
    check_statistics();
    filemap_free(&map);
    history_free(history);
    place_free(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_history, support_enter_memory, support_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
