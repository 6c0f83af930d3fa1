/* The audit with the reader's key, on what no audit without it can see. */
#include "support.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/table.h"
#include "tavs/tally.h"
#include "trial.h"

enum { YEAR = 2023, JANUARY = YEAR * 12, NEXT_YEAR = JANUARY + 12 };

static struct place place;

#define MUST(call)                                                                                 \
    do {                                                                                           \
        struct base_error error = {0};                                                             \
        if ((call) != BASE_OK)                                                                     \
            fail_msg("%s: %d %s", #call, (int)error.code, error.subject);                          \
    } while (0)

static unsigned cell_of(unsigned channel, unsigned party, unsigned session)
{
    const struct codebook_contact contact = {{(uint8_t)channel, (uint8_t)party, (uint8_t)session}};
    return codebook_cell(contact);
}

static void count(uint16_t device, base_month month, unsigned cell, int32_t amount)
{
    place_be(&place, device);
    MUST(place_count(&place, month, cell, amount, &error));
}

static struct audit_full *full_with(const struct keys_reader *reader)
{
    struct store *store = NULL;
    struct audit_full *full = NULL;
    MUST(store_open(place.path, STORE_READ, &store, &error));
    MUST(audit_full(store, reader, NULL, NULL, &full, &error));
    store_close(store);
    return full;
}

static struct audit_full *full(void)
{
    return full_with(place.reader);
}

static void assert_keyless_passes(void)
{
    struct audit_report *report;
    MUST(audit_file(place.path, &report, &error));
    assert_true(report->passed);
    audit_report_free(report);
}

/* ---- what is there --------------------------------------------------------------------------- */

static void totals_are_what_was_counted(void **state)
{
    (void)state;
    place_make(&place, YEAR);
    place_enrol(&place);
    count(1, JANUARY, cell_of(0, 0, 0), 40);
    count(1, JANUARY + 11, cell_of(1, 1, 0), 30);
    count(2, JANUARY + 11, cell_of(1, 1, 0), 3);
    count(2, JANUARY + 4, cell_of(1, 1, 1), 9);
    count(1, NEXT_YEAR, cell_of(3, 2, 0), 8);
    count(1, NEXT_YEAR + 5, cell_of(3, 2, 1), 5);

    struct audit_full *found = full();
    assert_true(found->passed);
    assert_int_equal(found->finding_total, 0);
    assert_int_equal(found->rows, 3 * 12);
    assert_int_equal(found->cells, 3 * 12 * CODEBOOK_CELLS);
    assert_int_equal(found->cells_good, found->cells);
    assert_int_equal(found->year_count, 2);
    assert_int_equal(found->years[0].year, YEAR);
    assert_int_equal(found->years[0].courses, 73);
    assert_int_equal(found->years[0].conversations, 82);
    assert_int_equal(found->years[1].year, YEAR + 1);
    assert_int_equal(found->years[1].courses, 8);
    assert_int_equal(found->years[1].conversations, 13);
    assert_int_equal(found->courses, 81);
    assert_int_equal(found->conversations, 95);
    assert_int_equal(found->bits, audit_full_bits(95, found->cells));
    audit_full_free(found);
    place_free(&place);
}

/* One that takes back what another counted is in order: the sum counts. Signs are information. */
static void below_zero_on_one_device_only_is_in_order(void **state)
{
    (void)state;
    place_make(&place, YEAR);
    place_enrol(&place);
    count(1, JANUARY + 2, 5, 4);
    count(2, JANUARY + 2, 5, -4);
    struct audit_full *found = full();
    assert_true(found->passed);
    assert_int_equal(found->conversations, 0);
    assert_int_equal(found->bits, audit_full_bits(8, found->cells) + 2);
    audit_full_free(found);
    place_free(&place);
}

static void note_progress(void *context, uint64_t done, uint64_t total)
{
    uint64_t *last = context;
    assert_int_equal(done, *last + 1);
    assert_int_equal(total, 12);
    *last = done;
}

static void every_row_is_told(void **state)
{
    struct store *store = NULL;
    struct audit_full *found = NULL;
    uint64_t last = 0;
    (void)state;

    place_make(&place, YEAR);
    MUST(store_open(place.path, STORE_READ, &store, &error));
    MUST(audit_full(store, place.reader, note_progress, &last, &found, &error));
    store_close(store);
    assert_int_equal(last, 12);
    audit_full_free(found);
    place_free(&place);
}

/* ---- cheating -------------------------------------------------------------------------------- */

/* A device's cell that holds `element` instead of a count: valid, signed, and no audit without the key
 * can tell. */
static void cheat(uint16_t number, base_month month, unsigned cell,
                  const uint8_t element[ELGAMAL_POINT_BYTES])
{
    struct store *store = NULL;
    struct record_row row;
    bool found;

    MUST(store_open(place.path, STORE_WRITE, &store, &error));
    MUST(store_get_row(store, month, &place.devices[number - 1], &row, &found, &error));
    assert_true(found);
    assert_int_equal(crypto_core_ristretto255_add(row.cells[cell].b, row.cells[cell].b, element),
                     0);
    MUST(store_put_row(store, &row, place.keys[number - 1], &error));
    MUST(store_commit(store, &error));
    store_close(store);
}

static void multiple(uint8_t element[ELGAMAL_POINT_BYTES], uint64_t number)
{
    uint8_t scalar[ELGAMAL_SCALAR_BYTES] = {0};
    for (size_t i = 0; i < sizeof number; i++)
        scalar[i] = (uint8_t)(number >> (8 * i));
    assert_int_equal(crypto_scalarmult_ristretto255_base(element, scalar), 0);
}

static void assert_finding(const struct audit_full_finding *finding, base_month month,
                           uint16_t device, unsigned cell)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    assert_int_equal(finding->code, AUDIT_FULL_CELL);
    assert_int_equal(finding->month, month);
    assert_int_equal(finding->device, device);
    for (unsigned i = 0; i < CODEBOOK_DIMENSIONS; i++)
        assert_int_equal(finding->value[i], contact.value[i]);
}

