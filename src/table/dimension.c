#include "inside.h"

#include <string.h>
#include <strings.h>

enum { DIMENSION_WORDS = 5 };

/* The words that --by takes. */
static const char *const dimension_words[TABLE_DIMENSIONS][DIMENSION_WORDS] = {
    [TABLE_MONTH] = {"month", "måned", "maaned", "maned"},
    [TABLE_CHANNEL] = {"channel", "kanal", "henvendelse"},
    [TABLE_PARTY] = {"party", "part", "gruppe"},
    [TABLE_SESSION] = {"session", "conversation", "samtale"},
};

static bool find_dimension(const char *word, size_t length, enum table_dimension *dimension)
{
    for (unsigned i = 0; i < TABLE_DIMENSIONS; i++) {
        for (unsigned j = 0; j < DIMENSION_WORDS && dimension_words[i][j] != NULL; j++) {
            const char *known = dimension_words[i][j];
            if (strlen(known) == length && strncasecmp(known, word, length) == 0) {
                *dimension = (enum table_dimension)i;
                return true;
            }
        }
    }
    return false;
}

enum base_code table_parse_dimensions(const char *text, enum table_dimension by[TABLE_DIMENSIONS],
                                      size_t *count, struct base_error *error)
{
    enum table_dimension found[TABLE_DIMENSIONS];
    unsigned seen = 0;
    size_t known = 0;
    const char *word = text;
    for (;;) {
        const size_t length = strcspn(word, ",");
        enum table_dimension dimension;
        if (!find_dimension(word, length, &dimension) || ((seen >> dimension) & 1u) != 0)
            return base_fail(error, BASE_BAD_OPTION_VALUE, "--by %s", text);
        seen |= 1u << dimension;
        found[known++] = dimension;
        if (word[length] == '\0')
            break;
        word += length + 1;
    }
    memcpy(by, found, known * sizeof *by);
    *count = known;
    return BASE_OK;
}

enum codebook_dimension dimension_in_codebook(enum table_dimension dimension)
{
    static const enum codebook_dimension in_codebook[TABLE_DIMENSIONS] = {
        [TABLE_CHANNEL] = CODEBOOK_CHANNEL,
        [TABLE_PARTY] = CODEBOOK_PARTY,
        [TABLE_SESSION] = CODEBOOK_SESSION,
    };
    return in_codebook[dimension];
}
