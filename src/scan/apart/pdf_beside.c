/* What a document has beside its pages: properties, XMP, outline, layers, attached files. */
#include "pdf_poppler.h"

#include <stdlib.h>
#include <string.h>

#include "../chars.h"

enum {
    MOST_ENTRIES = 100000,
    MOST_DEPTH = 64,
    MOST_ATTACHED = 16 << 20,
    MOST_GROUPS = 64, /* of layers of which one only is shown */
    MOST_TAG = 32,
};

static const char in_properties[] = "properties";
static const char in_outline[] = "outline";
static const char in_layer[] = "layer";
static const char in_attachment[] = "attachment";

/* ---- properties ----------------------------------------------------------------------------- */

/* XMP says what the properties say, and more: their values are not sent twice. */
struct properties {
    char *title, *author, *subject, *keywords, *creator, *producer;
};

static bool is_same(struct scan_text text, const char *other)
{
    return other != NULL && text.size == strlen(other) && memcmp(text.at, other, text.size) == 0;
}

static void send_piece(struct pdf_sink *sink, const struct properties *known, struct scan_text text,
                       unsigned flags)
{
    text = chars_trim(text);
    if (is_same(text, known->title) || is_same(text, known->author) ||
        is_same(text, known->subject) || is_same(text, known->keywords) ||
        is_same(text, known->creator) || is_same(text, known->producer))
        return;
    pdf_send(sink, 0, in_properties, flags, text.at, text.size);
}

/* The values of a tag's attributes: in XMP properties may stand there too. */
static void take_attributes(struct pdf_sink *sink, const struct properties *known,
                            struct scan_text tag)
{
    for (size_t i = 0; i < tag.size; i++) {
        const char quote = tag.at[i];
        if (quote != '"' && quote != '\'')
            continue;
        const char *end = memchr(tag.at + i + 1, quote, tag.size - i - 1);
        if (end == NULL)
            return;
        const struct scan_text value = {tag.at + i + 1, (size_t)(end - tag.at) - i - 1};
        send_piece(sink, known, value, SCAN_CELL_RAW);
        i += value.size + 1;
    }
}

static bool is_tag(struct scan_text tag, const char *name)
{
    const size_t size = strlen(name);
    return tag.size >= size && memcmp(tag.at, name, size) == 0;
}

static void take_xmp(struct pdf_sink *sink, const struct properties *known, const char *text)
{
    unsigned flags = 0;
    for (const char *at = text; *at != '\0' && sink->state == SCAN_READ_OK;) {
        const size_t size = strcspn(at, *at == '<' ? ">" : "<");
        if (*at == '<') {
            const struct scan_text tag = {at + 1, size - (size > 0)};
            if (is_tag(tag, "dc:creator") || is_tag(tag, "xmp:Author"))
                flags = SCAN_CELL_AUTHOR;
            if (is_tag(tag, "/dc:creator") || is_tag(tag, "/xmp:Author"))
                flags = 0;
            take_attributes(sink, known, tag);
            at += size + (at[size] == '>');
        } else {
            send_piece(sink, known, (struct scan_text){at, size}, flags);
            at += size;
        }
    }
}

void pdf_take_properties(struct pdf_sink *sink, PopplerDocument *document)
{
    struct properties known = {
        .title = poppler_document_get_title(document),
        .author = poppler_document_get_author(document),
        .subject = poppler_document_get_subject(document),
        .keywords = poppler_document_get_keywords(document),
        .creator = poppler_document_get_creator(document),
        .producer = poppler_document_get_producer(document),
    };
    char *xmp = poppler_document_get_metadata(document);
    if (xmp != NULL) {
        take_xmp(sink, &known, xmp);
        explicit_bzero(xmp, strlen(xmp));
    }
    g_free(xmp);
    pdf_send_owned(sink, 0, in_properties, 0, known.title);
    pdf_send_owned(sink, 0, in_properties, SCAN_CELL_AUTHOR, known.author);
    pdf_send_owned(sink, 0, in_properties, 0, known.subject);
    pdf_send_owned(sink, 0, in_properties, 0, known.keywords);
    g_free(known.creator); /* programs */
    g_free(known.producer);
}

/* ---- outline and links ---------------------------------------------------------------------- */

void pdf_take_action(struct pdf_sink *sink, uint32_t page, const char *part,
                     const PopplerAction *action)
{
    const char *text = NULL;
    if (action == NULL)
        return;
    switch (action->type) {
    case POPPLER_ACTION_URI:
        text = action->uri.uri;
        break;
    case POPPLER_ACTION_GOTO_REMOTE:
        text = action->goto_remote.file_name;
        break;
    case POPPLER_ACTION_LAUNCH:
        text = action->launch.file_name;
        break;
    case POPPLER_ACTION_JAVASCRIPT:
        text = action->javascript.script;
        pdf_unread(sink, SCAN_UNREAD_MACRO, part);
        break;
    default:
        break;
    }
    if (text != NULL)
        pdf_send(sink, page, part, SCAN_CELL_RAW, text, strlen(text));
}

