/* Inside of store: which page of the file is what, found by reading LMDB's pages without LMDB.
 *
 * It serves twice: LMDB trusts its file, so a damaged one is refused before LMDB sees it; and after
 * a commit it tells which bytes are no longer in use and are to be erased.
 */
#ifndef TAVS_STORE_PAGES_H
#define TAVS_STORE_PAGES_H

#include "tavs/base.h"

enum { PAGES_SIZE = 4096 };

enum pages_use {
    PAGES_UNUSED = 0, /* in the free list, or left over by a writer that was killed */
    PAGES_META,
    PAGES_TREE,  /* branch or leaf */
    PAGES_VALUE, /* the value of a record that does not fit a leaf */
};

struct pages_map {
    uint64_t count; /* of pages in the file, whether LMDB knows them or not */
    uint8_t *use;   /* enum pages_use of each; freed by pages_map_free */
    bool *free;     /* while mapping: named by the free list */
};

/* Reads the structure of the environment in `descriptor`. All that LMDB would follow (page numbers,
 * offsets, sizes, lists) is checked to stay inside the file and to be reached once.
 * BASE_STORE_EMPTY, _FOREIGN, _NEWER (a later LMDB), _TRUNCATED, _DAMAGED; BASE_IO; BASE_NO_MEMORY.
 */
enum base_code pages_map_read(int descriptor, struct pages_map *map, struct base_error *error);
void pages_map_free(struct pages_map *map);

/* Reads all of one page. */
enum base_code pages_read(int descriptor, uint64_t page, uint8_t bytes[PAGES_SIZE],
                          struct base_error *error);

/* The unused middle of a branch or leaf page that has been mapped: *begin <= *end <= PAGES_SIZE. */
void pages_gap(const uint8_t bytes[PAGES_SIZE], size_t *begin, size_t *end);

#endif
