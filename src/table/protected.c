/* Documents of protected figures: what their lines are called. */
#include "inside.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_MONTH = 32 }; /* bytes of its name */

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

/* ---- words for sets ------------------------------------------------------------------------- */

static unsigned first_in(unsigned set)
{
    unsigned value = 0;
    while ((set >> value & 1u) == 0)
        value++;
    return value;
}

static unsigned last_in(unsigned set)
{
    unsigned value = first_in(set);
    for (unsigned i = value; i < 8 * sizeof set; i++)
        if ((set >> i & 1u) != 0)
            value = i;
    return value;
}

/* "phone+mail+web"; "all" if nothing is left out. NULL if there is no memory. */
static const char *keep_code(struct table_strings **strings, enum codebook_dimension dimension,
                             unsigned set)
{
    const char *code = "";
    if (set == (1u << codebook_values(dimension)) - 1)
        return "all";
    for (unsigned value = 0; value < codebook_values(dimension) && code != NULL; value++)
        if ((set >> value & 1u) != 0)
            code = table_keep_text(strings, "%s%s%s", code, *code == '\0' ? "" : "+",
                                   codebook_code(dimension, value));
    return code;
}

/* "telephone, mail and web page" */
static const char *keep_words(struct table_strings **strings, enum codebook_dimension dimension,
                              unsigned set, enum codebook_language language)
{
    const char *words = NULL;
    const unsigned last = last_in(set);
    for (unsigned value = first_in(set); value < last; value++) {
        if ((set >> value & 1u) == 0)
            continue;
        const char *word = codebook_word(dimension, value, language);
        words = words == NULL ? word : table_keep_text(strings, "%s, %s", words, word);
        if (words == NULL)
            return NULL;
    }
    const char *word = codebook_word(dimension, last, language);
    /* TRANSLATORS: joins the last of several words to those before it: "telefon, mail og hjemmeside". */
    return words == NULL ? word : table_keep_text(strings, _("%s and %s"), words, word);
}

/* "3rd to 5th conversation" */
static const char *keep_sessions(struct table_strings **strings, unsigned set)
{
    static const char *const brief[CODEBOOK_SESSIONS] = {N_("1st"), N_("2nd"), N_("3rd"), N_("4th"),
                                                         N_("5th")};
    /* TRANSLATORS: "3. til 5. samtale". */
    return table_keep_text(strings, _("%s to %s conversation"), _(brief[first_in(set)]),
                           _(brief[last_in(set)]));
}

static struct table_label label_set(struct table_strings **strings,
                                    enum codebook_dimension dimension, unsigned set,
                                    enum codebook_language language)
{
    struct table_label label;
    if ((set & (set - 1)) == 0)
        return label_value(dimension, first_in(set), language);
    label.code = keep_code(strings, dimension, set);
    label.text = dimension == CODEBOOK_SESSION ? keep_sessions(strings, set)
                                               : keep_words(strings, dimension, set, language);
    return label;
}

/* ---- words for lines ------------------------------------------------------------------------ */

/* "March", "January to March", "Januar til marts"; in code "03", "01..03". */
static struct table_label label_months(struct table_strings **strings, unsigned months,
                                       enum codebook_language language)
{
    const unsigned first = first_in(months), last = last_in(months);
    struct table_label label;
    if (first == last) {
        label.code = table_keep_text(strings, "%02u", first + 1);
        label.text = label_month_name(first);
        return label;
    }
    label.code = table_keep_text(strings, "%02u..%02u", first + 1, last + 1);
    char until[LONGEST_MONTH];
    (void)snprintf(until, sizeof until, "%s", label_month_name(last));
    if (language == CODEBOOK_DANISH) /* small, but where a text begins */
        until[0] = (char)tolower((unsigned char)until[0]);
    /* TRANSLATORS: from one month to another: "Januar til marts". */
    label.text = table_keep_text(strings, _("%s to %s"), label_month_name(first), until);
    return label;
}

static struct table_label label_period(struct table_strings **strings, struct base_period period)
{
    char text[BASE_PERIOD_TEXT];
    base_period_format(period, text);
    const char *kept = table_keep_text(strings, "%s", text);
    return (struct table_label){kept, kept};
}

