#include "tavs/base.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Takes away a UTF-8 character that a cut at the end of the buffer has left incomplete. */
static void drop_cut_character(char *text)
{
    size_t end = strlen(text);
    size_t start = end;

    while (start > 0 && ((uint8_t)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return;
    start--;

    uint8_t lead = (uint8_t)text[start];
    size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (end - start < whole)
        text[start] = '\0';
}

static void fill(struct base_error *error, enum base_code code, int os_error, const char *format,
                 va_list arguments) __attribute__((format(printf, 4, 0)));

static void fill(struct base_error *error, enum base_code code, int os_error, const char *format,
                 va_list arguments)
{
    /* Formatted aside: an argument may be the old subject. */
    char subject[BASE_SUBJECT_BYTES];
    int length = vsnprintf(subject, sizeof subject, format, arguments);

    if (length < 0)
        subject[0] = '\0';
    else if ((size_t)length >= sizeof subject)
        drop_cut_character(subject);
    error->code = code;
    error->os_error = os_error;
    (void)base_make_printable(error->subject, sizeof error->subject, subject);
}

enum base_code base_fail(struct base_error *error, enum base_code code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill(error, code, 0, format, arguments);
    va_end(arguments);
    return code;
}

static enum base_code code_of(int os_error)
{
    switch (os_error) {
    case ENOSPC:
    case EDQUOT:
        return BASE_NO_SPACE;
    case EACCES:
    case EPERM:
    case EROFS:
        return BASE_NO_PERMISSION;
    case ENOMEM:
        return BASE_NO_MEMORY;
    default:
        return BASE_IO;
    }
}

enum base_code base_fail_os(struct base_error *error, int os_error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill(error, code_of(os_error), os_error, format, arguments);
    va_end(arguments);
    return error->code;
}

enum base_code base_fail_write(struct base_error *error, int os_error, const char *format, ...)
{
    const enum base_code code = code_of(os_error);
    va_list arguments;

    va_start(arguments, format);
    fill(error, code == BASE_IO ? BASE_NOT_WRITTEN : code, os_error, format, arguments);
    va_end(arguments);
    return error->code;
}

enum base_code base_fail_system(struct base_error *error, int os_error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill(error, os_error == ENOMEM ? BASE_NO_MEMORY : BASE_SYSTEM_REFUSED, os_error, format,
         arguments);
    va_end(arguments);
    return error->code;
}
