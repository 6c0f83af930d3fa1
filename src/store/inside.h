/* Inside of store: what an operation holds. The only header that includes lmdb.h. */
#ifndef TAVS_STORE_INSIDE_H
#define TAVS_STORE_INSIDE_H

#include <lmdb.h>

#include "tavs/store.h"

struct store {
    enum store_mode mode;
    int descriptor; /* holds the lock */
    bool owns_descriptor;
    MDB_env *environment;
    MDB_txn *transaction; /* NULL once committed */
    MDB_dbi store, tally;
    struct record_header header;
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
};

/* Opens the environment at `path`, whose file is `descriptor`, and begins the transaction.
 * `descriptor` stays the caller's. With `create` the two databases are made. */
enum base_code store_begin(const char *path, int descriptor, enum store_mode mode, bool create,
                           struct store **out, struct base_error *error);

/* Reads the header and checks it: the first thing after store_begin on what exists. */
enum base_code store_read_header(struct store *store, struct base_error *error);

/* Every record of the store is there, well formed and signed. */
enum base_code store_verify(struct store *store, struct base_error *error);

/* Puts a record; reads one, which lies in LMDB's map until the transaction ends, and returns what LMDB does. */
enum base_code store_put_bytes(struct store *store, MDB_dbi database, const uint8_t *key,
                               size_t key_size, const uint8_t *bytes, size_t size,
                               struct base_error *error);
int store_get_bytes(struct store *store, MDB_dbi database, const uint8_t *key, size_t key_size,
                    MDB_val *data);

/* Puts the next edition of the header, with the ledger as `header` has it. */
enum base_code store_write_header(struct store *store, const struct record_header *header,
                                  const struct keys_reader *reader, struct base_error *error);

/* Release record `number`, unchecked; BASE_STORE_DAMAGED if it is not there. */
enum base_code store_find_piece(struct store *store, uint16_t number, MDB_val *data,
                                struct base_error *error);

/* Every release record is there, signed, and in the chain that ends at the header's head. */
enum base_code store_check_ledger(struct store *store, struct base_error *error);

/* The error of an LMDB call that returned `result` (not MDB_SUCCESS). */
enum base_code store_fail(int result, const char *what, struct base_error *error);

/* The same of what was to be written. */
enum base_code store_fail_write(int result, struct base_error *error);

/* Opens the file at `path` and takes its lock, after all refusals that need no look inside. */
enum base_code store_open_file(const char *path, enum store_mode mode, int *descriptor,
                               struct base_error *error);

#endif
