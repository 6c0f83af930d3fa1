/* What was released from the store, as its ledger has it. */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "page.h"
#include "tavs/audit.h"
#include "tavs/secret.h"

static size_t count_shown(const struct record_release *release)
{
    size_t shown = 0;
    for (size_t i = 0; i < release->figure_count; i++)
        shown += release->figures[i].shown;
    return shown;
}

/* "  1  report: 2016, 2017; November 2026, places: 1, threshold: 5, ..." */
static void put_release(struct page *page, size_t number, const struct record_release *release)
{
    enum { INDENT = 6, TEXT_BYTES = 512 };
    const size_t shown = count_shown(release);
    char words[BASE_WORDS_TEXT], text[TEXT_BYTES];
    struct page_flow flow = {.page = page, .indent = INDENT, .column = INDENT};

    page_put(page, "%4zu  ", number);
    for (size_t i = 0; i < release->period_count; i++) {
        base_period_words(release->periods[i], words);
        (void)snprintf(text, sizeof text, "%s%s", words, i + 1 < release->period_count ? "," : ";");
        page_put_words(&flow, text);
    }
    base_month_words(release->month, words);
    (void)snprintf(text, sizeof text,
                   _("released in %s, places: %zu, threshold: %u, figures shown: %zu, hidden: %zu"),
                   words, release->place_count, release->threshold, shown,
                   release->figure_count - shown);
    page_put_words(&flow, text);
    page_put(page, "\n");
}

static void compose(struct page *page, const struct tally_ledger *ledger)
{
    char most[PAGE_NUMBER_TEXT];
    page->size = 0;
    for (size_t i = 0; i < ledger->count; i++)
        put_release(page, i + 1, ledger->entries[i].release);
    page_format_number(most, RECORD_MOST_RELEASES, page->language);
    page_put(page, _("Releases: %zu; records in use: %u of %s.\n"), ledger->count, ledger->records,
             most);
}

static enum base_code list_text(const struct cmd_context *context,
                                const struct tally_ledger *ledger, struct base_error *error)
{
    struct page page = {.language = context->language};
    void *bytes;
    compose(&page, ledger);
    enum base_code code = secret_new(page.size + 1, &bytes, error);
    if (code != BASE_OK)
        return code;
    page.bytes = bytes;
    page.room = page.size + 1;
    compose(&page, ledger);
    code = cmd_write_text(context, page.bytes, page.size, error);
    secret_free(bytes);
    return code;
}

static enum base_code list_json(const struct cmd_context *context, const struct cmd_reader *reader,
                                const struct tally_ledger *ledger, struct base_error *error)
{
    char *bytes;
    size_t size;
    enum base_code code = audit_ledger_json(ledger, reader->fingerprint, &bytes, &size, error);
    if (code != BASE_OK)
        return code;
    code = cmd_write_output(context, bytes, size, error);
    secret_free(bytes);
    return code;
}

static enum base_code read_ledger(const struct cmd_context *context,
                                  const struct cmd_reader *reader, struct tally_ledger **ledger,
                                  struct base_error *error)
{
    struct store *store;
    enum base_code code = cmd_open_store(context, STORE_READ, reader, &store, error);
    if (code != BASE_OK)
        return code;
    code = tally_ledger_read(store, reader->key, ledger, error);
    store_close(store);
    return code;
}

static enum base_code run_list(struct cmd_context *context, struct base_error *error)
{
    struct cmd_reader reader;
    struct tally_ledger *ledger = NULL;
    bool json;
    enum base_code code = cmd_choose_record_format(context, &json, error);
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    if (code == BASE_OK)
        code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = read_ledger(context, &reader, &ledger, error);
    if (code == BASE_OK)
        code =
            json ? list_json(context, &reader, ledger, error) : list_text(context, ledger, error);
    tally_ledger_free(ledger);
    cmd_close_reader(&reader);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    static const struct cmd_verb verbs[] = {{"list", run_list, 0}};
    return cmd_run_verb(context, verbs, sizeof verbs / sizeof *verbs, error);
}

static const enum cmd_option options[] = {CMD_PASSPHRASE_FILE, CMD_FORMAT, CMD_OUTPUT, CMD_FORCE,
                                          CMD_OPTIONS};

const struct cmd_command cmd_release = {
    .name = "release",
    .arguments = N_("list"),
    .summary = N_("what was released from the store"),
    .details = N_(
        "list    every report and export that was released protected, in the order in which they\n"
        "        were: the month, what of which period, how many figures were shown and hidden,\n"
        "        and a digest that is the same where what they told is (asks for a passphrase)\n"
        "The ledger has no counts, no dates and no names. --format json gives a record to file\n"
        "(else text)."),
    .examples = N_("  tavs release list\n"
                   "  tavs release list -f json -o releases.json\n"),
    .least_words = 1,
    .most_words = 1,
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
