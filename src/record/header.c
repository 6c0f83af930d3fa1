/* The header of a store. */
#include <string.h>

#include "tavs/record.h"

/* docs/format.md, section 4. The first seven bytes keep their places in every format. */
enum {
    AT_FORMAT = 4,
    AT_DRAFT = 6,
    AT_THRESHOLD = 7,
    AT_EDITION = 8,
    AT_CHANNELS = 12,
    AT_PARTIES = 13,
    AT_EVER_CHANNELS = 14,
    AT_EVER_PARTIES = 15,
    AT_STORE_ID = 16,
    AT_ENCRYPTION_KEY = 32,
    AT_SIGNING_KEY = 64,
    AT_CLOSED_THROUGH = 96,
    AT_RELEASES = 98,
    AT_LEDGER_HEAD = 100,
    AT_RESERVED = 132,
    RESERVED_BYTES = 124,
    AT_SLOTS = 256,
    SLOT_BYTES = 100,
    AT_SIGNATURE = 1056,
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
_Static_assert(AT_RESERVED + RESERVED_BYTES == AT_SLOTS, "reserved");
_Static_assert(AT_SLOTS + KEYS_SLOTS * SLOT_BYTES == AT_SIGNATURE, "slots");
_Static_assert(AT_SIGNATURE + KEYS_SIGNATURE_BYTES == RECORD_HEADER_BYTES, "signature");
_Static_assert(SLOT_AT_SEED + KEYS_WRAPPED_SEED_BYTES == SLOT_BYTES, "slot");

static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'S'};

enum { SIGNED_BYTES = KEYS_DOMAIN_BYTES + AT_SIGNATURE };

static void signed_message(uint8_t message[SIGNED_BYTES], const uint8_t *bytes)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v3 header";
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
    bytes[AT_DRAFT] = RECORD_DRAFT;
    bytes[AT_THRESHOLD] = header->threshold;
    base_put_u32(bytes + AT_EDITION, header->edition);
    bytes[AT_CHANNELS] = header->channels;
    bytes[AT_PARTIES] = header->parties;
    bytes[AT_EVER_CHANNELS] = header->ever_channels;
    bytes[AT_EVER_PARTIES] = header->ever_parties;
    memcpy(bytes + AT_STORE_ID, header->store_id, sizeof header->store_id);
    memcpy(bytes + AT_ENCRYPTION_KEY, header->public_keys.encryption, ELGAMAL_POINT_BYTES);
    memcpy(bytes + AT_SIGNING_KEY, header->public_keys.signing, KEYS_SIGNING_PUBLIC_BYTES);
    base_put_u16(bytes + AT_CLOSED_THROUGH, header->closed_through);
    base_put_u16(bytes + AT_RELEASES, header->releases);
    memcpy(bytes + AT_LEDGER_HEAD, header->ledger_head, sizeof header->ledger_head);
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

/* A set that is not empty, in what was ever offered. */
static bool is_offer(codebook_set set, codebook_set ever, unsigned all)
{
    return set != 0 && (set & ~ever) == 0 && (ever & ~all) == 0;
}

static enum base_code decode_offers(const uint8_t *bytes, struct record_header *header,
                                    struct base_error *error)
{
    header->channels = bytes[AT_CHANNELS];
    header->parties = bytes[AT_PARTIES];
    header->ever_channels = bytes[AT_EVER_CHANNELS];
    header->ever_parties = bytes[AT_EVER_PARTIES];
    if (!is_offer(header->channels, header->ever_channels, CODEBOOK_ALL_CHANNELS))
        return fail_field(_("channels"), error);
    if (!is_offer(header->parties, header->ever_parties, CODEBOOK_ALL_PARTIES))
        return fail_field(_("parties"), error);
    return BASE_OK;
}

/* The head is zero if, and only if, there is no release. */
static enum base_code decode_numbers(const uint8_t *bytes, struct record_header *header,
                                     struct base_error *error)
{
    header->threshold = bytes[AT_THRESHOLD];
    header->edition = base_get_u32(bytes + AT_EDITION);
    header->closed_through = base_get_u16(bytes + AT_CLOSED_THROUGH);
    header->releases = base_get_u16(bytes + AT_RELEASES);
    memcpy(header->ledger_head, bytes + AT_LEDGER_HEAD, sizeof header->ledger_head);
    if (header->threshold < RECORD_LEAST_THRESHOLD || header->threshold > RECORD_MOST_THRESHOLD)
        return fail_field(_("threshold"), error);
    if (header->edition == 0)
        return fail_field(_("edition"), error);
    if (header->closed_through != 0 &&
        (header->closed_through < BASE_FIRST_MONTH || header->closed_through > BASE_LAST_MONTH))
        return fail_field(_("closed months"), error);
    if (header->releases > RECORD_MOST_RELEASES ||
        (header->releases == 0) != base_is_zero(header->ledger_head, sizeof header->ledger_head))
        return fail_field(_("releases"), error);
    return BASE_OK;
}

static enum base_code decode_keys(const uint8_t *bytes, struct record_header *header,
                                  struct base_error *error)
{
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

static enum base_code decode_fields(const uint8_t *bytes, struct record_header *header,
                                    struct base_error *error)
{
    enum base_code code = decode_offers(bytes, header, error);
    if (code == BASE_OK)
        code = decode_numbers(bytes, header, error);
    if (code == BASE_OK && !base_is_zero(bytes + AT_RESERVED, RESERVED_BYTES))
        code = fail_field(_("reserved bytes"), error);
    return code == BASE_OK ? decode_keys(bytes, header, error) : code;
}

/* Drafts of a format come before its final form, which is draft 0. */
static enum base_code check_draft(unsigned draft, struct base_error *error)
{
    if (draft == RECORD_DRAFT)
        return BASE_OK;
    if (draft == 0)
        return base_fail(error, BASE_STORE_NEWER, _("format %u"), RECORD_FORMAT);
    return base_fail(error, draft > RECORD_DRAFT ? BASE_STORE_NEWER : BASE_STORE_OLDER,
                     _("draft %u of format %u"), draft, RECORD_FORMAT);
}

enum base_code record_header_check_format(const uint8_t *bytes, size_t size,
                                          struct base_error *error)
{
    if (size < AT_DRAFT || memcmp(bytes, magic, sizeof magic) != 0)
        return base_fail(error, BASE_STORE_FOREIGN, "%s", _("no header of tavs"));
    const unsigned format = base_get_u16(bytes + AT_FORMAT);
    if (format == 0)
        return fail_field(_("format"), error);
    if (format != RECORD_FORMAT)
        return base_fail(error, format > RECORD_FORMAT ? BASE_STORE_NEWER : BASE_STORE_OLDER,
                         _("format %u"), format);
    return size > AT_DRAFT ? check_draft(bytes[AT_DRAFT], error) : fail_field(_("format"), error);
}

enum base_code record_header_decode(const uint8_t *bytes, size_t size, struct record_header *header,
                                    struct base_error *error)
{
    struct record_header decoded;
    uint8_t message[SIGNED_BYTES];

    enum base_code code = record_header_check_format(bytes, size, error);
    if (code != BASE_OK)
        return code;
    if (size != RECORD_HEADER_BYTES)
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
