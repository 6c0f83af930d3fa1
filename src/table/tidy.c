/* Protected figures as tidy data: a row for each set of cells. */
#include "inside.h"

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

static bool is_all(enum codebook_dimension dimension, unsigned set)
{
    return set == (1U << codebook_values(dimension)) - 1;
}

/* What a set of values is called where it is a cell of its own. */
static struct table_label label_set(enum codebook_dimension dimension, unsigned set,
                                    enum codebook_language language)
{
    if (is_all(dimension, set))
        return (struct table_label){"all", _("all")};
    return label_value(dimension, first_in(set), language);
}

static struct table_label label_places(struct table *table, const struct table_document *document,
                                       const struct place_set *places)
{
    const char *code = "";
    if (place_set_count(places) == document->place_count)
        return (struct table_label){"all", _("all")};
    for (unsigned i = 0; i < document->place_count && code != NULL; i++)
        if (place_set_has(places, i))
            code = table_keep_text(&table->strings, "%s%s%s", code, *code == '\0' ? "" : "+",
                                   document->places[i].name);
    return (struct table_label){code, code};
}

static bool label_sum(struct table *table, size_t row, const struct table_document *document,
                      const struct cell_set *line)
{
    const enum codebook_language language = document->language;
    struct table_label *key = table->row[row].key;
    size_t count = 0;
    if (document->place_count > 1)
        key[count++] = label_places(table, document, &line->places);
    key[count] = label_period(&table->strings, line->months);
    key[count].text = key[count].code;
    count++;
    key[count++] = label_set(CODEBOOK_CHANNEL, line->channels, language);
    key[count++] = label_set(CODEBOOK_PARTY, line->parties, language);
    key[count++] = label_set(CODEBOOK_SESSION, line->sessions, language);
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
                                        const struct cell_set *lines, size_t count,
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
