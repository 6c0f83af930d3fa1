/* Telephone numbers: eight digits, the first 2 to 9 ("Den danske nummerplan"), and dates of birth. */
#include <string.h>

#include "run.h"
#include "tavs/secret.h"
#include "words.h"

enum { PHONE_DIGITS = 8 };

/* ---- dates of birth ------------------------------------------------------------------------- */

static bool is_year(const char *digits)
{
    return memcmp(digits, "19", 2) == 0 || memcmp(digits, "20", 2) == 0;
}

/* YYYYMMDD or DDMMYYYY */
static bool is_long_date(const char *digits)
{
    char short_date[6];
    if (is_year(digits)) {
        memcpy(short_date, digits + 6, 2);
        memcpy(short_date + 2, digits + 4, 2);
        memcpy(short_date + 4, digits + 2, 2);
        if (cpr_is_date(short_date))
            return true;
    }
    memcpy(short_date, digits, 4);
    memcpy(short_date + 4, digits + 6, 2);
    return is_year(digits + 4) && cpr_is_date(short_date);
}

/* The groups of a date in digits, or 0. */
static size_t date_groups(const struct run *run)
{
    const struct group *group = run->group;
    if (group[0].size == 6)
        return cpr_is_date(run->text.at + group[0].start) ? 1 : 0;
    if (group[0].size == 8)
        return is_long_date(run->text.at + group[0].start) ? 1 : 0;
    if (run->count < 3)
        return 0;
    const size_t first = group[0].size, second = group[1].size, third = group[2].size;
    const bool year_last = first <= 2 && second <= 2 && (third == 2 || third == 4);
    const bool year_first = first == 4 && second == 2 && third == 2;
    return year_last || year_first ? 3 : 0;
}

size_t run_match_birthday(const struct run *run, find_take *take, void *taker)
{
    size_t count = date_groups(run);
    if (count > 0 && !words_announce_birthday(run->said))
        count = 0;
    if (count > 0)
        run_report(run, count, SCAN_BIRTHDAY, SCAN_MEDIUM, take, taker);
    return count;
}

/* ---- telephone ------------------------------------------------------------------------------ */

/* Groups of three after the first: a number written with thousands. */
static bool has_thousands(const struct run *run, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (run->group[i].size != 3)
            return false;
    }
    return count > 1 && run->group[0].size <= 3;
}

/* The groups that hold `need` digits in all, or 0. */
static size_t groups_of(const struct run *run, size_t need)
{
    size_t digits = 0;
    for (size_t i = 0; i < run->count && digits < need; i++) {
        digits += run->group[i].size;
        if (digits == need)
            return i + 1;
        if (run->group[i].next == APART)
            return 0;
    }
    return 0;
}

/* "+45 …", "0045…", and other countries' numbers with a plus. */
static size_t match_foreign(const struct run *run, find_take *take, void *taker)
{
    const size_t start = run->group[0].start;
    const char *at = run->text.at + start;
    const bool plus = start > 0 && at[-1] == '+' && run->group[0].size >= 2;
    size_t count = 0;

    if (plus && memcmp(at, "45", 2) == 0)
        count = groups_of(run, 2 + PHONE_DIGITS);
    else if (run->group[0].size >= 4 && memcmp(at, "0045", 4) == 0)
        count = groups_of(run, 4 + PHONE_DIGITS);
    if (count > 0) {
        run_report(run, count, SCAN_PHONE, SCAN_HIGH, take, taker);
        return count;
    }
    for (size_t digits = 15; plus && digits >= 10 && count == 0; digits--)
        count = groups_of(run, digits);
    if (count < 2 || has_thousands(run, count) || run_is_part(run, count, true))
        return 0;
    run_report(run, count, SCAN_PHONE, SCAN_MEDIUM, take, taker);
    return count;
}

