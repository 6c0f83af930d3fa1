#include "lies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 2005, YEARS = 17 };

const char *const lie_databases[] = {"free list", "main", "store", "tally"};
struct anatomy in;

static struct place place;
static struct filemap good;

uint64_t lie_get(size_t at, size_t width)
{
    uint64_t value = 0;
    memcpy(&value, good.bytes + at, width);
    return value;
}

size_t lie_node(size_t page, size_t index)
{
    return page + lie_get(page + PAGE_HEAD + 2 * index, 2);
}

size_t lie_node_count(size_t page)
{
    return (lie_get(page + PAGE_LOWER, 2) - PAGE_HEAD) / 2;
}

size_t lie_page_of_row(size_t row)
{
    return good.rows[row].at - PAGE_HEAD;
}

size_t lie_file_size(void)
{
    return good.size;
}

bool lie_is_free(uint64_t page)
{
    return memchr(good.used + page * PAGE, 1, PAGE) == NULL;
}

static void locate(void)
{
    in.meta = lie_get(PAGE + META_NUMBER, 8) > lie_get(META_NUMBER, 8) ? PAGE : 0;
    in.older_meta = PAGE - in.meta;
    in.database[LIE_FREE_LIST] = in.meta + META_FREE_LIST;
    in.database[LIE_MAIN] = in.meta + META_MAIN;
    in.root[LIE_MAIN] = lie_get(in.database[LIE_MAIN] + AT_ROOT, 8) * PAGE;
    in.database[LIE_STORE] = lie_node(in.root[LIE_MAIN], 0) + NODE_KEY + 5;
    in.database[LIE_TALLY] = lie_node(in.root[LIE_MAIN], 1) + NODE_KEY + 5;
    for (size_t i = 0; i < LIE_DATABASES; i++)
        in.root[i] = lie_get(in.database[i] + AT_ROOT, 8) * PAGE;
    in.leaf = lie_get(lie_node(in.root[LIE_TALLY], 0), 4) * PAGE;
    in.next_leaf = lie_get(lie_node(in.root[LIE_TALLY], 1), 4) * PAGE;
    in.row = lie_page_of_row(0);
}

int lies_begin(void **state)
{
    struct base_error error;
    int result = support_enter_memory(state);
    if (result != 0)
        return result;
    place_make(&place, FIRST_YEAR);
    place_enrol(&place);
    place_be(&place, 1);
    for (int year = FIRST_YEAR; year < FIRST_YEAR + YEARS; year++)
        if (place_count(&place, (base_month)(year * 12 + 5), 7, 3, &error) != BASE_OK)
            return -1;
    filemap_read(&good, place.path);
    assert_int_equal(good.tally_depth, 2);
    locate();
    return 0;
}

int lies_end(void **state)
{
    filemap_free(&good);
    place_free(&place);
    return support_leave(state);
}

int lie_tell(const char *what, const struct patch *patches, size_t count)
{
    uint8_t *bytes = malloc(good.size);
    assert_non_null(bytes);
    memcpy(bytes, good.bytes, good.size);
    for (size_t i = 0; i < count; i++)
        memcpy(bytes + patches[i].at, &patches[i].value, patches[i].width);
    support_write_file(place.path, bytes, good.size);
    free(bytes);
    return probe_in_child(&place, &good, what, true);
}

void lie_refused(const char *what, const struct patch *patches, size_t count)
{
    static unsigned told;
    bool is_lie = false;
    if (support_is_slow() && told++ % 7 != 0)
        return;
    for (size_t i = 0; i < count; i++)
        is_lie = is_lie || memcmp(good.bytes + patches[i].at, &patches[i].value, patches[i].width);
    if (is_lie && lie_tell(what, patches, count) == BASE_OK)
        fail_msg("%s: believed", what);
}

const char *lie_name(const char *what, uint64_t number, const char *of)
{
    static char text[100];
    (void)snprintf(text, sizeof text, "%s %llx %s", what, (unsigned long long)number, of);
    return text;
}
