/* What of a text is the passphrase. OpaqueString (RFC 8265, section 4.2.2): every space is U+0020, and what is one letter is
 * one however it was typed. Beyond it: the mark that editors put before a text, and blanks at its end, which nobody sees, are
 * no part of it. A space at its beginning is. */
#include "passphrase.h"

#include <string.h>

#include "tavs/secret.h"
#include "tavs/unicode.h"

static const char mark[] = "\xef\xbb\xbf"; /* U+FEFF, "byte order mark" */

static size_t without_blanks(const char *text, size_t length)
{
    while (length > 0 &&
           (text[length - 1] == ' ' || (text[length - 1] >= '\t' && text[length - 1] <= '\r')))
        length--;
    return length;
}

/* Never grows. Byte by byte: memcpy leaves what it copied in vector registers. */
static void tidy(const char *from, char *to)
{
    volatile char *byte = to;
    size_t length = 0;
    if (strncmp(from, mark, strlen(mark)) == 0)
        from += strlen(mark);
    while (*from != '\0') {
        const size_t space = unicode_space(from);
        byte[length++] = space > 0 ? ' ' : *from;
        from += space > 0 ? space : 1;
    }
    to[without_blanks(to, length)] = '\0';
}

enum base_code passphrase_prepare(const char *text, char **out, struct base_error *error)
{
    const size_t room = UNICODE_GROWTH * strlen(text) + 1;
    void *tidied = NULL, *prepared = NULL;
    enum base_code code = secret_new(strlen(text) + 1, &tidied, error);
    if (code == BASE_OK)
        code = secret_new(room, &prepared, error);
    if (code == BASE_OK) {
        tidy(text, tidied);
        code = unicode_compose(tidied, prepared, error);
    }
    secret_free(tidied);
    if (code == BASE_OK)
        *out = prepared;
    else
        secret_free(prepared);
    return code;
}

enum base_code keys_passphrase_prepare(char *passphrase, size_t size, const char *subject,
                                       struct base_error *error)
{
    char *prepared;
    if (!unicode_is_text(passphrase))
        return base_fail(error, BASE_PASSPHRASE_NOT_TEXT, "%s", subject);
    enum base_code code = passphrase_prepare(passphrase, &prepared, error);
    if (code != BASE_OK)
        return code;
    if (strlen(prepared) < size) {
        secret_wipe(passphrase, size);
        for (size_t i = 0; prepared[i] != '\0'; i++)
            ((volatile char *)passphrase)[i] = prepared[i];
    } else {
        code = base_fail(error, BASE_LONG_PASSPHRASE, "%s", subject);
    }
    secret_free(prepared);
    return code;
}
