/* scan: whole files. Everything in tests/scan/personal is refused; nothing is found in
 * tests/scan/plain (ordinary exports) and tests/golden (the program's own). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "scanned.h"

enum { PATH_SIZE = 512, LEAST_PLAIN = 25, LEAST_PERSONAL = 40, LEAST_GOLDEN = 10 };

typedef void check_file(const char *path, const struct scanned *scanned);

static int for_each_file(const char *folder, check_file *check)
{
    char path[PATH_SIZE];
    int count = 0;
    snprintf(path, sizeof path, "%s/%s", TESTS_DIR, folder);
    DIR *entries = opendir(path);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        const struct scanned *scanned = scanned_file(path);
        if (scanned->code != BASE_OK)
            fail_msg("%s: error %d, %s", path, scanned->code, scanned->error.subject);
        check(path, scanned);
        count++;
    }
    closedir(entries);
    return count;
}

static void must_be_clear(const char *path, const struct scanned *scanned)
{
    assert_true(scanned->result.cells > 0);
    if (scanned->count > 0)
        fail_msg("%s: %zu hits, the first: %s, row %u, column %u", path, scanned->count,
                 scan_kind_code(scanned->hits[0].kind), scanned->hits[0].row,
                 scanned->hits[0].column);
    assert_int_equal(scanned->result.verdict, SCAN_CLEAR);
}

static void must_be_refused(const char *path, const struct scanned *scanned)
{
    if (scanned->result.verdict != SCAN_REFUSE)
        fail_msg("%s: %s", path, scan_verdict_code(scanned->result.verdict));
}

static void test_plain_files_are_clear(void **state)
{
    (void)state;
    assert_true(for_each_file("scan/plain", must_be_clear) >= LEAST_PLAIN);
}

/* An exact one is refused for that, once, and for nothing else. */
static void must_be_clear_or_internal(const char *path, const struct scanned *scanned)
{
    if (scanned->count == 1 && scanned->hits[0].kind == SCAN_INTERNAL)
        assert_int_equal(scanned->result.verdict, SCAN_REFUSE);
    else
        must_be_clear(path, scanned);
}

static void test_own_exports_are_clear(void **state)
{
    (void)state;
    assert_true(for_each_file("golden", must_be_clear_or_internal) >= LEAST_GOLDEN);
    must_be_clear("published", scanned_file("published/joined-two-places-2018.csv"));
    must_be_clear("published", scanned_file("published/joined-two-places-2018.json"));
    assert_int_equal(scanned_file("golden/export.csv")->result.hits[SCAN_INTERNAL][SCAN_HIGH], 1);
}

static void test_personal_files_are_refused(void **state)
{
    (void)state;
    assert_true(for_each_file("scan/personal", must_be_refused) >= LEAST_PERSONAL);
}

/* The annual report's table 5, in each format. */
static void test_table5_is_refused_for_what_it_is(void **state)
{
    static const char *const files[] = {"scan/personal/table5.csv",  "scan/personal/table5.txt",
                                        "scan/personal/table5.md",   "scan/personal/table5.json",
                                        "scan/personal/table5.html", "scan/personal/table5.xlsx"};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct scanned *scanned = scanned_file(files[i]);
        assert_int_equal(scanned->result.verdict, SCAN_REFUSE);
        assert_true(scanned_has(scanned, SCAN_INITIALS, SCAN_MEDIUM));
        assert_true(scanned_has(scanned, SCAN_MUNICIPALITY, SCAN_MEDIUM));
        if (strstr(files[i], "json") == NULL)
            assert_true(scanned_has(scanned, SCAN_DIAGNOSIS, SCAN_MEDIUM));
    }
}

static void test_a_hit_tells_where(void **state)
{
    (void)state;
    const struct scanned *scanned = scanned_file("scan/personal/table5.csv");
    assert_int_equal(scanned->count, 24);
    const struct scan_hit *hit = &scanned->hits[0];
    assert_int_equal(hit->table, 1);
    assert_int_equal(hit->row, 2);
    assert_int_equal(hit->column, 1);
    assert_int_equal(hit->length, 2);
    assert_string_equal(hit->heading, "initial");
    assert_string_equal(hit->masked, "*.");
    scanned = scanned_file("scan/personal/hidden_sheet.xlsx");
    assert_int_equal(scanned->hits[0].table, 2);
    scanned = scanned_file("scan/personal/comment.xlsx");
    assert_string_equal(scanned->hits[0].heading, "xl/comments");
}

/* Four digits of a CPR number are shown, two of a telephone number, one character of others, and none
 * of what is telling by itself. */
static void check_masks(const char *path, const struct scanned *scanned)
{
    (void)path;
    for (size_t i = 0; i < scanned->count && i < SCANNED_KEPT; i++) {
        const struct scan_hit *hit = &scanned->hits[i];
        size_t letters = 0, digits = 0;
        for (const char *at = hit->masked; *at != '\0'; at++) {
            letters += isalpha((unsigned char)*at) != 0;
            digits += isdigit((unsigned char)*at) != 0;
        }
        assert_true(letters + digits <= (hit->kind == SCAN_CPR     ? 4U
                                         : hit->kind == SCAN_PHONE ? 2U
                                                                   : 1U));
        if (hit->kind == SCAN_INITIALS || hit->kind == SCAN_DIAGNOSIS || hit->kind == SCAN_BIRTHDAY)
            assert_int_equal(letters + digits, 0);
        assert_true(hit->kind == SCAN_FREE_TEXT || strchr(hit->masked, '*') != NULL);
    }
}

