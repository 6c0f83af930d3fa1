/* A document in the making: document.c and tables.c. */
#ifndef RELEASE_DOCUMENT_H
#define RELEASE_DOCUMENT_H

#include "inside.h"

/* A place is one of those to be printed, in their order. */
struct making {
    const struct record_release *record;
    const struct release_print *print;
    struct cell_set *cells;                                                 /* of each figure */
    codebook_set channels[RECORD_MOST_PLACES], parties[RECORD_MOST_PLACES]; /* ever offered */
    struct table_document *document;
    const struct base_period *periods; /* of the tables that are being made */
    size_t period_count;
    int place; /* or TABLE_ALL_PLACES */
};

/* document.c: the figure with these cells; NULL: the places do not offer it. A figure of several places that only
 * one of them offers is the figure of that place. */
const struct record_figure *document_find(const struct making *making,
                                          const struct cell_set *cells);

/* What any of the places offers; `offered` is making->channels or making->parties. */
codebook_set document_offered(const struct making *making, const codebook_set *offered,
                              const struct place_set *places);

/* Of a hidden figure nothing but that it is hidden goes into the table. */
void document_put_figure(struct table *table, size_t index, const struct record_figure *figure);

/* tables.c */
enum base_code document_add_tables(struct making *making, struct base_error *error);

#endif
