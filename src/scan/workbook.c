/* A workbook's sheet for who wants the table and no judgement. */
#include <string.h>

#include "reader.h"

enum { NAME_BYTES = 128 };

struct sheet {
    const char *wanted;                  /* name or number; NULL: the first */
    int64_t number;                      /* as a number; 0: it is none */
    uint32_t sheets, by_number, by_name; /* so far; 0: none */
    char name[NAME_BYTES];               /* of the one that is written */
    FILE *to;
    uint32_t row, column; /* that were written last; row 0: none */
    uint32_t width;       /* cells of the first row that is not empty */
    bool cut;             /* not all of it was handed on */
};

static void keep_name(struct sheet *sheet, const char *name, size_t size)
{
    char text[NAME_BYTES];
    (void)snprintf(text, sizeof text, "%.*s", (int)size, name);
    base_make_printable(sheet->name, sizeof sheet->name, text);
}

/* A name goes before a number: a sheet may be called 2017. */
static void take_name(struct sheet *sheet, const char *name, size_t size)
{
    sheet->sheets++;
    if (sheet->by_name == 0 && sheet->wanted != NULL && strlen(sheet->wanted) == size &&
        memcmp(sheet->wanted, name, size) == 0) {
        sheet->by_name = sheet->sheets;
        keep_name(sheet, name, size);
    } else if (sheet->by_name == 0 && sheet->sheets == sheet->number) {
        sheet->by_number = sheet->sheets;
        keep_name(sheet, name, size);
    }
}

static void write_to_column(struct sheet *sheet, uint32_t column)
{
    for (; sheet->column < column; sheet->column++)
        (void)fputc(';', sheet->to);
}

static void end_row(struct sheet *sheet)
{
    if (sheet->row == 0)
        return;
    if (sheet->width == 0)
        sheet->width = sheet->column;
    write_to_column(sheet, sheet->width);
    (void)fputc('\n', sheet->to);
}

/* Rows come in order; one that does not follows the one before. */
static void begin_row(struct sheet *sheet, uint32_t row)
{
    end_row(sheet);
    for (uint32_t at = sheet->row + 1; at < row; at++) {
        write_to_column(sheet, sheet->width);
        (void)fputc('\n', sheet->to);
        sheet->column = 1;
    }
    sheet->row = row;
    sheet->column = 1;
}

static void write_cell(const struct sheet *sheet, const char *text, size_t size)
{
    (void)fputc('"', sheet->to);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"')
            (void)fputc('"', sheet->to);
        (void)fputc(text[i], sheet->to);
    }
    (void)fputc('"', sheet->to);
}

static bool take(void *context, const struct scan_cell *cell)
{
    struct sheet *sheet = context;
    if ((cell->flags & SCAN_CELL_SHEET) != 0)
        take_name(sheet, cell->text, cell->size);
    if ((cell->flags & (SCAN_CELL_SHEET | SCAN_CELL_PART | SCAN_CELL_AGAIN)) != 0)
        return true;
    const uint32_t wanted = sheet->by_name != 0 ? sheet->by_name : sheet->by_number;
    if (wanted == 0 || cell->table > wanted) {
        return false;
    }
    sheet->cut = sheet->cut || (cell->table == wanted && (cell->flags & SCAN_CELL_CUT) != 0);
    if (cell->table < wanted || (cell->flags & SCAN_CELL_CUT) != 0)
        return true;
    if (cell->row != sheet->row) {
        if (sheet->row == 0)
            (void)fprintf(sheet->to, "%s\n", sheet->name);
        begin_row(sheet, cell->row);
    }
    write_to_column(sheet, cell->column);
    write_cell(sheet, cell->text, cell->size);
    return ferror(sheet->to) == 0;
}

static enum base_code say(const struct sheet *sheet, enum base_code read, const char *path,
                          struct base_error *error)
{
    if (sheet->cut || read == BASE_SCAN_DAMAGED || read == BASE_SCAN_TOO_BIG ||
        read == BASE_SCAN_FORMAT)
        return base_fail(error, BASE_INTAKE_WORKBOOK, "%s", path);
    if (read != BASE_OK)
        return read;
    if (sheet->by_name == 0 && sheet->by_number == 0)
        return base_fail(error, BASE_INTAKE_NO_SHEET, "%s",
                         sheet->wanted != NULL ? sheet->wanted : path);
    return BASE_OK;
}

enum base_code scan_write_sheet(const char *path, const char *wanted, FILE *to,
                                struct base_error *error)
{
    struct sheet sheet = {.wanted = wanted, .number = 1, .to = to};
    if (wanted != NULL && !base_parse_number(wanted, 1, UINT32_MAX, &sheet.number))
        sheet.number = 0;
    enum base_code code = scan_read_workbook(path, take, &sheet, error);
    end_row(&sheet);
    return say(&sheet, code, path, error);
}
