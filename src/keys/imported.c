#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "own.h"
#include "tavs/secret.h"

/* docs/format.md, section 8. */
enum {
    FILE_FORMAT = 1,
    AT_FORMAT = 4,
    AT_COUNT = 6,
    AT_DIGESTS = 8,
    AT_CHECKSUM = AT_DIGESTS + KEYS_MOST_IMPORTED * KEYS_DIGEST_BYTES,
    CHECKSUM_BYTES = 32,
    FILE_BYTES = AT_CHECKSUM + CHECKSUM_BYTES,
};
static const uint8_t magic[AT_FORMAT] = {'T', 'A', 'V', 'I'};

/* In the order of their bytes, so that it does not tell when. */
struct imported {
    char path[PATH_MAX];
    unsigned count;
    uint8_t digests[KEYS_MOST_IMPORTED][KEYS_DIGEST_BYTES];
};

static void checksum(uint8_t sum[CHECKSUM_BYTES], const uint8_t file[FILE_BYTES])
{
    crypto_generichash(sum, CHECKSUM_BYTES, file, AT_CHECKSUM, NULL, 0);
}

static bool decode(struct imported *imported, const uint8_t file[FILE_BYTES])
{
    uint8_t sum[CHECKSUM_BYTES];
    const unsigned count = base_get_u16(file + AT_COUNT);
    checksum(sum, file);
    if (memcmp(file, magic, sizeof magic) != 0 || base_get_u16(file + AT_FORMAT) != FILE_FORMAT ||
        memcmp(file + AT_CHECKSUM, sum, sizeof sum) != 0 || count > KEYS_MOST_IMPORTED)
        return false;
    imported->count = count;
    memcpy(imported->digests, file + AT_DIGESTS, sizeof imported->digests);
    return true;
}

static void encode(uint8_t file[FILE_BYTES], const struct imported *imported)
{
    memset(file, 0, FILE_BYTES);
    memcpy(file, magic, sizeof magic);
    base_put_u16(file + AT_FORMAT, FILE_FORMAT);
    base_put_u16(file + AT_COUNT, (uint16_t)imported->count);
    memcpy(file + AT_DIGESTS, imported->digests, imported->count * KEYS_DIGEST_BYTES);
    checksum(file + AT_CHECKSUM, file);
}

static enum base_code read_open(struct imported *imported, int descriptor, struct base_error *error)
{
    uint8_t file[FILE_BYTES + 1]; /* one more, so that a longer one is noticed */
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", imported->path);
    if (!own_is_private(&status))
        return base_fail(error, BASE_IMPORTED_FILE_DAMAGED, "%s", imported->path);
    const ssize_t got = own_read(descriptor, file, sizeof file);
    if (got < 0)
        return base_fail_os(error, errno, "%s", imported->path);
    if (got != FILE_BYTES || !decode(imported, file))
        return base_fail(error, BASE_IMPORTED_FILE_DAMAGED, "%s", imported->path);
    return BASE_OK;
}

/* Without a file nothing has been imported. */
static enum base_code load(struct imported *imported, const uint8_t store_id[KEYS_STORE_ID_BYTES],
                           struct base_error *error)
{
    memset(imported, 0, sizeof *imported);
    enum base_code code = own_path(imported->path, store_id, ".imported", error);
    if (code != BASE_OK)
        return code;
    const int descriptor = open(imported->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT)
        return BASE_OK;
    if (descriptor < 0 && errno == ELOOP)
        return base_fail(error, BASE_IMPORTED_FILE_DAMAGED, "%s", imported->path);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", imported->path);
    code = read_open(imported, descriptor, error);
    (void)close(descriptor);
    return code;
}

static enum base_code save(struct imported *imported, struct base_error *error)
{
    uint8_t file[FILE_BYTES];
    encode(file, imported);
    return own_write(imported->path, file, sizeof file, error);
}

/* Where the digest stands, or belongs. */
static unsigned find(const struct imported *imported, const uint8_t digest[KEYS_DIGEST_BYTES],
                     bool *found)
{
    unsigned place = 0;
    while (place < imported->count &&
           memcmp(imported->digests[place], digest, KEYS_DIGEST_BYTES) < 0)
        place++;
    *found =
        place < imported->count && memcmp(imported->digests[place], digest, KEYS_DIGEST_BYTES) == 0;
    return place;
}

static void take_out(struct imported *imported, unsigned place)
{
    imported->count--;
    memmove(imported->digests[place], imported->digests[place + 1],
            (imported->count - place) * KEYS_DIGEST_BYTES);
}

/* Any one: nothing tells which is the oldest. */
static void forget_one(struct imported *imported)
{
    uint8_t random;
    _Static_assert(KEYS_MOST_IMPORTED == 256, "a byte chooses evenly");
    secret_random(&random, sizeof random);
    take_out(imported, random);
}

enum base_code keys_imported_find(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                  const uint8_t digest[KEYS_DIGEST_BYTES], bool *found,
                                  struct base_error *error)
{
    struct imported imported;
    const enum base_code code = load(&imported, store_id, error);
    if (code == BASE_OK)
        (void)find(&imported, digest, found);
    return code;
}

enum base_code keys_imported_add(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                 const uint8_t digest[KEYS_DIGEST_BYTES], struct base_error *error)
{
    struct imported imported;
    bool found;
    const enum base_code code = load(&imported, store_id, error);
    if (code != BASE_OK)
        return code;
    (void)find(&imported, digest, &found);
    if (found)
        return BASE_OK;
    if (imported.count == KEYS_MOST_IMPORTED)
        forget_one(&imported);
    const unsigned place = find(&imported, digest, &found);
    memmove(imported.digests[place + 1], imported.digests[place],
            (imported.count - place) * KEYS_DIGEST_BYTES);
    memcpy(imported.digests[place], digest, KEYS_DIGEST_BYTES);
    imported.count++;
    return save(&imported, error);
}

enum base_code keys_imported_remove(const uint8_t store_id[KEYS_STORE_ID_BYTES],
                                    const uint8_t digest[KEYS_DIGEST_BYTES],
                                    struct base_error *error)
{
    struct imported imported;
    bool found;
    const enum base_code code = load(&imported, store_id, error);
    if (code != BASE_OK)
        return code;
    const unsigned place = find(&imported, digest, &found);
    if (!found)
        return BASE_OK;
    take_out(&imported, place);
    return save(&imported, error);
}
