#include <string.h>

#include "tavs/base.h"

/* The length of a UTF-8 character (RFC 3629), 0 if there is none that may be printed. */
static size_t character(const unsigned char *text)
{
    static const struct {
        unsigned char lead, last, least; /* first bytes from..to; the least second byte */
        unsigned char most, length;
    } forms[] = {
        {0x20, 0x7e, 0, 0, 1},       {0xc2, 0xc2, 0xa0, 0xbf, 2}, {0xc3, 0xdf, 0x80, 0xbf, 2},
        {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
        {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (text[0] < forms[i].lead || text[0] > forms[i].last)
            continue;
        if (forms[i].length > 1 && (text[1] < forms[i].least || text[1] > forms[i].most))
            return 0;
        for (size_t j = 2; j < forms[i].length; j++)
            if ((text[j] & 0xc0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

void base_make_printable(char *to, size_t size, const char *from)
{
    size_t length = 0;
    while (*from != '\0') {
        const size_t bytes = character((const unsigned char *)from);
        if (length + (bytes == 0 ? 1 : bytes) >= size)
            break;
        if (bytes == 0) {
            to[length++] = '?';
            from++;
        } else {
            memcpy(to + length, from, bytes);
            length += bytes;
            from += bytes;
        }
    }
    to[length] = '\0';
}
