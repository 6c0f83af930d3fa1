/* The one decision which language tavs speaks: that of the words that it takes and that of its texts are
 * never two. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/term.h"
#include "tavs/unicode.h"

/* The variable that decides for a category, in the order of setlocale(3); "" if none does. */
static const char *locale_named(const char *category)
{
    const char *const variables[] = {"LC_ALL", category, "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && *value != '\0')
            return value;
    }
    return "";
}

/* True of da and all kinds of it (da_DK.UTF-8), but not of dav (Taita). The name ends at `end` too. */
static bool is_language(const char *name, const char *code, char end)
{
    const size_t length = strlen(code);
    return strncmp(name, code, length) == 0 &&
           (name[length] == end || strchr("_.@", name[length]) != NULL);
}

/* The locale's language. As with gettext, a list of languages in $LANGUAGE goes before it, but for the
 * locale C; its first language that tavs speaks counts. The locale need not be installed. */
static enum codebook_language language_of_locale(void)
{
    const char *locale = locale_named("LC_MESSAGES");
    const char *list = getenv("LANGUAGE");
    if (*locale == '\0' || is_language(locale, "C", '\0') || strcmp(locale, "POSIX") == 0)
        return CODEBOOK_ENGLISH;
    if (list == NULL || *list == '\0')
        return is_language(locale, "da", '\0') ? CODEBOOK_DANISH : CODEBOOK_ENGLISH;
    for (; list != NULL; list = strchr(list, ':') == NULL ? NULL : strchr(list, ':') + 1) {
        if (is_language(list, "da", ':'))
            return CODEBOOK_DANISH;
        if (is_language(list, "en", ':'))
            return CODEBOOK_ENGLISH;
    }
    return CODEBOOK_ENGLISH;
}

/* Where the locale is not installed its name still tells that the terminal is one for UTF-8. */
static void choose_charset(void)
{
    const char *locale = locale_named("LC_CTYPE");
    if (setlocale(LC_CTYPE, "") == NULL &&
        (strcasestr(locale, ".UTF-8") != NULL || strcasestr(locale, ".utf8") != NULL))
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

void cmd_begin_language(struct cmd_context *context)
{
    choose_charset();
    context->language = language_of_locale();
    (void)base_speak(context->language == CODEBOOK_DANISH ? "da" : "en");
}

enum base_code cmd_word(const char *given, char room[CMD_WORD_BYTES], const char **word,
                        struct base_error *error)
{
    char utf8[CMD_WORD_BYTES / UNICODE_GROWTH];
    *word = given;
    if (!term_read_argument(given, utf8, sizeof utf8))
        return BASE_OK;
    const enum base_code code = unicode_compose(utf8, room, error);
    secret_wipe(utf8, sizeof utf8); /* it may tell what is counted */
    *word = room;
    return code;
}

enum base_code cmd_choose_language(struct cmd_context *context, struct base_error *error)
{
    const char *given = context->value[CMD_LANG];
    if (given == NULL)
        return BASE_OK;
    if (strcmp(given, "da") != 0 && strcmp(given, "en") != 0)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--lang %s", given);
    (void)base_speak(given);
    context->language = strcmp(given, "da") == 0 ? CODEBOOK_DANISH : CODEBOOK_ENGLISH;
    return BASE_OK;
}
