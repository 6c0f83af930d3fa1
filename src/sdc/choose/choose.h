/* The choice of a year: which of its figures are shown, and for each protection requirement a witness. Shares
 * nothing with the audit but the problem. */
#ifndef SDC_CHOOSE_H
#define SDC_CHOOSE_H

#include "../model/problem.h"
#include "../solver.h"

struct choice_request {
    const struct suppression_problem *problem;
    const struct sdc_solver *solver;
    sdc_lot *lot; /* or NULL */
    void *lot_context;
    base_progress *progress; /* or NULL */
    void *progress_context;
};

struct choice {
    enum sdc_status
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

/* The requirements beside the known figures alone: how many are proven to be met by no tally. */
enum base_code choose_count_unmet(const struct choice_request *request, struct choice *choice,
                                  size_t *unmet, struct base_error *error);

#endif
