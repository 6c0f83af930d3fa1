/* record, fed with anything: no crash, and what is decoded is what was encoded.
 *
 *     clang -fsanitize=fuzzer,address,undefined ...     (libFuzzer)
 *
 * The first byte chooses the record, whether it comes as it is or brought to its right size, and as it
 * is or with a signature that holds, so that what lies behind both is reached too. tests/unit/test_record_fuzz.c
 * runs the same with inputs that are the same each time. */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/record.h"
#include "tavs/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIGNED = 1, SIZED = 2, RECORDS = 5, MONTH = 24204, DEVICE = 258 };

/* docs/format.md: what a signature covers before the record itself. */
enum {
    HEADER_SIGNATURE = 1056,
    HEADER_SIGNING_KEY = 64,
    DEVICE_SIGNATURE = 40,
    ROW_CELLS = 64,
    RELEASE_SIGNATURE = 4016,
    RELEASE_NUMBER = 257,
    PIECES_BYTES = 2 * RECORD_PIECE_BYTES,
};

static struct keys_reader *reader;
static struct keys_public public_keys;
static struct keys_device *device_key;
static struct record_device owner = {.number = DEVICE, .state = RECORD_DEVICE_ACTIVE};
static const uint8_t store_id[KEYS_STORE_ID_BYTES] = "fuzz", fingerprint[KEYS_FINGERPRINT_BYTES];

static void expect(bool fact)
{
    if (!fact)
        abort();
}

static void make_keys(void)
{
    struct base_error error;

    expect(sodium_init() >= 0 && keys_reader_new(&reader, &error) == BASE_OK &&
           keys_device_new(DEVICE, store_id, fingerprint, &device_key, &error) == BASE_OK);
    keys_reader_public(reader, &public_keys);
    memcpy(owner.signing_public, keys_device_public(device_key), sizeof owner.signing_public);
}

static void fuzz_header(uint8_t *bytes, size_t size, bool sign)
{
    struct record_header header;
    struct base_error error;
    uint8_t again[RECORD_HEADER_BYTES];

    if (sign && size == RECORD_HEADER_BYTES) {
        uint8_t message[KEYS_DOMAIN_BYTES + HEADER_SIGNATURE] = "tavs v3 header";

        memcpy(bytes + HEADER_SIGNING_KEY, public_keys.signing, sizeof public_keys.signing);
        memcpy(message + KEYS_DOMAIN_BYTES, bytes, HEADER_SIGNATURE);
        keys_reader_sign(reader, bytes + HEADER_SIGNATURE, message, sizeof message);
    }
    enum base_code code = record_header_decode(bytes, size, &header, &error);
    expect(!sign || size != RECORD_HEADER_BYTES || code != BASE_HEADER_FORGED);
    if (code != BASE_OK)
        return;
    record_header_encode(again, &header, reader);
    expect(memcmp(again, bytes, HEADER_SIGNATURE) == 0);
}

static void fuzz_device(uint8_t *bytes, size_t size, bool sign)
{
    struct record_device device;
    struct base_error error;
    uint8_t again[RECORD_DEVICE_BYTES];

    if (sign && size == RECORD_DEVICE_BYTES) {
        uint8_t message[KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + DEVICE_SIGNATURE] =
            "tavs v1 device";

        memcpy(message + KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES, bytes, DEVICE_SIGNATURE);
        keys_reader_sign(reader, bytes + DEVICE_SIGNATURE, message, sizeof message);
    }
    enum base_code code = record_device_decode(bytes, size, DEVICE, fingerprint,
                                               public_keys.signing, &device, &error);
    expect(!sign || code != BASE_DEVICE_FORGED);
    if (code != BASE_OK)
        return;
    record_device_encode(again, &device, fingerprint, reader);
    expect(memcmp(again, bytes, sizeof again) == 0);
}

