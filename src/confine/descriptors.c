#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"

enum {
    FIRST = 3, /* after standard input, output and error */
    MOST_KEPT = 16,
    WITHOUT_THE_CALL = 1024,
};

static void close_from_to(unsigned first, unsigned last)
{
    if (first > last || close_range(first, last, 0) == 0)
        return;
    for (unsigned i = first; i <= last && i < WITHOUT_THE_CALL; i++) /* before Linux 5.9 */
        (void)close((int)i);
}

static bool is_socket(unsigned descriptor)
{
    struct stat status;
    return fstat((int)descriptor, &status) != 0 || S_ISSOCK(status.st_mode);
}

/* The descriptor that a word names: "/dev/fd/63", "--passphrase-file=/proc/self/fd/63"; 0: none. */
static unsigned named_by(const char *word)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *found = strstr(word, folders[i]);
        int64_t number;
        if (found != NULL &&
            base_parse_number(found + strlen(folders[i]), FIRST, INT32_MAX, &number))
            return (unsigned)number;
    }
    return 0;
}

static int compare(const void *one, const void *other)
{
    const unsigned a = *(const unsigned *)one, b = *(const unsigned *)other;
    return (a > b) - (a < b);
}

void confine_descriptors(int count, char *const *words)
{
    unsigned kept[MOST_KEPT], first = FIRST;
    size_t kept_count = 0;
    for (int i = 1; i < count && kept_count < MOST_KEPT; i++) {
        const unsigned named = named_by(words[i]);
        if (named != 0 && !is_socket(named))
            kept[kept_count++] = named;
    }
    qsort(kept, kept_count, sizeof *kept, compare);
    for (size_t i = 0; i < kept_count; i++) {
        if (kept[i] > first)
            close_from_to(first, kept[i] - 1);
        first = kept[i] >= first ? kept[i] + 1 : first;
    }
    close_from_to(first, ~0U);
}
