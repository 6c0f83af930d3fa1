#include "erase.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pages.h"
#include "renumber.h"

static enum base_code write_zeros(int descriptor, uint64_t offset, size_t size,
                                  struct base_error *error)
{
    static const uint8_t zeros[PAGES_SIZE];
    while (size > 0) {
        ssize_t put = pwrite(descriptor, zeros, size, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return base_fail_write(error, errno, "%s", _("the store"));
        offset += (uint64_t)put;
        size -= (size_t)put;
    }
    return BASE_OK;
}

/* Zeros over bytes begin .. end - 1 of a page, if they are not zero yet. */
static enum base_code erase_part(int descriptor, uint64_t page, size_t begin, size_t end,
                                 bool *erased, struct base_error *error)
{
    uint8_t bytes[PAGES_SIZE];
    uint64_t offset = page * PAGES_SIZE + begin;
    enum base_code code = pages_read(descriptor, offset, bytes, end - begin, error);
    if (code != BASE_OK || base_is_zero(bytes, end - begin))
        return code;
    *erased = true;
    return write_zeros(descriptor, offset, end - begin, error);
}

/* LMDB leaves the bytes of nodes that it moved in the unused middle of the page they stood in, and
 * behind a value what was in the memory that it wrote the page from. They are erased in place: no
 * reader of the page looks there, and a write that a power cut tears leaves the rest of the page as
 * it is. */
static enum base_code erase_page(int descriptor, uint64_t number, const struct pages_page *page,
                                 bool *erased, struct base_error *error)
{
    enum base_code code = BASE_OK;
    if (pages_has_head(page))
        code = erase_part(descriptor, number, PAGES_PAD_BEGIN, PAGES_PAD_END, erased, error);
    if (code == BASE_OK)
        code = erase_part(descriptor, number, page->begin, page->end, erased, error);
    return code;
}

/* What a writer that was cut off may leave behind the last whole page. It becomes a page of zeros, so
 * that the file is made of whole pages again. */
static enum base_code erase_rest(int descriptor, uint64_t pages, bool *erased,
                                 struct base_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return base_fail_write(error, errno, "%s", _("the store"));
    uint64_t begin = pages * PAGES_SIZE;
    if ((uint64_t)status.st_size <= begin)
        return BASE_OK;
    *erased = true;
    return write_zeros(descriptor, begin, PAGES_SIZE, error);
}

static enum base_code erase_pages(int descriptor, bool *erased, struct base_error *error)
{
    struct pages_map map;
    enum base_code code = pages_map_read(descriptor, &map, error);
    if (code != BASE_OK)
        return code;
    for (uint64_t page = 0; code == BASE_OK && page < map.count; page++)
        code = erase_page(descriptor, page, &map.pages[page], erased, error);
    if (code == BASE_OK)
        code = erase_rest(descriptor, map.count, erased, error);
    pages_map_free(&map);
    return code;
}

enum base_code erase_unused(int descriptor, struct base_error *error)
{
    bool erased = false;
    struct renumber_last last;
    enum base_code code = erase_pages(descriptor, &erased, error);
    if (code != BASE_OK || !erased)
        return code;
    code = renumber_earlier(descriptor, &last, error);
    if (code == BASE_OK && fdatasync(descriptor) != 0)
        code = base_fail_write(error, errno, "%s", _("the store"));
    if (code == BASE_OK)
        code = renumber_last(descriptor, &last, error);
    return code;
}
