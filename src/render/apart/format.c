#include "book.h"

enum {
    INK = 0x1F2933,
    FAINT = 0x5F6B76,
    ALARM = 0x9C0006,
    HEAD_FILL = 0xE4ECF1,
    RULE = 0x8A98A5,
};

struct look {
    lxw_color_t color, fill; /* fill 0: none */
    uint8_t size;
    bool bold, italic, wrap, figure, right, indented, over, under; /* over, under: rules */
};

static const struct look looks[BOOK_FORMATS] = {
    [BOOK_TITLE] = {.color = INK, .size = 16, .bold = true},
    [BOOK_SUBTITLE] = {.color = FAINT, .size = 11},
    [BOOK_MARK] = {.color = ALARM, .size = 11, .bold = true},
    [BOOK_GROUP] = {.color = FAINT, .size = 10, .right = true},
    [BOOK_HEADING] = {.color = INK, .fill = HEAD_FILL, .size = 11, .bold = true, .under = true},
    [BOOK_HEADING_RIGHT] =
        {.color = INK, .fill = HEAD_FILL, .size = 11, .bold = true, .right = true, .under = true},
    [BOOK_HEADING_AFTER] = {.color = INK,
                            .fill = HEAD_FILL,
                            .size = 11,
                            .bold = true,
                            .indented = true,
                            .under = true},
    [BOOK_LABEL] = {.color = INK, .size = 11},
    [BOOK_LABEL_AFTER] = {.color = INK, .size = 11, .indented = true},
    [BOOK_FIGURE] = {.color = INK, .size = 11, .figure = true},
    [BOOK_SYMBOL] = {.color = FAINT, .size = 11, .right = true},
    [BOOK_TOTAL_LABEL] = {.color = INK, .size = 11, .bold = true, .over = true},
    [BOOK_TOTAL_FIGURE] = {.color = INK, .size = 11, .bold = true, .figure = true, .over = true},
    [BOOK_TOTAL_SYMBOL] = {.color = FAINT, .size = 11, .bold = true, .right = true, .over = true},
    [BOOK_LEGEND] = {.color = FAINT, .size = 10, .italic = true},
    [BOOK_SECTION] = {.color = INK, .size = 13, .bold = true},
    [BOOK_TERM] = {.color = INK, .size = 11, .bold = true},
    [BOOK_TEXT] = {.color = INK, .size = 11, .wrap = true},
};

static lxw_format *make_format(lxw_workbook *workbook, const struct look *look)
{
    lxw_format *format = workbook_add_format(workbook);
    if (format == NULL)
        return NULL;
    format_set_font_size(format, look->size);
    format_set_font_color(format, look->color);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (look->bold)
        format_set_bold(format);
    if (look->italic)
        format_set_italic(format);
    if (look->wrap)
        format_set_text_wrap(format);
    if (look->fill != 0)
        format_set_bg_color(format, look->fill);
    if (look->figure)
        format_set_num_format(format, "#,##0");
    if (look->right)
        format_set_align(format, LXW_ALIGN_RIGHT);
    if (look->indented)
        format_set_indent(format, 1);
    if (look->over) {
        format_set_top(format, LXW_BORDER_THIN);
        format_set_top_color(format, RULE);
    }
    if (look->under) {
        format_set_bottom(format, LXW_BORDER_THIN);
        format_set_bottom_color(format, RULE);
    }
    return format;
}

void format_add_all(struct book *book)
{
    for (size_t i = 0; i < BOOK_FORMATS; i++) {
        book->format[i] = make_format(book->workbook, &looks[i]);
        if (book->format[i] == NULL)
            book_check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
}
