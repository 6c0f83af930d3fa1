/* store: the ledger is a chain. A record of another copy, one left out, and an older ledger under a newer
 * header are found: by who reads the ledger, by who copies the store, and by who audits it without a key. And
 * what the store keeps in its header by itself. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit_writer.h"
#include "filemap.h"
#include "ledger.h"
#include "tavs/audit.h"
#include "tavs/secret.h"

enum { FIGURES = 3 };

/* ---- the chain -------------------------------------------------------------------------------- */

/* Puts a record where it does not belong, past the program. */
static void put_record(uint16_t number, const uint8_t *record)
{
    static struct writer writer;
    uint8_t key[RECORD_STORE_KEY_BYTES];
    record_release_key(key, number);
    (void)strcpy(writer.path, ledger_place.path);
    writer_put(&writer, "store", key, sizeof key, record, RECORD_RELEASE_BYTES);
    assert_int_equal(chmod(ledger_place.path, S_IRUSR | S_IWUSR), 0);
}

static void copy_record(const char *path, uint16_t number, uint8_t record[RECORD_RELEASE_BYTES])
{
    struct filemap map;
    filemap_read(&map, path);
    assert_true(number <= map.release_count);
    memcpy(record, map.bytes + map.release_at[number - 1], RECORD_RELEASE_BYTES);
    filemap_free(&map);
}

static bool has_finding(const struct audit_report *report, enum audit_code code, uint16_t release)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].code == code && report->findings[i].release == release)
            return true;
    return false;
}

/* Whoever looks refuses, and names the record; 0: the header. */
static void assert_found(uint16_t release, uint16_t damaged)
{
    struct audit_report *report = NULL;
    struct store *store = NULL;
    struct tally_ledger *ledger = NULL;
    struct base_error error;
    uint16_t first = 0;
    uint64_t good = 0;
    assert_int_equal(audit_file(ledger_place.path, &report, &error), BASE_OK);
    assert_true(has_finding(report, AUDIT_RELEASE_CHAIN, release));
    assert_false(report->passed);
    audit_report_free(report);
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_ledger_read(store, ledger_place.reader, &ledger, &error),
                     BASE_STORE_DAMAGED);
    assert_null(ledger);
    assert_int_equal(tally_ledger_check(store, ledger_place.reader, &first, &good, &error),
                     BASE_OK);
    assert_int_equal(first, damaged);
    assert_int_equal(good, damaged - 1);
    store_close(store);
    assert_int_equal(store_backup(ledger_place.path, "copy", &error), BASE_STORE_DAMAGED);
    struct record_release *next = ledger_new_release(FIGURES, 5);
    assert_int_equal(ledger_add(next, 1, true), BASE_STORE_DAMAGED);
    secret_free(next);
}

/* Two copies of a store, each with a release of its own after the first: the second record of the one in the
 * other is signed by the reader, for this store and this place. */
static void test_the_last_record_of_another_copy(void **state)
{
    struct base_error error;
    uint8_t record[RECORD_RELEASE_BYTES];
    size_t size;
    (void)state;
    ledger_add_figures(FIGURES);
    uint8_t *before = support_read_file(ledger_place.path, &size);
    ledger_add_figures(FIGURES);
    copy_record(ledger_place.path, 2, record);
    support_write_file(ledger_place.path, before, size);
    free(before);
    ledger_add_figures(FIGURES);
    ledger_assert_audit(2);
    put_record(2, record);
    assert_int_equal(record_piece_check(record, sizeof record, 2, ledger_place.fingerprint,
                                        ledger_place.header.public_keys.signing, &error),
                     BASE_OK);
    assert_found(0, 2);
}

/* The same further back: the record itself fits the one before it, but the next does not follow it. */
static void test_an_earlier_record_of_another_copy(void **state)
{
    uint8_t record[RECORD_RELEASE_BYTES];
    size_t size;
    (void)state;
    ledger_add_figures(FIGURES);
    uint8_t *before = support_read_file(ledger_place.path, &size);
    ledger_add_figures(FIGURES);
    copy_record(ledger_place.path, 2, record);
    support_write_file(ledger_place.path, before, size);
    free(before);
    ledger_add_figures(FIGURES);
    ledger_add_figures(FIGURES);
    put_record(2, record);
    assert_found(3, 3);
}

/* A header that is newer than the ledger under it, with as many records. */
static void test_an_older_ledger_under_a_newer_header(void **state)
{
    uint8_t record[RECORD_RELEASE_BYTES], digest[KEYS_DIGEST_BYTES];
    size_t size;
    (void)state;
    ledger_add_figures(FIGURES);
    uint8_t *before = support_read_file(ledger_place.path, &size);
    ledger_add_figures(FIGURES);
    copy_record(ledger_place.path, 2, record);
    record_piece_digest(record, digest);
    support_write_file(ledger_place.path, before, size);
    free(before);
    ledger_set_header(1, digest);
    assert_found(0, 1);
}

