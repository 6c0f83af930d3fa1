/* traces: what /proc and /sys tell of file systems, disks and swap space, from made-up ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "traced.h"
#include "traces/inside.h"
#include "traces/system.h"

static struct search machine(struct traces_report *report)
{
    static char path[] = "/home/anna/.local/share/tavs/tavs.mdb";
    struct search search = {.root = traced_at("root"), .report = report};
    memcpy(search.path, path, sizeof path);
    return search;
}

static void free_traces(struct traces_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        if (i == 0 || report->traces[i].path != report->traces[i - 1].path)
            free((char *)report->traces[i].path);
        free((char *)report->traces[i].detail);
    }
    free(report->traces);
    *report = (struct traces_report){0};
}

static void test_mounts(void **state)
{
    static const struct {
        const char *path;
        uint64_t id;
        const char *type, *source;
        unsigned minor;
    } expected[] = {
        {"/etc/passwd", 0, "ext4", "/dev/sda1", 1},
        {"/home/anna/tavs.mdb", 0, "btrfs", "/dev/mapper/home", 40},
        {"/homer/tavs.mdb", 0, "ext4", "/dev/sda1", 1},
        {"/home", 0, "btrfs", "/dev/mapper/home", 40},
        {"/mnt/a b/tavs.mdb", 0, "nfs4", "server:/a b", 51},
        {"/media/usb/tavs.mdb", 0, "ext4", "/dev/sdc1", 33}, /* mounted over the other */
        {"/home/anna/tavs.mdb", 22, "ext4", "/dev/sda1", 1},
    };
    struct traces_report report = {0};
    struct system_mount mount;
    (void)state;
    traced_put("root/proc/self/mountinfo",
               "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
               "this is not a mount\n"
               "23 22 0:40 /@home /home rw shared:2 master:3 - btrfs /dev/mapper/home rw\n"
               "24 22 0:51 / /mnt/a\\040b rw - nfs4 server:/a\\040b rw\n"
               "25 22 8:32 / /media/usb rw - vfat /dev/sdb1 rw\n"
               "26 25 8:33 / /media/usb rw - ext4 /dev/sdc1 rw\n");
    const struct search search = machine(&report);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(system_find_mount(&search, expected[i].path, expected[i].id, &mount));
        assert_string_equal(mount.type, expected[i].type);
        assert_string_equal(mount.source, expected[i].source);
        assert_int_equal(mount.minor, expected[i].minor);
    }
    assert_false(system_find_mount(&search, "/etc/passwd", 99, &mount));
}

/* A block device: its folder, its number, what it is made of. */
static void put_device(const char *name, const char *number, const char *uuid, const char *slaves)
{
    char path[PATH_MAX], target[PATH_MAX];
    snprintf(path, sizeof path, "root/sys/devices/%s/dev", name);
    traced_put(path, number);
    if (uuid != NULL) {
        snprintf(path, sizeof path, "root/sys/devices/%s/dm/uuid", name);
        traced_put(path, uuid);
    }
    snprintf(path, sizeof path, "root/sys/devices/%s/slaves/", name);
    mkdir(path, S_IRWXU);
    if (slaves != NULL) {
        snprintf(path, sizeof path, "root/sys/devices/%s/slaves/%s", name, slaves);
        traced_put(path, "");
    }
    snprintf(target, sizeof target, "../../devices/%s", name);
    traced_put("root/sys/class/block/x", "");
    const char *slash = strrchr(name, '/');
    snprintf(path, sizeof path, "root/sys/class/block/%s", slash == NULL ? name : slash + 1);
    assert_int_equal(symlink(target, path), 0);
    traced_put("root/sys/dev/block/x", "");
    snprintf(target, sizeof target, "../../devices/%s", name);
    snprintf(path, sizeof path, "root/sys/dev/block/%s", number);
    assert_int_equal(symlink(target, path), 0);
}

static void put_devices(void)
{
    put_device("sda", "8:0", NULL, NULL);
    put_device("sda/sda1", "8:1", NULL, NULL);
    traced_put("root/sys/devices/sda/sda1/partition", "1\n");
    assert_int_equal(rmdir("root/sys/devices/sda/sda1/slaves"), 0);
    put_device("dm-0", "253:0", "CRYPT-LUKS2-0123-home\n", "sda1");
    put_device("dm-1", "253:1", "LVM-abc\n", "dm-0");
    put_device("dm-2", "253:2", "LVM-abd\n", "sda1");
    put_device("dm-3", "253:3", "CRYPT-VERITY-0123-usr\n", "sda1");
    put_device("dm-4", "253:4", "CRYPT-PLAIN-swap\n", "sda1");
    put_device("md0", "9:0", NULL, "dm-0");
    traced_put("root/sys/devices/md0/slaves/dm-4", "");
    put_device("md0/md0p1", "259:0", NULL, NULL);
    traced_put("root/sys/devices/md0/md0p1/partition", "1\n");
    assert_int_equal(rmdir("root/sys/devices/md0/md0p1/slaves"), 0);
    put_device("md1", "9:1", NULL, "dm-0");
    traced_put("root/sys/devices/md1/slaves/sda1", "");
    put_device("md2", "9:2", NULL, "dm-0");
    traced_put("root/sys/devices/md2/slaves/gone", "");
    put_device("loop0", "7:0", NULL, NULL);
    traced_put("root/sys/devices/loop0/loop/backing_file", "/home/anna/disk.img\n");
    put_device("dm-9", "253:9", "LVM-loop\n", "dm-9"); /* of itself */
}

