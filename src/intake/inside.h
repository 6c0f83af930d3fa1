/* What the files of this room share. */
#ifndef TAVS_INTAKE_INSIDE_H
#define TAVS_INTAKE_INSIDE_H

#include <iconv.h>

#include "tavs/delimited.h"
#include "tavs/intake.h"

enum { INTAKE_NAME_BYTES = 128 };

/* ---- text.c ---- */

/* To UTF-8 from what the bytes are: UTF-8 already, else Windows-1252. */
struct text_decoder {
    iconv_t utf8, windows;
};

/* BASE_NO_MEMORY, also where the system does not know the charsets. */
enum base_code text_decoder_open(struct text_decoder *decoder, struct base_error *error);
void text_decoder_close(struct text_decoder *decoder);

/* False if it is no text in either, holds a zero byte, or does not fit. */
bool text_decode(const struct text_decoder *decoder, const char *bytes, size_t size, char *to,
                 size_t room);

/* The letters and digits alone, in lower case, with å, ø and æ as aa, oe and ae. False if they don't fit
 * or there are none. */
bool text_fold(const char *text, char *to, size_t room);

/* ---- date.c ---- */

/* The month of a date, in the forms of docs/import.md; false for all other text. */
bool date_read_month(const char *text, base_month *month);

/* ---- row.c ---- */

/* Words that have been understood: a table has few different ones, and looking one up takes long. */
enum { WORD_BYTES = 32, MOST_WORDS = 16 };

struct words {
    struct {
        char text[WORD_BYTES];
        uint8_t value;
    } known[MOST_WORDS];
    unsigned count;
};

/* The row that is being read. */
struct row {
    unsigned cells;
    bool filled;
    enum base_code code;       /* BASE_OK, or what is wrong with it */
    enum intake_column column; /* where */
    base_month month;
    struct codebook_contact contact;
    int32_t amount;
};

struct intake {
    const char *name;
    const char *headings[INTAKE_COLUMNS]; /* as intake_new was told; else NULL */
    struct text_decoder decoder;
    const struct delimited_library *library;
    struct delimited *reader; /* NULL until the headings are there */

    /* The row of headings: its bytes, then what they are. */
    char heading[INTAKE_HEADING_BYTES];
    size_t heading_size;
    bool heading_begun, heading_quoted, heading_done;
    unsigned columns;
    enum intake_column column[INTAKE_COLUMNS];           /* what each is, from the left */
    char column_name[INTAKE_COLUMNS][INTAKE_NAME_BYTES]; /* as the table calls it */
    bool has[INTAKE_COLUMNS], any_known;
    char unknown[BASE_SUBJECT_BYTES]; /* the names of those that are not */
    enum intake_column twice;
    bool is_twice;

    uint64_t row_number; /* as a spreadsheet counts, from 1 */
    struct row row;
    struct words words[CODEBOOK_DIMENSIONS];
    uint64_t bad_rows;
    struct base_error first; /* what is wrong with the first of them */
    struct intake_sums sums;
    int32_t amounts[INTAKE_MONTHS][CODEBOOK_CELLS];
};

/* One cell of the row; it stands in column `place`, from 0 on. */
void row_take_cell(struct intake *intake, unsigned place, const char *bytes, size_t size);

/* The row has ended: counts it, or notes what is wrong. */
void row_end(struct intake *intake);

/* ---- headings.c ---- */

/* One cell of the row of headings. */
void headings_take(struct intake *intake, const char *bytes, size_t size);

/* All of them have been taken: whether the table can be read. */
enum base_code headings_check(const struct intake *intake, struct base_error *error);

#endif
