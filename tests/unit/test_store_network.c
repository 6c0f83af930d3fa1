/* store: file systems on which it is refused. The program has its own fstatfs. */
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "probe.h"
#include "store/network.h"

static struct place place;

enum { FUSE = 0x65735546 };
static long file_system; /* fstatfs says it is this one; 0: the truth */

int fstatfs(int descriptor, struct statfs *system)
{
    int result = (int)syscall(SYS_fstatfs, descriptor, system);
    if (result == 0 && file_system != 0)
        system->f_type = (__typeof__(system->f_type))file_system;
    return result;
}

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
    file_system = 0;
    return support_leave(state);
}

static void test_network(void **state)
{
    /* linux/magic.h and the sources of those that stand in no header; then what stays in the house:
     * ext, btrfs, xfs, tmpfs, zfs, f2fs, ramfs, overlayfs, bcachefs. */
    static const long network[] = {0x6969,     0x517b,     0xff534d42, 0xfe534d42, 0x564c,
                                   0x73757245, 0x5346414f, 0x6b414653, 0x00c36400, 0x01021997,
                                   0x01161970, 0x7461636f, 0x0bd00bd0, 0x47504653, 0x19830326,
                                   0x20030528, 0x786f4256, 0xbacbacbc, 0x7c7c6673, FUSE};
    static const long local[] = {0xef53,     0x9123683e, 0x58465342, 0x01021994, 0x2fc12fc1,
                                 0xf2f52010, 0x858458f6, 0x794c7630, 0xca451a4e};
    struct base_error error;
    (void)state;
    for (size_t i = 0; i < sizeof network / sizeof *network; i++) {
        file_system = network[i];
        probe_refused(place.path, BASE_STORE_ON_NETWORK);
        assert_int_equal(store_check_place("new.mdb", &error), BASE_STORE_ON_NETWORK);
    }
    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        file_system = local[i];
        assert_int_equal(probe_open(place.path, STORE_WRITE), BASE_OK);
        assert_int_equal(store_check_place("new.mdb", &error), BASE_OK);
    }
}

/* File systems of a user's program have one number in common. */
static void test_programs_as_file_systems(void **state)
{
    static const char text[] =
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "30 22 0:40 / /home/anna/net rw,nosuid - fuse.sshfs anna@server:/ rw,user_id=1000\n"
        "31 22 0:41 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw\n"
        "32 22 0:42 / /cloud rw shared:9 - fuse.rclone remote: rw\n"
        "33 22 0:43 / /dav rw - fuse https://server/dav rw\n"
        "34 22 8:2 / /mnt/stick rw - fuseblk /dev/sdb1 rw\n"
        "35 22 0:45 / /home/anna/vault\\040- rw master:3 - fuse.gocryptfs /home/anna/v rw\n"
        "nonsense\n"
        "36 22 0:46 / /last rw - fuse.encfs encfs rw";
    static const struct {
        unsigned major_number, minor_number;
        bool local;
    } devices[] = {{0, 40, false}, {0, 41, false}, {0, 42, false}, {0, 43, false}, {8, 2, true},
                   {0, 45, true},  {0, 46, true},  {0, 47, false}, {8, 1, false}};
    (void)state;
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        FILE *mounts = fmemopen((void *)(uintptr_t)text, sizeof text - 1, "r");
        assert_non_null(mounts);
        assert_int_equal(network_is_local_program(
                             mounts, makedev(devices[i].major_number, devices[i].minor_number)),
                         devices[i].local);
        assert_int_equal(fclose(mounts), 0);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_with_store, leave_with_store)
    const struct CMUnitTest tests[] = {
        TEST(test_network),
        TEST(test_programs_as_file_systems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
