/* What the ways to a result share. */
#ifndef PROTECT_RELEASE_H
#define PROTECT_RELEASE_H

#include "layout.h"
#include "settle.h"

/* A request on its way. */
struct release {
    const struct protect_request *request;
    const struct protect_solver *solver;
    struct arena *arena; /* of the work */
    double joins_deadline, exact_deadline, deadline;
    struct model_ground ground;
    struct layout *wanted, *reserved;
};

enum base_code release_start(const struct protect_request *request, struct release *release,
                             struct base_error *error);
void release_end(struct release *release);

static inline size_t release_figures(const struct layout *layouts, size_t count)
{
    size_t figures = 0;
    for (size_t i = 0; i < count; i++)
        figures += layouts[i].figures;
    return figures;
}

/* The earlier sums' roles, written to `sums`, which has room for all. Sums whose other places are not here
 * count with those that are; what has none is left out. */
size_t release_earlier(const struct protect_request *request, struct settle_sum *sums);

/* A settlement of the release: room for all figures that are laid out, wanted and reserved, and for all earlier
 * sums; none is in it yet. */
enum base_code release_settlement(const struct release *release, struct settlement *settlement,
                                  struct base_error *error);

/* ---- joins.c ---- */

/* The way to lay out the table that keeps most figures. */
enum base_code joins_choose(struct release *release, const struct protect_table *table,
                            struct layout *layout, struct base_error *error);

/* ---- result.c ---- */

/* The settlement's first sums are the wanted figures, table by table. */
enum base_code result_make(const struct release *release, const struct settlement *settlement,
                           struct protect_result **out, struct base_error *error);

#endif
