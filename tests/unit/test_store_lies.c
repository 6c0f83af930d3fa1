/* store: LMDB's meta pages and databases made to lie where LMDB would believe them: each lie is
 * refused to who reads and to who counts. By hand, because most take several bytes that fit
 * together. */
#include "lies.h"

/* ---- meta pages ------------------------------------------------------------------------------ */

static void test_transactions(void **state)
{
    size_t now = in.meta + META_NUMBER, then = in.older_meta + META_NUMBER;
    uint64_t number = lie_get(now, 8);
    (void)state;
    REFUSED("both the same", {then, 8, number});
    REFUSED("the older one in front", {then, 8, number + 1});
    REFUSED("the older one far in front", {then, 8, UINT64_MAX - number % 2});
    REFUSED("the last one out of step", {now, 8, number + 1});
    REFUSED("no next one", {now, 8, UINT64_MAX - !(number % 2)});
    REFUSED("the older one in front, of garbage", {then, 8, number + 1},
            {in.older_meta + META_MAIN + AT_ROOT, 8, 0x4141414141414141});
    REFUSED("the older one in front, of nothing", {then, 8, number + 1},
            {in.older_meta + META_MAIN + AT_ROOT, 8, UINT64_MAX},
            {in.older_meta + META_MAIN + AT_DEPTH, 2, 0},
            {in.older_meta + META_MAIN + AT_ENTRIES, 8, 0},
            {in.older_meta + META_MAIN + AT_LEAVES, 8, 0});
}

static void test_meta_pages(void **state)
{
    (void)state;
    REFUSED("page number", {in.meta, 8, 7});
    REFUSED("page flags", {in.meta + PAGE_FLAGS, 2, 2});
    REFUSED("magic", {in.meta + PAGE_HEAD, 4, 0});
    REFUSED("older magic", {in.older_meta + PAGE_HEAD, 4, 0});
    REFUSED("older flags", {in.older_meta + PAGE_FLAGS, 2, 0});
    REFUSED("version 0", {in.meta + META_VERSION, 4, 0});
    REFUSED("version 999", {in.meta + META_VERSION, 4, 999});
    REFUSED("page size", {META_FREE_LIST, 4, 512}, {PAGE + META_FREE_LIST, 4, 512});
    REFUSED("page size 0", {META_FREE_LIST, 4, 0}, {PAGE + META_FREE_LIST, 4, 0});
    REFUSED("page size 65536", {META_FREE_LIST, 4, 65536}, {PAGE + META_FREE_LIST, 4, 65536});
    REFUSED("last page 1", {in.meta + META_LAST_PAGE, 8, 1});
    REFUSED("last page too early",
            {in.meta + META_LAST_PAGE, 8, lie_get(in.meta + META_LAST_PAGE, 8) / 2});
    REFUSED("last page behind the end", {in.meta + META_LAST_PAGE, 8, lie_file_size() / PAGE});
    REFUSED("last page", {in.meta + META_LAST_PAGE, 8, UINT64_MAX});
    REFUSED("last page times page size", {in.meta + META_LAST_PAGE, 8, UINT64_MAX / PAGE});
}

/* What the store does not let LMDB use may be anything. */
static void test_meta_fields_that_do_not_count(void **state)
{
    static const uint64_t sizes[] = {0, 1, 4096, 1 << 20, (uint64_t)1 << 47, UINT64_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct patch map_size[] = {{META_MAP_SIZE, 8, sizes[i]},
                                         {PAGE + META_MAP_SIZE, 8, sizes[i]}};
        const struct patch address[] = {{META_ADDRESS, 8, sizes[i]},
                                        {PAGE + META_ADDRESS, 8, sizes[i]}};
        assert_int_equal(lie_tell(lie_name("map size", sizes[i], ""), map_size, 2), BASE_OK);
        assert_int_equal(lie_tell(lie_name("address", sizes[i], ""), address, 2), BASE_OK);
    }
}

/* ---- records of databases -------------------------------------------------------------------- */

static void test_database_flags(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIE_DATABASES; i++) {
        for (unsigned bit = 0; bit < 16; bit++)
            REFUSED(
                lie_name("flag", 1U << bit, lie_databases[i]),
                {in.database[i] + AT_FLAGS, 2, lie_get(in.database[i] + AT_FLAGS, 2) ^ 1U << bit});
        if (i != LIE_FREE_LIST)
            REFUSED(lie_name("key size", 0, lie_databases[i]), {in.database[i], 4, 4});
    }
    REFUSED("sorted duplicates of fixed size", {in.database[LIE_TALLY] + AT_FLAGS, 2, 0x16},
            {in.database[LIE_TALLY], 4, 4});
}

static void test_database_counts(void **state)
{
    static const uint64_t values[] = {0, 1, 2, 5, 65535, UINT64_MAX};
    (void)state;
    for (size_t i = 0; i < LIE_DATABASES; i++) {
        for (size_t at = AT_DEPTH; at <= AT_ENTRIES; at += at == AT_DEPTH ? 2 : 8) {
            size_t width = at == AT_DEPTH ? 2 : 8;
            for (size_t j = 0; j < sizeof values / sizeof *values; j++)
                REFUSED(lie_name("count", at, lie_databases[i]),
                        {in.database[i] + at, width, values[j]});
        }
    }
}

static void test_roots(void **state)
{
    const uint64_t last = lie_get(in.meta + META_LAST_PAGE, 8);
    (void)state;
    for (size_t i = 0; i < LIE_DATABASES; i++) {
        const uint64_t others[] = {0,
                                   1,
                                   last + 1,
                                   UINT64_MAX - 1,
                                   UINT64_MAX,
                                   (uint64_t)1 << 52,
                                   in.root[(i + 1) % LIE_DATABASES] / PAGE,
                                   in.root[(i + 2) % LIE_DATABASES] / PAGE,
                                   in.root[(i + 3) % LIE_DATABASES] / PAGE,
                                   in.leaf / PAGE,
                                   in.row / PAGE,
                                   lie_get(lie_node(in.root[LIE_FREE_LIST], 0) + NODE_KEY + 16, 8)};
        for (size_t j = 0; j < sizeof others / sizeof *others; j++)
            REFUSED(lie_name("root", others[j], lie_databases[i]),
                    {in.database[i] + AT_ROOT, 8, others[j]});
    }
    REFUSED("both named databases the same",
            {in.database[LIE_STORE] + AT_ROOT, 8, in.root[LIE_TALLY] / PAGE},
            {in.database[LIE_STORE] + AT_DEPTH, 2, 2});
    REFUSED("a row for a root, dressed up", {in.database[LIE_STORE] + AT_ROOT, 8, in.row / PAGE},
            {in.row + PAGE_FLAGS, 2, 2}, {in.row + PAGE_LOWER, 4, 0x10000010});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_meta_pages),
        cmocka_unit_test(test_meta_fields_that_do_not_count),
        cmocka_unit_test(test_database_flags),
        cmocka_unit_test(test_database_counts),
        cmocka_unit_test(test_roots),
    };
    return cmocka_run_group_tests(tests, lies_begin, lies_end);
}
