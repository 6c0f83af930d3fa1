/* table: plain counts as tables. Adds up, cross-tabulates, checks the data rules.
 *
 * A `struct table` is what every output format prints: labels, whole numbers, and for each number
 * whether it may be seen. A `struct table_document` is one report, tally or export: tables with
 * what a reader has to know about them. Both are plain data, so that disclosure control can hide
 * figures before anything is printed; nothing that prints them adds up figures of its own.
 *
 * Codes are stable and the same in every language. Texts are UTF-8: the words of the codebook in
 * the document's language, everything else translated when the document is built.
 */
#ifndef TAVS_TABLE_H
#define TAVS_TABLE_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/counts.h"
#include "tavs/tally.h"

enum { TABLE_MOST_KEYS = 5, TABLE_MOST_PLACES = 32, TABLE_MOST_TOGETHER = 40 };

/* ---- tables --------------------------------------------------------------------------------- */

struct table_label {
    const char *code, *text;
};

/* What a row stands for: one label for each of the table's keys. All of a total's labels have the
 * code "total"; the first has a text, the others are empty. */
struct table_row {
    struct table_label key[TABLE_MOST_KEYS];
    bool total;
};

struct table_column {
    struct table_label label;
    const char *brief; /* clear under the column heading, where a line is short: "1st" */
    bool total;
};

/* A hidden figure is printed as ".." in every format, and its value must not show in anything. What
 * one of several places does not offer is printed as "." in its column: there was nothing to count.
 * (Statistics Denmark uses these symbols for "confidential" and "not applicable".) */
enum table_status { TABLE_SHOWN, TABLE_HIDDEN, TABLE_NOT_OFFERED };

struct table_strings; /* texts that a table or a document owns */

/* In place of an index into a document's places: all of them together. */
enum { TABLE_ALL_PLACES = -1 };

struct table {
    const char *code, *caption; /* the caption names the place where that is needed */
    int place;                  /* whose figures these are, or TABLE_ALL_PLACES */
    size_t keys;                /* 1..TABLE_MOST_KEYS: how many labels a row has */
    struct table_label key_heading[TABLE_MOST_KEYS];
    /* What the columns stand for: "year", "session", "measure", or "place": then column i is the
     * document's place i, and the last is their sum. */
    struct table_label column_heading;
    size_t rows, columns;
    struct table_row *row;
    struct table_column *column;
    int64_t *figures;            /* rows x columns, row by row; guarded memory */
    enum table_status *statuses; /* the same order */
    /* Lines under a protected table: what hidden rows come to together. NULL at the end. */
    const char *together[TABLE_MOST_TOGETHER + 1];
    struct table_strings *strings;
};

/* A table with all labels empty, all figures zero and shown. `code` must outlive the table (a
 * constant); rows may be 0, columns not. BASE_NO_MEMORY. */
enum base_code table_new(const char *code, size_t keys, size_t rows, size_t columns,
                         struct table **out, struct base_error *error);

/* Wipes the figures. NULL is fine. */
void table_free(struct table *table);

static inline size_t table_index(const struct table *table, size_t row, size_t column)
{
    return row * table->columns + column;
}

/* A formatted text that lives as long as the list it is added to; NULL if there is no memory. The
 * list begins as NULL. */
