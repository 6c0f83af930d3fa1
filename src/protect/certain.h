/* What cannot be helped must be proven: that all that is shown keeps a sum within a bound. A solver's duals are
 * only a hint of the proof, which is plain addition in whole numbers. */
#ifndef PROTECT_CERTAIN_H
#define PROTECT_CERTAIN_H

#include "system.h"

/* The known sums and the rules are each taken so many times (`duals`: of all sums, then of all rules, of
 * which those of unknown sums are not used) as to leave little of the sum unexplained; what is left is
 * bounded by the variables' own bounds. True if *bound is a whole number that the sum is proven never to
 * exceed (sign -1) or fall short of (sign 1). */
bool certain_bound(const struct system *system, uint32_t sum, int sign, const double *duals,
                   int64_t *rest, int64_t *bound);

#endif
