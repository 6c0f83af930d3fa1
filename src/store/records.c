/* Header, devices and rows: what stands in the two databases. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

enum { MONTHS = 12, YEARS = BASE_LAST_YEAR - BASE_FIRST_YEAR + 1 };

const struct record_header *store_header(const struct store *store)
{
    return &store->header;
}

const uint8_t *store_fingerprint(const struct store *store)
{
    return store->fingerprint;
}

static MDB_val value_of(const void *bytes, size_t size)
{
    /* LMDB's type is not const, its use of a key or a value to be written is. */
    return (MDB_val){.mv_size = size, .mv_data = (void *)(uintptr_t)bytes};
}

enum base_code store_put_bytes(struct store *store, MDB_dbi database, const uint8_t *key,
                               size_t key_size, const uint8_t *bytes, size_t size,
                               struct base_error *error)
{
    MDB_val name = value_of(key, key_size);
    MDB_val data = value_of(bytes, size);
    int result = mdb_put(store->transaction, database, &name, &data, 0);
    return result == MDB_SUCCESS ? BASE_OK : store_fail_write(result, error);
}

int store_get_bytes(struct store *store, MDB_dbi database, const uint8_t *key, size_t key_size,
                    MDB_val *data)
{
    MDB_val name = value_of(key, key_size);
    return mdb_get(store->transaction, database, &name, data);
}

/* ---- header ---- */

static void set_header(struct store *store, const struct record_header *header)
{
    store->header = *header;
    keys_fingerprint(store->fingerprint, header->store_id, &header->public_keys);
}

enum base_code store_read_header(struct store *store, struct base_error *error)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];
    struct record_header header;
    MDB_val data;

    record_header_key(key);
    int result = store_get_bytes(store, store->store, key, sizeof key, &data);
    if (result == MDB_NOTFOUND)
        return base_fail(error, BASE_STORE_FOREIGN, "%s", _("no header of tavs"));
    if (result != MDB_SUCCESS)
        return store_fail(result, _("the header"), error);
    enum base_code code = record_header_decode(data.mv_data, data.mv_size, &header, error);
    if (code == BASE_OK)
        set_header(store, &header);
    return code;
}

enum base_code store_write_header(struct store *store, const struct record_header *header,
                                  const struct keys_reader *reader, struct base_error *error)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];
    uint8_t bytes[RECORD_HEADER_BYTES];
    struct record_header next = *header;

    if (store->header.edition == UINT32_MAX)
        return base_fail(error, BASE_STORE_DAMAGED, _("the header's %s"), _("edition"));
    next.edition = store->header.edition + 1;
    next.ever_channels = store->header.ever_channels | header->channels;
    next.ever_parties = store->header.ever_parties | header->parties;
    record_header_key(key);
    record_header_encode(bytes, &next, reader);
    enum base_code code =
        store_put_bytes(store, store->store, key, sizeof key, bytes, sizeof bytes, error);
    if (code == BASE_OK)
        set_header(store, &next);
    return code;
}

enum base_code store_put_header(struct store *store, const struct record_header *header,
                                const struct keys_reader *reader, struct base_error *error)
{
    struct record_header next = *header;
    next.releases = store->header.releases;
    memcpy(next.ledger_head, store->header.ledger_head, sizeof next.ledger_head);
    return store_write_header(store, &next, reader, error);
}

/* ---- devices ---- */

enum base_code store_get_device(struct store *store, uint16_t number, struct record_device *device,
                                struct base_error *error)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];
    MDB_val data;

    record_device_key(key, number);
    int result = store_get_bytes(store, store->store, key, sizeof key, &data);
    if (result == MDB_NOTFOUND)
        return base_fail(error, BASE_NO_SUCH_DEVICE, "%u", number);
    if (result != MDB_SUCCESS)
        return store_fail(result, _("a device"), error);
    return record_device_decode(data.mv_data, data.mv_size, number, store->fingerprint,
                                store->header.public_keys.signing, device, error);
}

