#include <string.h>

#include "tavs/record.h"
#include "tavs/secret.h"

/* docs/format.md, section 10. */
enum {
    AT_SIGNATURE = RECORD_RELEASE_BYTES - KEYS_SIGNATURE_BYTES,
    ASSOCIATED_BYTES = KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + 2,
    SIGNED_BYTES = ASSOCIATED_BYTES + AT_SIGNATURE,
};
_Static_assert(RECORD_PIECE_BYTES + KEYS_SEAL_BYTES == AT_SIGNATURE, "a sealed piece");

/* What both the seal and the signature also vouch for: its store and its place there. */
static void associate(uint8_t data[ASSOCIATED_BYTES],
                      const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], uint16_t number)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v2 release";
    memcpy(data, domain, sizeof domain);
    memcpy(data + sizeof domain, fingerprint, KEYS_FINGERPRINT_BYTES);
    base_put_u16(data + sizeof domain + KEYS_FINGERPRINT_BYTES, number);
}

static void signed_message(uint8_t message[SIGNED_BYTES],
                           const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], uint16_t number,
                           const uint8_t *bytes)
{
    associate(message, fingerprint, number);
    memcpy(message + ASSOCIATED_BYTES, bytes, AT_SIGNATURE);
}

void record_piece_seal(uint8_t bytes[RECORD_RELEASE_BYTES], const uint8_t piece[RECORD_PIECE_BYTES],
                       uint16_t number, const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                       const struct keys_reader *reader)
{
    uint8_t message[SIGNED_BYTES];

    associate(message, fingerprint, number);
    keys_reader_seal(reader, bytes, piece, RECORD_PIECE_BYTES, message, ASSOCIATED_BYTES);
    signed_message(message, fingerprint, number, bytes);
    keys_reader_sign(reader, bytes + AT_SIGNATURE, message, sizeof message);
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

    associate(associated, fingerprint, number);
    if (!keys_reader_unseal(reader, piece, RECORD_PIECE_BYTES, bytes, associated,
                            sizeof associated))
        return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    return BASE_OK;
}
