#include "inside.h"

static enum base_code export_exact(struct cmd_context *context, struct base_period period,
                                   struct base_error *error)
{
    struct cmd_places *places;
    struct table_document *document;
    enum base_code code = cmd_read_places(context, period, CMD_READ_COUNTS, &places, error);
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

static enum base_code draft(struct cmd_context *context, struct base_period period,
                            struct base_error *error)
{
    struct base_period parts[RECORD_MOST_PERIODS];
    const size_t count = protect_split_period(period, parts, RECORD_MOST_PERIODS);
    return count > RECORD_MOST_PERIODS
               ? base_fail(error, BASE_BAD_PERIOD, "%s", context->words[0])
               : cmd_draft(context, TABLE_EXPORT, parts, count, RENDER_CSV, error);
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct base_period period;
    enum base_code code = base_period_parse(context->words[0], &period, error);
    if (code == BASE_OK)
        code = cmd_check_draft(context, error);
    if (code == BASE_OK)
        code = cmd_check_delivery(context, TABLE_EXPORT, error);
    if (code != BASE_OK)
        return code;
    return context->value[CMD_EXACT] != NULL ? export_exact(context, period, error)
                                             : draft(context, period, error);
}

static const enum cmd_option options[] = {CMD_EXACT,  CMD_THRESHOLD,       CMD_EXPLAIN,
                                          CMD_FORMAT, CMD_EXCEL,           CMD_OUTPUT,
                                          CMD_FORCE,  CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_export = {
    .name = "export",
    .arguments = N_("PERIOD"),
    .summary = N_("the monthly tally as data"),
    .details = N_(
        "Writes the figures of PERIOD that could be published, as a draft: one a row, with its "
        "period,\n"
        "channel, party and session, its count, and whether it is shown or hidden ('..'). Nothing "
        "is\n"
        "recorded, so a draft must not be handed out: 'tavs publish' publishes. PERIOD is 2026,\n"
        "2026-11, 2026-Q4 or 2026-01..2026-06; another range of months is cut into half-years, "
        "quarters\n"
        "and months. --threshold N tries another threshold than the store's, --explain says what "
        "is\n"
        "hidden and why.\n"
        "\n"
        "--exact writes one row for each month, channel, party and session, for use inside the "
        "house\n"
        "only; every row says that it is internal.\n"
        "\n"
        "--format is csv (else), json or xlsx. Csv and json have English codes whatever the "
        "language;\n"
        "--excel writes csv with headings and words in your language that Danish Excel opens at "
        "once,\n"
        "xlsx is a workbook. Run by cron, take the passphrase from a file that nobody else can "
        "read;\n"
        "--quiet then says nothing unless something fails.\n"
        "\n"
        "With --store given several times (up to 32) the first column is the place, which has the "
        "name\n"
        "of its store's file; --passphrase-file is given once for all, or once for each."),
    .examples =
        N_("  tavs export 2026-Q4 -o draft.csv                     a draft of a quarter\n"
           "  tavs export 2026 --exact -o tally-2026.csv           for use inside the house\n"
           "  tavs export 2026 --exact --excel -o for-excel.csv\n"
           "  tavs export 2026-Q4 --exact --format xlsx -o quarter.xlsx\n"
           "  tavs export 2026-11 --exact --format json\n"
           "  tavs export 2026 --exact --store north.mdb --store south.mdb\n"
           "  tavs export 2026 -x -q -F -p key.txt -o nightly.csv  for cron\n"
           ""),
    .least_words = 1,
    .most_words = 1,
    .takes_stores = true,
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
