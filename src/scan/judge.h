/* The second reading: what each cell is, given what is known of its column. */
#ifndef TAVS_SCAN_JUDGE_H
#define TAVS_SCAN_JUDGE_H

#include "column.h"

struct judge {
    const struct survey *survey;
    struct memo *memo;   /* of what nothing was found in, by column */
    scan_report *report; /* may be NULL */
    void *context;
    struct scan_result *result;
    /* of the cell that is looked at */
    const struct scan_cell *cell;
    const struct column *column;
    struct scan_text text;
    unsigned found; /* a bit for each kind */
    bool told_internal;
};

void judge_cell(struct judge *judge, const struct scan_cell *cell);

/* mask.c: the value with nearly all letters and digits hidden, and its length in characters. */
void mask_value(enum scan_kind kind, struct scan_text value, struct scan_hit *hit);

#endif
