#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own.h"
#include "tavs/secret.h"

/* The device's file: docs/format.md, section 8. */
enum {
    FILE_FORMAT = 1,
    AT_FORMAT = 4,
    AT_NUMBER = 6,
    AT_STORE_ID = 8,
    AT_FINGERPRINT = 24,
    AT_SEED = 56,
    AT_CHECKSUM = 88,
    CHECKSUM_BYTES = 32,
    FILE_BYTES = AT_CHECKSUM + CHECKSUM_BYTES,
};
static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'D'};

struct keys_device {
    uint8_t file[FILE_BYTES];
    uint8_t signing_public[KEYS_SIGNING_PUBLIC_BYTES];
    uint8_t signing_secret[crypto_sign_SECRETKEYBYTES];
};

static void checksum(uint8_t sum[CHECKSUM_BYTES], const uint8_t file[FILE_BYTES])
{
    crypto_generichash(sum, CHECKSUM_BYTES, file, AT_CHECKSUM, NULL, 0);
}

static void expand_signing_key(struct keys_device *device)
{
    crypto_sign_seed_keypair(device->signing_public, device->signing_secret,
                             device->file + AT_SEED);
}

enum base_code keys_device_new(uint16_t number, const uint8_t store_id[KEYS_STORE_ID_BYTES],
                               const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES],
                               struct keys_device **out, struct base_error *error)
{
    void *memory;
    enum base_code code = secret_new(sizeof(struct keys_device), &memory, error);
    if (code != BASE_OK)
        return code;
    struct keys_device *device = memory;
    memcpy(device->file, magic, sizeof magic);
    base_put_u16(device->file + AT_FORMAT, FILE_FORMAT);
    base_put_u16(device->file + AT_NUMBER, number);
    memcpy(device->file + AT_STORE_ID, store_id, KEYS_STORE_ID_BYTES);
    memcpy(device->file + AT_FINGERPRINT, fingerprint, KEYS_FINGERPRINT_BYTES);
    secret_random(device->file + AT_SEED, crypto_sign_SEEDBYTES);
    checksum(device->file + AT_CHECKSUM, device->file);
    expand_signing_key(device);
    *out = device;
    return BASE_OK;
}

void keys_device_free(struct keys_device *device)
{
    secret_free(device);
}

uint16_t keys_device_number(const struct keys_device *device)
{
    return base_get_u16(device->file + AT_NUMBER);
}

const uint8_t *keys_device_public(const struct keys_device *device)
{
    return device->signing_public;
}

const uint8_t *keys_device_fingerprint(const struct keys_device *device)
{
    return device->file + AT_FINGERPRINT;
}

void keys_device_sign(const struct keys_device *device, uint8_t signature[KEYS_SIGNATURE_BYTES],
                      const uint8_t *message, size_t size)
{
    crypto_sign_detached(signature, NULL, message, size, device->signing_secret);
    secret_declassify(signature, KEYS_SIGNATURE_BYTES);
}

void device_subkey(const struct keys_device *device, uint64_t number, uint8_t *subkey, size_t size)
{
    _Static_assert(crypto_sign_SEEDBYTES == crypto_kdf_KEYBYTES, "the seed serves as a master key");
    crypto_kdf_derive_from_key(subkey, size, number, "tavs-dev", device->file + AT_SEED);
}

const uint8_t *device_store_id(const struct keys_device *device)
{
    return device->file + AT_STORE_ID;
}

/* ---- the file ---- */

enum base_code own_path(char path[PATH_MAX], const uint8_t store_id[KEYS_STORE_ID_BYTES],
                        const char *ending, struct base_error *error)
{
    enum { NAME_BYTES = 1 + 2 * KEYS_STORE_ID_BYTES + OWN_ENDING_BYTES };
    char name[2 * KEYS_STORE_ID_BYTES + 1];
    enum base_code code = keys_device_folder(path, PATH_MAX - NAME_BYTES, error);
    if (code != BASE_OK)
        return code;
    base_hex(name, store_id, KEYS_STORE_ID_BYTES);
    size_t length = strlen(path);
    (void)snprintf(path + length, PATH_MAX - length, "/%s%s", name, ending);
    return BASE_OK;
}

static enum base_code device_path(char path[PATH_MAX], const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                  struct base_error *error)
{
    return own_path(path, store_id, ".device", error);
}

