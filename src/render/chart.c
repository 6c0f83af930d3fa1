/* Pictures are small multiples: one panel for each row or column of the table, all on one scale that
 * begins at zero. Every figure stands at its bar, so there is no axis to read it from, and nothing is
 * told by colour alone. A panel is drawn at the size it is shown in, so that its texts are as large as
 * those around it; what fits side by side is left to the page. */
#include "inside.h"

#include "tavs/secret.h"

#include <string.h>

/* In pixels of CSS. Widths of characters are upper estimates for the fonts of html_style.c. */
enum {
    /* Bars that lie, each under its label. */
    LYING_WIDTH = 320,
    LYING_WIDTH_OF_SEVERAL = 152,
    LYING_CHARACTER = 9, /* of a figure, which is bold */
    LYING_LETTER = 7,
    LYING_PITCH = 40,
    LYING_LABEL = 11, /* the text's line, from the top of the bar's place */
    LYING_TOP = 16,
    LYING_THICK = 13,
    LYING_FIGURE = 27,
    LYING_FREE = 10, /* under the bar */
    LYING_GAP = 6,
    /* Bars that stand, each in its slot. */
    STANDING_CHARACTER = 7,
    SLOT_LEAST = 26,
    SLOT_GAP = 5,
    STANDING_HIGH = 88,
    STANDING_GAP = 5,
    STANDING_GROUND = 16 + STANDING_HIGH,
    STANDING_LABEL = STANDING_GROUND + 15,
    STANDING_HEIGHT = STANDING_GROUND + 20,
    MONTH_LETTERS = 3,
    SCALE_LEAST = 10, /* so that a single contact is no wall of ink */
};

struct chart {
    const struct table *table;
    enum codebook_language language;
    size_t number;
    bool standing; /* time goes from left to right; else bars lie below each other */
    bool of_rows;  /* a panel is a row and its bars are the columns; else the other way round */
    bool months;   /* labels are the beginnings of months' names */
    size_t panels, bars;
    int64_t most; /* what the longest bar stands for: of the figures that are shown */
    int figure_length, label_length; /* of the longest, in characters */
    int width, height, slot;         /* of a panel */
};

struct panel {
    const struct chart *chart;
    size_t number; /* row or column */
};

static bool is_total(const struct table *table, bool row, size_t number)
{
    return row ? table->row[number].total : table->column[number].total;
}

static const char *label_of(const struct table *table, bool row, size_t number)
{
    return row ? table->row[number].key[0].text : table->column[number].label.text;
}

static size_t row_of(const struct panel *panel, size_t bar)
{
    return panel->chart->of_rows ? panel->number : bar;
}

static size_t column_of(const struct panel *panel, size_t bar)
{
    return panel->chart->of_rows ? bar : panel->number;
}

static bool bar_is_total(const struct chart *chart, size_t bar)
{
    return is_total(chart->table, !chart->of_rows, bar);
}

static bool is_one_of(const char *code, const char *const *codes)
{
    while (*codes != NULL && strcmp(code, *codes) != 0)
        codes++;
    return *codes != NULL;
}

/* ---- measures ------------------------------------------------------------------------------- */

