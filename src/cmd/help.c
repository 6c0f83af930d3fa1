#include <stdio.h>
#include <string.h>

#include "inside.h"

static enum base_code print_option(enum cmd_option option, struct base_error *error)
{
    enum { COLUMN = 32 };
    const struct cmd_option_text *text = cmd_option_text(option);
    char left[COLUMN * 2];
    (void)snprintf(left, sizeof left, "  -%c, --%s%s%s", text->letter, text->name,
                   text->value == NULL ? "" : " ", text->value == NULL ? "" : _(text->value));
    const size_t width = render_width(left);
    return cmd_print(error, "%s%*s %s\n", left, width < COLUMN ? (int)(COLUMN - width) : 0, "",
                     _(text->help));
}

static enum base_code print_common(struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (enum cmd_option option = 0; code == BASE_OK && cmd_option_is_common(option); option++)
        code = print_option(option, error);
    return code;
}

static enum base_code print_overview(struct base_error *error)
{
    enum { COLUMN = 10 };
    enum base_code code = cmd_print(
        error, "%s\n\n%s\n%s\n\n%s\n",
        _("tavs counts anonymous counselling contacts and remembers nothing else."),
        _("usage: tavs [--store FILE] [--lang da|en] COMMAND …"),
        _("Without COMMAND, on a terminal: the desk, where a counsellor counts line by line."),
        _("commands:"));
    for (size_t i = 0; code == BASE_OK && cmd_running()->commands[i] != NULL; i++)
        code = cmd_print(error, "  %-*s %s\n", COLUMN, cmd_running()->commands[i]->name,
                         _(cmd_running()->commands[i]->summary));
    if (code == BASE_OK)
        code = cmd_print(error, "\n%s\n", _("options of every command:"));
    if (code == BASE_OK)
        code = print_common(error);
    if (code == BASE_OK)
        code = cmd_print(error, "\n%s\n", _("More about one: tavs help COMMAND"));
    return code;
}

enum base_code cmd_print_help(const struct cmd_command *command, struct base_error *error)
{
    if (command == NULL)
        return print_overview(error);
    enum base_code code =
        cmd_print(error, "%s\n\n%s\n%s\n%s tavs %s [%s]%s%s\n\n%s\n\n%s\n", _(command->summary),
                  _("examples:"), _(command->examples), _("usage:"), command->name, _("options"),
                  *command->arguments == '\0' ? "" : " ",
                  *command->arguments == '\0' ? "" : _(command->arguments), _(command->details),
                  _("options:"));
    for (const enum cmd_option *own = command->options; code == BASE_OK && *own != CMD_OPTIONS;
         own++)
        code = print_option(*own, error);
    if (code == BASE_OK)
        code = print_common(error);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    if (context->word_count == 0)
        return cmd_print_help(NULL, error);
    const struct cmd_command *command = cmd_find(context->words[0]);
    if (command == NULL)
        return base_fail(error, BASE_UNKNOWN_COMMAND, "%s", context->words[0]);
    return cmd_print_help(command, error);
}

static const enum cmd_option options[] = {CMD_OPTIONS};

const struct cmd_command cmd_help = {
    .name = "help",
    .arguments = N_("[COMMAND]"),
    .summary = N_("explain a command"),
    .details = N_("Without COMMAND, all commands with a line each."),
    .examples = N_("  tavs help log          how to count a contact\n"),
    .most_words = 1,
    .options = options,
    .run = run,
};
