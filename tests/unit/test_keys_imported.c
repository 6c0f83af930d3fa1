/* keys: what was imported, sealed with this machine's key. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"
#include "tavs/secret.h"

enum {
    PLAIN_BYTES = 2 + 256 * (300 + 64),
    AT_WHICH = 8,
    AT_NONCE = 24,
    AT_SEALED = 48,
    AT_CHECKSUM = AT_SEALED + PLAIN_BYTES + 16,
    FILE_BYTES = AT_CHECKSUM + 32
};

static const char path[] = "tavs/abcd0000000000000000000000000000.imported";
static struct keys_device *device, *other;

static struct keys_device *new_device(uint8_t second)
{
    const uint8_t store_id[KEYS_STORE_ID_BYTES] = {0xab, second};
    const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES] = {0};
    struct base_error error;
    struct keys_device *made;
    assert_int_equal(keys_device_new(1, store_id, fingerprint, &made, &error), BASE_OK);
    return made;
}

static int enter(void **state)
{
    const int result = support_enter(state);
    device = new_device(0xcd);
    other = new_device(0xce);
    return result;
}

static int leave(void **state)
{
    keys_device_free(device);
    keys_device_free(other);
    return support_leave(state);
}

static struct keys_import note_of(unsigned number)
{
    struct keys_import note;
    crypto_generichash((uint8_t *)&note, 64, (const uint8_t *)&number, sizeof number, NULL, 0);
    for (size_t i = 64; i < sizeof note; i++)
        ((uint8_t *)&note)[i] = (uint8_t)number;
    return note;
}

static unsigned count_with(const struct keys_device *key, unsigned number, unsigned *all)
{
    const struct keys_import note = note_of(number);
    struct keys_imports *imports;
    struct base_error error;
    unsigned found = 0;
    assert_int_equal(keys_imports_load(key, &imports, &error), BASE_OK);
    for (unsigned i = 0; i < imports->count; i++)
        found += memcmp(&imports->list[i], &note, sizeof note) == 0 ? 1 : 0;
    if (all != NULL)
        *all = imports->count;
    secret_free(imports);
    return found;
}

static bool is_there(unsigned number)
{
    return count_with(device, number, NULL) > 0;
}

static enum base_code add(unsigned number)
{
    const struct keys_import note = note_of(number);
    struct base_error error;
    return keys_imports_change(device, NULL, &note, &error);
}

static enum base_code take_out(unsigned number)
{
    const struct keys_import note = note_of(number);
    struct base_error error;
    return keys_imports_change(device, &note, NULL, &error);
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
    const struct keys_import three = note_of(3), four = note_of(4);
    struct base_error error;
    struct stat status;
    unsigned all;
    (void)state;
    assert_false(is_there(1));
    assert_int_equal(access(path, F_OK), -1); /* looking leaves nothing behind */
    assert_int_equal(add(1), BASE_OK);
    assert_int_equal(add(2), BASE_OK);
    assert_int_equal(add(1), BASE_OK); /* counted twice */
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat("tavs", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_int_equal(count_with(device, 1, &all), 2);
    assert_int_equal(all, 3);
    assert_int_equal(count_with(other, 1, &all), 0);
    assert_int_equal(all, 0);
    assert_int_equal(take_out(1), BASE_OK); /* one of them */
    assert_int_equal(count_with(device, 1, NULL), 1);
    assert_true(is_there(2));
    assert_int_equal(keys_imports_change(device, &three, &four, &error), BASE_OK);
    assert_true(is_there(4));
    assert_int_equal(keys_imports_change(device, &four, &three, &error), BASE_OK);
    assert_true(is_there(3) && !is_there(4));
    assert_int_equal(support_entries("tavs"), 1);
}

/* docs/format.md says the bytes. Only this machine's key opens them; they are of one size, and inside in the order
 * of their bytes. */
