/* The inside of the reader of PDF (ISO 32000-1). poppler reads the document; what it passes over in silence is
 * looked for in the bytes themselves. Only pdf.c, pdf_page.c and pdf_beside.c know poppler. */
#ifndef TAVS_SCAN_PDF_H
#define TAVS_SCAN_PDF_H

#include "../row.h"

enum {
    PDF_MOST_PAGES = 20000,
    PDF_MOST_LETTERS = 1 << 20,  /* of a page */
    PDF_MOST_TEXT = 64 << 20,    /* letters of all pages, and bytes of all else */
    PDF_MOST_UNPACKED = 4 << 26, /* bytes of all streams: 256 MiB */
    PDF_KEPT_COLUMNS = 32,
};

/* Where everything goes. */
struct pdf_sink {
    scan_take *take;
    void *context;
    enum scan_read state; /* not SCAN_READ_OK: nothing is read any more */
    size_t text;          /* so much was read */
    bool has_program; /* that was told: poppler sees some of what the bytes show, newer ones more */
    /* the last table, in case that it goes on on the next page */
    uint32_t table, rows;
    size_t columns;
    float starts[PDF_KEPT_COLUMNS];
};

void pdf_stop(struct pdf_sink *sink, enum scan_read state);

/* Running text, `flags` besides. `page` from 1, 0 for none; `part` is a constant or NULL. */
void pdf_send(struct pdf_sink *sink, uint32_t page, const char *part, unsigned flags,
              const char *text, size_t size);

void pdf_unread(struct pdf_sink *sink, enum scan_unread unread, const char *part);

/* A character as UTF-8. */
bool pdf_add_point(struct bytes *bytes, uint32_t point);

/* A character of a page, in the order of reading, and where it lies: `top` is less than `bottom`. */
struct pdf_letter {
    uint32_t point;
    float left, top, right, bottom;
};

/* pdf_page_text.c: judges what stands on a page. Points are changed on the way. */
void pdf_take_letters(struct pdf_sink *sink, uint32_t page, struct pdf_letter *letters,
                      size_t count);

/* pdf_lines.c: takes by place what is in tables, lists and boxes; those letters are marked in `taken`. */
void pdf_take_lines(struct pdf_sink *sink, uint32_t page, const struct pdf_letter *letters,
                    size_t count, bool *taken);

/* pdf_join.c: running text of a page, its lines joined where a word or number goes on. */
void pdf_take_running(struct pdf_sink *sink, uint32_t page, const struct pdf_letter *letters,
                      size_t count);

/* pdf_raw.c: what the bytes tell: whether streams are whole, what poppler does not hand on. Returns how many
 * pictures there are. */
size_t pdf_take_raw(struct pdf_sink *sink, const char *bytes, size_t size);

/* pdf_stream.c: the filters of a stream in their order. */
enum pdf_filter { PDF_FLATE, PDF_ASCII85, PDF_ASCII_HEX, PDF_PICTURE, PDF_OTHER_FILTER };
enum { PDF_MOST_FILTERS = 4 };

struct pdf_stream {
    const char *at;
    size_t left; /* to the end of the file, or of the stream where that is known */
    bool known;  /* `left` is the stream's own size */
    enum pdf_filter filters[PDF_MOST_FILTERS];
    size_t filter_count;
    struct bytes *into; /* NULL: only `has_actual_text` is wanted */
    size_t *unpacked;   /* of all streams so far */
    bool has_actual_text;
    size_t used; /* bytes of the file that the stream was seen to take */
};

/* False for filters that are not unpacked here. */
bool pdf_can_unpack(const struct pdf_stream *stream);

/* SCAN_READ_DAMAGED where it does not unpack to its end. */
enum scan_read pdf_unpack(struct pdf_stream *stream);

#endif
