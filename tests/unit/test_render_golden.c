/* render: whole outputs against the files in tests/golden, byte by byte.
 *
 * After an intended change run this with TAVS_GOLDEN=write: it writes the files anew and fails; look at
 * what changed, then run it again without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_counts.h"
#include "tavs/render.h"
#include "tavs/secret.h"

static const char fingerprint[] = "1a2b 3c4d 5e6f 7081 92a3 b4c5 d6e7 f809 1a2b 3c4d";

static struct table_heading in(enum codebook_language language)
{
    const struct table_heading heading = {language, true, "2018-02-01"};
    assert_true(base_speak(language == CODEBOOK_DANISH ? "da" : "en"));
    return heading;
}

static int written; /* files, anew */

static void write_golden(const char *path, const struct render_output *output)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(output->bytes, 1, output->size, file) != output->size ||
        fclose(file) != 0)
        fail_msg("%s: can't write", path);
    written++;
}

static void compare(const struct table_document *document, enum render_format format,
                    const char *name)
{
    struct render_output output;
    struct base_error error;
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/golden/%s", TESTS_DIR, name);
    assert_int_equal(render_document(document, format, &output, &error), BASE_OK);
    const char *order = getenv("TAVS_GOLDEN");
    if (order != NULL && strcmp(order, "write") == 0)
        write_golden(path, &output);

    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s: can't read", path);
    char *golden = calloc(1, output.size + 1); /* one more: a longer file differs */
    assert_non_null(golden);
    const size_t size = fread(golden, 1, output.size + 1, file);
    (void)fclose(file);
    for (size_t i = 0, line = 1; i < output.size && i < size; i++) {
        if (golden[i] != output.bytes[i])
            fail_msg("%s: line %zu differs", path, line);
        line += golden[i] == '\n' ? 1 : 0;
    }
    if (size != output.size)
        fail_msg("%s: length differs", path);
    free(golden);
    render_free(&output);
}

static struct table_source place_of(const struct tally_counts *counts)
{
    return (struct table_source){.fingerprint = fingerprint, .counts = counts, .life = counts};
}

static void compare_report(const struct table_source *places, size_t place_count, const int years[],
                           size_t year_count, enum codebook_language language,
                           enum render_format format, const char *name)
{
    const struct table_heading heading = in(language);
    struct table_document *document;
    struct base_error error;
    assert_int_equal(
        table_report_new(&heading, places, place_count, years, year_count, &document, &error),
        BASE_OK);
    document->version = "0"; /* whatever the build says */
    compare(document, format, name);
    table_document_free(document);
}

static void report_2017(enum codebook_language language, enum render_format format,
                        const char *name)
{
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source place = place_of(counts);
    compare_report(&place, 1, (int[]){2017}, 1, language, format, name);
    plain_counts_free(counts);
}

static void test_report_text_en(void **state)
{
    (void)state;
    report_2017(CODEBOOK_ENGLISH, RENDER_TEXT, "report-2017.en.txt");
}

static void test_report_text_da(void **state)
{
    (void)state;
    report_2017(CODEBOOK_DANISH, RENDER_TEXT, "report-2017.da.txt");
}

static void test_report_markdown_en(void **state)
{
    (void)state;
    report_2017(CODEBOOK_ENGLISH, RENDER_MARKDOWN, "report-2017.en.md");
}

static void test_report_markdown_da(void **state)
{
    (void)state;
    report_2017(CODEBOOK_DANISH, RENDER_MARKDOWN, "report-2017.da.md");
}

static void test_report_json_en(void **state)
{
    (void)state;
    report_2017(CODEBOOK_ENGLISH, RENDER_JSON, "report-2017.en.json");
}

static void test_report_json_da(void **state)
{
    (void)state;
    report_2017(CODEBOOK_DANISH, RENDER_JSON, "report-2017.da.json");
}

