/* A header and its key slots, altered in any way. No crash; without the reader's signature no altered header is
 * taken; with it, a passphrase opens its slot if all that the slot vouches for is as it was, and only then: one
 * bit in the slot, its place, or the store that it belongs to, and it stays shut.
 *
 * The first byte says what is done: signed anew (1), the rest being a whole header instead of changes to one
 * (2), two slots exchanged (4). A change is an offset in two bytes and what is put there by exclusive or. Argon2id is
 * replaced by something quick. */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "keys/reader.h"
#include "tavs/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIGNED = 1, WHOLE = 2, EXCHANGED = 4, CHANGE_BYTES = 3 };

/* docs/format.md, section 4. */
enum { AT_STORE_ID = 16, AT_KEYS = 32, AT_SLOTS = 256, SLOT_BYTES = 100, AT_SIGNATURE = 1056 };

static const struct {
    const char *passphrase;
    unsigned slot;
} people[] = {{"the leader's passphrase", 0}, {"the auditor's passphrase", 5}};
enum { PEOPLE = sizeof people / sizeof *people };

static struct keys_reader *reader;
static uint8_t original[RECORD_HEADER_BYTES];

static void expect(bool fact)
{
    if (!fact)
        abort();
}

int crypto_pwhash(unsigned char *out, unsigned long long size, const char *passphrase,
                  unsigned long long length, const unsigned char *salt, unsigned long long passes,
                  size_t memory, int algorithm)
{
    (void)passes;
    (void)memory;
    (void)algorithm;
    return crypto_generichash(out, (size_t)size, (const unsigned char *)passphrase, length, salt,
                              crypto_pwhash_SALTBYTES);
}

static void make_original(void)
{
    static const uint8_t seed[KEYS_SEED_BYTES] = "a seed that all runs share";
    struct record_header header = {
        .edition = 1,
        .threshold = RECORD_THRESHOLD,
        .store_id = "fuzz",
        .channels = CODEBOOK_ALL_CHANNELS,
        .parties = CODEBOOK_ALL_PARTIES,
        .ever_channels = CODEBOOK_ALL_CHANNELS,
        .ever_parties = CODEBOOK_ALL_PARTIES,
    };
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    struct base_error error;
    expect(sodium_init() >= 0 && keys_reader_from_seed(seed, &reader, &error) == BASE_OK);
    keys_reader_public(reader, &header.public_keys);
    keys_fingerprint(fingerprint, header.store_id, &header.public_keys);
    for (size_t i = 0; i < PEOPLE; i++)
        expect(keys_slot_wrap(&header.slots[people[i].slot], people[i].slot, fingerprint, reader,
                              people[i].passphrase, keys_cost_interactive, &error) == BASE_OK);
    record_header_encode(original, &header, reader);
}

static void sign(uint8_t *bytes)
{
    uint8_t message[KEYS_DOMAIN_BYTES + AT_SIGNATURE] = "tavs v3 header";
    memcpy(message + KEYS_DOMAIN_BYTES, bytes, AT_SIGNATURE);
    keys_reader_sign(reader, bytes + AT_SIGNATURE, message, sizeof message);
}

/* Changes the original as the input says; what it has no room for is left out. */
static void change(uint8_t *bytes, uint8_t how, const uint8_t *data, size_t size)
{
    memcpy(bytes, original, RECORD_HEADER_BYTES);
    if ((how & EXCHANGED) != 0 && size >= 2) {
        uint8_t kept[SLOT_BYTES];
        uint8_t *one = bytes + AT_SLOTS + (size_t)(data[0] % KEYS_SLOTS) * SLOT_BYTES;
        uint8_t *other = bytes + AT_SLOTS + (size_t)(data[1] % KEYS_SLOTS) * SLOT_BYTES;
        memcpy(kept, one, SLOT_BYTES);
        memmove(one, other, SLOT_BYTES);
        memcpy(other, kept, SLOT_BYTES);
        data += 2;
        size -= 2;
    }
    for (; size >= CHANGE_BYTES; data += CHANGE_BYTES, size -= CHANGE_BYTES)
        bytes[base_get_u16(data) % RECORD_HEADER_BYTES] ^= data[2];
}

static bool same(const uint8_t *bytes, size_t at, size_t size)
{
    return memcmp(bytes + at, original + at, size) == 0;
}

static void check_slots(const uint8_t *bytes, const struct record_header *header)
{
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    keys_fingerprint(fingerprint, header->store_id, &header->public_keys);
    const bool same_store = same(bytes, AT_STORE_ID, AT_KEYS - AT_STORE_ID) &&
                            same(bytes, AT_KEYS, sizeof header->public_keys);
    for (size_t i = 0; i < PEOPLE; i++) {
        struct keys_reader *opened = NULL;
        struct base_error error = {0};
        unsigned number = KEYS_SLOTS;
        const bool intact =
            same_store && same(bytes, AT_SLOTS + people[i].slot * SLOT_BYTES, SLOT_BYTES);
        const enum base_code code =
            keys_slots_open(header->slots, fingerprint, &header->public_keys, people[i].passphrase,
                            &opened, &number, &error);
        expect(code == (intact ? BASE_OK : BASE_WRONG_PASSPHRASE));
        expect((opened != NULL) == intact && (!intact || number == people[i].slot));
        expect(!intact || memcmp(opened->seed, reader->seed, KEYS_SEED_BYTES) == 0);
        keys_reader_free(opened);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record_header header;
    struct base_error error = {0};
    if (reader == NULL)
        make_original();
    if (size == 0)
        return 0;
    const uint8_t how = data[0];
    const size_t used = (how & WHOLE) != 0 ? size - 1 : RECORD_HEADER_BYTES;
    /* A block of just that size, so that a read past its end is noticed. */
    uint8_t *bytes = malloc(used + (used == 0));
    expect(bytes != NULL);
    if ((how & WHOLE) != 0)
        memcpy(bytes, data + 1, used);
    else
        change(bytes, how, data + 1, size - 1);
    if ((how & SIGNED) != 0 && used == RECORD_HEADER_BYTES)
        sign(bytes);
    const enum base_code code = record_header_decode(bytes, used, &header, &error);
    if (code == BASE_OK) {
        expect((how & SIGNED) != 0 || same(bytes, 0, RECORD_HEADER_BYTES) || (how & WHOLE) != 0);
        check_slots(bytes, &header);
    } else {
        expect(error.code == code && code >= BASE_STORE_FOREIGN && code <= BASE_SLOT_COST);
    }
    free(bytes);
    return 0;
}
