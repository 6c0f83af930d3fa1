/* record: bytes to structures and back. No input, no output: what comes in is not trusted.
 *
 * The layouts stand in docs/format.md; every field of every record has a fixed size.
 */
#ifndef TAVS_RECORD_H
#define TAVS_RECORD_H

#include "tavs/base.h"
#include "tavs/codebook.h"
#include "tavs/counts.h"
#include "tavs/elgamal.h"
#include "tavs/keys.h"

enum {
    RECORD_FORMAT = 3,
    RECORD_DRAFT = 1, /* of the format; 0 when it is final. No other draft is read */
    RECORD_HEADER_BYTES = 1120,
    RECORD_DEVICE_BYTES = 104,
    RECORD_ROW_BYTES = KEYS_SIGNATURE_BYTES + CODEBOOK_CELLS * ELGAMAL_CELL_BYTES,
    RECORD_STORE_KEY_BYTES = 8, /* keys of the database "store" */
    RECORD_ROW_KEY_BYTES = 4,   /* keys of the database "tally" */

    RECORD_LEAST_THRESHOLD = 3,
    RECORD_THRESHOLD = 5, /* the default */
    RECORD_MOST_THRESHOLD = 20,

    RECORD_RELEASE_BYTES = 4080, /* as much as stands on a page of its own */
    RECORD_PIECE_BYTES =
        RECORD_RELEASE_BYTES - KEYS_DIGEST_BYTES - KEYS_SEAL_BYTES - KEYS_SIGNATURE_BYTES,
    RECORD_MOST_RELEASES = 4096, /* records of releases, numbered from 1 */
    RECORD_MOST_PLACES = 32,
    RECORD_MOST_PERIODS = 200,
    RECORD_MOST_FIGURES = 20000,
};

struct record_header {
    uint32_t edition;  /* from 1 on, one more at each change of the header */
    uint8_t threshold; /* RECORD_LEAST_THRESHOLD .. RECORD_MOST_THRESHOLD */
    uint8_t store_id[KEYS_STORE_ID_BYTES];
    codebook_set channels, parties;           /* what the place offers; neither is empty */
    codebook_set ever_channels, ever_parties; /* and what it has ever offered: these and more */
    base_month closed_through; /* this month and all before it are complete; 0: none is */
    uint16_t releases;         /* records of releases in the store */
    uint8_t ledger_head[KEYS_DIGEST_BYTES]; /* digest of the last of them; zero if there is none */
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

/* ---- releases ---- */

/* A figure of a release: which contacts it adds up, whether it was shown or hidden, and, if it was
 * shown, what it told. */
struct record_figure {
    struct cell_set cells; /* places: bit i for place i of the release */
    bool shown;
    int64_t value; /* if it is shown, 0 to 2^32 - 1; of a hidden one nothing is kept: 0 */
};

/* What a place had ever offered when it was released: neither is empty. */
struct record_offer {
    codebook_set channels, parties;
};

/* What the ledger keeps of a release: what was published, and which figures of it were hidden. */
struct record_release {
    base_month month;  /* in which it was issued */
    uint16_t number;   /* from 1 on, in the order in which the store's releases were recorded */
    uint16_t corrects; /* 0, or the number of the release that this is a corrected edition of */
    uint8_t edition;   /* 1, or of a corrected one 2 and more */
    uint8_t threshold;
    size_t place_count, period_count, figure_count; /* none is 0 */
    uint8_t (*places)[KEYS_STORE_ID_BYTES];         /* store ids: its own, then the others' by id */
    struct record_offer *offers;                    /* of each place; the layout is made of them */
    struct base_period *periods;
    struct record_figure *figures; /* in the order in which they were released, none twice */
};

/* Keys. */
void record_header_key(uint8_t key[RECORD_STORE_KEY_BYTES]);
void record_device_key(uint8_t key[RECORD_STORE_KEY_BYTES], uint16_t number);
void record_release_key(uint8_t key[RECORD_STORE_KEY_BYTES], uint16_t number);
void record_row_key(uint8_t key[RECORD_ROW_KEY_BYTES], base_month month, uint16_t device);

/* Header: encoding signs with the reader's key; it is of the format RECORD_FORMAT. */
void record_header_encode(uint8_t bytes[RECORD_HEADER_BYTES], const struct record_header *header,
                          const struct keys_reader *reader);

/* Whether a header begins here, of the format and draft that is known: BASE_STORE_FOREIGN,
 * BASE_STORE_NEWER, BASE_STORE_OLDER. What it reads stays in its place in every format. */
enum base_code record_header_check_format(const uint8_t *bytes, size_t size,
                                          struct base_error *error);

/* Refuses, in this order: what is not a header (BASE_STORE_FOREIGN), a later format
 * (BASE_STORE_NEWER) or an earlier one (BASE_STORE_OLDER), a field out of range or reserved bytes that are not zero
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

/* Release: written as one run of bytes, which is cut into pieces of one size; each piece is sealed for
 * the reader and signed, and is a record. */

/* The number of pieces. */
size_t record_release_pieces(const struct record_release *release);

/* Writes all pieces, one behind the other; what is left of the last one is zero. `pieces` should be
 * guarded memory. */
void record_release_encode(uint8_t *pieces, const struct record_release *release);

/* Says of a first piece how many there are in all. BASE_STORE_DAMAGED if it is not one. `number` is the
 * one its record was found under. */
enum base_code record_release_measure(const uint8_t piece[RECORD_PIECE_BYTES], uint16_t number,
                                      size_t *pieces, struct base_error *error);

/* Reads a release from all its pieces, one behind the other. BASE_STORE_DAMAGED if a piece is not the
 * one that belongs there, a field is out of range, a figure is there twice, a hidden one has a value or a
 * byte that is not in use is not zero; BASE_NO_MEMORY. `*out` is in guarded memory: freed with secret_free. */
enum base_code record_release_decode(const uint8_t *pieces, size_t count, uint16_t number,
                                     struct record_release **out, struct base_error *error);

/* A release in guarded memory with room for so many, all of it zero. Freed with secret_free. */
enum base_code record_release_new(size_t places, size_t periods, size_t figures,
                                  struct record_release **out, struct base_error *error);

/* The record of a piece, which says what digest the record before it has: `previous`, all zero for the
 * first. */
void record_piece_seal(uint8_t bytes[RECORD_RELEASE_BYTES], const uint8_t piece[RECORD_PIECE_BYTES],
                       uint16_t number, const uint8_t previous[KEYS_DIGEST_BYTES],
                       const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                       const struct keys_reader *reader);

/* The digest of a record, and the digest that it says of the one before it. */
void record_piece_digest(const uint8_t bytes[RECORD_RELEASE_BYTES],
                         uint8_t digest[KEYS_DIGEST_BYTES]);
const uint8_t *record_piece_previous(const uint8_t bytes[RECORD_RELEASE_BYTES]);

/* What anybody can check of a record by itself: size and signature. BASE_STORE_DAMAGED, BASE_RELEASE_FORGED. */
enum base_code record_piece_check(const uint8_t *bytes, size_t size, uint16_t number,
                                  const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                  const uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES],
                                  struct base_error *error);

/* Opens a record that has been checked. BASE_STORE_DAMAGED if it does not open. */
enum base_code record_piece_open(const uint8_t bytes[RECORD_RELEASE_BYTES], uint16_t number,
                                 const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                                 const struct keys_reader *reader,
                                 uint8_t piece[RECORD_PIECE_BYTES], struct base_error *error);

#endif
