/* Tables as lines, joined step by step, and the sum of each of their figures. */
#ifndef PROTECT_LAYOUT_H
#define PROTECT_LAYOUT_H

#include "arena.h"
#include "tavs/protect.h"

enum { LAYOUT_MOST_LEVELS = 4 };

/* A way to lay out a table. */
struct layout {
    struct protect_axis row, column;
    bool rows_joined, columns_joined;
    size_t figures;
    struct protect_sum *sum; /* of each figure, row by row */
};

/* How many steps of joining an axis has, none included; the last may leave its total only. */
unsigned layout_levels(const struct protect_axis *axis);

/* Lays the table out at these steps. A figure in whose sets nothing is has no months in common: its sum's
 * places are none. BASE_BAD_PERIOD: some figure's months are not consecutive. BASE_NO_MEMORY. */
enum base_code layout_make(const struct protect_table *table, unsigned row_level,
                           unsigned column_level, struct arena *arena, struct layout *layout,
                           struct base_error *error);

#endif
