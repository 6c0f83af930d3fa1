/* A store, and a transaction that changes three things in it at once: its file is to hold all of them
 * or none, whatever happens on the way. */
#ifndef TESTS_CHANGES_H
#define TESTS_CHANGES_H

#include "filemap.h"
#include "tavs/store.h"

enum changes { CHANGE_ROW = 1, CHANGE_SLOT = 2, CHANGE_YEAR = 4, CHANGE_ALL = 7 };

struct change {
    struct place place;
    struct filemap before;
    struct record_row row; /* as the one of March is to become, and all of the new year */
    struct keys_slot slot; /* as the first one is to become */
};

/* A store of the year 2017 in memory. */
void change_begin(struct change *change);
void change_end(struct change *change);

/* The file as it was. */
void change_restore(const struct change *change);

/* One transaction that makes `changes`; with none, it writes the header again as it is. */
enum base_code change_make(const struct change *change, unsigned changes, struct base_error *error);

/* Which changes the file holds. Fails the test if one of them is there in part. */
unsigned change_look(const struct change *change, const struct filemap *map);

/* Makes the next transaction; fails the test if anything is left in the file then of the records that
 * were replaced, or of those that never came to be. */
void change_check_next(const struct change *change);

#endif
