/* The reader of PDF: the bytes first (pdf_raw.c), then what poppler reads of them. poppler shows what it can of a
 * damaged document and does not say so. */
#include "pdf_poppler.h"

#include <stdlib.h>
#include <string.h>

scan_reader scan_read_pdf __attribute__((visibility("default")));

void pdf_send_owned(struct pdf_sink *sink, uint32_t page, const char *part, unsigned flags,
                    char *text)
{
    if (text != NULL) {
        pdf_send(sink, page, part, flags, text, strlen(text));
        explicit_bzero(text, strlen(text));
    }
    g_free(text);
}

/* What the libraries have to say may hold what stands in the document. */
static GLogWriterOutput say_nothing(GLogLevelFlags level, const GLogField *fields, gsize count,
                                    gpointer data)
{
    (void)level, (void)fields, (void)count, (void)data;
    return G_LOG_WRITER_HANDLED;
}

static void say_nothing_either(const gchar *domain, GLogLevelFlags level, const gchar *message,
                               gpointer data)
{
    (void)domain, (void)level, (void)message, (void)data;
}

static void be_silent(void)
{
    static bool silent;
    if (!silent) { /* glib allows it once */
        g_log_set_writer_func(say_nothing, NULL, NULL);
        g_log_set_default_handler(say_nothing_either, NULL);
    }
    silent = true;
}

static void take_pages(struct pdf_sink *sink, PopplerDocument *document, size_t pictures)
{
    const int pages = poppler_document_get_n_pages(document);
    size_t shown = 0;
    if (pages < 1 || pages > PDF_MOST_PAGES)
        pdf_stop(sink, pages < 1 ? SCAN_READ_DAMAGED : SCAN_READ_TOO_BIG);
    for (int i = 0; i < pages && sink->state == SCAN_READ_OK; i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        if (page == NULL) { /* it was counted, but is not there */
            pdf_stop(sink, SCAN_READ_DAMAGED);
            return;
        }
        shown += pdf_take_page(sink, page, (uint32_t)i + 1);
        g_object_unref(page);
    }
    if (pictures > 0 && shown == 0) /* in patterns, thumbnails, on no page */
        pdf_unread(sink, SCAN_UNREAD_PICTURE, NULL);
}

static void take_document(struct pdf_sink *sink, PopplerDocument *document, size_t pictures)
{
    pdf_show_layers(sink, document);
    pdf_take_properties(sink, document);
    take_pages(sink, document, pictures);
    pdf_take_outline(sink, document);
    pdf_take_attachments(sink, document);
    if (poppler_document_has_javascript(document))
        pdf_unread(sink, SCAN_UNREAD_MACRO, NULL);
}

enum scan_read scan_read_pdf(const char *bytes, size_t size, scan_take *take, void *context)
{
    struct pdf_sink sink = {.take = take, .context = context};
    struct pdf_limit limit;
    GError *error = NULL;
    be_silent();
    const size_t pictures = pdf_take_raw(&sink, bytes, size);
    if (sink.state != SCAN_READ_OK)
        return sink.state;
    pdf_limit_begin(&limit);
    GBytes *all = g_bytes_new_static(bytes, size);
    PopplerDocument *document = poppler_document_new_from_bytes(all, NULL, &error);
    if (document != NULL) {
        take_document(&sink, document, pictures);
        g_object_unref(document);
    } else { /* damaged, or with a password */
        pdf_stop(&sink, SCAN_READ_DAMAGED);
    }
    g_clear_error(&error);
    g_bytes_unref(all);
    pdf_limit_end(&limit);
    return sink.state;
}
