/* Documents of protected figures: what stands at their head, what their lines are called, what is said of
 * that which is hidden. */
#include "inside.h"

#include <ctype.h>
#include <string.h>

enum { MONTHS_OF_YEAR = 12 };

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

static unsigned first_in(unsigned set)
{
    unsigned value = 0;
    while ((set >> value & 1U) == 0)
        value++;
    return value;
}

/* ---- the head ------------------------------------------------------------------------------- */

static bool keep_edition(struct table_document *document,
                         const struct table_publication *publication)
{
    document->release = publication->release;
    document->edition = publication->edition;
    document->corrects = publication->corrects;
    if (publication->release == 0)
        return true;
    if (publication->edition > 1)
        /* TRANSLATORS: number of a release, its edition, and the number of the release that it corrects. */
        document->edition_text =
            table_keep_text(&document->strings, _("%u: corrected edition %u of release %u"),
                            publication->release, publication->edition, publication->corrects);
    else
        document->edition_text = table_keep_text(&document->strings, "%u", publication->release);
    return document->edition_text != NULL;
}

static enum base_code set_title(struct table_document *document, struct base_error *error)
{
    const bool is_report = document->kind == TABLE_REPORT;
    if (document->edition > 1)
        return is_report ? document_set_title(
                               document, _("Anonymous counselling, %s (corrected edition)"), error)
                         : document_set_title(document, _("Counts, %s (corrected edition)"), error);
    return is_report ? document_set_title(document, _("Anonymous counselling, %s"), error)
                     : document_set_title(document, _("Counts, %s"), error);
}

enum base_code table_protected_new(enum table_kind kind,
                                   const struct table_publication *publication,
                                   struct table_document **out, struct base_error *error)
{
    const struct document_front front = {.kind = kind,
                                         .language = publication->language,
                                         .date = publication->date,
                                         .places = publication->places,
                                         .place_count = publication->place_count,
                                         .periods = publication->periods,
                                         .period_count = publication->period_count};
    struct table_document *document;
    enum base_code code = document_begin(&front, &document, error);
    if (code != BASE_OK)
        return code;
    document->threshold = publication->threshold;
    document->draft = publication->draft;
    if (!keep_edition(document, publication))
        code = no_memory(error);
    if (code == BASE_OK)
        code = set_title(document, error);
    if (code == BASE_OK)
        code = document_add_definitions(document, error);
    if (code == BASE_OK && publication->draft)
        code = rules_add_public_notes(document, error);
    if (code == BASE_OK)
        *out = document;
    else
        table_document_free(document);
    return code;
}

/* ---- words for lines ------------------------------------------------------------------------ */

/* "March", "1st quarter"; in code "03", "01..03". */
static struct table_label label_months(struct table_strings **strings, struct base_period months)
{
    /* TRANSLATORS: a row of a table by quarters: "1. kvartal". */
    static const char *const quarters[] = {N_("1st quarter"), N_("2nd quarter"), N_("3rd quarter"),
                                           N_("4th quarter")};
    const unsigned first = months.first % MONTHS_OF_YEAR, last = months.last % MONTHS_OF_YEAR;
    if (first == last)
        return (struct table_label){table_keep_text(strings, "%02u", first + 1),
                                    label_month_name(first)};
    return (struct table_label){table_keep_text(strings, "%02u..%02u", first + 1, last + 1),
                                _(quarters[first / 3])};
}

static struct table_label label_line(struct table *table, enum table_axis axis,
                                     const struct table_line *line,
                                     const struct table_document *document)
{
    const enum codebook_language language = document->language;
    unsigned place = 0;
    if (line->total)
        return label_total();
    switch (axis) {
    case TABLE_AXIS_CHANNELS:
        return label_value(CODEBOOK_CHANNEL, first_in(line->cells.channels), language);
    case TABLE_AXIS_PARTIES:
        return label_value(CODEBOOK_PARTY, first_in(line->cells.parties), language);
    case TABLE_AXIS_SESSIONS:
        return label_value(CODEBOOK_SESSION, first_in(line->cells.sessions), language);
    case TABLE_AXIS_MONTHS:
        return label_months(&table->strings, line->cells.months);
    case TABLE_AXIS_PERIODS:
        return label_period(&table->strings, line->cells.months);
    case TABLE_AXIS_PLACES:
        while (!place_set_has(&line->cells.places, place))
            place++;
        return (struct table_label){document->places[place].name, document->places[place].name};
    default:
        return line->cells.sessions == COUNTS_COURSES
                   ? (struct table_label){"courses", _("Courses")}
                   : (struct table_label){"conversations", _("Conversations")};
    }
}

