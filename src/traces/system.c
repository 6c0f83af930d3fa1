/* What the store lies on, and where memory may be written to: file system, encryption, swap space,
 * memory images. Told from /proc and /sys, which everybody may read; what can't be seen there (a
 * disk that encrypts by itself, a machine that is virtual) is not known. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"
#include "system.h"

enum { LINE_BYTES = 2 * PATH_MAX };

static FILE *open_below(const struct search *search, const char *path)
{
    char full[PATH_MAX];
    return search_join(full, search->root, path) ? fopen(full, "re") : NULL;
}

/* ---- mounts (proc(5), /proc/pid/mountinfo) ---- */

/* Takes "\040" and the like out of a path. */
static void undo_octal(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' &&
            from[2] <= '7' && from[3] >= '0' && from[3] <= '7') {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

static bool parse_mount(char *line, struct system_mount *mount, char point[PATH_MAX])
{
    char *save, *fields[6];
    char *rest = strstr(line, " - ");
    if (rest == NULL)
        return false;
    *rest = '\0';
    rest += strlen(" - ");
    /* id, parent, major:minor, root, mount point, options */
    for (size_t i = 0; i < 6; i++)
        if ((fields[i] = strtok_r(i == 0 ? line : NULL, " ", &save)) == NULL)
            return false;
    const char *type = strtok_r(rest, " \n", &save);
    char *source = strtok_r(NULL, " \n", &save);
    char *colon = strchr(fields[2], ':');
    if (type == NULL || source == NULL || colon == NULL)
        return false;
    mount->major = (unsigned)strtoul(fields[2], NULL, 10);
    mount->minor = (unsigned)strtoul(colon + 1, NULL, 10);
    undo_octal(source);
    undo_octal(fields[4]);
    mount->id = strtoull(fields[0], NULL, 10);
    snprintf(mount->type, sizeof mount->type, "%s", type);
    snprintf(mount->source, sizeof mount->source, "%s", source);
    snprintf(point, PATH_MAX, "%s", fields[4]);
    return true;
}

static bool lies_in(const char *path, const char *folder)
{
    const size_t length = strlen(folder);
    return strcmp(folder, "/") == 0 ||
           (strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0'));
}

bool system_find_mount(const struct search *search, const char *path, uint64_t id,
                       struct system_mount *mount)
{
    char line[LINE_BYTES], point[PATH_MAX];
    size_t longest = 0;
    bool found = false;
    FILE *mounts = open_below(search, "proc/self/mountinfo");

    if (mounts == NULL)
        return false;
    while (fgets(line, sizeof line, mounts) != NULL) {
        struct system_mount one;
        if (!parse_mount(line, &one, point))
            continue;
        if (id != 0 ? one.id == id : lies_in(path, point) && strlen(point) >= longest) {
            *mount = one;
            longest = strlen(point);
            found = true;
        }
    }
    fclose(mounts);
    return found;
}

/* ---- encryption of a block device ---- */

static bool read_line(const struct search *search, const char *path, char *line, int size)
{
    FILE *file = open_below(search, path);
    if (file == NULL)
        return false;
    const bool got = fgets(line, size, file) != NULL;
    fclose(file);
    return got;
}

/* dm-crypt and LUKS, not dm-verity and dm-integrity, which only check. */
static bool is_crypt(const char *uuid)
{
    return strncmp(uuid, "CRYPT-", 6) == 0 && strncmp(uuid, "CRYPT-VERITY", 12) != 0 &&
           strncmp(uuid, "CRYPT-INTEGRITY", 15) != 0;
}

static enum system_answer device_is_encrypted(const struct search *search, const char *device,
                                              unsigned depth);

/* Encrypted if all devices are that this one is made of. */
static enum system_answer slaves_are_encrypted(const struct search *search, const char *slaves,
                                               unsigned depth)
{
    char path[PATH_MAX], device[PATH_MAX];
    enum system_answer answer = SYSTEM_UNKNOWN;
    bool any = false;
    DIR *entries = search_join(path, search->root, slaves) ? opendir(path) : NULL;

    if (entries == NULL)
        return SYSTEM_UNKNOWN;
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.' || !search_join(device, "sys/class/block", entry->d_name))
            continue;
        const enum system_answer one = device_is_encrypted(search, device, depth + 1);
        answer = !any || one == SYSTEM_NO || answer == SYSTEM_YES ? one : answer;
        any = true;
    }
    closedir(entries);
    return any ? answer : SYSTEM_NO;
}

/* `device` is its folder below /sys. */
static enum system_answer device_is_encrypted(const struct search *search, const char *device,
                                              unsigned depth)
{
    enum { DEEPEST = 16 };
    char path[PATH_MAX], line[256];

    if (depth > DEEPEST || !search_join(path, device, "dev") ||
        !read_line(search, path, line, sizeof line))
        return SYSTEM_UNKNOWN;
    if (search_join(path, device, "dm/uuid") && read_line(search, path, line, sizeof line) &&
        is_crypt(line))
        return SYSTEM_YES;
    /* What lies in a file is as safe as that file, which may be anywhere. */
    if (search_join(path, device, "loop/backing_file") &&
        read_line(search, path, line, sizeof line))
        return SYSTEM_UNKNOWN;
    /* A partition has no slaves, the disk that it is part of may have. */
    const bool is_part =
        search_join(path, device, "partition") && read_line(search, path, line, sizeof line);
    if (!search_join(path, device, is_part ? "../slaves" : "slaves"))
        return SYSTEM_UNKNOWN;
    return slaves_are_encrypted(search, path, depth);
}

enum system_answer system_block_is_encrypted(const struct search *search, unsigned major,
                                             unsigned minor, const char *source)
{
    char device[PATH_MAX], resolved[PATH_MAX];

    if (major != 0) {
        snprintf(device, sizeof device, "sys/dev/block/%u:%u", major, minor);
        return device_is_encrypted(search, device, 0);
    }
    /* btrfs, for one, has a number of its own; its source is one of its devices. */
    if (strncmp(source, "/dev/", 5) != 0)
        return SYSTEM_UNKNOWN;
    if (realpath(source, resolved) == NULL)
        snprintf(resolved, sizeof resolved, "%s", source);
    if (!search_join(device, "sys/class/block", strrchr(resolved, '/') + 1))
        return SYSTEM_UNKNOWN;
    return device_is_encrypted(search, device, 0);
}

/* ---- file systems ---- */

static bool is_among(const char *type, const char *const *types)
{
    for (; *types != NULL; types++)
        if (strcmp(type, *types) == 0)
            return true;
    return false;
}

static const char *const network[] = {"nfs",
                                      "nfs4",
                                      "cifs",
                                      "smb3",
                                      "smbfs",
                                      "ncpfs",
                                      "coda",
                                      "afs",
                                      "ceph",
                                      "9p",
                                      "gfs2",
                                      "ocfs2",
                                      "lustre",
                                      "gpfs",
                                      "glusterfs",
                                      "davfs",
                                      "fuse.sshfs",
                                      "fuse.davfs2",
                                      "fuse.rclone",
                                      "fuse.glusterfs",
                                      "fuse.s3fs",
                                      "fuse.goofys",
                                      "fuse.gcsfuse",
                                      "fuse.juicefs",
                                      "fuse.curlftpfs",
                                      "fuse.smbnetfs",
                                      "fuse.ceph-fuse",
                                      "fuse.gvfsd-fuse",
                                      "fuse.onedriver",
                                      "fuse.google-drive-ocamlfuse",
                                      NULL};

/* They write anew beside the old instead of over it. */
static const char *const keeps_blocks[] = {"btrfs", "zfs",   "nilfs2", "bcachefs",
                                           "f2fs",  "ubifs", "jffs2",  NULL};
static const char *const layered[] = {"overlay",       "aufs", "unionfs", "fuse.fuse-overlayfs",
                                      "fuse.mergerfs", NULL};
static const char *const volatile_ones[] = {"tmpfs", "ramfs", NULL};
static const char *const encrypting[] = {"ecryptfs",   "fuse.gocryptfs", "fuse.encfs",
                                         "fuse.cryfs", "fuse.securefs",  NULL};

void system_judge_mount(struct search *search, const struct system_mount *mount,
                        bool file_encrypted)
{
    const char *const path = search->path, *const type = mount->type;

    if (is_among(type, network)) {
        search_say(search, TRACES_NETWORK, path, 0, type);
        return;
    }
    if (is_among(type, volatile_ones)) {
        search_say(search, TRACES_VOLATILE, path, 0, type);
        return;
    }
    if (is_among(type, keeps_blocks))
        search_say(search, TRACES_KEEPS_BLOCKS, path, 0, type);
    else if (is_among(type, layered))
        search_say(search, TRACES_LAYERED, path, 0, type);
    else if (strncmp(type, "fuse", 4) == 0 && strcmp(type, "fuseblk") != 0 &&
             !is_among(type, encrypting))
        search_say(search, TRACES_FILE_SYSTEM_UNTOLD, path, 0, type);

    enum system_answer answer = SYSTEM_YES;
    if (!file_encrypted && !is_among(type, encrypting))
        answer = system_block_is_encrypted(search, mount->major, mount->minor, mount->source);
    static const enum traces_kind kinds[] = {
        [SYSTEM_UNKNOWN] = TRACES_ENCRYPTION_UNTOLD,
        [SYSTEM_NO] = TRACES_NOT_ENCRYPTED,
        [SYSTEM_YES] = TRACES_ENCRYPTED,
    };
    search_say(search, kinds[answer], path, 0, type);
}

static void look_at_mount(struct search *search)
{
    struct system_mount mount;
    struct statx status = {0};
    uint64_t id = 0;
    bool file_encrypted = false;

    if (statx(AT_FDCWD, search->path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_MNT_ID,
              &status) == 0) {
        if ((status.stx_mask & STATX_MNT_ID) != 0)
            id = status.stx_mnt_id;
        file_encrypted = (status.stx_attributes & STATX_ATTR_ENCRYPTED) != 0; /* fscrypt */
    }
    if (system_find_mount(search, search->path, id, &mount))
        system_judge_mount(search, &mount, file_encrypted);
    else
        search_say(search, TRACES_FILE_SYSTEM_UNTOLD, search->path, 0, "");
}

/* ---- swap space (proc(5), /proc/swaps) ---- */

static enum system_answer swap_is_encrypted(const struct search *search, const char *path,
                                            bool is_partition)
{
    struct system_mount mount;
    if (is_partition)
        return system_block_is_encrypted(search, 0, 0, path);
    if (!system_find_mount(search, path, 0, &mount))
        return SYSTEM_UNKNOWN;
    return system_block_is_encrypted(search, mount.major, mount.minor, mount.source);
}

void system_look_at_swap(struct search *search)
{
    char line[LINE_BYTES];
    bool any = false;
    FILE *swaps = open_below(search, "proc/swaps");

    if (swaps == NULL || fgets(line, sizeof line, swaps) == NULL) { /* the headings */
        search_say(search, TRACES_SWAP_UNTOLD, "", 0, "");
        if (swaps != NULL)
            fclose(swaps);
        return;
    }
    while (fgets(line, sizeof line, swaps) != NULL) {
        char *save;
        char *path = strtok_r(line, " \t\n", &save);
        const char *type = strtok_r(NULL, " \t\n", &save);
        if (path == NULL || type == NULL || strncmp(path, "/dev/zram", 9) == 0)
            continue; /* zram is memory, packed */
        undo_octal(path);
        static const enum traces_kind kinds[] = {
            [SYSTEM_UNKNOWN] = TRACES_SWAP_UNTOLD,
            [SYSTEM_NO] = TRACES_SWAP_NOT_ENCRYPTED,
            [SYSTEM_YES] = TRACES_SWAP_ENCRYPTED,
        };
        any = true;
        search_say(search, kinds[swap_is_encrypted(search, path, strcmp(type, "partition") == 0)],
                   path, 0, "");
    }
    fclose(swaps);
    if (!any)
        search_say(search, TRACES_NO_SWAP, "", 0, "");
}

/* ---- memory images (core(5)) ---- */

bool system_core_folder(const struct search *search, char folder[PATH_MAX])
{
    char line[LINE_BYTES];
    if (!read_line(search, "proc/sys/kernel/core_pattern", line, sizeof line) || line[0] != '/')
        return false;
    char *slash = strrchr(line, '/');
    slash[slash == line ? 1 : 0] = '\0';
    return strchr(line, '%') == NULL && snprintf(folder, PATH_MAX, "%s", line) < PATH_MAX;
}

void system_look_at_core_pattern(struct search *search)
{
    char line[LINE_BYTES];
    if (!read_line(search, "proc/sys/kernel/core_pattern", line, sizeof line) || line[0] != '|')
        return;
    line[strcspn(line, " \n")] = '\0';
    search_say(search, TRACES_CORE_HANDLER, "", 0, line + 1);
}

void look_at_system(struct search *search)
{
    look_at_mount(search);
    system_look_at_swap(search);
    system_look_at_core_pattern(search);
}
