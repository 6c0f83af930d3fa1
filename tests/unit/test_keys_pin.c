/* keys: the note of which ledger this machine has published from. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sample.h"
#include "support.h"
#include "tavs/keys.h"

enum { FILE_BYTES = 76, AT_CHECKSUM = 44 };

static const uint8_t store_id[KEYS_STORE_ID_BYTES] = {0xab, 0xcd};
static const char path[] = "tavs/abcd0000000000000000000000000000.pin";

static int enter(void **state)
{
    const int result = support_enter(state);
    return result == 0 ? setenv("XDG_STATE_HOME", getcwd((char[4096]){0}, 4096), 1) : result;
}

static void save(uint32_t edition, uint16_t releases)
{
    struct keys_pin pin = {.edition = edition, .releases = releases};
    struct base_error error;
    memset(pin.head, (int)releases, sizeof pin.head);
    assert_int_equal(keys_pin_save(store_id, &pin, &error), BASE_OK);
}

static enum base_code load(struct keys_pin *pin, bool *found)
{
    struct base_error error = {.code = BASE_OK};
    const enum base_code code = keys_pin_load(store_id, pin, found, &error);
    assert_int_equal(code, error.code);
    return code;
}

static void assert_damaged(void)
{
    struct keys_pin pin = {.edition = 77};
    bool found = true;
    assert_int_equal(load(&pin, &found), BASE_PIN_FILE_DAMAGED);
    assert_int_equal(pin.edition, 77);
}

static void test_saved_and_loaded(void **state)
{
    struct keys_pin pin = {.edition = 77};
    struct stat status;
    struct base_error error;
    char text[300];
    bool found = true;
    (void)state;
    assert_int_equal(load(&pin, &found), BASE_OK);
    assert_false(found);
    assert_int_equal(pin.edition, 77);
    save(3, 2);
    save(UINT32_MAX, 4096); /* in the place of the one before */
    assert_int_equal(load(&pin, &found), BASE_OK);
    assert_true(found);
    assert_true(pin.edition == UINT32_MAX);
    assert_int_equal(pin.releases, 4096);
    assert_true(base_is_zero(pin.head, sizeof pin.head));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, FILE_BYTES);
    assert_int_equal(support_entries("tavs"), 1);
    assert_int_equal(keys_pin_path(store_id, text, sizeof text, &error), BASE_OK);
    assert_string_equal(text + strlen(text) - strlen(path), path);
}

/* docs/format.md, section 8. */
static void test_file_of_another_program(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *answers = trial_get(format, "pin");
    struct keys_pin pin;
    struct base_error error;
    uint8_t file[FILE_BYTES], head[KEYS_DIGEST_BYTES];
    size_t size;
    bool found = false;
    (void)state;
    trial_bytes(answers, "file", file, sizeof file);
    trial_bytes(answers, "head", head, sizeof head);
    save(1, 1);
    support_write_file(path, file, sizeof file);
    assert_int_equal(load(&pin, &found), BASE_OK);
    assert_int_equal(pin.edition, trial_number(answers, "edition"));
    assert_int_equal(pin.releases, trial_number(answers, "releases"));
    assert_memory_equal(pin.head, head, sizeof head);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keys_pin_save(store_id, &pin, &error), BASE_OK);
    uint8_t *again = support_read_file(path, &size);
    assert_int_equal(size, sizeof file);
    assert_memory_equal(again, file, sizeof file);
    free(again);
    json_decref(format);
}

static void test_every_bit_and_size(void **state)
{
    uint8_t bytes[2 * FILE_BYTES] = {0};
    size_t size;
    (void)state;
    save(5, 6);
    uint8_t *good = support_read_file(path, &size);
    assert_int_equal(size, FILE_BYTES);
    memcpy(bytes, good, size);
    for (size_t bit = 0; bit < 8 * (size_t)FILE_BYTES; bit += 3) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        support_write_file(path, bytes, FILE_BYTES);
        assert_damaged();
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    for (size = 0; size <= sizeof bytes; size++) {
        support_write_file(path, bytes, size);
        if (size != FILE_BYTES)
            assert_damaged();
    }
    bytes[5] = 2; /* a later format, with a checksum that holds */
    keys_digest_once(bytes + AT_CHECKSUM, bytes, AT_CHECKSUM);
    support_write_file(path, bytes, FILE_BYTES);
    assert_damaged();
    free(good);
}

/* Somebody else could have written it. */
static void test_modes_and_links(void **state)
{
    struct keys_pin pin;
    bool found = false;
    (void)state;
    save(1, 1);
    assert_int_equal(chmod(path, 0620), 0);
    assert_damaged();
    assert_int_equal(chmod(path, 0604), 0);
    assert_damaged();
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(load(&pin, &found), BASE_OK);
    assert_int_equal(rename(path, "tavs/elsewhere"), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    assert_damaged();
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_damaged();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, support_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_saved_and_loaded),
        TEST(test_file_of_another_program),
        TEST(test_every_bit_and_size),
        TEST(test_modes_and_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
