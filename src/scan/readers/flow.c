#include "flow.h"

#include <stdlib.h>

enum { MOST_CAPITALS = 8192 };

/* ---- kinds of elements ---------------------------------------------------------------------- */

/* What stands in a paragraph, or hangs on it, and is no part of its text. */
static const char *const asides[] = {"txbxContent", "rt", "Fallback", NULL};
static const char *const odf_asides[] = {
    "annotation", "note",      "note-citation",   "note-body",  "frame",    "custom-shape",
    "rect",       "line",      "polyline",        "polygon",    "path",     "circle",
    "ellipse",    "connector", "caption",         "measure",    "g",        "control",
    "text-box",   "image",     "object",          "object-ole", "plugin",   "floating-frame",
    "title",      "desc",      "ruby-text",       "script",     "deletion", "page-thumbnail",
    "table",      "forms",     "event-listeners", NULL};

/* Numbers of the layout, and bytes written as letters. */
static const char *const dull_texts[] = {
    "posOffset", "pctPosHOffset", "pctPosVOffset", "pctWidth", "pctHeight", "Anchor", "binary-data",
    "binData",   "blob",          "oblob",         "stream",   "ostream",   NULL};

static const char *const authors[] = {"creator",          "lastModifiedBy",  "author",
                                      "Manager",          "Company",         "initial-creator",
                                      "printed-by",       "author-name",     "author-initials",
                                      "creator-initials", "sender-initials", NULL};

/* In legacy shapes text is written as in a web page. */
static const char *const web_inline[] = {"font", "b", "i", "u", "span", "strong", "em", "a", NULL};

static const char *const caches[] = {"numCache", "strCache",         "numLit",
                                     "strLit",   "multiLvlStrCache", NULL};

static bool is_paragraph(const struct flow *flow, const char *name)
{
    return is(name, "p") || (flow->odf && is(name, "h"));
}

static bool is_off(const char *value)
{
    return is(value, "0") || is(value, "false") || is(value, "off") || is(value, "none");
}

/* ---- frames --------------------------------------------------------------------------------- */

void flow_push(struct part *part, struct flow *flow, bool cell)
{
    if (flow->frame_count == MOST_FRAMES)
        return; /* what is deeper is text of the innermost */
    struct frame *frame = &flow->frames[flow->frame_count++];
    frame->depth = part->depth;
    frame->paragraph = 0;
    frame->cell = cell;
    frame->mark_gone = false;
    frame->text.changed = false;
    frame->text.kept.size = frame->text.all.size = frame->text.gone.size = 0;
}

static void pop(struct part *part, struct flow *flow)
{
    struct frame *frame = flow_frame(flow);
    if (frame->cell) {
        flow_end_paragraph(part, flow, frame);
        flow_cell_end(part, flow, frame);
    }
    frame->mark_gone = false;
    frame->cell = false;
    if (frame->text.kept.size > 0)
        frame->text.kept.size = 0;
    if (flow->lines_frame == flow->frame_count)
        flow_end_lines(part, flow);
    flow->frame_count--;
}

static void start_paragraph(struct part *part, struct flow *flow)
{
    if (flow_frame(flow)->paragraph > 0)
        flow_push(part, flow, false);
    struct frame *frame = flow_frame(flow);
    part->number++;
    if (frame->cell && frame->text.kept.size > 0 && !frame->mark_gone)
        flow_put(part, flow, "\n", 1);
    frame->mark_gone = false;
    if (frame->paragraph == 0)
        frame->paragraph = part->depth;
}

/* ---- text outside of paragraphs ------------------------------------------------------------- */

static void send_value(struct part *part, struct flow *flow)
{
    const struct scan_cell cell = {.table = flow->cache_table,
                                   .row = ++flow->cache_row,
                                   .column = flow->cache_column > 0 ? flow->cache_column : 1,
                                   .flags = SCAN_CELL_LIST,
                                   .text = flow->loose.at,
                                   .size = flow->loose.size};
    if (part->package->state == SCAN_READ_OK && !part->package->take(part->package->context, &cell))
        part_stop(part, SCAN_READ_STOPPED);
}

