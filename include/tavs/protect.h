/* protect: statistical disclosure control for what leaves the house. docs/disclosure.md is the specification.
 *
 * Figures are those of fixed public layouts. A figure below the threshold, zeros included, is hidden
 * (primary suppression), and of the others as many (secondary suppression) as it takes for every
 * protection requirement to keep a witness: a tally in whole numbers that agrees with all that is shown.
 * Figures are tried one after the other in the layout's order; hidden values play no part in that order.
 *
 * Three parts share the data structures only: the model (a year as a suppression problem), the choice
 * (which figures to show, with a pool of witnesses), the audit (which confirms each witness by plain
 * addition and alone decides). A solver that fails, is late or lies can make figures hidden, or the
 * release refused, but never shown.
 *
 * Nothing here prints, and nothing is stored. Counts are in guarded memory throughout.
 */
#ifndef TAVS_PROTECT_H
#define TAVS_PROTECT_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/counts.h"
#include "tavs/tally.h"

enum {
    PROTECT_LEAST_THRESHOLD = 3,
    PROTECT_THRESHOLD = 5, /* the default */
    PROTECT_MOST_THRESHOLD = 20,
    PROTECT_MOST_PLACES = 32, /* of a release */
};

/* ---- layouts ---------------------------------------------------------------------------------*/

/* A period that has a layout: a month, or a quarter, a half-year or a year of the calendar. */
enum protect_period {
    PROTECT_NO_LAYOUT,
    PROTECT_MONTH,
    PROTECT_QUARTER,
    PROTECT_HALF_YEAR,
    PROTECT_YEAR
};
enum protect_period protect_period_of(struct base_period period);

/* The fewest periods with a layout that `period` consists of, in order: 2026-01..2026-10 is a half-year, a
 * quarter and a month. Writes at most `room` and returns how many there are. */
size_t protect_split_period(struct base_period period, struct base_period *parts, size_t room);

/* The figures of a period that has a layout, in the order in which they are chosen, each once. `places` are
 * taken as one. Only `channels` and `parties` have figures of their own. A set that leaves out nothing that
 * is offered has all bits of the codebook (COUNTS_ALL_SESSIONS, CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES).
 * Writes at most `room` and returns how many there are; none of a period without a layout. */
enum { PROTECT_MOST_LAYOUT = 128 };
size_t protect_layout(struct base_period period, const struct place_set *places,
                      codebook_set channels, codebook_set parties, struct cell_set *figures,
                      size_t room);

/* The set as layouts have it, where such channels and parties are offered: what leaves out nothing that is
 * offered has all bits. */
struct cell_set protect_canonical_set(const struct cell_set *set, codebook_set channels,
                                      codebook_set parties);

/* ---- a release -------------------------------------------------------------------------------*/

/* A place. `counts` covers its whole life (months that it does not cover counted nothing; those after the
 * request's `closed_through` are not looked at), or is NULL: nothing was ever counted. */
struct protect_place {
    const struct tally_counts *counts;
    codebook_set channels,
        parties; /* that were ever offered; what is not among them is zero by definition */
};

/* True if the figure is hidden by lot: a keyed function of its cells, the same for ever. */
typedef bool protect_lot(void *context, const struct cell_set *cells);

struct protect_solver;

struct protect_request {
    unsigned threshold;
    const struct protect_place *places;
    size_t place_count;
    /* What is to be released: periods with a layout, different ones, none of which ends after
     * `closed_through`. With `correction` it is not used. */
    const struct base_period *periods;
    size_t period_count;
    base_month closed_through;
    /* The figures that are public: all that releases have shown and still show, with the values that they
     * have in `places` now. A place is bit i for places[i]. */
    const struct cell_set *prior;
    size_t prior_count;
    /* Figures that stay hidden whatever they come to. Those that a release hid which has been corrected since: who
     * knows what was changed would have the old value of one that is shown later. And those that a release of
     * their whole year hid: more is public now, so less can be shown. */
    const struct cell_set *kept_hidden;
    size_t kept_hidden_count;
    /* A corrected edition: the figures of `prior` are tried again, in the layout's order, as if nothing were
     * public. No other figure is. */
    bool correction;
    protect_lot *lot; /* NULL: none is hidden by lot */
    void *lot_context;
    base_progress *progress; /* or NULL */
    void *progress_context;
    const struct protect_solver *solver; /* NULL: GLPK, in tavs-protect.so */
};