static void test_encryption(void **state)
{
    static const struct {
        unsigned major, minor;
        const char *source;
        enum system_answer answer;
    } expected[] = {
        {8, 0, "", SYSTEM_NO},
        {8, 1, "/dev/sda1", SYSTEM_NO},
        {253, 0, "/dev/mapper/home", SYSTEM_YES},
        {253, 1, "/dev/vg/home", SYSTEM_YES},
        {253, 2, "/dev/vg/plain", SYSTEM_NO},
        {253, 3, "/dev/mapper/usr", SYSTEM_NO},
        {253, 4, "/dev/mapper/swap", SYSTEM_YES},
        {9, 0, "/dev/md0", SYSTEM_YES},
        {259, 0, "/dev/md0p1", SYSTEM_YES},
        {9, 1, "/dev/md1", SYSTEM_NO},
        {9, 2, "/dev/md2", SYSTEM_UNKNOWN},
        {7, 0, "/dev/loop0", SYSTEM_UNKNOWN},
        {253, 9, "/dev/dm-9", SYSTEM_UNKNOWN},
        {253, 77, "/dev/dm-77", SYSTEM_UNKNOWN},
        {0, 40, "/dev/dm-0", SYSTEM_YES}, /* btrfs */
        {0, 40, "/dev/none/dm-2", SYSTEM_NO},
        {0, 40, "/dev/none", SYSTEM_UNKNOWN},
        {0, 51, "server:/a", SYSTEM_UNKNOWN},
        {0, 52, "rpool/home", SYSTEM_UNKNOWN},
    };
    struct traces_report report = {0};
    (void)state;
    put_devices();
    const struct search search = machine(&report);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (system_block_is_encrypted(&search, expected[i].major, expected[i].minor,
                                      expected[i].source) != expected[i].answer)
            fail_msg("%u:%u %s: expected %d", expected[i].major, expected[i].minor,
                     expected[i].source, expected[i].answer);
}

static void test_file_systems(void **state)
{
    static const struct {
        struct system_mount mount;
        bool file_encrypted;
        enum traces_kind kinds[2];
    } expected[] = {
        {{0, 253, 0, "ext4", ""}, false, {TRACES_ENCRYPTED, TRACES_KINDS}},
        {{0, 8, 1, "ext4", ""}, false, {TRACES_NOT_ENCRYPTED, TRACES_KINDS}},
        {{0, 8, 1, "ext4", ""}, true, {TRACES_ENCRYPTED, TRACES_KINDS}},
        {{0, 8, 77, "xfs", ""}, false, {TRACES_ENCRYPTION_UNTOLD, TRACES_KINDS}},
        {{0, 8, 1, "fuseblk", ""}, false, {TRACES_NOT_ENCRYPTED, TRACES_KINDS}},
        {{0, 0, 40, "btrfs", "/dev/dm-0"}, false, {TRACES_KEEPS_BLOCKS, TRACES_ENCRYPTED}},
        {{0, 0, 41, "zfs", "rpool/home"}, false, {TRACES_KEEPS_BLOCKS, TRACES_ENCRYPTION_UNTOLD}},
        {{0, 8, 1, "nilfs2", ""}, false, {TRACES_KEEPS_BLOCKS, TRACES_NOT_ENCRYPTED}},
        {{0, 0, 42, "overlay", "overlay"}, false, {TRACES_LAYERED, TRACES_ENCRYPTION_UNTOLD}},
        {{0, 0, 43, "ecryptfs", "/home/.ecryptfs"}, false, {TRACES_ENCRYPTED, TRACES_KINDS}},
        {{0, 0, 44, "fuse.gocryptfs", "/x"}, false, {TRACES_ENCRYPTED, TRACES_KINDS}},
        {{0, 0, 45, "fuse.strange", "x"},
         false,
         {TRACES_FILE_SYSTEM_UNTOLD, TRACES_ENCRYPTION_UNTOLD}},
        {{0, 0, 46, "tmpfs", "tmpfs"}, false, {TRACES_VOLATILE, TRACES_KINDS}},
        {{0, 0, 47, "nfs4", "server:/a"}, false, {TRACES_NETWORK, TRACES_KINDS}},
        {{0, 0, 48, "cifs", "//server/a"}, false, {TRACES_NETWORK, TRACES_KINDS}},
        {{0, 0, 49, "fuse.sshfs", "anna@server:"}, false, {TRACES_NETWORK, TRACES_KINDS}},
        {{0, 0, 50, "9p", "share"}, false, {TRACES_NETWORK, TRACES_KINDS}},
    };
    struct traces_report report = {0};
    (void)state;
    put_devices();
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct search search = machine(&report);
        system_judge_mount(&search, &expected[i].mount, expected[i].file_encrypted);
        const size_t kinds = expected[i].kinds[1] == TRACES_KINDS ? 1 : 2;
        assert_int_equal(report.count, kinds);
        for (size_t j = 0; j < kinds; j++) {
            if (report.traces[j].kind != expected[i].kinds[j])
                fail_msg("%s: %s", expected[i].mount.type, traces_kind_code(report.traces[j].kind));
            assert_string_equal(report.traces[j].detail, expected[i].mount.type);
            assert_string_equal(report.traces[j].path, search.path);
        }
        free_traces(&report);
    }
}

