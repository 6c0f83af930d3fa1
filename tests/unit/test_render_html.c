/* render: the HTML report. What a browser makes of it is for tests/whole/test_html.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_counts.h"
#include "render/inside.h"
#include "tavs/secret.h"

#define MARK "Internal: exact figures, not for publication"

static struct table_heading heading = {CODEBOOK_ENGLISH, true, "2019-01-15"};

/* Of so many years, 2017 first, and places; the second offers the web page in place of the telephone. */
static struct table_document *report_of_places(size_t place_count, size_t year_count)
{
    struct tally_counts *counts[2];
    for (unsigned i = 0; i < 2; i++)
        counts[i] = plain_counts_join(plain_counts_like_2017("2017", 2 * i, false),
                                      plain_counts_like_2017("2018", 3 + i, true));
    counts[1]->channels = 1u << IN_PERSON | 1u << WEB;
    for (size_t month = 0; month < 24; month++)
        for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++)
            for (unsigned party = 0; party < 3; party++)
                *plain_counts_cell(counts[1], month, PHONE, party, session) = 0;
    struct table_source places[] = {{"north", "1a2b 3c4d", counts[0], counts[0]},
                                    {"<south>", "5e6f 7081", counts[1], counts[1]}};
    if (place_count == 1)
        places[0].name = NULL;
    static const int years[] = {2017, 2018};
    struct table_document *document;
    struct base_error error;
    assert_int_equal(
        table_report_new(&heading, places, place_count, years, year_count, &document, &error),
        BASE_OK);
    plain_counts_free(counts[0]);
    plain_counts_free(counts[1]);
    return document;
}

static struct table_document *report(size_t year_count)
{
    return report_of_places(1, year_count);
}

static struct render_output render(const struct table_document *document)
{
    struct render_output output = {NULL, 0};
    struct base_error error;
    assert_int_equal(render_document(document, RENDER_HTML, &output, &error), BASE_OK);
    assert_int_equal(strlen(output.bytes), output.size);
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

/* ---- text ----------------------------------------------------------------------------------- */

static void check_text(const char *text, size_t characters, const char *expected)
{
    struct render_buffer buffer = {NULL, 0, 0, false};
    buffer_put(&buffer, "");
    markup_put_start(&buffer, text, characters);
    assert_string_equal(buffer.bytes, expected);
    buffer_free(&buffer);
}

static void test_text(void **state)
{
    (void)state;
    check_text("pårørende – 1. samtale'", SIZE_MAX, "pårørende – 1. samtale'");
    check_text("<b a=\"x\">&amp;", SIZE_MAX, "&lt;b a=&quot;x&quot;&gt;&amp;amp;");
    check_text("a\tb\nc", SIZE_MAX, "a\tb\nc");
    check_text("a\rb\x01\x1f\x7f", SIZE_MAX, "a�b���");
    check_text("\xc2\x80\xc2\x9f\xc2\xa0", SIZE_MAX, "��\xc2\xa0");
    check_text("\xef\xb7\x90|\xef\xbf\xbe|\xf0\x9f\xbf\xbf|\xf0\x9f\x98\x80", SIZE_MAX, "�|�|�|😀");
    check_text("\xff<\xc3", SIZE_MAX, "�&lt;�");
    check_text("\xed\xa0\x80", SIZE_MAX, "���"); /* a surrogate */
    check_text("årsag", 3, "års");
    check_text("<&>", 2, "&lt;&amp;");
    check_text("å", 3, "å");
    check_text("å", 0, "");
}

/* Wherever a text of the document goes, it goes as text. */
static void test_everything_is_escaped(void **state)
{
    (void)state;
    static const char bad[] = "</title></style><script>\"&'\x02";
    static const char good[] = "&lt;/title&gt;&lt;/style&gt;&lt;script&gt;&quot;&amp;'�";
    heading.date = "2017-06-01"; /* gives a note */
    struct table_document *document = report(2);
    heading.date = "2019-01-15";
    document->title = document->version = document->period_text = bad;
    document->places[0].fingerprint = bad;
    for (size_t i = 0; i < document->definition_count; i++)
        document->definitions[i].term = document->definitions[i].text = bad;
    assert_true(document->note_count > 0);
    document->notes[0].text = bad;
    for (size_t i = 0; i < document->table_count; i++) {
        struct table *table = document->tables[i];
        table->caption = table->key_heading[0].text = table->column_heading.text = bad;
        for (size_t row = 0; row < table->rows; row++)
            table->row[row].key[0].text = bad;
        for (size_t column = 0; column < table->columns; column++)
            table->column[column].label.text = bad;
    }
    struct render_output output = render(document);
    assert_null(strstr(output.bytes, "<script"));
    assert_null(strstr(output.bytes, "&'"));
    assert_int_equal(count_text(output.bytes, "</style>"), 1);
    assert_int_equal(count_text(output.bytes, "</title>"), 1 + count_text(output.bytes, "<svg"));
    assert_true(count_text(output.bytes, good) > 100);
    render_free(&output);
    table_document_free(document);
}

/* ---- hidden figures ------------------------------------------------------------------------- */

/* Rendered with this and that value in a hidden figure's place: the same bytes. */
static void check_value_is_nowhere(const struct table_document *document, int64_t *figure)
{
    static const int64_t values[] = {0, 4, -4, 12345, 987654321, INT64_MAX, INT64_MIN};
    const int64_t kept = *figure;
    struct render_output before = render(document);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        *figure = values[i];
        struct render_output after = render(document);
        assert_int_equal(before.size, after.size);
        assert_memory_equal(before.bytes, after.bytes, before.size);
        render_free(&after);
    }
    *figure = kept;
    render_free(&before);
}

