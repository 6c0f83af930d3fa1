/* What was published, as the store's ledger has it. */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "page.h"
#include "tavs/audit.h"
#include "tavs/secret.h"

/* What the texts are composed of. */
struct listing {
    const struct cmd_context *context;
    const struct cmd_places *places;
    const struct tally_ledger *ledger;
    const struct record_release *shown; /* of `show` */
};

static size_t count_shown(const struct record_release *release)
{
    size_t shown = 0;
    for (size_t i = 0; i < release->figure_count; i++)
        shown += release->figures[i].shown;
    return shown;
}

/* What has become of a release; NULL if it is as it should be. */
static const char *state_of(const struct listing *listing, const struct record_release *release)
{
    if (release_is_corrected(listing->ledger, release))
        return _("a corrected edition has taken its place");
    return release_agrees(release, listing->places->release, listing->places->count)
               ? NULL
               : _("NO LONGER AGREES with the counts: tavs publish --correct");
}

static void put_sentence(struct page_flow *flow, const char *text, const char *after)
{
    enum { SENTENCE_BYTES = 640 };
    char sentence[SENTENCE_BYTES];
    (void)snprintf(sentence, sizeof sentence, "%s%s", text, after);
    page_put_words(flow, sentence);
}

/* "  1  2016, 2017; published in November 2026, ..." */
static void put_release(struct page *page, const struct listing *listing,
                        const struct record_release *release)
{
    enum { INDENT = 6, TEXT_BYTES = 512 };
    const size_t shown = count_shown(release);
    char words[BASE_WORDS_TEXT], text[TEXT_BYTES];
    const char *state = state_of(listing, release);
    struct page_flow flow = {.page = page, .indent = INDENT, .column = INDENT};

    page_put(page, "%4u  ", release->number);
    for (size_t i = 0; i < release->period_count; i++) {
        base_period_words(release->periods[i], words);
        put_sentence(&flow, words, i + 1 < release->period_count ? "," : ";");
    }
    base_month_words(release->month, words);
    (void)snprintf(
        text, sizeof text,
        _("published in %s, places: %zu, threshold: %u, figures shown: %zu, hidden: %zu"), words,
        release->place_count, release->threshold, shown, release->figure_count - shown);
    put_sentence(&flow, text, release->edition > 1 || state != NULL ? ";" : "");
    if (release->edition > 1) {
        (void)snprintf(text, sizeof text, _("corrected edition %u of release %u"), release->edition,
                       release->corrects);
        put_sentence(&flow, text, state != NULL ? ";" : "");
    }
    if (state != NULL)
        put_sentence(&flow, state, "");
    page_put(page, "\n");
}

typedef void composer(struct page *page, const struct listing *listing);

static void compose_list(struct page *page, const struct listing *listing)
{
    const struct tally_ledger *ledger = listing->ledger;
    char most[PAGE_NUMBER_TEXT];
    for (size_t i = 0; i < ledger->count; i++)
        put_release(page, listing, ledger->entries[i].release);
    page_format_number(most, RECORD_MOST_RELEASES, page->language);
    page_put(page, _("Releases: %zu; records in use: %u of %s.\n"), ledger->count, ledger->records,
             most);
}

/* A line for each figure: what was shown, or "..". */
static void compose_figures(struct page *page, const struct listing *listing)
{
    const struct record_release *release = listing->shown;
    char words[RELEASE_FIGURE_TEXT];
    put_release(page, listing, release);
    for (size_t i = 0; i < release->figure_count; i++) {
        const struct record_figure *figure = &release->figures[i];
        struct cell_set cells = figure->cells;
        const bool alone = release->place_count == 1;
        release_figure_words(&cells, listing->places->release, alone ? 1 : 0, page->language,
                             words);
        if (!alone && place_set_count(&cells.places) == release->place_count)
            page_put(page, "  %s, ", _("all places"));
        else if (!alone && place_set_has(&cells.places, 0))
            page_put(page, "  %s, ", _("this place"));
        else if (!alone)
            page_put(page, "  %s, ", _("another place"));
        else
            page_put(page, "  ");
        page_put(page, "%s: ", words);
        if (figure->shown)
            page_put_number(page, 0, figure->value);
        else
            page_put(page, "..");
        page_put(page, "\n");
    }
}

