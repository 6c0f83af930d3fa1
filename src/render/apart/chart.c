/* Native charts. They are drawn from the cells of the table, where a figure that is not shown is a
 * text: it has no column, and its symbol in the place of a figure above it. */
#include "book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../inside.h"

enum {
    MOST_SERIES = 6,   /* that can be told apart */
    MOST_LABELS = 60,  /* columns with their figures above them */
    STEPS_OF_ONE = 10, /* up to here an axis might get steps of a half */
    TEXT = 512,
    INK = 0x1F2933,
    GRID = 0xD9E0E6,
    AXIS = 0x8A98A5,
};

/* `series` rows or columns of figures, each over `points` columns or rows. */
struct plan {
    bool by_column; /* a series is a column, a point a row; else the other way round */
    size_t first, series, points;
    bool any;            /* a figure is shown */
    int64_t least, most; /* of those that are shown, and 0 */
};

static size_t row_of(const struct plan *plan, size_t series, size_t point)
{
    return plan->by_column ? point : plan->first + series;
}

static size_t column_of(const struct plan *plan, size_t series, size_t point)
{
    return plan->by_column ? plan->first + series : point;
}

/* NULL where the figure is shown. */
static const char *symbol_of(const struct table *table, const struct plan *plan, size_t series,
                             size_t point)
{
    return figure_symbol(table, row_of(plan, series, point), column_of(plan, series, point));
}

static void find_extremes(struct plan *plan, const struct table *table)
{
    for (size_t series = 0; series < plan->series; series++) {
        for (size_t point = 0; point < plan->points; point++) {
            if (symbol_of(table, plan, series, point) != NULL)
                continue;
            const int64_t figure = table->figures[table_index(table, row_of(plan, series, point),
                                                              column_of(plan, series, point))];
            plan->any = true;
            plan->least = figure < plan->least ? figure : plan->least;
            plan->most = figure > plan->most ? figure : plan->most;
        }
    }
}

/* Totals stand last and have no place beside their parts. Of more columns than can be told apart
 * the rows are the series; if those are too many as well, the total is the only one. */
static struct plan plan_chart(const struct table *table)
{
    size_t rows = 0, columns = 0;
    while (rows < table->rows && !table->row[rows].total)
        rows++;
    while (columns < table->columns && !table->column[columns].total)
        columns++;
    struct plan plan = {.by_column = columns <= MOST_SERIES};
    if (plan.by_column) {
        plan.series = columns;
        plan.points = rows;
    } else {
        plan.first = rows <= MOST_SERIES ? 0 : rows;
        plan.series = rows <= MOST_SERIES ? rows : table->rows - rows;
        plan.points = columns;
    }
    find_extremes(&plan, table);
    return plan;
}

/* ---- colours --------------------------------------------------------------------------------- */

static lxw_color_t blend(lxw_color_t from, lxw_color_t to, size_t part, size_t parts)
{
    lxw_color_t mixed = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        const size_t a = (from >> shift) & 0xff, b = (to >> shift) & 0xff;
        mixed |= (lxw_color_t)((a * (parts - part) + b * part) / parts) << shift;
    }
    return mixed;
}

/* Years go from light to dark, up to the latest; other things differ in hue and lightness. */
static lxw_color_t color_of(const struct table *table, const struct plan *plan, size_t series)
{
    static const lxw_color_t hues[MOST_SERIES] = {0x1F5A7A, 0xE39A4C, 0x7FB69B,
                                                  0x8A5A83, 0xB9C4CC, 0x4B4B4B};
    const bool years = plan->by_column && strcmp(table->column_heading.code, "year") == 0;
    if (!years || plan->series == 1)
        return hues[series];
    return blend(0xB7D3E2, hues[0], series, plan->series - 1);
}

/* ---- series ---------------------------------------------------------------------------------- */

/* The figures above the columns; where one is not shown, its symbol. */
static void add_labels(struct book *book, lxw_chart_series *series, const struct table *table,
                       const struct plan *plan, size_t number)
{
    lxw_chart_font font = {.size = 9, .color = INK};
    lxw_chart_data_label *labels = calloc(plan->points, sizeof *labels);
    lxw_chart_data_label **list = calloc(plan->points + 1, sizeof(lxw_chart_data_label *));
    if (labels == NULL || list == NULL) {
        book_check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        goto end;
    }
    for (size_t point = 0; point < plan->points; point++) {
        /* The library copies it; its interface has no const. */
        labels[point].value = (char *)(uintptr_t)symbol_of(table, plan, number, point);
        list[point] = &labels[point];
    }
    chart_series_set_labels(series);
    chart_series_set_labels_position(series, LXW_CHART_LABEL_POSITION_OUTSIDE_END);
    chart_series_set_labels_num_format(series, "#,##0");
    chart_series_set_labels_font(series, &font);
    book_check(book, chart_series_set_labels_custom(series, list));
end:
    free(labels);
    free(list);
}

