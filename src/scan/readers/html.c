/* HTML, with libxml2's forgiving parser, as a stream of events: no tree is built. Tables give cells,
 * lists one column of cells; all else is running text, comments and attributes that people see too. */
#include <libxml/HTMLparser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../lines.h"
#include "../markup.h"
#include "../row.h"

enum {
    MOST_NESTED = 16, /* tables in tables; what is deeper is text of the innermost */
    MOST_DEPTH = 256, /* of elements: an end tag is looked for in all that are open */
    MOST_SPAN = 1000, /* as browsers have it */
};

struct open_table {
    struct row row;
    bool list, in_row, in_cell, spanned;
    uint32_t rows, column;
};

struct html {
    htmlParserCtxtPtr parser;
    scan_take *take;
    void *context;
    enum scan_read state;
    struct open_table open[MOST_NESTED];
    size_t nested, too_deep;
    uint32_t tables, depth;
    unsigned style, script, pre;
    struct bytes prose;
    struct bytes shown; /* the same in lines as browsers show them */
    struct gathered lines;
};

static bool is_one_of(const xmlChar *name, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp((const char *)name, *list) == 0)
            return true;
    }
    return false;
}

static bool is(const xmlChar *name, const char *other)
{
    return strcmp((const char *)name, other) == 0;
}

static void stop(struct html *html, enum scan_read state)
{
    if (html->state == SCAN_READ_OK)
        html->state = state;
    xmlStopParser(html->parser);
}

static uint32_t line_of(const struct html *html)
{
    const int line = html->parser->input != NULL ? html->parser->input->line : 0;
    return line > 0 ? (uint32_t)line : 0;
}

static void send_text(struct html *html, const char *text, size_t size, unsigned flags)
{
    const struct scan_cell cell = {
        .row = line_of(html), .flags = SCAN_CELL_PROSE | flags, .text = text, .size = size};
    if (size > 0 && html->state == SCAN_READ_OK && !html->take(html->context, &cell))
        stop(html, SCAN_READ_STOPPED);
}

static void check(struct html *html, enum scan_read read)
{
    if (read != SCAN_READ_OK)
        stop(html, read);
}

static void end_lines(struct html *html)
{
    if (html->state == SCAN_READ_OK)
        check(html, lines_gathered(&html->lines, &html->tables, html->take, html->context));
}

/* Between blocks stand blanks. */
static void flush_shown(struct html *html)
{
    const struct scan_text shown = chars_trim((struct scan_text){html->shown.at, html->shown.size});
    if (shown.size > 0 && html->state == SCAN_READ_OK)
        check(html, lines_gather(&html->lines, shown.at, shown.size, &html->tables, html->take,
                                 html->context));
    html->shown.size = 0;
}

static void flush_prose(struct html *html)
{
    send_text(html, html->prose.at, html->prose.size, html->script > 0 ? SCAN_CELL_RAW : 0);
    html->prose.size = 0;
    flush_shown(html);
}

static struct open_table *innermost(struct html *html)
{
    return html->nested > 0 ? &html->open[html->nested - 1] : NULL;
}

/* Where text goes now. */
static struct bytes *target(struct html *html)
{
    struct open_table *table = innermost(html);
    return table != NULL && table->in_cell ? &table->row.text : &html->prose;
}

