/* A store whose structures can be made to lie: where LMDB's fields are, and what comes of changing
 * them. */
#ifndef TESTS_LIES_H
#define TESTS_LIES_H

#include "probe.h"

enum { LIE_FREE_LIST, LIE_MAIN, LIE_STORE, LIE_TALLY, LIE_DATABASES };
extern const char *const lie_databases[LIE_DATABASES];

/* LMDB's fields, as offsets from the record of a database, a page and a node. */
enum { AT_FLAGS = 4, AT_DEPTH = 6, AT_LEAVES = 16, AT_BRANCHES = 8, AT_ENTRIES = 32, AT_ROOT = 40 };
enum { PAGE = 4096, PAGE_FLAGS = 10, PAGE_LOWER = 12, PAGE_UPPER = 14, PAGE_HEAD = 16 };
enum { NODE_FLAGS = 4, NODE_KEY_SIZE = 6, NODE_KEY = 8 };
enum {
    META_VERSION = 20,
    META_ADDRESS = 24,
    META_MAP_SIZE = 32,
    META_FREE_LIST = 40, /* and its first field is the page size */
    META_MAIN = 88,
    META_LAST_PAGE = 136,
    META_NUMBER = 144, /* of the transaction */
};

/* Offsets in the file of a good store, in which "tally" has a branch and two leaves. */
extern struct anatomy {
    size_t meta, older_meta;
    size_t database[LIE_DATABASES], root[LIE_DATABASES];
    size_t leaf, next_leaf; /* of "tally" */
    size_t row;             /* the page of the first leaf's first row */
} in;

/* cmocka's group setup and teardown. */
int lies_begin(void **state);
int lies_end(void **state);

/* What stands in the good store. */
uint64_t lie_get(size_t at, size_t width);
size_t lie_node(size_t page, size_t index);
size_t lie_node_count(size_t page);
size_t lie_page_of_row(size_t row);
size_t lie_file_size(void);
bool lie_is_free(uint64_t page);

struct patch {
    size_t at;
    size_t width;
    uint64_t value;
};

/* Patches the good store and opens it, in a child, to read and to count: the code. */
int lie_tell(const char *what, const struct patch *patches, size_t count);

/* Fails the test if that goes well. What says what the good store says is no lie. */
void lie_refused(const char *what, const struct patch *patches, size_t count);

#define REFUSED(what, ...)                                                                         \
    lie_refused(what, (const struct patch[]){__VA_ARGS__},                                         \
                sizeof((const struct patch[]){__VA_ARGS__}) / sizeof(struct patch))

/* "WHAT NUMBER OF", valid until the next call. */
const char *lie_name(const char *what, uint64_t number, const char *of);

#endif
