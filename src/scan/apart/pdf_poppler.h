/* What the files share that know poppler. */
#ifndef TAVS_SCAN_PDF_POPPLER_H
#define TAVS_SCAN_PDF_POPPLER_H

#include <poppler.h>
#include <signal.h>
#include <sys/resource.h>

#include "pdf.h"

/* What is sent is freed. NULL is nothing. */
void pdf_send_owned(struct pdf_sink *sink, uint32_t page, const char *part, unsigned flags,
                    char *text);

/* pdf_limit.c: how long and with how much memory poppler may work; the process ends where that is not enough. */
enum { PDF_LIMIT_SIGNALS = 3 };
struct pdf_limit {
    struct rlimit time, memory;
    struct sigaction actions[PDF_LIMIT_SIGNALS];
};
void pdf_limit_begin(struct pdf_limit *limit);
void pdf_limit_end(const struct pdf_limit *limit);

/* pdf_page.c: everything on a page. Returns how many pictures. */
size_t pdf_take_page(struct pdf_sink *sink, PopplerPage *page, uint32_t number);

/* pdf_beside.c: what is beside the pages. */
void pdf_take_properties(struct pdf_sink *sink, PopplerDocument *document);
void pdf_take_outline(struct pdf_sink *sink, PopplerDocument *document);
void pdf_take_attachments(struct pdf_sink *sink, PopplerDocument *document);
void pdf_take_attachment(struct pdf_sink *sink, PopplerAttachment *attachment);
void pdf_take_action(struct pdf_sink *sink, uint32_t page, const char *part,
                     const PopplerAction *action);

/* Shows the layers that are off, so that their text is on the pages; their titles are text too. */
void pdf_show_layers(struct pdf_sink *sink, PopplerDocument *document);

#endif
