/* The layouts that a release of several places has of a period. */
#ifndef PROTECT_LAYOUTS_H
#define PROTECT_LAYOUTS_H

#include "arena.h"
#include "tavs/protect.h"

/* Of all places together, if there are several, then of each: figures[list][rank], rank below count[list]. */
struct layouts {
    size_t lists;
    struct cell_set (*figures)[PROTECT_MOST_LAYOUT];
    size_t *count;
};

/* Lives as long as the arena. BASE_NO_MEMORY. */
enum base_code layouts_new(const struct protect_request *request, struct base_period period,
                           struct arena *arena, struct layouts *layouts, struct base_error *error);

#endif
