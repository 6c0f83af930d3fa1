/* Workbooks: every part of the archive is read, also what a spreadsheet program does not show at
 * once: hidden sheets, comments, pivot caches, defined names, properties, links. */
#include <stdlib.h>

#include "parts.h"

enum { MOST_FORMATS = 65536 };

/* ---- the workbook and its relations --------------------------------------------------------- */

/* The first sheet that names this relation; NULL for none. */
static struct sheet_place *sheet_of(const struct workbook *book, const char *relation)
{
    const size_t number = (size_t)xmlHashLookup(book->sheet_of, BAD_CAST relation);
    return number == 0 ? NULL : &book->sheets[number - 1];
}

static void start_sheet(struct part *part, struct workbook *book, const xmlChar **attributes)
{
    const char *relation = part_attribute(attributes, "id");
    const char *title = part_attribute(attributes, "name");
    part_send(part, title, strlen(title), SCAN_CELL_SHEET);
    if (book->sheet_count == MOST_SHEETS) {
        part_stop(part, SCAN_READ_TOO_BIG);
        return;
    }
    void *grown =
        items_grow(book->sheets, &book->sheet_room, book->sheet_count + 1, sizeof *book->sheets);
    if (grown == NULL) {
        part_stop(part, SCAN_READ_NO_MEMORY);
        return;
    }
    book->sheets = grown;
    struct sheet_place *place = &book->sheets[book->sheet_count++];
    snprintf(place->relation, sizeof place->relation, "%s", relation);
    place->path[0] = '\0';
    if (sheet_of(book, place->relation) == NULL &&
        xmlHashAddEntry(book->sheet_of, BAD_CAST place->relation, (void *)book->sheet_count) != 0)
        part_stop(part, SCAN_READ_NO_MEMORY);
}

static void book_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->own;
    const char *from_1904 = part_attribute(attributes, "date1904");
    book->sheet.text.size = 0;
    if (is(name, "workbookPr") && (is(from_1904, "1") || is(from_1904, "true")))
        book->day_zero = DAYS_TO_1904;
    if (is(name, "sheet"))
        start_sheet(part, book, attributes);
    else
        part_send_attributes(part, name, attributes);
}

static void book_end(struct part *part, const char *name)
{
    struct bytes *text = &((struct workbook *)part->own)->sheet.text;
    (void)name;
    text->size = part_unescape(text->at, text->size);
    part_send(part, text->at, text->size, 0);
    text->size = 0;
}

static void book_text(struct part *part, const char *text, size_t size)
{
    part_add(part, &((struct workbook *)part->own)->sheet.text, text, size);
}

static bool ends(const char *text, const char *with)
{
    const size_t size = strlen(text), length = strlen(with);
    return size >= length && strcasecmp(text + size - length, with) == 0;
}

static void relation_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->own;
    const char *id = part_attribute(attributes, "Id");
    const char *type = part_attribute(attributes, "Type");
    const char *target = part_attribute(attributes, "Target");
    part_send_attributes(part, name, attributes);
    if (ends(type, "/styles"))
        package_resolve(book->main, target, book->styles_path);
    else if (ends(type, "/sharedStrings"))
        package_resolve(book->main, target, book->strings_path);
    struct sheet_place *place = sheet_of(book, id);
    if (place != NULL)
        package_resolve(book->main, target, place->path);
}

/* ---- styles --------------------------------------------------------------------------------- */

static struct number_format *add_format(struct part *part, struct number_format **formats,
                                        size_t *count, size_t *room)
{
    if (*count == MOST_FORMATS)
        return NULL;
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
    struct workbook *book = part->own;
    struct number_format *format = NULL;
    const long id = strtol(part_attribute(attributes, "numFmtId"), NULL, 10);
    part_send_attributes(part, name, attributes);
    if (is(name, "cellXfs"))
        book->cell_formats = true;
    if (is(name, "numFmt"))
        format = add_format(part, &book->formats, &book->format_count, &book->format_room);
    else if (is(name, "xf") && book->cell_formats)
        format = add_format(part, &book->styles, &book->style_count, &book->style_room);
    if (format == NULL)
        return;
    format->id = id;
    shown_classify(format, part_attribute(attributes, "formatCode"));
}

