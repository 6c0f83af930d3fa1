/* What could be published, as a draft: report and export where they are not exact. */
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/term.h"

enum base_code cmd_parse_threshold(const struct cmd_context *context, unsigned *threshold,
                                   struct base_error *error)
{
    int64_t number = 0;
    const char *given = context->value[CMD_THRESHOLD];
    if (given != NULL &&
        !base_parse_number(given, RECORD_LEAST_THRESHOLD, RECORD_MOST_THRESHOLD, &number))
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--threshold %s", given);
    *threshold = (unsigned)number;
    return BASE_OK;
}

enum base_code cmd_check_draft(const struct cmd_context *context, struct base_error *error)
{
    static const enum cmd_option protected_only[] = {CMD_THRESHOLD, CMD_EXPLAIN};
    unsigned threshold;
    for (size_t i = 0; i < sizeof protected_only / sizeof *protected_only; i++)
        if (context->value[CMD_EXACT] != NULL && context->value[protected_only[i]] != NULL)
            return base_fail(error, BASE_BAD_OPTION_VALUE, "--exact --%s",
                             cmd_option_text(protected_only[i])->name);
    return cmd_parse_threshold(context, &threshold, error);
}

enum base_code cmd_explain(const struct cmd_context *context, const struct release *release,
                           const struct cmd_places *places, struct base_error *error)
{
    char *text;
    enum base_code code =
        release_explain(release, places->release, places->count, context->language, &text, error);
    if (code != BASE_OK)
        return code;
    code = term_write(STDERR_FILENO, text, _("standard error"), error);
    secret_free(text);
    return code;
}

/* A draft is of what a correction would leave; who publishes next has to make that first. */
static void warn_of_outdated(const struct cmd_context *context, const struct cmd_places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        const struct tally_ledger *ledger = places->release[i].ledger;
        for (size_t j = 0; j < ledger->count; j++) {
            const struct record_release *record = ledger->entries[j].release;
            if (release_is_corrected(ledger, record) ||
                release_agrees(record, places->release, places->count))
                continue;
            cmd_say(context, "%s\n",
                    _("Counts have changed since they were published: 'tavs release list' says "
                      "which,\n'tavs publish --correct' comes first."));
            return;
        }
    }
}

static enum base_code deliver(const struct cmd_context *context, enum table_kind kind,
                              const struct cmd_places *places, const struct release *release,
                              enum render_format preset, struct base_error *error)
{
    const struct release_print print = {.language = context->language,
                                        .draft = true,
                                        .places = places->release,
                                        .place_count = places->count};
    struct table_document *document;
    enum base_code code = BASE_OK;
    if (context->value[CMD_EXPLAIN] != NULL)
        code = cmd_explain(context, release, places, error);
    if (code == BASE_OK)
        code = release_document(release->record, &print, kind, &document, error);
    if (code != BASE_OK)
        return code;
    cmd_say(context, "%s\n", _("A draft: nothing is recorded, and it must not be published."));
    warn_of_outdated(context, places);
    code = cmd_deliver(context, document, preset, error);
    table_document_free(document);
    return code;
}

/* What was hidden as small stays hidden: a draft with a lower threshold would show what can never be published. */
static enum base_code check_threshold(const struct cmd_places *places, unsigned threshold,
                                      struct base_error *error)
{
    for (size_t i = 0; threshold != 0 && i < places->count; i++)
        if (threshold < places->release[i].threshold && places->release[i].ledger->count > 0)
            return base_fail(error, BASE_THRESHOLD_LOWERED, "%u", places->release[i].threshold);
    return BASE_OK;
}

enum base_code cmd_draft(struct cmd_context *context, enum table_kind kind,
                         const struct base_period *periods, size_t period_count,
                         enum render_format preset, struct base_error *error)
{
    struct cmd_places *places;
    struct release *release;
    struct cmd_slow_progress progress;
    const struct base_period all = {periods[0].first, periods[period_count - 1].last};
    struct release_order order = {.periods = periods,
                                  .period_count = period_count,
                                  .draft = true,
                                  .progress = cmd_show_slow_progress,
                                  .progress_context = &progress};
    enum base_code code = cmd_parse_threshold(context, &order.threshold, error);
    if (code == BASE_OK)
        code = cmd_read_places(context, all, CMD_READ_LEDGER, &places, error);
    if (code != BASE_OK)
        return code;
    cmd_begin_slow_progress(&progress, context, _("Protecting"));
    code = check_threshold(places, order.threshold, error);
    if (code == BASE_OK)
        code = release_new(&order, places->release, places->count, &release, error);
    if (code == BASE_OK) {
        code = deliver(context, kind, places, release, preset, error);
        release_free(release);
    }
    cmd_free_places(places);
    return code;
}
