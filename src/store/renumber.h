/* Inside of store: LMDB's transaction numbers, which would tell how often the file was written.
 *
 * They stand in the two meta pages and as the keys of the free list. Once a commit is durable and
 * its outdated pages are erased, their size means nothing any more, only their order: the free list's
 * records are numbered from 1, and the two meta pages by the next numbers that are in step with
 * their places.
 */
#ifndef TAVS_STORE_RENUMBER_H
#define TAVS_STORE_RENUMBER_H

#include "tavs/base.h"

/* In two steps, with a sync by the caller between them, so that a power cut leaves the last
 * transaction the last: first the free list and the older meta page, then the last one, which need
 * not be synced. The caller holds the exclusive lock, no transaction is open, and the structure of
 * the file has been checked. `*last` is for the second step. */
struct renumber_last {
    uint64_t offset; /* of the last transaction's number in the file */
    uint64_t number; /* what it is to be */
};
enum base_code renumber_earlier(int descriptor, struct renumber_last *last,
                                struct base_error *error);
enum base_code renumber_last(int descriptor, const struct renumber_last *last,
                             struct base_error *error);

/* In both meta pages, the size of the map as every store's file has it, however much was mapped. */
enum base_code renumber_map_size(int descriptor, struct base_error *error);

#endif
