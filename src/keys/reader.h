/* Inside of keys: what a reader's key is made of. */
#ifndef TAVS_KEYS_READER_H
#define TAVS_KEYS_READER_H

#include <sodium.h>

#include "tavs/keys.h"

struct keys_reader {
    uint8_t seed[KEYS_SEED_BYTES];
    uint8_t scalar[ELGAMAL_SCALAR_BYTES];
    uint8_t signing_secret[crypto_sign_SECRETKEYBYTES];
    uint8_t sealing[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    uint8_t digesting[crypto_generichash_KEYBYTES];
    struct keys_public public_keys;
};

/* The reader's key of a seed. */
enum base_code keys_reader_from_seed(const uint8_t seed[KEYS_SEED_BYTES], struct keys_reader **out,
                                     struct base_error *error);

/* True if the reader's public keys are these. */
bool keys_reader_has(const struct keys_reader *reader, const struct keys_public *public_keys);

#endif
