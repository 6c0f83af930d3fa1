#include <string.h>

#include "fail.h"
#include "release.h"

/* What was released, and how much of it the tables laid out so far have: a release's sums stand in the order
 * in which its tables have them, each once. */
struct before {
    const struct protect_earlier *sums;
    size_t count, met;
};

/* SIZE_MAX if there is none. */
static size_t find(const struct before *before, const struct protect_sum *sum)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct protect_sum *one = &before->sums[i].sum;
        if (one->places == sum->places && one->months.first == sum->months.first &&
            one->months.last == sum->months.last && one->channels == sum->channels &&
            one->parties == sum->parties && one->sessions == sum->sessions)
            return i;
    }
    return SIZE_MAX;
}

/* Was the table released like this? Its figures were met before, or are those that come next. */
static bool fits(const struct before *before, const struct layout *layout, size_t *met)
{
    *met = before->met;
    for (size_t i = 0; i < layout->figures; i++) {
        const size_t found = find(before, &layout->sum[i]);
        if (found > *met || found == SIZE_MAX)
            return false;
        *met += found == *met ? 1 : 0;
    }
    return true;
}

/* Of several ways that fit, the one that has most that is new. */
static enum base_code lay_out_again(struct release *release, const struct protect_table *table,
                                    struct before *before, struct layout *layout,
                                    struct base_error *error)
{
    bool any = false;
    size_t most = before->met;
    for (unsigned row = 0; row < layout_levels(&table->row); row++) {
        for (unsigned column = 0; column < layout_levels(&table->column); column++) {
            struct layout made;
            size_t met;
            if (layout_make(table, row, column, release->arena, &made, error) != BASE_OK)
                return error->code;
            if (!fits(before, &made, &met) || (any && met <= most))
                continue;
            any = true;
            most = met;
            *layout = made;
        }
    }
    before->met = most;
    return any ? BASE_OK : fail_tables(error, BASE_NOT_PROTECTED);
}

/* What is left to an attacker by now, after all releases. */
static enum base_code explain_again(const struct release *release, struct settlement *told,
                                    struct base_error *error)
{
    struct settlement now;
    if (release_settlement(release, &now, error) != BASE_OK)
        return error->code;
    now.explain = true;
    for (size_t i = 0; i < told->count; i++)
        now.sums[now.count++] = (struct settle_sum){.sum = told->sums[i].sum, .role = SETTLE_AGAIN};
    now.count += release_earlier(release->request, now.sums + now.count);
    if (settle(&now, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < told->count; i++) {
        told->sums[i].least = now.sums[i].least;
        told->sums[i].most = now.sums[i].most;
    }
    told->method = now.method;
    told->exposed_before = now.exposed_before;
    told->witnesses = now.witnesses;
    return BASE_OK;
}

static enum base_code repeat(struct release *release, const struct protect_earlier *again,
                             size_t count, struct protect_result **out, struct base_error *error)
{
    const struct protect_request *request = release->request;
    struct settlement settlement;
    struct before before = {again, count, 0};
    for (size_t i = 0; i < request->table_count; i++)
        if (lay_out_again(release, request->tables[i], &before, &release->wanted[i], error) !=
            BASE_OK)
            return error->code;
    if (before.met < count)
        return fail_tables(error, BASE_NOT_PROTECTED);
    if (release_settlement(release, &settlement, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < request->table_count; i++) {
        for (size_t j = 0; j < release->wanted[i].figures; j++) {
            const struct protect_sum *sum = &release->wanted[i].sum[j];
            const int64_t value = model_value(&release->ground, sum);
            const bool shown = again[find(&before, sum)].shown;
            settlement.sums[settlement.count++] = (struct settle_sum){
                .sum = *sum,
                .value = value,
                .least = value,
                .most = value,
                .instead = SIZE_MAX,
                .small = !shown && value < (int64_t)request->threshold,
                .shown = shown,
            };
        }
    }
    if (request->explain && explain_again(release, &settlement, error) != BASE_OK)
        return error->code;
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
