/* Old figures: read, shown, agreed to, counted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/intake.h"
#include "tavs/secret.h"
#include "tavs/term.h"

enum { BUFFER_BYTES = 1 << 16, NAME_BYTES = 256, WORD_BYTES = 32 };

/* One run. */
struct import {
    const struct cmd_context *context;
    const char *path;      /* NULL: standard input */
    char name[NAME_BYTES]; /* of the file, for people */
    struct record_header header;
    char fingerprint[KEYS_FINGERPRINT_TEXT];
    struct keys_digest *file_digest; /* in the making */
    uint8_t digest[KEYS_DIGEST_BYTES];
    struct intake *intake;
    bool repeated; /* this machine has counted the file before */
};

/* ---- what was asked for ----------------------------------------------------------------------- */

/* "channel=Henvendelsesform" */
static enum base_code parse_column(const char *given, const char *headings[INTAKE_COLUMNS],
                                   struct base_error *error)
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
    headings[column] = sign + 1;
    return BASE_OK;
}

static enum base_code begin(struct import *import, struct base_error *error)
{
    const struct cmd_context *context = import->context;
    const char *headings[INTAKE_COLUMNS] = {0};
    const char *word = context->words[0];
    import->path = strcmp(word, "-") == 0 ? NULL : word;
    base_make_printable(import->name, sizeof import->name,
                        import->path == NULL ? _("standard input") : word);
    enum base_code code = cmd_need_store_path(context, error);
    for (size_t i = 0; code == BASE_OK && i < context->columns.count; i++)
        code = parse_column(context->columns.value[i], headings, error);
    if (code == BASE_OK)
        code = intake_new(import->name, headings, &import->intake, error);
    return code;
}

