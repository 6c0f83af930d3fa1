#include <stdlib.h>
#include <string.h>

#include "inside.h"

static const struct {
    const char *code, *caption;
    enum table_axis row, column;
} shapes[PROTECT_KINDS] = {
    [PROTECT_COURSES_BY_CHANNEL] = {"courses-by-channel", N_("Courses begun, by channel"),
                                    TABLE_AXIS_CHANNELS, TABLE_AXIS_PERIODS},
    [PROTECT_CONVERSATIONS_BY_CHANNEL] = {"conversations-by-channel",
                                          N_("Conversations, by channel"), TABLE_AXIS_CHANNELS,
                                          TABLE_AXIS_PERIODS},
    [PROTECT_COURSES_BY_PARTY] = {"courses-by-party", N_("Courses begun, by party"),
                                  TABLE_AXIS_PARTIES, TABLE_AXIS_PERIODS},
    [PROTECT_COURSES_BY_SESSION] = {"courses-by-session",
                                    N_("Courses that reached their 1st to 5th conversation"),
                                    TABLE_AXIS_SESSIONS, TABLE_AXIS_PERIODS},
    [PROTECT_MONTHS] = {"months", N_("Courses begun and conversations, by month"),
                        TABLE_AXIS_MONTHS, TABLE_AXIS_MEASURES},
    [PROTECT_COURSES_BY_MONTH] = {"courses-by-month", N_("Courses begun, by month"),
                                  TABLE_AXIS_MONTHS, TABLE_AXIS_PERIODS},
    [PROTECT_CHANNELS_BY_PARTY] = {"channels-by-party", N_("Courses begun, by channel and party"),
                                   TABLE_AXIS_CHANNELS, TABLE_AXIS_PARTIES},
    [PROTECT_QUARTERS_BY_CHANNEL] = {"quarters-by-channel",
                                     N_("Courses begun, by quarter and channel"), TABLE_AXIS_MONTHS,
                                     TABLE_AXIS_CHANNELS},
    [PROTECT_SESSIONS_BY_PARTY] = {"sessions-by-party", N_("How far courses got, by party"),
                                   TABLE_AXIS_SESSIONS, TABLE_AXIS_PARTIES},
};

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

static struct table_line line_of_part(const struct protect_sum *part)
{
    return (struct table_line){.places = part->places,
                               .months = part->months,
                               .channels = part->channels,
                               .parties = part->parties,
                               .sessions = part->sessions};
}

static struct table_line *lines_of_axis(const struct protect_axis *axis)
{
    struct table_line *lines = calloc(axis->count > 0 ? axis->count : 1, sizeof *lines);
    for (size_t i = 0; lines != NULL && i < axis->count; i++) {
        lines[i] = line_of_part(&axis->line[i].part);
        lines[i].months_of_year = axis->line[i].months_of_year;
        lines[i].total = axis->line[i].total;
    }
    return lines;
}

/* Of a hidden figure nothing but that it is hidden goes into the table. */
static void put_figure(struct table *table, size_t index, const struct protect_figure *figure)
{
    if (figure->status == PROTECT_SHOWN)
        table->figures[index] = figure->value;
    else
        table->statuses[index] = TABLE_HIDDEN;
}

static enum base_code add_table(struct table_document *document, const struct wanted_table *wanted,
                                const struct protect_result_table *result, struct base_error *error)
{
    struct table_line *rows = lines_of_axis(&result->row);
    struct table_line *columns = lines_of_axis(&result->column);
    const struct table_shape shape = {
        .code = shapes[wanted->kind].code,
        .caption = _(shapes[wanted->kind].caption),
        .place = wanted->place,
        .row_axis = shapes[wanted->kind].row,
        .column_axis = shapes[wanted->kind].column,
        .rows = result->row.count,
        .columns = result->column.count,
        .row = rows,
        .column = columns,
    };
    struct table *table;
    enum base_code code = rows == NULL || columns == NULL
                              ? no_memory(error)
                              : table_protected_add(document, &shape, &table, error);
    for (size_t i = 0; code == BASE_OK && i < shape.rows * shape.columns; i++)
        put_figure(table, i, &result->figures[i]);
    free(rows);
    free(columns);
    return code;
}