static void check_each(struct table_document *document)
{
    for (size_t i = 0; i < document->table_count; i++) {
        struct table *table = document->tables[i];
        for (size_t at = 0; at < table->rows * table->columns; at++) {
            const enum table_status kept = table->statuses[at];
            table->statuses[at] = TABLE_HIDDEN;
            check_value_is_nowhere(document, &table->figures[at]);
            table->statuses[at] = kept;
        }
    }
    table_document_free(document);
}

/* Each figure hidden alone: the smallest, the largest that sets the scale, a total. */
static void test_hidden_value_is_nowhere(void **state)
{
    (void)state;
    check_each(report(1));
    check_each(report(2));
    check_each(report_of_places(2, 1));
}

/* All of a table hidden, and all but one. */
static void test_hidden_together(void **state)
{
    (void)state;
    struct table_document *document = report(2);
    for (size_t i = 0; i < document->table_count; i++) {
        struct table *table = document->tables[i];
        for (size_t at = 0; at < table->rows * table->columns; at++)
            table->statuses[at] = TABLE_HIDDEN;
    }
    check_value_is_nowhere(document, &document->tables[4]->figures[3]);
    document->tables[4]->statuses[0] = TABLE_SHOWN;
    check_value_is_nowhere(document, &document->tables[4]->figures[3]);
    table_document_free(document);
}

static void test_hidden_is_explained(void **state)
{
    (void)state;
    static const char legend[] = ".. under 5, or hidden to protect such figures";
    struct table_document *document = report(1);
    struct render_output output = render(document);
    assert_int_equal(count_text(output.bytes, legend), 0);
    assert_int_equal(count_text(output.bytes, "class=\"hatch\""), 0);
    render_free(&output);
    document->threshold = 5;
    document->tables[1]->statuses[1] = TABLE_HIDDEN;
    output = render(document);
    assert_int_equal(count_text(output.bytes, legend), 1);
    assert_int_equal(count_text(output.bytes, "class=\"hatch\""), 1);
    assert_int_equal(count_text(output.bytes, "<td>..</td>"), 1);
    assert_non_null(strstr(output.bytes, "<desc id=\"figures-2-1\">Conversations in person 88, "
                                         "Conversations by telephone ..</desc>"));
    render_free(&output);
    table_document_free(document);
}

/* ---- pictures ------------------------------------------------------------------------------- */

struct bar {
    const char *label;
    int64_t figure;
    bool hidden, total;
};

/* A table of one year, by `key`. */
static struct table *column_of(const char *key, const struct bar *bars, size_t count)
{
    struct table *table;
    struct base_error error;
    assert_int_equal(table_new("some", 1, count, 1, &table, &error), BASE_OK);
    table->caption = "Caption";
    table->key_heading[0].code = key;
    table->column_heading.code = "year";
    table->column[0].label.text = "2017";
    for (size_t i = 0; i < count; i++) {
        table->row[i].key[0].text = bars[i].label;
        table->row[i].total = bars[i].total;
        table->figures[i] = bars[i].figure;
        table->statuses[i] = bars[i].hidden ? TABLE_HIDDEN : TABLE_SHOWN;
    }
    return table;
}

