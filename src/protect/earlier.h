/* Years whose figures are public, and what later years tell of them. */
#ifndef PROTECT_EARLIER_H
#define PROTECT_EARLIER_H

#include "solver.h"
#include "tavs/protect.h"

/* A year is chosen and audited with the other years as they truly are. The rule of sessions goes on from year to
 * year: where the counts of a later year leave a requirement without such a tally, it is asked with both years
 * free: a tally of the year, and one of a later year that agrees with what is shown of that and makes up for
 * what the first takes from later months. `public`: all figures that are public when `request` is released.
 * Asked are years that are touched by the request, or that lie before the first of its years (`first`) and have
 * months from then on bind them more than those before do. BASE_NOT_PROTECTED, which names the year: neither was
 * found. BASE_NOT_PROVEN, BASE_NO_MEMORY. */
struct public_figures {
    const struct cell_set *figure;
    size_t count;
    int first, last; /* years of the request */
};
enum base_code earlier_years_check(const struct protect_request *request,
                                   const struct public_figures *figures,
                                   const struct protect_solver *solver, struct base_error *error);

#endif
