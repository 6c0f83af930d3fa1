/* A release, year by year: the figures are chosen, the choice is audited, and what comes out is the result. */
#include "tavs/protect.h"

#include <string.h>

#include "audit/audit.h"
#include "choose/choose.h"
#include "earlier.h"
#include "fail.h"
#include "model/layouts.h"
#include "tavs/secret.h"

/* Room for all figures of the result. */
static size_t most_figures(const struct protect_request *request)
{
    return request->correction
               ? request->prior_count
               : request->period_count * (request->place_count + 1) * PROTECT_MOST_LAYOUT;
}

static enum base_code result_new(const struct protect_request *request, struct protect_result **out,
                                 struct base_error *error)
{
    void *result, *figures;
    if (secret_new(sizeof **out, &result, error) != BASE_OK)
        return error->code;
    if (secret_new((most_figures(request) + 1) * sizeof(struct protect_figure), &figures, error) !=
        BASE_OK) {
        secret_free(result);
        return error->code;
    }
    *out = result;
    (*out)->figures = figures;
    return BASE_OK;
}

void protect_result_free(struct protect_result *result)
{
    if (result == NULL)
        return;
    secret_free(result->figures);
    secret_free(result);
}

/* ---- what is to be in the result ------------------------------------------------------------- */

static bool is_listed(const struct protect_result *result, const struct cell_set *set)
{
    for (size_t i = 0; i < result->figure_count; i++)
        if (cell_set_equals(&result->figures[i].cells, set))
            return true;
    return false;
}

static void list_one(struct protect_result *result, const struct cell_set *set)
{
    if (!is_listed(result, set))
        result->figures[result->figure_count++] =
            (struct protect_figure){.cells = *set, .status = PROTECT_HIDDEN_PRIMARY};
}

static enum base_code list_period(const struct protect_request *request, struct base_period period,
                                  struct arena *arena, struct protect_result *result,
                                  struct base_error *error)
{
    struct layouts layouts;
    if (layouts_new(request, period, arena, &layouts, error) != BASE_OK)
        return error->code;
    for (size_t rank = 0; rank < PROTECT_MOST_LAYOUT; rank++)
        for (size_t i = 0; i < layouts.lists; i++)
            if (rank < layouts.count[i])
                list_one(result, &layouts.figures[i][rank]);
    return BASE_OK;
}

