/* What the audit's files share. */
#ifndef PROTECT_AUDIT_INSIDE_H
#define PROTECT_AUDIT_INSIDE_H

#include "audit.h"
#include "whole.h"

enum requirement_kind { REQUIRE_FIGURE, REQUIRE_CELL, REQUIRE_MAKER, REQUIRE_AHEAD };

/* A tally that meets it has `value` in figure `figure` (AHEAD, FIGURE, MAKER), at least 1 in figure `maker`
 * (MAKER), another count than its own in cell `cell` (CELL). */
struct requirement {
    enum requirement_kind kind;
    uint32_t figure, maker, cell;
    int64_t value;
};

/* Which requirements have been met, in bits: those of figures and of each maker by hidden small figure and
 * value, (small * threshold + value); those of the month ahead by figure and end; those of cells by cell. */
struct met {
    uint64_t *figure, *maker, *ahead, *cell;
};

struct audit {
    const struct suppression_problem *problem;
    const struct protect_solver *solver;
    struct arena *arena;
    struct audit_report *report;
    bool *told;           /* of each figure: known or shown */
    uint32_t *small;      /* hidden small figures */
    size_t smalls, words; /* words of bits for them and their values */
    uint32_t *maker;      /* those that are 1 */
    size_t makers;
    uint32_t *ahead; /* figures of the month ahead */
    size_t aheads;
    struct met met;
    uint64_t *now;          /* what one tally has of the figures' requirements */
    int64_t *tally, *value; /* one tally, and what its figures come to */
};

/* ---- agree.c: plain addition ---- */

/* What the figures of audit->tally come to, in audit->value; true if it agrees with all that is told, with the
 * rule of sessions and with the cells' least values. */
bool agree_add_up(const struct audit *audit);

/* The true balance of an order at the end of a month. */
int64_t agree_true_balance(const struct suppression_problem *problem,
                           const struct session_order *order, unsigned month);

/* ---- requirement.c ---- */

/* Finds the figures that have requirements. */
enum base_code requirement_find(struct audit *audit, struct base_error *error);

/* Notes what audit->tally, whose figures come to audit->value, meets. */
void requirement_note(struct audit *audit);
/* Whether it meets this one. */
bool requirement_is_met(const struct audit *audit, const struct requirement *one);

/* Counts all requirements in the report and calls `take` for each that has not been met; stops at what is not
 * BASE_OK. */
typedef enum base_code requirement_take(void *context, const struct requirement *one,
                                        struct base_error *error);
enum base_code requirement_each_unmet(struct audit *audit, requirement_take *take, void *context,
                                      struct base_error *error);

/* ---- changes.c: the problem as a system whose columns are by how much counts are changed ---- */

enum { CHANGES_ALL_PLACES = -1 };
#define CHANGES_NONE SIZE_MAX

struct changes {
    struct whole_system system;
    size_t cells; /* the first columns: by how much each cell is more; then balances of sessions */
    uint32_t *cell; /* of each of these columns */
    size_t *column; /* of each cell; CHANGES_NONE */
    size_t *figure; /* each figure's row: it may be anything unless it is told; CHANGES_NONE */
};

/* Of one place, with the figures that lie in it, or of all. Told are figures that are known, and with `shown` all
 * of audit->told. */
enum base_code changes_new(struct audit *audit, int place, bool shown, struct changes *out,
                           struct base_error *error);

/* ---- exempt.c ---- */

struct exempting;
enum base_code exempt_new(struct audit *audit, struct exempting **out, struct base_error *error);
void exempt_close(struct exempting *exempting); /* NULL is fine */

/* True if it is proven that no tally which agrees with what is known meets it. BASE_NO_MEMORY. */
enum base_code exempt_prove(struct exempting *exempting, const struct requirement *one,
                            bool *proven, struct base_error *error);

/* ---- search.c ---- */

struct searching;
enum base_code search_new(struct audit *audit, struct searching **out, struct base_error *error);
void search_close(struct searching *searching); /* NULL is fine */

enum search_answer { SEARCH_FOUND, SEARCH_NOTHING, SEARCH_FAILED };

/* Looks for a tally that meets it and agrees with all that is told, writes it to audit->tally, with its figures to
 * audit->value, and confirms that it agrees. */
enum search_answer search_witness(struct searching *searching, const struct requirement *one);

#endif
