/* What the files of the choice share. */
#ifndef PROTECT_CHOOSE_INSIDE_H
#define PROTECT_CHOOSE_INSIDE_H

#include "choose.h"

#define NO_NUMBER CHOOSE_NONE

/* ---- needs.c: the protection requirements ----------------------------------------------------*/

/* Figure `figure` has to be able to change by `by`: one that is small, to each other value of 0 to t - 1 (its own
 * is that of the true tally), or one of the month ahead to its ends. */
struct need {
    uint32_t figure;
    int32_t by;
    bool exempt;
    uint32_t first_link; /* tables that have it */
};

struct needs {
    size_t count;
    struct need *need;
    uint32_t *of_figure; /* the first need of a figure, NO_NUMBER: it has none */
    size_t singles;      /* singletons: figures that are 1 and hidden */
    uint32_t *single;
    size_t words;     /* of bits, one for each singleton */
    uint64_t *makers; /* of each need: singletons that must stay 1 or more in one of its tables */
    bool *cell_exempt;
    uint32_t *cell_link; /* tables in which a cell is another one */
};

enum base_code needs_new(const struct suppression_problem *problem, struct needs *needs,
                         struct base_error *error);

/* The need that a figure meets that changes by so much, or NO_NUMBER. */
uint32_t needs_of(const struct needs *needs, const struct suppression_problem *problem,
                  uint32_t figure, int32_t by);

/* ---- state.c: a table that is being looked for ------------------------------------------------*/

enum figure_mode { MODE_FREE, MODE_FIXED, MODE_AT_LEAST };

struct state {
    const struct suppression_problem *problem;
    /* what is asked of figures; by how much a fixed one changes */
    uint8_t *mode;
    int32_t *want, *weight;
    /* changes of cells and figures, and what one more or less of a figure adds to the energy */
    int32_t *change, *delta, *up, *down;
    /* by how much the balance of an order is above its least, in each month; the lowest of each order */
    int32_t *margin, *allowance, *lowest;
    int64_t broken;                   /* by how much orders are violated, the worst month of each */
    uint32_t *violated, *violated_at; /* figures that are not as is asked */
    size_t violations;
    uint32_t locked; /* a cell that must be another one; NO_NUMBER: none */
    uint32_t *more_of,
        *less_of; /* orders to which a cell adds, and from which it takes; NO_NUMBER: none */
    uint8_t *channel, *party, *session; /* of each cell */
    uint32_t *neighbour,
        *first_neighbour; /* cells that differ in one place, month, channel, party or session */
    uint8_t *tabu;        /* of moves.c */
    uint64_t chance;
};

enum base_code state_new(const struct suppression_problem *problem, struct state *state,
                         struct base_error *error);
void state_set_mode(struct state *state, uint32_t figure, enum figure_mode mode, int32_t want);
void state_reset(struct state *state); /* to the true tally */
void state_add(struct state *state, uint32_t cell, int32_t amount);
bool state_can_fall(const struct state *state, uint32_t cell, int32_t amount);
bool state_is_witness(const struct state *state);
/* What one contact taken from `from` and put to `to` adds to the energy; either may be NO_NUMBER. */
int32_t state_energy(const struct state *state, uint32_t from, uint32_t to);
uint32_t state_random(struct state *state, uint32_t below);

/* ---- moves.c ---- */

/* From the state's table on: true if it became a witness. */
bool moves_search(struct state *state);

/* ---- program.c ---- */

struct program;

/* Of a place, or of all (NO_NUMBER). A place's finds tables that change that place only. */
enum base_code program_new(const struct choice_request *request, uint32_t place,
                           struct state *state, struct choice *choice, struct program **out,
                           struct base_error *error);
void program_close(struct program *program); /* NULL is fine */

/* A table for what the state's modes and `cell` (or NO_NUMBER) ask: if there is one, it is the state's. `loose`:
 * of a place, without the figures that other places are in, too: then only whether it is impossible is of use,
 * for it is so for all places as well. */
enum choose_answer program_search(struct program *program, uint32_t cell, bool loose);

/* ---- pool.c: witnesses ------------------------------------------------------------------------*/

struct pool_table {
    uint32_t first_delta, deltas;
    uint32_t not_with; /* the trial whose candidate it changes */
    uint32_t living_at;
    bool dead;
};
struct pool_delta {
    uint32_t figure;
    int32_t by;
};
struct pool_link {
    uint32_t table, next;
};

struct pool {
    const struct suppression_problem *problem;
    struct needs *needs;
    struct witness_pool *tables;
    size_t table_room, deltas, delta_room, links, link_room, living_count, living_room, single_room;
    struct pool_table *table;
    struct pool_delta *delta;
    uint64_t *keeps; /* of each table: the singletons that are 1 or more in it */
    struct pool_link *link;
    uint32_t *figure_link; /* tables that change a figure, of candidates */
    uint32_t *living;
    uint32_t trial; /* the present one */
};

enum base_code pool_new(const struct suppression_problem *problem, struct needs *needs,
                        struct witness_pool *tables, struct pool *pool, struct base_error *error);
enum base_code pool_add(struct pool *pool, const struct state *state, struct base_error *error);
/* Tables that change the figure don't count in the present trial, or (kill) never again: then numbers of tables may
 * change, for room is made. */
void pool_exclude(struct pool *pool, uint32_t figure, bool kill);
bool pool_lives(const struct pool *pool, uint32_t table);
int32_t pool_delta_of(const struct pool *pool, uint32_t table, uint32_t figure);
/* Only living tables stay. */
void pool_drop_dead(struct pool *pool);
/* The first living table of a list, NO_NUMBER if there is none. Dead ones are taken out. */
uint32_t pool_next(struct pool *pool, uint32_t *link);

/* ---- chooser.c ---- */

/* Known figures are told one by one; all that is known is told; a candidate is on trial. */
enum stage { STAGE_KNOWN, STAGE_BASE, STAGE_TRIAL };

struct chooser {
    enum stage stage;
    const struct choice_request *request;
    const struct suppression_problem *problem;
    struct choice *choice;
    struct needs needs;
    struct pool pool;
    struct state state;
    struct program *program; /* of all places */
    struct program **local;  /* of each, if there are several */
    uint64_t *open;          /* singletons that are still looked for */
    struct target *unmet;    /* what programs say that no tally meets beside what is known */
    size_t unmet_count, unmet_room;
    struct base_error *error;
    enum base_code code; /* what went wrong beyond a requirement that is not met */
};

void chooser_end(struct chooser *chooser); /* what is not the arena's; NULL is fine */
enum base_code chooser_new(const struct choice_request *request, struct choice *choice,
                           struct chooser **out, struct base_error *error);

/* Each requirement has a witness, but those that are proven to have none beside what is known, or else BASE_NOT_PROVEN. */
enum base_code chooser_tell_known(struct chooser *chooser);

/* Whether each requirement has a witness: what the pool does not have is looked for. */
bool chooser_meets_all(struct chooser *chooser);

/* ---- find.c ---- */

/* Looks for a witness: if one is found, it is in the pool. */
enum choose_answer find_witness(struct chooser *chooser, const struct target *target);

#endif
