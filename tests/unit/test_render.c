/* render: figures, widths, quoting, hidden figures, the table of formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "plain_counts.h"
#include "render/inside.h"
#include "tavs/secret.h"

#define MARK "Internal: exact figures, not for publication"

static struct table_heading heading = {CODEBOOK_ENGLISH, true, "2019-01-15"};

static struct table_source place_of(const struct tally_counts *counts)
{
    return (struct table_source){.fingerprint = "1a2b 3c4d", .counts = counts, .life = counts};
}

static struct table_document *report(void)
{
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source place = place_of(counts);
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_report_new(&heading, &place, 1, (int[]){2017}, 1, &document, &error),
                     BASE_OK);
    plain_counts_free(counts);
    return document;
}

static struct table_document *tally(void)
{
    static const enum table_dimension by[] = {TABLE_CHANNEL, TABLE_PARTY};
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source place = place_of(counts);
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_show_new(&heading, &place, by, 2, &document, &error), BASE_OK);
    plain_counts_free(counts);
    return document;
}

static struct table_document *export(void)
{
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source place = place_of(counts);
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_export_new(&heading, &place, 1, &document, &error), BASE_OK);
    plain_counts_free(counts);
    return document;
}

static struct render_output render(const struct table_document *document, enum render_format format)
{
    struct render_output output = {NULL, 0};
    struct base_error error;
    assert_int_equal(render_document(document, format, &output, &error), BASE_OK);
    assert_true(render_format_is_binary(format) || strlen(output.bytes) == output.size);
    return output;
}

static size_t count_text(const char *text, const char *wanted)
{
    size_t count = 0;
    while ((text = strstr(text, wanted)) != NULL) {
        count++;
        text += strlen(wanted);
    }
    return count;
}

static void test_figures(void **state)
{
    (void)state;
    static const struct {
        int64_t figure;
        const char *danish, *english, *plain;
    } cases[] = {
        {0, "0", "0", "0"},
        {7, "7", "7", "7"},
        {-3, "-3", "-3", "-3"},
        {9999, "9999", "9999", "9999"},
        {10000, "10.000", "10,000", "10000"},
        {12345, "12.345", "12,345", "12345"},
        {-9999, "-9999", "-9999", "-9999"},
        {-12345, "-12.345", "-12,345", "-12345"},
        {100000, "100.000", "100,000", "100000"},
        {1048575, "1.048.575", "1,048,575", "1048575"},
        {INT64_MAX, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807",
         "9223372036854775807"},
        {INT64_MIN, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808",
         "-9223372036854775808"},
    };
    struct table *table;
    struct base_error error;
    assert_int_equal(table_new("one", 1, 1, 1, &table, &error), BASE_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[FIGURE_TEXT];
        table->figures[0] = cases[i].figure;
        assert_int_equal(figure_format(text, table, 0, 0, CODEBOOK_DANISH),
                         strlen(cases[i].danish));
        assert_string_equal(text, cases[i].danish);
        assert_int_equal(figure_format(text, table, 0, 0, CODEBOOK_ENGLISH),
                         strlen(cases[i].english));
        assert_string_equal(text, cases[i].english);
        struct render_buffer buffer = {NULL, 0, 0, false};
        figure_put_plain(&buffer, table, 0, 0);
        assert_string_equal(buffer.bytes, cases[i].plain);
        buffer_free(&buffer);
    }
    table_free(table);
}

static void test_widths(void **state)
{
    (void)state;
    assert_int_equal(render_width(""), 0);
    assert_int_equal(render_width("telefon"), 7);
    assert_int_equal(render_width("pårørende"), 9);
    assert_int_equal(render_width("pa\xcc\x8arørende"), 9); /* a and a combining ring */
    assert_int_equal(render_width("\xff\xfe"), 2);
    assert_int_equal(render_width("\xc3"), 1);         /* cut off */
    assert_int_equal(render_width("\xc0\xaf"), 2);     /* overlong */
    assert_int_equal(render_width("\xed\xa0\x80"), 3); /* a surrogate */
    assert_int_equal(render_width("\xe2\x80\xa6"), 1); /* … */
    assert_int_equal(render_width("\xf0\x9f\x93"), 3); /* cut off */
}

