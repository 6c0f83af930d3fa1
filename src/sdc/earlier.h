/* Years whose figures are public already, and which later counts may have told more of. */
#ifndef SDC_EARLIER_H
#define SDC_EARLIER_H

#include "solver.h"
#include "tavs/sdc.h"

/* The rule of sessions goes on from year to year: what is counted later can narrow what a tally of an earlier
 * year may be. Years for which it does so, by months after the last one that is public, have their requirements
 * asked again, beside what is known. BASE_NOT_PROTECTED, which names the year: one is met no more.
 * BASE_NOT_PROVEN, BASE_NO_MEMORY. */
enum base_code earlier_years_check(const struct sdc_request *request,
                                   const struct sdc_solver *solver, struct base_error *error);

#endif
