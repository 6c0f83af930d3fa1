/* published: what somebody learns from files that tavs has published, taken together.
 *
 * Reads protected exports (csv, json) and reports (json): no store, no key. Which places are the same, what
 * each offers and which threshold holds is worked out from the files; docs/check-release.md says how. The
 * attack itself is protect's. Files are taken as hostile; an error names the file, the row (the headings of
 * a csv file are row 1; of json it counts the records) and the member.
 *
 * Nothing here is secret: all of it has been published.
 */
#ifndef TAVS_PUBLISHED_H
#define TAVS_PUBLISHED_H

#include "tavs/base.h"
#include "tavs/protect.h"

enum {
    PUBLISHED_MOST_BYTES = 16 << 20, /* of one file */
    PUBLISHED_MOST_FILES = 256,
    PUBLISHED_MOST_FIGURES = 25000, /* of all files, each as often as it stands there */
    PUBLISHED_MOST_COUNT = 1000000000,
    PUBLISHED_NAME_BYTES = 256,        /* of a place, with its zero */
    PUBLISHED_SECONDS = 600,           /* of the processor's time, for all attacks together */
    PUBLISHED_MOST_MEMORY = 256 << 20, /* of the process: check-release sets the limit */
};

/* A figure that is narrowed, and the files that have it, shown or hidden: none, if nobody printed it. */
struct published_finding {
    bool printed;
    bool alone; /* of an edition that was corrected since: files[0] was attacked by itself */
    struct cell_set sum; /* `places`: bits count as published_place_name does */
    int64_t least, most;
    const size_t *files;
    size_t file_count;
};

/* Figures are different sums, however often they were published. A release of which there is a newer edition among
 * the files (json tells) is attacked by itself, and not counted in `shown`, `hidden` and `doubtful`; all others are
 * attacked together. */
struct published_result {
    unsigned threshold;
    size_t drafts, superseded; /* files */
    bool thresholds_differ;    /* among the files that tell theirs: the largest holds */
    size_t file_count, place_count;
    size_t shown, hidden; /* a figure that any file shows is shown */
    size_t doubtful;      /* struct protect_published */
    bool
        contradictory; /* no counts agree with all files, or with one that is attacked by itself: there are
                             no findings then */
    size_t finding_count;
    const struct published_finding *findings;
};

struct published;

/* BASE_NO_MEMORY. */
enum base_code published_new(struct published **out, struct base_error *error);
/* NULL is fine. */
void published_free(struct published *published);

/* Reads one file. `name` is what errors call it.
 *
 *   BASE_PUBLISHED_FORMAT     nothing that tavs publishes, or in a form that is for people
 *   BASE_PUBLISHED_EXCEL      csv for Excel
 *   BASE_PUBLISHED_EXACT      exact figures
 *   BASE_PUBLISHED_DAMAGED    something is missing in it, or wrong
 *   BASE_PUBLISHED_TOO_BIG
 *   BASE_PART_MISSING, BASE_NO_MEMORY
 *
 * After an error only published_free may follow. */
enum base_code published_add(struct published *published, const char *name, const char *bytes,
                             size_t size, struct base_error *error);

/* Once, when all files have been added. `threshold`: for files that don't tell; 0: PROTECT_THRESHOLD.
 * `seconds`: of the processor, for all attacks together; 0: PUBLISHED_SECONDS. The result belongs to `published`.
 * BASE_PUBLISHED_TOO_BIG: more than COUNTS_MOST_PLACES places. BASE_NOT_CHECKED: not in time, or not with the memory
 * that there is. BASE_PART_MISSING, BASE_NO_MEMORY. */
enum base_code published_attack(struct published *published, unsigned threshold, double seconds,
                                const struct published_result **out, struct base_error *error);

const char *published_file_name(const struct published *published, size_t file);

bool published_file_is_draft(const struct published *published, size_t file);

/* Printable; NULL for a place without a name. */
const char *published_place_name(const struct published *published, size_t place);

/* The record of the check: docs/check-release.md. After published_attack; guarded memory, secret_free. */
enum base_code published_json(const struct published *published, char **json, size_t *size,
                              struct base_error *error);

#endif