/* Whatever a hidden figure is, no format shows a trace of it. */
static void check_hidden(struct table_document *document)
{
    static const int64_t values[] = {1, -4, 4, 987654321};
    struct table *table = document->tables[0];
    const size_t last = table->rows * table->columns - 1;
    table->statuses[0] = TABLE_HIDDEN;
    table->statuses[last] = TABLE_HIDDEN;
    for (unsigned i = 0; i < RENDER_FORMATS; i++) {
        const enum render_format format = (enum render_format)i;
        if (!render_format_serves(format, document->kind) || render_format_is_binary(format))
            continue; /* those: tests/unit/test_render_xlsx.c */
        table->figures[0] = table->figures[last] = 3;
        struct render_output before = render(document, format);
        assert_non_null(strstr(before.bytes, ".."));
        for (size_t value = 0; value < sizeof values / sizeof values[0]; value++) {
            table->figures[0] = table->figures[last] = values[value];
            struct render_output after = render(document, format);
            assert_string_equal(before.bytes, after.bytes);
            render_free(&after);
        }
        render_free(&before);
        /* The same figure does show where it is not hidden: the check above can fail. */
        table->statuses[0] = TABLE_SHOWN;
        struct render_output shown = render(document, format);
        const bool plain =
            format == RENDER_CSV || format == RENDER_EXCEL_CSV || format == RENDER_JSON;
        assert_non_null(strstr(shown.bytes, plain ? "987654321" : "987,654,321"));
        render_free(&shown);
        table->statuses[0] = TABLE_HIDDEN;
    }
}

static void test_hidden(void **state)
{
    (void)state;
    struct table_document *documents[] = {report(), tally(), export()};
    for (size_t i = 0; i < 3; i++) {
        check_hidden(documents[i]);
        table_document_free(documents[i]);
    }
}

static void test_hidden_is_explained(void **state)
{
    (void)state;
    static const char legend[] = ".. under 5, or hidden to protect such figures";
    struct table_document *document = report();
    struct render_output output = render(document, RENDER_TEXT);
    assert_int_equal(count_text(output.bytes, legend), 0);
    render_free(&output);
    document->threshold = 5;
    document->tables[1]->statuses[1] = TABLE_HIDDEN;
    output = render(document, RENDER_TEXT);
    assert_int_equal(count_text(output.bytes, legend), 1);
    assert_non_null(strstr(output.bytes, "Conversations by telephone    ..\n"));
    render_free(&output);
    output = render(document, RENDER_MARKDOWN);
    assert_int_equal(count_text(output.bytes, legend), 1);
    assert_non_null(strstr(output.bytes, "| Conversations by telephone | .. |\n"));
    render_free(&output);
    output = render(document, RENDER_JSON);
    assert_non_null(
        strstr(output.bytes, "{\"count\": null, \"status\": \"hidden\", \"symbol\": \"..\"}"));
    render_free(&output);
    table_document_free(document);

    document = export();
    document->tables[0]->statuses[0] = TABLE_HIDDEN;
    output = render(document, RENDER_CSV);
    assert_non_null(strstr(output.bytes, "\r\n2017-01,in-person,user,1,..,hidden\r\n"));
    render_free(&output);
    table_document_free(document);
}

/* The front page, five tables and, where there are notes, those. */
static void test_mark(void **state)
{
    (void)state;
    static const enum render_format for_people[] = {RENDER_TEXT, RENDER_MARKDOWN};
    for (size_t i = 0; i < 2; i++) {
        heading.date = "2017-06-01"; /* gives a note */
        struct table_document *document = report();
        heading.date = "2019-01-15";
        struct render_output output = render(document, for_people[i]);
        assert_int_equal(count_text(output.bytes, MARK), 7);
        render_free(&output);
        document->internal = false;
        output = render(document, for_people[i]);
        assert_int_equal(count_text(output.bytes, "nternal"), 0);
        render_free(&output);
        table_document_free(document);
    }
    struct table_document *document = tally();
    struct render_output output = render(document, RENDER_TEXT);
    assert_int_equal(count_text(output.bytes, MARK), 1);
    render_free(&output);
    table_document_free(document);

    document = export();
    output = render(document, RENDER_CSV);
    assert_int_equal(count_text(output.bytes, ",internal\r\n"), 12 * 2 * 3 * 5);
    assert_int_equal(count_text(output.bytes, "\r\n"), 12 * 2 * 3 * 5 + 1);
    render_free(&output);
    document->internal = false;
    output = render(document, RENDER_CSV);
    assert_int_equal(count_text(output.bytes, ",shown\r\n"), 12 * 2 * 3 * 5);
    render_free(&output);
    table_document_free(document);
}

