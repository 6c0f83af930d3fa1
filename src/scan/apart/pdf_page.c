/* A page by poppler: text, fields, notes, links, pictures. */
#include "pdf_poppler.h"

#include <stdlib.h>
#include <string.h>

static const char in_form[] = "form";
static const char in_note[] = "annotation";
static const char in_link[] = "link";

/* ---- text ----------------------------------------------------------------------------------- */

/* poppler gives a rectangle for each character; where it gives fewer the rest lies nowhere. */
static void take_text(struct pdf_sink *sink, PopplerPage *page, uint32_t number)
{
    PopplerRectangle *places = NULL;
    guint place_count = 0;
    char *text = poppler_page_get_text(page);
    const size_t count = text != NULL ? (size_t)g_utf8_strlen(text, -1) : 0;
    if (!poppler_page_get_text_layout(page, &places, &place_count))
        place_count = 0;
    struct pdf_letter *letters = calloc(count + 1, sizeof *letters);
    const char *at = text;
    for (size_t i = 0; letters != NULL && i < count; i++, at = g_utf8_next_char(at)) {
        letters[i].point = g_utf8_get_char(at);
        if (i < place_count)
            letters[i] =
                (struct pdf_letter){letters[i].point, (float)places[i].x1, (float)places[i].y1,
                                    (float)places[i].x2, (float)places[i].y2};
    }
    if (letters != NULL) {
        pdf_take_letters(sink, number, letters, count);
        explicit_bzero(letters, (count + 1) * sizeof *letters);
    } else {
        pdf_stop(sink, SCAN_READ_NO_MEMORY);
    }
    free(letters);
    g_free(places);
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

/* ---- fields --------------------------------------------------------------------------------- */

static void take_field_cell(struct pdf_sink *sink, uint32_t row, uint32_t column, char *text)
{
    const bool beyond = column > SCAN_MOST_COLUMNS;
    const struct scan_cell cell = {.table = sink->table,
                                   .row = row,
                                   .column = beyond ? 0 : column,
                                   .flags = SCAN_CELL_PART | (row == 1 ? SCAN_CELL_HEADING : 0) |
                                            (beyond ? SCAN_CELL_PROSE : 0),
                                   .text = text,
                                   .size = text != NULL ? strlen(text) : 0,
                                   .part = in_form};
    sink->text += cell.size;
    if (sink->text > PDF_MOST_TEXT)
        pdf_stop(sink, SCAN_READ_TOO_BIG);
    if (cell.size > 0 && sink->state == SCAN_READ_OK && !sink->take(sink->context, &cell))
        pdf_stop(sink, SCAN_READ_STOPPED);
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

static void take_value(struct pdf_sink *sink, uint32_t column, PopplerFormField *field)
{
    if (!POPPLER_IS_FORM_FIELD(field))
        return;
    const PopplerFormFieldType type = poppler_form_field_get_field_type(field);
    if (type == POPPLER_FORM_FIELD_TEXT)
        take_field_cell(sink, 2, column, poppler_form_field_text_get_text(field));
    if (type != POPPLER_FORM_FIELD_CHOICE)
        return;
    if (poppler_form_field_choice_is_editable(field))
        take_field_cell(sink, 2, column, poppler_form_field_choice_get_text(field));
    for (int i = 0; i < poppler_form_field_choice_get_n_items(field); i++)
        take_field_cell(sink, 3 + (uint32_t)i, column,
                        poppler_form_field_choice_get_item(field, i));
}

/* A table with a column for each field: its name is the heading, and what it is filled with the value. */
static void take_fields(struct pdf_sink *sink, PopplerPage *page)
{
    GList *fields = poppler_page_get_form_field_mapping(page);
    uint32_t column = 0;
    if (fields == NULL)
        return;
    sink->table++;
    sink->columns = 0;
    for (const GList *at = fields; at != NULL; at = at->next, column++) {
        const PopplerFormFieldMapping *mapping = at->data;
        take_field_cell(sink, 1, column + 1, poppler_form_field_get_partial_name(mapping->field));
    }
    column = 0;
    for (const GList *at = fields; at != NULL; at = at->next, column++) {
        const PopplerFormFieldMapping *mapping = at->data;
        take_value(sink, column + 1, mapping->field);
        pdf_take_action(sink, 0, in_form, poppler_form_field_get_action(mapping->field));
    }
    poppler_page_free_form_field_mapping(fields);
}

/* ---- notes, links, pictures ----------------------------------------------------------------- */

static void take_note(struct pdf_sink *sink, uint32_t number, PopplerAnnot *note)
{
    static const PopplerAnnotType others[] = {POPPLER_ANNOT_SOUND,  POPPLER_ANNOT_MOVIE,
                                              POPPLER_ANNOT_SCREEN, POPPLER_ANNOT_3D,
                                              POPPLER_ANNOT_STAMP,  POPPLER_ANNOT_UNKNOWN};
    const PopplerAnnotType type = poppler_annot_get_annot_type(note);
    pdf_send_owned(sink, number, in_note, 0, poppler_annot_get_contents(note));
    if (POPPLER_IS_ANNOT_MARKUP(note)) {
        pdf_send_owned(sink, number, in_note, SCAN_CELL_AUTHOR,
                       poppler_annot_markup_get_label(POPPLER_ANNOT_MARKUP(note)));
        pdf_send_owned(sink, number, in_note, 0,
                       poppler_annot_markup_get_subject(POPPLER_ANNOT_MARKUP(note)));
    }
    if (type == POPPLER_ANNOT_FILE_ATTACHMENT) {
        PopplerAttachment *attachment = poppler_annot_file_attachment_get_attachment(
            (PopplerAnnotFileAttachment *)(void *)note);
        if (attachment != NULL) {
            pdf_take_attachment(sink, attachment);
            g_object_unref(attachment);
        } else {
            pdf_unread(sink, SCAN_UNREAD_FILE, in_note);
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (type == others[i])
            pdf_unread(sink, SCAN_UNREAD_PART, in_note);
    }
}

static void take_notes(struct pdf_sink *sink, PopplerPage *page, uint32_t number)
{
    GList *notes = poppler_page_get_annot_mapping(page);
    for (const GList *at = notes; at != NULL && sink->state == SCAN_READ_OK; at = at->next) {
        const PopplerAnnotMapping *mapping = at->data;
        take_note(sink, number, mapping->annot);
    }
    poppler_page_free_annot_mapping(notes);
}

static void take_links(struct pdf_sink *sink, PopplerPage *page, uint32_t number)
{
    GList *links = poppler_page_get_link_mapping(page);
    for (const GList *at = links; at != NULL && sink->state == SCAN_READ_OK; at = at->next) {
        const PopplerLinkMapping *mapping = at->data;
        pdf_take_action(sink, number, in_link, mapping->action);
    }
    poppler_page_free_link_mapping(links);
}

static size_t count_pictures(struct pdf_sink *sink, PopplerPage *page)
{
    GList *pictures = poppler_page_get_image_mapping(page);
    size_t count = 0;
    for (const GList *at = pictures; at != NULL; at = at->next, count++)
        pdf_unread(sink, SCAN_UNREAD_PICTURE, NULL);
    poppler_page_free_image_mapping(pictures);
    return count;
}

/* "iv" or "12" says nothing; a label may be longer. */
static void take_label(struct pdf_sink *sink, PopplerPage *page, uint32_t number)
{
    enum { LEAST_LABEL = 6 };
    char *label = NULL;
    g_object_get(page, "label", &label, NULL);
    if (label != NULL && strlen(label) < LEAST_LABEL) {
        g_free(label);
        label = NULL;
    }
    pdf_send_owned(sink, number, "label", 0, label);
}

size_t pdf_take_page(struct pdf_sink *sink, PopplerPage *page, uint32_t number)
{
    take_text(sink, page, number);
    take_label(sink, page, number);
    take_fields(sink, page);
    take_notes(sink, page, number);
    take_links(sink, page, number);
    return count_pictures(sink, page);
}
