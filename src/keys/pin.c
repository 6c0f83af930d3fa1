/* Which ledger this machine has published from: a small file beside its key. */
#include <stdio.h>
#include <string.h>

#include "own.h"

/* docs/format.md, section 8. */
enum {
    FILE_FORMAT = 1,
    AT_FORMAT = 4,
    AT_RELEASES = 6,
    AT_EDITION = 8,
    AT_HEAD = 12,
    AT_CHECKSUM = AT_HEAD + KEYS_DIGEST_BYTES,
    FILE_BYTES = AT_CHECKSUM + KEYS_DIGEST_BYTES,
};
static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'P'};

static void encode(uint8_t file[FILE_BYTES], const struct keys_pin *pin)
{
    memcpy(file, magic, sizeof magic);
    base_put_u16(file + AT_FORMAT, FILE_FORMAT);
    base_put_u16(file + AT_RELEASES, pin->releases);
    base_put_u32(file + AT_EDITION, pin->edition);
    memcpy(file + AT_HEAD, pin->head, sizeof pin->head);
    keys_digest_once(file + AT_CHECKSUM, file, AT_CHECKSUM);
}

static bool decode(struct keys_pin *pin, const uint8_t file[FILE_BYTES])
{
    uint8_t sum[KEYS_DIGEST_BYTES];
    keys_digest_once(sum, file, AT_CHECKSUM);
    if (memcmp(file, magic, sizeof magic) != 0 || base_get_u16(file + AT_FORMAT) != FILE_FORMAT ||
        memcmp(file + AT_CHECKSUM, sum, sizeof sum) != 0)
        return false;
    pin->releases = base_get_u16(file + AT_RELEASES);
    pin->edition = base_get_u32(file + AT_EDITION);
    memcpy(pin->head, file + AT_HEAD, sizeof pin->head);
    return true;
}

static enum base_code pin_path(char path[PATH_MAX], const uint8_t store_id[KEYS_STORE_ID_BYTES],
                               struct base_error *error)
{
    return own_path(path, store_id, ".pin", error);
}

enum base_code keys_pin_path(const uint8_t store_id[KEYS_STORE_ID_BYTES], char *path, size_t size,
                             struct base_error *error)
{
    char whole[PATH_MAX];
    const enum base_code code = pin_path(whole, store_id, error);
    if (code == BASE_OK)
        (void)snprintf(path, size, "%s", whole);
    return code;
}

enum base_code keys_pin_load(const uint8_t store_id[KEYS_STORE_ID_BYTES], struct keys_pin *pin,
                             bool *found, struct base_error *error)
{
    char path[PATH_MAX];
    uint8_t file[FILE_BYTES + 1];
    enum base_code code = pin_path(path, store_id, error);
    if (code == BASE_OK)
        code = own_load(path, file, FILE_BYTES, BASE_PIN_FILE_DAMAGED, found, error);
    if (code == BASE_OK && *found && !decode(pin, file))
        code = base_fail(error, BASE_PIN_FILE_DAMAGED, "%s", path);
    return code;
}

enum base_code keys_pin_save(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                             const struct keys_pin *pin, struct base_error *error)
{
    char path[PATH_MAX];
    uint8_t file[FILE_BYTES];
    enum base_code code = pin_path(path, store_id, error);
    if (code != BASE_OK)
        return code;
    encode(file, pin);
    return own_write(path, file, sizeof file, true, error);
}
