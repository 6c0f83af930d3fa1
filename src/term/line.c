#include "line.h"

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
