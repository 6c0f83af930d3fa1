/* The codebook's words, inside the room. All are lower case; their only letters outside ASCII are
 * å, ø and æ. */
#ifndef TAVS_CODEBOOK_WORDS_H
#define TAVS_CODEBOOK_WORDS_H

#include "tavs/codebook.h"

enum { WORDS_MOST_SYNONYMS = 14 };

struct words_value {
    const char *code;
    const char *word[CODEBOOK_LANGUAGES];
    /* Other words for it, ended by NULL. One that both languages use stands in both. */
    const char *synonyms[CODEBOOK_LANGUAGES][WORDS_MOST_SYNONYMS];
};

struct words_dimension {
    const char *code;
    unsigned values;
    struct words_value value[CODEBOOK_MOST_VALUES];
};

extern const struct words_dimension words_dimensions[CODEBOOK_DIMENSIONS];

#endif
