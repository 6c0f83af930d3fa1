/* The tables of a release: which there are, and which figure stands where. */
#include <stdlib.h>

#include "document.h"

enum { MONTHS_OF_YEAR = 12, MOST_LINES = RECORD_MOST_PERIODS };

/* By which of the places' years a table's columns go, where it does not say so itself. */
enum { BY_PERIOD_OR_PLACE = -1 };

struct kind_of_table {
    const char *code, *caption;
    enum table_axis row;
    int column; /* enum table_axis, or BY_PERIOD_OR_PLACE */
    codebook_set sessions;
    bool quarters; /* of an axis of months */
};

static const struct kind_of_table of_a_year[] = {
    {"courses-by-channel", N_("Courses begun, by channel"), TABLE_AXIS_CHANNELS, BY_PERIOD_OR_PLACE,
     COUNTS_COURSES, false},
    {"conversations-by-channel", N_("Conversations, by channel"), TABLE_AXIS_CHANNELS,
     BY_PERIOD_OR_PLACE, COUNTS_ALL_SESSIONS, false},
    {"courses-by-party", N_("Courses begun, by party"), TABLE_AXIS_PARTIES, BY_PERIOD_OR_PLACE,
     COUNTS_COURSES, false},
    {"courses-by-session", N_("Courses that reached their 1st to 5th conversation"),
     TABLE_AXIS_SESSIONS, BY_PERIOD_OR_PLACE, COUNTS_ALL_SESSIONS, false},
    {"months", N_("Courses begun and conversations, by month"), TABLE_AXIS_MONTHS,
     TABLE_AXIS_MEASURES, COUNTS_ALL_SESSIONS, false},
    {"channels-by-party", N_("Courses begun, by channel and party"), TABLE_AXIS_CHANNELS,
     TABLE_AXIS_PARTIES, COUNTS_COURSES, false},
    {"quarters-by-channel", N_("Courses begun, by quarter and channel"), TABLE_AXIS_MONTHS,
     TABLE_AXIS_CHANNELS, COUNTS_COURSES, true},
    {"sessions-by-party", N_("How far courses got, by party"), TABLE_AXIS_SESSIONS,
     TABLE_AXIS_PARTIES, COUNTS_ALL_SESSIONS, false},
};
enum { OF_EVERY_YEAR = 4 }; /* so many of them stand side by side for several years, and this: */
static const struct kind_of_table of_several_years = {
    "courses-by-month", N_("Courses begun, by month"),
    TABLE_AXIS_MONTHS,  TABLE_AXIS_PERIODS,
    COUNTS_COURSES,     false};
static const struct kind_of_table of_several_places = {
    "courses-by-place", N_("Courses begun, by place"),
    TABLE_AXIS_PLACES,  TABLE_AXIS_PERIODS,
    COUNTS_COURSES,     false};
enum { OF_A_QUARTER = 2 }; /* so many of those of a year */
static const struct kind_of_table of_months = {"totals",
                                               N_("Courses begun and conversations"),
                                               TABLE_AXIS_PERIODS,
                                               TABLE_AXIS_MEASURES,
                                               COUNTS_ALL_SESSIONS,
                                               false};

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

/* ---- lines ---------------------------------------------------------------------------------- */

struct axis {
    struct table_line line[MOST_LINES + 1];
    size_t count;
};

/* All contacts that the tables being made can be about. */
static struct cell_set everything(const struct making *making)
{
    struct cell_set all = {.places = place_set_first((unsigned)making->print->place_count),
                           .months = {BASE_FIRST_MONTH, BASE_LAST_MONTH},
                           .channels = CODEBOOK_ALL_CHANNELS,
                           .parties = CODEBOOK_ALL_PARTIES,
                           .sessions = COUNTS_ALL_SESSIONS};
    if (making->place != TABLE_ALL_PLACES) {
        all.places = (struct place_set){{0}};
        place_set_add(&all.places, (unsigned)making->place);
    }
    return all;
}

static struct cell_set *add_line(struct axis *axis, const struct making *making, bool total)
{
    struct table_line *line = &axis->line[axis->count++];
    *line = (struct table_line){.cells = everything(making), .total = total};
    return &line->cells;
}

static void add_values(struct axis *axis, const struct making *making, enum table_axis kind)
{
    const bool channels = kind == TABLE_AXIS_CHANNELS;
    const struct cell_set all = everything(making);
    const codebook_set offered =
        document_offered(making, channels ? making->channels : making->parties, &all.places);
    const unsigned values = codebook_values(channels ? CODEBOOK_CHANNEL : CODEBOOK_PARTY);
    for (unsigned value = 0; value < values; value++) {
        if ((offered >> value & 1U) == 0)
            continue;
        struct cell_set *cells = add_line(axis, making, false);
        *(channels ? &cells->channels : &cells->parties) = (codebook_set)(1U << value);
    }
    (void)add_line(axis, making, true);
}

