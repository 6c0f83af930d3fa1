#include "inside.h"

enum { MONTHS_OF_YEAR = 12 };

struct years {
    const struct tally_counts *const *counts;
    size_t count;
};

/* One column a year. */
static enum base_code label_years(struct table *table, const struct years *years,
                                  struct base_error *error)
{
    table->column_heading.code = "year";
    table->column_heading.text = _("Year");
    for (size_t i = 0; i < years->count; i++) {
        const int year = base_month_year(years->counts[i]->period.first);
        const char *text = table_keep_text(&table->strings, "%d", year);
        if (text == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", table->code);
        label_column(table, i, (struct table_label){text, text});
    }
    return BASE_OK;
}

/* A table of the years by one dimension of the codebook, from the conversations in `sessions`. */
struct breakdown {
    const char *code, *caption;
    enum table_dimension dimension;
    codebook_set sessions;
    bool with_total;
};

static void fill_breakdown(struct table *table, const struct breakdown *breakdown,
                           const struct years *years, codebook_set values,
                           enum codebook_language language)
{
    const enum codebook_dimension dimension = dimension_in_codebook(breakdown->dimension);
    size_t row = 0;
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if (!set_has(values, value))
            continue;
        table->row[row].key[0] = label_value(dimension, value, language);
        for (size_t year = 0; year < years->count; year++) {
            struct table_selection one = table_select_all(years->counts[year]);
            one.sessions = breakdown->sessions;
            *selection_set(&one, dimension) = (codebook_set)(1u << value);
            table->figures[table_index(table, row, year)] = table_sum(years->counts[year], one);
        }
        row++;
    }
    if (!breakdown->with_total)
        return;
    label_total_row(table, row);
    for (size_t year = 0; year < years->count; year++) {
        struct table_selection all = table_select_all(years->counts[year]);
        all.sessions = breakdown->sessions;
        table->figures[table_index(table, row, year)] = table_sum(years->counts[year], all);
    }
}

static size_t set_size(codebook_set set)
{
    size_t size = 0;
    for (unsigned value = 0; value < CODEBOOK_MOST_VALUES; value++)
        size += set_has(set, value) ? 1 : 0;
    return size;
}

static enum base_code add_breakdown(struct table_document *document,
                                    const struct breakdown *breakdown, const struct years *years,
                                    struct base_error *error)
{
    const codebook_set values =
        rows_of_dimension(years->counts, years->count, dimension_in_codebook(breakdown->dimension));
    const size_t rows = set_size(values) + (breakdown->with_total ? 1 : 0);
    struct table *table;
    if (table_new(breakdown->code, 1, rows, years->count, &table, error) != BASE_OK)
        return error->code;
    table->caption = breakdown->caption;
    table->key_heading[0] = label_dimension(breakdown->dimension);
    fill_breakdown(table, breakdown, years, values, document->language);
    if (label_years(table, years, error) != BASE_OK) {
        table_free(table);
        return error->code;
    }
    return document_add_table(document, table, error);
}

/* A figure of the months' table: `row` is a month of the year, or all of it after the last. */
static int64_t month_figure(const struct tally_counts *year, size_t row, codebook_set sessions)
{
    struct table_selection some = table_select_all(year);
    some.sessions = sessions;
    if (row < MONTHS_OF_YEAR)
        some.months.first = some.months.last = (base_month)(year->period.first + row);
    return table_sum(year, some);
}

static enum base_code label_months(struct table *table, const struct years *years,
                                   struct base_error *error)
{
    table->key_heading[0] = label_dimension(TABLE_MONTH);
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
        struct table_label *label = &table->row[month].key[0];
        if (years->count == 1)
            *label = label_month(table, (base_month)(years->counts[0]->period.first + month));
        else
            label->code = table_keep_text(&table->strings, "%02u", month + 1);
        if (label->code == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", table->code);
        label->text = label_month_name(month);
    }
    label_total_row(table, MONTHS_OF_YEAR);
    return BASE_OK;
}

/* One year: courses and conversations. Several: the years' courses side by side. */
static enum base_code add_months(struct table_document *document, const struct years *years,
                                 struct base_error *error)
{
    const bool one_year = years->count == 1;
    struct table *table;
    if (table_new(one_year ? "months" : "courses-by-month", 1, MONTHS_OF_YEAR + 1,
                  one_year ? 2 : years->count, &table, error) != BASE_OK)
        return error->code;
    if (label_months(table, years, error) != BASE_OK ||
        (!one_year && label_years(table, years, error) != BASE_OK)) {
        table_free(table);
        return error->code;
    }
    table->caption =
        one_year ? _("Courses begun and conversations, by month") : _("Courses begun, by month");
    if (one_year) {
        table->column_heading.code = "measure";
        label_column(table, 0, (struct table_label){"courses", _("Courses")});
        label_column(table, 1, (struct table_label){"conversations", _("Conversations")});
    }
    for (size_t row = 0; row < table->rows; row++)
        for (size_t column = 0; column < table->columns; column++)
            table->figures[table_index(table, row, column)] =
                month_figure(years->counts[one_year ? 0 : column], row,
                             one_year && column == 1 ? TABLE_ALL_SESSIONS : TABLE_FIRST_SESSION);
    return document_add_table(document, table, error);
}

static enum base_code fill_report(struct table_document *document, const struct years *years,
                                  const struct tally_counts *life, struct base_error *error)
{
    /* TRANSLATORS: the title of the annual report on "råd og vejledning"; %s is a year or several.
     */
    if (document_set_title(document, _("Anonymous counselling, %s"), error) != BASE_OK)
        return error->code;
    const struct breakdown breakdowns[] = {
        {"courses-by-channel", _("Courses begun, by channel"), TABLE_CHANNEL, TABLE_FIRST_SESSION,
         true},
        {"conversations-by-channel", _("Conversations, by channel"), TABLE_CHANNEL,
         TABLE_ALL_SESSIONS, true},
        {"courses-by-party", _("Courses begun, by party"), TABLE_PARTY, TABLE_FIRST_SESSION, true},
        {"courses-by-session", _("Courses that reached their 1st to 5th conversation"),
         TABLE_SESSION, TABLE_ALL_SESSIONS, false},
    };
    for (size_t i = 0; i < sizeof breakdowns / sizeof breakdowns[0]; i++)
        if (add_breakdown(document, &breakdowns[i], years, error) != BASE_OK)
            return error->code;
    if (add_months(document, years, error) != BASE_OK ||
        document_add_definitions(document, error) != BASE_OK)
        return error->code;
    return rules_add_notes(document, years->counts, years->count, life, error);
}

enum base_code table_report_new(const struct table_heading *heading,
                                const struct tally_counts *const years[], size_t count,
                                const struct tally_counts *life, struct table_document **out,
                                struct base_error *error)
{
    const struct years all = {years, count};
    struct table_document *document;
    if (document_new(TABLE_REPORT, heading, years, count, &document, error) != BASE_OK)
        return error->code;
    if (fill_report(document, &all, life, error) != BASE_OK) {
        table_document_free(document);
        return error->code;
    }
    *out = document;
    return BASE_OK;
}
