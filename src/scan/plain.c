/* Plain text and Markdown. Lines are taken in blocks, parted by blank lines. In a block, what is set
 * in columns (bars, tabs, two spaces or more) is a table; short lines below each other are a list; all
 * else is running text. */
#include <string.h>

#include "chars.h"
#include "load.h"
#include "row.h"

enum {
    LIST_BYTES = 40, /* a line of a list is at most this long */
    LEAST_LINES = 2,
    LEAST_GRID = 3, /* numbers at a line's end that make a table without wider spaces */
    MOST_GRID = 32,
};

struct plain {
    const char *bytes;
    size_t size, at;
    uint32_t line, table;
    bool markdown, in_table;
    struct row row;
    scan_take *take;
    void *context;
};

static struct scan_text next_line(const struct plain *plain, size_t *at)
{
    const char *start = plain->bytes + *at;
    const size_t left = plain->size - *at;
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

static bool add_cell(struct plain *plain, uint32_t column, struct scan_text cell, unsigned flags)
{
    cell = plain->markdown ? without_marks(cell) : chars_trim(cell);
    return row_add(&plain->row, column, flags, cell.at, cell.size);
}

static bool split(struct plain *plain, struct scan_text line, enum parting parting)
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
            !add_cell(plain, column++, (struct scan_text){line.at + start, i - start}, flags))
            return false;
        i += size;
        start = i;
    }
    return start >= line.size ||
           add_cell(plain, column, (struct scan_text){line.at + start, line.size - start}, flags);
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
static size_t grid_of(const struct plain *plain, size_t from, size_t to)
{
    size_t lines[MOST_GRID + 1] = {0}, found = 0;
    bool odd[MOST_GRID + 1] = {false};
    while (from < to) {
        size_t label = 0;
        bool paired;
        const size_t count = grid_size(next_line(plain, &from), &label, &paired);
        lines[count]++;
        odd[count] = odd[count] || !paired;
    }
    for (size_t count = LEAST_GRID; count <= MOST_GRID; count++) {
        if (lines[count] >= LEAST_LINES && odd[count])
            found = count;
    }
    return found;
}

static bool split_grid(struct plain *plain, struct scan_text line, size_t label)
{
    uint32_t column = 2;
    if (label > 0 && !add_cell(plain, 1, (struct scan_text){line.at, label}, SCAN_CELL_LIST))
        return false;
    while (label < line.size) {
        const char *space = memchr(line.at + label, ' ', line.size - label);
        const size_t end = space != NULL ? (size_t)(space - line.at) : line.size;
        if (!add_cell(plain, column++, (struct scan_text){line.at + label, end - label},
                      SCAN_CELL_LIST))
            return false;
        label = end + 1;
    }
    return true;
}

/* ---- blocks --------------------------------------------------------------------------------- */

/* Where the block ends that begins at plain->at, and whether it is a list. */
static size_t block_end(const struct plain *plain, bool *list)
{
    size_t at = plain->at, end = at, lines = 0;
    *list = true;
    while (at < plain->size) {
        const struct scan_text line = next_line(plain, &at);
        if (line.size == 0)
            break;
        *list = *list && line.size <= LIST_BYTES && parting_of(line) == PART_NONE;
        lines++;
        end = at;
    }
    *list = *list && lines >= LEAST_LINES;
    return end;
}

static struct scan_text without_bullet(struct scan_text line)
{
    if (line.size > 2 && strchr("-*+>", line.at[0]) != NULL && line.at[1] == ' ')
        return chars_trim((struct scan_text){line.at + 2, line.size - 2});
    return line;
}

static enum scan_read send_line(struct plain *plain, struct scan_text line, bool list, size_t grid)
{
    size_t label = 0;
    bool paired, added;
    row_begin(&plain->row, plain->table, plain->line);
    const enum parting parting = parting_of(line);
    if (list)
        added = add_cell(plain, 1, without_bullet(line), SCAN_CELL_LIST);
    else if (grid > 0 && parting != PART_BARS && grid_size(line, &label, &paired) == grid)
        added = split_grid(plain, line, label);
    else if (parting != PART_NONE)
        added = split(plain, line, parting);
    else
        added = row_add(&plain->row, 0, SCAN_CELL_PROSE, line.at, line.size);
    if (!added)
        return SCAN_READ_NO_MEMORY;
    if (!plain->in_table && (list || parting != PART_NONE || plain->row.count > 1)) {
        plain->in_table = true;
        plain->table++;
    }
    plain->row.table = plain->table;
    return row_send(&plain->row, !list, plain->take, plain->context);
}

static enum scan_read read_block(struct plain *plain)
{
    bool list;
    const size_t end = block_end(plain, &list);
    const size_t grid = grid_of(plain, plain->at, end);
    list = list && grid == 0;
    enum scan_read read = SCAN_READ_OK;
    plain->in_table = false;
    while (read == SCAN_READ_OK && plain->at < end) {
        const struct scan_text line = next_line(plain, &plain->at);
        plain->line++;
        if (!is_rule(line))
            read = send_line(plain, line, list, grid);
    }
    return read;
}

static enum scan_read read_plain(const char *bytes, size_t size, bool markdown, scan_take *take,
                                 void *context)
{
    struct plain plain = {
        .bytes = bytes, .size = size, .markdown = markdown, .take = take, .context = context};
    enum scan_read read = SCAN_READ_OK;
    while (read == SCAN_READ_OK && plain.at < size) {
        size_t at = plain.at;
        load_pass(bytes + at);
        if (next_line(&plain, &at).size == 0) {
            plain.at = at;
            plain.line++;
        } else {
            read = read_block(&plain);
        }
    }
    row_free(&plain.row);
    return read;
}

enum scan_read scan_read_txt(const char *bytes, size_t size, scan_take *take, void *context)
{
    if (csv_is_likely(bytes, size))
        return scan_read_csv(bytes, size, take, context);
    return read_plain(bytes, size, false, take, context);
}

enum scan_read scan_read_markdown(const char *bytes, size_t size, scan_take *take, void *context)
{
    return read_plain(bytes, size, true, take, context);
}
