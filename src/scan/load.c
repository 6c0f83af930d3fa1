#include "load.h"

#include <string.h>

/* There only in programs that link html.o and xlsx.o themselves, as the fuzzer does. */
scan_reader scan_read_html __attribute__((weak));
scan_reader scan_read_xlsx __attribute__((weak));

enum base_code load_reader(enum scan_format format, scan_reader **out, struct base_error *error)
{
    const char *name = format == SCAN_HTML ? "scan_read_html" : "scan_read_xlsx";
    scan_reader *linked = format == SCAN_HTML ? scan_read_html : scan_read_xlsx;
    void *found;
    if (linked != NULL) {
        *out = linked;
        return BASE_OK;
    }
    enum base_code code = base_find_in_part("scan", name, &found, error);
    if (code == BASE_OK)
        memcpy(out, &found, sizeof found); /* ISO C converts no object pointer to a function's */
    return code;
}

enum base_code load_say(enum scan_read read, const char *name, struct base_error *error)
{
    switch (read) {
    case SCAN_READ_OK:
        return BASE_OK;
    case SCAN_READ_DAMAGED:
        return base_fail(error, BASE_SCAN_DAMAGED, "%s", name);
    case SCAN_READ_NO_MEMORY:
        return base_fail(error, BASE_NO_MEMORY, "%s", name);
    default:
        return base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
    }
}
