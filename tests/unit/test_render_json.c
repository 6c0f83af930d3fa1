/* render: JSON, parsed again and compared number by number with what it was made from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "plain_counts.h"
#include "tavs/render.h"
#include "tavs/secret.h"

enum { SEED = 20170101 };

static const struct table_heading heading = {CODEBOOK_DANISH, true, "2019-01-15"};

static struct table_source place_of(const struct tally_counts *counts)
{
    return (struct table_source){.fingerprint = "1a2b 3c4d", .counts = counts};
}

/* Strict: duplicate members are refused. */
static json_t *parse(const struct table_document *document)
{
    struct render_output output;
    struct base_error error;
    assert_int_equal(render_document(document, RENDER_JSON, &output, &error), BASE_OK);
    json_error_t where;
    json_t *root = json_loadb(output.bytes, output.size, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL)
        fail_msg("line %d: %s", where.line, where.text);
    render_free(&output);
    return root;
}

static void assert_text(const json_t *object, const char *name, const char *text)
{
    const char *found = json_string_value(json_object_get(object, name));
    if (found == NULL)
        fail_msg("no text %s", name);
    assert_string_equal(found, text);
}

static void assert_figure(const json_t *figure, const struct table *table, size_t index)
{
    if (table->statuses[index] == TABLE_HIDDEN) {
        assert_true(json_is_null(json_object_get(figure, "count")));
        assert_text(figure, "status", "hidden");
        assert_text(figure, "symbol", "..");
        return;
    }
    assert_true(json_is_integer(json_object_get(figure, "count")));
    assert_int_equal(json_integer_value(json_object_get(figure, "count")), table->figures[index]);
    assert_text(figure, "status", "internal");
    assert_null(json_object_get(figure, "symbol"));
}

static void compare_table(const json_t *object, const struct table *table)
{
    assert_text(object, "code", table->code);
    assert_text(object, "caption", table->caption);
    assert_true(json_is_true(json_object_get(object, "internal")));
    const json_t *columns = json_object_get(json_object_get(object, "columns"), "values");
    assert_int_equal(json_array_size(columns), table->columns);
    for (size_t i = 0; i < table->columns; i++) {
        assert_text(json_array_get(columns, i), "code", table->column[i].label.code);
        assert_int_equal(json_is_true(json_object_get(json_array_get(columns, i), "total")),
                         table->column[i].total);
    }
    const json_t *keys = json_object_get(object, "keys");
    assert_int_equal(json_array_size(keys), table->keys);
    const json_t *rows = json_object_get(object, "rows");
    assert_int_equal(json_array_size(rows), table->rows);
    for (size_t row = 0; row < table->rows; row++) {
        const json_t *line = json_array_get(rows, row);
        for (size_t key = 0; key < table->keys; key++) {
            assert_text(json_array_get(keys, key), "code", table->key_heading[key].code);
            assert_text(json_object_get(line, "key"), table->key_heading[key].code,
                        table->row[row].key[key].code);
            assert_string_equal(
                json_string_value(json_array_get(json_object_get(line, "text"), key)),
                table->row[row].key[key].text);
        }
        assert_int_equal(json_is_true(json_object_get(line, "total")), table->row[row].total);
        const json_t *figures = json_object_get(line, "figures");
        assert_int_equal(json_array_size(figures), table->columns);
        for (size_t column = 0; column < table->columns; column++)
            assert_figure(json_array_get(figures, column), table, table_index(table, row, column));
    }
}

static void compare_front(const json_t *root, const char *kind)
{
    assert_text(root, "format", "tavs");
    assert_int_equal(json_integer_value(json_object_get(root, "version")), 1);
    assert_text(root, "kind", kind);
    assert_true(json_is_true(json_object_get(root, "internal")));
    assert_text(root, "mark", "Internal: exact figures, not for publication");
    assert_text(json_object_get(root, "program"), "name", "tavs");
    assert_text(root, "date", "2019-01-15");
    const json_t *places = json_object_get(root, "places");
    assert_int_equal(json_array_size(places), 1);
    assert_text(json_array_get(places, 0), "fingerprint", "1a2b 3c4d");
    assert_true(json_is_null(json_object_get(json_array_get(places, 0), "name")));
    assert_text(root, "language", "da");
}

