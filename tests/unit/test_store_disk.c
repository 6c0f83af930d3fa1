/* store: on a disk that is really full, and on one that can't be written: file systems in
 * memory, in a child with mounts of its own. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "filemap.h"
#include "tavs/store.h"
#include "tavs/tally.h"

enum { CAN_T_MOUNT = 77 };

static struct place place;

static int enter_with_store(void **state)
{
    int result = support_enter(state);
    if (result == 0)
        place_make(&place, 2017);
    return result;
}

static int leave_with_store(void **state)
{
    place_free(&place);
    return support_leave(state);
}

/* The store's folder becomes a file system that has room for the store and `more` KiB. */
static bool move_to_disk(unsigned more)
{
    char options[64];
    size_t size;
    uint8_t *bytes = support_read_file(place.path, &size);
    (void)snprintf(options, sizeof options, "size=%zuk,mode=700", size / 1024 + more);
    bool moved = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
                 mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
                 mount("tavs-test", "s", "tmpfs", 0, options) == 0;
    if (moved)
        support_write_file(place.path, bytes, size);
    free(bytes);
    return moved;
}

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

/* Years are added until there is no room. Then existing rows are still counted in, where there is
 * room for that, and nothing that was counted is lost. */
static int fill_disk(void *context)
{
    struct base_error error = {.code = BASE_OK};
    const unsigned more = *(const unsigned *)context;
    struct filemap map;
    int year = 2016;
    if (!move_to_disk(more))
        return CAN_T_MOUNT;
    while (place_count(&place, (base_month)(year * 12), 0, 1, &error) == BASE_OK)
        year--;
    REQUIRE(error.code == BASE_NO_SPACE);
    filemap_read(&map, place.path);
    REQUIRE(map.row_count == (size_t)(2017 - year) * 12);
    filemap_assert_clean(&map);
    filemap_free(&map);
    for (base_month month = 2017 * 12; month < 2018 * 12; month++)
        REQUIRE(place_count(&place, month, 5, 1, &error) == BASE_OK || error.code == BASE_NO_SPACE);

    struct store *store = NULL;
    struct tally_counts *counts = NULL;
    struct base_period period = {(base_month)((year + 1) * 12), 2016 * 12 + 11};
    REQUIRE(store_open(place.path, STORE_READ, &store, &error) == BASE_OK);
    if (year < 2016) {
        REQUIRE(tally_read(store, place.reader, period, &counts, &error) == BASE_OK);
        for (size_t month = 0; month < base_period_months(period); month++)
            REQUIRE(counts->cells[month][0] == (month % 12 == 0));
        tally_counts_free(counts);
    }
    store_close(store);
    REQUIRE(store_backup(place.path, "s/copy", &error) == BASE_NO_SPACE);
    REQUIRE(support_entries("s") == 1);
    return 0;
}

static void in_child(support_work *work, void *context)
{
    int status = support_child(work, context, 120);
    if (status == CAN_T_MOUNT)
        skip();
    assert_int_equal(status, 0);
}

static void test_full(void **state)
{
    /* From no room at all to room for a few years. */
    static unsigned more[] = {0, 4, 12, 40, 56, 60, 100, 160};
    (void)state;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        in_child(fill_disk, &more[i]);
}

static int use_read_only(void *context)
{
    struct base_error error = {.code = BASE_OK};
    struct store *store = NULL;
    (void)context;
    if (!move_to_disk(1000) || mount("none", "s", "none", MS_REMOUNT | MS_RDONLY, NULL) != 0)
        return CAN_T_MOUNT;
    REQUIRE(store_open(place.path, STORE_READ, &store, &error) == BASE_OK);
    store_close(store);
    REQUIRE(place_count(&place, 2017 * 12, 0, 1, &error) == BASE_NO_PERMISSION);
    REQUIRE(error.os_error == EROFS);
    REQUIRE(store_backup(place.path, "s/copy", &error) == BASE_NO_PERMISSION);
    REQUIRE(store_backup(place.path, "copy", &error) == BASE_OK);
    return 0;
}

static void test_read_only(void **state)
{
    (void)state;
    in_child(use_read_only, NULL);
}

/* Without /proc LMDB is given the path, and a new file has a temporary name. */
static int use_without_proc(void *context)
{
    struct base_error error = {.code = BASE_OK};
    struct store *store = NULL;
    (void)context;
    if (!move_to_disk(1000) || umount2("/proc", MNT_DETACH) != 0)
        return CAN_T_MOUNT;
    REQUIRE(access("/proc/self", F_OK) != 0);
    REQUIRE(place_count(&place, 2017 * 12, 0, 1, &error) == BASE_OK);
    REQUIRE(store_open(place.path, STORE_READ, &store, &error) == BASE_OK);
    store_close(store);
    REQUIRE(store_backup(place.path, "s/copy", &error) == BASE_OK);
    REQUIRE(store_create("s/new", &place.header, place.reader, &place.devices[0], place.keys[0],
                         2017, &error) == BASE_OK);
    REQUIRE(store_open("s/new", STORE_WRITE, &store, &error) == BASE_OK);
    store_close(store);
    REQUIRE(support_entries("s") == 3);
    return 0;
}

static void test_without_proc(void **state)
{
    (void)state;
    in_child(use_without_proc, NULL);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_full),
        TEST(test_read_only),
        TEST(test_without_proc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
