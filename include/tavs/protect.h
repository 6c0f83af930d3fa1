/* protect: disclosure control for what leaves the house. docs/disclosure.md is the specification.
 *
 * A figure below the threshold, zeros included, is hidden (primary), and so many others with it
 * (secondary) that nobody can compute a hidden one, from all tables and all earlier releases
 * together, to within less than "0 to threshold - 1".
 *
 * The room sees sums, not texts: a figure is an exact description of which contacts it adds up
 * (struct protect_sum). The caller says which tables it wants, as lines; the room says which lines
 * were joined, and what may be shown. Nothing here prints, and nothing is stored: what has to be
 * remembered of a release is the list of its figures' sums, each shown or hidden.
 *
 * Three parts share the data structures only: the model (sums over base cells), the choice (what to
 * join and to hide), the audit (what an attacker can compute). Only what the audit passes is shown:
 * for each figure that must stay hidden it holds two whole-number tallies which agree with
 * everything that is published, and these are confirmed by plain addition. A solver that fails, is
 * late or lies can so make figures hidden, or the release refused, but never shown.
 *
 * Counts are in guarded memory throughout.
 */
#ifndef TAVS_PROTECT_H
#define TAVS_PROTECT_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/tally.h"

enum {
    PROTECT_LEAST_THRESHOLD = 3,
    PROTECT_THRESHOLD = 5, /* the default */
    PROTECT_MOST_THRESHOLD = 20,
    PROTECT_MOST_PLACES = 32,
    PROTECT_ALL_SESSIONS = 0x1f,
    PROTECT_COURSES = 0x01, /* sessions: a course is counted by its first conversation */
};

/* ---- sums ------------------------------------------------------------------------------------*/

/* Which contacts a published number adds up: those in all five sets. A bit of `places` is the number
 * of a place in the request; the other bits are as in the codebook. This is the identity that the
 * ledger keeps; two sums with the same sets are the same number. */
struct protect_sum {
    uint32_t places;
    struct base_period months;
    codebook_set channels, parties, sessions;
};

/* All contacts of all places and times. */
struct protect_sum protect_sum_all(void);

/* ---- tables ----------------------------------------------------------------------------------*/

/* A row or a column: what is in `part` and in one of the months of the year in `months_of_year` (bit
 * 0 is January). A figure adds up what is in its row, its column and its table's `part`; that must
 * be consecutive months or none (a month of the year is crossed with one year). */
struct protect_line {
    struct protect_sum part;
    uint16_t months_of_year;
    bool total; /* adds up other lines of its axis: never joined */
};

enum { PROTECT_ALL_MONTHS = 0x0fff };

/* How the lines of an axis may be joined where they are too small. Each step is tried, from none to
 * the last; lines that are totals stay. */
enum protect_join {
    PROTECT_JOIN_NOTHING,
    PROTECT_JOIN_CHANNELS, /* in person | telephone, mail and web page */
    PROTECT_JOIN_PARTIES,  /* user | relative and professional */
    PROTECT_JOIN_SESSIONS, /* 1 | 2 | 3 to 5 */
    PROTECT_JOIN_MONTHS    /* month, quarter, half-year, year */
};

struct protect_axis {
    enum protect_join join;
    size_t count;
    struct protect_line *line;
};

/* A table that is wanted. Figures are numbered row by row. */
struct protect_table {
    struct protect_sum part;
    struct protect_axis row, column;
};

/* The tables that are offered, as src/table/report.c has those of the report. */
enum protect_kind {
    PROTECT_COURSES_BY_CHANNEL,       /* channels and in all; a column a period */
    PROTECT_CONVERSATIONS_BY_CHANNEL, /* the same of all conversations */
    PROTECT_COURSES_BY_PARTY,         /* parties and in all; a column a period */
    PROTECT_COURSES_BY_SESSION,       /* sessions; a column a period */
    PROTECT_MONTHS,                   /* months and in all; courses, conversations: one period */
    PROTECT_COURSES_BY_MONTH,         /* months of the year and in all; a column a year */
    PROTECT_CHANNELS_BY_PARTY,        /* channels and in all; parties and in all: one period */
    PROTECT_QUARTERS_BY_CHANNEL,      /* quarters and in all; channels and in all: one year */
    PROTECT_SESSIONS_BY_PARTY,        /* sessions; parties and in all: one period */
    PROTECT_KINDS
};

/* What an offered table is about. Periods of one table do not overlap; months of one period lie in
 * one year where the kind has months. Rows and columns are those of the given sets. */
struct protect_scope {
    uint32_t places;
    const struct base_period *periods;
    size_t period_count;
    codebook_set channels, parties;
};

/* BASE_NO_MEMORY is the only error. */
enum base_code protect_table_new(enum protect_kind kind, const struct protect_scope *scope,
                                 struct protect_table **out, struct base_error *error);
/* NULL is fine. */
void protect_table_free(struct protect_table *table);

/* ---- a release -------------------------------------------------------------------------------*/

/* A place. `counts` covers its whole life, from the first month that the store has (what is before
 * is known to be nothing) to the last month that has begun (what is after it likewise). What
 * `counts` does not offer and did not count is zero by definition: nobody's secret. */
struct protect_place {
    const struct tally_counts *counts;
};

/* A sum of an earlier release, as the ledger has it. `changed`: the release's digest does not match the
 * counts as they are now, so that this sum, or another of its release, was published with another
 * value: docs/disclosure.md, "Corrections". A place that the request does not have is a bit at or
 * above place_count; such parts are taken to be known to everybody. */
