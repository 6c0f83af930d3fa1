#include "inside.h"

#include "tavs/secret.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_WIDTH = 78, GAP = 2 };

static void put_line(struct render_buffer *buffer, const char *text)
{
    buffer_put(buffer, text);
    buffer_put(buffer, "\n");
}

static void put_heading(struct render_buffer *buffer, const char *text)
{
    buffer_put(buffer, "\n");
    put_line(buffer, text);
    buffer_fill(buffer, '-', render_width(text));
    buffer_put(buffer, "\n");
}

/* Words filled into lines: the first begins with `first`, the others with as many blanks. */
static void put_filled(struct render_buffer *buffer, const char *first, const char *text)
{
    const size_t indent = render_width(first);
    size_t column = indent;
    buffer_put(buffer, first);
    while (*text != '\0') {
        char word[LINE_WIDTH * 4];
        size_t length = strcspn(text, " ");
        if (length >= sizeof word)
            length = sizeof word - 1;
        memcpy(word, text, length);
        word[length] = '\0';
        text += length + strspn(text + length, " ");
        const size_t width = render_width(word);
        if (column > indent && column + 1 + width > LINE_WIDTH) {
            buffer_put(buffer, "\n");
            buffer_fill(buffer, ' ', indent);
            column = indent;
        }
        if (column > indent) {
            buffer_put(buffer, " ");
            column++;
        }
        buffer_put(buffer, word);
        column += width;
    }
    buffer_put(buffer, "\n");
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Several columns stand under a heading of their own, and brief texts are clear. */
static bool has_column_heading(const struct table *table)
{
    return table->columns > 1 && table->column_heading.text[0] != '\0';
}

static const char *column_text(const struct table *table, size_t column)
{
    const struct table_column *labelled = &table->column[column];
    return has_column_heading(table) ? labelled->brief : labelled->label.text;
}

/* The width of each key, then of each column. NULL if there is no memory. */
static size_t *measure(const struct table *table, enum codebook_language language)
{
    size_t *widths = calloc(table->keys + table->columns, sizeof *widths);
    if (widths == NULL)
        return NULL;
    for (size_t key = 0; key < table->keys; key++) {
        widths[key] = render_width(table->key_heading[key].text);
        for (size_t row = 0; row < table->rows; row++)
            widths[key] = larger(widths[key], render_width(table->row[row].key[key].text));
    }
    for (size_t column = 0; column < table->columns; column++) {
        size_t *width = &widths[table->keys + column];
        *width = render_width(column_text(table, column));
        for (size_t row = 0; row < table->rows; row++) {
            char text[FIGURE_TEXT];
            *width = larger(*width, figure_format(text, table, row, column, language));
            secret_wipe(text, sizeof text);
        }
    }
    return widths;
}

static void put_left(struct render_buffer *buffer, const char *text, size_t width)
{
    buffer_put(buffer, text);
    buffer_fill(buffer, ' ', width - render_width(text) + GAP);
}

static void put_right(struct render_buffer *buffer, const char *text, size_t width, bool last)
{
    buffer_fill(buffer, ' ', width - render_width(text));
    buffer_put(buffer, text);
    if (last)
        buffer_put(buffer, "\n");
    else
        buffer_fill(buffer, ' ', GAP);
}

static void put_rule(struct render_buffer *buffer, const struct table *table, const size_t *widths)
{
    const size_t all = table->keys + table->columns;
    for (size_t i = 0; i < all; i++) {
        buffer_fill(buffer, '-', widths[i]);
        if (i + 1 < all)
            buffer_fill(buffer, ' ', GAP);
    }
    buffer_put(buffer, "\n");
}

static void put_head(struct render_buffer *buffer, const struct table *table, const size_t *widths)
{
    if (has_column_heading(table)) {
        for (size_t key = 0; key < table->keys; key++)
            buffer_fill(buffer, ' ', widths[key] + GAP);
        put_line(buffer, table->column_heading.text);
    }
    for (size_t key = 0; key < table->keys; key++)
        put_left(buffer, table->key_heading[key].text, widths[key]);
    for (size_t column = 0; column < table->columns; column++)
        put_right(buffer, column_text(table, column), widths[table->keys + column],
                  column + 1 == table->columns);
    put_rule(buffer, table, widths);
}

static void put_row(struct render_buffer *buffer, const struct table *table, size_t row,
                    const size_t *widths, enum codebook_language language)
{
    for (size_t key = 0; key < table->keys; key++)
        put_left(buffer, table->row[row].key[key].text, widths[key]);
    for (size_t column = 0; column < table->columns; column++) {
        char text[FIGURE_TEXT];
        (void)figure_format(text, table, row, column, language);
        put_right(buffer, text, widths[table->keys + column], column + 1 == table->columns);
        secret_wipe(text, sizeof text);
    }
}

static void put_table(struct render_buffer *buffer, const struct table_document *document,
                      const struct table *table)
{
    const enum codebook_language language = document->language;
    size_t *widths = measure(table, language);
    if (widths == NULL) {
        buffer->failed = true;
        return;
    }
    put_head(buffer, table, widths);
    for (size_t row = 0; row < table->rows; row++) {
        if (table->row[row].total)
            put_rule(buffer, table, widths);
        put_row(buffer, table, row, widths, language);
    }
    for (enum table_status status = TABLE_HIDDEN; status <= TABLE_NOT_OFFERED; status++) {
        char text[FRONT_LEGEND];
        const char *legend = front_legend(document, table, status, text);
        if (legend != NULL)
            put_line(buffer, legend);
    }
    for (size_t i = 0; table->together[i] != NULL; i++)
        put_filled(buffer, "", table->together[i]);
    secret_wipe(widths, (table->keys + table->columns) * sizeof *widths);
    free(widths);
}

static void put_front(struct render_buffer *buffer, const struct table_document *document)
{
    put_line(buffer, document->title);
    buffer_fill(buffer, '=', render_width(document->title));
    buffer_put(buffer, "\n");
    if (front_mark(document) != NULL)
        put_line(buffer, front_mark(document));
    struct front_fact facts[FRONT_FACTS];
    const size_t count = front_facts(document, facts);
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        width = larger(width, render_width(facts[i].term));
    if (count > 0)
        buffer_put(buffer, "\n");
    for (size_t i = 0; i < count; i++) {
        put_left(buffer, facts[i].term, width);
        buffer_put(buffer, facts[i].text);
        put_line(buffer, facts[i].more);
    }
}

enum base_code text_write(const struct table_document *document, struct render_buffer *buffer,
                          struct base_error *error)
{
    (void)error;
    put_front(buffer, document);
    for (size_t i = 0; i < document->table_count; i++) {
        /* A tally's one table is all of the page: title and mark stand above it already. */
        if (document->kind != TABLE_SHOW) {
            put_heading(buffer, document->tables[i]->caption);
            if (front_mark(document) != NULL)
                put_line(buffer, front_mark(document));
        }
        buffer_put(buffer, "\n");
        put_table(buffer, document, document->tables[i]);
    }
    if (document->definition_count > 0) {
        put_heading(buffer, _("What the words mean"));
        for (size_t i = 0; i < document->definition_count; i++) {
            buffer_put(buffer, "\n");
            put_line(buffer, document->definitions[i].term);
            put_filled(buffer, "    ", document->definitions[i].text);
        }
    }
    if (document->note_count > 0) {
        put_heading(buffer, _("Notes"));
        if (front_mark(document) != NULL)
            put_line(buffer, front_mark(document));
        buffer_put(buffer, "\n");
        for (size_t i = 0; i < document->note_count; i++)
            put_filled(buffer, "- ", document->notes[i].text);
    }
    return BASE_OK;
}
