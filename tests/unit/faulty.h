/* Solvers that fail, are late, or lie, each in its own way: an aid, not a test. */
#ifndef FAULTY_H
#define FAULTY_H

#include "protect/solver.h"

enum faulty_way {
    FAULTY_HONEST,
    FAULTY_CLOSED,     /* can't even begin */
    FAULTY_SILENT,     /* fails each time */
    FAULTY_TIRED,      /* fails from the n-th time on */
    FAULTY_SLOW,       /* takes all its time and fails */
    FAULTY_DENIES,     /* says that there is no solution */
    FAULTY_DENIES_NOW, /* the same, now and then */
    FAULTY_ZEROS,      /* says that all values are zero, and that this is the best */
    FAULTY_ASTRAY,     /* changes a value now and then */
    FAULTY_NO_NUMBER,  /* answers with what is not a number */
    FAULTY_HUGE,       /* answers with numbers that no integer holds */
    FAULTY_BAD_DUALS,  /* right values, duals by chance */
    FAULTY_WAYS
};

/* The one of that way; `after`: from which solve on it fails (FAULTY_TIRED). Uses GLPK. */
const struct protect_solver *faulty_solver(enum faulty_way way, unsigned after);

/* How often it was asked. */
unsigned faulty_asked(void);

#endif
