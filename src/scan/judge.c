#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "tavs/secret.h"

enum {
    LEAST_MARK = 19,
    MARK_BYTES = 160,
    LEAST_ADDRESS = 4,
    BIRTHDAY_DIGITS = 4,
    SHORT_INITIALS = 6,
    REMARK_WORDS = 3,
    SENTENCE_WORDS = 5
};

static void report(struct judge *judge, enum scan_kind kind, enum scan_confidence confidence,
                   struct scan_text value)
{
    const struct scan_cell *cell = judge->cell;
    const bool prose = judge->column == NULL;
    struct scan_hit hit = {
        .table = prose && (cell->flags & SCAN_CELL_PART) != 0 ? 0 : cell->table,
        .row = cell->row,
        .column = prose ? 0 : cell->column,
        .kind = kind,
        .confidence = confidence,
        .heading = "",
    };
    if ((cell->flags & SCAN_CELL_AUTHOR) != 0)
        hit.confidence = SCAN_LOW; /* who made a file is seldom whom it is about */
    mask_value(kind, value, &hit);
    if ((cell->flags & SCAN_CELL_PART) != 0)
        hit.heading = cell->part;
    else if (judge->column != NULL && judge->column->heading_text != NULL)
        hit.heading = judge->column->heading_text;
    judge->found |= 1U << kind;
    judge->result->hits[kind][hit.confidence]++;
    if (judge->report != NULL)
        judge->report(judge->context, &hit);
}

static void take_hit(void *context, const struct find_hit *hit)
{
    struct judge *judge = context;
    report(judge, hit->kind, hit->confidence,
           (struct scan_text){judge->text.at + hit->start, hit->size});
}

static void take_value(struct judge *judge, enum scan_kind kind, int confidence)
{
    report(judge, kind, (enum scan_confidence)confidence, judge->text);
}

static bool was_found(const struct judge *judge, enum scan_kind kind)
{
    return (judge->found & 1U << kind) != 0;
}

static size_t count_digits(struct scan_text text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.size; i++)
        digits += chars_is_digit((unsigned char)text.at[i]);
    return digits;
}

static bool has_letter(struct scan_text text)
{
    for (size_t i = 0, size; i < text.size; i += size) {
        if (chars_is_letter(chars_next(text.at + i, text.size - i, &size)))
            return true;
    }
    return false;
}

/* ---- by the column -------------------------------------------------------------------------- */

static void judge_initials(struct judge *judge)
{
    const enum find_shape shape = find_shape(judge->text);
    const bool initials = shape == FIND_DOTTED || shape == FIND_LETTERS;
    if (initials || (judge->column->heading == HEADING_INITIALS &&
                     judge->text.size <= SHORT_INITIALS && has_letter(judge->text)))
        take_value(judge, SCAN_INITIALS, initials ? judge->column->initials : SCAN_MEDIUM);
}

static void judge_name(struct judge *judge)
{
    const enum find_shape shape = find_shape(judge->text);
    if (was_found(judge, SCAN_NAME))
        return;
    const bool like = shape == FIND_FIRST_NAME || shape == FIND_DOUBTFUL_NAME ||
                      shape == FIND_FAMILY_NAME || shape == FIND_WORDS || shape == FIND_WORD;
    if (like || (judge->column->heading == HEADING_NAME && has_letter(judge->text)))
        take_value(judge, SCAN_NAME, judge->column->names);
}

static bool is_birthday(struct scan_text text)
{
    char digits[8];
    const size_t size = find_plain_digits(text, digits, sizeof digits);
    if (size > 0)
        return size == 8 || (size == 6 && cpr_is_date(digits));
    return !find_is_number(text) && count_digits(text) >= BIRTHDAY_DIGITS;
}

