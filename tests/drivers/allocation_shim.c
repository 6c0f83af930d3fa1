/* Preloaded into a program under test: counts what it asks the heap for, and writes "calls peak" (the most bytes that it
 * had at a time) to the file ALLOCATIONS names, where it ends. The program's own malloc hands on to these functions; guarded
 * memory is not counted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "kept.h"

static size_t calls;
static ptrdiff_t now, peak; /* what was there before is not in it */
static int file;

__attribute__((constructor)) static void begin(void)
{
    file = keep(open(getenv("ALLOCATIONS"), O_WRONLY | O_CREAT | O_TRUNC, 0600));
}

__attribute__((destructor)) static void end(void)
{
    (void)dprintf(file, "%zu %td\n", calls, peak);
}

static void *take(void *memory)
{
    calls++;
    now += (ptrdiff_t)malloc_usable_size(memory);
    peak = now > peak ? now : peak;
    return memory;
}

#define REAL(type, name, ...)                                                                      \
    static type (*real)(__VA_ARGS__);                                                              \
    if (real == NULL)                                                                              \
        *(void **)&real = dlsym(RTLD_NEXT, #name);

void *__libc_malloc(size_t size)
{
    REAL(void *, __libc_malloc, size_t)
    return take(real(size));
}

void *__libc_calloc(size_t count, size_t size)
{
    REAL(void *, __libc_calloc, size_t, size_t)
    return take(real(count, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    REAL(void *, aligned_alloc, size_t, size_t)
    return take(real(alignment, size));
}

void *__libc_realloc(void *memory, size_t size)
{
    REAL(void *, __libc_realloc, void *, size_t)
    now -= (ptrdiff_t)malloc_usable_size(memory);
    return take(real(memory, size));
}

void __libc_free(void *memory)
{
    REAL(void, __libc_free, void *)
    now -= (ptrdiff_t)malloc_usable_size(memory);
    real(memory);
}
