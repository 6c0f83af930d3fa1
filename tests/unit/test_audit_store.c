/* The keyless audit on what the room store writes: the two check each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/pages.h"
#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"

enum { YEARS = 8, FIRST_YEAR = 2013 };

static char folder[256], path[300], copy[300];
static struct keys_reader *reader;
static struct keys_device *device_keys[3];
static struct record_header header;
static struct record_device devices[3];

#define MUST(call)                                                                                 \
    do {                                                                                           \
        struct base_error error = {0};                                                             \
        (void)error;                                                                               \
        if ((call) != BASE_OK)                                                                     \
            fail_msg("%s: %d %s", #call, error.code, error.subject);                               \
    } while (0)

static bool is_slow(void)
{
    return getenv("TAVS_VALGRIND") != NULL || getenv("TAVS_SLOW_MACHINE") != NULL;
}

static void make_keys(void)
{
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];

    MUST(keys_reader_new(&reader, &error));
    secret_random(header.store_id, sizeof header.store_id);
    header.threshold = RECORD_THRESHOLD;
    header.channels = CODEBOOK_ALL_CHANNELS;
    header.parties = CODEBOOK_ALL_PARTIES;
    keys_reader_public(reader, &header.public_keys);
    keys_fingerprint(fingerprint, header.store_id, &header.public_keys);
    MUST(keys_slot_wrap(&header.slots[2], 2, fingerprint, reader, "correct horse battery",
                        keys_cost_interactive, &error));
    for (uint16_t i = 1; i <= 2; i++) {
        MUST(keys_device_new(i, header.store_id, fingerprint, &device_keys[i], &error));
        devices[i] = (struct record_device){.number = i, .state = RECORD_DEVICE_ACTIVE};
        memcpy(devices[i].signing_public, keys_device_public(device_keys[i]),
               KEYS_SIGNING_PUBLIC_BYTES);
    }
}

static int set_up(void **state)
{
    struct base_error error;
    const char *tmp = getenv("TMPDIR");
    (void)state;

    if (secret_harden(&error) != BASE_OK)
        return -1;
    snprintf(folder, sizeof folder, "%s/tavs-audit-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/store", folder);
    snprintf(copy, sizeof copy, "%s/copy", folder);
    make_keys();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    keys_reader_free(reader);
    for (int i = 1; i <= 2; i++)
        keys_device_free(device_keys[i]);
    unlink(path);
    unlink(copy);
    return rmdir(folder);
}

static void assert_passes(const char *file, const char *after)
{
    struct audit_report *report;
    char text[AUDIT_FINDING_TEXT];

    MUST(audit_file(file, &report, &error));
    for (size_t i = 0; i < report->finding_count; i++) {
        audit_finding_text(&report->findings[i], text, sizeof text);
        print_error("after %s: %s\n", after, text);
    }
    assert_true(report->passed);
    audit_report_free(report);
}

static void create(int year)
{
    unlink(path);
    MUST(store_create(path, &header, reader, &devices[1], device_keys[1], year, &error));
}

/* Re-randomises a row, as counting does. */
static void update(int year, int month, int device)
{
    struct store *store;
    struct record_row row;
    bool found;

    MUST(store_open(path, STORE_WRITE, &store, &error));
    MUST(store_get_row(store, (base_month)(year * 12 + month), &devices[device], &row, &found,
                       &error));
    assert_true(found);
    assert_true(elgamal_add_count(row.cells, CODEBOOK_CELLS, header.public_keys.encryption,
                                  (size_t)rand() % CODEBOOK_CELLS, 1));
    MUST(store_put_row(store, &row, device_keys[device], &error));
    MUST(store_commit(store, &error));
    store_close(store);
}

static void put_year(int year, int device)
{
    struct store *store;

    MUST(store_open(path, STORE_WRITE, &store, &error));
    if (device == 2 && year == FIRST_YEAR)
        MUST(store_put_device(store, &devices[2], reader, &error));
    MUST(store_put_year(store, year, device_keys[device], &error));
    MUST(store_commit(store, &error));
    store_close(store);
}

