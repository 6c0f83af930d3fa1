/* Somebody who knows the program as well as the figures: could each hidden small figure be any value, with the very
 * same figures shown? What publishes is given by the caller. */
#ifndef AWARE_H
#define AWARE_H

#include "outside.h"
#include "tavs/tally.h"

enum { AWARE_MOST = 1000 };

/* What is shown, as sets; of all releases together. */
struct aware_shown {
    struct cell_set set[AWARE_MOST];
    size_t count;
};

/* Publishes for a tally; false if it is refused. `only`: what may be shown beside the headline (the lots of a key that
 * hides all else); NULL: the lots of the case's own key. */
typedef bool aware_publish(void *context, struct tally_counts *counts,
                           const struct aware_shown *only, struct aware_shown *shown);

struct aware_found {
    size_t pairs;     /* hidden small figures, each with a value that it does not have */
    size_t not_found; /* of them: no tally with the same figures shown, whatever the key of lots */
    size_t not_same_key; /* the first one found has not with the same key */
    size_t programs_run;
};

struct aware_effort {
    unsigned pairs; /* so many, drawn at random; 0: all */
    unsigned tries; /* tallies that are tried for each of them */
    bool say;       /* print the pairs that are not found */
};

void aware_attack(struct tally_counts *counts, unsigned threshold, aware_publish *publish,
                  void *context, const struct aware_effort *effort, struct aware_found *found);

#endif
