/* What a page shows side by side and below each other. Letters are put into lines by their height on the page, lines
 * into segments where there is a wide gap; lines of several segments below each other are a table, and short
 * ones a list. PDF itself knows neither. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../chars.h"
#include "pdf.h"

enum {
    LEAST_TABLE = 2, /* lines */
    LEAST_LIST = 3,  /* lines */
    LIST_LETTERS = 24,
    LONG_LETTERS = 25, /* a segment of a column of text */
    LONE_LINES = 2,    /* of one segment that a table goes on after */
    LABEL_LETTERS = 3, /* "12." */
    CPR_DIGITS = 10,
    DATE_DIGITS = 6,
    SHORT_CHAIN = 3,
    LONG_CHAIN = 5,
    TYPED_LETTERS = 6,
    MOST_TABLES = 65536, /* of all pages; the rest is running text */
};

static const float word_gap = 0.12F; /* all these are in heights of the line */
static const float wide_gap = 0.75F;
static const float chain_gap = 0.3F;    /* more than a space */
static const float typed_width = 1.02F; /* in widths of the narrowest letter */
static const float same_line = 0.5F;
static const float list_step = 2.2F;
static const float table_step = 4.0F;
static const float same_start = 3.0F; /* points */
static const float same_edge = 0.8F;  /* points */

struct segment {
    size_t first, count; /* in `order` */
    float left, right;
    uint32_t column; /* from 1 */
};

/* Words of lines below each other that begin, or end, at the same place. */
struct chain {
    unsigned above, below; /* how many, this one counted in both */
    float gap; /* the widest before, or after, one of them, in heights; of those that are linked */
};

struct line {
    size_t from, to;     /* letters, in `order` */
    size_t first, count; /* segments */
    size_t bars;         /* if there are any they part the cells, and nothing else */
    float middle, height;
};

struct sheet {
    struct pdf_sink *sink;
    uint32_t page;
    const struct pdf_letter *letters;
    bool *taken;
    size_t *order; /* letters from top to bottom, then from left to right */
    size_t shown;
    struct chain *starts, *ends; /* for each letter of `order` that begins or ends a word */
    struct segment *segments;
    size_t segment_count;
    struct line *lines;
    size_t line_count;
    struct row row;
};

/* ---- letters into lines --------------------------------------------------------------------- */

static float middle_of(const struct pdf_letter *letter)
{
    return (letter->top + letter->bottom) / 2;
}

static float height_of(const struct pdf_letter *letter)
{
    return letter->bottom - letter->top;
}

static const struct pdf_letter *shown_at(const struct sheet *sheet, size_t i)
{
    return &sheet->letters[sheet->order[i]];
}

static int by_value(float a, float b)
{
    return (a > b) - (a < b);
}

