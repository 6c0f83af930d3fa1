#include "line.h"

#include "tavs/secret.h"
#include "tavs/unicode.h"

enum term_read term_line_read(term_reader *read_byte, void *source, char *buffer, size_t size,
                              struct term_line *line)
{
    *line = (struct term_line){0};
    for (;;) {
        char *byte = &buffer[line->length];
        enum term_read outcome = read_byte(source, byte);
        if (outcome != TERM_READ_OK || *byte == '\n') {
            *byte = '\0';
            return outcome;
        }
        if (line->length == size - 1) {
            *byte = '\0';
            line->too_long = true;
            return TERM_READ_OK;
        }
        line->has_zero = line->has_zero || *byte == '\0';
        line->length++;
    }
}

/* ---- mending ---- */

enum { CONTROL_D = 4, CONTROL_H = 8, CONTROL_U = 21, CONTROL_W = 23, DELETE = 127 };

static void take_away(char *buffer, struct term_line *line, size_t size)
{
    line->length -= size;
    secret_wipe(buffer + line->length, size);
}

static void take_letter(const struct term_line_keys *keys, char *buffer, struct term_line *line)
{
    if (line->length > 0)
        take_away(buffer, line, keys->wide ? unicode_last_letter(buffer, line->length) : 1);
}

static void take_word(char *buffer, struct term_line *line)
{
    while (line->length > 0 && buffer[line->length - 1] == ' ')
        take_away(buffer, line, 1);
    while (line->length > 0 && buffer[line->length - 1] != ' ')
        take_away(buffer, line, 1);
}

static bool is_key(char byte, char key, char usual)
{
    return byte == usual || (byte == key && key != '\0');
}

/* True if it was a key that mends. */
static bool mend(const struct term_line_keys *keys, char byte, char *buffer, struct term_line *line)
{
    if (is_key(byte, keys->erase, CONTROL_H) || byte == DELETE)
        take_letter(keys, buffer, line);
    else if (is_key(byte, keys->kill, CONTROL_U))
        take_away(buffer, line, line->length);
    else if (is_key(byte, keys->word, CONTROL_W))
        take_word(buffer, line);
    else
        return false;
    return true;
}

static bool has_zero(const char *buffer, size_t length)
{
    while (length > 0 && buffer[length - 1] != '\0')
        length--;
    return length > 0;
}

/* The rest of a line that is too long. It must not turn up at the shell's prompt. */
static enum term_read drop_line(term_reader *read_byte, void *source)
{
    char byte = '\0';
    enum term_read outcome = TERM_READ_OK;
    while (outcome == TERM_READ_OK && byte != '\n')
        outcome = read_byte(source, &byte);
    secret_wipe(&byte, sizeof byte);
    return outcome;
}

/* What a typed byte at the line's end does; false at the end of input. */
static bool take_byte(const struct term_line_keys *keys, char *buffer, size_t size,
                      struct term_line *line, bool *ended)
{
    char *byte = &buffer[line->length];
    const bool ends = is_key(*byte, keys->end, CONTROL_D);
    const bool goes_on = !ends || (line->length > 0 && !*ended);
    *ended = ends;
    if (ends || mend(keys, *byte, buffer, line))
        *byte = '\0';
    else if (line->length == size - 1)
        line->too_long = true;
    else
        line->length++;
    return goes_on;
}

enum term_read term_line_edit(term_reader *read_byte, void *source,
                              const struct term_line_keys *keys, char *buffer, size_t size,
                              struct term_line *line)
{
    enum term_read outcome = TERM_READ_OK;
    bool ended = false;
    *line = (struct term_line){0};
    while (outcome == TERM_READ_OK && !line->too_long) {
        outcome = read_byte(source, &buffer[line->length]);
        if (outcome != TERM_READ_OK || buffer[line->length] == '\n')
            break;
        if (!take_byte(keys, buffer, size, line, &ended))
            outcome = TERM_READ_END;
    }
    buffer[line->length] = '\0';
    line->has_zero = has_zero(buffer, line->length);
    return line->too_long ? drop_line(read_byte, source) : outcome;
}

void term_copy_secret(char *to, const char *from, size_t size)
{
    volatile char *byte = to;
    for (size_t i = 0; i < size; i++)
        byte[i] = from[i];
}

enum base_code term_line_check(const struct term_line *line, const char *subject,
                               struct base_error *error)
{
    if (line->too_long)
        return base_fail(error, BASE_LONG_PASSPHRASE, "%s", subject);
    if (line->has_zero)
        return base_fail(error, BASE_ZERO_IN_PASSPHRASE, "%s", subject);
    if (line->length == 0)
        return base_fail(error, BASE_EMPTY_PASSPHRASE, "%s", subject);
    return BASE_OK;
}
