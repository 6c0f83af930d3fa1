/* The commands of tavs. */
#include "inside.h"
#include "tavs/cmd.h"

static const struct cmd_command *const commands[] = {
    &cmd_log,           &cmd_retract,   &cmd_import,  &cmd_show,  &cmd_export, &cmd_report,
    &cmd_publish,       &cmd_close,     &cmd_reopen,  &cmd_init,  &cmd_key,    &cmd_device,
    &cmd_offer,         &cmd_threshold, &cmd_backup,  &cmd_audit, &cmd_scan,   &cmd_release,
    &cmd_check_release, &cmd_help,      &cmd_version, NULL,
};

const struct cmd_program cmd_tavs = {.commands = commands, .alone = &cmd_desk};
