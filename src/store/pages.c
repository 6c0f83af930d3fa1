#include "pages.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "meta.h"
#include "tree.h"

enum {
    /* The environment's flags stand in the free list's: MDB_NOSUBDIR, MDB_INTEGERKEY. */
    FREE_LIST_FLAGS = 0x4008,
};
#define MOST_TRANSACTIONS ((uint64_t)1 << 48)

enum base_code pages_read(int descriptor, uint64_t offset, uint8_t *bytes, size_t size,
                          struct base_error *error)
{
    while (size > 0) {
        ssize_t got = pread(descriptor, bytes, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base_fail_os(error, errno, "%s", _("the store"));
        if (got == 0)
            return base_fail(error, BASE_STORE_TRUNCATED, _("ends at byte %llu"),
                             (unsigned long long)offset);
        offset += (uint64_t)got;
        bytes += got;
        size -= (size_t)got;
    }
    return BASE_OK;
}

/* One of the two meta pages. Its databases' constants are checked here, because all of them go into
 * how LMDB reads the rest. */
static enum base_code read_meta(int descriptor, size_t page, uint8_t meta[META_BYTES],
                                struct base_error *error)
{
    enum base_code code = pages_read(descriptor, page * PAGES_SIZE, meta, META_BYTES, error);
    if (code != BASE_OK && (code != BASE_STORE_TRUNCATED || page > 0))
        return code;
    /* What is cut off before the magic number could be anything. */
    if (page == 0 && u32_at(meta, META_AT_MAGIC) != META_MAGIC)
        return base_fail(error, BASE_STORE_FOREIGN, "%s", _("no LMDB file"));
    if (code != BASE_OK)
        return code;
    if (u32_at(meta, META_AT_MAGIC) != META_MAGIC || u64_at(meta, 0) != page ||
        u16_at(meta, PAGE_AT_FLAGS) != PAGE_META)
        return base_fail(error, BASE_STORE_DAMAGED, _("page %zu"), page);
    if (u32_at(meta, META_AT_VERSION) > META_VERSION)
        return base_fail(error, BASE_STORE_NEWER, "LMDB %u", u32_at(meta, META_AT_VERSION));
    if (u32_at(meta, META_AT_VERSION) != META_VERSION)
        return base_fail(error, BASE_STORE_DAMAGED, _("page %zu"), page);
    if (u32_at(meta, META_AT_FREE_LIST) != PAGES_SIZE ||
        u16_at(meta, META_AT_FREE_LIST + DB_AT_FLAGS) != FREE_LIST_FLAGS ||
        u32_at(meta, META_AT_MAIN) != 0 || u16_at(meta, META_AT_MAIN + DB_AT_FLAGS) != 0)
        return base_fail(error, BASE_STORE_FOREIGN, "%s", _("an LMDB file of another program"));
    return BASE_OK;
}

/* Transaction N is written to page N mod 2: the two hold the last transaction and the one before.
 * LMDB takes the later one, whatever its page; a number of the wrong parity would make it lose the
 * next one. An earlier state that is taken for the last does not get past the walk: its pages have
 * been erased. */
static enum base_code read_last_meta(int descriptor, uint8_t meta[META_BYTES],
                                     struct base_error *error)
{
    uint8_t metas[PAGES_METAS][META_BYTES] = {0};
    uint64_t transactions[PAGES_METAS];
    for (size_t i = 0; i < PAGES_METAS; i++) {
        enum base_code code = read_meta(descriptor, i, metas[i], error);
        if (code != BASE_OK)
            return code;
        transactions[i] = u64_at(metas[i], META_AT_TRANSACTION);
    }
    size_t last = transactions[1] > transactions[0];
    if (transactions[0] == 0 && transactions[1] == 0)
        return base_fail(error, BASE_STORE_FOREIGN, "%s", _("an LMDB file without content"));
    if (transactions[last] % PAGES_METAS != last || transactions[last] > MOST_TRANSACTIONS ||
        transactions[1 - last] % PAGES_METAS != 1 - last)
        return base_fail(error, BASE_STORE_DAMAGED, _("page %zu"), last);
    memcpy(meta, metas[last], META_BYTES);
    return BASE_OK;
}

static enum base_code allocate(struct pages_map *map, uint64_t count, struct base_error *error)
{
    map->pages = calloc(count, sizeof *map->pages);
    if (map->pages == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%llu", (unsigned long long)count);
    map->count = count;
    for (uint64_t i = 0; i < count; i++)
        map->pages[i].end = PAGES_SIZE;
    for (uint64_t i = 0; i < PAGES_METAS; i++)
        map->pages[i] = (struct pages_page){.use = PAGES_META};
    return BASE_OK;
}

/* A page that is neither used nor free is no state that LMDB leaves: a record of the free list tells fewer pages than it
 * has. */
static enum base_code check_accounted(const struct walk *walk)
{
    for (uint64_t i = PAGES_METAS; i <= walk->last_page; i++) {
        const struct pages_page *page = &walk->map->pages[i];
        if (page->use == PAGES_UNUSED && !page->listed)
            return base_fail(walk->error, BASE_STORE_DAMAGED, _("page %llu"),
                             (unsigned long long)i);
    }
    return BASE_OK;
}

enum base_code pages_map_read(int descriptor, struct pages_map *map, struct base_error *error)
{
    uint8_t meta[META_BYTES];
    struct stat status;
    struct pages_map read = {0};

    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", _("the store"));
    if (status.st_size == 0)
        return base_fail(error, BASE_STORE_EMPTY, "%s", "");
    enum base_code code = read_last_meta(descriptor, meta, error);
    if (code != BASE_OK)
        return code;
    uint64_t count = (uint64_t)status.st_size / PAGES_SIZE;
    struct walk walk = {.descriptor = descriptor,
                        .last_page = u64_at(meta, META_AT_LAST_PAGE),
                        .transaction = u64_at(meta, META_AT_TRANSACTION),
                        .map = &read,
                        .error = error};
    if (walk.last_page < PAGES_METAS || walk.last_page >= PAGES_MOST || count > PAGES_MOST)
        return base_fail(error, BASE_STORE_DAMAGED, "%s", _("the first pages"));
    if (walk.last_page >= count)
        return base_fail(error, BASE_STORE_TRUNCATED, _("%llu of %llu bytes"),
                         (unsigned long long)status.st_size,
                         (unsigned long long)walk.last_page * PAGES_SIZE + PAGES_SIZE);
    code = allocate(&read, count, error);
    if (code == BASE_OK)
        code = tree_walk(&walk, TREE_FREE_LIST, meta + META_AT_FREE_LIST);
    if (code == BASE_OK)
        code = tree_walk(&walk, TREE_MAIN, meta + META_AT_MAIN);
    if (code == BASE_OK)
        code = check_accounted(&walk);
    if (code == BASE_OK)
        *map = read;
    else
        pages_map_free(&read);
    return code;
}

void pages_map_free(struct pages_map *map)
{
    free(map->pages);
    *map = (struct pages_map){0};
}
