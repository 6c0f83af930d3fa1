/* The commands of tavs-scan. */
#include "inside.h"
#include "tavs/cmd.h"

static const struct cmd_command *const commands[] = {&cmd_scan, &cmd_cells, &cmd_help, &cmd_version,
                                                     NULL};

const struct cmd_program cmd_tavs_scan = {.commands = commands, .scan = cmd_run_scan};
