/* Inside of store: LMDB's two meta pages. */
#ifndef TAVS_STORE_META_H
#define TAVS_STORE_META_H

#include "tree.h"

enum {
    META_AT_MAGIC = PAGE_HEADER,
    META_AT_VERSION = 20,
    META_AT_MAP_SIZE = 32,
    META_AT_FREE_LIST = 40, /* a database's pad is, in the free list's, the page size */
    META_AT_MAIN = 88,
    META_AT_LAST_PAGE = 136,
    META_AT_TRANSACTION = 144,
    META_BYTES = 152,
    META_VERSION = 1,
};
#define META_MAGIC 0xBEEFC0DEU

#endif
