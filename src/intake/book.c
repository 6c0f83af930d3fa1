/* A sheet of a workbook, cell by cell, as scan reads it. */
#include <string.h>

#include "inside.h"
#include "tavs/scan.h"
#include "tavs/secret.h"

struct book {
    struct intake *intake;
    const char *wanted;         /* name or number; NULL: the first */
    int64_t number;             /* as a number; 0: it is none */
    uint32_t sheets, by_number; /* so far; 0: none of that number */
    uint32_t by_name;
    uint32_t row; /* that is being taken; 0: none yet */
    bool alone;   /* its only cell, of which the column is not known */
    enum base_code code;
    struct base_error *error;
};

/* Keeps the name of the sheet that will be read. */
static void keep_name(const struct book *book, const char *name, size_t size)
{
    char text[INTAKE_NAME_BYTES * 4];
    if (!text_decode(&book->intake->decoder, name, size, text, sizeof text))
        (void)strcpy(text, "?");
    base_make_printable(book->intake->sheet, sizeof book->intake->sheet, text);
    secret_wipe(text, sizeof text);
}

/* Letters and their marks may be apart in a workbook. */
static bool is_wanted(const struct book *book, const char *name, size_t size)
{
    char text[INTAKE_NAME_BYTES * 4];
    if (book->wanted == NULL)
        return false;
    const bool is = (strlen(book->wanted) == size && memcmp(book->wanted, name, size) == 0) ||
                    (text_decode(&book->intake->decoder, name, size, text, sizeof text) &&
                     strcmp(book->wanted, text) == 0);
    secret_wipe(text, sizeof text);
    return is;
}

/* A name goes before a number: a sheet may be called 2017. */
static bool take_sheet(void *context, const char *name, size_t size)
{
    struct book *book = context;
    book->sheets++;
    if (book->by_name == 0 && is_wanted(book, name, size)) {
        book->by_name = book->sheets;
        keep_name(book, name, size);
    } else if (book->by_name == 0 && book->sheets == book->number) {
        book->by_number = book->sheets;
        keep_name(book, name, size);
    }
    return true;
}

static bool has_failed(struct book *book)
{
    struct intake *intake = book->intake;
    if (book->code == BASE_OK && intake->bad_rows >= INTAKE_MOST_BAD_ROWS) {
        *book->error = intake->first;
        book->code = intake->first.code;
    }
    return book->code != BASE_OK;
}

static void end_row(struct book *book)
{
    struct intake *intake = book->intake;
    if (book->row == 0)
        return;
    if (!intake->heading_done) {
        book->code = headings_check(intake, book->error);
        intake->heading_done = book->code == BASE_OK;
        intake->row.cells = 0;
        return;
    }
    while (intake->row.cells < intake->needed)
        intake_take_cell(intake, "", 0);
    intake->row.overfull = intake->row.overfull || book->alone;
    row_end(intake);
}

static bool take_cell(void *context, uint32_t sheet, uint32_t row, uint32_t column,
                      const char *text, size_t size)
{
    struct book *book = context;
    struct intake *intake = book->intake;
    const uint32_t wanted = book->by_name != 0 ? book->by_name : book->by_number;
    if (wanted == 0 || sheet > wanted)
        return false;
    if (sheet < wanted)
        return true;
    if (row != book->row) {
        end_row(book);
        if (has_failed(book))
            return false;
        book->row = row;
        book->alone = column == 0;
        intake->row_number = row;
    }
    while (column > 0 && intake->row.cells + 1 < column)
        intake_take_cell(intake, "", 0);
    intake_take_cell(intake, text, size);
    return true;
}

static enum base_code say(const struct book *book, enum base_code read)
{
    const char *name = book->intake->name;
    if (read == BASE_SCAN_DAMAGED || read == BASE_SCAN_TOO_BIG)
        return base_fail(book->error, BASE_INTAKE_WORKBOOK, "%s", name);
    if (read != BASE_OK || book->code != BASE_OK)
        return read != BASE_OK ? read : book->code;
    if (book->by_name == 0 && book->by_number == 0)
        return base_fail(book->error, BASE_INTAKE_NO_SHEET, "%s",
                         book->wanted != NULL ? book->wanted : name);
    if (book->row == 0)
        return base_fail(book->error, BASE_INTAKE_EMPTY, "%s", name);
    return BASE_OK;
}

enum base_code intake_read_workbook(struct intake *intake, const void *bytes, size_t size,
                                    const char *sheet, struct base_error *error)
{
    struct book book = {.intake = intake, .wanted = sheet, .number = 1, .error = error};
    const struct scan_workbook_taker taker = {take_sheet, take_cell, &book};
    if (sheet != NULL && !base_parse_number(sheet, 1, UINT32_MAX, &book.number))
        book.number = 0;
    enum base_code code = scan_read_workbook(intake->name, bytes, size, &taker, error);
    if (code == BASE_OK && book.code == BASE_OK) {
        end_row(&book);
        (void)has_failed(&book);
    }
    code = say(&book, code);
    intake->sums.sheet = intake->sheet;
    return code == BASE_OK ? intake_conclude(intake, error) : code;
}
