#include <errno.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/unicode.h"

/* gcc's analyzer does not know that iconv_close lets go of what iconv_open has given. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

enum base_code text_decoder_open(struct text_decoder *decoder, struct base_error *error)
{
    const struct text_decoder opened = {iconv_open("UTF-8", "UTF-8"),
                                        iconv_open("UTF-8", "WINDOWS-1252")};
    *decoder = opened;
    if (opened.utf8 != (iconv_t)-1 && opened.windows != (iconv_t)-1)
        return BASE_OK;
    text_decoder_close(decoder);
    return base_fail(error, BASE_NO_MEMORY, "iconv");
}

void text_decoder_close(struct text_decoder *decoder)
{
    if (decoder->utf8 != (iconv_t)-1)
        (void)iconv_close(decoder->utf8);
    if (decoder->windows != (iconv_t)-1)
        (void)iconv_close(decoder->windows);
    decoder->utf8 = decoder->windows = (iconv_t)-1;
}

static bool is_ascii(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((bytes[i] & 0x80) != 0)
            return false;
    return true;
}

static bool convert(iconv_t converter, const char *bytes, size_t size, char *to, size_t room)
{
    char *from = (char *)(uintptr_t)bytes; /* iconv does not write there */
    size_t left = room - 1;
    (void)iconv(converter, NULL, NULL, NULL, NULL);
    if (iconv(converter, &from, &size, &to, &left) == (size_t)-1 || size > 0)
        return false;
    *to = '\0';
    return true;
}

/* How many bytes of UTF-8 a space outside ASCII takes here, 0 if there is none: Unicode's spaces, those that
 * don't break among them, and what has no width and comes along when text is copied. */
static size_t wide_space(const char *text)
{
    static const struct {
        char first[4], last[4];
    } spaces[] = {
        {"\xc2\xa0", "\xc2\xa0"},         /* U+00A0 */
        {"\xe1\x9a\x80", "\xe1\x9a\x80"}, /* U+1680 */
        {"\xe2\x80\x80",
         "\xe2\x80\x8f"}, /* U+2000 to U+200F, with spaces and marks without width */
        {"\xe2\x80\xa8",
         "\xe2\x80\xaf"}, /* U+2028 to U+202F, with line ends and marks of direction */
        {"\xe2\x81\x9f", "\xe2\x81\xa0"}, /* U+205F, U+2060 */
        {"\xe2\x81\xa6", "\xe2\x81\xa9"}, /* U+2066 to U+2069, marks of direction */
        {"\xe3\x80\x80", "\xe3\x80\x80"}, /* U+3000 */
        {"\xef\xbb\xbf", "\xef\xbb\xbf"}, /* U+FEFF */
    };
    if ((*text & 0x80) == 0)
        return 0;
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        if (*text != *spaces[i].first)
            continue;
        const size_t length = strlen(spaces[i].first);
        /* Only the last byte differs, and all are well-formed, so bytes are in the characters' order. */
        if (strncmp(text, spaces[i].first, length) >= 0 &&
            strncmp(text, spaces[i].last, length) <= 0)
            return length;
    }
    return 0;
}

/* Each kind of space becomes a space. It never grows. */
static void tidy_spaces(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        const size_t space = wide_space(from);
        if (space > 0) {
            *to++ = ' ';
            from += space;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* And what is one letter becomes one letter. */
static bool tidy(char *text, size_t room)
{
    char composed[UNICODE_GROWTH * UNICODE_MOST + 1];
    struct base_error ignored;
    tidy_spaces(text);
    if (strlen(text) > UNICODE_MOST)
        return true;
    const bool fits =
        unicode_compose(text, composed, &ignored) == BASE_OK && strlen(composed) < room;
    if (fits)
        strcpy(text, composed);
    secret_wipe(composed, strlen(composed));
    return fits;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

/* Without the spaces at its ends. */
static void trim(char *text)
{
    size_t begin = 0, end = strlen(text);
    while (is_space(text[begin]))
        begin++;
    while (end > begin && is_space(text[end - 1]))
        end--;
    if (begin > 0)
        memmove(text, text + begin, end - begin);
    text[end - begin] = '\0';
}

static bool decode(const struct text_decoder *decoder, const char *bytes, size_t size, char *to,
                   size_t room)
{
    if (memchr(bytes, '\0', size) != NULL)
        return false;
    if (!is_ascii(bytes, size)) {
        if (!convert(decoder->utf8, bytes, size, to, room) &&
            !convert(decoder->windows, bytes, size, to, room))
            return false;
        return tidy(to, room);
    }
    if (size >= room)
        return false;
    memcpy(to, bytes, size);
    to[size] = '\0';
    return true;
}

bool text_decode(const struct text_decoder *decoder, const char *bytes, size_t size, char *to,
                 size_t room)
{
    if (!decode(decoder, bytes, size, to, room))
        return false;
    trim(to);
    return true;
}

/* The spelling of a letter that takes two bytes in UTF-8, both cases; NULL: as it is. */
static const char *spelling(const char *letter)
{
    static const struct {
        char capital[3], small[3], spelling[3];
    } letters[] = {{"Å", "å", "aa"}, {"Ø", "ø", "oe"}, {"Æ", "æ", "ae"}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (strncmp(letter, letters[i].capital, 2) == 0 ||
            strncmp(letter, letters[i].small, 2) == 0)
            return letters[i].spelling;
    return NULL;
}

bool text_fold(const char *text, char *to, size_t room)
{
    size_t length = 0;
    for (; *text != '\0' && length + 2 < room; text++) {
        const char *spelled = spelling(text);
        if (spelled != NULL) {
            to[length++] = spelled[0];
            to[length++] = spelled[1];
            text++;
        } else if (*text >= 'A' && *text <= 'Z') {
            to[length++] = (char)(*text | 0x20);
        } else if ((*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') ||
                   (*text & 0x80) != 0) {
            to[length++] = *text;
        }
    }
    to[length] = '\0';
    return *text == '\0' && length > 0;
}
