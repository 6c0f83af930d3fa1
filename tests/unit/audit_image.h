/* A store's file in memory, for the audit's tests. Every function ends the test program if it fails. */
#ifndef AUDIT_IMAGE_H
#define AUDIT_IMAGE_H

#include "tavs/audit.h"

struct image {
    size_t size;
    uint8_t *bytes;
};

struct image image_load(const char *path);
void image_save(const struct image *image, const char *path);
struct image image_copy(const struct image *image, size_t extra); /* with `extra` zero bytes */
void image_free(struct image *image);

/* The caller frees the report. */
struct audit_report *image_audit(const struct image *image);
bool image_passes(const struct image *image);

/* The class of each byte; the caller frees it. */
uint8_t *image_classes(const struct image *image);

/* The page of the current meta page, 0 or 1. */
size_t image_current_meta(const struct image *image);

#endif
