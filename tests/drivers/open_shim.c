/* Preloaded into a program under test: notes every file that it or its libraries make, or open for
 * writing.
 *
 *     OPEN_LOG     a file that gets a line for each: "open PATH", "nameless FOLDER" (O_TMPFILE) or
 *                  "memory NAME" (memfd_create)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kept.h"

static long log_file; /* opened at the start: later the program keeps nothing of it within reach */

__attribute__((constructor)) static void begin(void)
{
    log_file = keep((int)syscall(SYS_openat, AT_FDCWD, getenv("OPEN_LOG"),
                                 O_WRONLY | O_CREAT | O_APPEND, 0600));
}

static void note(const char *what, const char *path)
{
    char line[4200];
    int length = snprintf(line, sizeof line, "%s %s\n", what, path);
    (void)syscall(SYS_write, log_file, line, (size_t)length);
}

static void note_flags(const char *path, int flags)
{
    if ((flags & O_TMPFILE) == O_TMPFILE)
        note("nameless", path);
    else if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0)
        note("open", path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        mode_t mode = va_arg(arguments, mode_t);                                                   \
        va_end(arguments);                                                                         \
        note_flags(path, flags);                                                                   \
        return REAL(name)(path, flags, mode);                                                      \
    }

#define OPENAT(name)                                                                               \
    int name(int folder, const char *path, int flags, ...)                                         \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        mode_t mode = va_arg(arguments, mode_t);                                                   \
        va_end(arguments);                                                                         \
        note_flags(path, flags);                                                                   \
        return REAL(name)(folder, path, flags, mode);                                              \
    }

#define FOPEN(name)                                                                                \
    FILE *name(const char *path, const char *mode)                                                 \
    {                                                                                              \
        if (strpbrk(mode, "wa+") != NULL)                                                          \
            note("open", path);                                                                    \
        return REAL(name)(path, mode);                                                             \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
FOPEN(fopen)
FOPEN(fopen64)

int memfd_create(const char *name, unsigned flags)
{
    note("memory", name);
    return REAL(memfd_create)(name, flags);
}

FILE *tmpfile(void)
{
    note("open", "tmpfile");
    return REAL(tmpfile)();
}

int mkstemp(char *pattern)
{
    note("open", pattern);
    return REAL(mkstemp)(pattern);
}