static int by_index(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_middle(const void *a, const void *b, void *letters)
{
    const struct pdf_letter *all = letters;
    const size_t first = *(const size_t *)a, second = *(const size_t *)b;
    const int down = by_value(middle_of(&all[first]), middle_of(&all[second]));
    return down != 0 ? down : by_index(first, second);
}

static int by_left(const void *a, const void *b, void *letters)
{
    const struct pdf_letter *all = letters;
    const size_t first = *(const size_t *)a, second = *(const size_t *)b;
    const int along = by_value(all[first].left, all[second].left);
    return along != 0 ? along : by_index(first, second);
}

static bool is_placed(const struct pdf_letter *letter)
{
    return letter->right > letter->left && letter->bottom > letter->top && letter->point != '\n' &&
           letter->point != '\f' && letter->point != '\r' && !chars_is_space(letter->point);
}

/* Where the letters of one line end. The line's middle is that of its letters so far. */
static size_t line_end(const struct sheet *sheet, size_t from, struct line *line)
{
    size_t at = from;
    double sum = 0;
    *line = (struct line){.middle = middle_of(shown_at(sheet, from))};
    while (at < sheet->shown) {
        const struct pdf_letter *letter = shown_at(sheet, at);
        if (middle_of(letter) - line->middle > same_line * height_of(letter))
            break;
        line->height = fmaxf(line->height, height_of(letter));
        sum += (double)middle_of(letter);
        line->middle = (float)(sum / (double)(++at - from));
    }
    return at;
}

static bool is_label(const struct sheet *sheet, const struct segment *segment)
{
    bool letters = false, digits = false;
    for (size_t i = 0; i < segment->count; i++) {
        const uint32_t point = shown_at(sheet, segment->first + i)->point;
        digits = digits || chars_is_digit(point);
        letters = letters || chars_is_letter(point);
    }
    const uint32_t last = shown_at(sheet, segment->first + segment->count - 1)->point;
    return !letters &&
           (!digits || (segment->count <= LABEL_LETTERS && (last == '.' || last == ')')));
}

/* The gap before the letter at `i`, in heights of the line; much at its beginning. */
static float gap_before(const struct sheet *sheet, const struct line *line, size_t i)
{
    if (i == line->from)
        return 0;
    return (shown_at(sheet, i)->left - shown_at(sheet, i - 1)->right) / line->height;
}

static bool begins_word(const struct sheet *sheet, const struct line *line, size_t i)
{
    return i == line->from || gap_before(sheet, line, i) > word_gap;
}

static bool ends_word(const struct sheet *sheet, const struct line *line, size_t i)
{
    return i + 1 == line->to || gap_before(sheet, line, i + 1) > word_gap;
}

static bool is_bar(const struct sheet *sheet, size_t i)
{
    const uint32_t point = shown_at(sheet, i)->point;
    return point == '|' || point == 0x2502;
}

/* Whether enough words stand exactly below each other: by chance some do in any text, but there the gaps are small. */
static bool is_column(const struct chain *chain)
{
    const unsigned length = chain->above + chain->below - 1;
    return chain->above > 0 &&
           (length >= LONG_CHAIN || (length >= SHORT_CHAIN && chain->gap > chain_gap));
}

/* Only digits and signs from the letter at `i` to the end of its word. */
static bool is_number(const struct sheet *sheet, const struct line *line, size_t i, size_t *last)
{
    bool number = true;
    for (*last = i;; ++*last) {
        number = number && !chars_is_letter(shown_at(sheet, *last)->point);
        if (ends_word(sheet, line, *last))
            return number;
    }
}

/* Whether a cell begins with this letter, which is not the line's first. */
static bool begins_cell(const struct sheet *sheet, const struct line *line, size_t i)
{
    size_t last;
    if (line->bars > 0)
        return is_bar(sheet, i);
    if (gap_before(sheet, line, i) > wide_gap)
        return true;
    if (!begins_word(sheet, line, i))
        return false;
    return is_column(&sheet->starts[i]) || is_column(&sheet->ends[i - 1]) ||
           (is_number(sheet, line, i, &last) && is_column(&sheet->ends[last]));
}

/* Bullets and numbers of paragraphs go with what stands after them. Bars are no text. */
static void part_line(struct sheet *sheet, struct line *line)
{
    struct segment *segment = NULL;
    line->first = sheet->segment_count;
    for (size_t i = line->from; i < line->to; i++)
        line->bars += is_bar(sheet, i);
    for (size_t i = line->from; i < line->to; i++) {
        const struct pdf_letter *letter = shown_at(sheet, i);
        if (segment == NULL ||
            (begins_cell(sheet, line, i) && !(line->count == 1 && is_label(sheet, segment)))) {
            segment = &sheet->segments[sheet->segment_count++];
            *segment = (struct segment){i, 0, letter->left, letter->right, 1};
            line->count++;
        }
        segment->count++;
        segment->right = fmaxf(segment->right, letter->right);
    }
}

/* ---- words below each other ----------------------------------------------------------------- */

struct edges_of {
    struct chain *chains;
    bool ends; /* of words; else where they begin */
};

static float edge_at(const struct sheet *sheet, size_t i, bool ends)
{
    return ends ? shown_at(sheet, i)->right : shown_at(sheet, i)->left;
}

static float edge_gap(const struct sheet *sheet, const struct line *line, size_t i, bool ends)
{
    return ends ? (i + 1 == line->to ? 0 : gap_before(sheet, line, i + 1))
                : gap_before(sheet, line, i);
}

/* Links the words of two lines; `down`: from the lower one, so that chains grow upwards. */
static void link_lines(struct sheet *sheet, const struct edges_of *edges, const struct line *line,
                       const struct line *other, bool down)
{
    size_t j = other->from;
    for (size_t i = line->from; i < line->to; i++) {
        struct chain *chain = &edges->chains[i];
        unsigned *length = down ? &chain->below : &chain->above;
        if (*length != 1) /* no edge, or linked already */
            continue;
        const float at = edge_at(sheet, i, edges->ends);
        while (j < other->to &&
               (edges->chains[j].above == 0 || edge_at(sheet, j, edges->ends) < at - same_edge))
            j++;
        if (j == other->to || edge_at(sheet, j, edges->ends) > at + same_edge)
            continue;
        const struct chain *linked = &edges->chains[j];
        *length = (down ? linked->below : linked->above) + 1;
        chain->gap = fmaxf(chain->gap, linked->gap);
    }
}

/* In a typewriter's letters words stand below each other by chance: only numbers count there. */
static bool is_typewritten(const struct sheet *sheet, const struct line *line)
{
    float least = INFINITY, most = 0;
    size_t letters = 0;
    for (size_t i = line->from; i < line->to; i++) {
        const struct pdf_letter *letter = shown_at(sheet, i);
        letters += chars_is_letter(letter->point);
        least = fminf(least, letter->right - letter->left);
        most = fmaxf(most, letter->right - letter->left);
    }
    return letters >= TYPED_LETTERS && most < typed_width * least;
}

static void begin_chains(struct sheet *sheet, const struct edges_of *edges, const struct line *line)
{
    const bool typewritten = is_typewritten(sheet, line);
    size_t last;
    for (size_t i = line->from; i < line->to; i = last + 1) {
        const bool number = is_number(sheet, line, i, &last);
        const size_t edge = edges->ends ? last : i;
        if (number || !typewritten)
            edges->chains[edge] = (struct chain){1, 1, edge_gap(sheet, line, edge, edges->ends)};
    }
}

static float step_after(const struct sheet *sheet, size_t line);

/* To the line before, or, where a cell is empty, to the one before that. */
/* NOLINTBEGIN(clang-analyzer-unix.Malloc): the lines are freed by pdf_take_lines */
static void make_chains(struct sheet *sheet, const struct edges_of *edges)
{
    const size_t count = sheet->line_count;
    for (size_t i = 0; i < count; i++) {
        begin_chains(sheet, edges, &sheet->lines[i]);
        for (size_t back = 1; back <= 2 && back <= i; back++) {
            if (step_after(sheet, i - back) > table_step)
                break;
            link_lines(sheet, edges, &sheet->lines[i], &sheet->lines[i - back], false);
        }
    }
    for (size_t i = count; i-- > 0;) {
        for (size_t on = 1; on <= 2 && i + on < count; on++) {
            if (step_after(sheet, i + on - 1) > table_step)
                break;
            link_lines(sheet, edges, &sheet->lines[i], &sheet->lines[i + on], true);
        }
    }
}
/* NOLINTEND(clang-analyzer-unix.Malloc) */

static void make_lines(struct sheet *sheet, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_placed(&sheet->letters[i]))
            sheet->order[sheet->shown++] = i;
    }
    qsort_r(sheet->order, sheet->shown, sizeof *sheet->order, by_middle,
            (void *)(uintptr_t)sheet->letters);
    for (size_t at = 0; at < sheet->shown;) {
        struct line *line = &sheet->lines[sheet->line_count++];
        const size_t end = line_end(sheet, at, line);
        line->from = at;
        line->to = end;
        qsort_r(sheet->order + at, end - at, sizeof *sheet->order, by_left,
                (void *)(uintptr_t)sheet->letters);
        at = end;
    }
    make_chains(sheet, &(struct edges_of){sheet->starts, false});
    make_chains(sheet, &(struct edges_of){sheet->ends, true});
    for (size_t i = 0; i < sheet->line_count; i++)
        part_line(sheet, &sheet->lines[i]);
}

