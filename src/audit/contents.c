/* Header, key slots and devices: what stands in the database "store". */
#include <string.h>

#include "walk.h"

/* docs/format.md, sections 4 and 5, once more and in another way than in the room record: as a list
 * of fields that covers every byte. */
struct field {
    uint16_t offset, bytes;
    enum audit_class class;
};

enum {
    HEADER_BYTES = 1120,
    HEADER_AT_FORMAT = 4,
    HEADER_AT_DRAFT = 6,
    HEADER_AT_THRESHOLD = 7,
    HEADER_AT_EDITION = 8,
    HEADER_AT_CHANNELS = 12,
    HEADER_AT_PARTIES = 13,
    HEADER_AT_EVER_CHANNELS = 14,
    HEADER_AT_EVER_PARTIES = 15,
    HEADER_AT_ENCRYPTION_KEY = 32,
    HEADER_AT_CLOSED_THROUGH = 96,
    HEADER_AT_RELEASES = 98,
    HEADER_AT_LEDGER_HEAD = 100,
    HEADER_AT_SLOTS = 256,
    HEADER_AT_SIGNATURE = 1056,
    FORMAT = 3,
    DRAFT = 1,
    LEAST_THRESHOLD = 3,
    MOST_THRESHOLD = 20,
    SLOTS = 8,
    SLOT_BYTES = 100,
    SLOT_AT_PASSES = 4,
    SLOT_AT_MEMORY = 8,
    DEVICE_BYTES = 104,
    DEVICE_AT_STATE = 2,
    DEVICE_AT_SIGNATURE = 40,
    RELEASE_BYTES = 4080,
    DOMAIN_BYTES = 16,
    NAME_BYTES = 6, /* of the keys that end with a number */
};

static const struct field header_fields[] = {
    {0, 4, AUDIT_HEADER_MAGIC},
    {4, 2, AUDIT_HEADER_FORMAT},
    {6, 1, AUDIT_HEADER_DRAFT},
    {7, 1, AUDIT_HEADER_THRESHOLD},
    {8, 4, AUDIT_HEADER_EDITION},
    {12, 2, AUDIT_HEADER_OFFERED},
    {14, 2, AUDIT_HEADER_EVER_OFFERED},
    {16, 16, AUDIT_HEADER_STORE_ID},
    {32, 32, AUDIT_HEADER_ENCRYPTION_KEY},
    {64, 32, AUDIT_HEADER_SIGNING_KEY},
    {96, 2, AUDIT_HEADER_CLOSED_THROUGH},
    {98, 2, AUDIT_HEADER_RELEASES},
    {100, 32, AUDIT_HEADER_LEDGER_HEAD},
    {132, 124, AUDIT_HEADER_RESERVED},
    {1056, 64, AUDIT_HEADER_SIGNATURE},
};

static const struct field slot_fields[] = {
    {0, 1, AUDIT_SLOT_STATE},  {1, 3, AUDIT_SLOT_RESERVED}, {4, 8, AUDIT_SLOT_COST},
    {12, 16, AUDIT_SLOT_SALT}, {28, 24, AUDIT_SLOT_NONCE},  {52, 48, AUDIT_SLOT_SEED},
};

static const struct field device_fields[] = {
    {0, 2, AUDIT_DEVICE_NUMBER}, {2, 1, AUDIT_DEVICE_STATE},       {3, 5, AUDIT_DEVICE_RESERVED},
    {8, 32, AUDIT_DEVICE_KEY},   {40, 64, AUDIT_DEVICE_SIGNATURE},
};

static const uint8_t header_key[] = {'h', 'e', 'a', 'd', 'e', 'r', 0, 0};
static const uint8_t device_key[] = {'d', 'e', 'v', 'i', 'c', 'e'};
static const uint8_t release_key[] = {'l', 'e', 'd', 'g', 'e', 'r'};

static void mark_fields(struct walk *walk, struct view *view, size_t at, const struct field *fields,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        audit_view_mark(walk, view, at + fields[i].offset, fields[i].bytes, fields[i].class);
}

#define MARK_FIELDS(walk, view, at, fields)                                                        \
    mark_fields(walk, view, at, fields, sizeof(fields) / sizeof *(fields))

