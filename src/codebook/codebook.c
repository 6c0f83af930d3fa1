#include "tavs/codebook.h"

#include "words.h"

unsigned codebook_cell(struct codebook_contact contact)
{
    unsigned channel = contact.value[CODEBOOK_CHANNEL];
    unsigned party = contact.value[CODEBOOK_PARTY];
    unsigned session = contact.value[CODEBOOK_SESSION];

    return (channel * CODEBOOK_PARTIES + party) * CODEBOOK_SESSIONS + session;
}

struct codebook_contact codebook_contact_of(unsigned cell)
{
    struct codebook_contact contact;

    contact.value[CODEBOOK_SESSION] = (uint8_t)(cell % CODEBOOK_SESSIONS);
    contact.value[CODEBOOK_PARTY] = (uint8_t)(cell / CODEBOOK_SESSIONS % CODEBOOK_PARTIES);
    contact.value[CODEBOOK_CHANNEL] = (uint8_t)(cell / CODEBOOK_SESSIONS / CODEBOOK_PARTIES);
    return contact;
}

unsigned codebook_values(enum codebook_dimension dimension)
{
    return words_dimensions[dimension].values;
}

const char *codebook_code(enum codebook_dimension dimension, unsigned value)
{
    return words_dimensions[dimension].value[value].code;
}

const char *codebook_dimension_code(enum codebook_dimension dimension)
{
    return words_dimensions[dimension].code;
}

const char *codebook_word(enum codebook_dimension dimension, unsigned value,
                          enum codebook_language language)
{
    return words_dimensions[dimension].value[value].word[language];
}

char codebook_key(enum codebook_dimension dimension, unsigned value,
                  enum codebook_language language)
{
    return codebook_word(dimension, value, language)[0];
}

/* Written out, not put together from the words: a slip in those must not change fingerprints. */
const char *codebook_text(void)
{
    return "channel in-person phone mail web\n"
           "party user relative professional\n"
           "session 1 2 3 4 5\n";
}