static bool is_same_sum(const struct protect_sum *one, const struct protect_sum *other)
{
    return one->places == other->places && one->months.first == other->months.first &&
           one->months.last == other->months.last && one->channels == other->channels &&
           one->parties == other->parties && one->sessions == other->sessions;
}

enum base_code different_figures(const struct protect_result *result,
                                 const struct protect_figure ***figures, size_t *count,
                                 struct base_error *error)
{
    size_t room = 0;
    *count = 0;
    for (size_t i = 0; i < result->table_count; i++)
        room += result->tables[i].row.count * result->tables[i].column.count;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what it lists */
    const struct protect_figure **list = calloc(room > 0 ? room : 1, sizeof *list);
    if (list == NULL)
        return no_memory(error);
    for (size_t i = 0; i < result->table_count; i++) {
        const struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++) {
            bool is_new = true;
            for (size_t k = 0; is_new && k < *count; k++)
                is_new = !is_same_sum(&list[k]->sum, &table->figures[j].sum);
            if (is_new)
                list[(*count)++] = &table->figures[j];
        }
    }
    *figures = list;
    return BASE_OK;
}

static enum base_code add_sums(struct release *release, const struct protect_figure *const *figures,
                               size_t count, struct base_error *error)
{
    struct table *table;
    struct table_line *lines = calloc(count > 0 ? count : 1, sizeof *lines);
    if (lines == NULL)
        return no_memory(error);
    for (size_t i = 0; i < count; i++)
        lines[i] = line_of_part(&figures[i]->sum);
    const enum base_code code =
        table_protected_add_sums(release->document, lines, count, &table, error);
    free(lines);
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        put_figure(table, i, figures[i]);
    return code;
}

/* Whose tables have nothing to show say nothing. */
static enum base_code fill(const struct release_order *order, const struct wanted *wanted,
                           struct release *release, struct base_error *error)
{
    const struct protect_figure **figures;
    size_t count;
    bool joined = false;
    enum base_code code = BASE_OK;
    for (size_t i = 0; i < release->result->table_count; i++) {
        const struct protect_result_table *table = &release->result->tables[i];
        joined = joined || table->rows_joined || table->columns_joined;
        if (code == BASE_OK && order->kind == TABLE_REPORT && table->shown > 0)
            code = add_table(release->document, &wanted->tables[i], table, error);
    }
    if (code != BASE_OK || different_figures(release->result, &figures, &count, error) != BASE_OK)
        return error->code;
    release->shown = release->hidden = 0;
    for (size_t i = 0; i < count; i++)
        *(figures[i]->status == PROTECT_SHOWN ? &release->shown : &release->hidden) += 1;
    code = add_sums(release, figures, count, error);
    free(figures);
    if (code == BASE_OK)
        code = table_protected_conclude(release->document, release->shown, release->hidden, joined,
                                        error);
    return code;
}

enum base_code document_of_result(const struct release_order *order,
                                  const struct release_place *places, size_t place_count,
                                  const struct wanted *wanted, base_month month,
                                  struct release *release, struct base_error *error)
{
    char date[BASE_MONTH_TEXT];
    struct table_source *sources = calloc(place_count, sizeof *sources);
    if (sources == NULL)
        return no_memory(error);
    for (size_t i = 0; i < place_count; i++)
        sources[i] = places[i].source;
    /* To the month: the ledger remembers no more, and the same release is the same file. */
    base_month_format(month, date);
    const struct table_heading heading = {.language = order->language, .date = date};
    enum base_code code =
        table_protected_new(order->kind, &heading, order->threshold, sources, place_count,
                            order->periods, order->period_count, &release->document, error);
    free(sources);
    if (code == BASE_OK)
        release->document->preview = order->preview;
    return code == BASE_OK ? fill(order, wanted, release, error) : code;
}
