#include "column.h"

#include <stdlib.h>
#include <string.h>

#include "row.h"
#include "tavs/secret.h"

enum {
    SHORT_BYTES = 200,
    SENTENCE_WORDS = 5,
    REMARK_WORDS = 3,
    SENTENCE_BYTES = 25,
    HEADING_ROWS = 30, /* headings may stand this far down */
    SMALL_DIGITS = 6,
    MOST_BARE = 3,  /* words */
    LEAST_LIST = 3, /* lines that make a list without a heading */
};

#define BIT(sight) (1U << (sight))

/* ---- a cell --------------------------------------------------------------------------------- */

static uint32_t sight_number(struct scan_text text)
{
    char digits[11] = "0";
    uint32_t sights = BIT(SIGHT_NUMBER);
    const size_t size = find_plain_digits(text, digits + 1, 10);
    if (size > 0 && size <= SMALL_DIGITS)
        sights |= BIT(SIGHT_SMALL);
    if (size == 8 && digits[1] >= '2')
        sights |= BIT(SIGHT_EIGHT);
    if (size == 9 || size == 10) {
        const enum cpr_validity validity = cpr_check(digits + (size == 10));
        sights |= BIT(SIGHT_TEN);
        sights |= validity != CPR_NONE ? BIT(SIGHT_TEN_DATE) : 0;
        sights |= validity == CPR_MODULUS ? BIT(SIGHT_TEN_HOLDS) : 0;
    }
    secret_wipe(digits, sizeof digits);
    return sights;
}

static uint32_t sight_shape(struct scan_text text)
{
    char upper[8] = "";
    switch (find_shape(text)) {
    case FIND_DOTTED:
        return BIT(SIGHT_DOTTED);
    case FIND_LETTERS:
        if (text.size < sizeof upper)
            memcpy(upper, text.at, text.size);
        return words_common_code(upper) ? 0 : BIT(SIGHT_LETTERS);
    case FIND_FIRST_NAME:
        return BIT(SIGHT_FIRST_NAME);
    case FIND_DOUBTFUL_NAME:
        return BIT(SIGHT_DOUBTFUL_NAME);
    case FIND_FAMILY_NAME:
        return BIT(SIGHT_FAMILY_NAME);
    case FIND_WORDS:
        return BIT(SIGHT_WORDS);
    case FIND_PERSON:
        return BIT(SIGHT_PERSON);
    default:
        return 0;
    }
}

static void note_hit(void *context, const struct find_hit *hit)
{
    uint32_t *sights = context;
    if (hit->kind == SCAN_NAME && hit->confidence >= SCAN_MEDIUM)
        *sights |= BIT(SIGHT_NAMED);
    if (hit->kind == SCAN_EMAIL && hit->confidence >= SCAN_MEDIUM)
        *sights |= BIT(SIGHT_EMAIL);
}

static bool holds(struct scan_text text, const char *part)
{
    return memmem(text.at, text.size, part, strlen(part)) != NULL;
}

static uint32_t sight_text(struct scan_text text, unsigned flags)
{
    if (!chars_has_letter(text))
        return 0;
    uint32_t sights = sight_shape(text);
    if (text.size <= SHORT_BYTES) {
        find_names(text, false, note_hit, &sights);
        find_emails(text, note_hit, &sights);
        if (holds(text, ",") || holds(text, "/") || holds(text, "+") || holds(text, " og ") ||
            holds(text, " and ") || holds(text, ";"))
            sights |= BIT(SIGHT_ENUMERATION);
    }
    if (text.size >= SENTENCE_BYTES && (flags & SCAN_CELL_LIST) == 0 &&
        find_words(text, SENTENCE_WORDS) == SENTENCE_WORDS) {
        sights |= BIT(SIGHT_SENTENCE);
        sights |= find_speaks_of_person(text) ? BIT(SIGHT_SPOKEN) : 0;
    } else if (find_words(text, REMARK_WORDS) == REMARK_WORDS && find_speaks_of_person(text)) {
        sights |= BIT(SIGHT_REMARK);
    }
    return sights;
}

