#include <string.h>

#include "walk.h"

enum { MOST_KEY_BYTES = 511 }; /* LMDB's */

struct key {
    bool set;
    size_t size;
    uint8_t bytes[MOST_KEY_BYTES];
};

struct tree {
    struct walk *walk;
    enum tree_name name;
    const struct database *said;
    struct database found;
    struct key last;  /* the key before, in the order of the leaves */
    struct key bound; /* what the branches say of the next one */
};

/* The size of the keys of each tree; the main database's two names happen to have the same. */
static const size_t key_sizes[] = {
    [TREE_FREE] = NUMBER_BYTES,
    [TREE_MAIN] = 5,
    [TREE_STORE] = RECORD_STORE_KEY_BYTES,
    [TREE_TALLY] = RECORD_ROW_KEY_BYTES,
};

static void note(struct tree *tree, enum audit_code code, const struct view *view, size_t offset,
                 size_t bytes)
{
    audit_note_at(tree->walk, code, AUDIT_TREE, view->page, offset, bytes);
}

bool audit_tree_claim(struct walk *walk, uint64_t page, const struct place *from)
{
    if (page < META_PAGES || page > walk->last_page) {
        audit_note(walk, AUDIT_PAGE_RANGE, AUDIT_TREE, from);
        return false;
    }
    if (walk->states[page] != STATE_UNSEEN) {
        audit_note(walk, AUDIT_PAGE_TWICE, AUDIT_TREE, from);
        return false;
    }
    return true;
}

