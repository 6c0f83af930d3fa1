/* Invented places: an aid of the attacks. */
#ifndef INVENT_H
#define INVENT_H

#include "chance.h"
#include "tavs/tally.h"

struct invent {
    unsigned courses;                   /* about so many a year */
    unsigned channels;                  /* 2 to 4 are offered */
    unsigned weight[CODEBOOK_CHANNELS]; /* how often each is taken; all 0: 8, 5, 2, 1 */
    unsigned party[CODEBOOK_PARTIES];   /* all 0: 2, 5, 1 */
    unsigned again;                     /* of 100 conversations so many have a next one; 0: 45 */
};

/* Counts from January of `year` on, of so many years. Freed with invent_free. */
struct tally_counts *invent_place(const struct invent *how, unsigned year, unsigned years,
                                  struct chance *chance);
struct tally_counts *invent_nothing(unsigned channels, unsigned year, unsigned years);
struct tally_counts *invent_copy(const struct tally_counts *counts);
void invent_free(struct tally_counts *counts);

int64_t *invent_cell(struct tally_counts *counts, size_t month, unsigned channel, unsigned party,
                     unsigned session);

#endif
