/* What this machine has imported: a file beside its key, sealed with it. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "own.h"
#include "tavs/secret.h"

/* docs/format.md, section 8. */
enum {
    FILE_FORMAT = 2,
    NOTE_BYTES = KEYS_IMPORT_MONTH_BYTES + ELGAMAL_CELL_BYTES,
    PLAIN_BYTES = 2 + KEYS_MOST_IMPORTED * NOTE_BYTES,
    WHICH_BYTES = 16,
    AT_FORMAT = 4,
    AT_WHICH = 8,
    AT_NONCE = AT_WHICH + WHICH_BYTES,
    AT_SEALED = AT_NONCE + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    AT_CHECKSUM = AT_SEALED + PLAIN_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
    CHECKSUM_BYTES = 32,
    FILE_BYTES = AT_CHECKSUM + CHECKSUM_BYTES,
    SUBKEY_SEAL = 2, /* of the device's seed; 1 was that of an earlier format */
    SUBKEY_WHICH = 3,
};
static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'I'};
_Static_assert(sizeof(struct keys_import) == NOTE_BYTES, "a note has no gaps");

/* The file, as it is and opened. */
struct imported {
    char path[PATH_MAX];
    uint8_t file[FILE_BYTES + 1]; /* one more, so that a longer one is noticed */
    uint8_t plain[PLAIN_BYTES];
};

static void checksum(uint8_t sum[CHECKSUM_BYTES], const uint8_t *file)
{
    crypto_generichash(sum, CHECKSUM_BYTES, file, AT_CHECKSUM, NULL, 0);
}

static bool decode_plain(const uint8_t plain[PLAIN_BYTES], struct keys_imports *imports)
{
    imports->count = base_get_u16(plain);
    memcpy(imports->list, plain + 2, sizeof imports->list);
    return imports->count <= KEYS_MOST_IMPORTED;
}

/* False if it is damaged. */
static bool decode(const struct keys_device *device, struct imported *imported,
                   struct keys_imports *imports)
{
    const uint8_t *file = imported->file;
    uint8_t sum[CHECKSUM_BYTES], which[WHICH_BYTES],
        key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    checksum(sum, file);
    if (memcmp(file, magic, sizeof magic) != 0 || base_get_u16(file + AT_FORMAT) != FILE_FORMAT ||
        memcmp(file + AT_CHECKSUM, sum, sizeof sum) != 0)
        return false;
    device_subkey(device, SUBKEY_WHICH, which, sizeof which);
    if (sodium_memcmp(which, file + AT_WHICH, sizeof which) != 0)
        return true; /* of a key that this machine had before */
    device_subkey(device, SUBKEY_SEAL, key, sizeof key);
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        imported->plain, NULL, NULL, file + AT_SEALED, AT_CHECKSUM - AT_SEALED, file, AT_NONCE,
        file + AT_NONCE, key);
    secret_wipe(key, sizeof key);
    return opened == 0 && decode_plain(imported->plain, imports);
}

static void encode(const struct keys_device *device, struct imported *imported,
                   const struct keys_imports *imports)
{
    uint8_t *file = imported->file, key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    memset(imported->plain, 0, sizeof imported->plain);
    base_put_u16(imported->plain, imports->count);
    memcpy(imported->plain + 2, imports->list, (size_t)imports->count * NOTE_BYTES);
    memset(file, 0, AT_WHICH);
    memcpy(file, magic, sizeof magic);
    base_put_u16(file + AT_FORMAT, FILE_FORMAT);
    device_subkey(device, SUBKEY_WHICH, file + AT_WHICH, WHICH_BYTES);
    secret_random(file + AT_NONCE, AT_SEALED - AT_NONCE);
    device_subkey(device, SUBKEY_SEAL, key, sizeof key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(file + AT_SEALED, NULL, imported->plain, PLAIN_BYTES,
                                               file, AT_NONCE, NULL, file + AT_NONCE, key);
    secret_wipe(key, sizeof key);
    checksum(file + AT_CHECKSUM, file);
    secret_declassify(file, FILE_BYTES);
}

/* `imports` is all zero; without a file it stays that. */
static enum base_code load(const struct keys_device *device, struct imported *imported,
                           struct keys_imports *imports, struct base_error *error)
{
    bool found = false;
    enum base_code code = own_path(imported->path, device_store_id(device), ".imported", error);
    if (code == BASE_OK)
        code = own_load(imported->path, imported->file, FILE_BYTES, BASE_IMPORTED_FILE_DAMAGED,
                        &found, error);
    if (code == BASE_OK && found && !decode(device, imported, imports))
        code = base_fail(error, BASE_IMPORTED_FILE_DAMAGED, "%s", imported->path);
    return code;
}

/* Both are freed with secret_free, also after an error. */
static enum base_code load_new(const struct keys_device *device, struct imported **imported,
                               struct keys_imports **imports, struct base_error *error)
{
    void *memory;
    *imported = NULL;
    *imports = NULL;
    if (secret_new(sizeof **imported, &memory, error) != BASE_OK)
        return error->code;
    *imported = memory;
    if (secret_new(sizeof **imports, &memory, error) != BASE_OK)
        return error->code;
    *imports = memory;
    return load(device, *imported, *imports, error);
}

enum base_code keys_imports_load(const struct keys_device *device, struct keys_imports **out,
                                 struct base_error *error)
{
    struct imported *imported;
    struct keys_imports *imports;
    const enum base_code code = load_new(device, &imported, &imports, error);
    secret_free(imported);
    if (code == BASE_OK)
        *out = imports;
    else
        secret_free(imports);
    return code;
}

/* ---- changing it -------------------------------------------------------------------------------- */

static void take_out(struct keys_imports *imports, unsigned place)
{
    imports->count--;
    memmove(&imports->list[place], &imports->list[place + 1],
            (imports->count - place) * sizeof *imports->list);
}

static void take_out_this(struct keys_imports *imports, const struct keys_import *old)
{
    for (unsigned i = 0; i < imports->count; i++)
        if (sodium_memcmp(&imports->list[i], old, sizeof *old) == 0) {
            take_out(imports, i);
            return;
        }
}

/* In the order of their bytes, so that it does not tell when. */
static void put_in(struct keys_imports *imports, const struct keys_import *new)
{
    uint8_t random;
    unsigned place = 0;
    _Static_assert(KEYS_MOST_IMPORTED == 256, "a byte chooses evenly");
    if (imports->count == KEYS_MOST_IMPORTED) { /* any one: nothing tells which is the oldest */
        secret_random(&random, sizeof random);
        take_out(imports, random);
    }
    while (place < imports->count && memcmp(&imports->list[place], new, sizeof *new) < 0)
        place++;
    memmove(&imports->list[place + 1], &imports->list[place],
            (imports->count - place) * sizeof *imports->list);
    imports->list[place] = *new;
    imports->count++;
}

enum base_code keys_imports_change(const struct keys_device *device, const struct keys_import *old,
                                   const struct keys_import *new, struct base_error *error)
{
    struct imported *imported;
    struct keys_imports *imports;
    enum base_code code = load_new(device, &imported, &imports, error);
    if (code == BASE_OK) {
        if (old != NULL)
            take_out_this(imports, old);
        if (new != NULL)
            put_in(imports, new);
        encode(device, imported, imports);
        code = own_write(imported->path, imported->file, FILE_BYTES, true, error);
    }
    secret_free(imports);
    secret_free(imported);
    return code;
}
