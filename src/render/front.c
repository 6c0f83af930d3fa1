#include <stdio.h>

#include "inside.h"

const char *front_mark(const struct table_document *document)
{
    if (document->internal)
        return _("Internal: exact figures, not for publication");
    return document->draft ? _("Draft, not published") : NULL;
}

const char *front_status(const struct table_document *document, const struct table *table,
                         size_t row, size_t column)
{
    switch (table->statuses[table_index(table, row, column)]) {
    case TABLE_HIDDEN:
        /* TRANSLATORS: the status of a figure: not shown to protect somebody ("skjult"), nothing to
         * count ("tilbydes ikke"), exact and for the house only ("intern"), for all ("vist"). */
        return _("hidden");
    case TABLE_NOT_OFFERED:
        return _("not offered");
    default:
        if (document->draft)
            /* TRANSLATORS: the status of a figure of a draft ("udkast"). */
            return _("draft");
        if (document->edition > 1)
            /* TRANSLATORS: the status of a figure of a corrected edition ("rettet"). */
            return _("corrected");
        return document->internal ? _("internal") : _("shown");
    }
}

static bool has_status(const struct table *table, enum table_status status)
{
    for (size_t i = 0; i < table->rows * table->columns; i++)
        if (table->statuses[i] == status)
            return true;
    return false;
}

const char *front_legend(const struct table_document *document, const struct table *table,
                         enum table_status status, char text[FRONT_LEGEND])
{
    if (status == TABLE_SHOWN || !has_status(table, status))
        return NULL;
    if (status == TABLE_NOT_OFFERED)
        return _(". not offered by the place");
    (void)snprintf(text, FRONT_LEGEND,
                   _(".. under %u, or hidden to protect such figures or by lot"),
                   document->threshold);
    return text;
}

size_t front_facts(const struct table_document *document, struct front_fact facts[FRONT_FACTS])
{
    size_t count = 0;
    /* A tally on the terminal has its period in the title, and is of now. */
    if (document->kind != TABLE_SHOW) {
        facts[count++] = (struct front_fact){_("Period"), document->period_text, ""};
        for (size_t i = 0; document->place_count > 1 && i < document->place_count; i++)
            facts[count++] = (struct front_fact){_("Place"), document->places[i].text, ""};
        facts[count++] = (struct front_fact){_("Date"), document->date_text, ""};
        if (document->edition_text != NULL)
            /* TRANSLATORS: before the number of what was published; "Offentliggørelse". */
            facts[count++] = (struct front_fact){_("Release"), document->edition_text, ""};
        if (document->version != NULL)
            facts[count++] = (struct front_fact){_("Program"), "tavs ", document->version};
    }
    /* Of what was published all months are. */
    if (document->release == 0)
        /* TRANSLATORS: before the last month whose counts are complete; "Lukket til og med". */
        facts[count++] = (struct front_fact){_("Closed through"), document->closed_text, ""};
    if (document->place_count == 1 && document->places[0].fingerprint != NULL)
        facts[count++] = (struct front_fact){_("Fingerprint"), document->places[0].fingerprint, ""};
    return count;
}
