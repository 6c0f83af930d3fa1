#include <stdlib.h>

#include "inside.h"

enum { MONTHS = 12, MOST_YEARS = BASE_LAST_YEAR - BASE_FIRST_YEAR + 1 };

static int ascending(const void *left, const void *right)
{
    const int *a = left;
    const int *b = right;
    return (*a > *b) - (*a < *b);
}

/* The years that were asked for, each once, the earliest first. */
static enum base_code parse_years(const struct cmd_context *context, int *years, size_t *count,
                                  struct base_error *error)
{
    size_t words = (size_t)context->word_count;
    if (words > MOST_YEARS)
        return base_fail(error, BASE_EXTRA_ARGUMENT, "%s", context->words[MOST_YEARS]);
    for (size_t i = 0; i < words; i++) {
        int64_t year;
        if (!base_parse_number(context->words[i], BASE_FIRST_YEAR, BASE_LAST_YEAR, &year))
            return base_fail(error, BASE_BAD_PERIOD, "%s", context->words[i]);
        years[i] = (int)year;
    }
    qsort(years, words, sizeof *years, ascending);
    *count = 0;
    for (size_t i = 0; i < words; i++)
        if (i == 0 || years[i] != years[*count - 1])
            years[(*count)++] = years[i];
    return BASE_OK;
}

static enum base_code draft(struct cmd_context *context, const int *years, size_t count,
                            struct base_error *error)
{
    struct base_period periods[MOST_YEARS];
    for (size_t i = 0; i < count; i++)
        periods[i] = (struct base_period){(base_month)(years[i] * MONTHS),
                                          (base_month)(years[i] * MONTHS + MONTHS - 1)};
    return cmd_draft(context, TABLE_REPORT, periods, count, RENDER_TEXT, error);
}

static enum base_code report(struct cmd_context *context, const int *years, size_t count,
                             struct base_error *error)
{
    struct cmd_places *places;
    struct table_document *document;
    const struct base_period period = {(base_month)(years[0] * MONTHS),
                                       (base_month)(years[count - 1] * MONTHS + MONTHS - 1)};
    enum base_code code = cmd_read_places(context, period, CMD_READ_LIFE, &places, error);
    if (code != BASE_OK)
        return code;
    const struct table_heading heading = {.language = context->language, .internal = true};
    code =
        table_report_new(&heading, places->source, places->count, years, count, &document, error);
    cmd_free_places(places);
    if (code != BASE_OK)
        return code;
    code = cmd_deliver(context, document, RENDER_TEXT, error);
    table_document_free(document);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    int years[MOST_YEARS];
    size_t count = 0;
    enum base_code code = parse_years(context, years, &count, error);
    if (code == BASE_OK)
        code = cmd_check_draft(context, error);
    if (code == BASE_OK)
        code = cmd_check_delivery(context, TABLE_REPORT, error);
    if (code != BASE_OK)
        return code;
    return context->value[CMD_EXACT] != NULL ? report(context, years, count, error)
                                             : draft(context, years, count, error);
}

static const enum cmd_option options[] = {CMD_EXACT,           CMD_THRESHOLD, CMD_EXPLAIN,
                                          CMD_FORMAT,          CMD_OUTPUT,    CMD_FORCE,
                                          CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_report = {
    .name = "report",
    .arguments = N_("YEAR…"),
    .summary = N_("the annual table \"råd og vejledning\""),
    .details = N_(
        "Shows what could be published of a year, as a draft: courses begun by channel and in "
        "all,\n"
        "conversations, courses by party, how far courses get, and months. Several years stand "
        "side by\n"
        "side. Months that are not closed are taken as they are. Nothing is recorded, so a draft "
        "must\n"
        "not be handed out: 'tavs publish' publishes.\n"
        "\n"
        "Counts under the store's threshold ('tavs threshold') are hidden, zeros too, and as much "
        "else\n"
        "as it takes for nobody to compute them. --threshold N tries another threshold, --explain "
        "says\n"
        "what is hidden and why. --exact shows the exact figures, for use inside the house only, "
        "and\n"
        "the report says so.\n"
        "\n"
        "--format is text (else), markdown, html (one file with pictures, for the screen and for "
        "A4),\n"
        "xlsx (a workbook: a sheet a table, its chart, and a sheet of definitions) or json.\n"
        "\n"
        "With --store given several times (up to 32) the report is of several places: each of them "
        "and\n"
        "their sum. A place has the name of its store's file. Each store asks for its passphrase;\n"
        "--passphrase-file is given once for all, or once for each."),
    .examples = N_("  tavs report 2026                              a draft of the year\n"
                   "  tavs report 2026 --explain                    and why figures are hidden\n"
                   "  tavs report 2026 --format html -o draft.html\n"
                   "  tavs report 2026 --exact                      for use inside the house\n"
                   "  tavs report 2023 2024 2025 2026 --exact --format markdown -o report.md\n"
                   "  tavs report 2026 --exact --format html -o internal.html\n"
                   "  tavs report 2026 --exact --format xlsx -o report.xlsx\n"
                   "  tavs report 2026 --exact --store north.mdb --store south.mdb\n"
                   ""),
    .least_words = 1,
    .takes_stores = true,
    .most_words = MOST_YEARS,
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
