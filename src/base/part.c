#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "language.h"
#include "program.h"
#include "tavs/base.h"

#ifndef TAVS_BINDIR
#define TAVS_BINDIR "/usr/local/bin"
#endif
#ifndef TAVS_LIBDIR
#define TAVS_LIBDIR "/usr/local/lib/tavs"
#endif

enum { NAME_BYTES = 64, MOST_PARTS = 8 };

/* ---- files of the program ------------------------------------------------------------------- */

static bool is_same_folder(const char *path, const struct stat *folder)
{
    struct stat other;
    return stat(path, &other) == 0 && other.st_dev == folder->st_dev &&
           other.st_ino == folder->st_ino;
}

/* Whether the program lies where it was to be installed: then so do its files, and nowhere else. */
static bool is_installed(void)
{
    char folder[BASE_PATH_BYTES];
    struct stat status;
    return !program_neighbour(".", folder) || stat(folder, &status) != 0 ||
           is_same_folder(TAVS_BINDIR, &status) || is_same_folder(TAVS_LIBDIR, &status);
}

/* Nobody else can have put it there, or changed it: it belongs to root or to whom the program belongs, and only they may
 * write to it. */
static bool is_of_program(int descriptor)
{
    struct stat status, program;
    if (stat("/proc/self/exe", &program) != 0) /* no /proc */
        program.st_uid = geteuid();
    return fstat(descriptor, &status) == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
           (status.st_uid == 0 || status.st_uid == program.st_uid);
}

/* Looks at what it has opened, not at what the path names by then. -1 with errno; EPERM: others may have had their hands
 * on it, or on its folder. */
static int open_own(const char *folder, const char *name, int flags)
{
    const int parent = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return -1;
    int descriptor = openat(parent, name, O_RDONLY | flags);
    int os_error = errno;
    if (descriptor >= 0 && !(is_of_program(parent) && is_of_program(descriptor))) {
        (void)close(descriptor);
        descriptor = -1;
        os_error = EPERM;
    }
    (void)close(parent);
    errno = os_error;
    return descriptor;
}

static enum base_code fail_missing(const char *path, int os_error, struct base_error *error)
{
    return os_error == ENOMEM
               ? base_fail(error, BASE_NO_MEMORY, "%s", path)
               : base_fail(error, BASE_PART_MISSING, "%s: %s", path,
                           os_error == EPERM ? _("others may change it, or its folder")
                                             : base_os_error_text(os_error));
}

/* The open file has a path of its own, which names it whatever has happened to the one that it was found by; where there
 * is no /proc it keeps that one. */
static void name_open_file(int descriptor, char path[BASE_PATH_BYTES])
{
    char own[NAME_BYTES];
    (void)snprintf(own, sizeof own, "/proc/self/fd/%d", descriptor);
    if (access(own, F_OK) == 0)
        strcpy(path, own);
}

enum base_code base_open_own_file(const char *name, bool for_others, int *descriptor,
                                  char path[BASE_PATH_BYTES], struct base_error *error)
{
    static const char *const beside[] = {"", "../lib/tavs/"};
    const size_t count = is_installed() ? 0 : sizeof beside / sizeof *beside;
    const int flags = for_others ? 0 : O_CLOEXEC;
    char folder[BASE_PATH_BYTES], refused[BASE_PATH_BYTES] = "";
    int os_error = ENOENT;
    for (size_t i = 0; i <= count; i++) {
        if (i == count)
            (void)snprintf(folder, sizeof folder, "%s/", TAVS_LIBDIR);
        else if (!program_neighbour(beside[i], folder))
            continue;
        const int length = snprintf(path, BASE_PATH_BYTES, "%s%s", folder, name);
        if (length < 0 || length >= BASE_PATH_BYTES)
            continue;
        *descriptor = open_own(folder, name, flags);
        if (*descriptor >= 0) {
            name_open_file(*descriptor, path);
            return BASE_OK;
        }
        os_error = errno;
        if (os_error == EPERM && *refused == '\0')
            strcpy(refused, path);
    }
    return *refused != '\0' ? fail_missing(refused, EPERM, error)
                            : fail_missing(path, os_error, error);
}

/* ---- parts ---------------------------------------------------------------------------------- */

/* Those that were loaded. Their descriptors stay open: the loader would take a second file of the same number, and so of
 * the same path, for the first. */
static struct part {
    char file[NAME_BYTES];
    void *object;
} parts[MOST_PARTS];
static size_t part_count;

static enum base_code load(const char *file, void **object, struct base_error *error)
{
    char path[BASE_PATH_BYTES];
    int descriptor;
    for (size_t i = 0; i < part_count; i++)
        if (strcmp(parts[i].file, file) == 0) {
            *object = parts[i].object;
            return BASE_OK;
        }
    if (part_count == MOST_PARTS)
        return base_fail(error, BASE_PART_MISSING, "%s", file);
    enum base_code code = base_open_own_file(file, false, &descriptor, path, error);
    if (code != BASE_OK)
        return code;
    errno = 0;
    *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (*object == NULL) {
        const char *why = errno == ENOMEM ? NULL : dlerror();
        code = errno == ENOMEM
                   ? base_fail(error, BASE_NO_MEMORY, "%s", file)
                   : base_fail(error, BASE_PART_MISSING, "%s: %s", file, why != NULL ? why : "");
        (void)close(descriptor);
        return code;
    }
    (void)snprintf(parts[part_count].file, NAME_BYTES, "%s", file);
    parts[part_count++].object = *object;
    return BASE_OK;
}

enum base_code base_find_in_part(const char *part, const char *name, void **symbol,
                                 struct base_error *error)
{
    char file[NAME_BYTES];
    void *object;

    (void)snprintf(file, sizeof file, "tavs-%s.so", part);
    const enum base_code code = load(file, &object, error);
    if (code != BASE_OK)
        return code;
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
