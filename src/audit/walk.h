/* Inside of audit: the walk over LMDB's pages.
 *
 * Each page that is reached is read into a view, whose map gives every byte its class. audit_view_account
 * then adds the classes to the report and checks that what should be zero is. A page is accounted
 * for once, so the account adds up to the file's size whatever the file holds, and a walk ends
 * because no page is entered twice.
 *
 * All rooms are linked together, so what one file here has for the others begins with audit_ too.
 */
#ifndef TAVS_AUDIT_WALK_H
#define TAVS_AUDIT_WALK_H

#include "tavs/audit.h"
#include "tavs/codebook.h"
#include "tavs/record.h"

/* LMDB 0.9's data file on a 64-bit little-endian machine. */
enum {
    PAGE_HEAD_BYTES = 16, /* u64 number, u16 pad, u16 flags, then bounds or u32 pages */
    PAGE_AT_PAD = 8,
    PAGE_AT_FLAGS = 10,
    PAGE_AT_LOWER = 12,
    PAGE_AT_UPPER = 14,
    PAGE_AT_PAGES = 12,
    POINTER_BYTES = 2,
    NODE_HEAD_BYTES = 8, /* u32 size, u16 flags, u16 key size; in branches u48 page, u16 key size */
    NODE_AT_FLAGS = 4,
    NODE_AT_KEY_SIZE = 6,
    NODE_MOST_BYTES = 2038, /* a larger node's value lies in pages of its own */
    DATABASE_BYTES = 48,
    NUMBER_BYTES = 8,
    META_PAGES = 2,
    MOST_DEPTH = 32,
};

enum page_flags { PAGE_BRANCH = 0x01, PAGE_LEAF = 0x02, PAGE_OVERFLOW = 0x04, PAGE_META = 0x08 };
enum node_flags { NODE_BIG = 0x01, NODE_DATABASE = 0x02 };

#define NO_PAGE UINT64_MAX /* LMDB: the root of an empty tree */

static inline uint16_t get_le16(const uint8_t *from)
{
    return (uint16_t)(from[0] | from[1] << 8);
}

static inline uint32_t get_le32(const uint8_t *from)
{
    return get_le16(from) | (uint32_t)get_le16(from + 2) << 16;
}

static inline uint64_t get_le64(const uint8_t *from)
{
    return get_le32(from) | (uint64_t)get_le32(from + 4) << 32;
}

/* What is known of a page of the file. */
enum page_state { STATE_UNSEEN, STATE_ACCOUNTED, STATE_FREE };

/* One page: its bytes and each byte's class (or NO_CLASS as long as it has none). */
enum { NO_CLASS = 0xff };
struct view {
    uint64_t page;
    uint8_t bytes[AUDIT_PAGE_BYTES];
    uint8_t map[AUDIT_PAGE_BYTES];
};

/* LMDB's record of a database. */
struct database {
    uint32_t pad;
    uint16_t flags, depth;
    uint64_t branches, leaves, overflows, entries, root;
};

/* A place in the file, and what record it belongs to: what a finding is to tell. */
struct place {
    uint64_t page;
    uint32_t offset;
    uint64_t bytes;
    base_month month;
    uint16_t device, release;
};

struct device_seen {
    bool present;
    struct place place;
    uint8_t bytes[RECORD_DEVICE_BYTES];
};

struct walk {
    const struct audit_source *source;
    struct audit_report *report;
    bool read_failed;
    uint64_t pages;     /* whole pages of the file */
    uint64_t last_page; /* as the current meta page says, but within the file */
    uint8_t *states;    /* enum page_state of each page of the file */
    struct view *level; /* MOST_DEPTH of them, one for each level of the tree being walked */
    struct view value;  /* a page of a big value */
    uint64_t big_pages; /* accounted for in the tree being walked */

    /* What has been found. */
    uint64_t free_transaction; /* the last one of the free list */
    bool has_store, has_tally;
    struct database store, tally;
    struct place store_place, tally_place;
    bool has_header;
    struct place header_place;
    uint8_t header[RECORD_HEADER_BYTES];
    uint8_t
        ledger_digest[KEYS_DIGEST_BYTES]; /* of the last release record; zero before the first */
    struct device_seen *devices;          /* by number, from 0 to KEYS_MOST_DEVICES */
    uint16_t (*months)[KEYS_MOST_DEVICES + 1]; /* by year and device: bit m for month m */
};

/* ---- account.c ---- */

