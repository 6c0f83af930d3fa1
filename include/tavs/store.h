/* store: one encrypted file, LMDB inside. Lock, one transaction, durable commit, erase.
 *
 * A `struct store` is one operation: it is opened, used and closed, and it holds the file's lock
 * from store_open to store_close (shared to read, exclusive to write). What comes out of it has
 * been checked: the structure of the file before LMDB sees it, then every signature and every group
 * element.
 */
#ifndef TAVS_STORE_H
#define TAVS_STORE_H

#include "tavs/base.h"
#include "tavs/keys.h"
#include "tavs/record.h"

_Static_assert(__SIZEOF_POINTER__ == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "tavs runs on 64-bit little-endian machines only: LMDB writes a store in the words "
               "and the byte "
               "order of the machine, and a store must be readable on every one that has tavs");

struct store;

enum store_mode { STORE_READ, STORE_WRITE };

/* BASE_STORE_ON_NETWORK if a store that is made at `path` would lie where none is opened. */
enum base_code store_check_place(const char *path, struct base_error *error);

/* Creates a store with its header (edition 1, no releases, ever offered what it offers, whatever stands
 * there) and its first device, and that device's twelve rows of `year`.
 * The file comes into being whole, mode 0600, never over another (BASE_STORE_EXISTS). */
enum base_code store_create(const char *path, const struct record_header *header,
                            const struct keys_reader *reader, const struct record_device *device,
                            const struct keys_device *device_key, int year,
                            struct base_error *error);

/* Opens an existing store for one operation. Refusals: BASE_STORE_MISSING, _IS_LINK, _NOT_FILE,
 * _MODE, _ON_NETWORK, _EMPTY, _FOREIGN, _NEWER, _OLDER, _TRUNCATED, _DAMAGED, _BUSY (30 s without
 * the lock), BASE_HEADER_FORGED. */
enum base_code store_open(const char *path, enum store_mode mode, struct store **out,
                          struct base_error *error);

/* Ends the operation; what was not committed is as if it had never been. NULL is fine. */
void store_close(struct store *store);

/* Makes all changes durable in one step, then overwrites with zeros every byte of the file that is
 * no longer in use. BASE_NOT_ERASED: the changes are durable, the erasing failed. After any other
 * error nothing has changed. Only store_close may follow. */
enum base_code store_commit(struct store *store, struct base_error *error);

/* The header and the fingerprint, both owned by `store`. */
const struct record_header *store_header(const struct store *store);
const uint8_t *store_fingerprint(const struct store *store);

/* Replaces the header; signed with `reader`. The store itself raises the edition, adds what is offered to
 * what was ever offered, and keeps the number of releases and the ledger's head: what `header` says of these
 * four does not count. */
enum base_code store_put_header(struct store *store, const struct record_header *header,
                                const struct keys_reader *reader, struct base_error *error);

/* Device `number`; BASE_NO_SUCH_DEVICE if there is none. */
enum base_code store_get_device(struct store *store, uint16_t number, struct record_device *device,
                                struct base_error *error);
enum base_code store_put_device(struct store *store, const struct record_device *device,
                                const struct keys_reader *reader, struct base_error *error);

/* Adds the next release record, signed with `reader` and chained to the one before it, and the header that
 * tells of it. BASE_LEDGER_FULL. */
enum base_code store_add_piece(struct store *store, const uint8_t piece[RECORD_PIECE_BYTES],
                               const struct keys_reader *reader, struct base_error *error);

/* Opens release record `number`, from 1 to the header's `releases`. BASE_RELEASE_FORGED;
 * BASE_STORE_DAMAGED, also if it is not there, or is not chained to the one before it or, as the last, not
 * the ledger's head: if all of them open, the ledger is whole. `piece` should be guarded memory. */
enum base_code store_get_piece(struct store *store, uint16_t number,
                               const struct keys_reader *reader, uint8_t piece[RECORD_PIECE_BYTES],
                               struct base_error *error);

/* The digest of release record `number`. BASE_STORE_DAMAGED if it is not there. */
enum base_code store_piece_digest(struct store *store, uint16_t number,
                                  uint8_t digest[KEYS_DIGEST_BYTES], struct base_error *error);

/* How many devices there are; they are numbered from 1 without gaps, and beside them and the header there
 * are as many release records as the header says (BASE_STORE_DAMAGED if not). */
enum base_code store_count_devices(struct store *store, uint16_t *count, struct base_error *error);

/* The row of (month, device); *found is false, and nothing else happens, if it isn't there. */
enum base_code store_get_row(struct store *store, base_month month,
                             const struct record_device *device, struct record_row *row,
                             bool *found, struct base_error *error);
enum base_code store_put_row(struct store *store, const struct record_row *row,
                             const struct keys_device *device_key, struct base_error *error);

/* Creates a device's twelve rows of `year`: fresh encryptions of zero. */
enum base_code store_put_year(struct store *store, int year, const struct keys_device *device_key,
                              struct base_error *error);

/* What lies in the file: month and device of each row, in the order of the file. `visit` returns
 * BASE_OK to go on; anything else ends the walk and is returned. */
typedef enum base_code store_visit_row(void *context, base_month month, uint16_t device,
                                       struct base_error *error);
enum base_code store_each_row(struct store *store, store_visit_row *visit, void *context,
                              struct base_error *error);

/* Whether what belongs together is there: a row's device, and of a device's year all twelve rows or
 * none. Else BASE_STORE_DAMAGED. Does not look into the rows. */
enum base_code store_check_rows(struct store *store, struct base_error *error);

/* Writes a copy to `destination` (BASE_FILE_EXISTS if there is one), checks every record of the
 * copy, then gives it its name. */
enum base_code store_backup(const char *path, const char *destination, struct base_error *error);

#endif
