/* The linear and integer programming that choice and audit call. GLPK's is in apart/glpk.c; tests have
 * others, some of which fail or lie. */
#ifndef PROTECT_SOLVER_H
#define PROTECT_SOLVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tavs/base.h"

/* Bounds may be INFINITY and -INFINITY. */
struct solver_row {
    size_t first, count; /* its terms */
    double lower, upper;
};

struct solver_column {
    double lower, upper, cost;
    bool integer; /* where integers are asked for */
};

/* Minimise the sum of cost times value. */
struct solver_program {
    const struct solver_column *columns;
    size_t column_count;
    const struct solver_row *rows;
    size_t row_count;
    const uint32_t *column; /* of each term */
    const double *factor;
};

enum solver_answer {
    SOLVER_OPTIMAL,
    SOLVER_FEASIBLE, /* integers only: not shown to be the best */
    SOLVER_INFEASIBLE,
    SOLVER_FAILED /* or out of time, or unbounded */
};

struct solver_task {
    bool integer;
    bool first;     /* integers only: any will do */
    unsigned nodes; /* integers only: give up after so many; 0: never */
    double
        gap; /* integers only: content with what costs no more than so much, relatively, above the least */
    unsigned iterations; /* of the simplex: give up after so many; 0: never */
    double seconds;      /* time limit */
    double *values;      /* of the columns */
    double *duals;       /* of the rows, continuous only; may be NULL */
};

/* A solver works on a copy of a program, from solve to solve with the last one's basis. What can't be done
 * for lack of memory is reported by the next solve. */
struct protect_solver {
    void *(*open)(const struct solver_program *program); /* NULL on failure */
    void (*add_row)(void *state, const struct solver_row *row, const uint32_t *column,
                    const double *factor); /* `first` is not used */
    void (*bound_row)(void *state, size_t row, double lower, double upper);
    void (*bound_column)(void *state, size_t column, double lower, double upper);
    void (*set_cost)(void *state, size_t column, double cost);
    enum solver_answer (*solve)(void *state, const struct solver_task *task);
    void (*close)(void *state); /* NULL is fine */
};

/* In tavs-protect.so. */
BASE_SHOWN extern const struct protect_solver protect_glpk;

/* The one that is asked for, or GLPK's. BASE_PART_MISSING. */
enum base_code solver_find(const struct protect_solver *wanted, const struct protect_solver **out,
                           struct base_error *error);

/* The whole number next to a value of an answer; false if it can be none (without libm, which every start
 * of the program would load). */
static inline bool solver_round(double value, int64_t *whole)
{
    if (!(value > -1e15 && value < 1e15)) /* not a number, too */
        return false;
    *whole = (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
    return true;
}

/* Seconds of work that the process has done: a limit told in them comes to the same on a busy machine. */
double solver_clock(void);

#endif