void audit_foreign_record(struct walk *walk, const struct node *node, enum audit_code code)
{
    struct view *view = node->view;
    const size_t value_bytes = node->big ? 0 : node->value_size;
    size_t at;

    audit_note_at(walk, code, AUDIT_UNACCOUNTED, view->page, node->key_at,
                  node->key_size + value_bytes);
    audit_view_mark_rest(view, node->key_at, node->key_size + value_bytes, AUDIT_UNACCOUNTED);
    for (uint64_t i = 0; node->big && i < big_pages(node->value_size); i++) {
        if (!audit_tree_big_page(walk, node, i, &at))
            return;
        audit_view_mark_rest(&walk->value, at, AUDIT_PAGE_BYTES - at, AUDIT_UNACCOUNTED);
        audit_view_account(walk, &walk->value);
    }
}

static bool is_named(const struct node *node, const char *name)
{
    return node->key_size == strlen(name) && memcmp(node->key, name, node->key_size) == 0;
}

void audit_main_record(struct walk *walk, const struct node *node)
{
    const bool is_store = is_named(node, "store"), is_tally = is_named(node, "tally");
    struct database database;

    if ((!is_store && !is_tally) || node->value_size != DATABASE_BYTES) {
        audit_foreign_record(walk, node, AUDIT_DATABASE_FOREIGN);
        return;
    }
    audit_view_mark(walk, node->view, node->key_at, node->key_size, AUDIT_NAME);
    audit_view_mark(walk, node->view, node->value_at, DATABASE_BYTES, AUDIT_TREE);
    audit_database_get(&database, node->view->bytes + node->value_at);
    const struct place place = {
        .page = node->view->page, .offset = (uint32_t)node->value_at, .bytes = DATABASE_BYTES};
    if (database.pad != 0 || database.flags != 0)
        audit_note(walk, AUDIT_DATABASE_FIELDS, AUDIT_TREE, &place);
    *(is_store ? &walk->has_store : &walk->has_tally) = true;
    *(is_store ? &walk->store : &walk->tally) = database;
    *(is_store ? &walk->store_place : &walk->tally_place) = place;
}

static void identify(struct walk *walk)
{
    struct audit_report *report = walk->report;
    struct keys_public public_keys;

    memcpy(report->store_id, walk->header + HEADER_AT_STORE_ID, KEYS_STORE_ID_BYTES);
    memcpy(public_keys.encryption, walk->header + HEADER_AT_ENCRYPTION_KEY, ELGAMAL_POINT_BYTES);
    memcpy(public_keys.signing, walk->header + HEADER_AT_SIGNING_KEY, KEYS_SIGNING_PUBLIC_BYTES);
    keys_fingerprint(report->fingerprint, report->store_id, &public_keys);
    report->format = base_get_u16(walk->header + HEADER_AT_FORMAT);
    report->draft = walk->header[HEADER_AT_DRAFT];
    report->threshold = walk->header[HEADER_AT_THRESHOLD];
    report->edition = base_get_u32(walk->header + HEADER_AT_EDITION);
    report->channels = walk->header[HEADER_AT_CHANNELS];
    report->parties = walk->header[HEADER_AT_PARTIES];
    report->ever_channels = walk->header[HEADER_AT_EVER_CHANNELS];
    report->ever_parties = walk->header[HEADER_AT_EVER_PARTIES];
    report->closed_through = base_get_u16(walk->header + HEADER_AT_CLOSED_THROUGH);
    report->identified = true;
}

static void header_record(struct walk *walk, const struct node *node)
{
    struct view *view = node->view;
    const uint8_t *bytes = view->bytes + node->value_at;

    audit_view_mark(walk, view, node->key_at, node->key_size, AUDIT_NAME);
    MARK_FIELDS(walk, view, node->value_at, header_fields);
    for (size_t i = 0; i < SLOTS; i++) {
        const size_t at = node->value_at + HEADER_AT_SLOTS + i * SLOT_BYTES;
        if (view->bytes[at] == 0)
            audit_view_mark(walk, view, at, SLOT_BYTES, AUDIT_SLOT_UNUSED);
        else
            MARK_FIELDS(walk, view, at, slot_fields);
    }
    walk->has_header = true;
    walk->header_place = (struct place){
        .page = view->page, .offset = (uint32_t)node->value_at, .bytes = HEADER_BYTES};
    memcpy(walk->header, bytes, HEADER_BYTES);
    identify(walk); /* what comes behind it is signed with the fingerprint */
}