/* That this machine may count is known before anything is read. */
static enum base_code look_at_store(struct import *import, struct base_error *error)
{
    struct store *store;
    struct keys_device *key;
    struct record_device device;
    enum base_code code = store_open(import->context->store_path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    import->header = *store_header(store);
    keys_fingerprint_text(import->fingerprint, store_fingerprint(store));
    code = tally_load_device(store, &key, &device, error);
    if (code == BASE_OK) {
        code = keys_device_digest_new(key, &import->file_digest, error);
        keys_device_free(key);
    }
    store_close(store);
    return code;
}

/* ---- reading ---------------------------------------------------------------------------------- */

/* A plain file's size, to tell how far it is; 0 where nobody knows. */
static uint64_t size_of(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size
                                                                      : 0;
}

/* The row of headings byte by byte: where it is refused, nothing below it has been read. */
static enum base_code read_bytes(struct import *import, int descriptor, uint8_t *buffer,
                                 struct base_error *error)
{
    struct cmd_progress progress = {import->context, _("Reading"), -1};
    const uint64_t total = size_of(descriptor);
    uint64_t done = 0;
    for (;;) {
        const bool at_rows = intake_has_headings(import->intake);
        const ssize_t got = read(descriptor, buffer, at_rows ? BUFFER_BYTES : 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base_fail_os(error, errno, "%s", import->name);
        if (got == 0)
            break;
        keys_digest_add(import->file_digest, buffer, (size_t)got);
        if (intake_feed(import->intake, buffer, (size_t)got, error) != BASE_OK)
            return error->code;
        done += (uint64_t)got;
        if (at_rows && done < total)
            cmd_show_progress(&progress, done, total);
    }
    if (progress.percent >= 0)
        cmd_show_progress(&progress, 1, 1);
    return intake_end(import->intake, error);
}

static enum base_code read_open(struct import *import, int descriptor, struct base_error *error)
{
    void *buffer;
    enum base_code code = secret_new(BUFFER_BYTES, &buffer, error);
    if (code != BASE_OK)
        return code;
    code = read_bytes(import, descriptor, buffer, error);
    secret_free(buffer);
    const uint64_t bad = intake_bad_rows(import->intake);
    if (code == BASE_OK) {
        keys_digest_end(import->file_digest, import->digest);
        import->file_digest = NULL;
    } else if (bad == INTAKE_MOST_BAD_ROWS) {
        cmd_say(import->context, _("%d rows or more can't be counted. The first:\n"),
                INTAKE_MOST_BAD_ROWS);
    } else if (bad > 1) {
        cmd_say(import->context,
                P_("%d row can't be counted:\n", "%d rows can't be counted. The first:\n",
                   (unsigned long)bad),
                (int)bad);
    }
    return code;
}

static enum base_code read_file(struct import *import, struct base_error *error)
{
    if (import->path == NULL)
        return read_open(import, STDIN_FILENO, error);
    const int descriptor = open(import->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", import->name);
    const enum base_code code = read_open(import, descriptor, error);
    (void)close(descriptor);
    return code;
}

/* ---- showing and asking ------------------------------------------------------------------------ */

static struct tally_plan plan_of(const struct import *import)
{
    const struct intake_sums *sums = intake_result(import->intake);
    return (struct tally_plan){sums->period,
                               sums->amounts + (sums->period.first - BASE_FIRST_MONTH)};
}

static enum base_code show_rows(const struct import *import, struct base_error *error)
{
    const struct intake_sums *sums = intake_result(import->intake);
    const unsigned long long rows = sums->rows, empty = sums->empty_rows;
    if (sums->contacts)
        return cmd_print(error, _("Read: %llu rows, of which empty: %llu.\n"), rows, empty);
    return cmd_print(error, _("Read: %llu rows, of which empty: %llu, with a count of 0: %llu.\n"),
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

/* BASE_OK is a yes. */
static enum base_code ask(const struct import *import, struct base_error *error)
{
    const struct cmd_context *context = import->context;
    const bool again = import->repeated && context->value[CMD_AGAIN] == NULL;
    bool yes;
    if (context->value[CMD_YES] != NULL)
        return again ? base_fail(error, BASE_IMPORT_AGAIN, "%s", import->name) : BASE_OK;
    enum base_code code =
        term_confirm(again ? _("This machine has counted this file before. Count it once more?")
                           : _("Count all of it?"),
                     context->language == CODEBOOK_DANISH ? 'j' : 'y', 'n', &yes, error);
    if (code == BASE_NEEDS_TERMINAL)
        return base_fail(error, BASE_IMPORT_UNASKED, "%s", "");
    if (code == BASE_OK && !yes)
        return base_fail(error, BASE_CANCELLED, "%s", "");
    return code;
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

/* The file is noted first: should the program end in between, the worst is one question too many. */
static enum base_code count(const struct import *import, struct base_error *error)
{
    struct cmd_progress progress = {import->context, _("Counting"), -1};
    const struct tally_plan plan = plan_of(import);
    const uint8_t *store_id = import->header.store_id;
    struct base_error ignored;
    enum base_code code = BASE_OK;
    if (!import->repeated)
        code = keys_imported_add(store_id, import->digest, error);
    if (code != BASE_OK)
        return code;
    code =
        tally_count_plan(import->context->store_path, &plan, cmd_show_progress, &progress, error);
    if (code != BASE_OK && code != BASE_NOT_ERASED && !import->repeated)
        (void)keys_imported_remove(store_id, import->digest, &ignored);
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
    const struct tally_plan plan = plan_of(import);
    struct tally_counts *counts;
    enum base_code code = tally_check_plan(import->context->store_path, &plan, error);
    if (code == BASE_CHANNEL_NOT_OFFERED || code == BASE_PARTY_NOT_OFFERED)
        return name_not_offered(import, error);
    if (code == BASE_OK)
        code =
            keys_imported_find(import->header.store_id, import->digest, &import->repeated, error);
    if (code == BASE_OK)
        code = tally_plan_counts(&plan, &import->header, &counts, error);
    if (code != BASE_OK)
        return code;
    code = show(import, counts, error);
    if (code == BASE_OK)
        code = ask(import, error);
    if (code == BASE_OK)
        code = count(import, error);
    if (code == BASE_OK)
        confirm(import, counts);
    tally_counts_free(counts);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct import import = {.context = context};
    enum base_code code = begin(&import, error);
    if (code == BASE_OK)
        code = look_at_store(&import, error);
    if (code == BASE_OK)
        code = read_file(&import, error);
    if (code == BASE_OK && intake_result(import.intake)->any)
        code = show_and_count(&import, error);
    else if (code == BASE_OK)
        cmd_say(context, _("There is nothing to count in %s.\n"), import.name);
    keys_digest_free(import.file_digest);
    intake_free(import.intake);
    return code;
}

static const enum cmd_option options[] = {CMD_COLUMN, CMD_YES, CMD_AGAIN, CMD_OPTIONS};

const struct cmd_command cmd_import = {
    .name = "import",
    .arguments = N_("FILE"),
    .summary = N_("count old figures from a table"),
    .details = N_(
        "FILE (- is standard input) is csv: what 'tavs export' wrote, or a table with a row for\n"
        "each contact. Its first row names the columns: month or date, channel, party, session\n"
        "and, where rows are added up, count. Other columns are refused before anything below\n"
        "them is read: names, initials and notes have to be removed from the file first.\n"
        "Dates become months as they are read; docs/import.md lists headings, words and dates.\n\n"
        "It shows what it would count, and counts after a yes: all of it or nothing. No\n"
        "passphrase is needed. A file that was counted on this machine before is noticed; of the\n"
        "file nothing is kept but a digest that only this machine can make."),
    .examples = N_("  tavs import tally-2016.csv            shows what it would count, and asks\n"
                   "  tavs import --yes tally-2017.csv      asks nothing\n"
                   "  tavs import --yes --again tally-2017.csv\n"
                   "                                        counts the same file once more\n"
                   "  tavs import --yes -C channel=Contact -C session=No contacts.csv\n"
                   "                                        says what two of its columns are\n"),
    .least_words = 1,
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE_CHANGE | CMD_REACH_DEVICE_MAKE | CMD_REACH_WORDS_READ,
    .run = run,
};
