/* delimited: comma-separated values (RFC 4180) and their relatives, cell by cell.
 *
 * apart/csv.c reads them by libcsv and is built as tavs-delimited.so; it uses nothing of the program.
 */
#ifndef TAVS_DELIMITED_H
#define TAVS_DELIMITED_H

#include "tavs/base.h"

enum { DELIMITED_CELL_BYTES = 4096 }; /* the longest cell, and its zero */

enum delimited_result {
    DELIMITED_OK,
    DELIMITED_BAD_QUOTES,
    DELIMITED_TOO_LONG,
    DELIMITED_NO_MEMORY
};

/* A cell, which is not the reader's any more; its text ends with a zero that `size` does not count. */
typedef void delimited_take_cell(void *context, const char *text, size_t size);

/* The end of a row, also of one without cells. */
typedef void delimited_take_row(void *context);

struct delimited;

struct delimited_library {
    /* NULL: no memory. */
    struct delimited *(*new)(char delimiter, delimited_take_cell *cell, delimited_take_row *row,
                             void *context);
    enum delimited_result (*feed)(struct delimited *reader, const void *bytes, size_t size);
    enum delimited_result (*end)(struct delimited *reader);
    void (*free)(struct delimited *reader); /* NULL is fine */
};

BASE_SHOWN extern const struct delimited_library delimited_csv;

/* What reads them. BASE_PART_MISSING. */
enum base_code delimited_find(const struct delimited_library **out, struct base_error *error);

#endif
