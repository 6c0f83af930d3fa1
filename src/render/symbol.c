/* What stands in the place of figures that are not shown, and why. */
#include "inside.h"

const char *figure_symbol(const struct table *table, size_t row, size_t column)
{
    static const char *const symbols[] = {
        [TABLE_SHOWN] = NULL, [TABLE_HIDDEN] = "..", [TABLE_NOT_OFFERED] = "."};
    return symbols[table->statuses[table_index(table, row, column)]];
}

const char *figure_status(const struct table_document *document, const struct table *table,
                          size_t row, size_t column)
{
    switch (table->statuses[table_index(table, row, column)]) {
    case TABLE_HIDDEN:
        return "hidden";
    case TABLE_NOT_OFFERED:
        return "not-offered";
    default:
        if (document->internal)
            return "internal";
        return document->draft ? "draft" : document->edition > 1 ? "corrected" : "shown";
    }
}
