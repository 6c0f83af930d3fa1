#include <errno.h>
#include <string.h>

#include "inside.h"

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

bool text_decode(const struct text_decoder *decoder, const char *bytes, size_t size, char *to,
                 size_t room)
{
    if (memchr(bytes, '\0', size) != NULL)
        return false;
    if (!is_ascii(bytes, size))
        return convert(decoder->utf8, bytes, size, to, room) ||
               convert(decoder->windows, bytes, size, to, room);
    if (size >= room)
        return false;
    memcpy(to, bytes, size);
    to[size] = '\0';
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
