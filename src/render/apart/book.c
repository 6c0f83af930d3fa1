#include "book.h"

#include <string.h>

#include "../inside.h"

void book_check(struct book *book, lxw_error result)
{
    if (book->failure == LXW_NO_ERROR)
        book->failure = result;
}

void book_put(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
              const char *text, enum book_format format)
{
    lxw_format *look = book->format[format];
    book_check(book, *text == '\0' ? worksheet_write_blank(sheet, row, column, look)
                                   : worksheet_write_string(sheet, row, column, text, look));
}

/* How many lines the words fill. */
static size_t lines_of(const char *text, size_t width)
{
    size_t lines = 1, filled = 0;
    while (*text != '\0') {
        char word[256];
        const size_t size = strcspn(text, " ");
        (void)snprintf(word, sizeof word, "%.*s", (int)size, text);
        const size_t wide = render_width(word);
        if (filled > 0 && filled + 1 + wide > width) {
            lines++;
            filled = 0;
        }
        filled += (filled > 0 ? 1 : 0) + wide;
        text += size + strspn(text + size, " ");
    }
    return lines;
}

/* Not every program makes a row as high as its text. */
void book_put_wrapped(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                      const char *text, size_t width)
{
    enum { GAP = 4 }; /* points, between this row and the next */
    const double height = LXW_DEF_ROW_HEIGHT * (double)lines_of(text, width) + (double)GAP;
    book_check(book, worksheet_set_row(sheet, row, height, NULL));
    book_put(book, sheet, row, column, text, BOOK_TEXT);
}

/* ---- headers and footers --------------------------------------------------------------------- */

/* The library takes so many characters; none has less than a byte. */
enum { MARGIN_TEXT = LXW_HEADER_FOOTER_MAX + 1 };

/* Appends a text as far as `room` bytes reach; an & would begin an instruction, but for a double
 * one. */
static void put_margin(char line[MARGIN_TEXT], size_t room, const char *text)
{
    size_t length = strlen(line);
    while (*text != '\0') {
        size_t size = 1;
        while (((unsigned char)text[size] & 0xc0) == 0x80)
            size++;
        const bool doubled = *text == '&';
        if (length + size + (doubled ? 1 : 0) >= room)
            break;
        if (doubled)
            line[length++] = '&';
        memcpy(line + length, text, size);
        length += size;
        text += size;
    }
    line[length] = '\0';
}

/* The mark stands above; below what the document is, as far as half a line reaches, its date and
 * the page. */
static void set_margins(struct book *book, lxw_worksheet *sheet)
{
    enum { HALF_A_LINE = 80 };
    char line[MARGIN_TEXT] = "&C&\"-,Bold\"&K9C0006";
    if (front_mark(book->document) != NULL) {
        put_margin(line, sizeof line, front_mark(book->document));
        book_check(book, worksheet_set_header(sheet, line));
    }
    strcpy(line, "&L");
    put_margin(line, HALF_A_LINE, book->document->title);
    strcat(line, "&R");
    put_margin(line, sizeof line / 2, book->document->date_text);
    strcat(line, "    &P / &N");
    book_check(book, worksheet_set_footer(sheet, line));
}

/* ---- sheets ---------------------------------------------------------------------------------- */

enum { PAPER_A4 = 9, TITLE_HEIGHT = 24 };

lxw_worksheet *book_add_sheet(struct book *book, const char *name, const char *title,
                              const struct table *table, lxw_row_t *row)
{
    static const double side = 0.5, edge = 0.75; /* inches */
    char free_name[BOOK_NAME_BYTES];
    book_name(free_name, book, name);
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, free_name);
    if (sheet == NULL) {
        book_check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return NULL;
    }
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_set_landscape(sheet);
    worksheet_set_margins(sheet, side, side, edge, edge);
    worksheet_fit_to_pages(sheet, 1, 1);
    set_margins(book, sheet);

    *row = 0;
    book_check(book, worksheet_set_row(sheet, *row, TITLE_HEIGHT, NULL));
    book_put(book, sheet, (*row)++, 0, title, BOOK_TITLE);
    book_put(book, sheet, (*row)++, 0, book->document->title, BOOK_SUBTITLE);
    if (front_mark(book->document) != NULL)
        book_put(book, sheet, (*row)++, 0, front_mark(book->document), BOOK_MARK);
    for (unsigned status = TABLE_HIDDEN; table != NULL && status <= TABLE_NOT_OFFERED; status++) {
        char text[FRONT_LEGEND];
        const char *legend = front_legend(book->document, table, (enum table_status)status, text);
        if (legend != NULL)
            book_put(book, sheet, (*row)++, 0, legend, BOOK_LEGEND);
    }
    for (size_t i = 0; table != NULL && table->together[i] != NULL; i++)
        book_put(book, sheet, (*row)++, 0, table->together[i], BOOK_LEGEND);
    (*row)++;
    return sheet;
}
