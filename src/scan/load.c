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
