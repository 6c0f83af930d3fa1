/* table: the data rules become notes, and nothing is repaired. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plain_counts.h"
#include "tavs/secret.h"
#include "tavs/table.h"

static struct table_document *export_of(const struct tally_counts *counts,
                                        const struct tally_counts *life,
                                        enum codebook_language language)
{
    const struct table_heading heading = {language, true, "2019-01-15"};
    struct table_document *document;
    struct base_error error;
    const struct table_source place = {.counts = counts, .life = life};
    assert_int_equal(table_export_new(&heading, &place, 1, &document, &error), BASE_OK);
    return document;
}

static void assert_note(const struct table_note *note, const char *code, base_month month,
                        int channel, int party, int session)
{
    assert_string_equal(note->code, code);
    assert_int_equal(note->month, month);
    assert_int_equal(note->value[CODEBOOK_CHANNEL], channel);
    assert_int_equal(note->value[CODEBOOK_PARTY], party);
    assert_int_equal(note->value[CODEBOOK_SESSION], session);
}

static void test_below_zero(void **state)
{
    (void)state;
    struct tally_counts *counts =
        plain_counts_new("2017", CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES);
    *plain_counts_cell(counts, 2, PHONE, RELATIVE, 1) = -1;
    *plain_counts_cell(counts, 3, PHONE, RELATIVE, 0) = 5;
    struct table_document *document = export_of(counts, NULL, CODEBOOK_DANISH);
    assert_int_equal(document->note_count, 1);
    assert_note(&document->notes[0], "cell-below-zero", (base_month)(2017 * 12 + 2), PHONE,
                RELATIVE, 1);
    assert_string_equal(document->notes[0].text,
                        "March 2017, telefon, pårørende, 2. samtale: more retracted than counted.");
    /* Noted, not repaired. */
    assert_int_equal(
        document->tables[0]->figures[2 * CODEBOOK_CELLS + (PHONE * 3 + RELATIVE) * 5 + 1], -1);
    table_document_free(document);
    plain_counts_free(counts);
}

static void test_sessions(void **state)
{
    (void)state;
    struct tally_counts *counts =
        plain_counts_new("2017-02", CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES);
    struct tally_counts *life =
        plain_counts_new("2016-01..2017-12", CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES);
    /* Two courses begun by mail in one year may go on by telephone in the next. */
    *plain_counts_cell(life, 0, MAIL, USER, 0) = 2;
    *plain_counts_cell(life, 13, PHONE, USER, 1) = 2;
    *plain_counts_cell(life, 20, WEB, USER, 2) = 2;
    /* Nine relatives' second conversations don't make room for a user's third. */
    *plain_counts_cell(life, 5, PHONE, RELATIVE, 0) = 9;
    *plain_counts_cell(life, 5, PHONE, RELATIVE, 1) = 9;
    struct table_document *document = export_of(counts, life, CODEBOOK_ENGLISH);
    assert_int_equal(document->note_count, 0);
    table_document_free(document);

    *plain_counts_cell(life, 21, WEB, USER, 2) = 1;
    document = export_of(counts, life, CODEBOOK_ENGLISH);
    assert_int_equal(document->note_count, 1);
    assert_note(&document->notes[0], "session-exceeds", 0, TABLE_NO_VALUE, USER, 2);
    assert_string_equal(
        document->notes[0].text,
        "user, January 2016 to December 2017 (all that was ever counted): \"3rd conversation\" was "
        "counted more often than \"2nd conversation\".");
    table_document_free(document);

    document = export_of(counts, NULL, CODEBOOK_ENGLISH);
    assert_int_equal(document->note_count, 0);
    table_document_free(document);
    plain_counts_free(life);
    plain_counts_free(counts);
}

