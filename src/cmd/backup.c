#include "inside.h"

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    enum base_code code = cmd_need_store_path(context, error);
    if (code == BASE_OK)
        code = store_backup(context->store_path, context->words[0], error);
    if (code == BASE_OK)
        cmd_say(context, _("Copied to %s, and every signature in the copy checked.\n"),
                base_shown(context->words[0], &(struct base_shown){0}));
    return code;
}

static const enum cmd_option options[] = {CMD_OPTIONS};

const struct cmd_command cmd_backup = {
    .name = "backup",
    .arguments = N_("FILE"),
    .summary = N_("write a checked copy of the store"),
    .details = N_(
        "The copy is complete and checked before it gets its name; FILE must not exist. Keep few:\n"
        "two copies and a passphrase tell what was counted between them."),
    .examples = N_("  tavs backup /media/stick/tavs-2026-11.mdb\n"),
    .least_words = 1,
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE | CMD_REACH_WORDS_MAKE,
    .run = run,
};
