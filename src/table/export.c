#include "inside.h"

/* The place comes first, if it comes. */
enum { KEY_PERIOD, KEY_CHANNEL, KEY_PARTY, KEY_SESSION, KEYS };

static bool has_row(const struct tally_counts *counts, size_t month, unsigned cell)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    const bool channel = set_has(counts->channels, contact.value[CODEBOOK_CHANNEL]);
    const bool party = set_has(counts->parties, contact.value[CODEBOOK_PARTY]);
    return (channel && party) || counts->cells[month][cell] != 0;
}

static size_t count_rows(const struct tally_counts *counts)
{
    size_t rows = 0;
    for (size_t month = 0; month < base_period_months(counts->period); month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            rows += has_row(counts, month, cell) ? 1 : 0;
    return rows;
}

/* One place's rows, from `*row` on. */
static enum base_code fill_rows(struct table *table, size_t *row, const struct tally_counts *counts,
                                const char *place, enum codebook_language language,
                                struct base_error *error)
{
    for (size_t month = 0; month < base_period_months(counts->period); month++) {
        struct table_label label = label_month(table, (base_month)(counts->period.first + month));
        if (label.text == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", table->code);
        label.text = label.code; /* data are sorted by it */
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++) {
            if (!has_row(counts, month, cell))
                continue;
            const struct codebook_contact contact = codebook_contact_of(cell);
            struct table_label *key = table->row[*row].key;
            if (place != NULL)
                *key++ = (struct table_label){place, place};
            key[KEY_PERIOD] = label;
            for (unsigned i = 0; i < CODEBOOK_DIMENSIONS; i++)
                key[KEY_CHANNEL + i] =
                    label_value((enum codebook_dimension)i, contact.value[i], language);
            table->figures[table_index(table, *row, 0)] = counts->cells[month][cell];
            (*row)++;
        }
    }
    return BASE_OK;
}

static void label_keys(struct table *table)
{
    struct table_label *heading = table->key_heading;
    if (table->keys > KEYS)
        *heading++ = label_place();
    heading[KEY_PERIOD] = (struct table_label){"period", _("Period")};
    heading[KEY_CHANNEL] = label_dimension(TABLE_CHANNEL);
    heading[KEY_PARTY] = label_dimension(TABLE_PARTY);
    heading[KEY_SESSION] = label_dimension(TABLE_SESSION);
}

static enum base_code make_cells(const struct table_document *document,
                                 const struct table_source *places, struct table **out,
                                 struct base_error *error)
{
    const bool several = document->place_count > 1;
    struct table *table;
    size_t rows = 0;
    for (size_t i = 0; i < document->place_count; i++)
        rows += count_rows(places[i].counts);
    if (table_new("cells", KEYS + (several ? 1 : 0), rows, 1, &table, error) != BASE_OK)
        return error->code;
    table->caption = _("Conversations");
    label_keys(table);
    table->column_heading.code = "measure";
    label_column(table, 0, (struct table_label){"count", _("Count")});
    size_t row = 0;
    for (size_t i = 0; i < document->place_count; i++) {
        if (fill_rows(table, &row, places[i].counts, document->places[i].name, document->language,
                      error) != BASE_OK) {
            table_free(table);
            return error->code;
        }
    }
    *out = table;
    return BASE_OK;
}

enum base_code table_export_new(const struct table_heading *heading,
                                const struct table_source *places, size_t place_count,
                                struct table_document **out, struct base_error *error)
{
    struct table_document *document;
    if (document_new(TABLE_EXPORT, heading, places, place_count, &places->counts->period, 1,
                     &document, error) != BASE_OK)
        return error->code;
    struct table *table = NULL;
    /* TRANSLATORS: the title of exported data; %s is a period. */
    if (document_set_title(document, _("Counts, %s"), error) != BASE_OK ||
        make_cells(document, places, &table, error) != BASE_OK ||
        document_add_table(document, table, error) != BASE_OK ||
        document_add_definitions(document, error) != BASE_OK ||
        rules_add_notes(document, places, error) != BASE_OK) {
        table_document_free(document);
        return error->code;
    }
    *out = document;
    return BASE_OK;
}