static void put_header(void)
{
    struct store *store;

    MUST(store_open(path, STORE_WRITE, &store, &error));
    MUST(store_put_header(store, &header, reader, &error));
    MUST(store_commit(store, &error));
    store_close(store);
}

static void a_new_store_passes(void **state)
{
    (void)state;
    create(2026);
    assert_passes(path, "creation");
}

static void a_store_passes_after_every_operation(void **state)
{
    const int rounds = is_slow() ? 5 : 120;
    (void)state;

    create(2026);
    for (int i = 0; i < rounds; i++) {
        update(2026, rand() % 12, 1);
        assert_passes(path, "an update");
        if (i % 10 == 0) {
            put_header();
            assert_passes(path, "a new header");
        }
    }
}

/* The rows' tree grows past one page at about 170 rows. */
static void a_store_passes_after_every_year_added(void **state)
{
    const int years = is_slow() ? 2 : YEARS;
    (void)state;

    create(FIRST_YEAR);
    for (int year = FIRST_YEAR; year < FIRST_YEAR + years; year++)
        for (int device = 1; device <= 2; device++) {
            if (year == FIRST_YEAR && device == 1)
                continue;
            put_year(year, device);
            assert_passes(path, "a new year");
            update(year, rand() % 12, device);
            assert_passes(path, "an update");
            update(FIRST_YEAR, rand() % 12, 1);
            assert_passes(path, "an update of the first year");
        }
}

/* All rows in one transaction: as many pages become free at once. */
static void a_store_passes_after_all_rows_are_rewritten(void **state)
{
    const int years = is_slow() ? 2 : 2 * YEARS;
    struct store *store;
    struct record_row row;
    bool found;
    (void)state;

    create(FIRST_YEAR);
    for (int year = FIRST_YEAR + 1; year < FIRST_YEAR + years; year++)
        put_year(year, 1);
    for (int round = 0; round < 2; round++) {
        MUST(store_open(path, STORE_WRITE, &store, &error));
        for (int month = 0; month < 12 * years; month++) {
            MUST(store_get_row(store, (base_month)(FIRST_YEAR * 12 + month), &devices[1], &row,
                               &found, &error));
            MUST(store_put_row(store, &row, device_keys[1], &error));
        }
        MUST(store_commit(store, &error));
        store_close(store);
        assert_passes(path, "all rows rewritten");
        update(FIRST_YEAR, round, 1);
        assert_passes(path, "an update after it");
    }
}

static void a_backup_passes(void **state)
{
    (void)state;
    create(2026);
    for (int i = 0; i < 3; i++)
        update(2026, i, 1);
    unlink(copy);
    MUST(store_backup(path, copy, &error));
    assert_passes(copy, "a backup");
}

/* Zeros after the last page say nothing; more of them than a store can have are no store. */
static void both_judge_the_size_alike(void **state)
{
    struct store *store;
    struct audit_report *report;
    struct base_error refused;
    (void)state;
    assert_int_equal(AUDIT_MOST_PAGES, PAGES_MOST);
    create(2026);
    assert_int_equal(truncate(path, 4096L * 4096), 0);
    MUST(store_open(path, STORE_READ, &store, &error));
    store_close(store);
    assert_passes(path, "zeros were added");
    assert_int_equal(truncate(path, ((off_t)PAGES_MOST + 1) * PAGES_SIZE), 0);
    assert_int_equal(store_open(path, STORE_READ, &store, &refused), BASE_STORE_DAMAGED);
    MUST(audit_file(path, &report, &error));
    assert_false(report->passed);
    audit_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_store_passes),
        cmocka_unit_test(a_store_passes_after_every_operation),
        cmocka_unit_test(a_store_passes_after_every_year_added),
        cmocka_unit_test(a_store_passes_after_all_rows_are_rewritten),
        cmocka_unit_test(a_backup_passes),
        cmocka_unit_test(both_judge_the_size_alike),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
