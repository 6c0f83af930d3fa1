#include <string.h>

#include "judge.h"

enum { MASKED_CHARACTERS = 40 };

/* How many letters and digits stay readable: of a CPR number day and month, of a telephone number
 * the first two digits, of a name or address its first letter; of what is telling by itself, none. */
static size_t readable(enum scan_kind kind)
{
    switch (kind) {
    case SCAN_CPR:
        return 4;
    case SCAN_PHONE:
        return 2;
    case SCAN_NAME:
    case SCAN_EMAIL:
    case SCAN_ADDRESS:
    case SCAN_MUNICIPALITY:
        return 1;
    default:
        return 0;
    }
}

void mask_value(enum scan_kind kind, struct scan_text value, struct scan_hit *hit)
{
    size_t left = readable(kind), length = 0, characters = 0;
    hit->length = (uint32_t)chars_count(value);
    hit->masked[0] = '\0';
    if (kind == SCAN_FREE_TEXT || kind == SCAN_INTERNAL)
        return;
    if (hit->length <= left) /* a short value would stand there whole */
        left = 0;
    for (size_t i = 0, size; i < value.size && characters < MASKED_CHARACTERS; i += size) {
        const uint32_t point = chars_next(value.at + i, value.size - i, &size);
        const bool sign =
            (chars_is_dash(point) && point != 0x96 && point != 0x97) ||
            (point < 0x80 && !chars_is_letter(point) && !chars_is_digit(point) && point > ' ');
        if (length + 5 > sizeof hit->masked)
            break;
        if (!sign && !chars_is_space(point) && left > 0 && size > 1 && !chars_is_letter(point))
            left--; /* not to be printed as it is: it may be no character at all */
        else if (sign || (!chars_is_space(point) && left > 0)) {
            memcpy(hit->masked + length, value.at + i, size);
            length += size;
            left -= !sign;
            characters++;
            continue;
        }
        hit->masked[length++] = chars_is_space(point) ? ' ' : '*';
        characters++;
    }
    hit->masked[length] = '\0';
}
