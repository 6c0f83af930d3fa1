/* The inside of the reader of xlsx: a zip archive of XML parts (ECMA-376, SpreadsheetML). */
#ifndef TAVS_SCAN_PARTS_H
#define TAVS_SCAN_PARTS_H

#include <libxml/parser.h>
#include <string.h>
#include <zip.h>

#include "../markup.h"
#include "../row.h"

enum { MOST_PATH = 256, CODE_BYTES = 40, DAYS_TO_1904 = 1462 };

/* How a number is shown that has a certain style. */
enum shown { SHOWN_NUMBER, SHOWN_DATE, SHOWN_DIGITS /* "000000-0000" */ };

struct number_format {
    long id;
    enum shown shown;
    char code[CODE_BYTES];
};

struct sheet {
    char relation[MOST_PATH], path[MOST_PATH];
};

struct workbook {
    zip_t *archive;
    scan_take *take;
    void *context;
    enum scan_read state;
    size_t unpacked; /* bytes so far */
    long day_zero;   /* days from 1899-12-30 to the day that dates count from */
    struct sheet *sheets;
    size_t sheet_count, sheet_room;
    struct number_format *formats; /* by id */
    size_t format_count, format_room;
    struct number_format *styles; /* by the number in a cell's "s" */
    size_t style_count, style_room;
    struct bytes strings; /* the shared strings, one after the other */
    size_t *string_ends;
    size_t string_count, string_room;
    uint32_t tables;
};

struct part;
typedef void part_start(struct part *part, const char *name, const xmlChar **attributes);
typedef void part_end(struct part *part, const char *name);

/* What the parser calls, with the workbook-wide state and the part's own. */
struct part {
    struct workbook *book;
    const char *place; /* a constant */
    xmlParserCtxtPtr parser;
    part_start *start;
    part_end *end;
    struct bytes text; /* gathered since it was last cleared */
    unsigned runs;     /* in how many elements that format text */
    bool listening;    /* text is gathered */
    /* a sheet's */
    struct row row;
    uint32_t column;
    bool one_column;
    char type[8];
    long style;
    /* a style sheet's */
    bool cell_formats;
    /* a pivot cache's */
    uint32_t items;
};

void part_stop(struct part *part, enum scan_read state);

/* The value of an attribute, "" if it is not there. */
const char *part_attribute(const xmlChar **attributes, const char *name);

/* The part's text as running text. */
void part_send(struct part *part, const char *text, size_t size, unsigned flags);

/* A part that can't be read. */
void part_unread(struct part *part, enum scan_unread unread);

/* What can be said of where a part lies, "" if nothing: its name may be a person's. */
const char *part_place(const char *path);

/* Reads an entry of the archive as XML. Where that is not what it is, its bytes are judged as they are, except
 * of the parts that the workbook needs. */
void part_read(struct workbook *book, zip_uint64_t index, uint32_t table, part_start *start,
               part_end *end, bool needed);

static inline bool is(const char *name, const char *other)
{
    return strcmp(name, other) == 0;
}

/* sheet.c */
part_start sheet_start;
part_end sheet_end;

/* shown.c: how a style shows numbers, from its code; and a number as it is shown, whole numbers
 * without exponent. `shown` has room for SHOWN_BYTES. Returns the length. */
enum { SHOWN_BYTES = 64 };
void shown_classify(struct number_format *format, const char *code);
size_t shown_number(const struct number_format *format, long day_zero, const char *value,
                    size_t size, char *shown);

#endif
