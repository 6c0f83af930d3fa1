#include "audit_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_TRANSACTION = 144, NO_CLASS = 0xff };

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

struct image image_load(const char *path)
{
    FILE *file = must(fopen(path, "rb"));
    struct image image = {0};

    if (fseek(file, 0, SEEK_END) != 0)
        abort();
    image.size = (size_t)ftell(file);
    rewind(file);
    image.bytes = must(malloc(image.size + 1));
    if (fread(image.bytes, 1, image.size, file) != image.size)
        abort();
    fclose(file);
    return image;
}

void image_save(const struct image *image, const char *path)
{
    FILE *file = must(fopen(path, "wb"));

    if (fwrite(image->bytes, 1, image->size, file) != image->size || fclose(file) != 0)
        abort();
}

struct image image_copy(const struct image *image, size_t extra)
{
    struct image copy = {.size = image->size + extra};

    copy.bytes = must(calloc(copy.size + 1, 1));
    memcpy(copy.bytes, image->bytes, image->size);
    return copy;
}

void image_free(struct image *image)
{
    free(image->bytes);
    image->bytes = NULL;
}

struct context {
    const struct image *image;
    uint8_t *classes;
};

static bool read_image(void *context, uint64_t offset, void *bytes, size_t size)
{
    const struct image *image = ((const struct context *)context)->image;

    if (offset > image->size || size > image->size - offset)
        abort();
    memcpy(bytes, image->bytes + offset, size);
    return true;
}

static void tell_class(void *context, uint64_t offset, uint64_t bytes, enum audit_class class)
{
    uint8_t *classes = ((struct context *)context)->classes;

    for (uint64_t i = offset; i < offset + bytes; i++) {
        if (classes[i] != NO_CLASS) {
            fprintf(stderr, "byte %llu has two classes\n", (unsigned long long)i);
            abort();
        }
        classes[i] = (uint8_t) class;
    }
}

static struct audit_report *audit(const struct image *image, uint8_t *classes)
{
    struct context context = {image, classes};
    const struct audit_source source = {.context = &context,
                                        .bytes = image->size,
                                        .read = read_image,
                                        .tell = classes == NULL ? NULL : tell_class};
    struct audit_report *report;
    struct base_error error;

    if (audit_from_source(&source, &report, &error) != BASE_OK)
        abort();
    return report;
}

struct audit_report *image_audit(const struct image *image)
{
    return audit(image, NULL);
}

bool image_passes(const struct image *image)
{
    struct audit_report *report = audit(image, NULL);
    const bool passed = report->passed;

    audit_report_free(report);
    return passed;
}

uint8_t *image_classes(const struct image *image)
{
    uint8_t *classes = must(malloc(image->size + 1));

    memset(classes, NO_CLASS, image->size);
    audit_report_free(audit(image, classes));
    for (size_t i = 0; i < image->size; i++)
        if (classes[i] == NO_CLASS)
            abort();
    return classes;
}

static uint64_t transaction(const struct image *image, size_t page)
{
    uint64_t number;

    memcpy(&number, image->bytes + page * AUDIT_PAGE_BYTES + AT_TRANSACTION, sizeof number);
    return number;
}

size_t image_current_meta(const struct image *image)
{
    return transaction(image, 1) > transaction(image, 0);
}