static struct render_buffer draw(const struct table *table)
{
    struct render_buffer buffer = {NULL, 0, 0, false};
    buffer_put(&buffer, "");
    chart_put(&buffer, table, CODEBOOK_DANISH, 7);
    assert_false(buffer.failed);
    return buffer;
}

/* On one scale from zero: 40 takes all of the room that the figures leave, 20 half of it. What is hidden
 * has its mark, what is below zero no bar, the total no place. */
static void test_lying_bars(void **state)
{
    (void)state;
    static const struct bar bars[] = {{"personlig", 40, false, false},
                                      {"telefon", 20, false, false},
                                      {"mail", 3, true, false},
                                      {"web", -1, false, false},
                                      {"I alt", 62, false, true}};
    struct table *table = column_of("channel", bars, 5);
    struct render_buffer buffer = draw(table);
    assert_string_equal(
        buffer.bytes,
        "<div class=\"charts\">\n<figure>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"picture-7-1\" "
        "aria-describedby=\"figures-7-1\" width=\"320\" height=\"150\" viewBox=\"0 0 320 150\">\n"
        "<title id=\"picture-7-1\">Caption: 2017</title>\n"
        "<desc id=\"figures-7-1\">personlig 40, telefon 20, mail .., web -1</desc>\n"
        "<text class=\"label\" x=\"0\" y=\"11\">personlig</text>"
        "<rect x=\"0\" y=\"16\" width=\"296\" height=\"13\"/>"
        "<line x1=\"0\" y1=\"15\" x2=\"0\" y2=\"30\"/>"
        "<text class=\"figure\" x=\"302\" y=\"27\">40</text>\n"
        "<text class=\"label\" x=\"0\" y=\"51\">telefon</text>"
        "<rect x=\"0\" y=\"56\" width=\"148\" height=\"13\"/>"
        "<line x1=\"0\" y1=\"55\" x2=\"0\" y2=\"70\"/>"
        "<text class=\"figure\" x=\"154\" y=\"67\">20</text>\n"
        "<text class=\"label\" x=\"0\" y=\"91\">mail</text>"
        "<path class=\"hatch\" d=\"M0 96m.5.5h11v13h-11zm0 6l6-6m-6 12l11-11m-6 12l6-6\"/>"
        "<line x1=\"0\" y1=\"95\" x2=\"0\" y2=\"110\"/>"
        "<text class=\"figure\" x=\"18\" y=\"107\">..</text>\n"
        "<text class=\"label\" x=\"0\" y=\"131\">web</text>"
        "<line x1=\"0\" y1=\"135\" x2=\"0\" y2=\"150\"/>"
        "<text class=\"figure\" x=\"6\" y=\"147\">-1</text>\n"
        "</svg></figure>\n</div>\n");
    buffer_free(&buffer);
    table_free(table);
}

/* Months stand, under the beginnings of their names; a single contact is no tower. */
static void test_standing_bars(void **state)
{
    (void)state;
    static const struct bar bars[] = {
        {"januar", 5, false, false}, {"må<ned", 1, false, false}, {"marts", 9, true, false}};
    struct table *table = column_of("month", bars, 3);
    struct render_buffer buffer = draw(table);
    assert_non_null(strstr(buffer.bytes, "width=\"78\" height=\"124\" viewBox=\"0 0 78 124\">"));
    assert_non_null(strstr(buffer.bytes,
                           "<rect x=\"5\" y=\"60\" width=\"17\" height=\"44\"/>"
                           "<text class=\"label middle\" x=\"13\" y=\"119\">jan</text>"
                           "<text class=\"figure middle\" x=\"13\" y=\"55\">5</text>\n"
                           "<rect x=\"31\" y=\"95\" width=\"17\" height=\"9\"/>"
                           "<text class=\"label middle\" x=\"39\" y=\"119\">må&lt;</text>"
                           "<text class=\"figure middle\" x=\"39\" y=\"90\">1</text>\n"
                           "<path class=\"hatch\" d=\"M59 90m"));
    buffer_free(&buffer);
    table_free(table);
}

static const char *after(const char *text, const char *wanted)
{
    const char *found = strstr(text, wanted);
    if (found == NULL)
        fail_msg("not there: %s", wanted);
    return found + strlen(wanted);
}

