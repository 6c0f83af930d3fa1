#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tavs/base.h"

/* The length of a UTF-8 character (RFC 3629), 0 if there is none. */
static size_t character_length(const unsigned char *text)
{
    static const struct {
        unsigned char lead, last, least; /* first bytes from..to; the least second byte */
        unsigned char most, length;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
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

static uint32_t code_of(const unsigned char *text, size_t length)
{
    uint32_t code = length == 1 ? text[0] : text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (text[i] & 0x3f);
    return code;
}

/* What a terminal obeys instead of showing it, and what nobody sees: control characters (Unicode's Cc), format characters
 * (Cf: what turns the direction of writing, what has no width), line and paragraph separators, all other characters that
 * may be passed over (Default_Ignorable_Code_Point), and what stands for no character. */
static bool is_hidden(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},
        {0x600, 0x605},     {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},
        {0x890, 0x891},     {0x8e2, 0x8e2},     {0x115f, 0x1160},   {0x17b4, 0x17b5},
        {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
        {0x3164, 0x3164},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
        {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd},
        {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
        {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return true;
    return false;
}

size_t base_take_printable(const char **from, char to[BASE_PRINTABLE_BYTES])
{
    const unsigned char *text = (const unsigned char *)*from;
    const size_t length = character_length(text);
    const uint32_t code = length == 0 ? text[0] : code_of(text, length);
    *from += length == 0 ? 1 : length;
    if (length == 0 || (code < 0x80 && is_hidden(code)))
        return (size_t)snprintf(to, BASE_PRINTABLE_BYTES, "\\x%02x", (unsigned)code);
    if (is_hidden(code))
        return (size_t)snprintf(to, BASE_PRINTABLE_BYTES, code > 0xffff ? "\\U%08x" : "\\u%04x",
                                (unsigned)code);
    memcpy(to, text, length);
    to[length] = '\0';
    return length;
}

bool base_make_printable(char *to, size_t size, const char *from)
{
    size_t length = 0;
    char next[BASE_PRINTABLE_BYTES];
    bool fits = true;
    while (*from != '\0' && fits) {
        const size_t bytes = base_take_printable(&from, next);
        fits = length + bytes < size;
        if (fits) {
            memcpy(to + length, next, bytes);
            length += bytes;
        }
    }
    to[length] = '\0';
    return fits;
}

const char *base_shown(const char *text, struct base_shown *room)
{
    (void)base_make_printable(room->text, sizeof room->text, text);
    return room->text;
}