/* Four years, one with large figures, one with what must be noted. */
static void test_years(void **state)
{
    (void)state;
    struct tally_counts *counts[] = {plain_counts_like_2017("2015", 4, false),
                                     plain_counts_like_2017("2016", 7, true), plain_counts_2017(),
                                     plain_counts_like_2017("2018", 1, false)};
    *plain_counts_cell(counts[1], 6, PHONE, RELATIVE, 0) = 12345;
    *plain_counts_cell(counts[3], 2, WEB, USER, 1) = -1;
    *plain_counts_cell(counts[0], 2, IN_PERSON, PROFESSIONAL, 4) = 3;
    struct tally_counts *all = counts[0];
    for (size_t i = 1; i < 4; i++)
        all = plain_counts_join(all, counts[i]);
    const struct table_source place = place_of(all);
    static const int years[] = {2015, 2016, 2017, 2018};
    compare_report(&place, 1, years, 4, CODEBOOK_DANISH, RENDER_TEXT, "report-2015-2018.da.txt");
    compare_report(&place, 1, years, 4, CODEBOOK_ENGLISH, RENDER_TEXT, "report-2015-2018.en.txt");
    plain_counts_free(all);
}

/* Two places, which don't offer the same; the second counted more retracted than counted, and lately
 * more second conversations than first ones. */
static struct tally_counts *second_place(void)
{
    struct tally_counts *counts =
        plain_counts_new("2016-01..2017-12", 1u << PHONE | 1u << WEB, 1u << USER | 1u << RELATIVE);
    for (size_t month = 0; month < 24; month++)
        *plain_counts_cell(counts, month, month % 3 == 0 ? WEB : PHONE, month % 2, 0) =
            (int64_t)month % 5;
    *plain_counts_cell(counts, 20, PHONE, RELATIVE, 1) = 40;
    *plain_counts_cell(counts, 21, WEB, USER, 1) = -1;
    return counts;
}

static void compare_places(const int years[], size_t year_count, enum codebook_language language,
                           enum render_format format, const char *name)
{
    struct tally_counts *first =
        plain_counts_join(plain_counts_like_2017("2016", 7, true), plain_counts_2017());
    struct tally_counts *second = second_place();
    const struct table_source places[] = {
        {"Hjørring", fingerprint, first, first},
        {"syd|øst", "9f8e 7d6c 5b4a 3928 1706 f5e4 d3c2 b1a0 9f8e 7d6c", second, second}};
    compare_report(places, 2, years, year_count, language, format, name);
    plain_counts_free(first);
    plain_counts_free(second);
}

static void test_places(void **state)
{
    (void)state;
    static const int years[] = {2016, 2017};
    compare_places(years + 1, 1, CODEBOOK_DANISH, RENDER_TEXT, "places-2017.da.txt");
    compare_places(years + 1, 1, CODEBOOK_ENGLISH, RENDER_TEXT, "places-2017.en.txt");
    compare_places(years + 1, 1, CODEBOOK_ENGLISH, RENDER_MARKDOWN, "places-2017.en.md");
    compare_places(years + 1, 1, CODEBOOK_ENGLISH, RENDER_JSON, "places-2017.en.json");
    compare_places(years, 2, CODEBOOK_ENGLISH, RENDER_TEXT, "places-2016-2017.en.txt");
    compare_places(years, 2, CODEBOOK_ENGLISH, RENDER_JSON, "places-2016-2017.en.json");
}

/* A small place with a cell below zero and one counted that is not offered. */
static struct tally_counts *two_months(void)
{
    struct tally_counts *counts =
        plain_counts_new("2017-11..2017-12", 1u << PHONE, 1u << USER | 1u << RELATIVE);
    *plain_counts_cell(counts, 0, PHONE, USER, 0) = 3;
    *plain_counts_cell(counts, 0, PHONE, RELATIVE, 0) = 12345;
    *plain_counts_cell(counts, 1, PHONE, RELATIVE, 1) = -2;
    *plain_counts_cell(counts, 1, MAIL, PROFESSIONAL, 0) = 1;
    return counts;
}

