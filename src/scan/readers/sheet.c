/* One sheet: rows of cells, and what else stands in it (headers and footers, rules for input). */
#include <stdlib.h>

#include "parts.h"

enum { COLOUR_DIGITS = 6, MOST_SIZE_DIGITS = 3 };

/* "AB12": column 28. 0 if there are no letters. */
static uint32_t column_of(const char *reference)
{
    uint32_t column = 0;
    for (; *reference >= 'A' && *reference <= 'Z' && column <= SCAN_MOST_COLUMNS; reference++)
        column = column * 26 + (uint32_t)(*reference - 'A' + 1);
    return column;
}

/* "A1:A20" spans one column. */
static bool spans_one_column(const char *range)
{
    const char *colon = strchr(range, ':');
    return colon != NULL && column_of(range) == column_of(colon + 1);
}

/* ---- rows and cells ------------------------------------------------------------------------- */

void sheet_begin(struct sheet *sheet, uint32_t table)
{
    row_begin(&sheet->row, table, 0);
    sheet->text.size = 0;
    sheet->column = 0;
    sheet->one_column = sheet->whole = sheet->letters = false;
    sheet->type[0] = '\0';
}

void sheet_free(struct sheet *sheet)
{
    row_free(&sheet->row);
    bytes_free(&sheet->text);
}

static void start_row(struct sheet *sheet, const char *number)
{
    const unsigned long row = strtoul(number, NULL, 10);
    const uint32_t next = sheet->row.number + 1;
    row_begin(&sheet->row, sheet->row.table, row > 0 && row < UINT32_MAX ? (uint32_t)row : next);
    sheet->column = 0;
}

static void start_cell(struct part *part, struct sheet *sheet, const xmlChar **attributes)
{
    const uint32_t column = column_of(part_attribute(attributes, "r"));
    sheet->column = column > 0 ? column : sheet->column + (sheet->column < UINT32_MAX);
    sheet->style = strtol(part_attribute(attributes, "s"), NULL, 10);
    snprintf(sheet->type, sizeof sheet->type, "%s", part_attribute(attributes, "t"));
    if (!row_cell(&sheet->row, sheet->column, 0))
        part_stop(part, SCAN_READ_NO_MEMORY);
}

static void on_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct sheet *sheet = &((struct workbook *)part->own)->sheet;
    part_send_attributes(part, name, attributes);
    if (is(name, "dimension"))
        sheet->one_column = spans_one_column(part_attribute(attributes, "ref"));
    else if (is(name, "row"))
        start_row(sheet, part_attribute(attributes, "r"));
    else if (is(name, "c"))
        start_cell(part, sheet, attributes);
    if (!sheet->whole)
        sheet->text.size = 0;
    sheet->whole = sheet->whole || is(name, "is");
    sheet->letters = is(name, "t");
}

/* ---- values --------------------------------------------------------------------------------- */

static const struct number_format *style_of(const struct workbook *book)
{
    if (book->sheet.style < 0 || (size_t)book->sheet.style >= book->style_count)
        return NULL;
    return &book->styles[book->sheet.style];
}

static void put(struct part *part, struct sheet *sheet, const char *text, size_t size)
{
    if (!bytes_add(&sheet->row.text, text, size))
        part_stop(part, SCAN_READ_NO_MEMORY);
}

/* A string by its number. */
static void put_string(struct part *part, struct workbook *book, const char *value, size_t size)
{
    char number[SHOWN_BYTES];
    snprintf(number, sizeof number, "%.*s", (int)(size < sizeof number ? size : sizeof number),
             value);
    const unsigned long index = strtoul(number, NULL, 10);
    if (index >= book->string_count) {
        part_stop(part, SCAN_READ_DAMAGED);
        return;
    }
    const uint32_t start = index > 0 ? book->string_ends[index - 1] : 0;
    book->string_used[index] = true;
    part_again(part, book->string_ends[index] - start);
    if (book->string_ends[index] > start && part->package->state == SCAN_READ_OK)
        put(part, &book->sheet, book->strings.at + start, book->string_ends[index] - start);
}

