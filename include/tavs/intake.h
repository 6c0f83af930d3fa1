/* intake: old figures from a table, added up to what is to be counted. Bytes in, sums out:
 * no files, no store, no key.
 *
 * The first row names the columns. One that is not known is refused before anything below it is read:
 * it may hold names. A table has either a row for each contact or counts that are added up already;
 * docs/import.md says which headings, words and dates are understood.
 *
 * What a cell holds may be personal data: an error names the table, the row and the column, never what
 * stands in the cell. Everything that is read is held in memory that is wiped.
 */
#ifndef TAVS_INTAKE_H
#define TAVS_INTAKE_H

#include "tavs/base.h"
#include "tavs/codebook.h"

/* Month, channel, party and session must be there. Without a count a row is one contact. */
enum intake_column {
    INTAKE_MONTH,
    INTAKE_CHANNEL,
    INTAKE_PARTY,
    INTAKE_SESSION,
    INTAKE_COUNT,
    INTAKE_STATUS,
    INTAKE_COLUMNS
};

enum {
    INTAKE_MOST_COUNT = 100000,     /* in one cell of one month, also below zero */
    INTAKE_MOST_BAD_ROWS = 100,     /* after so many rows that can't be counted reading ends */
    INTAKE_HEADING_BYTES = 1 << 15, /* of the row of headings */
    INTAKE_MOST_PLACES = 1 << 14,   /* columns, with and without a heading */
    INTAKE_MONTHS = BASE_LAST_MONTH - BASE_FIRST_MONTH + 1,
};

/* What is to be counted. amounts[m][c] is for cell c of month BASE_FIRST_MONTH + m. */
struct intake_sums {
    bool contacts;             /* the table has a row for each contact */
    bool any;                  /* an amount is not zero */
    struct base_period period; /* from the first to the last month with such an amount */
    uint64_t rows;             /* below the headings */
    uint64_t empty_rows, zero_rows;
    int32_t (*amounts)[CODEBOOK_CELLS];
};

/* The column that a heading means: "Måned", "channel"; any case, with or without hyphens, spaces and
 * points. */
bool intake_find_column(const char *heading, enum intake_column *column);

/* The machine-readable name: "month", "channel", "party", "session", "count", "status". */
const char *intake_column_code(enum intake_column column);

/* One table. */
struct intake;

/* `name` stands for the table in errors and must outlive it; so must headings[c], which is what column c
 * is called in this table, or NULL where intake_find_column knows. BASE_NO_MEMORY, BASE_PART_MISSING. */
enum base_code intake_new(const char *name, const char *const headings[INTAKE_COLUMNS],
                          struct intake **out, struct base_error *error);
void intake_free(struct intake *intake);

/* False until the row of headings has been fed and understood. Who feeds one byte at a time until then
 * has not read below it if it is refused. */
bool intake_has_headings(const struct intake *intake);

/* The next bytes, in UTF-8 (also with a byte order mark), UTF-16 (with one) or Windows-1252, which Latin-1 is
 * part of; fields are parted as a first row "sep=;" says, or by commas, semicolons or tabs, whichever the
 * headings have most of. Rows without content are passed over; columns without a heading must be empty.
 *
 *   BASE_INTAKE_EMPTY, _WEB_PAGE, _WIDE, _OLD_WORKBOOK, _WORKBOOK   what it is instead
 *   BASE_INTAKE_NO_HEADINGS     no cell of the first row is a known heading
 *   BASE_INTAKE_UNKNOWN_COLUMN  the subject names the table and these columns
 *   BASE_INTAKE_COLUMN_MISSING, BASE_INTAKE_COLUMN_TWICE
 *   BASE_INTAKE_DAMAGED         quotes that don't match, a cell of more than 4 KiB, a zero byte
 *   BASE_NO_MEMORY
 *
 * or, once INTAKE_MOST_BAD_ROWS rows can't be counted, what the first of them is. After an error
 * only intake_bad_rows and intake_free may follow. */
enum base_code intake_feed(struct intake *intake, const void *bytes, size_t size,
                           struct base_error *error);

/* The end of the table. What the first row is that can't be counted:
 *
 *   BASE_INTAKE_MONTH, _CHANNEL, _PARTY, _SESSION, _COUNT, _STATUS   it is no such thing
 *   BASE_INTAKE_DOUBT           a date that can be read in two ways
 *   BASE_INTAKE_UNNAMED         a cell in a column without a heading
 *   BASE_INTAKE_SIXTH_SESSION   a conversation after the fifth
 *   BASE_INTAKE_HIDDEN          a figure that disclosure control has hidden
 *   BASE_INTAKE_RAGGED          more or fewer cells than there are headings
 *   BASE_INTAKE_LIMIT           more than INTAKE_MOST_COUNT in one cell of one month
 *
 * and those of intake_feed. */
enum base_code intake_end(struct intake *intake, struct base_error *error);

/* How many rows can't be counted; not more than INTAKE_MOST_BAD_ROWS. */
uint64_t intake_bad_rows(const struct intake *intake);

/* After intake_end has succeeded; owned by `intake`. */
const struct intake_sums *intake_result(const struct intake *intake);

#endif
