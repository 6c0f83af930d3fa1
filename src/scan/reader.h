/* The boundary between the readers of file formats and the judging of what they read.
 *
 * A reader takes a whole file in memory and calls `take` for each cell and each piece of running
 * text, in the file's order, and the same way each time it is run. The readers of html and xlsx
 * (apart/) bring large libraries: they are built as a shared object of their own,
 * tavs-scan.so, that is loaded when such a file is scanned (load.c). They use nothing of the
 * program but `take`.
 */
#ifndef TAVS_SCAN_READER_H
#define TAVS_SCAN_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tavs/base.h"

/* What a reader knows about a cell. */
enum {
    SCAN_CELL_PROSE = 1,   /* running text; a row with one filled cell is that too */
    SCAN_CELL_HEADING = 2, /* surely a heading: th in the first row, a key in json */
    SCAN_CELL_LIST = 4,    /* from a list of plain values in json */
    SCAN_CELL_RAW = 8,     /* machine text (scripts, links): no names are looked for */
    SCAN_CELL_FIELD = 16,  /* json: no sentence is taken for a note without further signs */
    SCAN_CELL_AUTHOR = 32, /* who made the file, by its properties */
    SCAN_CELL_UNREAD = 64, /* `text` names a part of the file that can't be read */
    SCAN_CELL_KEYS = 256,  /* of a column that is not part of the rows: it has no heading */
    SCAN_CELL_SHEET = 512, /* a sheet's name, in the workbook's order and before all cells */
    SCAN_CELL_PART = 128,  /* `part` names the part of the file that the text stands in */
};

struct scan_cell {
    uint32_t table, row, column; /* as in struct scan_hit */
    unsigned flags;
    const char *text; /* UTF-8 or nearly so; valid during the call */
    size_t size;
    const char *part; /* with SCAN_CELL_PART; a constant, for it is shown */
};

/* False: stop reading. */
typedef bool scan_take(void *context, const struct scan_cell *cell);

enum scan_read {
    SCAN_READ_OK,
    SCAN_READ_STOPPED,
    SCAN_READ_DAMAGED,
    SCAN_READ_TOO_BIG,
    SCAN_READ_NO_MEMORY
};

typedef enum scan_read scan_reader(const char *bytes, size_t size, scan_take *take, void *context);

/* In UTF-8 (chars.h); html also takes what is declared in the page as UTF-8. */
scan_reader scan_read_csv, scan_read_txt, scan_read_json, scan_read_markdown;

/* csv.c: true if nearly all lines have the same number of fields, two or more. */
bool csv_is_likely(const char *bytes, size_t size);

/* In tavs-scan.so (apart/). */
BASE_SHOWN scan_reader scan_read_html, scan_read_xlsx;

/* More columns than a table of an ordinary program has; what lies beyond is judged as running text.
 */
enum { SCAN_MOST_COLUMNS = 16384 };

#endif
