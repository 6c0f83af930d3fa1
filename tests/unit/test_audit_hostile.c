/* Files that mean harm to whoever reads them: the audit finds fault with them and ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit_image.h"
#include "audit_mutator.h"
#include "audit_writer.h"

enum {
    PAGE = AUDIT_PAGE_BYTES,
    META_FREE_ROOT = 80,
    META_MAP_SIZE = 32,
    META_MAIN = 88,
    META_MAIN_DEPTH = META_MAIN + 6,
    META_MAIN_ROOT = 128,
    META_LAST_PAGE = 136,
    META_TRANSACTION = 144,
};

static char folder[256], path[300];
static struct image in_use, many_devices;

static void remove_files(void)
{
    unlink(path);
    rmdir(folder);
}

static int set_up(void **state)
{
    static struct writer writer;
    uint8_t key[4], row[WRITER_ROW_BYTES];
    const char *tmp = getenv("TMPDIR");
    (void)state;

    snprintf(folder, sizeof folder, "%s/tavs-audit-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/store", folder);
    writer_init(&writer, path, 1, 1, 2026, 1, 2);
    writer_create(&writer);
    for (uint16_t i = 0; i < 10; i++)
        writer_update(&writer, (uint16_t)(2026 * 12 + i), 1);
    in_use = image_load(path);
    unlink(path);
    /* Two levels of devices, and for the sake of speed only one row. */
    writer_init(&writer, path, 70, 0, 2026, 0, 2);
    writer_create(&writer);
    writer_row_key(2026 * 12, 1, key);
    writer_make_row(&writer, 2026 * 12, 1, row);
    writer_put(&writer, "tally", key, sizeof key, row, sizeof row);
    many_devices = image_load(path);
    remove_files();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    image_free(&in_use);
    image_free(&many_devices);
    return 0;
}

static void put(const struct image *image, size_t at, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        image->bytes[at + i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const struct image *image, size_t at, size_t width)
{
    uint64_t value = 0;

    for (size_t i = width; i-- > 0;)
        value = value << 8 | image->bytes[at + i];
    return value;
}

/* The account adds up and there is this finding. */
static void expect(const struct image *image, enum audit_code code)
{
    struct audit_report *report = image_audit(image);
    bool found = false;
    uint64_t sum = 0;

    for (int i = 0; i < AUDIT_CLASSES; i++)
        sum += report->class_bytes[i];
    for (size_t i = 0; i < report->finding_count; i++)
        found = found || report->findings[i].code == code;
    assert_int_equal(sum, image->size);
    if (!found)
        print_error("no %s\n", audit_finding_code(code));
    assert_true(found);
    assert_false(report->passed);
    audit_report_free(report);
}

/* The offset of the current meta page. */
static size_t meta(const struct image *image)
{
    return image_current_meta(image) * PAGE;
}

/* The offset of the root of the main database, and of its record of a named one. */
static size_t main_root(const struct image *image)
{
    return get(image, meta(image) + META_MAIN_ROOT, 8) * PAGE;
}

static size_t database(const struct image *image, size_t i)
{
    const size_t root = main_root(image);
    return root + get(image, root + 16 + 2 * i, 2) + 8 + 5;
}

static size_t root_of(const struct image *image, size_t i)
{
    return get(image, database(image, i) + 40, 8) * PAGE;
}

static void page_numbers_out_of_range_are_found(void **state)
{
    static const uint64_t wrong[] = {0, 1, 100000, UINT64_MAX - 1, 1ULL << 52, 1ULL << 63};
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct image image = image_copy(&in_use, 0);
        put(&image, meta(&image) + META_MAIN_ROOT, wrong[i], 8);
        expect(&image, AUDIT_PAGE_RANGE);
        image_free(&image);
        image = image_copy(&in_use, 0);
        put(&image, meta(&image) + META_FREE_ROOT, wrong[i], 8);
        expect(&image, AUDIT_PAGE_RANGE);
        image_free(&image);
        image = image_copy(&in_use, 0);
        put(&image, database(&image, 1) + 40, wrong[i], 8);
        expect(&image, AUDIT_PAGE_RANGE);
        image_free(&image);
        image = image_copy(&in_use, 0);
        const size_t tally = root_of(&image, 1);
        put(&image, tally + get(&image, tally + 16, 2) + 12, wrong[i], 8);
        expect(&image, AUDIT_PAGE_RANGE);
        image_free(&image);
    }
    struct image image = image_copy(&in_use, 0);
    put(&image, meta(&image) + META_LAST_PAGE, 1ULL << 60, 8);
    expect(&image, AUDIT_FILE_TRUNCATED);
    image_free(&image);
}

