/* Running text: a line ends in the middle of a number, a word or an address, and notes' signs stand at numbers. */
#include <string.h>

#include "../chars.h"
#include "pdf.h"

enum { CPR_DIGITS = 10, DATE_DIGITS = 6, RUN_LETTERS = 16, MOST_NOTE = 2, MOST_TOKEN = 320 };

static const float small = 0.8F; /* a note's sign is this much lower than what it stands at */
static const float far =
    2.2F; /* lines this far apart, in heights, belong to different paragraphs */

struct joiner {
    struct pdf_sink *sink;
    uint32_t page;
    const struct pdf_letter *letters;
    size_t count;
    struct bytes text;
};

static uint32_t point_at(const struct joiner *joiner, size_t at)
{
    return at < joiner->count ? joiner->letters[at].point : 0;
}

static bool digit_at(const struct joiner *joiner, size_t at)
{
    return chars_is_digit(point_at(joiner, at));
}

static bool is_hyphen(uint32_t point)
{
    return chars_is_dash(point) || point == 0xad;
}

static float height_at(const struct joiner *joiner, size_t at)
{
    return joiner->letters[at].bottom - joiner->letters[at].top;
}

static void add(struct joiner *joiner, uint32_t point)
{
    if (!pdf_add_point(&joiner->text, point))
        pdf_stop(joiner->sink, SCAN_READ_NO_MEMORY);
}

static void send(struct joiner *joiner)
{
    pdf_send(joiner->sink, joiner->page, NULL, 0, joiner->text.at, joiner->text.size);
    joiner->text.size = 0;
}

/* ---- line ends ------------------------------------------------------------------------------ */

/* Copies what is around a line end as long as it is digits and dashes (written "-"); false if it is nothing like a
 * CPR number. *before is how much of it stands before the line end. */
static bool gather(const struct joiner *joiner, size_t last, size_t next, char run[RUN_LETTERS],
                   size_t *before)
{
    size_t start = last + 1, size = 0;
    while (start > 0 && (digit_at(joiner, start - 1) || is_hyphen(point_at(joiner, start - 1)))) {
        if (last + 1 - --start > CPR_DIGITS)
            return false;
    }
    *before = last + 1 - start;
    for (size_t i = start; i <= last; i++)
        run[size++] = digit_at(joiner, i) ? (char)point_at(joiner, i) : '-';
    for (; digit_at(joiner, next) || is_hyphen(point_at(joiner, next)); next++) {
        if (size + 1 == RUN_LETTERS)
            return false;
        run[size++] = digit_at(joiner, next) ? (char)point_at(joiner, next) : '-';
    }
    run[size] = '\0';
    return true;
}

/* "0707" and "614285", "070761-42" and "85". What is parted after the date reads as a number with a space. */
static bool is_parted_number(const struct joiner *joiner, size_t last, size_t next)
{
    char run[RUN_LETTERS];
    size_t before;
    if (!digit_at(joiner, last) || !digit_at(joiner, next) ||
        !gather(joiner, last, next, run, &before))
        return false;
    const size_t size = strlen(run);
    const char *dash = strchr(run, '-');
    const bool whole = dash == NULL ? size == CPR_DIGITS && before != DATE_DIGITS
                                    : size == CPR_DIGITS + 1 && dash == run + DATE_DIGITS &&
                                          strchr(dash + 1, '-') == NULL;
    explicit_bzero(run, sizeof run);
    return whole;
}

/* "anna@" and "example.dk", "anna" and "@example.dk", "anna@example" and ".dk" */
static bool is_parted_address(const struct joiner *joiner, size_t last, size_t next)
{
    bool dot = false;
    if (point_at(joiner, next) == '@')
        return true;
    for (size_t i = 0; i <= last && i < MOST_TOKEN; i++) {
        const uint32_t point = point_at(joiner, last - i);
        if (chars_is_space(point) || point == '\n')
            return false;
        if (point == '@')
            return !dot;
        dot = dot || point == '.';
    }
    return false;
}

enum ending { APART, JOINED, JOINED_WITHOUT_HYPHEN };

/* `last` and `next` are the letters on both sides of a line end. */
static enum ending ending_of(const struct joiner *joiner, size_t last, size_t next)
{
    const uint32_t left = point_at(joiner, last), right = point_at(joiner, next);
    if (is_hyphen(left) && last > 0 && next > last + 1) {
        const uint32_t before = point_at(joiner, last - 1);
        if (chars_is_letter(before) && chars_is_letter(right))
            return chars_is_upper(right) && left != 0xad ? JOINED : JOINED_WITHOUT_HYPHEN;
        if (chars_is_digit(before) && chars_is_digit(right))
            return JOINED;
    }
    if (is_hyphen(right) && chars_is_digit(left) && digit_at(joiner, next + 1))
        return JOINED;
    return is_parted_number(joiner, last, next) || is_parted_address(joiner, last, next) ? JOINED
                                                                                         : APART;
}

