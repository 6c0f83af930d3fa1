/* render: documents of tables in the formats that people and programs read. Knows no store, no key.
 *
 * A format is one file, src/render/FORMAT.c, and one line in src/render/render.c. What every format
 * keeps to: a hidden figure is ".." and its value goes into nothing, not even a column's width; no
 * format computes figures; a document that is internal says so in every part.
 */
#ifndef TAVS_RENDER_H
#define TAVS_RENDER_H

#include "tavs/base.h"
#include "tavs/table.h"

/* text      for a terminal: aligned by display width, lines of at most 78 columns but for tables
 * markdown  CommonMark with tables (GitHub Flavored Markdown, section 4.10)
 * csv       RFC 4180, UTF-8, codes only: the keys of the document's one table, then (if the table
 * has several columns) what the columns stand for, then count and status. No totals, so that
 *           columns can be added up. Status: "internal" (the document is), "shown" or "hidden"
 * excel csv the same for Danish Excel: a byte-order mark, semicolons, headings and words in the
 *           document's language; text that Excel would take for a formula has an apostrophe before it
 * json      docs/schema.md
 * html      one file that needs nothing else: no script, nothing fetched; well-formed XML too
 * xlsx      a workbook: a sheet a table with its chart, a sheet of definitions; tavs-render.so */
enum render_format {
    RENDER_TEXT,
    RENDER_MARKDOWN,
    RENDER_CSV,
    RENDER_EXCEL_CSV,
    RENDER_JSON,
    RENDER_HTML,
    RENDER_XLSX,
    RENDER_FORMATS
};

/* The word that chooses a format on the command line: "text", "markdown", "csv", "json", "html",
 * "xlsx". RENDER_EXCEL_CSV is "csv" too, and chosen by other means. */
const char *render_format_name(enum render_format format);

/* True if it is not for a terminal. */
bool render_format_is_binary(enum render_format format);

/* True if documents of this kind come in this format. */
bool render_format_serves(enum render_format format, enum table_kind kind);

/* The format of that name. BASE_BAD_OPTION_VALUE if there is none or it does not serve the kind. */
enum base_code render_find_format(const char *name, enum table_kind kind,
                                  enum render_format *format, struct base_error *error);

/* A rendered document: `size` bytes in guarded memory, and a zero after them that does not count.
 */
struct render_output {
    char *bytes;
    size_t size;
};

/* Loads what the format needs, so that it is known early that it is there: BASE_PART_MISSING. */
enum base_code render_prepare(enum render_format format, struct base_error *error);

/* `format` must serve the document's kind. Free with render_free. BASE_NO_MEMORY is the only
 * error, but for RENDER_XLSX: that may also be BASE_PART_MISSING or a failure of the system. */
enum base_code render_document(const struct table_document *document, enum render_format format,
                               struct render_output *output, struct base_error *error);

/* Wipes. An output that is all zero is fine. */
void render_free(struct render_output *output);

/* The text of a record that another room has composed with jansson: indented, in guarded memory that is
 * freed with secret_free; `*size` does not count the zero after it. A `value` of NULL is what jansson
 * gives when there is no memory. BASE_NO_MEMORY is the only error. */
struct json_t;
enum base_code render_json_value(const struct json_t *value, char **text, size_t *size,
                                 struct base_error *error);

/* How many columns of a terminal a UTF-8 text takes, whatever the locale: combining characters take
 * none, bytes that are not UTF-8 one each. */
size_t render_width(const char *text);

#endif
