/* Keeps the memory small that a mapped file takes. */
#include <sys/mman.h>

#include "load.h"

enum { PASS_STEP = 4 << 20 };

/* The file; the process reads one at a time. */
static char *mapped;
static size_t mapped_size, passed;

void load_passing(char *bytes, size_t size)
{
    mapped = bytes;
    mapped_size = size;
    passed = 0;
}

void load_pass(const char *at)
{
    if (mapped == NULL || at < mapped || at > mapped + mapped_size)
        return;
    const size_t now = (size_t)(at - mapped) / PASS_STEP * PASS_STEP;
    if (now < passed) /* it is read once more */
        passed = 0;
    if (now > passed)
        (void)madvise(mapped + passed, now - passed, MADV_DONTNEED);
    passed = now;
}