/* Of the first year; of another column the same months of its year. */
static void add_months(struct axis *axis, const struct making *making, bool quarters)
{
    const unsigned step = quarters ? 3 : 1;
    const base_month first = making->periods[0].first;
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month += step)
        add_line(axis, making, false)->months = (struct base_period){
            (base_month)(first + month), (base_month)(first + month + step - 1)};
    (void)add_line(axis, making, true);
}

static void fill_axis(struct axis *axis, const struct making *making, enum table_axis kind,
                      bool quarters)
{
    axis->count = 0;
    switch (kind) {
    case TABLE_AXIS_CHANNELS:
    case TABLE_AXIS_PARTIES:
        add_values(axis, making, kind);
        break;
    case TABLE_AXIS_SESSIONS:
        for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++)
            add_line(axis, making, false)->sessions = (codebook_set)(1U << session);
        break;
    case TABLE_AXIS_MONTHS:
        add_months(axis, making, quarters);
        break;
    case TABLE_AXIS_PERIODS:
        for (size_t i = 0; i < making->period_count; i++)
            add_line(axis, making, false)->months = making->periods[i];
        break;
    case TABLE_AXIS_PLACES:
        for (unsigned i = 0; i < making->print->place_count; i++) {
            struct cell_set *cells = add_line(axis, making, false);
            cells->places = (struct place_set){{0}};
            place_set_add(&cells->places, i);
        }
        (void)add_line(axis, making, true);
        break;
    default:
        add_line(axis, making, false)->sessions = COUNTS_COURSES;
        (void)add_line(axis, making, false);
        break;
    }
}

/* ---- tables --------------------------------------------------------------------------------- */

/* What stands where a row and a column meet. */
static bool meet(const struct making *making, const struct kind_of_table *kind,
                 const struct table_line *row, const struct table_line *column,
                 struct cell_set *cells)
{
    struct table_line months = *row;
    const bool by_month = kind->row == TABLE_AXIS_MONTHS && !row->total;
    if (by_month && column->cells.months.last - column->cells.months.first < MONTHS_OF_YEAR) {
        const base_month year = column->cells.months.first;
        months.cells.months.first = (base_month)(year + row->cells.months.first % MONTHS_OF_YEAR);
        months.cells.months.last = (base_month)(year + row->cells.months.last % MONTHS_OF_YEAR);
    }
    if (!cell_set_intersect(&months.cells, &column->cells, cells))
        return false;
    cells->sessions &= kind->sessions;
    /* Where no line says which months: the one period that there is. */
    if (cells->months.last - cells->months.first >= MONTHS_OF_YEAR)
        cells->months = making->periods[0];
    return cells->sessions != 0;
}

/* Below a table whose rows add up: what those come to that are hidden, if it follows from what is shown. */
static enum base_code put_together(const struct making *making, struct table *table,
                                   struct base_error *error)
{
    const size_t total = table->rows - 1;
    for (size_t column = 0; column < table->columns; column++) {
        uint32_t hidden = 0;
        int64_t rest = table->figures[table_index(table, total, column)];
        for (size_t row = 0; row < total; row++) {
            const size_t index = table_index(table, row, column);
            if (table->statuses[index] == TABLE_HIDDEN)
                hidden |= (uint32_t)1 << row;
            else
                rest -= table->figures[index];
        }
        const bool several = (hidden & (hidden - 1)) != 0; /* one alone may be hidden by lot */
        if (table->statuses[table_index(table, total, column)] != TABLE_SHOWN || !several ||
            hidden == ((uint32_t)1 << total) - 1)
            continue;
        if (table_protected_put_together(making->document, table, hidden, column, rest, error) !=
            BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static bool shows_anything(const struct making *making, const struct kind_of_table *kind,
                           const struct axis *rows, const struct axis *columns)
{
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t j = 0; j < columns->count; j++) {
            struct cell_set cells;
            if (!meet(making, kind, &rows->line[i], &columns->line[j], &cells))
                continue;
            const struct record_figure *figure = document_find(making, &cells);
            if (figure != NULL && figure->shown)
                return true;
        }
    }
    return false;
}

static enum base_code fill_table(const struct making *making, const struct kind_of_table *kind,
                                 const struct axis *rows, const struct axis *columns,
                                 struct table *table, struct base_error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t j = 0; j < columns->count; j++) {
            struct cell_set cells;
            const bool any = meet(making, kind, &rows->line[i], &columns->line[j], &cells);
            document_put_figure(table, table_index(table, i, j),
                                any ? document_find(making, &cells) : NULL);
        }
    }
    /* A cross table would get a line for each of its columns. */
    const bool is_cross = kind->column == TABLE_AXIS_PARTIES || kind->column == TABLE_AXIS_CHANNELS;
    return is_cross || !rows->line[rows->count - 1].total ? BASE_OK
                                                          : put_together(making, table, error);
}

