#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[4096], scratch[4200];

int scratch_enter(void **state)
{
    const char *parent = getenv("TMPDIR");

    (void)state;
    snprintf(scratch, sizeof scratch, "%s/tavs-test.XXXXXX", parent == NULL ? "/tmp" : parent);
    return getcwd(home, sizeof home) == NULL || mkdtemp(scratch) == NULL || chdir(scratch) < 0 ||
                   chmod(".", 0755) < 0
               ? -1
               : 0;
}

static void empty(const char *folder)
{
    DIR *entries = opendir(folder);

    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        char path[8192];

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (remove(path) < 0) {
            empty(path);
            remove(path);
        }
    }
    if (entries != NULL)
        closedir(entries);
}

int scratch_leave(void **state)
{
    (void)state;
    if (chmod(scratch, 0700) < 0 || chdir(home) < 0)
        return -1;
    empty(scratch);
    return rmdir(scratch);
}

const char *scratch_path(void)
{
    return scratch;
}

int scratch_entries(void)
{
    DIR *folder = opendir(".");
    int count = 0;

    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2;
}

void scratch_put(const char *path, const char *content)
{
    FILE *stream = fopen(path, "w");

    assert_non_null(stream);
    fputs(content, stream);
    assert_int_equal(fclose(stream), 0);
}

void scratch_assert_content(const char *path, const char *content)
{
    char text[64] = "";
    FILE *stream = fopen(path, "r");

    assert_non_null(stream);
    size_t size = fread(text, 1, sizeof text - 1, stream);
    fclose(stream);
    assert_int_equal(size, strlen(content));
    assert_string_equal(text, content);
}