/* What the heading says that the values are; they must look a little like it. */
static void judge_headed(struct judge *judge, bool number)
{
    const struct scan_text text = judge->text;
    switch (judge->column->heading) {
    case HEADING_BIRTHDAY:
        if (!was_found(judge, SCAN_BIRTHDAY) && !was_found(judge, SCAN_CPR) && is_birthday(text))
            take_value(judge, SCAN_BIRTHDAY, SCAN_MEDIUM);
        break;
    case HEADING_ADDRESS:
        if (judge->found == 0 && !number && text.size >= LEAST_ADDRESS && has_letter(text))
            take_value(judge, SCAN_ADDRESS, SCAN_MEDIUM);
        break;
    case HEADING_CASE:
        if (judge->found == 0 && count_digits(text) > 0)
            take_value(judge, SCAN_CASE, SCAN_MEDIUM);
        break;
    default:
        break;
    }
}

static void judge_column(struct judge *judge)
{
    const struct column *column = judge->column;
    const bool number = find_is_number(judge->text);
    if (column->initials > COLUMN_CLEAR && !number)
        judge_initials(judge);
    if (column->names > COLUMN_CLEAR && !number && !was_found(judge, SCAN_INITIALS))
        judge_name(judge);
    if (column->person > COLUMN_CLEAR && find_shape(judge->text) == FIND_PERSON)
        take_value(judge, SCAN_PERSON, column->person);
    judge_headed(judge, number);
    if (column->diagnosis > COLUMN_CLEAR && !number && has_letter(judge->text))
        take_value(judge, SCAN_DIAGNOSIS, column->diagnosis);
    if (column->municipality > COLUMN_CLEAR && !number && has_letter(judge->text))
        take_value(judge, SCAN_MUNICIPALITY, column->municipality);
    if (column->free_text > COLUMN_CLEAR && !number &&
        (find_words(judge->text, SENTENCE_WORDS) == SENTENCE_WORDS ||
         (find_words(judge->text, REMARK_WORDS) == REMARK_WORDS &&
          find_speaks_of_person(judge->text))))
        take_value(judge, SCAN_FREE_TEXT, column->free_text);
}

/* ---- tavs's own files ------------------------------------------------------------------------ */

/* What render says of a document in each of its formats, folded. */
static bool is_mark(struct scan_text text)
{
    static const char *const marks[] = {"internal exact figures not for publication",
                                        "internt nøjagtige tal ikke til offentliggørelse",
                                        "draft not published", "udkast ikke offentliggjort"};
    char words[MARK_BYTES];
    if (text.size < LEAST_MARK || text.size >= sizeof words ||
        chars_is_digit((unsigned char)text.at[text.size - 1]) ||
        chars_fold(text, words, sizeof words) == 0)
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *found = strstr(words, marks[i]);
        if (found != NULL && found[strlen(marks[i])] == '\0')
            return true;
    }
    return false;
}

/* A figure's status in csv and json. */
static bool is_status(const struct judge *judge)
{
    static const char *const words[] = {"internal", "intern", "internt"};
    const char *heading = judge->column != NULL ? judge->column->heading_text : NULL;
    for (size_t i = 0; heading != NULL && i < sizeof words / sizeof *words; i++) {
        if (strcmp(heading, "status") == 0 && chars_same(judge->text, words[i]))
            return true;
    }
    return false;
}

/* Once a file. */
static void judge_internal(struct judge *judge)
{
    if (judge->told_internal || !(is_status(judge) || is_mark(judge->text)))
        return;
    judge->told_internal = true;
    take_value(judge, SCAN_INTERNAL, SCAN_HIGH);
}

/* ---- percent-encoding (RFC 3986, section 2.1) ------------------------------------------------- */

