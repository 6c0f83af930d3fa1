/* A workbook's cells for who wants the table and no judgement. */
#include "reader.h"

static bool take(void *context, const struct scan_cell *cell)
{
    const struct scan_workbook_taker *taker = context;
    if ((cell->flags & SCAN_CELL_SHEET) != 0)
        return taker->sheet(taker->context, cell->text, cell->size);
    if ((cell->flags & SCAN_CELL_PART) != 0)
        return true;
    return taker->cell(taker->context, cell->table, cell->row, cell->column, cell->text,
                       cell->size);
}

enum base_code scan_read_workbook(const char *name, const void *bytes, size_t size,
                                  const struct scan_workbook_taker *taker, struct base_error *error)
{
    struct scan_workbook_taker own = *taker; /* the reader hands on a context that it may change */
    if (size > SCAN_MOST_BYTES)
        return base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
    const enum scan_read read = scan_read_xlsx(bytes, size, take, &own);
    return scan_say(read == SCAN_READ_STOPPED ? SCAN_READ_OK : read, name, error);
}