/* Turned text makes no lines. */
static bool is_level(const struct sheet *sheet, size_t count)
{
    size_t pairs = 0, level = 0;
    for (size_t i = 1; i < count; i++) {
        const struct pdf_letter *one = &sheet->letters[i - 1], *two = &sheet->letters[i];
        if (!is_placed(one) || !is_placed(two))
            continue;
        pairs++;
        level += fabsf(middle_of(one) - middle_of(two)) < fmaxf(height_of(one), height_of(two));
    }
    return level * 10 >= pairs * 9;
}

static void take_segment(struct sheet *sheet, const struct segment *segment)
{
    for (size_t i = 0; i < segment->count; i++)
        sheet->taken[sheet->order[segment->first + i]] = true;
}

/* ---- digits in boxes ------------------------------------------------------------------------ */

/* True if the letter at `i` of the order stands alone between `from` and `to`. */
static bool stands_alone(const struct sheet *sheet, size_t i, size_t from, size_t to)
{
    const struct pdf_letter *letter = shown_at(sheet, i);
    const float gap = word_gap * height_of(letter);
    return (i == from || letter->left - shown_at(sheet, i - 1)->right > gap) &&
           (i + 1 == to || shown_at(sheet, i + 1)->left - letter->right > gap);
}

/* Ten digits, and perhaps a dash after the sixth. */
static void take_boxes(struct sheet *sheet, const size_t *at, size_t count)
{
    char number[CPR_DIGITS + 2];
    if (count != CPR_DIGITS && count != CPR_DIGITS + 1)
        return;
    for (size_t i = 0; i < count; i++) {
        const uint32_t point = shown_at(sheet, at[i])->point;
        const bool dash = count > CPR_DIGITS && i == DATE_DIGITS;
        if (dash ? !chars_is_dash(point) : !chars_is_digit(point))
            return;
        number[i] = dash ? '-' : (char)point;
    }
    for (size_t i = 0; i < count; i++)
        sheet->taken[sheet->order[at[i]]] = true;
    pdf_send(sheet->sink, sheet->page, NULL, 0, number, count);
    explicit_bzero(number, sizeof number);
}

