/* The keyless audit: what is in order passes and adds up; what is not a store is told as what it is. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit_image.h"
#include "audit_writer.h"

static char folder[256], path[300];
static struct writer writer;

static int make_folder(void **state)
{
    const char *tmp = getenv("TMPDIR");
    (void)state;
    snprintf(folder, sizeof folder, "%s/tavs-audit-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/store", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void make_store(unsigned devices, unsigned active, int first_year, int years, unsigned slots)
{
    unlink(path);
    writer_init(&writer, path, devices, active, first_year, years, slots);
    writer_create(&writer);
}

static struct audit_report *audit(void)
{
    struct audit_report *report;
    struct base_error error;

    assert_int_equal(audit_file(path, &report, &error), BASE_OK);
    return report;
}

/* Under valgrind a signature takes fifty times as long. */
static bool is_slow(void)
{
    return getenv("TAVS_VALGRIND") != NULL || getenv("TAVS_SLOW_MACHINE") != NULL;
}

static void assert_passes(void)
{
    struct audit_report *report = audit();
    char text[AUDIT_FINDING_TEXT];
    uint64_t sum = 0;

    for (size_t i = 0; i < report->finding_count; i++) {
        audit_finding_text(&report->findings[i], text, sizeof text);
        print_error("%s\n", text);
    }
    assert_true(report->passed);
    assert_int_equal(report->finding_total, 0);
    assert_int_equal(report->text_fields, 0);
    assert_int_equal(report->class_bytes[AUDIT_UNACCOUNTED], 0);
    for (int i = 0; i < AUDIT_CLASSES; i++)
        sum += report->class_bytes[i];
    assert_int_equal(sum, report->file_bytes);
    audit_report_free(report);
}

static bool has_finding(const struct audit_report *report, enum audit_code code)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].code == code)
            return true;
    return false;
}

static void assert_finding(enum audit_code code)
{
    struct audit_report *report = audit();
    char text[AUDIT_FINDING_TEXT];

    if (!has_finding(report, code)) {
        print_error("no %s among\n", audit_finding_code(code));
        for (size_t i = 0; i < report->finding_count; i++) {
            audit_finding_text(&report->findings[i], text, sizeof text);
            print_error("%s\n", text);
        }
    }
    assert_true(has_finding(report, code));
    assert_false(report->passed);
    audit_report_free(report);
}

/* ---- what is in order ---- */

static void a_fresh_store_passes(void **state)
{
    (void)state;
    make_store(1, 1, 2026, 1, 1);
    assert_passes();
}

static void a_store_in_use_passes_after_every_update(void **state)
{
    (void)state;
    make_store(3, 2, 2025, 2, 8);
    for (int i = 0; i < (is_slow() ? 3 : 60); i++) {
        writer_update(&writer, (uint16_t)(2025 * 12 + i * 7 % 24), (uint16_t)(1 + i % 2));
        assert_passes();
    }
}

static void trees_of_two_and_three_levels_pass(void **state)
{
    (void)state;
    make_store(100, is_slow() ? 1 : 12, 2017, 5, 2); /* 720 rows, 100 devices */
    assert_passes();
    writer_update(&writer, 2020 * 12 + 3, 1);
    assert_passes();
}

/* The list of the pages that become free at once then fills pages of its own. */
static void long_lists_of_free_pages_pass(void **state)
{
    (void)state;
    if (is_slow())
        skip();
    for (int years = 5; years <= 10; years += 5) {
        make_store(6, 6, 2017, years, 1);
        writer_update_all(&writer);
        assert_passes();
        for (int i = 0; i < 4; i++) {
            writer_update(&writer, (uint16_t)(2017 * 12 + i * 3), (uint16_t)(1 + i % 6));
            assert_passes();
        }
        writer_update_all(&writer);
        assert_passes();
        writer_update(&writer, 2017 * 12, 1);
        assert_passes();
    }
}

