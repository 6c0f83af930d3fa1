/* What a command keeps within reach once it is known what was asked for. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/confine.h"

/* Grants that are not for words: the store, its machine's keys, files named by options, the terminal. */
enum { MOST_OTHERS = 16 };

/* How many files a command may make beside the machine's key, or as a release. */
enum { BESIDE_KEY = 5, KNOWN_NOTES = 2, FILES_OF_RELEASE = 16 };

struct reach {
    struct confine_grant *grants;
    size_t count, room;
    bool makes_files;
    char device[PATH_MAX];   /* the folder of this machine's keys */
    char terminfo[PATH_MAX]; /* the person's own descriptions of terminals */
    char folder[PATH_MAX];   /* of the files that are made */
    char made[32];           /* a store in the making, or a copy */
};

static void add(struct reach *reach, const char *path, enum confine_access access)
{
    if (path == NULL || reach->count == reach->room)
        return;
    reach->grants[reach->count++] = (struct confine_grant){path, access};
    reach->makes_files = reach->makes_files || access >= CONFINE_NAME;
}

/* `count` files in the folder of `path` are opened now, so that they need only be given their names: `access` is
 * CONFINE_NAME or CONFINE_REPLACE. Where a folder can't hold nameless files, they are made when they are written. What else
 * goes wrong is told by whoever makes them. Returns a descriptor of one, or -1. */
static int add_made(struct reach *reach, const char *path, size_t count, enum confine_access access)
{
    int first = -1;
    const int failed = base_file_ahead(path, count, &first);
    if (failed == 0 || failed == EOPNOTSUPP)
        add(reach, path, failed == 0 ? access : CONFINE_MAKE);
    return first;
}

/* The same for a store, which LMDB opens by a path. */
static void add_made_store(struct reach *reach, const char *path, enum confine_access access)
{
    const int made = add_made(reach, path, 1, access);
    if (made < 0)
        return;
    (void)snprintf(reach->made, sizeof reach->made, "/proc/self/fd/%d", made);
    add(reach, reach->made, CONFINE_CHANGE);
}

/* Who counts notes which store stands at this path, once. */
static enum base_code add_keys(struct reach *reach, const struct cmd_context *context, bool makes,
                               struct base_error *error)
{
    struct base_error ignored;
    enum base_code code = BASE_OK;
    if (keys_device_folder(reach->device, sizeof reach->device - 2, &ignored) != BASE_OK)
        return BASE_OK;         /* whoever needs it will hear why not */
    strcat(reach->device, "/"); /* what is made lies in it */
    add(reach, reach->device, CONFINE_READ);
    if (makes)
        code = base_make_folders(reach->device, error);
    if (makes && code == BASE_OK)
        (void)add_made(reach, reach->device, BESIDE_KEY, CONFINE_REPLACE);
    else if (context->command->is_noted != NULL && !context->command->is_noted(context->store_path))
        (void)add_made(reach, reach->device, KNOWN_NOTES, CONFINE_NAME);
    return code;
}

static enum base_code add_store(struct reach *reach, const struct cmd_context *context,
                                unsigned what, struct base_error *error)
{
    const char *path = context->store_path;
    /* What was published is only printed. */
    const bool reads = context->value[CMD_REPRINT] != NULL;
    const bool changes =
        ((what & CMD_REACH_STORE_CHANGE) != 0 && !reads) || context->value[CMD_WASH] != NULL;
    if (path == NULL)
        return BASE_OK;
    const bool makes_beside_key = (what & (CMD_REACH_DEVICE_MAKE | CMD_REACH_PIN)) != 0 && !reads &&
                                  ((what & CMD_REACH_STORE_MAKE) != 0 || access(path, F_OK) == 0);
    for (size_t i = 0; i + 1 < context->stores.count; i++) /* the last is the path */
        add(reach, context->stores.value[i], changes ? CONFINE_CHANGE : CONFINE_READ);
    /* A new one is taken back if nobody could be told its recovery code. */
    if ((what & CMD_REACH_STORE_MAKE) != 0)
        add_made_store(reach, path, CONFINE_REPLACE);
    else
        add(reach, path, changes ? CONFINE_CHANGE : CONFINE_READ);
    return add_keys(reach, context, makes_beside_key, error);
}

static void add_files(struct reach *reach, const struct cmd_context *context, unsigned what)
{
    const enum confine_access naming =
        context->value[CMD_FORCE] != NULL ? CONFINE_REPLACE : CONFINE_NAME;
    if (cmd_output_is_file(context))
        (void)add_made(reach, context->value[CMD_OUTPUT], 1, naming);
    if (context->value[CMD_FOLDER] != NULL && /* what is made lies in it */
        snprintf(reach->folder, sizeof reach->folder, "%s/", context->value[CMD_FOLDER]) < PATH_MAX)
        (void)add_made(reach, reach->folder,
                       context->value[CMD_CORRECT] != NULL ? BASE_MOST_AHEAD : FILES_OF_RELEASE,
                       naming);
    for (size_t i = 0; i < context->passphrase_files.count; i++)
        add(reach, context->passphrase_files.value[i], CONFINE_READ);
    add(reach, context->value[CMD_NEW_PASSPHRASE_FILE], CONFINE_READ);
    for (int i = 0; i < context->word_count; i++) {
        if ((what & CMD_REACH_WORDS_READ) != 0)
            add(reach, context->words[i], CONFINE_READ);
        else if ((what & CMD_REACH_WORDS_MAKE) != 0)
            add_made_store(reach, context->words[i], CONFINE_NAME);
    }
}

/* A path made of a variable's value and a name; nothing where the variable is not set. */
static void add_below(struct reach *reach, const char *variable, const char *name,
                      enum confine_access access, char path[PATH_MAX])
{
    const char *folder = getenv(variable);
    if (folder != NULL && folder[0] == '/' &&
        snprintf(path, PATH_MAX, "%s%s", folder, name) < PATH_MAX)
        add(reach, path, access);
}

enum base_code cmd_confine(struct cmd_context *context, struct base_error *error)
{
    const unsigned what = context->command->reach;
    static struct reach reach; /* large */
    reach.room = MOST_OTHERS + 2 * (size_t)context->word_count + context->stores.count +
                 context->passphrase_files.count;
    reach.grants = calloc(reach.room, sizeof *reach.grants);
    if (reach.grants == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%zu", reach.room);
    if (context->value[CMD_TRACES] != NULL) /* what lies around a store can be anywhere */
        add(&reach, "/", CONFINE_READ);
    enum base_code code = BASE_OK;
    if ((what & (CMD_REACH_STORE | CMD_REACH_STORE_CHANGE | CMD_REACH_STORE_MAKE)) != 0)
        code = add_store(&reach, context, what, error);
    add_files(&reach, context, what);
    if ((what & CMD_REACH_LINE_EDITOR) != 0) {
        add(&reach, getenv("TERMINFO"), CONFINE_READ);
        add_below(&reach, "HOME", "/.terminfo", CONFINE_READ, reach.terminfo);
    }
    if (code == BASE_OK)
        code = confine(reach.makes_files ? CONFINE_FILES : CONFINE_READS, reach.grants, reach.count,
                       &context->confined, error);
    free(reach.grants);
    return code;
}
