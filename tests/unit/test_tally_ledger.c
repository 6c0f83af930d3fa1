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
    static const uint16_t numbers[] = {1, 2, 3, 4, 6, 10};
    enum { COUNT = sizeof figures / sizeof *figures };
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        ledger_add_figures(figures[i]);
    struct tally_ledger *ledger = ledger_read();
    assert_int_equal(ledger->count, COUNT);
    assert_int_equal(ledger->records, 10);
    for (size_t i = 0; i < COUNT; i++) {
        struct record_release *expected = ledger_new_release(figures[i], 5);
        const struct record_release *release = ledger->entries[i].release;
        assert_int_equal(ledger->entries[i].number, numbers[i]);
        assert_true(tally_release_is_same(release, expected));
        assert_int_equal(release->month, MONTH);
        assert_int_equal(release->figure_count, figures[i]);
        for (size_t j = 0; j < figures[i]; j++)
            assert_memory_equal(&release->figures[j], &expected->figures[j],
                                sizeof expected->figures[j]);
        secret_free(expected);
    }
    tally_ledger_free(ledger);
    ledger_assert_audit(10);
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
    assert_int_equal(ledger_add(release, &ledger_nothing, 1, false), BASE_OK);
    secret_free(release);
    ledger_assert_audit(0);
}

static void set_releases(uint16_t releases, const struct keys_reader *reader)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    struct record_header header = *store_header(store);
    header.releases = releases;
    assert_int_equal(store_put_header(store, &header, reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
}

/* The most that there can be: 16 MiB, and every byte is accounted for. */
static void test_the_largest_ledger(void **state)
{
    struct record_release *release = ledger_new_release(1, 5);
    struct tally_ledger *ledger;
    (void)state;
    if (support_is_slow())
        skip();
    assert_int_equal(ledger_add(release, &ledger_nothing, RECORD_MOST_RELEASES, true), BASE_OK);
    assert_int_equal(ledger_add(release, &ledger_nothing, 1, true), BASE_LEDGER_FULL);
    secret_free(release);
    ledger = ledger_read();
    assert_int_equal(ledger->count, RECORD_MOST_RELEASES);
    tally_ledger_free(ledger);
    ledger_assert_audit(RECORD_MOST_RELEASES);
}

/* A release goes in whole or not at all. */
static void test_a_full_ledger(void **state)
{
    struct record_release *release = ledger_new_release(PIECE_FULL + 1, 5);
    (void)state;
    set_releases(RECORD_MOST_RELEASES - 1, ledger_place.reader);
    assert_int_equal(ledger_add(release, &ledger_nothing, 1, true), BASE_LEDGER_FULL);
    secret_free(release);
    release = ledger_new_release(PIECE_FULL, 5);
    assert_int_equal(ledger_add(release, &ledger_nothing, 1, true), BASE_OK);
    assert_int_equal(ledger_add(release, &ledger_nothing, 1, true), BASE_LEDGER_FULL);
    secret_free(release);
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
        set_releases(releases, ledger_place.reader);
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
    struct record_header header = *store_header(store);
    assert_int_equal(store_add_piece(store, piece, thief, &error), BASE_OK);
    header.releases = 2;
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
    assert_int_equal(ledger_add(release, &ledger_nothing, 1, true), BASE_STORE_DAMAGED);
    secret_free(release);
    ledger_assert_audit(0);
}

/* ---- the digest ------------------------------------------------------------------------------ */

static bool has_changed(const struct record_release *release, const struct tally_counts *life)
{
    struct base_error error;
    bool changed = false;
    assert_int_equal(tally_release_changed(ledger_place.reader, release, life, &changed, &error),
                     BASE_OK);
    return changed;
}

/* Of a hidden figure the digest holds whether it is under the threshold, and not how much it is: who has the
 * key could else find out what was counted between two releases. */
static void test_digest(void **state)
{
    static int64_t cells[12][CODEBOOK_CELLS];
    const struct tally_counts life = {.period = {JANUARY, JANUARY + 11}, .cells = cells};
    struct record_release *release = ledger_new_release(2, 5);
    (void)state;
    release->figures[0].months = (struct base_period){JANUARY, JANUARY};
    release->figures[1].months = (struct base_period){MONTH, MONTH};
    cells[0][CELL] = 40;
    cells[MONTH - JANUARY][CELL] = 1;
    assert_int_equal(ledger_add(release, &life, 1, true), BASE_OK);
    secret_free(release);
    struct tally_ledger *ledger = ledger_read();
    const struct record_release *added = ledger->entries[0].release;
    assert_false(has_changed(added, &life));
    cells[MONTH - JANUARY][CELL + 20] = 3; /* 4 in all, hidden */
    cells[1][CELL] = 9;                    /* in no figure */
    assert_false(has_changed(added, &life));
    cells[MONTH - JANUARY][CELL] = 2; /* 5 */
    assert_true(has_changed(added, &life));
    cells[MONTH - JANUARY][CELL] = 1;
    assert_false(has_changed(added, &life));
    cells[0][CELL] = 41; /* shown */
    assert_true(has_changed(added, &life));
    cells[0][CELL] = 39;
    cells[0][CELL + 1] = 1; /* the same sum of other cells */
    assert_false(has_changed(added, &life));
    tally_ledger_free(ledger);
}

/* What other places add to a figure is none of this store's digest. */
static void test_digest_of_several_places(void **state)
{
    static int64_t cells[12][CODEBOOK_CELLS];
    const struct tally_counts life = {.period = {JANUARY, JANUARY + 11}, .cells = cells};
    struct record_release *release = NULL;
    struct base_error error;
    (void)state;
    assert_int_equal(record_release_new(2, 1, 2, &release, &error), BASE_OK);
    struct record_release *one = ledger_new_release(2, 5);
    memcpy(release->places[0], one->places[0], sizeof release->places[0]);
    memset(release->places[1], 0xff, sizeof release->places[1]);
    release->month = one->month;
    release->kind = one->kind;
    release->threshold = one->threshold;
    release->periods[0] = one->periods[0];
    memcpy(release->figures, one->figures, 2 * sizeof *one->figures);
    release->figures[0].places = 3;
    release->figures[1].places = 2; /* not this one's */
    release->figures[1].shown = true;
    release->figures[0].months = (struct base_period){JANUARY, JANUARY};
    release->figures[1].months = (struct base_period){MONTH, MONTH};
    assert_int_equal(ledger_add(release, &life, 1, true), BASE_OK);
    struct tally_ledger *ledger = ledger_read();
    cells[MONTH - JANUARY][CELL] = 77;
    assert_false(has_changed(ledger->entries[0].release, &life));
    cells[0][CELL] = 1;
    assert_true(has_changed(ledger->entries[0].release, &life));
    tally_ledger_free(ledger);
    secret_free(one);
    secret_free(release);
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
        TEST(test_a_full_ledger),
        TEST(test_another_number_than_the_header_says),
        TEST(test_another_reader),
        TEST(test_sealed_text),
        TEST(test_release_of_another_store),
        TEST(test_digest),
        TEST(test_digest_of_several_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
