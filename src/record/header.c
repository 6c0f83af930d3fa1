#include <string.h>

#include "tavs/record.h"

/* docs/format.md, section 4. */
enum {
    AT_FORMAT = 4,
    AT_CHANNELS = 6,
    AT_PARTIES = 7,
    AT_STORE_ID = 8,
    AT_ENCRYPTION_KEY = 24,
    AT_SIGNING_KEY = 56,
    AT_CLOSED_THROUGH = 88,
    AT_RELEASES = 90, /* reserved in format 1 */
    AT_RESERVED = 92,
    RESERVED_BYTES = 36,
    AT_SLOTS = 128,
    SLOT_BYTES = 100,
    AT_SIGNATURE = 928,
};
enum {
    SLOT_AT_RESERVED = 1,
    SLOT_RESERVED_BYTES = 3,
    SLOT_AT_PASSES = 4,
    SLOT_AT_MEMORY = 8,
    SLOT_AT_SALT = 12,
    SLOT_AT_NONCE = 28,
    SLOT_AT_SEED = 52,
};
_Static_assert(AT_SLOTS + KEYS_SLOTS * SLOT_BYTES == AT_SIGNATURE, "slots");
_Static_assert(AT_SIGNATURE + KEYS_SIGNATURE_BYTES == RECORD_HEADER_BYTES, "signature");
_Static_assert(SLOT_AT_SEED + KEYS_WRAPPED_SEED_BYTES == SLOT_BYTES, "slot");

enum { FIRST_FORMAT = 1 };

static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'S'};

enum { SIGNED_BYTES = KEYS_DOMAIN_BYTES + AT_SIGNATURE };

static void signed_message(uint8_t message[SIGNED_BYTES], const uint8_t *bytes)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v1 header";
    memcpy(message, domain, sizeof domain);
    memcpy(message + sizeof domain, bytes, AT_SIGNATURE);
}

static void encode_slot(uint8_t bytes[SLOT_BYTES], const struct keys_slot *slot)
{
    memset(bytes, 0, SLOT_BYTES);
    if (!slot->used)
        return;
    bytes[0] = 1;
    base_put_u32(bytes + SLOT_AT_PASSES, slot->cost.passes);
    base_put_u32(bytes + SLOT_AT_MEMORY, slot->cost.memory_kib);
    memcpy(bytes + SLOT_AT_SALT, slot->salt, sizeof slot->salt);
    memcpy(bytes + SLOT_AT_NONCE, slot->nonce, sizeof slot->nonce);
    memcpy(bytes + SLOT_AT_SEED, slot->wrapped_seed, sizeof slot->wrapped_seed);
}

void record_header_encode(uint8_t bytes[RECORD_HEADER_BYTES], const struct record_header *header,
                          const struct keys_reader *reader)
{
    uint8_t message[SIGNED_BYTES];

    memset(bytes, 0, RECORD_HEADER_BYTES);
    memcpy(bytes, magic, sizeof magic);
    base_put_u16(bytes + AT_FORMAT, RECORD_FORMAT);
    bytes[AT_CHANNELS] = header->channels;
    bytes[AT_PARTIES] = header->parties;
    memcpy(bytes + AT_STORE_ID, header->store_id, sizeof header->store_id);
    memcpy(bytes + AT_ENCRYPTION_KEY, header->public_keys.encryption, ELGAMAL_POINT_BYTES);
    memcpy(bytes + AT_SIGNING_KEY, header->public_keys.signing, KEYS_SIGNING_PUBLIC_BYTES);
    base_put_u16(bytes + AT_CLOSED_THROUGH, header->closed_through);
    base_put_u16(bytes + AT_RELEASES, header->releases);
    for (size_t i = 0; i < KEYS_SLOTS; i++)
        encode_slot(bytes + AT_SLOTS + i * SLOT_BYTES, &header->slots[i]);
    signed_message(message, bytes);
    keys_reader_sign(reader, bytes + AT_SIGNATURE, message, sizeof message);
}