/* A branch page that leads to itself, to another branch that leads back, and twice to one child. */
static void cycles_are_found(void **state)
{
    (void)state;
    struct image image = image_copy(&many_devices, 0);
    const size_t branch = root_of(&image, 0);
    const size_t first = branch + get(&image, branch + 16, 2);
    const size_t second = branch + get(&image, branch + 18, 2);

    assert_int_equal(get(&image, branch + 10, 2), 1);
    put(&image, second, branch / PAGE, 4);
    put(&image, database(&image, 0) + 6, 30, 2); /* a depth that allows it */
    expect(&image, AUDIT_PAGE_TWICE);
    put(&image, second, get(&image, first, 4), 4);
    expect(&image, AUDIT_PAGE_TWICE);
    image_free(&image);

    image = image_copy(&many_devices, 0);
    const size_t child = get(&image, branch + get(&image, branch + 18, 2), 4) * PAGE;
    memcpy(image.bytes + child, image.bytes + branch, PAGE);
    put(&image, child, child / PAGE, 8);
    put(&image, database(&image, 0) + 6, 65535, 2);
    expect(&image, AUDIT_PAGE_TWICE);
    image_free(&image);
}

/* A chain of branch pages deeper than any tree of LMDB's. */
static void bottomless_trees_are_found(void **state)
{
    enum { LEVELS = 200 };
    (void)state;
    struct image image = image_copy(&in_use, LEVELS * PAGE);
    const size_t first = in_use.size / PAGE;

    for (size_t i = first; i < first + LEVELS; i++) {
        uint8_t *page = image.bytes + i * PAGE;
        put(&image, i * PAGE, i, 8);
        page[10] = 1;
        put(&image, i * PAGE + 12, 18, 2);
        put(&image, i * PAGE + 14, PAGE - 8, 2);
        put(&image, i * PAGE + 16, PAGE - 8, 2);
        put(&image, i * PAGE + PAGE - 8, i + 1, 4);
    }
    put(&image, meta(&image) + META_LAST_PAGE, first + LEVELS - 1, 8);
    put(&image, meta(&image) + META_MAIN_ROOT, first, 8);
    put(&image, meta(&image) + META_MAIN_DEPTH, 65535, 2);
    /* One node is too few for a branch; two, both leading on, are a tree that doubles. */
    expect(&image, AUDIT_PAGE_BOUNDS);
    for (size_t i = first; i < first + LEVELS; i++) {
        put(&image, i * PAGE + 12, 20, 2);
        put(&image, i * PAGE + 14, PAGE - 22, 2);
        put(&image, i * PAGE + 18, PAGE - 22, 2);
        put(&image, i * PAGE + PAGE - 22, i + 2, 4);
        put(&image, i * PAGE + PAGE - 16, 5, 2);
    }
    expect(&image, AUDIT_TREE_SHAPE);
    image_free(&image);
}

static void overlapping_and_outlying_nodes_are_found(void **state)
{
    (void)state;
    struct image image = image_copy(&in_use, 0);
    const size_t tally = root_of(&image, 1);

    put(&image, tally + 18, get(&image, tally + 16, 2), 2);
    expect(&image, AUDIT_NODE_OVERLAP);
    image_free(&image);
    image = image_copy(&in_use, 0);
    put(&image, tally + 18, get(&image, tally + 16, 2) + 4, 2);
    expect(&image, AUDIT_NODE_SIZE);
    image_free(&image);
    /* A record that reaches into the one before it. */
    image = image_copy(&many_devices, 0);
    const size_t branch = root_of(&image, 0);
    const size_t leaf = get(&image, branch + get(&image, branch + 18, 2), 4) * PAGE;
    const size_t last = (get(&image, leaf + 12, 2) - 16) / 2 - 1;
    const size_t record = leaf + get(&image, leaf + 16 + 2 * last, 2);
    put(&image, record, get(&image, record, 4) + 16, 4);
    expect(&image, AUDIT_NODE_OVERLAP);
    image_free(&image);
    static const uint16_t places[] = {0, 15, 17, 20, PAGE - 2, PAGE, 65534, 65535};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        image = image_copy(&in_use, 0);
        put(&image, tally + 16, places[i], 2);
        expect(&image, AUDIT_NODE_PLACE);
        image_free(&image);
    }
}

