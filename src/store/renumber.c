#include "renumber.h"

#include <errno.h>
#include <unistd.h>

#include "meta.h"

static enum base_code write_at(int descriptor, uint64_t offset, const void *bytes, size_t size,
                               struct base_error *error)
{
    ssize_t put;
    do {
        put = pwrite(descriptor, bytes, size, (off_t)offset);
    } while (put < 0 && errno == EINTR);
    if (put < 0)
        return base_fail_write(error, errno, "%s", _("the store"));
    return put == (ssize_t)size ? BASE_OK : base_fail_write(error, EIO, "%s", _("the store"));
}

static enum base_code write_number(int descriptor, uint64_t offset, uint64_t number,
                                   struct base_error *error)
{
    return write_at(descriptor, offset, &number, sizeof number, error);
}

/* Numbers the records of the free list, whose only page is `root`, from 1. All that they free is
 * free at once: no reader holds an earlier state, and a state that has been erased is none. */
static enum base_code renumber_free_list(int descriptor, uint64_t root, uint64_t *records,
                                         struct base_error *error)
{
    enum { NODE_HEADER = 8 };
    uint8_t page[PAGES_SIZE];
    enum base_code code = pages_read(descriptor, root * PAGES_SIZE, page, sizeof page, error);
    if (code != BASE_OK)
        return code;
    uint64_t count = (u16_at(page, PAGE_AT_LOWER) - (uint64_t)PAGE_HEADER) / 2;
    for (uint64_t i = 0; code == BASE_OK && i < count; i++) {
        uint64_t key = u16_at(page, (size_t)(PAGE_HEADER + 2 * i)) + (uint64_t)NODE_HEADER;
        if (u64_at(page, (size_t)key) != i + 1)
            code = write_number(descriptor, root * PAGES_SIZE + key, i + 1, error);
    }
    *records = count;
    return code;
}

static bool lies_beyond(const uint8_t *meta, size_t tree)
{
    const uint64_t root = u64_at(meta, tree + DB_AT_ROOT);
    return root != TREE_NO_ROOT && root > u64_at(meta, META_AT_LAST_PAGE);
}

/* Where LMDB fails at writing the meta page of a new state, it leaves that state's trees under the number and
 * the last page of the state before. There was no such state: the trees of the last one take their place. */
static enum base_code mend_older(int descriptor, const uint8_t *older, const uint8_t *last,
                                 uint64_t older_page, struct base_error *error)
{
    enum { SIZE = META_AT_TRANSACTION - META_AT_FREE_LIST };
    if (!lies_beyond(older, META_AT_FREE_LIST) && !lies_beyond(older, META_AT_MAIN))
        return BASE_OK;
    return write_at(descriptor, older_page * PAGES_SIZE + META_AT_FREE_LIST,
                    last + META_AT_FREE_LIST, SIZE, error);
}

enum base_code renumber_earlier(int descriptor, struct renumber_last *last,
                                struct base_error *error)
{
    uint8_t metas[PAGES_METAS][META_BYTES];
    uint64_t transactions[PAGES_METAS];
    uint64_t records = 0;
    enum base_code code = BASE_OK;

    for (size_t i = 0; code == BASE_OK && i < PAGES_METAS; i++)
        code = pages_read(descriptor, i * PAGES_SIZE, metas[i], META_BYTES, error);
    if (code != BASE_OK)
        return code;
    for (size_t i = 0; i < PAGES_METAS; i++)
        transactions[i] = u64_at(metas[i], META_AT_TRANSACTION);
    uint64_t page = transactions[1] > transactions[0];
    const uint8_t *free_list = metas[page] + META_AT_FREE_LIST;
    last->offset = page * PAGES_SIZE + META_AT_TRANSACTION;
    last->number = transactions[page];

    code = mend_older(descriptor, metas[1 - page], metas[page], 1 - page, error);
    if (code != BASE_OK)
        return code;

    /* A free list of more than one page has never been seen: hundreds of records. Its branches hold
     * keys, too, so it keeps its numbers. */
    if (u16_at(free_list, DB_AT_DEPTH) > 1)
        return BASE_OK;
    if (u16_at(free_list, DB_AT_DEPTH) == 1)
        code = renumber_free_list(descriptor, u64_at(free_list, DB_AT_ROOT), &records, error);
    uint64_t number = records + 1;
    number += number % PAGES_METAS != page;
    uint64_t earlier = (1 - page) * PAGES_SIZE + META_AT_TRANSACTION;
    if (code == BASE_OK && transactions[1 - page] != number - 1)
        code = write_number(descriptor, earlier, number - 1, error);
    last->number = number;
    return code;
}

enum base_code renumber_map_size(int descriptor, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (uint64_t page = 0; code == BASE_OK && page < PAGES_METAS; page++)
        code =
            write_number(descriptor, page * PAGES_SIZE + META_AT_MAP_SIZE, PAGES_MAP_BYTES, error);
    return code;
}

enum base_code renumber_last(int descriptor, const struct renumber_last *last,
                             struct base_error *error)
{
    return write_number(descriptor, last->offset, last->number, error);
}
