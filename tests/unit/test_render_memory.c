/* table and render: the N-th piece of memory is refused, N rising until none is: each time the error is
 * BASE_NO_MEMORY, the outputs are untouched and nothing stays behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plain_counts.h"
#include "tavs/render.h"
#include "tavs/secret.h"

#if defined(__SANITIZE_ADDRESS__)
#define OWN_ALLOCATOR 0
#elif defined(__has_feature)
#define OWN_ALLOCATOR !__has_feature(address_sanitizer)
#else
#define OWN_ALLOCATOR 1
#endif

#if OWN_ALLOCATOR

/* ---- the allocator of this program -------------------------------------------------------------- */

/* Volatile: a compiler takes it for granted that malloc leaves the program's variables alone. */
static volatile struct {
    bool armed;
    long until_refusal; /* pieces that are still granted */
    long live;          /* pieces granted and not yet given back, while armed */
} memory;

static bool grant(void)
{
    if (!memory.armed)
        return true;
    if (memory.until_refusal-- <= 0) {
        errno = ENOMEM;
        return false;
    }
    memory.live++;
    return true;
}

static void give_back(void)
{
    if (memory.armed)
        memory.live--;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

void *malloc(size_t size)
{
    return grant() ? __libc_malloc(size) : NULL;
}

void *calloc(size_t count, size_t size)
{
    return grant() ? __libc_calloc(count, size) : NULL;
}

void *realloc(void *old, size_t size)
{
    if (!grant())
        return NULL;
    if (old != NULL)
        give_back();
    return __libc_realloc(old, size);
}

void free(void *old)
{
    if (old != NULL)
        give_back();
    __libc_free(old);
}

/* Guarded memory comes straight from the system. */
void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    if (!grant())
        return MAP_FAILED; /* NOLINT(performance-no-int-to-ptr) */
    const long result = syscall(SYS_mmap, address, size, protection, flags, file, offset);
    return (void *)(uintptr_t)result;
}

int munmap(void *address, size_t size)
{
    give_back();
    return (int)syscall(SYS_munmap, address, size);
}

/* ---- the jobs ----------------------------------------------------------------------------------- */

static const struct table_heading heading = {CODEBOOK_DANISH, true, "2017-06-01"};

static struct tally_counts *counts; /* of two years */
static struct tally_counts *month;

static struct table_source place_of(const char *name, const struct tally_counts *some)
{
    return (struct table_source){name, "1a2b 3c4d", some, some};
}

static enum base_code render_all(struct table_document *document, struct base_error *error)
{
    enum base_code code = BASE_OK;
    for (unsigned i = 0; i < RENDER_FORMATS && code == BASE_OK; i++) {
        struct render_output output = {NULL, 99};
        if (!render_format_serves((enum render_format)i, document->kind) ||
            i ==
                RENDER_XLSX) /* it asks for all its memory at once: tests/unit/test_render_xlsx.c */
            continue;
        code = render_document(document, (enum render_format)i, &output, error);
        if (code == BASE_OK)
            render_free(&output);
        else if (output.bytes != NULL || output.size != 99)
            code = BASE_IO; /* an output was touched */
    }
    table_document_free(document);
    return code;
}

static enum base_code report_job(struct base_error *error)
{
    const struct table_source places[] = {place_of("north", counts), place_of("south", counts)};
    static const int year[] = {2017};
    struct table_document *document = NULL;
    const enum base_code code = table_report_new(&heading, places, 2, year, 1, &document, error);
    if (code != BASE_OK)
        return document == NULL ? code : BASE_IO;
    return render_all(document, error);
}

/* Two years of two places: the tables alone, for they are many. */
static enum base_code years_job(struct base_error *error)
{
    const struct table_source places[] = {place_of("north", counts), place_of("south", counts)};
    static const int years[] = {2017, 2018};
    struct table_document *document = NULL;
    const enum base_code code = table_report_new(&heading, places, 2, years, 2, &document, error);
    if (code != BASE_OK)
        return document == NULL ? code : BASE_IO;
    table_document_free(document);
    return BASE_OK;
}

