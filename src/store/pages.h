/* Inside of store: which byte of the file is in use, found by reading LMDB's pages without LMDB.
 *
 * It serves twice: LMDB trusts its file, so a damaged one is refused before LMDB sees it; and after
 * a commit it tells which bytes are no longer in use and are to be erased.
 */
#ifndef TAVS_STORE_PAGES_H
#define TAVS_STORE_PAGES_H

#include "tavs/base.h"

enum {
    PAGES_SIZE = 4096,
    PAGES_MOST = 1 << 18, /* 1 GiB: a thousand years of one device take a twentieth of it */
    PAGES_MAP_BYTES = PAGES_MOST * PAGES_SIZE, /* what a store's file says of its map */
};

enum pages_use {
    PAGES_UNUSED = 0, /* in the free list, or left over by a writer that was killed */
    PAGES_META,
    PAGES_TREE,       /* branch or leaf */
    PAGES_VALUE,      /* the value of a record that does not fit a leaf */
    PAGES_VALUE_REST, /* such a value's second page and all further ones */
};

struct pages_page {
    uint8_t use;         /* enum pages_use */
    bool listed;         /* while mapping: in the free list */
    uint16_t begin, end; /* bytes begin .. end - 1 are not in use */
};

struct pages_map {
    uint64_t count;           /* of whole pages in the file, whether LMDB knows them or not */
    struct pages_page *pages; /* freed by pages_map_free */
};

/* Two bytes of the head of each page of a tree and of the first of each value, which LMDB carries
 * along and never reads: nothing must be hidden there. */
enum { PAGES_PAD_BEGIN = 8, PAGES_PAD_END = 10 };

static inline bool pages_has_head(const struct pages_page *page)
{
    return page->use == PAGES_TREE || page->use == PAGES_VALUE;
}

/* Reads the structure of the environment in `descriptor`. All that LMDB relies on is checked: every
 * page number, offset, size, flag and count, the order of the keys, the length of the way to every
 * leaf; that each page has one use; and that the databases are those of a store.
 * BASE_STORE_EMPTY, _FOREIGN, _NEWER (a later LMDB), _TRUNCATED, _DAMAGED; BASE_IO; BASE_NO_MEMORY.
 */
enum base_code pages_map_read(int descriptor, struct pages_map *map, struct base_error *error);
void pages_map_free(struct pages_map *map);

/* Reads `size` bytes from `offset` on; BASE_STORE_TRUNCATED if the file ends before. */
enum base_code pages_read(int descriptor, uint64_t offset, uint8_t *bytes, size_t size,
                          struct base_error *error);

#endif
