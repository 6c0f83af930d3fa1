#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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

/* From the folder of the program, or from one above it. */
static void *open_near(const char *above, const char *file)
{
    char name[NAME_BYTES], path[PROGRAM_PATH];
    snprintf(name, sizeof name, "%s%s", above, file);
    return program_neighbour(name, path) && is_of_same_owner(path)
               ? dlopen(path, RTLD_NOW | RTLD_LOCAL)
               : NULL;
}

enum base_code base_find_in_part(const char *part, const char *name, void **symbol,
                                 struct base_error *error)
{
    static const char *const above[] = {"", "../", "../../"};
    char file[NAME_BYTES];
    char installed[sizeof TAVS_LIBDIR + NAME_BYTES];
    void *object = NULL;

    snprintf(file, sizeof file, "tavs-%s.so", part);
    snprintf(installed, sizeof installed, "%s/%s", TAVS_LIBDIR, file);
    for (size_t i = 0; object == NULL && i < sizeof above / sizeof *above; i++)
        object = open_near(above[i], file);
    if (object == NULL)
        object = dlopen(installed, RTLD_NOW | RTLD_LOCAL);
    if (object == NULL) {
        const char *why = dlerror();
        return base_fail(error, BASE_PART_MISSING, "%s", why != NULL ? why : file);
    }
    const char *version = dlsym(object, "base_part_version");
    void *found = dlsym(object, name);
    if (version == NULL || strcmp(version, base_part_version) != 0 || found == NULL)
        return base_fail(error, BASE_PART_MISSING, "%s", file);
    *symbol = found;
    return BASE_OK;
}