static void end_loose(struct part *part, struct flow *flow, const char *name)
{
    struct bytes *loose = &flow->loose;
    if (loose->size > 0 && flow->inside.dull == 0) {
        if (part->package->escapes)
            loose->size = part_unescape(loose->at, loose->size);
        if (flow->inside.cache > 0 && is(name, "v"))
            send_value(part, flow);
        else if (is_in(name, authors))
            part_send_author(part, loose->at, loose->size);
        else if (part_may_tell(loose->at, loose->size))
            flow_send(part, flow, loose->at, loose->size);
    }
    loose->size = 0;
}

/* ---- what stands for text ------------------------------------------------------------------- */

/* A letter of a symbol font is a number to everybody else: digits and letters mostly are the same. */
static void put_symbol(struct part *part, struct flow *flow, const xmlChar **attributes)
{
    const long point = strtol(part_attribute(attributes, "char"), NULL, 16) & 0xff;
    const char letter = (char)point;
    const bool told =
        (point >= '0' && point <= '9') || ((point | 0x20) >= 'a' && (point | 0x20) <= 'z');
    if (!told)
        return;
    flow_put(part, flow, &letter, 1);
    part_unread(part, SCAN_UNREAD_PART);
}

static bool put_special(struct part *part, struct flow *flow, const char *name,
                        const xmlChar **attributes)
{
    if (is(name, "br") || is(name, "cr"))
        flow_put(part, flow, "\n", 1);
    else if (is(name, "tab") && flow->inside.runs > 0 && flow->inside.paragraph_properties == 0)
        flow_put(part, flow, "\t", 1);
    else if (is(name, "noBreakHyphen"))
        flow_put(part, flow, "-", 1);
    else if (is(name, "sym") && flow->inside.runs > 0)
        put_symbol(part, flow, attributes);
    else
        return is(name, "softHyphen");
    return true;
}

/* The text that was deleted here: it is kept at the head of the document. */
static void put_deleted(struct part *part, struct flow *flow, const char *id)
{
    const size_t place =
        flow->deleted_at == NULL ? 0 : (size_t)xmlHashLookup(flow->deleted_at, BAD_CAST id);
    if (place == 0 || place > flow->deleted.size)
        return;
    const char *text = flow->deleted.at + place - 1;
    const size_t length = strnlen(text, flow->deleted.size - (place - 1));
    part_again(part, length);
    if (part->package->state != SCAN_READ_OK)
        return;
    flow->inside.gone++;
    flow_put(part, flow, text, length > 0 ? length - 1 : 0);
    flow->inside.gone--;
}

/* The text that follows is that of a change. */
static void start_deleted(struct part *part, struct flow *flow, const char *id)
{
    if (flow->deleted_at == NULL)
        flow->deleted_at = xmlHashCreate(0);
    if (flow->deleted_at == NULL)
        part_stop(part, SCAN_READ_NO_MEMORY);
    else /* of two of one name the first counts */
        (void)xmlHashAddEntry(flow->deleted_at, BAD_CAST id, (void *)(flow->deleted.size + 1));
}

static bool put_odf_special(struct part *part, struct flow *flow, const char *name,
                            const xmlChar **attributes)
{
    static const char spaces[] = "          ";
    if (flow_frame(flow)->paragraph == 0)
        return false;
    if (is(name, "s")) {
        const long count = strtol(part_attribute(attributes, "c"), NULL, 10);
        flow_put(part, flow, spaces, count < 1 ? 1 : count > 10 ? 10 : (size_t)count);
    } else if (is(name, "tab")) {
        flow_put(part, flow, "\t", 1);
    } else if (is(name, "line-break")) {
        flow_put(part, flow, "\n", 1);
    } else if (is(name, "change")) {
        put_deleted(part, flow, part_attribute(attributes, "change-id"));
    } else {
        return false;
    }
    return true;
}

/* ---- capitals ------------------------------------------------------------------------------- */

static void add_capitals(struct part *part, struct flow *flow, const char *style)
{
    if (flow->capitals == NULL || *style == '\0' || flow->capitals->size > MOST_CAPITALS)
        return;
    if (flow->capitals->size == 0)
        part_add(part, flow->capitals, "", 1);
    part_add(part, flow->capitals, style, strlen(style) + 1);
}

static bool is_capitals(const struct flow *flow, const char *style)
{
    char between[SHORT_BYTES + 2] = "";
    const size_t size = strlen(style);
    if (size == 0 || size >= SHORT_BYTES || flow->capitals == NULL || flow->capitals->size == 0)
        return false;
    memcpy(between + 1, style, size + 1);
    return memmem(flow->capitals->at, flow->capitals->size, between, size + 2) != NULL;
}