static enum base_code write_text(const struct listing *listing, composer *compose,
                                 struct base_error *error)
{
    struct page page = {.language = listing->context->language};
    void *bytes;
    compose(&page, listing);
    enum base_code code = secret_new(page.size + 1, &bytes, error);
    if (code != BASE_OK)
        return code;
    page.bytes = bytes;
    page.room = page.size + 1;
    page.size = 0;
    compose(&page, listing);
    code = cmd_write_text(listing->context, page.bytes, error);
    secret_free(bytes);
    return code;
}

static enum base_code list_json(const struct listing *listing, struct base_error *error)
{
    char *bytes;
    size_t size;
    enum base_code code =
        audit_ledger_json(listing->ledger, listing->places->fingerprint, &bytes, &size, error);
    if (code != BASE_OK)
        return code;
    code = cmd_write_output(listing->context, bytes, size, error);
    secret_free(bytes);
    return code;
}

/* The ledger, and the counts that it is compared with. */
static enum base_code read_all(struct cmd_context *context, struct cmd_places **places,
                               struct listing *listing, struct base_error *error)
{
    const base_month now = base_month_now();
    const enum base_code code =
        cmd_read_places(context, (struct base_period){now, now}, CMD_READ_LEDGER, places, error);
    if (code == BASE_OK)
        *listing = (struct listing){context, *places, (*places)->release[0].ledger, NULL};
    return code;
}

static enum base_code run_list(struct cmd_context *context, struct base_error *error)
{
    struct cmd_places *places = NULL;
    struct listing listing;
    bool json;
    enum base_code code = cmd_choose_record_format(context, &json, error);
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    if (code == BASE_OK)
        code = read_all(context, &places, &listing, error);
    if (code == BASE_OK)
        code = json ? list_json(&listing, error) : write_text(&listing, compose_list, error);
    cmd_free_places(places);
    return code;
}

static enum base_code run_show(struct cmd_context *context, struct base_error *error)
{
    struct cmd_places *places = NULL;
    struct listing listing;
    int64_t number;
    bool json;
    enum base_code code = cmd_choose_record_format(context, &json, error);
    if (code == BASE_OK && json)
        code = base_fail(error, BASE_BAD_OPTION_VALUE, "--format json");
    if (code == BASE_OK && !base_parse_number(context->words[1], 1, RECORD_MOST_RELEASES, &number))
        code = base_fail(error, BASE_NO_SUCH_RELEASE, "%s", context->words[1]);
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    if (code == BASE_OK)
        code = read_all(context, &places, &listing, error);
    if (code == BASE_OK && (size_t)number > listing.ledger->count)
        code = base_fail(error, BASE_NO_SUCH_RELEASE, "%s", context->words[1]);
    if (code == BASE_OK) {
        listing.shown = listing.ledger->entries[number - 1].release;
        code = write_text(&listing, compose_figures, error);
    }
    cmd_free_places(places);
    return code;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    static const struct cmd_verb verbs[] = {{"list", run_list, 0}, {"show", run_show, 1}};
    return cmd_run_verb(context, verbs, sizeof verbs / sizeof *verbs, error);
}

static const enum cmd_option options[] = {CMD_PASSPHRASE_FILE, CMD_FORMAT, CMD_OUTPUT, CMD_FORCE,
                                          CMD_OPTIONS};

const struct cmd_command cmd_release = {
    .name = "release",
    .arguments = N_("list|show N"),
    .summary = N_("what was published from the store"),
    .details = N_(
        "list      all that was published, in that order: its number, the periods, the month, how "
        "many\n"
        "          figures were shown and hidden, and whether it still agrees with the counts\n"
        "show N    the figures of release N as they were published; '..' is hidden\n"
        "Both ask for a passphrase. The store keeps the figures that were shown, which are public; "
        "of\n"
        "what was hidden it keeps only that it was. --format json (else text) gives the list as a\n"
        "record to file."),
    .examples = N_("  tavs release list                           what was published, and does it "
                   "still agree?\n"
                   "  tavs release show 3                         the figures of release 3\n"
                   "  tavs release list -f json -o releases.json\n"
                   ""),
    .least_words = 1,
    .most_words = 2,
    .options = options,
    .reach = CMD_REACH_STORE,
    .run = run,
};