enum base_code store_put_device(struct store *store, const struct record_device *device,
                                const struct keys_reader *reader, struct base_error *error)
{
    uint8_t key[RECORD_STORE_KEY_BYTES];
    uint8_t bytes[RECORD_DEVICE_BYTES];

    record_device_key(key, device->number);
    record_device_encode(bytes, device, store->fingerprint, reader);
    return store_put_bytes(store, store->store, key, sizeof key, bytes, sizeof bytes, error);
}

/* ---- devices and releases together ---- */

/* The records are the header, the devices and the releases. One of another key stands where one of
 * these should. */
enum base_code store_count_devices(struct store *store, uint16_t *count, struct base_error *error)
{
    struct record_device device;
    MDB_stat records;
    MDB_val data;
    int result = mdb_stat(store->transaction, store->store, &records);
    enum base_code code = BASE_OK;

    if (result != MDB_SUCCESS)
        return store_fail(result, _("the devices"), error);
    const size_t others = 1 + (size_t)store->header.releases;
    if (records.ms_entries <= others || records.ms_entries - others > KEYS_MOST_DEVICES)
        return base_fail(error, BASE_STORE_DAMAGED, "%s", _("the devices"));
    const size_t devices = records.ms_entries - others;
    for (uint16_t number = 1; code == BASE_OK && number <= devices; number++)
        code = store_get_device(store, number, &device, error);
    for (uint16_t number = 1; code == BASE_OK && number <= store->header.releases; number++)
        code = store_find_piece(store, number, &data, error);
    if (code == BASE_NO_SUCH_DEVICE)
        return base_fail(error, BASE_STORE_DAMAGED, "%s", _("the devices"));
    if (code == BASE_OK)
        *count = (uint16_t)devices;
    return code;
}

/* ---- rows ---- */

enum base_code store_get_row(struct store *store, base_month month,
                             const struct record_device *device, struct record_row *row,
                             bool *found, struct base_error *error)
{
    uint8_t key[RECORD_ROW_KEY_BYTES];
    MDB_val data;

    record_row_key(key, month, device->number);
    int result = store_get_bytes(store, store->tally, key, sizeof key, &data);
    if (result != MDB_SUCCESS && result != MDB_NOTFOUND)
        return store_fail(result, _("a row"), error);
    enum base_code code = BASE_OK;
    if (result == MDB_SUCCESS)
        code = record_row_decode(data.mv_data, data.mv_size, month, device, store->header.store_id,
                                 row, error);
    if (code == BASE_OK)
        *found = result == MDB_SUCCESS;
    return code;
}

/* Writes a row again as it is, if it is there. */
static enum base_code put_again(struct store *store, const uint8_t key[RECORD_ROW_KEY_BYTES],
                                struct base_error *error)
{
    uint8_t bytes[RECORD_ROW_BYTES];
    MDB_val data;
    int result = store_get_bytes(store, store->tally, key, RECORD_ROW_KEY_BYTES, &data);
    if (result == MDB_NOTFOUND)
        return BASE_OK;
    if (result != MDB_SUCCESS)
        return store_fail(result, _("a row"), error);
    if (data.mv_size != sizeof bytes)
        return base_fail(error, BASE_STORE_DAMAGED, "%s", _("the size of a row"));
    memcpy(bytes, data.mv_data, sizeof bytes);
    return store_put_bytes(store, store->tally, key, RECORD_ROW_KEY_BYTES, bytes, sizeof bytes,
                           error);
}

/* LMDB puts what it writes in a new place. A row that still stood where its year was made would
 * tell a month without contacts, so the year's other rows are written as well, always in the
 * same order. */
enum base_code store_put_row(struct store *store, const struct record_row *row,
                             const struct keys_device *device_key, struct base_error *error)
{
    uint8_t key[RECORD_ROW_KEY_BYTES];
    uint8_t bytes[RECORD_ROW_BYTES];
    base_month january = (base_month)(base_month_year(row->month) * MONTHS);
    enum base_code code = BASE_OK;

    record_row_encode(bytes, row, store->header.store_id, device_key);
    for (base_month month = january; code == BASE_OK && month < january + MONTHS; month++) {
        record_row_key(key, month, row->device);
        code = month == row->month ? store_put_bytes(store, store->tally, key, sizeof key, bytes,
                                                     sizeof bytes, error)
                                   : put_again(store, key, error);
    }
    return code;
}

