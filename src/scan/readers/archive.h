/* A zip archive in memory, read with distrust: what its directory claims is checked against what is
 * there. */
#ifndef TAVS_SCAN_ARCHIVE_H
#define TAVS_SCAN_ARCHIVE_H

#include <zip.h>

#include "../reader.h"

struct archive {
    zip_t *zip;
    size_t count;    /* of entries */
    uint64_t most;   /* bytes that may come out of it */
    uint64_t so_far; /* that came */
    size_t gaps;     /* stretches of bytes that belong to no entry */
};

/* `bytes` must stay. Two entries of one name, entries that share bytes and whatever libzip finds
 * inconsistent is SCAN_READ_DAMAGED; what would unpack to too much SCAN_READ_TOO_BIG. */
enum scan_read archive_open(struct archive *archive, const char *bytes, size_t size);
void archive_close(struct archive *archive);

/* "" where it has none. */
const char *archive_name(const struct archive *archive, size_t index);

/* False if there is no such entry. Small and capital letters are the same, as in office documents. */
bool archive_find(const struct archive *archive, const char *name, size_t *index);

/* What was written beside an entry, or of the whole archive (no terminating zero). */
const char *archive_entry_comment(const struct archive *archive, size_t index, size_t *size);
const char *archive_comment(const struct archive *archive, size_t *size);

/* False: stop reading. */
typedef bool archive_take(void *context, const char *bytes, size_t size);

/* Unpacks an entry piece by piece. Fewer or more bytes than its directory says, a wrong check sum, an
 * encrypted entry, a method that libzip lacks: SCAN_READ_DAMAGED. */
enum scan_read archive_unpack(struct archive *archive, size_t index, archive_take *take,
                              void *context);

#endif
