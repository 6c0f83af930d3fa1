#include <string.h>

#include "find.h"
#include "words.h"

static bool is_digit_byte(char c)
{
    return chars_is_digit((unsigned char)c);
}

static bool is_alnum_byte(char c)
{
    return is_digit_byte(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* ---- numbers -------------------------------------------------------------------------------- */

static bool drop_end(struct scan_text *text, const char *end)
{
    const size_t size = strlen(end);
    if (text->size < size || strncasecmp(text->at + text->size - size, end, size) != 0)
        return false;
    text->size -= size;
    *text = chars_trim(*text);
    return true;
}

static bool drop_start(struct scan_text *text, const char *start)
{
    const size_t size = strlen(start);
    if (text->size < size || memcmp(text->at, start, size) != 0)
        return false;
    text->at += size;
    text->size -= size;
    *text = chars_trim(*text);
    return true;
}

static bool is_missing(struct scan_text text)
{
    enum { LONGEST = 3 }; /* in bytes */
    static const char *const symbols[] = {"..", "-", "–", "—", ":", ".", "...", "n/a", "…", NULL};
    for (const char *const *symbol = symbols; text.size <= LONGEST && *symbol != NULL; symbol++) {
        if (text.size == strlen(*symbol) && strncasecmp(text.at, *symbol, text.size) == 0)
            return true;
    }
    return false;
}

/* Digits in groups: one separator of any kind, or threes and at most one decimal sign. */
static bool is_grouped(struct scan_text text)
{
    size_t groups = 1, digits = 0, odd = 0;
    bool last_is_odd = false;
    uint32_t separator = 0, last = 0;
    for (size_t i = 0, size; i < text.size; i += size) {
        const uint32_t point = chars_next(text.at + i, text.size - i, &size);
        if (chars_is_digit(point)) {
            digits++;
            continue;
        }
        if (point != '.' && point != ',' && point != '\'' && !chars_is_space(point))
            return false;
        if (digits == 0 || (groups == 1 && digits > 3 && chars_is_space(point)))
            return false;
        if (groups > 1)
            odd += digits != 3;
        separator = groups == 1 ? point : separator;
        last = point;
        groups++;
        digits = 0;
    }
    last_is_odd = digits != 3;
    if (digits == 0)
        return false;
    if (groups == 1 || (groups == 2 && !chars_is_space(separator)))
        return true;
    return odd == 0 && (!last_is_odd || (groups > 2 && last != separator));
}

bool find_is_number(struct scan_text text)
{
    static const char *const before[] = {"<", ">", "≤", "≥", "~", "+", "-", "−", "–", NULL};
    static const char *const after[] = {"%", "kr.", "kr", "pct.", "pct", "dkk", "*", ",-", NULL};
    text = chars_trim(text);
    if (text.size == 0)
        return true;
    const bool begins = is_digit_byte(text.at[0]);
    const bool ends = is_digit_byte(text.at[text.size - 1]);
    if (!begins && is_missing(text))
        return true;
    if (!begins && is_alnum_byte(text.at[0]))
        return false;
    for (const char *const *sign = after; !ends && *sign != NULL; sign++) {
        if (drop_end(&text, *sign))
            break;
    }
    for (const char *const *sign = before; !begins && *sign != NULL; sign++) {
        if (drop_start(&text, *sign))
            break;
    }
    return text.size > 0 && is_grouped(text);
}

size_t find_plain_digits(struct scan_text text, char *digits, size_t room)
{
    text = chars_trim(text);
    if (text.size > 2 && text.at[text.size - 1] == '0' &&
        (text.at[text.size - 2] == '.' || text.at[text.size - 2] == ','))
        text.size -= 2;
    if (text.size > room)
        return 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit_byte(text.at[i]))
            return 0;
    }
    memcpy(digits, text.at, text.size);
    return text.size;
}

/* ---- e-mail --------------------------------------------------------------------------------- */

enum { LOCAL_BYTES = 64, DOMAIN_BYTES = 255, ENDING_BYTES = 24 };

static bool is_local(char c)
{
    return is_alnum_byte(c) || (c & 0x80) != 0 || (c != '\0' && strchr("._%+-", c) != NULL);
}

/* The size of a domain name with a dot at `at`, 0 if there is none. */
static size_t domain_size(struct scan_text text, size_t at)
{
    size_t end = at, dot = 0;
    while (end < text.size && end - at < DOMAIN_BYTES &&
           (is_alnum_byte(text.at[end]) || (text.at[end] & 0x80) != 0 || text.at[end] == '-' ||
            text.at[end] == '.')) {
        if (text.at[end] == '.' && end + 1 < text.size && is_alnum_byte(text.at[end + 1]))
            dot = end;
        end++;
    }
    while (end > at && (text.at[end - 1] == '.' || text.at[end - 1] == '-'))
        end--;
    if (dot <= at || end < dot + 3 || end > dot + ENDING_BYTES)
        return 0;
    static const char *const files[] = {"png", "jpg", "jpeg", "svg", "gif", "webp", NULL};
    for (size_t i = dot + 1; i < end; i++) {
        if (is_digit_byte(text.at[i]))
            return 0;
    }
    for (const char *const *file = files; *file != NULL; file++) {
        if (chars_same((struct scan_text){text.at + dot + 1, end - dot - 1}, *file))
            return 0;
    }
    return end - at;
}

/* Addresses of an office rather than of a person. */
static bool is_office(struct scan_text local)
{
    static const char *const names[] = {
        "info",           "kontakt",       "contact",    "post",     "mail",
        "kommunen",       "kommune",       "support",    "admin",    "webmaster",
        "noreply",        "no-reply",      "postmaster", "helpdesk", "raadgivning",
        "hovedpostkasse", "borgerservice", "sikkerpost", "office",   "hello",
        "presse",         "press",         NULL};
    for (const char *const *name = names; *name != NULL; name++) {
        if (chars_same(local, *name))
            return true;
    }
    return false;
}

static void take_email(struct scan_text text, size_t at, size_t sign, bool written_out,
                       find_take *take, void *taker)
{
    size_t end = at, domain = at + sign;
    while (written_out && end > 0 && text.at[end - 1] == ' ')
        end--;
    while (written_out && domain < text.size && text.at[domain] == ' ')
        domain++;
    size_t start = end;
    while (start > 0 && end - start < LOCAL_BYTES && is_local(text.at[start - 1]))
        start--;
    const size_t size = domain_size(text, domain);
    if (start == end || size == 0)
        return;
    const bool office = is_office((struct scan_text){text.at + start, end - start});
    const struct find_hit hit = {SCAN_EMAIL,
                                 office        ? SCAN_LOW
                                 : written_out ? SCAN_MEDIUM
                                               : SCAN_HIGH,
                                 start, domain + size - start};
    take(taker, &hit);
}

void find_emails(struct scan_text text, find_take *take, void *taker)
{
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.at[i];
        if (c == '@')
            take_email(text, i, 1, false, take, taker);
        else if ((c == '(' || c == '[') && text.size - i > 4 &&
                 (strncasecmp(text.at + i, "(at)", 4) == 0 ||
                  strncasecmp(text.at + i, "[at]", 4) == 0))
            take_email(text, i, 4, true, take, taker);
    }
}
