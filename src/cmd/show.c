#include "inside.h"

static struct base_period current_year(void)
{
    int year = base_month_year(base_month_now());
    return (struct base_period){(base_month)(year * 12), (base_month)(year * 12 + 11)};
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    enum table_dimension by[TABLE_DIMENSIONS] = {TABLE_CHANNEL, TABLE_PARTY};
    size_t by_count = 2;
    struct base_period period = current_year();
    struct tally_counts *counts;
    struct table_document *document;
    enum base_code code = BASE_OK;

    if (context->word_count > 0)
        code = base_period_parse(context->words[0], &period, error);
    if (code == BASE_OK && context->value[CMD_BY] != NULL)
        code = table_parse_dimensions(context->value[CMD_BY], by, &by_count, error);
    if (code == BASE_OK)
        code = cmd_read_counts(context, period, &counts, NULL, NULL, fingerprint, error);
    if (code != BASE_OK)
        return code;
    const struct table_heading heading = {.language = context->language, .internal = true};
    const struct table_source place = {.fingerprint = fingerprint, .counts = counts};
    code = table_show_new(&heading, &place, by, by_count, &document, error);
    if (code == BASE_OK) {
        code = cmd_deliver(context, document, RENDER_TEXT, error);
        table_document_free(document);
    }
    tally_counts_free(counts);
    return code;
}

static const enum cmd_option options[] = {CMD_BY, CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_show = {
    .name = "show",
    .arguments = N_("[PERIOD]"),
    .summary = N_("the tally, on the terminal"),
    .details = N_(
        "PERIOD is 2026, 2026-11, 2026-Q4 or 2026-01..2026-06; else the current year. Asks for a\n"
        "passphrase. The figures are exact: for your own eyes."),
    .examples = N_("  tavs show                        this year, by channel and party\n"
                   "  tavs show 2026-11 --by party     November\n"),
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
