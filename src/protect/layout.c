#include "layout.h"
#include "fail.h"

#include <string.h>

#include "model.h"

/* ---- joining -------------------------------------------------------------------------------- */

/* To which line a value belongs at each level. Where all of a level are the same, the axis is joined to
 * one line. */
static const uint8_t channel_line[][CODEBOOK_CHANNELS] = {{0, 1, 2, 3}, {0, 1, 1, 1}, {0}};
static const uint8_t party_line[][CODEBOOK_PARTIES] = {{0, 1, 2}, {0, 1, 1}, {0}};
static const uint8_t session_line[][CODEBOOK_SESSIONS] = {{0, 1, 2, 3, 4}, {0, 1, 2, 2, 2}};
static const uint8_t months_of_line[] = {1, 3, 6, 12};

unsigned layout_levels(const struct protect_axis *axis)
{
    switch (axis->join) {
    case PROTECT_JOIN_CHANNELS:
        return sizeof channel_line / sizeof channel_line[0];
    case PROTECT_JOIN_PARTIES:
        return sizeof party_line / sizeof party_line[0];
    case PROTECT_JOIN_SESSIONS:
        return sizeof session_line / sizeof session_line[0];
    case PROTECT_JOIN_MONTHS:
        return sizeof months_of_line / sizeof months_of_line[0];
    default:
        return 1;
    }
}

static unsigned lowest(unsigned set)
{
    return set == 0 ? 0 : (unsigned)__builtin_ctz(set);
}

static unsigned line_of(enum protect_join join, const struct protect_line *line, unsigned level)
{
    switch (join) {
    case PROTECT_JOIN_CHANNELS:
        return channel_line[level][lowest(line->part.channels) % CODEBOOK_CHANNELS];
    case PROTECT_JOIN_PARTIES:
        return party_line[level][lowest(line->part.parties) % CODEBOOK_PARTIES];
    case PROTECT_JOIN_SESSIONS:
        return session_line[level][lowest(line->part.sessions) % CODEBOOK_SESSIONS];
    case PROTECT_JOIN_MONTHS:
        return lowest(line->months_of_year) / months_of_line[level];
    default:
        return 0;
    }
}

static void join_line(enum protect_join join, struct protect_line *to,
                      const struct protect_line *line)
{
    switch (join) {
    case PROTECT_JOIN_CHANNELS:
        to->part.channels |= line->part.channels;
        break;
    case PROTECT_JOIN_PARTIES:
        to->part.parties |= line->part.parties;
        break;
    case PROTECT_JOIN_SESSIONS:
        to->part.sessions |= line->part.sessions;
        break;
    case PROTECT_JOIN_MONTHS:
        to->months_of_year |= line->months_of_year;
        break;
    default:
        break;
    }
}

/* One line beside a total would be the total once more. */
static void drop_single(struct protect_axis *axis)
{
    size_t lines = 0, totals = 0;
    for (size_t i = 0; i < axis->count; i++) {
        totals += axis->line[i].total ? 1 : 0;
        lines += axis->line[i].total ? 0 : 1;
    }
    if (lines != 1 || totals == 0)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < axis->count; i++)
        if (axis->line[i].total)
            axis->line[kept++] = axis->line[i];
    axis->count = kept;
}

static enum base_code join_axis(const struct protect_axis *axis, unsigned level,
                                struct arena *arena, struct protect_axis *out, bool *joined,
                                struct base_error *error)
{
    *out = (struct protect_axis){.join = axis->join};
    *joined = false;
    if (old_arena_take(arena, axis->count, sizeof *out->line, &out->line, error) != BASE_OK)
        return error->code;
    unsigned at = 0;
    for (size_t i = 0; i < axis->count; i++) {
        const struct protect_line *line = &axis->line[i];
        struct protect_line *last = out->count > 0 ? &out->line[out->count - 1] : NULL;
        const unsigned number = line_of(axis->join, line, level);
        if (level > 0 && last != NULL && !last->total && !line->total && number == at) {
            join_line(axis->join, last, line);
            *joined = true;
        } else {
            out->line[out->count++] = *line;
        }
        at = number;
    }
    if (*joined)
        drop_single(out);
    return BASE_OK;
}

/* ---- figures -------------------------------------------------------------------------------- */

/* Narrows the period to the months whose month of the year is in the set. */
static bool narrow_months(struct base_period *months, unsigned months_of_year)
{
    if ((months_of_year & PROTECT_ALL_MONTHS) == PROTECT_ALL_MONTHS)
        return true;
    struct base_period found = {0, 0};
    bool any = false;
    for (unsigned month = months->first; month <= months->last; month++) {
        if (((months_of_year >> (month % 12)) & 1u) == 0)
            continue;
        if (any && found.last + 1u != month)
            return false;
        found.first = any ? found.first : (base_month)month;
        found.last = (base_month)month;
        any = true;
    }
    if (any)
        *months = found;
    else
        months->last = (base_month)(months->first - 1);
    return true;
}

static bool make_figure(const struct protect_table *table, const struct protect_line *row,
                        const struct protect_line *column, struct protect_sum *sum)
{
    struct protect_sum crossed;
    const bool any = model_intersect(&row->part, &column->part, &crossed) &&
                     model_intersect(&crossed, &table->part, sum);
    if (any && !narrow_months(&sum->months, row->months_of_year & column->months_of_year))
        return false;
    if (!any || sum->months.last < sum->months.first) {
        *sum = protect_sum_all();
        sum->places = 0;
    }
    return true;
}

enum base_code layout_make(const struct protect_table *table, unsigned row_level,
                           unsigned column_level, struct arena *arena, struct layout *layout,
                           struct base_error *error)
{
    if (join_axis(&table->row, row_level, arena, &layout->row, &layout->rows_joined, error) !=
            BASE_OK ||
        join_axis(&table->column, column_level, arena, &layout->column, &layout->columns_joined,
                  error) != BASE_OK)
        return error->code;
    layout->figures = layout->row.count * layout->column.count;
    if (old_arena_take(arena, layout->figures, sizeof *layout->sum, &layout->sum, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < layout->figures; i++)
        if (!make_figure(table, &layout->row.line[i / layout->column.count],
                         &layout->column.line[i % layout->column.count], &layout->sum[i]))
            return fail_tables(error, BASE_BAD_PERIOD);
    return BASE_OK;
}
