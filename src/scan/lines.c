/* Lines, of plain text or of running text in other formats. In a block of them, what is set in columns (bars, tabs, two
 * spaces or more) is a table; short lines below each other are a list; all else is running text. */
#include "lines.h"

#include <string.h>

enum {
    LIST_BYTES = 40, /* a line of a list is at most this long */
    LEAST_LINES = 2,
    LEAST_GRID = 3, /* numbers at a line's end that make a table without wider spaces */
    MOST_GRID = 32,
    PARTED_BYTES = 400, /* a line of running text that may be a row */
    MOST_GATHERED = 1 << 20,
};

struct scan_text lines_next(const struct lines *lines, size_t *at)
{
    const char *start = lines->bytes + *at;
    const size_t left = lines->size - *at;
    const char *end = memchr(start, '\n', left);
    const size_t size = end != NULL ? (size_t)(end - start) : left;
    *at += size + (end != NULL);
    return chars_trim((struct scan_text){start, size});
}

static bool is_rule(struct scan_text line)
{
    for (size_t i = 0, size; i < line.size; i += size) {
        const uint32_t point = chars_next(line.at + i, line.size - i, &size);
        if (point != ' ' && point != '|' && point != ':' && point != '=' && point != '+' &&
            point != '_' && point != '*' && !chars_is_dash(point) &&
            !(point >= 0x2500 && point < 0x2600))
            return false;
    }
    return true;
}

/* ---- what parts the cells of a line --------------------------------------------------------- */

enum parting { PART_NONE, PART_BARS, PART_TABS, PART_SPACES };

static enum parting parting_of(struct scan_text line)
{
    size_t bars = 0;
    bool tabs = false, wide = false;
    for (size_t i = 0; i < line.size; i++) {
        bars += line.at[i] == '|';
        tabs = tabs || line.at[i] == '\t';
        wide = wide || (line.at[i] == ' ' && i + 1 < line.size && line.at[i + 1] == ' ');
        if (line.size - i >= 3 && memcmp(line.at + i, "│", 3) == 0)
            bars++;
    }
    if (bars >= 2 || (bars == 1 && line.size > 0 && line.at[0] != '|'))
        return PART_BARS;
    return tabs ? PART_TABS : wide ? PART_SPACES : PART_NONE;
}

/* The size of the separator at `at`, or 0. */
static size_t part_size(struct scan_text line, size_t at, enum parting parting)
{
    const char *text = line.at + at;
    const size_t left = line.size - at;
    if (parting == PART_BARS) {
        if (left >= 3 && memcmp(text, "│", 3) == 0)
            return 3;
        return *text == '|' && (at == 0 || text[-1] != '\\');
    }
    if (parting == PART_TABS)
        return *text == '\t';
    size_t spaces = 0;
    while (spaces < left && text[spaces] == ' ')
        spaces++;
    return parting == PART_SPACES && spaces >= 2 ? spaces : 0;
}

static struct scan_text without_marks(struct scan_text cell)
{
    cell = chars_trim(cell);
    while (cell.size > 0 && strchr("*_`~", cell.at[0]) != NULL) {
        cell.at++;
        cell.size--;
    }
    while (cell.size > 0 && strchr("*_`~", cell.at[cell.size - 1]) != NULL)
        cell.size--;
    return chars_trim(cell);
}

static bool add_cell(struct lines *lines, uint32_t column, struct scan_text cell, unsigned flags)
{
    cell = lines->markdown ? without_marks(cell) : chars_trim(cell);
    return row_add(&lines->row, column, flags | lines->flags, cell.at, cell.size);
}

static bool split(struct lines *lines, struct scan_text line, enum parting parting)
{
    /* Text with wide spaces in it may be anything; bars and tabs are meant. */
    const unsigned flags = parting == PART_SPACES ? SCAN_CELL_LIST : SCAN_CELL_FIELD;
    uint32_t column = 1;
    size_t start = 0;
    for (size_t i = 0; i < line.size;) {
        const size_t size = part_size(line, i, parting);
        if (size == 0) {
            i++;
            continue;
        }
        if (i > 0 &&
            !add_cell(lines, column++, (struct scan_text){line.at + start, i - start}, flags))
            return false;
        i += size;
        start = i;
    }
    return start >= line.size ||
           add_cell(lines, column, (struct scan_text){line.at + start, line.size - start}, flags);
}

/* ---- numbers below each other with single spaces -------------------------------------------- */

/* How many numbers end the line; *paired tells whether all are of two digits. */
static size_t grid_size(struct scan_text line, size_t *label, bool *paired)
{
    size_t count = 0, end = line.size;
    *paired = true;
    while (end > 0 && count < MOST_GRID) {
        size_t start = end, digits = 0;
        while (start > 0 && strchr("0123456789.,%", line.at[start - 1]) != NULL &&
               line.at[start - 1] != '\0')
            digits += chars_is_digit((unsigned char)line.at[--start]);
        if (digits == 0 || (start > 0 && line.at[start - 1] != ' '))
            break;
        *paired = *paired && digits == 2 && end - start == 2;
        count++;
        end = start > 0 ? start - 1 : 0;
        *label = start;
    }
    return count;
}

/* The number of numbers that at least two lines of the block end with, not all in pairs (those may
 * be telephone numbers); 0 if there is none. */
