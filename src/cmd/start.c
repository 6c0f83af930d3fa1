/* Starts tavs-scan, the program for what reads files of other programs. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inside.h"

static const char name[] = "tavs-scan";

static enum base_code fail(int os_error, struct base_error *error)
{
    if (os_error == ENOMEM)
        return base_fail(error, BASE_NO_MEMORY, "%s", name);
    return base_fail(error, BASE_PART_MISSING, "%s: %s", name, base_os_error_text(os_error));
}

enum base_code cmd_become_scan(char **words, struct base_error *error)
{
    char path[BASE_PATH_BYTES];
    int program;
    enum base_code code = base_open_own_file(name, true, &program, path, error);
    if (code != BASE_OK)
        return code;
    (void)execv(path, words);
    code = fail(errno, error);
    (void)close(program);
    return code;
}

/* ---- the cells of a workbook ---------------------------------------------------------------- */

/* Two pipes: it waits for a byte of one, and writes to the other. */
static enum base_code spawn(const char **words, int input, int output, pid_t *process,
                            struct base_error *error)
{
    char path[BASE_PATH_BYTES];
    posix_spawn_file_actions_t actions;
    int program;
    const enum base_code code = base_open_own_file(name, true, &program, path, error);
    if (code != BASE_OK)
        return code;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) {
        (void)close(program);
        return fail(failed, error);
    }
    failed = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (failed == 0) /* it changes no word; the prototype is older than const */
        failed = posix_spawn(process, path, &actions, NULL, (char *const *)words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(program);
    return failed == 0 ? BASE_OK : fail(failed, error);
}

static void close_both(const int ends[2])
{
    (void)close(ends[0]);
    (void)close(ends[1]);
}

enum base_code cmd_start_cells(const struct cmd_context *context, const char *file,
                               const char *sheet, struct cmd_cells *cells, struct base_error *error)
{
    enum { MOST_WORDS = 9 };
    const char *words[MOST_WORDS] = {name, "cells"};
    int in[2], out[2];
    size_t count = 2;
    if (context->value[CMD_LANG] != NULL) {
        words[count++] = "--lang";
        words[count++] = context->value[CMD_LANG];
    }
    if (sheet != NULL) {
        words[count++] = "--sheet";
        words[count++] = sheet;
    }
    words[count++] = "--";
    words[count] = file;
    if (pipe2(in, O_CLOEXEC) != 0)
        return base_fail_os(error, errno, "%s", name);
    if (pipe2(out, O_CLOEXEC) != 0) {
        const int os_error = errno;
        close_both(in);
        return base_fail_os(error, os_error, "%s", name);
    }
    const enum base_code code = spawn(words, in[0], out[1], &cells->process, error);
    (void)close(in[0]);
    (void)close(out[1]);
    cells->started = code == BASE_OK;
    cells->input = in[1];
    cells->output = out[0];
    if (code != BASE_OK)
        cmd_close_cells(cells);
    return code;
}

void cmd_open_cells(struct cmd_cells *cells)
{
    /* Where it has ended already, this fails, and so does reading; it is told by cmd_end_cells. */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    (void)!write(cells->input, "", 1);
    (void)signal(SIGPIPE, before);
    (void)close(cells->input);
    cells->input = -1;
}

enum base_code cmd_end_cells(const struct cmd_cells *cells, struct base_error *error)
{
    int status;
    while (waitpid(cells->process, &status, 0) < 0)
        if (errno != EINTR)
            return base_fail_os(error, errno, "%s", name);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return BASE_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == cmd_exit_status(BASE_TOLD))
        return base_fail(error, BASE_TOLD, "%s", "");
    return base_fail(error, BASE_PART_FAILED, "%s", name);
}

void cmd_close_cells(struct cmd_cells *cells)
{
    if (!cells->started)
        return;
    if (cells->input >= 0)
        (void)close(cells->input);
    (void)close(cells->output);
    cells->started = false;
}
