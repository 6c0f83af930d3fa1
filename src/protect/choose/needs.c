/* The protection requirements of a year, and which change of a figure meets which. */
#include "inside.h"

static bool is_small(const struct suppression_problem *problem, const struct problem_figure *figure)
{
    return figure->value >= 0 && figure->value < (int64_t)problem->threshold;
}

/* A headline figure of a year that has not ended is printed nowhere. */
static bool has_needs(const struct suppression_problem *problem,
                      const struct problem_figure *figure)
{
    return !figure->known && !figure->ahead && is_small(problem, figure) &&
           !(figure->headline && problem->month_ahead);
}

static void add_need(struct needs *needs, uint32_t figure, int32_t by)
{
    if (needs->of_figure[figure] == NO_NUMBER)
        needs->of_figure[figure] = (uint32_t)needs->count;
    needs->need[needs->count++] =
        (struct need){.figure = figure, .by = by, .first_link = NO_NUMBER};
}

static void list_needs(const struct suppression_problem *problem, struct needs *needs)
{
    const int32_t threshold = (int32_t)problem->threshold;
    for (uint32_t i = 0; i < problem->figures; i++) {
        const struct problem_figure *figure = &problem->figure[i];
        needs->of_figure[i] = NO_NUMBER;
        if (figure->ahead) {
            add_need(needs, i, 1 - threshold);
            add_need(needs, i, threshold - 1);
        } else if (has_needs(problem, figure)) {
            for (int32_t value = 0; value < threshold; value++)
                if (value != figure->value)
                    add_need(needs, i, value - (int32_t)figure->value);
            if (figure->value == 1)
                needs->single[needs->singles++] = i;
        }
    }
}

/* Whether all cells of a figure are in another one. */
static bool contains(const struct suppression_problem *problem, uint32_t outer, uint32_t inner)
{
    const struct problem_figure *out = &problem->figure[outer], *in = &problem->figure[inner];
    uint32_t at = out->first;
    for (uint32_t i = in->first; i < in->first + in->count; i++) {
        while (at < out->first + out->count && problem->member[at] < problem->member[i])
            at++;
        if (at == out->first + out->count || problem->member[at] != problem->member[i])
            return false;
    }
    return true;
}

static void list_makers(const struct suppression_problem *problem, struct needs *needs)
{
    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->need[i];
        const struct problem_figure *figure = &problem->figure[need->figure];
        for (size_t j = 0; !figure->ahead && j < needs->singles; j++) {
            const uint32_t single = needs->single[j];
            const bool none_left = figure->value + need->by == 0;
            if (single != need->figure && !(none_left && contains(problem, need->figure, single)))
                needs->makers[i * needs->words + j / 64] |= (uint64_t)1 << (j % 64);
        }
    }
}

enum base_code needs_new(const struct suppression_problem *problem, struct needs *needs,
                         struct base_error *error)
{
    struct arena *arena = problem->arena;
    if (arena_take(arena, problem->figures * problem->threshold, sizeof *needs->need, &needs->need,
                   error) != BASE_OK ||
        arena_take(arena, problem->figures, sizeof *needs->of_figure, &needs->of_figure, error) !=
            BASE_OK ||
        arena_take(arena, problem->figures, sizeof *needs->single, &needs->single, error) !=
            BASE_OK ||
        arena_take(arena, problem->cells, sizeof *needs->cell_exempt, &needs->cell_exempt, error) !=
            BASE_OK ||
        arena_take(arena, problem->cells, sizeof *needs->cell_link, &needs->cell_link, error) !=
            BASE_OK)
        return error->code;
    list_needs(problem, needs);
    needs->words = needs->singles / 64 + 1;
    if (arena_take(arena, needs->count * needs->words, sizeof *needs->makers, &needs->makers,
                   error) != BASE_OK)
        return error->code;
    list_makers(problem, needs);
    for (size_t i = 0; i < problem->cells; i++) {
        needs->cell_link[i] = NO_NUMBER;
        needs->cell_exempt[i] =
            problem->month_ahead && problem->cell[i].month + 1U == problem->months;
    }
    return BASE_OK;
}

uint32_t needs_of(const struct needs *needs, const struct suppression_problem *problem,
                  uint32_t figure, int32_t by)
{
    const struct problem_figure *at = &problem->figure[figure];
    const uint32_t first = needs->of_figure[figure];
    const int32_t threshold = (int32_t)problem->threshold, value = (int32_t)at->value + by;
    if (first == NO_NUMBER || by == 0)
        return NO_NUMBER;
    if (at->ahead)
        return by == 1 - threshold ? first : by == threshold - 1 ? first + 1 : NO_NUMBER;
    if (value < 0 || value >= threshold)
        return NO_NUMBER;
    return first + (uint32_t)(by > 0 ? value - 1 : value);
}