static void the_report_tells_what_is_there(void **state)
{
    (void)state;
    make_store(3, 2, 2025, 2, 4);
    writer.device[2][2] = 2;
    writer_sign_device(&writer, 2);
    uint8_t key[8];
    writer_device_key(2, key);
    writer_put(&writer, "store", key, sizeof key, writer.device[2], WRITER_DEVICE_BYTES);

    struct audit_report *report = audit();
    assert_true(report->passed);
    assert_true(report->identified);
    assert_memory_equal(report->store_id, writer.header + 16, KEYS_STORE_ID_BYTES);
    assert_int_equal(report->format, 3);
    assert_int_equal(report->draft, 1);
    assert_int_equal(report->threshold, 5);
    assert_int_equal(report->edition, 258);
    assert_int_equal(report->channels, 0x03);
    assert_int_equal(report->ever_channels, 0x0f);
    assert_int_equal(report->ever_parties, 0x07);
    assert_int_equal(report->parties, 0x07);
    assert_int_equal(report->closed_through, 2025 * 12);
    assert_int_equal(report->slots_used, 4);
    assert_int_equal(report->devices, 3);
    assert_int_equal(report->devices_retired, 1);
    assert_int_equal(report->rows, 48);
    assert_int_equal(report->cells, 48 * 60);
    assert_int_equal(report->transaction, 2);
    assert_int_equal(report->year_count, 2);
    assert_int_equal(report->years[0].year, 2025);
    assert_int_equal(report->years[1].year, 2026);
    assert_int_equal(report->years[1].devices, 2);
    assert_int_equal(report->class_bytes[AUDIT_CELL], 48 * 3840);
    assert_int_equal(report->class_bytes[AUDIT_ROW_SIGNATURE], 48 * 64);
    assert_int_equal(report->class_bytes[AUDIT_SLOT_SEED], 4 * 48);
    assert_int_equal(report->class_bytes[AUDIT_SLOT_UNUSED], 4 * 100);
    assert_int_equal((report->pages_used + report->pages_free) * AUDIT_PAGE_BYTES,
                     report->file_bytes);
    audit_report_free(report);
}

/* Against coreutils' b2sum, where it is installed. */
static void the_digest_is_that_of_b2sum(void **state)
{
    char command[400], line[200] = "", text[2 * KEYS_DIGEST_BYTES + 1];
    (void)state;

    make_store(1, 1, 2026, 1, 1);
    snprintf(command, sizeof command, "b2sum -l 256 '%s' 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    const bool there = fgets(line, sizeof line, pipe) != NULL;
    pclose(pipe);
    if (!there)
        skip();
    struct audit_report *report = audit();
    base_hex(text, report->digest, KEYS_DIGEST_BYTES);
    assert_memory_equal(text, line, 2 * KEYS_DIGEST_BYTES);
    audit_report_free(report);
}

static void every_class_kind_and_finding_has_texts(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIT_CLASSES; i++) {
        assert_true(strlen(audit_class_code((enum audit_class)i)) > 0);
        assert_true(strlen(audit_class_name((enum audit_class)i)) > 0);
        /* The claim "no field can hold text" stands on this table. */
        if (i != AUDIT_UNACCOUNTED)
            assert_int_not_equal(audit_class_kind((enum audit_class)i), AUDIT_ANYTHING);
    }
    for (int i = 0; i < AUDIT_KINDS; i++) {
        assert_true(strlen(audit_kind_code((enum audit_kind)i)) > 0);
        assert_true(strlen(audit_kind_name((enum audit_kind)i)) > 0);
    }
    for (int i = 0; i < AUDIT_CODES; i++) {
        assert_true(strlen(audit_finding_code((enum audit_code)i)) > 0);
        assert_true(strlen(audit_finding_meaning((enum audit_code)i)) > 0);
    }
}

static void a_finding_names_its_place(void **state)
{
    const struct audit_finding row = {.code = AUDIT_ROW_FORGED,
                                      .class = AUDIT_ROW_SIGNATURE,
                                      .page = 7,
                                      .offset = 16,
                                      .bytes = 64,
                                      .month = 2026 * 12 + 2,
                                      .device = 3};
    const struct audit_finding nowhere = {.code = AUDIT_FILE_EMPTY, .page = AUDIT_NO_PAGE};
    char text[AUDIT_FINDING_TEXT];
    (void)state;

    audit_finding_text(&row, text, sizeof text);
    assert_non_null(
        strstr(text, "page 7, bytes 16 to 79, row 2026-03 of device 3 (rows: signature): "));
    audit_finding_text(&nowhere, text, sizeof text);
    assert_string_equal(text, "the file is empty");
}