static void take_entries(struct pdf_sink *sink, PopplerIndexIter *entry, size_t depth, size_t *left)
{
    do {
        PopplerAction *action = poppler_index_iter_get_action(entry);
        if (action != NULL && action->any.title != NULL)
            pdf_send(sink, 0, in_outline, 0, action->any.title, strlen(action->any.title));
        pdf_take_action(sink, 0, in_outline, action);
        if (action != NULL)
            poppler_action_free(action);
        if (*left == 0 || depth == MOST_DEPTH) {
            pdf_stop(sink, SCAN_READ_TOO_BIG);
            return;
        }
        --*left;
        PopplerIndexIter *child = poppler_index_iter_get_child(entry);
        if (child != NULL) {
            take_entries(sink, child, depth + 1, left);
            poppler_index_iter_free(child);
        }
    } while (sink->state == SCAN_READ_OK && poppler_index_iter_next(entry));
}

void pdf_take_outline(struct pdf_sink *sink, PopplerDocument *document)
{
    size_t left = MOST_ENTRIES;
    PopplerIndexIter *entry = poppler_index_iter_new(document);
    if (entry != NULL && sink->state == SCAN_READ_OK)
        take_entries(sink, entry, 0, &left);
    if (entry != NULL)
        poppler_index_iter_free(entry);
}

/* ---- layers --------------------------------------------------------------------------------- */

/* Of a group of layers only one can be shown; what is on the others is not read. */
static void note_group(struct pdf_sink *sink, PopplerLayer *layer, guint64 *groups)
{
    const int group = poppler_layer_get_radio_button_group_id(layer);
    if (group <= 0)
        return;
    const guint64 bit = (guint64)1 << group % MOST_GROUPS;
    if ((*groups & bit) != 0)
        pdf_unread(sink, SCAN_UNREAD_PART, in_layer);
    *groups |= bit;
}

static void show_layers(struct pdf_sink *sink, PopplerLayersIter *at, size_t depth, size_t *left,
                        guint64 *groups)
{
    do {
        PopplerLayer *layer = poppler_layers_iter_get_layer(at);
        pdf_send_owned(sink, 0, in_layer, 0, poppler_layers_iter_get_title(at));
        if (layer != NULL) {
            note_group(sink, layer, groups);
            poppler_layer_show(layer);
            g_object_unref(layer);
        }
        if (*left == 0 || depth == MOST_DEPTH) {
            pdf_stop(sink, SCAN_READ_TOO_BIG);
            return;
        }
        --*left;
        PopplerLayersIter *child = poppler_layers_iter_get_child(at);
        if (child != NULL) {
            show_layers(sink, child, depth + 1, left, groups);
            poppler_layers_iter_free(child);
        }
    } while (sink->state == SCAN_READ_OK && poppler_layers_iter_next(at));
}

void pdf_show_layers(struct pdf_sink *sink, PopplerDocument *document)
{
    size_t left = MOST_ENTRIES;
    guint64 groups = 0;
    PopplerLayersIter *at = poppler_layers_iter_new(document);
    if (at != NULL) {
        show_layers(sink, at, 0, &left, &groups);
        poppler_layers_iter_free(at);
    }
}

/* ---- attached files ------------------------------------------------------------------------- */

/* What the document says of its size may be anything: it is counted. */
static gboolean gather(const gchar *at, gsize size, gpointer data, GError **error)
{
    struct bytes *bytes = data;
    if (bytes->size + size <= MOST_ATTACHED && bytes_add(bytes, at, size))
        return TRUE;
    g_set_error_literal(error, g_quark_from_static_string("tavs"), 0, "too big");
    return FALSE;
}

/* Its lines as running text; what is no text is only counted. */
static void take_lines(struct pdf_sink *sink, const struct bytes *bytes)
{
    struct scan_text text = {bytes->at, bytes->size};
    struct base_error error;
    char *decoded = NULL;
    size_t room = 0;
    if (bytes->size == 0 ||
        chars_decode("", bytes->at, bytes->size, &decoded, &room, &text, &error) != BASE_OK)
        return;
    for (size_t at = 0; at < text.size && sink->state == SCAN_READ_OK;) {
        const char *end = memchr(text.at + at, '\n', text.size - at);
        const size_t size = end != NULL ? (size_t)(end - text.at) - at : text.size - at;
        pdf_send(sink, 0, in_attachment, 0, text.at + at, size);
        at += size + 1;
    }
    if (decoded != NULL)
        explicit_bzero(decoded, room);
    free(decoded);
}

void pdf_take_attachment(struct pdf_sink *sink, PopplerAttachment *attachment)
{
    struct bytes bytes = {0};
    GError *error = NULL;
    const char *name = poppler_attachment_get_name(attachment);
    const char *description = poppler_attachment_get_description(attachment);
    if (name != NULL)
        pdf_send(sink, 0, in_attachment, 0, name, strlen(name));
    if (description != NULL)
        pdf_send(sink, 0, in_attachment, 0, description, strlen(description));
    if (poppler_attachment_save_to_callback(attachment, gather, &bytes, &error))
        take_lines(sink, &bytes);
    g_clear_error(&error);
    bytes_free(&bytes);
    pdf_unread(sink, SCAN_UNREAD_FILE, in_attachment); /* nobody looked at it as at a file */
}

void pdf_take_attachments(struct pdf_sink *sink, PopplerDocument *document)
{
    GList *all = poppler_document_get_attachments(document);
    for (GList *at = all; at != NULL; at = at->next) {
        if (sink->state == SCAN_READ_OK)
            pdf_take_attachment(sink, at->data);
        g_object_unref(at->data);
    }
    g_list_free(all);
}