static void compare_export(enum codebook_language language, enum render_format format,
                           const char *name)
{
    const struct table_heading heading = in(language);
    struct tally_counts *counts = two_months();
    struct table_document *document;
    struct base_error error;
    const struct table_source place = place_of(counts);
    assert_int_equal(table_export_new(&heading, &place, 1, &document, &error), BASE_OK);
    document->version = "0";
    compare(document, format, name);
    table_document_free(document);
    plain_counts_free(counts);
}

static void compare_export_of_places(enum render_format format, const char *name)
{
    const struct table_heading heading = in(CODEBOOK_ENGLISH);
    struct tally_counts *first = two_months();
    struct tally_counts *second = plain_counts_new("2017-11..2017-12", 1u << MAIL, 1u << USER);
    const struct table_source places[] = {{.name = "north, by the sea", .counts = first},
                                          {.name = "south", .counts = second}};
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_export_new(&heading, places, 2, &document, &error), BASE_OK);
    document->version = "0";
    compare(document, format, name);
    table_document_free(document);
    plain_counts_free(first);
    plain_counts_free(second);
}

/* Codes only: the same file in both languages. */
static void test_export_csv(void **state)
{
    (void)state;
    compare_export(CODEBOOK_ENGLISH, RENDER_CSV, "export.csv");
    compare_export(CODEBOOK_DANISH, RENDER_CSV, "export.csv");
    compare_export_of_places(RENDER_CSV, "export-places.csv");
}

static void test_export_excel(void **state)
{
    (void)state;
    compare_export(CODEBOOK_ENGLISH, RENDER_EXCEL_CSV, "export-excel.en.csv");
    compare_export(CODEBOOK_DANISH, RENDER_EXCEL_CSV, "export-excel.da.csv");
    compare_export_of_places(RENDER_EXCEL_CSV, "export-excel-places.en.csv");
}

static void test_export_json(void **state)
{
    (void)state;
    compare_export(CODEBOOK_ENGLISH, RENDER_JSON, "export.en.json");
    compare_export(CODEBOOK_DANISH, RENDER_JSON, "export.da.json");
    compare_export_of_places(RENDER_JSON, "export-places.en.json");
}

static void compare_show(enum codebook_language language, const char *by_text, const char *name)
{
    const struct table_heading heading = in(language);
    struct tally_counts *counts = two_months();
    enum table_dimension by[TABLE_DIMENSIONS];
    size_t by_count;
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_parse_dimensions(by_text, by, &by_count, &error), BASE_OK);
    const struct table_source place = place_of(counts);
    assert_int_equal(table_show_new(&heading, &place, by, by_count, &document, &error), BASE_OK);
    compare(document, RENDER_TEXT, name);
    table_document_free(document);
    plain_counts_free(counts);
}

static void test_show(void **state)
{
    (void)state;
    compare_show(CODEBOOK_DANISH, "måned,part", "show-month-party.da.txt");
    compare_show(CODEBOOK_ENGLISH, "month,party", "show-month-party.en.txt");
    compare_show(CODEBOOK_DANISH, "kanal,samtale", "show-channel-session.da.txt");
}

static int set_up(void **state)
{
    (void)state;
    struct base_error error;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_text_en),
        cmocka_unit_test(test_report_text_da),
        cmocka_unit_test(test_report_markdown_en),
        cmocka_unit_test(test_report_markdown_da),
        cmocka_unit_test(test_report_json_en),
        cmocka_unit_test(test_report_json_da),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_export_csv),
        cmocka_unit_test(test_export_excel),
        cmocka_unit_test(test_export_json),
        cmocka_unit_test(test_show),
    };
    const int failed = cmocka_run_group_tests_name("render: golden files", tests, set_up, NULL);
    if (written > 0)
        fprintf(stderr, "%d golden files written anew: nothing was tested\n", written);
    return failed + written;
}
