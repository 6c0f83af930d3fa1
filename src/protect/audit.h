/* The audit: what somebody can compute who adds up all that is shown. It alone decides whether what was
 * chosen may leave the house, and shares nothing with the choice but the system. */
#ifndef PROTECT_AUDIT_H
#define PROTECT_AUDIT_H

#include "solver.h"
#include "system.h"

#define AUDIT_NO_SINGLE UINT32_MAX

/* No tally was confirmed that reaches this end of a need. */
struct audit_finding {
    uint32_t need;
    bool most;       /* which end */
    uint32_t single; /* the sum known to the maker of its one contact; AUDIT_NO_SINGLE: nobody's */
    bool undecided;  /* the solver failed, was late, or gave an answer that is wrong */
};

struct audit_report {
    bool passed;
    bool undecided; /* some finding is, or the solver could not even begin */
    size_t findings, room;
    struct audit_finding *finding;
    size_t witnesses; /* confirmed */
};

/* Tallies that audits found, each a value for each variable. Whether one agrees with what another audit's
 * attacker knows is a matter of plain addition, so it is tried before a solver is asked. */
struct audit_tallies {
    struct arena *arena;
    size_t count, room;
    int64_t **tally;
};

/* Looks for two tallies for each need of the system, and again for each hidden single contact. Stops at
 * the first kind of attacker for whom something was found. The report's findings are in `arena`.
 * `tallies` are of earlier audits of the same variables; what is found is added to them.
 * `deadline` is of old_solver_clock. With `estimate` it looks for what the continuous programs show to be out
 * of reach of somebody who made no contact, no further: that is quick, and nothing may be published on it.
 * BASE_NO_MEMORY is the only error. */
enum base_code audit_system(const struct system *system, const struct protect_solver *solver,
                            double deadline, bool estimate, struct arena *arena,
                            struct audit_tallies *tallies, struct audit_report *report,
                            struct base_error *error);

/* ---- interval.c ---- */

struct audit_interval {
    int64_t least, most;
};

/* The whole numbers, attained by confirmed tallies, between which unknown `sums` can lie for somebody who
 * knows all that is shown. Where that holds `enough` (NULL: all), nothing further is looked for. `blind`: the
 * truth of the variables is not known, only the shown sums' values are used, and *possible becomes false if
 * no tally agrees with them. BASE_NOT_PROVEN, BASE_NO_MEMORY. */
enum base_code audit_intervals(const struct system *system, bool blind,
                               const struct audit_interval *enough, const uint32_t *sums,
                               size_t count, const struct protect_solver *solver, double deadline,
                               struct audit_interval *intervals, bool *possible,
                               struct base_error *error);

/* Whether some tally agrees with what is shown; if it takes long to find one, it is taken to be impossible.
 * BASE_NO_MEMORY. */
enum base_code audit_possible(const struct system *system, const struct protect_solver *solver,
                              double deadline, bool *possible, struct base_error *error);

/* Bounds that the sum is proven to keep for everybody who knows all that is shown; the ends of int64_t where
 * nothing is proven. BASE_NOT_PROVEN: the solver could not even begin. BASE_NO_MEMORY. */
enum base_code audit_certain(const struct system *system, uint32_t sum,
                             const struct protect_solver *solver, double deadline,
                             struct audit_interval *interval, struct base_error *error);

#endif
