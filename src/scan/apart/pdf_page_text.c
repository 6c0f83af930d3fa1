/* What stands on a page: first what is by its place a table, a list, or digits in boxes, then the rest as running
 * text. Also the little things that all of pdf_*.c need. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../chars.h"
#include "pdf.h"

void pdf_stop(struct pdf_sink *sink, enum scan_read state)
{
    if (sink->state == SCAN_READ_OK)
        sink->state = state;
}

static void send_cell(struct pdf_sink *sink, const struct scan_cell *cell)
{
    if (sink->state == SCAN_READ_OK && !sink->take(sink->context, cell))
        sink->state = SCAN_READ_STOPPED;
}

void pdf_send(struct pdf_sink *sink, uint32_t page, const char *part, unsigned flags,
              const char *text, size_t size)
{
    const struct scan_cell cell = {.row = page,
                                   .flags = flags | SCAN_CELL_PROSE |
                                            (part != NULL ? SCAN_CELL_PART : 0),
                                   .text = text,
                                   .size = size,
                                   .part = part};
    if (size > PDF_MOST_TEXT - sink->text)
        pdf_stop(sink, SCAN_READ_TOO_BIG);
    if (size == 0 || sink->state != SCAN_READ_OK)
        return;
    sink->text += size;
    send_cell(sink, &cell);
}

void pdf_unread(struct pdf_sink *sink, enum scan_unread unread, const char *part)
{
    const struct scan_cell cell = {.flags = SCAN_CELL_UNREAD | SCAN_CELL_PROSE |
                                            (part != NULL ? SCAN_CELL_PART : 0),
                                   .part = part,
                                   .unread = unread};
    if (unread != SCAN_UNREAD_MACRO || !sink->has_program)
        send_cell(sink, &cell);
    sink->has_program = sink->has_program || unread == SCAN_UNREAD_MACRO;
}

bool pdf_add_point(struct bytes *bytes, uint32_t point)
{
    char out[4];
    return bytes_add(bytes, out, chars_put(out, point));
}

/* ---- letters that are no letters ------------------------------------------------------------ */

/* Symbol fonts have their characters from U+F020 on; digits of other scripts and full-width ones are digits. */
static uint32_t plain_point(uint32_t point)
{
    static const uint32_t zeros[] = {0x660, 0x6f0, 0xff10};
    if (point >= 0xf020 && point <= 0xf07e)
        return point - 0xf000;
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        if (point >= zeros[i] && point < zeros[i] + 10)
            return '0' + (point - zeros[i]);
    }
    return point;
}

/* What a font gives whose letters can't be told. */
static bool is_undecoded(uint32_t point)
{
    return (point < 0x20 && point != '\n' && point != '\t' && point != '\r' && point != '\f') ||
           (point >= 0x7f && point < 0xa0) || point == 0xfffd || point > 0x10ffff;
}

static float tidy(float length)
{
    static const float most = 1e6F;
    return isfinite(length) ? fmaxf(-most, fminf(most, length)) : 0;
}

/* Returns how many of them are shown and can be read. */
static size_t tidy_letters(struct pdf_letter *letters, size_t count, bool *undecoded)
{
    size_t readable = 0;
    for (size_t i = 0; i < count; i++) {
        struct pdf_letter *letter = &letters[i];
        *undecoded = *undecoded || is_undecoded(letter->point);
        letter->point = is_undecoded(letter->point) ? 0xfffd : plain_point(letter->point);
        *letter = (struct pdf_letter){letter->point, tidy(letter->left), tidy(letter->top),
                                      tidy(letter->right), tidy(letter->bottom)};
        readable += letter->point != 0xfffd && letter->point != '\n' && letter->point != '\f' &&
                    !chars_is_space(letter->point);
    }
    return readable;
}

/* ---- a page --------------------------------------------------------------------------------- */

/* The letters that are not taken, in pieces: what stands before and after a table does not belong together. */
static void take_rest(struct pdf_sink *sink, uint32_t page, struct pdf_letter *letters,
                      size_t count, const bool *taken)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!taken[i]) {
            letters[kept++] = letters[i];
        } else if (kept > 0) {
            pdf_take_running(sink, page, letters, kept);
            kept = 0;
        }
    }
    pdf_take_running(sink, page, letters, kept);
}

void pdf_take_letters(struct pdf_sink *sink, uint32_t page, struct pdf_letter *letters,
                      size_t count)
{
    bool undecoded = false;
    const size_t readable = tidy_letters(letters, count, &undecoded);
    sink->text += count;
    if (count > PDF_MOST_LETTERS || sink->text > PDF_MOST_TEXT)
        pdf_stop(sink, SCAN_READ_TOO_BIG);
    if (readable == 0 || undecoded)
        pdf_unread(sink, SCAN_UNREAD_PAGE, NULL);
    if (readable == 0 || sink->state != SCAN_READ_OK)
        return;
    bool *taken = calloc(count, sizeof *taken);
    if (taken == NULL) {
        pdf_stop(sink, SCAN_READ_NO_MEMORY);
        return;
    }
    pdf_take_lines(sink, page, letters, count, taken);
    take_rest(sink, page, letters, count, taken);
    free(taken);
}
