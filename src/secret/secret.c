#include <errno.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "allocator.h"
#include "tavs/secret.h"

enum base_code secret_harden(struct base_error *error)
{
    const struct rlimit no_core = {0, 0};
    if (setrlimit(RLIMIT_CORE, &no_core) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return base_fail_system(error, errno, "%s", _("switching off core dumps"));
    secret_harden_heap();
    if (sodium_init() < 0)
        return base_fail(error, BASE_NO_RANDOM, "libsodium");
    return BASE_OK;
}

void secret_end(void)
{
    secret_soften_heap();
}

static bool unlocked;

bool secret_is_locked(void)
{
    return !unlocked;
}

enum base_code secret_new(size_t size, void **out, struct base_error *error)
{
    void *memory = sodium_malloc(size);
    if (memory == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%zu", size);
    /* libsodium locks it too, but does not tell whether it could. */
    if (mlock(memory, size) != 0)
        unlocked = true;
    sodium_memzero(memory, size);
    *out = memory;
    return BASE_OK;
}

void secret_free(void *memory)
{
    sodium_free(memory);
}

void secret_wipe(void *memory, size_t size)
{
    sodium_memzero(memory, size);
}

void secret_wipe_stack(void)
{
    enum { DEEPEST = 64 << 10 };
    sodium_stackzero(DEEPEST);
}

/* Weak, so that a test can tell valgrind. */
__attribute__((weak)) void secret_declassify(const void *memory, size_t size)
{
    (void)memory;
    (void)size;
}

void secret_random(void *memory, size_t size)
{
    randombytes_buf(memory, size);
}

uint64_t secret_hash(const uint8_t key[SECRET_HASH_KEY_BYTES], const void *bytes, size_t size)
{
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES &&
                       (int)SECRET_HASH_KEY_BYTES == (int)crypto_shorthash_KEYBYTES,
                   "SipHash-2-4");
    (void)crypto_shorthash((uint8_t *)&hash, bytes, size, key);
    return hash;
}
