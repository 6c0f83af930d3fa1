/* store: LMDB's pages, nodes, keys and free list made to lie (as test_store_lies.c). */
#include "lies.h"

/* ---- pages ----------------------------------------------------------------------------------- */

static void test_page_heads(void **state)
{
    static const uint16_t flags[] = {0, 1, 2, 3, 4, 6, 8, 0x12, 0x22, 0x42, 0x4002, 0x8002, 0x11};
    const size_t pages[] = {in.root[LIE_FREE_LIST], in.root[LIE_MAIN], in.root[LIE_STORE],
                            in.root[LIE_TALLY],     in.leaf,           in.row};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        for (size_t j = 0; j < sizeof flags / sizeof *flags; j++)
            REFUSED(lie_name("page flags", flags[j], ""), {pages[i] + PAGE_FLAGS, 2, flags[j]});
        REFUSED("page number", {pages[i], 8, 2});
        REFUSED("page number of another", {pages[i], 8, pages[i] / PAGE + 1});
    }
}

static void test_page_bounds(void **state)
{
    const size_t pages[] = {in.root[LIE_FREE_LIST], in.root[LIE_MAIN], in.root[LIE_STORE],
                            in.root[LIE_TALLY], in.leaf};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        uint64_t lower = lie_get(pages[i] + PAGE_LOWER, 2),
                 upper = lie_get(pages[i] + PAGE_UPPER, 2);
        const uint64_t lowers[] = {0,         2,         14,        PAGE_HEAD, lower - 2, lower - 1,
                                   lower + 1, lower + 2, upper + 2, 65534,     65535};
        const uint64_t uppers[] = {0,         PAGE_HEAD, lower - 2, upper - 2, upper - 1, upper + 1,
                                   upper + 2, PAGE - 2,  PAGE,      PAGE + 2,  65534,     65535};
        for (size_t j = 0; j < sizeof lowers / sizeof *lowers; j++)
            REFUSED(lie_name("lower", lowers[j], ""), {pages[i] + PAGE_LOWER, 2, lowers[j]});
        for (size_t j = 0; j < sizeof uppers / sizeof *uppers; j++)
            REFUSED(lie_name("upper", uppers[j], ""), {pages[i] + PAGE_UPPER, 2, uppers[j]});
    }
}

static void test_values_of_several_pages(void **state)
{
    const uint64_t last = lie_get(in.meta + META_LAST_PAGE, 8);
    const size_t node = lie_node(in.leaf, 0);
    const uint64_t pages[] = {0,
                              1,
                              last,
                              last + 1,
                              UINT64_MAX,
                              in.root[LIE_STORE] / PAGE,
                              in.leaf / PAGE,
                              lie_page_of_row(1) / PAGE};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        REFUSED(lie_name("row in page", pages[i], ""), {node + NODE_KEY + 4, 8, pages[i]});
    REFUSED("row of two pages", {in.row + PAGE_LOWER, 4, 2});
    REFUSED("row of no page", {in.row + PAGE_LOWER, 4, 0});
    REFUSED("row of many pages", {in.row + PAGE_LOWER, 4, UINT32_MAX});
    REFUSED("row of another size", {node, 4, RECORD_ROW_BYTES - 1});
    REFUSED("row of a page", {node, 4, PAGE - PAGE_HEAD}, {in.row + PAGE_LOWER, 4, 1});
    REFUSED("row of two pages, of that size", {node, 4, 8000}, {in.row + PAGE_LOWER, 4, 2});
    REFUSED("row of 4 GiB", {node, 4, UINT32_MAX}, {in.row + PAGE_LOWER, 4, 1 << 20});
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static void test_nodes(void **state)
{
    static const uint16_t key_sizes[] = {0, 1, 3, 5, 7, 9, 511, 512, 4000, 4095, 65535};
    static const uint16_t flags[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x8000};
    const size_t pages[] = {in.root[LIE_FREE_LIST], in.root[LIE_MAIN], in.root[LIE_STORE], in.leaf};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t last = lie_node_count(pages[i]) - 1;
        for (size_t index = 0; index <= last; index += last == 0 ? 1 : last) {
            size_t node = lie_node(pages[i], index);
            for (size_t j = 0; j < sizeof key_sizes / sizeof *key_sizes; j++)
                REFUSED(lie_name("key size", key_sizes[j], ""),
                        {node + NODE_KEY_SIZE, 2, key_sizes[j]});
            for (size_t j = 0; j < sizeof flags / sizeof *flags; j++)
                REFUSED(lie_name("node flags", flags[j], ""), {node + NODE_FLAGS, 2, flags[j]});
            REFUSED("data size 0", {node, 4, 0});
            REFUSED("data size, two less", {node, 4, lie_get(node, 4) - 2});
            REFUSED("data size, two more", {node, 4, lie_get(node, 4) + 2});
            REFUSED("data size 4 GiB", {node, 4, UINT32_MAX});
        }
    }
}

