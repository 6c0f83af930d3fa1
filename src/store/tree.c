/* LMDB's trees, page by page, without LMDB. */
#include "tree.h"

#include <stdlib.h>

#include "tavs/record.h"

/* Node: u16 low, u16 high (of the data's size or, in a branch, of the child's number), u16 flags
 * (in a branch the number's highest part), u16 key size, key, data. */
enum {
    NODE_AT_HIGH = 2,
    NODE_AT_FLAGS = 4,
    NODE_AT_KEY_SIZE = 6,
    NODE_HEADER = 8,
    NODE_BIG_DATA = 0x01,
    NODE_SUB_DATABASE = 0x02,
    NODE_MOST_BYTES = 2038, /* of a node whose data stands in it */

    NUMBER_BYTES = 8,
    NAME_BYTES = 5,
    MOST_KEY_BYTES = 8,
    MOST_DEPTH = 16,
};

/* All keys of a database have the same size (docs/format.md, section 1). */
static const size_t key_sizes[] = {
    [TREE_FREE_LIST] = NUMBER_BYTES, /* a transaction's number */
    [TREE_MAIN] = NAME_BYTES,
    [TREE_STORE] = RECORD_STORE_KEY_BYTES,
    [TREE_TALLY] = RECORD_ROW_KEY_BYTES,
};

/* And no record ever changes its size. */
static bool is_record_size(enum tree_kind kind, size_t size)
{
    switch (kind) {
    case TREE_STORE:
        return size == RECORD_HEADER_BYTES || size == RECORD_DEVICE_BYTES ||
               size == RECORD_RELEASE_BYTES;
    case TREE_TALLY:
        return size == RECORD_ROW_BYTES;
    default:
        return true;
    }
}

/* The walk through one database, and what it has met so far. */
struct tree {
    const struct walk *walk;
    enum tree_kind kind;
    unsigned depth;
    uint64_t branches, leaves, value_pages, entries;

    /* The key before, in the order of the leaves. A branch's key may be the next leaf's as well. */
    bool any;
    bool last_is_branch;
    uint8_t last[MOST_KEY_BYTES];
};

struct node {
    const uint8_t *key;
    size_t key_size;
    unsigned flags;
    size_t data;      /* offset in the page */
    size_t data_size; /* wherever the data is */
    size_t bytes;     /* of the page that it takes */
};

static enum base_code fail_page(const struct walk *walk, uint64_t page)
{
    return base_fail(walk->error, BASE_STORE_DAMAGED, _("page %llu"), (unsigned long long)page);
}

/* Takes a page for one use; a page out of range or taken before is damage. */
static enum base_code take(const struct walk *walk, uint64_t page, enum pages_use use, size_t begin,
                           size_t end)
{
    if (page < PAGES_METAS || page > walk->last_page ||
        walk->map->pages[page].use != PAGES_UNUSED || walk->map->pages[page].listed)
        return fail_page(walk, page);
    walk->map->pages[page] =
        (struct pages_page){.use = (uint8_t)use, .begin = (uint16_t)begin, .end = (uint16_t)end};
    return BASE_OK;
}

/* ---- the free list --------------------------------------------------------------------------- */

/* A record: u64 how many, then so many page numbers, the highest first. */
static enum base_code take_free(const struct walk *walk, const uint8_t *list, size_t bytes,
                                uint64_t owner)
{
    uint64_t count = bytes < NUMBER_BYTES ? UINT64_MAX : u64_at(list, 0);
    uint64_t before = UINT64_MAX;
    if (count > bytes / NUMBER_BYTES - 1)
        return fail_page(walk, owner);
    for (uint64_t i = 1; i <= count; i++) {
        uint64_t page = u64_at(list, i * NUMBER_BYTES);
        if (page < PAGES_METAS || page > walk->last_page || page >= before)
            return fail_page(walk, owner);
        struct pages_page *known = &walk->map->pages[page];
        if (known->use != PAGES_UNUSED || known->listed)
            return fail_page(walk, owner);
        known->listed = true;
        before = page;
    }
    return BASE_OK;
}

