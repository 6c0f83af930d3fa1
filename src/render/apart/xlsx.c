/* The workbook of a document: a sheet a table, and one that explains. */
#include "../xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../inside.h"
#include "book.h"

/* The library asks the clock where it is told nothing: the document's day, or the day that dates in
 * zip files begin with. */
static time_t day_of(const char *date)
{
    static const time_t first_day = 315532800; /* 1980-01-01 */
    struct tm day = {0};
    const char *end = strptime(date, "%Y-%m-%d", &day);
    return end == NULL || *end != '\0' ? first_day : timegm(&day);
}

/* Title and mark; no author, no company, nothing of the machine. */
static void set_properties(struct book *book)
{
    enum { MOST = 256 }; /* what Excel takes */
    char title[MOST] = "";
    char mark[MOST] = "";
    const struct table_document *document = book->document;
    (void)snprintf(title, sizeof title, "%s", document->title);
    if (front_mark(document) != NULL)
        (void)snprintf(mark, sizeof mark, "%s", front_mark(document));
    lxw_doc_properties properties = {
        .title = title,
        .status = mark,
        .created = day_of(document->date),
    };
    book_check(book, workbook_set_properties(book->workbook, &properties));
}

static enum base_code fail(lxw_error failure, struct base_error *error)
{
    if (memory_refusal() != 0)
        return base_fail_write(error, memory_refusal(), "%s", _("the workbook"));
    return failure == LXW_ERROR_CREATING_XLSX_FILE
               ? base_fail_write(error, EIO, "%s", _("the workbook"))
               : base_fail(error, BASE_NO_MEMORY, "%s", _("the workbook"));
}

static void fill(struct book *book)
{
    format_add_all(book);
    set_properties(book);
    for (size_t i = 0; i < book->document->table_count && book->failure == LXW_NO_ERROR; i++)
        sheet_add(book, book->document->tables[i]);
    if (book->failure == LXW_NO_ERROR)
        explain_add(book);
}

/* Measured: up to 135 bytes a cell, 100,000 a document, and what packing them takes. */
static size_t most_memory(const struct table_document *document)
{
    enum { OF_ANY = 2 << 20, OF_CELL = 200 };
    size_t cells = 0;
    for (size_t i = 0; i < document->table_count; i++) {
        const struct table *table = document->tables[i];
        cells += (table->rows + 1) * (table->keys + table->columns + 1);
    }
    return OF_ANY + OF_CELL * cells;
}

BASE_SHOWN enum base_code xlsx_compose(const struct table_document *document, int descriptor,
                                       struct base_error *error)
{
    char path[32];
    struct book book = {.document = document, .failure = LXW_NO_ERROR};
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    if (access(path, W_OK) != 0)
        return base_fail_write(error, errno, "%s", _("the workbook"));
    if (memory_reserve(most_memory(document), error) != BASE_OK || memory_check(error) != BASE_OK)
        return error->code;
    book.workbook = workbook_new(path);
    if (book.workbook == NULL)
        return fail(LXW_ERROR_MEMORY_MALLOC_FAILED, error);
    fill(&book);
    if (book.failure != LXW_NO_ERROR) {
        lxw_workbook_free(book.workbook);
        return fail(book.failure, error);
    }
    const lxw_error closed = workbook_close(book.workbook);
    return closed == LXW_NO_ERROR ? BASE_OK : fail(closed, error);
}
