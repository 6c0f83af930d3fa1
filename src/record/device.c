#include <string.h>

#include "tavs/record.h"

/* docs/format.md, section 5. */
enum {
    AT_STATE = 2,
    AT_RESERVED = 3,
    RESERVED_BYTES = 5,
    AT_KEY = 8,
    AT_SIGNATURE = 40,
    SIGNED_BYTES = KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + AT_SIGNATURE,
};
_Static_assert(AT_SIGNATURE + KEYS_SIGNATURE_BYTES == RECORD_DEVICE_BYTES, "device");

static void signed_message(uint8_t message[SIGNED_BYTES],
                           const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], const uint8_t *bytes)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v1 device";
    memcpy(message, domain, sizeof domain);
    memcpy(message + KEYS_DOMAIN_BYTES, fingerprint, KEYS_FINGERPRINT_BYTES);
    memcpy(message + KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES, bytes, AT_SIGNATURE);
}

void record_device_encode(uint8_t bytes[RECORD_DEVICE_BYTES], const struct record_device *device,
                          const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                          const struct keys_reader *reader)
{
    uint8_t message[SIGNED_BYTES];

    memset(bytes, 0, RECORD_DEVICE_BYTES);
    base_put_u16(bytes, device->number);
    bytes[AT_STATE] = (uint8_t)device->state;
    memcpy(bytes + AT_KEY, device->signing_public, sizeof device->signing_public);
    signed_message(message, fingerprint, bytes);
    keys_reader_sign(reader, bytes + AT_SIGNATURE, message, sizeof message);
}

enum base_code record_device_decode(const uint8_t *bytes, size_t size, uint16_t number,
                                    const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                    const uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES],
                                    struct record_device *device, struct base_error *error)
{
    uint8_t message[SIGNED_BYTES];

    if (size != RECORD_DEVICE_BYTES || base_get_u16(bytes) != number || number < 1 ||
        number > KEYS_MOST_DEVICES || !base_is_zero(bytes + AT_RESERVED, RESERVED_BYTES) ||
        (bytes[AT_STATE] != RECORD_DEVICE_ACTIVE && bytes[AT_STATE] != RECORD_DEVICE_RETIRED))
        return base_fail(error, BASE_STORE_DAMAGED, _("the record of device %u"), number);
    signed_message(message, fingerprint, bytes);
    if (!keys_verify(signing_public, bytes + AT_SIGNATURE, message, sizeof message))
        return base_fail(error, BASE_DEVICE_FORGED, "%u", number);
    device->number = number;
    device->state = bytes[AT_STATE];
    memcpy(device->signing_public, bytes + AT_KEY, sizeof device->signing_public);
    return BASE_OK;
}
