/* tally: many counts at once, all of them or none. */
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { FIRST = 2016 * 12, MONTHS = 36, YEARS = 3 };

static struct place place;
static int32_t amounts[MONTHS][CODEBOOK_CELLS];
static struct tally_plan plan = {.period = {FIRST, FIRST + MONTHS - 1}, .amounts = amounts};

static int enter_with_store(void **state)
{
    int result = support_enter_memory(state);
    if (result == 0)
        place_make(&place, 2017);
    memset(amounts, 0, sizeof amounts);
    plan.period = (struct base_period){FIRST, FIRST + MONTHS - 1};
    return result;
}

static int leave_with_store(void **state)
{
    place_free(&place);
    return support_leave(state);
}

static void count_plan(base_progress *progress, void *context)
{
    struct base_error error;
    assert_int_equal(tally_check_plan(place.path, &plan, &error), BASE_OK);
    if (tally_count_plan(place.path, &plan, progress, context, &error) != BASE_OK)
        fail_msg("code %d: %s", (int)error.code, error.subject);
}

/* Both say the same, and the file stays what it was. */
static void assert_refused(enum base_code code, const char *subject)
{
    struct base_error error = {.code = BASE_OK};
    size_t size, again_size;
    uint8_t *bytes = support_read_file(place.path, &size);
    if (code != BASE_NOT_ENROLLED) {
        assert_int_equal(tally_check_plan(place.path, &plan, &error), code);
        assert_string_equal(error.subject, subject);
    }
    assert_int_equal(tally_count_plan(place.path, &plan, NULL, NULL, &error), code);
    assert_int_equal(error.code, code);
    if (subject != NULL)
        assert_string_equal(error.subject, subject);
    uint8_t *again = support_read_file(place.path, &again_size);
    assert_int_equal(size, again_size);
    assert_memory_equal(bytes, again, size);
    free(bytes);
    free(again);
}

static struct tally_counts *read_all(void)
{
    struct store *store = NULL;
    struct tally_counts *counts = NULL;
    struct base_error error;
    const struct base_period period = {FIRST, FIRST + MONTHS - 1};
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_read(store, place.reader, period, &counts, &error), BASE_OK);
    store_close(store);
    return counts;
}

static void assert_counts(int64_t expected[MONTHS][CODEBOOK_CELLS])
{
    struct tally_counts *counts = read_all();
    for (size_t month = 0; month < MONTHS; month++)
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++)
            assert_int_equal(counts->cells[month][cell], expected[month][cell]);
    tally_counts_free(counts);
}

static void test_every_month_and_cell(void **state)
{
    static int64_t expected[MONTHS][CODEBOOK_CELLS];
    const unsigned most = support_rounds(MONTHS);
    struct base_error error;
    struct tally_counts *counts;
    (void)state;
    memset(expected, 0, sizeof expected);
    for (size_t month = 0; month < most; month++)
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++) {
            amounts[month][cell] = (int32_t)support_random(200) - 100;
            expected[month][cell] = amounts[month][cell];
        }
    amounts[most - 1][0] = TALLY_MOST_PLANNED;
    expected[most - 1][0] = TALLY_MOST_PLANNED;
    count_plan(NULL, NULL);
    assert_counts(expected);
    assert_int_equal(tally_plan_counts(&plan, &place.header, &counts, &error), BASE_OK);
    assert_int_equal(counts->period.first, FIRST);
    assert_int_equal(counts->channels, place.header.channels);
    assert_memory_equal(counts->cells, expected, sizeof expected);
    tally_counts_free(counts);
    count_plan(NULL, NULL); /* once more is twice as much */
    for (size_t month = 0; month < MONTHS; month++)
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++)
            expected[month][cell] *= 2;
    assert_counts(expected);
}

/* One contact in one month: the file shows the year, and no more. Of a year without any nothing is
 * written. */
static void test_rows_that_are_written(void **state)
{
    struct filemap before, after;
    (void)state;
    place_enrol(&place);
    struct base_error error;
    assert_int_equal(place_count(&place, FIRST, 0, 1, &error), BASE_OK);
    place_be(&place, 1);
    filemap_read(&before, place.path);
    amounts[4][17] = 1;  /* 2016: device 1 has no rows there yet */
    amounts[30][17] = 1; /* 2018, nor there */
    count_plan(NULL, NULL);
    filemap_read(&after, place.path);
    filemap_assert_clean(&after);
    assert_int_equal(after.row_count, before.row_count + 24);
    for (size_t i = 0; i < before.row_count; i++) {
        const struct filemap_row *row = &before.rows[i];
        assert_memory_equal(before.bytes + row->at,
                            filemap_find_row(&after, row->month, row->device), RECORD_ROW_BYTES);
    }
    filemap_free(&before);
    memset(amounts, 0, sizeof amounts);
    amounts[12][0] = 1;
    amounts[30][17] = -1;
    before = after;
    count_plan(NULL, NULL);
    filemap_read(&after, place.path);
    filemap_assert_clean(&after);
    assert_int_equal(after.row_count, before.row_count);
    for (size_t i = 0; i < before.row_count; i++) {
        const struct filemap_row *row = &before.rows[i];
        const uint8_t *now = filemap_find_row(&after, row->month, row->device);
        const bool written = row->device == 1 && base_month_year(row->month) != 2016;
        const bool same = memcmp(before.bytes + row->at, now, RECORD_ROW_BYTES) == 0;
        assert_int_equal(same, !written);
    }
    filemap_free(&before);
    filemap_free(&after);
}

