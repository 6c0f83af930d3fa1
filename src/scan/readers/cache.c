/* A pivot cache keeps the values of the table that it was made from, whether they are shown or not. */
#include "parts.h"

static void send(struct part *part, struct workbook *book, const char *value, bool field)
{
    const struct scan_cell cell = {.table = book->sheet.row.table,
                                   .row = field ? 0 : ++book->items,
                                   .column = book->sheet.column,
                                   .flags = field ? SCAN_CELL_HEADING : SCAN_CELL_LIST,
                                   .text = value,
                                   .size = strlen(value)};
    struct package *package = part->package;
    if (cell.column > 0 && cell.size > 0 && package->state == SCAN_READ_OK &&
        !package->take(package->context, &cell))
        part_stop(part, SCAN_READ_STOPPED);
}

static bool is_value(const char *name)
{
    static const char *const values[] = {"s", "n", "d", "b", "e", NULL};
    return is_in(name, values);
}

/* A column for each field: its name and the values that occur. */
static void cache_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->own;
    if (is(name, "cacheField")) {
        book->sheet.column += book->sheet.column < SCAN_MOST_COLUMNS;
        book->items = 0;
        send(part, book, part_attribute(attributes, "name"), true);
    } else if (is_value(name)) {
        send(part, book, part_attribute(attributes, "v"), false);
    } else {
        part_send_attributes(part, name, attributes);
    }
}

/* Rows: what is not listed with its field stands here. */
static void record_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->own;
    struct row *row = &book->sheet.row;
    const char *value = part_attribute(attributes, "v");
    if (is(name, "r")) {
        row_begin(row, row->table, row->number + 1);
        book->sheet.column = 0;
        return;
    }
    book->sheet.column += book->sheet.column < SCAN_MOST_COLUMNS;
    if (is_value(name) && !row_add(row, book->sheet.column, SCAN_CELL_LIST, value, strlen(value)))
        part_stop(part, SCAN_READ_NO_MEMORY);
    if (!is_value(name) && !is(name, "x"))
        part_send_attributes(part, name, attributes);
}

static void cache_end(struct part *part, const char *name)
{
    (void)part;
    (void)name;
}

static void record_end(struct part *part, const char *name)
{
    struct workbook *book = part->own;
    if (!is(name, "r"))
        return;
    const enum scan_read read =
        row_send(&book->sheet.row, false, part->package->take, part->package->context);
    row_begin(&book->sheet.row, book->sheet.row.table, book->sheet.row.number);
    if (read != SCAN_READ_OK)
        part_stop(part, read);
}

static void on_text(struct part *part, const char *text, size_t size)
{
    part_send(part, text, size, 0);
}

const struct part_hooks cache_hooks = {cache_start, cache_end, on_text};
const struct part_hooks record_hooks = {record_start, record_end, on_text};
