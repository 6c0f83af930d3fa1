#include "language.h"

language_translator *language_translate;

const char *base_text(const char *text)
{
    const char *translation = language_translate == NULL ? NULL : language_translate(text, false);
    return translation == NULL ? text : translation;
}

const char *base_text_for(const char *one, const char *many, unsigned long number)
{
    const char *translation =
        language_translate == NULL ? NULL : language_translate(one, number != 1);
    return translation != NULL ? translation : number == 1 ? one : many;
}
