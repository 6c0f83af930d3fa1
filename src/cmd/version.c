#include <stdio.h>

#include "inside.h"
#include "tavs/secret.h"

/* What this kernel took away from this very process, as from every command. */
static enum base_code print_confinement(const struct confine_result *confined,
                                        struct base_error *error)
{
    char landlock[64];
    if (!confine_is_built())
        return cmd_print(error, "%s\n", _("confinement: none in this build, which is for testing"));
    if (confined->landlock > 0)
        (void)snprintf(landlock, sizeof landlock, _("yes (Landlock %d)"), confined->landlock);
    else
        (void)snprintf(landlock, sizeof landlock, "%s", _("not in this kernel"));
    return cmd_print(error, _("confinement: files: %s; system calls: %s; no new privileges: %s\n"),
                     landlock, confined->seccomp ? _("yes (seccomp)") : _("not in this kernel"),
                     confined->privileges ? _("yes") : _("not in this kernel"));
}

/* Whether as much as a passphrase takes can be locked. */
static enum base_code print_locking(struct base_error *error)
{
    void *memory;
    enum base_code code = secret_new(KEYS_MOST_PASSPHRASE, &memory, error);
    if (code != BASE_OK)
        return code;
    secret_free(memory);
    return cmd_print(error, _("memory of secrets: locked: %s\n"),
                     secret_is_locked() ? _("yes") : _("not within this limit (ulimit -l)"));
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    enum base_code code = cmd_print(error, "tavs %s\n", TAVS_VERSION);
    if (code == BASE_OK && context->value[CMD_VERBOSE] != NULL)
        code = cmd_print(error, _("store format %d, draft %d (docs/format.md)\n"), RECORD_FORMAT,
                         RECORD_DRAFT);
    if (code == BASE_OK && context->value[CMD_VERBOSE] != NULL)
        code = cmd_print(error, "%s\n", _("licence: GPL-3.0-or-later"));
    if (code == BASE_OK && context->value[CMD_VERBOSE] != NULL)
        code = print_confinement(&context->confined, error);
    if (code == BASE_OK && context->value[CMD_VERBOSE] != NULL)
        code = print_locking(error);
    return code;
}

static const enum cmd_option options[] = {CMD_OPTIONS};

const struct cmd_command cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = N_("the program's version"),
    .details = N_("With --verbose also the store format, the licence, and what of the system this "
                  "kernel keeps out of\n"
                  "the reach of every command."),
    .examples = N_("  tavs version           one line\n"),
    .options = options,
    .run = run,
};
