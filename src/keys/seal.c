#include "reader.h"

#include "tavs/secret.h"

void keys_reader_seal(const struct keys_reader *reader, uint8_t *sealed, const uint8_t *plain,
                      size_t size, const uint8_t *associated, size_t associated_size)
{
    secret_random(sealed, KEYS_NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + KEYS_NONCE_BYTES, NULL, plain, size,
                                               associated, associated_size, NULL, sealed,
                                               reader->sealing);
    secret_declassify(sealed, size + KEYS_SEAL_BYTES);
}

bool keys_reader_unseal(const struct keys_reader *reader, uint8_t *plain, size_t size,
                        const uint8_t *sealed, const uint8_t *associated, size_t associated_size)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               plain, NULL, NULL, sealed + KEYS_NONCE_BYTES, size + KEYS_TAG_BYTES, associated,
               associated_size, sealed, reader->sealing) == 0;
}

void keys_reader_digest(const struct keys_reader *reader, uint8_t digest[KEYS_DIGEST_BYTES],
                        const uint8_t *bytes, size_t size)
{
    crypto_generichash(digest, KEYS_DIGEST_BYTES, bytes, size, reader->digesting,
                       sizeof reader->digesting);
}