/* One of 64. */
static unsigned class_of(struct scan_text text)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < text.size && i < SHORT_BYTES; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 0x100000001b3U;
    return (unsigned)((hash ^ hash >> 32) % 64);
}

/* What a value looks like, and which class of values it is in. */
static uint32_t look_at(struct memo *memo, struct scan_text text, unsigned flags, unsigned *class)
{
    static const char lists, others;
    enum { CLASS_SHIFT = 26 };
    _Static_assert((int)SIGHTS <= (int)CLASS_SHIFT, "sights and class fit into one number");
    const void *owner = (flags & SCAN_CELL_LIST) != 0 ? &lists : &others;
    bool known = false;
    struct memo_entry *entry = memo_find(memo, owner, text, &known);
    if (known) {
        *class = entry->value >> CLASS_SHIFT;
        return entry->value & ((1U << CLASS_SHIFT) - 1);
    }
    const uint32_t sights = find_is_number(text) ? sight_number(text) : sight_text(text, flags);
    *class = class_of(text);
    if (entry != NULL)
        memo_keep(entry, owner, text, sights | *class << CLASS_SHIFT);
    return sights;
}

/* ---- columns -------------------------------------------------------------------------------- */

static void add_sights(struct column *column, uint32_t sights)
{
    column->filled++;
    for (int i = 0; i < SIGHTS; i++)
        column->count[i] += (sights & BIT(i)) != 0;
}

static struct table *table_at(struct survey *survey, uint32_t number, bool of_lines)
{
    if (number >= MOST_TABLES) {
        survey->state = SCAN_READ_TOO_BIG;
        return NULL;
    }
    void *grown =
        items_grow(survey->tables, &survey->room, (size_t)number + 1, sizeof *survey->tables);
    if (grown == NULL) {
        survey->state = SCAN_READ_NO_MEMORY;
        return NULL;
    }
    survey->tables = grown;
    survey->count = number >= survey->count ? (size_t)number + 1 : survey->count;
    return of_lines ? &survey->tables[number].of_lines : &survey->tables[number].of_rows;
}

/* Room for columns grows in small steps: there may be many small tables. */
static struct column *column_at(struct survey *survey, struct table *table, uint32_t number)
{
    if (number > table->count) {
        if (survey->columns + (number - table->count) > MOST_ALL_COLUMNS) {
            survey->state = SCAN_READ_TOO_BIG;
            return NULL;
        }
        if (number > table->room) {
            const size_t room = number > 2 * table->room ? number : 2 * table->room;
            struct column *grown = calloc(room, sizeof *grown);
            if (grown == NULL) {
                survey->state = SCAN_READ_NO_MEMORY;
                return NULL;
            }
            if (table->count > 0) {
                memcpy(grown, table->columns, table->count * sizeof *grown);
                secret_wipe(table->columns, table->count * sizeof *grown);
            }
            free(table->columns);
            table->columns = grown;
            table->room = room;
        }
        survey->columns += number - table->count;
        table->count = number;
    }
    return &table->columns[number - 1];
}

static void keep_heading(struct column *column, struct scan_text text, uint32_t row)
{
    column->heading_text = NULL;
    column->heading_row = row;
    column->heading = words_heading(text, &column->heading_text);
}

static void drop_heading(struct column *column)
{
    column->heading_text = NULL;
    column->heading = HEADING_UNKNOWN;
    column->heading_row = 0;
}

/* ---- headings ------------------------------------------------------------------------------- */

/* Of these the heading says more than the values do. */
static bool tells_values(enum words_heading heading)
{
    return heading == HEADING_NAME || heading == HEADING_INITIALS || heading == HEADING_CPR ||
           heading == HEADING_BIRTHDAY || heading == HEADING_CASE || heading == HEADING_PHONE;
}

