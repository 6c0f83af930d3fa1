/* tally: the ledger of releases. What is read is what was added; who may add, how much, and what is left
 * of it in the file; a writer that is killed. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filemap.h"
#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum {
    JANUARY = 2017 * 12,
    MONTH = JANUARY + 4,
    CELL = 7,
    ONE_PIECE = 3,    /* figures */
    PIECE_FULL = 325, /* figures that fill a piece to its last byte but ten */
};

static struct place place;

static int enter_with_store(void **state)
{
    int result = support_enter_memory(state);
    if (result == 0)
        place_make(&place, 2017);
    return result;
}

static int leave_with_store(void **state)
{
    place_free(&place);
    return support_leave(state);
}

/* A release of this store with so many figures: cell 0 of so many months, every second one hidden. */
static struct record_release *new_release(size_t figures, uint8_t threshold)
{
    struct record_release *release = NULL;
    struct base_error error;
    assert_int_equal(record_release_new(1, 1, figures, &release, &error), BASE_OK);
    release->month = MONTH;
    release->kind = RECORD_EXPORT;
    release->threshold = threshold;
    release->tables = 3;
    memcpy(release->places[0], place.header.store_id, sizeof release->places[0]);
    release->periods[0] = (struct base_period){JANUARY, JANUARY + 11};
    for (size_t i = 0; i < figures; i++)
        release->figures[i] = (struct record_figure){
            .places = 1,
            .months = {(base_month)(JANUARY + i % 12), (base_month)(JANUARY + 11 + i / 12)},
            .channels = CODEBOOK_ALL_CHANNELS,
            .parties = CODEBOOK_ALL_PARTIES,
            .sessions = (1 << CODEBOOK_SESSIONS) - 1,
            .shown = i % 2 == 0,
        };
    return release;
}

static struct tally_counts *read_counts(void)
{
    struct tally_counts *life = NULL;
    struct store *store = NULL;
    struct base_error error;
    const struct base_period period = {JANUARY, JANUARY + 11};
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_read(store, place.reader, period, &life, &error), BASE_OK);
    store_close(store);
    return life;
}

/* For releases whose digest does not matter: nothing was counted. */
static int64_t no_cells[12][CODEBOOK_CELLS];
static const struct tally_counts nothing = {.period = {JANUARY, JANUARY + 11}, .cells = no_cells};

/* Adds a release `times` times in a transaction; `commit` or not. */
static enum base_code add(const struct record_release *release, const struct tally_counts *life,
                          unsigned times, bool commit)
{
    struct store *store = NULL;
    struct base_error error = {.code = BASE_OK};
    enum base_code code = store_open(place.path, STORE_WRITE, &store, &error);
    for (unsigned i = 0; code == BASE_OK && i < times; i++)
        code = tally_ledger_add(store, place.reader, release, life, &error);
    if (code == BASE_OK && commit)
        code = store_commit(store, &error);
    store_close(store);
    return code;
}

static void add_figures(size_t figures)
{
    struct record_release *release = new_release(figures, 5);
    assert_int_equal(add(release, &nothing, 1, true), BASE_OK);
    secret_free(release);
}

static struct tally_ledger *read_ledger(void)
{
    struct store *store = NULL;
    struct tally_ledger *ledger = NULL;
    struct base_error error;
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_ledger_read(store, place.reader, &ledger, &error), BASE_OK);
    store_close(store);
    return ledger;
}

static void assert_audit_passes(unsigned records)
{
    struct audit_report *report = NULL;
    struct base_error error;
    assert_int_equal(audit_file(place.path, &report, &error), BASE_OK);
    for (size_t i = 0; i < report->finding_count; i++) {
        char text[AUDIT_FINDING_TEXT];
        audit_finding_text(&report->findings[i], text, sizeof text);
        print_message("%s\n", text);
    }
    assert_true(report->passed);
    assert_int_equal(report->releases, records);
    assert_int_equal(report->class_bytes[AUDIT_UNACCOUNTED], 0);
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_NONCE], records * 24);
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_SEALED], records * (3976 + 16));
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_SIGNATURE], records * 64);
    audit_report_free(report);
}

/* ---- what is added is read ------------------------------------------------------------------- */