bool own_is_private(const struct stat *status)
{
    return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
           (status->st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static bool is_sound(const struct keys_device *device, const uint8_t store_id[KEYS_STORE_ID_BYTES])
{
    uint8_t sum[CHECKSUM_BYTES];
    uint16_t number = keys_device_number(device);
    checksum(sum, device->file);
    return memcmp(device->file, magic, sizeof magic) == 0 &&
           base_get_u16(device->file + AT_FORMAT) == FILE_FORMAT && number >= 1 &&
           number <= KEYS_MOST_DEVICES &&
           memcmp(device->file + AT_STORE_ID, store_id, KEYS_STORE_ID_BYTES) == 0 &&
           memcmp(device->file + AT_CHECKSUM, sum, sizeof sum) == 0;
}

ssize_t own_read(int descriptor, uint8_t *bytes, size_t size)
{
    ssize_t got;
    do {
        got = read(descriptor, bytes, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

enum base_code keys_device_load(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                struct keys_device **out, struct base_error *error)
{
    char path[PATH_MAX];
    struct stat status;
    void *memory = NULL;
    enum base_code code = device_path(path, store_id, error);
    if (code != BASE_OK)
        return code;

    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT)
        return base_fail(error, BASE_NOT_ENROLLED, "%s", path);
    if (descriptor < 0 && errno == ELOOP)
        return base_fail(error, BASE_DEVICE_FILE_MODE, "%s", path);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", path);
    if (fstat(descriptor, &status) != 0)
        code = base_fail_os(error, errno, "%s", path);
    else if (!own_is_private(&status))
        code = base_fail(error, BASE_DEVICE_FILE_MODE, "%s", path);
    else
        code = secret_new(sizeof(struct keys_device), &memory, error);
    struct keys_device *device = memory;
    if (code == BASE_OK) {
        ssize_t got = own_read(descriptor, device->file, FILE_BYTES);
        if (got < 0)
            code = base_fail_os(error, errno, "%s", path);
        else if (got != FILE_BYTES || status.st_size != FILE_BYTES || !is_sound(device, store_id))
            code = base_fail(error, BASE_DEVICE_FILE_DAMAGED, "%s", path);
    }
    (void)close(descriptor);
    if (code == BASE_OK) {
        expand_signing_key(device);
        *out = device;
    } else {
        keys_device_free(device);
    }
    return code;
}

static enum base_code read_whole(int descriptor, const char *path, uint8_t *bytes, size_t size,
                                 enum base_code damaged, struct base_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", path);
    if (!own_is_private(&status))
        return base_fail(error, damaged, "%s", path);
    const ssize_t got = own_read(descriptor, bytes, size + 1);
    if (got < 0)
        return base_fail_os(error, errno, "%s", path);
    return got == (ssize_t)size ? BASE_OK : base_fail(error, damaged, "%s", path);
}

enum base_code own_load(const char *path, uint8_t *bytes, size_t size, enum base_code damaged,
                        bool *found, struct base_error *error)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    *found = descriptor >= 0 || errno != ENOENT;
    if (!*found)
        return BASE_OK;
    if (descriptor < 0 && errno == ELOOP)
        return base_fail(error, damaged, "%s", path);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", path);
    const enum base_code code = read_whole(descriptor, path, bytes, size, damaged, error);
    (void)close(descriptor);
    return code;
}

enum base_code own_write(char path[PATH_MAX], const uint8_t *bytes, size_t size, bool replace,
                         struct base_error *error)
{
    struct base_file *file = NULL;
    enum base_code code = base_make_folders(path, error);
    if (code == BASE_OK)
        code = base_file_new(path, &file, error);
    if (code == BASE_OK)
        code = base_write_all(base_file_descriptor(file), bytes, size, path, error);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    return base_file_commit(file, replace, error);
}

enum base_code keys_device_save(const struct keys_device *device, struct base_error *error)
{
    char path[PATH_MAX];
    enum base_code code = device_path(path, device->file + AT_STORE_ID, error);
    return code == BASE_OK ? own_write(path, device->file, sizeof device->file, true, error) : code;
}

void keys_device_remove(const uint8_t store_id[KEYS_STORE_ID_BYTES])
{
    char path[PATH_MAX];
    struct base_error ignored;
    if (device_path(path, store_id, &ignored) == BASE_OK)
        (void)unlink(path);
}
