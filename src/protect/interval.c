/* Ends of intervals. The continuous program tells how far a sum could go; the tally that goes there, or
 * next to there, is looked for with as little changed as may be (audit_program.h): such tallies are
 * mostly whole by themselves. */
#include <math.h>
#include <string.h>

#include "audit.h"
#include "audit_program.h"
#include "certain.h"
#include "fail.h"
#include "witness.h"

/* Of one integer program; what takes more is taken to be out of reach, so intervals err to be narrow. An attack
 * on published figures, which calls that narrowed, looks longer. */
enum { INTEGER_NODES = 200, ATTACK_NODES = 2000 };

/* For any tally at all: so many nodes, then twice as many, so many times; or fewer, where it is no matter. */
enum { FIRST_NODES = 500, MOST_TIMES = 10, FEW_TIMES = 2 };

struct search {
    struct system system; /* whose truth is a tally that agrees with all that is shown */
    const struct protect_solver *solver;
    void *state;
    double deadline;
    unsigned nodes;
    double *values;
    int64_t *tally;
    bool has_least_costs;
    /* What is asked for, and what tallies have attained so far. */
    const uint32_t *sums;
    size_t count;
    struct audit_interval *intervals;
    const struct audit_interval *enough;
};

/* ---- a tally that agrees -------------------------------------------------------------------- */

struct parts {
    struct solver_column *columns;
    struct solver_row *row;
    uint32_t *column;
    double *factor;
    size_t rows, terms;
};

static void write_program(const struct system *system, struct parts *parts)
{
    for (size_t i = 0; i < system->variables; i++)
        parts->columns[i] =
            (struct solver_column){(double)system->lower[i], (double)system->upper[i], 0, true};
    for (size_t i = 0; i < system->sums; i++) {
        const struct system_sum *sum = &system->sum[i];
        if (!system_is_known(sum, false))
            continue;
        parts->row[parts->rows++] =
            (struct solver_row){parts->terms, sum->count, (double)sum->value, (double)sum->value};
        for (uint32_t j = 0; j < sum->count; j++) {
            parts->column[parts->terms] = system->member[sum->first + j];
            parts->factor[parts->terms++] = 1;
        }
    }
    for (size_t i = 0; i < system->rules; i++) {
        const struct system_rule *rule = &system->rule[i];
        parts->row[parts->rows++] = (struct solver_row){parts->terms, rule->count, 0, 0};
        for (uint32_t j = 0; j < rule->count; j++) {
            parts->column[parts->terms] = system->term[rule->first + j];
            parts->factor[parts->terms++] = system->factor[rule->first + j];
        }
    }
}

static enum base_code pose(const struct system *system, struct arena *arena, struct parts *parts,
                           struct base_error *error)
{
    size_t terms = system->terms;
    for (size_t i = 0; i < system->sums; i++)
        terms += system->sum[i].count;
    if (old_arena_take(arena, system->variables, sizeof *parts->columns, &parts->columns, error) !=
            BASE_OK ||
        old_arena_take(arena, system->sums + system->rules, sizeof *parts->row, &parts->row, error) !=
            BASE_OK ||
        old_arena_take(arena, terms, sizeof *parts->column, &parts->column, error) != BASE_OK ||
        old_arena_take(arena, terms, sizeof *parts->factor, &parts->factor, error) != BASE_OK)
        return error->code;
    write_program(system, parts);
    return BASE_OK;
}

/* Any will do, and which costs lead to one soon is luck: they are changed when it takes long. The solver fills in
 * the values. */
/* NOLINTNEXTLINE(readability-non-const-parameter) */
static enum solver_answer search_again(const struct protect_solver *solver, double *values,
                                       void *state, size_t columns, unsigned times, double deadline)
{
    enum solver_answer answer = SOLVER_FAILED;
    for (unsigned time = 0; answer == SOLVER_FAILED && time < times; time++) {
        const struct solver_task task = {
            .integer = true,
            .first = true,
            .nodes = (unsigned)FIRST_NODES << time,
            .seconds = deadline - old_solver_clock(),
            .values = values,
        };
        for (size_t i = 0; i < columns; i++)
            solver->set_cost(state, i, audit_program_cost(i + columns * time));
        if (task.seconds <= 0)
            break;
        answer = solver->solve(state, &task);
    }
    return answer;
}

/* Writes one to system->truth. */
static enum base_code find_tally(struct system *system, const struct protect_solver *solver,
                                 unsigned times, double deadline, struct arena *arena,
                                 bool *possible, struct base_error *error)
{
    struct parts parts = {.rows = 0};
    double *values;
    if (pose(system, arena, &parts, error) != BASE_OK ||
        old_arena_take(arena, system->variables, sizeof *values, &values, error) != BASE_OK)
        return error->code;
    const struct solver_program program = {
        .columns = parts.columns,
        .column_count = system->variables,
        .rows = parts.row,
        .row_count = parts.rows,
        .column = parts.column,
        .factor = parts.factor,
    };
    void *state = solver->open(&program);
    const enum solver_answer answer =
        state == NULL ? SOLVER_FAILED
                      : search_again(solver, values, state, system->variables, times, deadline);
    solver->close(state);
    *possible = answer != SOLVER_INFEASIBLE;
    if (!*possible)
        return BASE_OK;
    bool agrees = answer == SOLVER_OPTIMAL || answer == SOLVER_FEASIBLE;
    for (size_t i = 0; i < system->variables && agrees; i++)
        agrees = solver_round(values[i], &system->truth[i]);
    return agrees && witness_agrees(system, system->truth, false)
               ? BASE_OK
               : fail_tables(error, BASE_NOT_PROVEN);
}

