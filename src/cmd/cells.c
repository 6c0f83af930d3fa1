/* tavs-scan cells: a sheet of a workbook for tavs import. Not for people: tavs has no such command. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/scan.h"

/* It is started early, and waits for a byte: by then the one that reads has seen that all else is as it should be.
 * False: it has not, and there is nothing to say. */
static bool is_wanted(void)
{
    char byte;
    ssize_t got;
    do {
        got = read(STDIN_FILENO, &byte, 1);
    } while (got < 0 && errno == EINTR);
    return got == 1;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    char room[CMD_WORD_BYTES];
    const char *sheet = context->value[CMD_SHEET];
    if (isatty(STDOUT_FILENO) == 1) /* a cell may hold what a terminal obeys */
        return base_fail(error, BASE_BINARY_TO_TERMINAL, "%s", "csv");
    if (!is_wanted())
        return base_fail(error, BASE_TOLD, "%s", "");
    if (sheet != NULL && cmd_word(sheet, room, &sheet, error) != BASE_OK)
        return error->code;
    enum base_code code = scan_write_sheet(context->words[0], sheet, stdout, error);
    if (code == BASE_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        code = base_fail_os(error, errno, "%s", context->words[0]);
    return code;
}

static const enum cmd_option options[] = {CMD_SHEET, CMD_OPTIONS};

const struct cmd_command cmd_cells = {
    .name = "cells",
    .arguments = N_("FILE"),
    .summary = N_("write a sheet of a workbook, for tavs import"),
    .details = N_("A line with the sheet's name, then csv."),
    .examples = N_("  tavs-scan cells tally.xlsx\n"),
    .least_words = 1,
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_WORDS_READ,
    .run = run,
};
