/* What the fuzz targets of office documents share: an input is a part of one, unpacked. */
#ifndef TESTS_FUZZ_OFFICE_PARTS_H
#define TESTS_FUZZ_OFFICE_PARTS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "scan/reader.h"

enum { OFFICE_ROOM = 1 << 18, OFFICE_MOST_PARTS = 8 };

struct office_part {
    const char *name;
    const void *bytes;
    size_t size;
};

static inline void expect(bool fact)
{
    if (!fact)
        abort();
}

static inline struct office_part office_text(const char *name, const char *text)
{
    return (struct office_part){name, text, strlen(text)};
}

/* A zip archive of the parts as they are; its size. */
static inline size_t office_archive(const struct office_part *parts, size_t count, char *room)
{
    zip_error_t error;
    zip_stat_t stat;
    zip_error_init(&error);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
    expect(target != NULL);
    zip_source_keep(target);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    expect(zip != NULL);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].bytes, parts[i].size, 0);
        const zip_int64_t index = zip_file_add(zip, parts[i].name, source, 0);
        expect(index >= 0);
        zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
    }
    expect(zip_close(zip) == 0);
    expect(zip_source_open(target) == 0 && zip_source_stat(target, &stat) == 0);
    expect(stat.size <= OFFICE_ROOM);
    const zip_int64_t size = zip_source_read(target, room, stat.size);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&error);
    expect(size == (zip_int64_t)stat.size);
    return (size_t)size;
}

/* What is handed on: cells whose fields fit each other; the same twice. */
struct office_seen {
    uint64_t cells, hash;
    bool any_cell;
};

static inline bool office_take(void *context, const struct scan_cell *cell)
{
    struct office_seen *seen = context;
    expect((cell->flags & SCAN_CELL_PART) == 0 || cell->part != NULL);
    expect((cell->flags & SCAN_CELL_SHEET) == 0 || !seen->any_cell);
    expect((cell->flags & SCAN_CELL_UNREAD) == 0 || cell->unread < SCAN_UNREAD_KINDS);
    expect(cell->column <= SCAN_MOST_COLUMNS);
    seen->any_cell = seen->any_cell || cell->column > 0;
    seen->cells++;
    seen->hash = (seen->hash ^ cell->table) * 1099511628211U;
    seen->hash = (seen->hash ^ cell->row) * 1099511628211U;
    for (size_t i = 0; i < cell->size; i++)
        seen->hash = (seen->hash ^ (unsigned char)cell->text[i]) * 1099511628211U;
    return true;
}

static inline void office_read(scan_reader *reader, const struct office_part *parts, size_t count)
{
    static char room[OFFICE_ROOM];
    struct office_seen first = {0}, second = {0};
    const size_t size = office_archive(parts, count, room);
    const enum scan_read read = reader(room, size, office_take, &first);
    expect(read == SCAN_READ_OK || read == SCAN_READ_DAMAGED || read == SCAN_READ_TOO_BIG);
    expect(reader(room, size, office_take, &second) == read);
    expect(first.cells == second.cells && first.hash == second.hash);
}

#endif
