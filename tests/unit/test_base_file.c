/* base: files that come into being whole or not at all.
 *
 * Failures of the system are made by the system: a child process forbids itself a call (seccomp)
 * and then does the work; the test looks at what it leaves behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forbid.h"
#include "scratch.h"
#include "tavs/base.h"

enum { NOBODY = 65534, STATUS_TROUBLE = 200, MOST_FORBIDDEN = 6 };

struct work {
    const char *path;
    bool replace;
    bool as_nobody;
    struct forbidden forbidden[MOST_FORBIDDEN]; /* ended by call 0 with error 0 */
};

/* Makes a file that holds "new"; the whole of what a command does. */
static enum base_code make(const char *path, bool replace, struct base_error *error)
{
    struct base_file *file = NULL;
    enum base_code code = base_file_new(path, &file, error);

    if (code != BASE_OK)
        return code;
    code = base_write_all(base_file_descriptor(file), "new", 3, path, error);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    return base_file_commit(file, replace, error);
}

/* Does the work in a child. `error` is what the child has got; code BASE_OK if nothing failed. */
static void work(struct work work, struct base_error *error)
{
    struct base_error *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;

    assert_true(shared != MAP_FAILED);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (work.as_nobody && geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
            _exit(STATUS_TROUBLE);
        for (int i = 0; i < MOST_FORBIDDEN && work.forbidden[i].os_error != 0; i++) {
            if (!forbid(work.forbidden[i]))
                _exit(STATUS_TROUBLE);
        }
        enum base_code code = make(work.path, work.replace, shared);
        _exit(code == BASE_OK || code == shared->code ? (int)code : STATUS_TROUBLE);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), shared->code);
    *error = *shared;
    munmap(shared, sizeof *shared);
}

static void assert_done(struct work how)
{
    struct base_error error;

    work(how, &error);
    assert_int_equal(error.code, BASE_OK);
}

static void assert_fails(struct work how, enum base_code code, int os_error)
{
    struct base_error error;

    work(how, &error);
    assert_int_equal(error.code, code);
    assert_int_equal(error.os_error, os_error);
    assert_string_equal(error.subject, how.path);
}

/* The ways on which a file comes to its name, in the order of the tests. */
static const struct way {
    const char *name;
    struct forbidden forbidden[3];
} ways[] = {
    {"as the file system can", {FORBID_ALWAYS(0, 0)}},
    {"without O_TMPFILE", {FORBID_TMPFILE(EOPNOTSUPP)}},
    {"kernel without O_TMPFILE", {FORBID_TMPFILE(EISDIR)}},
    {"without /proc",
     {
#ifdef SYS_access
         FORBID_ALWAYS(SYS_access, ENOENT),
#endif
         FORBID_ALWAYS(SYS_faccessat, ENOENT),
         {SYS_linkat, ENOENT, 4, AT_SYMLINK_FOLLOW, AT_SYMLINK_FOLLOW}}},
    {"without RENAME_NOREPLACE",
     {FORBID_TMPFILE(EOPNOTSUPP), {SYS_renameat2, EINVAL, 4, ~0u, RENAME_NOREPLACE}}},
    /* as on a stick with FAT */
    {"without links", {FORBID_TMPFILE(EOPNOTSUPP), FORBID_ALWAYS(SYS_linkat, EPERM)}},
};

enum { WAYS = sizeof ways / sizeof *ways };

static struct work on_way(int way, struct work how)
{
    memcpy(how.forbidden, ways[way].forbidden, sizeof ways[way].forbidden);
    return how;
}

/* The same, and one call more is forbidden. */
static struct work on_way_but(int way, struct work how, struct forbidden more)
{
    int last = 0;

    how = on_way(way, how);
    while (how.forbidden[last].os_error != 0)
        last++;
    how.forbidden[last] = more;
    return how;
}

/* ---- what goes well ----------------------------------------------------------------------------
 */

