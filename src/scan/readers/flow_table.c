/* Tables in running text, and the sheets of an OpenDocument spreadsheet, which are the same. */
#include <stdlib.h>

#include "../chars.h"
#include "flow.h"
#include "shown.h"

enum {
    MOST_SPAN = 1 << 20,
    MOST_SAME = 100000,     /* cells that a repeated row, or cell, is written out to */
    MOST_UNROLLED = 500000, /* of all of them together */
    CELL_BYTES = 64,        /* a cell may have so many, */
    MORE_BYTES = 16,        /* and counts as one more for each of these beyond */
};

static struct open_table *innermost(struct flow *flow)
{
    return flow->table_count > 0 && flow->inside.tables_too_deep == 0
               ? &flow->tables[flow->table_count - 1]
               : NULL;
}

static uint32_t count_of(const xmlChar **attributes, const char *name)
{
    const long count = strtol(part_attribute(attributes, name), NULL, 10);
    return count < 1 ? 1 : count > MOST_SPAN ? MOST_SPAN : (uint32_t)count;
}

/* ---- tables and rows ------------------------------------------------------------------------ */

/* A table of which another file's table is kept is no sheet. */
static bool is_sheet(const struct flow *flow, const xmlChar **attributes)
{
    return flow->sheet < flow->sheets && flow->table_count == 0 &&
           !is(part_attribute(attributes, "style-name"), "ta_extref");
}

static void start_table(struct part *part, struct flow *flow, const xmlChar **attributes)
{
    if (flow->table_count == MOST_OPEN_TABLES) {
        flow->inside.tables_too_deep++;
        return;
    }
    flow_end_lines(part, flow);
    const bool sheet = is_sheet(flow, attributes);
    struct open_table *table = &flow->tables[flow->table_count++];
    table->depth = part->depth;
    table->rows = table->column = 0;
    table->one_column = sheet && flow->one_column[flow->sheet];
    row_begin(&table->row, sheet ? (uint32_t)++flow->sheet : ++part->package->tables, 0);
}

static void start_row(struct open_table *table, const xmlChar **attributes)
{
    row_begin(&table->row, table->row.table, ++table->rows);
    table->row_repeat = count_of(attributes, "number-rows-repeated");
    table->column = 0;
    table->spanned = false;
}

/* Whoever counts the cells has to know; for who judges them one is as good as many. */
static void note_cut(struct part *part, const struct open_table *table, bool is_cut)
{
    struct package *package = part->package;
    const struct scan_cell cell = {.table = table->row.table, .flags = SCAN_CELL_CUT, .text = ""};
    if (is_cut && !package->take(package->context, &cell))
        part_stop(part, SCAN_READ_STOPPED);
}

/* How often what is repeated is written out, `cells` cells with so many bytes each time. */
static uint32_t times_of(struct flow *flow, uint32_t repeat, uint64_t cells, size_t bytes)
{
    const uint64_t usual = cells * CELL_BYTES;
    const uint64_t weight = cells + (bytes > usual ? (bytes - usual) / MORE_BYTES : 0);
    const uint64_t most = flow->unrolled > MOST_UNROLLED ? 1 : 1 + MOST_SAME / weight;
    const uint32_t times = repeat > most ? (uint32_t)most : repeat;
    flow->unrolled += times * weight;
    return times;
}

/* A row that is repeated is written out, but not without end; an empty one costs nothing. */
static void end_row(struct part *part, struct flow *flow, struct open_table *table)
{
    struct package *package = part->package;
    struct row *row = &table->row;
    const bool alone_is_prose =
        flow->sheets > 0 ? !table->one_column : row->count > 1 || table->spanned;
    const uint32_t times =
        row->count > 0 ? times_of(flow, table->row_repeat, row->count, row->text.size) : 0;
    note_cut(part, table, row->count > 0 && times < table->row_repeat);
    enum scan_read read = SCAN_READ_OK;
    for (uint32_t i = 0; i < times && read == SCAN_READ_OK; i++) {
        row->number = table->rows + i;
        read = row_send(row, alone_is_prose, package->take, package->context);
    }
    table->rows += table->row_repeat - 1;
    row_begin(row, row->table, table->rows);
    if (read != SCAN_READ_OK)
        part_stop(part, read);
}

/* ---- cells ---------------------------------------------------------------------------------- */

static void keep_value(struct part *part, struct flow *flow, const xmlChar **attributes)
{
    static const char *const places[] = {"value", "date-value", "string-value", NULL};
    struct cell_value *cell = &flow->cell;
    cell->value.size = 0;
    snprintf(cell->type, sizeof cell->type, "%s", part_attribute(attributes, "value-type"));
    for (const char *const *place = places; *place != NULL && cell->value.size == 0; place++) {
        const char *value = part_attribute(attributes, *place);
        part_add(part, &cell->value, value, strlen(value));
    }
    flow->cell_repeat = count_of(attributes, "number-columns-repeated");
}

