#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef TAVS_VERSION
#define TAVS_VERSION "0"
#endif

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

static const char *keep_periods(struct table_document *document)
{
    const char *text = "";
    for (size_t i = 0; i < document->period_count && text != NULL; i++) {
        char period[BASE_WORDS_TEXT];
        base_period_words(document->periods[i], period);
        text = table_keep_text(&document->strings, "%s%s%s", text, i == 0 ? "" : ", ", period);
    }
    return text;
}

/* What all places have closed. */
static const char *keep_closed(struct table_document *document)
{
    char month[BASE_WORDS_TEXT];
    document->closed_through = document->places[0].closed_through;
    for (size_t i = 1; i < document->place_count; i++)
        if (document->places[i].closed_through < document->closed_through)
            document->closed_through = document->places[i].closed_through;
    base_month_words(document->closed_through, month);
    return table_keep_text(&document->strings, "%s",
                           document->closed_through == 0 ? _("no month") : month);
}

/* False if there is no memory; NULL stays NULL. */
static bool keep_copy(struct table_document *document, const char **copy, const char *text)
{
    if (text == NULL)
        return true;
    *copy = table_keep_text(&document->strings, "%s", text);
    return *copy != NULL;
}

static bool keep_place(struct table_document *document, struct table_place *place,
                       const struct table_place *given)
{
    place->channels = given->channels;
    place->parties = given->parties;
    place->closed_through = given->closed_through;
    document->channels |= place->channels;
    document->parties |= place->parties;
    if (!keep_copy(document, &place->name, given->name) ||
        !keep_copy(document, &place->fingerprint, given->fingerprint))
        return false;
    place->text = place->name;
    if (place->name != NULL && place->fingerprint != NULL)
        /* TRANSLATORS: a place and its store's fingerprint: "nord, fingeraftryk 820d 2130 …". */
        place->text = table_keep_text(&document->strings, _("%s, fingerprint %s"), place->name,
                                      place->fingerprint);
    return place->name == NULL || place->text != NULL;
}

enum base_code document_begin(const struct document_front *front, struct table_document **out,
                              struct base_error *error)
{
    struct table_document *document = calloc(1, sizeof *document);
    if (document == NULL)
        return no_memory(error);
    document->kind = front->kind;
    document->language = front->language;
    document->title = "";
    if (front->date == NULL)
        base_today(document->date);
    else
        (void)snprintf(document->date, sizeof document->date, "%s", front->date);
    char words[BASE_WORDS_TEXT];
    base_date_words(document->date, words);
    if (!keep_copy(document, &document->date_text, words))
        goto no_memory;
    document->places = calloc(front->place_count, sizeof *document->places);
    document->periods = calloc(front->period_count, sizeof *document->periods);
    if (document->places == NULL || document->periods == NULL)
        goto no_memory;
    document->place_count = front->place_count;
    document->period_count = front->period_count;
    memcpy(document->periods, front->periods, front->period_count * sizeof *front->periods);
    for (size_t i = 0; i < front->place_count; i++)
        if (!keep_place(document, &document->places[i], &front->places[i]))
            goto no_memory;
    document->period_text = keep_periods(document);
    document->closed_text = keep_closed(document);
    if (document->period_text == NULL || document->closed_text == NULL)
        goto no_memory;
    *out = document;
    return BASE_OK;

no_memory:
    table_document_free(document);
    return no_memory(error);
}

enum base_code document_new(enum table_kind kind, const struct table_heading *heading,
                            const struct table_source *places, size_t place_count,
                            const struct base_period *periods, size_t period_count,
                            struct table_document **out, struct base_error *error)
{
    struct table_place *list = calloc(place_count, sizeof *list);
    if (list == NULL)
        return no_memory(error);
    for (size_t i = 0; i < place_count; i++)
        list[i] = (struct table_place){.name = places[i].name,
                                       .fingerprint = places[i].fingerprint,
                                       .channels = places[i].counts->channels,
                                       .parties = places[i].counts->parties,
                                       .closed_through = places[i].counts->closed_through};
    const struct document_front front = {.kind = kind,
                                         .language = heading->language,
                                         .date = heading->date,
                                         .places = list,
                                         .place_count = place_count,
                                         .periods = periods,
                                         .period_count = period_count};
    const enum base_code code = document_begin(&front, out, error);
    free(list);
    if (code == BASE_OK) {
        (*out)->internal = heading->internal;
        (*out)->version = TAVS_VERSION;
    }
    return code;
}