static void test_no_name_until_commit(void **state)
{
    struct base_file *file = NULL;
    struct base_error error;
    struct stat status, named;

    (void)state;
    assert_int_equal(base_file_new("f", &file, &error), BASE_OK);
    int descriptor = base_file_descriptor(file);
    assert_true((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(access("f", F_OK), -1);
    if (strncmp(base_file_working_path(file), "/proc/", 6) == 0)
        assert_int_equal(scratch_entries(), 0);
    scratch_put(base_file_working_path(file), "by path");
    assert_int_equal(fstat(descriptor, &status), 0);
    assert_int_equal(status.st_size, 7);
    assert_int_equal(base_file_commit(file, false, &error), BASE_OK);
    assert_int_equal(scratch_entries(), 1);
    scratch_assert_content("f", "by path");
    assert_int_equal(stat("f", &named), 0);
    assert_int_equal(named.st_mode, S_IFREG | 0600);
    assert_int_equal(named.st_nlink, 1);
    assert_true(named.st_ino == status.st_ino);
}

static int open_descriptors(void)
{
    int count = 0;

    for (int i = 0; i < 100; i++)
        count += fcntl(i, F_GETFD) >= 0;
    return count;
}

static void test_abandon_leaves_nothing(void **state)
{
    struct base_file *file = NULL;
    struct base_error error;
    int before = open_descriptors();

    (void)state;
    base_file_abandon(NULL);
    assert_int_equal(base_file_new("f", &file, &error), BASE_OK);
    base_file_abandon(file);
    assert_int_equal(scratch_entries(), 0);
    assert_int_equal(make("f", false, &error), BASE_OK);
    assert_int_equal(make("f", false, &error), BASE_FILE_EXISTS);
    assert_int_equal(make("f", true, &error), BASE_OK);
    assert_int_equal(make("no/f", true, &error), BASE_IO);
    assert_int_equal(open_descriptors(), before);
}

/* In a child, because what is forbidden stays so. */
static void test_abandon_of_a_named_file_leaves_nothing(void **state)
{
    int status;

    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    pid_t child = fork();
    if (child == 0) {
        static const char start[] = "d/.f.";
        struct base_file *file = NULL;
        struct base_error error;

        if (!forbid((struct forbidden)FORBID_TMPFILE(EOPNOTSUPP)) ||
            base_file_new("d/f", &file, &error) != BASE_OK)
            _exit(1);
        const char *path = base_file_working_path(file);
        if (strncmp(path, start, sizeof start - 1) != 0 || access(path, R_OK | W_OK) < 0)
            _exit(2);
        base_file_abandon(file);
        _exit(rmdir("d") == 0 ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void test_every_way_makes_the_file(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        for (int replace = 0; replace <= 1; replace++) {
            char path[4300];
            struct stat status;

            snprintf(path, sizeof path, "%s/f", way % 2 == 0 ? scratch_path() : ".");
            assert_done(on_way(way, (struct work){.path = path, .replace = replace != 0}));
            scratch_assert_content("f", "new");
            assert_int_equal(stat("f", &status), 0);
            assert_int_equal(status.st_mode, S_IFREG | 0600);
            assert_int_equal(scratch_entries(), 1);
            assert_int_equal(unlink("f"), 0);
        }
    }
}

static void test_every_way_refuses_what_exists(void **state)
{
    (void)state;
    scratch_put("f", "old");
    for (int way = 0; way < WAYS; way++) {
        assert_fails(on_way(way, (struct work){.path = "f"}), BASE_FILE_EXISTS, 0);
        scratch_assert_content("f", "old");
        assert_int_equal(scratch_entries(), 1);
    }
}

static void test_every_way_replaces_in_one_step(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        struct stat status;
        char text[4] = "";

        scratch_put("f", "old");
        int old = open("f", O_RDONLY);
        assert_done(on_way(way, (struct work){.path = "f", .replace = true}));
        scratch_assert_content("f", "new");
        assert_int_equal(scratch_entries(), 1);
        /* Whoever has the old file open still reads it whole. */
        assert_int_equal(read(old, text, 3), 3);
        assert_string_equal(text, "old");
        assert_int_equal(fstat(old, &status), 0);
        assert_int_equal(status.st_nlink, 0);
        close(old);
    }
}

static void test_only_plain_files_are_replaced(void **state)
{
    static const char *const names[] = {"folder", "link", "dangling", "pipe"};

    (void)state;
    scratch_put("target", "old");
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    for (int way = 0; way < WAYS; way++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct work how = {.path = names[i]};

            assert_fails(on_way(way, how), BASE_FILE_EXISTS, 0);
            how.replace = true;
            assert_fails(on_way(way, how), BASE_FILE_EXISTS, 0);
        }
    }
    assert_int_equal(scratch_entries(), 5);
    scratch_assert_content("target", "old");
    scratch_assert_content("link", "old");
}

static void test_the_longest_name(void **state)
{
    struct base_file *file = NULL;
    struct base_error error;
    char name[258] = "";

    (void)state;
    memset(name, 'n', 255);
    for (int way = 0; way < WAYS; way++) {
        assert_done(on_way(way, (struct work){.path = name}));
        assert_done(on_way(way, (struct work){.path = name, .replace = true}));
        assert_int_equal(scratch_entries(), 1);
        assert_int_equal(unlink(name), 0);
    }
    name[255] = 'n';
    assert_int_equal(base_file_new(name, &file, &error), BASE_IO); /* not only after the work */
    assert_int_equal(error.os_error, ENAMETOOLONG);
}

/* ---- what fails --------------------------------------------------------------------------------
 */

static void test_places_that_can_not_be(void **state)
{
    static const struct {
        const char *path;
        int os_error;
    } places[] = {
        {"", ENOENT},  {"no/f", ENOENT}, {"file/f", ENOTDIR}, {"new/", EISDIR}, {"./", EISDIR},
        {".", EISDIR}, {"..", EISDIR},   {"/", EISDIR},       {"./..", EISDIR},
    };

    (void)state;
    scratch_put("file", "old");
    for (int way = 0; way < WAYS; way++) {
        for (size_t i = 0; i < sizeof places / sizeof *places; i++)
            assert_fails(on_way(way, (struct work){.path = places[i].path}), BASE_IO,
                         places[i].os_error);
    }
    assert_int_equal(scratch_entries(), 1);
}

/* A name in the root folder: the slash before it is the folder. As nobody may write there, nothing
 * is made, and that is the answer. */
static void test_the_root_folder(void **state)
{
    (void)state;
    assert_fails((struct work){.path = "/test_base_file", .as_nobody = true}, BASE_NO_PERMISSION,
                 EACCES);
}

static void test_no_permission(void **state)
{
    (void)state;
    scratch_put("f", "old");
    assert_int_equal(chmod(".", 0555), 0);
    for (int way = 0; way < WAYS; way++) {
        struct work how = {.path = "g", .as_nobody = true};

        assert_fails(on_way(way, how), BASE_NO_PERMISSION, EACCES);
        how.path = "f";
        how.replace = true;
        assert_fails(on_way(way, how), BASE_NO_PERMISSION, EACCES);
    }
    assert_int_equal(scratch_entries(), 1);
    scratch_assert_content("f", "old");
}

/* Every call on the way fails in turn; afterwards the old file is whole and alone. */
static void test_calls_that_fail(void **state)
{
    static const struct {
        struct forbidden call;
        bool making, replacing, nameless; /* when this call is needed */
        enum base_code code;
    } faults[] = {
        {{SYS_openat, EROFS, 2, O_DIRECTORY, O_DIRECTORY}, true, true, true, BASE_NO_PERMISSION},
        {{SYS_openat, ENOSPC, 2, O_CREAT, O_CREAT}, true, true, false, BASE_NO_SPACE},
        {{SYS_openat, EEXIST, 2, O_CREAT, O_CREAT}, true, true, false, BASE_IO},
#ifdef SYS_newfstatat
        {FORBID_ALWAYS(SYS_newfstatat, EIO), false, true, true, BASE_IO},
        {FORBID_ALWAYS(SYS_newfstatat, EIO), false, true, false, BASE_IO},
#endif
        {{SYS_write, EDQUOT, 2, ~0u, 3}, true, true, true, BASE_NO_SPACE},
        {FORBID_ALWAYS(SYS_fsync, EIO), true, true, true, BASE_IO},
        {FORBID_ALWAYS(SYS_getrandom, ENOSYS), true, true, false, BASE_IO},
        {FORBID_ALWAYS(SYS_getrandom, ENOSYS), false, true, true, BASE_IO},
        {FORBID_ALWAYS(SYS_linkat, ENOSPC), true, true, true, BASE_NO_SPACE},
        {FORBID_ALWAYS(SYS_renameat2, EIO), true, false, false, BASE_IO},
#ifdef SYS_renameat
        {FORBID_ALWAYS(SYS_renameat, EIO), false, true, true, BASE_IO},
        {FORBID_ALWAYS(SYS_renameat, EIO), false, true, false, BASE_IO},
#endif
    };

    (void)state;
    scratch_put("old", "old");
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        for (int replace = 0; replace <= 1; replace++) {
            int way = faults[i].nameless ? 0 : 1;
            struct work how = {.path = replace ? "old" : "f", .replace = replace != 0};
            bool needed = replace ? faults[i].replacing : faults[i].making;

            if (!needed)
                continue;
            assert_fails(on_way_but(way, how, faults[i].call), faults[i].code,
                         faults[i].call.os_error);
            assert_int_equal(scratch_entries(), 1);
            scratch_assert_content("old", "old");
        }
    }
}

static void test_a_real_error_is_no_reason_for_another_way(void **state)
{
    (void)state;
    assert_fails((struct work){.path = "f", .forbidden = {FORBID_TMPFILE(EIO)}}, BASE_IO, EIO);
    assert_int_equal(scratch_entries(), 0);
}

/* The folder's descriptor is the first that is free, the file's the next. */
static void test_the_folder_can_not_be_synced(void **state)
{
    int folder = open(".", O_RDONLY);
    struct forbidden fails = {SYS_fsync, EIO, 0, ~0u, (unsigned)folder};
    struct forbidden can_not = {SYS_fsync, EINVAL, 0, ~0u, (unsigned)folder};

    (void)state;
    assert_true(folder > 0);
    close(folder);
    for (int way = 0; way < WAYS; way++) {
        assert_fails(on_way_but(way, (struct work){.path = "f"}, fails), BASE_IO, EIO);
        assert_int_equal(scratch_entries(), 0);

        /* What was replaced is gone: the new file stays. */
        scratch_put("f", "old");
        assert_fails(on_way_but(way, (struct work){.path = "f", .replace = true}, fails),
                     BASE_NOT_SYNCED, EIO);
        scratch_assert_content("f", "new");
        assert_int_equal(scratch_entries(), 1);
        assert_int_equal(unlink("f"), 0);

        assert_done(on_way_but(way, (struct work){.path = "f"}, can_not));
        scratch_assert_content("f", "new");
        assert_int_equal(unlink("f"), 0);
    }
}

/* Where a name can't be taken away again, it stays, and that is said. */
static void test_a_name_that_can_not_be_taken_back(void **state)
{
    int folder = open(".", O_RDONLY);
    struct work how = {.path = "f",
                       .forbidden = {{SYS_fsync, EIO, 0, ~0u, (unsigned)folder},
                                     FORBID_ALWAYS(SYS_unlinkat, EACCES)}};

    (void)state;
    close(folder);
    assert_fails(how, BASE_NOT_SYNCED, EIO);
    scratch_assert_content("f", "new");
}

static void name_new(struct base_file *file)
{
    struct base_error error;

    assert_int_equal(base_write_all(base_file_descriptor(file), "new", 3, "f", &error), BASE_OK);
    assert_int_equal(base_file_commit(file, false, &error), BASE_OK);
}

/* What was opened ahead is taken for files in that folder, however its end is written, and for no others. */
static void test_files_opened_ahead(void **state)
{
    struct base_file *one = NULL, *two = NULL, *three = NULL, *elsewhere = NULL;
    struct base_error error;
    int first = -1;

    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(base_file_ahead("no/such", 1, &first), ENOENT);
    assert_int_equal(base_file_ahead("d/", 2, &first), 0);
    assert_int_equal(base_file_new("f", &elsewhere, &error), BASE_OK);
    assert_int_equal(base_file_new("d/one", &one, &error), BASE_OK);
    assert_int_equal(base_file_new("d//two", &two, &error), BASE_OK);
    assert_int_equal(base_file_new("d/three", &three, &error), BASE_OK);
    assert_int_equal(base_file_descriptor(one), first);
    assert_int_not_equal(base_file_descriptor(elsewhere), base_file_descriptor(two));
    name_new(elsewhere);
    name_new(one);
    name_new(two);
    name_new(three);
    scratch_assert_content("f", "new");
    scratch_assert_content("d/one", "new");
    scratch_assert_content("d/two", "new");
    scratch_assert_content("d/three", "new");
}

static void test_folders_that_a_path_leads_through(void **state)
{
    struct base_error error;
    struct stat status;
    char path[] = "one/two//three/file";
    char blocked[] = "plain/two/file";
    char none[] = "";
    char alone[] = "file";

    (void)state;
    assert_int_equal(base_make_folders(path, &error), BASE_OK);
    assert_string_equal(path, "one/two//three/file");
    assert_int_equal(stat("one/two/three", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_not_equal(stat("one/two/three/file", &status), 0);
    assert_int_equal(base_make_folders(path, &error), BASE_OK); /* they may be there */

    scratch_put("plain", "a file");
    assert_int_equal(base_make_folders(blocked, &error), BASE_IO);
    assert_string_equal(error.subject, "plain/two");
    assert_string_equal(blocked, "plain/two/file");

    assert_int_equal(base_make_folders(none, &error), BASE_OK);
    assert_int_equal(base_make_folders(alone, &error), BASE_OK);
    assert_int_equal(scratch_entries(), 2);
}

int main(void)
{
#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_enter, scratch_leave)
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_no_name_until_commit),
        IN_SCRATCH(test_abandon_leaves_nothing),
        IN_SCRATCH(test_abandon_of_a_named_file_leaves_nothing),
        IN_SCRATCH(test_every_way_makes_the_file),
        IN_SCRATCH(test_every_way_refuses_what_exists),
        IN_SCRATCH(test_every_way_replaces_in_one_step),
        IN_SCRATCH(test_only_plain_files_are_replaced),
        IN_SCRATCH(test_the_longest_name),
        IN_SCRATCH(test_places_that_can_not_be),
        IN_SCRATCH(test_the_root_folder),
        IN_SCRATCH(test_no_permission),
        IN_SCRATCH(test_calls_that_fail),
        IN_SCRATCH(test_a_real_error_is_no_reason_for_another_way),
        IN_SCRATCH(test_the_folder_can_not_be_synced),
        IN_SCRATCH(test_a_name_that_can_not_be_taken_back),
        IN_SCRATCH(test_files_opened_ahead),
        IN_SCRATCH(test_folders_that_a_path_leads_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