struct protect_earlier {
    struct protect_sum sum;
    bool shown, changed;
};

/* The linear programming that choice and audit call; src/protect/solver.h. */
struct protect_solver;

struct protect_request {
    unsigned threshold;
    const struct protect_place *places;
    size_t place_count;
    const struct protect_table *const *tables; /* wanted now */
    size_t table_count;
    /* Tables that later releases must still be able to show: those of the year, when a part of it is
     * released. They are protected first, as if the year ended now, and the wanted ones may use up
     * nothing of what they need. */
    const struct protect_table *const *reserved;
    size_t reserved_count;
    const struct protect_earlier *earlier; /* all of the ledger */
    size_t earlier_count;
    bool explain;                        /* fill in what struct protect_figure says of `explain` */
    double seconds;                      /* the time limit; 0: PROTECT_SECONDS */
    const struct protect_solver *solver; /* NULL: GLPK, in tavs-protect.so */
};

enum { PROTECT_SECONDS = 10 };

/* Hidden, and why: primary is below the threshold. The reason is for the leader's eyes only: what
 * leaves the house says hidden. */
enum protect_status { PROTECT_SHOWN, PROTECT_HIDDEN_PRIMARY, PROTECT_HIDDEN_SECONDARY };

/* PROTECT_NO_FIGURE in `give_up_table`: none. */
#define PROTECT_NO_FIGURE SIZE_MAX

struct protect_figure {
    struct protect_sum sum;
    int64_t value; /* also of hidden ones */
    enum protect_status status;
    /* With `explain`: what an attacker is left with, of a shown figure twice its value. */
    int64_t least, most;
    /* With `explain`, of a secondary one: the figure that could be hidden in its place, so that it
     * could be shown. */
    size_t give_up_table, give_up_figure;
};

/* A table as it may be published. A line that joins several has the union of their sets. An axis
 * that was joined to one line keeps only its total, if it has one. A table all of whose figures are
 * hidden is there all the same: `shown` is 0. */
struct protect_result_table {
    struct protect_axis row, column;
    struct protect_figure *figures;
    bool rows_joined, columns_joined;
    size_t shown; /* figures */
};

enum protect_method { PROTECT_EXACT, PROTECT_ELIMINATION };

struct protect_result {
    struct protect_result_table *tables; /* as many as were wanted, in their order */
    size_t table_count;
    size_t shown, hidden_primary, hidden_secondary; /* figures, of all tables */
    enum protect_method method;                     /* how the secondary ones were chosen */
    /* Figures below the threshold that earlier releases and counts changed since have given away
     * already; this release tells nothing more about them. */
    size_t exposed_before;
    size_t witnesses; /* tallies that the audit holds, each confirmed */
};

/* Protects the wanted tables. The result depends on the request only, unless the time limit is hit.
 * BASE_NOT_PROTECTED: the audit can't be passed. BASE_NOT_PROVEN: the solver failed or time ran out
 * before the audit was passed. BASE_PART_MISSING, BASE_NO_MEMORY. Free with protect_result_free. */
enum base_code protect_release(const struct protect_request *request, struct protect_result **out,
                               struct base_error *error);

/* Wipes. NULL is fine. */
void protect_result_free(struct protect_result *result);

/* The same release again. Statuses and joins of the wanted tables as in `again`, the sums of one earlier
 * release in the order in which its tables have them, each once; with the counts as they are now. No choice
 * is made. With `explain` the intervals are as they are by now, after all releases. BASE_NOT_PROTECTED if
 * `again` is not what a way to join the wanted tables comes to; with `explain` as protect_release. */
enum base_code protect_again(const struct protect_request *request,
                             const struct protect_earlier *again, size_t again_count,
                             struct protect_result **out, struct base_error *error);

/* ---- an attack -------------------------------------------------------------------------------
 * What somebody can compute from published figures alone, without store and key. */

struct protect_published {
    struct protect_sum sum;
    bool shown;
    int64_t value; /* if it is shown */
    /* Out: what it lies between (the value itself if it is shown). Where all of 0 to threshold - 1 is
     * open it may lie beyond, too, unless `to_the_ends`. */
    int64_t least, most;
    /* Out, of a hidden one. Narrowed: it is known to be below the threshold, and not all of 0 to
     * threshold - 1 is open. Doubtful: it may be below the threshold, or be one that is not small and was
     * hidden to protect others; if it is small, not all is open. Published figures alone don't tell. */
    bool narrowed, doubtful;
};

/* What a place offers, and the first month of its life; 0: not known. */
struct protect_offered {
    codebook_set channels, parties;
    base_month first;
};

struct protect_attack {
    unsigned threshold;
    const struct protect_offered *offered; /* of each place */
    size_t place_count;
    struct protect_published *published;
    size_t published_count;
    bool to_the_ends; /* look for all ends, also where 0 to threshold - 1 is open */
    double seconds;   /* the time limit; 0: PROTECT_SECONDS */
    const struct protect_solver *solver; /* NULL: GLPK */
    size_t narrowed, doubtful;           /* out */
    bool contradictory; /* out: no tally agrees with all that is shown; nothing else is filled in */
};

/* BASE_NOT_PROVEN (solver or time), BASE_PART_MISSING, BASE_NO_MEMORY. */
enum base_code protect_attack(struct protect_attack *attack, struct base_error *error);

#endif
