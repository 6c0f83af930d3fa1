/* What the files of this room share. */
#ifndef TAVS_PUBLISHED_INSIDE_H
#define TAVS_PUBLISHED_INSIDE_H

#include "tavs/published.h"

enum { PUBLISHED_FINGERPRINT_BYTES = 64 };

/* A place as one file has it, or, once settled, as all of them have. */
struct published_place {
    char name[PUBLISHED_NAME_BYTES];               /* empty: it has none */
    char fingerprint[PUBLISHED_FINGERPRINT_BYTES]; /* empty: nobody tells */
    struct protect_offered offered;                /* empty sets: nobody tells */
};

struct published_places {
    struct published_place place[COUNTS_MOST_PLACES];
    size_t count;
};

struct published_file {
    char *name;         /* printable */
    unsigned threshold; /* 0: it does not tell */
    bool is_json, is_draft;
    /* What json tells of a published one; 0: nothing. A corrected edition has the number of the release as it was
     * first published. */
    unsigned release, edition;
    bool superseded; /* there is a newer edition among the files */
    struct published_places places;
    size_t first; /* of its figures */
};

struct published_figure {
    struct cell_set sum; /* `places`: of its file's until settled, or any: all of them */
    bool shown;
    int64_t value;
    size_t file;
};

struct published {
    struct published_file *files[PUBLISHED_MOST_FILES];
    size_t file_count;
    struct published_figure *figures; /* PUBLISHED_MOST_FIGURES */
    size_t figure_count;
    struct published_places places; /* settled */
    struct published_result result;
    struct published_finding *findings;
    size_t finding_room;
    size_t *finding_files; /* as many as there are figures */
    size_t finding_files_used;
};

/* A record as it stands in a file, with the row it stands in. */
struct published_words {
    const char *period, *channel, *party, *session, *count,
        *status; /* `count` NULL: there is none */
    struct place_set places;
    size_t row;
};

/* Understands a record of the last file and keeps it. BASE_PUBLISHED_DAMAGED, _EXACT, _TOO_BIG. */
enum base_code published_take(struct published *published, const struct published_words *words,
                              struct base_error *error);

/* Adds to the set the place of that name among the last file's, made if it is new; false if there are too many. */
bool published_add_place(struct published_file *file, const char *name, struct place_set *set);

/* A code, or several joined by "+", or "all". False if it is anything else. */
bool published_read_set(enum codebook_dimension dimension, const char *text, codebook_set *set);

/* "x.csv, row 3: count" */
enum base_code published_fail_row(const struct published *published, size_t row, const char *what,
                                  struct base_error *error);

/* Read the bytes into the last file. */
enum base_code csv_read(struct published *published, const char *bytes, size_t size,
                        struct base_error *error);
enum base_code json_read(struct published *published, const char *bytes, size_t size,
                         struct base_error *error);

/* Which files are of an edition that was corrected since. */
void published_find_superseded(struct published *published);

/* Which places of the files are the same, and what each offers; figures are of these from now on.
 * BASE_PUBLISHED_TOO_BIG. */
enum base_code published_settle(struct published *published, struct base_error *error);

#endif
