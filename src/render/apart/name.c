#include "book.h"

#include <string.h>

enum { MOST_UNITS = LXW_SHEETNAME_MAX };

/* How many bytes of the text, whole characters, `units` UTF-16 units have room for. */
static size_t fitting(const char *text, size_t units)
{
    size_t size = 0;
    while (text[size] != '\0') {
        const unsigned char lead = (unsigned char)text[size];
        const size_t needed = lead >= 0xf0 ? 2 : 1;
        if (units < needed)
            break;
        units -= needed;
        for (size++; ((unsigned char)text[size] & 0xc0) == 0x80; size++)
            ;
    }
    return size;
}

static void replace_forbidden(char *name)
{
    for (char *at = name; (at = strpbrk(at, "[]:*?/\\")) != NULL;)
        *at = '-';
    if (name[0] == '\'')
        name[0] = '-';
    const size_t length = strlen(name);
    if (length > 0 && name[length - 1] == '\'')
        name[length - 1] = '-';
}

/* Excel has names that differ in the case of a letter only for the same; the library looks after
 * that for ASCII. */
static bool is_free(const struct book *book, const char *name)
{
    return workbook_validate_sheet_name(book->workbook, name) == LXW_NO_ERROR;
}

void book_name(char name[BOOK_NAME_BYTES], const struct book *book, const char *wanted)
{
    char ending[16] = "";
    for (unsigned number = 2;; number++) {
        const size_t size = fitting(wanted, MOST_UNITS - strlen(ending));
        (void)snprintf(name, BOOK_NAME_BYTES, "%.*s%s", (int)size, wanted, ending);
        replace_forbidden(name);
        if (number > LXW_ROW_MAX || is_free(book, name))
            return;
        (void)snprintf(ending, sizeof ending, " (%u)", number);
    }
}
