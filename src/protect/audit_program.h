/* The attacker's program, told as changes of the true counts: for variable v column 2v is by how much it is
 * more, column 2v + 1 by how much it is less, and the cost is, nearly, how much is changed in all, more
 * where a single contact's maker would know of it. Small changes touch little, so that one tally witnesses
 * much. Rows: each sum, then each need's sum, then each rule.
 */
#ifndef PROTECT_AUDIT_PROGRAM_H
#define PROTECT_AUDIT_PROGRAM_H

#include "solver.h"
#include "system.h"

struct audit_program {
    struct solver_column *columns;
    size_t column_count;
    struct solver_row *row;
    size_t rows;
    uint32_t *column;
    double *factor;
    size_t terms;
};

enum base_code audit_program_new(const struct system *system, struct arena *arena,
                                 struct audit_program *out, struct base_error *error);

/* Of a change of 1. Nearly the same for all columns: where many changes cost exactly the same, solvers look at
 * them one after the other. */
static inline double audit_program_cost(size_t column)
{
    return 1 + (double)(column * 7919 % 1000) / 10000;
}

struct solver_program audit_program_pose(const struct audit_program *program);

#endif
