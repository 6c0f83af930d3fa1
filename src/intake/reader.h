/* The boundary to what reads csv: apart/csv.c, which is built with libcsv as tavs-intake.so. It uses
 * nothing of the program. */
#ifndef TAVS_INTAKE_READER_H
#define TAVS_INTAKE_READER_H

#include "tavs/base.h"

enum { READER_CELL_BYTES = 4096 }; /* the longest cell, and its zero */

enum reader_result { READER_OK, READER_BAD_QUOTES, READER_TOO_LONG, READER_NO_MEMORY };

/* A cell, which is not the reader's any more; its text ends with a zero that `size` does not count. */
typedef void reader_take_cell(void *context, const char *text, size_t size);

/* The end of a row, also of one without cells. */
typedef void reader_take_row(void *context);

struct reader;

struct reader_library {
    /* NULL: no memory. */
    struct reader *(*new)(char delimiter, reader_take_cell *cell, reader_take_row *row,
                          void *context);
    enum reader_result (*feed)(struct reader *reader, const void *bytes, size_t size);
    enum reader_result (*end)(struct reader *reader);
    void (*free)(struct reader *reader); /* NULL is fine */
};

BASE_SHOWN extern const struct reader_library reader_csv;

#endif
