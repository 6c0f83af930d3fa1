/* Workbooks: every part of the archive is read, also what a spreadsheet program does not show at
 * once: hidden sheets, comments, pivot caches, defined names, properties, links. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "tavs/scan.h"

enum { MOST_ENTRIES = 10000 };

/* ---- workbook.xml and its relations --------------------------------------------------------- */

static void book_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->book;
    const char *relation = part_attribute(attributes, "id");
    const char *title = part_attribute(attributes, "name");
    part->text.size = 0;
    if (is(name, "definedName") || is(name, "sheet"))
        part_send(part, title, strlen(title), is(name, "sheet") ? SCAN_CELL_SHEET : 0);
    const char *from_1904 = part_attribute(attributes, "date1904");
    if (is(name, "workbookPr") && (is(from_1904, "1") || is(from_1904, "true")))
        book->day_zero = DAYS_TO_1904;
    if (!is(name, "sheet") || strlen(relation) >= MOST_PATH)
        return;
    void *grown =
        items_grow(book->sheets, &book->sheet_room, book->sheet_count + 1, sizeof *book->sheets);
    if (grown == NULL) {
        part_stop(part, SCAN_READ_NO_MEMORY);
        return;
    }
    book->sheets = grown;
    strcpy(book->sheets[book->sheet_count++].relation, relation);
}

static void text_end(struct part *part, const char *name)
{
    if (is(name, "t") || is(name, "r"))
        return;
    const bool author = is(name, "creator") || is(name, "lastModifiedBy") || is(name, "author") ||
                        is(name, "Manager") || is(name, "Company");
    part_send(part, part->text.at, part->text.size, author ? SCAN_CELL_AUTHOR : 0);
    part->text.size = 0;
}

static void relation_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->book;
    const char *id = part_attribute(attributes, "Id");
    const char *target = part_attribute(attributes, "Target");
    (void)name;
    const char *from = *target == '/' ? target + 1 : target;
    const char *folder = *target == '/' ? "" : "xl/";
    for (size_t i = 0; i < book->sheet_count && strlen(from) < MOST_PATH - 4; i++) {
        if (is(book->sheets[i].relation, id)) {
            strcpy(book->sheets[i].path, folder);
            strcat(book->sheets[i].path, from);
        }
    }
}

/* ---- styles.xml ----------------------------------------------------------------------------- */

static struct number_format *add_format(struct part *part, struct number_format **formats,
                                        size_t *count, size_t *room)
{
    void *grown = items_grow(*formats, room, *count + 1, sizeof **formats);
    if (grown == NULL) {
        part_stop(part, SCAN_READ_NO_MEMORY);
        return NULL;
    }
    *formats = grown;
    return &(*formats)[(*count)++];
}

static void style_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->book;
    struct number_format *format = NULL;
    const long id = strtol(part_attribute(attributes, "numFmtId"), NULL, 10);
    if (is(name, "cellXfs"))
        part->cell_formats = true;
    if (is(name, "numFmt") && book->format_count < MOST_ENTRIES)
        format = add_format(part, &book->formats, &book->format_count, &book->format_room);
    else if (is(name, "xf") && part->cell_formats)
        format = add_format(part, &book->styles, &book->style_count, &book->style_room);
    if (format == NULL)
        return;
    format->id = id;
    shown_classify(format, part_attribute(attributes, "formatCode"));
}

static void style_end(struct part *part, const char *name)
{
    if (is(name, "cellXfs"))
        part->cell_formats = false;
}

static int by_id(const void *a, const void *b)
{
    const long first = ((const struct number_format *)a)->id;
    const long second = ((const struct number_format *)b)->id;
    return (first > second) - (first < second);
}

/* Each style gets the format of its number. */
static void settle_styles(struct workbook *book)
{
    if (book->format_count == 0)
        return;
    qsort(book->formats, book->format_count, sizeof *book->formats, by_id);
    for (size_t i = 0; i < book->style_count; i++) {
        const struct number_format *found = bsearch(
            &book->styles[i], book->formats, book->format_count, sizeof *book->formats, by_id);
        if (found != NULL)
            book->styles[i] = *found;
    }
}

/* ---- sharedStrings.xml ---------------------------------------------------------------------- */

static void string_start(struct part *part, const char *name, const xmlChar **attributes)
{
    (void)attributes;
    if (is(name, "si"))
        part->text.size = 0;
}

static void string_end(struct part *part, const char *name)
{
    struct workbook *book = part->book;
    if (!is(name, "si"))
        return;
    void *grown = items_grow(book->string_ends, &book->string_room, book->string_count + 1,
                             sizeof *book->string_ends);
    if (grown != NULL)
        book->string_ends = grown;
    if (grown == NULL || !bytes_add(&book->strings, part->text.at, part->text.size)) {
        part_stop(part, SCAN_READ_NO_MEMORY);
        return;
    }
    book->string_ends[book->string_count++] = book->strings.size;
    part->text.size = 0;
}

/* ---- all other parts ------------------------------------------------------------------------ */

static void other_start(struct part *part, const char *name, const xmlChar **attributes)
{
    static const char *const shown[] = {"v",     "name",   "display", "tooltip", "descr",
                                        "title", "prompt", "caption", NULL};
    (void)name;
    for (const char *const *attribute = shown; *attribute != NULL; attribute++) {
        const char *value = part_attribute(attributes, *attribute);
        part_send(part, value, strlen(value), 0);
    }
    const char *target = part_attribute(attributes, "Target");
    part_send(part, target, strlen(target), SCAN_CELL_RAW);
}

