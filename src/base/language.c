/* glibc's gettext translates nothing as long as the locale for messages is "C", and since 2.39 "C.UTF-8"
 * counts as that. Which locale it is instead does not matter: LANGUAGE, which goes before it, says what
 * the texts are looked up in. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "tavs/base.h"

#ifndef TAVS_LOCALEDIR
#define TAVS_LOCALEDIR "/usr/local/share/locale"
#endif

#define DOMAIN "tavs"

static bool has_catalogue(const char *folder, const char *language)
{
    char path[PROGRAM_PATH];
    const int length =
        snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/" DOMAIN ".mo", folder, language);
    return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

static bool bind(const char *folder, const char *language)
{
    char beside[PROGRAM_PATH];
    if (folder == NULL && program_neighbour("locale", beside) && has_catalogue(beside, language))
        folder = beside;
    if (folder == NULL)
        folder = TAVS_LOCALEDIR;
    return bindtextdomain(DOMAIN, folder) != NULL &&
           bind_textdomain_codeset(DOMAIN, "UTF-8") != NULL && textdomain(DOMAIN) != NULL;
}

/* TRANSLATORS: not a word, but the code of the language that this catalogue is in: "da". */
static const char *const language_code = N_("en");

bool base_speak(const char *language, const char *folder)
{
    static const char *const locales[] = {"", "da_DK.UTF-8", "C.UTF-8", "en_US.UTF-8",
                                          "en_GB.UTF-8"};
    (void)setlocale(LC_MESSAGES, "C");
    if (strcmp(language, language_code) == 0)
        return true;
    if (!bind(folder, language) || setenv("LANGUAGE", language, 1) != 0)
        return false;
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        if (setlocale(LC_MESSAGES, locales[i]) != NULL && strcmp(_(language_code), language) == 0)
            return true;
    (void)setlocale(LC_MESSAGES, "C");
    return false;
}