/* Columns of sessions become lines; totals stay out, so that the column adds up. */
static void assert_holds(const struct render_output *output, const char *text)
{
    if (strstr(output->bytes, text) == NULL)
        fail_msg("no \"%s\"", text);
}

/* Whoever gets a report by itself learns what it is of, from when, what its words mean, and whether it
 * may go further. */
static void test_complete(void **state)
{
    (void)state;
    static const enum render_format formats[] = {RENDER_TEXT, RENDER_MARKDOWN, RENDER_JSON,
                                                 RENDER_HTML};
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source places[] = {{"north", "1a2b 3c4d", counts, counts},
                                          {"south", "5e6f 7a8b", counts, counts}};
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_report_new(&heading, places, 2, (int[]){2017}, 1, &document, &error),
                     BASE_OK);
    document->version = "9.8.7";
    assert_int_equal(document->definition_count, 9);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct render_output output = render(document, formats[i]);
        const char *date = formats[i] == RENDER_JSON ? "2019-01-15" : "15 January 2019";
        const char *const parts[] = {"2017",      date,        "9.8.7", "north",
                                     "1a2b 3c4d", "5e6f 7a8b", "south", MARK};
        for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++)
            assert_holds(&output, parts[part]);
        for (size_t j = 0; j < document->definition_count; j++) {
            char words[16]; /* the first: text is broken into lines */
            (void)snprintf(words, sizeof words, "%s", document->definitions[j].text);
            assert_holds(&output, document->definitions[j].term);
            assert_holds(&output, words);
        }
        render_free(&output);
    }
    table_document_free(document);
    plain_counts_free(counts);
}

static void test_csv_of_a_tally(void **state)
{
    (void)state;
    struct table_document *document = tally();
    struct render_output output = render(document, RENDER_CSV);
    static const char first[] = "channel,party,session,count,status\r\n"
                                "in-person,user,1,9,internal\r\n"
                                "in-person,user,2,5,internal\r\n";
    assert_memory_equal(output.bytes, first, sizeof first - 1);
    assert_null(strstr(output.bytes, "total"));
    assert_int_equal(count_text(output.bytes, "\r\n"), 1 + 2 * 3 * 5);
    render_free(&output);
    table_document_free(document);
}

static void test_csv_quotes(void **state)
{
    (void)state;
    struct table_document *document = export();
    document->tables[0]->row[0].key[0].code = "a,b";
    document->tables[0]->row[0].key[1].code = "say \"hi\"";
    document->tables[0]->row[0].key[2].code = "two\r\nlines";
    struct render_output output = render(document, RENDER_CSV);
    assert_non_null(
        strstr(output.bytes, "\r\n\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",1,1,internal\r\n"));
    render_free(&output);
    table_document_free(document);
}

/* What begins like a formula is made a text, also where it needs quotes; a number is not a text. */
static void test_excel_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"=1+1", "\r\n'=1+1;"},   {"+45", "\r\n'+45;"},       {"-x", "\r\n'-x;"},
        {"@SUM", "\r\n'@SUM;"},   {"\tx", "\r\n\"'\tx\";"},   {"\rx", "\r\n\"'\rx\";"},
        {"\nx", "\r\n\"'\nx\";"}, {"=a;b", "\r\n\"'=a;b\";"}, {"=\"a\"", "\r\n\"'=\"\"a\"\"\";"},
        {"a=b", "\r\na=b;"},      {"1,5", "\r\n1,5;"},
    };
    struct table_document *document = export();
    document->tables[0]->figures[0] = -3;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        document->tables[0]->row[0].key[0].text = cases[i].text;
        struct render_output output = render(document, RENDER_EXCEL_CSV);
        if (strstr(output.bytes, cases[i].field) == NULL)
            fail_msg("not %s", cases[i].field);
        assert_int_equal(count_text(output.bytes, ";-3;internal\r\n"), 1);
        render_free(&output);
    }
    document->tables[0]->key_heading[0].text = "=1+1";
    struct render_output output = render(document, RENDER_EXCEL_CSV);
    static const char first[] = "\xef\xbb\xbf'=1+1;";
    assert_memory_equal(output.bytes, first, sizeof first - 1);
    render_free(&output);
    table_document_free(document);
}

