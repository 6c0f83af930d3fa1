#include "inside.h"

#include "tavs/secret.h"

#include <inttypes.h>
#include <stdio.h>

enum { REPLACEMENT = 0xfffd };

/* HTML Living Standard, 13.2.3.5, and XML 1.0, section 2.2. */
static bool may_stand(uint32_t character)
{
    if (character < 0x20)
        return character == '\t' || character == '\n';
    return (character < 0x7f || character > 0x9f) && (character & 0xfffe) != 0xfffe &&
           (character < 0xfdd0 || character > 0xfdef);
}

static void put_character(struct render_buffer *buffer, const char *bytes, size_t size,
                          uint32_t character)
{
    if (character == '&')
        buffer_put(buffer, "&amp;");
    else if (character == '<')
        buffer_put(buffer, "&lt;");
    else if (character == '>')
        buffer_put(buffer, "&gt;");
    else if (character == '"')
        buffer_put(buffer, "&quot;");
    else if (character == REPLACEMENT || !may_stand(character))
        buffer_put(buffer, "\xef\xbf\xbd");
    else
        buffer_put_bytes(buffer, bytes, size);
}

void markup_put_start(struct render_buffer *buffer, const char *text, size_t characters)
{
    while (*text != '\0' && characters-- > 0) {
        uint32_t character;
        const size_t size = utf8_decode(text, &character);
        put_character(buffer, text, size, character);
        text += size;
    }
}

void markup_put(struct render_buffer *buffer, const char *text)
{
    markup_put_start(buffer, text, SIZE_MAX);
}

void markup_put_figure(struct render_buffer *buffer, const struct table *table, size_t row,
                       size_t column, enum codebook_language language)
{
    char text[FIGURE_TEXT];
    const size_t length = figure_format(text, table, row, column, language);
    buffer_put_bytes(buffer, text, length);
    secret_wipe(text, sizeof text);
}

void markup_put_number(struct render_buffer *buffer, int64_t number)
{
    char text[FIGURE_TEXT];
    (void)snprintf(text, sizeof text, "%" PRId64, number);
    buffer_put(buffer, text);
    secret_wipe(text, sizeof text);
}
