#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/term.h"

static const struct cmd_option_text texts[CMD_OPTIONS] = {
    [CMD_STORE] = {"store", 's', N_("FILE"), N_("the store (else $TAVS_STORE, else your own)")},
    [CMD_LANG] = {"lang", 'l', "da|en", N_("Danish or English (else as the locale says)")},
    [CMD_QUIET] = {"quiet", 'q', NULL, N_("say nothing but errors")},
    [CMD_VERBOSE] = {"verbose", 'v', NULL, N_("say more")},
    [CMD_HELP] = {"help", 'h', NULL, N_("explain")},
    [CMD_VERSION] = {"version", 'V', NULL, N_("the program's version")},
    [CMD_MONTH] = {"month", 'm', N_("YYYY-MM"), N_("an earlier month (else the current one)")},
    [CMD_COUNT] = {"count", 'n', "N", N_("so many contacts at once, 1 to 1000")},
    [CMD_BY] = {"by", 'b', N_("LIST"),
                N_("one or several of month, channel, party, session, with commas")},
    [CMD_FORMAT] = {"format", 'f', N_("FORMAT"), N_("how to write it")},
    [CMD_EXCEL] = {"excel", 'e', NULL, N_("csv as Danish Excel opens it, in words")},
    [CMD_OUTPUT] = {"output", 'o', N_("FILE"), N_("write to FILE, whole or not at all")},
    [CMD_FORCE] = {"force", 'F', NULL, N_("replace files that exist")},
    [CMD_EXACT] = {"exact", 'x', NULL, N_("exact figures, for use inside the house only")},
    [CMD_THRESHOLD] = {"threshold", 'T', "N", N_("the least count that is shown, 3 to 20")},
    [CMD_EXPLAIN] = {"explain", 'E', NULL,
                     N_("say what is hidden and why, for the leader's eyes only")},
    [CMD_PASSPHRASE_FILE] =
        {"passphrase-file", 'p', N_("FILE"),
         N_("take the passphrase from FILE's first line (- is standard input)")},
    [CMD_NEW_PASSPHRASE_FILE] = {"new-passphrase-file", 'P', N_("FILE"),
                                 N_("take the new passphrase from FILE's first line")},
    [CMD_RECOVERY] = {"recovery", 'r', NULL, N_("open with the recovery code")},
    [CMD_KDF] = {"kdf", 'k', N_("LEVEL"),
                 N_("interactive: 64 MiB; moderate, else: 256 MiB; sensitive: 1 GiB")},
    [CMD_CHANNELS] = {"channels", 'c', N_("LIST"), N_("channels that the place offers")},
    [CMD_PARTIES] = {"parties", 'a', N_("LIST"), N_("parties that the place counsels")},
    [CMD_FULL] = {"full", 'u', NULL, N_("also look into the cells, with the passphrase")},
    [CMD_TRACES] = {"traces", 't', NULL, N_("also look for traces outside the store")},
    [CMD_WASH] = {"wash", 'w', NULL, N_("first replace all randomness of this machine's rows")},
    [CMD_COLUMN] = {"column", 'C', N_("WHAT=HEADING"),
                    N_("the column of month, channel, party, session or count; repeatable")},
    [CMD_YES] = {"yes", 'y', NULL, N_("do it without asking")},
    [CMD_AGAIN] = {"again", 'A', NULL, N_("also months that were counted from a list before")},
    [CMD_UNDO] = {"undo", 'U', NULL, N_("take back what the same list has counted")},
    [CMD_SHEET] = {"sheet", 'S', N_("SHEET"),
                   N_("the workbook's sheet, by name or number (else the first)")},
    [CMD_FOLDER] = {"output", 'o', N_("FOLDER"), N_("write the files into FOLDER, all or none")},
    [CMD_REPRINT] = {"again", 'A', "N", N_("write the files of release N once more")},
    [CMD_CORRECT] = {"correct", 'K', NULL,
                     N_("publish corrected editions of what no longer agrees")},
};

const struct cmd_option_text *cmd_option_text(enum cmd_option option)
{
    return &texts[option];
}

bool cmd_option_is_common(enum cmd_option option)
{
    return option <= CMD_VERSION;
}

static bool takes(const struct cmd_command *command, enum cmd_option option)
{
    if (cmd_option_is_common(option))
        return true;
    for (const enum cmd_option *own = command == NULL ? NULL : command->options;
         own != NULL && *own != CMD_OPTIONS; own++)
        if (*own == option)
            return true;
    return false;
}

/* getopt's tables of the options that `command` takes; NULL is no command yet. */
struct getopt_tables {
    struct option names[CMD_OPTIONS + 1];
    char letters[2 + 2 * CMD_OPTIONS + 1];
};

static void fill_tables(struct getopt_tables *tables, const struct cmd_command *command)
{
    char *letter = tables->letters;
    struct option *name = tables->names;
    if (command == NULL)
        *letter++ = '+'; /* stop at the first word, which is the command */
    *letter++ = ':';     /* tell a missing value from an unknown option */
    for (enum cmd_option option = 0; option < CMD_OPTIONS; option++) {
        if (!takes(command, option))
            continue;
        int value = texts[option].value == NULL ? no_argument : required_argument;
        *name++ = (struct option){texts[option].name, value, NULL, texts[option].letter};
        *letter++ = texts[option].letter;
        if (value == required_argument)
            *letter++ = ':';
    }
    *letter = '\0';
    *name = (struct option){0};
}

static enum base_code fail_option(int found, char **argv, struct base_error *error)
{
    /* A long option has been stepped over, a letter may still be in the middle of its word. */
    const char *given = argv[optind - 1];
    if (optopt != 0 && strncmp(given, "--", 2) != 0)
        return base_fail(error, found == ':' ? BASE_OPTION_NEEDS_VALUE : BASE_UNKNOWN_OPTION, "-%c",
                         optopt);
    return base_fail(error, found == ':' ? BASE_OPTION_NEEDS_VALUE : BASE_UNKNOWN_OPTION, "%s",
                     given);
}