static void add_series(struct book *book, lxw_chart *chart, const struct table *table,
                       const struct plan *plan, size_t number, const struct book_place *place)
{
    const char *sheet = place->sheet->name;
    const size_t last = plan->points - 1;
    const lxw_row_t top = place->first + (lxw_row_t)row_of(plan, number, 0);
    const lxw_row_t bottom = place->first + (lxw_row_t)row_of(plan, number, last);
    const lxw_col_t left = (lxw_col_t)(place->column + column_of(plan, number, 0));
    const lxw_col_t right = (lxw_col_t)(place->column + column_of(plan, number, last));
    const lxw_col_t label = (lxw_col_t)(place->column - 1);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    if (series == NULL) {
        book_check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    chart_series_set_values(series, sheet, top, left, bottom, right);
    if (plan->by_column) {
        chart_series_set_categories(series, sheet, top, label, bottom, label);
        chart_series_set_name_range(series, sheet, place->heading, left);
    } else {
        chart_series_set_categories(series, sheet, place->heading, left, place->heading, right);
        chart_series_set_name_range(series, sheet, top, label);
    }
    lxw_chart_fill fill = {.color = color_of(table, plan, number)};
    chart_series_set_fill(series, &fill);
    if (plan->series * plan->points <= MOST_LABELS)
        add_labels(book, series, table, plan, number);
}

/* ---- the chart ------------------------------------------------------------------------------- */

static void set_axes(lxw_chart *chart, const struct plan *plan)
{
    lxw_chart_font font = {.size = plan->points > 6 ? 9 : 10, .color = INK};
    lxw_chart_line grid = {.color = GRID, .width = 0.75F};
    lxw_chart_line axis = {.color = AXIS, .width = 0.75F};
    lxw_chart_line no_line = {.none = LXW_TRUE};
    chart_axis_set_num_font(chart->x_axis, &font);
    chart_axis_set_line(chart->x_axis, &axis);
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);

    chart_axis_set_num_font(chart->y_axis, &font);
    chart_axis_set_line(chart->y_axis, &no_line);
    chart_axis_set_num_format(chart->y_axis, "#,##0");
    chart_axis_major_gridlines_set_line(chart->y_axis, &grid);
    if (plan->least == 0)
        chart_axis_set_min(chart->y_axis, 0);
    if (plan->most == 0)
        chart_axis_set_max(chart->y_axis, 1);
    if (plan->most - plan->least <= STEPS_OF_ONE)
        chart_axis_set_major_unit(chart->y_axis, 1);
}

static void set_frame(lxw_chart *chart, const struct table *table, const struct plan *plan)
{
    lxw_chart_font title = {.size = 12, .color = INK, .bold = LXW_TRUE};
    lxw_chart_font legend = {.size = 10, .color = INK};
    lxw_chart_line no_line = {.none = LXW_TRUE};
    /* With the total of each year instead of its parts, the title says so. */
    char text[TEXT];
    const bool total = !plan->by_column && table->row[plan->first].total;
    (void)snprintf(text, sizeof text, "%s%s%s", table->caption, total ? ": " : "",
                   total ? table->row[plan->first].key[0].text : "");
    chart_title_set_name(chart, text);
    chart_title_set_name_font(chart, &title);
    chart_chartarea_set_line(chart, &no_line);
    chart_legend_set_position(chart,
                              plan->series > 1 ? LXW_CHART_LEGEND_BOTTOM : LXW_CHART_LEGEND_NONE);
    chart_legend_set_font(chart, &legend);
    chart_set_series_gap(chart, plan->series == 1 ? 120 : 60);
    chart_set_series_overlap(chart, 0);
}

static size_t between(size_t least, size_t wanted, size_t most)
{
    return wanted < least ? least : wanted > most ? most : wanted;
}

/* Beside the table where a page has room for both; else below it, then as wide as the table, and on
 * a page that stands if neither is wider than that. */
static void insert_chart(struct book *book, lxw_chart *chart, const struct table *table,
                         const struct plan *plan, const struct book_place *place)
{
    enum { UNSCALED_WIDTH = 480, UNSCALED_HEIGHT = 288, HEIGHT = 360, GAP = 24 }; /* pixels */
    enum { LEAST_WIDTH = 480, MOST_WIDTH = 960, WIDEST = 1500, LANDSCAPE = 1060, PORTRAIT = 960 };
    char text[TEXT];
    /* TRANSLATORS: a chart for who can't see it; %s is the caption of the table beside it. */
    (void)snprintf(text, sizeof text, _("Chart: %s. The table on this sheet has the same figures."),
                   table->caption);
    size_t width = between(LEAST_WIDTH, 200 + 21 * plan->series * plan->points, MOST_WIDTH);
    const bool beside = place->pixels + GAP + width <= LANDSCAPE;
    if (!beside)
        width = between(width, place->pixels, WIDEST);
    if (!beside && width <= PORTRAIT)
        worksheet_set_portrait(place->sheet);
    lxw_chart_options options = {
        .x_scale = (double)width / (double)UNSCALED_WIDTH,
        .y_scale = (double)HEIGHT / (double)UNSCALED_HEIGHT,
        .x_offset = beside ? GAP : 0,
        .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
        .description = text,
    };
    const lxw_row_t row = beside ? place->heading : place->end + 1;
    const lxw_col_t column = beside ? (lxw_col_t)(place->column + table->columns) : 0;
    book_check(book, worksheet_insert_chart_opt(place->sheet, row, column, chart, &options));
}

void chart_add(struct book *book, const struct table *table, const struct book_place *place)
{
    const struct plan plan = plan_chart(table);
    if (!plan.any)
        return;
    lxw_chart *chart = workbook_add_chart(book->workbook, LXW_CHART_COLUMN);
    if (chart == NULL) {
        book_check(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    for (size_t series = 0; series < plan.series; series++)
        add_series(book, chart, table, &plan, series, place);
    set_axes(chart, &plan);
    set_frame(chart, table, &plan);
    insert_chart(book, chart, table, &plan, place);
}
