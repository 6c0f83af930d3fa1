#include "tavs/record.h"

#include <string.h>

void record_header_key(uint8_t key[RECORD_STORE_KEY_BYTES])
{
    static const uint8_t name[RECORD_STORE_KEY_BYTES] = "header";
    memcpy(key, name, sizeof name);
}

void record_device_key(uint8_t key[RECORD_STORE_KEY_BYTES], uint16_t number)
{
    static const uint8_t name[RECORD_STORE_KEY_BYTES] = "device";
    memcpy(key, name, sizeof name);
    base_put_u16(key + RECORD_STORE_KEY_BYTES - 2, number);
}

void record_release_key(uint8_t key[RECORD_STORE_KEY_BYTES], uint16_t number)
{
    static const uint8_t name[RECORD_STORE_KEY_BYTES] = "ledger";
    memcpy(key, name, sizeof name);
    base_put_u16(key + RECORD_STORE_KEY_BYTES - 2, number);
}

void record_row_key(uint8_t key[RECORD_ROW_KEY_BYTES], base_month month, uint16_t device)
{
    base_put_u16(key, month);
    base_put_u16(key + 2, device);
}
