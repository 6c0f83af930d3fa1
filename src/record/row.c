#include <string.h>

#include "tavs/record.h"

/* docs/format.md, section 6. */
enum {
    AT_CELLS = KEYS_SIGNATURE_BYTES,
    CELLS_BYTES = CODEBOOK_CELLS * ELGAMAL_CELL_BYTES,
    SIGNED_BYTES = KEYS_DOMAIN_BYTES + KEYS_STORE_ID_BYTES + 2 + 2 + CELLS_BYTES,
};
_Static_assert(sizeof(struct elgamal_cell) == ELGAMAL_CELL_BYTES, "a cell is its bytes");

static void signed_message(uint8_t message[SIGNED_BYTES],
                           const uint8_t store_id[KEYS_STORE_ID_BYTES], base_month month,
                           uint16_t device, const uint8_t *cells)
{
    static const uint8_t domain[KEYS_DOMAIN_BYTES] = "tavs v1 row";
    memcpy(message, domain, sizeof domain);
    message += sizeof domain;
    memcpy(message, store_id, KEYS_STORE_ID_BYTES);
    message += KEYS_STORE_ID_BYTES;
    base_put_u16(message, month);
    base_put_u16(message + 2, device);
    memcpy(message + 4, cells, CELLS_BYTES);
}

void record_row_encode(uint8_t bytes[RECORD_ROW_BYTES], const struct record_row *row,
                       const uint8_t store_id[KEYS_STORE_ID_BYTES],
                       const struct keys_device *device)
{
    uint8_t message[SIGNED_BYTES];

    memcpy(bytes + AT_CELLS, row->cells, CELLS_BYTES);
    signed_message(message, store_id, row->month, row->device, bytes + AT_CELLS);
    keys_device_sign(device, bytes, message, sizeof message);
}

static enum base_code fail_row(enum base_code code, base_month month, uint16_t device,
                               struct base_error *error)
{
    char text[BASE_MONTH_TEXT];
    base_month_format(month, text);
    return base_fail(error, code, _("the row of %s, device %u"), text, device);
}

enum base_code record_row_decode(const uint8_t *bytes, size_t size, base_month month,
                                 const struct record_device *device,
                                 const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                 struct record_row *row, struct base_error *error)
{
    uint8_t message[SIGNED_BYTES];

    if (size != RECORD_ROW_BYTES || month < BASE_FIRST_MONTH || month > BASE_LAST_MONTH)
        return fail_row(BASE_STORE_DAMAGED, month, device->number, error);
    signed_message(message, store_id, month, device->number, bytes + AT_CELLS);
    if (!keys_verify(device->signing_public, bytes, message, sizeof message))
        return fail_row(BASE_ROW_FORGED, month, device->number, error);
    for (size_t i = 0; i < CODEBOOK_CELLS; i++) {
        struct elgamal_cell cell;
        memcpy(&cell, bytes + AT_CELLS + i * sizeof cell, sizeof cell);
        if (!elgamal_cell_is_valid(&cell))
            return fail_row(BASE_CELL_DAMAGED, month, device->number, error);
    }
    row->month = month;
    row->device = device->number;
    memcpy(row->cells, bytes + AT_CELLS, CELLS_BYTES);
    return BASE_OK;
}