enum base_code audit_possible(const struct system *system, const struct protect_solver *solver,
                              double deadline, bool *possible, struct base_error *error)
{
    struct system any = *system;
    struct arena *arena = NULL;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    enum base_code code = old_arena_take(arena, any.variables, sizeof *any.truth, &any.truth, error);
    if (code == BASE_OK)
        code = find_tally(&any, solver, FEW_TIMES, deadline, arena, possible, error);
    old_arena_free(arena);
    *possible = *possible && code == BASE_OK;
    return code == BASE_NOT_PROVEN ? BASE_OK : code;
}

/* ---- one end of one sum --------------------------------------------------------------------- */

/* Minimise (1) or maximise (-1) the sum. */
static void cost_of_sum(struct search *search, uint32_t number, double sign)
{
    const struct system_sum *sum = &search->system.sum[number];
    for (size_t i = 0; i < 2 * search->system.variables && search->has_least_costs; i++)
        search->solver->set_cost(search->state, i, 0);
    search->has_least_costs = false;
    for (uint32_t i = 0; i < sum->count; i++) {
        const uint32_t v = search->system.member[sum->first + i];
        search->solver->set_cost(search->state, (size_t)2 * v, sign);
        search->solver->set_cost(search->state, (size_t)2 * v + 1, -sign);
    }
}

static void cost_of_change(struct search *search)
{
    for (size_t i = 0; i < 2 * search->system.variables && !search->has_least_costs; i++)
        search->solver->set_cost(search->state, i, audit_program_cost(i));
    search->has_least_costs = true;
}

/* A tally tells of all sums at once. */
static void note_attained(struct search *search, const int64_t *tally)
{
    for (size_t i = 0; i < search->count; i++) {
        struct audit_interval *interval = &search->intervals[i];
        const int64_t value = witness_value(&search->system, search->sums[i], tally);
        interval->least = value < interval->least ? value : interval->least;
        interval->most = value > interval->most ? value : interval->most;
    }
}

static bool confirm(struct search *search, uint32_t sum, int sign, int64_t end)
{
    const struct system *system = &search->system;
    for (size_t i = 0; i < system->variables; i++) {
        int64_t change;
        if (!solver_round(search->values[2 * i] - search->values[2 * i + 1], &change))
            return false;
        search->tally[i] = system->truth[i] + change;
    }
    const int64_t attained = witness_value(system, sum, search->tally);
    return (sign > 0 ? attained <= end : attained >= end) &&
           witness_agrees(system, search->tally, false);
}

/* A tally whose sum is `end` or beyond. */
static bool reach(struct search *search, uint32_t sum, int sign, int64_t end)
{
    const double change = (double)(end - search->system.sum[sum].value);
    bool reached = false;
    cost_of_change(search);
    search->solver->bound_row(search->state, sum, sign > 0 ? -INFINITY : change,
                              sign > 0 ? change : INFINITY);
    for (unsigned integer = 0; integer < 2 && !reached; integer++) {
        const double left = search->deadline - old_solver_clock();
        const struct solver_task task = {
            .integer = integer == 1,
            .first = true,
            .nodes = search->nodes,
            .seconds = left,
            .values = search->values,
        };
        const enum solver_answer answer =
            left > 0 ? search->solver->solve(search->state, &task) : SOLVER_FAILED;
        if (answer != SOLVER_OPTIMAL && answer != SOLVER_FEASIBLE)
            break;
        reached = confirm(search, sum, sign, end);
    }
    search->solver->bound_row(search->state, sum, -INFINITY, INFINITY);
    if (reached)
        note_attained(search, search->tally);
    return reached;
}

/* How far the continuous program goes, rounded inward. `duals` may be NULL; the solver fills it. */
/* NOLINTNEXTLINE(readability-non-const-parameter) */
static bool find_bound(struct search *search, uint32_t number, int sign, double *duals,
                       int64_t *bound)
{
    const struct system_sum *sum = &search->system.sum[number];
    const struct solver_task task = {
        .seconds = search->deadline - old_solver_clock(), .values = search->values, .duals = duals};
    cost_of_sum(search, number, sign);
    const bool found =
        task.seconds > 0 && search->solver->solve(search->state, &task) == SOLVER_OPTIMAL;
    double change = 0;
    for (uint32_t i = 0; found && i < sum->count; i++) {
        const uint32_t v = search->system.member[sum->first + i];
        change += search->values[2 * v] - search->values[2 * v + 1];
    }
    cost_of_sum(search, number, 0);
    return found && solver_round(change + sign * (0.5 - 1e-6), bound);
}