static void device_record(struct walk *walk, const struct node *node)
{
    struct view *view = node->view;
    const uint16_t number = base_get_u16(node->key + sizeof device_key);

    audit_view_mark(walk, view, node->key_at, sizeof device_key, AUDIT_NAME);
    audit_view_mark(walk, view, node->key_at + sizeof device_key, 2, AUDIT_KEY);
    MARK_FIELDS(walk, view, node->value_at, device_fields);
    struct device_seen *device = &walk->devices[number];
    device->present = true;
    device->place = (struct place){.page = view->page,
                                   .offset = (uint32_t)node->value_at,
                                   .bytes = DEVICE_BYTES,
                                   .device = number};
    memcpy(device->bytes, view->bytes + node->value_at, DEVICE_BYTES);
}

/* A key of six letters and a number. */
static bool is_numbered(const struct node *node, const uint8_t name[NAME_BYTES], unsigned most)
{
    return node->key_size == NAME_BYTES + 2 && memcmp(node->key, name, NAME_BYTES) == 0 &&
           base_get_u16(node->key + NAME_BYTES) >= 1 &&
           base_get_u16(node->key + NAME_BYTES) <= most;
}

void audit_store_record(struct walk *walk, const struct node *node)
{
    const bool is_header =
        node->key_size == sizeof header_key && memcmp(node->key, header_key, node->key_size) == 0;
    const bool is_device = is_numbered(node, device_key, KEYS_MOST_DEVICES);
    const bool is_release = is_numbered(node, release_key, AUDIT_MOST_RELEASES);
    const size_t size = is_header ? HEADER_BYTES : is_device ? DEVICE_BYTES : RELEASE_BYTES;

    if (!is_header && !is_device && !is_release)
        audit_foreign_record(walk, node, AUDIT_RECORD_FOREIGN);
    else if (node->value_size != size)
        audit_foreign_record(walk, node, AUDIT_RECORD_SIZE);
    else if (is_header)
        header_record(walk, node);
    else if (is_release)
        audit_release_record(walk, node);
    else
        device_record(walk, node);
}

static void note_header(struct walk *walk, enum audit_code code, enum audit_class class,
                        size_t offset, size_t bytes)
{
    audit_note_at(walk, code, class, walk->header_place.page, walk->header_place.offset + offset,
                  bytes);
}

static void check_slots(struct walk *walk)
{
    for (size_t i = 0; i < SLOTS; i++) {
        const size_t at = HEADER_AT_SLOTS + i * SLOT_BYTES;
        const uint8_t *slot = walk->header + at;
        const struct keys_cost cost = {
            .passes = base_get_u32(slot + SLOT_AT_PASSES),
            .memory_kib = base_get_u32(slot + SLOT_AT_MEMORY),
        };
        if (slot[0] == 0)
            continue;
        walk->report->slots_used++;
        if (slot[0] != 1)
            note_header(walk, AUDIT_SLOT_FIELD, AUDIT_SLOT_STATE, at, 1);
        if (!keys_cost_is_allowed(cost))
            note_header(walk, AUDIT_SLOT_FIELD, AUDIT_SLOT_COST, at + SLOT_AT_PASSES, 8);
    }
}

static void check_offers(struct walk *walk)
{
    const struct audit_report *report = walk->report;

    if (report->channels == 0 || report->channels > 0x0f || report->parties == 0 ||
        report->parties > 0x07)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_OFFERED, HEADER_AT_CHANNELS, 2);
    if (report->ever_channels > 0x0f || report->ever_parties > 0x07 ||
        (report->channels & ~report->ever_channels) != 0 ||
        (report->parties & ~report->ever_parties) != 0)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_EVER_OFFERED, HEADER_AT_EVER_CHANNELS,
                    2);
}

