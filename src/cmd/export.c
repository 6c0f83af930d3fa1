#include "inside.h"

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct base_period period;
    struct cmd_places *places;
    struct table_document *document;
    enum base_code code = base_period_parse(context->words[0], &period, error);
    if (code == BASE_OK && context->value[CMD_EXACT] == NULL)
        code = base_fail(error, BASE_NEEDS_EXACT, "tavs export");
    if (code == BASE_OK)
        code = cmd_check_delivery(context, TABLE_EXPORT, error);
    if (code == BASE_OK)
        code = cmd_read_places(context, period, false, &places, error);
    if (code != BASE_OK)
        return code;
    const struct table_heading heading = {.language = context->language, .internal = true};
    code = table_export_new(&heading, places->source, places->count, &document, error);
    cmd_free_places(places);
    if (code != BASE_OK)
        return code;
    code = cmd_deliver(context, document, RENDER_CSV, error);
    table_document_free(document);
    return code;
}

static const enum cmd_option options[] = {CMD_EXACT, CMD_FORMAT,          CMD_EXCEL,  CMD_OUTPUT,
                                          CMD_FORCE, CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_export = {
    .name = "export",
    .arguments = N_("PERIOD"),
    .summary = N_("the monthly tally as data"),
    .details = N_(
        "One row for each month, channel, party and session; --format csv (else), json or xlsx.\n"
        "PERIOD is 2026, 2026-11, 2026-Q4 or 2026-01..2026-06. Csv and json have English codes\n"
        "whatever the language; --excel gives csv with headings and words in your language that\n"
        "Danish Excel opens at once, xlsx is a workbook. The figures are exact, so --exact is\n"
        "demanded and the data say that they are internal. Run by cron, take the passphrase from\n"
        "a file that nobody else can read; --quiet then says nothing unless something fails.\n\n"
        "With --store given several times (up to 32) the first column is the place, which goes by\n"
        "the name of its store's file; --passphrase-file is given once for all, or once for each."),
    .examples = N_("  tavs export 2026 --exact -o tally-2026.csv\n"
                   "  tavs export 2026 --exact --excel -o for-excel.csv\n"
                   "  tavs export 2026-Q4 --exact --format xlsx -o quarter.xlsx\n"
                   "  tavs export 2026-11 --exact --format json\n"
                   "  tavs export 2026 --exact --store north.mdb --store south.mdb\n"
                   "  tavs export 2026 -x -q -F -p key.txt -o nightly.csv   for cron\n"),
    .least_words = 1,
    .most_words = 1,
    .takes_stores = true,
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