enum base_code document_set_title(struct table_document *document, const char *format,
                                  struct base_error *error)
{
    const char *title = table_keep_text(&document->strings, format, document->period_text);
    if (title == NULL)
        return no_memory(error);
    document->title = title;
    return BASE_OK;
}

enum base_code document_add_table(struct table_document *document, struct table *table,
                                  struct base_error *error)
{
    struct table **tables =
        reallocarray(document->tables, document->table_count + 1, sizeof(struct table *));
    if (tables == NULL) {
        table_free(table);
        return no_memory(error);
    }
    document->tables = tables;
    tables[document->table_count++] = table;
    return BASE_OK;
}

enum base_code document_add_definitions(struct table_document *document, struct base_error *error)
{
    const struct table_definition definitions[] = {
        /* TRANSLATORS: a course is "et forløb" in Danish. */
        {"course", _("Course"),
         _("Anonymous counselling of up to five conversations. A course is counted once, by how it "
           "began: in the month and under the channel of its first conversation.")},
        /* TRANSLATORS: "en samtale" in Danish. */
        {"conversation", _("Conversation"),
         _("One contact between a counsellor and the person counselled. Each conversation is "
           "counted "
           "in its own month and under its own channel, whichever course it belongs to.")},
        {"reached", _("Reached"),
         _("The courses that had their 1st, 2nd, 3rd, 4th or 5th conversation in the period. A "
           "course that had its 2nd to 5th in the period may have begun before it.")},
        /* TRANSLATORS: "kanal" in Danish: how people turn to the office ("henvendelse"). */
        {"channel", _("Channel"),
         _("How a conversation was held. A course belongs to the channel of its first one.")},
        {"party", _("Party"),
         _("Who was counselled: somebody who uses drugs (user), somebody close to one (relative), "
           "or "
           "somebody who meets them at work (professional).")},
        {"offered", _("What has a row"),
         _("What is offered, or was counted when it was. What a place does not offer can't be "
           "counted there.")},
        {"period", _("Period"),
         _("Whole calendar months. Nobody is identified: the number of conversations of a course "
           "is "
           "what the counsellor said it was.")},
        {"closed", _("Closed"),
         _("A month is closed when its counts have been declared complete: a zero there means that "
           "nobody came. In a month that is open something may still be counted.")},
        {"place", _("Place"),
         _("An office that keeps a count of its own. What all places have in all is the sum of "
           "theirs: "
           "somebody who was counselled at two places is counted at both.")},
    };
    /* The last is for documents of several places. */
    const size_t count =
        sizeof definitions / sizeof definitions[0] - (document->place_count > 1 ? 0 : 1);
    document->definitions = malloc(sizeof definitions);
    if (document->definitions == NULL)
        return no_memory(error);
    memcpy(document->definitions, definitions, count * sizeof definitions[0]);
    document->definition_count = count;
    return BASE_OK;
}

enum base_code document_add_note(struct table_document *document, const struct table_note *note,
                                 struct base_error *error)
{
    if (note->text == NULL)
        return no_memory(error);
    struct table_note *notes =
        reallocarray(document->notes, document->note_count + 1, sizeof *notes);
    if (notes == NULL)
        return no_memory(error);
    document->notes = notes;
    notes[document->note_count] = *note;
    if (note->place != TABLE_ALL_PLACES) {
        const char *text = table_keep_text(&document->strings, "%s: %s",
                                           document->places[note->place].name, note->text);
        if (text == NULL)
            return no_memory(error);
        notes[document->note_count].text = text;
    }
    document->note_count++;
    return BASE_OK;
}
