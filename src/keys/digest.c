#include <sodium.h>
#include <stdlib.h>

#include "own.h"
#include "tavs/secret.h"

struct keys_digest {
    crypto_generichash_state state;
};

enum base_code keys_digest_new(struct keys_digest **out, struct base_error *error)
{
    /* The state wants an alignment that malloc does not promise. */
    struct keys_digest *digest = aligned_alloc(_Alignof(struct keys_digest), sizeof *digest);
    if (digest == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("a digest"));
    crypto_generichash_init(&digest->state, NULL, 0, KEYS_DIGEST_BYTES);
    *out = digest;
    return BASE_OK;
}

void keys_digest_add(struct keys_digest *digest, const void *bytes, size_t size)
{
    crypto_generichash_update(&digest->state, bytes, size);
}

void keys_digest_end(struct keys_digest *digest, uint8_t result[KEYS_DIGEST_BYTES])
{
    crypto_generichash_final(&digest->state, result, KEYS_DIGEST_BYTES);
    keys_digest_free(digest);
}

void keys_digest_free(struct keys_digest *digest)
{
    if (digest != NULL)
        secret_wipe(digest, sizeof *digest); /* the end of what was added */
    free(digest);
}

void keys_digest_once(uint8_t digest[KEYS_DIGEST_BYTES], const uint8_t *bytes, size_t size)
{
    crypto_generichash(digest, KEYS_DIGEST_BYTES, bytes, size, NULL, 0);
}
