#include "row.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_ROOM = 64 };

void *items_grow(void *items, size_t *room, size_t count, size_t size)
{
    if (count <= *room)
        return items;
    size_t more = *room < LEAST_ROOM ? LEAST_ROOM : *room * 2;
    while (more < count)
        more *= 2;
    char *grown = malloc(more * size);
    if (grown == NULL)
        return NULL;
    if (items != NULL) {
        memcpy(grown, items, *room * size);
        explicit_bzero(items, *room * size);
        free(items);
    }
    memset(grown + *room * size, 0, (more - *room) * size);
    *room = more;
    return grown;
}

bool bytes_add(struct bytes *bytes, const char *at, size_t size)
{
    char *grown = items_grow(bytes->at, &bytes->room, bytes->size + size, 1);
    if (grown == NULL)
        return size == 0;
    bytes->at = grown;
    if (size > 0)
        memcpy(bytes->at + bytes->size, at, size);
    bytes->size += size;
    return true;
}

void bytes_free(struct bytes *bytes)
{
    if (bytes->at != NULL)
        explicit_bzero(bytes->at, bytes->room);
    free(bytes->at);
    memset(bytes, 0, sizeof *bytes);
}

void row_begin(struct row *row, uint32_t table, uint32_t number)
{
    row->table = table;
    row->number = number;
    row->count = 0;
    row->overfull = false;
    row->text.size = 0;
}

bool row_cell(struct row *row, uint32_t column, unsigned flags)
{
    if (row->count == ROW_MOST_CELLS) {
        row->overfull = true;
        return true;
    }
    void *grown = items_grow(row->cells, &row->room, row->count + 1, sizeof *row->cells);
    if (grown == NULL)
        return false;
    row->cells = grown;
    row->cells[row->count++] = (struct row_cell){column, flags, row->text.size, 0};
    return true;
}

bool row_add(struct row *row, uint32_t column, unsigned flags, const char *text, size_t size)
{
    return row_cell(row, column, flags) && bytes_add(&row->text, text, size);
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
            return false;
    }
    return true;
}

enum scan_read row_send(struct row *row, bool marks_alone, scan_take *take, void *context)
{
    size_t filled = 0;
    if (row->overfull)
        return SCAN_READ_TOO_BIG;
    for (size_t i = 0; i < row->count; i++) {
        struct row_cell *cell = &row->cells[i];
        const size_t end = i + 1 < row->count ? row->cells[i + 1].start : row->text.size;
        cell->size = end - cell->start;
        if (cell->size > 0 && is_blank(row->text.at + cell->start, cell->size))
            cell->size = 0;
        filled += cell->size > 0;
    }
    for (size_t i = 0; i < row->count; i++) {
        const struct row_cell *from = &row->cells[i];
        if (from->size == 0)
            continue;
        const bool prose = from->column > SCAN_MOST_COLUMNS || (from->flags & SCAN_CELL_PROSE) != 0;
        const bool alone = filled == 1 && marks_alone && !prose;
        const struct scan_cell cell = {
            .table = row->table,
            .row = row->number,
            .column = prose ? 0 : from->column,
            .flags = from->flags | (prose ? SCAN_CELL_PROSE : 0) | (alone ? SCAN_CELL_ALONE : 0),
            .text = row->text.at + from->start,
            .size = from->size,
        };
        if (!take(context, &cell))
            return SCAN_READ_STOPPED;
    }
    return SCAN_READ_OK;
}

void row_free(struct row *row)
{
    bytes_free(&row->text);
    free(row->cells);
    memset(row, 0, sizeof *row);
}
