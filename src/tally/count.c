#include "inside.h"
#include "tavs/secret.h"

enum base_code count_check(const struct record_header *header, base_month month,
                           struct codebook_contact contact, int32_t amount,
                           struct base_error *error)
{
    unsigned channel = contact.value[CODEBOOK_CHANNEL];
    unsigned party = contact.value[CODEBOOK_PARTY];
    if (tally_check_open(header, month, error) != BASE_OK)
        return error->code;
    if (amount <= 0) /* what an open month counts can always be taken back */
        return BASE_OK;
    const unsigned offered = (header->channels >> channel) & 1U;
    const unsigned counselled = (header->parties >> party) & 1U;
    secret_declassify(&offered, sizeof offered);
    secret_declassify(&counselled, sizeof counselled);
    if (offered == 0)
        return base_fail(error, BASE_CHANNEL_NOT_OFFERED, "%s",
                         codebook_code(CODEBOOK_CHANNEL, channel));
    if (counselled == 0)
        return base_fail(error, BASE_PARTY_NOT_OFFERED, "%s", codebook_code(CODEBOOK_PARTY, party));
    return BASE_OK;
}

enum base_code count_get_row(struct store *store, base_month month,
                             const struct record_device *device, const struct keys_device *key,
                             struct record_row *row, struct base_error *error)
{
    bool found = false;
    enum base_code code = store_get_row(store, month, device, row, &found, error);
    if (code == BASE_OK && !found) {
        /* Making a year anew of which only this row is missing would wipe out the others. */
        code = store_check_rows(store, error);
        if (code == BASE_OK)
            code = store_put_year(store, base_month_year(month), key, error);
        if (code == BASE_OK)
            code = store_get_row(store, month, device, row, &found, error);
    }
    return code;
}

static enum base_code count_in_row(struct store *store, const struct record_device *device,
                                   const struct keys_device *key, unsigned cell, base_month month,
                                   int32_t amount, struct base_error *error)
{
    struct record_row row;
    enum base_code code = count_get_row(store, month, device, key, &row, error);
    if (code != BASE_OK)
        return code;
    if (!elgamal_add_count(row.cells, CODEBOOK_CELLS, store_header(store)->public_keys.encryption,
                           cell, amount))
        return base_fail(error, BASE_NO_MEMORY, "%s", _("counting"));
    return store_put_row(store, &row, key, error);
}

enum base_code count_check_month(base_month month, struct base_error *error)
{
    char text[BASE_MONTH_TEXT];

    if (month < BASE_FIRST_MONTH)
        return base_fail(error, BASE_BAD_MONTH, "%u", month);
    if (month <= base_month_now())
        return BASE_OK;
    base_month_format(month, text);
    return base_fail(error, BASE_FUTURE_MONTH, "%s", text);
}

static enum base_code check_order(base_month month, int32_t amount, struct base_error *error)
{
    if (amount == 0)
        return base_fail(error, BASE_BAD_COUNT, "%d", amount);
    if (amount < -TALLY_MOST_COUNT || amount > TALLY_MOST_COUNT)
        return base_fail(error, BASE_COUNT_LIMIT, "%d", amount);
    return count_check_month(month, error);
}

enum base_code tally_count(const char *path, struct codebook_contact contact, base_month month,
                           int32_t amount, struct base_error *error)
{
    struct store *store;
    struct keys_device *key = NULL;
    struct record_device device;

    enum base_code code = check_order(month, amount, error);
    if (code == BASE_OK)
        code = store_open(path, STORE_WRITE, &store, error);
    if (code != BASE_OK)
        return code;
    code = count_check(store_header(store), month, contact, amount, error);
    if (code == BASE_OK)
        code = tally_load_device(store, &key, &device, error);
    if (code == BASE_OK)
        code = count_in_row(store, &device, key, codebook_cell(contact), month, amount, error);
    keys_device_free(key);
    if (code == BASE_OK)
        code = store_commit(store, error);
    if (code == BASE_OK)
        device_note_store(path, store);
    store_close(store);
    return code;
}