/* Notes a finding. */
void audit_note(struct walk *walk, enum audit_code code, enum audit_class class,
                const struct place *place);

/* The same for `bytes` bytes of a page from `offset` on. */
void audit_note_at(struct walk *walk, enum audit_code code, enum audit_class class, uint64_t page,
                   size_t offset, size_t bytes);

/* Counts bytes of the file, from `offset` on, as of one class. */
void audit_count(struct walk *walk, uint64_t offset, uint64_t bytes, enum audit_class class);

/* Reads a page that is in the file and has not been accounted for yet; no byte has a class. */
bool audit_view_read(struct walk *walk, struct view *view, uint64_t page);

/* Gives bytes their class. Bytes that have one keep it: a finding, and false. */
bool audit_view_mark(struct walk *walk, struct view *view, size_t offset, size_t bytes,
                     enum audit_class class);

/* Gives all bytes that have no class yet this one. */
void audit_view_mark_rest(struct view *view, size_t offset, size_t bytes, enum audit_class class);

/* Checks that the bytes of all classes that should be zero are, adds all up in the report, and marks
 * the page as accounted for. Bytes without a class are unaccounted for. */
void audit_view_account(struct walk *walk, struct view *view);

/* ---- meta.c ---- */

/* The two trees that a meta page knows. */
struct meta_trees {
    struct database free_list, main;
    struct place free_list_place, main_place;
};

/* Accounts for both meta pages. False if neither is one; else the current one's trees. */
bool audit_meta_walk(struct walk *walk, struct meta_trees *trees);

/* Reads a database record. */
void audit_database_get(struct database *database, const uint8_t bytes[DATABASE_BYTES]);

/* ---- tree.c ---- */

enum tree_name { TREE_FREE, TREE_MAIN, TREE_STORE, TREE_TALLY };

/* A record of a leaf, as it is handed to what understands the tree's records. Its key and value have
 * no class yet; the value lies in the same page, or from page `root` on if it is `big`. */
struct node {
    struct view *view;
    size_t offset;
    uint16_t flags;
    const uint8_t *key;
    size_t key_at, key_size;
    size_t value_at, value_size; /* value_at: in the page, if it is not big */
    bool big;
    uint64_t root;
};

/* Walks a tree and accounts for its pages; checks that its record, which lies at `from`, tells its
 * shape. */
void audit_tree_walk(struct walk *walk, enum tree_name name, const struct database *database,
                     const struct place *from);

/* Claims page `page` for a tree: in the file, in use, not seen before. Else a finding, which lies
 * where the number stands. */
bool audit_tree_claim(struct walk *walk, uint64_t page, const struct place *from);

/* How many pages a big value of `size` bytes takes. */
static inline uint64_t big_pages(uint64_t size)
{
    return (PAGE_HEAD_BYTES - 1 + size) / AUDIT_PAGE_BYTES + 1;
}

/* Claims page `i` of a big value, loads it into walk->value and marks its head, if it has one (that is
 * the first); *at is where the value's bytes begin. False, with a finding, if it can't be had. Call
 * audit_view_account when the value's bytes have their class. */
bool audit_tree_big_page(struct walk *walk, const struct node *node, uint64_t i, size_t *at);

/* ---- free.c, contents.c, rows.c: what stands in the trees ---- */

void audit_free_list_record(struct walk *walk, const struct node *node);
void audit_main_record(struct walk *walk, const struct node *node);
void audit_release_record(struct walk *walk, const struct node *node);
void audit_store_record(struct walk *walk, const struct node *node);
void audit_tally_record(struct walk *walk, const struct node *node);

/* Once the free list is read, whose record in the meta page lies at `place`: whether it ends with the
 * current transaction. */
void audit_free_list_check(struct walk *walk, const struct place *place);

/* A record that has no business here: its bytes have no class. */
void audit_foreign_record(struct walk *walk, const struct node *node, enum audit_code code);

/* A canonical encoding (RFC 9496, section 4.3.1) of an element other than the identity. */
bool audit_element_is_valid(const uint8_t element[ELGAMAL_POINT_BYTES]);

/* Once the database "store" is read: the header's fields, its signature and the devices'. */
void audit_contents_check(struct walk *walk);

/* Once all is read: whether all rows of a year are there. */
void audit_rows_check(struct walk *walk);

/* The layouts of docs/format.md that more than one file needs. */
enum { HEADER_AT_STORE_ID = 16, HEADER_AT_SIGNING_KEY = 64, DEVICE_AT_KEY = 8 };

#endif
