#include "inside.h"

#include <stdio.h>

static struct table_note empty_note(const char *code, int place)
{
    const struct table_note note = {
        .code = code,
        .place = place,
        .value = {TABLE_NO_VALUE, TABLE_NO_VALUE, TABLE_NO_VALUE},
    };
    return note;
}

static enum base_code note_below_zero(struct table_document *document, int place, base_month month,
                                      unsigned cell, struct base_error *error)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    struct table_note note = empty_note("cell-below-zero", place);
    const char *word[CODEBOOK_DIMENSIONS];
    for (unsigned i = 0; i < CODEBOOK_DIMENSIONS; i++) {
        note.value[i] = contact.value[i];
        word[i] = codebook_word((enum codebook_dimension)i, contact.value[i], document->language);
    }
    note.month = month;
    char text[BASE_WORDS_TEXT];
    base_month_words(month, text);
    /* TRANSLATORS: month, channel, party, conversation: "marts 2017, telefon, bruger, 2. samtale". */
    note.text =
        table_keep_text(&document->strings, _("%s, %s, %s, %s: more retracted than counted."), text,
                        word[CODEBOOK_CHANNEL], word[CODEBOOK_PARTY], word[CODEBOOK_SESSION]);
    return document_add_note(document, &note, error);
}

static enum base_code check_below_zero(struct table_document *document, int place,
                                       const struct tally_counts *counts, struct base_period period,
                                       struct base_error *error)
{
    for (size_t month = period.first; month <= period.last; month++) {
        const int64_t *cells = counts->cells[month - counts->period.first];
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            if (cells[cell] >= 0)
                continue;
            if (note_below_zero(document, place, (base_month)month, cell, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

/* Over the whole life only: a course may begin in one period and go on in the next. */
static enum base_code check_sessions(struct table_document *document, int place,
                                     const struct tally_counts *life, struct base_error *error)
{
    for (unsigned party = 0; party < CODEBOOK_PARTIES; party++) {
        int64_t before = 0;
        for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
            struct table_selection one = table_select_all(life);
            one.parties = (codebook_set)(1u << party);
            one.sessions = (codebook_set)(1u << session);
            const int64_t here = table_sum(life, one);
            const bool exceeds = session > 0 && here > before;
            before = here;
            if (!exceeds)
                continue;
            struct table_note note = empty_note("session-exceeds", place);
            note.value[CODEBOOK_PARTY] = (int)party;
            note.value[CODEBOOK_SESSION] = (int)session;
            char period[BASE_WORDS_TEXT];
            base_period_words(life->period, period);
            /* TRANSLATORS: party, period, conversation, the conversation before it:
             * "pårørende, januar 2015 til december 2017: 3. samtale ... than 2. samtale". */
            note.text = table_keep_text(
                &document->strings,
                _("%s, %s (all that was ever counted): \"%s\" was counted more often than \"%s\"."),
                codebook_word(CODEBOOK_PARTY, party, document->language), period,
                codebook_word(CODEBOOK_SESSION, session, document->language),
                codebook_word(CODEBOOK_SESSION, session - 1, document->language));
            if (document_add_note(document, &note, error) != BASE_OK)
                return error->code;
        }
    }
    return BASE_OK;
}

static enum base_code check_offered(struct table_document *document, int place,
                                    const struct tally_counts *counts,
                                    enum codebook_dimension dimension, codebook_set offered,
                                    struct base_error *error)
{
    const codebook_set counted =
        rows_of_dimension(counts, document->periods, document->period_count, dimension);
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if (!set_has(counted, value) || set_has(offered, value))
            continue;
        struct table_note note = empty_note("not-offered-counted", place);
        note.value[dimension] = (int)value;
        /* TRANSLATORS: a channel or a party: "hjemmeside". */
        note.text = table_keep_text(&document->strings,
                                    _("%s: not offered by the place, but counted in the period."),
                                    codebook_word(dimension, value, document->language));
        if (document_add_note(document, &note, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

/* The month of the document's date; one after all others if it has none. */
static base_month month_of_date(const struct table_document *document)
{
    char text[BASE_MONTH_TEXT];
    base_month month;
    struct base_error ignored;
    (void)snprintf(text, sizeof text, "%.7s", document->date);
    return base_month_parse(text, &month, &ignored) == BASE_OK ? month : BASE_LAST_MONTH + 1;
}

/* A year printed before its end looks like a year with few contacts. */
static enum base_code check_period_over(struct table_document *document, struct base_error *error)
{
    const struct base_period last = document->periods[document->period_count - 1];
    if (month_of_date(document) > last.last)
        return BASE_OK;
    struct table_note note = empty_note("period-not-over", TABLE_ALL_PLACES);
    char period[BASE_WORDS_TEXT];
    base_period_words(last, period);
    /* TRANSLATORS: a period and a date: "2026", "14. juli 2026". */
    note.text = table_keep_text(&document->strings, _("%s had not ended by %s."), period,
                                document->date_text);
    return document_add_note(document, &note, error);
}

/* Those months of the document's periods that had ended by its date and are not closed: from the first
 * of them to the last. What had not ended is another note's. */
static bool find_open(const struct table_document *document, base_month closed_through,
                      struct base_period *open)
{
    const base_month now = month_of_date(document);
    bool any = false;
    for (size_t i = 0; i < document->period_count; i++) {
        for (size_t month = document->periods[i].first; month <= document->periods[i].last;
             month++) {
            if (month <= closed_through || month >= now)
                continue;
            if (!any)
                open->first = (base_month)month;
            open->last = (base_month)month;
            any = true;
        }
    }
    return any;
}

/* A zero of an open month may mean that nobody has counted yet. */
static enum base_code check_closed(struct table_document *document, int place,
                                   base_month closed_through, struct base_error *error)
{
    struct base_period open;
    if (!find_open(document, closed_through, &open))
        return BASE_OK;
    struct table_note note = empty_note("months-open", place);
    note.month = open.first;
    if (open.first == document->periods[0].first && open.first < open.last) {
        note.text = table_keep_text(&document->strings, "%s",
                                    _("No month of the period has been closed: the figures may "
                                      "still change."));
    } else {
        char months[BASE_WORDS_TEXT];
        base_months_words(open, months);
        /* TRANSLATORS: one or several months: "oktober til december 2026". */
        note.text = table_keep_text(&document->strings,
                                    _("Not closed yet: %s. The figures may still change."), months);
    }
    return document_add_note(document, &note, error);
}

static enum base_code check_place(struct table_document *document, int place,
                                  const struct table_source *source, struct base_error *error)
{
    const struct tally_counts *counts = source->counts;
    if (check_closed(document, place, counts->closed_through, error) != BASE_OK)
        return error->code;
    if (check_offered(document, place, counts, CODEBOOK_CHANNEL, counts->channels, error) !=
            BASE_OK ||
        check_offered(document, place, counts, CODEBOOK_PARTY, counts->parties, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < document->period_count; i++)
        if (check_below_zero(document, place, counts, document->periods[i], error) != BASE_OK)
            return error->code;
    return source->life == NULL ? BASE_OK : check_sessions(document, place, source->life, error);
}

enum base_code rules_add_notes(struct table_document *document, const struct table_source *places,
                               struct base_error *error)
{
    if (document->kind == TABLE_REPORT && check_period_over(document, error) != BASE_OK)
        return error->code;
    const bool several = document->place_count > 1;
    for (size_t i = 0; i < document->place_count; i++)
        if (check_place(document, several ? (int)i : TABLE_ALL_PLACES, &places[i], error) !=
            BASE_OK)
            return error->code;
    return BASE_OK;
}

enum base_code rules_add_public_notes(struct table_document *document, struct base_error *error)
{
    const bool several = document->place_count > 1;
    if (document->kind == TABLE_REPORT && check_period_over(document, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; i < document->place_count; i++)
        if (check_closed(document, several ? (int)i : TABLE_ALL_PLACES,
                         document->places[i].closed_through, error) != BASE_OK)
            return error->code;
    return BASE_OK;
}

enum base_code table_rules_new(const struct table_heading *heading, const struct tally_counts *life,
                               struct table_document **out, struct base_error *error)
{
    const struct table_source place = {.counts = life};
    struct table_document *document;
    enum base_code code =
        document_new(TABLE_SHOW, heading, &place, 1, &life->period, 1, &document, error);
    if (code != BASE_OK)
        return code;
    code = check_below_zero(document, TABLE_ALL_PLACES, life, life->period, error);
    if (code == BASE_OK)
        code = check_sessions(document, TABLE_ALL_PLACES, life, error);
    if (code == BASE_OK)
        *out = document;
    else
        table_document_free(document);
    return code;
}
