#include "inside.h"

#include <wchar.h>

size_t utf8_decode(const char *text, uint32_t *character)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
        if ((bytes[0] & forms[form].mask) != forms[form].lead)
            continue;
        uint32_t value = (uint32_t)(bytes[0] & ~forms[form].mask & 0xff);
        size_t size = 1;
        while (size <= form && (bytes[size] & 0xc0) == 0x80)
            value = (value << 6) | (bytes[size++] & 0x3fu);
        if (size == form + 1 && value >= forms[form].least && value <= 0x10ffff &&
            (value < 0xd800 || value > 0xdfff)) {
            *character = value;
            return size;
        }
        break;
    }
    *character = 0xfffd;
    return 1;
}

/* wcwidth answers for the locale in force; where that is "C" it knows ASCII only, so what it does
 * not know counts one column, but for the characters that join the one before them. */
static size_t character_width(uint32_t character)
{
    const int known = wcwidth((wchar_t)character);
    if (known >= 0)
        return (size_t)known;
    const bool joins = (character >= 0x300 && character <= 0x36f) ||
                       (character >= 0x200b && character <= 0x200f) ||
                       (character >= 0xfe00 && character <= 0xfe0f);
    return joins ? 0 : 1;
}

size_t render_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        uint32_t character;
        text += utf8_decode(text, &character);
        width += character_width(character);
    }
    return width;
}
