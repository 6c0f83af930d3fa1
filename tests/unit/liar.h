/* Solvers that fail, are late, or lie, each in its own way: an aid, not a test. */
#ifndef LIAR_H
#define LIAR_H

#include "protect/solver.h"

enum liar_way {
    LIAR_HONEST,
    LIAR_CLOSED,     /* can't even begin */
    LIAR_SILENT,     /* fails each time */
    LIAR_TIRED,      /* fails from the n-th time on */
    LIAR_SLOW,       /* takes all its time and fails */
    LIAR_DENIES,     /* says that there is no solution */
    LIAR_DENIES_NOW, /* the same, now and then */
    LIAR_ZEROS,      /* says that all values are zero, and that this is the best */
    LIAR_ASTRAY,     /* changes a value now and then */
    LIAR_NO_NUMBER,  /* answers with what is not a number */
    LIAR_HUGE,       /* answers with numbers that no integer holds */
    LIAR_BAD_DUALS,  /* right values, duals by chance */
    LIAR_WAYS
};

/* The one of that way; `after`: from which solve on it fails (LIAR_TIRED). Uses GLPK. */
const struct protect_solver *liar_solver(enum liar_way way, unsigned after);

/* How often it was asked. */
unsigned liar_asked(void);

#endif
