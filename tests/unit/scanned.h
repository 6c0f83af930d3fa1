/* A scan whose hits are kept. */
#ifndef TESTS_SCANNED_H
#define TESTS_SCANNED_H

#include "tavs/scan.h"

enum { SCANNED_KEPT = 256 };

struct scanned {
    enum base_code code;
    struct base_error error;
    struct scan_result result;
    struct scan_hit hits[SCANNED_KEPT]; /* the first ones */
    size_t count;                       /* of all */
};

/* Scans a text as if it were a file of that name. What is returned lasts until the next call. */
const struct scanned *scanned_text(const char *name, const char *text);

const struct scanned *scanned_bytes(const char *name, const void *bytes, size_t size);

/* A file below tests/. */
const struct scanned *scanned_file(const char *path);

/* True if there is a hit of that kind and at least that confidence. */
bool scanned_has(const struct scanned *scanned, enum scan_kind kind,
                 enum scan_confidence confidence);

#endif