static void check_fields(struct walk *walk)
{
    const struct audit_report *report = walk->report;
    const uint8_t *header = walk->header;

    if (memcmp(header, "TAVS", 4) != 0)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_MAGIC, 0, 4);
    if (report->format != FORMAT)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_FORMAT, HEADER_AT_FORMAT, 2);
    if (report->draft != DRAFT)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_DRAFT, HEADER_AT_DRAFT, 1);
    if (report->threshold < LEAST_THRESHOLD || report->threshold > MOST_THRESHOLD)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_THRESHOLD, HEADER_AT_THRESHOLD, 1);
    if (report->edition == 0)
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_EDITION, HEADER_AT_EDITION, 4);
    check_offers(walk);
    if (!audit_element_is_valid(header + HEADER_AT_ENCRYPTION_KEY))
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_ENCRYPTION_KEY, HEADER_AT_ENCRYPTION_KEY,
                    ELGAMAL_POINT_BYTES);
    if (report->closed_through != 0 &&
        (report->closed_through < BASE_FIRST_MONTH || report->closed_through > BASE_LAST_MONTH))
        note_header(walk, AUDIT_HEADER_FIELD, AUDIT_HEADER_CLOSED_THROUGH, HEADER_AT_CLOSED_THROUGH,
                    2);
}

static void check_header(struct walk *walk)
{
    static const uint8_t domain[DOMAIN_BYTES] = "tavs v3 header";
    const uint8_t *header = walk->header;
    uint8_t message[DOMAIN_BYTES + HEADER_AT_SIGNATURE];

    check_fields(walk);
    if (walk->report->releases != base_get_u16(header + HEADER_AT_RELEASES))
        note_header(walk, AUDIT_RELEASE_COUNT, AUDIT_HEADER_RELEASES, HEADER_AT_RELEASES, 2);
    if (memcmp(header + HEADER_AT_LEDGER_HEAD, walk->ledger_digest, KEYS_DIGEST_BYTES) != 0)
        note_header(walk, AUDIT_RELEASE_CHAIN, AUDIT_HEADER_LEDGER_HEAD, HEADER_AT_LEDGER_HEAD,
                    KEYS_DIGEST_BYTES);
    check_slots(walk);
    memcpy(message, domain, DOMAIN_BYTES);
    memcpy(message + DOMAIN_BYTES, header, HEADER_AT_SIGNATURE);
    if (!keys_verify(header + HEADER_AT_SIGNING_KEY, header + HEADER_AT_SIGNATURE, message,
                     sizeof message))
        note_header(walk, AUDIT_HEADER_FORGED, AUDIT_HEADER_SIGNATURE, HEADER_AT_SIGNATURE,
                    KEYS_SIGNATURE_BYTES);
}

static void check_device(struct walk *walk, uint16_t number)
{
    static const uint8_t domain[DOMAIN_BYTES] = "tavs v1 device";
    const struct device_seen *device = &walk->devices[number];
    const uint8_t state = device->bytes[DEVICE_AT_STATE];
    uint8_t message[DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + DEVICE_AT_SIGNATURE];

    if (base_get_u16(device->bytes) != number)
        audit_note(walk, AUDIT_DEVICE_FIELD, AUDIT_DEVICE_NUMBER, &device->place);
    if (state != 1 && state != 2)
        audit_note(walk, AUDIT_DEVICE_FIELD, AUDIT_DEVICE_STATE, &device->place);
    memcpy(message, domain, DOMAIN_BYTES);
    memcpy(message + DOMAIN_BYTES, walk->report->fingerprint, KEYS_FINGERPRINT_BYTES);
    memcpy(message + DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES, device->bytes, DEVICE_AT_SIGNATURE);
    if (!keys_verify(walk->header + HEADER_AT_SIGNING_KEY, device->bytes + DEVICE_AT_SIGNATURE,
                     message, sizeof message))
        audit_note(walk, AUDIT_DEVICE_FORGED, AUDIT_DEVICE_SIGNATURE, &device->place);
    walk->report->devices++;
    walk->report->devices_retired += state == 2;
}

void audit_contents_check(struct walk *walk)
{
    const struct place nowhere = {.page = AUDIT_NO_PAGE};
    uint16_t last = 0;

    if (walk->has_header) {
        check_header(walk);
    } else {
        audit_note(walk, AUDIT_HEADER_MISSING, AUDIT_HEADER_MAGIC, &nowhere);
    }
    for (uint16_t number = 1; number <= KEYS_MOST_DEVICES; number++) {
        if (!walk->devices[number].present)
            continue;
        if (number != last + 1)
            audit_note(walk, AUDIT_DEVICE_GAP, AUDIT_DEVICE_NUMBER, &walk->devices[number].place);
        last = number;
        check_device(walk, number);
    }
    if (last == 0)
        audit_note(walk, AUDIT_DEVICE_MISSING, AUDIT_DEVICE_NUMBER, &nowhere);
}