/* Years side by side: a panel for each row, that of the total first; how far courses get: a panel for each
 * year; all on one scale. */
static void test_several_years(void **state)
{
    (void)state;
    struct table_document *document = report(2);
    struct render_output output = render(document);
    const char *at = after(output.bytes, "id=\"table-1\">Courses begun, by channel</h2>");
    at = after(at, "<figcaption>Courses in all</figcaption>");
    at = after(at, "<desc id=\"figures-1-3\">2017 73, 2018 146</desc>");
    at = after(at, "height=\"44\"/>");
    at = after(at, "height=\"88\"/>");
    at = after(at, "<figcaption>In person</figcaption>");
    at = after(at, "<desc id=\"figures-1-1\">2017 40, 2018 80</desc>");
    at = after(at, "height=\"24\"/>");
    at = after(at, "height=\"48\"/>");
    at = after(at, "<figcaption>By telephone</figcaption>");
    at = after(at, "id=\"table-4\">Courses that reached their 1st to 5th conversation</h2>");
    at = after(at, "<figcaption>2017</figcaption>");
    at = after(at, "<desc id=\"figures-4-1\">1st conversation 73, 2nd conversation 34, ");
    at = after(at, "<figcaption>2018</figcaption>");
    at = after(at, "id=\"table-5\">Courses begun, by month</h2>");
    at = after(at, "<figcaption>2017</figcaption>");
    at = after(at, "<desc id=\"figures-5-1\">January 7, February 7, ");
    at = after(at, "<figcaption>2018</figcaption>");
    assert_int_equal(count_text(output.bytes, "<svg"), 3 + 3 + 4 + 2 + 2);
    assert_null(strstr(output.bytes, "class=\"first\""));
    render_free(&output);
    table_document_free(document);
}

/* Several places: a panel for each, that of all first; what one does not offer is no bar and no zero. */
static void test_several_places(void **state)
{
    (void)state;
    struct table_document *document = report_of_places(2, 1);
    struct render_output output = render(document);
    const char *at = after(output.bytes, "<dt>Place</dt><dd>north");
    at = after(at, "\n<dd>&lt;south&gt;");
    at = after(at, "<dt>Courses</dt><dd>113</dd>"); /* 73 and 40 */
    at = after(at, "<th scope=\"col\">north</th><th scope=\"col\">&lt;south&gt;</th>"
                   "<th scope=\"col\">In all</th>");
    at = after(at, "<tr><th scope=\"row\" class=\"key\">By "
                   "telephone</th><td>33</td><td>.</td><td>33</td></tr>");
    at = after(at, "<p class=\"legend\">. not offered by the place</p>");
    at = after(at, "<figcaption>In all</figcaption>");
    at = after(at, "<figcaption>north</figcaption>");
    at = after(at, "<figcaption>&lt;south&gt;</figcaption>");
    at = after(
        at, "<desc id=\"figures-1-2\">In person 40, By telephone ., Through the web page 0</desc>");
    at = after(at, ">By telephone</text><line x1=\"0\" y1=\"55\" x2=\"0\" y2=\"70\"/>"
                   "<text class=\"figure\" x=\"6\" y=\"67\">.</text>");
    assert_int_equal(count_text(output.bytes, "turn\">"), 0);
    render_free(&output);
    table_document_free(document);

    document = report_of_places(2, 2);
    output = render(document);
    at = after(output.bytes, "<h2 id=\"table-1\">Courses begun, by place</h2>");
    at = after(at, "<figcaption>In all</figcaption>");
    at = after(at, "<desc id=\"figures-1-3\">2017 113, 2018 226</desc>");
    assert_int_equal(count_text(output.bytes, "turn\">"), 2); /* north, south */
    assert_null(strstr(output.bytes, "class=\"first\""));
    render_free(&output);
    table_document_free(document);
}

/* Rows with several labels are a table only; so is one without rows. */
static void test_no_picture(void **state)
{
    (void)state;
    struct table *table;
    struct base_error error;
    assert_int_equal(table_new("some", 2, 1, 1, &table, &error), BASE_OK);
    struct render_buffer buffer = draw(table);
    assert_int_equal(buffer.size, 0);
    buffer_free(&buffer);
    table_free(table);
    assert_int_equal(table_new("some", 1, 0, 1, &table, &error), BASE_OK);
    buffer = draw(table);
    assert_int_equal(buffer.size, 0);
    buffer_free(&buffer);
    table_free(table);
}

