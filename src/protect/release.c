#include "release.h"

#include <string.h>

/* Of the time limit, from the beginning: joins are tried until then; all is chosen exactly until then. The
 * rest is for elimination and audits. */
#define JOINS_PART 0.25
#define EXACT_PART 0.4

enum base_code release_start(const struct protect_request *request, struct release *release,
                             struct base_error *error)
{
    const double seconds = request->seconds > 0 ? request->seconds : PROTECT_SECONDS;
    const double now = old_solver_clock();
    *release = (struct release){
        .request = request,
        .joins_deadline = now + JOINS_PART * seconds,
        .exact_deadline = now + EXACT_PART * seconds,
        .deadline = now + seconds,
        .ground = {request->places, request->place_count, BASE_LAST_MONTH, BASE_FIRST_MONTH},
    };
    for (size_t i = 0; i < request->place_count; i++) {
        const struct base_period life = request->places[i].counts->period;
        if (life.first < release->ground.first)
            release->ground.first = life.first;
        if (life.last > release->ground.last)
            release->ground.last = life.last;
    }
    if (old_solver_find(request->solver, &release->solver, error) != BASE_OK ||
        old_arena_new(&release->arena, error) != BASE_OK)
        return error->code;
    if (old_arena_take(release->arena, request->table_count, sizeof *release->wanted, &release->wanted,
                   error) != BASE_OK ||
        old_arena_take(release->arena, request->reserved_count, sizeof *release->reserved,
                   &release->reserved, error) != BASE_OK) {
        release_end(release);
        return error->code;
    }
    return BASE_OK;
}

void release_end(struct release *release)
{
    old_arena_free(release->arena);
    release->arena = NULL;
}

size_t release_earlier(const struct protect_request *request, struct settle_sum *sums)
{
    const uint32_t here =
        request->place_count >= PROTECT_MOST_PLACES ? UINT32_MAX : (1u << request->place_count) - 1;
    size_t count = 0;
    for (size_t i = 0; i < request->earlier_count; i++) {
        const struct protect_earlier *earlier = &request->earlier[i];
        struct settle_sum *sum = &sums[count];
        *sum = (struct settle_sum){.sum = earlier->sum};
        sum->sum.places &= here;
        if (sum->sum.places == 0)
            continue;
        if (earlier->shown)
            sum->role = earlier->changed ? SETTLE_STALE_SHOWN : SETTLE_SHOWN;
        else
            sum->role = earlier->changed ? SETTLE_STALE_HIDDEN : SETTLE_HIDDEN;
        count++;
    }
    return count;
}

/* ---- settlements ---------------------------------------------------------------------------- */

enum base_code release_settlement(const struct release *release, struct settlement *settlement,
                                  struct base_error *error)
{
    *settlement = (struct settlement){
        .ground = release->ground,
        .threshold = release->request->threshold,
        .solver = release->solver,
        .exact_deadline = release->exact_deadline,
        .deadline = release->deadline,
        .arena = release->arena,
    };
    const struct protect_request *request = release->request;
    const size_t room = release_figures(release->wanted, request->table_count) +
                        release_figures(release->reserved, request->reserved_count) +
                        request->earlier_count;
    return old_arena_take(release->arena, room, sizeof *settlement->sums, &settlement->sums, error);
}

static void add_figures(struct settlement *settlement, const struct layout *layouts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < layouts[i].figures; j++)
            settlement->sums[settlement->count++] =
                (struct settle_sum){.sum = layouts[i].sum[j], .role = SETTLE_WANTED};
}

static void add_earlier(struct settlement *settlement, const struct protect_request *request)
{
    settlement->count += release_earlier(request, settlement->sums + settlement->count);
}

static base_month last_of(const struct layout *layouts, size_t count, base_month last)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < layouts[i].figures; j++)
            if (layouts[i].sum[j].places != 0 && layouts[i].sum[j].months.last > last)
                last = layouts[i].sum[j].months.last;
    return last;
}

/* As if the reserved tables' time ended now: first these alone; then the wanted ones, beside what the
 * reserved ones will show. What the wanted ones may not show by that is hidden. */
static enum base_code reserve(struct release *release, struct settlement *settlement,
                              struct base_error *error)
{
    const struct protect_request *request = release->request;
    const size_t figures = release_figures(release->wanted, request->table_count);
    struct settlement first, second;
    if (release_settlement(release, &first, error) != BASE_OK ||
        release_settlement(release, &second, error) != BASE_OK)
        return error->code;
    first.estimate = second.estimate = true; /* it is the wanted ones that leave the house */
    first.ground.last = second.ground.last =
        last_of(release->reserved, request->reserved_count, release->ground.last);
    add_figures(&first, release->reserved, request->reserved_count);
    const size_t reserved = first.count;
    add_earlier(&first, request);
    if (settle(&first, error) != BASE_OK)
        return error->code;
    add_figures(&second, release->wanted, request->table_count);
    for (size_t i = 0; i < reserved; i++) {
        second.sums[second.count] = first.sums[i];
        second.sums[second.count++].role = first.sums[i].shown ? SETTLE_SHOWN : SETTLE_HIDDEN;
    }
    add_earlier(&second, request);
    if (settle(&second, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < figures; i++)
        if (!second.sums[i].shown)
            settlement->sums[i].role = SETTLE_WANTED_HIDDEN;
    return BASE_OK;
}

static enum base_code lay_out(struct release *release, const struct protect_table *const *tables,
                              size_t count, struct layout *layouts, struct base_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (joins_choose(release, tables[i], &layouts[i], error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

static enum base_code protect(struct release *release, struct protect_result **out,
                              struct base_error *error)
{
    const struct protect_request *request = release->request;
    struct settlement settlement;
    if (lay_out(release, request->tables, request->table_count, release->wanted, error) !=
            BASE_OK ||
        lay_out(release, request->reserved, request->reserved_count, release->reserved, error) !=
            BASE_OK ||
        release_settlement(release, &settlement, error) != BASE_OK)
        return error->code;
    add_figures(&settlement, release->wanted, request->table_count);
    add_earlier(&settlement, request);
    if (request->reserved_count > 0 && reserve(release, &settlement, error) != BASE_OK)
        return error->code;
    settlement.explain = request->explain;
    if (settle(&settlement, error) != BASE_OK)
        return error->code;
    return result_make(release, &settlement, out, error);
}

enum base_code protect_release(const struct protect_request *request, struct protect_result **out,
                               struct base_error *error)
{
    struct release release;
    struct protect_result *result = NULL;
    if (release_start(request, &release, error) != BASE_OK)
        return error->code;
    const enum base_code code = protect(&release, &result, error);
    release_end(&release);
    if (code == BASE_OK)
        *out = result;
    return code;
}
