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

/* All kinds of space become spaces, and go at both ends; a letter and its marks are one letter. False if it is no text in either,
 * holds a zero byte, or does not fit. */
bool text_decode(const struct text_decoder *decoder, const char *bytes, size_t size, char *to,
                 size_t room);

/* The letters and digits alone, in lower case, with å, ø and æ as aa, oe and ae. False if they don't fit
 * or there are none. */
bool text_fold(const char *text, char *to, size_t room);

/* ---- date.c ---- */

enum date_reading { DATE_READ, DATE_NONE, DATE_DOUBTFUL };

/* The month of a date, in the forms of docs/import.md. A time with an offset counts as the clocks showed it
 * here (TZ). Doubtful is what one reader takes for one month and another for another. */
enum date_reading date_read_month(const char *text, base_month *month);

/* ---- charset.c ---- */

enum { CHARSET_OUT = 4096 };

/* UTF-16 with a mark before it becomes UTF-8; the mark of UTF-8 is left out. Begins as all zero. */
struct charset {
    enum { CHARSET_UNKNOWN, CHARSET_BYTES, CHARSET_WIDE } kind;
    iconv_t wide;
    char kept[4]; /* what is not a whole yet */
    size_t kept_size;
    bool broken;
    char out[CHARSET_OUT];
};

void charset_close(struct charset *charset);

/* Takes bytes (at least one; or none, which is the end) from *bytes on, and gives *out, which lies in
 * `charset` or in the bytes, possibly nothing. False: this is no UTF-16. */
bool charset_take(struct charset *charset, const char **bytes, size_t *size, const char **out,
                  size_t *out_size);

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
    bool overfull;             /* there is something beyond the last heading */
    enum base_code code;       /* BASE_OK, or what is wrong with it */
    enum intake_column column; /* where; INTAKE_COLUMNS: in column number `place`, from 0 */
    unsigned place;
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

    struct charset charset;

    /* The row of headings, and what comes before it: its bytes, then what they are. */
    char heading[INTAKE_HEADING_BYTES];
    size_t heading_size;
    bool heading_quoted, heading_returned, heading_done;
    char delimiter;                     /* as a note says; 0: there is none */
    unsigned columns, needed;           /* all, and those up to the last that has a heading */
    uint8_t column[INTAKE_MOST_PLACES]; /* what each is; INTAKE_COLUMNS: it has no heading */
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

/* ---- begin.c ---- */

/* The next byte up to the end of the row of headings, which it reads. */
enum base_code begin_take(struct intake *intake, char byte, struct base_error *error);

/* The table has ended without one. */
enum base_code begin_fail(const struct intake *intake, struct base_error *error);

/* What the library said of what it was fed. */
enum base_code begin_check(const struct intake *intake, enum delimited_result result,
                           struct base_error *error);

/* What the library calls. */
void intake_take_cell(void *context, const char *text, size_t size);
void intake_take_row(void *context);

/* ---- headings.c ---- */

/* One cell of the row of headings. */
void headings_take(struct intake *intake, const char *bytes, size_t size);

/* All of them have been taken: whether the table can be read. */
enum base_code headings_check(struct intake *intake, struct base_error *error);

#endif
