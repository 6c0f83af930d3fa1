#include "inside.h"

/* A tally in the making. */
struct tally {
    const struct tally_counts *counts;
    const enum table_dimension *by;
    size_t by_count;
    bool by_session;
    enum codebook_language language;
};

static size_t values_of(const struct tally *tally, enum table_dimension dimension)
{
    return dimension == TABLE_MONTH ? base_period_months(tally->counts->period)
                                    : codebook_values(dimension_in_codebook(dimension));
}

/* How many combinations there are, offered or not. */
static size_t count_combinations(const struct tally *tally)
{
    size_t product = 1;
    for (size_t i = 0; i < tally->by_count; i++)
        product *= values_of(tally, tally->by[i]);
    return product;
}

/* The values that make up combination `number`; the last dimension changes fastest. */
static void split_combination(const struct tally *tally, size_t number,
                              size_t values[TABLE_MOST_KEYS])
{
    for (size_t i = tally->by_count; i-- > 0;) {
        const size_t base = values_of(tally, tally->by[i]);
        values[i] = number % base;
        number /= base;
    }
}

static struct table_selection select_combination(const struct tally *tally,
                                                 const size_t values[TABLE_MOST_KEYS])
{
    struct table_selection some = table_select_all(tally->counts);
    for (size_t i = 0; i < tally->by_count; i++) {
        const enum table_dimension dimension = tally->by[i];
        if (dimension == TABLE_MONTH)
            some.months.first = some.months.last =
                (base_month)(tally->counts->period.first + values[i]);
        else
            *selection_set(&some, dimension_in_codebook(dimension)) =
                (codebook_set)(1u << values[i]);
    }
    return some;
}

/* What the place offers, and what was counted all the same. */
static bool has_row(const struct tally *tally, struct table_selection some)
{
    const bool offered = (some.channels & tally->counts->channels) != 0 &&
                         (some.parties & tally->counts->parties) != 0;
    return offered || table_any_counted(tally->counts, some);
}

static void fill_row(struct table *table, size_t row, const struct tally *tally,
                     struct table_selection some)
{
    int64_t *figures = table->figures + table_index(table, row, 0);
    figures[table->columns - 1] = table_sum(tally->counts, some);
    if (tally->by_session)
        return;
    for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
        some.sessions = (codebook_set)(1u << session);
        figures[session] = table_sum(tally->counts, some);
    }
}

static enum base_code label_row(struct table *table, size_t row, const struct tally *tally,
                                const size_t values[TABLE_MOST_KEYS], struct base_error *error)
{
    for (size_t i = 0; i < tally->by_count; i++) {
        struct table_label *label = &table->row[row].key[i];
        const enum table_dimension dimension = tally->by[i];
        if (dimension == TABLE_MONTH)
            *label = label_month(table, (base_month)(tally->counts->period.first + values[i]));
        else
            *label =
                label_value(dimension_in_codebook(dimension), (unsigned)values[i], tally->language);
        if (label->text == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", table->code);
    }
    return BASE_OK;
}

static enum base_code fill_rows(struct table *table, const struct tally *tally,
                                struct base_error *error)
{
    const size_t combinations = count_combinations(tally);
    size_t row = 0;
    for (size_t number = 0; number < combinations; number++) {
        size_t values[TABLE_MOST_KEYS];
        split_combination(tally, number, values);
        const struct table_selection some = select_combination(tally, values);
        if (!has_row(tally, some))
            continue;
        fill_row(table, row, tally, some);
        if (label_row(table, row, tally, values, error) != BASE_OK)
            return error->code;
        row++;
    }
    label_total_row(table, row);
    fill_row(table, row, tally, table_select_all(tally->counts));
    return BASE_OK;
}

static void label_columns(struct table *table, const struct tally *tally)
{
    if (tally->by_session) {
        table->column_heading.code = "measure";
        label_column(table, 0, (struct table_label){"conversations", _("Conversations")});
        return;
    }
    table->column_heading = label_dimension(TABLE_SESSION);
    label_session_columns(table, tally->language);
    label_total_column(table, CODEBOOK_SESSIONS);
}

static size_t count_rows(const struct tally *tally)
{
    const size_t combinations = count_combinations(tally);
    size_t rows = 0;
    for (size_t number = 0; number < combinations; number++) {
        size_t values[TABLE_MOST_KEYS];
        split_combination(tally, number, values);
        rows += has_row(tally, select_combination(tally, values)) ? 1 : 0;
    }
    return rows + 1;
}

static enum base_code make_tally(const struct tally *tally, struct table **out,
                                 struct base_error *error)
{
    struct table *table;
    if (table_new("tally", tally->by_count, count_rows(tally),
                  tally->by_session ? 1 : CODEBOOK_SESSIONS + 1, &table, error) != BASE_OK)
        return error->code;
    table->caption = _("Conversations");
    for (size_t i = 0; i < tally->by_count; i++)
        table->key_heading[i] = label_dimension(tally->by[i]);
    label_columns(table, tally);
    if (fill_rows(table, tally, error) != BASE_OK) {
        table_free(table);
        return error->code;
    }
    *out = table;
    return BASE_OK;
}

enum base_code table_show_new(const struct table_heading *heading, const struct table_source *place,
                              const enum table_dimension by[], size_t by_count,
                              struct table_document **out, struct base_error *error)
{
    struct tally tally = {place->counts, by, by_count, false, heading->language};
    for (size_t i = 0; i < by_count; i++)
        tally.by_session = tally.by_session || by[i] == TABLE_SESSION;

    struct table_document *document;
    if (document_new(TABLE_SHOW, heading, place, 1, &place->counts->period, 1, &document, error) !=
        BASE_OK)
        return error->code;
    struct table *table = NULL;
    /* TRANSLATORS: the title of a tally on the terminal; %s is a period: "2026-Q4". */
    if (document_set_title(document, _("Tally, %s"), error) != BASE_OK ||
        make_tally(&tally, &table, error) != BASE_OK ||
        document_add_table(document, table, error) != BASE_OK ||
        rules_add_notes(document, place, error) != BASE_OK) {
        table_document_free(document);
        return error->code;
    }
    *out = document;
    return BASE_OK;
}