/* A table with nothing to show says nothing. */
static enum base_code add_table(struct making *making, const struct kind_of_table *kind,
                                struct base_error *error)
{
    const bool several = making->print->place_count > 1;
    const bool by_place = several && making->period_count == 1 && making->place == TABLE_ALL_PLACES;
    const enum table_axis across = kind->column != BY_PERIOD_OR_PLACE
                                       ? (enum table_axis)kind->column
                                   : by_place ? TABLE_AXIS_PLACES
                                              : TABLE_AXIS_PERIODS;
    struct axis *rows = calloc(2, sizeof *rows);
    if (rows == NULL)
        return no_memory(error);
    struct axis *columns = rows + 1;
    fill_axis(rows, making, kind->row, kind->quarters);
    fill_axis(columns, making, across, false);
    const struct table_shape shape = {
        .code = kind->code,
        .caption = _(kind->caption),
        .place = making->place,
        .names_place = several && across != TABLE_AXIS_PLACES && kind->row != TABLE_AXIS_PLACES,
        .row_axis = kind->row,
        .column_axis = across,
        .rows = rows->count,
        .columns = columns->count,
        .row = rows->line,
        .column = columns->line,
    };
    struct table *table;
    enum base_code code = BASE_OK;
    if (shows_anything(making, kind, rows, columns)) {
        code = table_protected_add(making->document, &shape, &table, error);
        if (code == BASE_OK)
            code = fill_table(making, kind, rows, columns, table, error);
    }
    free(rows);
    return code;
}

/* ---- which tables --------------------------------------------------------------------------- */

/* The first `count` kinds of a year. Where a table has the places as its columns, none of each place follows. */
static enum base_code add_kinds(struct making *making, size_t count, struct base_error *error)
{
    enum base_code code = BASE_OK;
    const bool repeats = making->place != TABLE_ALL_PLACES && making->period_count == 1;
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        if (!repeats || of_a_year[i].column != BY_PERIOD_OR_PLACE)
            code = add_table(making, &of_a_year[i], error);
    return code;
}

static enum base_code add_tables_of(struct making *making, enum protect_period period,
                                    struct base_error *error)
{
    enum { KINDS = sizeof of_a_year / sizeof *of_a_year };
    if (period == PROTECT_MONTH)
        return add_table(making, &of_months, error);
    if (period != PROTECT_YEAR)
        return add_kinds(making, OF_A_QUARTER, error);
    enum base_code code =
        add_kinds(making, making->period_count > 1 ? OF_EVERY_YEAR : KINDS, error);
    if (code == BASE_OK && making->period_count > 1)
        code = add_table(making, &of_several_years, error);
    return code;
}

/* Years side by side, then half-years and quarters, then months; of all places together, then of each. */
static enum base_code add_group(struct making *making, enum protect_period period,
                                struct base_error *error)
{
    const int places = (int)making->print->place_count;
    enum base_code code = BASE_OK;
    making->place = TABLE_ALL_PLACES;
    if (period == PROTECT_YEAR && places > 1 && making->period_count > 1)
        code = add_table(making, &of_several_places, error);
    if (code == BASE_OK)
        code = add_tables_of(making, period, error);
    for (int place = 0; code == BASE_OK && places > 1 && place < places; place++) {
        making->place = place;
        code = add_tables_of(making, period, error);
    }
    return code;
}

enum base_code document_add_tables(struct making *making, struct base_error *error)
{
    static const enum protect_period groups[] = {PROTECT_YEAR, PROTECT_QUARTER, PROTECT_MONTH};
    const struct record_release *record = making->record;
    struct base_period *periods = calloc(record->period_count, sizeof *periods);
    enum base_code code = periods == NULL ? no_memory(error) : BASE_OK;
    for (size_t group = 0; code == BASE_OK && group < sizeof groups / sizeof *groups; group++) {
        making->periods = periods;
        making->period_count = 0;
        for (size_t i = 0; i < record->period_count; i++) {
            const enum protect_period period = protect_period_of(record->periods[i]);
            if (period == groups[group] ||
                (period == PROTECT_HALF_YEAR && groups[group] == PROTECT_QUARTER))
                periods[making->period_count++] = record->periods[i];
        }
        if (making->period_count > 0)
            code = add_group(making, groups[group], error);
    }
    free(periods);
    return code;
}