const char *table_keep_text(struct table_strings **strings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- documents ------------------------------------------------------------------------------ */

/* TABLE_REPORT: the annual report. TABLE_SHOW: the tally for the terminal, one table. TABLE_EXPORT:
 * tidy data, one table with one column, no totals. */
enum table_kind { TABLE_REPORT, TABLE_SHOW, TABLE_EXPORT };

/* What a word of the report means. */
struct table_definition {
    const char *code, *term, *text;
};

/* Something that the reader must know about the figures. The codes:
 *
 *   "cell-below-zero"      more retracted than counted: month, channel, party, session
 *
 *   "session-exceeds"      more conversations of a number than of the one before it, over the life
 *                          of the store: party, session (the exceeding one)
 *
 *   "not-offered-counted"  not offered, but counted in the period: channel or party
 *
 *   "period-not-over"      the period had not ended at the document's date
 *
 *   "months-open"          months of the period that had ended then, but are not closed: the first
 *
 * Fields that a note does not use are 0 (month), TABLE_NO_VALUE, and TABLE_ALL_PLACES. A note holds
 * no figure; its text names the place if there are several. */
enum { TABLE_NO_VALUE = -1 };
struct table_note {
    const char *code, *text;
    int place; /* that the note is about */
    base_month month;
    int value[CODEBOOK_DIMENSIONS];
};

/* A store that is reported on. Names differ from each other; the only place of a document has none
 * (NULL). */
struct table_place {
    const char *name;
    const char *fingerprint;        /* the store's, as people compare it; NULL if not given */
    const char *text;               /* both, in words; NULL if it has no name */
    codebook_set channels, parties; /* what the place offers */
    base_month closed_through;      /* 0: no month is closed */
};

struct table_document {
    enum table_kind kind;
    enum codebook_language language;
    bool internal; /* exact figures: every part of every output says so */
    bool draft;    /* of a protected document: it was not published, and says so like that */
    /* Of what was published: its number, its edition, and for a corrected one the number of the first
     * edition and all of that in words; else 0 and NULL. */
    unsigned release, edition, corrects;
    const char *edition_text;
    const char *title;
    char date[BASE_DATE_TEXT];
    const char *date_text;      /* for people */
    const char *version;        /* the program's; NULL in a protected document, which outlives it */
    struct table_place *places; /* one or several */
    size_t place_count;
    codebook_set channels, parties; /* what any of the places offers */
    base_month closed_through;      /* by all of the places; 0: no month is */
    const char *closed_text;        /* the same in words */
    const char *period_text;        /* the periods for people, parted by commas */
    struct base_period *periods;
    size_t period_count; /* several for several years side by side */
    struct table **tables;
    size_t table_count;
    unsigned
        threshold; /* of a protected document: counts below it are hidden; 0: an internal one */
    struct table
        *sums; /* of a protected report: every figure that it publishes, as tidy data; else NULL */
    struct table_definition *definitions;
    size_t definition_count;
    struct table_note *notes;
    size_t note_count;
    struct table_strings *strings;
};

/* What the caller knows and the counts don't tell. All texts are copied. */
struct table_heading {
    enum codebook_language language;
    bool internal;
    const char *date; /* "2026-07-14", or to the month: "2026-07"; NULL: today in local time */
};

/* One place's counts, which are only read, and what to call it. Texts are copied. */
struct table_source {
    const char *name;                  /* NULL if it is the only one; else different for each */
    const char *fingerprint;           /* or NULL */
    const struct tally_counts *counts; /* of the periods asked for, or of more */
    const struct tally_counts *life;   /* over the store's whole life; NULL leaves the rule
                                        * unchecked that needs it */
};

/* Frees the document with its tables; figures and texts are wiped. NULL is fine. */
void table_document_free(struct table_document *document);

/* In each of the following BASE_NO_MEMORY is the only error. */

/* The annual report of 1..TABLE_MOST_PLACES places. `years` ascend, `year_count` >= 1, and each
 * source's counts cover them. The tables, a column a year:
 *
 *   "courses-by-channel"        courses begun (first conversations), and in all: the annual report's
 *                               table 2
 *
 *   "conversations-by-channel"  conversations, and in all
 *
 *   "courses-by-party"          courses begun, and in all
 *
 *   "courses-by-session"        how many courses reached a 1st to 5th conversation; no total
 *
 *   "months"                    one column only: courses and conversations of each month, and in all
 *
 *   "courses-by-month"          else: courses begun in each month of the year, and in all
 *
 * Several places in one year: the same tables, a column a place and one for their sum. Several places
 * and years: first "courses-by-place" (courses begun, and in all), then the tables above of all places
 * together, then those of each place.
 *
 * What is not offered has no row, unless something of it was counted; in a table of several places
 * there is a row for what any of them has one for. */
enum base_code table_report_new(const struct table_heading *heading,
                                const struct table_source *places, size_t place_count,
                                const int years[], size_t year_count, struct table_document **out,
                                struct base_error *error);

/* What a tally can be broken down by. */
enum table_dimension { TABLE_MONTH, TABLE_CHANNEL, TABLE_PARTY, TABLE_SESSION, TABLE_DIMENSIONS };

/* Reads "month,channel": one to four different dimensions, parted by commas, in English or Danish
 * words, any case. Else BASE_BAD_OPTION_VALUE. */
enum base_code table_parse_dimensions(const char *text, enum table_dimension by[TABLE_DIMENSIONS],
                                      size_t *count, struct base_error *error);

/* The tally of one place by `by_count` (1..4) different dimensions, in the order given: table "tally". A row for
 * each combination that is offered or was counted, and a total. If sessions are not among the
 * dimensions they are the columns, with a total; else there is one column, "conversations". */
enum base_code table_show_new(const struct table_heading *heading, const struct table_source *place,
                              const enum table_dimension by[], size_t by_count,
                              struct table_document **out, struct base_error *error);

enum { TABLE_PLAN_MONTHS = 24 };

/* What is about to be counted: table "plan". A row for each month, or for each year of a longer period
 * than TABLE_PLAN_MONTHS, and a total; a column for each channel that is offered or has something, and a
 * total. */
enum base_code table_plan_new(const struct table_heading *heading, const struct table_source *place,
                              struct table_document **out, struct base_error *error);

/* Tidy data of 1..TABLE_MOST_PLACES places, whose counts are of the same period: table "cells", keys
 * place (only if there are several), period (a month), channel, party, session, one column "count". A
 * row for every cell of every month that the place offers, zeros included, or whose count is not
 * zero. */
enum base_code table_export_new(const struct table_heading *heading,
                                const struct table_source *places, size_t place_count,
                                struct table_document **out, struct base_error *error);

/* The data rules alone: a document without tables, with a note "cell-below-zero" or "session-exceeds"
 * for everything in the store's life that breaks one. */
enum base_code table_rules_new(const struct table_heading *heading, const struct tally_counts *life,
                               struct table_document **out, struct base_error *error);

/* ---- protected documents ----------------------------------------------------------------------
 * What disclosure control lets out. The caller knows which contacts a line adds up; the words for it are
 * made here. Figures are zero and shown until the caller puts them; of a hidden one it puts nothing but the
 * status. What such a document says follows from its arguments alone, so that it is the same for ever: the
 * clock has no part in it, nor has the program's version. */

enum table_axis {
    TABLE_AXIS_CHANNELS,
    TABLE_AXIS_PARTIES,
    TABLE_AXIS_SESSIONS,
    TABLE_AXIS_MONTHS,   /* months of the year, or quarters */
    TABLE_AXIS_PERIODS,  /* what was asked for */
    TABLE_AXIS_MEASURES, /* courses, conversations */
    TABLE_AXIS_PLACES
};

/* What a row or a column adds up. A place of its cells is one of the document. */
struct table_line {
    struct cell_set cells;
    bool total;
};

struct table_shape {
    const char *code, *caption; /* the caption is translated */
    int place;                  /* or TABLE_ALL_PLACES */
    bool names_place;           /* the caption does: of several places, where no column does */
    enum table_axis row_axis, column_axis;
    size_t rows, columns;
    const struct table_line *row, *column;
};

/* What is said at the head of a protected document. Texts are copied. */
struct table_publication {
    enum codebook_language language;
    bool draft;
    const char *date;                    /* to the month: "2026-07" */
    unsigned release, edition, corrects; /* as in the document */
    unsigned threshold;
    const struct table_place *places; /* `text` is not used */
    size_t place_count;
    const struct base_period *periods;
    size_t period_count;
};

/* An empty document of kind TABLE_REPORT or TABLE_EXPORT with its definitions, and for a draft the notes on
 * months that are not over or not closed. BASE_NO_MEMORY, as for all of these. */
enum base_code table_protected_new(enum table_kind kind,
                                   const struct table_publication *publication,
                                   struct table_document **out, struct base_error *error);

/* Adds a table; `*table` is owned by the document. */
enum base_code table_protected_add(struct table_document *document, const struct table_shape *shape,
                                   struct table **table, struct base_error *error);

/* Adds a line under a table: in this column, the rows of the set (bit i for row i) come to `sum` together,
 * which is the total less what is shown. No more than TABLE_MOST_TOGETHER are kept. */
enum base_code table_protected_put_together(const struct table_document *document,
                                            struct table *table, uint32_t rows, size_t column,
                                            int64_t sum, struct base_error *error);

/* Adds the tidy data, a row for each set of cells: keys place (if there are several), period, channel,
 * party, session, each a code, several places parted by "+", or "all". */
enum base_code table_protected_add_sums(struct table_document *document,
                                        const struct cell_set *lines, size_t count,
                                        struct table **table, struct base_error *error);

/* Says how many figures are hidden, and why. */
enum base_code table_protected_conclude(struct table_document *document, size_t shown,
                                        size_t hidden, struct base_error *error);

/* ---- sums ----------------------------------------------------------------------------------- */

enum { TABLE_ALL_SESSIONS = 0x1f, TABLE_FIRST_SESSION = 0x01 };

/* Which cells of which months. A bit of a set stands for a value; months outside the counts' own
 * period add nothing. */
struct table_selection {
    struct base_period months;
    codebook_set channels, parties, sessions;
};

/* All cells of all months. */
struct table_selection table_select_all(const struct tally_counts *counts);

int64_t table_sum(const struct tally_counts *counts, struct table_selection selection);

/* True if any one of the selected cells is not zero (their sum may be). */
bool table_any_counted(const struct tally_counts *counts, struct table_selection selection);

#endif
