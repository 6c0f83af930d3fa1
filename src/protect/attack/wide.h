/* What the files of the search with all freedom share. */
#ifndef PROTECT_ATTACK_WIDE_H
#define PROTECT_ATTACK_WIDE_H

#include "inside.h"

/* With the freedom of so many places that hang together; then with that of all. */
static const unsigned wide_levels[] = {1, 4, 10, COUNTS_MOST_PLACES};
enum { WIDE_LEVELS = sizeof wide_levels / sizeof *wide_levels };

struct wide {
    struct ground *ground;
    struct joint joint;
    uint8_t order[COUNTS_MOST_PLACES]; /* places, by how much they can give */
    bool opened;
    enum joint_mode mode;
    bool is_last; /* no more freedom is left than the present scope has */
};

/* The program of a scope: the one at hand, or a new one in its place. */
enum base_code wide_open(struct wide *wide, const struct joint_scope *scope, enum joint_mode mode,
                         struct base_error *error);

/* The part of a scope with one place and, of the others, so many in all. True if it is the whole scope. */
bool wide_narrow(const struct wide *wide, const struct joint_scope *all, unsigned place,
                 unsigned most, struct joint_scope *part);

/* Whether the tally with what was found agrees; if it does, what it tells is noted. */
bool wide_note_found(struct wide *wide);

/* wide_cells.c: of each cell of a scope that may be fixed, whether it is. */
enum base_code wide_settle_cells(struct wide *wide, size_t scope, struct base_error *error);

#endif
