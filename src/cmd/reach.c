/* What a command keeps within reach once it is known what was asked for. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/confine.h"

/* Grants that are not for words: the store, its machine's keys, files named by options, the terminal. */
enum { MOST_OTHERS = 16 };

struct reach {
    struct confine_grant *grants;
    size_t count, room;
    bool makes_files;
    char device[PATH_MAX];   /* the folder of this machine's keys */
    char marker[PATH_MAX];   /* cmd_hint_history */
    char terminfo[PATH_MAX]; /* the person's own descriptions of terminals */
    char folder[PATH_MAX];   /* of the files that are made */
};

static void add(struct reach *reach, const char *path, enum confine_access access)
{
    if (path == NULL || reach->count == reach->room)
        return;
    reach->grants[reach->count++] = (struct confine_grant){path, access};
    reach->makes_files = reach->makes_files || access == CONFINE_MAKE;
}

static void add_store(struct reach *reach, const struct cmd_context *context, unsigned what)
{
    struct base_error ignored;
    const char *path = context->store_path;
    /* What was published is only printed. */
    const bool reads = context->value[CMD_REPRINT] != NULL;
    const bool changes =
        ((what & CMD_REACH_STORE_CHANGE) != 0 && !reads) || context->value[CMD_WASH] != NULL;
    const bool makes_beside_key = (what & (CMD_REACH_DEVICE_MAKE | CMD_REACH_PIN)) != 0 && !reads;
    const enum confine_access access = (what & CMD_REACH_STORE_MAKE) != 0 ? CONFINE_MAKE
                                       : changes                          ? CONFINE_CHANGE
                                                                          : CONFINE_READ;
    if (path == NULL)
        return;
    for (size_t i = 0; i + 1 < context->stores.count; i++) /* the last is the path */
        add(reach, context->stores.value[i], access);
    add(reach, path, access);
    if (keys_device_folder(reach->device, sizeof reach->device - 2, &ignored) != BASE_OK)
        return;
    strcat(reach->device, "/"); /* what is made lies in it */
    add(reach, reach->device, makes_beside_key ? CONFINE_MAKE : CONFINE_READ);
}

static void add_files(struct reach *reach, const struct cmd_context *context, unsigned what)
{
    if (cmd_output_is_file(context))
        add(reach, context->value[CMD_OUTPUT], CONFINE_MAKE);
    if (context->value[CMD_FOLDER] != NULL && /* what is made lies in it */
        snprintf(reach->folder, sizeof reach->folder, "%s/", context->value[CMD_FOLDER]) < PATH_MAX)
        add(reach, reach->folder, CONFINE_MAKE);
    for (size_t i = 0; i < context->passphrase_files.count; i++)
        add(reach, context->passphrase_files.value[i], CONFINE_READ);
    add(reach, context->value[CMD_NEW_PASSPHRASE_FILE], CONFINE_READ);
    for (int i = 0; i < context->word_count; i++) {
        if ((what & CMD_REACH_WORDS_READ) != 0)
            add(reach, context->words[i], CONFINE_READ);
        else if ((what & CMD_REACH_WORDS_MAKE) != 0)
            add(reach, context->words[i], CONFINE_MAKE);
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
    /* What lies around a store can be anywhere. */
    const bool everywhere = context->value[CMD_TRACES] != NULL;
    static struct reach reach; /* large */
    reach.room = MOST_OTHERS + (size_t)context->word_count + context->stores.count +
                 context->passphrase_files.count;
    reach.grants = calloc(reach.room, sizeof *reach.grants);
    if (reach.grants == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%zu", reach.room);
    if ((what & (CMD_REACH_STORE | CMD_REACH_STORE_CHANGE | CMD_REACH_STORE_MAKE)) != 0)
        add_store(&reach, context, what);
    add_files(&reach, context, what);
    if ((what & CMD_REACH_RUNTIME) != 0)
        add_below(&reach, "XDG_RUNTIME_DIR", "/tavs-hint-given", CONFINE_MAKE, reach.marker);
    if ((what & CMD_REACH_LINE_EDITOR) != 0) {
        add(&reach, getenv("TERMINFO"), CONFINE_READ);
        add_below(&reach, "HOME", "/.terminfo", CONFINE_READ, reach.terminfo);
    }
    const enum base_code code =
        confine(reach.makes_files ? CONFINE_FILES : CONFINE_READS, everywhere ? NULL : reach.grants,
                reach.count, &context->confined, error);
    free(reach.grants);
    return code;
}
