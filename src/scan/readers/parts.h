/* The inside of the reader of xlsx (ECMA-376, SpreadsheetML). */
#ifndef TAVS_SCAN_PARTS_H
#define TAVS_SCAN_PARTS_H

#include <libxml/hash.h>

#include "package.h"
#include "shown.h"

enum { DAYS_TO_1904 = 1462 };

/* A sheet: rows, and what else stands in it. */
struct sheet {
    struct row row;
    struct bytes text; /* gathered since it was last cleared */
    uint32_t column;
    bool one_column;
    bool whole; /* a string in the cell itself: its pieces are one text */
    bool letters;
    char type[8];
    long style;
};

struct sheet_place {
    char relation[MOST_PATH], path[MOST_PATH];
};

struct workbook {
    struct package package;
    struct flow flow;
    struct sheet sheet;
    char main[MOST_PATH], styles_path[MOST_PATH], strings_path[MOST_PATH];
    long day_zero; /* days from 1899-12-30 to the day that dates count from */
    struct sheet_place *sheets;
    size_t sheet_count, sheet_room;
    xmlHashTablePtr sheet_of; /* relation -> the number of the first sheet that names it, from 1 */
    struct number_format *formats; /* by id */
    size_t format_count, format_room;
    struct number_format *styles; /* by the number in a cell's "s" */
    size_t style_count, style_room;
    bool cell_formats;    /* these are the cells' */
    struct bytes strings; /* the shared strings, one after the other */
    uint32_t *string_ends;
    bool *string_used;
    size_t string_count, string_room, used_room;
    unsigned phonetic;
    uint32_t items; /* of a field in a pivot cache */
};

/* sheet.c */
extern const struct part_hooks sheet_hooks;
void sheet_begin(struct sheet *sheet, uint32_t table);
void sheet_free(struct sheet *sheet);

/* strings.c: the shared strings; afterwards those that no cell shows. */
extern const struct part_hooks string_hooks;
void strings_send_unused(struct workbook *book);

/* cache.c: a pivot cache's fields, and its rows. */
extern const struct part_hooks cache_hooks, record_hooks;

#endif
