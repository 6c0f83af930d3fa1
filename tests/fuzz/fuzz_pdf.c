/* What is ours of the reader of PDF: the check of the bytes, and what becomes of a page's letters. poppler is not in it.
 *
 *   clang -fsanitize=fuzzer,address,undefined ... fuzz_pdf.c src/scan/apart/pdf_{raw,stream,page_text,lines,join}.c
 *   ./fuzz_pdf -max_len=8192 corpus-folder
 *
 * An input that begins with "%" is a document; any other is letters of LETTER_BYTES each, placed by their bytes. */
#include <stdlib.h>
#include <string.h>

#include "../../src/scan/apart/pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LETTER_BYTES = 6 };

struct told {
    size_t cells, bytes;
};

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static bool take(void *context, const struct scan_cell *cell)
{
    struct told *told = context;
    const bool unread = (cell->flags & SCAN_CELL_UNREAD) != 0;
    told->cells++;
    told->bytes += cell->size;
    expect(unread ? cell->unread < SCAN_UNREAD_KINDS : cell->size > 0 && cell->text != NULL);
    expect((cell->flags & SCAN_CELL_PART) == 0 || cell->part != NULL);
    expect(cell->column <= SCAN_MOST_COLUMNS && (cell->column == 0 || cell->table > 0));
    if (cell->size > 0) { /* all of it can be read */
        char *copy = malloc(cell->size);
        memcpy(copy, cell->text, cell->size);
        free(copy);
    }
    return true;
}

static void read_document(const uint8_t *data, size_t size)
{
    struct told told = {0};
    struct pdf_sink sink = {.take = take, .context = &told};
    const size_t pictures = pdf_take_raw(&sink, (const char *)data, size);
    expect(pictures <= size && sink.state != SCAN_READ_STOPPED);
}

/* A point of the basic plane, where it lies, and how wide and high it is, in half points. */
static void read_letters(const uint8_t *data, size_t size)
{
    struct told told = {0};
    struct pdf_sink sink = {.take = take, .context = &told};
    const size_t count = size / LETTER_BYTES;
    struct pdf_letter *letters = calloc(count + 1, sizeof *letters);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = data + i * LETTER_BYTES;
        struct pdf_letter *letter = &letters[i];
        letter->point = (uint32_t)at[1] << 8 | at[0];
        letter->left = (float)at[2] * 2;
        letter->top = (float)at[3] * 2;
        letter->right = letter->left + (float)(at[4] >> 4 & 7);
        letter->bottom = letter->top + (float)(at[4] & 15);
        if (at[5] == 0xff) /* far from any page */
            letter->right = (float)at[4] * 1e37F;
    }
    pdf_take_letters(&sink, 1, letters, count);
    pdf_take_letters(&sink, 2, letters, count);
    expect(sink.state == SCAN_READ_OK);
    /* a letter, a space before it, and the two ways in which a number may be told once more */
    expect(told.bytes <= 64 * (count + 1));
    free(letters);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == '%')
        read_document(data, size);
    else
        read_letters(data, size);
    return 0;
}
