#include "inside.h"

#include <stdlib.h>

enum { MONTHS_OF_YEAR = 12 };

/* Some of a document's places, added up or side by side. */
struct scope {
    const struct table_document *document;
    const struct table_source *places;
    size_t count;
    int place; /* of the document, if the scope is no more than that one of several */
};

/* Several places of one year stand side by side, else the years do. */
static bool has_place_columns(const struct scope *scope)
{
    return scope->count > 1 && scope->document->period_count == 1;
}

static size_t count_columns(const struct scope *scope)
{
    return has_place_columns(scope) ? scope->count + 1 : scope->document->period_count;
}

/* The sum of what is selected in a column. The selection's months are those of a year, from 0 on. */
static int64_t sum_column(const struct scope *scope, size_t column,
                          struct table_selection selection)
{
    const bool by_place = has_place_columns(scope);
    const base_month year = scope->document->periods[by_place ? 0 : column].first;
    selection.months.first = (base_month)(selection.months.first + year);
    selection.months.last = (base_month)(selection.months.last + year);
    int64_t sum = 0;
    for (size_t place = 0; place < scope->count; place++)
        if (!by_place || column == scope->count || column == place)
            sum += table_sum(scope->places[place].counts, selection);
    return sum;
}

static struct table_selection select_year(codebook_set sessions)
{
    const struct table_selection all = {
        .months = {0, MONTHS_OF_YEAR - 1},
        .channels = CODEBOOK_ALL_CHANNELS,
        .parties = CODEBOOK_ALL_PARTIES,
        .sessions = sessions,
    };
    return all;
}

/* ---- labels --------------------------------------------------------------------------------- */

static enum base_code label_years(struct table *table, const struct table_document *document,
                                  struct base_error *error)
{
    table->column_heading = (struct table_label){"year", _("Year")};
    for (size_t i = 0; i < document->period_count; i++) {
        const int year = base_month_year(document->periods[i].first);
        const char *text = table_keep_text(&table->strings, "%d", year);
        if (text == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", table->code);
        label_column(table, i, (struct table_label){text, text});
    }
    return BASE_OK;
}

static enum base_code label_columns(struct table *table, const struct scope *scope,
                                    struct base_error *error)
{
    if (!has_place_columns(scope))
        return label_years(table, scope->document, error);
    table->column_heading = label_place();
    for (size_t i = 0; i < scope->count; i++) {
        const char *name = scope->document->places[i].name;
        label_column(table, i, (struct table_label){name, name});
    }
    label_total_column(table, scope->count);
    return BASE_OK;
}

/* A caption says which of several places the table is of, if its columns don't. */
static enum base_code put_caption(struct table *table, const struct scope *scope,
                                  const char *caption, struct base_error *error)
{
    const struct table_document *document = scope->document;
    const char *whose = NULL;
    table->place = scope->place;
    if (scope->place != TABLE_ALL_PLACES)
        whose = document->places[scope->place].name;
    else if (document->place_count > 1 && !has_place_columns(scope))
        whose = _("all places");
    table->caption =
        whose == NULL ? caption : table_keep_text(&table->strings, "%s: %s", caption, whose);
    return table->caption != NULL ? BASE_OK : base_fail(error, BASE_NO_MEMORY, "%s", table->code);
}

/* ---- tables --------------------------------------------------------------------------------- */

/* A table by one dimension of the codebook, from the conversations in `sessions`; without texts for its
 * rows (label_rows_of) they are the words of the codebook, and there is no total. */
struct breakdown {
    const char *code, *caption;
    enum table_dimension dimension;
    codebook_set sessions;
};

static codebook_set rows_of_place(const struct scope *scope, size_t place,
                                  enum codebook_dimension dimension)
{
    return rows_of_dimension(scope->places[place].counts, scope->document->periods,
                             scope->document->period_count, dimension);
}

static codebook_set rows_of_scope(const struct scope *scope, enum codebook_dimension dimension)
{
    codebook_set rows = 0;
    for (size_t i = 0; i < scope->count; i++)
        rows |= rows_of_place(scope, i, dimension);
    return rows;
}

/* A row that is there for other places' sake. */
static void mark_not_offered(struct table *table, size_t row, const struct scope *scope,
                             enum codebook_dimension dimension, unsigned value)
{
    for (size_t place = 0; has_place_columns(scope) && place < scope->count; place++)
        if (!set_has(rows_of_place(scope, place, dimension), value))
            table->statuses[table_index(table, row, place)] = TABLE_NOT_OFFERED;
}

static size_t set_size(codebook_set set)
{
    size_t size = 0;
    for (unsigned value = 0; value < CODEBOOK_MOST_VALUES; value++)
        size += set_has(set, value) ? 1 : 0;
    return size;
}

static void fill_row(struct table *table, size_t row, const struct scope *scope,
                     struct table_selection selection)
{
    for (size_t column = 0; column < table->columns; column++)
        table->figures[table_index(table, row, column)] = sum_column(scope, column, selection);
}

static void fill_breakdown(struct table *table, const struct breakdown *breakdown,
                           const struct scope *scope, codebook_set values)
{
    const enum codebook_dimension dimension = dimension_in_codebook(breakdown->dimension);
    const struct table_selection all = select_year(breakdown->sessions);
    const struct label_rows *texts = label_rows_of(breakdown->code);
    size_t row = 0;
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if (!set_has(values, value))
            continue;
        table->row[row].key[0] = label_value(dimension, value, scope->document->language);
        if (texts != NULL)
            table->row[row].key[0].text = _(texts->value[value]);
        struct table_selection one = all;
        *selection_set(&one, dimension) = (codebook_set)(1u << value);
        fill_row(table, row, scope, one);
        mark_not_offered(table, row++, scope, dimension, value);
    }
    if (texts == NULL)
        return;
    label_total_row(table, row);
    table->row[row].key[0].text = _(texts->total);
    fill_row(table, row, scope, all);
}