static void style_end(struct part *part, const char *name)
{
    struct workbook *book = part->own;
    if (is(name, "cellXfs"))
        book->cell_formats = false;
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

/* ---- the whole ------------------------------------------------------------------------------ */

/* Parts that nothing leads to are what their outermost element says. */
static void choose(struct part *part, const char *root)
{
    static const char *const sheets[] = {"worksheet", "chartsheet", "dialogsheet", "macrosheet",
                                         NULL};
    struct workbook *book = part->package->own;
    part->own = book;
    if (is_in(root, sheets)) {
        part->hooks = &sheet_hooks;
        sheet_begin(&book->sheet, ++part->package->tables);
    } else if (is(root, "pivotCacheDefinition") || is(root, "pivotCacheRecords")) {
        part->hooks = is(root, "pivotCacheRecords") ? &record_hooks : &cache_hooks;
        sheet_begin(&book->sheet, ++part->package->tables);
    } else {
        flow_begin(&book->flow);
        part->hooks = &flow_hooks;
        part->own = &book->flow;
    }
}

/* Where the relations of a part stand: beside it, in a folder of their own. */
static bool relations_path(const char *path, char *relations)
{
    const char *slash = strrchr(path, '/');
    const int folder = slash != NULL ? (int)(slash + 1 - path) : 0;
    const int length =
        snprintf(relations, MOST_PATH, "%.*s_rels/%s.rels", folder, path, path + folder);
    return length < MOST_PATH;
}

static void read_if_there(struct workbook *book, const char *path, const struct part_hooks *hooks)
{
    size_t index;
    if (*path != '\0' && archive_find(&book->package.archive, path, &index))
        package_read_needed(&book->package, path, hooks, book);
}

static void read_book(struct workbook *book)
{
    static const struct part_hooks book_hooks = {book_start, book_end, book_text};
    static const struct part_hooks relation_hooks = {relation_start, book_end, book_text};
    static const struct part_hooks style_hooks = {style_start, style_end, book_text};
    char relations[MOST_PATH];
    package_resolve(book->main, "styles.xml", book->styles_path);
    package_resolve(book->main, "sharedStrings.xml", book->strings_path);
    package_read_needed(&book->package, book->main, &book_hooks, book);
    if (relations_path(book->main, relations))
        read_if_there(book, relations, &relation_hooks);
    read_if_there(book, book->styles_path, &style_hooks);
    settle_styles(book);
    read_if_there(book, book->strings_path, &string_hooks);
    for (size_t i = 0; i < book->sheet_count; i++) {
        sheet_begin(&book->sheet, ++book->package.tables);
        read_if_there(book, sheet_of(book, book->sheets[i].relation)->path, &sheet_hooks);
    }
    package_read_rest(&book->package);
    strings_send_unused(book);
}

static void book_free(struct workbook *book)
{
    flow_free(&book->flow);
    sheet_free(&book->sheet);
    bytes_free(&book->strings);
    free(book->string_ends);
    free(book->string_used);
    free(book->sheets);
    xmlHashFree(book->sheet_of, NULL);
    free(book->formats);
    free(book->styles);
    free(book);
}

enum scan_read scan_read_xlsx(const char *bytes, size_t size, scan_take *take, void *context)
{
    struct workbook *book = calloc(1, sizeof *book);
    if (book != NULL)
        book->sheet_of = xmlHashCreate(0);
    if (book == NULL || book->sheet_of == NULL) {
        free(book);
        return SCAN_READ_NO_MEMORY;
    }
    if (package_open(&book->package, bytes, size, take, context)) {
        book->package.choose = choose;
        book->package.own = book;
        book->package.escapes = true;
        const enum scan_format found = package_format(&book->package, book->main);
        if (book->package.state == SCAN_READ_OK && found != SCAN_XLSX)
            book->package.state = SCAN_READ_DAMAGED;
        if (book->package.state == SCAN_READ_OK)
            read_book(book);
        package_close(&book->package);
    }
    const enum scan_read state = book->package.state;
    book_free(book);
    return state;
}