/* Styles, and what uses them. */
static void look_for_capitals(struct part *part, struct flow *flow, const char *name,
                              const xmlChar **attributes)
{
    const char *value = part_attribute(attributes, "val");
    if (is(name, "style")) {
        const char *id = part_attribute(attributes, flow->odf ? "name" : "styleId");
        snprintf(flow->style, sizeof flow->style, "%s", id);
    } else if (flow->odf && is(name, "text-properties")) {
        const char *transform = part_attribute(attributes, "text-transform");
        const char *variant = part_attribute(attributes, "font-variant");
        if (is(transform, "uppercase") || is(transform, "capitalize") || is(variant, "small-caps"))
            add_capitals(part, flow, flow->style);
    } else if (flow->odf && flow->inside.capitals_depth == 0 &&
               is_capitals(flow, part_attribute(attributes, "style-name"))) {
        flow->inside.capitals_depth = part->depth;
    } else if (is(name, "caps") || is(name, "smallCaps")) {
        if (is_off(value))
            return;
        if (flow->inside.runs == 0)
            add_capitals(part, flow, flow->style);
        flow->inside.run_capitals = flow->inside.runs > 0;
    } else if (is(name, "rPr") && !flow->odf) {
        const char *cap = part_attribute(attributes, "cap");
        flow->inside.run_capitals = is(cap, "all") || is(cap, "small");
    } else if (is(name, "rStyle")) {
        flow->inside.run_capitals = flow->inside.run_capitals || is_capitals(flow, value);
    } else if (is(name, "pStyle") && is_capitals(flow, value)) {
        flow->inside.capitals_depth = flow_frame(flow)->paragraph;
    }
}

/* ---- what the parser calls ------------------------------------------------------------------ */

/* What is inside of these is counted, for it means something else there. */
static void count(struct flow *flow, const char *name, int by)
{
    const unsigned step = (unsigned)by;
    if (flow->odf) {
        flow->inside.deletions += is(name, "deletion") ? step : 0;
        return;
    }
    flow->inside.runs += is(name, "r") ? step : 0;
    flow->inside.texts += is(name, "t") || is(name, "delText") ? step : 0;
    flow->inside.instructions += is(name, "instrText") || is(name, "delInstrText") ? step : 0;
    flow->inside.gone += is(name, "del") || is(name, "moveFrom") ? step : 0;
    flow->inside.paragraph_properties += is(name, "pPr") ? step : 0;
    flow->inside.choices += is(name, "AlternateContent") ? step : 0;
    flow->inside.fallbacks += is(name, "Fallback") ? step : 0;
}

static void start_cache(struct part *part, struct flow *flow, const char *name)
{
    if (flow->inside.cache == 0 && is_in(name, caches)) {
        flow->inside.cache = part->depth;
        flow->cache_table = ++part->package->tables;
        flow->cache_row = flow->cache_column = 0;
    } else if (flow->inside.cache > 0 && is(name, "lvl")) {
        flow->cache_column++;
        flow->cache_row = 0;
    }
}

static bool is_dull_text(const struct flow *flow, const char *name, const xmlChar **attributes)
{
    if (flow->odf && is(name, "config-item"))
        return !is(part_attribute(attributes, "type"), "string");
    return is_in(name, dull_texts);
}

static void start_odf(struct part *part, struct flow *flow, const char *name,
                      const xmlChar **attributes)
{
    if (is(name, "changed-region")) {
        start_deleted(part, flow, part_attribute(attributes, "id"));
    } else if (is(name, "script")) {
        part_unread(part, SCAN_UNREAD_MACRO);
    } else if (is(name, "binary-data")) {
        part_unread(part, SCAN_UNREAD_PICTURE);
    }
}