static int length_of_label(const struct chart *chart, const char *label)
{
    return chart->months ? MONTH_LETTERS : (int)render_width(label);
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Looks at the figures that are shown, and at no others. */
static void measure(struct chart *chart)
{
    for (size_t number = 0; number < chart->panels; number++) {
        const struct panel panel = {chart, number};
        for (size_t bar = 0; bar < chart->bars; bar++) {
            const size_t row = row_of(&panel, bar);
            const size_t column = column_of(&panel, bar);
            if (bar_is_total(chart, bar))
                continue;
            char text[FIGURE_TEXT];
            const int length = (int)figure_format(text, chart->table, row, column, chart->language);
            secret_wipe(text, sizeof text);
            chart->figure_length = larger(chart->figure_length, length);
            if (figure_symbol(chart->table, row, column) != NULL)
                continue;
            const int64_t figure = chart->table->figures[table_index(chart->table, row, column)];
            if (figure > chart->most)
                chart->most = figure;
        }
    }
    for (size_t bar = 0; bar < chart->bars; bar++)
        if (!bar_is_total(chart, bar))
            chart->label_length =
                larger(chart->label_length,
                       length_of_label(chart, label_of(chart->table, !chart->of_rows, bar)));
}

static void lay_out(struct chart *chart)
{
    int bars = 0;
    for (size_t bar = 0; bar < chart->bars; bar++)
        bars += bar_is_total(chart, bar) ? 0 : 1;
    if (chart->standing) {
        const int length = larger(chart->figure_length, chart->label_length);
        chart->slot = larger(SLOT_LEAST, length * STANDING_CHARACTER + SLOT_GAP);
        chart->width = bars * chart->slot;
        chart->height = STANDING_HEIGHT;
    } else {
        chart->width = larger(chart->panels > 1 ? LYING_WIDTH_OF_SEVERAL : LYING_WIDTH,
                              chart->label_length * LYING_LETTER);
        chart->height = bars * LYING_PITCH - LYING_FREE;
    }
}

static struct chart plan(const struct table *table, enum codebook_language language, size_t number)
{
    static const char *const times[] = {"month", "quarter", "half-year", NULL};
    const char *key = table->key_heading[0].code;
    const bool over_time = is_one_of(key, times);
    const bool years = table->columns > 1 && strcmp(table->column_heading.code, "year") == 0;
    struct chart chart = {
        .table = table,
        .language = language,
        .number = number,
        .of_rows = years && !over_time && strcmp(key, "session") != 0,
        .months = strcmp(key, "month") == 0,
        .most = SCALE_LEAST,
    };
    chart.standing = over_time || chart.of_rows;
    chart.panels = chart.of_rows ? table->rows : table->columns;
    chart.bars = chart.of_rows ? table->columns : table->rows;
    measure(&chart);
    lay_out(&chart);
    return chart;
}

/* ---- bars ----------------------------------------------------------------------------------- */

static void put_label(struct render_buffer *buffer, const struct chart *chart, size_t bar)
{
    markup_put_start(buffer, label_of(chart->table, !chart->of_rows, bar),
                     chart->months ? MONTH_LETTERS : SIZE_MAX);
    buffer_put(buffer, "</text>");
}

static void put_figure(struct render_buffer *buffer, const struct panel *panel, size_t bar)
{
    markup_put_figure(buffer, panel->chart->table, row_of(panel, bar), column_of(panel, bar),
                      panel->chart->language);
    buffer_put(buffer, "</text>\n");
}

static enum table_status status_of(const struct panel *panel, size_t bar)
{
    const struct table *table = panel->chart->table;
    return table->statuses[table_index(table, row_of(panel, bar), column_of(panel, bar))];
}

/* How long the bar of a figure that is shown is, where the largest takes `room`. What is counted at all is
 * seen. */
static int length_of(const struct panel *panel, size_t bar, int room)
{
    const struct table *table = panel->chart->table;
    if (status_of(panel, bar) != TABLE_SHOWN)
        return 0;
    const int64_t figure =
        table->figures[table_index(table, row_of(panel, bar), column_of(panel, bar))];
    if (figure <= 0)
        return 0;
    return larger(1, (int)((double)figure / (double)panel->chart->most * room + 0.5));
}

static void put_lying(struct render_buffer *buffer, const struct panel *panel, size_t bar, int top)
{
    const struct chart *chart = panel->chart;
    const int figure_width = chart->figure_length * LYING_CHARACTER + LYING_GAP;
    int length = length_of(panel, bar, chart->width - figure_width);
    svg_begin_text(buffer, "label", 0, top + LYING_LABEL);
    put_label(buffer, chart, bar);
    if (status_of(panel, bar) == TABLE_HIDDEN) {
        length = SVG_HATCH_WIDTH;
        svg_put_hatch(buffer, 0, top + LYING_TOP);
    } else {
        svg_put_bar(buffer, 0, top + LYING_TOP, length, LYING_THICK);
    }
    svg_put_line(buffer, 0, top + LYING_TOP - 1, 0, LYING_THICK + 2);
    svg_begin_text(buffer, "figure", length + LYING_GAP, top + LYING_FIGURE);
    put_figure(buffer, panel, bar);
}

static void put_standing(struct render_buffer *buffer, const struct panel *panel, size_t bar,
                         int left)
{
    const struct chart *chart = panel->chart;
    const int middle = left + chart->slot / 2;
    const int thick = chart->slot * 2 / 3;
    int length = length_of(panel, bar, STANDING_HIGH);
    if (status_of(panel, bar) == TABLE_HIDDEN) {
        length = SVG_HATCH_HEIGHT;
        svg_put_hatch(buffer, middle - SVG_HATCH_WIDTH / 2, STANDING_GROUND - length);
    } else {
        svg_put_bar(buffer, middle - thick / 2, STANDING_GROUND - length, thick, length);
    }
    svg_begin_text(buffer, "label middle", middle, STANDING_LABEL);
    put_label(buffer, chart, bar);
    svg_begin_text(buffer, "figure middle", middle, STANDING_GROUND - length - STANDING_GAP);
    put_figure(buffer, panel, bar);
}

static void put_bars(struct render_buffer *buffer, const struct panel *panel)
{
    const struct chart *chart = panel->chart;
    int place = 0;
    for (size_t bar = 0; bar < chart->bars; bar++) {
        if (bar_is_total(chart, bar))
            continue;
        if (chart->standing)
            put_standing(buffer, panel, bar, place);
        else
            put_lying(buffer, panel, bar, place);
        place += chart->standing ? chart->slot : LYING_PITCH;
    }
    if (chart->standing)
        svg_put_line(buffer, 0, STANDING_GROUND, chart->width, 0);
}

/* ---- panels --------------------------------------------------------------------------------- */

static void put_id(struct render_buffer *buffer, const struct panel *panel, const char *kind)
{
    buffer_put(buffer, kind);
    buffer_put(buffer, "-");
    markup_put_number(buffer, (int64_t)panel->chart->number);
    buffer_put(buffer, "-");
    markup_put_number(buffer, (int64_t)panel->number + 1);
}

/* The caption, and what the panel shows of it; then each label with its figure. */
static void put_alternative(struct render_buffer *buffer, const struct panel *panel)
{
    const struct chart *chart = panel->chart;
    buffer_put(buffer, "<title id=\"");
    put_id(buffer, panel, "picture");
    buffer_put(buffer, "\">");
    markup_put(buffer, chart->table->caption);
    buffer_put(buffer, ": ");
    markup_put(buffer, label_of(chart->table, chart->of_rows, panel->number));
    buffer_put(buffer, "</title>\n<desc id=\"");
    put_id(buffer, panel, "figures");
    buffer_put(buffer, "\">");
    const char *comma = "";
    for (size_t bar = 0; bar < chart->bars; bar++) {
        if (bar_is_total(chart, bar))
            continue;
        buffer_put(buffer, comma);
        markup_put(buffer, label_of(chart->table, !chart->of_rows, bar));
        buffer_put(buffer, " ");
        markup_put_figure(buffer, chart->table, row_of(panel, bar), column_of(panel, bar),
                          chart->language);
        comma = ", ";
    }
    buffer_put(buffer, "</desc>\n");
}

static void put_panel(struct render_buffer *buffer, const struct panel *panel)
{
    const struct chart *chart = panel->chart;
    buffer_put(buffer, "<figure>");
    if (chart->panels > 1) {
        buffer_put(buffer, "<figcaption>");
        markup_put(buffer, label_of(chart->table, chart->of_rows, panel->number));
        buffer_put(buffer, "</figcaption>");
    }
    buffer_put(buffer,
               "\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"");
    put_id(buffer, panel, "picture");
    buffer_put(buffer, "\" aria-describedby=\"");
    put_id(buffer, panel, "figures");
    buffer_put(buffer, "\" width=\"");
    markup_put_number(buffer, chart->width);
    buffer_put(buffer, "\" height=\"");
    markup_put_number(buffer, chart->height);
    buffer_put(buffer, "\" viewBox=\"0 0 ");
    markup_put_number(buffer, chart->width);
    buffer_put(buffer, " ");
    markup_put_number(buffer, chart->height);
    buffer_put(buffer, "\">\n");
    put_alternative(buffer, panel);
    put_bars(buffer, panel);
    buffer_put(buffer, "</svg></figure>\n");
}

/* The panel of the total first. */
void chart_put(struct render_buffer *buffer, const struct table *table,
               enum codebook_language language, size_t number)
{
    if (table->keys != 1 || table->rows == 0)
        return;
    struct chart chart = plan(table, language, number);
    buffer_put(buffer, "<div class=\"charts\">\n");
    for (int total = 1; total >= 0; total--) {
        for (size_t i = 0; i < chart.panels; i++) {
            const struct panel panel = {&chart, i};
            if (is_total(table, chart.of_rows, i) == (total == 1))
                put_panel(buffer, &panel);
        }
    }
    buffer_put(buffer, "</div>\n");
    secret_wipe(&chart, sizeof chart);
}
