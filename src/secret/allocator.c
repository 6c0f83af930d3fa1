#include "allocator.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tavs/secret.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

static bool hardened;

void secret_harden_heap(void)
{
    hardened = true;
}

void secret_soften_heap(void)
{
    hardened = false;
}

#if defined(__GLIBC__) && !defined(SANITIZED)

/* The program's own malloc, free and realloc go before the C library's, also for libraries ("Replacing
 * malloc", glibc manual 3.2.5), and hand the work on to it: LMDB then writes no stale heap into its
 * pages, and no library leaves a secret in freed memory. M_PERTURB of mallopt(3) is meant for this,
 * but since glibc 2.26 small blocks escape it: they go through a cache that does not know of it.
 * Weak, so that a test may have its own. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void __libc_free(void *memory);

/* gcc's analyzer takes the malloc and the free below for the C library's, and so every block that malloc
 * hands out or realloc moves for one that is lost. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* What the C library knows to be zero, fresh from the kernel, calloc does not touch. */
__attribute__((weak)) void *malloc(size_t size)
{
    return hardened ? __libc_calloc(1, size) : __libc_malloc(size);
}

/* The pages of a large block are given back to the kernel, which hands out zeros in their place. LMDB
 * takes three megabytes each time and uses hardly any of them. */
static void wipe(uint8_t *memory, size_t size)
{
    enum { PAGE = 4096, LARGE = 32 * PAGE };
    size_t before = (PAGE - (uintptr_t)memory % PAGE) % PAGE;
    size_t pages = size < LARGE ? 0 : (size - before) / PAGE * PAGE;
    if (pages == 0 || madvise(memory + before, pages, MADV_DONTNEED) != 0) {
        secret_wipe(memory, size);
        return;
    }
    secret_wipe(memory, before);
    secret_wipe(memory + before + pages, size - before - pages);
}

__attribute__((weak)) void free(void *memory)
{
    if (hardened && memory != NULL)
        wipe(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

/* The C library would give back the old place, or the end of it, unseen. */
__attribute__((weak)) void *realloc(void *memory, size_t size)
{
    if (memory == NULL)
        return malloc(size);
    if (!hardened)
        return __libc_realloc(memory, size);
    if (size == 0) { /* as the C library does */
        free(memory);
        return NULL;
    }
    size_t old_size = malloc_usable_size(memory);
    void *moved = malloc(size);
    if (moved != NULL) {
        memcpy(moved, memory, old_size < size ? old_size : size);
        free(memory);
    }
    return moved;
}

#endif
