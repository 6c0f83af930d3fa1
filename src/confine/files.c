#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inside.h"

#ifndef TAVS_LIBDIR
#define TAVS_LIBDIR "/usr/local/lib/tavs"
#endif

/* Rights that came after the headers of Debian 12 (Landlock 1); a kernel that is older than a right is
 * not asked for it. Values: linux/landlock.h of Linux 6.12. */
enum {
    RIGHT_REFER = 1 << 13,     /* version 2 */
    RIGHT_TRUNCATE = 1 << 14,  /* version 3 */
    RIGHT_IOCTL_DEV = 1 << 15, /* version 5 */
    NET_BIND_TCP = 1 << 0,     /* version 4 */
    NET_CONNECT_TCP = 1 << 1,
    SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, /* version 6 */
    SCOPE_SIGNAL = 1 << 1,
};

struct ruleset_attributes {
    uint64_t fs, net, scoped;
};

enum {
    READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    CHANGE = READ | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE,
    NAME = LANDLOCK_ACCESS_FS_MAKE_REG,
    REPLACE = NAME | LANDLOCK_ACCESS_FS_REMOVE_FILE,
    MAKE = CHANGE | REPLACE,
    OF_FILES = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE |
               RIGHT_IOCTL_DEV,
    TERMINAL = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_IOCTL_DEV,
    ALL_OF_VERSION_1 = (1 << 13) - 1,
};

static const uint64_t rights_of[] = {[CONFINE_READ] = READ,
                                     [CONFINE_CHANGE] = CHANGE,
                                     [CONFINE_NAME] = NAME,
                                     [CONFINE_REPLACE] = REPLACE,
                                     [CONFINE_MAKE] = MAKE};

/* The rights that a kernel of this version knows. */
static struct ruleset_attributes all_rights(int version)
{
    struct ruleset_attributes all = {.fs = ALL_OF_VERSION_1};
    if (version >= 2)
        all.fs |= RIGHT_REFER;
    if (version >= 3)
        all.fs |= RIGHT_TRUNCATE;
    if (version >= 4)
        all.net = NET_BIND_TCP | NET_CONNECT_TCP;
    if (version >= 5)
        all.fs |= RIGHT_IOCTL_DEV;
    if (version >= 6)
        all.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
    return all;
}

/* How much of it a kernel of this version reads. */
static size_t attributes_size(int version)
{
    enum { FIELD = sizeof(uint64_t) };
    return version >= 6 ? 3 * FIELD : version >= 4 ? 2 * FIELD : FIELD;
}

struct ruleset {
    int descriptor;
    uint64_t known; /* rights over files */
};

static enum base_code grant(const struct ruleset *ruleset, const char *path, uint64_t rights,
                            struct base_error *error)
{
    struct stat status;
    enum base_code code = BASE_OK;
    const int target = open(path, O_PATH | O_CLOEXEC);
    if (target < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
        return base_fail_os(error, errno, "%s", path);
    if (target < 0)
        return BASE_OK; /* whoever opens it will hear why not */
    if (fstat(target, &status) != 0) {
        code = base_fail_os(error, errno, "%s", path);
    } else {
        const struct landlock_path_beneath_attr rule = {
            .allowed_access =
                rights & ruleset->known & (S_ISDIR(status.st_mode) ? ~0ULL : OF_FILES),
            .parent_fd = target,
        };
        if (rule.allowed_access != 0 &&
            syscall(SYS_landlock_add_rule, ruleset->descriptor, LANDLOCK_RULE_PATH_BENEATH, &rule,
                    0) != 0 &&
            errno != EBADFD) /* a pipe or a socket lies nowhere, and is not kept from anybody */
            code = base_fail_os(error, errno, "%s", path);
    }
    (void)close(target);
    return code;
}

/* The folder in which `path` stands. */
static enum base_code grant_folder(const struct ruleset *ruleset, const char *path, uint64_t rights,
                                   struct base_error *error)
{
    char folder[PATH_MAX];
    char *slash;
    if (strlen(path) >= sizeof folder)
        return BASE_OK; /* too long for anything to be made there */
    strcpy(folder, path);
    slash = strrchr(folder, '/');
    if (slash == NULL)
        return grant(ruleset, ".", rights, error);
    slash[slash == folder] = '\0';
    return grant(ruleset, folder, rights, error);
}

/* The program's parts, where base_find_in_part looks for them beside it; of its folder nothing else is needed. */
static enum base_code grant_beside_program(const struct ruleset *ruleset, struct base_error *error)
{
    static const char *const names[] = {"tavs-scan.so",    "tavs-term.so",      "tavs-render.so",
                                        "tavs-protect.so", "tavs-delimited.so", "tavs-unicode.so",
                                        "../lib/tavs"};
    enum { NAME_BYTES = 32 };
    char path[PATH_MAX + NAME_BYTES];
    const ssize_t size = readlink("/proc/self/exe", path, PATH_MAX);
    enum base_code code = BASE_OK;
    if (size <= 0 || size == PATH_MAX)
        return BASE_OK;
    path[size] = '\0';
    char *slash = strrchr(path, '/');
    for (size_t i = 0; slash != NULL && code == BASE_OK && i < sizeof names / sizeof *names; i++) {
        strcpy(slash + 1, names[i]);
        code = grant(ruleset, path, READ, error);
    }
    return code;
}

/* What every command may read: libraries, locales, time zones, terminals' descriptions, the process's
 * own state, the list of mounts; and the program's parts. */
static enum base_code grant_system(const struct ruleset *ruleset, struct base_error *error)
{
    static const struct {
        const char *path;
        uint64_t rights;
    } system[] = {
        {"/usr", READ},         {"/lib", READ},          {"/lib64", READ},
        {"/etc", READ},         {"/proc", READ},         {TAVS_LIBDIR, READ},
        {"/dev/urandom", READ}, {"/dev/null", TERMINAL}, {"/dev/tty", TERMINAL},
    };
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < sizeof system / sizeof *system; i++)
        code = grant(ruleset, system[i].path, system[i].rights, error);
    return code == BASE_OK ? grant_beside_program(ruleset, error) : code;
}

static enum base_code fill(const struct ruleset *ruleset, const struct confine_grant *grants,
                           size_t count, struct base_error *error)
{
    enum base_code code = grant_system(ruleset, error);
    for (size_t i = 0; code == BASE_OK && i < count; i++) {
        const enum confine_access access = grants[i].access;
        code = (access < CONFINE_NAME ? grant : grant_folder)(ruleset, grants[i].path,
                                                              rights_of[access], error);
    }
    return code;
}

enum base_code confine_files(const struct confine_grant *grants, size_t count, int *version,
                             struct base_error *error)
{
    const long known =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *version = known > 0 ? (int)known : 0;
    if (*version == 0) /* ENOSYS: not built into the kernel; EOPNOTSUPP: switched off at boot */
        return errno == ENOSYS || errno == EOPNOTSUPP ? BASE_OK
                                                      : base_fail_system(error, errno, "Landlock");
    const struct ruleset_attributes all = all_rights(*version);
    const struct ruleset ruleset = {
        .descriptor = (int)syscall(SYS_landlock_create_ruleset, &all, attributes_size(*version), 0),
        .known = all.fs,
    };
    if (ruleset.descriptor < 0)
        return base_fail_system(error, errno, "Landlock");
    enum base_code code = fill(&ruleset, grants, count, error);
    if (code == BASE_OK && syscall(SYS_landlock_restrict_self, ruleset.descriptor, 0) != 0)
        code = base_fail_system(error, errno, "Landlock");
    (void)close(ruleset.descriptor);
    return code;
}
