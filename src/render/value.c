#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/render.h"
#include "tavs/secret.h"

enum { ESCAPED_BYTES = sizeof "\\ud800\\udc00" };

/* The next character as JSON may write every one, "\u202e", if it is not printable: nobody would see it, or a terminal obey
 * it. jansson has done so with control characters below a space; what it lays out has line feeds, all else is in strings. */
static size_t take_escaped(const char **from, char to[ESCAPED_BYTES])
{
    enum { HEX = 16, BEYOND = 0x10000, HIGH = 0xd800, LOW = 0xdc00, BITS = 10 };
    char printable[BASE_PRINTABLE_BYTES];
    const char *first = *from;
    if (*first == '\n') {
        (*from)++;
        memcpy(to, "\n", sizeof "\n");
        return 1;
    }
    const size_t length = base_take_printable(from, printable);
    if (length == (size_t)(*from - first)) {
        memcpy(to, printable, length + 1);
        return length;
    }
    const unsigned code =
        (unsigned)strtoul(printable + 2, NULL, HEX); /* after "\x", "\u" or "\U" */
    const unsigned over = code < BEYOND ? 0 : code - BEYOND;
    return (size_t)(code < BEYOND
                        ? snprintf(to, ESCAPED_BYTES, "\\u%04x", code)
                        : snprintf(to, ESCAPED_BYTES, "\\u%04x\\u%04x", HIGH + (over >> BITS),
                                   LOW + (over & ((1u << BITS) - 1))));
}

static enum base_code escape(char **text, size_t *size, struct base_error *error)
{
    void *memory;
    char next[ESCAPED_BYTES];
    size_t length = 0;
    for (const char *from = *text; *from != '\0';)
        length += take_escaped(&from, next);
    if (length == *size)
        return BASE_OK;
    enum base_code code = secret_new(length + 1, &memory, error);
    if (code != BASE_OK)
        return code;
    char *to = memory;
    for (const char *from = *text; *from != '\0';) {
        const size_t bytes = take_escaped(&from, next);
        memcpy(to, next, bytes);
        to += bytes;
    }
    secret_free(*text);
    *text = memory;
    *size = length;
    return BASE_OK;
}

enum base_code render_json_value(const struct json_t *value, char **text, size_t *size,
                                 struct base_error *error)
{
    enum { LAYOUT = JSON_INDENT(2) };
    void *memory;
    const size_t length = value == NULL ? 0 : json_dumpb(value, NULL, 0, LAYOUT);
    if (length == 0)
        return base_fail(error, BASE_NO_MEMORY, "JSON");
    enum base_code code = secret_new(length + 2, &memory, error); /* a line feed, a zero */
    if (code != BASE_OK)
        return code;
    char *bytes = memory;
    size_t all = length + 1;
    if (json_dumpb(value, bytes, length, LAYOUT) != length)
        code = base_fail(error, BASE_NO_MEMORY, "JSON");
    bytes[length] = '\n';
    if (code == BASE_OK)
        code = escape(&bytes, &all, error);
    if (code != BASE_OK) {
        secret_free(bytes);
        return code;
    }
    *text = bytes;
    *size = all;
    return BASE_OK;
}