/* False if the slot is neither unused and all zero nor used with its reserved bytes zero. */
static bool decode_slot(const uint8_t bytes[SLOT_BYTES], struct keys_slot *slot)
{
    *slot = (struct keys_slot){.used = bytes[0] == 1};
    if (!slot->used)
        return base_is_zero(bytes, SLOT_BYTES);
    slot->cost.passes = base_get_u32(bytes + SLOT_AT_PASSES);
    slot->cost.memory_kib = base_get_u32(bytes + SLOT_AT_MEMORY);
    memcpy(slot->salt, bytes + SLOT_AT_SALT, sizeof slot->salt);
    memcpy(slot->nonce, bytes + SLOT_AT_NONCE, sizeof slot->nonce);
    memcpy(slot->wrapped_seed, bytes + SLOT_AT_SEED, sizeof slot->wrapped_seed);
    return base_is_zero(bytes + SLOT_AT_RESERVED, SLOT_RESERVED_BYTES);
}

static enum base_code fail_field(const char *field, struct base_error *error)
{
    return base_fail(error, BASE_STORE_DAMAGED, _("the header's %s"), field);
}

static enum base_code decode_fields(const uint8_t *bytes, struct record_header *header,
                                    struct base_error *error)
{
    header->channels = bytes[AT_CHANNELS];
    header->parties = bytes[AT_PARTIES];
    if (header->channels == 0 || (header->channels & ~CODEBOOK_ALL_CHANNELS) != 0)
        return fail_field(_("channels"), error);
    if (header->parties == 0 || (header->parties & ~CODEBOOK_ALL_PARTIES) != 0)
        return fail_field(_("parties"), error);
    header->closed_through = base_get_u16(bytes + AT_CLOSED_THROUGH);
    if (header->closed_through != 0 &&
        (header->closed_through < BASE_FIRST_MONTH || header->closed_through > BASE_LAST_MONTH))
        return fail_field(_("closed months"), error);
    header->releases = base_get_u16(bytes + AT_RELEASES);
    if (header->releases >
        (base_get_u16(bytes + AT_FORMAT) == FIRST_FORMAT ? 0 : RECORD_MOST_RELEASES))
        return fail_field(_("releases"), error);
    if (!base_is_zero(bytes + AT_RESERVED, RESERVED_BYTES))
        return fail_field(_("reserved bytes"), error);
    memcpy(header->store_id, bytes + AT_STORE_ID, sizeof header->store_id);
    memcpy(header->public_keys.encryption, bytes + AT_ENCRYPTION_KEY, ELGAMAL_POINT_BYTES);
    memcpy(header->public_keys.signing, bytes + AT_SIGNING_KEY, KEYS_SIGNING_PUBLIC_BYTES);
    if (!elgamal_point_is_valid(header->public_keys.encryption))
        return fail_field(_("encryption key"), error);
    for (unsigned i = 0; i < KEYS_SLOTS; i++) {
        const struct keys_slot *slot = &header->slots[i];
        if (!decode_slot(bytes + AT_SLOTS + i * SLOT_BYTES, &header->slots[i]))
            return fail_field(_("key slots"), error);
        if (slot->used && !keys_cost_is_allowed(slot->cost))
            return base_fail(error, BASE_SLOT_COST, "%u", i + 1);
    }
    return BASE_OK;
}

enum base_code record_header_check_format(const uint8_t *bytes, size_t size,
                                          struct base_error *error)
{
    if (size < AT_CHANNELS || memcmp(bytes, magic, sizeof magic) != 0)
        return base_fail(error, BASE_STORE_FOREIGN, "%s", _("no header of tavs"));
    if (base_get_u16(bytes + AT_FORMAT) > RECORD_FORMAT)
        return base_fail(error, BASE_STORE_NEWER, "%u", base_get_u16(bytes + AT_FORMAT));
    return BASE_OK;
}

enum base_code record_header_decode(const uint8_t *bytes, size_t size, struct record_header *header,
                                    struct base_error *error)
{
    struct record_header decoded;
    uint8_t message[SIGNED_BYTES];

    enum base_code code = record_header_check_format(bytes, size, error);
    if (code != BASE_OK)
        return code;
    if (base_get_u16(bytes + AT_FORMAT) < FIRST_FORMAT || size != RECORD_HEADER_BYTES)
        return fail_field(_("format"), error);
    code = decode_fields(bytes, &decoded, error);
    if (code != BASE_OK)
        return code;
    signed_message(message, bytes);
    if (!keys_verify(decoded.public_keys.signing, bytes + AT_SIGNATURE, message, sizeof message))
        return base_fail(error, BASE_HEADER_FORGED, "%s", _("the header"));
    *header = decoded;
    return BASE_OK;
}
