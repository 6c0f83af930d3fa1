/* keys: every way in which the device's file can be wrong. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sample.h"
#include "scratch.h"

enum { CHECKED_BYTES = 88, AT_FORMAT = 4, AT_NUMBER = 6 };

static uint8_t store_id[KEYS_STORE_ID_BYTES];
static uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
static uint8_t known[SAMPLE_DEVICE_FILE_BYTES]; /* the file of tests/vectors/format.json */
static char path[SAMPLE_PATH_BYTES];            /* where it belongs */

static int load(void **state)
{
    (void)state;
    sample_device_vectors(store_id, fingerprint, known);
    return sodium_init() < 0;
}

static int enter(void **state)
{
    int result = scratch_enter(state);

    if (result == 0)
        sample_device_path(store_id, path, sizeof path);
    return result;
}

static void assert_loads(void)
{
    struct keys_device *device;
    struct base_error error;

    assert_int_equal(keys_device_load(store_id, &device, &error), BASE_OK);
    keys_device_free(device);
}

static void assert_load_fails(enum base_code expected)
{
    struct keys_device *device = NULL;
    struct base_error error;

    assert_int_equal(keys_device_load(store_id, &device, &error), expected);
    assert_int_equal(error.code, expected);
    assert_null(device);
}

static void put(const void *bytes, size_t size)
{
    sample_put_device_file(store_id, bytes, size);
}

static void test_missing(void **state)
{
    (void)state;
    assert_load_fails(BASE_NOT_ENROLLED);
    assert_int_equal(mkdir("tavs", 0700), 0);
    assert_load_fails(BASE_NOT_ENROLLED);
}

static void test_every_bit(void **state)
{
    uint8_t bytes[SAMPLE_DEVICE_FILE_BYTES];

    (void)state;
    memcpy(bytes, known, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        put(bytes, sizeof bytes);
        assert_load_fails(BASE_DEVICE_FILE_DAMAGED);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    put(bytes, sizeof bytes);
    assert_loads();
}

static void test_every_length(void **state)
{
    uint8_t bytes[2 * SAMPLE_DEVICE_FILE_BYTES] = {0};

    (void)state;
    memcpy(bytes, known, sizeof known);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        if (size == SAMPLE_DEVICE_FILE_BYTES)
            continue;
        put(bytes, size);
        assert_load_fails(BASE_DEVICE_FILE_DAMAGED);
    }
}

/* Fields out of range, in a file whose check sum is right. */
static void test_fields_with_a_right_check_sum(void **state)
{
    static const struct {
        size_t at;
        uint16_t value;
        enum base_code expected;
    } cases[] = {
        {AT_FORMAT, 0, BASE_DEVICE_FILE_DAMAGED},
        {AT_FORMAT, 2, BASE_DEVICE_FILE_DAMAGED},
        {AT_NUMBER, 0, BASE_DEVICE_FILE_DAMAGED},
        {AT_NUMBER, KEYS_MOST_DEVICES + 1, BASE_DEVICE_FILE_DAMAGED},
        {AT_NUMBER, UINT16_MAX, BASE_DEVICE_FILE_DAMAGED},
        {AT_NUMBER, KEYS_MOST_DEVICES, BASE_OK},
        {0, 0x7461, BASE_DEVICE_FILE_DAMAGED},
    };

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(cases); i++) {
        uint8_t bytes[SAMPLE_DEVICE_FILE_BYTES];

        memcpy(bytes, known, sizeof bytes);
        base_put_u16(bytes + cases[i].at, cases[i].value);
        crypto_generichash(bytes + CHECKED_BYTES, 32, bytes, CHECKED_BYTES, NULL, 0);
        put(bytes, sizeof bytes);
        if (cases[i].expected == BASE_OK)
            assert_loads();
        else
            assert_load_fails(cases[i].expected);
    }
}

/* Another store's file, sound in itself, at this store's place. */
static void test_file_of_another_store(void **state)
{
    uint8_t other_id[KEYS_STORE_ID_BYTES] = "another store";
    char other_path[SAMPLE_PATH_BYTES];
    struct keys_device *other;
    struct base_error error;

    (void)state;
    assert_int_equal(keys_device_new(1, other_id, fingerprint, &other, &error), BASE_OK);
    assert_int_equal(keys_device_save(other, &error), BASE_OK);
    keys_device_free(other);
    sample_device_path(other_id, other_path, sizeof other_path);
    assert_int_equal(rename(other_path, path), 0);
    assert_load_fails(BASE_DEVICE_FILE_DAMAGED);
}

static void test_modes_that_let_others_in(void **state)
{
    (void)state;
    put(known, sizeof known);
    for (mode_t bit = 1; bit <= 040; bit <<= 1) {
        assert_int_equal(chmod(path, 0600 | bit), 0);
        assert_load_fails(BASE_DEVICE_FILE_MODE);
    }
    assert_int_equal(chmod(path, 0400), 0);
    assert_loads();
}

static void test_owner(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can give a file away */
    put(known, sizeof known);
    assert_int_equal(chown(path, 65534, 65534), 0);
    assert_load_fails(BASE_DEVICE_FILE_MODE);
}

static void test_what_is_no_plain_file(void **state)
{
    (void)state;
    put(known, sizeof known);
    assert_int_equal(rename(path, "elsewhere"), 0);
    assert_int_equal(symlink("../elsewhere", path), 0);
    assert_load_fails(BASE_DEVICE_FILE_MODE);

    /* Nor is a key written through a link. */
    struct keys_device *device;
    struct base_error error;
    struct stat status;
    assert_int_equal(keys_device_new(9, store_id, fingerprint, &device, &error), BASE_OK);
    assert_int_equal(keys_device_save(device, &error), BASE_FILE_EXISTS);
    keys_device_free(device);
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(rename("elsewhere", path), 0);
    assert_loads();

    assert_int_equal(remove(path), 0);
    assert_int_equal(symlink("nowhere", path), 0);
    assert_load_fails(BASE_DEVICE_FILE_MODE);
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_load_fails(BASE_DEVICE_FILE_MODE);
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(10); /* a reader of a FIFO waits for a writer */
    assert_load_fails(BASE_DEVICE_FILE_MODE);
    alarm(0);
}

static void test_folder_that_can_not_be_made(void **state)
{
    struct keys_device *device;
    struct base_error error;

    (void)state;
    assert_int_equal(keys_device_new(1, store_id, fingerprint, &device, &error), BASE_OK);
    scratch_put("tavs", "a file in the way");
    assert_int_equal(keys_device_save(device, &error), BASE_IO);
    assert_int_equal(scratch_entries(), 1);
    scratch_assert_content("tavs", "a file in the way");
    keys_device_free(device);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_missing),
        IN_SCRATCH(test_every_bit),
        IN_SCRATCH(test_every_length),
        IN_SCRATCH(test_fields_with_a_right_check_sum),
        IN_SCRATCH(test_file_of_another_store),
        IN_SCRATCH(test_modes_that_let_others_in),
        IN_SCRATCH(test_owner),
        IN_SCRATCH(test_what_is_no_plain_file),
        IN_SCRATCH(test_folder_that_can_not_be_made),
    };

    return cmocka_run_group_tests(tests, load, NULL);
}
