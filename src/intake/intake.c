#include "tavs/intake.h"

#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum base_code intake_new(const char *name, const char *const headings[INTAKE_COLUMNS],
                          struct intake **out, struct base_error *error)
{
    void *memory;
    const struct delimited_library *library;
    if (delimited_find(&library, error) != BASE_OK ||
        secret_new(sizeof(struct intake), &memory, error) != BASE_OK)
        return error->code;
    struct intake *intake = memory;
    if (text_decoder_open(&intake->decoder, error) != BASE_OK) {
        secret_free(intake);
        return error->code;
    }
    intake->name = name;
    intake->library = library;
    memcpy(intake->headings, headings, sizeof intake->headings);
    intake->row.amount = 1;
    intake->row_number = 1;
    intake->sums.amounts = intake->amounts;
    *out = intake;
    return BASE_OK;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    intake->library->free(intake->reader);
    text_decoder_close(&intake->decoder);
    secret_free(intake);
}

bool intake_has_headings(const struct intake *intake)
{
    return intake->heading_done;
}

uint64_t intake_bad_rows(const struct intake *intake)
{
    return intake->bad_rows;
}

const struct intake_sums *intake_result(const struct intake *intake)
{
    return &intake->sums;
}

/* ---- what the reader gives ------------------------------------------------------------------- */

static void take_cell(void *context, const char *text, size_t size)
{
    struct intake *intake = context;
    if (intake->heading_done)
        row_take_cell(intake, intake->row.cells, text, size);
    else
        headings_take(intake, text, size);
    intake->row.cells++;
}

static void take_row(void *context)
{
    struct intake *intake = context;
    if (intake->heading_done)
        row_end(intake);
    else
        intake->row.cells = 0;
    intake->row_number++;
}

static enum base_code check_reader(const struct intake *intake, enum delimited_result result,
                                   struct base_error *error)
{
    if (result == DELIMITED_OK)
        return BASE_OK;
    if (result == DELIMITED_NO_MEMORY)
        return base_fail(error, BASE_NO_MEMORY, "%s", intake->name);
    if (intake->bad_rows == 0)
        return base_fail(error, BASE_INTAKE_DAMAGED, _("%s, row %llu"), intake->name,
                         (unsigned long long)intake->row_number);
    *error = intake->first;
    return error->code;
}

/* ---- headings --------------------------------------------------------------------------------- */

/* The one that the headings have most of, outside of quotes; a comma where there is none. */
static char find_delimiter(const struct intake *intake)
{
    static const char delimiters[] = {',', ';', '\t'};
    size_t counts[sizeof delimiters] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < intake->heading_size; i++) {
        quoted ^= intake->heading[i] == '"';
        for (size_t j = 0; j < sizeof delimiters; j++)
            counts[j] += !quoted && intake->heading[i] == delimiters[j] ? 1 : 0;
    }
    for (size_t j = 1; j < sizeof delimiters; j++)
        best = counts[j] > counts[best] ? j : best;
    return delimiters[best];
}

static enum base_code read_headings(struct intake *intake, struct base_error *error)
{
    static const char mark[] = "\xef\xbb\xbf";
    const char *bytes = intake->heading;
    size_t size = intake->heading_size;
    if (size >= sizeof mark - 1 && memcmp(bytes, mark, sizeof mark - 1) == 0) {
        bytes += sizeof mark - 1;
        size -= sizeof mark - 1;
    }
    intake->reader = intake->library->new (find_delimiter(intake), take_cell, take_row, intake);
    if (intake->reader == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", intake->name);
    if (check_reader(intake, intake->library->feed(intake->reader, bytes, size), error) != BASE_OK)
        return error->code;
    const enum base_code code = headings_check(intake, error);
    intake->heading_done = code == BASE_OK;
    intake->sums.contacts = !intake->has[INTAKE_COUNT];
    return code;
}

/* The row ends with a line that is not empty, outside of quotes. */
static enum base_code take_heading_byte(struct intake *intake, char byte, struct base_error *error)
{
    const bool ends = byte == '\n' || byte == '\r';
    if (intake->heading_size == sizeof intake->heading)
        return base_fail(error, BASE_INTAKE_NO_HEADINGS, "%s", intake->name);
    intake->heading[intake->heading_size++] = byte;
    intake->heading_quoted ^= byte == '"';
    intake->heading_begun = intake->heading_begun || !ends;
    return ends && intake->heading_begun && !intake->heading_quoted ? read_headings(intake, error)
                                                                    : BASE_OK;
}

/* ---- all of it -------------------------------------------------------------------------------- */

static enum base_code check_rows(const struct intake *intake, uint64_t allowed,
                                 struct base_error *error)
{
    if (intake->bad_rows <= allowed)
        return BASE_OK;
    *error = intake->first;
    return error->code;
}

enum base_code intake_feed(struct intake *intake, const void *bytes, size_t size,
                           struct base_error *error)
{
    const char *from = bytes;
    for (; size > 0 && !intake->heading_done; size--)
        if (take_heading_byte(intake, *from++, error) != BASE_OK)
            return error->code;
    if (size > 0 &&
        check_reader(intake, intake->library->feed(intake->reader, from, size), error) != BASE_OK)
        return error->code;
    return check_rows(intake, INTAKE_MOST_BAD_ROWS - 1, error);
}

static void find_period(struct intake_sums *sums)
{
    static const int32_t none[CODEBOOK_CELLS];
    for (base_month month = BASE_FIRST_MONTH; month <= BASE_LAST_MONTH; month++) {
        if (memcmp(sums->amounts[month - BASE_FIRST_MONTH], none, sizeof none) == 0)
            continue;
        if (!sums->any)
            sums->period.first = month;
        sums->period.last = month;
        sums->any = true;
    }
}

enum base_code intake_end(struct intake *intake, struct base_error *error)
{
    if (!intake->heading_done && take_heading_byte(intake, '\n', error) != BASE_OK)
        return error->code;
    if (!intake->heading_done) /* nothing, or a quote that is never closed */
        return base_fail(error, BASE_INTAKE_NO_HEADINGS, "%s", intake->name);
    if (check_reader(intake, intake->library->end(intake->reader), error) != BASE_OK ||
        check_rows(intake, 0, error) != BASE_OK)
        return error->code;
    find_period(&intake->sums);
    return BASE_OK;
}
