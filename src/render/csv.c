#include "inside.h"

#include <string.h>

/* A field (RFC 4180, section 2), and what ends it: a comma or the end of the line. */
static void put_field(struct render_buffer *buffer, const char *text, const char *end)
{
    if (strpbrk(text, "\",\r\n") == NULL) {
        buffer_put(buffer, text);
    } else {
        buffer_put(buffer, "\"");
        for (; *text != '\0'; text++) {
            buffer_put_bytes(buffer, text, 1);
            if (*text == '"')
                buffer_put(buffer, "\"");
        }
        buffer_put(buffer, "\"");
    }
    buffer_put(buffer, end);
}

/* One line a figure. */
enum base_code csv_write(const struct table_document *document, struct render_buffer *buffer,
                         struct base_error *error)
{
    (void)error;
    const struct table *table = document->tables[0];
    const bool names_column = table->columns > 1;
    for (size_t key = 0; key < table->keys; key++)
        put_field(buffer, table->key_heading[key].code, ",");
    if (names_column)
        put_field(buffer, table->column_heading.code, ",");
    put_field(buffer, "count", ",");
    put_field(buffer, "status", "\r\n");

    for (size_t row = 0; row < table->rows; row++) {
        for (size_t column = 0; column < table->columns; column++) {
            if (table->row[row].total || table->column[column].total)
                continue;
            for (size_t key = 0; key < table->keys; key++)
                put_field(buffer, table->row[row].key[key].code, ",");
            if (names_column)
                put_field(buffer, table->column[column].label.code, ",");
            figure_put_plain(buffer, table, row, column);
            buffer_put(buffer, ",");
            put_field(buffer, figure_status(document, table, row, column), "\r\n");
        }
    }
    return BASE_OK;
}