static struct table_label label_axis(enum table_axis axis)
{
    switch (axis) {
    case TABLE_AXIS_CHANNELS:
        return label_dimension(TABLE_CHANNEL);
    case TABLE_AXIS_PARTIES:
        return label_dimension(TABLE_PARTY);
    case TABLE_AXIS_SESSIONS:
        return label_dimension(TABLE_SESSION);
    case TABLE_AXIS_MONTHS:
        return label_dimension(TABLE_MONTH);
    case TABLE_AXIS_PERIODS:
        return (struct table_label){"period", _("Period")};
    case TABLE_AXIS_PLACES:
        return label_place();
    default:
        return (struct table_label){"measure", ""};
    }
}

/* Rows are called as in the exact report. */
static void name_rows(struct table *table, const struct table_shape *shape)
{
    const struct label_rows *texts = label_rows_of(shape->code);
    for (size_t i = 0; texts != NULL && i < shape->rows; i++) {
        const struct table_line *line = &shape->row[i];
        const unsigned set =
            shape->row_axis == TABLE_AXIS_CHANNELS ? line->cells.channels : line->cells.parties;
        table->row[i].key[0].text = line->total ? _(texts->total) : _(texts->value[first_in(set)]);
    }
}

static bool has_quarters(const struct table_shape *shape)
{
    return shape->row_axis == TABLE_AXIS_MONTHS && shape->rows > 0 &&
           shape->row[0].cells.months.first < shape->row[0].cells.months.last;
}

static bool label_lines(struct table *table, const struct table_shape *shape,
                        const struct table_document *document)
{
    bool labelled = true;
    table->key_heading[0] = label_axis(shape->row_axis);
    if (has_quarters(shape))
        table->key_heading[0].text = _("Quarter");
    table->column_heading = label_axis(shape->column_axis);
    for (size_t i = 0; i < shape->rows; i++) {
        table->row[i].key[0] = label_line(table, shape->row_axis, &shape->row[i], document);
        table->row[i].total = shape->row[i].total;
        labelled =
            labelled && table->row[i].key[0].code != NULL && table->row[i].key[0].text != NULL;
    }
    name_rows(table, shape);
    for (size_t i = 0; i < shape->columns; i++) {
        label_column(table, i, label_line(table, shape->column_axis, &shape->column[i], document));
        table->column[i].total = shape->column[i].total;
        labelled =
            labelled && table->column[i].label.code != NULL && table->column[i].brief != NULL;
    }
    return labelled;
}

enum base_code table_protected_add(struct table_document *document, const struct table_shape *shape,
                                   struct table **out, struct base_error *error)
{
    struct table *table;
    const char *whose = NULL;
    if (table_new(shape->code, 1, shape->rows, shape->columns, &table, error) != BASE_OK)
        return error->code;
    table->place = shape->place;
    if (shape->names_place)
        whose = shape->place == TABLE_ALL_PLACES ? _("all places")
                                                 : document->places[shape->place].name;
    table->caption = whose == NULL
                         ? shape->caption
                         : table_keep_text(&table->strings, "%s: %s", shape->caption, whose);
    if (table->caption == NULL || !label_lines(table, shape, document)) {
        table_free(table);
        return no_memory(error);
    }
    *out = table;
    return document_add_table(document, table, error);
}

/* ---- what hidden rows come to ------------------------------------------------------------------ */

