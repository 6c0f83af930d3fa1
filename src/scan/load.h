/* The readers of html and xlsx, from tavs-scan.so. */
#ifndef TAVS_SCAN_LOAD_H
#define TAVS_SCAN_LOAD_H

#include "reader.h"
#include "tavs/scan.h"

/* The reader for SCAN_HTML or SCAN_XLSX: the one that is linked into the program, if there is one,
 * else from tavs-scan.so beside the program, in the folder above it, or in TAVS_LIBDIR (in that
 * order; a build tree has it in the first two). The object stays loaded. BASE_SCAN_NO_READER with
 * what dlopen says. */
enum base_code load_reader(enum scan_format format, scan_reader **out, struct base_error *error);

#endif
