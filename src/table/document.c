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
        char period[BASE_PERIOD_TEXT];
        base_period_format(document->periods[i], period);
        text = table_keep_text(&document->strings, "%s%s%s", text, i == 0 ? "" : ", ", period);
    }
    return text;
}

enum base_code document_new(enum table_kind kind, const struct table_heading *heading,
                            const struct tally_counts *const counts[], size_t count,
                            struct table_document **out, struct base_error *error)
{
    struct table_document *document = calloc(1, sizeof *document);
    if (document == NULL)
        return no_memory(error);
    document->kind = kind;
    document->language = heading->language;
    document->internal = heading->internal;
    document->title = "";
    document->version = TAVS_VERSION;
    if (heading->date == NULL)
        base_today(document->date);
    else
        (void)snprintf(document->date, sizeof document->date, "%s", heading->date);
    if (heading->fingerprint != NULL) {
        document->fingerprint = table_keep_text(&document->strings, "%s", heading->fingerprint);
        if (document->fingerprint == NULL)
            goto no_memory;
    }
    document->periods = calloc(count, sizeof *document->periods);
    if (document->periods == NULL)
        goto no_memory;
    document->period_count = count;
    for (size_t i = 0; i < count; i++) {
        document->periods[i] = counts[i]->period;
        document->channels |= counts[i]->channels;
        document->parties |= counts[i]->parties;
    }
    document->period_text = keep_periods(document);
    if (document->period_text == NULL)
        goto no_memory;
    *out = document;
    return BASE_OK;

no_memory:
    table_document_free(document);
    return no_memory(error);
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
        {"offered", _("What has a row"),
         _("Only what the place offers. What it does not offer can't be counted and has no row.")},
        {"period", _("Period"),
         _("Whole calendar months. Nobody is identified: the number of conversations of a course "
           "is "
           "what the counsellor said it was.")},
    };
    document->definitions = malloc(sizeof definitions);
    if (document->definitions == NULL)
        return no_memory(error);
    memcpy(document->definitions, definitions, sizeof definitions);
    document->definition_count = sizeof definitions / sizeof definitions[0];
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
    notes[document->note_count++] = *note;
    return BASE_OK;
}
