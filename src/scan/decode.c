/* The bytes of a text file as UTF-8. */
#include <stdlib.h>
#include <string.h>

#include "chars.h"
#include "load.h"
#include "tavs/scan.h"

enum { PASS_BYTES = 1 << 16 }; /* between two calls of load_pass */

/* *zero becomes true if there is a zero byte up to where it stops. */
static bool is_utf8(const char *bytes, size_t size, bool *zero)
{
    for (size_t i = 0, step, steps = 0; i < size; i += step) {
        const uint32_t point = chars_next(bytes + i, size - i, &step);
        if (point == CHARS_NONE && step == 1)
            return false;
        *zero = *zero || point == 0;
        if (++steps % PASS_BYTES == 0)
            load_pass(bytes + i);
    }
    return true;
}

/* What 0x80 to 0x9f mean in Windows-1252. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

/* Bytes that become characters, to where they go; nowhere to go (NULL) counts how many bytes that would take. */
static size_t from_single_bytes(const unsigned char *bytes, size_t size, char *to)
{
    char one[4];
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = bytes[i];
        if (i % PASS_BYTES == 0)
            load_pass((const char *)bytes + i);
        length += chars_put(to != NULL ? to + length : one,
                            byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte);
    }
    return length;
}

/* The same. */
static size_t from_utf16(const unsigned char *bytes, size_t size, bool big, char *to)
{
    char one[4];
    size_t length = 0;
    uint32_t high = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        if (i % PASS_BYTES == 0)
            load_pass((const char *)bytes + i);
        uint32_t unit = (uint32_t)bytes[i + !big] << 8 | bytes[i + big];
        if (unit >= 0xd800 && unit < 0xdc00) {
            high = unit;
            continue;
        }
        if (unit >= 0xdc00 && unit < 0xe000)
            unit = high != 0 ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : CHARS_NONE;
        high = 0;
        length += chars_put(to != NULL ? to + length : one, unit);
    }
    return length;
}

static size_t convert(struct scan_text from, bool wide, bool big, char *to)
{
    const unsigned char *bytes = (const unsigned char *)from.at;
    return wide ? from_utf16(bytes + 2, from.size - 2, big, to)
                : from_single_bytes(bytes, from.size, to);
}

enum base_code chars_decode(const char *name, const char *bytes, size_t size, char **text,
                            size_t *room, struct scan_text *from, struct base_error *error)
{
    const bool big = size >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0;
    const bool wide = big || (size >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0);
    const bool marked = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    const struct scan_text raw = {bytes + (marked ? 3 : 0), size - (marked ? 3 : 0)};
    bool zero = false;

    *text = NULL;
    *room = 0;
    *from = raw;
    if (wide || !is_utf8(raw.at, raw.size, &zero)) {
        *room = convert(raw, wide, big, NULL);
        if (*room > SCAN_MOST_HELD_BYTES)
            return base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
        *text = malloc(*room + 1);
        if (*text == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", name);
        *from = (struct scan_text){*text, convert(raw, wide, big, *text)};
        zero = memchr(*text, '\0', from->size) != NULL;
    }
    if (!zero)
        return BASE_OK;
    if (*text != NULL)
        explicit_bzero(*text, *room);
    free(*text);
    *text = NULL;
    return base_fail(error, BASE_SCAN_FORMAT, "%s", name);
}