struct seen {
    uint64_t calls, done, total;
};

static void note_progress(void *context, uint64_t done, uint64_t total)
{
    struct seen *seen = context;
    assert_int_equal(done, seen->done + 1);
    *seen = (struct seen){seen->calls + 1, done, total};
}

static void test_progress(void **state)
{
    struct seen seen = {0};
    (void)state;
    amounts[0][0] = 1;
    amounts[35][59] = 1;
    count_plan(note_progress, &seen);
    assert_int_equal(seen.calls, 24);
    assert_int_equal(seen.total, 24);
    assert_int_equal(seen.done, 24);
}

static void test_limits(void **state)
{
    static const int32_t limits[] = {TALLY_MOST_PLANNED + 1, -TALLY_MOST_PLANNED - 1, INT32_MAX,
                                     INT32_MIN};
    (void)state;
    amounts[0][0] = 5;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        amounts[14][3] = limits[i];
        assert_refused(BASE_COUNT_LIMIT, "2017-03");
    }
}

static void test_months(void **state)
{
    const base_month now = base_month_now();
    char text[BASE_MONTH_TEXT];
    (void)state;
    plan.period = (struct base_period){(base_month)(now - 1), (base_month)(now + 1)};
    amounts[0][0] = 1;
    amounts[1][0] = 1;
    count_plan(NULL, NULL);
    amounts[2][0] = 1;
    base_month_format((base_month)(now + 1), text);
    assert_refused(BASE_FUTURE_MONTH, text);
}

static void test_closed_months(void **state)
{
    (void)state;
    place.header.closed_through = FIRST + 13;
    place_put_header(&place);
    amounts[20][0] = 1;
    count_plan(NULL, NULL);
    amounts[13][7] = -1;
    assert_refused(BASE_MONTH_CLOSED, "2017-02");
}

static void test_what_is_not_offered(void **state)
{
    const unsigned mail = codebook_cell((struct codebook_contact){{2, 0, 0}});
    const unsigned professional = codebook_cell((struct codebook_contact){{1, 2, 4}});
    (void)state;
    place.header.channels = 3;
    place.header.parties = 3;
    place_put_header(&place);
    amounts[1][0] = 1;
    amounts[1][mail] = 1;
    assert_refused(BASE_CHANNEL_NOT_OFFERED, "mail");
    amounts[1][mail] = 0;
    amounts[30][professional] = 2;
    assert_refused(BASE_PARTY_NOT_OFFERED, "professional");
    amounts[30][professional] = -2; /* what was counted can be taken back */
    count_plan(NULL, NULL);
}

static void test_not_enrolled(void **state)
{
    (void)state;
    amounts[1][0] = 1;
    assert_int_equal(setenv("XDG_STATE_HOME", "/nowhere/at/all", 1), 0);
    assert_refused(BASE_NOT_ENROLLED, NULL);
}

/* ---- what was counted is noted, and taken back --------------------------------------------------- */

static enum base_code undo(struct base_error *error)
{
    struct store *store;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, error), BASE_OK);
    const enum base_code code = tally_undo_plan(store, place.reader, &plan, NULL, NULL, error);
    store_close(store);
    return code;
}

static void test_undo(void **state)
{
    static int64_t expected[MONTHS][CODEBOOK_CELLS];
    struct base_error error;
    (void)state;
    memset(expected, 0, sizeof expected);
    assert_int_equal(place_count(&place, FIRST + 14, 3, 2, &error), BASE_OK);
    expected[14][3] = 2;
    amounts[0][0] = 1;
    amounts[14][3] = 5;
    amounts[20][7] = -4;
    amounts[35][59] = 7;
    count_plan(NULL, NULL);
    assert_int_equal(tally_check_undo(place.path, &plan, &error), BASE_OK);
    assert_int_equal(undo(&error), BASE_OK);
    assert_counts(expected);
    /* Once more would take what others have counted, or more than there is. */
    assert_int_equal(undo(&error), BASE_IMPORT_BELOW_ZERO);
    assert_string_equal(error.subject, "2016-01, in-person, user, 1");
    amounts[0][0] = 0;
    amounts[35][59] = 0;
    assert_int_equal(undo(&error), BASE_IMPORT_BELOW_ZERO);
    assert_string_equal(error.subject, "2017-03, in-person, user, 4");
    assert_counts(expected);
}

