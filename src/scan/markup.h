/* What the readers of markdown, html and xlsx share. */
#ifndef TAVS_SCAN_MARKUP_H
#define TAVS_SCAN_MARKUP_H

#include "reader.h"

/* False if a tag has over a thousand attributes: libxml2 2.9 compares each with all others, so that
 * one long tag would take hours. Comments and, in html, scripts and styles are left out. */
bool markup_is_bearable(const char *bytes, size_t size, bool html);

#endif
