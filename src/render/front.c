#include "inside.h"

const char *front_mark(void)
{
    return _("Internal: exact figures, not for publication");
}

const char *front_legend(const struct table *table)
{
    for (size_t row = 0; row < table->rows; row++)
        for (size_t column = 0; column < table->columns; column++)
            if (figure_is_hidden(table, row, column))
                return _(".. not shown, to protect those who were counted");
    return NULL;
}

size_t front_facts(const struct table_document *document, struct front_fact facts[FRONT_FACTS])
{
    size_t count = 0;
    /* A tally on the terminal has its period in the title, and is of now. */
    if (document->kind != TABLE_SHOW) {
        facts[count++] = (struct front_fact){_("Period"), document->period_text, ""};
        facts[count++] = (struct front_fact){_("Date"), document->date, ""};
        facts[count++] = (struct front_fact){_("Program"), "tavs ", document->version};
    }
    if (document->fingerprint != NULL)
        facts[count++] = (struct front_fact){_("Fingerprint"), document->fingerprint, ""};
    return count;
}
