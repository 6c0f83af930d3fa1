/* Preloaded into a program under test: writes down what its memory holds where it ends.
 *
 *     MEMORY_DUMP   the file to write (by a program tavs-scan that tavs has started, not become: with .cells at its end): a
 *                   line "dumpable N core N locked N unlocked N" with what prctl(PR_GET_DUMPABLE)
 *                   and the soft RLIMIT_CORE say, and how many pieces of guarded memory could not or could be
 *                   swapped and dumped when they were let go; then for each region of memory that can hold more than
 *                   the program's own files a line "BEGIN-END NAME" and its bytes
 *     MEMORY_PLANT  a text that is put on the heap and left there: the proof that it is found
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

#include "kept.h"

static char maps[1 << 18]; /* static: nothing is allocated while the memory is looked at */
static char *planted;
static int dump_file; /* opened at the start: later the program keeps nothing of it within reach */

__attribute__((constructor)) static void begin(void)
{
    char name[4096];
    const bool started = strcmp(program_invocation_short_name, "tavs-scan") == 0;
    (void)snprintf(name, sizeof name, "%s%s", getenv("MEMORY_DUMP"), started ? ".cells" : "");
    dump_file = keep(open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600));
    const char *text = getenv("MEMORY_PLANT");
    if (text != NULL)
        planted = strdup(text);
}

/* ---- guarded memory, while it is in use ---- */

static unsigned locked, unlocked;

/* True if the kernel says of the region that it is locked ("lo") and left out of dumps ("dd"). */
static bool is_kept_in(const void *memory)
{
    char line[512];
    bool here = false, found = false;
    unsigned long begin, end;
    FILE *file = fopen("/proc/self/smaps", "re");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            here = (unsigned long)memory >= begin && (unsigned long)memory < end;
        found = here && strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " lo") != NULL &&
                strstr(line, " dd") != NULL;
    }
    if (file != NULL)
        (void)fclose(file);
    return found;
}

extern void sodium_free(void *memory);
void sodium_free(void *memory)
{
    void (*const real)(void *) = (void (*)(void *))dlsym(RTLD_NEXT, "sodium_free");
    if (memory != NULL)
        ++*(is_kept_in(memory) ? &locked : &unlocked);
    real(memory);
}

/* ---- all memory, in the end ---- */

static bool read_maps(void)
{
    size_t length = 0;
    ssize_t got = 0;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (length < sizeof maps - 1 &&
           (got = read(file, maps + length, sizeof maps - 1 - length)) > 0)
        length += (size_t)got;
    (void)close(file);
    return got == 0 && length > 0;
}

static void put(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = write(file, bytes, size);
        if (done <= 0)
            _exit(98);
        bytes += done;
        size -= (size_t)done;
    }
}

/* One line of maps: what can be read, and is not just a file's contents or the kernel's. */
static void put_region(int file, const char *line)
{
    unsigned long begin, end;
    char mode[5] = "", name[256] = "", head[320];
    if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %255s", &begin, &end, mode, name) < 3)
        _exit(98);
    if (mode[0] != 'r' || (mode[1] != 'w' && name[0] == '/') || strncmp(name, "[v", 2) == 0)
        return;
    int length = snprintf(head, sizeof head, "%lx-%lx %s\n", begin, end, name);
    put(file, head, (size_t)length);
    put(file, (const char *)begin, end - begin);
}

static void dump(void)
{
    char head[64];
    struct rlimit core;
    char *save = NULL;
    const int file = dump_file;
    if (file < 0 || getrlimit(RLIMIT_CORE, &core) != 0 || !read_maps())
        _exit(98);
    int length =
        snprintf(head, sizeof head, "dumpable %d core %llu locked %u unlocked %u\n",
                 prctl(PR_GET_DUMPABLE), (unsigned long long)core.rlim_cur, locked, unlocked);
    put(file, head, (size_t)length);
    for (char *line = strtok_r(maps, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
        put_region(file, line);
    (void)close(file);
}

/* On a stack of its own: what the program has left on its stack is part of what is looked for. */
__attribute__((destructor)) static void dump_apart(void)
{
    static ucontext_t here, apart;
    static char stack[1 << 16];
    (void)getcontext(&apart);
    apart.uc_stack.ss_sp = stack;
    apart.uc_stack.ss_size = sizeof stack;
    apart.uc_link = &here;
    makecontext(&apart, dump, 0);
    (void)swapcontext(&here, &apart);
}
