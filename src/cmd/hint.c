/* What a command line leaves behind, said to whom it concerns. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

enum { NAME_BYTES = 32, PATH_BYTES = 64 };

static bool read_name(pid_t process, char name[NAME_BYTES])
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "/proc/%ld/comm", (long)process);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const ssize_t size = read(descriptor, name, NAME_BYTES - 1);
    (void)close(descriptor);
    name[size < 0 ? 0 : size] = '\0';
    name[strcspn(name, "\n")] = '\0';
    return size > 0;
}

/* sh may be dash, which keeps no history. */
static bool is_dash(pid_t process)
{
    char path[PATH_BYTES], target[PATH_MAX];
    (void)snprintf(path, sizeof path, "/proc/%ld/exe", (long)process);
    const ssize_t size = readlink(path, target, sizeof target - 1);
    if (size <= 0)
        return true; /* better no hint than a wrong one */
    target[size] = '\0';
    return strcmp(strrchr(target, '/') == NULL ? target : strrchr(target, '/') + 1, "dash") == 0;
}

/* True if a person types commands at the shell that started this one. Such a shell gives each command
 * a process group of its own; one that runs a script does not. */
static bool is_typed_at_shell(void)
{
    static const char *const shells[] = {"bash", "zsh",  "zsh5", "fish", "ksh", "ksh93",
                                         "mksh", "tcsh", "csh",  "ash",  "sh"};
    char name[NAME_BYTES];
    const pid_t shell = getppid();

    if (isatty(STDERR_FILENO) != 1 || getsid(shell) != getsid(0) || getpgid(shell) == getpgrp() ||
        !read_name(shell, name))
        return false;
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(name, shells[i]) == 0)
            return strcmp(name, "sh") != 0 || !is_dash(shell);
    return false;
}

/* True if the environment says that the shell does not keep this line, or need not: whether there was
 * a space before it can't be seen from here. */
static bool is_kept_out(void)
{
    const char *control = getenv("HISTCONTROL");
    const char *file = getenv("HISTFILE");
    const char *fish = getenv("fish_history");
    return (control != NULL &&
            (strstr(control, "ignorespace") != NULL || strstr(control, "ignoreboth") != NULL)) ||
           (file != NULL && (*file == '\0' || strcmp(file, "/dev/null") == 0)) ||
           (fish != NULL && *fish == '\0');
}

/* Whether it was said is kept in memory for the time of the login only: a file on a disk would tell for
 * ever when a contact was counted here. */
static bool is_first_time(void)
{
    char path[PATH_MAX];
    const char *folder = getenv("XDG_RUNTIME_DIR");
    if (folder == NULL || folder[0] != '/' ||
        snprintf(path, sizeof path, "%s/tavs-hint-given", folder) >= (int)sizeof path)
        return true;
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0)
        (void)close(descriptor);
    return descriptor >= 0 || errno != EEXIST;
}

void cmd_begin_hint(struct cmd_context *context)
{
    context->hints_history = context->command->words_tell && context->word_count > 0 &&
                             context->value[CMD_QUIET] == NULL && is_typed_at_shell() &&
                             !is_kept_out() && is_first_time();
}

void cmd_hint_history(const struct cmd_context *context)
{
    if (context->hints_history)
        cmd_say(
            context, "%s %s\n", _("hint:"),
            _("your shell keeps this line in its history; the desk, 'tavs' alone, leaves nothing\n"
              "there, and 'tavs audit --traces' finds such lines"));
}
