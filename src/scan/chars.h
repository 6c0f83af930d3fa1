/* Characters and pieces of text. Bytes that are not valid UTF-8 count as characters of no kind. */
#ifndef TAVS_SCAN_CHARS_H
#define TAVS_SCAN_CHARS_H

#include "tavs/base.h"

/* A piece of text that somebody else owns; no zero at its end. */
struct scan_text {
    const char *at;
    size_t size;
};

/* What is no character. */
enum { CHARS_NONE = 0xfffd };

/* The character at the beginning, and how many bytes it takes in *size (at least 1). `left` > 0. */
uint32_t chars_next_long(const char *at, size_t left, size_t *size);
static inline uint32_t chars_next(const char *at, size_t left, size_t *size)
{
    *size = 1;
    return (unsigned char)*at < 0x80 ? (unsigned char)*at : chars_next_long(at, left, size);
}

bool chars_is_upper(uint32_t point);
bool chars_is_letter_beyond(uint32_t point);
bool chars_is_space_beyond(uint32_t point);

/* Also no-break and zero-width ones. */
static inline bool chars_is_space(uint32_t point)
{
    return point < 0x80 ? point == ' ' || (point >= '\t' && point <= '\r')
                        : chars_is_space_beyond(point);
}

static inline bool chars_is_letter(uint32_t point)
{
    return point < 0x80 ? (point | 0x20) >= 'a' && (point | 0x20) <= 'z'
                        : chars_is_letter_beyond(point);
}

/* Hyphen, dashes, minus; also U+0096 and U+0097, by which Windows-1252 read as Latin-1 means dashes, and
 * html's references (HTML standard, 13.2.5.80). */
bool chars_is_dash(uint32_t point);

static inline bool chars_is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

struct scan_text chars_trim(struct scan_text text);

/* False: it surely has no letter. */
bool chars_has_letter(struct scan_text text);

/* In characters. */
size_t chars_count(struct scan_text text);

/* Writes a character as UTF-8; `to` has room for 4 bytes. Returns how many it takes. */
size_t chars_put(char *to, uint32_t point);

/* The lower-case letter of `point`. */
uint32_t chars_lower(uint32_t point);

/* Writes the lower-case words of the text, parted by single spaces, with a zero at the end; other
 * characters than letters and digits part words, and so does an upper-case letter after a
 * lower-case one. Returns the length, or 0 if there are no words or they don't fit. */
size_t chars_fold(struct scan_text text, char *words, size_t room);

/* True if the text, folded to lower case, is in the list. The list ends with NULL. */
bool chars_same(struct scan_text text, const char *lower_case);

/* decode.c: the bytes as UTF-8. UTF-8 is taken as it is, without its byte order mark; UTF-16 with one is
 * converted; all else is read as Windows-1252, which Latin-1 is part of. On success *text is the
 * caller's to wipe and free; *from is `bytes` itself where nothing had to be converted, and *text
 * then NULL. Bytes with zeros, that no text has: BASE_SCAN_FORMAT with `name`. */
enum base_code chars_decode(const char *name, const char *bytes, size_t size, char **text,
                            size_t *room, struct scan_text *from, struct base_error *error);

#endif
