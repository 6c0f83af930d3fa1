#include <stdio.h>

#include "inside.h"

enum { STATE_BYTES = 2 * BASE_WORDS_TEXT };

/* "Closed through October 2026." */
static void put_state(char text[STATE_BYTES], base_month closed_through)
{
    char month[BASE_WORDS_TEXT];
    base_month_words(closed_through, month);
    if (closed_through == 0)
        (void)snprintf(text, STATE_BYTES, "%s", _("No month is closed."));
    else
        (void)snprintf(text, STATE_BYTES, _("Closed through %s."), month);
}

/* tally_close_month or tally_reopen_month. */
typedef enum base_code change_month(struct store *store, const struct keys_reader *reader,
                                    base_month month, bool *changed, struct base_error *error);

/* Asks for the passphrase, changes the store, and writes how it is then. */
static enum base_code change(const struct cmd_context *context, change_month *change_it,
                             base_month month, bool *changed, char state[STATE_BYTES],
                             struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_store(context, STORE_WRITE, &reader, &store, error);
    if (code == BASE_OK) {
        code = change_it(store, reader.key, month, changed, error);
        put_state(state, store_header(store)->closed_through);
        store_close(store);
    }
    cmd_close_reader(&reader);
    return code;
}

static enum base_code print_state(const struct cmd_context *context, struct base_error *error)
{
    char state[STATE_BYTES];
    struct store *store;
    enum base_code code = cmd_open_store(context, STORE_READ, NULL, &store, error);
    if (code != BASE_OK)
        return code;
    put_state(state, store_header(store)->closed_through);
    store_close(store);
    return cmd_print(error, "%s\n", state);
}

static enum base_code run_close(struct cmd_context *context, struct base_error *error)
{
    char state[STATE_BYTES], words[BASE_WORDS_TEXT];
    base_month month;
    bool changed;
    if (context->word_count == 0)
        return print_state(context, error);
    enum base_code code = base_month_parse(context->words[0], &month, error);
    if (code == BASE_OK)
        code = tally_check_over(month, error); /* before anybody types in vain */
    if (code == BASE_OK)
        code = change(context, tally_close_month, month, &changed, state, error);
    if (code != BASE_OK)
        return code;
    base_month_words(month, words);
    if (changed)
        cmd_say(context, _("%s Nothing can be counted up to there any more.\n"), state);
    else
        cmd_say(context, _("%s is closed already. %s\n"), words, state);
    return BASE_OK;
}

static enum base_code run_reopen(struct cmd_context *context, struct base_error *error)
{
    char state[STATE_BYTES], words[BASE_WORDS_TEXT];
    base_month month;
    bool changed;
    enum base_code code = base_month_parse(context->words[0], &month, error);
    if (code == BASE_OK)
        code = change(context, tally_reopen_month, month, &changed, state, error);
    if (code != BASE_OK)
        return code;
    base_month_words(month, words);
    if (changed)
        cmd_say(context, _("%s and all later months are open again. %s\n"), words, state);
    else
        cmd_say(context, _("%s is open already. %s\n"), words, state);
    return BASE_OK;
}

static const enum cmd_option options[] = {CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_close = {
    .name = "close",
    .arguments = N_("[YYYY-MM]"),
    .summary = N_("declare a month's counts complete"),
    .details = N_(
        "Closes the month and all before it, with the reader's signature (asks for a passphrase):\n"
        "everything is counted, and a zero means that nobody came. Counting there and taking back\n"
        "is refused from then on, until 'tavs reopen'. Reports say which months are still open.\n"
        "Without a month it says up to where the store is closed; that needs no passphrase. Who\n"
        "has the store's file can see it too."),
    .examples = N_("  tavs close 2026-10    all paper strokes up to October are counted\n"
                   "  tavs close            up to where?\n"),
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE,
    .run = run_close,
};

const struct cmd_command cmd_reopen = {
    .name = "reopen",
    .arguments = N_("YYYY-MM"),
    .summary = N_("let a closed month be counted again"),
    .details = N_(
        "Opens the month and all after it (asks for a passphrase), so that what was forgotten can\n"
        "be counted or taken back. Close them again afterwards with 'tavs close'."),
    .examples = N_("  tavs reopen 2026-10    strokes of October were found in a drawer\n"),
    .least_words = 1,
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE,
    .run = run_reopen,
};
