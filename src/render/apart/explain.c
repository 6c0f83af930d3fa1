#include "book.h"

#include <string.h>

#include "../inside.h"

/* One column: running text is not to look like a column of a table, neither to people nor to a
 * scan. */
enum { WIDTH = 75, LINE = 80, TEXT = 4096, SECTION_HEIGHT = 24 };

static void put_section(struct book *book, lxw_worksheet *sheet, lxw_row_t *row, const char *text)
{
    (*row)++;
    book_check(book, worksheet_set_row(sheet, *row, SECTION_HEIGHT, NULL));
    book_put(book, sheet, (*row)++, 0, text, BOOK_SECTION);
}

static void put_definition(struct book *book, lxw_worksheet *sheet, lxw_row_t *row,
                           const struct table_definition *definition)
{
    book_put(book, sheet, (*row)++, 0, definition->term, BOOK_TERM);
    book_put_wrapped(book, sheet, (*row)++, 0, definition->text, LINE);
}

static void put_facts(struct book *book, lxw_worksheet *sheet, lxw_row_t *row)
{
    struct front_fact facts[FRONT_FACTS];
    const size_t count = front_facts(book->document, facts);
    for (size_t i = 0; i < count; i++) {
        char text[TEXT];
        (void)snprintf(text, sizeof text, "%s: %s%s", facts[i].term, facts[i].text, facts[i].more);
        book_put_wrapped(book, sheet, (*row)++, 0, text, LINE);
    }
}

void explain_add(struct book *book)
{
    const struct table_document *document = book->document;
    lxw_row_t row;
    /* TRANSLATORS: the name of a workbook's last sheet, at most 31 characters. */
    lxw_worksheet *sheet =
        book_add_sheet(book, _("Definitions"), _("What the words mean"), NULL, &row);
    if (sheet == NULL)
        return;
    worksheet_set_portrait(sheet);
    worksheet_fit_to_pages(sheet, 1, 0);
    book_check(book, worksheet_set_column(sheet, 0, 0, WIDTH, NULL));
    for (size_t i = 0; i < document->definition_count; i++)
        put_definition(book, sheet, &row, &document->definitions[i]);
    if (document->note_count > 0)
        put_section(book, sheet, &row, _("Notes"));
    for (size_t i = 0; i < document->note_count; i++)
        book_put_wrapped(book, sheet, row++, 0, document->notes[i].text, LINE);
    /* TRANSLATORS: over a report's period, date, program and fingerprint. */
    put_section(book, sheet, &row, _("About this document"));
    put_facts(book, sheet, &row);
}
