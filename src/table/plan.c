#include "inside.h"

enum { MONTHS_OF_YEAR = 12 };

/* How the rows and columns of a plan are cut. */
struct plan {
    const struct tally_counts *counts;
    enum codebook_language language;
    bool by_year;
    codebook_set channels; /* that have a column */
};

static size_t count_rows(const struct plan *plan)
{
    const struct base_period period = plan->counts->period;
    return plan->by_year
               ? (size_t)(base_month_year(period.last) - base_month_year(period.first)) + 1
               : base_period_months(period);
}

static struct base_period months_of_row(const struct plan *plan, size_t row)
{
    const base_month first = plan->counts->period.first;
    if (!plan->by_year)
        return (struct base_period){(base_month)(first + row), (base_month)(first + row)};
    const size_t year = (size_t)base_month_year(first) + row;
    return (struct base_period){(base_month)(year * MONTHS_OF_YEAR),
                                (base_month)(year * MONTHS_OF_YEAR + MONTHS_OF_YEAR - 1)};
}

static enum base_code label_row(struct table *table, size_t row, const struct plan *plan,
                                struct base_error *error)
{
    struct table_label *label = &table->row[row].key[0];
    const base_month month = months_of_row(plan, row).first;
    if (plan->by_year) {
        label->text = table_keep_text(&table->strings, "%d", base_month_year(month));
        label->code = label->text;
    } else {
        *label = label_month(table, month);
    }
    return label->text != NULL ? BASE_OK : base_fail(error, BASE_NO_MEMORY, "%s", table->code);
}

static void fill_row(struct table *table, size_t row, const struct plan *plan,
                     struct base_period months)
{
    struct table_selection some = table_select_all(plan->counts);
    int64_t *figure = table->figures + table_index(table, row, 0);
    some.months = months;
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++) {
        some.channels = (codebook_set)(1u << channel);
        if (set_has(plan->channels, channel))
            *figure++ = table_sum(plan->counts, some);
    }
    some.channels = CODEBOOK_ALL_CHANNELS;
    *figure = table_sum(plan->counts, some);
}

static void label_columns(struct table *table, const struct plan *plan)
{
    size_t column = 0;
    table->column_heading = label_dimension(TABLE_CHANNEL);
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++)
        if (set_has(plan->channels, channel))
            label_column(table, column++, label_value(CODEBOOK_CHANNEL, channel, plan->language));
    label_total_column(table, column);
}

static size_t count_columns(const struct plan *plan)
{
    size_t columns = 1;
    for (unsigned channel = 0; channel < CODEBOOK_CHANNELS; channel++)
        columns += set_has(plan->channels, channel) ? 1 : 0;
    return columns;
}

static enum base_code make_table(const struct plan *plan, struct table **out,
                                 struct base_error *error)
{
    struct table *table;
    const size_t rows = count_rows(plan);
    if (table_new("plan", 1, rows + 1, count_columns(plan), &table, error) != BASE_OK)
        return error->code;
    table->caption = _("Conversations");
    table->key_heading[0] =
        plan->by_year ? (struct table_label){"year", _("Year")} : label_dimension(TABLE_MONTH);
    label_columns(table, plan);
    for (size_t row = 0; row < rows; row++) {
        if (label_row(table, row, plan, error) != BASE_OK) {
            table_free(table);
            return error->code;
        }
        fill_row(table, row, plan, months_of_row(plan, row));
    }
    label_total_row(table, rows);
    fill_row(table, rows, plan, plan->counts->period);
    *out = table;
    return BASE_OK;
}

enum base_code table_plan_new(const struct table_heading *heading, const struct table_source *place,
                              struct table_document **out, struct base_error *error)
{
    const struct tally_counts *counts = place->counts;
    const struct plan plan = {
        .counts = counts,
        .language = heading->language,
        .by_year = base_period_months(counts->period) > TABLE_PLAN_MONTHS,
        .channels = rows_of_dimension(counts, &counts->period, 1, CODEBOOK_CHANNEL),
    };
    struct table_document *document;
    struct table *table = NULL;
    if (document_new(TABLE_SHOW, heading, place, 1, &counts->period, 1, &document, error) !=
        BASE_OK)
        return error->code;
    /* TRANSLATORS: above a table of old figures that are about to be counted; %s is their period. */
    if (document_set_title(document, _("To be counted, %s"), error) != BASE_OK ||
        make_table(&plan, &table, error) != BASE_OK ||
        document_add_table(document, table, error) != BASE_OK ||
        rules_add_notes(document, place, error) != BASE_OK) {
        table_document_free(document);
        return error->code;
    }
    *out = document;
    return BASE_OK;
}
