/* render: workbooks. What stands in their cells is compared in tests/whole/test_sheet.py, by
 * another library; here is what needs documents that no command makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plain_counts.h"
#include "scan/reader.h"
#include "secret/allocator.h"
#include "tavs/render.h"
#include "tavs/secret.h"

enum { FIRST_YEAR = 2017, MOST_YEARS = 9, MOST_PLACES = 8 };

static struct table_heading heading = {CODEBOOK_ENGLISH, false, "2030-01-15"};

static struct tally_counts *counts_of(size_t years)
{
    struct tally_counts *all = plain_counts_2017();
    for (size_t i = 1; i < years; i++) {
        char year[8];
        (void)snprintf(year, sizeof year, "%zu", FIRST_YEAR + i);
        all = plain_counts_join(all, plain_counts_like_2017(year, (unsigned)i, i % 2 == 1));
    }
    return all;
}

static struct table_document *report_of(size_t place_count, size_t year_count)
{
    static const char *const names[MOST_PLACES] = {
        "north", "=2+2", "øst & \"vest\"", "'d'", "e", "f", "g", "h"};
    int years[MOST_YEARS];
    struct table_source places[MOST_PLACES];
    struct tally_counts *counts = counts_of(year_count);
    struct table_document *document;
    struct base_error error;
    for (size_t i = 0; i < year_count; i++)
        years[i] = FIRST_YEAR + (int)i;
    for (size_t i = 0; i < place_count; i++)
        places[i] =
            (struct table_source){.name = place_count == 1 ? NULL : names[i], .counts = counts};
    assert_int_equal(
        table_report_new(&heading, places, place_count, years, year_count, &document, &error),
        BASE_OK);
    plain_counts_free(counts);
    return document;
}

static struct table_document *report(size_t years)
{
    return report_of(1, years);
}

static struct table_document *export(void)
{
    struct tally_counts *counts = plain_counts_2017();
    const struct table_source place = {.counts = counts};
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_export_new(&heading, &place, 1, &document, &error), BASE_OK);
    plain_counts_free(counts);
    return document;
}

static struct render_output render(const struct table_document *document)
{
    struct render_output output = {NULL, 0};
    struct base_error error;
    assert_int_equal(render_document(document, RENDER_XLSX, &output, &error), BASE_OK);
    return output;
}

static bool are_equal(const struct render_output *one, const struct render_output *other)
{
    return one->size == other->size && memcmp(one->bytes, other->bytes, one->size) == 0;
}

/* ---- hidden figures ------------------------------------------------------------------------- */

/* Every `step`th figure of every table from `first` on, totals too: hidden, or given a value. */
static void hide(struct table_document *document, size_t first, size_t step, int64_t value)
{
    for (size_t i = 0; i < document->table_count; i++) {
        struct table *table = document->tables[i];
        for (size_t at = first; at < table->rows * table->columns; at += step) {
            table->statuses[at] = TABLE_HIDDEN;
            table->figures[at] = value;
        }
    }
}

/* Whatever a hidden figure is, no byte of the workbook tells: neither a cell nor a chart's copy of
 * it nor the end of an axis. */
static void check_hidden(struct table_document *document, size_t first, size_t step)
{
    static const int64_t values[] = {1, -4, 4, 987654321};
    hide(document, first, step, 0);
    struct render_output before = render(document);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        hide(document, first, step, values[i]);
        struct render_output after = render(document);
        assert_true(are_equal(&before, &after));
        render_free(&after);
    }
    /* The check can fail: it does where one of them is shown. */
    document->tables[0]->statuses[first] = TABLE_SHOWN;
    struct render_output shown = render(document);
    assert_false(are_equal(&before, &shown));
    render_free(&shown);
    render_free(&before);
    table_document_free(document);
}

static void test_hidden(void **state)
{
    (void)state;
    for (size_t years = 1; years <= MOST_YEARS; years += 4) {
        check_hidden(report(years), 0, 1); /* all of them: there is no chart */
        check_hidden(report(years), 0, 2);
        check_hidden(report(years), 1, 3);
    }
    check_hidden(report_of(2, 1), 0, 2);
    check_hidden(report_of(2, 2), 1, 3);
    check_hidden(report_of(MOST_PLACES, 1), 0, 3);
    check_hidden(export(), 0, 7);
}

static void test_same_document_same_bytes(void **state)
{
    (void)state;
    struct table_document *document = report(4);
    struct render_output one = render(document), other = render(document);
    assert_true(are_equal(&one, &other));
    render_free(&other);
    document->date[9] = '6'; /* the next day */
    other = render(document);
    assert_false(are_equal(&one, &other));
    render_free(&other);
    document->date[0] = '\0'; /* the clock told none: the library must not ask it */
    other = render(document);
    struct render_output again = render(document);
    assert_true(are_equal(&other, &again));
    render_free(&again);
    render_free(&other);
    render_free(&one);
    table_document_free(document);
}

/* ---- what the reader of scan finds in it --------------------------------------------- */

static char gathered[1 << 20];

static bool gather(void *context, const struct scan_cell *cell)
{
    const size_t length = strlen(gathered);
    (void)context;
    (void)snprintf(gathered + length, sizeof gathered - length, "%.*s|", (int)cell->size,
                   cell->text);
    return true;
}

