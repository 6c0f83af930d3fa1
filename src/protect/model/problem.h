/* The suppression problem of one year: elementary cells, figures over them, and what everybody knows of
 * sessions. What choice and audit share; it neither chooses nor judges. */
#ifndef PROTECT_PROBLEM_H
#define PROTECT_PROBLEM_H

#include "arena.h"
#include "tavs/protect.h"

#define PROBLEM_NO_CELL UINT32_MAX

/* The count of a place, month, channel, party and session: what an attacker does not know. */
struct problem_cell {
    uint8_t place, month; /* the month counts from the problem's first */
    uint8_t cell;         /* codebook_cell */
    int32_t truth;        /* its true value */
    int32_t least; /* no tally has less: 0, or below (the month ahead; a true count below zero) */
    uint32_t first_cover, covers; /* the figures that it is in: cover[first_cover ..] */
};

/* A figure: the sum of member[first .. first + count), ascending cell numbers. No two figures have the same
 * cells: of several sets that come to the same cells the one with the fewest places stands for all, or the first.
 * Figures stand in the order in which they are tried: the year's headline, then those of the wanted periods (in
 * a period rank by rank: all places together, then each), then the rest. */
struct problem_figure {
    struct cell_set set;
    uint32_t first, count;
    int64_t value;
    bool known;       /* public already: every tally must agree */
    bool kept_hidden; /* it stays hidden, unless it is known */
    bool wanted;      /* asked for now: a candidate */
    bool
        headline; /* of the year: courses, conversations in all, courses by channel (table 2): tried before
                      all others, never hidden by lot. It includes the month ahead; no other figure does but
                      those that are `ahead`. Where the year has not ended it is not wanted: it has to be
                      showable, and counts as shown for what is tried after it, but is not printed, and it has
                      no requirement of its own. */
    bool
        ahead; /* of the month ahead alone: it must stay able to be -(t - 1) and t - 1; no other requirement */
};

/* Sessions follow each other: of a place and party, up to each month, (k+1)-th conversations are at most as
 * many as k-th, k = 1 to 4. opening: by how much there were more before the first month, truly. slack: by how
 * much the balance at the end of the last month may be less than it truly is, so that no later month breaks the
 * rule; INT32_MAX if there is no later month. Where the true counts themselves break the rule, a tally need not
 * keep more of it than they do: in month m the balance must be at least least_balance[m] (0, or the true balance
 * where that is below 0). */
struct session_order {
    uint8_t place, party, session; /* session 0..3: between it and the next */
    int64_t opening;
    int64_t slack;
    int64_t least_balance[12]; /* of each month of the problem */
};

struct suppression_problem {
    struct arena *arena;
    unsigned threshold;
    size_t place_count;
    base_month first;
    unsigned months;  /* 1 to 12, in order; the last one is the month ahead, if there is one */
    bool month_ahead; /* it holds nothing, and cells of it may be as low as -(t - 1) */
    size_t cells;
    struct problem_cell *cell;
    uint32_t *cell_at; /* [place][month][codebook cell]; PROBLEM_NO_CELL: zero by definition */
    size_t figures;
    struct problem_figure *figure;
    uint32_t *member;
    uint32_t *cover;
    size_t orders;
    struct session_order *order;
};

/* The figures of all layouts of the year (printed or not) of each place and, if there are several, of all
 * together, for the months up to `request->closed_through`; and those of request->prior that lie in the year.
 * `wanted`: the figures of those of the request's periods that lie in the year. `known`: of prior, but none with
 * `correction`: then those of prior are `wanted`. The year ends with closed_through, where that is in it, and a
 * month ahead follows, unless it is December. BASE_NO_MEMORY. */
enum base_code problem_new(const struct protect_request *request, int year, struct arena *arena,
                           struct suppression_problem **out, struct base_error *error);

/* The figure that has the cells of `set` up to the last closed month; PROBLEM_NO_CELL if there is none, or if it
 * has no cells. */
uint32_t problem_find(const struct suppression_problem *problem, const struct cell_set *set);

/* What the model's files share: a true count, 0 where the place's counts have none; and problem->order. */
int64_t problem_count(const struct protect_place *place, base_month month, unsigned cell);
enum base_code session_orders_new(const struct protect_request *request,
                                  struct suppression_problem *problem, struct base_error *error);

/* ---- witnesses ---- */

/* A tally as what it changes of the true one. */
struct table_change {
    uint32_t cell;
    int32_t amount; /* not 0 */
};
struct feasible_table {
    uint32_t first, count; /* change[first ..], ascending cells */
};
struct witness_pool {
    size_t tables, table_room, changes, change_room;
    struct feasible_table *table;
    struct table_change *change;
};

#endif
