#include <stdlib.h>
#include <string.h>

#include "inside.h"

static enum base_code find_value(const struct cmd_context *context,
                                 enum codebook_dimension dimension, const char *word,
                                 codebook_set *set, struct base_error *error)
{
    unsigned value;
    codebook_set candidates;
    char room[CMD_WORD_BYTES];
    const enum base_code code = cmd_word(word, room, &word, error);
    if (code != BASE_OK)
        return code;
    if (codebook_find(dimension, word, context->language, &value, &candidates) !=
        CODEBOOK_ONE_MATCH)
        return base_fail(error,
                         dimension == CODEBOOK_CHANNEL ? BASE_UNKNOWN_CHANNEL : BASE_UNKNOWN_PARTY,
                         "%s", word);
    *set = (codebook_set)(*set | 1U << value);
    return BASE_OK;
}

enum base_code cmd_parse_set(const struct cmd_context *context, enum cmd_option option,
                             enum codebook_dimension dimension, codebook_set *set,
                             struct base_error *error)
{
    codebook_set found = 0;
    enum base_code code = BASE_OK;
    char *rest;

    if (context->value[option] == NULL)
        return BASE_OK;
    char *list = strdup(context->value[option]);
    if (list == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", context->value[option]);
    rest = list;
    for (char *word = strsep(&rest, ","); code == BASE_OK && word != NULL;
         word = strsep(&rest, ","))
        code = find_value(context, dimension, word, &found, error);
    free(list);
    if (code == BASE_OK)
        *set = found;
    return code;
}

static enum base_code print_set(const struct cmd_context *context, const char *heading,
                                enum codebook_dimension dimension, codebook_set set,
                                struct base_error *error)
{
    enum base_code code = cmd_print(error, "%s", heading);
    const char *between = " ";
    for (unsigned value = 0; code == BASE_OK && value < codebook_values(dimension); value++) {
        if ((set >> value & 1) == 0)
            continue;
        code =
            cmd_print(error, "%s%s", between, codebook_word(dimension, value, context->language));
        between = ", ";
    }
    return code == BASE_OK ? cmd_print(error, "\n") : code;
}

static enum base_code print_offers(const struct cmd_context *context, struct base_error *error)
{
    struct store *store;
    enum base_code code = cmd_open_store(context, STORE_READ, NULL, &store, error);
    if (code != BASE_OK)
        return code;
    struct record_header header = *store_header(store);
    store_close(store);
    code = print_set(context, _("channels:"), CODEBOOK_CHANNEL, header.channels, error);
    if (code == BASE_OK)
        code = print_set(context, _("parties: "), CODEBOOK_PARTY, header.parties, error);
    return code;
}

static enum base_code change_offers(const struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    struct record_header wanted = {0}; /* an empty set stands for "as it is" */
    enum base_code code =
        cmd_parse_set(context, CMD_CHANNELS, CODEBOOK_CHANNEL, &wanted.channels, error);
    if (code == BASE_OK)
        code = cmd_parse_set(context, CMD_PARTIES, CODEBOOK_PARTY, &wanted.parties, error);
    if (code == BASE_OK)
        code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_store(context, STORE_WRITE, &reader, &store, error);
    if (code == BASE_OK) {
        struct record_header header = *store_header(store);
        if (wanted.channels != 0)
            header.channels = wanted.channels;
        if (wanted.parties != 0)
            header.parties = wanted.parties;
        code = store_put_header(store, &header, reader.key, error);
        if (code == BASE_OK)
            code = cmd_commit(store, error);
        store_close(store);
    }
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    if (context->value[CMD_CHANNELS] != NULL || context->value[CMD_PARTIES] != NULL) {
        enum base_code code = change_offers(context, error);
        if (code != BASE_OK)
            return code;
    }
    return print_offers(context, error);
}

static const enum cmd_option options[] = {CMD_CHANNELS, CMD_PARTIES, CMD_PASSPHRASE_FILE,
                                          CMD_OPTIONS};

const struct cmd_command cmd_offer = {
    .name = "offer",
    .arguments = "",
    .summary = N_("show or change what the place offers"),
    .details =
        N_("With --channels or --parties it changes them (asks for a passphrase). What is not\n"
           "offered can't be counted, is not asked for and is no row of a report. What was\n"
           "counted before stays."),
    .examples = N_("  tavs offer                                   shows it\n"
                   "  tavs offer --channels in-person,phone,mail   mail is new\n"),
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE,
    .run = run,
};
