#include "inside.h"

#include <string.h>

/* What differs between the two kinds: RFC 4180 with codes, and what Danish Excel opens at a double
 * click, with words. */
struct dialect {
    char separator;
    bool words;
};

static const struct dialect plain = {',', false}, excel = {';', true};

/* What Excel would take for a formula: its first character, or one that Excel passes over before it. */
static bool looks_like_formula(const char *text)
{
    return *text != '\0' && strchr("=+-@\t\r\n", *text) != NULL;
}

/* A field (RFC 4180, section 2). */
static void put_field(struct render_buffer *buffer, const struct dialect *dialect, const char *text)
{
    const char special[] = {'"', '\r', '\n', '\t', dialect->separator, '\0'};
    const bool quoted = strpbrk(text, special) != NULL;
    if (quoted)
        buffer_put(buffer, "\"");
    if (dialect->words && looks_like_formula(text))
        buffer_put(buffer, "'");
    for (; *text != '\0'; text++) {
        buffer_put_bytes(buffer, text, 1);
        if (*text == '"')
            buffer_put(buffer, "\"");
    }
    if (quoted)
        buffer_put(buffer, "\"");
}

static void put_separated(struct render_buffer *buffer, const struct dialect *dialect,
                          const char *text)
{
    put_field(buffer, dialect, text);
    buffer_put_bytes(buffer, &dialect->separator, 1);
}

static void put_last(struct render_buffer *buffer, const struct dialect *dialect, const char *text)
{
    put_field(buffer, dialect, text);
    buffer_put(buffer, "\r\n");
}

static const char *label_in(const struct dialect *dialect, const struct table_label *label)
{
    return dialect->words ? label->text : label->code;
}

static void put_heading(struct render_buffer *buffer, const struct dialect *dialect,
                        const struct table *table)
{
    for (size_t key = 0; key < table->keys; key++)
        put_separated(buffer, dialect, label_in(dialect, &table->key_heading[key]));
    if (table->columns > 1)
        put_separated(buffer, dialect, label_in(dialect, &table->column_heading));
    put_separated(buffer, dialect, dialect->words ? _("Count") : "count");
    put_last(buffer, dialect, dialect->words ? _("Status") : "status");
}

static void put_line(struct render_buffer *buffer, const struct dialect *dialect,
                     const struct table_document *document, size_t row, size_t column)
{
    const struct table *table = document->tables[0];
    for (size_t key = 0; key < table->keys; key++)
        put_separated(buffer, dialect, label_in(dialect, &table->row[row].key[key]));
    if (table->columns > 1)
        put_separated(buffer, dialect, label_in(dialect, &table->column[column].label));
    figure_put_plain(buffer, table, row, column);
    buffer_put_bytes(buffer, &dialect->separator, 1);
    put_last(buffer, dialect,
             dialect->words ? front_status(document, table, row, column)
                            : figure_status(document, table, row, column));
}

/* One line a figure. */
static enum base_code write_lines(const struct table_document *document,
                                  struct render_buffer *buffer, const struct dialect *dialect)
{
    const struct table *table = document->tables[0];
    put_heading(buffer, dialect, table);
    for (size_t row = 0; row < table->rows; row++)
        for (size_t column = 0; column < table->columns; column++)
            if (!table->row[row].total && !table->column[column].total)
                put_line(buffer, dialect, document, row, column);
    return BASE_OK;
}

enum base_code csv_write(const struct table_document *document, struct render_buffer *buffer,
                         struct base_error *error)
{
    (void)error;
    return write_lines(document, buffer, &plain);
}

/* Excel takes a file without the mark for one in the machine's own character set. */
enum base_code excel_write(const struct table_document *document, struct render_buffer *buffer,
                           struct base_error *error)
{
    (void)error;
    buffer_put(buffer, "\xef\xbb\xbf");
    return write_lines(document, buffer, &excel);
}
