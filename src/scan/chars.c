#include "chars.h"

#include <stdlib.h>
#include <string.h>

static bool is_tail(const char *at)
{
    return ((unsigned char)*at & 0xc0) == 0x80;
}

enum { NO_CHARACTER = 0xfffd };

uint32_t chars_next(const char *at, size_t left, size_t *size)
{
    const unsigned char first = (unsigned char)*at;
    *size = 1;
    if (first < 0x80)
        return first;
    const size_t need = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || left < need)
        return NO_CHARACTER;
    uint32_t point = first & (0xffU >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if (!is_tail(at + i))
            return NO_CHARACTER;
        point = point << 6 | ((unsigned char)at[i] & 0x3fU);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[need] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return NO_CHARACTER;
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

bool chars_is_letter(uint32_t point)
{
    if (point < 0x80)
        return (point | 0x20) >= 'a' && (point | 0x20) <= 'z';
    if (point < 0x250)
        return point >= 0xc0 && point != 0xd7 && point != 0xf7;
    return point >= 0x370 && point < 0x2000; /* Greek, Cyrillic, Arabic and others */
}

bool chars_is_space(uint32_t point)
{
    return (point >= '\t' && point <= '\r') || point == ' ' || point == 0xa0 || point == 0xad ||
           (point >= 0x2000 && point <= 0x200d) || point == 0x202f || point == 0x2060 ||
           point == 0xfeff;
}

bool chars_is_dash(uint32_t point)
{
    return point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x2212;
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

size_t chars_count(struct scan_text text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += !is_tail(text.at + i);
    return count;
}

static size_t put(char *to, uint32_t point)
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
        length += put(words + length, chars_lower(point));
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
            put(folded, chars_lower(chars_next(text.at + i, text.size - i, &size)));
        if (folded[0] == '\0' || strncmp(lower_case, folded, put_size) != 0)
            return false;
        lower_case += put_size;
    }
    return *lower_case == '\0';
}

/* ---- to UTF-8 ------------------------------------------------------------------------------- */

static bool is_utf8(const char *bytes, size_t size)
{
    for (size_t i = 0, step; i < size; i += step) {
        if (chars_next(bytes + i, size - i, &step) == NO_CHARACTER && step == 1)
            return false;
    }
    return true;
}

/* What 0x80 to 0x9f mean in Windows-1252. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static size_t from_single_bytes(const unsigned char *bytes, size_t size, char *to)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = bytes[i];
        length += put(to + length, byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte);
    }
    return length;
}

static size_t from_utf16(const unsigned char *bytes, size_t size, bool big, char *to)
{
    size_t length = 0;
    uint32_t high = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t unit = (uint32_t)bytes[i + !big] << 8 | bytes[i + big];
        if (unit >= 0xd800 && unit < 0xdc00) {
            high = unit;
            continue;
        }
        if (unit >= 0xdc00 && unit < 0xe000)
            unit = high != 0 ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : NO_CHARACTER;
        high = 0;
        length += put(to + length, unit);
    }
    return length;
}

enum base_code chars_decode(const char *name, const char *bytes, size_t size, char **text,
                            size_t *room, struct scan_text *from, struct base_error *error)
{
    const unsigned char *raw = (const unsigned char *)bytes;
    const bool big = size >= 2 && raw[0] == 0xfe && raw[1] == 0xff;
    const bool little = size >= 2 && raw[0] == 0xff && raw[1] == 0xfe;
    struct scan_text utf8 = {bytes, size};
    char *converted = NULL;
    size_t most = 0;

    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        utf8.at += 3;
        utf8.size -= 3;
    }
    if (big || little || !is_utf8(utf8.at, utf8.size)) {
        most = utf8.size * 3 + 4; /* three bytes for a unit of UTF-16 or a byte at most */
        converted = malloc(most);
        if (converted == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", name);
        utf8.size = big || little
                        ? from_utf16(raw + 2, size - 2, big, converted)
                        : from_single_bytes((const unsigned char *)utf8.at, utf8.size, converted);
        utf8.at = converted;
    }
    if (utf8.size > 0 && memchr(utf8.at, '\0', utf8.size) != NULL) {
        if (converted != NULL)
            explicit_bzero(converted, most);
        free(converted);
        return base_fail(error, BASE_SCAN_FORMAT, "%s", name);
    }
    *text = converted;
    *room = most;
    *from = utf8;
    return BASE_OK;
}
