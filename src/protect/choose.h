/* The choice of what else to hide, so that the needs of a system are met: exactly and cheapest where time
 * allows (Fischetti and Salazar), else by elimination (Langsrud) and repair. What it believes is judged by
 * the audit; it shares nothing with that but the system. */
#ifndef PROTECT_CHOOSE_H
#define PROTECT_CHOOSE_H

#include "solver.h"
#include "system.h"

#define CHOOSE_NO_SINGLE UINT32_MAX

/* One end of a need, for somebody who made the one contact of the sum `single`, or nobody. */
struct choose_target {
    uint32_t need;
    bool most;
    uint32_t single;
};

/* At least so many of these candidates, each times its weight, must be hidden that 1 is reached. */
struct choose_cut {
    uint32_t *candidate; /* numbers among the chooser's candidates */
    double *weight;
    size_t count;
};

struct chooser;

/* For a system whose sums and needs stay; the statuses of candidates that are not primary will be chosen. The
 * system and the arena must live as long. BASE_NO_MEMORY. */
enum base_code chooser_open(struct system *system, const struct protect_solver *solver,
                            struct arena *arena, struct chooser **out, struct base_error *error);
void chooser_close(struct chooser *chooser);

/* Sets the candidates' statuses. Exactly until `exact_deadline`, then by elimination until `deadline`
 * (of old_solver_clock). BASE_NOT_PROVEN: neither worked. BASE_NO_MEMORY. */
enum base_code chooser_choose(struct chooser *chooser, double exact_deadline, double deadline,
                              enum protect_method *method, struct base_error *error);

/* The audit found that a target is not met with the statuses as they are: later choices meet it. False in
 * *more if nothing is left that could be hidden. */
enum base_code chooser_learn(struct chooser *chooser, const struct choose_target *target,
                             double deadline, bool *more, struct base_error *error);

/* With all else as it is chosen: which candidate, the cheapest, could be hidden so that this sum, which is
 * hidden, could be shown?  SYSTEM_NOTHING: none. Needs an audit to be believed. */
enum base_code chooser_exchange(struct chooser *chooser, uint32_t sum, double deadline,
                                uint32_t *instead, struct base_error *error);

#endif
