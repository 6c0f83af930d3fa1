#include "pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* LMDB's structures, data version 1, on a 64-bit machine; LMDB keeps the machine's byte order.
 * Page: u64 number, u16 pad, u16 flags, then u16 lower and u16 upper (or, for a value, u32 pages).
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

    META_AT_MAGIC = PAGE_HEADER,
    META_AT_VERSION = 20,
    META_AT_FREE_DB = 40, /* a database's first field is, in the free list's, the page size */
    META_AT_MAIN_DB = 88,
    META_AT_LAST_PAGE = 136,
    META_AT_TRANSACTION = 144,
    META_BYTES = 152,
    METAS = 2,

    DB_AT_ROOT = 40,
    DB_BYTES = 48,

    /* Node: u16 low, u16 high (of the data's size or, in a branch, of the child's number), u16
     * flags (in a branch the number's highest part), u16 key size, key, data. */
    NODE_AT_HIGH = 2,
    NODE_AT_FLAGS = 4,
    NODE_AT_KEY_SIZE = 6,
    NODE_HEADER = 8,
    NODE_BIG_DATA = 0x01,
    NODE_SUB_DATABASE = 0x02,

    MOST_DEPTH = 16,
    MOST_PAGES = 1 << 18, /* 1 GiB: a thousand years of one device take a twentieth of it */
};
#define META_MAGIC 0xBEEFC0DEU
#define NO_ROOT    UINT64_MAX

enum tree { FREE_LIST, MAIN, NAMED };

struct walk {
    int descriptor;
    uint64_t last_page;
    struct pages_map *map;
    struct base_error *error;
};

static uint16_t u16_at(const uint8_t *bytes, size_t offset)
{
    uint16_t value;
    memcpy(&value, bytes + offset, sizeof value);
    return value;
}

static uint32_t u32_at(const uint8_t *bytes, size_t offset)
{
    uint32_t value;
    memcpy(&value, bytes + offset, sizeof value);
    return value;
}

static uint64_t u64_at(const uint8_t *bytes, size_t offset)
{
    uint64_t value;
    memcpy(&value, bytes + offset, sizeof value);
    return value;
}

static enum base_code read_at(int descriptor, uint64_t offset, uint8_t *bytes, size_t size,
                              struct base_error *error)
{
    while (size > 0) {
        ssize_t got = pread(descriptor, bytes, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base_fail_os(error, errno, "%s", _("reading the store"));
        if (got == 0)
            return base_fail(error, BASE_STORE_TRUNCATED, _("ends at byte %llu"),
                             (unsigned long long)offset);
        offset += (uint64_t)got;
        bytes += got;
        size -= (size_t)got;
    }
    return BASE_OK;
}

enum base_code pages_read(int descriptor, uint64_t page, uint8_t bytes[PAGES_SIZE],
                          struct base_error *error)
{
    return read_at(descriptor, page * PAGES_SIZE, bytes, PAGES_SIZE, error);
}

void pages_gap(const uint8_t bytes[PAGES_SIZE], size_t *begin, size_t *end)
{
    *begin = u16_at(bytes, PAGE_AT_LOWER);
    *end = u16_at(bytes, PAGE_AT_UPPER);
}

static enum base_code fail_page(const struct walk *walk, uint64_t page)
{
    return base_fail(walk->error, BASE_STORE_DAMAGED, _("page %llu"), (unsigned long long)page);
}

/* Takes a page for one use; a page out of range or taken before is damage. */
static enum base_code take(const struct walk *walk, uint64_t page, enum pages_use use)
{
    if (page < METAS || page > walk->last_page || walk->map->use[page] != PAGES_UNUSED ||
        walk->map->free[page])
        return fail_page(walk, page);
    walk->map->use[page] = (uint8_t)use;
    return BASE_OK;
}

/* The free list's records: u64 how many, then so many page numbers, the highest first. */
static enum base_code take_free(const struct walk *walk, const uint8_t *list, size_t bytes,
                                uint64_t owner)
{
    uint64_t count = bytes < sizeof(uint64_t) ? UINT64_MAX : u64_at(list, 0);
    uint64_t before = UINT64_MAX;
    if (count > bytes / sizeof(uint64_t) - 1)
        return fail_page(walk, owner);
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t page = u64_at(list, i * sizeof(uint64_t));
        if (page < METAS || page > walk->last_page || page >= before || walk->map->free[page] ||
            walk->map->use[page] != PAGES_UNUSED)
            return fail_page(walk, owner);
        walk->map->free[page] = true;
        before = page;
    }
    return BASE_OK;
}

