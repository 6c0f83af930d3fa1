/* Changes a store's file the way that a fuzzer should: where LMDB's structure is. */
#ifndef AUDIT_MUTATOR_H
#define AUDIT_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

/* Makes one to four changes; the same `seed` makes the same ones. Returns the new size, which is at
 * most `room`. */
size_t audit_mutate(uint8_t *bytes, size_t size, size_t room, uint64_t seed);

#endif
