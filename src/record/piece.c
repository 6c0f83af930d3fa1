/* The record of a piece of a release: chained, sealed, signed. */
#include <string.h>

#include "tavs/record.h"
#include "tavs/secret.h"

/* docs/format.md, section 10. */
enum {
    AT_SEALED = KEYS_DIGEST_BYTES, /* behind the digest of the record before */
    AT_SIGNATURE = RECORD_RELEASE_BYTES - KEYS_SIGNATURE_BYTES,
    PLACE_BYTES = KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + 2,
    ASSOCIATED_BYTES = PLACE_BYTES + KEYS_DIGEST_BYTES,
    SIGNED_BYTES = PLACE_BYTES + AT_SIGNATURE,
};
_Static_assert(AT_SEALED + RECORD_PIECE_BYTES + KEYS_SEAL_BYTES == AT_SIGNATURE, "a sealed piece");

/* What both the seal and the signature also vouch for: its store, its place there, and what came before:
 * with the digest of the record before it, which begins `bytes`, this begins both messages. */
static void put_place(uint8_t data[PLACE_BYTES], const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                      uint16_t number)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v3 release";
    memcpy(data, domain, sizeof domain);
    memcpy(data + sizeof domain, fingerprint, KEYS_FINGERPRINT_BYTES);
    base_put_u16(data + sizeof domain + KEYS_FINGERPRINT_BYTES, number);
}

static void signed_message(uint8_t message[SIGNED_BYTES],
                           const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], uint16_t number,
                           const uint8_t *bytes)
{
    put_place(message, fingerprint, number);
    memcpy(message + PLACE_BYTES, bytes, AT_SIGNATURE);
}

void record_piece_seal(uint8_t bytes[RECORD_RELEASE_BYTES], const uint8_t piece[RECORD_PIECE_BYTES],
                       uint16_t number, const uint8_t previous[KEYS_DIGEST_BYTES],
                       const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                       const struct keys_reader *reader)
{
    uint8_t message[SIGNED_BYTES];

    memcpy(bytes, previous, KEYS_DIGEST_BYTES);
    put_place(message, fingerprint, number);
    memcpy(message + PLACE_BYTES, bytes, KEYS_DIGEST_BYTES);
    keys_reader_seal(reader, bytes + AT_SEALED, piece, RECORD_PIECE_BYTES, message,
                     ASSOCIATED_BYTES);
    signed_message(message, fingerprint, number, bytes);
    keys_reader_sign(reader, bytes + AT_SIGNATURE, message, sizeof message);
}

void record_piece_digest(const uint8_t bytes[RECORD_RELEASE_BYTES],
                         uint8_t digest[KEYS_DIGEST_BYTES])
{
    keys_digest_once(digest, bytes, RECORD_RELEASE_BYTES);
}

const uint8_t *record_piece_previous(const uint8_t bytes[RECORD_RELEASE_BYTES])
{
    return bytes;
}

enum base_code record_piece_check(const uint8_t *bytes, size_t size, uint16_t number,
                                  const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                  const uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES],
                                  struct base_error *error)
{
    uint8_t message[SIGNED_BYTES];

    if (size != RECORD_RELEASE_BYTES || number < 1 || number > RECORD_MOST_RELEASES)
        return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    signed_message(message, fingerprint, number, bytes);
    if (!keys_verify(signing_public, bytes + AT_SIGNATURE, message, sizeof message))
        return base_fail(error, BASE_RELEASE_FORGED, "%u", number);
    return BASE_OK;
}

enum base_code record_piece_open(const uint8_t bytes[RECORD_RELEASE_BYTES], uint16_t number,
                                 const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                 const struct keys_reader *reader,
                                 uint8_t piece[RECORD_PIECE_BYTES], struct base_error *error)
{
    uint8_t associated[ASSOCIATED_BYTES];

    put_place(associated, fingerprint, number);
    memcpy(associated + PLACE_BYTES, bytes, KEYS_DIGEST_BYTES);
    if (!keys_reader_unseal(reader, piece, RECORD_PIECE_BYTES, bytes + AT_SEALED, associated,
                            sizeof associated))
        return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    return BASE_OK;
}
