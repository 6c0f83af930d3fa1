/* The strings that cells of all sheets share. Some may be of cells that were deleted. */
#include "parts.h"

enum { MOST_STRINGS = 4000000, MOST_BYTES = 32 << 20 };

static void on_start(struct part *part, const char *name, const xmlChar **attributes)
{
    struct workbook *book = part->own;
    part_send_attributes(part, name, attributes);
    if (is(name, "si"))
        book->sheet.text.size = 0;
    book->sheet.letters = is(name, "t");
    book->phonetic += is(name, "rPh");
}

static void add_string(struct part *part, struct workbook *book, struct bytes *text)
{
    const size_t count = book->string_count + 1;
    text->size = part_unescape(text->at, text->size);
    if (count > MOST_STRINGS || book->strings.size + text->size > MOST_BYTES) {
        part_stop(part, SCAN_READ_TOO_BIG);
        return;
    }
    void *ends =
        items_grow(book->string_ends, &book->string_room, count, sizeof *book->string_ends);
    book->string_ends = ends != NULL ? ends : book->string_ends;
    void *used = items_grow(book->string_used, &book->used_room, count, sizeof *book->string_used);
    book->string_used = used != NULL ? used : book->string_used;
    if (ends == NULL || used == NULL || !bytes_add(&book->strings, text->at, text->size)) {
        part_stop(part, SCAN_READ_NO_MEMORY);
        return;
    }
    book->string_ends[book->string_count++] = (uint32_t)book->strings.size;
    text->size = 0;
}

static void on_end(struct part *part, const char *name)
{
    struct workbook *book = part->own;
    book->sheet.letters = false;
    book->phonetic -= is(name, "rPh");
    if (is(name, "si"))
        add_string(part, book, &book->sheet.text);
}

/* How a word is said stands beside it. */
static void on_text(struct part *part, const char *text, size_t size)
{
    struct workbook *book = part->own;
    if (book->phonetic > 0)
        part_send(part, text, size, 0);
    else if (book->sheet.letters)
        part_add(part, &book->sheet.text, text, size);
}

const struct part_hooks string_hooks = {on_start, on_end, on_text};

void strings_send_unused(struct workbook *book)
{
    struct part part = {.package = &book->package, .place = "xl/sharedStrings"};
    uint32_t start = 0;
    for (size_t i = 0; i < book->string_count && book->strings.size > 0; i++) {
        if (!book->string_used[i])
            part_send(&part, book->strings.at + start, book->string_ends[i] - start, 0);
        start = book->string_ends[i];
    }
}
