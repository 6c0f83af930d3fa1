/* The boundary between the readers of file formats and the judging of what they read.
 *
 * A reader takes a whole file in memory and calls `take` for each cell and each piece of running
 * text, in the file's order, and the same way each time it is run. Those in readers/ use libraries.
 */
#ifndef TAVS_SCAN_READER_H
#define TAVS_SCAN_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tavs/scan.h"

/* What a reader knows about a cell. */
enum {
    SCAN_CELL_PROSE = 1,   /* running text */
    SCAN_CELL_HEADING = 2, /* surely a heading: th in the first row, a key in json */
    SCAN_CELL_LIST = 4,    /* from a list of plain values in json */
    SCAN_CELL_RAW = 8,     /* machine text (scripts, links): no names are looked for */
    SCAN_CELL_FIELD = 16,  /* json: no sentence is taken for a note without further signs */
    SCAN_CELL_AUTHOR = 32, /* who made the file, by its properties */
    SCAN_CELL_UNREAD = 64, /* a part of the file that can't be read: `unread` is what it is */
    SCAN_CELL_KEYS = 256,  /* of a column that is not part of the rows: it has no heading */
    SCAN_CELL_SHEET = 512, /* a sheet's name, in the workbook's order and before all cells */
    SCAN_CELL_ALONE =
        1024, /* the only filled one of its row: running text, or a list below each other */
    SCAN_CELL_CUT =
        2048, /* no text: a row or a cell of `table` is repeated more often than it was handed on */
    SCAN_CELL_AGAIN =
        4096, /* a line of running text that was handed on, now as part of a list or table */
    SCAN_CELL_PART = 128, /* `part` names the part of the file that the text stands in */
};

struct scan_cell {
    uint32_t table, row, column; /* as in struct scan_hit */
    unsigned flags;
    const char *text; /* UTF-8 or nearly so; valid during the call */
    size_t size;
    const char *part;        /* with SCAN_CELL_PART; a constant, for it is shown */
    enum scan_unread unread; /* with SCAN_CELL_UNREAD, which has no text */
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
scan_reader scan_read_csv, scan_read_txt, scan_read_json, scan_read_markdown, scan_read_html;

/* The file as it is. That of pdf is in apart/, loaded by scan.c. */
scan_reader scan_read_pdf, scan_read_xlsx, scan_read_ods, scan_read_docx, scan_read_odt,
    scan_read_pptx;

/* Which of these an archive is by what is in it; SCAN_AUTO if none. */
enum scan_format scan_office_format(const char *bytes, size_t size);

/* The cells of the workbook at `path`; that `take` stops it is no error. As scan_file; BASE_SCAN_FORMAT: it is
 * none. */
enum base_code scan_read_workbook(const char *path, scan_take *take, void *context,
                                  struct base_error *error);

/* What a reader came to, as an error that names the file. */
enum base_code scan_say(enum scan_read read, const char *name, struct base_error *error);

/* csv.c: true if nearly all lines have the same number of fields, two or more. */
bool csv_is_likely(const char *bytes, size_t size);

/* More columns than a table of an ordinary program has; what lies beyond is judged as running text.
 */
enum { SCAN_MOST_COLUMNS = 16384 };

#endif
