/* Numbers are looked for in runs of digit groups. At each group the usual groupings of a CPR number
 * are tried, then a date of birth, then a telephone number. */
#include <string.h>

#include "run.h"
#include "tavs/secret.h"

bool run_digit_at(struct scan_text text, size_t at)
{
    return at < text.size && chars_is_digit((unsigned char)text.at[at]);
}

static size_t digits_end(struct scan_text text, size_t at)
{
    while (run_digit_at(text, at))
        at++;
    return at;
}

/* What stands between a group that ends at `at` and the next one, whose start goes to *next. */
static enum separator read_separator(struct scan_text text, size_t at, size_t *next, bool *loose)
{
    enum separator found = APART;
    size_t spaces = 0;
    for (size_t i = 0, size; i < MOST_BETWEEN && at < text.size; i++, at += size) {
        const uint32_t point = chars_next(text.at + at, text.size - at, &size);
        if (chars_is_digit(point)) {
            *next = at;
            *loose = found != APART && spaces > 0;
            return found != APART ? found : SPACE;
        }
        if (chars_is_space(point) || point == '(' || point == ')' || point == '_') {
            spaces++;
            continue;
        }
        if (found != APART)
            return APART;
        found = chars_is_dash(point) ? DASH : point == '.' ? DOT : point == '/' ? SLASH : APART;
        if (found == APART)
            return APART;
    }
    if (run_digit_at(text, at)) {
        *next = at;
        *loose = found != APART && spaces > 0;
        return found != APART ? found : SPACE;
    }
    return APART;
}

static void read_run(struct run *run, size_t at)
{
    run->count = 0;
    while (run->count < MOST_GROUPS) {
        struct group *group = &run->group[run->count++];
        size_t next = at;
        group->start = at;
        group->size = digits_end(run->text, at) - at;
        group->loose = false;
        group->next = read_separator(run->text, at + group->size, &next, &group->loose);
        if (group->next == APART || group->size > MOST_DIGITS)
            return;
        at = next;
    }
}

/* 0xc3 begins the Danish letters. */
static bool is_wordy(char byte)
{
    const unsigned char c = (unsigned char)byte;
    return c == '_' || c == 0xc3 || (c < 0x80 && chars_is_letter(c));
}

/* The last letters before the run, in lower case (ASCII; the words have no others to tell apart). */
static void read_said(struct run *run)
{
    const size_t end = run->group[0].start;
    size_t start = end > BEFORE_BYTES ? end - BEFORE_BYTES : 0;
    size_t length = 0;
    bool letters = false;
    for (; start < end; start++) {
        const char c = run->text.at[start];
        run->said[length++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '\0' ? ' ' : c;
        letters = letters || is_wordy(c);
    }
    run->said[letters ? length : 0] = '\0';
}

bool run_gather(const struct run *run, size_t count, char *digits, size_t need)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (length + run->group[i].size > need)
            return false;
        memcpy(digits + length, run->text.at + run->group[i].start, run->group[i].size);
        length += run->group[i].size;
    }
    return length == need;
}

size_t run_end(const struct run *run, size_t count)
{
    return run->group[count - 1].start + run->group[count - 1].size;
}

bool run_is_whole(const struct run *run, size_t count)
{
    return run->group[0].start == 0 && run_end(run, count) == run->text.size;
}

bool run_is_part(const struct run *run, size_t count, bool by_space)
{
    const struct group *before = &run->before, *last = &run->group[count - 1];
    const bool joined_before =
        before->size > 0 && !before->loose && (by_space || before->next != SPACE);
    const bool joined_after =
        last->next != APART && !last->loose && (by_space || last->next != SPACE);
    return joined_before || joined_after;
}

bool run_touches_letter(const struct run *run, size_t count)
{
    const size_t start = run->group[0].start, end = run_end(run, count);
    const struct scan_text text = run->text;
    return (start > 0 && is_wordy(text.at[start - 1])) ||
           (end < text.size && is_wordy(text.at[end]));
}

bool run_is_decimals(const struct run *run)
{
    const size_t start = run->group[0].start;
    return start > 1 && run->text.at[start - 1] == ',' && run_digit_at(run->text, start - 2);
}

void run_report(const struct run *run, size_t count, enum scan_kind kind,
                enum scan_confidence confidence, find_take *take, void *taker)
{
    const size_t start = run->group[0].start;
    const struct find_hit hit = {kind, confidence, start, run_end(run, count) - start};
    take(taker, &hit);
}

void find_numbers(struct scan_text text, const struct find_context *context, find_take *take,
                  void *taker)
{
    struct run run = {.text = text, .context = context};
    size_t at = 0;
    while (at < text.size) {
        if (!run_digit_at(text, at)) {
            at++;
            run.before.size = 0;
            continue;
        }
        read_run(&run, at);
        read_said(&run);
        size_t taken = run_match_cpr(&run, take, taker);
        taken = taken > 0 ? taken : run_match_birthday(&run, take, taker);
        taken = taken > 0 ? taken : run_match_phone(&run, take, taker);
        const struct group last = run.group[(taken > 0 ? taken : 1) - 1];
        size_t next = last.start + last.size;
        run.before.size = 0;
        if (last.next != APART) {
            bool loose;
            run.before = last;
            (void)read_separator(text, next, &next, &loose);
        }
        at = next;
    }
    secret_wipe(run.said, sizeof run.said);
}
