#include "tavs/tally.h"

enum { MONTHS = BASE_LAST_MONTH - BASE_FIRST_MONTH + 1 };

/* Which rows are this device's. */
struct own_rows {
    uint16_t device;
    uint64_t count, others;
    bool month[MONTHS]; /* from BASE_FIRST_MONTH on */
};

static enum base_code note_row(void *context, base_month month, uint16_t device,
                               struct base_error *error)
{
    struct own_rows *own = context;
    (void)error;
    if (device != own->device) {
        own->others++;
        return BASE_OK;
    }
    own->month[month - BASE_FIRST_MONTH] = true;
    own->count++;
    return BASE_OK;
}

/* Counting nothing takes the same path as counting, so that here, too, all cells change alike. */
static enum base_code wash_row(struct store *store, const struct record_device *device,
                               const struct keys_device *key, base_month month,
                               struct base_error *error)
{
    struct record_row row;
    bool found;
    enum base_code code = store_get_row(store, month, device, &row, &found, error);
    if (code != BASE_OK)
        return code;
    if (!elgamal_add_count(row.cells, CODEBOOK_CELLS, store_header(store)->public_keys.encryption,
                           0, 0))
        return base_fail(error, BASE_NO_MEMORY, "%s", _("washing"));
    return store_put_row(store, &row, key, error);
}

static enum base_code wash_rows(struct store *store, const struct record_device *device,
                                const struct keys_device *key, struct own_rows *own,
                                base_progress *progress, void *context, struct base_error *error)
{
    uint64_t done = 0;
    enum base_code code = store_each_row(store, note_row, own, error);
    for (int i = 0; code == BASE_OK && i < MONTHS; i++) {
        if (!own->month[i])
            continue;
        code = wash_row(store, device, key, (base_month)(BASE_FIRST_MONTH + i), error);
        if (code == BASE_OK && progress != NULL)
            progress(context, ++done, own->count);
    }
    return code;
}

enum base_code tally_wash(const char *path, base_progress *progress, void *context,
                          struct tally_washed *washed, struct base_error *error)
{
    struct store *store;
    struct keys_device *key = NULL;
    struct record_device device;
    struct own_rows own = {0};

    enum base_code code = store_open(path, STORE_WRITE, &store, error);
    if (code != BASE_OK)
        return code;
    code = tally_load_device(store, &key, &device, error);
    if (code == BASE_OK) {
        own.device = device.number;
        code = wash_rows(store, &device, key, &own, progress, context, error);
    }
    keys_device_free(key);
    if (code == BASE_OK)
        code = store_commit(store, error);
    store_close(store);
    if (code == BASE_OK)
        *washed = (struct tally_washed){own.device, own.count, own.others};
    return code;
}