static void test_the_file(void **state)
{
    static const unsigned order[] = {5, 3, 1, 2, 4};
    static uint8_t plain[PLAIN_BYTES];
    uint8_t sum[32], which[16], key[32];
    struct base_error error;
    size_t size;
    (void)state;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(add(order[i]), BASE_OK);
    assert_int_equal(keys_device_save(device, &error), BASE_OK);
    uint8_t *file = support_read_file("tavs/abcd0000000000000000000000000000.device", &size);
    uint8_t *bytes = read_file();
    assert_memory_equal(bytes, "TAVI\0\2\0\0", AT_WHICH);
    crypto_kdf_derive_from_key(which, sizeof which, 3, "tavs-dev", file + 56);
    assert_memory_equal(bytes + AT_WHICH, which, sizeof which);
    crypto_generichash(sum, sizeof sum, bytes, AT_CHECKSUM, NULL, 0);
    assert_memory_equal(bytes + AT_CHECKSUM, sum, sizeof sum);
    crypto_kdf_derive_from_key(key, sizeof key, 2, "tavs-dev", file + 56);
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(
                         plain, NULL, NULL, bytes + AT_SEALED, PLAIN_BYTES + 16, bytes, AT_NONCE,
                         bytes + AT_NONCE, key),
                     0);
    assert_int_equal(base_get_u16(plain), 5);
    for (size_t j = 1; j < 5; j++)
        assert_true(memcmp(plain + 2 + 364 * (j - 1), plain + 2 + 364 * j, 364) < 0);
    assert_true(base_is_zero(plain + 2 + 364L * 5, 251L * 364));
    /* The same list is other bytes the next time. */
    assert_int_equal(add(6), BASE_OK);
    assert_int_equal(take_out(6), BASE_OK);
    uint8_t *again = read_file();
    assert_memory_not_equal(bytes + AT_NONCE, again + AT_NONCE, 24);
    assert_memory_not_equal(bytes + AT_SEALED, again + AT_SEALED, 64);
    free(again);
    free(bytes);
    free(file);
}

static void test_full(void **state)
{
    unsigned there = 0;
    (void)state;
    for (unsigned i = 0; i < KEYS_MOST_IMPORTED; i++)
        assert_int_equal(add(i), BASE_OK);
    for (unsigned i = 0; i < KEYS_MOST_IMPORTED; i++)
        assert_true(is_there(i));
    assert_int_equal(add(KEYS_MOST_IMPORTED), BASE_OK);
    for (unsigned i = 0; i <= KEYS_MOST_IMPORTED; i++)
        there += is_there(i) ? 1 : 0;
    assert_int_equal(there, KEYS_MOST_IMPORTED);
    assert_true(is_there(KEYS_MOST_IMPORTED));
}

/* The list of a key that the machine had before says nothing, and gives way. */
static void test_another_key(void **state)
{
    unsigned all;
    (void)state;
    assert_int_equal(add(1), BASE_OK);
    keys_device_free(device);
    device = new_device(0xcd);
    assert_int_equal(count_with(device, 1, &all), 0);
    assert_int_equal(all, 0);
    assert_int_equal(add(2), BASE_OK);
    assert_int_equal(count_with(device, 2, &all), 1);
    assert_int_equal(all, 1);
}

/* ---- what is refused --------------------------------------------------------------------------- */

static void assert_damaged(void)
{
    struct base_error error;
    struct keys_imports *imports = NULL;
    assert_int_equal(keys_imports_load(device, &imports, &error), BASE_IMPORTED_FILE_DAMAGED);
    assert_null(imports); /* untouched */
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
    static const size_t places[] = {
        0, 3, 5, AT_WHICH, AT_NONCE, AT_SEALED, AT_CHECKSUM - 1, FILE_BYTES - 1};
    static const size_t sealed[] = {6, AT_NONCE, AT_SEALED, AT_CHECKSUM - 1};
    (void)state;
    assert_int_equal(add(1), BASE_OK);
    uint8_t *bytes = read_file();
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bytes[places[i]] ^= 1;
        support_write_file(path, bytes, FILE_BYTES);
        assert_damaged();
        bytes[places[i]] ^= 1;
    }
    for (size_t size = 0; size < FILE_BYTES; size += size < 60 ? 1 : 40001) {
        support_write_file(path, bytes, size);
        assert_damaged();
    }
    uint8_t *longer = calloc(1, FILE_BYTES + 1);
    assert_non_null(longer);
    memcpy(longer, bytes, FILE_BYTES);
    support_write_file(path, longer, FILE_BYTES + 1);
    assert_damaged();
    free(longer);
    bytes[5] = 3; /* a later format */
    write_with_sum(bytes);
    assert_damaged();
    bytes[5] = 2;
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed;
         i++) { /* whoever knows the sum, and not the key */
        bytes[sealed[i]] ^= 1;
        write_with_sum(bytes);
        assert_damaged();
        bytes[sealed[i]] ^= 1;
    }
    write_with_sum(bytes);
    assert_true(is_there(1));
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

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(test_find_what_was_added), TEST(test_the_file), TEST(test_full),
        TEST(test_another_key),         TEST(test_damaged),  TEST(test_not_yours_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
