#include "load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef TAVS_LIBDIR
#define TAVS_LIBDIR "/usr/local/lib/tavs"
#endif

enum { PATH_BYTES = 4096 };

/* There only in programs that link html.o and xlsx.o themselves, as the fuzzer does. */
scan_reader scan_read_html __attribute__((weak));
scan_reader scan_read_xlsx __attribute__((weak));

static const char object_name[] = "tavs-scan.so";

static void *open_beside(const char *above)
{
    char path[PATH_BYTES + sizeof object_name + 8];
    const ssize_t size = readlink("/proc/self/exe", path, PATH_BYTES);
    if (size <= 0 || size >= PATH_BYTES)
        return NULL;
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    snprintf(slash + 1, sizeof path - (size_t)(slash + 1 - path), "%s%s", above, object_name);
    return access(path, R_OK) == 0 ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
}

/* Opened once and kept: libxml2 does not like to be unloaded. */
static void *open_object(void)
{
    static void *object;
    if (object == NULL)
        object = open_beside("");
    if (object == NULL)
        object = open_beside("../");
    if (object == NULL)
        object = open_beside("../../");
    if (object == NULL)
        object = dlopen(TAVS_LIBDIR "/tavs-scan.so", RTLD_NOW | RTLD_LOCAL);
    return object;
}

enum base_code load_reader(enum scan_format format, scan_reader **out, struct base_error *error)
{
    scan_reader *linked = format == SCAN_HTML ? scan_read_html : scan_read_xlsx;
    if (linked != NULL) {
        *out = linked;
        return BASE_OK;
    }
    void *object = open_object();
    if (object == NULL) {
        const char *why = dlerror();
        return base_fail(error, BASE_SCAN_NO_READER, "%s", why != NULL ? why : object_name);
    }
    const int *version = dlsym(object, "scan_readers_version");
    void *found = dlsym(object, format == SCAN_HTML ? "scan_read_html" : "scan_read_xlsx");
    if (version == NULL || *version != SCAN_READERS_VERSION || found == NULL)
        return base_fail(error, BASE_SCAN_NO_READER, "%s", object_name);
    memcpy(out, &found, sizeof found); /* ISO C converts no object pointer to a function's */
    return BASE_OK;
}
