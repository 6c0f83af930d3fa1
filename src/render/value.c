#include <jansson.h>

#include "tavs/render.h"
#include "tavs/secret.h"

enum base_code render_json_value(const struct json_t *value, char **text, size_t *size,
                                 struct base_error *error)
{
    enum { LAYOUT = JSON_INDENT(2) };
    void *memory;
    const size_t length = value == NULL ? 0 : json_dumpb(value, NULL, 0, LAYOUT);
    if (length == 0)
        return base_fail(error, BASE_NO_MEMORY, "JSON");
    enum base_code code = secret_new(length + 2, &memory, error); /* a line feed, a zero */
    if (code != BASE_OK)
        return code;
    if (json_dumpb(value, memory, length, LAYOUT) != length) {
        secret_free(memory);
        return base_fail(error, BASE_NO_MEMORY, "JSON");
    }
    ((char *)memory)[length] = '\n';
    *text = memory;
    *size = length + 1;
    return BASE_OK;
}