static void test_not_offered(void **state)
{
    (void)state;
    struct tally_counts *counts = plain_counts_new("2017-02", 1u << PHONE, 1u << USER);
    *plain_counts_cell(counts, 0, WEB, PROFESSIONAL, 0) = 1;
    struct table_document *document = export_of(counts, NULL, CODEBOOK_DANISH);
    assert_int_equal(document->note_count, 2);
    assert_note(&document->notes[0], "not-offered-counted", 0, WEB, TABLE_NO_VALUE, TABLE_NO_VALUE);
    assert_note(&document->notes[1], "not-offered-counted", 0, TABLE_NO_VALUE, PROFESSIONAL,
                TABLE_NO_VALUE);
    assert_non_null(strstr(document->notes[0].text, "hjemmeside"));
    assert_non_null(strstr(document->notes[1].text, "fagperson"));
    table_document_free(document);
    plain_counts_free(counts);
}

static size_t notes_of_report_on(const char *date)
{
    const struct table_heading heading = {CODEBOOK_ENGLISH, true, date};
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source place = {.counts = counts, .life = counts};
    static const int year[] = {2017};
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_report_new(&heading, &place, 1, year, 1, &document, &error), BASE_OK);
    const size_t notes = document->note_count;
    if (notes > 0)
        assert_string_equal(document->notes[0].code, "period-not-over");
    table_document_free(document);
    plain_counts_free(counts);
    return notes;
}

static void test_year_not_over(void **state)
{
    (void)state;
    assert_int_equal(notes_of_report_on("2017-12-31"), 1);
    assert_int_equal(notes_of_report_on("2016-05-01"), 1);
    assert_int_equal(notes_of_report_on("2018-01-01"), 0);
    assert_int_equal(notes_of_report_on(NULL), 0); /* today */
}

/* ---- months that are not closed ------------------------------------------------------------------ */

static base_month month_of(const char *text)
{
    base_month month;
    struct base_error error;
    assert_int_equal(base_month_parse(text, &month, &error), BASE_OK);
    return month;
}

/* The note on open months of these years, reported on a day, of a place that has closed its months up
 * to one, or none; the first month that it names goes to `first`. No other note but that the year was
 * not over comes before it, and none comes after it. */
static char *open_months(const char *period, const int *years, size_t year_count, const char *date,
                         const char *closed, base_month *first)
{
    const struct table_heading heading = {CODEBOOK_ENGLISH, true, date};
    struct tally_counts *counts =
        plain_counts_new(period, CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES);
    const struct table_source place = {.counts = counts, .life = counts};
    struct table_document *document;
    struct base_error error;
    counts->closed_through = closed == NULL ? 0 : month_of(closed);
    assert_int_equal(table_report_new(&heading, &place, 1, years, year_count, &document, &error),
                     BASE_OK);
    assert_int_equal(document->closed_through, counts->closed_through);
    char *text = NULL;
    *first = 0;
    for (size_t i = 0; i < document->note_count; i++) {
        const struct table_note *note = &document->notes[i];
        assert_null(text);
        if (strcmp(note->code, "months-open") != 0) {
            assert_string_equal(note->code, "period-not-over");
            continue;
        }
        assert_int_equal(note->place, TABLE_ALL_PLACES);
        *first = note->month;
        text = strdup(note->text);
        assert_non_null(text);
    }
    table_document_free(document);
    plain_counts_free(counts);
    return text;
}

