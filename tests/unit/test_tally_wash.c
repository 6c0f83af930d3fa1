/* tally_wash: all that is random in this machine's rows is new, and nothing else has changed. */
#include "filemap.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"
#include "trial.h"

enum { YEAR = 2024, JANUARY = YEAR * 12, MONTHS = 12, ROWS = 2 * MONTHS, SPARED = 7 };

static struct place place;

#define MUST(call)                                                                                 \
    do {                                                                                           \
        struct base_error error = {0};                                                             \
        if ((call) != BASE_OK)                                                                     \
            fail_msg("%s: %d %s", #call, (int)error.code, error.subject);                          \
    } while (0)

/* Device 1 has a year of rows. */
static void make_small_place(void)
{
    place_make(&place, YEAR);
}

/* Device 1 has two years of rows, device 2 one; both have counted. This machine is device 1. */
static void make_place(void)
{
    place_make(&place, YEAR);
    place_enrol(&place);
    place_be(&place, 2);
    MUST(place_count(&place, JANUARY + 3, 7, 5, &error));
    place_be(&place, 1);
    MUST(place_count(&place, JANUARY + 3, 7, 40, &error));
    MUST(place_count(&place, JANUARY - 1, 59, 2, &error));
    MUST(place_count(&place, JANUARY + 11, 0, -3, &error));
}

static void wash(struct tally_washed *washed)
{
    MUST(tally_wash(place.path, NULL, NULL, washed, &error));
}

static void assert_passes(void)
{
    struct audit_report *report;
    MUST(audit_file(place.path, &report, &error));
    assert_true(report->passed);
    audit_report_free(report);
}

/* A row's cell as it lies in the file. */
static struct elgamal_cell cell_of(const struct filemap *map, const struct filemap_row *row,
                                   size_t cell)
{
    struct elgamal_cell result;
    memcpy(&result, map->bytes + row->at + KEYS_SIGNATURE_BYTES + cell * sizeof result,
           sizeof result);
    return result;
}

static int64_t count_of(const struct filemap *map, const struct filemap_row *row, size_t cell)
{
    const struct elgamal_cell encrypted = cell_of(map, row, cell);
    int64_t count = 0;
    assert_true(elgamal_decrypt(&encrypted, keys_reader_scalar(place.reader), &count));
    return count;
}

/* ---- what it does ---------------------------------------------------------------------------- */

static void assert_washed(const struct filemap *before, const struct filemap *after, size_t i)
{
    const struct filemap_row *row = &before->rows[i];
    for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++) {
        const struct elgamal_cell old = cell_of(before, row, cell);
        const struct elgamal_cell new = cell_of(after, &after->rows[i], cell);
        assert_memory_not_equal(old.a, new.a, sizeof old.a);
        assert_memory_not_equal(old.b, new.b, sizeof old.b);
        if (!trial_is_slow() || cell % SPARED == 0)
            assert_int_equal(count_of(before, row, cell), count_of(after, &after->rows[i], cell));
        /* And what it was is nowhere. */
        assert_null(memmem(after->bytes, after->size, old.a, sizeof old.a));
        assert_null(memmem(after->bytes, after->size, old.b, sizeof old.b));
    }
    assert_memory_not_equal(before->bytes + row->at, after->bytes + after->rows[i].at,
                            KEYS_SIGNATURE_BYTES);
}

static void own_rows_change_and_count_the_same(void **state)
{
    struct filemap before, after;
    struct tally_washed washed;
    size_t own = 0;
    (void)state;

    make_place();
    filemap_read(&before, place.path);
    wash(&washed);
    filemap_read(&after, place.path);
    assert_int_equal(after.row_count, before.row_count);
    for (size_t i = 0; i < before.row_count; i++) {
        assert_int_equal(before.rows[i].month, after.rows[i].month);
        assert_int_equal(before.rows[i].device, after.rows[i].device);
        if (before.rows[i].device != 1)
            continue;
        assert_washed(&before, &after, i);
        own++;
    }
    assert_int_equal(own, ROWS);
    assert_int_equal(washed.rows, ROWS);
    assert_int_equal(washed.device, 1);
    filemap_assert_clean(&after);
    assert_passes();
    filemap_free(&before);
    filemap_free(&after);
    place_free(&place);
}

