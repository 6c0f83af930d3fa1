/* tally: the ledger of releases. What is read is what was added; who may add, how much, and what is left
 * of it in the file. */
#include <stdlib.h>
#include <string.h>

#include "filemap.h"
#include "ledger.h"
#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum {
    JANUARY = LEDGER_JANUARY,
    MONTH = LEDGER_MONTH,
    CELL = 7,
    ONE_PIECE = 3, /* figures */
    PIECE_FULL = LEDGER_PIECE_FULL,
};

/* ---- what is added is read ------------------------------------------------------------------- */

static void test_an_empty_ledger(void **state)
{
    struct tally_ledger *ledger = ledger_read();
    (void)state;
    assert_int_equal(ledger->count, 0);
    assert_int_equal(ledger->records, 0);
    tally_ledger_free(ledger);
    tally_ledger_free(NULL);
}

/* Of one piece and of several, to the byte where another is needed. */
static void test_added_and_read(void **state)
{
    static const size_t figures[] = {1, ONE_PIECE, PIECE_FULL, PIECE_FULL + 1, 1000, 2};
    static const uint16_t numbers[] = {1, 2, 3, 4, 6, 11};
    enum { COUNT = sizeof figures / sizeof *figures };
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        ledger_add_figures(figures[i]);
    struct tally_ledger *ledger = ledger_read();
    assert_int_equal(ledger->count, COUNT);
    assert_int_equal(ledger->records, 11);
    for (size_t i = 0; i < COUNT; i++) {
        struct record_release *expected = ledger_new_release(figures[i], 5);
        const struct record_release *release = ledger->entries[i].release;
        assert_int_equal(ledger->entries[i].number, numbers[i]);
        assert_int_equal(release->number, i + 1);
        assert_int_equal(release->corrects, 0);
        assert_int_equal(release->edition, 1);
        assert_int_equal(release->threshold, 5);
        assert_int_equal(release->month, MONTH);
        assert_int_equal(release->periods[0].first, expected->periods[0].first);
        assert_int_equal(release->figure_count, figures[i]);
        for (size_t j = 0; j < figures[i]; j++) {
            const struct record_figure *found = &release->figures[j];
            assert_true(cell_set_equals(&found->cells, &expected->figures[j].cells));
            assert_int_equal(found->shown, expected->figures[j].shown);
            assert_true(found->value == expected->figures[j].value);
        }
        secret_free(expected);
    }
    tally_ledger_free(ledger);
    ledger_assert_audit(11);
}

/* A machine counts on, and the wash changes rows: the ledger stays byte for byte as it is, and the file
 * does not grow. */