static const char *texts_of(const struct table_document *document)
{
    struct render_output output = render(document);
    (void)strcpy(gathered, "|");
    assert_int_equal(scan_read_xlsx(output.bytes, output.size, gather, NULL), SCAN_READ_OK);
    render_free(&output);
    return gathered;
}

/* Excel opens no workbook with two names alike, or with one that it would not allow. */
static void test_sheet_names(void **state)
{
    (void)state;
    static const char *const captions[] = {
        "[a]:b*c?d/e\\f",
        "'quoted'",
        "Samtaler på alle måder, hver måned for sig",
        "SAMTALER på alle måder, hver måned for sig",
        "\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e"
        "\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e"
        "\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e"
        "\xf0\x9f\x93\x9e", /* 16 characters, 32 units */
    };
    static const char *const names[] = {
        "|-a--b-c-d-e-f|",
        "|-quoted-|",
        "|Samtaler på alle måder, hver må|",
        "|SAMTALER på alle måder, hve (2)|",
        "|\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e"
        "\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e"
        "\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e|",
    };
    struct table_document *document = report(1);
    assert_int_equal(document->table_count, 5);
    for (size_t i = 0; i < 5; i++) {
        document->tables[i]->code = "of no known kind";
        document->tables[i]->caption = captions[i];
    }
    const char *texts = texts_of(document);
    for (size_t i = 0; i < 5; i++)
        if (strstr(texts, names[i]) == NULL)
            fail_msg("no sheet %s", names[i]);
    table_document_free(document);
}

/* Whatever a place is called, its name is a text where it stands in a cell, and fit for a sheet. */
static void test_names_of_places(void **state)
{
    (void)state;
    struct table_document *document = report_of(4, 2);
    const char *texts = texts_of(document);
    assert_non_null(strstr(texts, "|Courses by channel, north|"));
    assert_non_null(strstr(texts, "|Courses by channel, =2+2|"));
    assert_non_null(strstr(texts, "|Courses by channel, øst & \"vest|"));
    assert_non_null(strstr(texts, "|Courses by channel, 'd-|"));
    assert_non_null(strstr(texts, "|=2+2|73|146|")); /* a row of the places' table */
    table_document_free(document);
}

/* An ampersand would be an instruction in a footer, and a long title too long for one. */
static void test_long_titles(void **state)
{
    (void)state;
    char title[1200];
    struct table_document *document = report(1);
    memset(title, '&', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    document->title = title;
    assert_non_null(strstr(texts_of(document), "|Courses by channel|"));
    for (size_t i = 0; i + 2 < sizeof title; i += 2)
        memcpy(title + i, "å", 2);
    assert_non_null(strstr(texts_of(document), "|Courses by channel|"));
    table_document_free(document);
}

/* ---- memory --------------------------------------------------------------------------------- */

#if defined(__SANITIZE_ADDRESS__)
#define LIMITED 0
#elif defined(__has_feature)
#define LIMITED !__has_feature(address_sanitizer)
#else
#define LIMITED 1
#endif

/* What a child that has `room` bytes more than now ends with; -1 if it is killed. */
static int render_within(const struct table_document *document, size_t room)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        unsigned long pages = 0;
        FILE *size = fopen("/proc/self/statm", "r");
        if (size == NULL || fscanf(size, "%lu", &pages) != 1)
            _exit(99);
        (void)fclose(size);
        const rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + room;
        const struct rlimit limit = {bytes, bytes};
        struct render_output output = {NULL, 0};
        struct base_error error;
        if (setrlimit(RLIMIT_AS, &limit) != 0)
            _exit(99);
        _exit((int)render_document(document, RENDER_XLSX, &output, &error));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* libxlsxwriter would crash where it is refused memory; it is refused before. */
static void test_little_memory(void **state)
{
    (void)state;
#if LIMITED
    enum { STEP = 96 << 10, MOST = 8 << 20 };
    if (getenv("TAVS_VALGRIND") != NULL)
        skip();
    struct table_document *document = report(4);
    struct base_error error;
    size_t refused = 0, done = 0;
    assert_int_equal(render_prepare(RENDER_XLSX, &error), BASE_OK);
    (void)malloc_trim(0); /* the heap has what earlier tests needed */
    for (size_t room = 0; room < MOST; room += STEP) {
        const int result = render_within(document, room);
        assert_true(result == BASE_OK || result == BASE_NO_MEMORY);
        refused += result == BASE_OK ? 0 : 1;
        done += result == BASE_OK ? 1 : 0;
    }
    assert_true(refused > 10 && done > 10);
    table_document_free(document);
#else
    skip(); /* AddressSanitizer needs all the addresses there are */
#endif
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
        cmocka_unit_test(test_hidden),      cmocka_unit_test(test_same_document_same_bytes),
        cmocka_unit_test(test_sheet_names), cmocka_unit_test(test_names_of_places),
        cmocka_unit_test(test_long_titles), cmocka_unit_test(test_little_memory),
    };
    return cmocka_run_group_tests_name("render: workbooks", tests, set_up, NULL);
}
