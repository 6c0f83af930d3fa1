#include <string.h>
#include <strings.h>
#include <time.h>

#include "inside.h"

/* The forms of a date. Y is a year in four digits, y one in two (of this century); m and d are month and
 * day in two digits, M and D in one or two; L is a day after the twelfth, which can be no month; N is a
 * month's name or its beginning, with or without a point. A space is one or more, ~ any number of spaces; all
 * else stands for itself. */
static const char *const forms[] = {
    "Y-M-D",   "Ymd",   "Y-m",   "Y/M/D",                      /* ISO 8601, and its relatives */
    "D.~M.~Y", "D-M-Y", "D/M Y", "D/M-Y", "M-Y", "M.Y", "M/Y", /* Danish, in digits */
    "L/M/Y",                                                   /* not American */
    "D.~N~Y",  "D N Y", "D-N-Y", "N~Y",   "N-Y", "N-y",        /* with the month's name */
};

/* What one reader reads as one month and another as another: which number is the day, the month or the year
 * ("May 17"). */
static const char *const doubtful[] = {
    "D/M/Y", "D/M/y", "D/M-y", "D-M-y", "D.~M.~y", "D/M", "D-M", "D.~M.", "D.M", "N~D", "D-N",
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
    enum { CENTURY = 2000, MONTHS = 12 };
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
    case 'L':
        return read_number(text, 2, 2, &date->day) && date->day > MONTHS;
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

/* A time of day, in a zone or (offset 0 and no zone) where the reader is. */
struct clock {
    int hour, minute;
    bool has_zone;
    int offset; /* minutes east of Greenwich */
};

/* "Z", "+01:00", "+0100", "+01", or nothing. */
static bool read_zone(const char *text, struct clock *clock)
{
    int hours, minutes = 0;
    text += strspn(text, " ");
    clock->has_zone = *text != '\0';
    if (*text == 'Z' || *text == 'z' || *text == '\0')
        return *text == '\0' || text[1] == '\0';
    const int sign = *text == '-' ? -1 : 1;
    if ((*text != '+' && *text != '-') || (text++, !read_number(&text, 2, 2, &hours)))
        return false;
    text += *text == ':' ? 1 : 0;
    if (*text != '\0' && !read_number(&text, 2, 2, &minutes))
        return false;
    clock->offset = sign * (hours * 60 + minutes);
    return *text == '\0' && hours <= 14 && minutes <= 59;
}

/* " 14:05", " kl. 14.05", "T14:05:00.000Z": a time of day, which is passed over but for its zone. */
static bool read_clock(const char *text, struct clock *clock)
{
    static const char word[] = "kl";
    int second = 0;
    if (*text != 'T' && *text != ' ')
        return false;
    text += 1 + strspn(text + 1, " ");
    if (strncasecmp(text, word, sizeof word - 1) == 0) {
        text += sizeof word - 1;
        text += *text == '.' ? 1 : 0;
        text += strspn(text, " ");
    }
    if (!read_number(&text, 1, 2, &clock->hour) || (*text != ':' && *text != '.'))
        return false;
    text++;
    if (!read_number(&text, 2, 2, &clock->minute))
        return false;
    if (*text == ':' || *text == '.') {
        text++;
        if (!read_number(&text, 2, 2, &second))
            return false;
        if (*text == '.' || *text == ',') {
            const size_t digits = strspn(text + 1, "0123456789");
            if (digits == 0)
                return false;
            text += 1 + digits;
        }
    }
    return clock->hour <= 23 && clock->minute <= 59 && second <= 60 && read_zone(text, clock);
}

static bool has_form(const char *text, const char *form, struct date *date, struct clock *clock)
{
    *date = (struct date){0};
    *clock = (struct clock){0};
    for (; *form != '\0'; form++)
        if (!read_part(*form, &text, date))
            return false;
    return *text == '\0' || (date->day != 0 && read_clock(text, clock));
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_in_range(const struct date *date, bool has_day)
{
    return date->year >= BASE_FIRST_YEAR && date->year <= BASE_LAST_YEAR && date->month >= 1 &&
           date->month <= 12 &&
           (!has_day || (date->day >= 1 && date->day <= days_of(date->year, date->month)));
}

/* A time that says its zone becomes the time that the office's clocks showed then. */
static bool put_in_place(struct date *date, const struct clock *clock)
{
    struct tm utc = {.tm_year = date->year - 1900,
                     .tm_mon = date->month - 1,
                     .tm_mday = date->day,
                     .tm_hour = clock->hour,
                     .tm_min = clock->minute - clock->offset},
              local;
    const time_t moment = timegm(&utc);
    if (localtime_r(&moment, &local) == NULL)
        return false;
    *date = (struct date){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
    return is_in_range(date, true);
}

static bool is_doubtful(const char *text)
{
    struct date date;
    struct clock clock;
    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++)
        if (has_form(text, doubtful[i], &date, &clock))
            return date.day >= 1 && date.day <= 31;
    return false;
}

enum date_reading date_read_month(const char *text, base_month *month)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct date date;
        struct clock clock;
        if (!has_form(text, forms[i], &date, &clock))
            continue;
        if (!is_in_range(&date, strpbrk(forms[i], "dDL") != NULL) ||
            (clock.has_zone && !put_in_place(&date, &clock)))
            return DATE_NONE;
        *month = (base_month)(date.year * 12 + date.month - 1);
        return DATE_READ;
    }
    return is_doubtful(text) ? DATE_DOUBTFUL : DATE_NONE;
}
