/* JSON as docs/schema.md says. Values are jansson's; the frame around them is written here, row by
 * row, so that fifty years of cells need no tree of them in memory. */
#include "inside.h"

#include <jansson.h>

enum { SCHEMA_VERSION = 1 };

static int append(const char *bytes, size_t size, void *context)
{
    struct render_buffer *buffer = context;
    buffer_put_bytes(buffer, bytes, size);
    return buffer->failed ? -1 : 0;
}

/* Puts a value on one line and lets go of it. NULL is what jansson gives when there is no memory.
 */
static void put_value(struct render_buffer *buffer, json_t *value)
{
    if (value == NULL || json_dump_callback(value, append, buffer, JSON_ENCODE_ANY) != 0)
        buffer->failed = true;
    json_decref(value);
}

static void put_member(struct render_buffer *buffer, const char *indent, const char *name,
                       json_t *value)
{
    buffer_put(buffer, indent);
    buffer_put(buffer, "\"");
    buffer_put(buffer, name);
    buffer_put(buffer, "\": ");
    put_value(buffer, value);
    buffer_put(buffer, ",\n");
}

/* An array whose values stand on lines of their own. */
static void begin_array(struct render_buffer *buffer, const char *indent, const char *name)
{
    buffer_put(buffer, indent);
    buffer_put(buffer, "\"");
    buffer_put(buffer, name);
    buffer_put(buffer, "\": [");
}

static void begin_value(struct render_buffer *buffer, const char *indent, bool first)
{
    buffer_put(buffer, first ? "\n" : ",\n");
    buffer_put(buffer, indent);
}

static void end_array(struct render_buffer *buffer, const char *indent, bool empty,
                      const char *after)
{
    if (!empty) {
        buffer_put(buffer, "\n");
        buffer_put(buffer, indent);
    }
    buffer_put(buffer, "]");
    buffer_put(buffer, after);
}

/* ---- values --------------------------------------------------------------------------------- */

static json_t *label_value(struct table_label label)
{
    return json_pack("{s:s, s:s}", "code", label.code, "text", label.text);
}

/* What is added to `object` belongs to it, also on failure; false if there is no memory. */
static bool add(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

/* Adds a figure's members. A hidden figure's value is not even looked at. */
static bool add_figure(json_t *object, const struct table_document *document,
                       const struct table *table, size_t row, size_t column)
{
    const char *symbol = figure_symbol(table, row, column);
    const size_t index = table_index(table, row, column);
    return add(object, "count",
               symbol != NULL ? json_null() : json_integer(table->figures[index])) &&
           add(object, "status", json_string(figure_status(document, table, row, column))) &&
           (symbol == NULL || add(object, "symbol", json_string(symbol)));
}

/* Null where there is none. */
static json_t *month_value(base_month month)
{
    char text[BASE_MONTH_TEXT];
    base_month_format(month, text);
    return month == 0 ? json_null() : json_string(text);
}

static json_t *number_value(unsigned number)
{
    return number == 0 ? json_null() : json_integer(number);
}

static json_t *period_value(struct base_period period)
{
    char text[BASE_PERIOD_TEXT], first[BASE_MONTH_TEXT], last[BASE_MONTH_TEXT];
    base_period_format(period, text);
    base_month_format(period.first, first);
    base_month_format(period.last, last);
    return json_pack("{s:s, s:s, s:s}", "text", text, "first", first, "last", last);
}

static json_t *periods_value(const struct table_document *document)
{
    json_t *periods = json_array();
    for (size_t i = 0; i < document->period_count; i++)
        (void)json_array_append_new(periods, period_value(document->periods[i]));
    if (json_array_size(periods) == document->period_count)
        return periods;
    json_decref(periods);
    return NULL;
}

/* The codes of a set; NULL if there is no memory. */
static json_t *set_value(enum codebook_dimension dimension, codebook_set set)
{
    json_t *codes = json_array();
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if ((((unsigned)set >> value) & 1u) == 0)
            continue;
        if (json_array_append_new(codes, json_string(codebook_code(dimension, value))) != 0) {
            json_decref(codes);
            return NULL;
        }
    }
    return codes;
}

static json_t *offered_value(codebook_set channels, codebook_set parties)
{
    return json_pack("{s:o, s:o}", "channels", set_value(CODEBOOK_CHANNEL, channels), "parties",
                     set_value(CODEBOOK_PARTY, parties));
}

/* The name of a place; null for all of them, and for the only one. */
static json_t *place_value(const struct table_document *document, int place)
{
    const char *name = place == TABLE_ALL_PLACES ? NULL : document->places[place].name;
    return name == NULL ? json_null() : json_string(name);
}

