/* codebook: what can be counted. Fixed in the program: no field takes text, no site can add one.
 *
 * The dimensions, their codes and their order are part of a store's fingerprint (docs/format.md).
 */
#ifndef TAVS_CODEBOOK_H
#define TAVS_CODEBOOK_H

#include "tavs/base.h"

enum codebook_dimension { CODEBOOK_CHANNEL, CODEBOOK_PARTY, CODEBOOK_SESSION, CODEBOOK_DIMENSIONS };

enum codebook_language { CODEBOOK_ENGLISH, CODEBOOK_DANISH, CODEBOOK_LANGUAGES };

enum {
    CODEBOOK_CHANNELS = 4,
    CODEBOOK_PARTIES = 3,
    CODEBOOK_SESSIONS = 5,
    CODEBOOK_CELLS = CODEBOOK_CHANNELS * CODEBOOK_PARTIES * CODEBOOK_SESSIONS,
    CODEBOOK_MOST_VALUES = 5, /* in any one dimension */
};

/* Which values of a dimension a place offers: bit i stands for value i. */
typedef uint8_t codebook_set;

enum { CODEBOOK_ALL_CHANNELS = 0x0f, CODEBOOK_ALL_PARTIES = 0x07 };

/* One kind of contact. Values count from 0: channel 0..3, party 0..2, session 0..4 (session 0 is
 * the first conversation of a course). */
struct codebook_contact {
    uint8_t value[CODEBOOK_DIMENSIONS];
};

/* 0..59: (channel * 3 + party) * 5 + session. */
unsigned codebook_cell(struct codebook_contact contact);
struct codebook_contact codebook_contact_of(unsigned cell);

/* 4, 3 and 5. */
unsigned codebook_values(enum codebook_dimension dimension);

/* The machine-readable code, the same in every language: "in-person", "user", "1". */
const char *codebook_code(enum codebook_dimension dimension, unsigned value);

/* The dimension's machine-readable name: "channel", "party", "session". */
const char *codebook_dimension_code(enum codebook_dimension dimension);

/* The word for people, UTF-8: "telefon", "pårørende", "1. samtale". */
const char *codebook_word(enum codebook_dimension dimension, unsigned value,
                          enum codebook_language language);

/* The key that stands for a value where one key answers a question, lower case ASCII: 't' for
 * telefon. Different for each value of a dimension in a language. */
char codebook_key(enum codebook_dimension dimension, unsigned value,
                  enum codebook_language language);

/* What codebook_find found. */
enum codebook_match { CODEBOOK_NO_MATCH, CODEBOOK_ONE_MATCH, CODEBOOK_SEVERAL_MATCHES };

/* The value that `text` (UTF-8, any case) means. Full words and synonyms of every language are
 * understood, and the keys of `language`; the beginning of a word or a synonym only in `language`,
 * and only if all that begin so mean the same value. What is full goes before what begins so.
 * "å", "ø", "æ" may be typed as "aa", "oe", "ae" or as "a", "o", "a", and a letter and its marks as
 * several characters (unicode_compose; where that fails nothing matches).
 * On CODEBOOK_SEVERAL_MATCHES `candidates` gets the set of values that `text` may mean. */
enum codebook_match codebook_find(enum codebook_dimension dimension, const char *text,
                                  enum codebook_language language, unsigned *value,
                                  codebook_set *candidates);

/* The words that `text`, the beginning of one (UTF-8, spelled as codebook_find takes it; it may be
 * empty), may become: one for each value of `offered` that has one. Words of `language` go before its
 * synonyms, those before other languages' words and their synonyms; of these kinds the first that has
 * any gives all. Words that hold a space are left out. Returns how many. */
unsigned codebook_complete(enum codebook_dimension dimension, const char *text,
                           enum codebook_language language, codebook_set offered,
                           const char *words[CODEBOOK_MOST_VALUES]);

/* The exact text that a store's fingerprint covers. */
const char *codebook_text(void);

#endif
