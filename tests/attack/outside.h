/* The outside attacker: knows all that was ever shown, what is offered, and that nobody has a second conversation
 * before a first one; asks what that tells of what was hidden. It shares no code with the program's disclosure
 * control but the struct of a set of cells: layouts, search and solver are its own. The true counts serve it only
 * to know what to ask, and as a tally to start from. A tally that it finds is confirmed by plain addition; what it
 * doesn't find is impossible only if a program says so. */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include "tavs/counts.h"

struct outside_place {
    const int64_t (*truth)[CODEBOOK_CELLS]; /* of each month of the life, as of now */
    /* Or NULL: by how much that is more than when the earlier edition was made, which somebody may know. */
    const int64_t (*change)[CODEBOOK_CELLS];
    codebook_set channels, parties; /* that were ever offered */
};

struct outside_shown {
    struct cell_set set;
    int64_t value;
    bool earlier_edition; /* it is of the tally before `change` */
    bool before;          /* it was shown before: what is told by these alone is let off */
};

struct outside_case {
    unsigned threshold;
    const struct outside_place *place;
    unsigned places;  /* up to 8 */
    base_month first; /* of the life, a January */
    unsigned months;  /* of it, all closed */
    /* What is attacked: the layouts of all periods of these years, whether or not they were released. */
    unsigned first_year, last_year;
    const struct outside_shown *shown;
    size_t shown_count;
    unsigned rounds; /* of walking, 0: the usual 60 */
    bool say;        /* print what was found */
};

struct outside_found {
    size_t figures;      /* of the layouts */
    size_t shown, small; /* of them; small: hidden and below the threshold */
    size_t asked;        /* protection requirements */
    size_t let_off;      /* of them: no tally has it, whatever is hidden now */
    size_t narrowed;     /* small figures that can't be every one of 0 to t - 1 */
    size_t exact;        /* elementary cells and small figures that can be one thing only */
    size_t makers;  /* small figures that are narrowed for whoever made another's only contact */
    size_t wrong;   /* shown values that are not the true ones, or small */
    size_t unknown; /* requirements that the solver could not decide */
    size_t programs;
};

void outside_attack(const struct outside_case *asked, struct outside_found *found);

/* True if nothing was found, and nothing left open. */
bool outside_found_nothing(const struct outside_found *found);
void outside_print(const char *what, const struct outside_found *found);

/* ---- what else tests ask of it ---- */

/* Tallies that agree with all that is shown and in which the figure has the value: the counts of each place and
 * month. False if there is none (or none is found). The nearer to the truth the fewer `steps` were taken. */
struct outside_world;
struct outside_world *outside_open(const struct outside_case *asked);
void outside_close(struct outside_world *world);
bool outside_tally(struct outside_world *world, const struct cell_set *figure, int64_t value,
                   uint64_t seed, int64_t (*const *counts)[CODEBOOK_CELLS]);

/* From that tally (in `counts`, which has been one) some random steps on, to another one. */
void outside_shake(struct outside_world *world, const struct cell_set *figure, unsigned steps,
                   int64_t (*const *counts)[CODEBOOK_CELLS]);

/* How much more has to be protected of the tally at hand, that was found last, than of the truth: figures of the layouts
 * that are small in it only, and such as are 1 in it only. */
size_t outside_unlikeness(const struct outside_world *world);

/* The layout of a month, quarter, half-year or year; returns how many figures it has, at most 128. */
size_t outside_layout(struct base_period period, const struct place_set *places,
                      codebook_set channels, codebook_set parties, struct cell_set *figures);

#endif
