/* For tests of record: the records of tests/vectors/format.json, and records signed anew after they
 * were changed. */
#ifndef TAVS_TESTS_BOOK_H
#define TAVS_TESTS_BOOK_H

#include "sample.h"
#include "tavs/record.h"

struct book {
    struct keys_reader *reader;
    struct keys_device *device_key;
    struct keys_public public_keys;
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    uint8_t header[RECORD_HEADER_BYTES];
    uint8_t device[RECORD_DEVICE_BYTES], retired_device[RECORD_DEVICE_BYTES];
    uint8_t row[RECORD_ROW_BYTES];
    base_month month;
    struct record_device owner; /* of the row */
};

extern struct book book;

/* cmocka's group setup and teardown: fills and frees `book`. */
int book_load(void **state);
int book_unload(void **state);

/* Put the right signature on bytes of the book's store that may be anything else but right. */
void book_sign_header(uint8_t bytes[RECORD_HEADER_BYTES]);
void book_sign_device(uint8_t bytes[RECORD_DEVICE_BYTES]);
void book_sign_row(uint8_t bytes[RECORD_ROW_BYTES]);

/* Decode as the book's store would; what comes out is checked to be untouched on failure. */
enum base_code book_decode_header(const uint8_t *bytes, size_t size, struct record_header *header);
enum base_code book_decode_device(const uint8_t *bytes, size_t size, struct record_device *device);
enum base_code book_decode_row(const uint8_t *bytes, size_t size, struct record_row *row);

#endif
