#include <sodium.h>
#include <string.h>

#include "passphrase.h"
#include "reader.h"
#include "tavs/secret.h"

static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v1 slot";

enum {
    KIB = 1024,
    ASSOCIATED_BYTES = KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + 1 + 4 + 4,
};

_Static_assert(KEYS_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(KEYS_SALT_BYTES == crypto_pwhash_SALTBYTES, "salt");
_Static_assert(KEYS_WRAPPED_SEED_BYTES ==
                   KEYS_SEED_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "seed and tag");

const struct keys_cost keys_cost_interactive = {crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                                crypto_pwhash_MEMLIMIT_INTERACTIVE / KIB};
const struct keys_cost keys_cost_moderate = {crypto_pwhash_OPSLIMIT_MODERATE,
                                             crypto_pwhash_MEMLIMIT_MODERATE / KIB};
const struct keys_cost keys_cost_sensitive = {crypto_pwhash_OPSLIMIT_SENSITIVE,
                                              crypto_pwhash_MEMLIMIT_SENSITIVE / KIB};

bool keys_cost_is_allowed(struct keys_cost cost)
{
    return cost.passes >= keys_cost_interactive.passes &&
           cost.passes <= keys_cost_sensitive.passes &&
           cost.memory_kib >= keys_cost_interactive.memory_kib &&
           cost.memory_kib <= keys_cost_sensitive.memory_kib;
}

/* What a slot's encryption also vouches for: it opens only in its own store, at its own place. */
static void associate(uint8_t data[ASSOCIATED_BYTES],
                      const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], unsigned number,
                      struct keys_cost cost)
{
    memcpy(data, domain, sizeof domain);
    data += sizeof domain;
    memcpy(data, fingerprint, KEYS_FINGERPRINT_BYTES);
    data += KEYS_FINGERPRINT_BYTES;
    *data++ = (uint8_t)number;
    base_put_u32(data, cost.passes);
    base_put_u32(data + 4, cost.memory_kib);
}

/* Argon2id, version 1.3, one lane. Its only failure is want of memory. */
static bool stretch(uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES],
                    const char *passphrase, const uint8_t salt[KEYS_SALT_BYTES],
                    struct keys_cost cost)
{
    return crypto_pwhash(key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase,
                         strlen(passphrase), salt, cost.passes, (size_t)cost.memory_kib * KIB,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static enum base_code fail_memory(struct keys_cost cost, struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, _("%u MiB for the passphrase"),
                     (unsigned)(cost.memory_kib / KIB));
}

enum base_code keys_slot_wrap(struct keys_slot *slot, unsigned number,
                              const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                              const struct keys_reader *reader, const char *passphrase,
                              struct keys_cost cost, struct base_error *error)
{
    uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    uint8_t associated[ASSOCIATED_BYTES];
    struct keys_slot wrapped = {.used = true, .cost = cost};
    enum base_code code = BASE_OK;

    if (!keys_cost_is_allowed(cost))
        return base_fail(error, BASE_SLOT_COST, "%u", number + 1);
    secret_random(wrapped.salt, sizeof wrapped.salt);
    secret_random(wrapped.nonce, sizeof wrapped.nonce);
    associate(associated, fingerprint, number, cost);
    if (stretch(key, passphrase, wrapped.salt, cost)) {
        crypto_aead_xchacha20poly1305_ietf_encrypt(wrapped.wrapped_seed, NULL, reader->seed,
                                                   sizeof reader->seed, associated,
                                                   sizeof associated, NULL, wrapped.nonce, key);
        *slot = wrapped;
    } else {
        code = fail_memory(cost, error);
    }
    secret_wipe(key, sizeof key);
    return code;
}

/* BASE_WRONG_PASSPHRASE if this slot does not open to the key with these public keys. */
static enum base_code open_slot(const struct keys_slot *slot, unsigned number,
                                const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                const struct keys_public *public_keys, const char *passphrase,
                                struct keys_reader **out, struct base_error *error)
{
    uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    uint8_t associated[ASSOCIATED_BYTES];
    uint8_t seed[KEYS_SEED_BYTES];
    struct keys_reader *reader = NULL;
    enum base_code code = BASE_OK;

    associate(associated, fingerprint, number, slot->cost);
    if (!stretch(key, passphrase, slot->salt, slot->cost)) {
        code = fail_memory(slot->cost, error);
    } else if (crypto_aead_xchacha20poly1305_ietf_decrypt(
                   seed, NULL, NULL, slot->wrapped_seed, sizeof slot->wrapped_seed, associated,
                   sizeof associated, slot->nonce, key) != 0) {
        code = base_fail(error, BASE_WRONG_PASSPHRASE, "%u", number + 1);
    } else {
        code = keys_reader_from_seed(seed, &reader, error);
    }
    if (code == BASE_OK && !keys_reader_has(reader, public_keys)) {
        keys_reader_free(reader);
        code = base_fail(error, BASE_WRONG_PASSPHRASE, "%u", number + 1);
    }
    if (code == BASE_OK)
        *out = reader;
    secret_wipe(key, sizeof key);
    secret_wipe(seed, sizeof seed);
    return code;
}

/* The passphrase as it is, on each slot. */
static enum base_code open_any(const struct keys_slot slots[KEYS_SLOTS],
                               const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               const struct keys_public *public_keys, const char *passphrase,
                               struct keys_reader **out, unsigned *number, struct base_error *error)
{
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        if (!slots[i].used)
            continue;
        enum base_code code =
            open_slot(&slots[i], i, fingerprint, public_keys, passphrase, out, error);
        if (code == BASE_OK && number != NULL)
            *number = i;
        if (code != BASE_WRONG_PASSPHRASE)
            return code;
    }
    return base_fail(error, BASE_WRONG_PASSPHRASE, "%s", "");
}

enum base_code keys_slots_open(const struct keys_slot slots[KEYS_SLOTS],
                               const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               const struct keys_public *public_keys, const char *passphrase,
                               struct keys_reader **out, unsigned *number, struct base_error *error)
{
    char *prepared;
    for (unsigned i = 0; i < KEYS_SLOTS; i++)
        if (slots[i].used && !keys_cost_is_allowed(slots[i].cost))
            return base_fail(error, BASE_SLOT_COST, "%u", i + 1);
    enum base_code code = passphrase_prepare(passphrase, &prepared, error);
    if (code != BASE_OK)
        return code;
    const bool changed = strcmp(prepared, passphrase) != 0;
    code = *prepared == '\0'
               ? base_fail(error, BASE_WRONG_PASSPHRASE, "%s", "")
               : open_any(slots, fingerprint, public_keys, prepared, out, number, error);
    secret_free(prepared);
    if (code == BASE_WRONG_PASSPHRASE && changed)
        code = open_any(slots, fingerprint, public_keys, passphrase, out, number, error);
    return code;
}
