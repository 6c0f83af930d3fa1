/* keys: the notes of which store this machine knows at a path. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sample.h"
#include "support.h"
#include "tavs/keys.h"

enum { FILE_BYTES = 70, AT_CHECKSUM = 38 };

static const uint8_t known[KEYS_FINGERPRINT_BYTES] = {1, 2, 3},
                     other[KEYS_FINGERPRINT_BYTES] = {1, 2, 4};

static int enter(void **state)
{
    char here[4096];
    if (support_enter(state) != 0 || getcwd(here, sizeof here) == NULL)
        return -1;
    return setenv("XDG_STATE_HOME", here, 1);
}

static enum base_code check(const char *path, const uint8_t *fingerprint)
{
    struct base_error error = {.code = BASE_OK};
    const enum base_code code = keys_known_check(path, fingerprint, &error);
    assert_int_equal(code, error.code);
    return code;
}

static void save(const char *path, const uint8_t *fingerprint)
{
    struct base_error error;
    assert_int_equal(keys_known_save(path, fingerprint, true, &error), BASE_OK);
}

/* The path as it lies in the folder of a test, absolute. */
static const char *here(const char *name)
{
    static char path[4096 + 64];
    char folder[4096];
    assert_non_null(getcwd(folder, sizeof folder));
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void test_known_and_another(void **state)
{
    struct base_error error;
    char text[KEYS_FINGERPRINT_TEXT];
    (void)state;
    support_write_file("store", "", 0);
    assert_int_equal(check("store", known), BASE_OK);
    assert_false(keys_known_is_noted("store"));
    save("store", known);
    assert_true(keys_known_is_noted("store"));
    assert_int_equal(check("store", known), BASE_OK);
    assert_int_equal(check(here("store"), known), BASE_OK);
    assert_int_equal(check("store", other), BASE_STORE_REPLACED);
    assert_int_equal(check(here("store"), other), BASE_STORE_REPLACED);
    assert_int_equal(check("./store", other), BASE_STORE_REPLACED); /* its links followed */
    assert_int_equal(check("beside", other), BASE_OK);
    /* Which one stands there now, and what to remove. */
    assert_int_equal(keys_known_check("store", other, &error), BASE_STORE_REPLACED);
    keys_fingerprint_text(text, other);
    assert_memory_equal(error.subject, text, strlen(text));
    assert_int_equal(unlink(strchr(error.subject, '/')), 0);
    assert_int_equal(check("store", other), BASE_OK);
}

static void test_of_the_place_of_one_that_is_gone(void **state)
{
    struct base_error error;
    (void)state;
    save("store", known); /* not there yet */
    assert_int_equal(check("store", other), BASE_STORE_REPLACED);
    assert_int_equal(keys_known_save("store", other, false, &error), BASE_FILE_EXISTS);
    assert_int_equal(check("store", known), BASE_OK);
    save("store", other); /* a new store, in its place */
    assert_int_equal(check("store", known), BASE_STORE_REPLACED);
    keys_known_remove("store");
    assert_false(keys_known_is_noted("store"));
    assert_int_equal(support_entries("tavs"), 0);
    assert_int_equal(check("store", known), BASE_OK);
}

/* Somebody who may rename what lies above the store puts a link to another one, or to its folder, in the way. */
static void test_links(void **state)
{
    (void)state;
    assert_int_equal(mkdir("a", 0700), 0);
    assert_int_equal(mkdir("b", 0700), 0);
    support_write_file("a/store", "", 0);
    support_write_file("b/store", "", 0);
    save(here("a/store"), known);
    assert_int_equal(rename("a/store", "a/was"), 0);
    assert_int_equal(symlink("../b/store", "a/store"), 0);
    assert_int_equal(check(here("a/store"), other), BASE_STORE_REPLACED);
    assert_int_equal(rename("a", "was"), 0);
    assert_int_equal(symlink("b", "a"), 0);
    assert_int_equal(check(here("a/store"), other), BASE_STORE_REPLACED);
    /* By another way to the place where it was. */
    assert_int_equal(unlink("a"), 0);
    assert_int_equal(rename("was", "a"), 0);
    assert_int_equal(unlink("a/store"), 0);
    support_write_file("a/store", "", 0);
    assert_int_equal(symlink("a", "c"), 0);
    assert_int_equal(check(here("c/store"), other), BASE_STORE_REPLACED);
    /* Under a link it has two names. */
    save(here("c/store"), other);
    assert_int_equal(support_entries("tavs"), 2);
    assert_int_equal(check(here("c/store"), other), BASE_OK);
    assert_int_equal(check(here("a/store"), other), BASE_OK);
}

/* docs/format.md, section 8. */
static void test_damaged(void **state)
{
    char path[BASE_SUBJECT_BYTES];
    struct base_error error;
    uint8_t file[FILE_BYTES + 1] = {0};
    struct stat status;
    (void)state;
    save("store", known);
    assert_int_equal(keys_known_check("store", other, &error), BASE_STORE_REPLACED);
    strcpy(path, strchr(error.subject, '/'));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, FILE_BYTES);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_int_equal(fread(file, 1, FILE_BYTES, stream), FILE_BYTES);
    (void)fclose(stream);
    assert_memory_equal(file, "TAVK\0\1", 6);
    assert_memory_equal(file + 6, known, sizeof known);
    for (size_t i = 0; i < FILE_BYTES; i++) {
        file[i] ^= 1;
        support_write_file(path, (const char *)file, FILE_BYTES);
        assert_int_equal(check("store", known), BASE_KNOWN_FILE_DAMAGED);
        file[i] ^= 1;
    }
    support_write_file(path, (const char *)file, FILE_BYTES - 1);
    assert_int_equal(check("store", known), BASE_KNOWN_FILE_DAMAGED);
    support_write_file(path, (const char *)file, FILE_BYTES + 1);
    assert_int_equal(check("store", known), BASE_KNOWN_FILE_DAMAGED);
    support_write_file(path, (const char *)file, FILE_BYTES);
    assert_int_equal(check("store", known), BASE_OK);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(check("store", known), BASE_KNOWN_FILE_DAMAGED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    assert_int_equal(check("store", known), BASE_KNOWN_FILE_DAMAGED);
}

static void test_without_a_home(void **state)
{
    struct base_error error;
    (void)state;
    assert_int_equal(unsetenv("XDG_STATE_HOME"), 0);
    char *home = strdup(getenv("HOME") != NULL ? getenv("HOME") : "");
    assert_non_null(home);
    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(check("store", known), BASE_OK);
    assert_false(keys_known_is_noted("store"));
    assert_int_equal(keys_known_save("store", known, true, &error), BASE_NO_HOME);
    assert_int_equal(setenv("HOME", home, 1), 0);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_known_and_another, enter, support_leave),
        cmocka_unit_test_setup_teardown(test_of_the_place_of_one_that_is_gone, enter,
                                        support_leave),
        cmocka_unit_test_setup_teardown(test_links, enter, support_leave),
        cmocka_unit_test_setup_teardown(test_damaged, enter, support_leave),
        cmocka_unit_test_setup_teardown(test_without_a_home, enter, support_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
