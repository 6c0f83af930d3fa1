/* What the files of the search place by place share. */
#ifndef PROTECT_ATTACK_LOCAL_H
#define PROTECT_ATTACK_LOCAL_H

#include "../audit/inside.h"
#include "../choose/inside.h"
#include "inside.h"

/* Of places that figures link some are taken together: between them contacts can change places. */
enum { LOCAL_MOST_PLACES = 3 };

/* A year of a place, and of some with it, as a suppression problem whose truth is the tally that agrees. What is
 * asked is about the first place. */
struct local {
    struct ground *ground;
    unsigned place[LOCAL_MOST_PLACES], places;
    unsigned first, end;                    /* months */
    uint32_t first_cell[LOCAL_MOST_PLACES]; /* of the ground */
    uint32_t
        number[LOCAL_MOST_PLACES + 1]; /* of the problem: the first of each place, and the end */
    struct suppression_problem *problem;
    uint32_t *global; /* the ground's figure of each */
    bool *whole;      /* it has no cells elsewhere */
    struct audit audit;
    struct state state;
    struct choice choice;
    struct program *program;
    struct witness_pool pool;
    int32_t *delta; /* [table][figure] */
    size_t delta_room;
};

/* Whether all is known of a figure that is of interest. */
bool local_is_enough(const struct local *local, const struct attack_figure *figure);

/* Of the local's places and months; lives as long as the arena. There are no cells if the first place has none. */
enum base_code local_problem_new(struct local *local, struct arena *arena,
                                 struct base_error *error);

#endif
