/* The choice of a year: which of its figures are shown, and for each protection requirement a witness. Shares
 * nothing with the audit but the problem. */
#ifndef PROTECT_CHOOSE_H
#define PROTECT_CHOOSE_H

#include "../model/problem.h"
#include "../solver.h"

struct choice_request {
    const struct suppression_problem *problem;
    const struct protect_solver *solver;
    protect_lot *lot; /* or NULL */
    void *lot_context;
    base_progress *progress; /* or NULL */
    void *progress_context;
};

struct choice {
    enum protect_status
        *status; /* of each figure: shown if it is known, or a candidate that may be shown */
    bool *shown; /* of each figure: the same, for the audit */
    struct witness_pool witnesses;
    size_t searches, linear_programs, whole_programs;
};

/* Headline figures are tried first, then the wanted ones in the problem's order; hidden values play no part in
 * it. All lies in the problem's arena. BASE_NOT_PROVEN: whether a requirement can be met beside the known figures
 * was not settled. BASE_NO_MEMORY. */
enum base_code choose_figures(const struct choice_request *request, struct choice *choice,
                              struct base_error *error);

/* ---- requirements one by one ---- */

/* What is asked of a table besides that it is feasible: a figure changes by `by`, a figure (the maker's) becomes
 * no less, a cell is another one. CHOOSE_NONE: not asked. */
#define CHOOSE_NONE UINT32_MAX
struct target {
    uint32_t figure;
    int32_t by;
    uint32_t maker;
    uint32_t cell;
};

enum choose_answer { CHOOSE_FOUND, CHOOSE_IMPOSSIBLE, CHOOSE_UNKNOWN };

/* Nothing is chosen: which requirements are said by programs to be met by no tally that agrees with what is known.
 * Errors as above. The list lies in the problem's arena. */
enum base_code choose_list_unmet(const struct choice_request *request, struct target **unmet,
                                 size_t *count, struct base_error *error);

/* A table that agrees with what is known and meets `target`. If there is one, falls[i] is by how much order i's
 * balance at the end is less than its true one, or 0. */
enum base_code choose_find(const struct choice_request *request, const struct target *target,
                           enum choose_answer *answer, int32_t *falls, struct base_error *error);

#endif