static enum base_code take_big_free(const struct walk *walk, uint64_t page, size_t size)
{
    uint8_t *list = malloc(size);
    if (list == NULL)
        return base_fail(walk->error, BASE_NO_MEMORY, "%zu", size);
    enum base_code code =
        pages_read(walk->descriptor, page * PAGES_SIZE + PAGE_HEADER, list, size, walk->error);
    if (code == BASE_OK)
        code = take_free(walk, list, size, page);
    free(list);
    return code;
}

/* ---- values on pages of their own ------------------------------------------------------------ */

static enum base_code walk_value(struct tree *tree, uint64_t page, size_t size)
{
    const struct walk *walk = tree->walk;
    uint8_t header[PAGE_HEADER];
    uint64_t pages = (PAGE_HEADER + (uint64_t)size + PAGES_SIZE - 1) / PAGES_SIZE;
    size_t rest = (size_t)(pages * PAGES_SIZE - PAGE_HEADER - size);
    enum base_code code = BASE_OK;

    if (page > walk->last_page || pages > walk->last_page + 1 - page)
        return fail_page(walk, page);
    for (uint64_t i = 0; code == BASE_OK && i < pages; i++)
        code = take(walk, page + i, i == 0 ? PAGES_VALUE : PAGES_VALUE_REST,
                    i + 1 < pages ? PAGES_SIZE : PAGES_SIZE - rest, PAGES_SIZE);
    if (code == BASE_OK)
        code = pages_read(walk->descriptor, page * PAGES_SIZE, header, sizeof header, walk->error);
    if (code == BASE_OK &&
        (u64_at(header, 0) != page || u16_at(header, PAGE_AT_FLAGS) != PAGE_OVERFLOW ||
         u32_at(header, PAGE_AT_PAGES) != pages))
        code = fail_page(walk, page);
    tree->value_pages += pages;
    if (code == BASE_OK && tree->kind == TREE_FREE_LIST)
        code = take_big_free(walk, page, size);
    return code;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* False if the node at `offset` reaches past the page's end. */
static bool read_node(const uint8_t bytes[PAGES_SIZE], bool leaf, size_t offset, struct node *node)
{
    if (offset > PAGES_SIZE - NODE_HEADER)
        return false;
    node->key = bytes + offset + NODE_HEADER;
    node->key_size = u16_at(bytes, offset + NODE_AT_KEY_SIZE);
    node->flags = u16_at(bytes, offset + NODE_AT_FLAGS);
    node->data = offset + NODE_HEADER + node->key_size;
    node->data_size = u16_at(bytes, offset) | (size_t)u16_at(bytes, offset + NODE_AT_HIGH) << 16;
    node->bytes = NODE_HEADER + node->key_size;
    if (leaf)
        node->bytes += node->flags & NODE_BIG_DATA ? NUMBER_BYTES : node->data_size;
    node->bytes += node->bytes % 2;
    return node->bytes <= PAGES_SIZE - offset;
}

/* LMDB moves the nodes of a page about by their sizes: they must fill it from `upper` to its end,
 * one beginning where the other ends, and the pointers must be those beginnings. That no two
 * pointers are the same follows from the order of the keys. */
static bool nodes_fill_page(const uint8_t bytes[PAGES_SIZE], bool leaf, size_t nodes, size_t upper)
{
    bool begins[PAGES_SIZE / 2] = {false};
    struct node node = {0};
    size_t count = 0;
    for (size_t at = upper; at < PAGES_SIZE; at += node.bytes, count++) {
        if (!read_node(bytes, leaf, at, &node))
            return false;
        begins[at / 2] = true;
    }
    for (size_t i = 0; i < nodes; i++) {
        size_t at = u16_at(bytes, PAGE_HEADER + 2 * i);
        if (at % 2 != 0 || at >= PAGES_SIZE || !begins[at / 2])
            return false;
    }
    return count == nodes;
}

/* LMDB finds keys by bisection: one that is out of order hides others. */
static bool key_follows(struct tree *tree, const uint8_t *key, bool is_branch)
{
    size_t size = key_sizes[tree->kind];
    int order = tree->any ? memcmp(key, tree->last, size) : 1;
    if (tree->any && tree->kind == TREE_FREE_LIST) /* numbers in the machine's byte order */
        order = (u64_at(key, 0) > u64_at(tree->last, 0)) - (u64_at(key, 0) < u64_at(tree->last, 0));
    if (order < 0 || (order == 0 && (!tree->last_is_branch || is_branch)))
        return false;
    tree->any = true;
    tree->last_is_branch = is_branch;
    memcpy(tree->last, key, size);
    return true;
}

/* The record of one of a store's two databases. Anything else has another owner. */
static enum base_code walk_name(struct tree *tree, uint64_t page, const uint8_t bytes[PAGES_SIZE],
                                const struct node *node)
{
    const uint8_t *record = bytes + node->data;
    enum tree_kind kind = TREE_MAIN;
    if (node->flags == NODE_SUB_DATABASE && node->key_size == NAME_BYTES &&
        node->data_size == DB_BYTES) {
        if (memcmp(node->key, "store", NAME_BYTES) == 0)
            kind = TREE_STORE;
        else if (memcmp(node->key, "tally", NAME_BYTES) == 0)
            kind = TREE_TALLY;
    }
    if (kind == TREE_MAIN)
        return base_fail(tree->walk->error, BASE_STORE_FOREIGN, "%s",
                         _("an LMDB file of another program"));
    if (!key_follows(tree, node->key, false) || u32_at(record, 0) != 0 ||
        u16_at(record, DB_AT_FLAGS) != 0)
        return fail_page(tree->walk, page);
    return tree_walk(tree->walk, kind, record);
}

/* Another format may have records of other keys and sizes: if the header on this page of the database
 * `store` is of one, that is told, and not damage. */
static enum base_code check_format(const struct tree *tree, const uint8_t bytes[PAGES_SIZE],
                                   size_t nodes)
{
    uint8_t header[RECORD_STORE_KEY_BYTES];
    struct node node = {0};
    record_header_key(header);
    for (size_t i = 0; tree->kind == TREE_STORE && i < nodes; i++) {
        (void)read_node(bytes, true, u16_at(bytes, PAGE_HEADER + 2 * i), &node);
        if (node.key_size != sizeof header || memcmp(node.key, header, sizeof header) != 0 ||
            node.bytes < node.data_size)
            continue;
        const enum base_code code =
            record_header_check_format(bytes + node.data, node.data_size, tree->walk->error);
        if (code == BASE_STORE_NEWER || code == BASE_STORE_OLDER)
            return code;
    }
    return BASE_OK;
}

static enum base_code walk_leaf_node(struct tree *tree, uint64_t page,
                                     const uint8_t bytes[PAGES_SIZE], const struct node *node)
{
    const struct walk *walk = tree->walk;
    bool big = NODE_HEADER + node->key_size + node->data_size > NODE_MOST_BYTES;
    if (tree->kind == TREE_MAIN)
        return walk_name(tree, page, bytes, node);
    if (node->key_size != key_sizes[tree->kind] || node->flags != (big ? NODE_BIG_DATA : 0) ||
        !is_record_size(tree->kind, node->data_size) || !key_follows(tree, node->key, false))
        return fail_page(walk, page);
    if (tree->kind == TREE_FREE_LIST &&
        (u64_at(node->key, 0) == 0 || u64_at(node->key, 0) > walk->transaction))
        return fail_page(walk, page);
    if (big)
        return walk_value(tree, u64_at(bytes, node->data), node->data_size);
    return tree->kind == TREE_FREE_LIST ? take_free(walk, bytes + node->data, node->data_size, page)
                                        : BASE_OK;
}

static enum base_code walk_page(struct tree *tree, uint64_t page, unsigned depth);

/* A branch's first key is never looked at, and LMDB leaves it out. */
static enum base_code walk_branch_node(struct tree *tree, uint64_t page, const struct node *node,
                                       bool first, unsigned depth)
{
    uint64_t child = (uint64_t)node->data_size | (uint64_t)node->flags << 32;
    if (node->key_size != (first ? 0 : key_sizes[tree->kind]) ||
        (!first && !key_follows(tree, node->key, true)))
        return fail_page(tree->walk, page);
    return walk_page(tree, child, depth + 1);
}

static enum base_code walk_page(struct tree *tree, uint64_t page, unsigned depth)
{
    const struct walk *walk = tree->walk;
    uint8_t bytes[PAGES_SIZE];
    bool leaf = depth == tree->depth;
    if (page < PAGES_METAS || page > walk->last_page)
        return fail_page(walk, page);
    enum base_code code =
        pages_read(walk->descriptor, page * PAGES_SIZE, bytes, sizeof bytes, walk->error);
    if (code != BASE_OK)
        return code;

