#include "walk.h"

/* The fields of a meta page (LMDB's struct MDB_meta, behind the page's head). */
enum {
    AT_MAGIC = 16,
    AT_VERSION = 20,
    AT_ADDRESS = 24, /* of a fixed mapping: unused */
    AT_MAP_SIZE = 32,
    AT_FREE_LIST = 40,
    AT_MAIN = 88,
    AT_LAST_PAGE = 136,
    AT_TRANSACTION = 144,
    AT_END = 152,
};

#define MAGIC 0xbeefc0de

enum {
    VERSION = 1,
    DATABASES = 2,
    MAP_BYTES = 1 << 30,
    /* The environment's flags stand in the free list's record: MDB_NOSUBDIR, MDB_INTEGERKEY. */
    FREE_LIST_FLAGS = 0x4008,
};

struct meta {
    uint64_t map_size, last_page, transaction;
    struct database free_list, main;
};

void audit_database_get(struct database *database, const uint8_t bytes[DATABASE_BYTES])
{
    database->pad = get_le32(bytes);
    database->flags = get_le16(bytes + 4);
    database->depth = get_le16(bytes + 6);
    database->branches = get_le64(bytes + 8);
    database->leaves = get_le64(bytes + 16);
    database->overflows = get_le64(bytes + 24);
    database->entries = get_le64(bytes + 32);
    database->root = get_le64(bytes + 40);
}

static void note(struct walk *walk, enum audit_code code, const struct view *view, size_t offset,
                 size_t bytes)
{
    audit_note_at(walk, code, AUDIT_META, view->page, offset, bytes);
}

/* True if the page says that it is a meta page of this version of LMDB. */
static bool meta_get(const struct view *view, struct meta *meta)
{
    const uint8_t *bytes = view->bytes;

    meta->map_size = get_le64(bytes + AT_MAP_SIZE);
    audit_database_get(&meta->free_list, bytes + AT_FREE_LIST);
    audit_database_get(&meta->main, bytes + AT_MAIN);
    meta->last_page = get_le64(bytes + AT_LAST_PAGE);
    meta->transaction = get_le64(bytes + AT_TRANSACTION);
    return get_le32(bytes + AT_MAGIC) == MAGIC && get_le32(bytes + AT_VERSION) == VERSION;
}

/* What holds for both pages: the constants, and bounds for all else. */
static void check_fields(struct walk *walk, const struct view *view, const struct meta *meta)
{
    if (get_le64(view->bytes) != view->page || get_le16(view->bytes + PAGE_AT_FLAGS) != PAGE_META)
        note(walk, AUDIT_META_HEAD, view, 0, PAGE_HEAD_BYTES);
    if (meta->free_list.pad != AUDIT_PAGE_BYTES || meta->free_list.flags != FREE_LIST_FLAGS)
        note(walk, AUDIT_META_CONSTANT, view, AT_FREE_LIST, 6);
    if (meta->main.pad != 0 || meta->main.flags != 0)
        note(walk, AUDIT_META_CONSTANT, view, AT_MAIN, 6);
}

/* A tree of the older state: its pages are gone, but its numbers can't be larger than the file. */
static void check_older_tree(struct walk *walk, const struct view *view, size_t at,
                             const struct database *tree, uint64_t last_page)
{
    bool sound;

    if (tree->root == NO_PAGE)
        sound = tree->depth == 0 && tree->branches == 0 && tree->leaves == 0 &&
                tree->overflows == 0 && tree->entries == 0;
    else
        sound = tree->root >= META_PAGES && tree->root <= last_page && tree->depth >= 1 &&
                tree->depth <= MOST_DEPTH && tree->branches < last_page &&
                tree->leaves < last_page && tree->leaves >= 1 && tree->overflows < last_page &&
                tree->entries >= 1 && tree->entries / AUDIT_PAGE_BYTES < last_page;
    if (!sound)
        note(walk, AUDIT_META_OLDER, view, at, DATABASE_BYTES);
}

static void check_older(struct walk *walk, const struct view *view, const struct meta *older,
                        const struct meta *current)
{
    check_older_tree(walk, view, AT_FREE_LIST, &older->free_list, older->last_page);
    check_older_tree(walk, view, AT_MAIN, &older->main, older->last_page);
    if (older->main.entries > DATABASES)
        note(walk, AUDIT_META_OLDER, view, AT_MAIN, DATABASE_BYTES);
    if (older->last_page < META_PAGES - 1 || older->last_page > current->last_page)
        note(walk, AUDIT_META_OLDER, view, AT_LAST_PAGE, NUMBER_BYTES);
}

