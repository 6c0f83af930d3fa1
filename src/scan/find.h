/* Finds personal data in one piece of text. Each function takes time linear in the text. */
#ifndef TAVS_SCAN_FIND_H
#define TAVS_SCAN_FIND_H

#include "chars.h"
#include "tavs/scan.h"

/* How far a plain row of digits is believed to be what it looks like. */
enum find_trust {
    FIND_TEXT,  /* by itself */
    FIND_NEVER, /* a column of counts or codes */
    FIND_LOW,   /* a column that may be something else */
    FIND_SURE,  /* the heading or the rest of the column says so */
};

struct find_context {
    bool prose;
    enum find_trust cpr, phone;
};

/* Something personal: `start` and `size` tell where in the text. */
struct find_hit {
    enum scan_kind kind;
    enum scan_confidence confidence;
    size_t start, size;
};

typedef void find_take(void *context, const struct find_hit *hit);

/* ---- numbers.c, cpr.c ------------------------------------------------------------------------- */

/* CPR numbers, telephone numbers, dates that are said to be of birth. */
void find_numbers(struct scan_text text, const struct find_context *context, find_take *take,
                  void *taker);

/* What ten digits are by the rules for CPR numbers. Birth dates that have not come yet are none. */
enum cpr_validity {
    CPR_NONE,
    CPR_DATE,    /* the date exists in the century that the seventh digit gives */
    CPR_MODULUS, /* and modulus 11 holds */
};
enum cpr_validity cpr_check(const char digits[10]);

/* The birth year of ten digits that are not CPR_NONE. */
int cpr_year(const char digits[10]);

/* True if six digits are a day, month and year of the century, the day also plus 60. */
bool cpr_is_date(const char digits[6]);

/* ---- text.c --------------------------------------------------------------------------------- */

/* A number as tables hold it: digits, grouped by threes or not, sign, decimals, "%", "kr."; also
 * symbols for a missing one ("..", "-"). */
bool find_is_number(struct scan_text text);

/* The digits of a whole number without separators (a ".0" at the end is left out); at most `room`,
 * else, or if it is something else, 0. */
size_t find_plain_digits(struct scan_text text, char *digits, size_t room);

void find_emails(struct scan_text text, find_take *take, void *taker);

/* Street and house number. */
void find_addresses(struct scan_text text, bool prose, find_take *take, void *taker);

/* ---- people.c ------------------------------------------------------------------------------- */

/* First name and family name, or the other way round. */
void find_names(struct scan_text text, bool prose, find_take *take, void *taker);

/* What a whole cell looks like. */
enum find_shape {
    FIND_OTHER,
    FIND_FIRST_NAME,    /* one word that is a first name */
    FIND_DOUBTFUL_NAME, /* one word that may be one */
    FIND_FAMILY_NAME,   /* one word that is a family name */
    FIND_WORDS,         /* two to four capitalised words */
    FIND_WORD,          /* one capitalised word */
    FIND_DOTTED,        /* initials with dots: "A.", "M.K." */
    FIND_LETTERS,       /* one to three capital letters */
    FIND_PERSON,        /* "client 3" */
};
enum find_shape find_shape(struct scan_text text);

/* How many words; stops counting at `most`. */
size_t find_words(struct scan_text text, size_t most);

/* Somebody is spoken of: "she", "mother". */
bool find_speaks_of_person(struct scan_text text);

#endif