/* Files that were written once and for all: what a store looks like may not change unnoticed. They are
 * also what fuzzing starts from. */
static void kept_files_are_as_they_were(void **state)
{
    static const struct {
        const char *name;
        unsigned findings, rows, devices, releases;
        enum audit_code finding;
    } kept[] = {
        {TESTS_DIR "/audit/one-year.tavs", 0, 12, 1, 2, AUDIT_CODES},
        {TESTS_DIR "/audit/one-row.tavs", 1, 1, 1, 0, AUDIT_ROWS_INCOMPLETE},
        {TESTS_DIR "/audit/many-devices.tavs", 1, 1, 70, 0, AUDIT_ROWS_INCOMPLETE},
        /* With one row as well; what is wrong with their ledgers is signed by the reader. */
        {TESTS_DIR "/audit/other-copy.tavs", 2, 1, 1, 2, AUDIT_RELEASE_CHAIN},
        {TESTS_DIR "/audit/other-copy-inside.tavs", 2, 1, 1, 3, AUDIT_RELEASE_CHAIN},
        {TESTS_DIR "/audit/older-ledger.tavs", 2, 1, 1, 2, AUDIT_RELEASE_CHAIN},
        {TESTS_DIR "/audit/release-missing.tavs", 4, 1, 1, 2, AUDIT_RELEASE_GAP},
    };
    (void)state;

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct image image = image_load(kept[i].name);
        struct audit_report *report = image_audit(&image);
        assert_int_equal(report->passed, kept[i].findings == 0);
        assert_int_equal(report->finding_total, kept[i].findings);
        assert_true(kept[i].findings == 0 || has_finding(report, kept[i].finding));
        assert_int_equal(report->releases, kept[i].releases);
        assert_int_equal(report->rows, kept[i].rows);
        assert_int_equal(report->devices, kept[i].devices);
        audit_report_free(report);
        image_free(&image);
    }
}

/* ---- time and memory ---- */

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The processor's time: other tests run at the same time. */
static void ten_years_of_five_devices_take_less_than_two_seconds(void **state)
{
    (void)state;
    if (is_slow())
        skip();
    make_store(5, 5, 2017, 10, 8);
    const double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct audit_report *report = audit();
    const double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
    print_message("600 rows: %.0f ms\n", took * 1000);
    assert_int_equal(report->rows, 600);
    assert_true(report->passed);
    audit_report_free(report);
    assert_true(took < 2);
}

/* In a process of its own, of which nothing but the audit asks for memory. */
static void the_audit_takes_little_memory(void **state)
{
    struct rusage before, after;
    (void)state;
    if (is_slow())
        skip();
    make_store(5, 5, 2017, 10, 8);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct audit_report *report;
        struct base_error error;
        getrusage(RUSAGE_SELF, &before);
        const bool done = audit_file(path, &report, &error) == BASE_OK;
        getrusage(RUSAGE_SELF, &after);
        audit_report_free(report);
        /* KiB. What the test itself holds is in both. */
        _exit(!done || after.ru_maxrss > before.ru_maxrss + 4096);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* ---- what is not a store ---- */

static void write_file(const void *bytes, size_t size)
{
    const struct image image = {.size = size, .bytes = (uint8_t *)(uintptr_t)bytes};
    image_save(&image, path);
}

static void an_empty_file_is_told(void **state)
{
    (void)state;
    write_file("", 0);
    assert_finding(AUDIT_FILE_EMPTY);
}

static void foreign_files_are_told(void **state)
{
    static uint8_t noise[20000];
    (void)state;

    write_file("x", 1);
    assert_finding(AUDIT_FILE_FOREIGN);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)(i * 2654435761U >> 13);
    write_file(noise, sizeof noise);
    struct audit_report *report = audit();
    assert_true(has_finding(report, AUDIT_FILE_FOREIGN));
    assert_int_equal(report->class_bytes[AUDIT_UNACCOUNTED], sizeof noise);
    assert_int_equal(report->text_fields, 5);
    assert_false(report->passed);
    audit_report_free(report);
}

