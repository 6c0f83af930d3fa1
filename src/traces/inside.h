/* Inside of traces: one file for each thing that is looked at, and what they share. */
#ifndef TRACES_INSIDE_H
#define TRACES_INSIDE_H

#include <limits.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "tavs/traces.h"

enum { SEARCH_CHUNK = 1 << 18 };

/* One search. Functions that take it return an error only if there is no memory. */
struct search {
    const char *root; /* before /proc and /sys: "" but in tests */
    const uint8_t *store_id;
    struct traces_report *report;
    size_t room;    /* in it */
    bool no_memory; /* for a trace: noted here, and told at the end */

    char path[PATH_MAX];   /* of the store, absolute, links resolved */
    char folder[PATH_MAX]; /* it is in */
    const char *name;      /* its last part, in `path` */
    struct stat store;

    uint64_t entries_left, bytes_left; /* of TRACES_MOST_ENTRIES and _SEARCHED */
    bool entries_told, bytes_told;
    uint8_t *chunk; /* SEARCH_CHUNK bytes of guarded memory, for what is searched */

    struct search_seen *read; /* what search_read has read, so that it reads nothing twice */
    size_t read_count, read_room;
};

struct search_seen {
    dev_t device;
    ino_t number;
};

/* ---- traces.c ---- */

void search_say(struct search *search, enum traces_kind kind, const char *path, uint64_t line,
                const char *detail);

/* "FOLDER/NAME" ("/NAME" in the root folder); false if it is too long. */
bool search_join(char path[PATH_MAX], const char *folder, const char *name);

/* ---- command_tells.c: does a text tell of a contact? ----------------------------------------- */

enum command_reading {
    COMMAND_SHELL, /* a command line, as a shell keeps it */
    COMMAND_LOOSE, /* anything that may hold one */
};

/* True if a command in `text` counts or retracts a contact with words: "tavs log phone relative",
 * whatever stands before it, whatever its options are. */
bool command_tells(const char *text, size_t size, enum command_reading reading);

/* ---- search_read.c: files and folders ---------------------------------------------------------- */

/* What a file holds, in guarded memory; ended by a zero that does not count. */
struct search_text {
    char *bytes;
    size_t size;
    bool failed; /* there is a file, but it can't be read; that has been said */
};

/* Reads a plain file (to TRACES_MOST_BYTES). `text->bytes` is NULL if there is nothing to be
 * looked at: no such file, not a plain one, read before; or if it can't be read. */
enum base_code search_read(struct search *search, const char *path, struct search_text *text,
                           struct base_error *error);
void search_text_free(struct search_text *text);

/* Calls `look` for each entry of a folder; a missing folder has none. What can't be read, or is too
 * much, is said. `*found` (may be NULL) tells whether there is such a folder. */
typedef enum base_code search_visit(struct search *search, void *context, const char *path,
                                    const char *name, struct base_error *error);
enum base_code search_folder(struct search *search, const char *folder, search_visit *look,
                             void *context, bool *found, struct base_error *error);

/* What a plain file is by its beginning, and what it holds. */
struct search_content {
    bool is_lmdb, is_device, is_core;
    bool names_tavs; /* in the notes at the beginning of a core file */
    bool holds_id;   /* the store's, anywhere */
};

/* With `head_only`, what is nothing of all that by its beginning is not searched to its end. False
 * if the file could not be read; that is said. Symbolic links are not followed. */
bool search_file(struct search *search, const char *path, bool head_only,
                 struct search_content *content);

/* ---- places.c: where things usually lie -------------------------------------------------- */

enum place_kind {
    PLACE_HOME,
    PLACE_ZDOTDIR,
    PLACE_DATA, /* XDG_DATA_HOME; without it, or for somebody else's home, the usual folder */
    PLACE_STATE,
    PLACE_CACHE,
    PLACE_CONFIG,
    PLACES
};

/* A home folder; `own` if the environment is about it. */
struct home {
    const char *path;
    bool own;
};

/* A kind of file: those in `folder` of `place` whose names match `pattern` (fnmatch). */
struct where {
    enum place_kind place;
    const char *folder, *pattern;
};

/* Calls `look` for all files of these kinds. */
enum base_code places_visit(struct search *search, struct home home, const struct where *where,
                            size_t count, search_visit *look, void *context,
                            struct base_error *error);

/* ---- what is looked at -------------------------------------------------------------------------- */

/* history.c */
enum base_code look_at_shells(struct search *search, struct home home, struct base_error *error);

/* leftover.c */
enum base_code look_at_editors(struct search *search, struct home home, struct base_error *error);
bool leftover_is_named(const char *name);
enum base_code look_at_leftover(struct search *search, void *context, const char *path,
                                const char *name, struct base_error *error);

/* copy.c: beside the store; where temporary files, deleted ones and memory images go */
enum base_code look_for_copies(struct search *search, struct base_error *error);
enum base_code look_elsewhere(struct search *search, struct home home, struct base_error *error);

/* keeper.c: snapshots, synchronised folders, version control */
enum base_code look_for_keepers(struct search *search, struct base_error *error);

/* mode.c */
enum base_code look_at_modes(struct search *search, struct base_error *error);

/* system.c */
void look_at_system(struct search *search);

#endif
