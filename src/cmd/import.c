/* Old figures: read, shown, agreed to, counted. */
#include <stdio.h>
#include <string.h>

#include "import.h"
#include "tavs/secret.h"
#include "tavs/term.h"

enum { WORD_BYTES = 32 };

/* ---- what was asked for ----------------------------------------------------------------------- */

/* "channel=Henvendelsesform" */
static enum base_code parse_column(struct import *import, const char *given,
                                   const char *headings[INTAKE_COLUMNS], struct base_error *error)
{
    char word[WORD_BYTES];
    enum intake_column column;
    const char *sign = strchr(given, '=');
    const size_t length = sign == NULL ? 0 : (size_t)(sign - given);
    if (length == 0 || length >= sizeof word || sign[1] == '\0')
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--column %s", given);
    memcpy(word, given, length);
    word[length] = '\0';
    if (!intake_find_column(word, &column) || headings[column] != NULL)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--column %s", given);
    return cmd_word(sign + 1, import->heading[column], &headings[column], error);
}

static enum base_code begin(struct import *import, struct base_error *error)
{
    const struct cmd_context *context = import->context;
    const char *headings[INTAKE_COLUMNS] = {0};
    const char *word = context->words[0];
    import->path = strcmp(word, "-") == 0 ? NULL : word;
    (void)base_make_printable(import->name, sizeof import->name,
                              import->path == NULL ? _("standard input") : word);
    enum base_code code = cmd_need_store_path(context, error);
    for (size_t i = 0; code == BASE_OK && i < context->columns.count; i++)
        code = parse_column(import, context->columns.value[i], headings, error);
    if (code == BASE_OK)
        code = intake_new(import->name, headings, &import->intake, error);
    return code;
}

