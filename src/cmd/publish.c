/* What report and export share where they are not exact: a protected release. */
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/secret.h"
#include "tavs/term.h"

static enum base_code read_threshold(const struct cmd_context *context, unsigned *threshold,
                                     struct base_error *error)
{
    int64_t number = PROTECT_THRESHOLD;
    const char *given = context->value[CMD_THRESHOLD];
    if (given != NULL &&
        !base_parse_number(given, PROTECT_LEAST_THRESHOLD, PROTECT_MOST_THRESHOLD, &number))
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--threshold %s", given);
    *threshold = (unsigned)number;
    return BASE_OK;
}

enum base_code cmd_check_publish(const struct cmd_context *context, struct base_error *error)
{
    static const enum cmd_option protected_only[] = {CMD_THRESHOLD, CMD_EXPLAIN, CMD_PREVIEW};
    unsigned threshold;
    for (size_t i = 0; i < sizeof protected_only / sizeof *protected_only; i++)
        if (context->value[CMD_EXACT] != NULL && context->value[protected_only[i]] != NULL)
            return base_fail(error, BASE_BAD_OPTION_VALUE, "--exact --%s",
                             cmd_option_text(protected_only[i])->name);
    /* Rows that are joined for one place but not for another give its small figures away as a difference. */
    if (context->value[CMD_EXACT] == NULL && context->stores.count > 1)
        return base_fail(error, BASE_PLACES_NOT_PROTECTED, "--store %s",
                         context->stores.value[1]);
    /* What is only looked at is not to be mistaken for what was released. */
    if (context->value[CMD_PREVIEW] != NULL && cmd_output_is_file(context))
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--preview --output");
    return read_threshold(context, &threshold, error);
}

static enum base_code explain(const struct release *release, struct base_error *error)
{
    char *text;
    enum base_code code = release_explain(release, &text, error);
    if (code != BASE_OK)
        return code;
    code = term_write(STDERR_FILENO, text, _("standard error"), error);
    secret_free(text);
    return code;
}

/* The ledger knows of it before anybody can see it. */
static enum base_code issue(struct cmd_context *context, const struct cmd_places *places,
                            struct release *release, enum render_format preset,
                            struct base_error *error)
{
    enum base_code code = BASE_OK;
    const bool preview = context->value[CMD_PREVIEW] != NULL;
    if (context->value[CMD_EXPLAIN] != NULL)
        code = explain(release, error);
    if (code == BASE_OK && !preview && !release->is_again)
        code = cmd_record_release(context, places, release->record, error);
    if (code != BASE_OK)
        return code;
    if (preview)
        cmd_say(context, "%s\n", _("A preview: nothing is recorded, so it must not be published."));
    else if (release->is_again)
        cmd_say(context, "%s\n", _("Released before, and nothing has changed: the same again."));
    return cmd_deliver(context, release->document, preset, error);
}

enum base_code cmd_publish(struct cmd_context *context, enum table_kind kind,
                           const struct base_period *periods, size_t period_count,
                           enum render_format preset, struct base_error *error)
{
    struct cmd_places *places;
    struct release *release;
    const struct base_period all = {periods[0].first, periods[period_count - 1].last};
    struct release_order order = {
        .kind = kind,
        .language = context->language,
        .periods = periods,
        .period_count = period_count,
        .explain = context->value[CMD_EXPLAIN] != NULL,
        .preview = context->value[CMD_PREVIEW] != NULL,
    };
    enum base_code code = read_threshold(context, &order.threshold, error);
    if (code == BASE_OK)
        code = cmd_read_places(context, all, CMD_READ_LEDGER, &places, error);
    if (code != BASE_OK)
        return code;
    code = release_new(&order, places->release, places->count, &release, error);
    if (code == BASE_OK) {
        code = issue(context, places, release, preset, error);
        release_free(release);
    }
    cmd_free_places(places);
    return code;
}
