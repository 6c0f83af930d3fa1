/* The least figure that is published. */
#include "inside.h"

static enum base_code print_threshold(const struct cmd_context *context, struct base_error *error)
{
    struct store *store;
    enum base_code code = cmd_open_store(context, STORE_READ, NULL, &store, error);
    if (code != BASE_OK)
        return code;
    const unsigned threshold = store_header(store)->threshold;
    store_close(store);
    return cmd_print(error, _("Counts under %u are hidden in what is published.\n"), threshold);
}

static enum base_code set_threshold(const struct cmd_context *context, unsigned threshold,
                                    struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    bool changed;
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_store(context, STORE_WRITE, &reader, &store, error);
    if (code == BASE_OK) {
        code = tally_set_threshold(store, reader.key, threshold, &changed, error);
        store_close(store);
        if (code == BASE_OK && changed)
            cmd_note_commit();
    }
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    int64_t number;
    if (context->word_count == 0)
        return print_threshold(context, error);
    if (!base_parse_number(context->words[0], RECORD_LEAST_THRESHOLD, RECORD_MOST_THRESHOLD,
                           &number))
        return base_fail(error, BASE_BAD_OPTION_VALUE, "%s", context->words[0]);
    const enum base_code code = set_threshold(context, (unsigned)number, error);
    return code == BASE_OK ? print_threshold(context, error) : code;
}

static const enum cmd_option options[] = {CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_threshold = {
    .name = "threshold",
    .arguments = N_("[N]"),
    .summary = N_("show or set the least count that is published"),
    .details = N_(
        "Sets the threshold to N, 3 to 20 (asks for a passphrase): counts under it are hidden in "
        "all\n"
        "that is published, zeros too. It may be raised at any time, and lowered only as long as\n"
        "nothing has been published. What was published before is public, and shown again as it "
        "is.\n"
        "Without N it says what the threshold is; that needs no passphrase. A new store has 5, or\n"
        "what 'tavs init --threshold' says."),
    .examples = N_("  tavs threshold          what is it?\n"
                   "  tavs threshold 10       hide more from now on\n"),
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE,
    .run = run,
};
