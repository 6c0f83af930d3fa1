#include "tavs/table.h"

#include "tavs/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct table_strings {
    struct table_strings *next;
    size_t size;
    char text[];
};

const char *table_keep_text(struct table_strings **strings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    struct table_strings *kept = NULL;
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0)
        kept = malloc(sizeof *kept + (size_t)length + 1);
    if (kept != NULL) {
        kept->size = (size_t)length + 1;
        (void)vsnprintf(kept->text, kept->size, format, again);
        kept->next = *strings;
        *strings = kept;
    }
    va_end(again);
    va_end(arguments);
    return kept == NULL ? NULL : kept->text;
}

/* A note names the cell it is about, and which cell was counted is a secret. */
static void free_strings(struct table_strings *strings)
{
    while (strings != NULL) {
        struct table_strings *next = strings->next;
        secret_wipe(strings->text, strings->size);
        free(strings);
        strings = next;
    }
}

enum base_code table_new(const char *code, size_t keys, size_t rows, size_t columns,
                         struct table **out, struct base_error *error)
{
    const size_t some_rows = rows == 0 ? 1 : rows;
    void *figures = NULL;
    struct table *table = calloc(1, sizeof *table);
    if (table == NULL)
        goto no_memory;
    table->row = calloc(some_rows, sizeof *table->row);
    table->column = calloc(columns, sizeof *table->column);
    table->statuses = calloc(some_rows * columns, sizeof *table->statuses);
    if (table->row == NULL || table->column == NULL || table->statuses == NULL)
        goto no_memory;
    if (secret_new(some_rows * columns * sizeof *table->figures, &figures, error) != BASE_OK)
        goto no_memory;

    const struct table_label empty = {"", ""};
    table->figures = figures;
    table->code = code;
    table->caption = "";
    table->place = TABLE_ALL_PLACES;
    table->keys = keys;
    table->rows = rows;
    table->columns = columns;
    table->column_heading = empty;
    for (size_t key = 0; key < TABLE_MOST_KEYS; key++)
        table->key_heading[key] = empty;
    for (size_t row = 0; row < rows; row++)
        for (size_t key = 0; key < TABLE_MOST_KEYS; key++)
            table->row[row].key[key] = empty;
    for (size_t column = 0; column < columns; column++) {
        table->column[column].label = empty;
        table->column[column].brief = "";
    }
    *out = table;
    return BASE_OK;

no_memory:
    table_free(table);
    return base_fail(error, BASE_NO_MEMORY, "%s", code);
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    free_strings(table->strings);
    secret_free(table->figures);
    free(table->statuses);
    free(table->column);
    free(table->row);
    free(table);
}

void table_document_free(struct table_document *document)
{
    if (document == NULL)
        return;
    for (size_t table = 0; table < document->table_count; table++)
        table_free(document->tables[table]);
    free(document->tables);
    table_free(document->sums);
    free(document->definitions);
    if (document->note_count > 0)
        secret_wipe(document->notes, document->note_count * sizeof *document->notes);
    free(document->notes);
    free(document->periods);
    free(document->places);
    free_strings(document->strings);
    free(document);
}
