/* Publishing: what can't be taken back is shown first, asked for, recorded, and then written. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/term.h"

enum { MOST_WORDS = 100 };

/* ---- what was asked for --------------------------------------------------------------------- */

static int by_first(const void *one, const void *other)
{
    const struct base_period *a = one, *b = other;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->last < b->last) - (a->last > b->last);
}

/* The periods, each cut into such as have a layout, ascending, none twice. */
static enum base_code parse_periods(const struct cmd_context *context,
                                    struct base_period periods[RECORD_MOST_PERIODS], size_t *count,
                                    struct base_error *error)
{
    size_t found = 0;
    for (int i = 0; i < context->word_count; i++) {
        struct base_period period;
        if (base_period_parse(context->words[i], &period, error) != BASE_OK)
            return error->code;
        const size_t parts =
            protect_split_period(period, periods + found, RECORD_MOST_PERIODS - found);
        if (parts > RECORD_MOST_PERIODS - found)
            return base_fail(error, BASE_BAD_PERIOD, "%s", context->words[i]);
        found += parts;
    }
    qsort(periods, found, sizeof *periods, by_first);
    *count = 0;
    for (size_t i = 0; i < found; i++)
        if (*count == 0 || by_first(&periods[*count - 1], &periods[i]) != 0)
            periods[(*count)++] = periods[i];
    return BASE_OK;
}

/* ---- a release ------------------------------------------------------------------------------ */

/* Its first table, as text. */
static enum base_code show_first_table(const struct cmd_context *context,
                                       struct table_document *document, struct base_error *error)
{
    struct render_output output = {0};
    const size_t definitions = document->definition_count, notes = document->note_count,
                 tables = document->table_count;
    document->definition_count = 0;
    document->note_count = 0;
    document->table_count = tables < 1 ? tables : 1;
    const enum base_code code = render_document(document, RENDER_TEXT, &output, error);
    document->definition_count = definitions;
    document->note_count = notes;
    document->table_count = tables;
    if (code == BASE_OK)
        cmd_say(context, "\n%s\n", output.bytes);
    render_free(&output);
    return code;
}

static size_t count_hidden(const struct table *table)
{
    size_t hidden = 0;
    for (size_t i = 0; i < table->rows * table->columns; i++)
        hidden += table->statuses[i] == TABLE_HIDDEN;
    return hidden;
}

/* How much is hidden, table by table. */
static void show_hidden(const struct cmd_context *context, const struct table_document *document,
                        const struct release *release)
{
    cmd_say(context, _("Figures shown: %zu, hidden: %zu"), release->shown, release->hidden);
    cmd_say(context, "\n");
    for (size_t i = 0; i < document->table_count; i++) {
        const struct table *table = document->tables[i];
        const size_t hidden = count_hidden(table);
        if (hidden > 0)
            /* TRANSLATORS: a table, and how many of its figures are hidden. */
            cmd_say(context, _("  %s: %zu of %zu hidden\n"), table->caption, hidden,
                    table->rows * table->columns);
    }
}

static enum base_code show(const struct cmd_context *context, const struct release *release,
                           const struct cmd_places *places, const struct cmd_files *files,
                           struct base_error *error)
{
    struct table_document *document;
    const struct release_print print = {
        .language = context->language, .places = places->release, .place_count = places->count};
    enum base_code code = release_document(release->record, &print, TABLE_REPORT, &document, error);
    if (code == BASE_OK) {
        code = show_first_table(context, document, error);
        if (code == BASE_OK)
            show_hidden(context, document, release);
        table_document_free(document);
    }
    if (code == BASE_OK && context->value[CMD_EXPLAIN] != NULL)
        code = cmd_explain(context, release, places, error);
    if (code != BASE_OK)
        return code;
    cmd_say(context, "%s\n", _("Files:"));
    cmd_say_files(context, files);
    return BASE_OK;
}

