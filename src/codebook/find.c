#include "tavs/codebook.h"

#include <string.h>

#include "tavs/secret.h"
#include "tavs/unicode.h"
#include "words.h"

enum {
    MOST_TYPED = 255, /* bytes; no word is as long, however it is spelled */
    TYPED_BYTES = UNICODE_GROWTH * MOST_TYPED + 1,
};

enum fit { FIT_NONE, FIT_BEGINNING, FIT_FULL };

/* How a letter outside ASCII may be typed; the letter itself first. */
static const char *const spellings[][3] = {
    {"å", "aa", "a"},
    {"ø", "oe", "o"},
    {"æ", "ae", "a"},
};

/* Lower case of one byte: ASCII, and the second byte of Å, Ø, Æ and their like (U+00C0 to U+00DE); the
 * first byte decides whether it is one. Not tolower: the locale has no say in this. */
static char lower(char character)
{
    uint8_t byte = (uint8_t)character;
    bool capital = (byte >= 'A' && byte <= 'Z') || (byte >= 0x80 && byte <= 0x9e);

    return (char)(capital ? byte | 0x20 : byte);
}

static bool begins_with(const char *typed, const char *with)
{
    for (size_t i = 0; with[i] != '\0'; i++) {
        if (lower(typed[i]) != with[i])
            return false;
    }
    return true;
}

/* Is `typed` the whole of `word`, or its beginning, in some spelling? */
static enum fit fit(const char *typed, const char *word)
{
    if (*typed == '\0')
        return *word == '\0' ? FIT_FULL : FIT_BEGINNING;
    if (*word == '\0')
        return FIT_NONE;

    enum fit best = lower(*typed) == *word ? fit(typed + 1, word + 1) : FIT_NONE;
    for (size_t letter = 0; letter < sizeof spellings / sizeof *spellings; letter++) {
        size_t letter_bytes = strlen(spellings[letter][0]);

        if (strncmp(word, spellings[letter][0], letter_bytes) != 0)
            continue;
        best = FIT_NONE; /* half a letter is none */
        for (size_t i = 0; i < sizeof *spellings / sizeof **spellings; i++) {
            const char *spelling = spellings[letter][i];
            enum fit one = begins_with(typed, spelling)
                               ? fit(typed + strlen(spelling), word + letter_bytes)
                               : FIT_NONE;
            if (one > best)
                best = one;
        }
    }
    return best;
}

static enum fit better(enum fit best, const char *typed, const char *word)
{
    enum fit one = fit(typed, word);

    return one > best ? one : best;
}

/* The best fit of `typed` among the words for a value in one language. */
static enum fit fit_language(const char *typed, const struct words_value *value,
                             enum codebook_language language)
{
    enum fit best = fit(typed, value->word[language]);

    for (size_t i = 0; value->synonyms[language][i] != NULL; i++)
        best = better(best, typed, value->synonyms[language][i]);
    return best;
}

static enum fit fit_value(const char *typed, const struct words_value *value,
                          enum codebook_language language)
{
    const char key[] = {value->word[language][0], '\0'};

    if (fit(typed, key) == FIT_FULL)
        return FIT_FULL;
    for (int other = 0; other < CODEBOOK_LANGUAGES; other++) {
        if (fit_language(typed, value, (enum codebook_language)other) == FIT_FULL)
            return FIT_FULL;
    }
    return fit_language(typed, value, language);
}

/* What was typed, composed. It tells what is counted, so it is wiped by who asked for it. */
static void compose(const char *text, char typed[TYPED_BYTES])
{
    struct base_error ignored;
    if (strlen(text) > MOST_TYPED || unicode_compose(text, typed, &ignored) != BASE_OK)
        typed[0] = '\0'; /* no word is so long */
}

static enum codebook_match find(enum codebook_dimension dimension, const char *text,
                                enum codebook_language language, unsigned *value,
                                codebook_set *candidates)
{
    const struct words_dimension *words = &words_dimensions[dimension];
    codebook_set beginnings = 0;
    unsigned count = 0, last = 0;

    if (*text == '\0')
        return CODEBOOK_NO_MATCH;
    for (unsigned i = 0; i < words->values; i++) {
        enum fit one = fit_value(text, &words->value[i], language);

        if (one == FIT_FULL) {
            *value = i;
            return CODEBOOK_ONE_MATCH;
        }
        if (one == FIT_BEGINNING) {
            beginnings |= (codebook_set)(1u << i);
            count++;
            last = i;
        }
    }
    if (count == 0)
        return CODEBOOK_NO_MATCH;
    if (count == 1) {
        *value = last;
        return CODEBOOK_ONE_MATCH;
    }
    *candidates = beginnings;
    return CODEBOOK_SEVERAL_MATCHES;
}

enum codebook_match codebook_find(enum codebook_dimension dimension, const char *text,
                                  enum codebook_language language, unsigned *value,
                                  codebook_set *candidates)
{
    char typed[TYPED_BYTES];
    compose(text, typed);
    const enum codebook_match match = find(dimension, typed, language, value, candidates);
    secret_wipe(typed, sizeof typed);
    return match;
}

/* ---- completion ---- */

static bool completes(const char *typed, const char *word)
{
    return strchr(word, ' ') == NULL && fit(typed, word) != FIT_NONE;
}

/* A session's word is two, so its number stands for it. */
static const char *complete_by_word(const char *typed, const struct words_value *value,
                                    enum codebook_language language)
{
    const char *word = value->word[language];
    if (strchr(word, ' ') != NULL)
        word = value->code;
    return completes(typed, word) ? word : NULL;
}

static const char *complete_by_synonym(const char *typed, const struct words_value *value,
                                       enum codebook_language language)
{
    for (size_t i = 0; value->synonyms[language][i] != NULL; i++) {
        if (completes(typed, value->synonyms[language][i]))
            return value->synonyms[language][i];
    }
    return NULL;
}

unsigned codebook_complete(enum codebook_dimension dimension, const char *text,
                           enum codebook_language language, codebook_set offered,
                           const char *words[CODEBOOK_MOST_VALUES])
{
    const struct words_dimension *all = &words_dimensions[dimension];
    char typed[TYPED_BYTES];
    unsigned count = 0;

    compose(text, typed);
    if (*typed == '\0' && *text != '\0')
        return 0;
    for (unsigned kind = 0; count == 0 && kind < 2 * CODEBOOK_LANGUAGES; kind++) {
        bool by_word = kind % 2 == 0;
        enum codebook_language of =
            (enum codebook_language)((language + kind / 2) % CODEBOOK_LANGUAGES);

        for (unsigned i = 0; i < all->values; i++) {
            const char *word = by_word ? complete_by_word(typed, &all->value[i], of)
                                       : complete_by_synonym(typed, &all->value[i], of);

            if ((offered >> i & 1) != 0 && word != NULL)
                words[count++] = word;
        }
    }
    secret_wipe(typed, sizeof typed);
    return count;
}