/* A row is over: also below the first it is one of headings if at least two are known. */
static void end_row(struct table *table, bool of_lines)
{
    if (table->headings >= (of_lines ? 1 : 2)) {
        table->any_heading = true;
        for (size_t i = 0; table->row != table->first_row && i < table->count; i++) {
            struct column *column = &table->columns[i];
            if (column->found_row != table->row || column->heading_sure ||
                (of_lines && !tells_values(column->found)))
                continue;
            column->heading = column->found;
            column->heading_row = column->found_row;
            column->heading_text = column->found_phrase;
        }
    }
    table->headings = 0;
}

static bool is_year(struct scan_text text)
{
    char digits[4];
    return find_plain_digits(text, digits, sizeof digits) == sizeof digits &&
           (memcmp(digits, "19", 2) == 0 || memcmp(digits, "20", 2) == 0);
}

/* In running text a heading is a word or a few, and nothing else: no line of a program. */
static bool is_bare(struct scan_text text)
{
    if (find_words(text, MOST_BARE + 1) > MOST_BARE)
        return false;
    for (size_t i = 0, size; i < text.size; i += size) {
        const uint32_t point = chars_next(text.at + i, text.size - i, &size);
        const bool ends = i + size == text.size || text.at[i + size] == ' ' ||
                          text.at[i + size] == ':' || text.at[i + size] == '-';
        if (!chars_is_letter(point) && point != ' ' && point != '-' && point != '/' &&
            !((point == '.' || point == ':') && ends))
            return false;
    }
    return true;
}

/* True if the cell may be a heading and is kept as one. */
static bool try_heading(struct table *table, struct column *column, const struct scan_cell *cell,
                        struct scan_text text)
{
    const bool of_lines = (cell->flags & SCAN_CELL_ALONE) != 0;
    const bool fits = (cell->flags & SCAN_CELL_AGAIN) == 0 || is_bare(text);
    if (cell->flags & SCAN_CELL_HEADING) {
        keep_heading(column, text, cell->row);
        column->heading_sure = true;
        table->any_heading = true;
        return true;
    }
    if (column->heading_sure)
        return false;
    if (of_lines ? column->first == 0 && column->filled == 0 : cell->row == table->first_row) {
        column->first_row = cell->row;
        if (find_is_number(text) && !is_year(text))
            table->first_fits = false;
        keep_heading(column, fits ? text : (struct scan_text){0}, cell->row);
        table->headings += column->heading != HEADING_UNKNOWN;
        return true;
    }
    if (table->any_heading || !fits || cell->row - table->first_row > HEADING_ROWS)
        return false;
    column->found = words_heading(text, &column->found_phrase);
    column->found_row = cell->row;
    table->headings += column->found != HEADING_UNKNOWN;
    if (column->found == HEADING_UNKNOWN)
        column->found_row = 0;
    return false;
}

bool survey_cell(struct survey *survey, const struct scan_cell *cell)
{
    if (cell->column == 0)
        return true;
    const bool of_lines = (cell->flags & SCAN_CELL_ALONE) != 0;
    struct table *table = table_at(survey, cell->table, of_lines);
    struct column *column = table != NULL ? column_at(survey, table, cell->column) : NULL;
    if (column == NULL)
        return false;
    if (table->first_row == 0 && cell->row > 0) {
        table->first_row = cell->row;
        table->row = cell->row;
        table->rows = 1;
        table->first_fits = true;
    }
    if (cell->row != table->row && cell->row > 0) {
        end_row(table, of_lines);
        table->row = cell->row;
        table->rows++;
    }
    const struct scan_text text = chars_trim((struct scan_text){cell->text, cell->size});
    column->flags |= cell->flags;
    column->heading_sure = column->heading_sure || (cell->flags & SCAN_CELL_KEYS) != 0;
    const bool heading = try_heading(table, column, cell, text);
    if (text.size == 0 || (cell->flags & SCAN_CELL_HEADING) != 0)
        return true;
    unsigned class;
    uint32_t sights = look_at(survey->memo, text, cell->flags, &class);
    const uint32_t initials = column->count[SIGHT_DOTTED] + column->count[SIGHT_LETTERS] +
                              ((column->first & (BIT(SIGHT_DOTTED) | BIT(SIGHT_LETTERS))) != 0);
    if ((sights & (BIT(SIGHT_DOTTED) | BIT(SIGHT_LETTERS))) != 0 &&
        (unsigned char)text.at[0] == 'A' + initials)
        sights |= BIT(SIGHT_ORDERED);
    if (heading) {
        column->first = sights | BIT(SIGHTS);
        return true;
    }
    column->distinct |= 1ULL << class;
    add_sights(column, sights);
    return true;
}

