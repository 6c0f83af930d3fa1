/* Linear and whole programs as the outside attacker sees them. Two solvers have this interface: GLPK
 * (programs_glpk.c) and, for make attack SOLVER=cbc, Clp and CBC (programs_cbc.c). */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>

struct programs_column {
    double lower, upper, cost; /* INFINITY, -INFINITY: none */
};
struct programs_row {
    double lower, upper;
    size_t first, count; /* column[first ..], factor[first ..] */
};
struct programs_model {
    size_t columns, rows;
    struct programs_column *column_of;
    struct programs_row *row_of;
    int *column;
    double *factor;
};

enum programs_answer { PROGRAMS_FOUND, PROGRAMS_NONE, PROGRAMS_UNKNOWN };

/* The model may be freed. */
void *programs_open(const struct programs_model *model);
void programs_close(void *state); /* NULL is fine */

/* Another row in place of `row`. */
void programs_set_row(void *state, size_t row, double lower, double upper, size_t count,
                      const int *column, const double *factor);
void programs_bound_column(void *state, size_t column, double lower, double upper);

/* Least cost; whole: all columns, any solution will do. `seconds` bounds whole programs. */
enum programs_answer programs_solve(void *state, bool whole, double seconds, double *values);

#endif
