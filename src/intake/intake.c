#include "tavs/intake.h"

#include <string.h>
#include <time.h>

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
    tzset(); /* for times that say their zone */
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
    charset_close(&intake->charset);
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

void intake_take_cell(void *context, const char *text, size_t size)
{
    struct intake *intake = context;
    if (intake->heading_done)
        row_take_cell(intake, intake->row.cells, text, size);
    else
        headings_take(intake, text, size);
    intake->row.cells++;
}

void intake_take_row(void *context)
{
    struct intake *intake = context;
    if (intake->heading_done)
        row_end(intake);
    else
        intake->row.cells = 0;
    intake->row_number++;
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

static enum base_code feed_text(struct intake *intake, const char *text, size_t size,
                                struct base_error *error)
{
    for (; size > 0 && !intake->heading_done; size--)
        if (begin_take(intake, *text++, error) != BASE_OK)
            return error->code;
    if (size > 0 &&
        begin_check(intake, intake->library->feed(intake->reader, text, size), error) != BASE_OK)
        return error->code;
    return check_rows(intake, INTAKE_MOST_BAD_ROWS - 1, error);
}

/* No bytes are the end. */
static enum base_code feed_bytes(struct intake *intake, const char *bytes, size_t size,
                                 struct base_error *error)
{
    do {
        const char *text;
        size_t length;
        if (!charset_take(&intake->charset, &bytes, &size, &text, &length))
            return begin_check(intake, DELIMITED_BAD_QUOTES, error);
        if (length > 0 && feed_text(intake, text, length, error) != BASE_OK)
            return error->code;
    } while (size > 0);
    return BASE_OK;
}

enum base_code intake_feed(struct intake *intake, const void *bytes, size_t size,
                           struct base_error *error)
{
    return size == 0 ? BASE_OK : feed_bytes(intake, bytes, size, error);
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
    if (feed_bytes(intake, "", 0, error) != BASE_OK)
        return error->code;
    if (!intake->heading_done && begin_take(intake, '\n', error) != BASE_OK)
        return error->code;
    if (!intake->heading_done) /* nothing, or a quote that is never closed */
        return begin_fail(intake, error);
    if (begin_check(intake, intake->library->end(intake->reader), error) != BASE_OK)
        return error->code;
    if (check_rows(intake, 0, error) == BASE_OK)
        find_period(&intake->sums);
    return intake->bad_rows == 0 ? BASE_OK : error->code;
}