/* LMDB notes how much it mapped. A size that followed the file's would tell how large that once was. */
static void check_map_size(struct walk *walk, const struct meta *meta, uint64_t page)
{
    if (meta->map_size != MAP_BYTES)
        audit_note_at(walk, AUDIT_META_MAP_SIZE, AUDIT_META, page, AT_MAP_SIZE, NUMBER_BYTES);
}

static void mark(struct walk *walk, struct view *view)
{
    audit_view_mark(walk, view, 0, PAGE_AT_PAD, AUDIT_META);
    audit_view_mark(walk, view, PAGE_AT_PAD, 2, AUDIT_PADDING);
    audit_view_mark(walk, view, PAGE_AT_FLAGS, 2, AUDIT_META);
    audit_view_mark(walk, view, PAGE_AT_LOWER, 4, AUDIT_PADDING);
    audit_view_mark(walk, view, AT_MAGIC, AT_ADDRESS - AT_MAGIC, AUDIT_META);
    audit_view_mark(walk, view, AT_ADDRESS, NUMBER_BYTES, AUDIT_PADDING);
    audit_view_mark(walk, view, AT_MAP_SIZE, AT_END - AT_MAP_SIZE, AUDIT_META);
    audit_view_mark(walk, view, AT_END, AUDIT_PAGE_BYTES - AT_END, AUDIT_UNUSED);
}

/* Transaction N is written to page N mod 2, so the two pages hold N and N - 1. */
static void check_transactions(struct walk *walk, const struct meta metas[META_PAGES],
                               size_t current)
{
    const uint64_t last = metas[current].transaction;

    if (last == 0 || last % META_PAGES != current || metas[1 - current].transaction != last - 1)
        audit_note_at(walk, AUDIT_META_TRANSACTION, AUDIT_META, current, AT_TRANSACTION,
                      NUMBER_BYTES);
}

bool audit_meta_walk(struct walk *walk, struct meta_trees *trees)
{
    struct meta metas[META_PAGES] = {0};
    bool valid[META_PAGES] = {false};

    for (size_t i = 0; i < META_PAGES && i < walk->pages; i++)
        if (audit_view_read(walk, &walk->level[i], i))
            valid[i] = meta_get(&walk->level[i], &metas[i]);
    if (!valid[0] && !valid[1]) {
        audit_note_at(walk, AUDIT_FILE_FOREIGN, AUDIT_UNACCOUNTED, AUDIT_NO_PAGE, 0, 0);
        return false;
    }
    const size_t current = !valid[0] || (valid[1] && metas[1].transaction > metas[0].transaction);

    for (size_t i = 0; i < META_PAGES && i < walk->pages; i++) {
        if (valid[i]) {
            mark(walk, &walk->level[i]);
            check_fields(walk, &walk->level[i], &metas[i]);
        } else {
            note(walk, AUDIT_META_CONSTANT, &walk->level[i], AT_MAGIC, AT_ADDRESS - AT_MAGIC);
        }
        audit_view_account(walk, &walk->level[i]);
    }
    if (valid[0] && valid[1]) {
        check_transactions(walk, metas, current);
        check_older(walk, &walk->level[1 - current], &metas[1 - current], &metas[current]);
        check_map_size(walk, &metas[0], 0);
        check_map_size(walk, &metas[1], 1);
    }
    walk->last_page = metas[current].last_page;
    if (walk->last_page >= walk->pages) {
        audit_note_at(walk, AUDIT_FILE_TRUNCATED, AUDIT_META, current, AT_LAST_PAGE, NUMBER_BYTES);
        walk->last_page = walk->pages - 1;
    }
    walk->report->transaction = metas[current].transaction;
    *trees = (struct meta_trees){
        .free_list = metas[current].free_list,
        .free_list_place = {.page = current, .offset = AT_FREE_LIST, .bytes = DATABASE_BYTES},
        .main = metas[current].main,
        .main_place = {.page = current, .offset = AT_MAIN, .bytes = DATABASE_BYTES},
    };
    return true;
}
