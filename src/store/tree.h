/* Inside of store: LMDB's file as the page reader sees it, data version 1, on a 64-bit machine.
 * LMDB keeps the machine's byte order.
 */
#ifndef TAVS_STORE_TREE_H
#define TAVS_STORE_TREE_H

#include <string.h>

#include "pages.h"

/* Page: u64 number, u16 pad, u16 flags, then u16 lower and u16 upper (or, for a value, u32 pages).
 */
enum {
    PAGE_AT_FLAGS = 10,
    PAGE_AT_LOWER = 12,
    PAGE_AT_UPPER = 14,
    PAGE_AT_PAGES = 12,
    PAGE_HEADER = 16,

    PAGE_BRANCH = 0x01,
    PAGE_LEAF = 0x02,
    PAGE_OVERFLOW = 0x04,
    PAGE_META = 0x08,
};

/* A database's record: u32 pad, u16 flags, u16 depth, five u64. */
enum {
    DB_AT_FLAGS = 4,
    DB_AT_DEPTH = 6,
    DB_AT_BRANCHES = 8,
    DB_AT_LEAVES = 16,
    DB_AT_VALUE_PAGES = 24,
    DB_AT_ENTRIES = 32,
    DB_AT_ROOT = 40,
    DB_BYTES = 48,
};
#define TREE_NO_ROOT UINT64_MAX

enum { PAGES_METAS = 2 };

enum tree_kind { TREE_FREE_LIST, TREE_MAIN, TREE_STORE, TREE_TALLY };

struct walk {
    int descriptor;
    uint64_t last_page;
    uint64_t transaction; /* the last one */
    struct pages_map *map;
    struct base_error *error;
};

/* Walks the database whose record is `record` and takes its pages; of the main database also the
 * two that it names. */
enum base_code tree_walk(const struct walk *walk, enum tree_kind kind,
                         const uint8_t record[DB_BYTES]);

static inline uint16_t u16_at(const uint8_t *bytes, size_t offset)
{
    uint16_t value;
    memcpy(&value, bytes + offset, sizeof value);
    return value;
}

static inline uint32_t u32_at(const uint8_t *bytes, size_t offset)
{
    uint32_t value;
    memcpy(&value, bytes + offset, sizeof value);
    return value;
}

static inline uint64_t u64_at(const uint8_t *bytes, size_t offset)
{
    uint64_t value;
    memcpy(&value, bytes + offset, sizeof value);
    return value;
}

#endif
