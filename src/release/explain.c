#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/secret.h"

/* Text that grows, in guarded memory: it tells which figures are small. */
struct text {
    char *bytes;
    size_t size, room;
    bool failed;
};

static bool make_room(struct text *text, size_t size)
{
    enum { FIRST = 4096 };
    struct base_error ignored;
    void *memory;
    if (text->failed || text->size + size < text->room)
        return !text->failed;
    const size_t room = 2 * text->room + size + FIRST;
    text->failed = secret_new(room, &memory, &ignored) != BASE_OK;
    if (text->failed)
        return false;
    if (text->bytes != NULL)
        memcpy(memory, text->bytes, text->size);
    secret_free(text->bytes);
    text->bytes = memory;
    text->room = room;
    return true;
}

__attribute__((format(printf, 2, 3))) static void put(struct text *text, const char *format, ...)
{
    enum { LONGEST = 1024 };
    va_list arguments;
    if (!make_room(text, LONGEST))
        return;
    va_start(arguments, format);
    const int length = vsnprintf(text->bytes + text->size, LONGEST, format, arguments);
    va_end(arguments);
    if (length > 0)
        text->size += (size_t)length < LONGEST ? (size_t)length : LONGEST - 1;
}

static void put_set(struct text *text, enum codebook_dimension dimension, unsigned set,
                    enum codebook_language language)
{
    const char *between = ", ";
    if (set == (1u << codebook_values(dimension)) - 1)
        return;
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if ((set >> value & 1u) == 0)
            continue;
        put(text, "%s%s", between, codebook_word(dimension, value, language));
        between = " + ";
    }
}

/* "1. kvartal 2026, telefon + mail, påbegyndte forløb" */
static void put_sum(struct text *text, const struct release *release, const struct protect_sum *sum)
{
    const struct table_document *document = release->document;
    char period[BASE_WORDS_TEXT];
    for (size_t i = 0; document->place_count > 1 && i < document->place_count; i++)
        if ((sum->places >> i & 1u) != 0)
            put(text, "%s, ", document->places[i].name);
    base_period_words(sum->months, period);
    put(text, "%s", period);
    put_set(text, CODEBOOK_CHANNEL, sum->channels, document->language);
    put_set(text, CODEBOOK_PARTY, sum->parties, document->language);
    if (sum->sessions == PROTECT_COURSES)
        put(text, ", %s", _("courses begun"));
    else if (sum->sessions == PROTECT_ALL_SESSIONS)
        put(text, ", %s", _("conversations"));
    else
        put_set(text, CODEBOOK_SESSION, sum->sessions, document->language);
}

static void put_figure(struct text *text, const struct release *release,
                       const struct protect_figure *figure)
{
    const struct protect_result *result = release->result;
    put_sum(text, release, &figure->sum);
    if (figure->status == PROTECT_HIDDEN_PRIMARY)
        put(text, _(": hidden because it is under %u"), release->document->threshold);
    else
        put(text, ": %s", _("hidden to protect another figure"));
    put(text, _("; at least %" PRId64 " to %" PRId64 " stays possible for an attacker"),
        figure->least, figure->most);
    if (figure->status == PROTECT_HIDDEN_SECONDARY && figure->give_up_table != PROTECT_NO_FIGURE) {
        const struct protect_figure *other =
            &result->tables[figure->give_up_table].figures[figure->give_up_figure];
        put(text, "; %s ", _("it could be shown if this were hidden instead:"));
        put_sum(text, release, &other->sum);
    }
    put(text, "\n");
}

enum base_code release_explain(const struct release *release, char **out, struct base_error *error)
{
    const struct protect_figure **figures;
    size_t count;
    struct text text = {0};
    if (different_figures(release->result, &figures, &count, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < count; i++)
        if (figures[i]->status != PROTECT_SHOWN)
            put_figure(&text, release, figures[i]);
    if (release->result->exposed_before > 0)
        put(&text,
            P_("%zu small figure was given away by earlier releases and counts changed since.\n",
               "%zu small figures were given away by earlier releases and counts changed since.\n",
               release->result->exposed_before),
            release->result->exposed_before);
    put(&text,
        _("Shown: %zu, hidden: %zu. Proved by %zu possible tallies that fit all that is shown.\n"),
        release->shown, release->hidden, release->result->witnesses);
    free(figures);
    if (text.failed) {
        secret_free(text.bytes);
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
    }
    *out = text.bytes;
    return BASE_OK;
}
