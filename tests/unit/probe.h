/* Opening a store that has been damaged on purpose, in a child that may crash. */
#ifndef TESTS_PROBE_H
#define TESTS_PROBE_H

#include "filemap.h"
#include "tavs/store.h"

/* Opens the store and closes it. */
enum base_code probe_open(const char *path, enum store_mode mode);

/* Fails the test unless opening to read and to write, counting and backing up all say `code`, and
 * leave all as it was. */
void probe_refused(const char *path, enum base_code code);

/* A child's exit status besides the codes of base.h. */
enum { PROBE_WRONG = 250 }; /* what was read is not what the good file holds */

/* Opens the store, checks that it is complete, and reads rows `first` .. `first` + `rows` - 1 (as
 * many as there are) of the good file: the code, or PROBE_WRONG. */
int probe_read(const struct place *place, const struct filemap *good, size_t first, size_t rows);

/* Counts one contact with this machine's device and reads its month before and after. */
int probe_count(const struct place *place, base_month month, unsigned cell);

/* True for the codes that say that a store is damaged or no store. */
bool probe_is_refusal(int code);

/* The same in a child, which fails the test if it crashes, hangs, or gives PROBE_WRONG; `what` names
 * the damage. */
int probe_in_child(const struct place *place, const struct filemap *good, const char *what,
                   bool count);

#endif
