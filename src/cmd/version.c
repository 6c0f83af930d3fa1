#include "inside.h"

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    enum base_code code = cmd_print(error, "tavs %s\n", TAVS_VERSION);
    if (code == BASE_OK && context->value[CMD_VERBOSE] != NULL)
        code = cmd_print(error, "%s\n%s\n", _("reads and writes store format 1 (docs/format.md)"),
                         _("licence: GPL-3.0-or-later"));
    return code;
}

static const enum cmd_option options[] = {CMD_OPTIONS};

const struct cmd_command cmd_version = {
    .name = "version",
    .arguments = "",
    .summary = N_("the program's version"),
    .details = N_("With --verbose also the store format and the licence."),
    .examples = N_("  tavs version           one line\n"),
    .options = options,
    .run = run,
};
