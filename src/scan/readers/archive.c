#include "archive.h"

#include <stdlib.h>
#include <string.h>

#include "tavs/scan.h"

enum {
    MOST_ENTRIES = 10000,
    READ_STEP = 1 << 14,
    MOST_UNPACKED = 4 * SCAN_MOST_BYTES,
    FREE_BYTES = 8 << 20, /* any archive may unpack to so much */
    MOST_RATIO = 200,     /* and to so many times its size beyond that */
    END_BYTES = 22,
    LOCATOR_BYTES = 20,
    LONG_END_BYTES = 56,
    CENTRAL_BYTES = 46,
    LOCAL_BYTES = 30,
    HAS_DESCRIPTOR = 8,
};

static const uint32_t in_long_form = 0xffffffff;

/* ---- numbers, as zip has them (APPNOTE.TXT, 4.3) -------------------------------------------- */

static uint64_t number(const char *at, int size)
{
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static bool is_mark(const char *at, const char *mark)
{
    return at[0] == 'P' && at[1] == 'K' && memcmp(at + 2, mark, 2) == 0;
}

/* ---- which bytes belong to what ------------------------------------------------------------- */

struct stretch {
    uint64_t from, to;
};

struct layout {
    const char *bytes;
    uint64_t size;
    uint64_t directory, directory_end, end; /* `end`: where the comment begins */
};

static bool holds(const struct layout *layout, uint64_t at, uint64_t size)
{
    return at <= layout->size && size <= layout->size - at;
}

/* Where the directory lies. */
static bool find_directory(struct layout *layout, uint64_t comment_size)
{
    if (!holds(layout, 0, END_BYTES + comment_size))
        return false;
    const uint64_t at = layout->size - END_BYTES - comment_size;
    const char *record = layout->bytes + at;
    layout->end = at + END_BYTES;
    if (!is_mark(record, "\5\6"))
        return false;
    layout->directory = number(record + 16, 4);
    layout->directory_end = layout->directory + number(record + 12, 4);
    const char *locator = record - LOCATOR_BYTES;
    if (at >= LOCATOR_BYTES && is_mark(locator, "\6\7")) {
        const uint64_t from = number(locator + 8, 8);
        if (!holds(layout, from, LONG_END_BYTES) || !is_mark(layout->bytes + from, "\6\6"))
            return false;
        layout->directory = number(layout->bytes + from + 48, 8);
        layout->directory_end = layout->directory + number(layout->bytes + from + 40, 8);
        return layout->directory_end == from && from + LONG_END_BYTES + LOCATOR_BYTES == at;
    }
    return layout->directory_end == at;
}

/* An entry's place where that takes 64 bits: behind the sizes that do, in field 1. */
static uint64_t long_offset(const char *extra, uint64_t size, const char *entry)
{
    while (size >= 4) {
        const uint64_t length = number(extra + 2, 2);
        if (length + 4 > size)
            break;
        if (number(extra, 2) == 1) {
            uint64_t at = 4;
            at += number(entry + 24, 4) == in_long_form ? 8 : 0;
            at += number(entry + 20, 4) == in_long_form ? 8 : 0;
            return at + 8 <= length + 4 ? number(extra + at, 8) : UINT64_MAX;
        }
        extra += 4 + length;
        size -= 4 + length;
    }
    return UINT64_MAX;
}

/* How many bytes after the data say once more what it is: none, or 12 to 24. */
static uint64_t descriptor_size(const struct layout *layout, uint64_t at, const char *entry)
{
    const uint64_t mark = holds(layout, at, 4) && is_mark(layout->bytes + at, "\7\10") ? 4 : 0;
    if ((number(entry + 8, 2) & HAS_DESCRIPTOR) == 0 || !holds(layout, at, mark + 12) ||
        number(layout->bytes + at + mark, 4) != number(entry + 16, 4))
        return 0;
    const uint64_t packed = number(entry + 20, 4);
    const bool is_long = packed == in_long_form ||
                         (holds(layout, at, mark + 20) && packed != 0 &&
                          number(layout->bytes + at + mark + 4, 8) == packed &&
                          number(layout->bytes + at + mark + 12, 8) == number(entry + 24, 4));
    return mark + (is_long ? 20 : 12);
}

/* The bytes of one entry: what stands before its data, that, and what stands after it. */
static bool entry_stretch(const struct layout *layout, const char *entry, uint64_t packed,
                          struct stretch *stretch)
{
    uint64_t from = number(entry + 42, 4);
    if (from == in_long_form)
        from = long_offset(entry + CENTRAL_BYTES + number(entry + 28, 2), number(entry + 30, 2),
                           entry);
    if (!holds(layout, from, LOCAL_BYTES) || !is_mark(layout->bytes + from, "\3\4"))
        return false;
    const char *local = layout->bytes + from;
    const uint64_t data = from + LOCAL_BYTES + number(local + 26, 2) + number(local + 28, 2);
    if (!holds(layout, data, packed))
        return false;
    *stretch =
        (struct stretch){from, data + packed + descriptor_size(layout, data + packed, entry)};
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct stretch *first = a, *second = b;
    return (first->from > second->from) - (first->from < second->from);
}

static bool count_gaps(struct archive *archive, const struct layout *layout,
                       struct stretch *stretches)
{
    uint64_t at = layout->directory, reached = 0;
    for (size_t i = 0; i < archive->count; i++) {
        zip_stat_t stat;
        if (!holds(layout, at, CENTRAL_BYTES) || !is_mark(layout->bytes + at, "\1\2") ||
            zip_stat_index(archive->zip, i, 0, &stat) != 0 ||
            !entry_stretch(layout, layout->bytes + at, stat.comp_size, &stretches[i]))
            return false;
        const char *entry = layout->bytes + at;
        at += CENTRAL_BYTES + number(entry + 28, 2) + number(entry + 30, 2) + number(entry + 32, 2);
    }
    archive->gaps = at != layout->directory_end;
    qsort(stretches, archive->count, sizeof *stretches, by_place);
    for (size_t i = 0; i < archive->count; i++) {
        if (stretches[i].from < reached)
            return false;
        archive->gaps += stretches[i].from > reached;
        reached = stretches[i].to;
    }
    archive->gaps += reached < layout->directory;
    return reached <= layout->directory && at <= layout->directory_end;
}

static enum scan_read check_layout(struct archive *archive, const char *bytes, size_t size)
{
    struct layout layout = {.bytes = bytes, .size = size};
    size_t comment_size;
    archive_comment(archive, &comment_size);
    struct stretch *stretches = calloc(archive->count, sizeof *stretches);
    if (stretches == NULL)
        return SCAN_READ_NO_MEMORY;
    const bool good =
        find_directory(&layout, comment_size) && count_gaps(archive, &layout, stretches);
    free(stretches);
    return good ? SCAN_READ_OK : SCAN_READ_DAMAGED;
}

/* ---- the archive ---------------------------------------------------------------------------- */

/* By what the directory claims: that it is true is seen as entries are unpacked. */
static enum scan_read check_sizes(struct archive *archive, size_t size)
{
    uint64_t claimed = 0;
    archive->most = FREE_BYTES + (uint64_t)size * MOST_RATIO;
    if (archive->most > MOST_UNPACKED)
        archive->most = MOST_UNPACKED;
    for (size_t i = 0; i < archive->count; i++) {
        zip_stat_t stat;
        if (zip_stat_index(archive->zip, i, 0, &stat) != 0)
            return SCAN_READ_DAMAGED;
        if (stat.size > archive->most - claimed)
            return SCAN_READ_TOO_BIG;
        claimed += stat.size;
    }
    return SCAN_READ_OK;
}

static enum scan_read state_of(const zip_error_t *error)
{
    return zip_error_code_zip(error) == ZIP_ER_MEMORY ? SCAN_READ_NO_MEMORY : SCAN_READ_DAMAGED;
}

static enum scan_read open_zip(struct archive *archive, const char *bytes, size_t size)
{
    zip_error_t error;
    enum scan_read read = SCAN_READ_OK;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
    if (source != NULL)
        archive->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (archive->zip == NULL) {
        read = state_of(&error);
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return read;
}

enum scan_read archive_open(struct archive *archive, const char *bytes, size_t size)
{
    *archive = (struct archive){0};
    enum scan_read read = open_zip(archive, bytes, size);
    if (read != SCAN_READ_OK)
        return read;
    const zip_int64_t entries = zip_get_num_entries(archive->zip, 0);
    archive->count = entries > 0 ? (size_t)entries : 0;
    read = entries <= 0             ? SCAN_READ_DAMAGED
           : entries > MOST_ENTRIES ? SCAN_READ_TOO_BIG
                                    : check_sizes(archive, size);
    if (read == SCAN_READ_OK)
        read = check_layout(archive, bytes, size);
    if (read != SCAN_READ_OK)
        archive_close(archive);
    return read;
}

void archive_close(struct archive *archive)
{
    if (archive->zip != NULL)
        zip_discard(archive->zip);
    archive->zip = NULL;
}

const char *archive_name(const struct archive *archive, size_t index)
{
    const char *name = zip_get_name(archive->zip, index, ZIP_FL_ENC_GUESS);
    return name != NULL ? name : "";
}

bool archive_find(const struct archive *archive, const char *name, size_t *index)
{
    zip_int64_t found = zip_name_locate(archive->zip, name, 0);
    if (found < 0)
        found = zip_name_locate(archive->zip, name, ZIP_FL_NOCASE);
    *index = found >= 0 ? (size_t)found : 0;
    return found >= 0;
}

const char *archive_entry_comment(const struct archive *archive, size_t index, size_t *size)
{
    zip_uint32_t length = 0;
    const char *comment = zip_file_get_comment(archive->zip, index, &length, ZIP_FL_ENC_GUESS);
    *size = comment != NULL ? length : 0;
    return comment;
}

const char *archive_comment(const struct archive *archive, size_t *size)
{
    int length = 0;
    const char *comment = zip_get_archive_comment(archive->zip, &length, ZIP_FL_ENC_RAW);
    *size = comment != NULL && length > 0 ? (size_t)length : 0;
    return comment;
}

/* Reads to the end, a byte beyond what is claimed at most. */
static enum scan_read unpack(struct archive *archive, zip_file_t *file, uint64_t claimed,
                             archive_take *take, void *context)
{
    char step[READ_STEP];
    uint64_t length = 0;
    zip_int64_t got;
    enum scan_read read = SCAN_READ_OK;
    while (read == SCAN_READ_OK && (got = zip_fread(file, step, sizeof step)) != 0) {
        length += got > 0 ? (uint64_t)got : 0;
        archive->so_far += got > 0 ? (uint64_t)got : 0;
        if (got < 0)
            read = state_of(zip_file_get_error(file));
        else if (length > claimed)
            read = SCAN_READ_DAMAGED;
        else if (archive->so_far > 2 * archive->most)
            read = SCAN_READ_TOO_BIG;
        else if (!take(context, step, (size_t)got))
            read = SCAN_READ_STOPPED;
    }
    explicit_bzero(step, sizeof step);
    return read == SCAN_READ_OK && length != claimed ? SCAN_READ_DAMAGED : read;
}

enum scan_read archive_unpack(struct archive *archive, size_t index, archive_take *take,
                              void *context)
{
    zip_stat_t stat;
    if (zip_stat_index(archive->zip, index, 0, &stat) != 0)
        return SCAN_READ_DAMAGED;
    zip_file_t *file = zip_fopen_index(archive->zip, index, 0);
    if (file == NULL)
        return state_of(zip_get_error(archive->zip));
    enum scan_read read = unpack(archive, file, stat.size, take, context);
    if (zip_fclose(file) != 0 && read == SCAN_READ_OK) /* a wrong check sum */
        read = SCAN_READ_DAMAGED;
    return read;
}
