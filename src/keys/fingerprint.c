#include "tavs/keys.h"

#include <sodium.h>
#include <string.h>

#include "tavs/codebook.h"

/* Of what makes a store this store, which is what all machines have pinned: docs/format.md, section 3. The
 * records' format goes its own way. */
enum { FORMAT = 1 };

static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v1 store";

void keys_fingerprint(uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                      const uint8_t store_id[KEYS_STORE_ID_BYTES],
                      const struct keys_public *public_keys)
{
    uint8_t format[2];
    crypto_generichash_state state;
    const char *codebook = codebook_text();

    base_put_u16(format, FORMAT);
    crypto_generichash_init(&state, NULL, 0, KEYS_FINGERPRINT_BYTES);
    crypto_generichash_update(&state, domain, KEYS_DOMAIN_BYTES);
    crypto_generichash_update(&state, format, sizeof format);
    crypto_generichash_update(&state, store_id, KEYS_STORE_ID_BYTES);
    crypto_generichash_update(&state, public_keys->encryption, sizeof public_keys->encryption);
    crypto_generichash_update(&state, public_keys->signing, sizeof public_keys->signing);
    crypto_generichash_update(&state, (const uint8_t *)codebook, strlen(codebook));
    crypto_generichash_final(&state, fingerprint, KEYS_FINGERPRINT_BYTES);
}

void keys_fingerprint_text(char text[KEYS_FINGERPRINT_TEXT],
                           const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES])
{
    enum { GROUPS = 10, BYTES_A_GROUP = 2 };
    for (size_t i = 0; i < GROUPS; i++) {
        char *group = text + i * (2 * BYTES_A_GROUP + 1);
        base_hex(group, fingerprint + i * BYTES_A_GROUP, BYTES_A_GROUP);
        group[2 * BYTES_A_GROUP] = i + 1 < GROUPS ? ' ' : '\0';
    }
}