static void fuzz_row(uint8_t *bytes, size_t size, bool sign)
{
    static struct record_row row;
    struct base_error error;
    uint8_t again[RECORD_ROW_BYTES];

    if (sign && size == RECORD_ROW_BYTES) {
        row.month = MONTH;
        row.device = DEVICE;
        memcpy(row.cells, bytes + ROW_CELLS, sizeof row.cells);
        record_row_encode(bytes, &row, store_id, device_key);
    }
    enum base_code code = record_row_decode(bytes, size, MONTH, &owner, store_id, &row, &error);
    expect(!sign || code != BASE_ROW_FORGED);
    if (code != BASE_OK)
        return;
    for (size_t i = 0; i < CODEBOOK_CELLS; i++)
        expect(elgamal_cell_is_valid(&row.cells[i]));
    record_row_encode(again, &row, store_id, device_key);
    expect(memcmp(again, bytes, sizeof again) == 0);
}

/* A release record; signed, it is sealed anew from what there is, and must open to just that. */
static void fuzz_piece(uint8_t *bytes, size_t size, bool sign)
{
    struct base_error error;
    uint8_t plain[RECORD_PIECE_BYTES], piece[RECORD_PIECE_BYTES], previous[KEYS_DIGEST_BYTES];

    if (sign && size == RECORD_RELEASE_BYTES) {
        memcpy(previous, bytes, sizeof previous);
        memcpy(plain, bytes + sizeof previous, sizeof plain);
        record_piece_seal(bytes, plain, RELEASE_NUMBER, previous, fingerprint, reader);
    }
    enum base_code code =
        record_piece_check(bytes, size, RELEASE_NUMBER, fingerprint, public_keys.signing, &error);
    if (size != RECORD_RELEASE_BYTES) {
        expect(code == BASE_STORE_DAMAGED);
        return;
    }
    expect(code == (sign ? BASE_OK : BASE_RELEASE_FORGED));
    code = record_piece_open(bytes, RELEASE_NUMBER, fingerprint, reader, piece, &error);
    expect(code == (sign ? BASE_OK : BASE_STORE_DAMAGED));
    expect(!sign || (memcmp(plain, piece, sizeof piece) == 0 &&
                     memcmp(record_piece_previous(bytes), previous, sizeof previous) == 0));
}

/* What the reader's own key sealed, as pieces: one that is taken is written again just as it is. With the
 * flag the heads of the pieces are put right. */
static void fuzz_release(uint8_t *bytes, size_t size, bool right)
{
    struct record_release *release;
    struct base_error error;
    const size_t given = size / RECORD_PIECE_BYTES;
    size_t count;

    for (size_t i = 0; right && i < given; i++) {
        base_put_u16(bytes + i * RECORD_PIECE_BYTES, (uint16_t)(i + 1));
        base_put_u16(bytes + i * RECORD_PIECE_BYTES + 2, (uint16_t)given);
    }
    if (given == 0 || record_release_measure(bytes, RELEASE_NUMBER, &count, &error) != BASE_OK ||
        count > given ||
        record_release_decode(bytes, count, RELEASE_NUMBER, &release, &error) != BASE_OK)
        return;
    uint8_t *again = calloc(count, RECORD_PIECE_BYTES);
    expect(again != NULL && record_release_pieces(release) == count);
    record_release_encode(again, release);
    expect(memcmp(again, bytes, count * RECORD_PIECE_BYTES) == 0);
    free(again);
    secret_free(release);
}

typedef void fuzz_record(uint8_t *bytes, size_t size, bool sign);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_record *const fuzz[RECORDS] = {fuzz_header, fuzz_device, fuzz_row, fuzz_piece,
                                               fuzz_release};
    static const size_t sizes[RECORDS] = {RECORD_HEADER_BYTES, RECORD_DEVICE_BYTES,
                                          RECORD_ROW_BYTES, RECORD_RELEASE_BYTES, PIECES_BYTES};

    if (reader == NULL)
        make_keys();
    if (size == 0)
        return 0;
    size_t record = data[0] / 4 % RECORDS, given = size - 1;
    size_t used = (data[0] & SIZED) != 0 ? sizes[record] : given;
    /* A block of just that size, so that a read past its end is noticed. */
    uint8_t *bytes = calloc(used + (used == 0), 1);
    expect(bytes != NULL);
    memcpy(bytes, data + 1, given < used ? given : used);
    fuzz[record](bytes, used, (data[0] & SIGNED) != 0);
    free(bytes);
    return 0;
}
