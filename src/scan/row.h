/* A row of cells that a reader fills before it hands them on: only then is it known whether the row
 * is one of a table or a line of text. Also memory that grows and is wiped. */
#ifndef TAVS_SCAN_ROW_H
#define TAVS_SCAN_ROW_H

#include "reader.h"

/* Bytes that are wiped when they move and when they are let go. Begins as all zero. */
struct bytes {
    char *at;
    size_t size, room;
};

/* False if there is no memory; what is there stays. `at` may be NULL for size 0. */
bool bytes_add(struct bytes *bytes, const char *at, size_t size);
void bytes_free(struct bytes *bytes);

/* `count` items of `size` bytes, wiped and freed when they have to move; NULL if there is no memory
 * (the old ones stay). Counts double. */
void *items_grow(void *items, size_t *room, size_t count, size_t size);

enum { ROW_MOST_CELLS = 4 * SCAN_MOST_COLUMNS };

struct row_cell {
    uint32_t column;
    unsigned flags;
    size_t start, size;
};

struct row {
    uint32_t table, number;
    struct row_cell *cells;
    size_t count, room;
    bool overfull; /* over ROW_MOST_CELLS */
    struct bytes text;
};

/* Begins the next row; cells and their texts are forgotten, not the memory. */
void row_begin(struct row *row, uint32_t table, uint32_t number);

/* Begins a cell in a column (from 1); its text is what is added to row->text from now on. False if
 * there is no memory. */
bool row_cell(struct row *row, uint32_t column, unsigned flags);
bool row_add(struct row *row, uint32_t column, unsigned flags, const char *text, size_t size);

/* Hands the filled cells on. A single filled cell is SCAN_CELL_ALONE if that is said (`marks_alone`). An overfull
 * row is SCAN_READ_TOO_BIG. */
enum scan_read row_send(struct row *row, bool marks_alone, scan_take *take, void *context);

void row_free(struct row *row);

#endif
