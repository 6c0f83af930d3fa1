/* secret: guarded memory, wiping, process hardening.
 *
 * What is secret: passphrases, seeds, scalars, signing keys, counts, and which cell was counted.
 */
#ifndef TAVS_SECRET_H
#define TAVS_SECRET_H

#include "tavs/base.h"

/* Call first in main: no core dump, not readable by other processes of the same user (prctl
 * PR_SET_DUMPABLE), the allocator zeroes what it gives and wipes what it takes back (so that no
 * library leaves a secret in the heap), libsodium ready. BASE_NO_RANDOM if libsodium can't start.
 */
enum base_code secret_harden(struct base_error *error);

/* What the process works with from here on has been published: the allocator wipes no more. A solver that takes and
 * frees large blocks in each of thousands of steps would spend half of its time on that. */
void secret_end(void);

/* Guarded, locked where the system allows it, filled with zeros. Free with secret_free, which
 * wipes. BASE_NO_MEMORY on failure. */
enum base_code secret_new(size_t size, void **out, struct base_error *error);
void secret_free(void *memory);

/* False once any of it could not be locked (RLIMIT_MEMLOCK, "ulimit -l"): it may reach the swap space. */
bool secret_is_locked(void);

/* Overwrites with zeros; never optimised away. */
void secret_wipe(void *memory, size_t size);

/* Overwrites what functions that have returned left on the stack: the 64 KiB below the caller's
 * frame. Libraries copy what they work on there. */
void secret_wipe_stack(void);

/* Marks what follows from secrets and is public from here on: a ciphertext, a signature, a public key, that
 * an argument is in range, a count that is to be shown. It does nothing; each call is a place where the
 * program's timing may begin to depend on these bytes, and tests/unit/test_secret_flow.c holds the program
 * to there being no others. */
void secret_declassify(const void *memory, size_t size);

/* Fills with random bytes from the operating system's generator. */
void secret_random(void *memory, size_t size);

/* SipHash-2-4 (Aumasson and Bernstein 2012), for tables whose keys strangers choose. `key` comes from secret_random. */
enum { SECRET_HASH_KEY_BYTES = 16 };
uint64_t secret_hash(const uint8_t key[SECRET_HASH_KEY_BYTES], const void *bytes, size_t size);

#endif
