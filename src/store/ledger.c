/* The records of releases: a chain, whose head is in the header. */
#include <string.h>

#include "inside.h"

enum base_code store_find_piece(struct store *store, uint16_t number, MDB_val *data,
                                struct base_error *error)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];

    record_release_key(key, number);
    int result = store_get_bytes(store, store->store, key, sizeof key, data);
    if (result == MDB_NOTFOUND)
        return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    if (result != MDB_SUCCESS)
        return store_fail(result, _("a release"), error);
    if (data->mv_size != RECORD_RELEASE_BYTES)
        return base_fail(error, BASE_STORE_DAMAGED, _("release record %u"), number);
    return BASE_OK;
}

enum base_code store_piece_digest(struct store *store, uint16_t number,
                                  uint8_t digest[KEYS_DIGEST_BYTES], struct base_error *error)
{
    MDB_val data;
    enum base_code code = store_find_piece(store, number, &data, error);
    if (code == BASE_OK)
        record_piece_digest(data.mv_data, digest);
    return code;
}

/* The record names the one before it, which is there, and if it is the last the header names it. */
static enum base_code check_links(struct store *store, uint16_t number, const uint8_t *bytes,
                                  struct base_error *error)
{
    uint8_t digest[KEYS_DIGEST_BYTES] = {0};
    enum base_code code = BASE_OK;

    if (number > 1)
        code = store_piece_digest(store, (uint16_t)(number - 1), digest, error);
    if (code != BASE_OK)
        return code;
    if (memcmp(record_piece_previous(bytes), digest, sizeof digest) != 0)
        return base_fail(error, BASE_STORE_DAMAGED,
                         _("release record %u does not follow the one before it"), number);
    record_piece_digest(bytes, digest);
    if (number == store->header.releases &&
        memcmp(store->header.ledger_head, digest, sizeof digest) != 0)
        return base_fail(error, BASE_STORE_DAMAGED,
                         _("release record %u is not the last one that the header tells of"),
                         number);
    return BASE_OK;
}

static enum base_code check_piece(struct store *store, uint16_t number, MDB_val *data,
                                  struct base_error *error)
{
    enum base_code code = store_find_piece(store, number, data, error);
    if (code == BASE_OK)
        code = record_piece_check(data->mv_data, data->mv_size, number, store->fingerprint,
                                  store->header.public_keys.signing, error);
    return code == BASE_OK ? check_links(store, number, data->mv_data, error) : code;
}

enum base_code store_check_ledger(struct store *store, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (uint16_t number = 1; code == BASE_OK && number <= store->header.releases; number++) {
        MDB_val data;
        code = check_piece(store, number, &data, error);
    }
    return code;
}

enum base_code store_get_piece(struct store *store, uint16_t number,
                               const struct keys_reader *reader, uint8_t piece[RECORD_PIECE_BYTES],
                               struct base_error *error)
{
    MDB_val data;
    enum base_code code = check_piece(store, number, &data, error);
    if (code == BASE_OK)
        code = record_piece_open(data.mv_data, number, store->fingerprint, reader, piece, error);
    return code;
}

enum base_code store_add_piece(struct store *store, const uint8_t piece[RECORD_PIECE_BYTES],
                               const struct keys_reader *reader, struct base_error *error)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];
    uint8_t bytes[RECORD_RELEASE_BYTES];
    struct record_header header = store->header;

    if (header.releases == RECORD_MOST_RELEASES)
        return base_fail(error, BASE_LEDGER_FULL, "%d", RECORD_MOST_RELEASES);
    header.releases++;
    record_release_key(key, header.releases);
    record_piece_seal(bytes, piece, header.releases, header.ledger_head, store->fingerprint,
                      reader);
    record_piece_digest(bytes, header.ledger_head);
    enum base_code code =
        store_put_bytes(store, store->store, key, sizeof key, bytes, sizeof bytes, error);
    if (code == BASE_OK)
        code = store_write_header(store, &header, reader, error);
    return code;
}
