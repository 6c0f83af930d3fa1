#include "program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool program_neighbour(const char *name, char path[PROGRAM_PATH])
{
    const ssize_t size = readlink("/proc/self/exe", path, PROGRAM_PATH);
    if (size <= 0 || size >= PROGRAM_PATH)
        return false;
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return false;
    const size_t room = PROGRAM_PATH - (size_t)(slash + 1 - path);
    return (size_t)snprintf(slash + 1, room, "%s", name) < room;
}
