/* scan: the cells that the readers of office documents hand on, in their order and with their places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "scan/reader.h"

enum { ROOM = 1 << 16, GATHERED = 4096 };

struct part {
    const char *name, *text;
};

static char bytes[ROOM], gathered[GATHERED];
static size_t size;

/* A zip archive of the parts; the list ends with NULL. */
static void make_archive(const struct part *parts)
{
    zip_error_t error;
    zip_stat_t stat;
    zip_error_init(&error);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(target);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (; parts->name != NULL; parts++) {
        zip_source_t *source = zip_source_buffer(zip, parts->text, strlen(parts->text), 0);
        assert_true(zip_file_add(zip, parts->name, source, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(target), 0);
    assert_int_equal(zip_source_stat(target, &stat), 0);
    assert_true(stat.size <= sizeof bytes);
    size = (size_t)zip_source_read(target, bytes, stat.size);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&error);
}

static bool gather(void *context, const struct scan_cell *cell)
{
    const size_t length = strlen(gathered);
    (void)context;
    if ((cell->flags & SCAN_CELL_SHEET) != 0)
        snprintf(gathered + length, sizeof gathered - length, "[%.*s]", (int)cell->size,
                 cell->text);
    else if ((cell->flags & SCAN_CELL_PART) != 0)
        snprintf(gathered + length, sizeof gathered - length, "(%.*s)", (int)cell->size,
                 cell->text);
    else
        snprintf(gathered + length, sizeof gathered - length, "%u.%u.%u:%.*s|", cell->table,
                 cell->row, cell->column, (int)cell->size, cell->text);
    return true;
}

static void check(scan_reader *reader, const struct part *parts, const char *cells)
{
    make_archive(parts);
    gathered[0] = '\0';
    assert_int_equal(reader(bytes, size, gather, NULL), SCAN_READ_OK);
    assert_string_equal(gathered, cells);
}

#define ODS(tables)                                                                                \
    "<o:document-content><o:body><o:spreadsheet>" tables "</o:spreadsheet></o:body>"               \
    "</o:document-content>"
#define STRING(text) "<t:table-cell o:value-type='string'><p>" text "</p></t:table-cell>"
#define ROW(cells)   "<t:table-row>" cells "</t:table-row>"

static void check_sheets(const char *content, const char *cells)
{
    check(scan_read_ods, (struct part[]){{"content.xml", content}, {NULL, NULL}}, cells);
}

/* All names come before all cells; a table of another file is none of them. */
static void test_sheets(void **state)
{
    (void)state;
    check_sheets(
        ODS("<t:table t:name='A'>" ROW(STRING("a") STRING(
            "b")) "</t:table>"
                  "<t:table t:name='x' t:style-name='ta_extref'>" ROW(STRING("e") STRING(
                      "f")) "</t:table><t:table t:name='B'>" ROW(STRING("c")
                                                                     STRING("d")) "</t:table>"),
        "[A][B]1.1.1:a|1.1.2:b|3.1.1:e|3.1.2:f|2.1.1:c|2.1.2:d|");
}

/* As import reads them: numbers and dates as they are stored, repeats written out. */
static void test_values(void **state)
{
    (void)state;
    check_sheets(
        ODS("<t:table t:name='A'>" ROW(
            "<t:table-cell o:value-type='date' o:date-value='2018-05-07T00:00:00'><p>7. maj</p>"
            "</t:table-cell><t:table-cell o:value-type='float' o:value='1234.5'><p>1.234,5</p>"
            "</t:table-cell><t:table-cell o:value-type='float' o:value='1.2E3'><p>1.200</p>"
            "</t:table-cell>") "</t:table>"),
        "[A](7. maj)1.1.1:2018-05-07|1.1.2:1234.5|1.1.3:1200|");
    check_sheets(
        ODS("<t:table t:name='A'><t:table-row t:number-rows-repeated='2'>"
            "<t:table-cell t:number-columns-repeated='2'/>"
            "<t:table-cell t:number-columns-repeated='2' o:value-type='string'><p>a</p><p>b</p>"
            "</t:table-cell></t:table-row>"
            "<t:table-row t:number-rows-repeated='5'><t:table-cell/></t:table-row>" ROW(
                STRING("x") STRING("y")) "</t:table>"),
        "[A]1.1.3:a\nb|1.1.4:a\nb|1.2.3:a\nb|1.2.4:a\nb|1.8.1:x|1.8.2:y|");
}

/* One filled cell is a column where there is no other, and else running text. */
static void test_cell_that_is_alone(void **state)
{
    (void)state;
    check_sheets(ODS("<t:table t:name='A'>" ROW(STRING("a")) ROW(STRING("b")) "</t:table>"),
                 "[A]1.1.1:a|1.2.1:b|");
}

#define DOCX(body) "<w:document><w:body>" body "</w:body></w:document>"
#define RUN(text)  "<w:r><w:t>" text "</w:t></w:r>"
#define P(runs)    "<w:p>" runs "</w:p>"

static void check_text(const char *document, const char *cells)
{
    check(scan_read_docx, (struct part[]){{"word/document.xml", document}, {NULL, NULL}}, cells);
}

static void test_paragraphs(void **state)
{
    (void)state;
    check_text(DOCX(P(RUN("a") RUN("b")) P(RUN("c"))), "(ab)(c)1.1.1:ab|1.2.1:c|");
    check_text(DOCX(P(RUN("a")) P("") P(RUN("c"))), "(a)(c)");
    check_text(DOCX(P("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>")), "(a\nb)1.1.1:a|1.2.1:b|");
    check_text(DOCX(P("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>")
                        P("<w:r><w:t>c</w:t><w:tab/><w:t>d</w:t></w:r>")),
               "(a\tb)(c\td)1.1.1:a|1.1.2:b|1.2.1:c|1.2.2:d|");
    check_text(DOCX(P("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:br/>"
                      "<w:softHyphen/><w:t>d</w:t></w:r>")),
               "(a-b\tc\nd)");
    check_text(
        DOCX(P(RUN("a") "<w:r><w:txbxContent>" P(RUN("x")) "</w:txbxContent></w:r>" RUN("b"))),
        "(x)(ab)");
    check_text(DOCX(P("<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>" RUN("a"))), "(a)");
}

/* Without what was deleted, with it, and that alone. */
static void test_deletions(void **state)
{
    (void)state;
    check_text(DOCX(P(RUN("a") "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>" RUN("c"))),
               "(ac)(abc)(b )");
    check_text(DOCX(P("<w:moveFrom>" RUN("a") "</w:moveFrom><w:moveTo>" RUN("a") "</w:moveTo>")),
               "(a)(aa)(a )");
    check_text(DOCX(P("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" RUN("a")) P(RUN("b"))), "(a)(ab)");
}

static void test_tables(void **state)
{
    static const char document[] =
        "<document><body><tbl><tr><tc><p><r><t>a</t></r></p><p><r><t>b</t></r></p></tc>"
        "<tc><p><r><t>c</t></r></p></tc></tr>"
        "<tr><tc><tcPr><gridSpan val='2'/></tcPr><p><r><t>d</t></r></p></tc>"
        "<tc><p><r><t>e</t></r></p></tc></tr></tbl><p><r><t>f</t></r></p></body></document>";
    (void)state;
    check_text(document, "1.1.1:a\nb|1.1.2:c|1.2.1:d|1.2.3:e|(f)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_cell_that_is_alone),
        cmocka_unit_test(test_paragraphs),
        cmocka_unit_test(test_deletions),
        cmocka_unit_test(test_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
