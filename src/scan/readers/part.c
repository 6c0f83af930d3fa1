/* One part of a workbook: unpacked, and parsed as XML. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "tavs/scan.h"

enum { READ_STEP = 1 << 16, MOST_UNPACKED = 4 * SCAN_MOST_BYTES };

/* ---- XML ------------------------------------------------------------------------------------ */

static const char *local(const xmlChar *name)
{
    const char *colon = strchr((const char *)name, ':');
    return colon != NULL ? colon + 1 : (const char *)name;
}

void part_stop(struct part *part, enum scan_read state)
{
    if (part->book->state == SCAN_READ_OK)
        part->book->state = state;
    xmlStopParser(part->parser);
}

const char *part_attribute(const xmlChar **attributes, const char *name)
{
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        if (is(local(attributes[i]), name) && attributes[i + 1] != NULL)
            return (const char *)attributes[i + 1];
    }
    return "";
}

static void send(struct part *part, const struct scan_cell *cell)
{
    struct workbook *book = part->book;
    if (book->state != SCAN_READ_OK || book->take(book->context, cell))
        return;
    book->state = SCAN_READ_STOPPED;
    if (part->parser != NULL)
        xmlStopParser(part->parser);
}

void part_send(struct part *part, const char *text, size_t size, unsigned flags)
{
    const struct scan_cell cell = {.flags = SCAN_CELL_PROSE | SCAN_CELL_PART | flags,
                                   .text = text,
                                   .size = size,
                                   .part = part->place};
    if (size > 0)
        send(part, &cell);
}

void part_unread(struct part *part, enum scan_unread unread)
{
    const struct scan_cell cell = {.flags = SCAN_CELL_PROSE | SCAN_CELL_PART | SCAN_CELL_UNREAD,
                                   .text = "",
                                   .part = part->place,
                                   .unread = unread};
    send(part, &cell);
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    struct part *part = context;
    if (is(local(name), "rPr"))
        part->runs++;
    if (part->runs == 0)
        part->start(part, local(name), attributes);
}

static void on_end(void *context, const xmlChar *name)
{
    struct part *part = context;
    if (part->runs == 0)
        part->end(part, local(name));
    else if (is(local(name), "rPr"))
        part->runs--;
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct part *part = context;
    if (size > 0 && !bytes_add(&part->text, (const char *)text, (size_t)size))
        part_stop(part, SCAN_READ_NO_MEMORY);
}

/* No part of a workbook has a document type; entities would come with it. */
static void on_document_type(void *context, const xmlChar *name, const xmlChar *external,
                             const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    part_stop(context, SCAN_READ_DAMAGED);
}

/* False if they are no XML. */
static bool parse(struct part *part, struct bytes bytes)
{
    struct workbook *book = part->book;
    if (bytes.size > INT_MAX || !markup_is_bearable(bytes.at, bytes.size, false)) {
        book->state = SCAN_READ_TOO_BIG;
        return true;
    }
    part->parser = xmlNewParserCtxt();
    if (part->parser == NULL) {
        book->state = SCAN_READ_NO_MEMORY;
        return true;
    }
    memset(part->parser->sax, 0, sizeof *part->parser->sax);
    part->parser->sax->startElement = on_start;
    part->parser->sax->endElement = on_end;
    part->parser->sax->characters = part->parser->sax->cdataBlock = on_text;
    part->parser->sax->internalSubset = on_document_type;
    part->parser->userData = part;
    xmlFreeDoc(xmlCtxtReadMemory(part->parser, bytes.at, (int)bytes.size, NULL, NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
    const bool good = part->parser->wellFormed != 0 || book->state != SCAN_READ_OK;
    xmlFreeParserCtxt(part->parser);
    part->parser = NULL;
    bytes_free(&part->text);
    row_free(&part->row);
    return good;
}

/* ---- the archive ---------------------------------------------------------------------------- */

/* Unpacks an entry; false, with the state set, if that can't be. */
static bool unpack(struct workbook *book, zip_uint64_t index, struct bytes *bytes)
{
    zip_file_t *file = zip_fopen_index(book->archive, index, 0);
    char *step = malloc(READ_STEP);
    zip_int64_t got = file != NULL && step != NULL ? 1 : -1;
    if (step == NULL)
        book->state = SCAN_READ_NO_MEMORY;
    while (got > 0 && (got = zip_fread(file, step, READ_STEP)) > 0) {
        book->unpacked += (size_t)got;
        if (book->unpacked > MOST_UNPACKED)
            book->state = SCAN_READ_TOO_BIG;
        else if (!bytes_add(bytes, step, (size_t)got))
            book->state = SCAN_READ_NO_MEMORY;
        if (book->state != SCAN_READ_OK)
            break;
    }
    if (file != NULL && zip_fclose(file) != 0) /* a wrong check sum */
        got = -1;
    if (got < 0 && book->state == SCAN_READ_OK)
        book->state = SCAN_READ_DAMAGED;
    if (step != NULL)
        explicit_bzero(step, READ_STEP);
    free(step);
    return book->state == SCAN_READ_OK;
}

const char *part_place(const char *path)
{
    static const char *const places[] = {"xl/comments",      "xl/threadedComments", "xl/persons",
                                         "xl/drawings",      "xl/charts",           "xl/pivotCache",
                                         "xl/pivotTables",   "xl/tables",           "xl/worksheets",
                                         "xl/media",         "xl/externalLinks",    "xl/embeddings",
                                         "xl/workbook",      "xl/vbaProject",       "xl/styles",
                                         "xl/sharedStrings", "docProps/core",       "docProps/app",
                                         "docProps/custom",  "docProps/thumbnail",  "customXml",
                                         "xl/_rels"};
    for (size_t i = 0; path != NULL && i < sizeof places / sizeof *places; i++) {
        if (strncmp(path, places[i], strlen(places[i])) == 0)
            return places[i];
    }
    return "";
}

void part_read(struct workbook *book, zip_uint64_t index, uint32_t table, part_start *start,
               part_end *end, bool needed)
{
    struct bytes bytes = {0};
    struct part part = {.book = book,
                        .place = part_place(zip_get_name(book->archive, index, ZIP_FL_ENC_GUESS)),
                        .start = start,
                        .end = end,
                        .row = {.table = table}};
    if (unpack(book, index, &bytes) && !parse(&part, bytes)) {
        if (needed)
            book->state = SCAN_READ_DAMAGED;
        else
            part_send(&part, bytes.at, bytes.size, SCAN_CELL_RAW);
    }
    bytes_free(&bytes);
}
