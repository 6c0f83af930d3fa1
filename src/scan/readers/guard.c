#include "guard.h"

#include <string.h>
#include <strings.h>

enum { MOST_ATTRIBUTES = 256, DECLARATION_BYTES = 256 };

/* ---- the encoding --------------------------------------------------------------------------- */

static bool is_plain_encoding(const char *name)
{
    static const char *const plain[] = {"utf-8", "us-ascii", "ascii", "iso-8859-", "windows-12"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strncasecmp(name, plain[i], strlen(plain[i])) == 0)
            return true;
    }
    return false;
}

/* What the declaration says, if it says something. */
static bool is_declared_plain(const char *bytes, size_t size)
{
    char head[DECLARATION_BYTES];
    size = size < sizeof head ? size : sizeof head - 1;
    memcpy(head, bytes, size);
    head[size] = '\0';
    char *begin = strncmp(head, "\xef\xbb\xbf", 3) == 0 ? head + 3 : head;
    if (strncmp(begin, "<?xml", 5) != 0)
        return true;
    char *end = strchr(begin, '>');
    if (end == NULL)
        return false;
    *end = '\0';
    const char *said = strstr(begin, "encoding");
    const char *quote = said != NULL ? strpbrk(said, "\"'") : NULL;
    return quote == NULL || is_plain_encoding(quote + 1);
}

static bool begin(struct guard *guard, const char *bytes, size_t size)
{
    guard->begun = true;
    guard->wide = 1;
    if (size < 4)
        return true;
    if (memcmp(bytes, "\0\0", 2) == 0 || memcmp(bytes + 2, "\0\0", 2) == 0)
        return false; /* four bytes a character */
    if (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "<\0", 2) == 0)
        guard->wide = 2;
    else if (memcmp(bytes, "\xfe\xff", 2) == 0 || memcmp(bytes, "\0<", 2) == 0) {
        guard->wide = 2;
        guard->ascii_at = 1;
    }
    return guard->wide == 2 || is_declared_plain(bytes, size);
}

/* ---- tags ----------------------------------------------------------------------------------- */

static void in_tag(struct guard *guard, char c)
{
    if (guard->quote != '\0')
        guard->quote = c == guard->quote ? '\0' : guard->quote;
    else if (c == '"' || c == '\'')
        guard->quote = c;
    else if (c == '>')
        guard->state = GUARD_TEXT;
    else
        guard->attributes += c == '=';
}

static enum guard_found step(struct guard *guard, char c)
{
    const char *before = guard->before;
    switch (guard->state) {
    case GUARD_TEXT:
        guard->state = c == '<' ? GUARD_OPENED : GUARD_TEXT;
        break;
    case GUARD_OPENED:
        guard->attributes = 0;
        guard->quote = '\0';
        guard->state = c == '!'   ? GUARD_DECLARED
                       : c == '?' ? GUARD_INSTRUCTION
                       : c == '>' ? GUARD_TEXT
                                  : GUARD_TAG;
        break;
    case GUARD_TAG:
        in_tag(guard, c);
        break;
    case GUARD_DECLARED:
        if (c == 'D')
            return GUARD_DOCTYPE;
        guard->state = c == '[' ? GUARD_CDATA : GUARD_COMMENT;
        break;
    case GUARD_COMMENT:
        guard->state = c == '>' && memcmp(before, "--", 2) == 0 ? GUARD_TEXT : GUARD_COMMENT;
        break;
    case GUARD_CDATA:
        guard->state = c == '>' && memcmp(before, "]]", 2) == 0 ? GUARD_TEXT : GUARD_CDATA;
        break;
    case GUARD_INSTRUCTION:
        guard->state = c == '>' && before[1] == '?' ? GUARD_TEXT : GUARD_INSTRUCTION;
        break;
    }
    guard->before[0] = guard->before[1];
    guard->before[1] = c;
    return guard->attributes > MOST_ATTRIBUTES ? GUARD_TOO_MANY : GUARD_FINE;
}

/* A byte of a character of two; its ASCII letter when it is complete. */
static bool gather(struct guard *guard, char *c)
{
    if (guard->at == guard->ascii_at)
        guard->low = *c;
    else
        guard->high = *c != '\0';
    guard->at = 1 - guard->at;
    *c = guard->high ? 'x' : guard->low;
    return guard->at == 0;
}

enum guard_found guard_look(struct guard *guard, const char *bytes, size_t size)
{
    enum guard_found found = GUARD_FINE;
    if (!guard->begun && !begin(guard, bytes, size))
        return GUARD_ENCODING;
    for (size_t i = 0; i < size && found == GUARD_FINE; i++) {
        char c = bytes[i];
        if (guard->wide == 1 && guard->state == GUARD_TEXT) {
            const char *open = memchr(bytes + i, '<', size - i);
            if (open == NULL)
                break;
            i = (size_t)(open - bytes);
            guard->state = GUARD_OPENED;
            continue;
        }
        if (guard->wide == 1 || gather(guard, &c))
            found = step(guard, c);
    }
    return found;
}
