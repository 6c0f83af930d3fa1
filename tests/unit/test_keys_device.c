/* keys: the device's key, its file and its folder. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sample.h"
#include "scratch.h"

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

static struct keys_device *new_device(uint16_t number)
{
    struct keys_device *device;
    struct base_error error;

    assert_int_equal(keys_device_new(number, store_id, fingerprint, &device, &error), BASE_OK);
    return device;
}

static void save(const struct keys_device *device)
{
    struct base_error error;

    assert_int_equal(keys_device_save(device, &error), BASE_OK);
}

static struct keys_device *load_device(void)
{
    struct keys_device *device;
    struct base_error error;

    assert_int_equal(keys_device_load(store_id, &device, &error), BASE_OK);
    return device;
}

static void read_file(uint8_t bytes[SAMPLE_DEVICE_FILE_BYTES])
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, SAMPLE_DEVICE_FILE_BYTES, file), SAMPLE_DEVICE_FILE_BYTES);
    assert_int_equal(fgetc(file), EOF);
    fclose(file);
}

static unsigned mode_of(const char *name)
{
    struct stat status;

    assert_int_equal(lstat(name, &status), 0);
    return status.st_mode & 07777;
}

/* ---- what is written and read ----------------------------------------------------------------- */

static void test_file_of_another_program(void **state)
{
    json_t *format = trial_vectors("format.json");
    const json_t *answers = trial_get(format, "device");
    uint8_t public[KEYS_SIGNING_PUBLIC_BYTES], bytes[SAMPLE_DEVICE_FILE_BYTES];

    (void)state;
    sample_put_device_file(store_id, known, sizeof known);
    struct keys_device *device = load_device();
    trial_bytes(answers, "public", public, sizeof public);
    assert_int_equal(keys_device_number(device), trial_number(answers, "number"));
    assert_memory_equal(keys_device_public(device), public, sizeof public);
    assert_memory_equal(keys_device_fingerprint(device), fingerprint, sizeof fingerprint);

    save(device);
    read_file(bytes);
    assert_memory_equal(bytes, known, sizeof known);
    keys_device_free(device);
    json_decref(format);
}

static void test_round_trip(void **state)
{
    static const uint16_t numbers[] = {1, 255, 256, KEYS_MOST_DEVICES};

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(numbers); i++) {
        struct keys_device *device = new_device(numbers[i]);
        uint8_t signature[KEYS_SIGNATURE_BYTES], again[KEYS_SIGNATURE_BYTES];

        save(device);
        struct keys_device *loaded = load_device();
        assert_int_equal(keys_device_number(loaded), numbers[i]);
        assert_memory_equal(keys_device_public(loaded), keys_device_public(device), 32);
        assert_memory_equal(keys_device_fingerprint(loaded), fingerprint, sizeof fingerprint);
        keys_device_sign(device, signature, (const uint8_t *)"row", 3);
        keys_device_sign(loaded, again, (const uint8_t *)"row", 3);
        assert_memory_equal(again, signature, sizeof signature);
        assert_true(keys_verify(keys_device_public(loaded), again, (const uint8_t *)"row", 3));
        assert_false(keys_verify(keys_device_public(loaded), again, (const uint8_t *)"rox", 3));
        keys_device_free(device);
        keys_device_free(loaded);
    }
    keys_device_free(NULL);
}

static void test_new_keys_are_different(void **state)
{
    struct keys_device *first = new_device(1), *second = new_device(1);

    (void)state;
    assert_memory_not_equal(keys_device_public(first), keys_device_public(second), 32);
    keys_device_free(first);
    keys_device_free(second);
}

/* Whatever the umask: 0600, and 0700 for the folders that had to be made. */
static void test_modes(void **state)
{
    static const mode_t masks[] = {0, 022, 077};

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(masks); i++) {
        char home[32], state_home[SAMPLE_PATH_BYTES];
        mode_t before = umask(masks[i]);

        snprintf(home, sizeof home, "home%zu", i);
        assert_int_equal(mkdir(home, 0755), 0);
        assert_int_equal(chmod(home, 0755), 0);
        snprintf(state_home, sizeof state_home, "%s/%s/.local/state", scratch_path(), home);
        setenv("XDG_STATE_HOME", state_home, 1);
        struct keys_device *device = new_device(1);
        save(device);
        keys_device_free(load_device());
        umask(before);

        assert_int_equal(mode_of(home), 0755); /* it was there */
        assert_int_equal(chdir(home), 0);
        assert_int_equal(mode_of(".local"), 0700);
        assert_int_equal(mode_of(".local/state"), 0700);
        assert_int_equal(mode_of(".local/state/tavs"), 0700);
        assert_int_equal(chdir(".local/state/tavs"), 0);
        assert_int_equal(mode_of(strrchr(path, '/') + 1), 0600);
        assert_int_equal(scratch_entries(), 1);
        assert_int_equal(chdir(scratch_path()), 0);
        keys_device_free(device);
    }
}

