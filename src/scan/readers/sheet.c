/* One sheet: rows of cells, and what else stands in it (headers and footers, rules for input). */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

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

static void start_row(struct part *part, const char *number)
{
    const unsigned long row = strtoul(number, NULL, 10);
    const uint32_t next = part->row.number + 1;
    row_begin(&part->row, part->row.table, row > 0 && row < UINT32_MAX ? (uint32_t)row : next);
    part->column = 0;
}

static void start_cell(struct part *part, const xmlChar **attributes)
{
    const uint32_t column = column_of(part_attribute(attributes, "r"));
    const char *type = part_attribute(attributes, "t");
    part->column = column > 0 ? column : part->column + (part->column < UINT32_MAX);
    part->style = strtol(part_attribute(attributes, "s"), NULL, 10);
    strncpy(part->type, type, sizeof part->type - 1); /* longer ones differ in the first letters */
    if (!row_cell(&part->row, part->column, 0))
        part_stop(part, SCAN_READ_NO_MEMORY);
}

void sheet_start(struct part *part, const char *name, const xmlChar **attributes)
{
    static const char *const shown[] = {"display", "tooltip",    "prompt", "promptTitle",
                                        "error",   "errorTitle", NULL};
    for (const char *const *attribute = shown; *attribute != NULL; attribute++) {
        const char *value = part_attribute(attributes, *attribute);
        part_send(part, value, strlen(value), 0);
    }
    if (is(name, "dimension"))
        part->one_column = spans_one_column(part_attribute(attributes, "ref"));
    else if (is(name, "row"))
        start_row(part, part_attribute(attributes, "r"));
    else if (is(name, "c"))
        start_cell(part, attributes);
    if (is(name, "v") || is(name, "f") || is(name, "is"))
        part->text.size = 0;
}

static const struct number_format *style_of(const struct part *part)
{
    const struct workbook *book = part->book;
    if (part->style < 0 || (size_t)part->style >= book->style_count)
        return NULL;
    return &book->styles[part->style];
}

/* The value of the cell whose "v" has ended. */
static void take_value(struct part *part)
{
    const struct workbook *book = part->book;
    const char *value = part->text.at;
    size_t size = part->text.size;
    char number[SHOWN_BYTES], shown[SHOWN_BYTES];
    if (size == 0)
        return;
    if (is(part->type, "s")) {
        memcpy(number, value, size < sizeof number ? size : sizeof number - 1);
        number[size < sizeof number ? size : sizeof number - 1] = '\0';
        const unsigned long index = strtoul(number, NULL, 10);
        if (index >= book->string_count) {
            part_stop(part, SCAN_READ_DAMAGED);
            return;
        }
        const size_t start = index > 0 ? book->string_ends[index - 1] : 0;
        value = book->strings.at + start;
        size = book->string_ends[index] - start;
    } else if (is(part->type, "") || is(part->type, "n")) {
        const size_t length = shown_number(style_of(part), book->day_zero, value, size, shown);
        value = length > 0 ? shown : value;
        size = length > 0 ? length : size;
    }
    if (!bytes_add(&part->row.text, value, size))
        part_stop(part, SCAN_READ_NO_MEMORY);
    explicit_bzero(shown, sizeof shown);
    explicit_bzero(number, sizeof number);
}

void sheet_end(struct part *part, const char *name)
{
    if (is(name, "t") || is(name, "r") || is(name, "c"))
        return;
    if (is(name, "row")) {
        const enum scan_read read =
            row_send(&part->row, !part->one_column, part->book->take, part->book->context);
        row_begin(&part->row, part->row.table, part->row.number);
        if (read != SCAN_READ_OK)
            part_stop(part, read);
    } else if (is(name, "v") && part->row.count > 0) {
        take_value(part);
    } else if (is(name, "is") && part->row.count > 0) {
        if (!bytes_add(&part->row.text, part->text.at, part->text.size))
            part_stop(part, SCAN_READ_NO_MEMORY);
    } else {
        part_send(part, part->text.at, part->text.size, 0);
    }
    part->text.size = 0;
}
