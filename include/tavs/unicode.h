/* unicode: UTF-8 as people mean it: what is well-formed, what is a space, what is one letter.
 *
 * What is one letter to people can be several characters: a and a ring above (U+030A) are å. Composed (NFC, Unicode
 * Standard Annex 15) it is as few as possible. GNU libunistring does that, in tavs-unicode.so, which is loaded only where
 * there is something to compose: text of characters under U+0300 is composed as it is.
 */
#ifndef TAVS_UNICODE_H
#define TAVS_UNICODE_H

#include "tavs/base.h"

enum {
    UNICODE_GROWTH = 3,     /* composed, a text is at most so many times as long */
    UNICODE_MOST = 1 << 13, /* bytes of what is composed */
};

/* True of UTF-8 (RFC 3629). */
bool unicode_is_text(const char *text);

/* How many bytes a space outside ASCII takes that `text` begins with (general category Zs); 0: there is none. */
size_t unicode_space(const char *text);

/* Composes `text`; `to` has room for UNICODE_GROWTH times its length and a zero, and may not be `text`. What is no UTF-8,
 * or longer than UNICODE_MOST, stays as it is. No copy of it remains but in freed memory, which secret_harden wipes, and
 * on the stack (secret_wipe_stack). BASE_PART_MISSING, BASE_NO_MEMORY: `to` is empty. */
enum base_code unicode_compose(const char *text, char *to, struct base_error *error);

/* How many bytes the last letter of a text of `length` bytes takes, with the marks upon it; 0 only of an empty text. A
 * byte that is no UTF-8 counts for itself. */
size_t unicode_last_letter(const char *text, size_t length);

/* ---- apart ---- */

/* Composes UTF-8 of `size` bytes; `*used` of `to`'s `room` are written. False: no memory, or no UTF-8. */
struct unicode_library {
    bool (*compose)(const char *text, size_t size, char *to, size_t room, size_t *used);
};

BASE_SHOWN extern const struct unicode_library unicode_unistring;

#endif