static void test_swap(void **state)
{
    static const char headings[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    static const struct {
        const char *line, *path;
        enum traces_kind kind;
    } expected[] = {
        {"", "", TRACES_NO_SWAP},
        {"/dev/zram0 partition 100 0 100\n", "", TRACES_NO_SWAP},
        {"/dev/none/dm-4 partition\t100\t0\t-2\n", "/dev/none/dm-4", TRACES_SWAP_ENCRYPTED},
        {"/dev/none/sda1 partition 100 0 -2\n", "/dev/none/sda1", TRACES_SWAP_NOT_ENCRYPTED},
        {"/dev/none/sdq partition 100 0 -2\n", "/dev/none/sdq", TRACES_SWAP_UNTOLD},
        {"/swapfile file 100 0 -2\n", "/swapfile", TRACES_SWAP_NOT_ENCRYPTED},
        {"/home/swap\\040file file 100 0 -2\n", "/home/swap file", TRACES_SWAP_ENCRYPTED},
    };
    struct traces_report report = {0};
    struct search search;
    char text[1024];
    (void)state;
    put_devices();
    traced_put("root/proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                                           "23 22 253:1 / /home rw - ext4 /dev/vg/home rw\n");
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        snprintf(text, sizeof text, "%s%s", headings, expected[i].line);
        traced_put("root/proc/swaps", text);
        search = machine(&report);
        system_look_at_swap(&search);
        assert_int_equal(report.count, 1);
        assert_int_equal(report.traces[0].kind, expected[i].kind);
        assert_string_equal(report.traces[0].path, expected[i].path);
        free_traces(&report);
    }
    assert_int_equal(unlink("root/proc/swaps"), 0);
    search = machine(&report);
    system_look_at_swap(&search);
    assert_int_equal(report.traces[0].kind, TRACES_SWAP_UNTOLD);
    free_traces(&report);
}

static void test_core_pattern(void **state)
{
    static const char pattern[] = "root/proc/sys/kernel/core_pattern";
    static const struct {
        const char *text, *folder, *handler;
    } expected[] = {
        {"core\n", NULL, NULL},
        {"core.%p\n", NULL, NULL},
        {"/var/cores/core.%e.%p\n", "/var/cores", NULL},
        {"/core\n", "/", NULL},
        {"/var/%u/core\n", NULL, NULL},
        {"|/usr/lib/systemd/systemd-coredump %P %u\n", NULL, "/usr/lib/systemd/systemd-coredump"},
        {"", NULL, NULL},
    };
    struct traces_report report = {0};
    char folder[PATH_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        traced_put(pattern, expected[i].text);
        struct search search = machine(&report);
        assert_int_equal(system_core_folder(&search, folder), expected[i].folder != NULL);
        if (expected[i].folder != NULL)
            assert_string_equal(folder, expected[i].folder);
        system_look_at_core_pattern(&search);
        assert_int_equal(report.count, expected[i].handler != NULL);
        if (expected[i].handler != NULL) {
            assert_int_equal(report.traces[0].kind, TRACES_CORE_HANDLER);
            assert_string_equal(report.traces[0].detail, expected[i].handler);
        }
        free_traces(&report);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, traced_enter, traced_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_mounts), TEST(test_encryption),   TEST(test_file_systems),
        TEST(test_swap),   TEST(test_core_pattern),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