static void add_text(struct html *html, const char *text, size_t size)
{
    if (!bytes_add(target(html), text, size))
        stop(html, SCAN_READ_NO_MEMORY);
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Blanks and ends of lines are one blank but in <pre>. */
static void show(struct html *html, const char *text, size_t size)
{
    const struct bytes *shown = &html->shown;
    for (size_t i = 0; i < size && html->state == SCAN_READ_OK;) {
        const bool white = html->pre == 0 && is_white(text[i]);
        const bool again = shown->size > 0 && is_white(shown->at[shown->size - 1]);
        size_t end = i + 1;
        while (end < size && (html->pre > 0 || is_white(text[end]) == white))
            end++;
        if (!white || !again)
            if (!bytes_add(&html->shown, white ? " " : text + i, white ? 1 : end - i))
                stop(html, SCAN_READ_NO_MEMORY);
        i = end;
    }
}

static void break_line(struct html *html)
{
    if (target(html) == &html->prose && !bytes_add(&html->shown, "\n", 1))
        stop(html, SCAN_READ_NO_MEMORY);
    add_text(html, "\n", 1);
}

/* ---- tables --------------------------------------------------------------------------------- */

static void end_row(struct html *html, struct open_table *table)
{
    if (table->in_row && html->state == SCAN_READ_OK) {
        const bool several = table->row.count > 1 || table->spanned;
        const enum scan_read read = row_send(&table->row, several, html->take, html->context);
        if (read != SCAN_READ_OK)
            stop(html, read);
    }
    table->in_row = table->in_cell = false;
}

static void begin_row(struct html *html, struct open_table *table)
{
    end_row(html, table);
    row_begin(&table->row, table->row.table, ++table->rows);
    table->in_row = true;
    table->spanned = false;
    table->column = 0;
}

static void begin_cell(struct html *html, struct open_table *table, unsigned flags, uint32_t span)
{
    if (!table->in_row)
        begin_row(html, table);
    if (!row_cell(&table->row, table->column + 1, flags))
        stop(html, SCAN_READ_NO_MEMORY);
    table->in_cell = true;
    table->spanned = table->spanned || span > 1;
    table->column += table->column < SCAN_MOST_COLUMNS ? span : 0;
}

static void begin_table(struct html *html, bool list)
{
    if (html->nested == MOST_NESTED) {
        html->too_deep++;
        return;
    }
    flush_prose(html);
    end_lines(html);
    struct open_table *table = &html->open[html->nested++];
    row_begin(&table->row, ++html->tables, 0);
    table->list = list;
    table->rows = 0;
    table->in_row = table->in_cell = false;
}

static void end_table(struct html *html)
{
    if (html->too_deep > 0) {
        html->too_deep--;
        return;
    }
    struct open_table *table = innermost(html);
    if (table == NULL)
        return;
    end_row(html, table);
    html->nested--;
}

/* ---- attributes ----------------------------------------------------------------------------- */

static uint32_t span_of(const xmlChar **attributes)
{
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        if (is(attributes[i], "colspan") && attributes[i + 1] != NULL) {
            const long span = strtol((const char *)attributes[i + 1], NULL, 10);
            return span < 1 ? 1 : span > MOST_SPAN ? MOST_SPAN : (uint32_t)span;
        }
    }
    return 1;
}

/* A picture, or another file, that stands in the page itself. */
static void note_embedded(struct html *html, const char *value)
{
    static const char *const beginnings[] = {"data:image", "data:"};
    for (size_t i = 0; i < 2; i++) {
        if (strncasecmp(value, beginnings[i], strlen(beginnings[i])) != 0)
            continue;
        const struct scan_cell cell = {.flags = SCAN_CELL_PROSE | SCAN_CELL_UNREAD,
                                       .text = "",
                                       .unread = i == 0 ? SCAN_UNREAD_PICTURE : SCAN_UNREAD_FILE};
        if (html->state == SCAN_READ_OK && !html->take(html->context, &cell))
            stop(html, SCAN_READ_STOPPED);
        return;
    }
}

/* Only what people are shown, follow or send. */
static void send_attributes(struct html *html, const xmlChar **attributes)
{
    static const char *const seen[] = {"title",       "alt",        "value",   "content", "label",
                                       "placeholder", "aria-label", "summary", "srcdoc",  NULL};
    static const char *const holding[] = {"src", "href", "xlink:href", "data", "poster", NULL};
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        const char *value = (const char *)attributes[i + 1];
        if (value == NULL)
            continue;
        if (is_one_of(attributes[i], holding))
            note_embedded(html, value);
        if (is_one_of(attributes[i], seen))
            send_text(html, value, strlen(value), 0);
        else if (is(attributes[i], "href") || strncmp((const char *)attributes[i], "data-", 5) == 0)
            send_text(html, value, strlen(value), SCAN_CELL_RAW);
    }
}

/* ---- what the parser calls ------------------------------------------------------------------ */

static const char *const blocks[] = {
    "p",       "div",     "h1",     "h2",     "h3",      "h4",         "h5",      "h6",
    "section", "article", "header", "footer", "main",    "title",      "caption", "figcaption",
    "dt",      "dd",      "pre",    "hr",     "address", "blockquote", "form",    "option",
    "text",    "desc",    "label",  "button", "nav",     "aside",      "details", "summary",
    "tbody",   "thead",   "tfoot",  "body",   "head",    "script",     "svg",     NULL};

/* Text before and after a block is not one text. */
static void part(struct html *html)
{
    struct open_table *table = innermost(html);
    if (table != NULL && table->in_cell)
        add_text(html, " ", 1);
    else
        flush_prose(html);
}

