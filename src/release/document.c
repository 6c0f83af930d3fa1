/* The document of a release, from its record alone: whose figures they are, and what stands at its head. */
#include <stdlib.h>
#include <string.h>

#include "document.h"

static enum base_code no_memory(struct base_error *error)
{
    return base_fail(error, BASE_NO_MEMORY, "%s", _("the tables"));
}

/* ---- which figure --------------------------------------------------------------------------- */

/* Where each place of the record is printed, with what it had ever offered: the record says so, as nothing else
 * would be the same for ever. */
static bool number_places(struct making *making)
{
    const struct record_release *record = making->record;
    unsigned at[RECORD_MOST_PLACES];
    for (size_t i = 0; i < record->place_count; i++) {
        size_t j = 0;
        while (j < making->print->place_count &&
               memcmp(making->print->places[j].store_id, record->places[i], KEYS_STORE_ID_BYTES) !=
                   0)
            j++;
        if (j == making->print->place_count)
            return false;
        at[i] = (unsigned)j;
        making->channels[j] = record->offers[i].channels;
        making->parties[j] = record->offers[i].parties;
    }
    for (size_t i = 0; i < record->figure_count; i++) {
        making->cells[i] = record->figures[i].cells;
        making->cells[i].places = (struct place_set){{0}};
        for (unsigned j = 0; j < record->place_count; j++)
            if (place_set_has(&record->figures[i].cells.places, j))
                place_set_add(&making->cells[i].places, at[j]);
    }
    return true;
}

codebook_set document_offered(const struct making *making, const codebook_set *offered,
                              const struct place_set *places)
{
    codebook_set set = 0;
    for (unsigned i = 0; i < making->print->place_count; i++)
        if (place_set_has(places, i))
            set |= offered[i];
    return set;
}

static const struct record_figure *find_exactly(const struct making *making,
                                                const struct cell_set *cells)
{
    const codebook_set channels = document_offered(making, making->channels, &cells->places);
    const codebook_set parties = document_offered(making, making->parties, &cells->places);
    const struct cell_set canonical = protect_canonical_set(cells, channels, parties);
    for (size_t i = 0; i < making->record->figure_count; i++)
        if (cell_set_equals(&making->cells[i], &canonical))
            return &making->record->figures[i];
    return NULL;
}

static bool offers(const struct making *making, unsigned place, const struct cell_set *cells)
{
    return (cells->channels == CODEBOOK_ALL_CHANNELS ||
            (cells->channels & making->channels[place]) != 0) &&
           (cells->parties == CODEBOOK_ALL_PARTIES ||
            (cells->parties & making->parties[place]) != 0);
}

const struct record_figure *document_find(const struct making *making, const struct cell_set *cells)
{
    const struct record_figure *figure = find_exactly(making, cells);
    struct cell_set fewer = *cells;
    fewer.places = (struct place_set){{0}};
    for (unsigned i = 0; i < making->print->place_count; i++)
        if (place_set_has(&cells->places, i) && offers(making, i, cells))
            place_set_add(&fewer.places, i);
    return figure != NULL || place_set_count(&fewer.places) == 0 ? figure
                                                                 : find_exactly(making, &fewer);
}

void document_put_figure(struct table *table, size_t index, const struct record_figure *figure)
{
    if (figure == NULL)
        table->statuses[index] = TABLE_NOT_OFFERED;
    else if (figure->shown)
        table->figures[index] = figure->value;
    else
        table->statuses[index] = TABLE_HIDDEN;
}

/* ---- the document --------------------------------------------------------------------------- */

static enum base_code add_sums(struct making *making, struct base_error *error)
{
    struct table *table;
    const struct record_release *record = making->record;
    enum base_code code = table_protected_add_sums(making->document, making->cells,
                                                   record->figure_count, &table, error);
    for (size_t i = 0; code == BASE_OK && i < record->figure_count; i++)
        document_put_figure(table, i, &record->figures[i]);
    return code;
}

static enum base_code begin(struct making *making, enum table_kind kind, struct base_error *error)
{
    const struct record_release *record = making->record;
    const struct release_print *print = making->print;
    char date[BASE_MONTH_TEXT];
    struct table_place *places = calloc(print->place_count, sizeof *places);
    if (places == NULL)
        return no_memory(error);
    for (size_t i = 0; i < print->place_count; i++)
        places[i] = (struct table_place){
            .name = print->place_count > 1 ? print->places[i].name : NULL,
            .fingerprint = print->places[i].fingerprint,
            .channels = making->channels[i],
            .parties = making->parties[i],
            .closed_through = print->draft ? print->places[i].closed_through : 0};
    for (size_t i = 0; !print->draft && i < print->place_count; i++)
        for (size_t j = 0; j < record->period_count; j++)
            if (record->periods[j].last > places[i].closed_through)
                places[i].closed_through = record->periods[j].last;
    base_month_format(record->month, date);
    const struct table_publication publication = {.language = print->language,
                                                  .draft = print->draft,
                                                  .date = date,
                                                  .release = print->draft ? 0 : record->number,
                                                  .edition = print->draft ? 0 : record->edition,
                                                  .corrects = print->draft ? 0 : record->corrects,
                                                  .threshold = record->threshold,
                                                  .places = places,
                                                  .place_count = print->place_count,
                                                  .periods = record->periods,
                                                  .period_count = record->period_count};
    const enum base_code code = table_protected_new(kind, &publication, &making->document, error);
    free(places);
    return code;
}

static enum base_code make(struct making *making, enum table_kind kind, struct base_error *error)
{
    size_t shown = 0;
    const size_t all = making->record->figure_count;
    if (!number_places(making))
        return base_fail(error, BASE_PLACE_MISSING, _("release %u"), making->record->number);
    enum base_code code = begin(making, kind, error);
    if (code == BASE_OK && kind == TABLE_REPORT)
        code = document_add_tables(making, error);
    if (code == BASE_OK)
        code = add_sums(making, error);
    for (size_t i = 0; i < all; i++)
        shown += making->record->figures[i].shown;
    return code == BASE_OK ? table_protected_conclude(making->document, shown, all - shown, error)
                           : code;
}

enum base_code release_document(const struct record_release *record,
                                const struct release_print *print, enum table_kind kind,
                                struct table_document **out, struct base_error *error)
{
    struct making making = {.record = record, .print = print};
    making.cells = calloc(record->figure_count, sizeof *making.cells);
    if (making.cells == NULL)
        return no_memory(error);
    const enum base_code code = make(&making, kind, error);
    free(making.cells);
    if (code == BASE_OK)
        *out = making.document;
    else
        table_document_free(making.document);
    return code;
}
