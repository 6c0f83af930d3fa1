/* The audit's record as JSON: the N-th piece of memory is refused, N rising until none is. Each time the
 * error is BASE_NO_MEMORY, the outputs are untouched and nothing stays behind. What the record says is
 * tested on whole programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/table.h"
#include "tavs/tally.h"
#include "trial.h"

enum { PLACE = 4 * AUDIT_PAGE_BYTES };

static long until_refusal, live; /* pieces */

static void *refusing_malloc(size_t size)
{
    if (until_refusal-- <= 0)
        return NULL;
    live++;
    return malloc(size);
}

static void counting_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

/* A record in which everything is there. */
static struct audit_report report, before;
static struct audit_full full;
static const struct tally_washed washed = {.device = 3, .rows = 24, .other_rows = 12};
static struct audit_record record = {.language = CODEBOOK_DANISH,
                                     .report = &report,
                                     .wash_wanted = true,
                                     .washed = &washed,
                                     .before = &before,
                                     .full_wanted = true,
                                     .full = &full,
                                     .slot = 7};

static int fill_record(void **state)
{
    struct base_error error;
    (void)state;

    if (secret_harden(&error) != BASE_OK)
        return -1;
    report = (struct audit_report){.file_bytes = PLACE,
                                   .identified = true,
                                   .channels = CODEBOOK_ALL_CHANNELS,
                                   .parties = CODEBOOK_ALL_PARTIES,
                                   .finding_total = 2,
                                   .finding_count = 2,
                                   .year_count = 1,
                                   .years = {{2017, 1}}};
    report.findings[0] = (struct audit_finding){.code = AUDIT_ROW_FORGED,
                                                .class = AUDIT_ROW_SIGNATURE,
                                                .page = 3,
                                                .offset = 16,
                                                .bytes = 3904,
                                                .month = 2017 * 12,
                                                .device = 2};
    report.findings[1] = (struct audit_finding){.code = AUDIT_ROWS_MISSING, .page = AUDIT_NO_PAGE};
    full = (struct audit_full){
        .year_count = 1, .years = {{2017, 73, 138}}, .finding_total = 2, .finding_count = 2};
    full.findings[0] = (struct audit_full_finding){AUDIT_FULL_CELL, 2017 * 12, 1, 7, {0, 1, 2}};
    full.findings[1] = (struct audit_full_finding){
        AUDIT_FULL_KEY, 0, 0, 0, {TABLE_NO_VALUE, TABLE_NO_VALUE, TABLE_NO_VALUE}};
    json_set_alloc_funcs(refusing_malloc, counting_free);
    return 0;
}

static void every_piece_of_memory_may_be_refused(void **state)
{
    enum base_code code = BASE_NO_MEMORY;
    char *json = NULL;
    size_t size = 99;
    long pieces = 0;
    (void)state;

    for (; code != BASE_OK; pieces++) {
        struct base_error error = {0};
        until_refusal = pieces;
        code = audit_record_json(&record, &json, &size, &error);
        assert_int_equal(live, 0);
        if (code == BASE_OK)
            break;
        assert_int_equal(code, BASE_NO_MEMORY);
        assert_int_equal(error.code, BASE_NO_MEMORY);
        assert_null(json);
        assert_int_equal(size, 99);
    }
    assert_true(pieces > 300);
    assert_int_equal(strlen(json), size);
    assert_int_equal(json[size - 1], '\n');
    secret_free(json);
}

/* Nothing is found in what was not looked at. */
static void the_verdict_is_of_all_parts(void **state)
{
    struct audit_record part = {.report = &report};
    (void)state;

    for (unsigned i = 0; i < 4; i++) {
        report.passed = (i & 1) != 0;
        full.passed = (i & 2) != 0;
        part.full = NULL;
        assert_int_equal(audit_record_passed(&part), report.passed);
        part.full = &full;
        assert_int_equal(audit_record_passed(&part), report.passed && full.passed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_of_memory_may_be_refused),
        cmocka_unit_test(the_verdict_is_of_all_parts),
    };
    return cmocka_run_group_tests(tests, fill_record, NULL);
}
