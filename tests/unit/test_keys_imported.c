/* keys: which files were imported, and the digest that only this machine can make. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

enum { FILE_BYTES = 8 + 256 * 32 + 32, AT_COUNT = 6, AT_DIGESTS = 8, AT_CHECKSUM = 8 + 256 * 32 };

static const uint8_t store_id[KEYS_STORE_ID_BYTES] = {0xab, 0xcd};
static const uint8_t other_id[KEYS_STORE_ID_BYTES] = {0xab, 0xce};
static const char path[] = "tavs/abcd0000000000000000000000000000.imported";

typedef uint8_t digest_bytes[KEYS_DIGEST_BYTES];

static void digest_of(unsigned number, digest_bytes digest)
{
    crypto_generichash(digest, KEYS_DIGEST_BYTES, (const uint8_t *)&number, sizeof number, NULL, 0);
}

static bool is_there(const uint8_t id[KEYS_STORE_ID_BYTES], unsigned number)
{
    struct base_error error;
    digest_bytes digest;
    bool found;
    digest_of(number, digest);
    assert_int_equal(keys_imported_find(id, digest, &found, &error), BASE_OK);
    return found;
}

static enum base_code add(unsigned number)
{
    struct base_error error;
    digest_bytes digest;
    digest_of(number, digest);
    return keys_imported_add(store_id, digest, &error);
}

static enum base_code take_out(unsigned number)
{
    struct base_error error;
    digest_bytes digest;
    digest_of(number, digest);
    return keys_imported_remove(store_id, digest, &error);
}

static uint8_t *read_file(void)
{
    size_t size;
    uint8_t *bytes = support_read_file(path, &size);
    assert_int_equal(size, FILE_BYTES);
    return bytes;
}

/* ---- the list --------------------------------------------------------------------------------- */

static void test_find_what_was_added(void **state)
{
    struct stat status;
    (void)state;
    assert_false(is_there(store_id, 1));
    assert_int_equal(take_out(1), BASE_OK);
    assert_int_equal(access(path, F_OK), -1); /* looking leaves nothing behind */
    assert_int_equal(add(1), BASE_OK);
    assert_int_equal(add(2), BASE_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat("tavs", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_true(is_there(store_id, 1));
    assert_true(is_there(store_id, 2));
    assert_false(is_there(store_id, 3));
    assert_false(is_there(other_id, 1));
    assert_int_equal(take_out(1), BASE_OK);
    assert_false(is_there(store_id, 1));
    assert_true(is_there(store_id, 2));
    assert_int_equal(support_entries("tavs"), 1);
}

/* Of one size, in the order of the digests, the rest zero: the same whenever, and in whichever order, the
 * files were imported. docs/format.md says the bytes. */
static void test_file_tells_no_order(void **state)
{
    static const unsigned orders[][5] = {{1, 2, 3, 4, 5}, {5, 3, 1, 2, 4}, {2, 2, 5, 1, 3}};
    uint8_t *first = NULL, sum[32];
    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        for (size_t j = 0; j < 5; j++)
            assert_int_equal(add(orders[i][j]), BASE_OK);
        if (i == 2)
            assert_int_equal(add(4), BASE_OK);
        uint8_t *bytes = read_file();
        assert_memory_equal(bytes, "TAVI\0\1\0\5", AT_DIGESTS);
        for (size_t j = 1; j < 5; j++)
            assert_true(memcmp(bytes + AT_DIGESTS + 32 * (j - 1), bytes + AT_DIGESTS + 32 * j, 32) <
                        0);
        assert_true(base_is_zero(bytes + AT_DIGESTS + 32L * 5, 251L * 32));
        crypto_generichash(sum, sizeof sum, bytes, AT_CHECKSUM, NULL, 0);
        assert_memory_equal(bytes + AT_CHECKSUM, sum, sizeof sum);
        if (first == NULL)
            first = bytes;
        else
            assert_memory_equal(bytes, first, FILE_BYTES);
        if (bytes != first)
            free(bytes);
        assert_int_equal(remove(path), 0);
    }
    free(first);
}

static void test_full(void **state)
{
    unsigned there = 0;
    (void)state;
    for (unsigned i = 0; i < KEYS_MOST_IMPORTED; i++)
        assert_int_equal(add(i), BASE_OK);
    for (unsigned i = 0; i < KEYS_MOST_IMPORTED; i++)
        assert_true(is_there(store_id, i));
    assert_int_equal(add(0), BASE_OK); /* is there: nobody has to go */
    for (unsigned i = 0; i < KEYS_MOST_IMPORTED; i++)
        there += is_there(store_id, i) ? 1 : 0;
    assert_int_equal(there, KEYS_MOST_IMPORTED);
    assert_int_equal(add(KEYS_MOST_IMPORTED), BASE_OK);
    there = 0;
    for (unsigned i = 0; i <= KEYS_MOST_IMPORTED; i++)
        there += is_there(store_id, i) ? 1 : 0;
    assert_int_equal(there, KEYS_MOST_IMPORTED);
    assert_true(is_there(store_id, KEYS_MOST_IMPORTED));
}

/* ---- what is refused --------------------------------------------------------------------------- */

static void assert_damaged(void)
{
    struct base_error error;
    const digest_bytes digest = {0};
    bool found = true;
    assert_int_equal(keys_imported_find(store_id, digest, &found, &error),
                     BASE_IMPORTED_FILE_DAMAGED);
    assert_true(found); /* untouched */
    assert_non_null(strstr(error.subject, path));
    assert_int_equal(add(1), BASE_IMPORTED_FILE_DAMAGED);
    assert_int_equal(take_out(1), BASE_IMPORTED_FILE_DAMAGED);
}

static void write_with_sum(uint8_t *bytes)
{
    crypto_generichash(bytes + AT_CHECKSUM, 32, bytes, AT_CHECKSUM, NULL, 0);
    support_write_file(path, bytes, FILE_BYTES);
}

static void test_damaged(void **state)
{
    static const size_t places[] = {0, 3, 5, AT_COUNT, AT_COUNT + 1, AT_DIGESTS, FILE_BYTES - 1};
    (void)state;
    assert_int_equal(add(1), BASE_OK);
    uint8_t *bytes = read_file();
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bytes[places[i]] ^= 1;
        support_write_file(path, bytes, FILE_BYTES);
        assert_damaged();
        bytes[places[i]] ^= 1;
    }
    for (size_t size = 0; size < FILE_BYTES; size += size < 48 ? 1 : 4001) {
        support_write_file(path, bytes, size);
        assert_damaged();
    }
    uint8_t *longer = calloc(1, FILE_BYTES + 1);
    assert_non_null(longer);
    memcpy(longer, bytes, FILE_BYTES);
    support_write_file(path, longer, FILE_BYTES + 1);
    assert_damaged();
    free(longer);
    bytes[5] = 2; /* a later format */
    write_with_sum(bytes);
    assert_damaged();
    bytes[5] = 1;
    bytes[AT_COUNT] = 1; /* 257 digests */
    write_with_sum(bytes);
    assert_damaged();
    bytes[AT_COUNT] = 0;
    write_with_sum(bytes);
    assert_true(is_there(store_id, 1));
    free(bytes);
}

