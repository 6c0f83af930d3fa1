#include "arena.h"
#include "../fail.h"

#include <string.h>

#include "tavs/secret.h"

enum { BLOCK_BYTES = 256 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t size, used;
    bool own; /* of one request only */
    _Alignas(ALIGNMENT) uint8_t bytes[];
};

struct arena {
    struct block *blocks; /* the first is the one that is shared */
    size_t bytes;
};

enum base_code arena_new(struct arena **out, struct base_error *error)
{
    void *arena;
    if (secret_new(sizeof(struct arena), &arena, error) != BASE_OK)
        return error->code;
    *out = arena;
    return BASE_OK;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    while (arena->blocks != NULL) {
        struct block *next = arena->blocks->next;
        secret_free(arena->blocks);
        arena->blocks = next;
    }
    secret_free(arena);
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->bytes;
}

/* A block of its own for what is large; else a new one that later requests share. */
static enum base_code add_block(struct arena *arena, size_t bytes, struct block **out,
                                struct base_error *error)
{
    const bool own = bytes > BLOCK_BYTES / 2;
    const size_t size = own ? bytes : BLOCK_BYTES;
    void *memory;
    if (secret_new(sizeof(struct block) + size, &memory, error) != BASE_OK)
        return error->code;
    struct block *block = memory, **at = &arena->blocks;
    if (own && *at != NULL)
        at = &(*at)->next;
    block->size = size;
    block->own = own;
    block->next = *at;
    *at = block;
    arena->bytes += sizeof *block + size;
    *out = block;
    return BASE_OK;
}

enum base_code arena_take(struct arena *arena, size_t count, size_t size, void *out,
                          struct base_error *error)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return fail_tables(error, BASE_NO_MEMORY);
    bytes = (bytes / ALIGNMENT + 1) * ALIGNMENT;
    struct block *block = arena->blocks;
    if ((block == NULL || block->size - block->used < bytes) &&
        add_block(arena, bytes, &block, error) != BASE_OK)
        return error->code;
    void *memory = block->bytes + block->used;
    block->used += bytes;
    memcpy(out, &memory, sizeof memory);
    return BASE_OK;
}

/* Gives back the block of what has moved, if nothing else is in it. */
static void drop(struct arena *arena, const void *memory)
{
    for (struct block **at = &arena->blocks; *at != NULL; at = &(*at)->next) {
        struct block *block = *at;
        if (!block->own || block->bytes != memory)
            continue;
        *at = block->next;
        arena->bytes -= sizeof *block + block->size;
        secret_free(block);
        return;
    }
}

enum base_code arena_grow(struct arena *arena, void *items, size_t used, size_t *capacity,
                          size_t size, struct base_error *error)
{
    if (used < *capacity)
        return BASE_OK;
    const size_t more = *capacity == 0 ? 64 : *capacity * 2;
    void *old, *grown;
    if (arena_take(arena, more, size, &grown, error) != BASE_OK)
        return error->code;
    memcpy(&old, items, sizeof old);
    if (used > 0)
        memcpy(grown, old, used * size);
    drop(arena, old);
    memcpy(items, &grown, sizeof grown);
    *capacity = more;
    return BASE_OK;
}
