/* Text between UTF-8 and the locale's charset. */
#ifndef TAVS_TERM_TEXT_H
#define TAVS_TERM_TEXT_H

#include <iconv.h>

#include "tavs/base.h"

/* A text on its way out. */
struct term_text {
    bool as_it_is; /* the locale's charset is UTF-8, or can't be converted to */
    bool ascii;    /* it is ASCII */
    iconv_t converter;
    char *rest;
    size_t left;
};

/* `utf8` must live until term_text_close, or until another text goes on where it ended. */
void term_text_open(struct term_text *text, const char *utf8);
void term_text_go_on(struct term_text *text, const char *utf8);
void term_text_close(struct term_text *text);

/* The next bytes to write, at most `size` (8 or more) of them in `to`; 0 at the end. */
size_t term_text_next(struct term_text *text, char *to, size_t size);

/* True where a letter may be several bytes of UTF-8: in that charset, and in ASCII, which says nothing of other bytes. */
bool term_text_is_wide(void);

/* Turns the secret of `*length` bytes and a zero in `buffer` from the locale's charset into UTF-8.
 * Text in UTF-8 or ASCII locales, and bytes that the charset does not know, stay as they are.
 * BASE_LONG_PASSPHRASE (with `subject`) if the result does not fit; BASE_NO_MEMORY. */
enum base_code term_text_to_utf8(char *buffer, size_t size, size_t *length, const char *subject,
                                 struct base_error *error);

#endif