/* Runs of digits that stand alone; a run ends where a gap is more than twice as wide as those before. */
static void find_boxes(struct sheet *sheet, const struct line *line)
{
    const struct segment *first = &sheet->segments[line->first];
    const struct segment *last = first + line->count - 1;
    const size_t from = first->first, to = last->first + last->count;
    size_t run[CPR_DIGITS + 2], count = 0;
    float step = 0;
    for (size_t i = from; i < to; i++) {
        const uint32_t point = shown_at(sheet, i)->point;
        const bool one =
            (chars_is_digit(point) || chars_is_dash(point)) && stands_alone(sheet, i, from, to);
        const float gap = i > from ? shown_at(sheet, i)->left - shown_at(sheet, i - 1)->left : 0;
        if (!one || (count > 1 && gap > 2 * step)) {
            take_boxes(sheet, run, count);
            count = 0;
        }
        step = count > 1 ? fmaxf(step, gap) : count == 1 ? gap : 0;
        if (one && count < sizeof run / sizeof *run)
            run[count++] = i;
    }
    take_boxes(sheet, run, count);
}

/* ---- a number over two columns -------------------------------------------------------------- */

/* Appends the digits and dashes that the segment ends or begins with; false if they are too many. */
static bool add_edge(const struct sheet *sheet, const struct segment *segment, bool end,
                     char number[CPR_DIGITS + 2], size_t *size)
{
    size_t from = segment->first, to = segment->first + segment->count, most = CPR_DIGITS + 1;
    size_t length = 0;
    for (; length <= most && length < segment->count; length++) {
        const uint32_t point = shown_at(sheet, end ? to - 1 - length : from + length)->point;
        if (!chars_is_digit(point) && !chars_is_dash(point))
            break;
    }
    if (*size + length > most)
        return false;
    for (size_t i = end ? to - length : from; length > 0; length--, i++) {
        const uint32_t point = shown_at(sheet, i)->point;
        number[(*size)++] = chars_is_digit(point) ? (char)point : '-';
    }
    return true;
}

