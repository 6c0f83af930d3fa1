/* Inside of cmd: text for people, composed piece by piece into guarded memory.
 *
 * A page is composed twice by the same calls: first without `bytes`, to learn how long it is, then
 * into `room` bytes. What does not fit is only counted.
 */
#ifndef TAVS_CMD_PAGE_H
#define TAVS_CMD_PAGE_H

#include "tavs/base.h"
#include "tavs/codebook.h"

struct page {
    char *bytes;
    size_t size, room;
    enum codebook_language language; /* of numbers */
};

void page_put(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_put_spaces(struct page *page, size_t count);

/* A label, and spaces up to `width` columns, at least one. */
void page_put_label(struct page *page, const char *label, size_t width);

/* The text, right-aligned in `width` columns. */
void page_put_right(struct page *page, size_t width, const char *text);

/* "12,345", in Danish "12.345", right-aligned in `width` columns. The text is a secret: wipe it. */
enum { PAGE_NUMBER_TEXT = 32 };
void page_format_number(char text[PAGE_NUMBER_TEXT], int64_t number,
                        enum codebook_language language);
void page_put_number(struct page *page, int width, int64_t number);

/* Words in lines of 78 columns. The first line has begun and has `column` columns, all others begin
 * with `indent` spaces. */
struct page_flow {
    struct page *page;
    size_t indent, column;
    bool begun;
};
void page_put_word(struct page_flow *flow, const char *word);
void page_put_words(struct page_flow *flow, const char *text);

/* All words of a text, whose first line has begun with `indent` or fewer columns, and a line feed. */
void page_put_wrapped(struct page *page, size_t indent, const char *text);

#endif
