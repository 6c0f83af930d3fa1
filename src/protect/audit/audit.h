/* The audit of a year: what is shown is confirmed, or nothing is. Shares nothing with the choice but the
 * problem. */
#ifndef PROTECT_AUDIT_H
#define PROTECT_AUDIT_H

#include "../model/problem.h"
#include "../solver.h"

/* What the audit found. */
struct audit_report {
    size_t requirements,
        exempt;       /* exempt: proven in whole numbers to be met by no tally that agrees with what
                                    is known already, so that no hiding helps */
    size_t witnesses; /* tables of the pool that agree with everything */
};

/* `shown[i]`: figure i is shown, or known already. The requirements are enumerated here, from the problem:
 *   FIGURE: each figure that is small (0 to t - 1), shown nowhere (known or shown ones have no requirement):
 *           every value 0 to t - 1;
 *   CELL:   each elementary cell but those of the month ahead: another value than its own;
 *   MAKER:  each figure h that is 1 and hidden, and each other hidden small g: every value 0 to t - 1 of g with
 *           h at least 1 (from 1 on where g contains h);
 *   AHEAD:  each figure of the month ahead: -(t - 1) and t - 1.
 * Each must have a witness in the pool, whose agreement with all that is shown, with the rule of sessions and
 * with the cells' least values is confirmed by plain addition. One without a witness is exempt if it is proven
 * that no tally meets it which agrees with the known figures alone; else it is looked for with programs of the
 * audit's own, and if nothing is found: BASE_NOT_PROTECTED. A small figure that is shown and not known:
 * BASE_NOT_PROTECTED. BASE_NOT_PROVEN (a solver failed), BASE_NO_MEMORY. */
enum base_code audit_problem(const struct suppression_problem *problem, const bool *shown,
                             const struct witness_pool *pool, const struct protect_solver *solver,
                             struct audit_report *report, struct base_error *error);

#endif