static void test_no_value_is_told(void **state)
{
    (void)state;
    for_each_file("scan/personal", check_masks);
    const struct scanned *scanned = scanned_text("x.csv", "initialer;by\nA.;X\nB;Ry\n");
    assert_int_equal(scanned->count, 4);
    assert_string_equal(scanned->hits[1].masked, "*"); /* its first letter would be all of it */
    assert_string_equal(scanned->hits[3].masked, "R*");
}

static bool is_known_word(const char *heading)
{
    return strcmp(heading, "") == 0 || strcmp(heading, "kommune") == 0 ||
           strcmp(heading, "adresse") == 0;
}

/* Names may stand where headings do: only recognised words are shown. */
static void test_headings_tell_no_value(void **state)
{
    static const char *const files[] = {
        "Mette Hansen;Randers\nOle Jensen;Viborg\n",
        "A.;ADHD;Randers\nK.;Angst;Viborg\nM.;PTSD;Aarhus\n",
        "010190-0010;x\n270571-0018;y\n",
        "Mette;3\nOle;4\n",
        "Mette Hansen;Hos Randers Kommune\nOle Jensen;Hos Viborg Kommune\n",
        "Mette Hansens adresse;Ole\nVestergade 3;3\nØstergade 4;5\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct scanned *scanned = scanned_text("x.csv", files[i]);
        assert_int_equal(scanned->result.verdict, SCAN_REFUSE);
        for (size_t hit = 0; hit < scanned->count; hit++)
            assert_true(is_known_word(scanned->hits[hit].heading));
    }
}

static void test_counts_and_verdict_agree(void **state)
{
    uint64_t sum = 0;
    (void)state;
    const struct scanned *scanned = scanned_file("scan/personal/phones.txt");
    for (int kind = 0; kind < SCAN_KINDS; kind++)
        for (int confidence = 0; confidence < SCAN_CONFIDENCES; confidence++)
            sum += scanned->result.hits[kind][confidence];
    assert_int_equal(sum, scanned->count);
    scanned = scanned_text("x.txt", "Skriv til info@example.dk for mere\n");
    assert_int_equal(scanned->result.verdict, SCAN_LOOK);
    scanned = scanned_text("x.txt", "");
    assert_int_equal(scanned->result.verdict, SCAN_CLEAR);
    assert_int_equal(scanned->result.cells, 0);
}

/* What the fuzzer kept, as each of the formats: an end, and no more shown than may be. */
static void test_fuzzed_files(void **state)
{
    static char bytes[1 << 12];
    char path[PATH_SIZE];
    int count = 0;
    (void)state;
    snprintf(path, sizeof path, "%s/scan/corpus", TESTS_DIR);
    DIR *entries = opendir(path);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        static const char *const names[] = {"x.csv", "x.txt", "x.json", "x.md", "x.html", "x.xlsx"};
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/scan/corpus/%s", TESTS_DIR, entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        const size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const struct scanned *scanned = scanned_bytes(names[i], bytes, size);
            assert_true(scanned->code == BASE_OK || scanned->code == BASE_SCAN_DAMAGED ||
                        scanned->code == BASE_SCAN_FORMAT);
            check_masks(names[i], scanned);
        }
        count++;
    }
    closedir(entries);
    assert_true(count > 100);
}

static void test_words_of_formats(void **state)
{
    enum scan_format format = SCAN_AUTO;
    (void)state;
    for (int i = SCAN_CSV; i < SCAN_FORMATS; i++) {
        assert_true(scan_format_parse(scan_format_code((enum scan_format)i), &format));
        assert_int_equal(format, i);
    }
    assert_false(scan_format_parse("auto", &format));
    assert_false(scan_format_parse("doc", &format));
    for (int i = 0; i < SCAN_KINDS; i++) {
        assert_true(strlen(scan_kind_code((enum scan_kind)i)) > 0);
        assert_true(strlen(scan_kind_text((enum scan_kind)i)) > 0);
    }
    for (int i = 0; i < SCAN_CONFIDENCES; i++)
        assert_string_equal(scan_confidence_code((enum scan_confidence)i),
                            scan_confidence_text((enum scan_confidence)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_files_are_clear),
        cmocka_unit_test(test_own_exports_are_clear),
        cmocka_unit_test(test_personal_files_are_refused),
        cmocka_unit_test(test_table5_is_refused_for_what_it_is),
        cmocka_unit_test(test_a_hit_tells_where),
        cmocka_unit_test(test_no_value_is_told),
        cmocka_unit_test(test_headings_tell_no_value),
        cmocka_unit_test(test_counts_and_verdict_agree),
        cmocka_unit_test(test_fuzzed_files),
        cmocka_unit_test(test_words_of_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
