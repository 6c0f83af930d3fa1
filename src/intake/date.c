#include <string.h>
#include <strings.h>

#include "inside.h"

/* The forms of a date. Y is a year in four digits, y one in two (of this century); m and d are month and
 * day in two digits, M and D in one or two; N is a month's name or its beginning, with or without a
 * point. A space is one or more, ~ any number of spaces; all else stands for itself.
 *
 * Left out is what two readers would read differently: 3/11/2026, and days with a year in two digits. */
static const char *const forms[] = {
    "Y-m-d",   "Ymd",   "Y-m",   "Y/m/d",                      /* ISO 8601, and its relatives */
    "D.~M.~Y", "D-M-Y", "D/M Y", "D/M-Y", "M-Y", "M.Y", "M/Y", /* Danish, in digits */
    "D.~N~Y",  "D N Y", "D-N-Y", "N~Y",   "N-Y", "N~y", "N-y", /* with the month's name */
};

static const char *const names[][12] = {
    {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
     "november", "december"},
    {"january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december"},
};

struct date {
    int year, month, day; /* day 0: none */
};

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* From `least` to `most` digits, as many as there are. */
static bool read_number(const char **text, unsigned least, unsigned most, int *number)
{
    unsigned digits = 0;
    int sum = 0;
    for (; digits < most && is_digit(**text); digits++)
        sum = sum * 10 + (*(*text)++ - '0');
    *number = sum;
    return digits >= least;
}

/* Three letters tell any two months apart. */
static bool read_name(const char **text, int *month)
{
    enum { LEAST = 3 };
    size_t length = 0;
    while (((*text)[length] | 0x20) >= 'a' && ((*text)[length] | 0x20) <= 'z')
        length++;
    for (size_t language = 0; length >= LEAST && language < sizeof names / sizeof *names;
         language++)
        for (int i = 0; i < 12; i++) {
            if (strncasecmp(*text, names[language][i], length) != 0)
                continue;
            *month = i + 1;
            *text += length;
            *text += **text == '.' ? 1 : 0;
            return true;
        }
    return false;
}

static bool read_part(char part, const char **text, struct date *date)
{
    enum { CENTURY = 2000 };
    switch (part) {
    case 'Y':
        return read_number(text, 4, 4, &date->year);
    case 'y':
        if (!read_number(text, 2, 2, &date->year))
            return false;
        date->year += CENTURY;
        return true;
    case 'm':
        return read_number(text, 2, 2, &date->month);
    case 'M':
        return read_number(text, 1, 2, &date->month);
    case 'd':
        return read_number(text, 2, 2, &date->day);
    case 'D':
        return read_number(text, 1, 2, &date->day);
    case 'N':
        return read_name(text, &date->month);
    case ' ':
    case '~':
        if (part == ' ' && **text != ' ')
            return false;
        *text += strspn(*text, " ");
        return true;
    default:
        return *(*text)++ == part;
    }
}

/* " 14:05", "T14:05:00.000Z": a time of day, which is passed over. */
static bool is_time(const char *text)
{
    int hour, minute;
    if (*text != 'T' && *text != ' ')
        return false;
    text += 1 + strspn(text + 1, " ");
    if (!read_number(&text, 1, 2, &hour) || (*text != ':' && *text != '.'))
        return false;
    text++;
    return read_number(&text, 2, 2, &minute) && strspn(text, "0123456789:.,+-Z") == strlen(text);
}

static bool has_form(const char *text, const char *form, struct date *date)
{
    *date = (struct date){0};
    for (; *form != '\0'; form++)
        if (!read_part(*form, &text, date))
            return false;
    return *text == '\0' || (date->day != 0 && is_time(text));
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool date_read_month(const char *text, base_month *month)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct date date;
        if (!has_form(text, forms[i], &date))
            continue;
        if (date.year < BASE_FIRST_YEAR || date.year > BASE_LAST_YEAR || date.month < 1 ||
            date.month > 12)
            return false;
        const bool has_day = strpbrk(forms[i], "dD") != NULL;
        if (has_day && (date.day < 1 || date.day > days_of(date.year, date.month)))
            return false;
        *month = (base_month)(date.year * 12 + date.month - 1);
        return true;
    }
    return false;
}
