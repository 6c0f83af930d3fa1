#include "part.h"

#include <libxml/dict.h>

#include "guard.h"
#include "tavs/scan.h"

/* libxml2 2.9 keeps names in lists that it runs through: with a million different ones it takes hours. */
enum { MOST_DEPTH = 256, MOST_NAMES = 20000, LEAST_DIGITS = 4 };
enum { AGAIN_BYTES = 256 << 10, AGAIN_TIMES = 16 };

/* ---- what is handed on ---------------------------------------------------------------------- */

void part_stop(struct part *part, enum scan_read state)
{
    if (part->package->state == SCAN_READ_OK)
        part->package->state = state;
    if (part->parser != NULL)
        xmlStopParser(part->parser);
}

const char *part_local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *part_attribute(const xmlChar **attributes, const char *name)
{
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        if (is(part_local((const char *)attributes[i]), name) && attributes[i + 1] != NULL)
            return (const char *)attributes[i + 1];
    }
    return "";
}

static void send(struct part *part, const struct scan_cell *cell)
{
    struct package *package = part->package;
    if (package->state == SCAN_READ_OK && package->take != NULL &&
        !package->take(package->context, cell))
        part_stop(part, SCAN_READ_STOPPED);
}

static bool is_blank(const char *text, size_t size)
{
    while (size > 0 && (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r')) {
        text++;
        size--;
    }
    return size == 0;
}

void part_send(struct part *part, const char *text, size_t size, unsigned flags)
{
    const struct scan_cell cell = {.row = part->number,
                                   .flags = SCAN_CELL_PROSE | SCAN_CELL_PART | flags,
                                   .text = text,
                                   .size = size,
                                   .part = part->place};
    if (!is_blank(text, size))
        send(part, &cell);
}

/* A number is not who made it. */
void part_send_author(struct part *part, const char *text, size_t size)
{
    size_t digits = 0;
    for (size_t i = 0; i < size; i++)
        digits += text[i] >= '0' && text[i] <= '9';
    part_send(part, text, size, digits < LEAST_DIGITS ? SCAN_CELL_AUTHOR : 0);
}

void part_unread(struct part *part, enum scan_unread unread)
{
    const struct scan_cell cell = {.flags = SCAN_CELL_PROSE | SCAN_CELL_PART | SCAN_CELL_UNREAD,
                                   .text = "",
                                   .part = part->place,
                                   .unread = unread};
    send(part, &cell);
}

void part_add(struct part *part, struct bytes *bytes, const char *text, size_t size)
{
    if (bytes->size + size > MOST_TEXT)
        part_stop(part, SCAN_READ_TOO_BIG);
    else if (!bytes_add(bytes, text, size))
        part_stop(part, SCAN_READ_NO_MEMORY);
}

void part_again(struct part *part, size_t size)
{
    struct package *package = part->package;
    package->again += size;
    if (package->again > AGAIN_BYTES + AGAIN_TIMES * package->archive.so_far)
        part_stop(part, SCAN_READ_TOO_BIG);
}

/* The longer of two that begin alike stands first. */
static const char *const places[] = {
    "xl/comments",
    "xl/threadedComments",
    "xl/persons",
    "xl/drawings",
    "xl/charts",
    "xl/pivotCache",
    "xl/pivotTables",
    "xl/tables",
    "xl/worksheets",
    "xl/media",
    "xl/externalLinks",
    "xl/embeddings",
    "xl/workbook",
    "xl/vbaProject",
    "xl/styles",
    "xl/sharedStrings",
    "xl/connections",
    "xl/queryTables",
    "xl/slicers",
    "xl/slicerCaches",
    "xl/revisions",
    "xl/_rels",
    "xl",
    "word/document",
    "word/comments",
    "word/footnotes",
    "word/endnotes",
    "word/header",
    "word/footer",
    "word/glossary",
    "word/settings",
    "word/styles",
    "word/numbering",
    "word/media",
    "word/embeddings",
    "word/vbaProject",
    "word/charts",
    "word/people",
    "word/_rels",
    "word",
    "ppt/slides",
    "ppt/notesSlides",
    "ppt/slideMasters",
    "ppt/slideLayouts",
    "ppt/comments",
    "ppt/commentAuthors",
    "ppt/presentation",
    "ppt/media",
    "ppt/embeddings",
    "ppt/vbaProject",
    "ppt/charts",
    "ppt/diagrams",
    "ppt/handoutMasters",
    "ppt/notesMasters",
    "ppt",
    "docProps/core",
    "docProps/app",
    "docProps/custom",
    "docProps/thumbnail",
    "customXml",
    "content.xml",
    "styles.xml",
    "meta.xml",
    "settings.xml",
    "META-INF",
    "Pictures",
    "Thumbnails",
    "ObjectReplacements",
    "Object",
    "Basic",
    "Scripts",
    "_rels",
    "[Content_Types].xml",
};

const char *part_place(const char *path)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strncmp(path, places[i], strlen(places[i])) == 0)
            return places[i];
    }
    return "";
}