/* Why a figure is hidden is for the leader's eyes only: what leaves the house says hidden. */
enum protect_status {
    PROTECT_SHOWN,
    PROTECT_HIDDEN_PRIMARY,
    PROTECT_HIDDEN_SECONDARY,
    PROTECT_HIDDEN_BY_LOT
};

struct protect_figure {
    struct cell_set cells;
    int64_t value; /* also of hidden ones */
    enum protect_status status;
};

struct protect_result {
    /* The figures of the periods, each once: period by period as they were asked for; in a period rank by
     * rank: all places together, then each of them. With `correction`: those of `prior`, in its order. */
    struct protect_figure *figures;
    size_t figure_count;
    size_t shown, hidden_primary, hidden_secondary, hidden_by_lot;
    size_t requirements; /* of protection */
    size_t exempt;       /* of them: proven to be met by no tally, whatever is hidden now */
    size_t witnesses;    /* tallies, each confirmed by addition */
    size_t searches, linear_programs, whole_programs;
};

/* Protects what is asked for. The result depends on the request only. BASE_NOT_PROTECTED: the audit is not
 * passed. BASE_NOT_PROVEN: a solver failed, or what was released before can neither be met nor be proven not
 * to be. BASE_PART_MISSING, BASE_NO_MEMORY. Free with protect_result_free, which wipes. */
enum base_code protect_release(const struct protect_request *request, struct protect_result **out,
                               struct base_error *error);
void protect_result_free(struct protect_result *result); /* NULL is fine */

/* ---- an attack -------------------------------------------------------------------------------
 * What somebody can compute from published figures alone, without store and key. */

struct protect_published {
    struct cell_set cells;
    bool shown;
    int64_t value; /* if it is shown */
    /* Out: what it lies between (the value itself if it is shown). Where all of 0 to threshold - 1 is open it
     * may lie beyond, too, unless `to_the_ends`. */
    int64_t least, most;
    /* Out, of a hidden one. Narrowed: it is known to be below the threshold, and not every whole value of 0 to
     * threshold - 1 is open. Doubtful: it may be below the threshold, or one that is not small and was hidden
     * to protect others or by lot; if it is small, not all is open. */
    bool narrowed, doubtful;
};

/* What a place offers, and the first month of its life; 0: not known. */
struct protect_offered {
    codebook_set channels, parties;
    base_month first;
};

/* Cells that nobody printed, and what is known of them: a figure of a layout that is known to be below the
 * threshold and not open to every value of 0 to threshold - 1, or elementary cells that are known exactly (several
 * that are 0 as one). What follows for a part of such a figure, as that it is no more, is not told once more. */
struct protect_finding {
    struct cell_set cells;
    int64_t least, most;
};

struct protect_attack {
    unsigned threshold;
    const struct protect_offered *offered; /* of each place */
    size_t place_count;                    /* 1..COUNTS_MOST_PLACES */
    struct protect_published *published;
    size_t published_count;
    bool to_the_ends; /* look for all ends, also where 0 to threshold - 1 is open */
    double seconds;   /* time limit, of the processor; 0: none */
    const struct protect_solver *solver; /* NULL: GLPK */
    size_t narrowed, doubtful;           /* out */
    bool contradictory; /* out: no tally agrees with all that is shown; nothing else is filled in */
    struct protect_finding *findings; /* out: protect_attack_free */
    size_t finding_count;
};

/* Besides what is published it looks at all figures that somebody could name: those of the layouts of each month,
 * quarter, half-year and year of which every month is published, of each place and of all together, and elementary
 * cells. BASE_NOT_PROVEN (solver, time, or too much), BASE_PART_MISSING, BASE_NO_MEMORY. */
enum base_code protect_attack(struct protect_attack *attack, struct base_error *error);
void protect_attack_free(
    struct protect_attack *attack); /* the findings; fine after any protect_attack */

#endif
