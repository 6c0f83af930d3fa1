/* The tables that are offered, as lines. They hold no counts. */
#include <stdlib.h>

#include "fail.h"
#include "tavs/protect.h"

enum { MONTHS_OF_YEAR = 12, QUARTERS = 4, MOST_LINES = MONTHS_OF_YEAR + 1 };

static struct protect_line line_of_all(void)
{
    return (struct protect_line){.part = protect_sum_all(), .months_of_year = PROTECT_ALL_MONTHS};
}

/* The axis has room. */
static struct protect_line *add_line(struct protect_axis *axis)
{
    axis->line[axis->count] = line_of_all();
    return &axis->line[axis->count++];
}

static void add_total(struct protect_axis *axis)
{
    add_line(axis)->total = true;
}

static void add_channels(struct protect_axis *axis, codebook_set channels)
{
    axis->join = PROTECT_JOIN_CHANNELS;
    for (unsigned i = 0; i < CODEBOOK_CHANNELS; i++)
        if (((channels >> i) & 1u) != 0)
            add_line(axis)->part.channels = (codebook_set)(1u << i);
    add_total(axis);
}

static void add_parties(struct protect_axis *axis, codebook_set parties)
{
    axis->join = PROTECT_JOIN_PARTIES;
    for (unsigned i = 0; i < CODEBOOK_PARTIES; i++)
        if (((parties >> i) & 1u) != 0)
            add_line(axis)->part.parties = (codebook_set)(1u << i);
    add_total(axis);
}

static void add_sessions(struct protect_axis *axis)
{
    axis->join = PROTECT_JOIN_SESSIONS;
    for (unsigned i = 0; i < CODEBOOK_SESSIONS; i++)
        add_line(axis)->part.sessions = (codebook_set)(1u << i);
}

/* Parts of the year of `months` months each, of which something is in the scope's first period. */
static void add_parts_of_year(struct protect_axis *axis, const struct protect_scope *scope,
                              unsigned months)
{
    axis->join = PROTECT_JOIN_MONTHS;
    const struct base_period period = scope->periods[0];
    const bool whole = scope->period_count > 1 || base_period_months(period) >= MONTHS_OF_YEAR;
    const unsigned first = whole ? 0 : period.first % MONTHS_OF_YEAR / months;
    const unsigned last =
        whole ? MONTHS_OF_YEAR / months - 1 : period.last % MONTHS_OF_YEAR / months;
    for (unsigned i = first; i <= last; i++)
        add_line(axis)->months_of_year = (uint16_t)(((1u << months) - 1) << (i * months));
    add_total(axis);
}

static void add_periods(struct protect_axis *axis, const struct protect_scope *scope)
{
    for (size_t i = 0; i < scope->period_count; i++)
        add_line(axis)->part.months = scope->periods[i];
}

static void add_measures(struct protect_axis *axis)
{
    add_line(axis)->part.sessions = PROTECT_COURSES;
    add_line(axis);
}

static void fill(struct protect_table *table, enum protect_kind kind,
                 const struct protect_scope *scope)
{
    const bool of_courses = kind != PROTECT_CONVERSATIONS_BY_CHANNEL && kind != PROTECT_MONTHS &&
                            kind != PROTECT_COURSES_BY_SESSION && kind != PROTECT_SESSIONS_BY_PARTY;
    if (of_courses)
        table->part.sessions = PROTECT_COURSES;
    switch (kind) {
    case PROTECT_COURSES_BY_PARTY:
        add_parties(&table->row, scope->parties);
        break;
    case PROTECT_COURSES_BY_SESSION:
    case PROTECT_SESSIONS_BY_PARTY:
        add_sessions(&table->row);
        break;
    case PROTECT_MONTHS:
    case PROTECT_COURSES_BY_MONTH:
        add_parts_of_year(&table->row, scope, 1);
        break;
    case PROTECT_QUARTERS_BY_CHANNEL:
        add_parts_of_year(&table->row, scope, MONTHS_OF_YEAR / QUARTERS);
        break;
    default:
        add_channels(&table->row, scope->channels);
        break;
    }
    switch (kind) {
    case PROTECT_MONTHS:
        add_measures(&table->column);
        break;
    case PROTECT_QUARTERS_BY_CHANNEL:
        add_channels(&table->column, scope->channels);
        break;
    case PROTECT_CHANNELS_BY_PARTY:
    case PROTECT_SESSIONS_BY_PARTY:
        add_parties(&table->column, scope->parties);
        break;
    default:
        add_periods(&table->column, scope);
        return;
    }
    table->part.months = scope->periods[0];
}

enum base_code protect_table_new(enum protect_kind kind, const struct protect_scope *scope,
                                 struct protect_table **out, struct base_error *error)
{
    struct protect_table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return fail_tables(error, BASE_NO_MEMORY);
    table->part = protect_sum_all();
    table->part.places = scope->places;
    table->row.line = calloc(MOST_LINES, sizeof *table->row.line);
    table->column.line = calloc(scope->period_count + MOST_LINES, sizeof *table->column.line);
    if (table->row.line == NULL || table->column.line == NULL) {
        protect_table_free(table);
        return fail_tables(error, BASE_NO_MEMORY);
    }
    fill(table, kind, scope);
    *out = table;
    return BASE_OK;
}

void protect_table_free(struct protect_table *table)
{
    if (table == NULL)
        return;
    free(table->row.line);
    free(table->column.line);
    free(table);
}
