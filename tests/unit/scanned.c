#include "scanned.h"

#include <stdio.h>
#include <string.h>

static struct scanned last;

static void keep(void *context, const struct scan_hit *hit)
{
    (void)context;
    if (last.count < SCANNED_KEPT)
        last.hits[last.count] = *hit;
    last.count++;
}

const struct scanned *scanned_bytes(const char *name, const void *bytes, size_t size)
{
    memset(&last, 0, sizeof last);
    last.code = scan_bytes(name, bytes, size, SCAN_AUTO, keep, NULL, &last.result, &last.error);
    return &last;
}

const struct scanned *scanned_text(const char *name, const char *text)
{
    return scanned_bytes(name, text, strlen(text));
}

const struct scanned *scanned_file(const char *path)
{
    char full[4096];
    snprintf(full, sizeof full, "%s/%s", TESTS_DIR, path);
    memset(&last, 0, sizeof last);
    last.code = scan_file(full, SCAN_AUTO, keep, NULL, &last.result, &last.error);
    return &last;
}

bool scanned_has(const struct scanned *scanned, enum scan_kind kind,
                 enum scan_confidence confidence)
{
    for (int i = (int)confidence; i < SCAN_CONFIDENCES; i++) {
        if (scanned->result.hits[kind][i] > 0)
            return true;
    }
    return false;
}