static void nothing_else_changes(void **state)
{
    struct filemap before, after;
    struct tally_washed washed;
    size_t others = 0;
    (void)state;

    make_place();
    filemap_read(&before, place.path);
    wash(&washed);
    filemap_read(&after, place.path);
    for (size_t i = 0; i < before.row_count; i++) {
        if (before.rows[i].device == 1)
            continue;
        assert_memory_equal(before.bytes + before.rows[i].at, after.bytes + after.rows[i].at,
                            RECORD_ROW_BYTES);
        others++;
    }
    assert_int_equal(others, MONTHS);
    assert_int_equal(washed.other_rows, MONTHS);
    assert_memory_equal(before.bytes + before.header_at, after.bytes + after.header_at,
                        RECORD_HEADER_BYTES);
    assert_int_equal(after.device_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(before.bytes + before.device_at[i], after.bytes + after.device_at[i],
                            RECORD_DEVICE_BYTES);
    filemap_free(&before);
    filemap_free(&after);
    place_free(&place);
}

static void note_progress(void *context, uint64_t done, uint64_t total)
{
    uint64_t *last = context;
    assert_int_equal(done, *last + 1);
    assert_int_equal(total, MONTHS);
    *last = done;
}

static void every_row_is_told(void **state)
{
    struct tally_washed washed;
    uint64_t last = 0;
    (void)state;

    make_small_place();
    MUST(tally_wash(place.path, note_progress, &last, &washed, &error));
    assert_int_equal(last, MONTHS);
    place_free(&place);
}

/* ---- what it is for -------------------------------------------------------------------------- */

enum { COVERT = 1 };
static const char message[] = "A. A., heroin and loneliness, rang on the third of May, at night";
static uint8_t pad[sizeof message];

static size_t letters(void)
{
    enum { FEW = 10 };
    return trial_is_slow() ? FEW : CODEBOOK_CELLS;
}

/* A cheater's cell: r is drawn until the second byte of A = rG is the message's byte, hidden under a
 * pad that only who shares it can take off. (The first byte is even.) The cell counts zero and is as
 * good as any. */
static void make_covert_cell(struct elgamal_cell *cell, size_t i)
{
    uint8_t scalar[ELGAMAL_SCALAR_BYTES];
    do {
        crypto_core_ristretto255_scalar_random(scalar);
        assert_int_equal(crypto_scalarmult_ristretto255_base(cell->a, scalar), 0);
    } while ((cell->a[COVERT] ^ pad[i]) != (uint8_t)message[i]);
    assert_int_equal(
        crypto_scalarmult_ristretto255(cell->b, scalar, place.header.public_keys.encryption), 0);
}

static void put_covert_row(base_month month)
{
    struct store *store = NULL;
    struct record_row row = {.month = month, .device = 1};

    assert_true(
        elgamal_encrypt_zeros(row.cells, CODEBOOK_CELLS, place.header.public_keys.encryption));
    for (size_t i = 0; i < letters(); i++)
        make_covert_cell(&row.cells[i], i);
    MUST(store_open(place.path, STORE_WRITE, &store, &error));
    MUST(store_put_row(store, &row, place.keys[0], &error));
    MUST(store_commit(store, &error));
    store_close(store);
}

/* How many letters of the message who shares the pad reads from a row. */
static size_t read_covert_row(base_month month)
{
    struct filemap map;
    size_t right = 0;

    filemap_read(&map, place.path);
    const uint8_t *row = filemap_find_row(&map, month, 1);
    assert_non_null(row);
    for (size_t i = 0; i < letters(); i++)
        right +=
            (row[KEYS_SIGNATURE_BYTES + i * ELGAMAL_CELL_BYTES + COVERT] ^ pad[i]) == message[i];
    filemap_free(&map);
    return right;
}

static void what_is_hidden_in_randomness_is_gone(void **state)
{
    enum { MONTH = JANUARY + 4 };
    const size_t by_chance = 3 + letters() / 12; /* of so many, each in 128 */
    struct tally_washed washed;
    (void)state;

    make_small_place();
    secret_random(pad, sizeof pad);
    put_covert_row(MONTH);
    assert_int_equal(read_covert_row(MONTH), letters());
    assert_passes(); /* no audit can tell it */
    wash(&washed);
    assert_true(read_covert_row(MONTH) <= by_chance);
    assert_passes();
    place_free(&place);
}

/* ---- what it refuses ------------------------------------------------------------------------- */

static void assert_refused(enum base_code expected)
{
    struct base_error error = {0};
    struct tally_washed washed = {.rows = 99};
    size_t size_before, size_after;
    uint8_t *before = support_read_file(place.path, &size_before);

    assert_int_equal(tally_wash(place.path, NULL, NULL, &washed, &error), expected);
    assert_int_equal(error.code, expected);
    assert_int_equal(washed.rows, 99);
    uint8_t *after = support_read_file(place.path, &size_after);
    assert_int_equal(size_before, size_after);
    assert_memory_equal(before, after, size_before);
    free(before);
    free(after);
}

static void a_machine_that_is_not_enrolled_is_refused(void **state)
{
    (void)state;
    make_small_place();
    assert_int_equal(setenv("XDG_STATE_HOME", "/nowhere", 1), 0);
    assert_refused(BASE_NOT_ENROLLED);
    place_free(&place);
}

static void a_retired_machine_is_refused(void **state)
{
    (void)state;
    make_small_place();
    place.devices[0].state = RECORD_DEVICE_RETIRED;
    place_put_device(&place, 1);
    assert_refused(BASE_DEVICE_RETIRED);
    place_free(&place);
}

/* Another store under the same id: somebody put it in this one's place. */
static void a_store_with_another_fingerprint_is_refused(void **state)
{
    struct keys_device *device = NULL;
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    (void)state;

    make_small_place();
    memcpy(fingerprint, place.fingerprint, sizeof fingerprint);
    fingerprint[0] ^= 1;
    MUST(keys_device_new(1, place.header.store_id, fingerprint, &device, &error));
    MUST(keys_device_save(device, &error));
    assert_refused(BASE_FINGERPRINT_DIFFERS);
    keys_device_free(device);
    place_free(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(own_rows_change_and_count_the_same, support_enter,
                                        support_leave),
        cmocka_unit_test_setup_teardown(nothing_else_changes, support_enter, support_leave),
        cmocka_unit_test_setup_teardown(every_row_is_told, support_enter, support_leave),
        cmocka_unit_test_setup_teardown(what_is_hidden_in_randomness_is_gone, support_enter,
                                        support_leave),
        cmocka_unit_test_setup_teardown(a_machine_that_is_not_enrolled_is_refused, support_enter,
                                        support_leave),
        cmocka_unit_test_setup_teardown(a_retired_machine_is_refused, support_enter, support_leave),
        cmocka_unit_test_setup_teardown(a_store_with_another_fingerprint_is_refused, support_enter,
                                        support_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
