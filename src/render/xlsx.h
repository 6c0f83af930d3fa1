/* The workbook, from tavs-render.so. */
#ifndef RENDER_XLSX_H
#define RENDER_XLSX_H

#include "tavs/table.h"

/* Writes the document as a workbook to an open file that is empty; the same document gives the same
 * bytes. What the library needs beside it lies in memory files. BASE_NO_MEMORY; BASE_IO;
 * BASE_PART_MISSING if the library is one that would write to the disk. */
typedef enum base_code xlsx_composer(const struct table_document *document, int descriptor,
                                     struct base_error *error);

extern xlsx_composer xlsx_compose;

/* The composer, loaded when it is first asked for. BASE_PART_MISSING. */
enum base_code xlsx_load(xlsx_composer **out, struct base_error *error);

#endif
