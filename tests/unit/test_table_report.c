/* table: the annual report, against figures added up by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plain_counts.h"
#include "tavs/secret.h"
#include "tavs/table.h"

static const struct table_heading heading = {CODEBOOK_DANISH, true, "2019-01-15"};

/* From the first year of the counts to the last. */
static struct table_document *report_of(const struct table_source *places, size_t count)
{
    struct table_document *document;
    struct base_error error;
    const struct base_period period = places->counts->period;
    int years[4];
    size_t year_count = base_period_months(period) / 12;
    for (size_t i = 0; i < year_count; i++)
        years[i] = base_month_year(period.first) + (int)i;
    assert_int_equal(
        table_report_new(&heading, places, count, years, year_count, &document, &error), BASE_OK);
    return document;
}

static struct table_document *report(const struct tally_counts *counts)
{
    const struct table_source place = {.fingerprint = "1a2b 3c4d", .counts = counts};
    return report_of(&place, 1);
}

static const struct table *find_table(const struct table_document *document, const char *code)
{
    for (size_t i = 0; i < document->table_count; i++)
        if (strcmp(document->tables[i]->code, code) == 0)
            return document->tables[i];
    fail_msg("no table %s", code);
    return NULL;
}

/* The figure in the row and column with these codes. */
static int64_t figure(const struct table *table, const char *row_code, const char *column_code)
{
    for (size_t row = 0; row < table->rows; row++)
        for (size_t column = 0; column < table->columns; column++)
            if (strcmp(table->row[row].key[0].code, row_code) == 0 &&
                strcmp(table->column[column].label.code, column_code) == 0)
                return table->figures[table_index(table, row, column)];
    fail_msg("%s: no row %s with column %s", table->code, row_code, column_code);
    return 0;
}

static void assert_rows(const struct table *table, size_t count, const char *const codes[])
{
    assert_int_equal(table->rows, count);
    for (size_t row = 0; row < count; row++)
        assert_string_equal(table->row[row].key[0].code, codes[row]);
}

static void test_one_year(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_2017();
    struct table_document *document = report(counts);

    const struct table *table = find_table(document, "courses-by-channel");
    assert_rows(table, 3, (const char *[]){"in-person", "phone", "total"});
    assert_int_equal(figure(table, "in-person", "2017"), 40);
    assert_int_equal(figure(table, "phone", "2017"), 33);
    assert_int_equal(figure(table, "total", "2017"), 73);
    assert_string_equal(table->row[0].key[0].text, "In person");
    assert_false(table->row[1].total);
    assert_true(table->row[2].total);

    table = find_table(document, "conversations-by-channel");
    assert_int_equal(figure(table, "in-person", "2017"), 88);
    assert_int_equal(figure(table, "phone", "2017"), 48);
    assert_int_equal(figure(table, "total", "2017"), 136);

    table = find_table(document, "courses-by-party");
    assert_rows(table, 4, (const char *[]){"user", "relative", "professional", "total"});
    assert_int_equal(figure(table, "user", "2017"), 16);
    assert_int_equal(figure(table, "relative", "2017"), 48);
    assert_int_equal(figure(table, "professional", "2017"), 9);
    assert_int_equal(figure(table, "total", "2017"), 73);

    table = find_table(document, "courses-by-session");
    assert_rows(table, 5, (const char *[]){"1", "2", "3", "4", "5"});
    assert_int_equal(figure(table, "1", "2017"), 73);
    assert_int_equal(figure(table, "2", "2017"), 34);
    assert_int_equal(figure(table, "3", "2017"), 18);
    assert_int_equal(figure(table, "4", "2017"), 7);
    assert_int_equal(figure(table, "5", "2017"), 4);

    /* March: in person 3 + 0 + 0, telephone 2 + 1 + 0; then 2 + 0 second, 1 + 1 + 1 third, 1 fourth. */
    table = find_table(document, "months");
    assert_int_equal(table->rows, 13);
    assert_int_equal(figure(table, "2017-03", "courses"), 6);
    assert_int_equal(figure(table, "2017-03", "conversations"), 12);
    assert_int_equal(figure(table, "total", "courses"), 73);
    assert_int_equal(figure(table, "total", "conversations"), 136);

    assert_int_equal(document->table_count, 5);
    assert_int_equal(document->note_count, 0);
    assert_true(document->definition_count >= 2);
    assert_string_equal(document->period_text, "2017");
    assert_string_equal(document->date, "2019-01-15");
    assert_int_equal(document->place_count, 1);
    assert_null(document->places[0].name);
    assert_string_equal(document->places[0].fingerprint, "1a2b 3c4d");
    assert_true(document->internal);
    for (size_t i = 0; i < document->table_count; i++) {
        table = document->tables[i];
        for (size_t j = 0; j < table->rows * table->columns; j++)
            assert_int_equal(table->statuses[j], TABLE_SHOWN);
    }
    table_document_free(document);
    plain_counts_free(counts);
}

