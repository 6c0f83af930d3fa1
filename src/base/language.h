/* What a part must have of the program to speak as it does: a part is built with language.c, without the
 * translations. */
#ifndef TAVS_BASE_LANGUAGE_H
#define TAVS_BASE_LANGUAGE_H

#include "tavs/base.h"

/* The text's translation, of the second of its two forms where `many`; NULL if it has none. */
typedef const char *language_translator(const char *text, bool many);

/* NULL: texts stay as the sources have them. */
BASE_SHOWN extern language_translator *language_translate;

#endif