static size_t grid_of(const struct lines *lines, size_t from, size_t to)
{
    size_t ending[MOST_GRID + 1] = {0}, found = 0;
    bool odd[MOST_GRID + 1] = {false};
    while (from < to) {
        size_t label = 0;
        bool paired;
        const size_t count = grid_size(lines_next(lines, &from), &label, &paired);
        ending[count]++;
        odd[count] = odd[count] || !paired;
    }
    for (size_t count = LEAST_GRID; count <= MOST_GRID; count++) {
        if (ending[count] >= LEAST_LINES && odd[count])
            found = count;
    }
    return found;
}

static bool split_grid(struct lines *lines, struct scan_text line, size_t label)
{
    uint32_t column = 2;
    if (label > 0 && !add_cell(lines, 1, (struct scan_text){line.at, label}, SCAN_CELL_LIST))
        return false;
    while (label < line.size) {
        const char *space = memchr(line.at + label, ' ', line.size - label);
        const size_t end = space != NULL ? (size_t)(space - line.at) : line.size;
        if (!add_cell(lines, column++, (struct scan_text){line.at + label, end - label},
                      SCAN_CELL_LIST))
            return false;
        label = end + 1;
    }
    return true;
}

/* ---- blocks --------------------------------------------------------------------------------- */

/* Where the block ends that begins at lines->at, and whether it is a list. */
static size_t block_end(const struct lines *lines, bool *list)
{
    size_t at = lines->at, end = at, count = 0;
    *list = true;
    while (at < lines->size) {
        const struct scan_text line = lines_next(lines, &at);
        if (line.size == 0)
            break;
        *list = *list && line.size <= LIST_BYTES && parting_of(line) == PART_NONE;
        count++;
        end = at;
    }
    *list = *list && count >= LEAST_LINES;
    return end;
}

static struct scan_text without_bullet(struct scan_text line)
{
    if (line.size > 2 && strchr("-*+>", line.at[0]) != NULL && line.at[1] == ' ')
        return chars_trim((struct scan_text){line.at + 2, line.size - 2});
    return line;
}

static enum scan_read send_line(struct lines *lines, struct scan_text line, bool list, size_t grid)
{
    size_t label = 0;
    bool paired, added;
    row_begin(&lines->row, lines->table, lines->line);
    const enum parting parting = parting_of(line);
    if (list)
        added = add_cell(lines, 1, without_bullet(line), SCAN_CELL_LIST);
    else if (grid > 0 && parting != PART_BARS && grid_size(line, &label, &paired) == grid)
        added = split_grid(lines, line, label);
    else if (parting != PART_NONE)
        added = split(lines, line, parting);
    else
        added = row_add(&lines->row, 0, SCAN_CELL_PROSE | lines->flags, line.at, line.size);
    if (!added)
        return SCAN_READ_NO_MEMORY;
    if (!lines->in_table && (list || parting != PART_NONE || lines->row.count > 1)) {
        lines->in_table = true;
        lines->table++;
    }
    lines->row.table = lines->table;
    return row_send(&lines->row, !list || lines->flags != 0, lines->take, lines->context);
}

enum scan_read lines_read_block(struct lines *lines)
{
    bool list;
    const size_t end = block_end(lines, &list);
    const size_t grid = grid_of(lines, lines->at, end);
    list = list && grid == 0;
    enum scan_read read = SCAN_READ_OK;
    lines->in_table = false;
    while (read == SCAN_READ_OK && lines->at < end) {
        const struct scan_text line = lines_next(lines, &lines->at);
        lines->line++;
        if (!is_rule(line))
            read = send_line(lines, line, list, grid);
    }
    return read;
}

/* ---- running text --------------------------------------------------------------------------- */

enum kind { KIND_TEXT, KIND_LIST, KIND_ROWS };

static enum kind kind_of(struct scan_text line)
{
    if (line.size == 0 || line.size > PARTED_BYTES)
        return KIND_TEXT;
    if (parting_of(line) != PART_NONE)
        return KIND_ROWS;
    return line.size <= LIST_BYTES ? KIND_LIST : KIND_TEXT;
}

enum scan_read lines_gathered(struct gathered *gathered, uint32_t *tables, scan_take *take,
                              void *context)
{
    struct lines lines = {.bytes = gathered->text.at,
                          .size = gathered->text.size,
                          .table = *tables,
                          .flags = SCAN_CELL_AGAIN,
                          .take = take,
                          .context = context};
    const enum scan_read read =
        gathered->count >= LEAST_LINES ? lines_read_block(&lines) : SCAN_READ_OK;
    *tables = lines.table;
    row_free(&lines.row);
    gathered->text.size = gathered->count = 0;
    gathered->kind = KIND_TEXT;
    return read;
}

static bool keep_line(struct gathered *gathered, struct scan_text line)
{
    gathered->count++;
    return bytes_add(&gathered->text, line.at, line.size) && bytes_add(&gathered->text, "\n", 1);
}

enum scan_read lines_gather(struct gathered *gathered, const char *text, size_t size,
                            uint32_t *tables, scan_take *take, void *context)
{
    const struct lines lines = {.bytes = text, .size = size};
    enum scan_read read = SCAN_READ_OK;
    size_t at = 0;
    do {
        const struct scan_text line = size > 0 ? lines_next(&lines, &at) : (struct scan_text){0};
        const enum kind kind = kind_of(line);
        if (kind != (enum kind)gathered->kind || gathered->text.size > MOST_GATHERED)
            read = lines_gathered(gathered, tables, take, context);
        gathered->kind = (int)kind;
        if (kind != KIND_TEXT && !keep_line(gathered, line))
            return SCAN_READ_NO_MEMORY;
    } while (read == SCAN_READ_OK && at < size);
    return read;
}
