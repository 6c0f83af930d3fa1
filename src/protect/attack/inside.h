/* What the files of the attack share: published figures over elementary cells, and one tally that agrees with
 * all that is shown, from which others are looked for. */
#ifndef PROTECT_ATTACK_INSIDE_H
#define PROTECT_ATTACK_INSIDE_H

#include "../model/arena.h"
#include "../solver.h"
#include "tavs/protect.h"

#define ATTACK_NONE UINT32_MAX

enum { ATTACK_YEAR = 12, ATTACK_MOST_CELLS = 4000000, ATTACK_MOST_VALUE = 1000000000 };

struct attack_cell {
    uint8_t place, cell; /* codebook_cell */
    uint16_t month;      /* from the first */
    int32_t base;        /* in the tally that agrees */
};

/* A figure that is shown, or one that is asked about: hidden, or named by a layout and printed nowhere. No two
 * have the same cells. */
struct attack_figure {
    struct cell_set set;
    size_t first;
    uint32_t count; /* member[first ..], ascending */
    bool told, hidden;
    int64_t value;       /* as it is told, or in the tally that agrees */
    uint32_t seen;       /* values below the threshold that tallies have, as bits */
    uint32_t ruled_out;  /* those that none has */
    bool never_large;    /* no tally has the threshold or more */
    int64_t least, most; /* of all tallies seen */
};

/* Sessions follow each other from the first month of a place's life on: the months of a place from there on
 * that have cells without a gap. Where the beginning is not known, or months are missing in between, anything may
 * have been carried over, and the rule tells nothing. */
struct attack_life {
    bool known;
    unsigned first, end; /* months [first, end) */
};

/* All that hangs together with a place and a month by shown figures or by the rule of sessions. */
struct joint_scope {
    struct place_set places;
    unsigned first, end; /* months */
};

struct ground {
    struct protect_attack *attack;
    const struct protect_solver *solver;
    double deadline; /* or 0 */
    struct arena *arena;
    base_month first;
    unsigned months;
    size_t cells, cell_room;
    struct attack_cell *cell;
    uint32_t *cell_at;        /* [place][month][codebook cell]; ATTACK_NONE */
    bool *touched;            /* [place][month]: a figure is about it */
    bool *fixed;              /* of each cell: no tally was seen in which it is another one */
    bool *certain;            /* there is none */
    struct attack_life *life; /* of each place */
    size_t figures, figure_room;
    struct attack_figure *figure;
    size_t members, member_room;
    uint32_t *member;
    uint32_t *slot; /* figures by their cells: number + 1; 0: free */
    size_t slots;
    uint32_t *listed; /* the cells of the figure at hand */
    size_t scopes, scope_room;
    struct joint_scope *scope;
    uint32_t *scope_of;     /* [place][month] */
    uint32_t *of_published; /* the figure of each published one; ATTACK_NONE: it has no cells */
};

bool attack_is_late(const struct ground *ground);

static inline uint32_t *attack_cell_at(const struct ground *ground, unsigned place, unsigned month,
                                       unsigned cell)
{
    return &ground->cell_at[((size_t)place * ground->months + month) * CODEBOOK_CELLS + cell];
}

/* ---- ground.c, figures.c ---- */

/* Cells and the lives of places. BASE_NO_MEMORY, BASE_NOT_PROVEN (too much). */
enum base_code ground_new(struct ground *ground, struct base_error *error);

/* Shown figures, hidden ones, and those of all layouts. *agree is false if two that are shown differ. */
enum base_code figures_new(struct ground *ground, bool *agree, struct base_error *error);

/* What a figure comes to. */
int64_t figures_value(const struct ground *ground, const struct attack_figure *figure);

/* The first of its members that is not before `cell`. */
size_t figures_find(const struct ground *ground, const struct attack_figure *figure, uint32_t cell);

/* Notes that a figure may be so much. */
void figures_note(const struct ground *ground, struct attack_figure *figure, int64_t value);

/* ---- joint.c: programs over cells of any places and months ---- */

struct joint {
    struct ground *ground;
    struct joint_scope scope;
    size_t cells;
    uint32_t *cell;   /* of the ground, of each that takes part */
    uint32_t *number; /* the other way: of all cells; ATTACK_NONE */
    uint32_t *fall;   /* the column that lowers it; ATTACK_NONE */
    size_t columns, rows;
    void *state;
    bool is_linear; /* the last answer is the best one of the linear program */
    double *values;
    uint32_t *term; /* scratch of a row */
    double *factor;
    struct arena *arena; /* its own */
};

/* What of figures that have cells elsewhere, too. */
enum joint_mode {
    JOINT_EXACT,   /* the program has their rows */
    JOINT_ELASTIC, /* and they may be broken at a price */
    JOINT_OWN      /* it has not */
};

/* Tallies as changes of the one that is there. Close it in any case. */
enum base_code joint_new(struct ground *ground, const struct joint_scope *scope,
                         enum joint_mode mode, struct joint *joint, struct base_error *error);
void joint_close(struct joint *joint);

enum joint_answer { JOINT_FOUND, JOINT_NOTHING, JOINT_UNKNOWN };

/* Linear programs only, with other costs if the answer is not whole; then whole programs; with more and more time. */
enum joint_effort { JOINT_LINEAR, JOINT_WHOLE, JOINT_PATIENT };

enum joint_answer joint_solve(struct joint *joint, enum joint_effort effort);

/* The change of a cell of the ground in what was found. */
int32_t joint_change(const struct joint *joint, size_t cell);

/* A row for the sum of cells of the ground, unbounded; its number. */
size_t joint_add_sum(struct joint *joint, const uint32_t *cell, size_t count);
size_t joint_add_figure(struct joint *joint, const struct attack_figure *figure);
void joint_bound(struct joint *joint, size_t row, double lower, double upper);

/* The costs of a cell's columns, and what they are bounded by: no bound is INFINITY. */
void joint_price(struct joint *joint, size_t number, double rise, double most_rise, double fall,
                 double most_fall);
/* Whether the cell goes up, or down: by 1 at least, until it is priced again. False if it can't. */
bool joint_force(struct joint *joint, size_t number, bool rise);
/* The linear program alone. False: it has no best answer. */
bool joint_linear(struct joint *joint);
/* By how much its answer changes a cell. */
double joint_net(const struct joint *joint, size_t number);
/* As at the beginning. */
void joint_price_as_usual(struct joint *joint);

/* ---- base.c ---- */

/* Finds what hangs together, and a tally that agrees with all that is shown; *possible is false if there is none. BASE_NOT_PROVEN,
 * BASE_NO_MEMORY. */
enum base_code base_find(struct ground *ground, bool *possible, struct base_error *error);

/* Whether the ground's tally agrees with all that is shown, by plain addition. */
bool base_agrees(const struct ground *ground);

/* ---- local.c, wide.c ---- */

/* Looks for tallies that differ in one place and one year only, for all that is asked. */
enum base_code local_search(struct ground *ground, struct base_error *error);

/* Looks for what local_search has not found, with all freedom that there is. */
enum base_code wide_search(struct ground *ground, struct base_error *error);

#endif
