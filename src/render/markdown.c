#include "inside.h"

#include "tavs/secret.h"

#include <string.h>

/* Text with what Markdown would read as markup escaped (CommonMark, section 2.4). */
static void put_escaped(struct render_buffer *buffer, const char *text)
{
    while (*text != '\0') {
        const size_t plain = strcspn(text, "\\`*_[]<>|&#~");
        buffer_put_bytes(buffer, text, plain);
        text += plain;
        if (*text != '\0') {
            buffer_put(buffer, "\\");
            buffer_put_bytes(buffer, text++, 1);
        }
    }
}

static void put_heading(struct render_buffer *buffer, const char *level, const char *text)
{
    buffer_put(buffer, level);
    put_escaped(buffer, text);
    buffer_put(buffer, "\n\n");
}

static void put_mark(struct render_buffer *buffer, const struct table_document *document)
{
    if (front_mark(document) == NULL)
        return;
    buffer_put(buffer, "**");
    put_escaped(buffer, front_mark(document));
    buffer_put(buffer, "**\n\n");
}

/* A total stands out; an empty text has nothing to stand out. */
static void put_cell(struct render_buffer *buffer, const char *text, bool total)
{
    const char *strong = total && text[0] != '\0' ? "**" : "";
    buffer_put(buffer, " ");
    buffer_put(buffer, strong);
    put_escaped(buffer, text);
    buffer_put(buffer, strong);
    buffer_put(buffer, " |");
}

static void put_table(struct render_buffer *buffer, const struct table_document *document,
                      const struct table *table)
{
    const enum codebook_language language = document->language;
    buffer_put(buffer, "|");
    for (size_t key = 0; key < table->keys; key++)
        put_cell(buffer, table->key_heading[key].text, false);
    for (size_t column = 0; column < table->columns; column++)
        put_cell(buffer, table->column[column].label.text, false);
    buffer_put(buffer, "\n|");
    for (size_t key = 0; key < table->keys; key++)
        buffer_put(buffer, " --- |");
    for (size_t column = 0; column < table->columns; column++)
        buffer_put(buffer, " ---: |");
    buffer_put(buffer, "\n");
    for (size_t row = 0; row < table->rows; row++) {
        buffer_put(buffer, "|");
        for (size_t key = 0; key < table->keys; key++)
            put_cell(buffer, table->row[row].key[key].text, table->row[row].total);
        for (size_t column = 0; column < table->columns; column++) {
            char text[FIGURE_TEXT];
            (void)figure_format(text, table, row, column, language);
            put_cell(buffer, text, table->row[row].total);
            secret_wipe(text, sizeof text);
        }
        buffer_put(buffer, "\n");
    }
    buffer_put(buffer, "\n");
    for (enum table_status status = TABLE_HIDDEN; status <= TABLE_NOT_OFFERED; status++) {
        char text[FRONT_LEGEND];
        const char *legend = front_legend(document, table, status, text);
        if (legend != NULL) {
            put_escaped(buffer, legend);
            buffer_put(buffer, "\n\n");
        }
    }
    for (size_t i = 0; table->together[i] != NULL; i++) {
        put_escaped(buffer, table->together[i]);
        buffer_put(buffer, "\n\n");
    }
}

static void put_front(struct render_buffer *buffer, const struct table_document *document)
{
    put_heading(buffer, "# ", document->title);
    put_mark(buffer, document);
    struct front_fact facts[FRONT_FACTS];
    const size_t count = front_facts(document, facts);
    for (size_t i = 0; i < count; i++) {
        buffer_put(buffer, "- ");
        put_escaped(buffer, facts[i].term);
        buffer_put(buffer, ": ");
        put_escaped(buffer, facts[i].text);
        put_escaped(buffer, facts[i].more);
        buffer_put(buffer, "\n");
    }
    if (count > 0)
        buffer_put(buffer, "\n");
}

enum base_code markdown_write(const struct table_document *document, struct render_buffer *buffer,
                              struct base_error *error)
{
    (void)error;
    put_front(buffer, document);
    for (size_t i = 0; i < document->table_count; i++) {
        /* A tally's one table is all of the page: title and mark stand above it already. */
        if (document->kind != TABLE_SHOW) {
            put_heading(buffer, "## ", document->tables[i]->caption);
            put_mark(buffer, document);
        }
        put_table(buffer, document, document->tables[i]);
    }
    if (document->definition_count > 0) {
        put_heading(buffer, "## ", _("What the words mean"));
        for (size_t i = 0; i < document->definition_count; i++) {
            buffer_put(buffer, "- **");
            put_escaped(buffer, document->definitions[i].term);
            buffer_put(buffer, "**: ");
            put_escaped(buffer, document->definitions[i].text);
            buffer_put(buffer, "\n");
        }
    }
    if (document->note_count > 0) {
        if (document->definition_count > 0)
            buffer_put(buffer, "\n");
        put_heading(buffer, "## ", _("Notes"));
        put_mark(buffer, document);
        for (size_t i = 0; i < document->note_count; i++) {
            buffer_put(buffer, "- ");
            put_escaped(buffer, document->notes[i].text);
            buffer_put(buffer, "\n");
        }
    }
    return BASE_OK;
}