/* Whether a row's text is written small within a sentence: names of places are not, months only in Danish. */
static bool is_written_small(const struct table *table, enum codebook_language language)
{
    const char *code = table->key_heading[0].code;
    return strcmp(code, "place") != 0 &&
           (language == CODEBOOK_DANISH || strcmp(code, "month") != 0);
}

/* Joins a row's text to those before it. */
static const char *join_row(struct table *table, const char *words, const char *text, bool last,
                            bool small)
{
    char first[] = {text[0], '\0'};
    if (small) /* a letter of ASCII, as all words of the codebook begin with */
        first[0] = (char)tolower((unsigned char)text[0]);
    const char *rest = text[0] == '\0' ? text : text + 1;
    const char *word = table_keep_text(&table->strings, "%s%s", first, rest);
    if (word == NULL)
        return NULL;
    /* TRANSLATORS: joins the last of several rows to those before it: "Juni og juli". */
    return last ? table_keep_text(&table->strings, _("%s and %s"), words, word)
                : table_keep_text(&table->strings, "%s, %s", words, word);
}

/* "By mail and through the web page" */
static const char *keep_rows(struct table *table, uint32_t rows, enum codebook_language language)
{
    const char *words = NULL;
    const bool small = is_written_small(table, language);
    for (size_t row = 0; row < table->rows; row++) {
        if ((rows >> row & 1U) == 0)
            continue;
        const char *word = table->row[row].key[0].text;
        const bool last = rows >> row == 1U;
        words = words == NULL ? word : join_row(table, words, word, last, small);
        if (words == NULL)
            return NULL;
    }
    return words;
}

enum base_code table_protected_put_together(const struct table_document *document,
                                            struct table *table, uint32_t rows, size_t column,
                                            int64_t sum, struct base_error *error)
{
    size_t count = 0;
    while (count < TABLE_MOST_TOGETHER && table->together[count] != NULL)
        count++;
    if (count == TABLE_MOST_TOGETHER)
        return BASE_OK;
    const char *words = keep_rows(table, rows, document->language);
    const char *text = NULL;
    if (words != NULL && table->columns > 1)
        /* TRANSLATORS: a column, rows that are hidden, and what they come to: "2026: Pr. mail og
         * Gennem hjemmesiden tilsammen 35". */
        text = table_keep_text(&table->strings, _("%s: %s together %lld"),
                               table->column[column].label.text, words, (long long)sum);
    else if (words != NULL)
        /* TRANSLATORS: rows that are hidden, and what they come to. */
        text = table_keep_text(&table->strings, _("%s together: %lld"), words, (long long)sum);
    if (text == NULL)
        return no_memory(error);
    table->together[count] = text;
    return BASE_OK;
}

/* ---- what was hidden ------------------------------------------------------------------------ */

enum base_code table_protected_conclude(struct table_document *document, size_t shown,
                                        size_t hidden, struct base_error *error)
{
    const char *text;
    if (hidden == 0)
        text =
            table_keep_text(&document->strings, _("No figure had to be hidden: none is under %u."),
                            document->threshold);
    else
        text = table_keep_text(
            &document->strings,
            P_("%zu of %zu figures is hidden (..). Hidden are figures under %u, zeros too; others, "
               "so "
               "that nobody can compute those; and beyond the totals and the channels of a year "
               "one "
               "in 16 by lot, whatever it is, so that nobody can conclude anything from what is "
               "hidden.",
               "%zu of %zu figures are hidden (..). Hidden are figures under %u, zeros too; "
               "others, so "
               "that nobody can compute those; and beyond the totals and the channels of a year "
               "one "
               "in 16 by lot, whatever it is, so that nobody can conclude anything from what is "
               "hidden.",
               hidden),
            hidden, shown + hidden, document->threshold);
    const struct table_note note = {
        .code = "protected",
        .text = text,
        .place = TABLE_ALL_PLACES,
        .value = {TABLE_NO_VALUE, TABLE_NO_VALUE, TABLE_NO_VALUE},
    };
    return document_add_note(document, &note, error);
}
