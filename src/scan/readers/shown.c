/* Numbers of a workbook as people see them: the store holds 32874 where the sheet shows a date, and
 * 101901234 where it shows a CPR number with its first zero. Own code instead of strtod and printf,
 * which follow the locale. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "shown.h"

enum { MOST_DIGITS = 20, FIRST_DATE_FORMAT = 14, LAST_DATE_FORMAT = 22 };

void shown_classify(struct number_format *format, const char *code)
{
    size_t zeros = 0;
    bool digits_only = true, date = false, quoted = false, bracketed = false;
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == '"')
            quoted = !quoted;
        if (quoted || *at == '"')
            continue;
        bracketed = *at == '[' || (bracketed && *at != ']'); /* "[Red]": a colour, no day */
        zeros += *at == '0';
        digits_only = digits_only && strchr("0- ./\\", *at) != NULL;
        date = date || (!bracketed && strchr("yYdD", *at) != NULL);
    }
    format->shown = SHOWN_NUMBER;
    if (digits_only && zeros >= 8 && strlen(code) < sizeof format->code) {
        format->shown = SHOWN_DIGITS;
        strcpy(format->code, code);
    } else if (date || (format->id >= FIRST_DATE_FORMAT && format->id <= LAST_DATE_FORMAT)) {
        format->shown = SHOWN_DATE;
    }
}

/* The whole number in "101901234", "101901234.0" or "1.01901234E8"; 0 if it is none or too long. */
static size_t whole_number(const char *value, size_t size, char digits[MOST_DIGITS])
{
    size_t length = 0, i = 0;
    long after_point = -1, exponent = 0;
    for (; i < size && (value[i] == '.' || (value[i] >= '0' && value[i] <= '9')); i++) {
        if (value[i] == '.' && after_point < 0)
            after_point = 0;
        else if (value[i] == '.' || length == MOST_DIGITS)
            return 0;
        else {
            digits[length++] = value[i];
            after_point += after_point >= 0;
        }
    }
    if (i < size && (value[i] == 'E' || value[i] == 'e')) {
        i += i + 1 < size && value[i + 1] == '+';
        for (i++; i < size && exponent < 100; i++) {
            if (value[i] < '0' || value[i] > '9')
                return 0;
            exponent = exponent * 10 + (value[i] - '0');
        }
    }
    if (i < size)
        return 0;
    for (; after_point > exponent && length > 0 && digits[length - 1] == '0'; after_point--)
        length--;
    exponent -= after_point > 0 ? after_point : 0;
    if (exponent < 0 || length + (size_t)exponent > MOST_DIGITS)
        return 0;
    for (; exponent > 0; exponent--)
        digits[length++] = '0';
    return length;
}

/* Days since 1899-12-30 as a date (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static size_t put_date(long day_zero, const char *value, size_t size, char *shown)
{
    long days = 0;
    for (size_t i = 0; i < size && value[i] >= '0' && value[i] <= '9' && days < 10000000; i++)
        days = days * 10 + (value[i] - '0');
    days += day_zero;
    if (days < 1 || days > 2958465)
        return 0;
    const long shifted = days + 693899; /* days since 0000-03-01 */
    const long era = shifted / 146097, of_era = shifted % 146097;
    const long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const long shifted_month = (5 * of_year + 2) / 153;
    const long day = of_year - (153 * shifted_month + 2) / 5 + 1;
    const long month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const long year = year_of_era + era * 400 + (month <= 2);
    return (size_t)snprintf(shown, SHOWN_BYTES, "%04ld-%02ld-%02ld", year, month, day);
}

/* Puts the digits, from the right, in the places that the code has for them. */
static size_t put_digits(const char *code, const char *digits, size_t count, char *shown)
{
    size_t places = 0, length = 0;
    for (const char *at = code; *at != '\0'; at++)
        places += *at == '0';
    if (count > places)
        return 0;
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == '0')
            shown[length++] = places-- > count ? '0' : *digits++;
        else if (*at != '\\' && *at != '"')
            shown[length++] = *at;
    }
    return length;
}

size_t shown_number(const struct number_format *format, long day_zero, const char *value,
                    size_t size, char *shown)
{
    char digits[MOST_DIGITS];
    size_t length = 0;
    if (format != NULL && format->shown == SHOWN_DATE)
        length = put_date(day_zero, value, size, shown);
    const size_t count = length == 0 ? whole_number(value, size, digits) : 0;
    if (count > 0 && format != NULL && format->shown == SHOWN_DIGITS)
        length = put_digits(format->code, digits, count, shown);
    if (length == 0 && count > 0) {
        memcpy(shown, digits, count);
        length = count;
    }
    explicit_bzero(digits, sizeof digits);
    return length;
}
