/* What each byte of a store's file is there for, read without LMDB and without the rooms' own page
 * reader: the tests' independent witness. And a search for what the file held earlier. */
#ifndef TESTS_FILEMAP_H
#define TESTS_FILEMAP_H

#include "support.h"

enum {
    FILEMAP_MOST_ROWS = 2048,
    FILEMAP_MOST_DEVICES = 64,
    FILEMAP_MOST_FREE = 64,
    FILEMAP_MOST_RELEASES = 4096
};

struct filemap_row {
    base_month month;
    uint16_t device;
    size_t at; /* where its RECORD_ROW_BYTES bytes begin */
};

struct filemap {
    uint8_t *bytes;
    size_t size;
    uint8_t *used;                            /* of each byte: whether a live structure needs it */
    uint64_t transaction, transaction_before; /* as the two meta pages number them */
    size_t header_at;
    size_t device_count, device_at[FILEMAP_MOST_DEVICES];
    size_t release_count, release_at[FILEMAP_MOST_RELEASES];
    size_t row_count;
    struct filemap_row rows[FILEMAP_MOST_ROWS]; /* in the order of their keys */
    unsigned tally_depth;
    size_t free_pages, free_records; /* of the free list */
    size_t free_key_at[FILEMAP_MOST_FREE];
};

/* Reads the file and fails the test unless its structure is sound: each page used once or free,
 * every record of the right size under a right key, keys in order. */
void filemap_read(struct filemap *map, const char *path);
void filemap_free(struct filemap *map);

/* Fails the test unless every byte that nothing needs is zero. */
void filemap_assert_clean(const struct filemap *map);

/* How many bytes are neither needed nor zero. */
size_t filemap_leftovers(const struct filemap *map);

/* The row's bytes. NULL if there is none. */
const uint8_t *filemap_find_row(const struct filemap *map, base_month month, uint16_t device);

/* ---- history --------------------------------------------------------------------------------- */

/* Samples of outdated records: eight bytes out of every 32. */
struct history;

/* Room for `most` samples; a row that changes has 122. */
struct history *history_new(size_t most);
void history_free(struct history *history);

/* Remembers a record of `size` bytes that `now` has replaced. What both have in common, and zeros,
 * are not remembered. */
void history_add(struct history *history, const uint8_t *before, const uint8_t *now, size_t size);

/* All records of `before` that differ in `now`. Both maps have the same rows or `now` has more. */
void history_add_changes(struct history *history, const struct filemap *before,
                         const struct filemap *now);

/* Fails the test if any sample stands anywhere in the file. */
void history_assert_absent(const struct history *history, const struct filemap *map);

#endif
