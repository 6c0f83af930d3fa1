/* What is learnt of tables and their columns when a file is read for the first time. */
#ifndef TAVS_SCAN_COLUMN_H
#define TAVS_SCAN_COLUMN_H

#include "chars.h"
#include "find.h"
#include "memo.h"
#include "reader.h"
#include "words.h"

enum { MOST_TABLES = 262144, MOST_ALL_COLUMNS = 262144 };

/* What a cell may look like; a column counts each. */
enum sight {
    SIGHT_NUMBER,
    SIGHT_SMALL,     /* a whole number of up to six digits */
    SIGHT_TEN,       /* of nine or ten digits */
    SIGHT_TEN_DATE,  /* and so far a CPR number */
    SIGHT_TEN_HOLDS, /* and modulus 11 holds */
    SIGHT_EIGHT,     /* of eight digits, like a telephone number */
    SIGHT_DOTTED,    /* initials with dots */
    SIGHT_LETTERS,   /* without */
    SIGHT_ORDERED,   /* of initials: the next in A, B, C … */
    SIGHT_FIRST_NAME,
    SIGHT_DOUBTFUL_NAME,
    SIGHT_FAMILY_NAME,
    SIGHT_WORDS,
    SIGHT_NAMED, /* a first name and a family name */
    SIGHT_PERSON,
    SIGHT_EMAIL,
    SIGHT_SENTENCE,
    SIGHT_SPOKEN, /* a sentence about somebody */
    SIGHT_REMARK, /* a few words about somebody */
    SIGHT_ENUMERATION,
    SIGHTS
};

/* A confidence, or that there is nothing to report. */
enum { COLUMN_CLEAR = -1 };

struct column {
    enum words_heading heading;
    uint32_t heading_row;
    bool heading_sure;        /* the reader said so */
    enum words_heading found; /* in found_row, a row that may turn out to be one of headings */
    uint32_t found_row;
    const char *found_phrase;
    const char *heading_text; /* the recognised words, or NULL */
    unsigned flags;           /* of all its cells */
    uint32_t first;     /* sights in the table's first row (of lines: in its own), a bit each */
    uint32_t first_row; /* where that is */
    uint32_t filled;
    uint32_t count[SIGHTS];
    uint64_t distinct; /* a bit for each of 64 classes of values */
    bool is_list;      /* of lines: they are values, and no text */
    /* what it comes to */
    struct find_context context;
    signed char initials, names, person, diagnosis, municipality, free_text;
};

struct table {
    struct column *columns;
    size_t count, room;
    uint32_t first_row, row, rows;
    uint32_t headings; /* known ones in the current row */
    bool any_heading;  /* a row of headings was found */
    bool first_fits;   /* nothing in the first row speaks against headings */
    bool lists_persons;
};

/* Rows with one filled cell are kept apart: a line of text above or below the table, or a list of its own. */
struct tables {
    struct table of_rows, of_lines;
};

struct survey {
    struct memo *memo;     /* of the sights of values, by whether they are of lists */
    struct tables *tables; /* by number */
    size_t count, room;
    size_t columns;
    enum scan_read state;
};

/* Looks at one cell; false, with survey->state, if memory or bounds do not suffice. */
bool survey_cell(struct survey *survey, const struct scan_cell *cell);

/* After the last cell. */
void survey_conclude(struct survey *survey);

/* The column of a cell, NULL for running text. */
const struct column *survey_column(const struct survey *survey, const struct scan_cell *cell);

void survey_free(struct survey *survey);

/* conclude.c */
void column_conclude(struct table *table);

#endif