static bool are_digits(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!chars_is_digit((unsigned char)at[i]))
            return false;
    }
    return true;
}

static void try_pair(struct sheet *sheet, const struct segment *left)
{
    char number[CPR_DIGITS + 2] = "", text[CPR_DIGITS + 6];
    size_t size = 0, date;
    if (!add_edge(sheet, left, true, number, &size))
        return;
    date = size;
    if (date == 0 || !add_edge(sheet, left + 1, false, number, &size) || size == date)
        return;
    if (size == CPR_DIGITS && date == DATE_DIGITS && are_digits(number, size)) {
        /* with something before it, so that it counts as digits in a text */
        const int length = snprintf(text, sizeof text, "| %.6s %.4s", number, number + DATE_DIGITS);
        pdf_send(sheet->sink, sheet->page, NULL, 0, text, (size_t)length);
    } else if (size == CPR_DIGITS + 1 && number[DATE_DIGITS] == '-' &&
               are_digits(number, DATE_DIGITS) && are_digits(number + DATE_DIGITS + 1, 4)) {
        pdf_send(sheet->sink, sheet->page, NULL, 0, number, size);
    }
    explicit_bzero(number, sizeof number);
    explicit_bzero(text, sizeof text);
}

static void find_pairs(struct sheet *sheet, const struct line *line)
{
    for (size_t i = 0; i + 1 < line->count; i++)
        try_pair(sheet, &sheet->segments[line->first + i]);
}

static void take_numbers(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->line_count; i++) {
        const struct line *line = &sheet->lines[i];
        find_boxes(sheet, line);
        find_pairs(sheet, line);
    }
}

/* ---- tables --------------------------------------------------------------------------------- */

static float step_after(const struct sheet *sheet, size_t line)
{
    const struct line *one = &sheet->lines[line], *two = one + 1;
    return (two->middle - one->middle) / fmaxf(one->height, two->height);
}

/* Where the table that begins at `from` ends; `from` if there is none. */
static size_t table_end(const struct sheet *sheet, size_t from)
{
    size_t end = from, rows = 0, lone = 0;
    for (size_t i = from; i < sheet->line_count && lone <= LONE_LINES; i++) {
        if (i > from && step_after(sheet, i - 1) > table_step)
            break;
        lone = sheet->lines[i].count > 1 ? 0 : lone + 1;
        if (lone == 0) {
            rows++;
            end = i + 1;
        }
    }
    return rows >= LEAST_TABLE ? end : from;
}

/* Text set in columns: most segments are long. */
static bool is_prose(const struct sheet *sheet, size_t from, size_t to)
{
    size_t segments = 0, longs = 0;
    for (size_t i = from; i < to; i++) {
        const struct line *line = &sheet->lines[i];
        for (size_t j = 0; line->count > 1 && j < line->count; j++) {
            segments++;
            longs += sheet->segments[line->first + j].count >= LONG_LETTERS;
        }
    }
    return longs * 2 > segments;
}

struct edge {
    float at;
    int change; /* 1: a segment begins, -1: one ends */
};

static int by_edge(const void *a, const void *b)
{
    const struct edge *one = a, *two = b;
    const int along = by_value(one->at, two->at);
    return along != 0 ? along : two->change - one->change;
}

