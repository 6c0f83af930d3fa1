#include <string.h>

#include "fail.h"
#include "release.h"

static const struct protect_earlier *find(const struct protect_earlier *again, size_t count,
                                          const struct protect_sum *sum)
{
    for (size_t i = 0; i < count; i++) {
        const struct protect_sum *one = &again[i].sum;
        if (one->places == sum->places && one->months.first == sum->months.first &&
            one->months.last == sum->months.last && one->channels == sum->channels &&
            one->parties == sum->parties && one->sessions == sum->sessions)
            return &again[i];
    }
    return NULL;
}

static enum base_code lay_out_again(struct release *release, const struct protect_table *table,
                                    const struct protect_earlier *again, size_t count,
                                    struct layout *layout, struct base_error *error)
{
    for (unsigned row = 0; row < layout_levels(&table->row); row++) {
        for (unsigned column = 0; column < layout_levels(&table->column); column++) {
            if (layout_make(table, row, column, release->arena, layout, error) != BASE_OK)
                return error->code;
            size_t known = 0;
            for (size_t i = 0; i < layout->figures; i++)
                known += find(again, count, &layout->sum[i]) != NULL ? 1 : 0;
            if (known == layout->figures)
                return BASE_OK;
        }
    }
    return fail_tables(error, BASE_NOT_PROTECTED);
}

static enum base_code repeat(struct release *release, const struct protect_earlier *again,
                             size_t count, struct protect_result **out, struct base_error *error)
{
    const struct protect_request *request = release->request;
    struct settlement settlement = {.ground = release->ground};
    for (size_t i = 0; i < request->table_count; i++)
        if (lay_out_again(release, request->tables[i], again, count, &release->wanted[i], error) !=
            BASE_OK)
            return error->code;
    if (arena_take(release->arena, release_figures(release->wanted, request->table_count),
                   sizeof *settlement.sums, &settlement.sums, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < request->table_count; i++) {
        for (size_t j = 0; j < release->wanted[i].figures; j++) {
            const struct protect_sum *sum = &release->wanted[i].sum[j];
            const int64_t value = model_value(&release->ground, sum);
            settlement.sums[settlement.count++] = (struct settle_sum){
                .sum = *sum,
                .value = value,
                .least = value,
                .most = value,
                .instead = SIZE_MAX,
                .small = value < (int64_t)request->threshold,
                .shown = find(again, count, sum)->shown,
            };
        }
    }
    return result_make(release, &settlement, out, error);
}

enum base_code protect_again(const struct protect_request *request,
                             const struct protect_earlier *again, size_t again_count,
                             struct protect_result **out, struct base_error *error)
{
    struct release release;
    struct protect_result *result = NULL;
    if (release_start(request, &release, error) != BASE_OK)
        return error->code;
    const enum base_code code = repeat(&release, again, again_count, &result, error);
    release_end(&release);
    if (code == BASE_OK)
        *out = result;
    return code;
}
