#include <string.h>

#include "release.h"

/* The result and where it lies. */
struct owned {
    struct protect_result result;
    struct arena *arena;
};

static enum base_code copy_axis(struct arena *arena, const struct protect_axis *axis,
                                struct protect_axis *out, struct base_error *error)
{
    *out = (struct protect_axis){.join = axis->join, .count = axis->count};
    if (old_arena_take(arena, axis->count, sizeof *out->line, &out->line, error) != BASE_OK)
        return error->code;
    memcpy(out->line, axis->line, axis->count * sizeof *out->line);
    return BASE_OK;
}

static void count_figure(struct protect_result *result, struct protect_result_table *table,
                         enum protect_status status)
{
    switch (status) {
    case PROTECT_SHOWN:
        table->shown++;
        result->shown++;
        break;
    case PROTECT_HIDDEN_PRIMARY:
        result->hidden_primary++;
        break;
    default:
        result->hidden_secondary++;
        break;
    }
}

/* Hidden also where an earlier release with a lower threshold showed it. */
static enum protect_status status_of(const struct settle_sum *sum)
{
    if (sum->small)
        return PROTECT_HIDDEN_PRIMARY;
    return sum->shown ? PROTECT_SHOWN : PROTECT_HIDDEN_SECONDARY;
}

static enum base_code fill_table(struct owned *owned, const struct layout *layout,
                                 const struct settle_sum *sums, struct protect_result_table *table,
                                 struct base_error *error)
{
    if (copy_axis(owned->arena, &layout->row, &table->row, error) != BASE_OK ||
        copy_axis(owned->arena, &layout->column, &table->column, error) != BASE_OK ||
        old_arena_take(owned->arena, layout->figures, sizeof *table->figures, &table->figures, error) !=
            BASE_OK)
        return error->code;
    table->rows_joined = layout->rows_joined;
    table->columns_joined = layout->columns_joined;
    for (size_t i = 0; i < layout->figures; i++) {
        table->figures[i] = (struct protect_figure){
            .sum = sums[i].sum,
            .value = sums[i].value,
            .status = status_of(&sums[i]),
            .least = sums[i].least,
            .most = sums[i].most,
            .give_up_table = PROTECT_NO_FIGURE,
            .give_up_figure = PROTECT_NO_FIGURE,
        };
        count_figure(&owned->result, table, table->figures[i].status);
    }
    return BASE_OK;
}

/* Sum number `sum` of all wanted ones as a table's figure. */
static void find_figure(const struct release *release, size_t sum, struct protect_figure *figure)
{
    for (size_t i = 0; i < release->request->table_count; i++) {
        if (sum < release->wanted[i].figures) {
            figure->give_up_table = i;
            figure->give_up_figure = sum;
            return;
        }
        sum -= release->wanted[i].figures;
    }
}

static enum base_code fill_result(const struct release *release,
                                  const struct settlement *settlement, struct owned *owned,
                                  struct base_error *error)
{
    struct protect_result *result = &owned->result;
    const size_t count = release->request->table_count;
    if (old_arena_take(owned->arena, count, sizeof *result->tables, &result->tables, error) != BASE_OK)
        return error->code;
    result->table_count = count;
    result->method = settlement->method;
    result->exposed_before = settlement->exposed_before;
    result->witnesses = settlement->witnesses;
    const struct settle_sum *sums = settlement->sums;
    for (size_t i = 0; i < count; i++) {
        if (fill_table(owned, &release->wanted[i], sums, &result->tables[i], error) != BASE_OK)
            return error->code;
        for (size_t j = 0; j < release->wanted[i].figures; j++)
            if (sums[j].instead != SIZE_MAX)
                find_figure(release, sums[j].instead, &result->tables[i].figures[j]);
        sums += release->wanted[i].figures;
    }
    return BASE_OK;
}

enum base_code result_make(const struct release *release, const struct settlement *settlement,
                           struct protect_result **out, struct base_error *error)
{
    struct arena *arena = NULL;
    struct owned *owned;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    if (old_arena_take(arena, 1, sizeof *owned, &owned, error) == BASE_OK) {
        owned->arena = arena;
        if (fill_result(release, settlement, owned, error) == BASE_OK) {
            *out = &owned->result;
            return BASE_OK;
        }
    }
    old_arena_free(arena);
    return error->code;
}

void protect_result_free(struct protect_result *result)
{
    if (result != NULL)
        old_arena_free(((struct owned *)(void *)result)->arena);
}