static int hex_digit(char c)
{
    return chars_is_digit((unsigned char)c)         ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

static bool is_link(const struct judge *judge)
{
    static const char *const signs[] = {"mailto:", "tel:", "sms:", "://", "%40"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (memmem(judge->text.at, judge->text.size, signs[i], strlen(signs[i])) != NULL)
            return true;
    }
    return (judge->cell->flags & SCAN_CELL_RAW) != 0;
}

/* A link's text with what is encoded decoded, in *undone, which has room for as much. 0 where nothing is, or where there
 * is no memory: then it is judged as it stands. */
static size_t undo_percents(const struct judge *judge, char **undone)
{
    const struct scan_text text = judge->text;
    if (memchr(text.at, '%', text.size) == NULL || !is_link(judge))
        return 0;
    char *to = malloc(text.size);
    size_t size = 0;
    for (size_t i = 0; to != NULL && i < text.size; i++) {
        const bool encoded = text.at[i] == '%' && text.size - i > 2 &&
                             hex_digit(text.at[i + 1]) >= 0 && hex_digit(text.at[i + 2]) >= 0;
        to[size++] = encoded ? (char)(hex_digit(text.at[i + 1]) << 4 | hex_digit(text.at[i + 2]))
                             : text.at[i];
        i += encoded ? 2 : 0;
    }
    *undone = to;
    return to != NULL ? size : 0;
}

/* ---- a cell --------------------------------------------------------------------------------- */

/* Headings, and what stands above them. */
static bool is_heading(const struct judge *judge)
{
    if ((judge->cell->flags & SCAN_CELL_HEADING) != 0)
        return true;
    return judge->column->heading_row >= judge->cell->row && !judge->column->heading_sure;
}

static const struct find_context running = {.prose = true};

static void judge_text(struct judge *judge, bool prose)
{
    find_numbers(judge->text, prose ? &running : &judge->column->context, take_hit, judge);
    const bool letters = chars_has_letter(judge->text);
    if (letters)
        find_emails(judge->text, take_hit, judge);
    if (letters && (judge->cell->flags & SCAN_CELL_RAW) == 0) {
        find_names(judge->text, prose, take_hit, judge);
        find_addresses(judge->text, prose, take_hit, judge);
    }
    if (!prose)
        judge_column(judge);
}

/* Confidence under medium is not worth to be told twice. */
static void note_hit(void *context, const struct find_hit *hit)
{
    struct judge *judge = context;
    judge->found |= hit->confidence >= SCAN_MEDIUM ? 1U << hit->kind : 0;
}

static void take_new_hit(void *context, const struct find_hit *hit)
{
    if (hit->confidence >= SCAN_MEDIUM && !was_found(context, hit->kind))
        take_hit(context, hit);
}

/* A line that was judged as running text: only what its column tells is new. */
static void judge_again(struct judge *judge)
{
    find_numbers(judge->text, &running, note_hit, judge);
    find_emails(judge->text, note_hit, judge);
    find_names(judge->text, true, note_hit, judge);
    find_numbers(judge->text, &judge->column->context, take_new_hit, judge);
    judge_column(judge);
}

static void judge_decoded(struct judge *judge, bool prose)
{
    const size_t room = judge->text.size;
    char *undone = NULL;
    const size_t size = undo_percents(judge, &undone);
    if (size > 0)
        judge->text = (struct scan_text){undone, size};
    judge_text(judge, prose);
    if (undone != NULL)
        secret_wipe(undone, room);
    free(undone);
}

void judge_cell(struct judge *judge, const struct scan_cell *cell)
{
    judge->cell = cell;
    judge->column = survey_column(judge->survey, cell);
    judge->text = chars_trim((struct scan_text){cell->text, cell->size});
    judge->found = 0;
    if ((cell->flags & SCAN_CELL_UNREAD) != 0) {
        judge->result->unread[cell->unread]++;
        return;
    }
    if (judge->text.size == 0)
        return;
    if ((cell->flags & SCAN_CELL_AGAIN) != 0) {
        if (judge->column != NULL && !is_heading(judge))
            judge_again(judge);
        return;
    }
    judge->result->cells++;
    const bool heading = judge->column != NULL && is_heading(judge);
    bool known = false;
    struct memo_entry *entry = judge->column != NULL && !heading
                                   ? memo_find(judge->memo, judge->column, judge->text, &known)
                                   : NULL;
    if (known)
        return;
    const struct scan_text given = judge->text;
    judge_internal(judge);
    judge_decoded(judge, judge->column == NULL || heading);
    if (entry != NULL && judge->found == 0)
        memo_keep(entry, judge->column, given, 0);
}
