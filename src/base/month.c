#include "tavs/base.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Lengths of "2026", "2026-11" (and "2026-Q4"), "2026-01..2026-06". */
enum { YEAR_TEXT = 4, MONTH_TEXT = 7, RANGE_TEXT = 16 };

base_month base_month_now(void)
{
    time_t now = time(NULL);
    struct tm local;

    tzset(); /* localtime_r need not look at TZ by itself */
    if (localtime_r(&now, &local) == NULL)
        return BASE_FIRST_MONTH;

    /* A clock that has lost its battery must not lead out of the range. */
    int year = local.tm_year + 1900;
    if (year < BASE_FIRST_YEAR)
        return BASE_FIRST_MONTH;
    if (year > BASE_LAST_YEAR)
        return BASE_LAST_MONTH;
    return (base_month)(year * 12 + local.tm_mon);
}

void base_today(char text[BASE_DATE_TEXT])
{
    const time_t now = time(NULL);
    struct tm today;

    tzset();
    if (localtime_r(&now, &today) == NULL ||
        strftime(text, BASE_DATE_TEXT, "%Y-%m-%d", &today) == 0)
        text[0] = '\0';
}

static bool read_digits(const char *text, size_t count, int *number)
{
    int sum = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        sum = sum * 10 + (text[i] - '0');
    }
    *number = sum;
    return true;
}

static bool read_year(const char *text, int *year)
{
    return read_digits(text, YEAR_TEXT, year) && *year >= BASE_FIRST_YEAR &&
           *year <= BASE_LAST_YEAR;
}

/* The first MONTH_TEXT characters of `text`; what follows them is the caller's affair. */
static bool read_month(const char *text, base_month *month)
{
    int year, number;

    if (!read_year(text, &year) || text[4] != '-' || !read_digits(text + 5, 2, &number) ||
        number < 1 || number > 12)
        return false;
    *month = (base_month)(year * 12 + number - 1);
    return true;
}

enum base_code base_month_parse(const char *text, base_month *month, struct base_error *error)
{
    if (strlen(text) != MONTH_TEXT || !read_month(text, month))
        return base_fail(error, BASE_BAD_MONTH, "%s", text);
    return BASE_OK;
}

void base_month_format(base_month month, char text[BASE_MONTH_TEXT])
{
    /* The remainder only tells the compiler what the range of a month says: four digits. */
    /* The remainders tell the compiler that it fits. */
    snprintf(text, BASE_MONTH_TEXT, "%04u-%02u", (unsigned)base_month_year(month) % 10000,
             (unsigned)base_month_number(month) % 100);
}

static bool read_period(const char *text, struct base_period *period)
{
    base_month first, last;
    int year;

    switch (strlen(text)) {
    case YEAR_TEXT:
        if (!read_year(text, &year))
            return false;
        first = (base_month)(year * 12);
        last = (base_month)(first + 11);
        break;
    case MONTH_TEXT:
        if (text[5] == 'Q' || text[5] == 'q') {
            if (!read_year(text, &year) || text[4] != '-' || text[6] < '1' || text[6] > '4')
                return false;
            first = (base_month)(year * 12 + (text[6] - '1') * 3);
            last = (base_month)(first + 2);
        } else {
            if (!read_month(text, &first))
                return false;
            last = first;
        }
        break;
    case RANGE_TEXT:
        if (!read_month(text, &first) || memcmp(text + 7, "..", 2) != 0 ||
            !read_month(text + 9, &last) || last < first)
            return false;
        break;
    default:
        return false;
    }
    *period = (struct base_period){first, last};
    return true;
}

enum base_code base_period_parse(const char *text, struct base_period *period,
                                 struct base_error *error)
{
    if (!read_period(text, period))
        return base_fail(error, BASE_BAD_PERIOD, "%s", text);
    return BASE_OK;
}

void base_period_format(struct base_period period, char text[BASE_PERIOD_TEXT])
{
    int year = base_month_year(period.first) % 10000;
    int number = base_month_number(period.first);
    size_t months = base_period_months(period);

    if (months == 12 && number == 1) {
        snprintf(text, BASE_PERIOD_TEXT, "%04d", year);
    } else if (months == 1) {
        base_month_format(period.first, text);
    } else if (months == 3 && number % 3 == 1) {
        snprintf(text, BASE_PERIOD_TEXT, "%04d-Q%d", year, number / 3 + 1);
    } else {
        base_month_format(period.first, text);
        memcpy(text + 7, "..", 2);
        base_month_format(period.last, text + 9);
    }
}