static void put_number(struct part *part, struct workbook *book, const char *value, size_t size)
{
    char shown[SHOWN_BYTES];
    const size_t length = shown_number(style_of(book), book->day_zero, value, size, shown);
    put(part, &book->sheet, length > 0 ? shown : value, length > 0 ? length : size);
    explicit_bzero(shown, sizeof shown);
}

/* The value of the cell whose "v" has ended. */
static void take_value(struct part *part, struct workbook *book)
{
    struct sheet *sheet = &book->sheet;
    struct bytes *text = &sheet->text;
    if (text->size == 0)
        return;
    if (is(sheet->type, "s")) {
        put_string(part, book, text->at, text->size);
    } else if (is(sheet->type, "") || is(sheet->type, "n")) {
        put_number(part, book, text->at, text->size);
    } else {
        text->size = part_unescape(text->at, text->size);
        put(part, sheet, text->at, text->size);
    }
}

static void end_row(struct part *part, struct sheet *sheet)
{
    const enum scan_read read =
        row_send(&sheet->row, !sheet->one_column, part->package->take, part->package->context);
    row_begin(&sheet->row, sheet->row.table, sheet->row.number);
    if (read != SCAN_READ_OK)
        part_stop(part, read);
}

/* ---- headers and footers -------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How long the code is that begins with this "&": a font, its size of up to so many digits, its colour, a
 * place. */
static size_t code_size(const char *at, size_t left, size_t digits)
{
    size_t size = 2;
    if (left < 2)
        return left;
    if (at[1] == '"') {
        const char *end = memchr(at + 2, '"', left - 2);
        return end != NULL ? (size_t)(end + 1 - at) : left;
    }
    if (at[1] == 'K')
        return left < 2 + COLOUR_DIGITS ? left : 2 + COLOUR_DIGITS;
    while (is_digit(at[1]) && size < left && size <= digits && is_digit(at[size]))
        size++;
    return size;
}

/* "&L&8Bent Olsen" without its codes. Each becomes a space, so that it does not get longer. */
static size_t without_codes(struct bytes *text, size_t digits)
{
    size_t length = 0;
    for (size_t i = 0; i < text->size;) {
        if (text->at[i] == '&') {
            i += code_size(text->at + i, text->size - i, digits);
            text->at[length++] = ' ';
        } else {
            text->at[length++] = text->at[i++];
        }
    }
    return length;
}

/* Where a font's size ends and a number begins nobody knows: "&8070761". */
static void send_page_text(struct part *part, const struct bytes *text)
{
    struct bytes copy = {0};
    part_send(part, text->at, text->size, 0);
    if (text->size == 0 || memchr(text->at, '&', text->size) == NULL)
        return;
    for (size_t digits = 1; digits <= MOST_SIZE_DIGITS; digits++) {
        copy.size = 0;
        part_add(part, &copy, text->at, text->size);
        copy.size = without_codes(&copy, digits);
        part_send(part, copy.at, copy.size, 0);
    }
    bytes_free(&copy);
}

static void on_end(struct part *part, const char *name)
{
    struct workbook *book = part->own;
    struct sheet *sheet = &book->sheet;
    sheet->letters = false;
    if (is(name, "row")) {
        end_row(part, sheet);
    } else if (is(name, "v") && sheet->row.count > 0) {
        take_value(part, book);
    } else if (is(name, "is")) {
        sheet->whole = false;
        sheet->text.size = part_unescape(sheet->text.at, sheet->text.size);
        if (sheet->row.count > 0)
            put(part, sheet, sheet->text.at, sheet->text.size);
    } else if (strstr(name, "Header") != NULL || strstr(name, "Footer") != NULL) {
        send_page_text(part, &sheet->text);
    } else if (!sheet->whole && part_may_tell(sheet->text.at, sheet->text.size)) {
        sheet->text.size = part_unescape(sheet->text.at, sheet->text.size);
        part_send(part, sheet->text.at, sheet->text.size, 0);
    }
    if (!sheet->whole)
        sheet->text.size = 0;
}

static void on_text(struct part *part, const char *text, size_t size)
{
    struct sheet *sheet = &((struct workbook *)part->own)->sheet;
    if (!sheet->whole || sheet->letters)
        part_add(part, &sheet->text, text, size);
}

const struct part_hooks sheet_hooks = {on_start, on_end, on_text};
