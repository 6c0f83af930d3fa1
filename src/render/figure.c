#include "inside.h"

#include "tavs/secret.h"

#include <string.h>

/* Danish and English alike: four digits are read at a glance. */
enum { SEPARATE_FROM = 10000 };

/* Digits in groups of three from the right; `separator` 0 puts none. */
static size_t format_number(char text[FIGURE_TEXT], int64_t number, char separator)
{
    const uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
    char reversed[FIGURE_TEXT];
    size_t length = 0;
    unsigned digits = 0;
    for (uint64_t rest = size; rest > 0 || digits == 0; rest /= 10) {
        if (separator != '\0' && size >= SEPARATE_FROM && digits > 0 && digits % 3 == 0)
            reversed[length++] = separator;
        reversed[length++] = (char)('0' + rest % 10);
        digits++;
    }
    if (number < 0)
        reversed[length++] = '-';
    for (size_t i = 0; i < length; i++)
        text[i] = reversed[length - 1 - i];
    text[length] = '\0';
    secret_wipe(reversed, sizeof reversed);
    return length;
}

static size_t format_figure(char text[FIGURE_TEXT], const struct table *table, size_t row,
                            size_t column, char separator)
{
    const char *symbol = figure_symbol(table, row, column);
    if (symbol != NULL) {
        (void)stpcpy(text, symbol);
        return strlen(symbol);
    }
    return format_number(text, table->figures[table_index(table, row, column)], separator);
}

size_t figure_format(char text[FIGURE_TEXT], const struct table *table, size_t row, size_t column,
                     enum codebook_language language)
{
    return format_figure(text, table, row, column, language == CODEBOOK_DANISH ? '.' : ',');
}

void figure_put_plain(struct render_buffer *buffer, const struct table *table, size_t row,
                      size_t column)
{
    char text[FIGURE_TEXT];
    const size_t length = format_figure(text, table, row, column, '\0');
    buffer_put_bytes(buffer, text, length);
    secret_wipe(text, sizeof text);
}
