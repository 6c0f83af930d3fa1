#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/secret.h"

/* ---- what all of them use ---- */

static char *keep(const char *text, size_t most)
{
    char *kept = malloc(most);
    if (kept != NULL)
        (void)base_make_printable(kept, most, text);
    return kept;
}

/* The path is that of the trace before if it is the same. */
static bool add(struct search *search, struct traces_trace trace)
{
    enum { DETAIL_BYTES = 256, FIRST_ROOM = 32 };
    struct traces_report *report = search->report;
    const struct traces_trace *before =
        report->count == 0 ? NULL : &report->traces[report->count - 1];

    if (report->count == search->room) {
        const size_t room = search->room == 0 ? FIRST_ROOM : 2 * search->room;
        struct traces_trace *larger = realloc(report->traces, room * sizeof *larger);
        if (larger == NULL)
            return false;
        report->traces = larger;
        search->room = room;
        before = report->count == 0 ? NULL : &larger[report->count - 1];
    }
    char *path = keep(trace.path, BASE_PRINTABLE_SIZE(strlen(trace.path)));
    char *detail = keep(trace.detail, DETAIL_BYTES);
    if (path != NULL && before != NULL && strcmp(before->path, path) == 0) {
        free(path);
        trace.path = before->path;
    } else {
        trace.path = path;
    }
    trace.detail = detail;
    report->traces[report->count++] = trace; /* traces_free takes what there is of it */
    return path != NULL && detail != NULL;
}

void search_say(struct search *search, enum traces_kind kind, const char *path, uint64_t line,
                const char *detail)
{
    search->report->totals[traces_kind_severity(kind)]++;
    if (search->report->count < TRACES_MOST_KEPT && !search->no_memory)
        search->no_memory = !add(search, (struct traces_trace){kind, path, line, detail});
}

bool search_join(char path[PATH_MAX], const char *folder, const char *name)
{
    size_t length = strlen(folder);
    while (length > 0 && folder[length - 1] == '/')
        length--;
    const int written = *name == '\0'
                            ? snprintf(path, PATH_MAX, "%s", folder)
                            : snprintf(path, PATH_MAX, "%.*s/%s", (int)length, folder, name);
    return written >= 0 && written < PATH_MAX;
}

/* ---- the look ---- */

static enum base_code begin(struct search *search, const char *path, struct base_error *error)
{
    void *chunk;
    struct stat status;

    if (realpath(path, search->path) == NULL)
        return errno == ENOENT || errno == ENOTDIR
                   ? base_fail(error, BASE_STORE_MISSING, "%s", path)
                   : base_fail_os(error, errno, "%s", path);
    if (stat(search->path, &search->store) != 0)
        return base_fail_os(error, errno, "%s", path);
    if (!S_ISREG(search->store.st_mode))
        return base_fail(error, BASE_STORE_NOT_FILE, "%s", path);
    const enum base_code code = secret_new(SEARCH_CHUNK, &chunk, error);
    if (code != BASE_OK)
        return code;
    search->chunk = chunk;
    char *slash = strrchr(search->path, '/');
    search->name = slash + 1;
    snprintf(search->folder, sizeof search->folder, "%.*s",
             slash == search->path ? 1 : (int)(slash - search->path), search->path);
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
        search_say(search, TRACES_STORE_LINK, path, 0, "");
    return BASE_OK;
}

static enum base_code look_at_home(struct search *search, struct home home,
                                   struct base_error *error)
{
    enum base_code code = look_at_shells(search, home, error);
    if (code == BASE_OK)
        code = look_at_editors(search, home, error);
    if (code == BASE_OK)
        code = look_elsewhere(search, home, error);
    return code;
}

/* A user's home folder, as the system knows it; NULL if there is none. `bytes` holds it. */
static const char *home_of(uid_t user, char *bytes, size_t size)
{
    struct passwd entry, *found = NULL;
    return getpwuid_r(user, &entry, bytes, size, &found) == 0 && found != NULL ? found->pw_dir
                                                                               : NULL;
}

/* The home folder of whoever runs this, and that of the store's owner. */
static enum base_code look_at_homes(struct search *search, struct base_error *error)
{
    enum { ENTRY_BYTES = 1 << 16 };
    const char *set = getenv("HOME");
    enum base_code code = BASE_OK;
    char *own_bytes = malloc(ENTRY_BYTES), *owner_bytes = malloc(ENTRY_BYTES);

    if (own_bytes == NULL || owner_bytes == NULL) {
        code = base_fail(error, BASE_NO_MEMORY, "%s", _("looking for traces"));
        goto out;
    }
    const char *own =
        set != NULL && set[0] == '/' ? set : home_of(geteuid(), own_bytes, ENTRY_BYTES);
    const char *owner = search->store.st_uid == geteuid()
                            ? NULL
                            : home_of(search->store.st_uid, owner_bytes, ENTRY_BYTES);
    if (own != NULL)
        code = look_at_home(search, (struct home){own, true}, error);
    if (code == BASE_OK && owner != NULL && (own == NULL || strcmp(own, owner) != 0))
        code = look_at_home(search, (struct home){owner, false}, error);
out:
    free(own_bytes);
    free(owner_bytes);
    return code;
}

static enum base_code look_at_all(struct search *search, const char *path, struct base_error *error)
{
    enum base_code code = begin(search, path, error);
    if (code == BASE_OK)
        code = look_at_homes(search, error);
    if (code == BASE_OK)
        code = look_for_copies(search, error);
    if (code == BASE_OK)
        code = look_for_keepers(search, error);
    if (code == BASE_OK)
        code = look_at_modes(search, error);
    if (code == BASE_OK)
        look_at_system(search);
    if (code == BASE_OK && search->no_memory)
        code = base_fail(error, BASE_NO_MEMORY, "%s", _("looking for traces"));
    return code;
}

enum base_code traces_find(const char *path, const uint8_t store_id[KEYS_STORE_ID_BYTES],
                           struct traces_report **out, struct base_error *error)
{
    struct search search = {
        .root = "",
        .store_id = store_id,
        .entries_left = TRACES_MOST_ENTRIES,
        .bytes_left = TRACES_MOST_SEARCHED,
        .report = calloc(1, sizeof *search.report),
    };
    if (search.report == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("looking for traces"));
    const enum base_code code = look_at_all(&search, path, error);
    secret_free(search.chunk);
    free(search.read);
    if (code != BASE_OK) {
        traces_free(search.report);
        return code;
    }
    *out = search.report;
    return BASE_OK;
}

void traces_free(struct traces_report *report)
{
    if (report == NULL)
        return;
    for (size_t i = 0; i < report->count; i++) {
        if (i == 0 || report->traces[i].path != report->traces[i - 1].path)
            free((char *)report->traces[i].path);
        free((char *)report->traces[i].detail);
    }
    free(report->traces);
    free(report);
}
