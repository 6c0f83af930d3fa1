#include "text.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "line.h"
#include "tavs/secret.h"
#include "tavs/term.h"

static const char ascii[] = "ANSI_X3.4-1968";

/* How Danish letters are written without them; iconv would leave question marks. */
static const struct {
    const char *letter, *instead;
} spellings[] = {{"å", "aa"}, {"ø", "oe"}, {"æ", "ae"}, {"Å", "Aa"}, {"Ø", "Oe"}, {"Æ", "Ae"}};

enum { LETTER_BYTES = 2, INSTEAD_BYTES = 2 };

static bool charset_is(const char *name)
{
    return strcmp(nl_langinfo(CODESET), name) == 0;
}

bool term_text_is_wide(void)
{
    return charset_is("UTF-8") || charset_is(ascii);
}

void term_text_go_on(struct term_text *text, const char *utf8)
{
    text->rest = (char *)(uintptr_t)utf8; /* iconv does not write to what it reads */
    text->left = strlen(utf8);
}

void term_text_open(struct term_text *text, const char *utf8)
{
    *text = (struct term_text){
        .as_it_is = charset_is("UTF-8"),
        .ascii = charset_is(ascii),
        .converter = (iconv_t)-1,
    };
    term_text_go_on(text, utf8);
    if (!text->as_it_is) {
        char wanted[128];
        int length = snprintf(wanted, sizeof wanted, "%s//TRANSLIT", nl_langinfo(CODESET));
        if (length > 0 && (size_t)length < sizeof wanted)
            text->converter = iconv_open(wanted, "UTF-8");
        text->as_it_is = text->converter == (iconv_t)-1;
    }
}

void term_text_close(struct term_text *text)
{
    if (text->converter != (iconv_t)-1)
        iconv_close(text->converter);
}

static void skip_character(struct term_text *text)
{
    do {
        text->rest++;
        text->left--;
    } while (text->left > 0 && ((uint8_t)*text->rest & 0xc0) == 0x80);
}

/* What stands for the letter that begins here; NULL if it is no Danish one. */
static const char *spelling_of(const char *letter)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strncmp(letter, spellings[i].letter, LETTER_BYTES) == 0)
            return spellings[i].instead;
    return NULL;
}

/* How many bytes iconv gets at once: in ASCII those before the next Danish letter. */
static size_t stretch(const struct term_text *text)
{
    size_t length = text->ascii ? 0 : text->left;
    while (length < text->left && spelling_of(text->rest + length) == NULL)
        length++;
    return length;
}

size_t term_text_next(struct term_text *text, char *to, size_t size)
{
    if (text->as_it_is) {
        size_t length = text->left < size ? text->left : size;
        memcpy(to, text->rest, length);
        text->rest += length;
        text->left -= length;
        return length;
    }
    char *end = to;
    size_t room = size;
    while (text->left > 0) {
        const size_t offered = stretch(text);
        size_t left = offered;
        const size_t result = iconv(text->converter, &text->rest, &left, &end, &room);
        text->left -= offered - left;
        if (result == (size_t)-1 && (errno == E2BIG || room == 0))
            break;
        if (result == (size_t)-1) {
            *end++ = '?';
            room--;
            skip_character(text);
        } else if (text->left > 0) { /* a Danish letter stopped the stretch */
            if (room < INSTEAD_BYTES)
                break;
            memcpy(end, spelling_of(text->rest), INSTEAD_BYTES);
            end += INSTEAD_BYTES;
            room -= INSTEAD_BYTES;
            skip_character(text);
        }
    }
    return size - room;
}

static bool converts_for(int descriptor)
{
    return !charset_is("UTF-8") && (!charset_is(ascii) || isatty(descriptor) == 1);
}

/* As much of `*from` as fits, printable but for its line feeds. */
static void take_printable(const char **from, char *to, size_t size)
{
    char *end = to;
    while (**from != '\0' && (size_t)(end - to) + BASE_PRINTABLE_BYTES <= size) {
        if (**from == '\n')
            *end++ = *(*from)++;
        else
            end += base_take_printable(from, end);
    }
    *end = '\0';
}