static void every_truncation_is_told(void **state)
{
    (void)state;
    make_store(1, 1, 2026, 1, 1);
    struct image image = image_load(path);
    const size_t size = image.size;
    for (size_t cut = 1; cut < size; cut += is_slow() ? 13610 : 1361) {
        image.size = size - cut;
        struct audit_report *report = image_audit(&image);
        assert_false(report->passed);
        assert_true(has_finding(report, AUDIT_FILE_TRUNCATED) ||
                    has_finding(report, AUDIT_FILE_FOREIGN));
        audit_report_free(report);
    }
    image_free(&image);
}

static void a_part_of_a_page_is_told(void **state)
{
    (void)state;
    make_store(1, 1, 2026, 1, 1);
    struct image image = image_load(path), longer = image_copy(&image, 1);
    image_save(&longer, path);
    assert_finding(AUDIT_FILE_PART_PAGE);
    image_free(&image);
    image_free(&longer);
}

static void a_huge_file_is_told_and_not_read(void **state)
{
    (void)state;
    write_file("", 0);
    if (truncate(path, ((off_t)AUDIT_MOST_PAGES + 1) * AUDIT_PAGE_BYTES) != 0)
        skip();
    assert_finding(AUDIT_FILE_TOO_LARGE);
}

static void what_cannot_be_read_is_an_error(void **state)
{
    struct audit_report *report;
    struct base_error error;
    (void)state;

    unlink(path);
    assert_int_equal(audit_file(path, &report, &error), BASE_STORE_MISSING);
    assert_int_equal(audit_file(folder, &report, &error), BASE_STORE_NOT_FILE);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(audit_file(path, &report, &error), BASE_STORE_NOT_FILE);
}

static void the_audit_waits_for_a_writer(void **state)
{
    (void)state;
    make_store(1, 1, 2026, 1, 1);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(flock(descriptor, LOCK_SH), 0);
    assert_passes(); /* readers do not wait for each other */

    assert_int_equal(flock(descriptor, LOCK_EX), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        usleep(300000);
        flock(descriptor, LOCK_UN);
        _exit(0);
    }
    const double begin = seconds(CLOCK_MONOTONIC);
    assert_passes();
    assert_true(seconds(CLOCK_MONOTONIC) - begin > 0.25);
    close(descriptor);
}

/* ---- a writer with LMDB's plain habits ---- */

static void plain_use_of_lmdb_is_found_guilty(void **state)
{
    (void)state;
    for (unsigned rounds = 1; rounds <= 40; rounds += 13) {
        make_store(1, 1, 2026, 1, 1);
        writer_update_plain(&writer, rounds);
        struct audit_report *report = audit();
        assert_false(report->passed);
        assert_true(has_finding(report, AUDIT_NOT_ZERO));
        /* One old row at least. */
        assert_true(report->class_bytes[AUDIT_UNACCOUNTED] > WRITER_ROW_BYTES);
        audit_report_free(report);
        writer_erase(&writer); /* mends it */
        assert_passes();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_store_passes),
        cmocka_unit_test(a_store_in_use_passes_after_every_update),
        cmocka_unit_test(trees_of_two_and_three_levels_pass),
        cmocka_unit_test(long_lists_of_free_pages_pass),
        cmocka_unit_test(the_report_tells_what_is_there),
        cmocka_unit_test(the_digest_is_that_of_b2sum),
        cmocka_unit_test(every_class_kind_and_finding_has_texts),
        cmocka_unit_test(a_finding_names_its_place),
        cmocka_unit_test(kept_files_are_as_they_were),
        cmocka_unit_test(ten_years_of_five_devices_take_less_than_two_seconds),
        cmocka_unit_test(the_audit_takes_little_memory),
        cmocka_unit_test(an_empty_file_is_told),
        cmocka_unit_test(foreign_files_are_told),
        cmocka_unit_test(every_truncation_is_told),
        cmocka_unit_test(a_part_of_a_page_is_told),
        cmocka_unit_test(a_huge_file_is_told_and_not_read),
        cmocka_unit_test(what_cannot_be_read_is_an_error),
        cmocka_unit_test(the_audit_waits_for_a_writer),
        cmocka_unit_test(plain_use_of_lmdb_is_found_guilty),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
