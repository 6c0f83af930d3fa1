/* The protection requirements, enumerated from the problem alone, and which of them a tally meets. */
#include <string.h>

#include "inside.h"

static bool has(const uint64_t *bits, size_t bit)
{
    return (bits[bit / 64] >> (bit % 64) & 1U) != 0;
}

static void add(uint64_t *bits, size_t bit)
{
    bits[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static bool is_small(const struct audit *audit, int64_t value)
{
    return value >= 0 && value < (int64_t)audit->problem->threshold;
}

/* Hidden and small. A headline figure of a year that has not ended is printed nowhere. */
static bool has_requirements(const struct audit *audit, uint32_t number)
{
    const struct problem_figure *figure = &audit->problem->figure[number];
    return !audit->told[number] && is_small(audit, figure->value) &&
           !(figure->headline && audit->problem->month_ahead);
}

static void sort_figures(struct audit *audit)
{
    const struct suppression_problem *problem = audit->problem;
    for (uint32_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        if (figure->ahead)
            audit->ahead[audit->aheads++] = i;
        else if (has_requirements(audit, i)) {
            if (figure->value == 1)
                audit->maker[audit->makers++] = (uint32_t)audit->smalls;
            audit->small[audit->smalls++] = i;
        }
    }
}

static size_t words_of(size_t bits)
{
    return bits / 64 + 1;
}

enum base_code requirement_find(struct audit *audit, struct base_error *error)
{
    const struct suppression_problem *problem = audit->problem;
    struct arena *arena = audit->arena;
    struct met *met = &audit->met;
    if (arena_take(arena, problem->figures, sizeof *audit->small, &audit->small, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures, sizeof *audit->maker, &audit->maker, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures, sizeof *audit->ahead, &audit->ahead, error) != BASE_OK)
        return error->code;
    sort_figures(audit);
    audit->words = words_of(audit->smalls * problem->threshold);
    if (arena_take(arena, audit->words, sizeof *met->figure, &met->figure, error) != BASE_OK ||
        arena_take(arena, audit->words, sizeof *audit->now, &audit->now, error) != BASE_OK ||
        arena_take(arena, audit->words * audit->makers, sizeof *met->maker, &met->maker, error) !=
            BASE_OK ||
        arena_take(arena, words_of(2 * audit->aheads), sizeof *met->ahead, &met->ahead, error) !=
            BASE_OK ||
        arena_take(arena, words_of(problem->cells), sizeof *met->cell, &met->cell, error) !=
            BASE_OK)
        return error->code;
    return BASE_OK;
}

/* The lower (0) or the upper (1) end of what a figure of the month ahead must be able to be. */
static int64_t ahead_end(const struct audit *audit, unsigned end)
{
    const int64_t most = (int64_t)audit->problem->threshold - 1;
    return end == 0 ? -most : most;
}

void requirement_note(struct audit *audit)
{
    const struct suppression_problem *problem = audit->problem;
    memset(audit->now, 0, audit->words * sizeof *audit->now);
    for (size_t i = 0; i < audit->smalls; i++) {
        const int64_t value = audit->value[audit->small[i]];
        if (is_small(audit, value))
            add(audit->now, i * problem->threshold + (size_t)value);
    }
    for (size_t i = 0; i < audit->words; i++)
        audit->met.figure[i] |= audit->now[i];
    for (size_t i = 0; i < audit->makers; i++) {
        uint64_t *met = &audit->met.maker[i * audit->words];
        if (audit->value[audit->small[audit->maker[i]]] < 1)
            continue;
        for (size_t j = 0; j < audit->words; j++)
            met[j] |= audit->now[j];
    }
    for (size_t i = 0; i < audit->aheads; i++)
        for (unsigned end = 0; end < 2; end++)
            if (audit->value[audit->ahead[i]] == ahead_end(audit, end))
                add(audit->met.ahead, 2 * i + end);
    for (size_t i = 0; i < problem->cells; i++)
        if (audit->tally[i] != problem->cell[i].truth)
            add(audit->met.cell, i);
}

bool requirement_is_met(const struct audit *audit, const struct requirement *one)
{
    if (one->kind == REQUIRE_CELL)
        return audit->tally[one->cell] != audit->problem->cell[one->cell].truth;
    return audit->value[one->figure] == one->value &&
           (one->kind != REQUIRE_MAKER || audit->value[one->maker] >= 1);
}

/* ---- one after the other --------------------------------------------------------------------- */

/* Whether `figure` has all cells of `part`; both ascend. */
static bool contains(const struct suppression_problem *problem, uint32_t figure, uint32_t part)
{
    const struct problem_figure *whole = &problem->figure[figure], *inner = &problem->figure[part];
    const uint32_t *of_whole = &problem->member[whole->first],
                   *of_inner = &problem->member[inner->first];
    uint32_t at = 0;
    for (uint32_t i = 0; i < inner->count; i++) {
        while (at < whole->count && of_whole[at] < of_inner[i])
            at++;
        if (at == whole->count || of_whole[at] != of_inner[i])
            return false;
    }
    return true;
}

static enum base_code each_of_maker(struct audit *audit, size_t maker, requirement_take *take,
                                    void *context, struct base_error *error)
{
    const uint64_t *met = &audit->met.maker[maker * audit->words];
    const uint32_t own = audit->small[audit->maker[maker]];
    const unsigned threshold = audit->problem->threshold;
    for (size_t i = 0; i < audit->smalls; i++) {
        if (audit->small[i] == own)
            continue;
        const struct requirement one = {
            .kind = REQUIRE_MAKER, .figure = audit->small[i], .maker = own};
        const unsigned first = contains(audit->problem, one.figure, own) ? 1 : 0;
        audit->report->requirements += threshold - first;
        for (unsigned value = first; value < threshold; value++) {
            struct requirement wanted = one;
            wanted.value = value;
            if (!has(met, i * threshold + value) && take(context, &wanted, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static enum base_code each_of_figures(struct audit *audit, requirement_take *take, void *context,
                                      struct base_error *error)
{
    const unsigned threshold = audit->problem->threshold;
    audit->report->requirements += audit->smalls * threshold + 2 * audit->aheads;
    for (size_t i = 0; i < audit->smalls; i++) {
        for (unsigned value = 0; value < threshold; value++) {
            const struct requirement one = {
                .kind = REQUIRE_FIGURE, .figure = audit->small[i], .value = value};
            if (!has(audit->met.figure, i * threshold + value) &&
                take(context, &one, error) != BASE_OK)
                return error->code;
        }
    }
    for (size_t i = 0; i < audit->aheads; i++) {
        for (unsigned end = 0; end < 2; end++) {
            const struct requirement one = {
                .kind = REQUIRE_AHEAD, .figure = audit->ahead[i], .value = ahead_end(audit, end)};
            if (!has(audit->met.ahead, 2 * i + end) && take(context, &one, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static enum base_code each_of_cells(struct audit *audit, requirement_take *take, void *context,
                                    struct base_error *error)
{
    const struct suppression_problem *problem = audit->problem;
    for (uint32_t i = 0; i < problem->cells; i++) {
        const struct requirement one = {.kind = REQUIRE_CELL, .cell = i};
        if (problem->month_ahead && problem->cell[i].month == problem->months - 1)
            continue;
        audit->report->requirements++;
        if (!has(audit->met.cell, i) && take(context, &one, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

enum base_code requirement_each_unmet(struct audit *audit, requirement_take *take, void *context,
                                      struct base_error *error)
{
    if (each_of_figures(audit, take, context, error) != BASE_OK ||
        each_of_cells(audit, take, context, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < audit->makers; i++)
        if (each_of_maker(audit, i, take, context, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}