static void test_pointers(void **state)
{
    const size_t pages[] = {in.root[LIE_FREE_LIST], in.root[LIE_MAIN], in.root[LIE_STORE],
                            in.root[LIE_TALLY], in.leaf};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t pointer = pages[i] + PAGE_HEAD;
        uint64_t first = lie_get(pointer, 2);
        const uint64_t others[] = {0,        PAGE_HEAD, first + 1, first + 2, first - 2,
                                   PAGE - 8, PAGE - 2,  PAGE,      65534,     65535};
        for (size_t j = 0; j < sizeof others / sizeof *others; j++)
            REFUSED(lie_name("pointer", others[j], ""), {pointer, 2, others[j]});
        if (lie_node_count(pages[i]) < 2)
            continue;
        uint64_t second = lie_get(pointer + 2, 2);
        REFUSED("two pointers to one node", {pointer + 2, 2, first});
        REFUSED("pointers exchanged", {pointer, 2, second}, {pointer + 2, 2, first});
    }
}

/* Two nodes of the same page that share bytes, though all sizes are possible ones. */
static void test_overlap(void **state)
{
    size_t node = lie_node(in.root[LIE_STORE], 0);
    uint64_t upper = lie_get(in.root[LIE_STORE] + PAGE_UPPER, 2);
    (void)state;
    REFUSED("a node that is part of another", {in.root[LIE_STORE] + PAGE_HEAD, 2, node % PAGE + 2});
    REFUSED("a first node that swallows the next",
            {in.root[LIE_STORE] + upper, 4,
             lie_get(in.root[LIE_STORE] + upper, 4) + RECORD_DEVICE_BYTES + 16});
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void test_keys(void **state)
{
    size_t first = lie_node(in.leaf, 0) + NODE_KEY, second = lie_node(in.leaf, 1) + NODE_KEY;
    size_t branch = lie_node(in.root[LIE_TALLY], 1) + NODE_KEY;
    size_t left_end = lie_node(in.leaf, lie_node_count(in.leaf) - 1) + NODE_KEY;
    size_t right_begin = lie_node(in.next_leaf, 0) + NODE_KEY;
    (void)state;
    REFUSED("the same twice", {second, 4, lie_get(first, 4)});
    REFUSED("exchanged", {first, 4, lie_get(second, 4)}, {second, 4, lie_get(first, 4)});
    REFUSED("a row moved to the front", {right_begin, 4, 0});
    REFUSED("a row moved to the end", {left_end, 4, UINT32_MAX});
    REFUSED("a branch that hides the left", {branch, 4, lie_get(left_end, 4)});
    REFUSED("a branch that hides the right", {branch, 4, UINT32_MAX});
    REFUSED("a branch that hides all", {branch, 4, 0});
    REFUSED("branches exchanged", {lie_node(in.root[LIE_TALLY], 0), 4, in.next_leaf / PAGE},
            {lie_node(in.root[LIE_TALLY], 1), 4, in.leaf / PAGE});
    /* In order, but a month or a device is not there any more. */
    REFUSED("month 0", {first, 2, 0});
    REFUSED("device 0", {first + 2, 2, 0});
    REFUSED("a device that is not enrolled", {first + 2, 2, 0x0900});
    REFUSED("a device of another number",
            {lie_node(in.root[LIE_STORE], 1) + NODE_KEY + 6, 2, 0x0500});
    REFUSED("another name", {lie_node(in.root[LIE_MAIN], 1) + NODE_KEY, 1, 'u'});
    REFUSED("names exchanged",
            {in.root[LIE_MAIN] + PAGE_HEAD, 2, lie_node(in.root[LIE_MAIN], 1) % PAGE},
            {in.root[LIE_MAIN] + PAGE_HEAD + 2, 2, lie_node(in.root[LIE_MAIN], 0) % PAGE});
}

static void test_loops(void **state)
{
    size_t child = lie_node(in.root[LIE_TALLY], 1);
    const uint64_t pages[] = {in.root[LIE_TALLY] / PAGE, in.leaf / PAGE, 0, 1, 0xffffffff,
                              in.root[LIE_MAIN] / PAGE};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        REFUSED(lie_name("child", pages[i], ""), {child, 4, pages[i]});
    REFUSED("a child far away", {child + 4, 2, 0x8000});
    REFUSED("a tree without end", {lie_node(in.root[LIE_TALLY], 0), 4, in.root[LIE_TALLY] / PAGE},
            {in.database[LIE_TALLY] + AT_DEPTH, 2, 65535});
}

/* ---- the free list --------------------------------------------------------------------------- */

/* Every page of the list in turn gives way to the one before it, where that one is in use: the list
 * stays in order, and names a page that a tree has as well. */
static void test_free_pages_in_use(void **state)
{
    size_t lies = 0;
    (void)state;
    for (size_t i = 0; i < lie_node_count(in.root[LIE_FREE_LIST]); i++) {
        size_t list = lie_node(in.root[LIE_FREE_LIST], i) + NODE_KEY + 8;
        uint64_t count = lie_get(list, 8);
        for (size_t at = list + 8; at <= list + 8 * count; at += 8) {
            uint64_t page = lie_get(at, 8) - 1;
            if (page < 2 || lie_is_free(page))
                continue;
            REFUSED(lie_name("free page in use", page, ""), {at, 8, page});
            lies++;
        }
    }
    assert_true(lies > 0);
}

static void test_free_list(void **state)
{
    size_t last = lie_node_count(in.root[LIE_FREE_LIST]) - 1;
    size_t node = lie_node(in.root[LIE_FREE_LIST], last);
    size_t list = node + NODE_KEY + 8;
    uint64_t count = lie_get(list, 8), page = lie_get(list + 8, 8), next = lie_get(list + 16, 8);
    const uint64_t pages[] = {0,
                              1,
                              lie_file_size() / PAGE,
                              UINT64_MAX,
                              (uint64_t)1 << 52,
                              in.leaf / PAGE,
                              in.root[LIE_FREE_LIST] / PAGE,
                              in.root[LIE_TALLY] / PAGE,
                              lie_page_of_row(3) / PAGE};
    (void)state;
    assert_true(count >= 2);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        REFUSED(lie_name("free page", pages[i], ""), {list + 8, 8, pages[i]});
    REFUSED("one too many", {list, 8, count + 1});
    REFUSED("one too few", {list, 8, count - 1}); /* a page that is neither used nor free */
    REFUSED("none", {list, 8, 0});
    REFUSED("far too many", {list, 8, UINT64_MAX});
    REFUSED("so many that their bytes are none", {list, 8, (uint64_t)1 << 61});
    REFUSED("twice", {list + 16, 8, page});
    REFUSED("the wrong way round", {list + 8, 8, next}, {list + 16, 8, page});
    REFUSED("of transaction 0", {node + NODE_KEY, 8, 0});
    REFUSED("of a transaction to come",
            {node + NODE_KEY, 8, lie_get(in.meta + META_NUMBER, 8) + 1});
    REFUSED("of the last of all", {node + NODE_KEY, 8, UINT64_MAX});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_heads),
        cmocka_unit_test(test_page_bounds),
        cmocka_unit_test(test_values_of_several_pages),
        cmocka_unit_test(test_nodes),
        cmocka_unit_test(test_pointers),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_loops),
        cmocka_unit_test(test_free_pages_in_use),
        cmocka_unit_test(test_free_list),
    };
    return cmocka_run_group_tests(tests, lies_begin, lies_end);
}