static void test_replaces_an_earlier_key(void **state)
{
    struct keys_device *first = new_device(1), *second = new_device(2);
    uint8_t bytes[SAMPLE_DEVICE_FILE_BYTES];

    (void)state;
    save(first);
    assert_int_equal(chmod(path, 0400), 0);
    save(second);
    struct keys_device *loaded = load_device();
    assert_int_equal(keys_device_number(loaded), 2);
    assert_memory_equal(keys_device_public(loaded), keys_device_public(second), 32);
    assert_int_equal(mode_of(path), 0600);
    read_file(bytes);
    assert_int_equal(chdir("tavs"), 0);
    assert_int_equal(scratch_entries(), 1); /* nothing beside it */
    assert_int_equal(chdir(".."), 0);
    keys_device_free(loaded);
    keys_device_free(first);
    keys_device_free(second);
}

/* Two stores' keys do not disturb each other. */
static void test_stores_have_keys_of_their_own(void **state)
{
    uint8_t other_id[KEYS_STORE_ID_BYTES];
    struct keys_device *device = new_device(1), *other, *loaded;
    struct base_error error;

    (void)state;
    memcpy(other_id, store_id, sizeof other_id);
    other_id[KEYS_STORE_ID_BYTES - 1] ^= 1;
    assert_int_equal(keys_device_new(3, other_id, fingerprint, &other, &error), BASE_OK);
    save(device);
    save(other);
    loaded = load_device();
    assert_int_equal(keys_device_number(loaded), 1);
    keys_device_free(loaded);
    assert_int_equal(keys_device_load(other_id, &loaded, &error), BASE_OK);
    assert_int_equal(keys_device_number(loaded), 3);
    keys_device_free(loaded);

    /* Nor does taking one away. */
    keys_device_remove(store_id);
    assert_int_equal(keys_device_load(store_id, &loaded, &error), BASE_NOT_ENROLLED);
    assert_int_equal(keys_device_load(other_id, &loaded, &error), BASE_OK);
    keys_device_free(loaded);
    keys_device_remove(store_id); /* which is not there: no harm */
    keys_device_free(device);
    keys_device_free(other);
}

/* ---- the folder ------------------------------------------------------------------------------- */

static void set(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

static void test_folder(void **state)
{
    static const struct {
        const char *xdg, *home, *expected; /* NULL: BASE_NO_HOME */
    } cases[] = {
        {"/x/state", "/home/a", "/x/state/tavs"},
        {"/", "/home/a", "//tavs"},
        {NULL, "/home/a", "/home/a/.local/state/tavs"},
        {"", "/home/a", "/home/a/.local/state/tavs"},
        {"relative/state", "/home/a", "/home/a/.local/state/tavs"},
        {NULL, NULL, NULL},
        {"", "", NULL},
        {"x", "home/a", NULL},
    };
    const char *home = getenv("HOME");
    char *kept = home == NULL ? NULL : strdup(home);
    struct keys_device *device = new_device(1), *loaded = NULL;
    struct base_error error;

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(cases); i++) {
        char folder[64] = "untouched";

        set("XDG_STATE_HOME", cases[i].xdg);
        set("HOME", cases[i].home);
        enum base_code code = keys_device_folder(folder, sizeof folder, &error);
        assert_int_equal(code, cases[i].expected == NULL ? BASE_NO_HOME : BASE_OK);
        if (cases[i].expected != NULL) {
            assert_string_equal(folder, cases[i].expected);
        } else {
            assert_int_equal(keys_device_load(store_id, &loaded, &error), BASE_NO_HOME);
            assert_int_equal(keys_device_save(device, &error), BASE_NO_HOME);
        }
    }
    set("HOME", kept);
    free(kept);
    keys_device_free(device);
}

static void test_folder_too_long(void **state)
{
    char folder[SAMPLE_PATH_BYTES], state_home[SAMPLE_PATH_BYTES];
    struct keys_device *device = new_device(1), *loaded = NULL;
    struct base_error error;

    (void)state;
    setenv("XDG_STATE_HOME", "/12345", 1);
    assert_int_equal(keys_device_folder(folder, sizeof "/12345/tavs", &error), BASE_OK);
    assert_string_equal(folder, "/12345/tavs");
    assert_int_equal(keys_device_folder(folder, sizeof "/12345/tavs" - 1, &error),
                     BASE_BAD_OPTION_VALUE);

    /* Around PATH_MAX: an error, never a path that was cut. */
    for (size_t length = 4000; length < 4100; length++) {
        memset(state_home, 'x', length);
        state_home[0] = '/';
        state_home[length] = '\0';
        setenv("XDG_STATE_HOME", state_home, 1);
        assert_int_not_equal(keys_device_load(store_id, &loaded, &error), BASE_OK);
        assert_int_not_equal(keys_device_save(device, &error), BASE_OK);
    }
    assert_int_equal(keys_device_save(device, &error), BASE_BAD_OPTION_VALUE);
    keys_device_free(device);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_file_of_another_program),
        IN_SCRATCH(test_round_trip),
        IN_SCRATCH(test_new_keys_are_different),
        IN_SCRATCH(test_modes),
        IN_SCRATCH(test_replaces_an_earlier_key),
        IN_SCRATCH(test_stores_have_keys_of_their_own),
        IN_SCRATCH(test_folder),
        IN_SCRATCH(test_folder_too_long),
    };

    return cmocka_run_group_tests(tests, load, NULL);
}