static size_t gather_edges(const struct sheet *sheet, size_t from, size_t to, struct edge *edges)
{
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        const struct line *line = &sheet->lines[i];
        for (size_t j = 0; line->count > 1 && j < line->count; j++) {
            const struct segment *segment = &sheet->segments[line->first + j];
            edges[count++] = (struct edge){segment->left, 1};
            edges[count++] = (struct edge){segment->right, -1};
        }
    }
    qsort(edges, count, sizeof *edges, by_edge);
    return count;
}

/* Columns are what more than a tenth of the lines fill; their left and right edges are written over `edges`, two for
 * each. Returns how many there are. */
static size_t find_columns(struct edge *edges, size_t count, size_t lines)
{
    const int few = (int)(lines / 10);
    size_t columns = 0;
    int depth = 0;
    for (size_t i = 0; i < count; i++) {
        const struct edge edge = edges[i];
        const bool was_in = depth > few;
        depth += edge.change;
        if (!was_in && depth > few)
            edges[2 * columns].at = edge.at;
        else if (was_in && depth <= few)
            edges[2 * columns++ + 1].at = edge.at;
    }
    return columns;
}

/* The last column that begins left of the segment's middle. Columns are looked through from `column` on. */
static uint32_t column_of(const struct edge *edges, size_t columns, uint32_t column,
                          const struct segment *segment)
{
    const float middle = (segment->left + segment->right) / 2;
    while (column < columns) {
        const float border = (edges[2 * column - 1].at + edges[2 * column].at) / 2;
        if (middle < border)
            break;
        column++;
    }
    return column;
}

static bool goes_on(const struct pdf_sink *sink, const struct edge *edges, size_t columns)
{
    if (columns == 0 || sink->columns != columns)
        return false;
    for (size_t i = 0; i < columns; i++) {
        if (fabsf(sink->starts[i] - edges[2 * i].at) > same_start)
            return false;
    }
    return true;
}

/* The table's number: a new one, unless it is the first of its page and like the last of the page before. */
static void number_table(struct pdf_sink *sink, const struct edge *edges, size_t columns,
                         bool first)
{
    if (!first || !goes_on(sink, edges, columns)) {
        sink->table++;
        sink->rows = 0;
    }
    sink->columns = columns <= PDF_KEPT_COLUMNS ? columns : 0;
    for (size_t i = 0; i < sink->columns; i++)
        sink->starts[i] = edges[2 * i].at;
}

static bool add_text(struct sheet *sheet, const struct segment *segment, float height)
{
    for (size_t i = 0; i < segment->count; i++) {
        const struct pdf_letter *letter = shown_at(sheet, segment->first + i);
        if (is_bar(sheet, segment->first + i))
            continue;
        const bool gap = i > 0 && letter->left - shown_at(sheet, segment->first + i - 1)->right >
                                      word_gap * height;
        if ((gap && !pdf_add_point(&sheet->row.text, ' ')) ||
            !pdf_add_point(&sheet->row.text, letter->point))
            return false;
    }
    return true;
}

static bool fill_row(struct sheet *sheet, const struct line *line, unsigned flags)
{
    uint32_t last = 0;
    for (size_t i = 0; i < line->count; i++) {
        const struct segment *segment = &sheet->segments[line->first + i];
        const bool same = segment->column == last;
        if (sheet->taken[sheet->order[segment->first]])
            continue; /* boxes */
        if (same ? !pdf_add_point(&sheet->row.text, ' ')
                 : !row_cell(&sheet->row, segment->column, flags))
            return false;
        if (!add_text(sheet, segment, line->height))
            return false;
        last = segment->column;
        take_segment(sheet, segment);
    }
    return true;
}