enum base_code store_put_year(struct store *store, int year, const struct keys_device *device_key,
                              struct base_error *error)
{
    struct record_row row = {.device = keys_device_number(device_key)};
    enum base_code code = BASE_OK;

    for (int month = 0; code == BASE_OK && month < MONTHS; month++) {
        row.month = (base_month)(year * MONTHS + month);
        if (!elgamal_encrypt_zeros(row.cells, CODEBOOK_CELLS, store->header.public_keys.encryption))
            return base_fail(error, BASE_STORE_DAMAGED, "%s", _("the header's encryption key"));
        code = store_put_row(store, &row, device_key, error);
    }
    return code;
}

enum base_code store_each_row(struct store *store, store_visit_row *visit, void *context,
                              struct base_error *error)
{
    MDB_cursor *cursor;
    MDB_val key, data;
    enum base_code code = BASE_OK;
    int result = mdb_cursor_open(store->transaction, store->tally, &cursor);

    if (result != MDB_SUCCESS)
        return store_fail(result, _("the rows"), error);
    while (code == BASE_OK && (result = mdb_cursor_get(cursor, &key, &data, MDB_NEXT)) == 0) {
        base_month month = key.mv_size < RECORD_ROW_KEY_BYTES ? 0 : base_get_u16(key.mv_data);
        uint16_t device = month == 0 ? 0 : base_get_u16((const uint8_t *)key.mv_data + 2);
        if (month < BASE_FIRST_MONTH || month > BASE_LAST_MONTH || device == 0)
            code = base_fail(error, BASE_STORE_DAMAGED, "%s", _("a row's key"));
        else
            code = visit(context, month, device, error);
    }
    if (code == BASE_OK && result != MDB_NOTFOUND)
        code = store_fail(result, _("the rows"), error);
    mdb_cursor_close(cursor);
    return code;
}

/* ---- what belongs together ---- */

/* How many rows of a year a device has. */
struct presence {
    uint16_t devices;
    uint8_t (*rows)[YEARS];
};

static enum base_code note_row(void *context, base_month month, uint16_t device,
                               struct base_error *error)
{
    const struct presence *presence = context;
    if (device > presence->devices)
        return base_fail(error, BASE_STORE_DAMAGED, _("a row of device %u"), device);
    presence->rows[device - 1][base_month_year(month) - BASE_FIRST_YEAR]++;
    return BASE_OK;
}

enum base_code store_check_rows(struct store *store, struct base_error *error)
{
    struct presence presence;
    enum base_code code = store_count_devices(store, &presence.devices, error);
    if (code != BASE_OK)
        return code;
    presence.rows = calloc(presence.devices, sizeof *presence.rows);
    if (presence.rows == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%u", presence.devices);
    code = store_each_row(store, note_row, &presence, error);
    for (size_t i = 0; code == BASE_OK && i < presence.devices; i++)
        for (int year = 0; code == BASE_OK && year < YEARS; year++)
            if (presence.rows[i][year] % MONTHS != 0)
                code = base_fail(error, BASE_STORE_DAMAGED, _("a row of %d is missing"),
                                 BASE_FIRST_YEAR + year);
    free(presence.rows);
    return code;
}

static enum base_code verify_row(void *context, base_month month, uint16_t number,
                                 struct base_error *error)
{
    struct store *store = context;
    struct record_device device;
    struct record_row row;
    bool found;
    enum base_code code = store_get_device(store, number, &device, error);
    if (code == BASE_OK)
        code = store_get_row(store, month, &device, &row, &found, error);
    return code;
}

enum base_code store_verify(struct store *store, struct base_error *error)
{
    enum base_code code = store_check_rows(store, error);
    if (code == BASE_OK)
        code = store_each_row(store, verify_row, store, error);
    return code == BASE_OK ? store_check_ledger(store, error) : code;
}
