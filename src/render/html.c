/* One file that needs nothing else, and is HTML and well-formed XML alike. Its policy forbids scripts and
 * fetching, should a text ever get through that was not escaped. */
#include "inside.h"

#include <string.h>

static const char *code_of(enum codebook_language language)
{
    return language == CODEBOOK_DANISH ? "da" : "en";
}

/* An element that holds a text. */
static void put_element(struct render_buffer *buffer, const char *begin, const char *text,
                        const char *end)
{
    buffer_put(buffer, begin);
    markup_put(buffer, text);
    buffer_put(buffer, end);
}

static void put_mark(struct render_buffer *buffer, const struct table_document *document)
{
    if (front_mark(document) != NULL)
        put_element(buffer, "<p class=\"mark\">", front_mark(document), "</p>\n");
}

/* ---- front ---------------------------------------------------------------------------------- */

static void put_head(struct render_buffer *buffer, const struct table_document *document)
{
    const char *language = code_of(document->language);
    buffer_put(buffer, "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"");
    buffer_put(buffer, language);
    buffer_put(buffer, "\" xml:lang=\"");
    buffer_put(buffer, language);
    buffer_put(buffer,
               "\">\n<head>\n<meta charset=\"utf-8\"/>\n"
               "<meta http-equiv=\"Content-Security-Policy\" "
               "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    put_element(buffer, "<title>", document->title, "</title>\n<style>\n");
    for (const char *const *rules = html_style; *rules != NULL; rules++)
        buffer_put(buffer, *rules);
    buffer_put(buffer, "</style>\n</head>\n");
}

/* At the head of every printed page; nothing of it is seen or read out elsewhere. */
static void put_running(struct render_buffer *buffer, const struct table_document *document)
{
    buffer_put(buffer, "<div class=\"running\" aria-hidden=\"true\">\n");
    put_mark(buffer, document);
    put_element(buffer, "<p>", document->title, "</p>\n</div>\n");
}

static void put_facts(struct render_buffer *buffer, const struct table_document *document)
{
    struct front_fact facts[FRONT_FACTS];
    const size_t count = front_facts(document, facts);
    buffer_put(buffer, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(facts[i].term, facts[i - 1].term) != 0)
            put_element(buffer, "<dt>", facts[i].term, "</dt>");
        put_element(buffer, "<dd>", facts[i].text, "");
        put_element(buffer, "", facts[i].more, "</dd>\n");
    }
    buffer_put(buffer, "</dl>\n");
    if (document->note_count > 0)
        put_element(buffer, "<p class=\"see\"><a href=\"#notes\">", _("Notes"), "</a></p>\n");
}

static const struct table *find_table(const struct table_document *document, const char *code)
{
    for (size_t i = 0; i < document->table_count; i++)
        if (strcmp(document->tables[i]->code, code) == 0)
            return document->tables[i];
    return NULL;
}

/* In the table's last row. */
static void put_first_figure(struct render_buffer *buffer, const struct table_document *document,
                             const struct table *table, size_t column, const char *term)
{
    put_element(buffer, "<div><dt>", term, "</dt><dd>");
    markup_put_figure(buffer, table, table->rows - 1, column, document->language);
    buffer_put(buffer, "</dd></div>\n");
}

/* What is asked first of a period; of all places, if there are several: the last column. Of several periods it
 * is the first panels of the pictures. */
static void put_first_figures(struct render_buffer *buffer, const struct table_document *document)
{
    const struct table *month = find_table(document, "totals");
    const struct table *courses = find_table(document, "courses-by-channel");
    const struct table *conversations = find_table(document, "conversations-by-channel");
    if (document->period_count != 1 || (month == NULL && courses == NULL && conversations == NULL))
        return;
    buffer_put(buffer, "<dl class=\"first\">\n");
    if (month != NULL) {
        put_first_figure(buffer, document, month, 0, _("Courses"));
        put_first_figure(buffer, document, month, 1, _("Conversations"));
    }
    if (courses != NULL)
        put_first_figure(buffer, document, courses, courses->columns - 1, _("Courses"));
    if (conversations != NULL)
        put_first_figure(buffer, document, conversations, conversations->columns - 1,
                         _("Conversations"));
    buffer_put(buffer, "</dl>\n");
}

/* ---- tables --------------------------------------------------------------------------------- */

static void put_table_head(struct render_buffer *buffer, const struct table *table)
{
    buffer_put(buffer, "<thead><tr>");
    for (size_t key = 0; key < table->keys; key++)
        put_element(buffer, "<th scope=\"col\" class=\"key\">", table->key_heading[key].text,
                    "</th>");
    for (size_t column = 0; column < table->columns; column++)
        put_element(buffer, "<th scope=\"col\">", table->column[column].label.text, "</th>");
    buffer_put(buffer, "</tr></thead>\n");
}

/* The heading of a total spans the keys: only the first has a text. */
static void put_row(struct render_buffer *buffer, const struct table *table, size_t row,
                    enum codebook_language language)
{
    const bool total = table->row[row].total;
    buffer_put(buffer, total ? "<tr class=\"total\">" : "<tr>");
    for (size_t key = 0; key < (total ? 1 : table->keys); key++) {
        buffer_put(buffer, "<th scope=\"row\" class=\"key\"");
        if (total && table->keys > 1) {
            buffer_put(buffer, " colspan=\"");
            markup_put_number(buffer, (int64_t)table->keys);
            buffer_put(buffer, "\"");
        }
        put_element(buffer, ">", table->row[row].key[key].text, "</th>");
    }
    for (size_t column = 0; column < table->columns; column++) {
        buffer_put(buffer, "<td>");
        markup_put_figure(buffer, table, row, column, language);
        buffer_put(buffer, "</td>");
    }
    buffer_put(buffer, "</tr>\n");
}

static bool is_wide(const struct table *table)
{
    return table->keys + table->columns > 3;
}

/* A wide table may be wider than the screen: then it can be moved, with the keyboard too. */
static void put_table(struct render_buffer *buffer, const struct table_document *document,
                      const struct table *table, size_t number)
{
    buffer_put(buffer, "<div class=\"scroll\"");
    if (is_wide(table)) {
        buffer_put(buffer, " role=\"group\" tabindex=\"0\" aria-labelledby=\"table-");
        markup_put_number(buffer, (int64_t)number);
        buffer_put(buffer, "\"");
    }
    put_element(buffer, ">\n<table>\n<caption>", table->caption, "</caption>\n");
    put_table_head(buffer, table);
    buffer_put(buffer, "<tbody>\n");
    for (size_t row = 0; row < table->rows; row++)
        put_row(buffer, table, row, document->language);
    buffer_put(buffer, "</tbody>\n</table>\n");
    for (enum table_status status = TABLE_HIDDEN; status <= TABLE_NOT_OFFERED; status++) {
        char text[FRONT_LEGEND];
        const char *legend = front_legend(document, table, status, text);
        if (legend != NULL)
            put_element(buffer, "<p class=\"legend\">", legend, "</p>\n");
    }
    for (size_t i = 0; table->together[i] != NULL; i++)
        put_element(buffer, "<p class=\"legend\">", table->together[i], "</p>\n");
    buffer_put(buffer, "</div>\n");
}

/* Another place's tables begin a page. */
static void put_section(struct render_buffer *buffer, const struct table_document *document,
                        size_t number)
{
    const struct table *table = document->tables[number - 1];
    const bool turn = number > 1 && table->place != document->tables[number - 2]->place;
    buffer_put(buffer, "<section class=\"");
    buffer_put(buffer, is_wide(table) ? "wide" : "narrow");
    buffer_put(buffer, turn ? " turn\">" : "\">");
    buffer_put(buffer, "\n<h2 id=\"table-");
    markup_put_number(buffer, (int64_t)number);
    put_element(buffer, "\">", table->caption, "</h2>\n");
    put_mark(buffer, document);
    buffer_put(buffer, "<div class=\"pair\">\n");
    put_table(buffer, document, table, number);
    chart_put(buffer, table, document->language, number);
    buffer_put(buffer, "</div>\n</section>\n");
}

/* ---- words ---------------------------------------------------------------------------------- */

static void put_definitions(struct render_buffer *buffer, const struct table_document *document)
{
    if (document->definition_count == 0)
        return;
    put_element(buffer, "<section>\n<h2>", _("What the words mean"), "</h2>\n");
    put_mark(buffer, document);
    buffer_put(buffer, "<dl class=\"words\">\n");
    for (size_t i = 0; i < document->definition_count; i++) {
        put_element(buffer, "<div><dt>", document->definitions[i].term, "</dt>");
        put_element(buffer, "<dd>", document->definitions[i].text, "</dd></div>\n");
    }
    buffer_put(buffer, "</dl>\n</section>\n");
}

static void put_notes(struct render_buffer *buffer, const struct table_document *document)
{
    if (document->note_count == 0)
        return;
    put_element(buffer, "<section id=\"notes\">\n<h2>", _("Notes"), "</h2>\n");
    put_mark(buffer, document);
    buffer_put(buffer, "<ul class=\"notes\">\n");
    for (size_t i = 0; i < document->note_count; i++)
        put_element(buffer, "<li>", document->notes[i].text, "</li>\n");
    buffer_put(buffer, "</ul>\n</section>\n");
}

enum base_code html_write(const struct table_document *document, struct render_buffer *buffer,
                          struct base_error *error)
{
    (void)error;
    put_head(buffer, document);
    buffer_put(buffer, "<body>\n");
    put_running(buffer, document);
    buffer_put(buffer, "<div class=\"sheet\">\n<header>\n");
    put_mark(buffer, document);
    put_element(buffer, "<h1>", document->title, "</h1>\n");
    put_facts(buffer, document);
    put_first_figures(buffer, document);
    buffer_put(buffer, "</header>\n<main>\n");
    for (size_t number = 1; number <= document->table_count; number++)
        put_section(buffer, document, number);
    put_notes(buffer, document);
    put_definitions(buffer, document);
    buffer_put(buffer, "</main>\n</div>\n</body>\n</html>\n");
    return BASE_OK;
}