static void send_rows(struct sheet *sheet, size_t from, size_t to, unsigned flags, bool prose)
{
    struct pdf_sink *sink = sheet->sink;
    for (size_t i = from; i < to && sink->state == SCAN_READ_OK; i++) {
        row_begin(&sheet->row, sink->table, ++sink->rows);
        if (!fill_row(sheet, &sheet->lines[i], flags))
            pdf_stop(sink, SCAN_READ_NO_MEMORY);
        else
            pdf_stop(sink, row_send(&sheet->row, prose, sink->take, sink->context));
    }
}

static void take_table(struct sheet *sheet, size_t from, size_t to, bool first)
{
    const size_t segments =
        sheet->lines[to - 1].first + sheet->lines[to - 1].count - sheet->lines[from].first;
    struct edge *edges = calloc(2 * segments, sizeof *edges);
    if (edges == NULL) {
        pdf_stop(sheet->sink, SCAN_READ_NO_MEMORY);
        return;
    }
    const size_t columns = find_columns(edges, gather_edges(sheet, from, to, edges), to - from);
    for (size_t i = from; i < to; i++) {
        const struct line *line = &sheet->lines[i];
        uint32_t column = 1;
        for (size_t j = 0; j < line->count; j++) {
            struct segment *segment = &sheet->segments[line->first + j];
            segment->column = column =
                line->bars > 0 ? (uint32_t)j + 1 : column_of(edges, columns, column, segment);
        }
    }
    number_table(sheet->sink, edges, columns, first);
    free(edges);
    /* text set beside a word is no note about somebody unless it says so */
    send_rows(sheet, from, to, SCAN_CELL_FIELD, true);
}

/* Short lines below each other. */
static size_t list_end(const struct sheet *sheet, size_t from)
{
    size_t end = from;
    while (end < sheet->line_count && sheet->lines[end].count == 1 &&
           sheet->segments[sheet->lines[end].first].count <= LIST_LETTERS &&
           (end == from || step_after(sheet, end - 1) < list_step))
        end++;
    return end - from >= LEAST_LIST ? end : from;
}

static void take_blocks(struct sheet *sheet)
{
    bool first = true;
    for (size_t at = 0; at < sheet->line_count && sheet->sink->state == SCAN_READ_OK;) {
        if (sheet->sink->table >= MOST_TABLES)
            return;
        const bool several = sheet->lines[at].count > 1;
        const size_t end = several ? table_end(sheet, at) : list_end(sheet, at);
        if (end == at || (several && is_prose(sheet, at, end))) {
            at = end > at ? end : at + 1;
            continue;
        }
        if (several) {
            take_table(sheet, at, end, first);
        } else {
            sheet->sink->table++;
            sheet->sink->rows = 0;
            sheet->sink->columns = 0;
            send_rows(sheet, at, end, SCAN_CELL_LIST, false);
        }
        first = false;
        at = end;
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

static bool make_room(struct sheet *sheet, size_t count)
{
    sheet->order = calloc(count, sizeof *sheet->order);
    sheet->segments = calloc(count, sizeof *sheet->segments);
    sheet->lines = calloc(count, sizeof *sheet->lines);
    sheet->starts = calloc(count, sizeof *sheet->starts);
    sheet->ends = calloc(count, sizeof *sheet->ends);
    return sheet->starts != NULL && sheet->ends != NULL && sheet->order != NULL &&
           sheet->segments != NULL && sheet->lines != NULL;
}

void pdf_take_lines(struct pdf_sink *sink, uint32_t page, const struct pdf_letter *letters,
                    size_t count, bool *taken) /* NOLINT(readability-non-const-parameter) */
{
    struct sheet sheet = {.sink = sink, .page = page, .letters = letters, .taken = taken};
    if (count == 0)
        return;
    if (!make_room(&sheet, count)) {
        pdf_stop(sink, SCAN_READ_NO_MEMORY);
    } else if (is_level(&sheet, count)) {
        make_lines(&sheet, count);
        take_numbers(&sheet);
        take_blocks(&sheet);
    }
    row_free(&sheet.row);
    free(sheet.order);
    free(sheet.segments);
    free(sheet.lines);
    free(sheet.starts);
    free(sheet.ends);
}