static void a_huge_number_is_found_and_named(void **state)
{
    uint8_t element[ELGAMAL_POINT_BYTES];
    const uint64_t cpr_like = 9999999999;
    (void)state;

    place_make(&place, YEAR);
    place_enrol(&place);
    count(2, JANUARY, 0, 1); /* device 2 gets its rows */
    multiple(element, cpr_like);
    cheat(1, JANUARY + 6, 59, element);
    multiple(element, (uint64_t)ELGAMAL_MOST_COUNT + 1);
    cheat(2, JANUARY + 6, 17, element);
    assert_keyless_passes();

    struct audit_full *found = full();
    assert_false(found->passed);
    assert_int_equal(found->finding_total, 2);
    assert_int_equal(found->finding_count, 2);
    assert_finding(&found->findings[0], JANUARY + 6, 1, 59);
    assert_finding(&found->findings[1], JANUARY + 6, 2, 17);
    assert_int_equal(found->cells_good, found->cells - 2);
    assert_int_equal(found->conversations, 1);
    audit_full_free(found);
    place_free(&place);
}

static void the_largest_count_is_in_order(void **state)
{
    uint8_t element[ELGAMAL_POINT_BYTES];
    (void)state;
    place_make(&place, YEAR);
    multiple(element, ELGAMAL_MOST_COUNT);
    cheat(1, JANUARY + 6, 0, element);
    struct audit_full *found = full();
    assert_true(found->passed);
    assert_int_equal(found->conversations, ELGAMAL_MOST_COUNT);
    audit_full_free(found);
    place_free(&place);
}

/* Thirty letters, as an element of the group. */
static void a_text_in_place_of_a_count_is_found(void **state)
{
    uint8_t wide[crypto_core_ristretto255_HASHBYTES] = "Anders And, tlf. 12 34 56 78";
    uint8_t element[ELGAMAL_POINT_BYTES];
    (void)state;

    place_make(&place, YEAR);
    assert_int_equal(crypto_core_ristretto255_from_hash(element, wide), 0);
    cheat(1, JANUARY, 30, element);
    assert_keyless_passes();
    struct audit_full *found = full();
    assert_int_equal(found->finding_total, 1);
    assert_finding(&found->findings[0], JANUARY, 1, 30);
    audit_full_free(found);
    place_free(&place);
}

static void findings_beyond_those_kept_are_counted(void **state)
{
    uint8_t element[ELGAMAL_POINT_BYTES];
    struct store *store = NULL;
    struct record_row row;
    bool there;
    (void)state;

    if (trial_is_slow()) /* each search for a logarithm that is none takes its full time */
        skip();
    place_make(&place, YEAR);
    multiple(element, UINT64_C(1) << 40);
    MUST(store_open(place.path, STORE_WRITE, &store, &error));
    for (base_month month = JANUARY; month < JANUARY + 4; month++) {
        MUST(store_get_row(store, month, &place.devices[0], &row, &there, &error));
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++)
            assert_int_equal(
                crypto_core_ristretto255_add(row.cells[cell].b, row.cells[cell].b, element), 0);
        MUST(store_put_row(store, &row, place.keys[0], &error));
    }
    MUST(store_commit(store, &error));
    store_close(store);
    struct audit_full *found = full();
    assert_int_equal(found->finding_total, 4 * CODEBOOK_CELLS);
    assert_int_equal(found->finding_count, AUDIT_MOST_FINDINGS);
    audit_full_free(found);
    place_free(&place);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void more_retracted_than_counted_is_found(void **state)
{
    (void)state;
    place_make(&place, YEAR);
    count(1, JANUARY, cell_of(0, 1, 0), 1);
    count(1, JANUARY + 9, cell_of(2, 1, 0), -1);
    assert_keyless_passes();
    struct audit_full *found = full();
    assert_false(found->passed);
    assert_int_equal(found->finding_total, 1);
    const struct audit_full_finding *finding = &found->findings[0];
    assert_int_equal(finding->code, AUDIT_FULL_BELOW_ZERO);
    assert_int_equal(finding->month, JANUARY + 9);
    assert_int_equal(finding->device, 0);
    assert_int_equal(finding->value[CODEBOOK_CHANNEL], 2);
    assert_int_equal(finding->value[CODEBOOK_PARTY], 1);
    assert_int_equal(finding->value[CODEBOOK_SESSION], 0);
    audit_full_free(found);
    place_free(&place);
}