static void test_report(void **state)
{
    (void)state;
    struct tally_counts *first = plain_counts_2017();
    struct tally_counts *second = plain_counts_like_2017("2018", 5, true);
    *plain_counts_cell(second, 0, WEB, USER, 3) = -1;
    *plain_counts_cell(second, 1, PHONE, RELATIVE, 0) = 1048575;
    struct tally_counts *both = plain_counts_join(first, second);
    const struct table_source place = place_of(both);
    static const int years[] = {2017, 2018};
    struct table_document *document;
    struct base_error error;
    assert_int_equal(table_report_new(&heading, &place, 1, years, 2, &document, &error), BASE_OK);
    document->tables[2]->statuses[3] = TABLE_HIDDEN;

    json_t *root = parse(document);
    compare_front(root, "report");
    const json_t *tables = json_object_get(root, "tables");
    assert_int_equal(json_array_size(tables), document->table_count);
    for (size_t i = 0; i < document->table_count; i++)
        compare_table(json_array_get(tables, i), document->tables[i]);
    const json_t *periods = json_object_get(root, "periods");
    assert_int_equal(json_array_size(periods), 2);
    assert_text(json_array_get(periods, 1), "text", "2018");
    assert_text(json_array_get(periods, 1), "first", "2018-01");
    assert_text(json_array_get(periods, 1), "last", "2018-12");
    const json_t *channels = json_object_get(json_object_get(root, "offered"), "channels");
    assert_int_equal(json_array_size(channels), 2);
    assert_string_equal(json_string_value(json_array_get(channels, 1)), "phone");
    assert_int_equal(json_array_size(json_object_get(root, "definitions")),
                     document->definition_count);

    const json_t *notes = json_object_get(root, "notes");
    assert_int_equal(json_array_size(notes), document->note_count);
    const json_t *web = json_array_get(notes, 0), *below = json_array_get(notes, 1);
    assert_text(web, "code", "not-offered-counted");
    assert_text(web, "channel", "web");
    assert_true(json_is_null(json_object_get(web, "month")));
    assert_true(json_is_null(json_object_get(web, "party")));
    assert_text(below, "code", "cell-below-zero");
    assert_text(below, "month", "2018-01");
    assert_text(below, "channel", "web");
    assert_text(below, "party", "user");
    assert_text(below, "session", "4");
    json_decref(root);
    table_document_free(document);
    plain_counts_free(both);
}

static void test_tally(void **state)
{
    (void)state;
    static const enum table_dimension by[] = {TABLE_MONTH, TABLE_PARTY};
    struct tally_counts *counts = plain_counts_2017();
    struct table_document *document;
    struct base_error error;
    const struct table_source place = place_of(counts);
    assert_int_equal(table_show_new(&heading, &place, by, 2, &document, &error), BASE_OK);
    json_t *root = parse(document);
    compare_front(root, "tally");
    assert_int_equal(json_array_size(json_object_get(root, "tables")), 1);
    compare_table(json_array_get(json_object_get(root, "tables"), 0), document->tables[0]);
    json_decref(root);
    table_document_free(document);
    plain_counts_free(counts);
}

/* The index of the text in a list that ends with NULL. */
static unsigned index_of(const char *const list[], const json_t *value)
{
    for (unsigned i = 0; list[i] != NULL; i++)
        if (strcmp(list[i], json_string_value(value)) == 0)
            return i;
    fail_msg("unknown code %s", json_string_value(value));
    return 0;
}

/* Every record is taken out of the counts it came from; nothing may be left. */
static void test_export(void **state)
{
    (void)state;
    static const char *const channels[] = {"in-person", "phone", "mail", "web", NULL};
    static const char *const parties[] = {"user", "relative", "professional", NULL};
    static const char *const sessions[] = {"1", "2", "3", "4", "5", NULL};
    static const char *const months[] = {"2016-12", "2017-01", "2017-02", NULL};
    struct tally_counts *counts =
        plain_counts_new("2016-12..2017-02", 1u << PHONE | 1u << MAIL, CODEBOOK_ALL_PARTIES);
    for (size_t month = 0; month < 3; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            counts->cells[month][cell] = rand() % 3 == 0 ? rand() % 40000 - 5 : 0;
    struct table_document *document;
    struct base_error error;
    const struct table_source place = place_of(counts);
    assert_int_equal(table_export_new(&heading, &place, 1, &document, &error), BASE_OK);
    json_t *root = parse(document);
    compare_front(root, "export");
    const json_t *rows = json_object_get(root, "rows");
    assert_int_equal(json_array_size(rows), document->tables[0]->rows);
    size_t index;
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)rows, index, row)
    {
        assert_figure(row, document->tables[0], index);
        *plain_counts_cell(counts, index_of(months, json_object_get(row, "period")),
                           index_of(channels, json_object_get(row, "channel")),
                           index_of(parties, json_object_get(row, "party")),
                           index_of(sessions, json_object_get(row, "session"))) -=
            json_integer_value(json_object_get(row, "count"));
    }
    for (size_t month = 0; month < 3; month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            assert_int_equal(counts->cells[month][cell], 0);
    json_decref(root);
    table_document_free(document);
    plain_counts_free(counts);
}

static void test_not_internal(void **state)
{
    (void)state;
    struct table_heading public_heading = heading;
    public_heading.internal = false;
    struct tally_counts *counts = plain_counts_2017();
    struct table_document *document;
    struct base_error error;
    const struct table_source place = {.counts = counts};
    assert_int_equal(table_export_new(&public_heading, &place, 1, &document, &error), BASE_OK);
    json_t *root = parse(document);
    assert_true(json_is_false(json_object_get(root, "internal")));
    assert_true(json_is_null(json_object_get(root, "mark")));
    assert_true(json_is_null(
        json_object_get(json_array_get(json_object_get(root, "places"), 0), "fingerprint")));
    json_decref(root);
    table_document_free(document);
    plain_counts_free(counts);
}

static int set_up(void **state)
{
    (void)state;
    srand(SEED);
    struct base_error error;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_tally),
        cmocka_unit_test(test_export),
        cmocka_unit_test(test_not_internal),
    };
    return cmocka_run_group_tests_name("render: JSON", tests, set_up, NULL);
}
