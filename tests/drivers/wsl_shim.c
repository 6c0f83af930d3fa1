/* Preloaded into a program under test: a system as WSL 2 may be. WSL_FILE_SYSTEM is the type that each file is said to lie on
 * (a drive of Windows is 9p, 0x01021997); WSL_LANDLOCK is the errno that Landlock's calls answer with. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

enum { LANDLOCK_FIRST = 444, LANDLOCK_LAST = 446, ARGUMENTS = 6 };

int fstatfs(int descriptor, struct statfs *system)
{
    const char *type = getenv("WSL_FILE_SYSTEM");
    int (*real)(int, struct statfs *) = (int (*)(int, struct statfs *))dlsym(RTLD_NEXT, "fstatfs");
    const int result = real(descriptor, system);
    if (result == 0 && type != NULL)
        system->f_type = (__typeof__(system->f_type))strtol(type, NULL, 0);
    return result;
}

long syscall(long number, ...)
{
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    const char *refusal = getenv("WSL_LANDLOCK");
    long argument[ARGUMENTS];
    va_list list;
    if (number >= LANDLOCK_FIRST && number <= LANDLOCK_LAST && refusal != NULL) {
        errno = atoi(refusal);
        return -1;
    }
    va_start(list, number);
    for (int i = 0; i < ARGUMENTS; i++)
        argument[i] = va_arg(list, long);
    va_end(list);
    return real(number, argument[0], argument[1], argument[2], argument[3], argument[4],
                argument[5]);
}