/* The least (sign 1) or most (-1), between what is attained and the bound, by halving. */
static bool find_end(struct search *search, size_t i, int sign)
{
    const uint32_t sum = search->sums[i];
    const int64_t *end = sign > 0 ? &search->intervals[i].least : &search->intervals[i].most;
    int64_t change;
    if (!find_bound(search, sum, sign, NULL, &change))
        return false;
    int64_t bound = search->system.sum[sum].value + change;
    for (int64_t next = bound; sign * (*end - bound) > 0;) {
        if (!reach(search, sum, sign, next))
            bound = next + sign;
        next = *end + (bound - *end) / 2;
        next = next == *end ? bound : next;
    }
    return true;
}

/* Whether all that is enough is open. */
static bool find_enough(struct search *search, size_t i)
{
    const struct audit_interval *enough = search->enough;
    const struct audit_interval *interval = &search->intervals[i];
    return enough != NULL &&
           (interval->least <= enough->least || reach(search, search->sums[i], 1, enough->least)) &&
           (interval->most >= enough->most || reach(search, search->sums[i], -1, enough->most));
}

static bool find_interval(struct search *search, size_t i)
{
    return find_enough(search, i) || (find_end(search, i, 1) && find_end(search, i, -1));
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* The program is told as changes of a tally: the truth, or any one that agrees. */
static enum base_code open_search(const struct system *system, bool blind, struct arena *arena,
                                  struct search *search, bool *possible, struct base_error *error)
{
    struct audit_program program;
    search->system = *system;
    search->system.needs = 0;
    if (old_arena_take(arena, system->variables, sizeof *system->truth, &search->system.truth, error) !=
            BASE_OK ||
        old_arena_take(arena, system->sums, sizeof *system->sum, &search->system.sum, error) != BASE_OK)
        return error->code;
    memcpy(search->system.truth, system->truth, system->variables * sizeof *system->truth);
    memcpy(search->system.sum, system->sum, system->sums * sizeof *system->sum);
    *possible = true;
    if (blind && find_tally(&search->system, search->solver, MOST_TIMES, search->deadline, arena,
                            possible, error) != BASE_OK)
        return error->code;
    if (!*possible)
        return BASE_OK;
    for (uint32_t i = 0; i < system->sums; i++)
        search->system.sum[i].value = witness_value(system, i, search->system.truth);
    if (audit_program_new(&search->system, arena, &program, error) != BASE_OK ||
        old_arena_take(arena, program.column_count, sizeof *search->values, &search->values, error) !=
            BASE_OK ||
        old_arena_take(arena, system->variables, sizeof *search->tally, &search->tally, error) !=
            BASE_OK)
        return error->code;
    const struct solver_program posed = audit_program_pose(&program);
    search->state = search->solver->open(&posed);
    search->has_least_costs = true;
    return search->state != NULL ? BASE_OK : fail_tables(error, BASE_NOT_PROVEN);
}

enum base_code audit_intervals(const struct system *system, bool blind,
                               const struct audit_interval *enough, const uint32_t *sums,
                               size_t count, const struct protect_solver *solver, double deadline,
                               struct audit_interval *intervals, bool *possible,
                               struct base_error *error)
{
    struct search search = {
        .solver = solver,
        .deadline = deadline,
        .nodes = blind ? ATTACK_NODES : INTEGER_NODES,
        .sums = sums,
        .count = count,
        .intervals = intervals,
        .enough = enough,
    };
    struct arena *arena = NULL;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    enum base_code code = open_search(system, blind, arena, &search, possible, error);
    for (size_t i = 0; code == BASE_OK && *possible && i < count; i++) {
        const int64_t value = search.system.sum[sums[i]].value;
        intervals[i] = (struct audit_interval){value, value};
    }
    for (size_t i = 0; code == BASE_OK && *possible && i < count; i++)
        if (!find_interval(&search, i))
            code = fail_tables(error, BASE_NOT_PROVEN);
    solver->close(search.state);
    old_arena_free(arena);
    return code;
}

enum base_code audit_certain(const struct system *system, uint32_t sum,
                             const struct protect_solver *solver, double deadline,
                             struct audit_interval *interval, struct base_error *error)
{
    struct search search = {.solver = solver, .deadline = deadline};
    struct arena *arena = NULL;
    double *duals;
    int64_t *rest, change;
    bool possible;
    if (old_arena_new(&arena, error) != BASE_OK)
        return error->code;
    *interval = (struct audit_interval){INT64_MIN, INT64_MAX};
    enum base_code code = open_search(system, false, arena, &search, &possible, error);
    if (code == BASE_OK &&
        (old_arena_take(arena, system->sums + system->rules, sizeof *duals, &duals, error) != BASE_OK ||
         old_arena_take(arena, system->variables, sizeof *rest, &rest, error) != BASE_OK))
        code = error->code;
    for (int sign = 1; code == BASE_OK && sign >= -1; sign -= 2)
        if (find_bound(&search, sum, sign, duals, &change))
            (void)certain_bound(system, sum, sign, duals, rest,
                                sign > 0 ? &interval->least : &interval->most);
    solver->close(search.state);
    old_arena_free(arena);
    return code;
}
