/* A writer of stores for the audit's tests: after docs/format.md, with LMDB and libsodium only, so that
 * what the audit takes for granted is not what the program happens to write. Every function ends the
 * test program if it fails. */
#ifndef AUDIT_WRITER_H
#define AUDIT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WRITER_HEADER_BYTES = 1120,
    WRITER_DEVICE_BYTES = 104,
    WRITER_ROW_BYTES = 3904,
    WRITER_RELEASE_BYTES = 4080,
    WRITER_MOST_DEVICES = 100,
};

struct writer {
    char path[512];
    unsigned devices; /* that are enrolled */
    unsigned active;  /* of them have rows: the first ones */
    int first_year, years;
    unsigned slots;

    uint8_t reader_secret[64];
    uint8_t device_secret[WRITER_MOST_DEVICES + 1][64];
    uint8_t header[WRITER_HEADER_BYTES];
    uint8_t device[WRITER_MOST_DEVICES + 1][WRITER_DEVICE_BYTES]; /* by number */
};

/* Draws all keys and prepares the records. */
void writer_init(struct writer *writer, const char *path, unsigned devices, unsigned active,
                 int first_year, int years, unsigned slots);

/* Sign the record as it stands. */
void writer_sign_header(struct writer *writer);
void writer_sign_device(struct writer *writer, unsigned number);

/* Makes a row of random cells, signed by the device. */
void writer_make_row(const struct writer *writer, uint16_t month, uint16_t device,
                     uint8_t row[WRITER_ROW_BYTES]);
void writer_sign_row(const struct writer *writer, uint16_t month, uint16_t device,
                     uint8_t row[WRITER_ROW_BYTES]);

/* Makes a release record of random bytes that follows the one that the header tells of, signed by the
 * reader; and lets the header tell of it, unsigned. */
void writer_make_release(const struct writer *writer, uint16_t number,
                         uint8_t release[WRITER_RELEASE_BYTES]);
void writer_tell_release(struct writer *writer, uint16_t number,
                         const uint8_t release[WRITER_RELEASE_BYTES]);
void writer_sign_release(const struct writer *writer, uint16_t number,
                         uint8_t release[WRITER_RELEASE_BYTES]);

/* Keys. */
void writer_row_key(uint16_t month, uint16_t device, uint8_t key[4]);
void writer_device_key(uint16_t number, uint8_t key[8]);
void writer_release_key(uint16_t number, uint8_t key[8]);

/* Makes the file with all its records in one transaction, and erases. */
void writer_create(struct writer *writer);

/* Puts one record in a transaction of its own, and erases. A database of NULL is the main one. */
void writer_put(const struct writer *writer, const char *database, const void *key, size_t key_size,
                const void *value, size_t size);

/* Removes one record. */
void writer_remove(const struct writer *writer, const char *database, const void *key,
                   size_t key_size);

/* Adds release records up to this number, and the header that tells of them. */
void writer_put_releases(struct writer *writer, uint16_t count);

/* Rewrites a row. */
void writer_update(const struct writer *writer, uint16_t month, uint16_t device);

/* Rewrites all rows in one transaction, and erases. */
void writer_update_all(const struct writer *writer);

/* Rewrites rows as programs usually do: `rounds` of them in one environment, nothing erased. */
void writer_update_plain(const struct writer *writer, unsigned rounds);

/* Overwrites with zeros whatever is not in use, and sets LMDB's transaction numbers back. */
void writer_erase(const struct writer *writer);

#endif
