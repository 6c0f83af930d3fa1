/* Not gettext: the C library's translates nothing in the locales C and C.UTF-8, and minimal systems and
 * containers have no other. So the translations are in the program, which speaks Danish wherever it runs. */
#include <string.h>

#include "danish.h" /* made when the program is built: danish_bytes, danish_entries */
#include "language.h"

static const char *text_at(uint32_t place)
{
    return (const char *)danish_bytes + place;
}

static const char *danish(const char *text, bool many)
{
    size_t least = 0, end = sizeof danish_entries / sizeof *danish_entries;
    while (least < end) {
        const size_t middle = least + (end - least) / 2;
        const int order = strcmp(text, text_at(danish_entries[middle].text));
        if (order == 0) {
            const char *translation = text_at(danish_entries[middle].translation);
            return many ? translation + strlen(translation) + 1 : translation;
        }
        if (order < 0)
            end = middle;
        else
            least = middle + 1;
    }
    return NULL;
}

bool base_speak(const char *language)
{
    const bool is_danish = strcmp(language, "da") == 0;
    language_translate = is_danish ? danish : NULL;
    return is_danish || strcmp(language, "en") == 0;
}
