/* Copies of the store, whole or in part, and other files that tavs or a crash may have left. A store
 * has an id of 16 random bytes in its header, so whatever holds these bytes holds a copy of it: a
 * backup, an archive, an editor's file, a memory image. */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "inside.h"
#include "system.h"

enum nearness {
    BESIDE,    /* in the store's folder */
    BELOW,     /* in a folder in it */
    ELSEWHERE, /* where others keep files too: only what is surely of this store counts */
};

struct walk {
    enum nearness nearness;
    unsigned depth; /* how far folders are gone into */
    bool whole;     /* each file is searched to its end */
};

static bool is_plain_of_user(const struct search *search, const struct stat *status)
{
    return status->st_uid == geteuid() || status->st_uid == search->store.st_uid;
}

static bool is_store(const struct search *search, const struct stat *status)
{
    return status->st_dev == search->store.st_dev && status->st_ino == search->store.st_ino;
}

/* ---- by name ---- */

/* ".NAME.a1b2c3", as tavs names a file that it is writing where there can be no nameless ones. */
static bool is_temporary(const char *name)
{
    enum { SUFFIX = 6 };
    const char *dot = strrchr(name, '.');
    if (name[0] != '.' || dot < name + 2 || strlen(dot + 1) != SUFFIX ||
        strspn(dot + 1, "0123456789abcdefghijklmnopqrstuv") != SUFFIX)
        return false;
    /* Not a word (.bashrc.backup), not a number. */
    return strcspn(dot + 1, "0123456789") != SUFFIX && strspn(dot + 1, "0123456789") != SUFFIX;
}

static bool is_deleted(const char *name)
{
    return fnmatch(".nfs[0-9a-f]*", name, 0) == 0 || fnmatch(".fuse_hidden*", name, 0) == 0;
}

static bool is_passphrase(const char *name, const struct stat *status)
{
    enum { MOST_BYTES = 4096 };
    static const char *const words[] = {"passphrase",  "password", "passwd",
                                        "adgangskode", "adgangss", "kodeord"};
    if (status->st_size > MOST_BYTES)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(name, words[i]) != NULL)
            return true;
    return false;
}

static enum base_code look_at_name(struct search *search, const char *path, const char *name,
                                   const struct stat *status, struct base_error *error)
{
    if (is_deleted(name)) {
        search_say(search, TRACES_DELETED, path, 0, "");
    } else if (is_temporary(name)) {
        search_say(search, TRACES_TEMPORARY, path, 0, "");
    } else if (is_passphrase(name, status)) {
        search_say(search, TRACES_PASSPHRASE_BESIDE, path, 0, "");
        if ((status->st_mode & (S_IRWXG | S_IRWXO)) != 0)
            search_say(search, TRACES_PASSPHRASE_MODE, path, 0, "");
    } else if (leftover_is_named(name)) {
        return look_at_leftover(search, NULL, path, name, error);
    }
    return BASE_OK;
}

/* ---- by content ---- */

/* True if something was said. */
static bool say_content(struct search *search, enum nearness nearness, const char *path,
                        const struct search_content *content)
{
    enum traces_kind kind;
    if (content->is_device && (content->holds_id || nearness != ELSEWHERE))
        kind = TRACES_DEVICE_COPY;
    else if (content->is_core && (content->holds_id || content->names_tavs))
        kind = TRACES_CORE;
    else if (content->holds_id)
        kind = content->is_lmdb ? TRACES_COPY : TRACES_FRAGMENT;
    else if (content->is_core && nearness == BESIDE)
        kind = TRACES_CORE_OTHER;
    else
        return false;
    search_say(search, kind, path, 0, "");
    return true;
}

/* True if something was said. Another store may bear the same name. */
static bool say_name(struct search *search, const char *path, const char *name,
                     const struct search_content *content)
{
    const char *at = strstr(name, search->name);
    if (at == NULL || (content->is_lmdb && search->store_id != NULL))
        return false;
    search_say(search,
               strcmp(at + strlen(search->name), "-lock") == 0 ? TRACES_LOCK_FILE
                                                               : TRACES_NAMED_AFTER,
               path, 0, "");
    return true;
}

static enum base_code look_at_file(struct search *search, const struct walk *walk, const char *path,
                                   const char *name, const struct stat *status,
                                   struct base_error *error)
{
    struct search_content content = {0};
    const bool by_name = strstr(name, search->name) != NULL;
    if (status->st_size > 0)
        (void)search_file(search, path, !walk->whole && !by_name, &content);
    if (say_content(search, walk->nearness, path, &content) || walk->nearness == ELSEWHERE ||
        say_name(search, path, name, &content) || walk->nearness == BELOW)
        return BASE_OK;
    return look_at_name(search, path, name, status, error);
}