static enum base_code add_breakdown(struct table_document *document,
                                    const struct breakdown *breakdown, const struct scope *scope,
                                    struct base_error *error)
{
    const codebook_set values = rows_of_scope(scope, dimension_in_codebook(breakdown->dimension));
    const size_t rows = set_size(values) + (label_rows_of(breakdown->code) != NULL ? 1 : 0);
    struct table *table;
    if (table_new(breakdown->code, 1, rows, count_columns(scope), &table, error) != BASE_OK)
        return error->code;
    table->key_heading[0] = label_dimension(breakdown->dimension);
    fill_breakdown(table, breakdown, scope, values);
    if (put_caption(table, scope, breakdown->caption, error) != BASE_OK ||
        label_columns(table, scope, error) != BASE_OK) {
        table_free(table);
        return error->code;
    }
    return document_add_table(document, table, error);
}

static enum base_code label_months(struct table *table, const struct scope *scope, bool one_column,
                                   struct base_error *error)
{
    table->key_heading[0] = label_dimension(TABLE_MONTH);
    for (unsigned month = 0; month < MONTHS_OF_YEAR; month++) {
        struct table_label *label = &table->row[month].key[0];
        if (one_column)
            *label = label_month(table, (base_month)(scope->document->periods[0].first + month));
        else
            label->code = table_keep_text(&table->strings, "%02u", month + 1);
        if (label->code == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", table->code);
        label->text = label_month_name(month);
    }
    label_total_row(table, MONTHS_OF_YEAR);
    return BASE_OK;
}

static void label_measures(struct table *table)
{
    table->column_heading.code = "measure";
    label_column(table, 0, (struct table_label){"courses", _("Courses")});
    label_column(table, 1, (struct table_label){"conversations", _("Conversations")});
}

/* Where there would be one column of courses there is one of conversations as well. */
static enum base_code add_months(struct table_document *document, const struct scope *scope,
                                 struct base_error *error)
{
    const size_t columns = count_columns(scope);
    const bool one = columns == 1;
    struct table *table;
    if (table_new(one ? "months" : "courses-by-month", 1, MONTHS_OF_YEAR + 1, one ? 2 : columns,
                  &table, error) != BASE_OK)
        return error->code;
    if (label_months(table, scope, one, error) != BASE_OK ||
        put_caption(table, scope,
                    one ? _("Courses begun and conversations, by month")
                        : _("Courses begun, by month"),
                    error) != BASE_OK ||
        (!one && label_columns(table, scope, error) != BASE_OK)) {
        table_free(table);
        return error->code;
    }
    if (one)
        label_measures(table);
    for (size_t row = 0; row < table->rows; row++) {
        struct table_selection some = select_year(TABLE_FIRST_SESSION);
        if (row < MONTHS_OF_YEAR)
            some.months.first = some.months.last = (base_month)row;
        if (!one) {
            fill_row(table, row, scope, some);
            continue;
        }
        table->figures[table_index(table, row, 0)] = sum_column(scope, 0, some);
        some.sessions = TABLE_ALL_SESSIONS;
        table->figures[table_index(table, row, 1)] = sum_column(scope, 0, some);
    }
    return document_add_table(document, table, error);
}

/* The tables of the scope. */
static enum base_code add_scope(struct table_document *document, const struct scope *scope,
                                struct base_error *error)
{
    const struct breakdown breakdowns[] = {
        {"courses-by-channel", _("Courses begun, by channel"), TABLE_CHANNEL, TABLE_FIRST_SESSION},
        {"conversations-by-channel", _("Conversations, by channel"), TABLE_CHANNEL,
         TABLE_ALL_SESSIONS},
        {"courses-by-party", _("Courses begun, by party"), TABLE_PARTY, TABLE_FIRST_SESSION},
        {"courses-by-session", _("Courses that reached their 1st to 5th conversation"),
         TABLE_SESSION, TABLE_ALL_SESSIONS},
    };
    for (size_t i = 0; i < sizeof breakdowns / sizeof breakdowns[0]; i++)
        if (add_breakdown(document, &breakdowns[i], scope, error) != BASE_OK)
            return error->code;
    return add_months(document, scope, error);
}

/* The courses of each place in each year. */
static enum base_code add_places(struct table_document *document, const struct scope *all,
                                 struct base_error *error)
{
    struct table *table;
    if (table_new("courses-by-place", 1, all->count + 1, document->period_count, &table, error) !=
        BASE_OK)
        return error->code;
    if (label_years(table, document, error) != BASE_OK) {
        table_free(table);
        return error->code;
    }
    table->caption = _("Courses begun, by place");
    table->key_heading[0] = label_place();
    for (size_t i = 0; i < all->count; i++) {
        const struct scope one = {document, &all->places[i], 1, (int)i};
        const char *name = document->places[i].name;
        table->row[i].key[0] = (struct table_label){name, name};
        fill_row(table, i, &one, select_year(TABLE_FIRST_SESSION));
    }
    label_total_row(table, all->count);
    fill_row(table, all->count, all, select_year(TABLE_FIRST_SESSION));
    return document_add_table(document, table, error);
}

static enum base_code fill_report(struct table_document *document,
                                  const struct table_source *places, struct base_error *error)
{
    const struct scope all = {document, places, document->place_count, TABLE_ALL_PLACES};
    const bool each = all.count > 1 && !has_place_columns(&all);
    /* TRANSLATORS: the title of the annual report on "råd og vejledning"; %s is a year or several.
     */
    if (document_set_title(document, _("Anonymous counselling, %s"), error) != BASE_OK ||
        (each && add_places(document, &all, error) != BASE_OK) ||
        add_scope(document, &all, error) != BASE_OK)
        return error->code;
    for (size_t i = 0; each && i < all.count; i++) {
        const struct scope one = {document, &places[i], 1, (int)i};
        if (add_scope(document, &one, error) != BASE_OK)
            return error->code;
    }
    if (document_add_definitions(document, error) != BASE_OK)
        return error->code;
    return rules_add_notes(document, places, error);
}

enum base_code table_report_new(const struct table_heading *heading,
                                const struct table_source *places, size_t place_count,
                                const int years[], size_t year_count, struct table_document **out,
                                struct base_error *error)
{
    struct table_document *document;
    struct base_period *periods = calloc(year_count, sizeof *periods);
    if (periods == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
    for (size_t i = 0; i < year_count; i++) {
        periods[i].first = (base_month)(years[i] * MONTHS_OF_YEAR);
        periods[i].last = (base_month)(periods[i].first + MONTHS_OF_YEAR - 1);
    }
    enum base_code code = document_new(TABLE_REPORT, heading, places, place_count, periods,
                                       year_count, &document, error);
    free(periods);
    if (code != BASE_OK)
        return code;
    code = fill_report(document, places, error);
    if (code == BASE_OK)
        *out = document;
    else
        table_document_free(document);
    return code;
}