/* As large as figures get, the arithmetic holds. */
static void test_largest(void **state)
{
    (void)state;
    static const struct bar bars[] = {{"a", INT64_MAX, false, false},
                                      {"b", INT64_MIN, false, false},
                                      {"c", 1, false, false},
                                      {"d", 0, false, false}};
    struct table *table = column_of("party", bars, 4);
    struct render_buffer buffer = draw(table);
    assert_int_equal(count_text(buffer.bytes, "<rect"), 2);
    assert_non_null(
        strstr(buffer.bytes, "width=\"80\" height=\"13\"/>")); /* 320 less 26 × 9 and 6 */
    assert_non_null(strstr(buffer.bytes, "width=\"1\" height=\"13\"/>"));
    buffer_free(&buffer);
    table_free(table);
}

/* ---- the document --------------------------------------------------------------------------- */

/* The running head, the front, five tables, the notes and the definitions. */
static void test_mark(void **state)
{
    (void)state;
    heading.date = "2017-06-01";
    struct table_document *document = report(1);
    heading.date = "2019-01-15";
    struct render_output output = render(document);
    assert_int_equal(count_text(output.bytes, MARK), 9);
    assert_non_null(strstr(output.bytes, "<a href=\"#notes\">"));
    assert_non_null(strstr(output.bytes, "<section id=\"notes\">"));
    render_free(&output);
    document->internal = false;
    document->note_count = 0;
    output = render(document);
    assert_int_equal(count_text(output.bytes, "nternal"), 0);
    assert_int_equal(count_text(output.bytes, "notes\""), 0);
    render_free(&output);
    table_document_free(document);
}

static void test_front(void **state)
{
    (void)state;
    heading.language = CODEBOOK_DANISH;
    struct table_document *document = report(1);
    heading.language = CODEBOOK_ENGLISH;
    document->tables[1]->figures[2] = 12345;
    document->version = "1.2.3";
    struct render_output output = render(document);
    static const char begin[] = "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                                "lang=\"da\" xml:lang=\"da\">\n";
    assert_memory_equal(output.bytes, begin, sizeof begin - 1);
    const char *at = after(output.bytes, "<dd>2017</dd>");
    at = after(at, "<dd>15 January 2019</dd>");
    at = after(at, "<dd>tavs 1.2.3</dd>");
    at = after(at, "<dd>1a2b 3c4d</dd>");
    at = after(at, "<dd>73</dd>");
    (void)after(at, "<dd>12.345</dd>");
    render_free(&output);
    table_document_free(document);
}

/* A total's heading spans the labels of the other rows. */
static void test_several_keys(void **state)
{
    (void)state;
    static const enum table_dimension by[] = {TABLE_CHANNEL, TABLE_PARTY};
    struct tally_counts *counts = plain_counts_2017();
    struct table_document *document;
    struct base_error error;
    const struct table_source place = {.counts = counts};
    assert_int_equal(table_show_new(&heading, &place, by, 2, &document, &error), BASE_OK);
    plain_counts_free(counts);
    document->kind = TABLE_REPORT;
    struct render_output output = render(document);
    const char *at = after(output.bytes, "<thead><tr><th scope=\"col\" class=\"key\">Channel</th>"
                                         "<th scope=\"col\" class=\"key\">Party</th>"
                                         "<th scope=\"col\">1st conversation</th>");
    at = after(at, "<tr><th scope=\"row\" class=\"key\">in-person</th>"
                   "<th scope=\"row\" class=\"key\">user</th><td>9</td>");
    (void)after(at, "<tr class=\"total\"><th scope=\"row\" class=\"key\" colspan=\"2\">In all</th>"
                    "<td>73</td>");
    render_free(&output);
    table_document_free(document);
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
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_everything_is_escaped),
        cmocka_unit_test(test_hidden_value_is_nowhere),
        cmocka_unit_test(test_hidden_together),
        cmocka_unit_test(test_hidden_is_explained),
        cmocka_unit_test(test_lying_bars),
        cmocka_unit_test(test_standing_bars),
        cmocka_unit_test(test_several_years),
        cmocka_unit_test(test_several_places),
        cmocka_unit_test(test_no_picture),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_front),
        cmocka_unit_test(test_several_keys),
    };
    return cmocka_run_group_tests_name("render: html", tests, set_up, NULL);
}