/* How sure the grouping of eight digits makes; false if it says nothing. */
static bool judge_phone(const struct run *run, size_t count, enum scan_confidence *confidence)
{
    const struct group *group = run->group;
    const enum find_trust trust = run->context->phone;
    if (count == 1) {
        *confidence = SCAN_LOW;
        return trust != FIND_NEVER;
    }
    const bool dotted = group[0].next == DOT;
    if (count == 4 && group[0].size == 2 && group[1].size == 2 && group[2].size == 2) {
        *confidence = dotted ? SCAN_LOW : SCAN_MEDIUM;
        return group[0].next == group[1].next && group[1].next == group[2].next;
    }
    if (count == 2 && group[0].size == 4 && !dotted && group[0].next != SLASH) {
        *confidence = run_is_whole(run, count) && !run->context->prose ? SCAN_MEDIUM : SCAN_LOW;
        return true;
    }
    return false;
}

/* "2016-2017", "31.12.2017" */
static bool is_time(const struct run *run, size_t count, const char *digits)
{
    if (count == 1)
        return run->context->phone != FIND_SURE && is_long_date(digits);
    return is_long_date(digits) || (is_year(digits) && is_year(digits + 4));
}

static bool has_single_digit(const struct run *run, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (run->group[i].size < 2)
            return true;
    }
    return false;
}

/* "?id=22334455" */
static bool is_in_link(const struct run *run)
{
    const size_t start = run->group[0].start;
    return start > 0 && memchr("/=#&", run->text.at[start - 1], 4) != NULL;
}

static bool is_hex(const char *at)
{
    for (size_t i = 0; i < 4; i++) {
        if (!(at[i] >= '0' && at[i] <= '9') && !((at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'f'))
            return false;
    }
    return true;
}

/* "1a2b 2233 4455 c4d5": fours of hexadecimal digits, as fingerprints of keys are written. */
static bool is_in_fingerprint(const struct run *run, size_t count)
{
    const struct scan_text text = run->text;
    const size_t start = run->group[0].start, end = run_end(run, count);
    if (count != 2 || run->group[0].size != 4)
        return false;
    return (start >= 5 && is_hex(text.at + start - 5)) ||
           (text.size - end >= 5 && is_hex(text.at + end + 1));
}

static size_t match_plain(const struct run *run, find_take *take, void *taker)
{
    char digits[PHONE_DIGITS];
    enum scan_confidence confidence = SCAN_HIGH;
    const size_t count = groups_of(run, PHONE_DIGITS);
    if (count == 0 || !run_gather(run, count, digits, sizeof digits) || digits[0] < '2')
        return 0;
    const bool said = words_announce_phone(run->said) || run->context->phone == FIND_SURE;
    const bool other = is_time(run, count, digits) || has_single_digit(run, count);
    const bool ok = said || judge_phone(run, count, &confidence);
    secret_wipe(digits, sizeof digits);
    if (other || !ok || run_is_decimals(run) || run_is_part(run, count, true))
        return 0;
    if (!said &&
        (run_touches_letter(run, count) || is_in_link(run) || is_in_fingerprint(run, count)))
        return 0;
    run_report(run, count, SCAN_PHONE, confidence, take, taker);
    return count;
}

/* "45 22 33 44 55", "4522334455" */
static size_t match_prefixed(const struct run *run, find_take *take, void *taker)
{
    const char *at = run->text.at + run->group[0].start;
    const size_t count = groups_of(run, 2 + PHONE_DIGITS);
    if (count == 0 || memcmp(at, "45", 2) != 0)
        return 0;
    const bool sure = run->context->phone == FIND_SURE || words_announce_phone(run->said);
    if (!sure && (count != 5 || run->group[0].size != 2 || run_is_part(run, count, true)))
        return 0;
    run_report(run, count, SCAN_PHONE, sure ? SCAN_HIGH : SCAN_MEDIUM, take, taker);
    return count;
}

size_t run_match_phone(const struct run *run, find_take *take, void *taker)
{
    size_t taken = match_foreign(run, take, taker);
    taken = taken > 0 ? taken : match_prefixed(run, take, taker);
    return taken > 0 ? taken : match_plain(run, take, taker);
}
