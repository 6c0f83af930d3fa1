#include "tavs/unicode.h"

#include <string.h>

#include "tavs/secret.h"

enum { FIRST_TO_COMPOSE = 0x300 };

/* The character that `text` begins with (RFC 3629, section 4), and its bytes; 0 of them: there is none. A zero within is
 * no continuation, so nothing behind the end is read. */
static size_t character(const char *text, uint32_t *code)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    enum { FORMS = sizeof forms / sizeof *forms, LAST = 0x10ffff, SURROGATES = 0xd800 >> 11 };
    const uint8_t *bytes = (const uint8_t *)text;
    size_t form = 0;
    while (form < FORMS && (bytes[0] & forms[form].mask) != forms[form].lead)
        form++;
    if (form == FORMS)
        return 0;
    uint32_t value = bytes[0] & (uint8_t)~forms[form].mask;
    for (size_t i = 1; i <= form; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    *code = value;
    return value < forms[form].least || value > LAST || value >> 11 == SURROGATES ? 0 : form + 1;
}

bool unicode_is_text(const char *text)
{
    uint32_t code;
    while (*text != '\0') {
        const size_t size = character(text, &code);
        if (size == 0)
            return false;
        text += size;
    }
    return true;
}

/* UnicodeData.txt; the list has been the same since Unicode 6.3. */
static bool is_space(uint32_t code)
{
    enum { NO_BREAK = 0xa0, OGHAM = 0x1680, NARROW = 0x202f, MATHEMATICAL = 0x205f, WIDE = 0x3000 };
    enum { FIRST_QUAD = 0x2000, HAIR = 0x200a };
    return code == NO_BREAK || code == OGHAM || (code >= FIRST_QUAD && code <= HAIR) ||
           code == NARROW || code == MATHEMATICAL || code == WIDE;
}

size_t unicode_space(const char *text)
{
    uint32_t code;
    const size_t size = character(text, &code);
    return size > 1 && is_space(code) ? size : 0;
}

/* True of UTF-8 in which something may have to be composed. */
static bool is_to_compose(const char *text)
{
    bool found = false;
    uint32_t code;
    while (*text != '\0') {
        const size_t size = character(text, &code);
        if (size == 0)
            return false;
        found = found || code >= FIRST_TO_COMPOSE;
        text += size;
    }
    return found;
}

static enum base_code find_library(const struct unicode_library **out, struct base_error *error)
{
    static const struct unicode_library *library;
    void *found = NULL;
    enum base_code code = BASE_OK;
    if (library == NULL) {
        code = base_find_in_part("unicode", "unicode_unistring", &found, error);
        library = found;
    }
    *out = library;
    return code;
}

enum base_code unicode_compose(const char *text, char *to, struct base_error *error)
{
    const struct unicode_library *library;
    const size_t length = strlen(text);
    size_t used = 0;
    if (length > UNICODE_MOST || !is_to_compose(text)) {
        /* Byte by byte: memcpy leaves what it copied in vector registers, which may come to lie on the stack. */
        for (volatile char *byte = to; (*byte++ = *text++) != '\0';)
            ;
        return BASE_OK;
    }
    *to = '\0';
    const enum base_code code = find_library(&library, error);
    if (code != BASE_OK)
        return code;
    if (!library->compose(text, length, to, UNICODE_GROWTH * length, &used)) {
        *to = '\0';
        return base_fail(error, BASE_NO_MEMORY, "libunistring");
    }
    to[used] = '\0';
    return BASE_OK;
}

/* Marks that stand upon the letter before them, in the scripts that a person here may type: those for Latin letters. */
static bool is_mark(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } marks[] = {{0x300, 0x36f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200d, 0x200d},
                 {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (code >= marks[i].first && code <= marks[i].last)
            return true;
    return false;
}

/* The last character of the text, and how many bytes it takes. */
static size_t last_character(const char *text, size_t length, uint32_t *code)
{
    enum { LONGEST = 4 };
    char bytes[LONGEST + 1];
    *code = 0;
    for (size_t size = 1; size <= LONGEST && size <= length; size++) {
        for (size_t i = 0; i < size; i++)
            bytes[i] = text[length - size + i];
        bytes[size] = '\0';
        const bool is_one = character(bytes, code) == size;
        secret_wipe(bytes, sizeof bytes);
        if (is_one)
            return size;
    }
    *code = 0;
    return length > 0 ? 1 : 0;
}

size_t unicode_last_letter(const char *text, size_t length)
{
    uint32_t code;
    size_t size = last_character(text, length, &code);
    while (size < length && is_mark(code))
        size += last_character(text, length - size, &code);
    return size;
}
