/* Joins first: each table is tried at each step of joining its rows and columns, by itself. */
#include "release.h"

/* Of each trial. */
#define TRIAL_SECONDS 1.0

struct trial {
    size_t shown;
    bool possible;
};

static bool is_about(const struct protect_sum *earlier, const struct layout *layout)
{
    struct protect_sum both;
    for (size_t i = 0; i < layout->figures; i++)
        if (model_intersect(earlier, &layout->sum[i], &both))
            return true;
    return false;
}

static enum base_code try_layout(struct release *release, const struct layout *layout,
                                 struct arena *arena, struct trial *trial, struct base_error *error)
{
    const double own = old_solver_clock() + TRIAL_SECONDS;
    const double deadline = own < release->joins_deadline ? own : release->joins_deadline;
    struct settlement settlement = {
        .ground = release->ground,
        .threshold = release->request->threshold,
        .solver = release->solver,
        .exact_deadline = deadline,
        .deadline = deadline,
        .arena = arena,
        .estimate = true,
    };
    const struct protect_request *request = release->request;
    if (old_arena_take(arena, layout->figures + request->earlier_count, sizeof *settlement.sums,
                   &settlement.sums, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < layout->figures; i++)
        settlement.sums[settlement.count++] = (struct settle_sum){.sum = layout->sum[i]};
    struct settle_sum *earlier = settlement.sums + settlement.count;
    const size_t all = release_earlier(request, earlier);
    for (size_t i = 0; i < all; i++)
        if (is_about(&earlier[i].sum, layout))
            settlement.sums[settlement.count++] = earlier[i];
    const enum base_code code = settle(&settlement, error);
    *trial = (struct trial){.possible = code == BASE_OK};
    for (size_t i = 0; i < layout->figures && trial->possible; i++)
        trial->shown +=
            settlement.sums[i].number != SYSTEM_NOTHING && settlement.sums[i].shown ? 1 : 0;
    return code == BASE_NOT_PROVEN ? BASE_OK : code;
}

/* Of layouts that keep the same number of figures the one that was joined more: it has fewer holes. */
static enum base_code try_made(struct release *release, const struct layout *made, bool first,
                               struct trial *best, struct layout *layout, struct base_error *error)
{
    struct trial trial = {.possible = false};
    struct arena *arena = NULL;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    const enum base_code code = try_layout(release, made, arena, &trial, error);
    old_arena_free(arena);
    if (code != BASE_OK)
        return code;
    if (first || (trial.possible && (!best->possible || trial.shown >= best->shown))) {
        *best = trial;
        *layout = *made;
    }
    return BASE_OK;
}

/* A step of joining that leaves as many lines as another is the same. */
static bool is_new(size_t *seen, size_t *count, size_t lines)
{
    for (size_t i = 0; i < *count; i++)
        if (seen[i] == lines)
            return false;
    seen[(*count)++] = lines;
    return true;
}

enum base_code joins_choose(struct release *release, const struct protect_table *table,
                            struct layout *layout, struct base_error *error)
{
    struct trial best = {.possible = false};
    size_t rows[LAYOUT_MOST_LEVELS], row_count = 0;
    for (unsigned row = 0; row < layout_levels(&table->row); row++) {
        size_t columns[LAYOUT_MOST_LEVELS], column_count = 0;
        bool new_row = true;
        for (unsigned column = 0; column < layout_levels(&table->column) && new_row; column++) {
            struct layout made;
            if (layout_make(table, row, column, release->arena, &made, error) != BASE_OK)
                return error->code;
            new_row = column > 0 || is_new(rows, &row_count, made.row.count);
            if (new_row && is_new(columns, &column_count, made.column.count) &&
                try_made(release, &made, row == 0 && column == 0, &best, layout, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}
