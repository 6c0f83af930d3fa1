/* Why figures are hidden: for the leader only. */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

enum { LINE_TEXT = RELEASE_FIGURE_TEXT + 256 };

static const char *reason_of(enum protect_status status)
{
    switch (status) {
    case PROTECT_HIDDEN_PRIMARY:
        return _("under the threshold");
    case PROTECT_HIDDEN_SECONDARY:
        return _("to protect others");
    default:
        return _("by lot");
    }
}

enum base_code release_explain(const struct release *release, const struct release_place *places,
                               size_t place_count, enum codebook_language language, char **out,
                               struct base_error *error)
{
    const struct protect_result *result = release->result;
    char words[RELEASE_FIGURE_TEXT];
    size_t length = 0;
    void *memory;
    const size_t room = (release->hidden + 2) * LINE_TEXT;
    if (secret_new(room, &memory, error) != BASE_OK)
        return error->code;
    char *text = memory;
    for (size_t i = 0; i < result->figure_count; i++) {
        const struct protect_figure *figure = &result->figures[i];
        if (figure->status == PROTECT_SHOWN)
            continue;
        release_figure_words(&figure->cells, places, place_count, language, words);
        /* TRANSLATORS: a figure, and why it is hidden. */
        length += (size_t)snprintf(text + length, room - length, _("%s: hidden %s\n"), words,
                                   reason_of(figure->status));
    }
    (void)snprintf(
        text + length, room - length,
        _("Shown: %zu, hidden: %zu (under %u: %zu, to protect others: %zu, by lot: %zu).\n"
          "Possible tallies that prove it: %zu; requirements of protection: %zu, impossible ones: "
          "%zu.\n"),
        release->shown, release->hidden, release->record->threshold, result->hidden_primary,
        result->hidden_secondary, result->hidden_by_lot, result->witnesses, result->requirements,
        result->exempt);
    secret_wipe(words, sizeof words);
    *out = text;
    return BASE_OK;
}