/* A pivot cache keeps the values of the table that it was made from: a column for each field. */
static void cache_start(struct part *part, const char *name, const xmlChar **attributes)
{
    const bool field = is(name, "cacheField");
    const char *value = part_attribute(attributes, field ? "name" : "v");
    if (field && part->column < SCAN_MOST_COLUMNS) {
        part->column++;
        part->items = 0;
    }
    const struct scan_cell cell = {.table = part->row.table,
                                   .row = field ? 0 : ++part->items,
                                   .column = part->column,
                                   .flags = field ? SCAN_CELL_HEADING : SCAN_CELL_LIST,
                                   .text = value,
                                   .size = strlen(value)};
    if (cell.column > 0 && cell.size > 0 && !part->book->take(part->book->context, &cell))
        part_stop(part, SCAN_READ_STOPPED);
}

static bool starts(const char *path, const char *with)
{
    return strncmp(path, with, strlen(with)) == 0;
}

static bool ends(const char *path, const char *with)
{
    const size_t size = strlen(path), length = strlen(with);
    return size >= length && strcasecmp(path + size - length, with) == 0;
}

/* Layout only. */
static bool is_dull(const char *path)
{
    return starts(path, "xl/theme/") || starts(path, "xl/printerSettings/") ||
           is(path, "[Content_Types].xml") || is(path, "xl/calcChain.xml") ||
           starts(path, "xl/charts/style") || starts(path, "xl/charts/colors") || ends(path, "/");
}

static enum scan_unread unread_of(const char *path)
{
    if (starts(path, "xl/media/") || starts(path, "docProps/thumbnail"))
        return SCAN_UNREAD_PICTURE;
    if (starts(path, "xl/embeddings/"))
        return SCAN_UNREAD_FILE;
    return starts(path, "xl/vbaProject") ? SCAN_UNREAD_MACRO : SCAN_UNREAD_PART;
}

static void read_other(struct workbook *book, zip_uint64_t index)
{
    const char *path = zip_get_name(book->archive, index, ZIP_FL_ENC_GUESS);
    if (path == NULL || is_dull(path))
        return;
    if (starts(path, "xl/pivotCache/pivotCacheDefinition"))
        part_read(book, index, ++book->tables, cache_start, text_end, false);
    else if (starts(path, "xl/worksheets/sheet"))
        part_read(book, index, ++book->tables, sheet_start, sheet_end, false);
    else if (ends(path, ".xml") || ends(path, ".rels") || ends(path, ".vml"))
        part_read(book, index, 0, other_start, text_end, false);
    else {
        struct part part = {.book = book, .place = part_place(path)};
        part_unread(&part, unread_of(path));
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Reads the entry of that name, once; false if there is none. */
static bool read_named(struct workbook *book, const char *path, bool *done, uint32_t table,
                       part_start *start, part_end *end)
{
    const zip_int64_t index = zip_name_locate(book->archive, path, 0);
    if (index < 0 || done[index] || book->state != SCAN_READ_OK)
        return false;
    done[index] = true;
    part_read(book, (zip_uint64_t)index, table, start, end, true);
    return true;
}

static void read_book(struct workbook *book)
{
    const zip_int64_t entries = zip_get_num_entries(book->archive, 0);
    if (entries <= 0 || entries > MOST_ENTRIES) {
        book->state = entries > MOST_ENTRIES ? SCAN_READ_TOO_BIG : SCAN_READ_DAMAGED;
        return;
    }
    bool *done = calloc((size_t)entries, sizeof *done);
    if (done == NULL) {
        book->state = SCAN_READ_NO_MEMORY;
        return;
    }
    if (!read_named(book, "xl/workbook.xml", done, 0, book_start, text_end) &&
        book->state == SCAN_READ_OK)
        book->state = SCAN_READ_DAMAGED;
    read_named(book, "xl/_rels/workbook.xml.rels", done, 0, relation_start, text_end);
    read_named(book, "xl/styles.xml", done, 0, style_start, style_end);
    settle_styles(book);
    read_named(book, "xl/sharedStrings.xml", done, 0, string_start, string_end);
    for (size_t i = 0; i < book->sheet_count && book->state == SCAN_READ_OK; i++)
        read_named(book, book->sheets[i].path, done, ++book->tables, sheet_start, sheet_end);
    for (zip_int64_t i = 0; i < entries && book->state == SCAN_READ_OK; i++) {
        if (!done[i])
            read_other(book, (zip_uint64_t)i);
    }
    free(done);
}

enum scan_read scan_read_xlsx(const char *bytes, size_t size, scan_take *take, void *context)
{
    zip_error_t error;
    struct workbook book = {.take = take, .context = context};
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
    if (source != NULL)
        book.archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (book.archive != NULL) {
        read_book(&book);
        zip_discard(book.archive);
    } else {
        book.state = SCAN_READ_DAMAGED;
        zip_source_free(source);
    }
    zip_error_fini(&error);
    bytes_free(&book.strings);
    free(book.string_ends);
    free(book.sheets);
    free(book.formats);
    free(book.styles);
    return book.state;
}
