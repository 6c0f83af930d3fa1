/* What the parts of the outside attacker share. */
#ifndef OUTSIDE_WORLD_H
#define OUTSIDE_WORLD_H

#include "chance.h"
#include "outside.h"

enum {
    OUTSIDE_PLACES = 8,
    OUTSIDE_NONE = -1,
    OUTSIDE_KEPT = 400,
    OUTSIDE_LEARNT = 300,
    STEP_CELLS = 40
};

struct world_cell {
    unsigned place, month, code, year;
    int truth, low; /* low: the least that it can be */
    unsigned class;
};

/* A sum of cells: a shown one, or one that is attacked. */
struct world_sum {
    struct cell_set set;
    unsigned year;
    size_t first, count; /* member[first ..] */
    int64_t truth;
    int shown; /* of an attacked one: the number of the shown one with the same cells; or OUTSIDE_NONE */
};

/* Of a place, party and step: balance of all months up to each, which may not go below `least`. */
struct world_rule {
    unsigned place, party, session;
    int64_t *least;
};

struct world_class {
    uint64_t mark; /* the sum of the marks of the shown figures that its cells are in */
    unsigned year;
    size_t first, count; /* class_member[first ..] */
};

/* Two cells, of these classes; class 0 has no cell. */
struct world_pair {
    uint64_t mark;
    uint32_t one, other;
};

/* A step that leaves every shown figure as it is. */
struct world_step {
    int cell[STEP_CELLS], amount[STEP_CELLS];
    unsigned count;
};

struct outside_world {
    const struct outside_case *asked;
    size_t cells, shown, figures, members, member_room, rules, classes, pairs;
    struct world_cell *cell;
    int *cell_at; /* [place][month][code] */
    struct world_sum *shown_sum, *figure;
    int *member;
    size_t *
        cover_first; /* of each cell: cover[cover_first[c] .. cover_first[c + 1]): attacked figures */
    int *cover;
    struct world_rule *rule;
    struct world_class *class;
    int *class_member;
    struct world_pair *pair; /* by mark */
    size_t wrong;
    /* The tally at hand. */
    int *tally;
    int64_t **balance; /* of each rule and month */
    int64_t *value;    /* of each attacked figure */
    struct chance chance;
    /* What was reached: reached[figure * threshold + value]; changed[cell]; of makers beside. */
    bool *reached, *changed;
    int *
        singleton; /* of each attacked figure: its number among the hidden ones that are 1; or OUTSIDE_NONE */
    size_t singletons;
    bool *made;   /* [singleton][figure][value] */
    int *touched; /* figures whose value changed in the last step */
    size_t touched_count;
    bool *is_touched;
    /* Tallies that reached something new, with the values of all figures. */
    int *kept;
    int64_t *kept_value;
    size_t kept_count;
    /* What programs changed of the truth: steps that others can take, too. */
    struct world_step *learnt;
    size_t learnt_count;
    void *programs; /* or NULL */
    size_t program_count;
    size_t u, w, e; /* first columns */
    double *values;
};

void *world_need(void *memory);
bool world_is_small(const struct outside_world *world, const struct world_sum *figure);

/* The tally at hand becomes the truth. */
void world_reset(struct outside_world *world);
/* It becomes one that was kept. */
void world_take_kept(struct outside_world *world, size_t number);
/* Adds to a cell of the tally at hand; what it comes to is not looked at. */
void world_add(struct outside_world *world, int cell, int amount);
/* Whether the rules of a cell's place and party hold. */
bool world_rules_hold(const struct outside_world *world, int cell);
/* Plain addition from the cells alone. */
bool world_confirm(const struct outside_world *world);
/* Marks what the tally at hand reaches, if it is confirmed and reaches anything new. */
void world_note(struct outside_world *world, bool all);

/* ---- searching ---- */

/* What is asked: the value of a sum of cells (an attacked figure, or one cell), with a singleton at least 1. */
struct world_goal {
    int figure; /* or OUTSIDE_NONE */
    int cell;   /* if there is no figure: it is to be anything but the truth */
    int64_t value;
    int maker; /* attacked figure; or OUTSIDE_NONE */
};

/* Learns the step from the truth to the tally at hand. */
void world_learn(struct outside_world *world);
void world_classify(struct outside_world *world);
void world_walk(struct outside_world *world, unsigned steps);
/* So many steps that leave the value of a figure as it is. */
void world_shake(struct outside_world *world, int figure, unsigned steps);
/* From the tally at hand; true if it is reached, and then it is noted. */
bool world_seek(struct outside_world *world, const struct world_goal *goal, unsigned steps);
enum world_proof { WORLD_REACHED, WORLD_IMPOSSIBLE, WORLD_UNKNOWN };
enum world_proof world_prove(struct outside_world *world, const struct world_goal *goal);

#endif
