/* Looks at XML before libxml2 does, piece by piece: what would take it hours, and what no part of an
 * office document has. */
#ifndef TAVS_SCAN_GUARD_H
#define TAVS_SCAN_GUARD_H

#include <stdbool.h>
#include <stddef.h>

enum guard_state {
    GUARD_TEXT,
    GUARD_OPENED, /* "<" */
    GUARD_TAG,
    GUARD_DECLARED, /* "<!" */
    GUARD_COMMENT,
    GUARD_CDATA,
    GUARD_INSTRUCTION,
};

struct guard {
    enum guard_state state;
    bool begun;
    int wide;        /* bytes of a character: 1, or 2 in UTF-16 */
    size_t ascii_at; /* of those the one that holds ASCII */
    size_t at;       /* within a character */
    bool high;       /* the other one is not zero */
    char low, quote, before[2];
    size_t attributes; /* of this tag */
};

enum guard_found {
    GUARD_FINE,
    GUARD_TOO_MANY, /* attributes in one tag: libxml2 2.9 compares each with all others */
    GUARD_DOCTYPE,  /* entities would come with it */
    GUARD_ENCODING, /* one in which "<" may not be the byte that it seems */
};

/* Begins as all zero. */
enum guard_found guard_look(struct guard *guard, const char *bytes, size_t size);

#endif