static void start_cell(struct part *part, struct flow *flow, struct open_table *table,
                       const xmlChar **attributes)
{
    table->span = 1;
    if (flow->odf)
        keep_value(part, flow, attributes);
    flow_push(part, flow, true);
}

/* "070761-4285" tells more than 707614285, "1.234" no more than 1234. */
static bool tells_more(struct bytes shown, const char *value, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < shown.size; i++) {
        const char c = shown.at[i];
        if (c >= '0' && c <= '9') {
            while (at < size && (value[at] < '0' || value[at] > '9'))
                at++;
            if (at == size || value[at++] != c)
                return true;
        } else if ((c == '-' && i > 0) || c == '/' || (c | 0x20) >= 'a') {
            return true;
        }
    }
    return false;
}

/* A number and a date as they are stored: what is shown may be made to look otherwise. */
static bool is_stored(const char *type)
{
    return is(type, "float") || is(type, "percentage") || is(type, "currency") || is(type, "date");
}

static void add_cell(struct part *part, struct flow *flow, struct open_table *table,
                     struct scan_text text)
{
    const uint32_t wanted =
        flow->cell_repeat < SCAN_MOST_COLUMNS ? flow->cell_repeat : SCAN_MOST_COLUMNS;
    const uint32_t times = text.size > 0 ? times_of(flow, wanted, 1, text.size) : 0;
    note_cut(part, table, text.size > 0 && times < flow->cell_repeat);
    for (uint32_t i = 0; i < times; i++) {
        if (!row_add(&table->row, table->column + 1 + i, flow->sheets > 0 ? 0 : SCAN_CELL_FIELD,
                     text.at, text.size))
            part_stop(part, SCAN_READ_NO_MEMORY);
    }
    if (table->column < MOST_SPAN)
        table->column += flow->odf ? flow->cell_repeat : table->span;
    table->spanned = table->spanned || table->span > 1;
}

static void end_value(struct part *part, struct flow *flow, struct open_table *table,
                      struct bytes shown)
{
    char number[SHOWN_BYTES];
    const struct bytes *stored = &flow->cell.value;
    const char *value = stored->at;
    size_t size = stored->size;
    if (size > 0 && is_stored(flow->cell.type)) {
        const char *midnight = memmem(value, size, "T00:00:00", 9);
        const size_t digits = shown_number(NULL, 0, value, size, number);
        size = midnight != NULL ? (size_t)(midnight - value) : size;
        value = digits > 0 ? number : value;
        size = digits > 0 ? digits : size;
        add_cell(part, flow, table, (struct scan_text){value, size});
        if (shown.size > 0 && tells_more(shown, value, size))
            part_send(part, shown.at, shown.size, 0);
    } else if (shown.size > 0) {
        add_cell(part, flow, table, (struct scan_text){shown.at, shown.size});
        if (size > 0 && (size != shown.size || memcmp(value, shown.at, size) != 0))
            part_send(part, value, size, 0);
    } else {
        add_cell(part, flow, table, (struct scan_text){value, size});
    }
    explicit_bzero(number, sizeof number);
    flow->cell.value.size = 0;
    flow->cell_repeat = 1;
}

void flow_cell_end(struct part *part, struct flow *flow, struct frame *frame)
{
    struct open_table *table = innermost(flow);
    const struct bytes shown = frame->text.kept;
    if (table == NULL)
        return;
    if (flow->odf)
        end_value(part, flow, table, shown);
    else {
        flow->cell_repeat = 1;
        add_cell(part, flow, table, (struct scan_text){shown.at, shown.size});
    }
}

/* ---- elements ------------------------------------------------------------------------------- */

static bool is_cell(const struct flow *flow, const char *name)
{
    return flow->odf ? is(name, "table-cell") || is(name, "covered-table-cell") : is(name, "tc");
}

bool flow_table_start(struct part *part, struct flow *flow, const char *name,
                      const xmlChar **attributes)
{
    struct open_table *table = innermost(flow);
    if (is(name, flow->odf ? "table" : "tbl"))
        start_table(part, flow, attributes);
    else if (table == NULL)
        return false;
    else if (is(name, flow->odf ? "table-row" : "tr"))
        start_row(table, attributes);
    else if (is_cell(flow, name) && table->rows > 0)
        start_cell(part, flow, table, attributes);
    else if (is(name, "gridSpan"))
        table->span = count_of(attributes, "val");
    else if (is(name, "gridBefore"))
        table->column += count_of(attributes, "val") % SCAN_MOST_COLUMNS;
    else
        return false;
    return true;
}

void flow_table_end(struct part *part, struct flow *flow, const char *name)
{
    const size_t depth = part->depth + 1;
    if (is(name, flow->odf ? "table" : "tbl")) {
        if (flow->inside.tables_too_deep > 0)
            flow->inside.tables_too_deep--;
        else if (flow->table_count > 0 && flow->tables[flow->table_count - 1].depth == depth)
            flow->table_count--;
        return;
    }
    struct open_table *table = innermost(flow);
    if (table != NULL && is(name, flow->odf ? "table-row" : "tr") && table->rows > 0)
        end_row(part, flow, table);
}
