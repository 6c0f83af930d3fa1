#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum { TEXT_BYTES = 128 }; /* what is longer is no date, word or number */

/* What disclosure control prints in place of a figure (docs/schema.md). */
static const char hidden_figure[] = "..";

/* ---- words ---------------------------------------------------------------------------------- */

/* What means the same in both languages: full words of either do, and so do beginnings that leave no
 * doubt. "p" is one word in Danish and another in English, and a table does not say which it is in. */
static bool look_up(enum codebook_dimension dimension, const char *text, uint8_t *value)
{
    unsigned english, danish;
    codebook_set ignored;
    if (codebook_find(dimension, text, CODEBOOK_ENGLISH, &english, &ignored) !=
            CODEBOOK_ONE_MATCH ||
        codebook_find(dimension, text, CODEBOOK_DANISH, &danish, &ignored) != CODEBOOK_ONE_MATCH ||
        english != danish)
        return false;
    *value = (uint8_t)english;
    return true;
}

static bool find_word(struct words *words, enum codebook_dimension dimension, const char *text,
                      uint8_t *value)
{
    for (unsigned i = 0; i < words->count; i++)
        if (strcmp(words->known[i].text, text) == 0) {
            *value = words->known[i].value;
            return true;
        }
    if (!look_up(dimension, text, value))
        return false;
    if (words->count < MOST_WORDS && strlen(text) < WORD_BYTES) {
        strcpy(words->known[words->count].text, text);
        words->known[words->count++].value = *value;
    }
    return true;
}

