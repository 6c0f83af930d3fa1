/* What a figure is called where a person is to know which one is meant. */
#include <stdio.h>
#include <string.h>

#include "inside.h"

/* What does not fit is cut. */
static void put(char text[RELEASE_FIGURE_TEXT], const char *between, const char *word)
{
    const size_t used = strlen(text);
    (void)snprintf(text + used, RELEASE_FIGURE_TEXT - used, "%s%s", between, word);
}

static void put_value(char text[RELEASE_FIGURE_TEXT], enum codebook_dimension dimension,
                      unsigned set, enum codebook_language language)
{
    if (set == (1U << codebook_values(dimension)) - 1)
        return;
    for (unsigned value = 0; value < codebook_values(dimension); value++)
        if ((set >> value & 1U) != 0)
            put(text, ", ", codebook_word(dimension, value, language));
}

void release_figure_words(const struct cell_set *cells, const struct release_place *places,
                          size_t place_count, enum codebook_language language,
                          char text[RELEASE_FIGURE_TEXT])
{
    char period[BASE_WORDS_TEXT];
    text[0] = '\0';
    if (place_count > 1 && place_set_count(&cells->places) == place_count)
        put(text, "", _("all places"));
    else
        for (unsigned i = 0; place_count > 1 && i < place_count; i++)
            if (place_set_has(&cells->places, i))
                put(text, text[0] == '\0' ? "" : ", ", places[i].name);
    base_period_words(cells->months, period);
    put(text, text[0] == '\0' ? "" : ", ", period);
    put_value(text, CODEBOOK_CHANNEL, cells->channels, language);
    put_value(text, CODEBOOK_PARTY, cells->parties, language);
    if (cells->sessions == COUNTS_COURSES)
        put(text, ", ", _("courses begun"));
    else if (cells->sessions == COUNTS_ALL_SESSIONS)
        put(text, ", ", _("conversations"));
    else
        put_value(text, CODEBOOK_SESSION, cells->sessions, language);
}
