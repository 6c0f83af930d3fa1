/* Lines below each other: what of them is a table, a list, running text. */
#ifndef TAVS_SCAN_LINES_H
#define TAVS_SCAN_LINES_H

#include "chars.h"
#include "row.h"

struct lines {
    const char *bytes;
    size_t size, at;
    uint32_t line, table; /* the number of the last one */
    unsigned flags;       /* of all cells */
    bool markdown, in_table;
    struct row row;
    scan_take *take;
    void *context;
};

/* The line at `*at`, which moves to the next one. */
struct scan_text lines_next(const struct lines *lines, size_t *at);

/* Hands on what stands up to the next blank line. */
enum scan_read lines_read_block(struct lines *lines);

/* Lines of running text, which is handed on as such by itself: those that follow each other and may be a list or rows are
 * kept, and handed on as SCAN_CELL_AGAIN where another line follows. Begins as all zero. */
struct gathered {
    struct bytes text;
    size_t count;
    int kind;
};

/* A paragraph; the lines in it are parted by '\n'. `tables` is the number of the last table. */
enum scan_read lines_gather(struct gathered *gathered, const char *text, size_t size,
                            uint32_t *tables, scan_take *take, void *context);

/* What follows is no part of the same list. */
enum scan_read lines_gathered(struct gathered *gathered, uint32_t *tables, scan_take *take,
                              void *context);

#endif