static void test_not_yours_alone(void **state)
{
    (void)state;
    assert_int_equal(add(1), BASE_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_damaged();
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(rename(path, "elsewhere"), 0);
    assert_int_equal(symlink("../elsewhere", path), 0);
    assert_damaged();
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_damaged(); /* and nobody waits for a writer */
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_damaged();
}

/* ---- the digest ------------------------------------------------------------------------------- */

static void digest_with(const struct keys_device *device, const char *text, digest_bytes digest)
{
    struct keys_digest *making;
    struct base_error error;
    assert_int_equal(keys_device_digest_new(device, &making, &error), BASE_OK);
    for (; *text != '\0'; text++)
        keys_digest_add(making, text, 1);
    keys_digest_end(making, digest);
}

/* docs/format.md: BLAKE2b with a key that crypto_kdf makes of the seed in the device's file. */
static void test_digest(void **state)
{
    struct keys_device *device, *other;
    struct base_error error;
    digest_bytes one, again, of_other, expected;
    uint8_t key[32];
    size_t size;
    const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES] = {0};
    (void)state;
    assert_int_equal(keys_device_new(1, store_id, fingerprint, &device, &error), BASE_OK);
    assert_int_equal(keys_device_new(1, store_id, fingerprint, &other, &error), BASE_OK);
    digest_with(device, "a file", one);
    digest_with(device, "a file", again);
    digest_with(other, "a file", of_other);
    assert_memory_equal(one, again, sizeof one);
    assert_memory_not_equal(one, of_other, sizeof one);

    assert_int_equal(keys_device_save(device, &error), BASE_OK);
    uint8_t *file = support_read_file("tavs/abcd0000000000000000000000000000.device", &size);
    crypto_kdf_derive_from_key(key, sizeof key, 1, "tavs-dev", file + 56);
    crypto_generichash(expected, sizeof expected, (const uint8_t *)"a file", 6, key, sizeof key);
    assert_memory_equal(one, expected, sizeof one);
    free(file);
    keys_device_free(device);
    keys_device_free(other);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, support_enter, support_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_find_what_was_added),
        TEST(test_file_tells_no_order),
        TEST(test_full),
        TEST(test_damaged),
        TEST(test_not_yours_alone),
        TEST(test_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