static void giant_sizes_are_found(void **state)
{
    (void)state;
    struct image image = image_copy(&in_use, 0);
    const size_t tally = root_of(&image, 1), node = tally + get(&image, tally + 16, 2);

    put(&image, node, 0xffffffff, 4); /* a row of 4 GiB */
    expect(&image, AUDIT_RECORD_SIZE);
    put(&image, node + 6, 65535, 2); /* a key of 64 KiB */
    expect(&image, AUDIT_NODE_SIZE);
    image_free(&image);
    image = image_copy(&in_use, 0);
    put(&image, tally + 12, 65535, 2);
    expect(&image, AUDIT_PAGE_BOUNDS);
    image_free(&image);
    image = image_copy(&in_use, 0);
    put(&image, tally + 14, 65535, 2);
    expect(&image, AUDIT_PAGE_BOUNDS);
    image_free(&image);

    image = image_copy(&in_use, 0);
    const size_t list = get(&image, meta(&image) + META_FREE_ROOT, 8) * PAGE;
    const size_t value = list + get(&image, list + 16, 2) + 16;
    put(&image, value, UINT64_MAX, 8); /* a free list of as many pages */
    expect(&image, AUDIT_FREE_NUMBERS);
    image_free(&image);
}

static void a_page_in_use_and_free_is_found(void **state)
{
    (void)state;
    struct image image = image_copy(&in_use, 0);
    const size_t list = get(&image, meta(&image) + META_FREE_ROOT, 8) * PAGE;
    const size_t value = list + get(&image, list + 16, 2) + 16;

    put(&image, value + 8, root_of(&image, 1) / PAGE, 8);
    expect(&image, AUDIT_PAGE_TWICE);
    expect(&image, AUDIT_PAGE_ORPHAN); /* the one that the list does not name now */
    image_free(&image);
}

/* Exchanges two fields. */
static void swap(const struct image *image, size_t a, size_t b, size_t width)
{
    const uint64_t value = get(image, a, width);
    put(image, a, get(image, b, width), width);
    put(image, b, value, width);
}

/* Files in which one thing only is wrong, which only one check can find. */
static void each_check_stands_alone(void **state)
{
    (void)state;
    struct image image = image_copy(&in_use, 0);
    const size_t tally = root_of(&image, 1), node = tally + get(&image, tally + 16, 2);
    const size_t list = get(&image, meta(&image) + META_FREE_ROOT, 8) * PAGE;
    const size_t first = list + get(&image, list + 16, 2);
    const size_t transactions[] = {META_TRANSACTION, PAGE + META_TRANSACTION};
    image_free(&image);

    image = image_copy(&in_use, 0); /* a gap between records */
    put(&image, tally + 14, get(&image, tally + 14, 2) - 8, 2);
    expect(&image, AUDIT_NOT_COVERED);
    image_free(&image);
    image = image_copy(&in_use, 0); /* two rows in the wrong order */
    swap(&image, tally + 16, tally + 18, 2);
    expect(&image, AUDIT_KEY_ORDER);
    image_free(&image);
    image = image_copy(&in_use, 0); /* a row that says that it is a database */
    put(&image, node + 4, 3, 2);
    expect(&image, AUDIT_NODE_FLAGS);
    image_free(&image);
    image = image_copy(&in_use, 0); /* a free list in the wrong order */
    swap(&image, first + 24, first + 32, 8);
    expect(&image, AUDIT_FREE_NUMBERS);
    image_free(&image);
    image = image_copy(&in_use, 0); /* a transaction is left out */
    put(&image, first + 8, get(&image, first + 8, 8) - 1, 8);
    expect(&image, AUDIT_FREE_KEY);
    image_free(&image);
    image = image_copy(&in_use, 0); /* two transactions that freed nothing */
    for (size_t i = 0; i < 2; i++)
        put(&image, transactions[i], get(&image, transactions[i], 8) + 2, 8);
    expect(&image, AUDIT_FREE_KEY);
    image_free(&image);
}

/* The same for the older meta page. */
static void each_check_of_the_older_meta_page_stands_alone(void **state)
{
    static const struct {
        size_t at;
        uint64_t value;
        enum audit_code code;
    } wrong[] = {
        {16, 0xbeefc0df, AUDIT_META_CONSTANT},
        {META_MAP_SIZE, (16 << 20) + 1, AUDIT_META_MAP_SIZE},
        {META_MAIN + 32, 3, AUDIT_META_OLDER}, /* three databases */
        {META_MAIN_ROOT, 1ULL << 40, AUDIT_META_OLDER},
        {META_LAST_PAGE, 1ULL << 40, AUDIT_META_OLDER},
    };
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct image image = image_copy(&in_use, 0);
        put(&image, PAGE - meta(&in_use) + wrong[i].at, wrong[i].value, 8);
        expect(&image, wrong[i].code);
        image_free(&image);
    }
    struct image image = image_copy(&in_use, 0);
    const size_t at = PAGE - meta(&in_use) + META_TRANSACTION;
    put(&image, at, get(&image, at, 8) - 2, 8);
    expect(&image, AUDIT_META_TRANSACTION);
    image_free(&image);
}

