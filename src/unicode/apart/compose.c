#include "tavs/unicode.h"

#include <stdlib.h>
#include <uninorm.h>
#include <unistr.h>

/* u8_normalize takes anything for UTF-8, so it is checked before. */
static bool compose(const char *text, size_t size, char *to, size_t room, size_t *used)
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = room;
    if (u8_check(bytes, size) != NULL)
        return false;
    uint8_t *composed = u8_normalize(UNINORM_NFC, bytes, size, (uint8_t *)to, &length);
    if (composed == NULL)
        return false;
    if (composed != (uint8_t *)to) { /* it did not fit */
        free(composed);
        return false;
    }
    *used = length;
    return true;
}

const struct unicode_library unicode_unistring = {compose};
