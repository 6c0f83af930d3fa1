/* Proofs in whole numbers that a system has no solution. */
#include "whole.h"

#include <math.h>
#include <string.h>

/* Duals are fractions of small numbers: they are made whole by one of these. */
enum { MOST_DENOMINATOR = 60, MOST_MULTIPLE = 1 << 20 };

/* What a program may take. It is no rule of what comes out: a proof that is late is none, and what had to be
 * exempt for it is refused. */
#define SECONDS 60.0

enum base_code whole_new(size_t columns, size_t rows, size_t terms, struct arena *arena,
                         struct whole_system *out, struct base_error *error)
{
    struct whole_system system = {.columns = columns};
    if (arena_take(arena, columns, sizeof *system.lower, &system.lower, error) != BASE_OK ||
        arena_take(arena, columns, sizeof *system.upper, &system.upper, error) != BASE_OK ||
        arena_take(arena, rows, sizeof *system.row, &system.row, error) != BASE_OK ||
        arena_take(arena, terms, sizeof *system.term, &system.term, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < columns; i++) {
        system.lower[i] = WHOLE_LEAST;
        system.upper[i] = WHOLE_MOST;
    }
    *out = system;
    return BASE_OK;
}

void whole_add_row(struct whole_system *system, int64_t lower, int64_t upper)
{
    system->row[system->rows++] =
        (struct whole_row){.first = system->terms, .lower = lower, .upper = upper};
}

void whole_add_term(struct whole_system *system, size_t column, int32_t factor)
{
    system->term[system->terms++] = (struct whole_term){(uint32_t)column, factor};
    system->row[system->rows - 1].count++;
}

/* ---- the proof ------------------------------------------------------------------------------- */

/* The dual times the denominator; false if that is no whole number, or is out of all proportion. */
static bool make_whole(double dual, int denominator, int64_t *whole)
{
    const double scaled = dual * denominator;
    return solver_round(scaled, whole) && *whole <= MOST_MULTIPLE && *whole >= -MOST_MULTIPLE &&
           scaled - (double)*whole < 1e-6 && (double)*whole - scaled < 1e-6;
}

static bool all_whole(const struct whole_system *system, const double *duals, int denominator)
{
    int64_t whole;
    for (size_t i = 0; i < system->rows; i++)
        if (!make_whole(duals[i], denominator, &whole))
            return false;
    return true;
}

static bool add_product(int64_t factor, int64_t end, int64_t *sum)
{
    int64_t part;
    return !__builtin_mul_overflow(factor, end, &part) && !__builtin_add_overflow(*sum, part, sum);
}

/* All solutions have: sum of times * row >= *least; rest becomes what of it is not explained by the rows, column
 * by column. A row is of no use on a side where it has no bound. */
static bool add_rows(const struct whole_system *system, const double *duals, int denominator,
                     int64_t *rest, int64_t *least)
{
    memset(rest, 0, system->columns * sizeof *rest);
    *least = 0;
    for (size_t i = 0; i < system->rows; i++) {
        const struct whole_row *row = &system->row[i];
        int64_t times = 0;
        (void)make_whole(duals[i], denominator, &times);
        const int64_t end = times > 0 ? row->lower : row->upper;
        if (times == 0 || end == WHOLE_LEAST || end == WHOLE_MOST)
            continue;
        if (!add_product(times, end, least))
            return false;
        for (size_t j = row->first; j < row->first + row->count; j++)
            rest[system->term[j].column] -= times * system->term[j].factor;
    }
    return true;
}

/* Adds the least that the rest can be. */
static bool add_rest(const struct whole_system *system, const int64_t *rest, int64_t *least)
{
    for (size_t i = 0; i < system->columns; i++) {
        const int64_t end = rest[i] > 0 ? system->lower[i] : system->upper[i];
        if (rest[i] == 0)
            continue;
        if (end == WHOLE_LEAST || end == WHOLE_MOST || !add_product(rest[i], end, least))
            return false;
    }
    return true;
}

bool whole_refutes(const struct whole_system *system, const double *duals, int64_t *rest)
{
    for (int denominator = 1; denominator <= MOST_DENOMINATOR; denominator++) {
        int64_t least;
        if (!all_whole(system, duals, denominator))
            continue;
        /* rows less themselves: nothing, which can't be at least something above zero */
        return add_rows(system, duals, denominator, rest, &least) &&
               add_rest(system, rest, &least) && least > 0;
    }
    return false;
}

/* ---- the program ----------------------------------------------------------------------------- */

static double as_bound(int64_t bound)
{
    if (bound == WHOLE_LEAST)
        return -INFINITY;
    return bound == WHOLE_MOST ? INFINITY : (double)bound;
}

struct posed {
    struct solver_column *columns;
    struct solver_row *row;
    uint32_t *column;
    double *factor;
};

/* After the columns of the system two for each row: by how much it is broken. */
static void write_program(const struct whole_system *system, struct posed *posed)
{
    size_t terms = 0;
    for (size_t i = 0; i < system->columns; i++)
        posed->columns[i] = (struct solver_column){as_bound(system->lower[i]),
                                                   as_bound(system->upper[i]), 0, false};
    for (size_t i = 0; i < system->rows; i++) {
        const struct whole_row *row = &system->row[i];
        posed->row[i] =
            (struct solver_row){terms, row->count + 2, as_bound(row->lower), as_bound(row->upper)};
        for (size_t j = row->first; j < row->first + row->count; j++) {
            posed->column[terms] = system->term[j].column;
            posed->factor[terms++] = system->term[j].factor;
        }
        for (size_t side = 0; side < 2; side++) {
            const size_t column = system->columns + 2 * i + side;
            posed->columns[column] = (struct solver_column){0, INFINITY, 1, false};
            posed->column[terms] = (uint32_t)column;
            posed->factor[terms++] = side == 0 ? 1 : -1;
        }
    }
}

enum base_code whole_open(struct whole_system *system, size_t branched,
                          const struct protect_solver *solver, struct arena *arena,
                          struct whole_proof *out, struct base_error *error)
{
    const size_t columns = system->columns + 2 * system->rows;
    const size_t terms = system->terms + 2 * system->rows;
    struct posed posed;
    *out = (struct whole_proof){.solver = solver, .system = system, .branched = branched};
    if (arena_take(arena, columns, sizeof *posed.columns, &posed.columns, error) != BASE_OK ||
        arena_take(arena, system->rows, sizeof *posed.row, &posed.row, error) != BASE_OK ||
        arena_take(arena, terms, sizeof *posed.column, &posed.column, error) != BASE_OK ||
        arena_take(arena, terms, sizeof *posed.factor, &posed.factor, error) != BASE_OK ||
        arena_take(arena, columns, sizeof *out->values, &out->values, error) != BASE_OK ||
        arena_take(arena, system->rows, sizeof *out->duals, &out->duals, error) != BASE_OK ||
        arena_take(arena, system->columns, sizeof *out->rest, &out->rest, error) != BASE_OK)
        return error->code;
    write_program(system, &posed);
    const struct solver_program program = {posed.columns, columns,      posed.row,
                                           system->rows,  posed.column, posed.factor};
    out->state = solver->open(&program); /* NULL: then nothing is proven */
    return BASE_OK;
}

void whole_bound_row(struct whole_proof *proof, size_t row, int64_t lower, int64_t upper)
{
    proof->system->row[row].lower = lower;
    proof->system->row[row].upper = upper;
    if (proof->state != NULL)
        proof->solver->bound_row(proof->state, row, as_bound(lower), as_bound(upper));
}

void whole_bound_column(struct whole_proof *proof, size_t column, int64_t lower, int64_t upper)
{
    proof->system->lower[column] = lower;
    proof->system->upper[column] = upper;
    if (proof->state != NULL)
        proof->solver->bound_column(proof->state, column, as_bound(lower), as_bound(upper));
}

void whole_close(struct whole_proof *proof)
{
    if (proof->solver != NULL)
        proof->solver->close(proof->state);
    proof->state = NULL;
}

/* ---- the search ------------------------------------------------------------------------------ */

/* The column whose value is farthest from whole; SIZE_MAX if all are whole, or are no numbers. */
static size_t find_fraction(const struct whole_proof *proof, int64_t *floor_of)
{
    size_t found = SIZE_MAX;
    double farthest = 1e-6;
    for (size_t i = 0; i < proof->branched; i++) {
        int64_t near;
        if (!solver_round(proof->values[i], &near))
            return SIZE_MAX;
        const double apart = proof->values[i] - (double)near;
        if ((apart < 0 ? -apart : apart) <= farthest)
            continue;
        farthest = apart < 0 ? -apart : apart;
        found = i;
        *floor_of = apart < 0 ? near - 1 : near;
    }
    return found;
}

static bool is_impossible(struct whole_proof *proof);

/* Up to `split`, and from there on. */
static bool are_both_impossible(struct whole_proof *proof, size_t column, int64_t split)
{
    const int64_t lower = proof->system->lower[column], upper = proof->system->upper[column];
    if (split < lower || split >= upper)
        return false; /* the solver did not keep to the bounds */
    whole_bound_column(proof, column, lower, split);
    bool impossible = is_impossible(proof);
    if (impossible) {
        whole_bound_column(proof, column, split + 1, upper);
        impossible = is_impossible(proof);
    }
    whole_bound_column(proof, column, lower, upper);
    return impossible;
}

static bool is_impossible(struct whole_proof *proof)
{
    const struct solver_task task = {
        .seconds = SECONDS, .values = proof->values, .duals = proof->duals};
    int64_t split = 0;
    if (proof->nodes == 0)
        return false;
    proof->nodes--;
    proof->solved++;
    if (proof->solver->solve(proof->state, &task) != SOLVER_OPTIMAL)
        return false;
    if (whole_refutes(proof->system, proof->duals, proof->rest))
        return true;
    const size_t column = find_fraction(proof, &split);
    return column != SIZE_MAX && are_both_impossible(proof, column, split);
}

bool whole_is_impossible(struct whole_proof *proof, unsigned nodes)
{
    proof->nodes = nodes;
    return proof->state != NULL && is_impossible(proof);
}