/* A value on pages of its own. The free list may have one, too. */
static enum base_code walk_value(const struct walk *walk, enum tree tree, uint64_t page,
                                 size_t size)
{
    uint8_t header[PAGE_HEADER];
    uint64_t pages = (PAGE_HEADER + (uint64_t)size + PAGES_SIZE - 1) / PAGES_SIZE;
    enum base_code code = BASE_OK;

    if (page > walk->last_page || pages > walk->last_page + 1 - page)
        return fail_page(walk, page);
    for (uint64_t i = 0; code == BASE_OK && i < pages; i++)
        code = take(walk, page + i, PAGES_VALUE);
    if (code == BASE_OK)
        code = read_at(walk->descriptor, page * PAGES_SIZE, header, sizeof header, walk->error);
    if (code == BASE_OK &&
        (u64_at(header, 0) != page || u16_at(header, PAGE_AT_FLAGS) != PAGE_OVERFLOW ||
         u32_at(header, PAGE_AT_PAGES) != pages))
        code = fail_page(walk, page);
    if (code != BASE_OK || tree != FREE_LIST)
        return code;

    uint8_t *list = malloc(size);
    if (list == NULL)
        return base_fail(walk->error, BASE_NO_MEMORY, "%zu", size);
    code = read_at(walk->descriptor, page * PAGES_SIZE + PAGE_HEADER, list, size, walk->error);
    if (code == BASE_OK)
        code = take_free(walk, list, size, page);
    free(list);
    return code;
}

static enum base_code walk_tree(const struct walk *walk, enum tree tree, uint64_t page, int depth);

static enum base_code walk_database(const struct walk *walk, enum tree tree,
                                    const uint8_t *database)
{
    uint64_t root = u64_at(database, DB_AT_ROOT);
    return root == NO_ROOT ? BASE_OK : walk_tree(walk, tree, root, 1);
}

/* One node of a leaf whose data begins at `offset` in its page. */
static enum base_code walk_leaf_node(const struct walk *walk, enum tree tree, uint64_t page,
                                     const uint8_t *bytes, size_t node, size_t offset)
{
    size_t size = u16_at(bytes, node) | (size_t)u16_at(bytes, node + NODE_AT_HIGH) << 16;
    unsigned flags = u16_at(bytes, node + NODE_AT_FLAGS);
    size_t room = PAGES_SIZE - offset;

    if (flags == NODE_BIG_DATA && tree != MAIN && room >= sizeof(uint64_t))
        return walk_value(walk, tree, u64_at(bytes, offset), size);
    if (size > room)
        return fail_page(walk, page);
    if (tree == MAIN)
        return flags == NODE_SUB_DATABASE && size == DB_BYTES
                   ? walk_database(walk, NAMED, bytes + offset)
                   : fail_page(walk, page);
    if (flags != 0)
        return fail_page(walk, page);
    return tree == FREE_LIST ? take_free(walk, bytes + offset, size, page) : BASE_OK;
}

static enum base_code walk_node(const struct walk *walk, enum tree tree, uint64_t page,
                                const uint8_t *bytes, size_t node, bool leaf, int depth)
{
    if (node < u16_at(bytes, PAGE_AT_UPPER) || node % 2 != 0 || node > PAGES_SIZE - NODE_HEADER)
        return fail_page(walk, page);
    size_t offset = node + NODE_HEADER + u16_at(bytes, node + NODE_AT_KEY_SIZE);
    if (offset > PAGES_SIZE)
        return fail_page(walk, page);
    if (leaf)
        return walk_leaf_node(walk, tree, page, bytes, node, offset);
    uint64_t child = u16_at(bytes, node) | (uint64_t)u16_at(bytes, node + NODE_AT_HIGH) << 16 |
                     (uint64_t)u16_at(bytes, node + NODE_AT_FLAGS) << 32;
    return walk_tree(walk, tree, child, depth + 1);
}

static enum base_code walk_tree(const struct walk *walk, enum tree tree, uint64_t page, int depth)
{
    uint8_t bytes[PAGES_SIZE];
    enum base_code code = depth > MOST_DEPTH ? fail_page(walk, page) : take(walk, page, PAGES_TREE);
    if (code == BASE_OK)
        code = pages_read(walk->descriptor, page, bytes, walk->error);
    if (code != BASE_OK)
        return code;

