#include "inside.h"

#include <string.h>

#include "xlsx.h"

#define SERVES(kind) (1u << (kind))

static const struct {
    const char *name;
    unsigned kinds;
    render_write *write;
} formats[RENDER_FORMATS] = {
    [RENDER_TEXT] = {"text", SERVES(TABLE_REPORT) | SERVES(TABLE_SHOW), text_write},
    [RENDER_MARKDOWN] = {"markdown", SERVES(TABLE_REPORT) | SERVES(TABLE_SHOW), markdown_write},
    [RENDER_CSV] = {"csv", SERVES(TABLE_SHOW) | SERVES(TABLE_EXPORT), csv_write},
    [RENDER_EXCEL_CSV] = {"csv", SERVES(TABLE_SHOW) | SERVES(TABLE_EXPORT), excel_write},
    [RENDER_JSON] = {"json", SERVES(TABLE_REPORT) | SERVES(TABLE_SHOW) | SERVES(TABLE_EXPORT),
                     json_write},
    [RENDER_HTML] = {"html", SERVES(TABLE_REPORT), html_write},
    [RENDER_XLSX] = {"xlsx", SERVES(TABLE_REPORT) | SERVES(TABLE_EXPORT), xlsx_write},
};

const char *render_format_name(enum render_format format)
{
    return formats[format].name;
}

bool render_format_is_binary(enum render_format format)
{
    return format == RENDER_XLSX;
}

bool render_format_serves(enum render_format format, enum table_kind kind)
{
    return (formats[format].kinds & SERVES(kind)) != 0;
}

enum base_code render_find_format(const char *name, enum table_kind kind,
                                  enum render_format *format, struct base_error *error)
{
    for (unsigned i = 0; i < RENDER_FORMATS; i++) {
        if (strcmp(name, formats[i].name) == 0 &&
            render_format_serves((enum render_format)i, kind)) {
            *format = (enum render_format)i;
            return BASE_OK;
        }
    }
    return base_fail(error, BASE_BAD_OPTION_VALUE, "--format %s", name);
}

enum base_code render_prepare(enum render_format format, struct base_error *error)
{
    xlsx_composer *ignored;
    return format == RENDER_XLSX ? xlsx_load(&ignored, error) : BASE_OK;
}

enum base_code render_document(const struct table_document *document, enum render_format format,
                               struct render_output *output, struct base_error *error)
{
    struct render_buffer buffer = {NULL, 0, 0, false};
    enum base_code code = formats[format].write(document, &buffer, error);
    if (code == BASE_OK && buffer.failed)
        code = base_fail(error, BASE_NO_MEMORY, "%s", formats[format].name);
    if (code != BASE_OK) {
        buffer_free(&buffer);
        return code;
    }
    output->bytes = buffer.bytes;
    output->size = buffer.size;
    return BASE_OK;
}

void render_free(struct render_output *output)
{
    struct render_buffer buffer = {output->bytes, 0, 0, false};
    buffer_free(&buffer);
    output->bytes = NULL;
    output->size = 0;
}
