#include "page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tavs/render.h"
#include "tavs/secret.h"

enum { LINE = 78 };

void page_put(struct page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const bool fits = page->size < page->room;
    const int length = vsnprintf(fits ? page->bytes + page->size : NULL,
                                 fits ? page->room - page->size : 0, format, arguments);
    va_end(arguments);
    page->size += length < 0 ? 0 : (size_t)length;
}

void page_put_spaces(struct page *page, size_t count)
{
    page_put(page, "%*s", (int)count, "");
}

void page_put_label(struct page *page, const char *label, size_t width)
{
    const size_t taken = render_width(label);
    page_put(page, "%s", label);
    page_put_spaces(page, taken < width ? width - taken : 1);
}

void page_put_right(struct page *page, size_t width, const char *text)
{
    const size_t taken = render_width(text);
    page_put_spaces(page, taken < width ? width - taken : 0);
    page_put(page, "%s", text);
}

void page_format_number(char text[PAGE_NUMBER_TEXT], int64_t number,
                        enum codebook_language language)
{
    const char separator = language == CODEBOOK_DANISH ? '.' : ',';
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    size_t begin = PAGE_NUMBER_TEXT - 1;
    text[begin] = '\0';
    for (unsigned digits = 0; rest > 0 || digits == 0; rest /= 10, digits++) {
        if (digits > 0 && digits % 3 == 0)
            text[--begin] = separator;
        text[--begin] = (char)('0' + rest % 10);
    }
    if (number < 0)
        text[--begin] = '-';
    memmove(text, text + begin, PAGE_NUMBER_TEXT - begin);
}

void page_put_number(struct page *page, int width, int64_t number)
{
    char text[PAGE_NUMBER_TEXT];
    page_format_number(text, number, page->language);
    page_put(page, "%*s", width, text);
    secret_wipe(text, sizeof text);
}

static void put_part(struct page_flow *flow, const char *word, size_t length, size_t width)
{
    if (flow->begun && flow->column + 1 + width > LINE) {
        page_put(flow->page, "\n");
        page_put_spaces(flow->page, flow->indent);
        flow->column = flow->indent;
    } else if (flow->begun) {
        page_put(flow->page, " ");
        flow->column++;
    }
    page_put(flow->page, "%.*s", (int)length, word);
    flow->column += width;
    flow->begun = true;
}

void page_put_word(struct page_flow *flow, const char *word)
{
    put_part(flow, word, strlen(word), render_width(word));
}

void page_put_words(struct page_flow *flow, const char *text)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        const size_t width = render_width(text) - render_width(text + length);
        put_part(flow, text, length, width);
        text += length;
        text += strspn(text, " ");
    }
}

void page_put_wrapped(struct page *page, size_t indent, const char *text)
{
    struct page_flow flow = {.page = page, .indent = indent, .column = indent};
    page_put_words(&flow, text);
    page_put(page, "\n");
}
