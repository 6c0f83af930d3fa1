#include "tavs/tally.h"

static enum base_code check_offered(const struct record_header *header,
                                    struct codebook_contact contact, struct base_error *error)
{
    unsigned channel = contact.value[CODEBOOK_CHANNEL];
    unsigned party = contact.value[CODEBOOK_PARTY];
    if ((header->channels >> channel & 1) == 0)
        return base_fail(error, BASE_CHANNEL_NOT_OFFERED, "%s",
                         codebook_code(CODEBOOK_CHANNEL, channel));
    if ((header->parties >> party & 1) == 0)
        return base_fail(error, BASE_PARTY_NOT_OFFERED, "%s", codebook_code(CODEBOOK_PARTY, party));
    return BASE_OK;
}

/* Rows of a year come into being together. If some month is there and another is not, making the
 * year again would wipe out what the first has counted. */
static enum base_code make_year(struct store *store, int year, const struct record_device *device,
                                const struct keys_device *key, struct base_error *error)
{
    enum { MONTHS = 12 };
    struct record_row row;
    for (int month = 0; month < MONTHS; month++) {
        bool found;
        base_month at = (base_month)(year * MONTHS + month);
        enum base_code code = store_get_row(store, at, device, &row, &found, error);
        if (code != BASE_OK)
            return code;
        if (found)
            return base_fail(error, BASE_STORE_DAMAGED, _("a row of %d is missing"), year);
    }
    return store_put_year(store, year, key, error);
}

static enum base_code count_in_row(struct store *store, const struct record_device *device,
                                   const struct keys_device *key, unsigned cell, base_month month,
                                   int32_t amount, struct base_error *error)
{
    struct record_row row;
    bool found = false;
    enum base_code code = store_get_row(store, month, device, &row, &found, error);
    if (code == BASE_OK && !found) {
        code = make_year(store, base_month_year(month), device, key, error);
        if (code == BASE_OK)
            code = store_get_row(store, month, device, &row, &found, error);
    }
    if (code != BASE_OK)
        return code;
    if (!elgamal_add_count(row.cells, CODEBOOK_CELLS, store_header(store)->public_keys.encryption,
                           cell, amount))
        return base_fail(error, BASE_NO_MEMORY, "%s", _("counting"));
    return store_put_row(store, &row, key, error);
}

enum base_code tally_count(const char *path, struct codebook_contact contact, base_month month,
                           int32_t amount, struct base_error *error)
{
    struct store *store;
    struct keys_device *key = NULL;
    struct record_device device;

    if (month > base_month_now()) {
        char text[BASE_MONTH_TEXT];
        base_month_format(month, text);
        return base_fail(error, BASE_FUTURE_MONTH, "%s", text);
    }
    enum base_code code = store_open(path, STORE_WRITE, &store, error);
    if (code != BASE_OK)
        return code;
    if (amount > 0)
        code = check_offered(store_header(store), contact, error);
    if (code == BASE_OK)
        code = tally_load_device(store, &key, &device, error);
    if (code == BASE_OK)
        code = count_in_row(store, &device, key, codebook_cell(contact), month, amount, error);
    keys_device_free(key);
    if (code == BASE_OK)
        code = store_commit(store, error);
    store_close(store);
    return code;
}
