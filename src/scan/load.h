/* The readers of html and xlsx, from tavs-scan.so. */
#ifndef TAVS_SCAN_LOAD_H
#define TAVS_SCAN_LOAD_H

#include "reader.h"
#include "tavs/scan.h"

/* The reader for SCAN_HTML or SCAN_XLSX: the one that is linked into the program, if there is one,
 * else from tavs-scan.so. BASE_PART_MISSING. */
enum base_code load_reader(enum scan_format format, scan_reader **out, struct base_error *error);

/* What a reader came to, as an error that names the file. */
enum base_code load_say(enum scan_read read, const char *name, struct base_error *error);

#endif
