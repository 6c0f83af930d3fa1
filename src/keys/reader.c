#include "reader.h"

#include <string.h>

#include "tavs/secret.h"

static const char kdf_context[crypto_kdf_CONTEXTBYTES + 1] = "tavs-key";

enum {
    SUBKEY_ENCRYPTION = 1,
    SUBKEY_SIGNING = 2,
    SUBKEY_SEALING = 3,
    SUBKEY_DIGESTING = 4,
    WIDE_SCALAR_BYTES = 64,
};
_Static_assert(KEYS_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
                   KEYS_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "what is sealed");

/* Fills what follows from reader->seed. False only for a seed whose scalar is zero. */
static bool derive(struct keys_reader *reader)
{
    uint8_t wide[WIDE_SCALAR_BYTES];
    uint8_t signing_seed[crypto_sign_SEEDBYTES];

    crypto_kdf_derive_from_key(wide, sizeof wide, SUBKEY_ENCRYPTION, kdf_context, reader->seed);
    crypto_kdf_derive_from_key(signing_seed, sizeof signing_seed, SUBKEY_SIGNING, kdf_context,
                               reader->seed);
    crypto_kdf_derive_from_key(reader->sealing, sizeof reader->sealing, SUBKEY_SEALING, kdf_context,
                               reader->seed);
    crypto_kdf_derive_from_key(reader->digesting, sizeof reader->digesting, SUBKEY_DIGESTING,
                               kdf_context, reader->seed);
    elgamal_scalar_reduce(reader->scalar, wide);
    bool done = elgamal_public_key(reader->public_keys.encryption, reader->scalar);
    crypto_sign_seed_keypair(reader->public_keys.signing, reader->signing_secret, signing_seed);
    secret_wipe(wide, sizeof wide);
    secret_wipe(signing_seed, sizeof signing_seed);
    secret_declassify(&reader->public_keys, sizeof reader->public_keys);
    return done;
}

enum base_code keys_reader_from_seed(const uint8_t seed[KEYS_SEED_BYTES], struct keys_reader **out,
                                     struct base_error *error)
{
    void *memory;
    enum base_code code = secret_new(sizeof(struct keys_reader), &memory, error);
    if (code != BASE_OK)
        return code;
    struct keys_reader *reader = memory;
    memcpy(reader->seed, seed, sizeof reader->seed);
    if (!derive(reader)) {
        keys_reader_free(reader);
        return base_fail(error, BASE_NO_RANDOM, "%s", _("a seed without a key"));
    }
    *out = reader;
    return BASE_OK;
}

enum base_code keys_reader_new(struct keys_reader **out, struct base_error *error)
{
    uint8_t seed[KEYS_SEED_BYTES];
    secret_random(seed, sizeof seed);
    enum base_code code = keys_reader_from_seed(seed, out, error);
    secret_wipe(seed, sizeof seed);
    return code;
}

void keys_reader_free(struct keys_reader *reader)
{
    secret_free(reader);
}

void keys_reader_public(const struct keys_reader *reader, struct keys_public *public_keys)
{
    *public_keys = reader->public_keys;
}

bool keys_reader_has(const struct keys_reader *reader, const struct keys_public *public_keys)
{
    return memcmp(&reader->public_keys, public_keys, sizeof *public_keys) == 0;
}

const uint8_t *keys_reader_scalar(const struct keys_reader *reader)
{
    return reader->scalar;
}

void keys_reader_sign(const struct keys_reader *reader, uint8_t signature[KEYS_SIGNATURE_BYTES],
                      const uint8_t *message, size_t size)
{
    crypto_sign_detached(signature, NULL, message, size, reader->signing_secret);
    secret_declassify(signature, KEYS_SIGNATURE_BYTES);
}

bool keys_verify(const uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES],
                 const uint8_t signature[KEYS_SIGNATURE_BYTES], const uint8_t *message, size_t size)
{
    return crypto_sign_verify_detached(signature, message, size, signing_public) == 0;
}