static struct table_label label_line(struct table *table, enum table_axis axis,
                                     const struct table_line *line, enum codebook_language language)
{
    if (line->total)
        return label_total();
    switch (axis) {
    case TABLE_AXIS_CHANNELS:
        return label_set(&table->strings, CODEBOOK_CHANNEL, line->channels, language);
    case TABLE_AXIS_PARTIES:
        return label_set(&table->strings, CODEBOOK_PARTY, line->parties, language);
    case TABLE_AXIS_SESSIONS:
        return label_set(&table->strings, CODEBOOK_SESSION, line->sessions, language);
    case TABLE_AXIS_MONTHS:
        return label_months(&table->strings, line->months_of_year, language);
    case TABLE_AXIS_PERIODS:
        return label_period(&table->strings, line->months);
    default:
        return line->sessions == TABLE_FIRST_SESSION
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
    default:
        return (struct table_label){"measure", ""};
    }
}

/* ---- documents ------------------------------------------------------------------------------ */

enum base_code table_protected_new(enum table_kind kind, const struct table_heading *heading,
                                   unsigned threshold, const struct table_source *places,
                                   size_t place_count, const struct base_period *periods,
                                   size_t period_count, struct table_document **out,
                                   struct base_error *error)
{
    struct table_document *document;
    enum base_code code =
        document_new(kind, heading, places, place_count, periods, period_count, &document, error);
    if (code != BASE_OK)
        return code;
    document->threshold = threshold;
    code = kind == TABLE_REPORT
               ? document_set_title(document, _("Anonymous counselling, %s"), error)
               : document_set_title(document, _("Counts, %s"), error);
    if (code == BASE_OK)
        code = document_add_definitions(document, error);
    if (code == BASE_OK)
        code = rules_add_public_notes(document, error);
    if (code == BASE_OK)
        *out = document;
    else
        table_document_free(document);
    return code;
}

/* Rows that were not joined are called as in the exact report; the words of others begin as those do. */
static bool name_rows(struct table *table, const struct table_shape *shape)
{
    const struct label_rows *texts = label_rows_of(shape->code);
    for (size_t i = 0; texts != NULL && i < shape->rows; i++) {
        const struct table_line *line = &shape->row[i];
        const char *words = table->row[i].key[0].text;
        const unsigned set =
            shape->row_axis == TABLE_AXIS_CHANNELS ? line->channels : line->parties;
        if (line->total)
            table->row[i].key[0].text = _(texts->total);
        else if ((set & (set - 1)) == 0)
            table->row[i].key[0].text = _(texts->value[first_in(set)]);
        else if (words !=
                 NULL) /* words of the codebook, each of which begins with a letter of ASCII */
            table->row[i].key[0].text =
                table_keep_text(&table->strings, "%c%s", toupper((unsigned char)*words), words + 1);
        if (table->row[i].key[0].text == NULL)
            return false;
    }
    return true;
}

/* Quarters, or months that were joined. */
static bool has_longer_than_months(const struct table_shape *shape)
{
    bool longer = false;
    for (size_t i = 0; i < shape->rows && shape->row_axis == TABLE_AXIS_MONTHS; i++) {
        const unsigned months = shape->row[i].months_of_year;
        longer = longer || (!shape->row[i].total && (months & (months - 1)) != 0);
    }
    return longer;
}

