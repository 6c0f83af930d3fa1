#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "language.h"
#include "program.h"
#include "tavs/base.h"

#ifndef TAVS_LIBDIR
#define TAVS_LIBDIR "/usr/local/lib/tavs"
#endif

enum { NAME_BYTES = 64 };

/* Whether it belongs to whom the program belongs: in a folder where others may put files, one of theirs is
 * not taken for a part. */
static bool is_of_same_owner(const char *path)
{
    struct stat part, program;
    return stat(path, &part) == 0 && stat("/proc/self/exe", &program) == 0 &&
           part.st_uid == program.st_uid;
}

/* In the folder of the program, or in one above it (a build has it there), or in lib/tavs beside its folder (where an
 * installed one may have been moved to, as a whole); else where it was to be installed. */
void base_find_file(const char *file, char path[BASE_PATH_BYTES])
{
    static const char *const above[] = {"", "../", "../../", "../lib/tavs/"};
    char name[NAME_BYTES];
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        snprintf(name, sizeof name, "%s%s", above[i], file);
        if (program_neighbour(name, path) && is_of_same_owner(path))
            return;
    }
    snprintf(path, BASE_PATH_BYTES, "%s/%s", TAVS_LIBDIR, file);
}

enum base_code base_find_in_part(const char *part, const char *name, void **symbol,
                                 struct base_error *error)
{
    char file[NAME_BYTES], path[PROGRAM_PATH];

    snprintf(file, sizeof file, "tavs-%s.so", part);
    base_find_file(file, path);
    errno = 0;
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL && errno == ENOMEM)
        return base_fail(error, BASE_NO_MEMORY, "%s", file);
    if (object == NULL) {
        const char *why = dlerror();
        return base_fail(error, BASE_PART_MISSING, "%s", why != NULL ? why : file);
    }
    const char *version = dlsym(object, "base_part_version");
    void *found = dlsym(object, name);
    if (version == NULL || strcmp(version, base_part_version) != 0 || found == NULL)
        return base_fail(error, BASE_PART_MISSING, "%s", file);
    language_translator **speaks = dlsym(object, "language_translate");
    if (speaks != NULL) /* where it has texts for people */
        *speaks = language_translate;
    *symbol = found;
    return BASE_OK;
}
