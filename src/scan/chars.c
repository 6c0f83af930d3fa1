#include "chars.h"

#include <string.h>

static bool is_tail(const char *at)
{
    return ((unsigned char)*at & 0xc0) == 0x80;
}

uint32_t chars_next_long(const char *at, size_t left, size_t *size)
{
    const unsigned char first = (unsigned char)*at;
    *size = 1;
    const size_t need = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || left < need)
        return CHARS_NONE;
    uint32_t point = first & (0xffU >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if (!is_tail(at + i))
            return CHARS_NONE;
        point = point << 6 | ((unsigned char)at[i] & 0x3fU);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[need] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return CHARS_NONE;
    *size = need;
    return point;
}

bool chars_is_upper(uint32_t point)
{
    if (point < 0x80)
        return point >= 'A' && point <= 'Z';
    if (point < 0x100)
        return point >= 0xc0 && point <= 0xde && point != 0xd7;
    return point < 0x180 && (point & 1) == 0 && point != 0x138;
}

bool chars_is_letter_beyond(uint32_t point)
{
    if (point < 0x250)
        return point >= 0xc0 && point != 0xd7 && point != 0xf7;
    return point >= 0x370 && point < 0x2000; /* Greek, Cyrillic, Arabic and others */
}

bool chars_is_space_beyond(uint32_t point)
{
    return point == 0xa0 || point == 0xad || (point >= 0x2000 && point <= 0x200d) ||
           point == 0x202f || point == 0x2060 || point == 0xfeff;
}

bool chars_is_dash(uint32_t point)
{
    return point == '-' || point == 0x96 || point == 0x97 || (point >= 0x2010 && point <= 0x2015) ||
           point == 0x2212;
}

uint32_t chars_lower(uint32_t point)
{
    if (!chars_is_upper(point))
        return point;
    return point < 0x100 ? point + 0x20 : point + 1;
}

static size_t last_character(struct scan_text text, uint32_t *point)
{
    size_t back = 1;
    while (back < text.size && back < 4 && is_tail(text.at + text.size - back))
        back++;
    size_t size;
    *point = chars_next(text.at + text.size - back, back, &size);
    return size == back ? back : 1;
}

struct scan_text chars_trim(struct scan_text text)
{
    size_t size;
    uint32_t point;
    while (text.size > 0 && chars_is_space(chars_next(text.at, text.size, &size))) {
        text.at += size;
        text.size -= size;
    }
    while (text.size > 0 && (size = last_character(text, &point), chars_is_space(point)))
        text.size -= size;
    return text;
}

bool chars_has_letter(struct scan_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x80 || chars_is_letter(byte))
            return true;
    }
    return false;
}

size_t chars_count(struct scan_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += !is_tail(text.at + i);
    return count;
}

size_t chars_put(char *to, uint32_t point)
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (char)(0xc0 | point >> 6);
        to[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        to[0] = (char)(0xe0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3f));
        to[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3f));
    to[2] = (char)(0x80 | (point >> 6 & 0x3f));
    to[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

size_t chars_fold(struct scan_text text, char *words, size_t room)
{
    size_t length = 0;
    bool parted = false, was_lower = false;
    for (size_t i = 0, size; i < text.size; i += size) {
        const uint32_t point = chars_next(text.at + i, text.size - i, &size);
        if (!chars_is_letter(point) && !chars_is_digit(point)) {
            parted = length > 0;
            was_lower = false;
            continue;
        }
        if (length + 6 > room)
            return 0;
        const bool upper = chars_is_upper(point);
        if (parted || (upper && was_lower))
            words[length++] = ' ';
        length += chars_put(words + length, chars_lower(point));
        was_lower = chars_is_letter(point) && !upper;
        parted = false;
    }
    if (length > 0)
        words[length] = '\0';
    return length;
}

bool chars_same(struct scan_text text, const char *lower_case)
{
    for (size_t i = 0, size; i < text.size; i += size) {
        char folded[4];
        const size_t put_size =
            chars_put(folded, chars_lower(chars_next(text.at + i, text.size - i, &size)));
        if (folded[0] == '\0' || strncmp(lower_case, folded, put_size) != 0)
            return false;
        lower_case += put_size;
    }
    return *lower_case == '\0';
}
