/* What keeps earlier versions of files: snapshots, synchronised folders, version control. It is
 * looked for in every folder that the store's path leads through. */
#include <fnmatch.h>
#include <string.h>

#include "inside.h"

/* Where snapshots are seen, and where in one of them the folder itself is. */
static const struct {
    const char *folder, *inside;
} snapshots[] = {
    {".snapshots", "snapshot"},           /* btrfs: snapper */
    {".snapshots", ""},                   /* btrfs by hand */
    {".zfs/snapshot", ""},                /* zfs */
    {".snapshot", ""},                    /* file servers */
    {"timeshift/snapshots", "localhost"}, /* timeshift with rsync */
    {"timeshift-btrfs/snapshots", "@"},   /* timeshift with btrfs */
    {"timeshift-btrfs/snapshots", "@home"},
};

struct snapshot {
    const char *inside, *rest; /* of the store's path, below the folder */
};

static enum base_code look_at_snapshot(struct search *search, void *context, const char *path,
                                       const char *name, struct base_error *error)
{
    struct stat status;
    char folder[PATH_MAX], file[PATH_MAX];
    const struct snapshot *snapshot = context;

    (void)name;
    (void)error;
    if (search_join(folder, path, snapshot->inside) && search_join(file, folder, snapshot->rest) &&
        lstat(file, &status) == 0 && S_ISREG(status.st_mode))
        search_say(search, TRACES_SNAPSHOT, file, 0, "");
    return BASE_OK;
}

static bool has(const char *folder, const char *const *names)
{
    struct stat status;
    char path[PATH_MAX];
    for (; *names != NULL; names++)
        if (search_join(path, folder, *names) && lstat(path, &status) == 0)
            return true;
    return false;
}

/* Programs that copy a folder to a server give it a name of theirs or leave a file in it. */
static bool is_synced(const char *folder)
{
    static const char *const marks[] = {".stfolder",
                                        ".dropbox.cache",
                                        ".owncloudsync.log",
                                        ".nextcloudsync.log",
                                        ".csync_journal.db",
                                        ".debris",
                                        NULL};
    static const char *const names[] = {"Dropbox*",  "OneDrive*",   "Nextcloud*",
                                        "ownCloud*", "GoogleDrive", "Google Drive"};
    const char *name = strrchr(folder, '/') + 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (fnmatch(names[i], name, 0) == 0)
            return true;
    return has(folder, marks);
}

static enum base_code look_at_folder(struct search *search, const char *folder, const char *rest,
                                     struct base_error *error)
{
    static const char *const repositories[] = {".git", ".hg", ".svn", NULL};
    char path[PATH_MAX];
    enum base_code code = BASE_OK;

    if (is_synced(folder))
        search_say(search, TRACES_SYNCED, folder, 0, "");
    if (has(folder, repositories))
        search_say(search, TRACES_VERSIONED, folder, 0, "");
    for (size_t i = 0; code == BASE_OK && i < sizeof snapshots / sizeof *snapshots; i++) {
        struct snapshot snapshot = {snapshots[i].inside, rest};
        if (search_join(path, folder, snapshots[i].folder))
            code = search_folder(search, path, look_at_snapshot, &snapshot, NULL, error);
    }
    return code;
}

enum base_code look_for_keepers(struct search *search, struct base_error *error)
{
    char folder[PATH_MAX];
    enum base_code code = BASE_OK;

    strcpy(folder, search->path);
    for (char *slash = strrchr(folder, '/'); code == BASE_OK && slash != NULL;
         slash = strrchr(folder, '/')) {
        *slash = '\0';
        code = look_at_folder(search, folder[0] == '\0' ? "/" : folder,
                              search->path + (slash - folder) + 1, error);
    }
    return code;
}
