#include "tavs/delimited.h"

/* There only in programs that link it themselves, as the fuzzer does. */
extern const struct delimited_library delimited_csv __attribute__((weak));

enum base_code delimited_find(const struct delimited_library **out, struct base_error *error)
{
    void *found;
    if (&delimited_csv != NULL) {
        *out = &delimited_csv;
        return BASE_OK;
    }
    enum base_code code = base_find_in_part("delimited", "delimited_csv", &found, error);
    if (code == BASE_OK)
        *out = found;
    return code;
}
