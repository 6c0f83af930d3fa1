#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/cmd.h"
#include "tavs/secret.h"

static const struct cmd_program *running;

void cmd_begin(const struct cmd_program *program)
{
    running = program;
}

const struct cmd_program *cmd_running(void)
{
    return running;
}

const struct cmd_command *cmd_find(const char *name)
{
    for (size_t i = 0; running->commands[i] != NULL; i++)
        if (strcmp(running->commands[i]->name, name) == 0)
            return running->commands[i];
    return NULL;
}

enum base_code cmd_run_verb(struct cmd_context *context, const struct cmd_verb *verbs, size_t count,
                            struct base_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(verbs[i].name, context->words[0]) != 0)
            continue;
        if (context->word_count > 1 + verbs[i].words)
            return base_fail(error, BASE_EXTRA_ARGUMENT, "%s", context->words[1 + verbs[i].words]);
        if (context->word_count < 1 + verbs[i].words)
            return base_fail(error, BASE_MISSING_ARGUMENT, "tavs %s %s N", context->command->name,
                             verbs[i].name);
        return verbs[i].run(context, error);
    }
    return base_fail(error, BASE_UNKNOWN_COMMAND, "%s %s", context->command->name,
                     context->words[0]);
}

/* A process does one command. */
static bool committed;

void cmd_note_commit(void)
{
    committed = true;
}

bool cmd_has_committed(void)
{
    return committed;
}

/* The system may fail, or the store be refused, after it was changed: then only what was to be told of it is
 * missing. */
static enum base_code tell_apart(const struct cmd_context *context, struct base_error *error)
{
    const struct base_error reason = *error;
    const bool failed = cmd_exit_status(reason.code) == cmd_exit_status(BASE_IO);
    const bool refused = cmd_exit_status(reason.code) == cmd_exit_status(BASE_STORE_DAMAGED);
    if (reason.code == BASE_RECORDED_IN_PART)
        return reason.code;
    if (context->published != 0)
        (void)base_fail(error, BASE_NOT_TOLD, "%s; tavs publish --again %u -o %s", reason.subject,
                        context->published, _("FOLDER"));
    else if (cmd_has_committed() && (failed || refused))
        (void)base_fail(error, BASE_NOT_SHOWN, "%s", reason.subject);
    error->os_error = reason.os_error;
    return error->code;
}

static enum base_code run(struct cmd_context *context, int argc, char **argv,
                          struct base_error *error)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is an error, as a full disk is */
    enum base_code code = secret_harden(error);
    cmd_begin_language(context);
    if (code == BASE_OK)
        code = cmd_parse(context, argc, argv, error);
    if (code != BASE_OK)
        return code;
    if (context->value[CMD_VERSION] != NULL)
        return cmd_version.run(context, error);
    if (context->value[CMD_HELP] != NULL)
        return cmd_print_help(context->command, error);
    if (context->command == NULL)
        return base_fail(error, BASE_MISSING_ARGUMENT, "tavs %s", _("COMMAND"));
    if (context->command->run == NULL && running->scan == NULL)
        return cmd_become_scan(argv, error);
    if (context->command->prepare != NULL && context->command->prepare(context, error) != BASE_OK)
        return error->code;
    cmd_begin_hint(context);
    code = cmd_confine(context, error);
    if (code == BASE_OK)
        code =
            (context->command->run != NULL ? context->command->run : running->scan)(context, error);
    cmd_hint_history(context); /* the shell keeps also what failed */
    if (!secret_is_locked())
        cmd_say(context, "%s",
                _("warning: the memory of secrets could not be locked (ulimit -l), so the system "
                  "may have written\n"
                  "it to its swap space; encrypt that, or raise the limit\n"));
    return code == BASE_OK ? BASE_OK : tell_apart(context, error);
}

static bool is_done;

/* A library that ends the process, for want of memory mostly, does not know that 1 means: a check found something. */
static void refuse_to_end(void)
{
    if (is_done)
        return;
    cmd_say_always("tavs: %s\n", _("a library gave up, mostly for want of memory"));
    _exit(cmd_exit_status(BASE_NO_MEMORY));
}

int cmd_main(const struct cmd_program *program, int argc, char **argv)
{
    cmd_begin(program);
    confine_descriptors(argc, argv);
    (void)atexit(refuse_to_end);
    struct cmd_context context = {0};
    struct base_error error = {0};
    enum base_code code = run(&context, argc, argv, &error);
    secret_wipe_stack();
    is_done = true;
    if (code == BASE_OK)
        return 0;
    cmd_print_error(context.place, &error);
    return cmd_exit_status(error.code);
}