/* Whoever reads codes gets them as they are. */
static void test_csv_changes_no_code(void **state)
{
    (void)state;
    struct table_document *document = export();
    document->tables[0]->row[0].key[0].code = "=1+1";
    struct render_output output = render(document, RENDER_CSV);
    assert_non_null(strstr(output.bytes, "\r\n=1+1,in-person,"));
    render_free(&output);
    table_document_free(document);
}

static void test_markdown_escapes(void **state)
{
    (void)state;
    struct table_document *document = tally();
    document->tables[0]->row[0].key[0].text = "a|b*c_d<e>`f`\\";
    struct render_output output = render(document, RENDER_MARKDOWN);
    assert_non_null(strstr(output.bytes, "\n| a\\|b\\*c\\_d\\<e\\>\\`f\\`\\\\ | user |"));
    render_free(&output);
    table_document_free(document);
}

/* Wide enough for the widest label and figure, however many bytes they take. */
static void test_text_lines_up(void **state)
{
    (void)state;
    heading.language = CODEBOOK_DANISH;
    struct table_document *document = tally();
    heading.language = CODEBOOK_ENGLISH;
    document->tables[0]->figures[7] = 12345;
    struct render_output output = render(document, RENDER_TEXT);
    const char *line = strstr(output.bytes, "---------  ---------  ");
    assert_non_null(line);
    const size_t width = strcspn(line, "\n");
    assert_non_null(strstr(output.bytes, "personlig  pårørende   27  12.345   11"));
    for (size_t row = 0; row < document->tables[0]->rows; row++) {
        line += strcspn(line, "\n") + 1;
        char text[256];
        (void)snprintf(text, sizeof text, "%.*s", (int)strcspn(line, "\n"), line);
        assert_int_equal(render_width(text), width);
    }
    render_free(&output);
    table_document_free(document);
}

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum table_kind kind;
        bool served;
    } cases[] = {
        {"text", TABLE_REPORT, true},   {"markdown", TABLE_REPORT, true},
        {"json", TABLE_REPORT, true},   {"csv", TABLE_REPORT, false},
        {"csv", TABLE_EXPORT, true},    {"json", TABLE_EXPORT, true},
        {"text", TABLE_EXPORT, false},  {"text", TABLE_SHOW, true},
        {"Text", TABLE_REPORT, false},  {"", TABLE_REPORT, false},
        {"texts", TABLE_REPORT, false}, {"pdf", TABLE_EXPORT, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum render_format format = RENDER_FORMATS;
        struct base_error error;
        const enum base_code code =
            render_find_format(cases[i].name, cases[i].kind, &format, &error);
        assert_int_equal(code, cases[i].served ? BASE_OK : BASE_BAD_OPTION_VALUE);
        if (cases[i].served)
            assert_string_equal(render_format_name(format), cases[i].name);
        else
            assert_int_equal(format, RENDER_FORMATS);
    }
}

static void test_nothing_to_free(void **state)
{
    (void)state;
    struct render_output nothing = {NULL, 0};
    render_free(&nothing);
    table_free(NULL);
    table_document_free(NULL);
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
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_hidden_is_explained),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_csv_of_a_tally),
        cmocka_unit_test(test_csv_quotes),
        cmocka_unit_test(test_excel_formulas),
        cmocka_unit_test(test_csv_changes_no_code),
        cmocka_unit_test(test_markdown_escapes),
        cmocka_unit_test(test_text_lines_up),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_nothing_to_free),
    };
    return cmocka_run_group_tests_name("render", tests, set_up, NULL);
}
