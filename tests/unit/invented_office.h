/* Offices that are invented: an aid, not a test. */
#ifndef INVENTED_OFFICE_H
#define INVENTED_OFFICE_H

#include "tavs/tally.h"

struct invention {
    unsigned seed;     /* the same seed, the same office */
    unsigned courses;  /* a year, about */
    unsigned channels; /* 2 or 4: in person and by telephone; the others are rare */
    int first_year;
    unsigned years;
};

/* Counts in guarded memory, all months closed. Each course begins in some month with a party and channel and has
 * 1 to 5 conversations, the later ones in the same month or the next ones. Free with invented_office_free. */
struct tally_counts *invented_office_new(const struct invention *invention);
void invented_office_free(struct tally_counts *counts);

#endif
