#include "filemap.h"

#include <stdlib.h>
#include <string.h>

/* LMDB 0.9's data file on a 64-bit little-endian machine (its lmdb.h and mdb.c tell the layout). */
enum { PAGE = 4096, HEAD = 16, NODE_HEAD = 8, NUMBER = 8, DATABASE = 48, META_END = 152 };
enum { BRANCH = 1, LEAF = 2, OVERFLOW = 4, META = 8 };
enum { BIG = 1, SUB_DATABASE = 2 };
enum kind { FREE_LIST, MAIN, STORE, TALLY };

static const size_t key_sizes[] = {[FREE_LIST] = NUMBER, [MAIN] = 5, [STORE] = 8, [TALLY] = 4};

/* One database's walk. */
struct tree {
    enum kind kind;
    unsigned depth;
    uint64_t branches, leaves, big_pages, entries;
    const uint8_t *last_key;
};

static uint64_t number(const uint8_t *from, size_t bytes)
{
    uint64_t value = 0;
    memcpy(&value, from, bytes);
    return value;
}

/* Each byte serves once. */
static void use(struct filemap *map, size_t at, size_t size)
{
    assert_true(at <= map->size && size <= map->size - at);
    assert_null(memchr(map->used + at, 1, size));
    memset(map->used + at, 1, size);
}

static const uint8_t *page_at(const struct filemap *map, uint64_t page)
{
    assert_true(page >= 2 && page < map->size / PAGE);
    return map->bytes + page * PAGE;
}

/* Page number, flags and bounds; not the padding between them. */
static void use_head(struct filemap *map, uint64_t page, unsigned flags)
{
    const uint8_t *bytes = page_at(map, page);
    assert_int_equal(number(bytes, NUMBER), page);
    assert_int_equal(number(bytes + 10, 2), flags);
    use(map, page * PAGE, NUMBER);
    use(map, page * PAGE + 10, HEAD - 10);
}

static void walk(struct filemap *map, struct tree *tree, uint64_t page, unsigned depth);

static void walk_database(struct filemap *map, enum kind kind, const uint8_t *record)
{
    struct tree tree = {.kind = kind, .depth = (unsigned)number(record + 6, 2)};
    uint64_t root = number(record + 40, NUMBER);
    assert_int_equal(number(record, 4), kind == FREE_LIST ? PAGE : 0);
    assert_int_equal(number(record + 4, 2), kind == FREE_LIST ? 0x4008 : 0);
    if (root == UINT64_MAX)
        assert_int_equal(tree.depth, 0);
    else
        walk(map, &tree, root, 1);
    assert_int_equal(number(record + 8, NUMBER), tree.branches);
    assert_int_equal(number(record + 16, NUMBER), tree.leaves);
    assert_int_equal(number(record + 24, NUMBER), tree.big_pages);
    assert_int_equal(number(record + 32, NUMBER), tree.entries);
    if (kind == TALLY)
        map->tally_depth = tree.depth;
}

/* A list of free pages: how many, then their numbers. Free pages are whole pages nobody uses, which
 * use() and the test for zeros see; here their numbers are checked. */
static void take_free_list(struct filemap *map, const uint8_t *key, size_t at, size_t size)
{
    uint64_t count = number(map->bytes + at, NUMBER);
    assert_true((count + 1) * NUMBER <= size);
    use(map, at, (count + 1) * NUMBER);
    for (uint64_t i = 1; i <= count; i++)
        assert_true(base_is_zero(page_at(map, number(map->bytes + at + i * NUMBER, NUMBER)), 0));
    map->free_pages += count;
    assert_true(map->free_records < FILEMAP_MOST_FREE);
    map->free_key_at[map->free_records++] = (size_t)(key - map->bytes);
}

static void take_store_record(struct filemap *map, const uint8_t *key, size_t at, size_t size)
{
    use(map, at, size);
    if (memcmp(key, "header\0", 8) == 0) {
        assert_int_equal(size, RECORD_HEADER_BYTES);
        map->header_at = at;
        return;
    }
    if (memcmp(key, "ledger", 6) == 0) {
        assert_int_equal(size, RECORD_RELEASE_BYTES);
        assert_true(map->release_count < FILEMAP_MOST_RELEASES);
        assert_int_equal(base_get_u16(key + 6), map->release_count + 1);
        map->release_at[map->release_count++] = at;
        return;
    }
    assert_memory_equal(key, "device", 6);
    assert_int_equal(size, RECORD_DEVICE_BYTES);
    assert_true(map->device_count < FILEMAP_MOST_DEVICES);
    assert_int_equal(base_get_u16(key + 6), map->device_count + 1);
    map->device_at[map->device_count++] = at;
}

static void take_row(struct filemap *map, const uint8_t *key, size_t at, size_t size)
{
    assert_int_equal(size, RECORD_ROW_BYTES);
    assert_true(map->row_count < FILEMAP_MOST_ROWS);
    use(map, at, size);
    map->rows[map->row_count++] =
        (struct filemap_row){.month = base_get_u16(key), .device = base_get_u16(key + 2), .at = at};
}

/* The value of a leaf's node; `at` is where its bytes are, wherever that is. */
static void take_value(struct filemap *map, struct tree *tree, const uint8_t *key, size_t at,
                       size_t size)
{
    switch (tree->kind) {
    case FREE_LIST:
        take_free_list(map, key, at, size);
        break;
    case MAIN:
        use(map, at, size);
        assert_int_equal(size, DATABASE);
        if (memcmp(key, "store", 5) == 0)
            walk_database(map, STORE, map->bytes + at);
        else if (memcmp(key, "tally", 5) == 0)
            walk_database(map, TALLY, map->bytes + at);
        else
            fail_msg("a third database");
        break;
    case STORE:
        take_store_record(map, key, at, size);
        break;
    case TALLY:
        take_row(map, key, at, size);
        break;
    }
}