static void test_years_side_by_side(void **state)
{
    (void)state;
    struct tally_counts *first = plain_counts_2017();
    struct tally_counts *second = plain_counts_like_2017("2018", 3, true);
    struct tally_counts *both = plain_counts_join(first, second);
    struct table_document *document = report(both);

    const struct table *table = find_table(document, "courses-by-channel");
    assert_string_equal(table->column_heading.code, "year");
    assert_int_equal(figure(table, "phone", "2017"), 33);
    assert_int_equal(figure(table, "phone", "2018"), 66);
    assert_int_equal(figure(table, "total", "2018"), 146);

    /* March 2017 became June 2018, doubled. */
    table = find_table(document, "courses-by-month");
    assert_int_equal(table->rows, 13);
    assert_int_equal(figure(table, "03", "2017"), 6);
    assert_int_equal(figure(table, "06", "2018"), 12);
    assert_string_equal(table->row[2].key[0].text, "March");
    assert_int_equal(figure(table, "total", "2017"), 73);
    assert_int_equal(figure(table, "total", "2018"), 146);
    assert_string_equal(document->period_text, "2017, 2018");
    table_document_free(document);
    plain_counts_free(both);
}

static void test_not_offered(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_new("2017", 1u << PHONE, 1u << USER);
    *plain_counts_cell(counts, 4, PHONE, USER, 0) = 7;

    struct table_document *document = report(counts);
    assert_rows(find_table(document, "courses-by-channel"), 2, (const char *[]){"phone", "total"});
    assert_rows(find_table(document, "courses-by-party"), 2, (const char *[]){"user", "total"});
    assert_int_equal(document->note_count, 0);
    table_document_free(document);

    /* Counted all the same, even where the counts add up to nothing. */
    *plain_counts_cell(counts, 2, WEB, RELATIVE, 1) = 1;
    *plain_counts_cell(counts, 3, WEB, RELATIVE, 1) = -1;
    document = report(counts);
    const struct table *table = find_table(document, "courses-by-channel");
    assert_rows(table, 3, (const char *[]){"phone", "web", "total"});
    assert_int_equal(figure(table, "phone", "2017"), 7);
    assert_int_equal(figure(table, "web", "2017"), 0);
    assert_int_equal(figure(table, "total", "2017"), 7);
    assert_rows(find_table(document, "courses-by-party"), 3,
                (const char *[]){"user", "relative", "total"});
    table_document_free(document);
    plain_counts_free(counts);
}

/* What one place does not offer has a row in the sum if another offers it. */
static void test_offer_of_each_place(void **state)
{
    (void)state;
    struct tally_counts *first = plain_counts_new("2016", 1u << PHONE, 1u << USER);
    struct tally_counts *second = plain_counts_new("2016", 1u << MAIL, 1u << RELATIVE);
    const struct table_source places[] = {{.name = "north", .counts = first},
                                          {.name = "south", .counts = second}};
    struct table_document *document = report_of(places, 2);
    assert_rows(find_table(document, "courses-by-channel"), 3,
                (const char *[]){"phone", "mail", "total"});
    assert_rows(find_table(document, "courses-by-party"), 3,
                (const char *[]){"user", "relative", "total"});
    assert_int_equal(document->channels, 1u << PHONE | 1u << MAIL);
    assert_int_equal(document->parties, 1u << USER | 1u << RELATIVE);
    assert_int_equal(document->places[0].channels, 1u << PHONE);
    assert_int_equal(document->places[1].parties, 1u << RELATIVE);
    assert_int_equal(document->note_count, 0);
    table_document_free(document);
    plain_counts_free(first);
    plain_counts_free(second);
}

static void test_dimensions(void **state)
{
    (void)state;
    enum table_dimension by[TABLE_DIMENSIONS];
    size_t count = 0;
    struct base_error error;
    assert_int_equal(table_parse_dimensions("month,channel", by, &count, &error), BASE_OK);
    assert_int_equal(count, 2);
    assert_int_equal(by[0], TABLE_MONTH);
    assert_int_equal(by[1], TABLE_CHANNEL);
    assert_int_equal(table_parse_dimensions("Samtale,part,KANAL,maaned", by, &count, &error),
                     BASE_OK);
    assert_int_equal(count, 4);
    assert_int_equal(by[0], TABLE_SESSION);
    assert_int_equal(by[1], TABLE_PARTY);
    assert_int_equal(by[2], TABLE_CHANNEL);
    assert_int_equal(by[3], TABLE_MONTH);

    static const char *const wrong[] = {
        "",       ",",        "channel,",      ",month",      "colour", "channel,kanal",
        "channe", "channels", "month channel", "party,,month"};
    count = 99;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(table_parse_dimensions(wrong[i], by, &count, &error),
                         BASE_BAD_OPTION_VALUE);
        assert_int_equal(count, 99);
        assert_int_equal(by[0], TABLE_SESSION);
    }
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
        cmocka_unit_test(test_one_year),    cmocka_unit_test(test_years_side_by_side),
        cmocka_unit_test(test_not_offered), cmocka_unit_test(test_offer_of_each_place),
        cmocka_unit_test(test_dimensions),
    };
    return cmocka_run_group_tests_name("table: the annual report", tests, set_up, NULL);
}