/* The ledgers know of it before anybody can see it. */
static enum base_code record(struct cmd_context *context, const struct cmd_places *places,
                             const struct record_release *release, struct base_error *error)
{
    struct record_release *own[TABLE_MOST_PLACES] = {NULL};
    const struct record_release *list[TABLE_MOST_PLACES];
    struct cmd_recording recordings[TABLE_MOST_PLACES];
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < places->count; i++) {
        code = tally_release_of_place(release, i, &own[i], error);
        list[i] = own[i];
        recordings[i] = (struct cmd_recording){&list[i], 1};
    }
    if (code == BASE_OK)
        code = cmd_record_releases(context, places, recordings, error);
    for (size_t i = 0; i < places->count; i++)
        secret_free(own[i]);
    return code;
}

static enum base_code issue(struct cmd_context *context, const struct cmd_places *places,
                            const struct release *release, struct cmd_files *files,
                            struct base_error *error)
{
    /* A full disk is met before anything is recorded. */
    enum base_code code = cmd_files_prepare(context, files, places, release->record, error);
    if (code == BASE_OK)
        code = show(context, release, places, files, error);
    if (code == BASE_OK)
        code = cmd_ask_to_publish(
            context, _("Publish this? It can't be taken back, only corrected."), error);
    if (code != BASE_OK)
        return code;
    sigset_t before;
    /* A key press must not part what is recorded from its files. */
    base_hold_signals(&before);
    code = record(context, places, release->record, error);
    if (code == BASE_OK)
        code = cmd_files_commit(context, files, error);
    if (code == BASE_OK)
        cmd_say(context,
                P_("Release %u: %zu figure shown, %zu hidden.\n",
                   "Release %u: %zu figures shown, %zu hidden.\n", release->shown),
                context->published, release->shown, release->hidden);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

static enum base_code publish(struct cmd_context *context, struct cmd_files *files,
                              const struct base_period *periods, size_t period_count,
                              struct base_error *error)
{
    struct cmd_places *places;
    struct release *release;
    struct cmd_slow_progress progress;
    const struct base_period all = {periods[0].first, periods[period_count - 1].last};
    const struct release_order order = {.periods = periods,
                                        .period_count = period_count,
                                        .progress = cmd_show_slow_progress,
                                        .progress_context = &progress};
    enum base_code code = cmd_read_places(context, all, CMD_READ_LEDGER, &places, error);
    if (code != BASE_OK)
        return code;
    cmd_begin_slow_progress(&progress, context, _("Protecting"));
    code = release_new(&order, places->release, places->count, &release, error);
    if (code == BASE_OK) {
        code = issue(context, places, release, files, error);
        release_free(release);
    }
    cmd_free_places(places);
    return code;
}

static enum base_code run_publish(struct cmd_context *context, struct cmd_files *files,
                                  struct base_error *error)
{
    struct base_period periods[RECORD_MOST_PERIODS];
    size_t count = 0;
    if (context->word_count == 0)
        return base_fail(error, BASE_MISSING_ARGUMENT, "tavs publish %s -o %s", _("PERIOD…"),
                         _("FOLDER"));
    enum base_code code = parse_periods(context, periods, &count, error);
    if (code == BASE_OK)
        code = cmd_files_check(context, files, error);
    if (code == BASE_OK)
        code = cmd_files_check_names(context, files, periods, count, 1, error);
    if (code == BASE_OK)
        code = cmd_check_asking(context, error);
    return code == BASE_OK ? publish(context, files, periods, count, error) : code;
}

/* ---- the same again ------------------------------------------------------------------------- */

static enum base_code reprint(struct cmd_context *context, const struct cmd_places *places,
                              unsigned number, struct cmd_files *files, struct base_error *error)
{
    const struct tally_ledger *ledger = places->release[0].ledger;
    if (number > ledger->count)
        return base_fail(error, BASE_NO_SUCH_RELEASE, "%u", number);
    enum base_code code =
        cmd_files_prepare(context, files, places, ledger->entries[number - 1].release, error);
    if (code == BASE_OK)
        code = cmd_files_commit(context, files, error);
    if (code != BASE_OK)
        return code;
    cmd_say_files(context, files);
    if (release_is_corrected(ledger, ledger->entries[number - 1].release)) {
        cmd_say(context, _("Release %u has been corrected since: a later edition has its place."),
                number);
        cmd_say(context, "\n");
    }
    return code;
}

static enum base_code run_reprint(struct cmd_context *context, struct cmd_files *files,
                                  struct base_error *error)
{
    struct cmd_places *places;
    int64_t number;
    const base_month now = base_month_now();
    const char *given = context->value[CMD_REPRINT];
    if (!base_parse_number(given, 1, RECORD_MOST_RELEASES, &number))
        return base_fail(error, BASE_NO_SUCH_RELEASE, "%s", given);
    enum base_code code = cmd_files_check(context, files, error);
    if (code == BASE_OK)
        code = cmd_read_places(context, (struct base_period){now, now}, CMD_READ_LEDGER, &places,
                               error);
    if (code != BASE_OK)
        return code;
    code = reprint(context, places, (unsigned)number, files, error);
    cmd_free_places(places);
    return code;
}

/* ---- the command ---------------------------------------------------------------------------- */

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    const bool again = context->value[CMD_REPRINT] != NULL,
               correct = context->value[CMD_CORRECT] != NULL;
    struct cmd_files *files = calloc(1, sizeof *files);
    enum base_code code;
    if (files == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    if (again && correct)
        code = base_fail(error, BASE_BAD_OPTION_VALUE, "--again --correct");
    else if ((again || correct) && context->word_count > 0)
        code = base_fail(error, BASE_EXTRA_ARGUMENT, "%s", context->words[0]);
    else
        code = again     ? run_reprint(context, files, error)
               : correct ? cmd_run_correct(context, files, error)
                         : run_publish(context, files, error);
    cmd_files_free(files);
    free(files);
    return code;
}

static const enum cmd_option options[] = {
    CMD_FOLDER,  CMD_FORMAT,  CMD_EXCEL,   CMD_FORCE,           CMD_YES,
    CMD_REPRINT, CMD_CORRECT, CMD_EXPLAIN, CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_publish = {
    .name = "publish",
    .arguments = N_("PERIOD…"),
    .summary = N_("publish counts of closed months, protected"),
    .details = N_(
        "Protects the figures of PERIOD, shows the first table and how much is hidden, and asks. "
        "After\n"
        "a yes it records the release in the store and writes its files into FOLDER.\n"
        "What is published can't be taken back, only corrected; 'tavs report' and 'tavs export' "
        "show a\n"
        "draft first. Only closed months are published ('tavs close'). PERIOD is 2026, 2026-11,\n"
        "2026-Q4 or 2026-01..2026-06; several years stand side by side.\n"
        "\n"
        "Counts under the store's threshold ('tavs threshold') are hidden, zeros too, and as much "
        "else\n"
        "as it takes for nobody to compute them from all that was ever published. --explain says "
        "what\n"
        "is hidden and why.\n"
        "\n"
        "--format is one or several of text, markdown, html, xlsx, json and csv, with commas "
        "(else\n"
        "html,csv). --yes publishes without asking.\n"
        "\n"
        "--again N writes the files of release N once more, the same to the byte, or in another "
        "format\n"
        "or language. It records nothing.\n"
        "\n"
        "--correct publishes corrected editions of all releases that no longer agree with the "
        "counts.\n"
        "It shows each published figure that changes, old and new, and asks. With -o it writes "
        "their\n"
        "files; without, 'tavs publish --again N' writes them later.\n"
        "\n"
        "With --store given several times (up to 32) it publishes several places: each of them "
        "and\n"
        "their sum. A place has the name of its store's file. Each store asks for its passphrase;\n"
        "--passphrase-file is given once for all, or once for each."),
    .examples = N_("  tavs publish 2026 -o ~/reports              the year, as html and csv\n"
                   "  tavs publish 2026-Q4 -f html,xlsx -o .      a quarter, into this folder\n"
                   "  tavs publish --again 3 -f json -o .         release 3 as json\n"
                   "  tavs publish --correct -o ~/reports         after a mistake was mended\n"
                   ""),
    .least_words = 0,
    .most_words = MOST_WORDS,
    .takes_stores = true,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_PIN,
    .run = run,
};