    size_t lower = u16_at(bytes, PAGE_AT_LOWER);
    size_t upper = u16_at(bytes, PAGE_AT_UPPER);
    size_t nodes = lower < PAGE_HEADER ? 0 : (lower - PAGE_HEADER) / 2;
    if (u64_at(bytes, 0) != page ||
        u16_at(bytes, PAGE_AT_FLAGS) != (leaf ? PAGE_LEAF : PAGE_BRANCH) ||
        nodes < (leaf ? 1 : 2) || lower % 2 != 0 || lower > upper || upper > PAGES_SIZE ||
        upper % 2 != 0 || !nodes_fill_page(bytes, leaf, nodes, upper))
        return fail_page(walk, page);
    code = leaf ? check_format(tree, bytes, nodes) : BASE_OK;
    if (code == BASE_OK)
        code = take(walk, page, PAGES_TREE, lower, upper);
    *(leaf ? &tree->leaves : &tree->branches) += 1;
    tree->entries += leaf ? nodes : 0;
    for (size_t i = 0; code == BASE_OK && i < nodes; i++) {
        struct node node = {0};
        (void)read_node(bytes, leaf, u16_at(bytes, PAGE_HEADER + 2 * i), &node);
        code = leaf ? walk_leaf_node(tree, page, bytes, &node)
                    : walk_branch_node(tree, page, &node, i == 0, depth);
    }
    return code;
}

enum base_code tree_walk(const struct walk *walk, enum tree_kind kind,
                         const uint8_t record[DB_BYTES])
{
    struct tree tree = {.walk = walk, .kind = kind, .depth = u16_at(record, DB_AT_DEPTH)};
    uint64_t root = u64_at(record, DB_AT_ROOT);
    bool empty = root == TREE_NO_ROOT;
    enum base_code code = BASE_OK;

    if (empty != (tree.depth == 0) || tree.depth > MOST_DEPTH)
        return base_fail(walk->error, BASE_STORE_DAMAGED, "%s", _("the depth of a database"));
    if (!empty)
        code = walk_page(&tree, root, 1);
    if (code == BASE_OK && (u64_at(record, DB_AT_BRANCHES) != tree.branches ||
                            u64_at(record, DB_AT_LEAVES) != tree.leaves ||
                            u64_at(record, DB_AT_VALUE_PAGES) != tree.value_pages ||
                            u64_at(record, DB_AT_ENTRIES) != tree.entries))
        code = base_fail(walk->error, BASE_STORE_DAMAGED, "%s", _("the counts of a database"));
    return code;
}