static enum base_code list_figures(const struct protect_request *request,
                                   struct protect_result *result, struct base_error *error)
{
    struct arena *arena;
    enum base_code code = BASE_OK;
    for (size_t i = 0; request->correction && i < request->prior_count; i++)
        list_one(result, &request->prior[i]);
    if (request->correction)
        return BASE_OK;
    if (arena_new(&arena, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; code == BASE_OK && i < request->period_count; i++)
        code = list_period(request, request->periods[i], arena, result, error);
    arena_free(arena);
    return code;
}

/* ---- a year ---------------------------------------------------------------------------------- */

static uint32_t find_figure(const struct suppression_problem *problem, const struct cell_set *set)
{
    for (uint32_t i = 0; i < problem->figures; i++)
        if (!problem->figure[i].ahead && !(problem->figure[i].headline && problem->month_ahead) &&
            cell_set_equals(&problem->figure[i].set, set))
            return i;
    return problem_find(problem, set);
}

static void take_statuses(const struct suppression_problem *problem, const struct choice *choice,
                          int year, struct protect_result *result)
{
    for (size_t i = 0; i < result->figure_count; i++) {
        struct protect_figure *figure = &result->figures[i];
        if (base_month_year(figure->cells.months.first) != year)
            continue;
        const uint32_t number = find_figure(problem, &figure->cells);
        if (number == PROBLEM_NO_CELL)
            continue;
        figure->value = problem->figure[number].value;
        figure->status = choice->status[number];
    }
}

static void add_up(const struct choice *choice, const struct audit_report *report,
                   struct protect_result *result)
{
    result->requirements += report->requirements;
    result->exempt += report->exempt;
    result->witnesses += report->witnesses;
    result->searches += choice->searches;
    result->linear_programs += choice->linear_programs;
    result->whole_programs += choice->whole_programs;
}

/* The audit alone decides. */
static enum base_code protect_year(const struct protect_request *request,
                                   const struct protect_solver *solver, int year,
                                   struct arena *arena, struct protect_result *result,
                                   struct base_error *error)
{
    struct choice_request wanted = {
        .solver = solver,
        .lot = request->lot,
        .lot_context = request->lot_context,
        .progress = request->progress,
        .progress_context = request->progress_context,
    };
    struct suppression_problem *problem;
    struct choice choice;
    struct audit_report report = {0};
    if (problem_new(request, year, arena, &problem, error) != BASE_OK)
        return error->code;
    wanted.problem = problem;
    if (choose_figures(&wanted, &choice, error) != BASE_OK ||
        audit_problem(problem, choice.shown, &choice.witnesses, solver, &report, error) != BASE_OK)
        return error->code;
    take_statuses(problem, &choice, year, result);
    add_up(&choice, &report, result);
    return BASE_OK;
}

static bool has_year(const struct protect_result *result, int year)
{
    for (size_t i = 0; i < result->figure_count; i++)
        if (base_month_year(result->figures[i].cells.months.first) == year)
            return true;
    return false;
}

static enum base_code protect_years(const struct protect_request *request,
                                    const struct protect_solver *solver,
                                    struct protect_result *result, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (int year = BASE_FIRST_YEAR; code == BASE_OK && year <= BASE_LAST_YEAR; year++) {
        struct arena *arena;
        if (!has_year(result, year))
            continue;
        code = arena_new(&arena, error);
        if (code != BASE_OK)
            break;
        code = protect_year(request, solver, year, arena, result, error);
        arena_free(arena);
    }
    return code;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* All that is public when this is released. */
static enum base_code check_earlier(const struct protect_request *request,
                                    const struct protect_solver *solver,
                                    const struct protect_result *result, struct base_error *error)
{
    struct public_figures figures = {.first = BASE_LAST_YEAR, .last = BASE_FIRST_YEAR};
    struct cell_set *figure;
    struct arena *arena;
    if (arena_new(&arena, error) != BASE_OK)
        return error->code;
    enum base_code code = arena_take(arena, request->prior_count + result->figure_count,
                                     sizeof *figure, &figure, error);
    for (size_t i = 0; code == BASE_OK && !request->correction && i < request->prior_count; i++)
        figure[figures.count++] = request->prior[i];
    for (size_t i = 0; code == BASE_OK && i < result->figure_count; i++) {
        const int year = base_month_year(result->figures[i].cells.months.first);
        figures.first = year < figures.first ? year : figures.first;
        figures.last = year > figures.last ? year : figures.last;
        if (result->figures[i].status == PROTECT_SHOWN)
            figure[figures.count++] = result->figures[i].cells;
    }
    if (code == BASE_OK) {
        figures.figure = figure;
        code = earlier_years_check(request, &figures, solver, error);
    }
    arena_free(arena);
    return code;
}

static void count_statuses(struct protect_result *result)
{
    for (size_t i = 0; i < result->figure_count; i++) {
        const enum protect_status status = result->figures[i].status;
        result->shown += status == PROTECT_SHOWN;
        result->hidden_primary += status == PROTECT_HIDDEN_PRIMARY;
        result->hidden_secondary += status == PROTECT_HIDDEN_SECONDARY;
        result->hidden_by_lot += status == PROTECT_HIDDEN_BY_LOT;
    }
}

enum base_code protect_release(const struct protect_request *request, struct protect_result **out,
                               struct base_error *error)
{
    const struct protect_solver *solver;
    struct protect_result *result = NULL;
    if (solver_find(request->solver, &solver, error) != BASE_OK ||
        result_new(request, &result, error) != BASE_OK)
        return error->code;
    enum base_code code = list_figures(request, result, error);
    if (code == BASE_OK)
        code = protect_years(request, solver, result, error);
    if (code == BASE_OK)
        code = check_earlier(request, solver, result, error);
    if (code != BASE_OK) {
        protect_result_free(result);
        return code;
    }
    count_statuses(result);
    *out = result;
    return BASE_OK;
}