static enum base_code show_job(struct base_error *error)
{
    static const enum table_dimension by[] = {TABLE_MONTH, TABLE_PARTY};
    const struct table_source place = place_of(NULL, counts);
    struct table_document *document = NULL;
    const enum base_code code = table_show_new(&heading, &place, by, 2, &document, error);
    if (code != BASE_OK)
        return document == NULL ? code : BASE_IO;
    return render_all(document, error);
}

static enum base_code export_job(struct base_error *error)
{
    const struct table_source places[] = {place_of("north", month), place_of("south", month)};
    struct table_document *document = NULL;
    const enum base_code code = table_export_new(&heading, places, 2, &document, error);
    if (code != BASE_OK)
        return document == NULL ? code : BASE_IO;
    return render_all(document, error);
}

/* False where a tool (valgrind) has put its own allocator in the place of this one. */
static bool allocator_is_ours(void)
{
    /* Not by name: the compiler would put the body of this file's malloc here. */
    void *(*volatile allocate)(size_t) = malloc;
    memory.live = 0;
    memory.until_refusal = 1;
    memory.armed = true;
    void *volatile piece = allocate(1);
    const long live = memory.live;
    free(piece);
    memory.armed = false;
    return live == 1;
}

/* How often the job was refused memory before it got through. */
static long refuse_in_turn(enum base_code (*job)(struct base_error *))
{
    if (!allocator_is_ours())
        skip();
    for (long number = 0;; number++) {
        struct base_error error;
        memory.live = 0;
        memory.until_refusal = number;
        memory.armed = true;
        const enum base_code code = job(&error);
        memory.armed = false;
        assert_int_equal(memory.live, 0);
        if (code == BASE_OK) {
            print_message("  %ld refusals\n", number);
            return number;
        }
        assert_int_equal(code, BASE_NO_MEMORY);
        assert_int_equal(error.code, BASE_NO_MEMORY);
    }
}

/* The bounds see to it that memory was really refused, all along the way. */
static void test_report(void **state)
{
    (void)state;
    assert_true(refuse_in_turn(report_job) > 500);
}

static void test_years(void **state)
{
    (void)state;
    assert_true(refuse_in_turn(years_job) > 150);
}

static void test_show(void **state)
{
    (void)state;
    assert_true(refuse_in_turn(show_job) > 200);
}

static void test_export(void **state)
{
    (void)state;
    assert_true(refuse_in_turn(export_job) > 200);
}

static int set_up(void **state)
{
    (void)state;
    struct base_error error;
    if (secret_harden(&error) != BASE_OK)
        return -1;
    counts = plain_counts_new("2017-01..2018-12", 1u << PHONE, 1u << RELATIVE);
    *plain_counts_cell(counts, 0, PHONE, RELATIVE, 0) = 3;
    *plain_counts_cell(counts, 0, PHONE, RELATIVE, 1) = -3;
    *plain_counts_cell(counts, 3, WEB, RELATIVE, 2) = 1;
    month = plain_counts_new("2017-01", 1u << PHONE, 1u << RELATIVE);
    *plain_counts_cell(month, 0, PHONE, RELATIVE, 1) = -3;
    *plain_counts_cell(month, 0, WEB, RELATIVE, 2) = 1;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    plain_counts_free(counts);
    plain_counts_free(month);
    return 0;
}

#else

static void skip_all(void **state)
{
    (void)state;
    skip(); /* AddressSanitizer has an allocator of its own */
}

#endif

int main(void)
{
#if OWN_ALLOCATOR
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_show),
        cmocka_unit_test(test_export),
    };
    return cmocka_run_group_tests_name("render: memory refused", tests, set_up, tear_down);
#else
    const struct CMUnitTest tests[] = {cmocka_unit_test(skip_all)};
    return cmocka_run_group_tests_name("render: memory refused", tests, NULL, NULL);
#endif
}
