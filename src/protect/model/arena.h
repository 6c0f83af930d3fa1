/* Guarded memory that is let go of all at once: everything that holds counts. */
#ifndef PROTECT_ARENA_H
#define PROTECT_ARENA_H

#include "tavs/base.h"

struct arena;

enum base_code arena_new(struct arena **out, struct base_error *error);

/* Wipes. NULL is fine. */
void arena_free(struct arena *arena);

/* What it has of the system's memory. */
size_t arena_bytes(const struct arena *arena);

/* `count` items of `size` bytes, all zero; lives as long as the arena. */
enum base_code arena_take(struct arena *arena, size_t count, size_t size, void *out,
                          struct base_error *error);

/* Makes room for one more item after `used`: *items moves where it must. */
enum base_code arena_grow(struct arena *arena, void *items, size_t used, size_t *capacity,
                          size_t size, struct base_error *error);

#endif
