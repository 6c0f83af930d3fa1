#include "book.h"

#include <sodium.h>
#include <string.h>

#include "scratch.h"

struct book book;

/* docs/format.md: where the signatures begin, or what they cover does. */
enum { HEADER_SIGNATURE = 1056, DEVICE_SIGNATURE = 40, ROW_CELLS = 64 };

int book_load(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *device = trial_get(format, "device"), *row = trial_get(format, "row");

    if (sodium_init() < 0 || scratch_enter(state) != 0)
        return -1;
    book.reader = sample_reader(trial_get(format, "reader"));
    book.public_keys = sample_public(trial_get(format, "reader"));
    book.device_key = sample_device();
    trial_bytes(trial_get(format, "store"), "store_id", book.store_id, sizeof book.store_id);
    trial_bytes(trial_get(format, "store"), "fingerprint", book.fingerprint,
                sizeof book.fingerprint);
    trial_bytes(trial_get(format, "store"), "header", book.header, sizeof book.header);
    trial_bytes(device, "active", book.device, sizeof book.device);
    trial_bytes(device, "retired", book.retired_device, sizeof book.retired_device);
    trial_bytes(row, "record", book.row, sizeof book.row);
    book.month = (base_month)trial_number(row, "month");
    book.owner.number = (uint16_t)trial_number(device, "number");
    book.owner.state = RECORD_DEVICE_ACTIVE;
    trial_bytes(device, "public", book.owner.signing_public, sizeof book.owner.signing_public);
    json_decref(format);
    return scratch_leave(state);
}

int book_unload(void **state)
{
    (void)state;
    keys_reader_free(book.reader);
    keys_device_free(book.device_key);
    return 0;
}

/* ---- signing ---------------------------------------------------------------------------------- */

static uint8_t *append(uint8_t *to, const void *bytes, size_t size)
{
    memcpy(to, bytes, size);
    return to + size;
}

void book_sign_header(uint8_t bytes[RECORD_HEADER_BYTES])
{
    uint8_t message[KEYS_DOMAIN_BYTES + HEADER_SIGNATURE] = "tavs v3 header";

    append(message + KEYS_DOMAIN_BYTES, bytes, HEADER_SIGNATURE);
    keys_reader_sign(book.reader, bytes + HEADER_SIGNATURE, message, sizeof message);
}

void book_sign_device(uint8_t bytes[RECORD_DEVICE_BYTES])
{
    uint8_t message[KEYS_DOMAIN_BYTES + KEYS_FINGERPRINT_BYTES + DEVICE_SIGNATURE] =
        "tavs v1 device";

    append(append(message + KEYS_DOMAIN_BYTES, book.fingerprint, sizeof book.fingerprint), bytes,
           DEVICE_SIGNATURE);
    keys_reader_sign(book.reader, bytes + DEVICE_SIGNATURE, message, sizeof message);
}

void book_sign_row(uint8_t bytes[RECORD_ROW_BYTES])
{
    uint8_t message[KEYS_DOMAIN_BYTES + KEYS_STORE_ID_BYTES + 4 + RECORD_ROW_BYTES - ROW_CELLS] =
        "tavs v1 row";
    uint8_t *to = append(message + KEYS_DOMAIN_BYTES, book.store_id, sizeof book.store_id);

    base_put_u16(to, book.month);
    base_put_u16(to + 2, book.owner.number);
    append(to + 4, bytes + ROW_CELLS, RECORD_ROW_BYTES - ROW_CELLS);
    keys_device_sign(book.device_key, bytes, message, sizeof message);
}

/* ---- decoding --------------------------------------------------------------------------------- */

enum { UNTOUCHED = 0x5a };

/* Runs `call` on a structure filled with a pattern; fails if a failure changed it. */
#define DECODE(structure, call)                                                                    \
    do {                                                                                           \
        memset(structure, UNTOUCHED, sizeof *(structure));                                         \
        code = call;                                                                               \
        if (code != BASE_OK) {                                                                     \
            assert_int_equal(error.code, code);                                                    \
            for (size_t i = 0; i < sizeof *(structure); i++)                                       \
                assert_int_equal(((const uint8_t *)(structure))[i], UNTOUCHED);                    \
        }                                                                                          \
    } while (0)

enum base_code book_decode_header(const uint8_t *bytes, size_t size, struct record_header *header)
{
    struct base_error error;
    enum base_code code;

    DECODE(header, record_header_decode(bytes, size, header, &error));
    return code;
}

enum base_code book_decode_device(const uint8_t *bytes, size_t size, struct record_device *device)
{
    struct base_error error;
    enum base_code code;

    DECODE(device, record_device_decode(bytes, size, book.owner.number, book.fingerprint,
                                        book.public_keys.signing, device, &error));
    return code;
}

enum base_code book_decode_row(const uint8_t *bytes, size_t size, struct record_row *row)
{
    struct base_error error;
    enum base_code code;

    DECODE(row,
           record_row_decode(bytes, size, book.month, &book.owner, book.store_id, row, &error));
    return code;
}