static void on_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct flow *flow = part->own;
    if (!is_in(name, web_inline))
        end_loose(part, flow, "");
    count(flow, name, 1);
    part_send_attributes(part, name, attributes);
    look_for_capitals(part, flow, name, attributes);
    start_cache(part, flow, name);
    flow->inside.dull += is_dull_text(flow, name, attributes) || flow->inside.dull > 0;
    if (is(name, "r"))
        flow->inside.run_capitals = false;
    if (is(name, "del") && flow->inside.paragraph_properties > 0 && !flow->odf)
        flow_frame(flow)->mark_gone = flow_frame(flow)->paragraph > 0;
    if (flow->odf)
        start_odf(part, flow, name, attributes);
    if (flow->odf ? put_odf_special(part, flow, name, attributes)
                  : put_special(part, flow, name, attributes))
        return;
    if (is_in(name, flow->odf ? odf_asides : asides))
        flow_push(part, flow, false);
    if (flow->odf && is(name, "h"))
        flow_end_lines(part, flow);
    if (!flow_table_start(part, flow, name, attributes) && is_paragraph(flow, name))
        start_paragraph(part, flow);
}

static void end_of_kind(struct part *part, struct flow *flow, const char *name)
{
    if (is(name, "fldChar") && flow->instruction.size > 0) {
        flow_send(part, flow, flow->instruction.at, flow->instruction.size);
        flow->instruction.size = 0;
    } else if (is(name, "AlternateContent") && flow->inside.choices == 0) {
        flow->choice.size = 0;
    } else if (flow->odf && is(name, "changed-region")) {
        part_add(part, &flow->deleted, "", 1);
    } else if (!flow->odf && flow->inside.runs == 0 && !is(name, "r") && !is(name, "t")) {
        struct frame *frame = flow_frame(flow); /* runs that no paragraph holds */
        if (frame->paragraph == 0 && !frame->cell && !frame->mark_gone)
            flow_end_paragraph(part, flow, frame);
    }
}

static void on_end(struct part *part, const char *name)
{
    struct flow *flow = part->own;
    const size_t depth = part->depth + 1;
    if (!is_in(name, web_inline))
        end_loose(part, flow, name);
    flow->inside.dull -= flow->inside.dull > 0;
    count(flow, name, -1);
    flow->inside.cache = flow->inside.cache == depth ? 0 : flow->inside.cache;
    end_of_kind(part, flow, name);
    struct frame *frame = flow_frame(flow);
    if (frame->paragraph == depth) {
        flow_end_paragraph(part, flow, frame);
        frame->paragraph = 0;
    }
    flow->inside.capitals_depth =
        flow->inside.capitals_depth == depth ? 0 : flow->inside.capitals_depth;
    if (flow->frame_count > 1 && frame->depth == depth)
        pop(part, flow);
    flow_table_end(part, flow, name);
    if (part->depth == 0)
        flow_end_lines(part, flow);
}

static void on_text(struct part *part, const char *text, size_t size)
{
    struct flow *flow = part->own;
    if (flow->inside.instructions > 0)
        part_add(part, &flow->instruction, text, size);
    else if (flow->odf ? flow_frame(flow)->paragraph > 0 : flow->inside.texts > 0)
        flow_put(part, flow, text, size);
    else if (flow->inside.dull == 0)
        part_add(part, &flow->loose, text, size);
}

const struct part_hooks flow_hooks = {on_start, on_end, on_text};

void flow_begin(struct flow *flow)
{
    flow->inside = (struct flow_inside){0};
    flow->frame_count = 1;
    flow->table_count = 0;
    flow->frames[0].depth = flow->frames[0].paragraph = 0;
    flow->frames[0].text.kept.size = flow->loose.size = flow->instruction.size = 0;
    flow->deleted.size = flow->choice.size = 0;
    xmlHashFree(flow->deleted_at, NULL);
    flow->deleted_at = NULL;
    flow->lines.text.size = flow->lines.count = 0;
    flow->style[0] = '\0';
}

void flow_free(struct flow *flow)
{
    for (size_t i = 0; i < MOST_FRAMES; i++) {
        bytes_free(&flow->frames[i].text.kept);
        bytes_free(&flow->frames[i].text.all);
        bytes_free(&flow->frames[i].text.gone);
    }
    for (size_t i = 0; i < MOST_OPEN_TABLES; i++)
        row_free(&flow->tables[i].row);
    bytes_free(&flow->lines.text);
    bytes_free(&flow->loose);
    bytes_free(&flow->instruction);
    bytes_free(&flow->choice);
    bytes_free(&flow->deleted);
    xmlHashFree(flow->deleted_at, NULL);
    bytes_free(&flow->cell.value);
}
