/* Texts, presentations and OpenDocument spreadsheets: all parts are running text with tables. */
#include <stdlib.h>

#include "package.h"

struct document {
    struct package package;
    struct flow flow;
    struct bytes capitals;
    struct sheets *sheets;
    char main[MOST_PATH];
};

static void choose(struct part *part, const char *root)
{
    struct document *document = part->package->own;
    (void)root;
    flow_begin(&document->flow);
    part->hooks = &flow_hooks;
    part->own = &document->flow;
}

static void read_if_there(struct document *document, const char *path)
{
    size_t index;
    if (archive_find(&document->package.archive, path, &index))
        package_read_needed(&document->package, path, NULL, NULL);
}

/* ---- the sheets of a spreadsheet: names first ----------------------------------------------- */

/* What is known of a sheet before its cells are read. */
struct sheets {
    bool one_column[MOST_SHEETS]; /* no cell beside is filled */
    size_t count;
    size_t depth; /* of tables in each other */
    bool other;   /* the table is no sheet */
    uint32_t column, filled;
};

static void start_sheet(struct part *part, struct sheets *sheets, const xmlChar **attributes)
{
    if (sheets->depth++ > 0)
        return;
    sheets->other = is(part_attribute(attributes, "style-name"), "ta_extref");
    if (sheets->other)
        return;
    if (sheets->count == MOST_SHEETS) {
        part_stop(part, SCAN_READ_TOO_BIG);
        return;
    }
    const char *name = part_attribute(attributes, "name");
    const struct scan_cell cell = {.flags = SCAN_CELL_PROSE | SCAN_CELL_PART | SCAN_CELL_SHEET,
                                   .text = name,
                                   .size = strlen(name),
                                   .part = part->place};
    sheets->one_column[sheets->count++] = true;
    sheets->filled = 0;
    if (!part->package->take(part->package->context, &cell))
        part_stop(part, SCAN_READ_STOPPED);
}

static void sheets_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct sheets *sheets = part->own;
    if (is(name, "table"))
        start_sheet(part, sheets, attributes);
    else if (is(name, "table-row"))
        sheets->column = 0;
    if (sheets->depth != 1 || sheets->other || strstr(name, "table-cell") == NULL)
        return;
    const long repeat = strtol(part_attribute(attributes, "number-columns-repeated"), NULL, 10);
    if (*part_attribute(attributes, "value-type") != '\0') {
        const uint32_t here = sheets->column + 1;
        if ((sheets->filled != 0 && sheets->filled != here) || repeat > 1)
            sheets->one_column[sheets->count - 1] = false;
        sheets->filled = here;
    }
    if (sheets->column < SCAN_MOST_COLUMNS)
        sheets->column += repeat < 1                   ? 1
                          : repeat > SCAN_MOST_COLUMNS ? SCAN_MOST_COLUMNS
                                                       : (uint32_t)repeat;
}

static void sheets_end(struct part *part, const char *name)
{
    struct sheets *sheets = part->own;
    sheets->depth -= is(name, "table") && sheets->depth > 0;
}

static void sheets_text(struct part *part, const char *text, size_t size)
{
    (void)part;
    (void)text;
    (void)size;
}

static void announce_sheets(struct document *document)
{
    static const struct part_hooks hooks = {sheets_start, sheets_end, sheets_text};
    struct package *package = &document->package;
    size_t index;
    document->sheets = calloc(1, sizeof *document->sheets);
    if (document->sheets == NULL) {
        package->state = SCAN_READ_NO_MEMORY;
        return;
    }
    package_read_needed(package, document->main, &hooks, document->sheets);
    if (archive_find(&package->archive, document->main, &index))
        package->done[index] = false;
    document->flow.one_column = document->sheets->one_column;
    document->flow.sheets = document->sheets->count;
    package->tables = (uint32_t)document->sheets->count;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Styles come first: they say which text is seen in capitals. */
static void read_document(struct document *document, enum scan_format format)
{
    char styles[MOST_PATH];
    if (format == SCAN_ODS)
        announce_sheets(document);
    document->flow.sheet = document->flow.sheets; /* a table in a page's header is no sheet */
    if (package_resolve(document->main, "styles.xml", styles))
        read_if_there(document, styles);
    document->flow.sheet = 0;
    package_read_needed(&document->package, document->main, NULL, NULL);
    document->flow.sheet = document->flow.sheets;
    package_read_rest(&document->package);
}

static enum scan_read read_office(const char *bytes, size_t size, enum scan_format format,
                                  scan_take *take, void *context)
{
    struct document *document = calloc(1, sizeof *document);
    if (document == NULL)
        return SCAN_READ_NO_MEMORY;
    struct package *package = &document->package;
    if (package_open(package, bytes, size, take, context)) {
        package->choose = choose;
        package->own = document;
        document->flow.odf = format == SCAN_ODS || format == SCAN_ODT;
        document->flow.capitals = &document->capitals;
        const enum scan_format found = package_format(package, document->main);
        if (package->state == SCAN_READ_OK && found != format)
            package->state = SCAN_READ_DAMAGED;
        if (package->state == SCAN_READ_OK)
            read_document(document, format);
        package_close(package);
    }
    const enum scan_read state = package->state;
    flow_free(&document->flow);
    bytes_free(&document->capitals);
    free(document->sheets);
    free(document);
    return state;
}

enum scan_read scan_read_docx(const char *bytes, size_t size, scan_take *take, void *context)
{
    return read_office(bytes, size, SCAN_DOCX, take, context);
}

enum scan_read scan_read_pptx(const char *bytes, size_t size, scan_take *take, void *context)
{
    return read_office(bytes, size, SCAN_PPTX, take, context);
}

enum scan_read scan_read_odt(const char *bytes, size_t size, scan_take *take, void *context)
{
    return read_office(bytes, size, SCAN_ODT, take, context);
}

enum scan_read scan_read_ods(const char *bytes, size_t size, scan_take *take, void *context)
{
    return read_office(bytes, size, SCAN_ODS, take, context);
}