    unsigned flags = u16_at(bytes, PAGE_AT_FLAGS);
    size_t lower, upper;
    pages_gap(bytes, &lower, &upper);
    if (u64_at(bytes, 0) != page || (flags != PAGE_BRANCH && flags != PAGE_LEAF) ||
        lower < PAGE_HEADER || lower % 2 != 0 || lower > upper || upper > PAGES_SIZE)
        return fail_page(walk, page);
    size_t nodes = (lower - PAGE_HEADER) / 2;
    if (nodes < (flags == PAGE_BRANCH ? 2 : 1))
        return fail_page(walk, page);
    for (size_t i = 0; code == BASE_OK && i < nodes; i++)
        code = walk_node(walk, tree, page, bytes, u16_at(bytes, PAGE_HEADER + 2 * i),
                         flags == PAGE_LEAF, depth);
    return code;
}

/* Chooses the meta page that LMDB would: the one of the later transaction. */
static enum base_code read_meta(int descriptor, uint8_t meta[META_BYTES], struct base_error *error)
{
    uint8_t metas[METAS][META_BYTES];
    for (size_t i = 0; i < METAS; i++) {
        enum base_code code = read_at(descriptor, i * PAGES_SIZE, metas[i], sizeof metas[i], error);
        if (code == BASE_STORE_TRUNCATED && i == 0)
            return base_fail(error, BASE_STORE_FOREIGN, "%s", _("no LMDB file"));
        if (code != BASE_OK)
            return code;
        if (u32_at(metas[i], META_AT_MAGIC) != META_MAGIC)
            return i == 0 ? base_fail(error, BASE_STORE_FOREIGN, "%s", _("no LMDB file"))
                          : base_fail(error, BASE_STORE_DAMAGED, _("page %d"), 1);
        if (u32_at(metas[i], META_AT_VERSION) > 1)
            return base_fail(error, BASE_STORE_NEWER, "LMDB %u", u32_at(metas[i], META_AT_VERSION));
        if (u32_at(metas[i], META_AT_VERSION) != 1 ||
            u32_at(metas[i], META_AT_FREE_DB) != PAGES_SIZE)
            return base_fail(error, BASE_STORE_DAMAGED, _("page %zu"), i);
    }
    bool second = u64_at(metas[1], META_AT_TRANSACTION) > u64_at(metas[0], META_AT_TRANSACTION);
    memcpy(meta, metas[second], META_BYTES);
    return BASE_OK;
}

static enum base_code allocate(struct pages_map *map, uint64_t count, struct base_error *error)
{
    map->use = calloc(count, sizeof *map->use);
    map->free = calloc(count, sizeof *map->free);
    if (map->use == NULL || map->free == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%llu", (unsigned long long)count);
    map->count = count;
    map->use[0] = map->use[1] = PAGES_META;
    return BASE_OK;
}

enum base_code pages_map_read(int descriptor, struct pages_map *map, struct base_error *error)
{
    uint8_t meta[META_BYTES] = {0};
    struct stat status;
    struct pages_map read = {0};
    struct walk walk = {.descriptor = descriptor, .map = &read, .error = error};

    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", _("reading the store"));
    if (status.st_size == 0)
        return base_fail(error, BASE_STORE_EMPTY, "%s", "");
    enum base_code code = read_meta(descriptor, meta, error);
    if (code != BASE_OK)
        return code;
    uint64_t count = (uint64_t)status.st_size / PAGES_SIZE;
    walk.last_page = u64_at(meta, META_AT_LAST_PAGE);
    if (walk.last_page < 1 || count > MOST_PAGES)
        return base_fail(error, BASE_STORE_DAMAGED, "%s", _("the first pages"));
    if (walk.last_page >= count)
        return base_fail(error, BASE_STORE_TRUNCATED, _("%llu of %llu bytes"),
                         (unsigned long long)status.st_size,
                         (unsigned long long)walk.last_page * PAGES_SIZE + PAGES_SIZE);
    code = allocate(&read, count, error);
    if (code == BASE_OK)
        code = walk_database(&walk, FREE_LIST, meta + META_AT_FREE_DB);
    if (code == BASE_OK)
        code = walk_database(&walk, MAIN, meta + META_AT_MAIN_DB);
    if (code == BASE_OK)
        *map = read;
    else
        pages_map_free(&read);
    return code;
}

void pages_map_free(struct pages_map *map)
{
    free(map->use);
    free(map->free);
    *map = (struct pages_map){0};
}
