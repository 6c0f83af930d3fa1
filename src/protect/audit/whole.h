/* Systems in whole numbers, and proofs that they have no solution. A solver's duals are only a hint of a proof:
 * the proof itself is plain addition in whole numbers, at each leaf of a small search by branching. */
#ifndef PROTECT_WHOLE_H
#define PROTECT_WHOLE_H

#include "../model/arena.h"
#include "../solver.h"

/* No bound on this side. */
#define WHOLE_LEAST INT64_MIN
#define WHOLE_MOST  INT64_MAX

struct whole_row {
    size_t first, count; /* its terms */
    int64_t lower, upper;
};

struct whole_term {
    uint32_t column;
    int32_t factor; /* 1 or -1 */
};

/* Columns and rows between whole bounds. */
struct whole_system {
    size_t columns;
    int64_t *lower, *upper;
    size_t rows;
    struct whole_row *row;
    size_t terms;
    struct whole_term *term;
};

/* With room for so many of each; there are no rows yet, and columns have no bounds. */
enum base_code whole_new(size_t columns, size_t rows, size_t terms, struct arena *arena,
                         struct whole_system *out, struct base_error *error);
/* A row without terms yet; they are added to the last row. */
void whole_add_row(struct whole_system *system, int64_t lower, int64_t upper);
void whole_add_term(struct whole_system *system, size_t column, int32_t factor);

/* True if the rows, each taken as often as its dual says, contradict the bounds of columns. `duals` may be any
 * numbers at all: what is said is true. `rest` has room for each column. */
bool whole_refutes(const struct whole_system *system, const double *duals, int64_t *rest);

/* A program in which each row may be broken at a price, so that there is always a solution, and duals. */
struct whole_proof {
    const struct protect_solver *solver;
    void *state;
    struct whole_system *system;
    double *values, *duals;
    int64_t *rest;
    size_t branched; /* only these first columns are branched on */
    unsigned nodes;  /* left of a search */
    size_t solved;   /* programs so far */
};

/* `system` is changed while searches branch, and after them is as it was. Close it in any case. */
enum base_code whole_open(struct whole_system *system, size_t branched,
                          const struct protect_solver *solver, struct arena *arena,
                          struct whole_proof *out, struct base_error *error);
void whole_bound_row(struct whole_proof *proof, size_t row, int64_t lower, int64_t upper);
void whole_bound_column(struct whole_proof *proof, size_t column, int64_t lower, int64_t upper);
void whole_close(struct whole_proof *proof);

/* True only if it is proven that no whole numbers meet the system. */
bool whole_is_impossible(struct whole_proof *proof, unsigned nodes);

#endif