static json_t *places_value(const struct table_document *document)
{
    json_t *places = json_array();
    for (size_t i = 0; i < document->place_count; i++) {
        const struct table_place *place = &document->places[i];
        (void)json_array_append_new(
            places,
            json_pack("{s:o, s:s?, s:o, s:o}", "name", place_value(document, (int)i), "fingerprint",
                      place->fingerprint, "offered", offered_value(place->channels, place->parties),
                      "closed_through", month_value(place->closed_through)));
    }
    if (json_array_size(places) == document->place_count)
        return places;
    json_decref(places);
    return NULL;
}

static json_t *columns_value(const struct table *table)
{
    json_t *values = json_array();
    for (size_t i = 0; i < table->columns; i++) {
        const struct table_column *column = &table->column[i];
        if (json_array_append_new(values,
                                  json_pack("{s:s, s:s, s:b}", "code", column->label.code, "text",
                                            column->label.text, "total", column->total)) != 0) {
            json_decref(values);
            return NULL;
        }
    }
    return json_pack("{s:s, s:s, s:o}", "code", table->column_heading.code, "text",
                     table->column_heading.text, "values", values);
}

static json_t *keys_value(const struct table *table)
{
    json_t *keys = json_array();
    for (size_t i = 0; i < table->keys; i++) {
        if (json_array_append_new(keys, label_value(table->key_heading[i])) != 0) {
            json_decref(keys);
            return NULL;
        }
    }
    return keys;
}

/* The lines under a protected table. */
static json_t *together_value(const struct table *table)
{
    size_t count = 0;
    json_t *lines = json_array();
    for (; table->together[count] != NULL; count++)
        (void)json_array_append_new(lines, json_string(table->together[count]));
    if (json_array_size(lines) == count)
        return lines;
    json_decref(lines);
    return NULL;
}

/* The codes of a row's keys as members of `object`. */
static bool add_keys(json_t *object, const struct table *table, size_t row)
{
    for (size_t i = 0; i < table->keys; i++)
        if (!add(object, table->key_heading[i].code, json_string(table->row[row].key[i].code)))
            return false;
    return true;
}

static bool add_texts(json_t *texts, const struct table *table, size_t row)
{
    for (size_t i = 0; i < table->keys; i++)
        if (json_array_append_new(texts, json_string(table->row[row].key[i].text)) != 0)
            return false;
    return true;
}

static bool add_figures(json_t *figures, const struct table_document *document,
                        const struct table *table, size_t row)
{
    for (size_t column = 0; column < table->columns; column++) {
        json_t *figure = json_object();
        if (json_array_append_new(figures, figure) != 0 ||
            !add_figure(figure, document, table, row, column))
            return false;
    }
    return true;
}

/* A row of a table with labels. */
static json_t *row_value(const struct table_document *document, const struct table *table,
                         size_t row)
{
    json_t *key = json_object(), *texts = json_array(), *figures = json_array();
    if (add_keys(key, table, row) && add_texts(texts, table, row) &&
        add_figures(figures, document, table, row))
        return json_pack("{s:o, s:o, s:b, s:o}", "key", key, "text", texts, "total",
                         table->row[row].total, "figures", figures);
    json_decref(key);
    json_decref(texts);
    json_decref(figures);
    return NULL;
}

/* A tidy record: a row's codes and its one figure. */
static json_t *record_value(const struct table_document *document, const struct table *table,
                            size_t row)
{
    json_t *record = json_object();
    if (add_keys(record, table, row) && add_figure(record, document, table, row, 0))
        return record;
    json_decref(record);
    return NULL;
}

static bool add_coordinate(json_t *note, enum codebook_dimension dimension, int value)
{
    return add(note, codebook_dimension_code(dimension),
               value == TABLE_NO_VALUE ? json_null()
                                       : json_string(codebook_code(dimension, (unsigned)value)));
}

static json_t *note_value(const struct table_document *document, const struct table_note *note)
{
    json_t *value = json_pack("{s:s, s:s}", "code", note->code, "text", note->text);
    if (add(value, "place", place_value(document, note->place)) &&
        add(value, "month", month_value(note->month)) &&
        add_coordinate(value, CODEBOOK_CHANNEL, note->value[CODEBOOK_CHANNEL]) &&
        add_coordinate(value, CODEBOOK_PARTY, note->value[CODEBOOK_PARTY]) &&
        add_coordinate(value, CODEBOOK_SESSION, note->value[CODEBOOK_SESSION]))
        return value;
    json_decref(value);
    return NULL;
}

/* ---- the frame ------------------------------------------------------------------------------ */

static bool is_protected(const struct table_document *document)
{
    return document->threshold > 0;
}

