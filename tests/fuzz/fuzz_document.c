/* The readers of docx, pptx, odt and ods, fed with any part of a document: no crash, and the same cells
 * each time. The first byte says which format, and whether it is the main part. */
#include "office_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Wrapped, so that most of what is fed is taken for the format's. */
static const struct {
    scan_reader *reader;
    const char *path, *empty, *before, *after;
} formats[] = {
    {scan_read_docx, "word/document.xml", "<document/>", "<w:document><w:body>",
     "</w:body></w:document>"},
    {scan_read_odt, "content.xml", "<document-content><body><text/></body></document-content>",
     "<o:document-content><o:body><o:text>", "</o:text></o:body></o:document-content>"},
    {scan_read_ods, "content.xml",
     "<document-content><body><spreadsheet/></body></document-content>",
     "<o:document-content><o:body><o:spreadsheet>",
     "</o:spreadsheet></o:body></o:document-content>"},
    {scan_read_pptx, "ppt/presentation.xml", "<presentation/>", "<p:presentation>",
     "</p:presentation>"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char wrapped[OFFICE_ROOM / 2];
    if (size == 0 || size > sizeof wrapped / 2)
        return 0;
    const size_t format = data[0] % 4;
    const bool main = (data[0] & 4) == 0;
    const int length = snprintf(wrapped, sizeof wrapped, "%s%.*s%s", formats[format].before,
                                (int)(size - 1), (const char *)data + 1, formats[format].after);
    const struct office_part parts[] = {
        {formats[format].path, main ? wrapped : formats[format].empty,
         main ? (size_t)length : strlen(formats[format].empty)},
        {"styles.xml", "<styles/>", 9},
        {"other.xml", main ? (const void *)"<x/>" : data + 1, main ? 4 : size - 1},
    };
    office_read(formats[format].reader, parts, sizeof parts / sizeof *parts);
    return 0;
}