/* ---- XML ------------------------------------------------------------------------------------ */

struct feed {
    struct part *part;
    struct guard guard;
    bool wrong; /* it is no XML */
};

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct part *part = context;
    if (++part->depth > MOST_DEPTH)
        part_stop(part, SCAN_READ_TOO_BIG);
    if (part->hooks == NULL)
        part->package->choose(part, part_local((const char *)name));
    if (part->package->state == SCAN_READ_OK)
        part->hooks->start(part, part_local((const char *)name), attributes);
}

static void on_end(void *context, const xmlChar *name)
{
    struct part *part = context;
    part->depth--;
    if (part->package->state == SCAN_READ_OK)
        part->hooks->end(part, part_local((const char *)name));
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct part *part = context;
    if (size > 0 && part->package->state == SCAN_READ_OK)
        part->hooks->text(part, (const char *)text, (size_t)size);
}

/* Nobody sees it, and it is there. */
static void on_comment(void *context, const xmlChar *text)
{
    part_send(context, (const char *)text, strlen((const char *)text), 0);
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    if (data != NULL)
        part_send(context, (const char *)data, strlen((const char *)data), SCAN_CELL_RAW);
}

static bool begin(struct part *part)
{
    xmlSAXHandler calls;
    memset(&calls, 0, sizeof calls);
    calls.startElement = on_start;
    calls.endElement = on_end;
    calls.characters = calls.cdataBlock = calls.ignorableWhitespace = on_text;
    calls.comment = on_comment;
    calls.processingInstruction = on_instruction;
    part->parser = xmlCreatePushParserCtxt(&calls, part, NULL, 0, NULL);
    if (part->parser == NULL)
        return false;
    xmlCtxtUseOptions(part->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    return true;
}

static bool feed(void *context, const char *bytes, size_t size)
{
    struct feed *feed = context;
    struct part *part = feed->part;
    const enum guard_found found = guard_look(&feed->guard, bytes, size);
    if (found != GUARD_FINE) {
        part_stop(part, found == GUARD_TOO_MANY ? SCAN_READ_TOO_BIG : SCAN_READ_DAMAGED);
        return false;
    }
    xmlParseChunk(part->parser, bytes, (int)size, 0);
    feed->wrong = part->parser->wellFormed == 0;
    if (!feed->wrong && xmlDictSize(part->parser->dict) > MOST_NAMES)
        part_stop(part, SCAN_READ_TOO_BIG);
    return !feed->wrong && part->package->state == SCAN_READ_OK;
}

bool part_read(struct package *package, size_t index, const struct part_hooks *hooks, void *own)
{
    struct part part = {.package = package,
                        .hooks = hooks,
                        .own = own,
                        .place = part_place(archive_name(&package->archive, index))};
    struct feed feeding = {.part = &part};
    package->done[index] = true;
    if (package->state != SCAN_READ_OK)
        return true;
    if (!begin(&part)) {
        package->state = SCAN_READ_NO_MEMORY;
        return true;
    }
    const enum scan_read read = archive_unpack(&package->archive, index, feed, &feeding);
    if (read == SCAN_READ_OK && package->state == SCAN_READ_OK) {
        xmlParseChunk(part.parser, "", 0, 1);
        feeding.wrong = part.parser->wellFormed == 0;
    }
    if (package->state == SCAN_READ_OK && feeding.wrong && part.parser->errNo == XML_ERR_NO_MEMORY)
        package->state = SCAN_READ_NO_MEMORY;
    xmlFreeParserCtxt(part.parser);
    if (package->state == SCAN_READ_OK && read != SCAN_READ_OK && read != SCAN_READ_STOPPED)
        package->state = read;
    return !feeding.wrong || package->state != SCAN_READ_OK;
}