/* Over the life of the store, so a course may begin in one year and go on in the next. */
static void a_session_that_exceeds_the_one_before_is_found(void **state)
{
    (void)state;
    place_make(&place, YEAR);
    count(1, JANUARY + 11, cell_of(1, 2, 0), 2);
    count(1, NEXT_YEAR, cell_of(0, 2, 1), 2);
    struct audit_full *found = full();
    assert_true(found->passed);
    audit_full_free(found);

    count(1, NEXT_YEAR, cell_of(0, 2, 1), 1);
    found = full();
    assert_int_equal(found->finding_total, 1);
    const struct audit_full_finding *finding = &found->findings[0];
    assert_int_equal(finding->code, AUDIT_FULL_SESSIONS);
    assert_int_equal(finding->month, 0);
    assert_int_equal(finding->value[CODEBOOK_CHANNEL], TABLE_NO_VALUE);
    assert_int_equal(finding->value[CODEBOOK_PARTY], 2);
    assert_int_equal(finding->value[CODEBOOK_SESSION], 1);
    audit_full_free(found);
    place_free(&place);
}

static void another_key_is_found_and_opens_nothing(void **state)
{
    struct keys_reader *other = NULL;
    (void)state;
    place_make(&place, YEAR);
    MUST(keys_reader_new(&other, &error));
    struct audit_full *found = full_with(other);
    assert_false(found->passed);
    assert_int_equal(found->finding_total, 1);
    assert_int_equal(found->findings[0].code, AUDIT_FULL_KEY);
    assert_int_equal(found->cells, 0);
    audit_full_free(found);
    keys_reader_free(other);
    place_free(&place);
}

/* ---- texts and bits -------------------------------------------------------------------------- */

static void a_finding_says_where_in_both_languages(void **state)
{
    char text[AUDIT_FINDING_TEXT];
    const struct audit_full_finding cell = {
        .code = AUDIT_FULL_CELL, .month = JANUARY + 2, .device = 3, .value = {1, 1, 2}};
    const struct audit_full_finding session = {.code = AUDIT_FULL_SESSIONS,
                                               .value = {TABLE_NO_VALUE, 0, 3}};
    const struct audit_full_finding key = {
        .code = AUDIT_FULL_KEY, .value = {TABLE_NO_VALUE, TABLE_NO_VALUE, TABLE_NO_VALUE}};
    (void)state;

    audit_full_finding_text(&cell, CODEBOOK_ENGLISH, text, sizeof text);
    assert_string_equal(text,
                        "row 2023-03 of device 3, phone, relative, 3rd conversation: does not "
                        "hold a count: something else was encrypted");
    audit_full_finding_text(&cell, CODEBOOK_DANISH, text, sizeof text);
    assert_non_null(strstr(text, "telefon, pårørende, 3. samtale"));
    audit_full_finding_text(&session, CODEBOOK_ENGLISH, text, sizeof text);
    assert_int_equal(strncmp(text, "user, 4th conversation: ", 24), 0);
    audit_full_finding_text(&key, CODEBOOK_ENGLISH, text, sizeof text);
    assert_int_equal(strncmp(text, "the seed in the key slot", 24), 0);
    audit_full_finding_text(&cell, CODEBOOK_ENGLISH, text, 12); /* cut to fit */
    assert_string_equal(text, "row 2023-03");
}

/* Against whole numbers of any size: math.comb(n + k, k) in Python, (that - 1).bit_length(). */
static void bits_are_the_logarithm_rounded_up(void **state)
{
    static const struct {
        uint64_t conversations, cells, bits;
    } known[] = {
        {0, 720, 0},
        {1, 1, 1},
        {3, 1, 2},
        {4, 1, 3},
        {1, 3, 2},
        {1, 4, 3},
        {2, 2, 3},
        {10, 10, 18},
        {1, 720, 10},
        {73, 720, 348},
        {171, 1440, 782},
        {1500, 36000, 9080},
        {36000, 36000, 71992},
        {100000, 720, 6162},
        {1048575, 1, 20},
        {1048576, 1, 21},
    };
    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(known); i++)
        assert_int_equal(audit_full_bits(known[i].conversations, known[i].cells), known[i].bits);
    assert_int_equal(AUDIT_PERSON_BITS, 256);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, support_enter, support_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(totals_are_what_was_counted),
        TEST(below_zero_on_one_device_only_is_in_order),
        TEST(every_row_is_told),
        TEST(a_huge_number_is_found_and_named),
        TEST(the_largest_count_is_in_order),
        TEST(a_text_in_place_of_a_count_is_found),
        TEST(findings_beyond_those_kept_are_counted),
        TEST(more_retracted_than_counted_is_found),
        TEST(a_session_that_exceeds_the_one_before_is_found),
        TEST(another_key_is_found_and_opens_nothing),
        cmocka_unit_test(a_finding_says_where_in_both_languages),
        cmocka_unit_test(bits_are_the_logarithm_rounded_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
