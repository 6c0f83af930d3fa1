/* CPR numbers: "Personnummeret i CPR", the CPR office (cpr.dk), sections on the date of birth, the
 * seventh digit and the modulus-11 check. */
#include <string.h>

#include "run.h"
#include "tavs/secret.h"
#include "words.h"

enum { REPLACEMENT_DAY = 60, CPR_DIGITS = 10 };

static int two(const char *digits)
{
    return (digits[0] - '0') * 10 + (digits[1] - '0');
}

static int day_of(const char *digits)
{
    const int day = two(digits);
    return day > REPLACEMENT_DAY ? day - REPLACEMENT_DAY : day;
}

static int days_in(int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool date_exists(const char *digits, int year)
{
    const int day = day_of(digits), month = two(digits + 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= days_in(month, year);
}

bool cpr_is_date(const char digits[6])
{
    return date_exists(digits, 2000 + two(digits + 4)); /* 2000 is a leap year, 1900 was none */
}

int cpr_year(const char digits[10])
{
    const int year = two(digits + 4), seventh = digits[6] - '0';
    if (seventh <= 3)
        return 1900 + year;
    if (seventh == 4 || seventh == 9)
        return year <= 36 ? 2000 + year : 1900 + year;
    return year <= 57 ? 2000 + year : 1800 + year;
}

enum cpr_validity cpr_check(const char digits[10])
{
    static const int weights[CPR_DIGITS] = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
    const int year = cpr_year(digits);
    if (!date_exists(digits, year) || year > base_month_year(base_month_now()))
        return CPR_NONE;
    int sum = 0;
    for (int i = 0; i < CPR_DIGITS; i++)
        sum += weights[i] * (digits[i] - '0');
    return sum % 11 == 0 ? CPR_MODULUS : CPR_DATE;
}

/* ---- spellings ------------------------------------------------------------------------------ */

enum layout {
    DAY_FIRST,
    LONG_YEAR,
    YEAR_FIRST,
    ZERO_GONE /* a spreadsheet took the first zero away; only in a column of CPR numbers */
};

struct grouping {
    size_t count;
    unsigned char size[5];
    enum layout layout;
};

static const struct grouping cpr_groupings[] = {
    {1, {10}, DAY_FIRST},
    {2, {6, 4}, DAY_FIRST},
    {4, {2, 2, 2, 4}, DAY_FIRST},
    {3, {6, 2, 2}, DAY_FIRST},
    {3, {2, 2, 6}, DAY_FIRST},
    {3, {4, 2, 4}, DAY_FIRST},
    {5, {2, 2, 2, 2, 2}, DAY_FIRST},
    {4, {2, 2, 4, 4}, LONG_YEAR},
    {2, {8, 4}, LONG_YEAR},
    {4, {4, 2, 2, 4}, YEAR_FIRST},
    {2, {8, 4}, YEAR_FIRST},
    {1, {9}, ZERO_GONE},
    {2, {5, 4}, ZERO_GONE},
};

static bool has_grouping(const struct run *run, const struct grouping *grouping)
{
    if (run->count < grouping->count)
        return false;
    for (size_t i = 0; i < grouping->count; i++) {
        if (run->group[i].size != grouping->size[i])
            return false;
    }
    return true;
}

/* Puts the digits in the order of a CPR number; false if a written century is not the number's. */
static bool cpr_digits(const struct run *run, const struct grouping *grouping, char digits[10])
{
    char raw[12];
    if (grouping->layout == DAY_FIRST)
        return run_gather(run, grouping->count, digits, CPR_DIGITS);
    if (grouping->layout == ZERO_GONE) {
        digits[0] = '0';
        return run->context->cpr == FIND_SURE &&
               run_gather(run, grouping->count, digits + 1, CPR_DIGITS - 1);
    }
    if (!run_gather(run, grouping->count, raw, sizeof raw))
        return false;
    const char *century;
    if (grouping->layout == LONG_YEAR) {
        century = raw + 4;
        memcpy(digits, raw, 4);
        memcpy(digits + 4, raw + 6, 6);
    } else {
        century = raw;
        memcpy(digits, raw + 6, 2);
        memcpy(digits + 2, raw + 4, 2);
        memcpy(digits + 4, raw + 2, 2);
        memcpy(digits + 6, raw + 8, 4);
    }
    const int year = cpr_year(digits);
    return century[0] - '0' == year / 1000 && century[1] - '0' == year / 100 % 10;
}

/* A spelling that hardly anything but a CPR number has. */
static bool is_plain_spelling(const struct run *run, const struct grouping *grouping)
{
    if (grouping->count < 2 || run_is_part(run, grouping->count, false))
        return false;
    const struct group *date = &run->group[grouping->count - 2];
    if (run->group[grouping->count - 1].size != 4)
        return false;
    return date->next == DASH || date->next == SLASH;
}

static bool judge_cpr(const struct run *run, const struct grouping *grouping,
                      enum cpr_validity validity, enum scan_confidence *confidence)
{
    const size_t count = grouping->count;
    const bool said = words_announce_cpr(run->said);
    const enum find_trust trust = said ? FIND_SURE : run->context->cpr;
    const bool holds = validity == CPR_MODULUS;

    if (is_plain_spelling(run, grouping) || trust == FIND_SURE) {
        *confidence = holds ? SCAN_HIGH : SCAN_MEDIUM;
        return true;
    }
    if (trust == FIND_NEVER && (count == 1 || run->group[0].next == DOT))
        return false;
    if (run_touches_letter(run, count) || run_is_decimals(run))
        return false;
    if (run_is_part(run, count, false)) { /* "2017-010190-1234": some number that may hold one */
        *confidence = SCAN_MEDIUM;
        return holds && count == 2 && run->group[0].next == DASH;
    }
    if (run_is_part(run, count, true)) {
        *confidence = SCAN_LOW;
        return holds;
    }
    if (trust == FIND_LOW)
        *confidence = SCAN_LOW;
    else if (holds || (count == 2 && run->group[0].next == SPACE && run_is_whole(run, count)))
        *confidence = SCAN_MEDIUM;
    else
        *confidence = SCAN_LOW;
    return true;
}

static size_t match_grouped(const struct run *run, find_take *take, void *taker)
{
    const size_t kinds = sizeof cpr_groupings / sizeof *cpr_groupings;
    for (size_t i = 0; i < kinds; i++) {
        const struct grouping *grouping = &cpr_groupings[i];
        char digits[CPR_DIGITS];
        enum scan_confidence confidence;
        if (!has_grouping(run, grouping) || !cpr_digits(run, grouping, digits))
            continue;
        const enum cpr_validity validity = cpr_check(digits);
        secret_wipe(digits, sizeof digits);
        if (validity != CPR_NONE && judge_cpr(run, grouping, validity, &confidence)) {
            run_report(run, grouping->count, SCAN_CPR, confidence, take, taker);
            return grouping->count;
        }
    }
    return 0;
}

/* "010190-xxxx" tells a birthday; "010190-1AB2" is a hospital's replacement number. */
static size_t match_lettered_cpr(const struct run *run, find_take *take, void *taker)
{
    const struct group *date = &run->group[0];
    const struct scan_text text = run->text;
    size_t at = date->start + date->size, size;
    if (date->size != 6 || !cpr_is_date(text.at + date->start) || at >= text.size)
        return 0;
    if (!chars_is_dash(chars_next(text.at + at, text.size - at, &size)))
        return 0;
    at += size;
    if (text.size - at < 4 || (text.size - at > 4 && run_digit_at(text, at + 4)))
        return 0;
    const char *serial = text.at + at;
    bool hidden = true;
    for (size_t i = 0; i < 4; i++)
        hidden = hidden && (serial[i] == 'x' || serial[i] == 'X' || serial[i] == '*');
    const bool letters = run_digit_at(text, at) && chars_is_upper((unsigned char)serial[1]) &&
                         chars_is_upper((unsigned char)serial[2]) && run_digit_at(text, at + 3);
    if (!hidden && !letters)
        return 0;
    const struct find_hit hit = {hidden ? SCAN_BIRTHDAY : SCAN_CPR, SCAN_MEDIUM, date->start,
                                 at + 4 - date->start};
    take(taker, &hit);
    return 1;
}

size_t run_match_cpr(const struct run *run, find_take *take, void *taker)
{
    const size_t taken = match_grouped(run, take, taker);
    return taken > 0 ? taken : match_lettered_cpr(run, take, taker);
}
