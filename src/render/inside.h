/* What the formats share. A format is a function of the type render_write, declared at the end of
 * this file and entered in render.c. */
#ifndef RENDER_INSIDE_H
#define RENDER_INSIDE_H

#include "tavs/render.h"

/* ---- buffer.c: output that grows, in guarded memory --------------------------------------------
 * After a failure nothing more is added; whoever owns the buffer looks at `failed` at the end. */
struct render_buffer {
    char *bytes; /* zero-terminated once anything was put */
    size_t size, room;
    bool failed;
};

void buffer_free(struct render_buffer *buffer);

void buffer_put_bytes(struct render_buffer *buffer, const void *bytes, size_t size);
void buffer_put(struct render_buffer *buffer, const char *text);
void buffer_fill(struct render_buffer *buffer, char byte, size_t count);

/* ---- width.c: characters ----------------------------------------------------------------------
 */

/* Reads one character and returns how many bytes it takes; a byte that does not begin a well-formed
 * sequence (RFC 3629) is a character of its own, U+FFFD. `text` is not empty. */
size_t utf8_decode(const char *text, uint32_t *character);

/* ---- figure.c, symbol.c: figures as text ------------------------------------------------------
 */

enum { FIGURE_TEXT = 32 }; /* room for any figure and its zero */

/* "12.345" in Danish, "12,345" in English, without separators below 10000; or the figure's symbol. The
 * text is a secret: wipe it. Returns its length. */
size_t figure_format(char text[FIGURE_TEXT], const struct table *table, size_t row, size_t column,
                     enum codebook_language language);

/* "12345" in every language, or the figure's symbol. */
void figure_put_plain(struct render_buffer *buffer, const struct table *table, size_t row,
                      size_t column);

/* What stands in the place of a figure that is not shown; NULL if it is. */
const char *figure_symbol(const struct table *table, size_t row, size_t column);

/* "hidden" or "not-offered", else "internal", "draft" or "corrected" (edition) if the document is, else "shown". */
const char *figure_status(const struct table_document *document, const struct table *table,
                          size_t row, size_t column);

/* ---- front.c: what every format for people says -------------------------------------------------
 */

/* "Internal: exact figures, not for publication", "Draft, not published"; NULL for what is neither. */
const char *front_mark(const struct table_document *document);

/* figure_status in words: "hidden", "not offered", "internal", "draft", "corrected", "shown". */
const char *front_status(const struct table_document *document, const struct table *table,
                         size_t row, size_t column);

/* What the symbol of this status means, if the table has such a figure; else NULL. `text` may be used. */
enum { FRONT_LEGEND = 256 };
const char *front_legend(const struct table_document *document, const struct table *table,
                         enum table_status status, char text[FRONT_LEGEND]);

/* Period, places, date, release, program, closed months, fingerprint: those that the document has and its kind calls for. */
enum { FRONT_FACTS = 5 + TABLE_MOST_PLACES };
struct front_fact {
    const char *term, *text, *more; /* print `more` right after the text */
};
size_t front_facts(const struct table_document *document, struct front_fact facts[FRONT_FACTS]);

/* ---- markup.c: text into HTML that is well-formed XML too -----------------------------------------
 */

/* Text as content or as an attribute's value in double quotes. What no document may hold (control
 * characters, bytes that are not UTF-8) becomes U+FFFD. */
void markup_put(struct render_buffer *buffer, const char *text);

/* At most so many characters of it. */
void markup_put_start(struct render_buffer *buffer, const char *text, size_t characters);

/* The figure as people read it. */
void markup_put_figure(struct render_buffer *buffer, const struct table *table, size_t row,
                       size_t column, enum codebook_language language);

/* A number of the program's own, such as a length in a picture: it tells of figures, so no copy of it
 * stays behind. */
void markup_put_number(struct render_buffer *buffer, int64_t number);

/* ---- svg.c: pictures, in pixels of CSS from the top left --------------------------------------------
 */

/* What a picture is drawn from. Hatching stands for a hidden figure and has one size. */
enum { SVG_HATCH_WIDTH = 12, SVG_HATCH_HEIGHT = 14 };
void svg_put_bar(struct render_buffer *buffer, int x, int y, int width, int height);
void svg_put_hatch(struct render_buffer *buffer, int x, int y);
void svg_put_line(struct render_buffer *buffer, int x, int y, int right, int down);

/* Begins a text that <\/text> ends; `class` is html_style.c's. */
void svg_begin_text(struct render_buffer *buffer, const char *class, int x, int y);

/* ---- chart.c ---------------------------------------------------------------------------------------
 */

/* The figures of a table as pictures, each with its text alternative; nothing where the table has more
 * than one key. A hidden figure is a mark of one size, and no scale or room is made for its value.
 * `number` sets the ids of the pictures apart from those of the document's other tables. */
void chart_put(struct render_buffer *buffer, const struct table *table,
               enum codebook_language language, size_t number);

/* ---- html_style.c: the style sheet, ended by NULL ------------------------------------------------- */

extern const char *const html_style[];

/* ---- the formats -------------------------------------------------------------------------------
 */

typedef enum base_code render_write(const struct table_document *document,
                                    struct render_buffer *buffer, struct base_error *error);

render_write text_write, markdown_write, csv_write, excel_write, json_write, html_write, xlsx_write;

#endif
