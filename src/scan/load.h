/* A file's bytes. */
#ifndef TAVS_SCAN_LOAD_H
#define TAVS_SCAN_LOAD_H

#include "tavs/base.h"

struct loaded {
    char *bytes;
    size_t size;
    size_t room; /* of memory that is ours; 0: the bytes are the file's own, mapped */
};

/* The file at `path` ("-": standard input). A plain file is mapped, so that it need not be in memory as a whole; what
 * comes through a pipe is read. Ended by load_end. BASE_SCAN_TOO_BIG: over SCAN_MOST_BYTES, of a pipe over
 * SCAN_MOST_HELD_BYTES. */
enum base_code load_file(const char *path, struct loaded *file, struct base_error *error);
void load_end(struct loaded *file);

/* pass.c: bytes are a file's, mapped (NULL: no more). */
void load_passing(char *bytes, size_t size);

/* What lies before `at` has been read, for now: of a mapped file it leaves the memory. For any other text this does
 * nothing. */
void load_pass(const char *at);

#endif