const struct column *survey_column(const struct survey *survey, const struct scan_cell *cell)
{
    if (cell->column == 0 || cell->table >= survey->count)
        return NULL;
    const struct tables *tables = &survey->tables[cell->table];
    const bool of_lines = (cell->flags & SCAN_CELL_ALONE) != 0;
    const struct table *table = of_lines ? &tables->of_lines : &tables->of_rows;
    if (cell->column > table->count)
        return NULL;
    const struct column *column = &table->columns[cell->column - 1];
    return !of_lines || column->is_list ? column : NULL;
}

/* ---- at the end ----------------------------------------------------------------------------- */

/* Words above a column of numbers are its heading. */
static bool stands_above_numbers(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if ((column->first & BIT(SIGHTS)) != 0 && (column->first & BIT(SIGHT_NUMBER)) == 0 &&
            column->filled > 0 && column->count[SIGHT_NUMBER] == column->filled)
            return true;
    }
    return false;
}

/* Its first cell is a heading, or a value like the others. */
static void settle_first_cell(struct column *column, bool heading)
{
    if (heading || column->heading_sure || (column->first & BIT(SIGHTS)) == 0)
        return;
    if (column->heading_row == column->first_row)
        drop_heading(column);
    add_sights(column, column->first);
}

static bool is_headed_first(const struct column *column)
{
    return column->heading != HEADING_UNKNOWN && column->heading_row == column->first_row;
}

static void settle_rows(struct table *table)
{
    bool known = false;
    end_row(table, false);
    for (size_t i = 0; i < table->count; i++)
        known = known || is_headed_first(&table->columns[i]);
    const bool headings = table->first_fits && (known || stands_above_numbers(table));
    for (size_t i = 0; i < table->count; i++)
        settle_first_cell(&table->columns[i], headings);
    column_conclude(table);
}

/* Lines stand below the heading of their column, if there is one. They are values where that says so, or where they are
 * more than the rows and no sentences. */
static void settle_lines(struct table *table, const struct table *rows)
{
    end_row(table, true);
    for (size_t i = 0; i < table->count; i++) {
        struct column *column = &table->columns[i];
        const struct column *above = i < rows->count ? &rows->columns[i] : NULL;
        settle_first_cell(column, is_headed_first(column));
        if (column->heading == HEADING_UNKNOWN && above != NULL &&
            above->heading != HEADING_UNKNOWN && above->heading_row < column->first_row) {
            column->heading = above->heading;
            column->heading_row = above->heading_row;
            column->heading_text = above->heading_text;
        }
        column->is_list =
            column->filled > 0 &&
            (tells_values(column->heading) ||
             ((column->heading != HEADING_UNKNOWN || column->filled >= LEAST_LIST) &&
              column->filled > rows->rows && column->count[SIGHT_SENTENCE] * 2 < column->filled));
    }
    column_conclude(table);
}

void survey_conclude(struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++) {
        settle_rows(&survey->tables[i].of_rows);
        settle_lines(&survey->tables[i].of_lines, &survey->tables[i].of_rows);
    }
}

static void free_table(struct table *table)
{
    if (table->columns != NULL)
        secret_wipe(table->columns, table->room * sizeof *table->columns);
    free(table->columns);
}

void survey_free(struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++) {
        free_table(&survey->tables[i].of_rows);
        free_table(&survey->tables[i].of_lines);
    }
    free(survey->tables);
    memset(survey, 0, sizeof *survey);
}