/* The free list's keys are numbers in the machine's byte order, all others are compared as bytes. */
static int compare_keys(enum tree_name name, const uint8_t *a, size_t a_size, const uint8_t *b,
                        size_t b_size)
{
    if (name == TREE_FREE && a_size == NUMBER_BYTES && b_size == NUMBER_BYTES) {
        const uint64_t x = get_le64(a), y = get_le64(b);
        return (x > y) - (x < y);
    }
    const int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static void set_key(struct key *key, const uint8_t *bytes, size_t size)
{
    key->set = true;
    key->size = size;
    memcpy(key->bytes, bytes, size);
}

static void check_leaf_key(struct tree *tree, const struct view *view, size_t at, size_t size)
{
    const uint8_t *bytes = view->bytes + at;

    if (tree->last.set &&
        compare_keys(tree->name, tree->last.bytes, tree->last.size, bytes, size) >= 0)
        note(tree, AUDIT_KEY_ORDER, view, at, size);
    if (tree->bound.set) {
        /* A branch's key is the first key of its child when it was made. Only the free list loses
         * records, and with them perhaps that first key. */
        const int order =
            compare_keys(tree->name, tree->bound.bytes, tree->bound.size, bytes, size);
        if (tree->name == TREE_FREE ? order > 0 : order != 0)
            note(tree, AUDIT_KEY_BRANCH, view, at, size);
        tree->bound.set = false;
    }
    set_key(&tree->last, bytes, size);
}

static void check_branch_key(struct tree *tree, struct view *view, size_t at, size_t size)
{
    const uint8_t *bytes = view->bytes + at;

    if (tree->last.set &&
        compare_keys(tree->name, tree->last.bytes, tree->last.size, bytes, size) >= 0)
        note(tree, AUDIT_KEY_ORDER, view, at, size);
    set_key(&tree->bound, bytes, size);
}

static void walk_page(struct tree *tree, uint64_t page, unsigned depth, const struct place *from);

/* False if the rest of the page makes no sense. */
static bool branch_node(struct tree *tree, struct view *view, unsigned depth, size_t i,
                        size_t offset)
{
    const uint8_t *head = view->bytes + offset;
    const uint64_t child = get_le32(head) | (uint64_t)get_le16(head + NODE_AT_FLAGS) << 32;
    const size_t size = get_le16(head + NODE_AT_KEY_SIZE);
    const size_t all = NODE_HEAD_BYTES + size;
    const struct place place = {.page = view->page, .offset = (uint32_t)offset, .bytes = 6};

    /* What lies left of all keys needs none. */
    if (size != (i == 0 ? 0 : key_sizes[tree->name]) || all > AUDIT_PAGE_BYTES - offset) {
        note(tree, AUDIT_NODE_SIZE, view, offset, NODE_HEAD_BYTES);
        return false;
    }
    if (!audit_view_mark(tree->walk, view, offset, NODE_HEAD_BYTES, AUDIT_TREE) ||
        !audit_view_mark(tree->walk, view, offset + NODE_HEAD_BYTES, size,
                         tree->name == TREE_FREE ? AUDIT_FREE_TRANSACTION : AUDIT_KEY) ||
        !audit_view_mark(tree->walk, view, offset + all, all % 2, AUDIT_PADDING))
        return false;
    if (i > 0)
        check_branch_key(tree, view, offset + NODE_HEAD_BYTES, size);
    walk_page(tree, child, depth + 1, &place);
    return true;
}

static void leaf_record(struct tree *tree, const struct node *node)
{
    static void (*const understand[])(struct walk *, const struct node *) = {
        [TREE_FREE] = audit_free_list_record,
        [TREE_MAIN] = audit_main_record,
        [TREE_STORE] = audit_store_record,
        [TREE_TALLY] = audit_tally_record,
    };
    const uint16_t flags = tree->name == TREE_MAIN ? NODE_DATABASE : 0;

    tree->found.entries++;
    if ((node->flags & ~NODE_BIG) != flags) {
        note(tree, AUDIT_NODE_FLAGS, node->view, node->offset + NODE_AT_FLAGS, 2);
        audit_foreign_record(tree->walk, node,
                             tree->name == TREE_MAIN ? AUDIT_DATABASE_FOREIGN
                                                     : AUDIT_RECORD_FOREIGN);
    } else {
        understand[tree->name](tree->walk, node);
    }
}

static bool leaf_node(struct tree *tree, struct view *view, size_t offset)
{
    const uint8_t *head = view->bytes + offset;
    const uint64_t value = get_le32(head);
    struct node node = {
        .view = view,
        .offset = offset,
        .flags = get_le16(head + NODE_AT_FLAGS),
        .key = head + NODE_HEAD_BYTES,
        .key_at = offset + NODE_HEAD_BYTES,
        .key_size = get_le16(head + NODE_AT_KEY_SIZE),
        .value_size = value,
    };
    node.big = (node.flags & NODE_BIG) != 0;
    node.value_at = node.key_at + node.key_size;
    const uint64_t all = NODE_HEAD_BYTES + node.key_size + (node.big ? NUMBER_BYTES : value);
    const bool should_be_big = NODE_HEAD_BYTES + node.key_size + value > NODE_MOST_BYTES;

    if (node.key_size == 0 || node.key_size > MOST_KEY_BYTES || all > AUDIT_PAGE_BYTES - offset ||
        node.big != should_be_big) {
        note(tree, AUDIT_NODE_SIZE, view, offset, NODE_HEAD_BYTES);
        return false;
    }
    if (!audit_view_mark(tree->walk, view, offset, NODE_HEAD_BYTES, AUDIT_TREE) ||
        !audit_view_mark(tree->walk, view, offset + all, all % 2, AUDIT_PADDING))
        return false;
    if (node.big) {
        node.root = get_le64(view->bytes + node.value_at);
        if (!audit_view_mark(tree->walk, view, node.value_at, NUMBER_BYTES, AUDIT_TREE))
            return false;
    }
    for (size_t i = node.key_at; i < offset + all; i++)
        if (view->map[i] != NO_CLASS && !(node.big && i >= node.value_at)) {
            note(tree, AUDIT_NODE_OVERLAP, view, offset, all);
            return false;
        }
    check_leaf_key(tree, view, node.key_at, node.key_size);
    leaf_record(tree, &node);
    return true;
}

/* The nodes of a page whose head and bounds are sound. */
static void walk_nodes(struct tree *tree, struct view *view, unsigned depth, bool leaf)
{
    const size_t lower = get_le16(view->bytes + PAGE_AT_LOWER);
    const size_t upper = get_le16(view->bytes + PAGE_AT_UPPER);

    for (size_t i = 0; i < (lower - PAGE_HEAD_BYTES) / POINTER_BYTES; i++) {
        const size_t pointer = PAGE_HEAD_BYTES + i * POINTER_BYTES;
        const size_t offset = get_le16(view->bytes + pointer);
        if (offset % 2 != 0 || offset < upper || offset > AUDIT_PAGE_BYTES - NODE_HEAD_BYTES) {
            note(tree, AUDIT_NODE_PLACE, view, pointer, POINTER_BYTES);
            return;
        }
        if (leaf ? !leaf_node(tree, view, offset) : !branch_node(tree, view, depth, i, offset))
            return;
    }
}

/* False if the page's nodes can't be found. */
static bool check_page(struct tree *tree, struct view *view, bool *leaf)
{
    const uint8_t *bytes = view->bytes;
    const uint16_t flags = get_le16(bytes + PAGE_AT_FLAGS);
    const size_t lower = get_le16(bytes + PAGE_AT_LOWER);
    const size_t upper = get_le16(bytes + PAGE_AT_UPPER);
    const size_t least_nodes = flags == PAGE_BRANCH ? 2 : 1;

    audit_view_mark(tree->walk, view, 0, PAGE_AT_PAD, AUDIT_TREE);
    audit_view_mark(tree->walk, view, PAGE_AT_PAD, 2, AUDIT_PADDING);
    audit_view_mark(tree->walk, view, PAGE_AT_FLAGS, PAGE_HEAD_BYTES - PAGE_AT_FLAGS, AUDIT_TREE);
    if (get_le64(bytes) != view->page || (flags != PAGE_LEAF && flags != PAGE_BRANCH)) {
        note(tree, AUDIT_PAGE_HEAD, view, 0, PAGE_AT_LOWER);
        return false;
    }
    if (lower % 2 != 0 || lower < PAGE_HEAD_BYTES + least_nodes * POINTER_BYTES || lower > upper ||
        upper > AUDIT_PAGE_BYTES) {
        note(tree, AUDIT_PAGE_BOUNDS, view, PAGE_AT_LOWER, 4);
        return false;
    }
    audit_view_mark(tree->walk, view, PAGE_HEAD_BYTES, lower - PAGE_HEAD_BYTES, AUDIT_TREE);
    audit_view_mark(tree->walk, view, lower, upper - lower, AUDIT_UNUSED);
    *leaf = flags == PAGE_LEAF;
    return true;
}

static void walk_page(struct tree *tree, uint64_t page, unsigned depth, const struct place *from)
{
    struct walk *walk = tree->walk;
    struct view *view = &walk->level[depth - 1];
    bool leaf;

    if (depth > tree->said->depth || depth > MOST_DEPTH) {
        audit_note(walk, AUDIT_TREE_SHAPE, AUDIT_TREE, from);
        return;
    }
    if (!audit_tree_claim(walk, page, from) || !audit_view_read(walk, view, page))
        return;
    /* Now, so that a tree that leads back to this page is caught. */
    walk->states[page] = STATE_ACCOUNTED;
    if (check_page(tree, view, &leaf)) {
        *(leaf ? &tree->found.leaves : &tree->found.branches) += 1;
        if (leaf && depth != tree->said->depth)
            audit_note(walk, AUDIT_TREE_SHAPE, AUDIT_TREE, from);
        walk_nodes(tree, view, depth, leaf);
    }
    audit_view_account(walk, view);
}

bool audit_tree_big_page(struct walk *walk, const struct node *node, uint64_t i, size_t *at)
{
    struct view *view = &walk->value;
    const uint8_t *bytes = view->bytes;
    const struct place from = {
        .page = node->view->page, .offset = (uint32_t)node->value_at, .bytes = NUMBER_BYTES};

    if (!audit_tree_claim(walk, node->root + i, &from) ||
        !audit_view_read(walk, view, node->root + i))
        return false;
    walk->big_pages++;
    *at = 0;
    if (i > 0)
        return true;
    audit_view_mark(walk, view, 0, PAGE_AT_PAD, AUDIT_TREE);
    audit_view_mark(walk, view, PAGE_AT_PAD, 2, AUDIT_PADDING);
    audit_view_mark(walk, view, PAGE_AT_FLAGS, PAGE_HEAD_BYTES - PAGE_AT_FLAGS, AUDIT_TREE);
    if (get_le64(bytes) != view->page || get_le16(bytes + PAGE_AT_FLAGS) != PAGE_OVERFLOW ||
        get_le32(bytes + PAGE_AT_PAGES) != big_pages(node->value_size))
        audit_note_at(walk, AUDIT_PAGE_HEAD, AUDIT_TREE, view->page, 0, PAGE_HEAD_BYTES);
    *at = PAGE_HEAD_BYTES;
    return true;
}

void audit_tree_walk(struct walk *walk, enum tree_name name, const struct database *database,
                     const struct place *from)
{
    struct tree tree = {.walk = walk, .name = name, .said = database};

    walk->big_pages = 0;
    if (database->root != NO_PAGE)
        walk_page(&tree, database->root, 1, from);
    if (tree.found.branches != database->branches || tree.found.leaves != database->leaves ||
        walk->big_pages != database->overflows || tree.found.entries != database->entries ||
        (database->root == NO_PAGE && database->depth != 0))
        audit_note(walk, AUDIT_TREE_SHAPE, AUDIT_TREE, from);
}