static void put_front(struct render_buffer *buffer, const struct table_document *document)
{
    static const char *const kinds[] = {
        [TABLE_REPORT] = "report",
        [TABLE_SHOW] = "tally",
        [TABLE_EXPORT] = "export",
    };
    put_member(buffer, "  ", "format", json_string("tavs"));
    put_member(buffer, "  ", "version", json_integer(SCHEMA_VERSION));
    put_member(buffer, "  ", "kind", json_string(kinds[document->kind]));
    put_member(buffer, "  ", "internal", json_boolean(document->internal));
    put_member(buffer, "  ", "threshold",
               document->threshold > 0 ? json_integer(document->threshold) : json_null());
    const char *mark = front_mark(document);
    put_member(buffer, "  ", "mark", mark != NULL ? json_string(mark) : json_null());
    if (is_protected(document)) {
        put_member(buffer, "  ", "draft", json_boolean(document->draft));
        put_member(buffer, "  ", "release", number_value(document->release));
        put_member(buffer, "  ", "edition", number_value(document->edition));
        put_member(buffer, "  ", "corrects", number_value(document->corrects));
    }
    put_member(buffer, "  ", "program",
               document->version == NULL
                   ? json_null()
                   : json_pack("{s:s, s:s}", "name", "tavs", "version", document->version));
    put_member(buffer, "  ", "date", json_string(document->date));
    put_member(buffer, "  ", "language",
               json_string(document->language == CODEBOOK_DANISH ? "da" : "en"));
    put_member(buffer, "  ", "title", json_string(document->title));
    put_member(buffer, "  ", "periods", periods_value(document));
    put_member(buffer, "  ", "offered", offered_value(document->channels, document->parties));
    put_member(buffer, "  ", "closed_through", month_value(document->closed_through));
    put_member(buffer, "  ", "places", places_value(document));
}

static void put_table(struct render_buffer *buffer, const struct table_document *document,
                      const struct table *table)
{
    buffer_put(buffer, "{\n");
    put_member(buffer, "      ", "code", json_string(table->code));
    put_member(buffer, "      ", "caption", json_string(table->caption));
    put_member(buffer, "      ", "place", place_value(document, table->place));
    put_member(buffer, "      ", "internal", json_boolean(document->internal));
    if (is_protected(document))
        put_member(buffer, "      ", "draft", json_boolean(document->draft));
    put_member(buffer, "      ", "keys", keys_value(table));
    put_member(buffer, "      ", "columns", columns_value(table));
    if (is_protected(document))
        put_member(buffer, "      ", "together", together_value(table));
    begin_array(buffer, "      ", "rows");
    for (size_t row = 0; row < table->rows; row++) {
        begin_value(buffer, "        ", row == 0);
        put_value(buffer, row_value(document, table, row));
    }
    end_array(buffer, "      ", table->rows == 0, "\n    }");
}

static void put_records(struct render_buffer *buffer, const char *name,
                        const struct table_document *document, const struct table *table)
{
    begin_array(buffer, "  ", name);
    for (size_t row = 0; row < table->rows; row++) {
        begin_value(buffer, "    ", row == 0);
        put_value(buffer, record_value(document, table, row));
    }
    end_array(buffer, "  ", table->rows == 0, ",\n");
}

static void put_figures(struct render_buffer *buffer, const struct table_document *document)
{
    if (document->kind == TABLE_EXPORT) {
        put_records(buffer, "rows", document, document->tables[0]);
        return;
    }
    if (document->sums != NULL)
        put_records(buffer, "sums", document, document->sums);
    begin_array(buffer, "  ", "tables");
    for (size_t i = 0; i < document->table_count; i++) {
        begin_value(buffer, "    ", i == 0);
        put_table(buffer, document, document->tables[i]);
    }
    end_array(buffer, "  ", document->table_count == 0, ",\n");
}

enum base_code json_write(const struct table_document *document, struct render_buffer *buffer,
                          struct base_error *error)
{
    (void)error;
    buffer_put(buffer, "{\n");
    put_front(buffer, document);
    put_figures(buffer, document);
    begin_array(buffer, "  ", "definitions");
    for (size_t i = 0; i < document->definition_count; i++) {
        const struct table_definition *definition = &document->definitions[i];
        begin_value(buffer, "    ", i == 0);
        put_value(buffer, json_pack("{s:s, s:s, s:s}", "code", definition->code, "term",
                                    definition->term, "text", definition->text));
    }
    end_array(buffer, "  ", document->definition_count == 0, ",\n");
    begin_array(buffer, "  ", "notes");
    for (size_t i = 0; i < document->note_count; i++) {
        begin_value(buffer, "    ", i == 0);
        put_value(buffer, note_value(document, &document->notes[i]));
    }
    end_array(buffer, "  ", document->note_count == 0, "\n");
    buffer_put(buffer, "}\n");
    return BASE_OK;
}
