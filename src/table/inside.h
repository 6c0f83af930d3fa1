/* What the files of this room share. */
#ifndef TABLE_INSIDE_H
#define TABLE_INSIDE_H

#include "tavs/table.h"

/* ---- document.c ---- */

/* An empty document over some periods of one place or several. */
enum base_code document_new(enum table_kind kind, const struct table_heading *heading,
                            const struct table_source *places, size_t place_count,
                            const struct base_period *periods, size_t period_count,
                            struct table_document **out, struct base_error *error);

/* The same of places that are known without counts; `date` is NULL for today. */
struct document_front {
    enum table_kind kind;
    enum codebook_language language;
    const char *date;
    const struct table_place *places;
    size_t place_count;
    const struct base_period *periods;
    size_t period_count;
};
enum base_code document_begin(const struct document_front *front, struct table_document **out,
                              struct base_error *error);

/* `format` is a translated text whose one %s gets the periods, parted by commas. */
enum base_code document_set_title(struct table_document *document, const char *format,
                                  struct base_error *error) __attribute__((format(printf, 2, 0)));

/* Takes the table over, also on failure. */
enum base_code document_add_table(struct table_document *document, struct table *table,
                                  struct base_error *error);

/* What courses, conversations and the other words are: constant texts. */
enum base_code document_add_definitions(struct table_document *document, struct base_error *error);

/* Copies the note; its text must have been kept by the document (NULL: there was no memory), and gets
 * the name of the note's place before it. */
enum base_code document_add_note(struct table_document *document, const struct table_note *note,
                                 struct base_error *error);

/* ---- dimension.c ---- */

/* Not for TABLE_MONTH. */
enum codebook_dimension dimension_in_codebook(enum table_dimension dimension);

/* ---- rules.c ---- */

/* Adds a note for everything in the document's periods that breaks a data rule. `places` are those
 * that the document was made of. */
enum base_code rules_add_notes(struct table_document *document, const struct table_source *places,
                               struct base_error *error);

/* Of these only those that give no count away: what had not ended, and what is not closed. */
enum base_code rules_add_public_notes(struct table_document *document, struct base_error *error);

/* ---- sum.c ---- */

static inline bool set_has(codebook_set set, unsigned value)
{
    return (((unsigned)set >> value) & 1u) != 0;
}

/* The dimension's set in a selection. */
codebook_set *selection_set(struct table_selection *selection, enum codebook_dimension dimension);

/* The values of a dimension that have rows in tables over these periods of a place: those offered (of
 * sessions: all) and those counted all the same. */
codebook_set rows_of_dimension(const struct tally_counts *counts, const struct base_period *periods,
                               size_t period_count, enum codebook_dimension dimension);

/* ---- labels.c ---- */

struct table_label label_total(void);
struct table_label label_value(enum codebook_dimension dimension, unsigned value,
                               enum codebook_language language);
struct table_label label_dimension(enum table_dimension dimension);
struct table_label label_place(void);
const char *label_month_name(unsigned month_of_year); /* 0 is January */

/* A column whose brief text is its text. */
void label_column(struct table *table, size_t column, struct table_label label);

/* The five columns of sessions, "1st" to "5th" in brief. */
void label_session_columns(struct table *table, enum codebook_language language);

/* The texts of a table's rows, one for each value of its dimension, and of the row that adds them up: marked
 * for translation, not yet translated. */
struct label_rows {
    const char *value[CODEBOOK_MOST_VALUES];
    const char *total;
};

/* Of the table with this code; NULL where the rows are called by the words of the codebook. */
const struct label_rows *label_rows_of(const char *code);

/* "2026-Q4", and in words; both NULL if there is no memory. */
struct table_label label_period(struct table_strings **strings, struct base_period period);

/* "2017-01", and in words; kept by the table. Its text is NULL if there is no memory. */
struct table_label label_month(struct table *table, base_month month);

/* The table's total row or column. */
void label_total_row(struct table *table, size_t row);
void label_total_column(struct table *table, size_t column);

#endif