static enum base_code write_part(int descriptor, struct term_text *text, const char *path,
                                 struct base_error *error)
{
    char bytes[1024];
    size_t size;
    enum base_code code = BASE_OK;
    while (code == BASE_OK && (size = term_text_next(text, bytes, sizeof bytes)) > 0)
        code = base_write_all(descriptor, bytes, size, path, error);
    secret_wipe(bytes, sizeof bytes);
    return code;
}

static enum base_code write_printable(int descriptor, bool converts, const char *utf8,
                                      const char *path, struct base_error *error)
{
    char part[4096];
    struct term_text text;
    enum base_code code = BASE_OK;
    if (converts)
        term_text_open(&text, "");
    while (code == BASE_OK && *utf8 != '\0') {
        take_printable(&utf8, part, sizeof part);
        if (converts)
            term_text_go_on(&text, part);
        code = converts ? write_part(descriptor, &text, path, error)
                        : base_write_all(descriptor, part, strlen(part), path, error);
    }
    if (converts)
        term_text_close(&text);
    secret_wipe(part, sizeof part);
    return code;
}

enum base_code term_write(int descriptor, const char *utf8, const char *path,
                          struct base_error *error)
{
    return write_printable(descriptor, converts_for(descriptor), utf8, path, error);
}

enum base_code term_write_utf8(int descriptor, const char *utf8, const char *path,
                               struct base_error *error)
{
    return write_printable(descriptor, false, utf8, path, error);
}

/* RFC 3629. Returns the number of bytes, 0 for what is not a character. */
static size_t encode_utf8(wchar_t character, char bytes[4])
{
    uint32_t code = (uint32_t)character;
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    bytes[0] = (char)((0xf00 >> length & 0xff) | code);
    return length;
}

enum conversion { CONVERTED, NOT_TEXT, TOO_LONG };

/* mbrtowc and not iconv: iconv would leave the secret in buffers of its own. */
static enum conversion convert(const char *from, size_t left, char *to, size_t size, size_t *used)
{
    enum conversion result = CONVERTED;
    mbstate_t state = {0};
    wchar_t character = 0;
    char bytes[4] = {0};
    *used = 0;
    while (left > 0 && result == CONVERTED) {
        size_t taken = mbrtowc(&character, from, left, &state);
        size_t made = taken > left ? 0 : encode_utf8(character, bytes);
        if (made == 0) {
            result = NOT_TEXT;
        } else if (made > size - 1 - *used) {
            result = TOO_LONG;
        } else {
            term_copy_secret(to + *used, bytes, made);
            *used += made;
            from += taken;
            left -= taken;
        }
    }
    to[*used] = '\0';
    secret_wipe(&state, sizeof state);
    secret_wipe(&character, sizeof character);
    secret_wipe(bytes, sizeof bytes);
    return result;
}

bool term_read_argument(const char *argument, char *to, size_t size)
{
    const size_t length = strlen(argument);
    size_t used;
    if (!charset_is("UTF-8") && !charset_is(ascii)) {
        const enum conversion result = convert(argument, length, to, size, &used);
        if (result != NOT_TEXT)
            return result == CONVERTED;
    }
    if (length >= size)
        return false;
    memcpy(to, argument, length + 1);
    return true;
}

enum base_code term_text_to_utf8(char *buffer, size_t size, size_t *length, const char *subject,
                                 struct base_error *error)
{
    if (charset_is("UTF-8") || charset_is(ascii))
        return BASE_OK;
    void *utf8 = NULL;
    enum base_code code = secret_new(size, &utf8, error);
    if (code != BASE_OK)
        return code;
    size_t used;
    switch (convert(buffer, *length, utf8, size, &used)) {
    case CONVERTED:
        term_copy_secret(buffer, utf8, used + 1);
        *length = used;
        break;
    case TOO_LONG:
        code = base_fail(error, BASE_LONG_PASSPHRASE, "%s", subject);
        break;
    case NOT_TEXT:
        break;
    }
    secret_free(utf8);
    return code;
}
