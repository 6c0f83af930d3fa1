/* Months whose counts are complete. */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "tavs/term.h"

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

/* Asked before the store is changed, without a lock on it; NULL: nothing is. */
typedef enum base_code ask_first(const struct cmd_context *context, const struct cmd_reader *reader,
                                 base_month month, struct base_error *error);

/* Asks for the passphrase, changes the store, and writes how it is then. */
static enum base_code change(const struct cmd_context *context, change_month *change_it,
                             ask_first *ask, base_month month, bool *changed,
                             char state[STATE_BYTES], struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    if (ask != NULL)
        code = ask(context, &reader, month, error);
    if (code == BASE_OK)
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
        code = change(context, tally_close_month, NULL, month, &changed, state, error);
    if (code != BASE_OK)
        return code;
    base_month_words(month, words);
    if (changed)
        cmd_say(context, _("%s Nothing can be counted up to there any more.\n"), state);
    else
        cmd_say(context, _("%s is closed already. %s\n"), words, state);
    return BASE_OK;
}

/* Whether the release has a month that would be open. */
static bool covers(const struct record_release *release, base_month month)
{
    for (size_t i = 0; i < release->period_count; i++)
        if (release->periods[i].last >= month)
            return true;
    return false;
}

/* Says which releases are of the month or of one after it. */
static bool say_releases(const struct cmd_context *context, const struct tally_ledger *ledger,
                         base_month month)
{
    char words[BASE_WORDS_TEXT];
    bool any = false;
    for (size_t i = 0; i < ledger->count; i++) {
        const struct record_release *release = ledger->entries[i].release;
        if (release_is_corrected(ledger, release) || !covers(release, month))
            continue;
        if (!any)
            cmd_say(context, "%s\n", _("Published already, with months that would be open again:"));
        any = true;
        cmd_say(context, _("  release %u:"), release->number);
        for (size_t j = 0; j < release->period_count; j++) {
            base_period_words(release->periods[j], words);
            cmd_say(context, "%s %s", j == 0 ? "" : ",", words);
        }
        cmd_say(context, "\n");
    }
    if (any)
        cmd_say(
            context, "%s\n",
            _("If their counts change, 'tavs publish --correct' publishes corrected editions."));
    return any;
}

static enum base_code ask_to_reopen(const struct cmd_context *context,
                                    const struct cmd_reader *reader, base_month month,
                                    struct base_error *error)
{
    struct store *store;
    struct tally_ledger *ledger;
    bool yes = true;
    enum base_code code = cmd_open_store(context, STORE_READ, reader, &store, error);
    if (code != BASE_OK)
        return code;
    const bool open_already = store_header(store)->closed_through < month;
    code = tally_ledger_read(store, reader->key, &ledger, error);
    store_close(store);
    if (code != BASE_OK)
        return code;
    const bool published = !open_already && say_releases(context, ledger, month);
    tally_ledger_free(ledger);
    if (published && context->value[CMD_YES] == NULL)
        code = term_confirm(_("Open them all the same?"),
                            context->language == CODEBOOK_DANISH ? 'j' : 'y', 'n', &yes, error);
    return code == BASE_OK && !yes ? base_fail(error, BASE_CANCELLED, "%s", "") : code;
}

static enum base_code run_reopen(struct cmd_context *context, struct base_error *error)
{
    char state[STATE_BYTES], words[BASE_WORDS_TEXT];
    base_month month;
    bool changed;
    enum base_code code = base_month_parse(context->words[0], &month, error);
    if (code == BASE_OK)
        code = change(context, tally_reopen_month, ask_to_reopen, month, &changed, state, error);
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
static const enum cmd_option reopen_options[] = {CMD_YES, CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_close = {
    .name = "close",
    .arguments = N_("[YYYY-MM]"),
    .summary = N_("declare a month's counts complete"),
    .details = N_(
        "Closes the month and all before it (asks for a passphrase): everything is counted, and a "
        "zero\n"
        "means that nobody came. Nothing can be counted there or taken back any more, until\n"
        "'tavs reopen'. Only closed months are published. Without a month it says up to where the\n"
        "store is closed; that needs no passphrase, and who has the store's file can see it too."),
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
    .details = N_("Opens the month and all after it (asks for a passphrase), so that what was "
                  "forgotten can be\n"
                  "counted or taken back. If something of these months has been published, it says "
                  "what and asks\n"
                  "first; --yes opens them without asking. Close them again afterwards with 'tavs "
                  "close'; if a\n"
                  "published figure has changed, 'tavs publish --correct' comes next."),
    .examples = N_("  tavs reopen 2026-10    strokes of October were found in a drawer\n"),
    .least_words = 1,
    .most_words = 1,
    .options = reopen_options,
    .reach = CMD_REACH_STORE_CHANGE,
    .run = run_reopen,
};