/* That this machine may count is known before anything is read. */
static enum base_code look_at_store(struct import *import, struct base_error *error)
{
    struct store *store;
    struct record_device device;
    enum base_code code = store_open(import->context->store_path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    import->header = *store_header(store);
    keys_fingerprint_text(import->fingerprint, store_fingerprint(store));
    code = tally_load_device(store, &import->device, &device, error);
    store_close(store);
    return code;
}

/* ---- showing and asking ------------------------------------------------------------------------ */

struct tally_plan import_plan(const struct import *import)
{
    const struct intake_sums *sums = intake_result(import->intake);
    return (struct tally_plan){sums->period,
                               sums->amounts + (sums->period.first - BASE_FIRST_MONTH)};
}

enum base_code import_confirm(const struct import *import, const char *question,
                              struct base_error *error)
{
    bool yes;
    enum base_code code = term_confirm(
        question, import->context->language == CODEBOOK_DANISH ? 'j' : 'y', 'n', &yes, error);
    if (code == BASE_NEEDS_TERMINAL)
        return base_fail(error, BASE_IMPORT_UNASKED, "%s", "");
    if (code == BASE_OK && !yes)
        return base_fail(error, BASE_CANCELLED, "%s", "");
    return code;
}

static enum base_code show_rows(const struct import *import, struct base_error *error)
{
    const struct intake_sums *sums = intake_result(import->intake);
    const unsigned long long rows = sums->rows, empty = sums->empty_rows;
    if (import->sheet[0] != '\0' &&
        cmd_print(error, _("Sheet: %s\n"), base_shown(import->sheet, &(struct base_shown){0})) !=
            BASE_OK)
        return error->code;
    if (sums->contacts)
        return cmd_print(error, _("Rows read: %llu, of which empty: %llu.\n"), rows, empty);
    return cmd_print(error, _("Rows read: %llu, of which empty: %llu, with a count of 0: %llu.\n"),
                     rows, empty, (unsigned long long)sums->zero_rows);
}

static enum base_code show(const struct import *import, const struct tally_counts *counts,
                           struct base_error *error)
{
    const struct cmd_context *context = import->context;
    const struct table_heading heading = {.language = context->language, .internal = true};
    const struct table_source place = {.fingerprint = import->fingerprint, .counts = counts};
    struct table_document *document;
    if (context->value[CMD_QUIET] != NULL && context->value[CMD_YES] != NULL)
        return BASE_OK;
    enum base_code code = table_plan_new(&heading, &place, &document, error);
    if (code != BASE_OK)
        return code;
    code = cmd_deliver(context, document, RENDER_TEXT, error);
    table_document_free(document);
    if (code == BASE_OK)
        code = cmd_print(error, "\n");
    return code == BASE_OK ? show_rows(import, error) : code;
}

/* ---- months that were counted before ----------------------------------------------------------- */

static bool was_before(const struct import *import, base_month month)
{
    for (unsigned i = 0; i < import->before->count; i++)
        if (tally_import_has(&import->before->list[i], month))
            return true;
    return false;
}

static int64_t contacts_of(const struct tally_counts *counts, base_month month)
{
    struct table_selection selection = table_select_all(counts);
    selection.months = (struct base_period){month, month};
    return table_sum(counts, selection);
}

/* Those of the list in which a list before had something, or lay between: month by month for people, and as
 * periods for the error. */
static void find_repeated(struct import *import, const struct tally_plan *plan,
                          const struct tally_counts *counts, char text[BASE_SUBJECT_BYTES])
{
    char words[BASE_WORDS_TEXT], code[BASE_MONTH_TEXT];
    size_t length = 0;
    text[0] = '\0';
    for (unsigned i = plan->period.first; i <= plan->period.last; i++) {
        const base_month month = (base_month)i;
        const int64_t contacts = contacts_of(counts, month);
        if (!tally_plan_has(plan, month) || !was_before(import, month))
            continue;
        if (!import->repeated)
            cmd_say(import->context, "%s\n",
                    _("This machine has counted a list of these months before:"));
        import->repeated = true;
        base_month_words(month, words);
        cmd_say(import->context,
                P_("  %s (here: %lld contact)\n", "  %s (here: %lld contacts)\n",
                   (unsigned long)contacts),
                words, (long long)contacts);
        base_month_format(month, code);
        const size_t room = BASE_SUBJECT_BYTES - length;
        const int added = snprintf(text + length, room, "%s%s", length == 0 ? "" : ", ", code);
        length += added > 0 && (size_t)added < room ? (size_t)added : 0;
    }
}

static enum base_code ask(struct import *import, const struct tally_plan *plan,
                          const struct tally_counts *counts, struct base_error *error)
{
    const struct cmd_context *context = import->context;
    char months[BASE_SUBJECT_BYTES];
    if (context->value[CMD_AGAIN] == NULL)
        find_repeated(import, plan, counts, months);
    if (context->value[CMD_YES] != NULL)
        return import->repeated ? base_fail(error, BASE_IMPORT_AGAIN, "%s", months) : BASE_OK;
    return import_confirm(
        import, import->repeated ? _("Count all of it once more?") : _("Count all of it?"), error);
}

/* ---- counting ---------------------------------------------------------------------------------- */

/* The message names a channel or a party in the person's language. */
static enum base_code name_not_offered(const struct import *import, struct base_error *error)
{
    const enum codebook_dimension dimension =
        error->code == BASE_CHANNEL_NOT_OFFERED ? CODEBOOK_CHANNEL : CODEBOOK_PARTY;
    const enum codebook_language language = import->context->language;
    unsigned value;
    codebook_set ignored;
    if (codebook_find(dimension, error->subject, language, &value, &ignored) != CODEBOOK_ONE_MATCH)
        return error->code;
    return base_fail(error, error->code, "%s", codebook_word(dimension, value, language));
}

/* The list is noted first: should the program end in between, the worst is one question too many. */
static enum base_code count(const struct import *import, struct base_error *error)
{
    struct cmd_progress progress = {import->context, _("Counting"), -1};
    const struct tally_plan plan = import_plan(import);
    struct keys_import note;
    struct base_error ignored;
    enum base_code code = tally_import_note(&plan, &import->header, &note, error);
    if (code == BASE_OK)
        code = keys_imports_change(import->device, NULL, &note, error);
    if (code != BASE_OK)
        return code;
    code =
        tally_count_plan(import->context->store_path, &plan, cmd_show_progress, &progress, error);
    if (code != BASE_OK && code != BASE_NOT_ERASED)
        (void)keys_imports_change(import->device, &note, NULL, &ignored);
    return code;
}

static void confirm(const struct import *import, const struct tally_counts *counts)
{
    const struct intake_sums *sums = intake_result(import->intake);
    char period[BASE_WORDS_TEXT];
    base_period_words(sums->period, period);
    const int64_t contacts = table_sum(counts, table_select_all(counts));
    cmd_say(
        import->context,
        P_("Counted: %lld contact, %s\n", "Counted: %lld contacts, %s\n", (unsigned long)contacts),
        (long long)contacts, period);
    if (sums->contacts && import->path != NULL)
        cmd_say(import->context, "%s %s\n", _("hint:"),
                _("the file still has a row for each contact; delete it, or lock it away"));
}

static enum base_code show_and_count(struct import *import, struct base_error *error)
{
    const struct tally_plan plan = import_plan(import);
    struct tally_counts *counts;
    enum base_code code = tally_check_plan(import->context->store_path, &plan, error);
    if (code == BASE_CHANNEL_NOT_OFFERED || code == BASE_PARTY_NOT_OFFERED)
        return name_not_offered(import, error);
    if (code == BASE_OK)
        code = tally_plan_counts(&plan, &import->header, &counts, error);
    if (code != BASE_OK)
        return code;
    code = show(import, counts, error);
    if (code == BASE_OK)
        code = ask(import, &plan, counts, error);
    if (code == BASE_OK)
        code = count(import, error);
    if (code == BASE_OK)
        confirm(import, counts);
    tally_counts_free(counts);
    return code;
}

/* ---- all of it ---------------------------------------------------------------------------------- */

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct import import = {.context = context};
    enum base_code code = begin(&import, error);
    if (code == BASE_OK)
        code = look_at_store(&import, error);
    if (code == BASE_OK)
        code = keys_imports_load(import.device, &import.before, error);
    if (code == BASE_OK)
        code = import_read(&import, error);
    if (code == BASE_OK && !intake_result(import.intake)->any)
        cmd_say(context, _("There is nothing to count in %s.\n"), import.name);
    else if (code == BASE_OK)
        code = context->value[CMD_UNDO] != NULL ? import_undo(&import, error)
                                                : show_and_count(&import, error);
    cmd_close_cells(&context->cells);
    secret_free(import.before);
    keys_device_free(import.device);
    intake_free(import.intake);
    return code;
}