/* The first record of all follows nothing. */
static void test_a_first_record_that_follows_another(void **state)
{
    uint8_t record[RECORD_RELEASE_BYTES], piece[RECORD_PIECE_BYTES] = {0},
                                          digest[KEYS_DIGEST_BYTES];
    (void)state;
    ledger_add_figures(FIGURES);
    record_piece_seal(record, piece, 1, (const uint8_t[KEYS_DIGEST_BYTES]){1},
                      ledger_place.fingerprint, ledger_place.reader);
    record_piece_digest(record, digest);
    put_record(1, record);
    ledger_set_header(1, digest);
    assert_found(1, 1);
}

/* ---- the header ------------------------------------------------------------------------------- */

static struct record_header read_header(void)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    const struct record_header header = *store_header(store);
    store_close(store);
    return header;
}

static void put_header(const struct record_header *header)
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    assert_int_equal(store_put_header(store, header, ledger_place.reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
}

/* It rises at each change, whatever the caller says, and counting does not change it. */
static void test_the_edition(void **state)
{
    struct base_error error;
    (void)state;
    assert_int_equal(read_header().edition, 1);
    struct record_header header = read_header();
    for (uint32_t edition = 2; edition < 10; edition++) {
        header.edition = edition % 2 == 0 ? 0 : UINT32_MAX;
        put_header(&header);
        assert_int_equal(read_header().edition, edition);
        assert_int_equal(place_count(&ledger_place, LEDGER_MONTH, 7, 1, &error), BASE_OK);
        assert_int_equal(read_header().edition, edition);
    }
    ledger_add_figures(FIGURES);
    assert_int_equal(read_header().edition, 10);
    ledger_add_figures(LEDGER_PIECE_FULL + 1); /* two records */
    assert_int_equal(read_header().edition, 12);
}

/* What was ever offered is never less, and the ledger is none of the caller's. */
static void test_what_the_store_keeps(void **state)
{
    (void)state;
    ledger_add_figures(FIGURES);
    struct record_header header = read_header(), found;
    assert_int_equal(header.ever_channels, CODEBOOK_ALL_CHANNELS);
    assert_int_equal(header.ever_parties, CODEBOOK_ALL_PARTIES);
    const struct record_header before = header;
    header.channels = 1;
    header.parties = 2;
    header.ever_channels = header.ever_parties = 0;
    header.releases = 0;
    memset(header.ledger_head, 0, sizeof header.ledger_head);
    put_header(&header);
    found = read_header();
    assert_int_equal(found.channels, 1);
    assert_int_equal(found.parties, 2);
    assert_int_equal(found.ever_channels, CODEBOOK_ALL_CHANNELS);
    assert_int_equal(found.ever_parties, CODEBOOK_ALL_PARTIES);
    assert_int_equal(found.releases, 1);
    assert_memory_equal(found.ledger_head, before.ledger_head, sizeof found.ledger_head);
    ledger_assert_audit(1);
}

/* From the first offer on. */
static void test_ever_offered_grows(void **state)
{
    static const codebook_set offers[][2] = {{1, 1}, {4, 1}, {4, 1}, {1, 2}, {10, 5}};
    static const codebook_set ever[][2] = {{1, 1}, {5, 1}, {5, 1}, {5, 3}, {15, 7}};
    struct base_error error;
    struct record_header header = ledger_place.header;
    const char *path = "s/other.mdb";
    (void)state;
    header.channels = offers[0][0];
    header.parties = offers[0][1];
    header.ever_channels = CODEBOOK_ALL_CHANNELS; /* which it has not */
    header.edition = 77;
    header.releases = 3;
    assert_int_equal(store_create(path, &header, ledger_place.reader, &ledger_place.devices[0],
                                  ledger_place.keys[0], 2017, &error),
                     BASE_OK);
    ledger_place.path = path;
    assert_int_equal(read_header().edition, 1);
    assert_int_equal(read_header().releases, 0);
    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
        header.channels = offers[i][0];
        header.parties = offers[i][1];
        if (i > 0)
            put_header(&header);
        const struct record_header found = read_header();
        assert_int_equal(found.channels, offers[i][0]);
        assert_int_equal(found.parties, offers[i][1]);
        assert_int_equal(found.ever_channels, ever[i][0]);
        assert_int_equal(found.ever_parties, ever[i][1]);
    }
    ledger_assert_audit(0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, ledger_enter, ledger_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_the_last_record_of_another_copy),
        TEST(test_an_earlier_record_of_another_copy),
        TEST(test_an_older_ledger_under_a_newer_header),
        TEST(test_a_first_record_that_follows_another),
        TEST(test_the_edition),
        TEST(test_what_the_store_keeps),
        TEST(test_ever_offered_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
