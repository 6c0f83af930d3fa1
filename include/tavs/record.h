/* record: bytes to structures and back. No input, no output: what comes in is not trusted.
 *
 * The layouts stand in docs/format.md; every field of every record has a fixed size.
 */
#ifndef TAVS_RECORD_H
#define TAVS_RECORD_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/elgamal.h"
#include "tavs/keys.h"

enum {
    RECORD_FORMAT = 1,
    RECORD_HEADER_BYTES = 992,
    RECORD_DEVICE_BYTES = 104,
    RECORD_ROW_BYTES = KEYS_SIGNATURE_BYTES + CODEBOOK_CELLS * ELGAMAL_CELL_BYTES,
    RECORD_STORE_KEY_BYTES = 8, /* keys of the database "store" */
    RECORD_ROW_KEY_BYTES = 4,   /* keys of the database "tally" */
};

struct record_header {
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    codebook_set channels, parties; /* what the place offers; neither is empty */
    base_month closed_through;      /* this month and all before it are complete; 0: none is */
    struct keys_public public_keys;
    struct keys_slot slots[KEYS_SLOTS];
};

enum record_device_state { RECORD_DEVICE_ACTIVE = 1, RECORD_DEVICE_RETIRED = 2 };

struct record_device {
    uint16_t number; /* 1..KEYS_MOST_DEVICES */
    enum record_device_state state;
    uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES];
};

struct record_row {
    base_month month;
    uint16_t device;
    struct elgamal_cell cells[CODEBOOK_CELLS];
};

/* Keys. */
void record_header_key(uint8_t key[RECORD_STORE_KEY_BYTES]);
void record_device_key(uint8_t key[RECORD_STORE_KEY_BYTES], uint16_t number);
void record_row_key(uint8_t key[RECORD_ROW_KEY_BYTES], base_month month, uint16_t device);

/* Header: encoding signs with the reader's key. */
void record_header_encode(uint8_t bytes[RECORD_HEADER_BYTES], const struct record_header *header,
                          const struct keys_reader *reader);

/* Refuses, in this order: what is not a header (BASE_STORE_FOREIGN), a later format
 * (BASE_STORE_NEWER), a field out of range or reserved bytes that are not zero
 * (BASE_STORE_DAMAGED), a slot that asks for a cost that is not allowed (BASE_SLOT_COST), a
 * signature that does not hold (BASE_HEADER_FORGED). */
enum base_code record_header_decode(const uint8_t *bytes, size_t size, struct record_header *header,
                                    struct base_error *error);

/* Device: encoding signs with the reader's key. */
void record_device_encode(uint8_t bytes[RECORD_DEVICE_BYTES], const struct record_device *device,
                          const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                          const struct keys_reader *reader);

/* `number` is the one the record was found under. BASE_STORE_DAMAGED, BASE_DEVICE_FORGED. */
enum base_code record_device_decode(const uint8_t *bytes, size_t size, uint16_t number,
                                    const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                    const uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES],
                                    struct record_device *device, struct base_error *error);

/* Row: encoding signs with the device's key. */
void record_row_encode(uint8_t bytes[RECORD_ROW_BYTES], const struct record_row *row,
                       const uint8_t store_id[KEYS_STORE_ID_BYTES],
                       const struct keys_device *device);

/* Checks the signature (BASE_ROW_FORGED) and every group element (BASE_CELL_DAMAGED). `month` and
 * `device` are those of the key that the row was found under. */
enum base_code record_row_decode(const uint8_t *bytes, size_t size, base_month month,
                                 const struct record_device *device,
                                 const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                 struct record_row *row, struct base_error *error);

#endif