/* A heading, or a rule. */
static bool begins_list(const xmlChar *name)
{
    return name[0] == 'h' && ((name[1] >= '1' && name[1] <= '6') || is(name, "hr"));
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct html *html = context;
    struct open_table *table = innermost(html);
    if (++html->depth > MOST_DEPTH) {
        stop(html, SCAN_READ_TOO_BIG);
        return;
    }
    send_attributes(html, attributes);
    if (is(name, "table") || is(name, "ul") || is(name, "ol")) {
        begin_table(html, !is(name, "table"));
    } else if (table != NULL && !table->list && is(name, "tr")) {
        begin_row(html, table);
    } else if (table != NULL && !table->list && (is(name, "td") || is(name, "th"))) {
        const bool heading = is(name, "th") && table->rows <= 1;
        begin_cell(html, table, SCAN_CELL_FIELD | (heading ? SCAN_CELL_HEADING : 0),
                   span_of(attributes));
    } else if (table != NULL && table->list && is(name, "li")) {
        begin_row(html, table);
        begin_cell(html, table, SCAN_CELL_LIST, 1);
    } else if (is_one_of(name, blocks)) {
        part(html);
        if (begins_list(name))
            end_lines(html);
    } else if (is(name, "br")) {
        break_line(html);
    }
    html->pre += is(name, "pre");
    html->style += is(name, "style");
    html->script += is(name, "script");
}

static void on_end(void *context, const xmlChar *name)
{
    struct html *html = context;
    struct open_table *table = innermost(html);
    html->depth -= html->depth > 0;
    if (is(name, "table") || is(name, "ul") || is(name, "ol"))
        end_table(html);
    else if (table != NULL && (is(name, "tr") || is(name, "li")))
        end_row(html, table);
    else if (table != NULL && (is(name, "td") || is(name, "th")))
        table->in_cell = false;
    else if (is_one_of(name, blocks))
        part(html);
    if (is(name, "title"))
        end_lines(html);
    html->pre -= is(name, "pre") && html->pre > 0;
    html->style -= is(name, "style") && html->style > 0;
    html->script -= is(name, "script") && html->script > 0;
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct html *html = context;
    if (html->style > 0 || size <= 0)
        return;
    if (html->script == 0 && target(html) == &html->prose)
        show(html, (const char *)text, (size_t)size);
    add_text(html, (const char *)text, (size_t)size);
}

static void on_comment(void *context, const xmlChar *text)
{
    send_text(context, (const char *)text, strlen((const char *)text), 0);
}

/* Given up before the end. */
static bool is_stopped(htmlParserCtxtPtr parser)
{
#if LIBXML_VERSION >= 21400
    return xmlCtxtIsStopped(parser) != 0;
#else
    return parser->disableSAX != 0;
#endif
}

enum scan_read scan_read_html(const char *bytes, size_t size, scan_take *take, void *context)
{
    if (size > INT_MAX || !markup_is_bearable(bytes, size, true))
        return SCAN_READ_TOO_BIG;
    struct html *html = calloc(1, sizeof *html);
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    enum scan_read read = SCAN_READ_NO_MEMORY;
    if (html != NULL && parser != NULL) {
        *html = (struct html){.parser = parser, .take = take, .context = context};
        memset(parser->sax, 0, sizeof *parser->sax);
        parser->sax->startElement = on_start;
        parser->sax->endElement = on_end;
        parser->sax->characters = parser->sax->cdataBlock = on_text;
        parser->sax->ignorableWhitespace = on_text;
        parser->sax->comment = on_comment;
        parser->userData = html;
        const int options = HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                            HTML_PARSE_NONET | HTML_PARSE_NOIMPLIED | HTML_PARSE_RECOVER;
        xmlFreeDoc(htmlCtxtReadMemory(parser, bytes, (int)size, NULL, "UTF-8", options));
        while (html->nested > 0 && html->state == SCAN_READ_OK)
            end_table(html);
        flush_prose(html);
        end_lines(html);
        read = html->state;
        if (read == SCAN_READ_OK && is_stopped(parser))
            read = parser->errNo == XML_ERR_NO_MEMORY ? SCAN_READ_NO_MEMORY : SCAN_READ_DAMAGED;
    }
    for (size_t i = 0; html != NULL && i < MOST_NESTED; i++)
        row_free(&html->open[i].row);
    if (html != NULL) {
        bytes_free(&html->prose);
        bytes_free(&html->shown);
        bytes_free(&html->lines.text);
    }
    htmlFreeParserCtxt(parser);
    free(html);
    return read;
}