static void test_an_empty_ledger(void **state)
{
    struct tally_ledger *ledger = read_ledger();
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
        add_figures(figures[i]);
    struct tally_ledger *ledger = read_ledger();
    assert_int_equal(ledger->count, COUNT);
    assert_int_equal(ledger->records, 10);
    for (size_t i = 0; i < COUNT; i++) {
        struct record_release *expected = new_release(figures[i], 5);
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
    assert_audit_passes(10);
}

/* A machine counts on, and the wash changes rows: the ledger stays byte for byte as it is, and the file
 * does not grow. */
static void test_counting_and_washing_leave_it_alone(void **state)
{
    struct filemap before, after;
    struct tally_washed washed;
    struct base_error error;
    (void)state;
    add_figures(400);
    assert_int_equal(place_count(&place, MONTH, CELL, 1, &error), BASE_OK);
    assert_int_equal(place_count(&place, MONTH, CELL, 1, &error), BASE_OK);
    filemap_read(&before, place.path);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(place_count(&place, MONTH, CELL, 1, &error), BASE_OK);
        assert_int_equal(tally_wash(place.path, NULL, NULL, &washed, &error), BASE_OK);
    }
    filemap_read(&after, place.path);
    assert_int_equal(before.release_count, 2);
    assert_int_equal(after.release_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_memory_equal(before.bytes + before.release_at[i], after.bytes + after.release_at[i],
                            RECORD_RELEASE_BYTES);
    assert_int_equal(before.size, after.size);
    filemap_assert_clean(&after);
    filemap_free(&before);
    filemap_free(&after);
    assert_audit_passes(2);
}

/* Many releases: the outdated headers and tree pages of all of them are gone, and the file grows by a page
 * for each record and a few for the tree. */
static void test_nothing_outdated_is_left(void **state)
{
    const unsigned rounds = support_rounds(60);
    struct history *history = history_new((size_t)rounds * 200);
    struct filemap before, now;
    (void)state;
    filemap_read(&before, place.path);
    const size_t size = before.size;
    for (unsigned i = 0; i < rounds; i++) {
        add_figures(ONE_PIECE);
        filemap_read(&now, place.path);
        history_add_changes(history, &before, &now);
        history_assert_absent(history, &now);
        filemap_assert_clean(&now);
        filemap_free(&before);
        before = now;
    }
    assert_true(before.size <= size + (rounds + 10) * (size_t)4096);
    filemap_free(&before);
    history_free(history);
    assert_audit_passes(rounds);
}

/* ---- who may, and how much ------------------------------------------------------------------- */

static void test_not_committed_is_not_there(void **state)
{
    struct record_release *release = new_release(ONE_PIECE, 5);
    (void)state;
    assert_int_equal(add(release, &nothing, 1, false), BASE_OK);
    secret_free(release);
    assert_audit_passes(0);
}

static void set_releases(uint16_t releases, const struct keys_reader *reader)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    struct record_header header = *store_header(store);
    header.releases = releases;
    assert_int_equal(store_put_header(store, &header, reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
}

/* The most that there can be: 16 MiB, and every byte is accounted for. */
static void test_the_largest_ledger(void **state)
{
    struct record_release *release = new_release(1, 5);
    struct tally_ledger *ledger;
    (void)state;
    if (support_is_slow())
        skip();
    assert_int_equal(add(release, &nothing, RECORD_MOST_RELEASES, true), BASE_OK);
    assert_int_equal(add(release, &nothing, 1, true), BASE_LEDGER_FULL);
    secret_free(release);
    ledger = read_ledger();
    assert_int_equal(ledger->count, RECORD_MOST_RELEASES);
    tally_ledger_free(ledger);
    assert_audit_passes(RECORD_MOST_RELEASES);
}

/* A release goes in whole or not at all. */
static void test_a_full_ledger(void **state)
{
    struct record_release *release = new_release(PIECE_FULL + 1, 5);
    (void)state;
    set_releases(RECORD_MOST_RELEASES - 1, place.reader);
    assert_int_equal(add(release, &nothing, 1, true), BASE_LEDGER_FULL);
    secret_free(release);
    release = new_release(PIECE_FULL, 5);
    assert_int_equal(add(release, &nothing, 1, true), BASE_OK);
    assert_int_equal(add(release, &nothing, 1, true), BASE_LEDGER_FULL);
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
    add_figures(ONE_PIECE);
    add_figures(ONE_PIECE);
    for (uint16_t releases = 1; releases <= 3; releases += 2) {
        set_releases(releases, place.reader);
        assert_int_equal(audit_file(place.path, &report, &error), BASE_OK);
        assert_false(report->passed);
        assert_int_equal(report->findings[0].code, AUDIT_RELEASE_COUNT);
        audit_report_free(report);
        assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
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
    add_figures(ONE_PIECE);
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    struct record_header header = *store_header(store);
    assert_int_equal(store_add_piece(store, piece, thief, &error), BASE_OK);
    header.releases = 2;
    assert_int_equal(store_put_header(store, &header, place.reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_ledger_read(store, place.reader, &ledger, &error), BASE_RELEASE_FORGED);
    assert_null(ledger);
    assert_int_equal(store_get_piece(store, 1, thief, piece, &error), BASE_STORE_DAMAGED);
    store_close(store);
    assert_int_equal(store_backup(place.path, "copy", &error), BASE_RELEASE_FORGED);
    assert_int_equal(audit_file(place.path, &report, &error), BASE_OK);
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
    add_figures(ONE_PIECE);
    assert_int_equal(store_open(place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(store_add_piece(store, piece, place.reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
    assert_audit_passes(2);
    assert_int_equal(store_open(place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(audit_full(store, place.reader, NULL, NULL, &full, &error), BASE_OK);
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
    struct record_release *release = new_release(ONE_PIECE, 5);
    (void)state;
    release->places[0][0] ^= 1;
    assert_int_equal(add(release, &nothing, 1, true), BASE_STORE_DAMAGED);
    secret_free(release);
    assert_audit_passes(0);
}

/* ---- the digest ------------------------------------------------------------------------------ */

static bool has_changed(void)
{
    struct tally_ledger *ledger = read_ledger();
    struct tally_counts *life = read_counts();
    struct base_error error;
    bool changed = false;
    assert_int_equal(
        tally_release_changed(place.reader, ledger->entries[0].release, life, &changed, &error),
        BASE_OK);
    tally_counts_free(life);
    tally_ledger_free(ledger);
    return changed;
}

/* Of a hidden figure the digest holds whether it is under the threshold, and not how much it is: who has the
 * key could else find out what was counted between two releases. */
static void test_digest(void **state)
{
    struct record_release *release = new_release(2, 5);
    struct base_error error;
    (void)state;
    release->figures[0].months = (struct base_period){JANUARY, JANUARY};
    release->figures[1].months = (struct base_period){MONTH, MONTH};
    assert_int_equal(place_count(&place, JANUARY, CELL, 40, &error), BASE_OK);
    assert_int_equal(place_count(&place, MONTH, CELL, 1, &error), BASE_OK);
    struct tally_counts *life = read_counts();
    assert_int_equal(add(release, life, 1, true), BASE_OK);
    tally_counts_free(life);
    secret_free(release);
    assert_false(has_changed());
    assert_int_equal(place_count(&place, MONTH, CELL + 20, 3, &error), BASE_OK);  /* 4, hidden */
    assert_int_equal(place_count(&place, JANUARY + 1, CELL, 9, &error), BASE_OK); /* in no figure */
    assert_false(has_changed());
    assert_int_equal(place_count(&place, MONTH, CELL, 1, &error), BASE_OK); /* 5 */
    assert_true(has_changed());
    assert_int_equal(place_count(&place, MONTH, CELL, -1, &error), BASE_OK);
    assert_false(has_changed());
    assert_int_equal(place_count(&place, JANUARY, CELL, 1, &error), BASE_OK); /* 41, shown */
    assert_true(has_changed());
    assert_int_equal(place_count(&place, JANUARY, CELL, -1, &error), BASE_OK);
    assert_false(has_changed());
}

/* ---- a writer that is killed ----------------------------------------------------------------- */

enum { KILLS = 60, LONGEST_US = 30000, NS_A_US = 1000 };

/* Says "." after each release, until it is killed. */
static int release_on(void *context)
{
    const int *pipe_end = context;
    struct record_release *release = new_release(PIECE_FULL + 1, 5);
    while (add(release, &nothing, 1, true) == BASE_OK)
        if (write(*pipe_end, ".", 1) != 1)
            break;
    secret_free(release);
    return 1;
}

static size_t run_and_kill(void)
{
    int ends[2], status;
    char said[1000];
    const struct timespec pause = {.tv_nsec = (long)support_random(LONGEST_US) * NS_A_US};
    size_t count = 0;
    ssize_t got;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = support_start(release_on, &ends[1], 60);
    assert_int_equal(close(ends[1]), 0);
    (void)nanosleep(&pause, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while ((got = read(ends[0], said, sizeof said)) > 0)
        count += (size_t)got;
    assert_int_equal(close(ends[0]), 0);
    return count;
}

/* A release, all its pieces, or none; the counts are what they were; the next write erases the rest. */
static void test_killed(void **state)
{
    const unsigned kills = support_rounds(KILLS);
    size_t count = 0;
    struct base_error error;
    (void)state;
    assert_int_equal(place_count(&place, MONTH, CELL, 33, &error), BASE_OK);
    for (unsigned i = 0; i < kills; i++) {
        const size_t said = run_and_kill();
        struct tally_ledger *ledger = read_ledger();
        struct filemap now;
        assert_true(ledger->count == count + said || ledger->count == count + said + 1);
        assert_int_equal(ledger->records, 2 * ledger->count);
        count = ledger->count;
        tally_ledger_free(ledger);
        assert_int_equal(place_count(&place, JANUARY, CELL, 1, &error), BASE_OK);
        filemap_read(&now, place.path);
        filemap_assert_clean(&now);
        filemap_free(&now);
        assert_int_equal(support_entries("s"), 1);
    }
    print_message("%u kills, %zu releases\n", kills, count);
    struct tally_counts *life = read_counts();
    assert_int_equal(life->cells[MONTH - JANUARY][CELL], 33);
    assert_int_equal(life->cells[0][CELL], kills);
    tally_counts_free(life);
    assert_audit_passes((unsigned)(2 * count));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_with_store, leave_with_store)
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
        TEST(test_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
