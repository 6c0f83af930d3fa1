/* Random places, tables and releases, and what brute force says of them: an aid, not a test. */
#ifndef RANDOM_CASE_H
#define RANDOM_CASE_H

#include "brute.h"
#include "protected.h"

enum { RANDOM_TABLES = 3, RANDOM_EARLIER = BRUTE_SUMS };

enum random_dimension { MONTH, CHANNEL, PARTY, SESSION, RANDOM_DIMENSIONS };

struct random_case {
    unsigned size[RANDOM_DIMENSIONS]; /* 1 or more values of each */
    struct tally_counts *counts;
    size_t cells;
    unsigned cell[BRUTE_CELLS][RANDOM_DIMENSIONS]; /* values of each cell */
    unsigned threshold;
    struct protect_earlier earlier[RANDOM_EARLIER];
    size_t earlier_count;
    bool shown_before[RANDOM_EARLIER]; /* the latest release */
};

/* What was compared with brute force so far: small figures, small figures beside a contact that somebody knows
 * to be his, and figures or releases that would have been too much work. */
struct random_checked {
    size_t figures, beside, skipped;
};
extern struct random_checked random_checked;

/* The same chances again and again. */
void random_seed(unsigned number);
unsigned random_below(unsigned bound);

/* How many cases to try: TAVS_TRIALS, else so many as usual, or fewer where tests are slow. */
unsigned random_trials(unsigned usually);

/* Two to four dimensions, up to 16 cells, mostly small counts; courses go on only if they began. */
void random_case_make(struct random_case *one);
void random_case_free(struct random_case *one);

/* Protects one to three random tables, linked by their cells, after all that were released before; what comes
 * out is noted as released. */
enum base_code random_release(struct random_case *one, const struct protect_solver *solver);

/* No small figure, of any release, is known any better than earlier releases had told. */
void random_check(struct random_case *one);

/* False if that is too much work. */
bool random_brute(struct random_case *one, struct brute *brute);

#endif