static void walk_leaf_node(struct filemap *map, struct tree *tree, size_t node)
{
    const uint8_t *bytes = map->bytes + node;
    size_t size = number(bytes, 4);
    uint64_t flags = number(bytes + 4, 2);
    const uint8_t *key = bytes + NODE_HEAD;
    size_t value = node + NODE_HEAD + key_sizes[tree->kind];

    assert_int_equal(number(bytes + 6, 2), key_sizes[tree->kind]);
    assert_int_equal(flags & ~(uint64_t)BIG, tree->kind == MAIN ? SUB_DATABASE : 0);
    if (tree->last_key != NULL && tree->kind == FREE_LIST)
        assert_true(number(tree->last_key, NUMBER) < number(key, NUMBER));
    else if (tree->last_key != NULL)
        assert_true(memcmp(tree->last_key, key, key_sizes[tree->kind]) < 0);
    tree->last_key = key;
    tree->entries++;
    use(map, node, NODE_HEAD + key_sizes[tree->kind]);
    if (flags & BIG) {
        uint64_t page = number(map->bytes + value, NUMBER);
        uint64_t pages = (HEAD + size + PAGE - 1) / PAGE;
        use(map, value, NUMBER);
        use_head(map, page, OVERFLOW);
        assert_int_equal(number(page_at(map, page) + 12, 4), pages);
        tree->big_pages += pages;
        value = page * PAGE + HEAD;
    }
    take_value(map, tree, key, value, size);
}

static void walk_branch_node(struct filemap *map, struct tree *tree, size_t node, bool first,
                             unsigned depth)
{
    const uint8_t *bytes = map->bytes + node;
    size_t key_size = number(bytes + 6, 2);
    assert_int_equal(key_size, first ? 0 : key_sizes[tree->kind]);
    use(map, node, NODE_HEAD + key_size);
    walk(map, tree, number(bytes, 6), depth + 1);
}

static void walk(struct filemap *map, struct tree *tree, uint64_t page, unsigned depth)
{
    const uint8_t *bytes = page_at(map, page);
    uint64_t flags = number(bytes + 10, 2);
    size_t lower = number(bytes + 12, 2);

    assert_int_equal(flags, depth == tree->depth ? LEAF : BRANCH);
    use_head(map, page, (unsigned)flags);
    use(map, page * PAGE + HEAD, lower - HEAD);
    *(flags == LEAF ? &tree->leaves : &tree->branches) += 1;
    for (size_t i = HEAD; i < lower; i += 2) {
        size_t node = page * PAGE + number(bytes + i, 2);
        if (flags == LEAF)
            walk_leaf_node(map, tree, node);
        else
            walk_branch_node(map, tree, node, i == HEAD, depth);
    }
}

/* Transaction N stands in page N mod 2. Of the other page only what it says of itself is used. */
static const uint8_t *walk_metas(struct filemap *map)
{
    uint64_t transactions[2];
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *bytes = map->bytes + i * PAGE;
        assert_int_equal(number(bytes, NUMBER), i);
        assert_int_equal(number(bytes + 10, 2), META);
        assert_int_equal(number(bytes + HEAD, NUMBER), 0x1beefc0de);
        transactions[i] = number(bytes + META_END - NUMBER, NUMBER);
        use(map, i * PAGE, NUMBER);
        use(map, i * PAGE + 10, 2);
        use(map, i * PAGE + HEAD, NUMBER);
        use(map, i * PAGE + HEAD + 2 * NUMBER, META_END - HEAD - 2 * NUMBER);
    }
    size_t current = transactions[1] > transactions[0];
    map->transaction = transactions[current];
    map->transaction_before = transactions[!current];
    assert_int_equal(map->transaction % 2, current);
    assert_int_equal(map->transaction_before % 2, !current);
    return map->bytes + current * PAGE;
}

void filemap_read(struct filemap *map, const char *path)
{
    memset(map, 0, sizeof *map);
    map->bytes = support_read_file(path, &map->size);
    map->used = calloc(map->size, 1);
    assert_non_null(map->used);
    assert_true(map->size >= (size_t)2 * PAGE);
    const uint8_t *meta = walk_metas(map);
    walk_database(map, FREE_LIST, meta + 40);
    walk_database(map, MAIN, meta + 88);
    assert_true(map->header_at > 0);
    assert_true(map->device_count > 0);
}

void filemap_free(struct filemap *map)
{
    free(map->bytes);
    free(map->used);
}

size_t filemap_leftovers(const struct filemap *map)
{
    size_t count = 0;
    for (size_t i = 0; i < map->size; i++)
        count += map->used[i] == 0 && map->bytes[i] != 0;
    return count;
}

void filemap_assert_clean(const struct filemap *map)
{
    for (size_t i = 0; i < map->size; i++)
        if (map->used[i] == 0 && map->bytes[i] != 0)
            fail_msg("byte %zu of page %zu is used by nothing and is not zero", i % PAGE, i / PAGE);
}

const uint8_t *filemap_find_row(const struct filemap *map, base_month month, uint16_t device)
{
    for (size_t i = 0; i < map->row_count; i++)
        if (map->rows[i].month == month && map->rows[i].device == device)
            return map->bytes + map->rows[i].at;
    return NULL;
}
