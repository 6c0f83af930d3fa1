/* Who may get at the store and at this machine's key. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

/* True if the group is its owner's alone, as many systems give each user one of his own name. */
static bool is_private_group(gid_t group, uid_t owner)
{
    enum { ENTRY_BYTES = 1 << 16 };
    struct passwd user, *user_found = NULL;
    struct group entry, *found = NULL;
    bool is_private = false;
    char *bytes = malloc(2 * (size_t)ENTRY_BYTES);

    if (bytes != NULL && getpwuid_r(owner, &user, bytes, ENTRY_BYTES, &user_found) == 0 &&
        user_found != NULL &&
        getgrgid_r(group, &entry, bytes + ENTRY_BYTES, ENTRY_BYTES, &found) == 0 && found != NULL)
        is_private = user.pw_gid == group && strcmp(user.pw_name, entry.gr_name) == 0 &&
                     entry.gr_mem[0] == NULL;
    free(bytes);
    return is_private;
}

static bool is_trusted(const struct search *search, uid_t owner)
{
    return owner == 0 || owner == geteuid() || owner == search->store.st_uid;
}

/* True if others may put a file of theirs in the place of one in this folder. */
static bool others_may_write(const struct search *search, const struct stat *folder)
{
    if (!is_trusted(search, folder->st_uid))
        return true;
    if ((folder->st_mode & S_ISVTX) != 0) /* only a file's owner may rename or remove it */
        return false;
    return (folder->st_mode & S_IWOTH) != 0 ||
           ((folder->st_mode & S_IWGRP) != 0 && !is_private_group(folder->st_gid, folder->st_uid));
}

static void look_at_path(struct search *search)
{
    char folder[PATH_MAX];
    struct stat status;
    bool visible = true; /* each folder on the way lets others through */

    strcpy(folder, search->path);
    for (char *slash = strrchr(folder, '/'); slash != NULL; slash = strrchr(folder, '/')) {
        *slash = '\0';
        const char *name = folder[0] == '\0' ? "/" : folder;
        if (stat(name, &status) != 0)
            continue;
        visible = visible && (status.st_mode & S_IXOTH) != 0;
        if (others_may_write(search, &status))
            search_say(search, TRACES_FOLDER_WRITABLE, name, 0, "");
    }
    if (visible)
        search_say(search, TRACES_FOLDER_VISIBLE, search->folder, 0, "");
}

static void look_at_store(struct search *search)
{
    if ((search->store.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        search_say(search, TRACES_STORE_MODE, search->path, 0, "");
    if (search->store.st_uid != geteuid())
        search_say(search, TRACES_STORE_OWNER, search->path, 0, "");
    if (search->store.st_nlink > 1)
        search_say(search, TRACES_HARD_LINK, search->path, 0, "");
}

/* ---- this machine's key ---- */

/* "0123456789abcdef0123456789abcdef.device" */
static bool is_device_name(const char *name)
{
    enum { DIGITS = 2 * KEYS_STORE_ID_BYTES };
    return strspn(name, "0123456789abcdef") == DIGITS && strcmp(name + DIGITS, ".device") == 0;
}

static enum base_code look_at_key(struct search *search, void *context, const char *path,
                                  const char *name, struct base_error *error)
{
    struct stat status;
    struct search_content content;

    (void)context;
    (void)error;
    if (lstat(path, &status) != 0)
        return BASE_OK;
    if (is_device_name(name)) {
        if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
            (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            search_say(search, TRACES_DEVICE_MODE, path, 0, "");
    } else if (S_ISREG(status.st_mode) && search_file(search, path, true, &content) &&
               content.is_device) {
        search_say(search, TRACES_DEVICE_COPY, path, 0, "");
    }
    return BASE_OK;
}

static enum base_code look_at_keys(struct search *search, struct base_error *error)
{
    char folder[PATH_MAX];
    struct stat status;
    struct base_error ignored;

    /* Without a home folder there is no key. */
    if (keys_device_folder(folder, sizeof folder, &ignored) != BASE_OK ||
        stat(folder, &status) != 0)
        return BASE_OK;
    if (others_may_write(search, &status))
        search_say(search, TRACES_DEVICE_MODE, folder, 0, "");
    return search_folder(search, folder, look_at_key, NULL, NULL, error);
}

enum base_code look_at_modes(struct search *search, struct base_error *error)
{
    look_at_store(search);
    look_at_path(search);
    return look_at_keys(search, error);
}