/* What another machine has counted of it counts as being there. */
static void test_undo_with_two_machines(void **state)
{
    struct base_error error;
    (void)state;
    amounts[3][4] = 2;
    count_plan(NULL, NULL);
    assert_int_equal(place_count(&place, FIRST + 3, 4, -1, &error), BASE_OK);
    assert_int_equal(undo(&error), BASE_IMPORT_BELOW_ZERO);
    place_enrol(&place);
    assert_int_equal(place_count(&place, FIRST + 3, 4, 1, &error), BASE_OK);
    place_be(&place, 1);
    assert_int_equal(undo(&error), BASE_OK);
}

static void test_undo_closed_months(void **state)
{
    struct base_error error;
    (void)state;
    amounts[13][7] = 1;
    amounts[30][7] = 1;
    count_plan(NULL, NULL);
    place.header.closed_through = FIRST + 13;
    place_put_header(&place);
    assert_int_equal(tally_check_undo(place.path, &plan, &error), BASE_MONTH_CLOSED);
    assert_int_equal(undo(&error), BASE_MONTH_CLOSED);
    assert_string_equal(error.subject, "2017-02");
    /* What is no longer offered can be taken back. */
    place.header.closed_through = 0;
    place.header.channels = 2;
    place_put_header(&place);
    assert_int_equal(tally_check_undo(place.path, &plan, &error), BASE_OK);
    assert_int_equal(undo(&error), BASE_OK);
}

static struct keys_import note_plan(void)
{
    struct keys_import note;
    struct base_error error;
    assert_int_equal(tally_import_note(&plan, &place.header, &note, &error), BASE_OK);
    return note;
}

/* From the first to the last month, but for years without any. */
static void test_months_of_a_note(void **state)
{
    (void)state;
    amounts[2][0] = 1;
    amounts[7][0] = -1;
    amounts[30][5] = 1;
    const struct keys_import note = note_plan();
    for (unsigned i = 0; i < MONTHS; i++)
        assert_int_equal(tally_import_has(&note, (base_month)(FIRST + i)),
                         (i >= 2 && i < 12) || (i >= 24 && i <= 30));
    assert_false(tally_import_has(&note, BASE_FIRST_MONTH - 1));
    assert_false(tally_import_has(&note, BASE_LAST_MONTH + 1));
    assert_false(tally_import_has(&note, BASE_LAST_MONTH));
}

/* Two notes of one list have nothing in common but the months: nobody but the reader can compare. */
static void test_a_note_is_known_to_the_reader(void **state)
{
    (void)state;
    amounts[2][0] = 1;
    amounts[30][5] = 1;
    const struct keys_import one = note_plan(), other = note_plan();
    assert_memory_equal(one.months, other.months, sizeof one.months);
    assert_memory_not_equal(one.mark, other.mark, 32);
    assert_memory_not_equal(one.mark + 32, other.mark + 32, 32);
    assert_true(tally_import_fits(&one, &plan));
    assert_true(tally_import_is(&one, &plan, &place.header, place.reader));
    assert_true(tally_import_is(&other, &plan, &place.header, place.reader));
    struct keys_import begun = one;
    memset(begun.mark, 0, sizeof begun.mark);
    assert_false(tally_import_fits(&begun, &plan));
    assert_false(tally_import_is(&begun, &plan, &place.header, place.reader));
    plan.period = (struct base_period){FIRST, FIRST + 30}; /* the same, though of another period */
    assert_true(tally_import_is(&one, &plan, &place.header, place.reader));
    struct record_header elsewhere = place.header;
    elsewhere.store_id[0] ^= 1;
    assert_false(tally_import_is(&one, &plan, &elsewhere, place.reader));
    amounts[30][5] = 2; /* other amounts in the same months */
    assert_true(tally_import_fits(&one, &plan));
    assert_false(tally_import_is(&one, &plan, &place.header, place.reader));
    amounts[30][5] = 0;
    amounts[30][6] = 1; /* another cell */
    assert_false(tally_import_is(&one, &plan, &place.header, place.reader));
    amounts[1][6] = 1; /* another month */
    assert_false(tally_import_fits(&one, &plan));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_every_month_and_cell),
        TEST(test_rows_that_are_written),
        TEST(test_progress),
        TEST(test_limits),
        TEST(test_months),
        TEST(test_closed_months),
        TEST(test_what_is_not_offered),
        TEST(test_not_enrolled),
        TEST(test_undo),
        TEST(test_undo_with_two_machines),
        TEST(test_undo_closed_months),
        TEST(test_months_of_a_note),
        TEST(test_a_note_is_known_to_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