static void test_open_months(void **state)
{
    static const char none[] =
        "No month of the period has been closed: the figures may still change.";
    static const struct {
        const char *date, *closed, *text, *first;
    } cases[] = {
        {"2018-02-01", NULL, none, "2017-01"},
        {"2018-02-01", "2016-12", none, "2017-01"},
        {"2018-02-01", "2017-09",
         "Not closed yet: October to December 2017. The figures may still change.", "2017-10"},
        {"2018-02-01", "2017-11", "Not closed yet: December 2017. The figures may still change.",
         "2017-12"},
        {"2018-02-01", "2017-12", NULL, NULL},
        {"2018-02-01", "2018-01", NULL, NULL},
        {"2018-01-01", "2017-11", "Not closed yet: December 2017. The figures may still change.",
         "2017-12"},
        /* What has not ended is open by nature. */
        {"2017-12-31", "2017-11", NULL, NULL},
        {"2017-07-14", "2017-04", "Not closed yet: May to June 2017. The figures may still change.",
         "2017-05"},
        {"2017-07-14", NULL, none, "2017-01"},
        {"2017-02-01", NULL, "Not closed yet: January 2017. The figures may still change.",
         "2017-01"},
        {"2017-01-31", NULL, NULL, NULL},
        {"2016-05-01", NULL, NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_month first;
        char *text = open_months("2017", (int[]){2017}, 1, cases[i].date, cases[i].closed, &first);
        if (cases[i].text == NULL) {
            assert_null(text);
        } else {
            assert_non_null(text);
            assert_string_equal(text, cases[i].text);
            assert_int_equal(first, month_of(cases[i].first));
        }
        free(text);
    }
}

/* Years that don't follow each other: months between them are nobody's business. */
static void test_open_months_of_years(void **state)
{
    static const struct {
        const char *date, *closed, *text;
    } cases[] = {
        {"2018-02-01", "2015-06",
         "Not closed yet: July 2015 to December 2017. The figures may still change."},
        {"2018-02-01", "2015-12",
         "Not closed yet: January to December 2017. The figures may still change."},
        {"2018-02-01", "2016-06",
         "Not closed yet: January to December 2017. The figures may still change."},
        {"2018-02-01", "2014-12",
         "No month of the period has been closed: the figures may still change."},
        {"2016-07-01", "2015-06",
         "Not closed yet: July to December 2015. The figures may still change."},
        {"2018-02-01", "2017-12", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_month first;
        char *text = open_months("2015-01..2017-12", (int[]){2015, 2017}, 2, cases[i].date,
                                 cases[i].closed, &first);
        if (cases[i].text == NULL) {
            assert_null(text);
        } else {
            assert_non_null(text);
            assert_string_equal(text, cases[i].text);
        }
        free(text);
    }
}

/* Each place has its own; together they have closed what all have. */
static void test_open_months_of_places(void **state)
{
    const struct table_heading heading = {CODEBOOK_ENGLISH, true, "2018-02-01"};
    struct tally_counts *counts[3];
    struct table_source places[3] = {{.name = "north"}, {.name = "south"}, {.name = "west"}};
    static const char *const closed[] = {"2017-11", "2017-12", "2017-10"};
    struct table_document *document;
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        counts[i] = plain_counts_2017();
        counts[i]->closed_through = month_of(closed[i]);
        places[i].counts = counts[i];
    }
    assert_int_equal(table_export_new(&heading, places, 3, &document, &error), BASE_OK);
    assert_int_equal(document->closed_through, month_of("2017-10"));
    assert_string_equal(document->closed_text, "October 2017");
    assert_int_equal(document->places[1].closed_through, month_of("2017-12"));
    assert_int_equal(document->note_count, 2);
    assert_int_equal(document->notes[0].place, 0);
    assert_string_equal(document->notes[0].text,
                        "north: Not closed yet: December 2017. The figures may still change.");
    assert_int_equal(document->notes[1].place, 2);
    assert_int_equal(document->notes[1].month, month_of("2017-11"));
    table_document_free(document);

    counts[1]->closed_through = 0;
    assert_int_equal(table_export_new(&heading, places, 3, &document, &error), BASE_OK);
    assert_int_equal(document->closed_through, 0);
    assert_string_equal(document->closed_text, "no month");
    table_document_free(document);
    for (size_t i = 0; i < 3; i++)
        plain_counts_free(counts[i]);
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
        cmocka_unit_test(test_below_zero),
        cmocka_unit_test(test_sessions),
        cmocka_unit_test(test_not_offered),
        cmocka_unit_test(test_year_not_over),
        cmocka_unit_test(test_open_months),
        cmocka_unit_test(test_open_months_of_years),
        cmocka_unit_test(test_open_months_of_places),
    };
    return cmocka_run_group_tests_name("table: data rules", tests, set_up, NULL);
}