static void test_counting_and_washing_leave_it_alone(void **state)
{
    struct filemap before, after;
    struct tally_washed washed;
    struct base_error error;
    (void)state;
    ledger_add_figures(400);
    assert_int_equal(place_count(&ledger_place, MONTH, CELL, 1, &error), BASE_OK);
    assert_int_equal(place_count(&ledger_place, MONTH, CELL, 1, &error), BASE_OK);
    filemap_read(&before, ledger_place.path);
    for (unsigned i = 0; i < support_rounds(5); i++) {
        assert_int_equal(place_count(&ledger_place, MONTH, CELL, 1, &error), BASE_OK);
        assert_int_equal(tally_wash(ledger_place.path, NULL, NULL, &washed, &error), BASE_OK);
    }
    filemap_read(&after, ledger_place.path);
    assert_int_equal(before.release_count, 2);
    assert_int_equal(after.release_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(before.bytes + before.release_at[i], after.bytes + after.release_at[i],
                            RECORD_RELEASE_BYTES);
    assert_int_equal(before.size, after.size);
    filemap_assert_clean(&after);
    filemap_free(&before);
    filemap_free(&after);
    ledger_assert_audit(2);
}

/* Many releases: the outdated headers and tree pages of all of them are gone, and the file grows by a page
 * for each record and a few for the tree. */
static void test_nothing_outdated_is_left(void **state)
{
    const unsigned rounds = support_rounds(60);
    struct history *history = history_new((size_t)rounds * 200);
    struct filemap before, now;
    (void)state;
    filemap_read(&before, ledger_place.path);
    const size_t size = before.size;
    for (unsigned i = 0; i < rounds; i++) {
        ledger_add_figures(ONE_PIECE);
        filemap_read(&now, ledger_place.path);
        history_add_changes(history, &before, &now);
        history_assert_absent(history, &now);
        filemap_assert_clean(&now);
        filemap_free(&before);
        before = now;
    }
    assert_true(before.size <= size + (rounds + 10) * (size_t)4096);
    filemap_free(&before);
    history_free(history);
    ledger_assert_audit(rounds);
}

/* ---- who may, and how much ------------------------------------------------------------------- */

static void test_not_committed_is_not_there(void **state)
{
    struct record_release *release = ledger_new_release(ONE_PIECE, 5);
    (void)state;
    assert_int_equal(ledger_add(release, 1, false), BASE_OK);
    secret_free(release);
    ledger_assert_audit(0);
}

static const uint8_t some_head[KEYS_DIGEST_BYTES] = {1};

/* The most that there can be: 16 MiB, and every byte is accounted for. A release goes in whole or not at
 * all. */
static void test_the_largest_ledger(void **state)
{
    struct record_release *release = ledger_new_release(1, 5);
    struct record_release *large = ledger_new_release(PIECE_FULL + 1, 5);
    struct tally_ledger *ledger;
    (void)state;
    if (support_is_slow())
        skip();
    assert_int_equal(ledger_add(release, RECORD_MOST_RELEASES + 1, true), BASE_LEDGER_FULL);
    assert_int_equal(ledger_add(release, RECORD_MOST_RELEASES - 1, true), BASE_OK);
    assert_int_equal(ledger_add(large, 1, true), BASE_LEDGER_FULL);
    assert_int_equal(ledger_add(release, 2, true), BASE_LEDGER_FULL);
    assert_int_equal(ledger_add(release, 1, true), BASE_OK);
    assert_int_equal(ledger_add(release, 1, true), BASE_LEDGER_FULL);
    secret_free(release);
    secret_free(large);
    ledger = ledger_read();
    assert_int_equal(ledger->count, RECORD_MOST_RELEASES);
    assert_int_equal(ledger->entries[RECORD_MOST_RELEASES - 1].release->number,
                     RECORD_MOST_RELEASES);
    tally_ledger_free(ledger);
    ledger_assert_audit(RECORD_MOST_RELEASES);
}

/* Records that the header does not tell of, or that are not there, are damage. */
static void test_another_number_than_the_header_says(void **state)
{
    struct audit_report *report = NULL;
    struct store *store = NULL;
    struct base_error error;
    uint16_t devices;
    (void)state;
    ledger_add_figures(ONE_PIECE);
    ledger_add_figures(ONE_PIECE);
    for (uint16_t releases = 1; releases <= 3; releases += 2) {
        ledger_set_header(releases, some_head);
        assert_int_equal(audit_file(ledger_place.path, &report, &error), BASE_OK);
        assert_false(report->passed);
        assert_int_equal(report->findings[0].code, AUDIT_RELEASE_COUNT);
        audit_report_free(report);
        assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
        assert_int_equal(store_count_devices(store, &devices, &error), BASE_STORE_DAMAGED);
        store_close(store);
    }
}

/* Whoever has another key can write a record, and it is refused by all who look. */
static void test_another_reader(void **state)
{
    struct audit_report *report = NULL;
    struct keys_reader *thief;
    struct store *store = NULL;
    struct tally_ledger *ledger = NULL;
    struct base_error error;
    uint8_t piece[RECORD_PIECE_BYTES] = {0};
    (void)state;
    assert_int_equal(keys_reader_new(&thief, &error), BASE_OK);
    ledger_add_figures(ONE_PIECE);
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    const struct record_header header = *store_header(store);
    assert_int_equal(store_add_piece(store, piece, thief, &error), BASE_OK);
    assert_int_equal(store_put_header(store, &header, ledger_place.reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_ledger_read(store, ledger_place.reader, &ledger, &error),
                     BASE_RELEASE_FORGED);
    assert_null(ledger);
    assert_int_equal(store_get_piece(store, 1, thief, piece, &error), BASE_STORE_DAMAGED);
    store_close(store);
    assert_int_equal(store_backup(ledger_place.path, "copy", &error), BASE_RELEASE_FORGED);
    assert_int_equal(audit_file(ledger_place.path, &report, &error), BASE_OK);
    assert_int_equal(report->finding_total, 1);
    assert_int_equal(report->findings[0].code, AUDIT_RELEASE_FORGED);
    assert_int_equal(report->findings[0].release, 2);
    audit_report_free(report);
    keys_reader_free(thief);
}

/* What the right key sealed and is no release is found with the key, and by no one else. */
static void test_sealed_text(void **state)
{
    uint8_t piece[RECORD_PIECE_BYTES] = "Anders And, 010190-1234";
    struct store *store = NULL;
    struct audit_full *full = NULL;
    struct base_error error;
    (void)state;
    ledger_add_figures(ONE_PIECE);
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(store_add_piece(store, piece, ledger_place.reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
    ledger_assert_audit(2);
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(audit_full(store, ledger_place.reader, NULL, NULL, &full, &error), BASE_OK);
    store_close(store);
    assert_false(full->passed);
    assert_int_equal(full->releases, 1);
    assert_int_equal(full->findings[0].code, AUDIT_FULL_RELEASE);
    assert_int_equal(full->findings[0].release, 2);
    audit_full_free(full);
}

/* The ledger of one store is not that of another, whatever the keys. */
static void test_release_of_another_store(void **state)
{
    struct record_release *release = ledger_new_release(ONE_PIECE, 5);
    (void)state;
    release->places[0][0] ^= 1;
    assert_int_equal(ledger_add(release, 1, true), BASE_STORE_DAMAGED);
    secret_free(release);
    ledger_assert_audit(0);
}

/* ---- what can't be kept is not added ---------------------------------------------------------- */

static void assert_not_added(struct record_release *release)
{
    struct record_release *good = ledger_new_release(ONE_PIECE, 5);
    const struct record_release *const both[] = {good, release};
    assert_int_equal(ledger_add(release, 1, true), BASE_STORE_DAMAGED);
    assert_int_equal(ledger_add_all(both, 2, true), BASE_STORE_DAMAGED);
    secret_free(good);
    secret_free(release);
    ledger_assert_audit(0);
}

/* A value or a place that would be cut off, and figures that can't be. */
static void test_figures_that_do_not_fit(void **state)
{
    static const int64_t values[] = {-1, INT64_MIN, (int64_t)UINT32_MAX + 1, INT64_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct record_release *release = ledger_new_release(ONE_PIECE, 5);
        release->figures[2].value = values[i];
        assert_not_added(release);
    }
    for (unsigned place = 1; place < COUNTS_MOST_PLACES; place += 18) {
        struct record_release *release = ledger_new_release(ONE_PIECE, 5);
        place_set_add(&release->figures[2].cells.places, place);
        assert_not_added(release);
    }
    struct record_release *twice = ledger_new_release(ONE_PIECE, 5);
    twice->figures[2].cells = twice->figures[1].cells;
    assert_not_added(twice);
}

/* Of a hidden figure nothing is kept, whatever is handed in. */
static void test_a_hidden_value(void **state)
{
    struct record_release *release = ledger_new_release(2, 5);
    (void)state;
    release->figures[1].value = 4;
    assert_int_equal(ledger_add(release, 1, true), BASE_OK);
    secret_free(release);
    struct tally_ledger *ledger = ledger_read();
    assert_false(ledger->entries[0].release->figures[1].shown);
    assert_int_equal(ledger->entries[0].release->figures[1].value, 0);
    tally_ledger_free(ledger);
}

/* ---- corrected editions ----------------------------------------------------------------------- */

static struct record_release *correction(uint16_t corrects, uint8_t edition)
{
    struct record_release *release = ledger_new_release(ONE_PIECE, 5);
    release->corrects = corrects;
    release->edition = edition;
    return release;
}

/* Several at once, in one transaction: 1 and 2, the second editions of both, the third of 1, and 6. */
static void test_corrections(void **state)
{
    struct record_release *releases[] = {correction(0, 1), correction(0, 1), correction(2, 2),
                                         correction(1, 2), correction(1, 3), correction(0, 1)};
    enum { COUNT = sizeof releases / sizeof *releases };
    static const uint16_t corrects[COUNT] = {0, 0, 2, 1, 1, 0};
    static const uint8_t editions[COUNT] = {1, 1, 2, 2, 3, 1};
    (void)state;
    assert_int_equal(ledger_add_all((const struct record_release *const *)releases, 2, true),
                     BASE_OK);
    releases[3]->number = 999; /* what stands there does not count */
    assert_int_equal(
        ledger_add_all((const struct record_release *const *)releases + 2, COUNT - 2, true),
        BASE_OK);
    struct tally_ledger *ledger = ledger_read();
    assert_int_equal(ledger->count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(ledger->entries[i].release->number, i + 1);
        assert_int_equal(ledger->entries[i].release->corrects, corrects[i]);
        assert_int_equal(ledger->entries[i].release->edition, editions[i]);
        secret_free(releases[i]);
    }
    tally_ledger_free(ledger);
    ledger_assert_audit(COUNT);
}

/* Of what is not there, of itself, of a corrected edition, an edition left out, again, or none. */
static void test_corrections_of_nothing(void **state)
{
    static const struct {
        uint16_t corrects;
        uint8_t edition;
    } wrong[] = {{4, 2}, {9, 2}, {60000, 2}, {3, 2}, {3, 3}, {1, 2},
                 {1, 4}, {2, 3}, {2, 1},     {0, 2}, {0, 0}};
    struct record_release *releases[] = {correction(0, 1), correction(0, 1), correction(1, 2)};
    (void)state;
    assert_int_equal(ledger_add_all((const struct record_release *const *)releases, 3, true),
                     BASE_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct record_release *release = correction(wrong[i].corrects, wrong[i].edition);
        if (ledger_add(release, 1, true) != BASE_STORE_DAMAGED)
            fail_msg("edition %u of release %u is added", wrong[i].edition, wrong[i].corrects);
        secret_free(release);
    }
    for (size_t i = 0; i < 3; i++)
        secret_free(releases[i]);
    ledger_assert_audit(3);
}

/* A ledger as only the key can write it and no program does: numbers left out, editions out of order. */
static void test_a_ledger_out_of_order(void **state)
{
    static const struct {
        uint16_t number, corrects;
        uint8_t edition;
    } wrong[] = {{1, 0, 1}, {3, 0, 1}, {2, 1, 3}};
    (void)state;
    ledger_add_figures(ONE_PIECE);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct record_release *release = correction(wrong[i].corrects, wrong[i].edition);
        uint8_t piece[RECORD_PIECE_BYTES];
        struct store *store = NULL;
        struct tally_ledger *ledger = NULL;
        struct base_error error;
        uint16_t damaged = 0;
        uint64_t good = 0;
        release->number = wrong[i].number;
        record_release_encode(piece, release);
        secret_free(release);
        assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
        assert_int_equal(store_add_piece(store, piece, ledger_place.reader, &error), BASE_OK);
        assert_int_equal(tally_ledger_read(store, ledger_place.reader, &ledger, &error),
                         BASE_STORE_DAMAGED);
        assert_int_equal(tally_ledger_check(store, ledger_place.reader, &damaged, &good, &error),
                         BASE_OK);
        assert_int_equal(damaged, 2);
        assert_int_equal(good, 1);
        store_close(store); /* and is not committed */
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, ledger_enter, ledger_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_an_empty_ledger),
        TEST(test_added_and_read),
        TEST(test_counting_and_washing_leave_it_alone),
        TEST(test_nothing_outdated_is_left),
        TEST(test_not_committed_is_not_there),
        TEST(test_the_largest_ledger),
        TEST(test_another_number_than_the_header_says),
        TEST(test_another_reader),
        TEST(test_sealed_text),
        TEST(test_release_of_another_store),
        TEST(test_figures_that_do_not_fit),
        TEST(test_a_hidden_value),
        TEST(test_corrections),
        TEST(test_corrections_of_nothing),
        TEST(test_a_ledger_out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
