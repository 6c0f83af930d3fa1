/* The inside of the writer of workbooks. Part of tavs-render.so: uses nothing of the program but
 * what it is built with. */
#ifndef RENDER_BOOK_H
#define RENDER_BOOK_H

#include <xlsxwriter.h>

#include "tavs/table.h"

enum book_format {
    BOOK_TITLE,
    BOOK_SUBTITLE,
    BOOK_MARK,
    BOOK_GROUP, /* over the headings: what the columns stand for */
    BOOK_HEADING,
    BOOK_HEADING_RIGHT,
    BOOK_HEADING_AFTER, /* of a text that stands after a figure */
    BOOK_LABEL,
    BOOK_LABEL_AFTER,
    BOOK_FIGURE,
    BOOK_SYMBOL,
    BOOK_TOTAL_LABEL,
    BOOK_TOTAL_FIGURE,
    BOOK_TOTAL_SYMBOL,
    BOOK_LEGEND,
    BOOK_SECTION,
    BOOK_TERM,
    BOOK_TEXT,
    BOOK_FORMATS,
};

struct book {
    const struct table_document *document;
    lxw_workbook *workbook;
    lxw_format *format[BOOK_FORMATS];
    lxw_error failure; /* the first */
};

/* Notes a failure; the workbook is not to be written then. */
void book_check(struct book *book, lxw_error result);

/* A text; an empty one is an empty cell of that format. */
void book_put(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
              const char *text, enum book_format format);

/* Text of several lines, in a column that is `width` characters wide. */
void book_put_wrapped(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                      const char *text, size_t width);

/* A new sheet with its title, what the document is, the internal mark and what the symbols of the
 * table that it is for mean (NULL: there is none); set up for one page A4, landscape. NULL if there
 * is no memory. `*row` is where its contents begin. */
lxw_worksheet *book_add_sheet(struct book *book, const char *name, const char *title,
                              const struct table *table, lxw_row_t *row);

/* format.c: makes all formats. */
void format_add_all(struct book *book);

/* name.c: the wanted name as a sheet may have it (at most 31 UTF-16 units, none of []:*?/\, no
 * apostrophe at either end) and no sheet of the workbook has it yet. */
enum { BOOK_NAME_BYTES = 31 * 3 + 1 };
void book_name(char name[BOOK_NAME_BYTES], const struct book *book, const char *wanted);

/* Where a table stands in its sheet. */
struct book_place {
    lxw_worksheet *sheet;
    lxw_row_t heading, first; /* rows: of the columns' headings, of the first figures */
    lxw_col_t column;         /* of the first figures */
    lxw_row_t end;            /* the row after the table */
    size_t pixels;            /* how wide it is */
};

/* sheet.c: a table on a sheet of its own, with its chart. */
void sheet_add(struct book *book, const struct table *table);

/* chart.c: the table's chart, if it has one. */
void chart_add(struct book *book, const struct table *table, const struct book_place *place);

/* explain.c: the sheet of definitions, facts and notes. */
void explain_add(struct book *book);

/* memory.c */

/* The library does not survive a refusal of memory. Sees to it that the next `size` bytes that are
 * taken from the heap are there. BASE_NO_MEMORY. */
enum base_code memory_reserve(size_t size, struct base_error *error);

/* Why there was no memory file, as errno tells; 0 if there always was. */
int memory_refusal(void);

/* The library's temporary files are memory files; else BASE_PART_MISSING. */
enum base_code memory_check(struct base_error *error);

#endif