static bool is_among(const char *text, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

/* ---- cells ---------------------------------------------------------------------------------- */

static enum base_code read_session(struct words *words, const char *text, uint8_t *session)
{
    int64_t number;
    if (find_word(words, CODEBOOK_SESSION, text, session))
        return BASE_OK;
    return base_parse_number(text, CODEBOOK_SESSIONS + 1, INT64_MAX, &number)
               ? BASE_INTAKE_SIXTH_SESSION
               : BASE_INTAKE_SESSION;
}

static enum base_code read_count(const char *text, int32_t *amount)
{
    int64_t number;
    if (strcmp(text, hidden_figure) == 0)
        return BASE_INTAKE_HIDDEN;
    if (base_parse_number(text, -INTAKE_MOST_COUNT, INTAKE_MOST_COUNT, &number)) {
        *amount = (int32_t)number;
        return BASE_OK;
    }
    return base_parse_number(text, INT64_MIN, INT64_MAX, &number) ? BASE_INTAKE_LIMIT
                                                                  : BASE_INTAKE_COUNT;
}

/* As tavs export writes them, the words of --excel too. */
static enum base_code read_status(const char *text)
{
    static const char *const exact[] = {"internal", "shown", "intern", "internt", "vist", NULL};
    static const char *const hidden[] = {"hidden", "skjult", NULL};
    char folded[TEXT_BYTES];
    if (!text_fold(text, folded, sizeof folded))
        return BASE_INTAKE_STATUS;
    if (is_among(folded, hidden))
        return BASE_INTAKE_HIDDEN;
    return is_among(folded, exact) ? BASE_OK : BASE_INTAKE_STATUS;
}

static const enum base_code no_such_thing[INTAKE_COLUMNS] = {
    [INTAKE_MONTH] = BASE_INTAKE_MONTH, [INTAKE_CHANNEL] = BASE_INTAKE_CHANNEL,
    [INTAKE_PARTY] = BASE_INTAKE_PARTY, [INTAKE_SESSION] = BASE_INTAKE_SESSION,
    [INTAKE_COUNT] = BASE_INTAKE_COUNT, [INTAKE_STATUS] = BASE_INTAKE_STATUS,
};

static enum base_code read_month(const char *text, base_month *month)
{
    const enum date_reading reading = date_read_month(text, month);
    return reading == DATE_READ       ? BASE_OK
           : reading == DATE_DOUBTFUL ? BASE_INTAKE_DOUBT
                                      : BASE_INTAKE_MONTH;
}

static enum base_code read_cell(struct intake *intake, enum intake_column column, const char *text)
{
    struct row *row = &intake->row;
    const enum codebook_dimension dimension =
        column == INTAKE_CHANNEL ? CODEBOOK_CHANNEL : CODEBOOK_PARTY;
    switch (column) {
    case INTAKE_MONTH:
        return read_month(text, &row->month);
    case INTAKE_CHANNEL:
    case INTAKE_PARTY:
        return find_word(&intake->words[dimension], dimension, text, &row->contact.value[dimension])
                   ? BASE_OK
                   : no_such_thing[column];
    case INTAKE_SESSION:
        return read_session(&intake->words[CODEBOOK_SESSION], text,
                            &row->contact.value[CODEBOOK_SESSION]);
    case INTAKE_COUNT:
        return read_count(text, &row->amount);
    default:
        return read_status(text);
    }
}

/* What is not in a column that has a heading. */
static void take_stray(struct intake *intake, unsigned place)
{
    struct row *row = &intake->row;
    if (place >= intake->columns) {
        row->overfull = true;
    } else if (row->code == BASE_OK) {
        row->code = BASE_INTAKE_UNNAMED;
        row->column = INTAKE_COLUMNS;
        row->place = place;
    }
}

void row_take_cell(struct intake *intake, unsigned place, const char *bytes, size_t size)
{
    struct row *row = &intake->row;
    char text[TEXT_BYTES];
    const enum intake_column column =
        place < intake->columns ? (enum intake_column)intake->column[place] : INTAKE_COLUMNS;
    if (size == 0 && column == INTAKE_COLUMNS)
        return;
    const bool readable = text_decode(&intake->decoder, bytes, size, text, sizeof text);
    const bool filled = !readable || text[0] != '\0';
    row->filled = row->filled || filled;
    if (column == INTAKE_COLUMNS && filled) {
        take_stray(intake, place);
    } else if (column != INTAKE_COLUMNS && row->code == BASE_OK) {
        row->code = readable ? read_cell(intake, column, text) : no_such_thing[column];
        row->column = column;
    }
    secret_wipe(text, sizeof text);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void add(struct intake *intake)
{
    struct row *row = &intake->row;
    int32_t *cell =
        &intake->sums.amounts[row->month - BASE_FIRST_MONTH][codebook_cell(row->contact)];
    if (abs(*cell + row->amount) <= INTAKE_MOST_COUNT) {
        *cell += row->amount;
        intake->sums.zero_rows += row->amount == 0 ? 1 : 0;
    } else {
        row->code = BASE_INTAKE_LIMIT;
        row->column = intake->has[INTAKE_COUNT] ? INTAKE_COUNT : INTAKE_MONTH;
    }
}

static void note_bad(struct intake *intake)
{
    const struct row *row = &intake->row;
    const unsigned long long number = intake->row_number;
    if (intake->bad_rows++ > 0)
        return;
    if (row->code == BASE_INTAKE_RAGGED)
        base_fail(&intake->first, row->code, _("%s, row %llu"), intake->name, number);
    else if (row->column == INTAKE_COLUMNS)
        base_fail(&intake->first, row->code, _("%s, row %llu, column %u"), intake->name, number,
                  row->place + 1);
    else
        base_fail(&intake->first, row->code, _("%s, row %llu, column '%s'"), intake->name, number,
                  intake->column_name[row->column]);
}

void row_end(struct intake *intake)
{
    struct row *row = &intake->row;
    if (!row->filled) {
        intake->sums.empty_rows++;
    } else {
        if (row->cells < intake->needed || row->overfull)
            row->code = BASE_INTAKE_RAGGED;
        if (row->code == BASE_OK)
            add(intake);
        if (row->code != BASE_OK && intake->bad_rows < INTAKE_MOST_BAD_ROWS)
            note_bad(intake);
    }
    intake->sums.rows++;
    *row = (struct row){.amount = 1};
}
