#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "inside.h"
#include "tavs/cmd.h"
#include "tavs/secret.h"

const struct cmd_command *const cmd_commands[] = {
    &cmd_log,           &cmd_retract,   &cmd_import,  &cmd_show,  &cmd_export, &cmd_report,
    &cmd_publish,       &cmd_close,     &cmd_reopen,  &cmd_init,  &cmd_key,    &cmd_device,
    &cmd_offer,         &cmd_threshold, &cmd_backup,  &cmd_audit, &cmd_scan,   &cmd_release,
    &cmd_check_release, &cmd_help,      &cmd_version, NULL,
};

const struct cmd_command *cmd_find(const char *name)
{
    for (size_t i = 0; cmd_commands[i] != NULL; i++)
        if (strcmp(cmd_commands[i]->name, name) == 0)
            return cmd_commands[i];
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
    if ((context->command->reach & CMD_REACH_RUNTIME) != 0)
        context->typed_at_shell = cmd_is_typed_at_shell(context);
    code = cmd_confine(context, error);
    if (code == BASE_OK)
        code = context->command->run(context, error);
    return code == BASE_OK ? BASE_OK : tell_apart(context, error);
}

int cmd_main(int argc, char **argv)
{
    struct cmd_context context = {0};
    struct base_error error = {0};
    enum base_code code = run(&context, argc, argv, &error);
    secret_wipe_stack();
    if (code == BASE_OK)
        return 0;
    cmd_print_error(context.place, &error);
    return cmd_exit_status(error.code);
}