static const enum cmd_option options[] = {CMD_COLUMN, CMD_SHEET,           CMD_YES,    CMD_AGAIN,
                                          CMD_UNDO,   CMD_PASSPHRASE_FILE, CMD_OPTIONS};

const struct cmd_command cmd_import = {
    .name = "import",
    .arguments = N_("FILE"),
    .summary = N_("count old figures from a table"),
    .details = N_(
        "FILE (- is standard input) is csv or a workbook (xlsx, ods): what 'tavs export' wrote,\n"
        "or a table with a row for each contact. Its first row names the columns: month or date,\n"
        "channel, party, session and, where rows are added up, count. Other columns are refused\n"
        "before anything below them is read: names, initials and notes have to be removed from\n"
        "the file first. Dates become months as they are read; docs/import.md lists headings,\n"
        "words and dates.\n\n"
        "It shows what it would count, and counts after a yes: all of it or nothing. No\n"
        "passphrase is needed. Months that this machine has counted from a list before are told\n"
        "and asked about, however the file was saved. --undo takes back what the same list has\n"
        "counted, all of it or nothing, and asks for a passphrase: it is refused if less is left\n"
        "of it or a month is closed. Of the list nothing is kept that this machine could read or\n"
        "compare but its months."),
    .examples = N_("  tavs import tally-2016.csv            shows what it would count, and asks\n"
                   "  tavs import --yes tally-2017.csv      asks nothing\n"
                   "  tavs import --yes --again more-2017.csv\n"
                   "                                        counts more for the same months\n"
                   "  tavs import --undo tally-2017.csv     takes back what it has counted\n"
                   "  tavs import --yes -C channel=Contact -C session=No contacts.csv\n"
                   "                                        says what two of its columns are\n"),
    .least_words = 1,
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_DEVICE_MAKE | CMD_REACH_WORDS_READ,
    .prepare = import_prepare,
    .run = run,
};
