#include "tavs/base.h"

bool base_is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

void base_hex(char *text, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *text++ = digits[bytes[i] >> 4];
        *text++ = digits[bytes[i] & 0x0f];
    }
    *text = '\0';
}

bool base_parse_number(const char *text, int64_t least, int64_t most, int64_t *value)
{
    bool negative = *text == '-';
    const char *digit = negative ? text + 1 : text;
    int64_t number = 0;

    if (*digit == '\0')
        return false;
    for (; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9')
            return false;
        /* Kept on its own side of zero, so that INT64_MIN fits too. */
        int step = negative ? '0' - *digit : *digit - '0';
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, step, &number))
            return false;
    }
    if (number < least || number > most)
        return false;
    *value = number;
    return true;
}