static enum base_code remember(struct cmd_given *given, char *value, const char *option,
                               struct base_error *error)
{
    if (given->count == TABLE_MOST_PLACES)
        return base_fail(error, BASE_OPTION_REPEATED, "--%s", option);
    given->value[given->count++] = value;
    return BASE_OK;
}

static enum base_code take_option(struct cmd_context *context, enum cmd_option option, char *value,
                                  struct base_error *error)
{
    context->value[option] = value;
    if (option == CMD_STORE)
        return remember(&context->stores, value, texts[option].name, error);
    if (option == CMD_PASSPHRASE_FILE)
        return remember(&context->passphrase_files, value, texts[option].name, error);
    if (option == CMD_COLUMN)
        return remember(&context->columns, value, texts[option].name, error);
    return BASE_OK;
}

/* Takes options until getopt has no more; optind is then at the first word. */
static enum base_code take_options(struct cmd_context *context, int argc, char **argv,
                                   struct base_error *error)
{
    static char without_value[] = "";
    struct getopt_tables tables;
    int found;
    fill_tables(&tables, context->command);
    opterr = 0;
    while ((found = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        if (found == '?' || found == ':')
            return fail_option(found, argv, error);
        for (enum cmd_option option = 0; option < CMD_OPTIONS; option++)
            if (texts[option].letter == found && takes(context->command, option) &&
                take_option(context, option, optarg == NULL ? without_value : optarg, error) !=
                    BASE_OK)
                return error->code;
    }
    return BASE_OK;
}

/* --store, else $TAVS_STORE, else tavs/tavs.mdb in the user's data folder (XDG). */
static enum base_code choose_store(struct cmd_context *context, struct base_error *error)
{
    static char path[PATH_MAX];
    const char *given = context->value[CMD_STORE];
    const char *variable = getenv("TAVS_STORE");
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int length;

    if (given != NULL || (variable != NULL && *variable != '\0')) {
        context->store_path = given != NULL ? given : variable;
        return *context->store_path != '\0' ? BASE_OK
                                            : base_fail(error, BASE_BAD_OPTION_VALUE, "--store ''");
    }
    if (data != NULL && data[0] == '/')
        length = snprintf(path, sizeof path, "%s/tavs/tavs.mdb", data);
    else if (home != NULL && home[0] == '/')
        length = snprintf(path, sizeof path, "%s/.local/share/tavs/tavs.mdb", home);
    else
        return BASE_OK; /* only commands that need a store will miss it */
    if (length < 0 || (size_t)length >= sizeof path)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "XDG_DATA_HOME");
    context->store_path = path;
    context->store_is_default = true;
    return BASE_OK;
}

/* Several stores, each with its passphrase or with one for all, where the command takes them. */
static enum base_code check_repeated(const struct cmd_context *context, struct base_error *error)
{
    const size_t stores = context->stores.count > 0 ? context->stores.count : 1;
    const size_t files = context->passphrase_files.count;
    if (stores > 1 && !context->command->takes_stores)
        return base_fail(error, BASE_OPTION_REPEATED, "--%s", texts[CMD_STORE].name);
    if (files > 1 && stores == 1)
        return base_fail(error, BASE_OPTION_REPEATED, "--%s", texts[CMD_PASSPHRASE_FILE].name);
    if (files > 1 && files != stores)
        return base_fail(error, BASE_PASSPHRASE_FILES, _("stores: %zu, files: %zu"), stores, files);
    return BASE_OK;
}

static enum base_code check_words(const struct cmd_context *context, struct base_error *error)
{
    const struct cmd_command *command = context->command;
    if (context->word_count > command->most_words)
        return base_fail(error, BASE_EXTRA_ARGUMENT, "%s", context->words[command->most_words]);
    if (context->word_count < command->least_words)
        return base_fail(error, BASE_MISSING_ARGUMENT, "tavs %s %s", command->name,
                         _(command->arguments));
    return BASE_OK;
}

/* No command, where a person sits at a terminal. */
static bool means_desk(const struct cmd_context *context)
{
    return context->command == NULL && context->value[CMD_HELP] == NULL &&
           context->value[CMD_VERSION] == NULL && term_is_interactive() &&
           isatty(STDOUT_FILENO) == 1;
}

enum base_code cmd_parse(struct cmd_context *context, int argc, char **argv,
                         struct base_error *error)
{
    struct base_error second;
    enum base_code code = take_options(context, argc, argv, error);
    if (code == BASE_OK && optind < argc) {
        argc -= optind;
        argv += optind;
        optind = 0; /* GNU getopt: begin anew */
        context->command = cmd_find(argv[0]);
        code = take_options(context, argc, argv, error);
        if (context->command == NULL)
            code = base_fail(error, BASE_UNKNOWN_COMMAND, "%s", argv[0]);
        context->words = argv + optind;
        context->word_count = argc - optind;
    }
    if (code == BASE_OK && means_desk(context))
        context->command = cmd_running()->alone;
    /* Also what is wrong with the options is said in the language that they name. */
    if (code == BASE_OK)
        code = cmd_choose_language(context, error);
    else
        (void)cmd_choose_language(context, &second);
    if (code == BASE_OK)
        code = choose_store(context, error);
    if (code == BASE_OK && context->command != NULL && context->value[CMD_HELP] == NULL)
        code = check_repeated(context, error);
    if (code == BASE_OK && context->command != NULL && context->value[CMD_HELP] == NULL)
        code = check_words(context, error);
    return code;
}