/* The key between two leaves, which should be the first one of the second leaf. */
static void wrong_branch_keys_are_found(void **state)
{
    (void)state;
    struct image image = image_copy(&many_devices, 0);
    const size_t branch = root_of(&image, 0);
    const size_t low_byte = branch + get(&image, branch + 18, 2) + 8 + 7;
    const uint8_t number = image.bytes[low_byte];

    image.bytes[low_byte] = (uint8_t)(number + 1);
    expect(&image, AUDIT_KEY_BRANCH);
    image.bytes[low_byte] = (uint8_t)(number - 2);
    expect(&image, AUDIT_KEY_ORDER);
    image_free(&image);
}

static void wrong_heads_are_found(void **state)
{
    (void)state;
    struct image image = image_copy(&in_use, 0);
    const size_t tally = root_of(&image, 1);
    put(&image, tally, tally / PAGE + 1, 8); /* the number of another page */
    expect(&image, AUDIT_PAGE_HEAD);
    image_free(&image);
    image = image_copy(&in_use, 0);
    put(&image, tally + 10, 0x22, 2); /* a leaf of another kind */
    expect(&image, AUDIT_PAGE_HEAD);
    image_free(&image);

    image = image_copy(&many_devices, 0);
    const size_t branch = root_of(&image, 0);
    put(&image, branch + get(&image, branch + 18, 2) + 6, 9, 2);
    expect(&image, AUDIT_NODE_SIZE); /* a branch's key is longer than any */
    image_free(&image);
    image = image_copy(&many_devices, 0);
    put(&image, branch + get(&image, branch + 16, 2) + 6, 8, 2);
    expect(&image, AUDIT_NODE_SIZE); /* the first one has a key */
    image_free(&image);
}

static void a_database_of_another_name_is_found(void **state)
{
    (void)state;
    struct image image = image_copy(&in_use, 0);

    memcpy(image.bytes + database(&image, 1) - 5, "zally", 5);
    expect(&image, AUDIT_DATABASE_FOREIGN);
    expect(&image, AUDIT_DATABASE_MISSING);
    image_free(&image);
}

/* True if a file that passes differs from the store that it was made of only where the keyless audit
 * cannot tell (docs/audit.md): in the older meta page, or by pages of zeros behind the last page. */
static bool is_excepted(const struct image *image, const struct image *original)
{
    const size_t older = PAGE - meta(original);

    if (image->size < original->size)
        return false;
    for (size_t i = 0; i < original->size; i++)
        if (image->bytes[i] != original->bytes[i] && i / PAGE * PAGE != older)
            return false;
    return base_is_zero(image->bytes + original->size, image->size - original->size);
}

static void changed_files_never_pass_or_crash(void **state)
{
    enum { ROUNDS = 1500, ROOM = 8 * PAGE };
    const unsigned rounds = getenv("TAVS_VALGRIND") != NULL ? 20 : ROUNDS;
    unsigned passed = 0;
    (void)state;

    for (unsigned seed = 0; seed < rounds; seed++) {
        const struct image *original = seed % 4 == 0 ? &in_use : &many_devices;
        struct image image = image_copy(original, ROOM);
        image.size = audit_mutate(image.bytes, original->size, original->size + ROOM, seed);
        struct audit_report *report = image_audit(&image);
        uint64_t sum = 0;
        for (int i = 0; i < AUDIT_CLASSES; i++)
            sum += report->class_bytes[i];
        assert_int_equal(sum, image.size);
        passed += report->passed;
        assert_true(!report->passed || is_excepted(&image, original));
        audit_report_free(report);
        image_free(&image);
    }
    print_message("%u changed files, %u of them changed nothing that can be told\n", rounds,
                  passed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_numbers_out_of_range_are_found),
        cmocka_unit_test(cycles_are_found),
        cmocka_unit_test(bottomless_trees_are_found),
        cmocka_unit_test(overlapping_and_outlying_nodes_are_found),
        cmocka_unit_test(giant_sizes_are_found),
        cmocka_unit_test(a_page_in_use_and_free_is_found),
        cmocka_unit_test(each_check_stands_alone),
        cmocka_unit_test(each_check_of_the_older_meta_page_stands_alone),
        cmocka_unit_test(wrong_branch_keys_are_found),
        cmocka_unit_test(wrong_heads_are_found),
        cmocka_unit_test(a_database_of_another_name_is_found),
        cmocka_unit_test(changed_files_never_pass_or_crash),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
