/* Reading counts. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum base_code read_fail_cell(enum base_code code, base_month month, unsigned cell,
                              struct base_error *error)
{
    char text[BASE_MONTH_TEXT];
    struct codebook_contact contact = codebook_contact_of(cell);
    base_month_format(month, text);
    return base_fail(error, code, "%s, %s, %s, %s", text,
                     codebook_code(CODEBOOK_CHANNEL, contact.value[CODEBOOK_CHANNEL]),
                     codebook_code(CODEBOOK_PARTY, contact.value[CODEBOOK_PARTY]),
                     codebook_code(CODEBOOK_SESSION, contact.value[CODEBOOK_SESSION]));
}

/* Adds up one month's rows of all devices, encrypted. */
static enum base_code sum_month(struct store *store, const struct record_device *devices,
                                uint16_t count, base_month month, struct record_row *sum, bool *any,
                                struct base_error *error)
{
    *any = false;
    for (uint16_t i = 0; i < count; i++) {
        struct record_row row;
        bool found = false;
        enum base_code code =
            store_get_row(store, month, &devices[i], *any ? &row : sum, &found, error);
        if (code != BASE_OK)
            return code;
        for (unsigned cell = 0; *any && found && cell < CODEBOOK_CELLS; cell++)
            if (!elgamal_add_cell(&sum->cells[cell], &row.cells[cell]))
                return read_fail_cell(BASE_CELL_DAMAGED, month, cell, error);
        *any = *any || found;
    }
    return BASE_OK;
}

static enum base_code read_month(struct store *store, const struct keys_reader *reader,
                                 const struct record_device *devices, uint16_t count,
                                 base_month month, int64_t cells[CODEBOOK_CELLS],
                                 struct base_error *error)
{
    struct record_row sum;
    bool any;
    enum base_code code = sum_month(store, devices, count, month, &sum, &any, error);
    if (code != BASE_OK || !any)
        return code;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        if (!elgamal_decrypt(&sum.cells[cell], keys_reader_scalar(reader), &cells[cell]))
            return read_fail_cell(BASE_CELL_DAMAGED, month, cell, error);
    return BASE_OK;
}

/* *devices is freed by the caller, also after an error. */
static enum base_code load_devices(struct store *store, struct record_device **devices,
                                   uint16_t *count, struct base_error *error)
{
    enum base_code code = store_count_devices(store, count, error);
    if (code != BASE_OK)
        return code;
    *devices = calloc(*count > 0 ? *count : 1, sizeof **devices);
    if (*devices == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%u", *count);
    for (uint16_t i = 0; code == BASE_OK && i < *count; i++)
        code = store_get_device(store, (uint16_t)(i + 1), &(*devices)[i], error);
    return code;
}

/* One block of guarded memory: the structure, then the cells. */
enum base_code counts_new(struct base_period period, const struct record_header *header,
                          struct tally_counts **out, struct base_error *error)
{
    void *memory;
    size_t months = base_period_months(period);
    _Static_assert(sizeof(struct tally_counts) % _Alignof(int64_t) == 0, "the cells' alignment");
    enum base_code code = secret_new(
        sizeof(struct tally_counts) + months * CODEBOOK_CELLS * sizeof(int64_t), &memory, error);
    if (code != BASE_OK)
        return code;
    struct tally_counts *counts = memory;
    counts->period = period;
    counts->channels = header->channels;
    counts->parties = header->parties;
    counts->ever_channels = header->ever_channels;
    counts->ever_parties = header->ever_parties;
    counts->closed_through = header->closed_through;
    counts->cells = (int64_t(*)[CODEBOOK_CELLS])(void *)(counts + 1);
    *out = counts;
    return BASE_OK;
}

enum base_code tally_read(struct store *store, const struct keys_reader *reader,
                          struct base_period period, struct tally_counts **out,
                          struct base_error *error)
{
    struct record_device *devices = NULL;
    struct tally_counts *counts = NULL;
    uint16_t device_count = 0;
    enum base_code code = store_check_rows(store, error);
    if (code == BASE_OK)
        code = load_devices(store, &devices, &device_count, error);
    if (code == BASE_OK)
        code = counts_new(period, store_header(store), &counts, error);
    for (size_t i = 0; code == BASE_OK && i < base_period_months(period); i++)
        code = read_month(store, reader, devices, device_count, (base_month)(period.first + i),
                          counts->cells[i], error);
    free(devices);
    if (code == BASE_OK)
        *out = counts;
    else
        tally_counts_free(counts);
    return code;
}

void tally_counts_free(struct tally_counts *counts)
{
    secret_free(counts);
}

struct extent {
    struct base_period *period;
    bool *any;
};

static enum base_code widen(void *context, base_month month, uint16_t device,
                            struct base_error *error)
{
    const struct extent *extent = context;
    (void)device;
    (void)error;
    if (!*extent->any || month < extent->period->first)
        extent->period->first = month;
    if (!*extent->any || month > extent->period->last)
        extent->period->last = month;
    *extent->any = true;
    return BASE_OK;
}

enum base_code tally_extent(struct store *store, struct base_period *period, bool *any,
                            struct base_error *error)
{
    struct extent extent = {.period = period, .any = any};
    *any = false;
    return store_each_row(store, widen, &extent, error);
}