static bool is_line_space(uint32_t point)
{
    return point == '\n' || point == '\r' || point == '\f' || chars_is_space(point);
}

/* From the end of a line to the next line's first letter, which is returned. */
static size_t take_line_end(struct joiner *joiner, size_t at)
{
    size_t last = at, next = at;
    while (next < joiner->count && is_line_space(point_at(joiner, next)))
        next++;
    while (last > 0 && is_line_space(point_at(joiner, last - 1)))
        last--;
    while (joiner->text.size > 0 && joiner->text.at[joiner->text.size - 1] == ' ')
        joiner->text.size--;
    if (last == 0 || next == joiner->count)
        return next;
    switch (ending_of(joiner, --last, next)) {
    case JOINED_WITHOUT_HYPHEN:
        while (joiner->text.size > 0 && (joiner->text.at[--joiner->text.size] & 0xc0) == 0x80)
            continue; /* the hyphen's last byte, and those before it */
        break;
    case JOINED:
        break;
    default:
        add(joiner, ' ');
        const float down = joiner->letters[next].top - joiner->letters[last].top;
        if (down > far * height_at(joiner, last) && down > far * height_at(joiner, next))
            send(joiner);
    }
    return next;
}

/* ---- notes' signs --------------------------------------------------------------------------- */

/* How many digits from `at` on are the sign of a note: one or two that are lower than the digit before them. */
static size_t note_size(const struct joiner *joiner, size_t at)
{
    size_t size = 0;
    if (at == 0 || !digit_at(joiner, at - 1))
        return 0;
    const float most = small * height_at(joiner, at - 1);
    while (digit_at(joiner, at + size) && height_at(joiner, at + size) < most)
        size++;
    return size <= MOST_NOTE ? size : 0;
}

static size_t count_digits(const struct joiner *joiner, size_t at)
{
    size_t size = 0;
    while (size <= CPR_DIGITS + 1 && digit_at(joiner, at + size))
        size++;
    return size;
}

/* "0707611-4285" and "070761-42851": as they would be without the note, and with no dash, for it may be another
 * number altogether. */
static void send_without_note(struct joiner *joiner, size_t at)
{
    enum { SERIAL_DIGITS = CPR_DIGITS - DATE_DIGITS };
    const size_t date = count_digits(joiner, at);
    if ((at > 0 && digit_at(joiner, at - 1)) || (date != DATE_DIGITS && date != DATE_DIGITS + 1) ||
        !is_hyphen(point_at(joiner, at + date)))
        return;
    const size_t serial = count_digits(joiner, at + date + 1);
    const size_t extra = date > DATE_DIGITS ? at + DATE_DIGITS : at + date + 1 + SERIAL_DIGITS;
    if (date + serial != CPR_DIGITS + 1 || serial < SERIAL_DIGITS || note_size(joiner, extra) > 0)
        return;
    char number[CPR_DIGITS + 4] = "| "; /* so that it is not the whole of the text */
    for (size_t i = 0; i < CPR_DIGITS; i++)
        number[2 + i] =
            (char)point_at(joiner, i < DATE_DIGITS ? at + i : at + date + 1 + i - DATE_DIGITS);
    pdf_send(joiner->sink, joiner->page, NULL, 0, number, 2 + CPR_DIGITS);
    explicit_bzero(number, sizeof number);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool is_shown(uint32_t point)
{
    return point != 0xad && point != 0x200b && point != 0x200c && point != 0x200d &&
           point != 0x2060 && point != 0xfeff;
}

void pdf_take_running(struct pdf_sink *sink, uint32_t page, const struct pdf_letter *letters,
                      size_t count)
{
    struct joiner joiner = {.sink = sink, .page = page, .letters = letters, .count = count};
    for (size_t at = 0; at < count && sink->state == SCAN_READ_OK;) {
        const uint32_t point = letters[at].point;
        if (point == '\n') {
            at = take_line_end(&joiner, at);
            continue;
        }
        if (chars_is_digit(point)) {
            const size_t note = note_size(&joiner, at);
            at += note;
            if (note > 0)
                continue;
            send_without_note(&joiner, at);
        }
        /* a soft hyphen is needed until it is known whether the line ends after it */
        if (is_shown(point) || (point == 0xad && is_line_space(point_at(&joiner, at + 1))))
            add(&joiner, point);
        at++;
    }
    send(&joiner);
    bytes_free(&joiner.text);
}