static enum base_code look_at_entry(struct search *search, void *context, const char *path,
                                    const char *name, struct base_error *error)
{
    struct stat status;
    const struct walk *walk = context;

    if (lstat(path, &status) != 0 ||
        (walk->nearness == ELSEWHERE && !is_plain_of_user(search, &status)))
        return BASE_OK;
    if (S_ISDIR(status.st_mode) && strcmp(path, search->folder) == 0)
        return BASE_OK; /* it is looked through by itself */
    if (S_ISDIR(status.st_mode) && walk->depth > 0) {
        struct walk below = *walk;
        below.depth--;
        below.nearness = walk->nearness == BESIDE ? BELOW : walk->nearness;
        return search_folder(search, path, look_at_entry, &below, NULL, error);
    }
    if (is_store(search, &status)) {
        if (walk->nearness != ELSEWHERE && strcmp(path, search->path) != 0)
            search_say(search, TRACES_HARD_LINK, path, 0, "");
        return BASE_OK;
    }
    if (S_ISREG(status.st_mode))
        return look_at_file(search, walk, path, name, &status, error);
    return BASE_OK;
}

/* ---- where ---- */

/* Says that the folder is clear if nothing was found in it. */
static enum base_code look_through(struct search *search, const char *folder, struct walk walk,
                                   struct base_error *error)
{
    bool found;
    const uint64_t before =
        search->report->totals[TRACES_FOUND] + search->report->totals[TRACES_REMARK];
    const enum base_code code = search_folder(search, folder, look_at_entry, &walk, &found, error);
    if (found &&
        before == search->report->totals[TRACES_FOUND] + search->report->totals[TRACES_REMARK])
        search_say(search, TRACES_FOLDER_CLEAR, folder, 0, "");
    return code;
}

enum base_code look_for_copies(struct search *search, struct base_error *error)
{
    return look_through(search, search->folder, (struct walk){BESIDE, 1, true}, error);
}

/* "core", "core.1234": where a program is started, the kernel's default. */
static enum base_code look_at_core(struct search *search, void *context, const char *path,
                                   const char *name, struct base_error *error)
{
    if (strcmp(name, "core") != 0 && fnmatch("core.[0-9]*", name, 0) != 0)
        return BASE_OK;
    return look_at_entry(search, context, path, name, error);
}

/* Folders that a handler of memory images keeps them in, under names that tell the program's. */
static enum base_code look_at_kept_core(struct search *search, void *context, const char *path,
                                        const char *name, struct base_error *error)
{
    (void)context;
    (void)error;
    if (fnmatch("*[._]tavs[._]*", name, 0) == 0)
        search_say(search, TRACES_CORE, path, 0, "");
    return BASE_OK;
}

static enum base_code look_for_cores(struct search *search, struct home home,
                                     struct base_error *error)
{
    static const char *const kept[] = {"/var/lib/systemd/coredump", "/var/lib/apport/coredump",
                                       "/var/crash", "/var/spool/abrt"};
    struct walk walk = {ELSEWHERE, 0, false};
    char folder[PATH_MAX];
    enum base_code code = search_folder(search, home.path, look_at_core, &walk, NULL, error);
    if (!home.own)
        return code;
    if (code == BASE_OK && getcwd(folder, sizeof folder) != NULL &&
        strcmp(folder, search->folder) != 0 && strcmp(folder, home.path) != 0)
        code = search_folder(search, folder, look_at_core, &walk, NULL, error);
    if (code == BASE_OK && system_core_folder(search, folder) &&
        strcmp(folder, search->folder) != 0)
        code = search_folder(search, folder, look_at_entry, &walk, NULL, error);
    for (size_t i = 0; code == BASE_OK && i < sizeof kept / sizeof *kept; i++)
        if (search_join(folder, search->root, kept[i] + 1))
            code = search_folder(search, folder, look_at_kept_core, NULL, NULL, error);
    return code;
}

/* $TMPDIR, /tmp and /var/tmp, each once; not the store's own folder, which is looked through anyway. */
static enum base_code look_at_temporary(struct search *search, struct base_error *error)
{
    enum { FOLDERS = 3 };
    const char *const folders[FOLDERS] = {getenv("TMPDIR"), "/tmp", "/var/tmp"};
    char resolved[FOLDERS][PATH_MAX];
    enum base_code code = BASE_OK;

    for (size_t i = 0; code == BASE_OK && i < FOLDERS; i++) {
        bool is_new = folders[i] != NULL && realpath(folders[i], resolved[i]) != NULL;
        if (!is_new)
            resolved[i][0] = '\0';
        for (size_t j = 0; j < i; j++)
            is_new = is_new && strcmp(resolved[j], resolved[i]) != 0;
        if (is_new && strcmp(resolved[i], search->folder) != 0)
            code = look_through(search, resolved[i], (struct walk){ELSEWHERE, 1, false}, error);
    }
    return code;
}

enum base_code look_elsewhere(struct search *search, struct home home, struct base_error *error)
{
    static const struct where trash = {PLACE_DATA, "Trash/files", "*"};
    struct walk walk = {ELSEWHERE, 1, true};
    enum base_code code = look_for_cores(search, home, error);
    if (code == BASE_OK)
        code = places_visit(search, home, &trash, 1, look_at_entry, &walk, error);
    if (code == BASE_OK && home.own)
        code = look_at_temporary(search, error);
    return code;
}
