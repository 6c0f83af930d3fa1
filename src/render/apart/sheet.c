#include "book.h"

#include <string.h>

#include "../inside.h"

/* Widths in characters. A figure's does not depend on the figure: it may be hidden. */
enum { FIGURE_WIDTH = 13, LEAST_LABEL_WIDTH = 12, MOST_WIDTH = 60, PADDING = 3 };

/* What a table is about, where its caption is too long for a sheet's name. */
static const char *subject_of(const struct table *table)
{
    static const struct {
        const char *code, *name;
    } names[] = {
        /* TRANSLATORS: names of a workbook's sheets, at most 31 characters each. */
        {"courses-by-channel", N_("Courses by channel")},
        {"conversations-by-channel", N_("Conversations by channel")},
        {"courses-by-party", N_("Courses by party")},
        {"courses-by-session", N_("How far courses get")},
        {"courses-by-place", N_("Courses by place")},
        {"months", N_("Months")},
        {"totals", N_("Months")},
        {"channels-by-party", N_("Courses, channel and party")},
        {"quarters-by-channel", N_("Courses, quarter and channel")},
        {"sessions-by-party", N_("How far courses get, by party")},
        {"courses-by-month", N_("Courses by month")},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(table->code, names[i].code) == 0)
            return _(names[i].name);
    return table->caption;
}

/* The place comes last: it is cut first, and tables of the same place stand together anyway. */
static lxw_worksheet *add_sheet(struct book *book, const struct table *table, lxw_row_t *row)
{
    enum { TEXT = 256 };
    char name[TEXT];
    const struct table_place *place =
        table->place == TABLE_ALL_PLACES ? NULL : &book->document->places[table->place];
    const bool named = place != NULL && place->name != NULL;
    (void)snprintf(name, sizeof name, "%s%s%s", subject_of(table), named ? ", " : "",
                   named ? place->name : "");
    return book_add_sheet(book, name, table->caption, table, row);
}

/* Sets a column as wide as the text that needs most. */
static void set_width(struct book *book, struct book_place *place, lxw_col_t column, size_t width,
                      size_t least)
{
    enum { PIXELS_OF_CHARACTER = 7, PIXELS_AROUND = 5 }; /* Calibri 11 */
    size_t wide = width + PADDING < least ? least : width + PADDING;
    wide = wide > MOST_WIDTH ? MOST_WIDTH : wide;
    place->pixels += wide * PIXELS_OF_CHARACTER + PIXELS_AROUND;
    book_check(book, worksheet_set_column(place->sheet, column, column, (double)wide, NULL));
}

static void set_widths(struct book *book, const struct table *table, struct book_place *place,
                       bool with_status)
{
    lxw_col_t at = 0;
    for (size_t key = 0; key < table->keys; key++) {
        size_t width = render_width(table->key_heading[key].text);
        for (size_t row = 0; row < table->rows; row++) {
            const size_t here = render_width(table->row[row].key[key].text);
            width = here > width ? here : width;
        }
        set_width(book, place, at++, width, LEAST_LABEL_WIDTH);
    }
    for (size_t column = 0; column < table->columns; column++)
        set_width(book, place, at++, render_width(table->column[column].label.text), FIGURE_WIDTH);
    if (with_status)
        set_width(book, place, at, 0, FIGURE_WIDTH);
}

static bool has_column_heading(const struct table *table)
{
    return table->columns > 1 && table->column_heading.text[0] != '\0';
}

static void put_headings(struct book *book, const struct table *table,
                         const struct book_place *place, bool with_status)
{
    lxw_worksheet *sheet = place->sheet;
    const lxw_row_t row = place->heading;
    if (has_column_heading(table))
        book_put(book, sheet, row - 1, place->column, table->column_heading.text, BOOK_GROUP);
    for (lxw_col_t key = 0; key < place->column; key++)
        book_put(book, sheet, row, key, table->key_heading[key].text, BOOK_HEADING);
    lxw_col_t at = place->column;
    for (size_t column = 0; column < table->columns; column++)
        book_put(book, sheet, row, at++, table->column[column].label.text, BOOK_HEADING_RIGHT);
    if (with_status)
        book_put(book, sheet, row, at, _("Status"), BOOK_HEADING_AFTER);
    /* A year is no number to reckon with. */
    char range[LXW_MAX_CELL_RANGE_LENGTH];
    lxw_rowcol_to_range(range, row, 0, row, at);
    book_check(book, worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range));
}

static void put_figure(struct book *book, const struct table *table, size_t row, size_t column,
                       lxw_worksheet *sheet, lxw_row_t to_row, lxw_col_t to_column)
{
    const bool total = table->row[row].total;
    const char *symbol = figure_symbol(table, row, column);
    if (symbol != NULL) {
        book_put(book, sheet, to_row, to_column, symbol, total ? BOOK_TOTAL_SYMBOL : BOOK_SYMBOL);
        return;
    }
    const double figure = (double)table->figures[table_index(table, row, column)];
    book_check(book, worksheet_write_number(sheet, to_row, to_column, figure,
                                            book->format[total ? BOOK_TOTAL_FIGURE : BOOK_FIGURE]));
}

static void put_row(struct book *book, const struct table *table, size_t row,
                    const struct book_place *place, bool with_status)
{
    const lxw_row_t at = place->first + (lxw_row_t)row;
    const enum book_format label = table->row[row].total ? BOOK_TOTAL_LABEL : BOOK_LABEL;
    for (lxw_col_t key = 0; key < place->column; key++)
        book_put(book, place->sheet, at, key, table->row[row].key[key].text, label);
    lxw_col_t column = place->column;
    for (size_t i = 0; i < table->columns; i++)
        put_figure(book, table, row, i, place->sheet, at, column++);
    if (with_status)
        book_put(book, place->sheet, at, column, front_status(book->document, table, row, 0),
                 BOOK_LABEL_AFTER);
}

/* A long table is one to filter, and to read page by page. */
static void set_up_list(struct book *book, const struct book_place *place, size_t rows,
                        lxw_col_t last)
{
    const lxw_row_t end = place->first + (lxw_row_t)(rows > 0 ? rows - 1 : 0);
    book_check(book, worksheet_autofilter(place->sheet, place->heading, 0, end, last));
    worksheet_set_portrait(place->sheet);
    worksheet_fit_to_pages(place->sheet, 1, 0);
}

void sheet_add(struct book *book, const struct table *table)
{
    /* Exported data has one figure a row, and its status beside it. */
    const bool is_list = book->document->kind == TABLE_EXPORT;
    struct book_place place = {.column = (lxw_col_t)table->keys};
    place.sheet = add_sheet(book, table, &place.heading);
    if (place.sheet == NULL)
        return;
    if (has_column_heading(table))
        place.heading++;
    place.first = place.heading + 1;
    place.end = place.first + (lxw_row_t)table->rows;

    set_widths(book, table, &place, is_list);
    put_headings(book, table, &place, is_list);
    for (size_t row = 0; row < table->rows; row++)
        put_row(book, table, row, &place, is_list);
    worksheet_freeze_panes(place.sheet, place.first, place.column);
    book_check(book, worksheet_repeat_rows(place.sheet, place.heading, place.heading));
    if (is_list)
        set_up_list(book, &place, table->rows, (lxw_col_t)(place.column + table->columns));
    else
        chart_add(book, table, &place);
}