static bool label_lines(struct table *table, const struct table_shape *shape,
                        const struct table_document *document)
{
    bool labelled = true;
    table->key_heading[0] = label_axis(shape->row_axis);
    if (has_longer_than_months(shape))
        table->key_heading[0].text = _("Months");
    table->column_heading = label_axis(shape->column_axis);
    for (size_t i = 0; i < shape->rows; i++) {
        table->row[i].key[0] =
            label_line(table, shape->row_axis, &shape->row[i], document->language);
        table->row[i].total = shape->row[i].total;
        labelled =
            labelled && table->row[i].key[0].code != NULL && table->row[i].key[0].text != NULL;
    }
    labelled = name_rows(table, shape) && labelled;
    for (size_t i = 0; i < shape->columns; i++) {
        label_column(table, i,
                     label_line(table, shape->column_axis, &shape->column[i], document->language));
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
    if (document->place_count > 1)
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

/* ---- tidy data ------------------------------------------------------------------------------ */

/* What a set of values is called where it is a cell of its own. */
static struct table_label label_any(struct table_strings **strings,
                                    enum codebook_dimension dimension, unsigned set,
                                    enum codebook_language language)
{
    if (set == (1u << codebook_values(dimension)) - 1)
        return (struct table_label){"all", _("all")};
    return label_set(strings, dimension, set, language);
}

static struct table_label label_places(struct table *table, const struct table_document *document,
                                       uint32_t places)
{
    const char *code = "";
    if (places == (document->place_count == 32 ? UINT32_MAX : (1u << document->place_count) - 1))
        return (struct table_label){"all", _("all")};
    for (size_t i = 0; i < document->place_count && code != NULL; i++)
        if ((places >> i & 1u) != 0)
            code = table_keep_text(&table->strings, "%s%s%s", code, *code == '\0' ? "" : "+",
                                   document->places[i].name);
    return (struct table_label){code, code};
}

static bool label_sum(struct table *table, size_t row, const struct table_document *document,
                      const struct table_line *line)
{
    const enum codebook_language language = document->language;
    struct table_strings **strings = &table->strings;
    struct table_label *key = table->row[row].key;
    size_t count = 0;
    if (document->place_count > 1)
        key[count++] = label_places(table, document, line->places);
    key[count++] = label_period(strings, line->months);
    key[count++] = label_any(strings, CODEBOOK_CHANNEL, line->channels, language);
    key[count++] = label_any(strings, CODEBOOK_PARTY, line->parties, language);
    key[count++] = label_any(strings, CODEBOOK_SESSION, line->sessions, language);
    for (size_t i = 0; i < count; i++)
        if (key[i].code == NULL || key[i].text == NULL)
            return false;
    return true;
}

static void label_keys(struct table *table, bool several)
{
    struct table_label *heading = table->key_heading;
    if (several)
        *heading++ = label_place();
    *heading++ = (struct table_label){"period", _("Period")};
    *heading++ = label_dimension(TABLE_CHANNEL);
    *heading++ = label_dimension(TABLE_PARTY);
    *heading = label_dimension(TABLE_SESSION);
}

enum base_code table_protected_add_sums(struct table_document *document,
                                        const struct table_line *lines, size_t count,
                                        struct table **out, struct base_error *error)
{
    enum { KEYS = 4 };
    const bool several = document->place_count > 1;
    struct table *table;
    if (table_new("sums", KEYS + (several ? 1 : 0), count, 1, &table, error) != BASE_OK)
        return error->code;
    table->caption = _("Conversations");
    label_keys(table, several);
    table->column_heading.code = "measure";
    label_column(table, 0, (struct table_label){"count", _("Count")});
    for (size_t row = 0; row < count; row++) {
        if (!label_sum(table, row, document, &lines[row])) {
            table_free(table);
            return no_memory(error);
        }
    }
    *out = table;
    if (document->kind == TABLE_EXPORT)
        return document_add_table(document, table, error);
    document->sums = table;
    return BASE_OK;
}

/* ---- what was hidden ------------------------------------------------------------------------ */

enum base_code table_protected_conclude(struct table_document *document, size_t shown,
                                        size_t hidden, bool joined, struct base_error *error)
{
    const char *text;
    if (hidden == 0)
        text =
            table_keep_text(&document->strings, _("No figure had to be hidden: none is under %u."),
                            document->threshold);
    else
        text = table_keep_text(&document->strings,
                               P_("%zu of %zu figures is hidden (..): it is under %u, zero too, or "
                                  "protects one that is.",
                                  "%zu of %zu figures are hidden (..): those under %u, zeros too, "
                                  "and as many others as it takes for nobody to compute them.",
                                  hidden),
                               hidden, shown + hidden, document->threshold);
    const struct table_note note = {
        .code = "protected",
        .text = text,
        .place = TABLE_ALL_PLACES,
        .value = {TABLE_NO_VALUE, TABLE_NO_VALUE, TABLE_NO_VALUE},
    };
    enum base_code code = document_add_note(document, &note, error);
    if (code != BASE_OK || !joined)
        return code;
    struct table_note other = note;
    other.code = "joined";
    other.text = table_keep_text(&document->strings, "%s",
                                 _("Rows that were too small are joined to their neighbours: their "
                                   "labels say which."));
    return document_add_note(document, &other, error);
}
