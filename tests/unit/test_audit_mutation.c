/* The keyless audit must find every change. Bits are flipped in every class of byte over several stores,
 * and stores are changed in all the ways that somebody might think of; the share found is printed.
 *
 * TAVS_MUTATIONS=N flips N bits of each class and store instead of the few of an everyday run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit_image.h"
#include "audit_writer.h"
#include "support.h"

enum { PAGE = AUDIT_PAGE_BYTES, ROW_AT = 16, YEAR = 2026, MONTH = YEAR * 12 };

static char folder[256], path[300];
static struct writer writer;

static struct {
    unsigned tried, found;
} flips[AUDIT_CLASSES], older_meta;

static int set_up(void **state)
{
    const char *tmp = getenv("TMPDIR");
    (void)state;
    snprintf(folder, sizeof folder, "%s/tavs-audit-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/store", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void make_store(unsigned devices, unsigned active, int first_year, int years, unsigned slots,
                       int updates)
{
    unlink(path);
    writer_init(&writer, path, devices, active, first_year, years, slots);
    writer_create(&writer);
    for (int i = 0; i < updates; i++)
        writer_update(&writer, (uint16_t)(first_year * 12 + i * 5 % (12 * years)),
                      (uint16_t)(1 + (unsigned)i % active));
}

/* ---- bits ---- */

/* The exceptions, by name: docs/audit.md argues them. */
static bool is_older_meta(const struct image *image, const uint8_t *classes, size_t at)
{
    return at / PAGE == 1 - image_current_meta(image) && classes[at] == AUDIT_META;
}

static void flip(struct image *image, const uint8_t *classes, size_t at, unsigned bit)
{
    unsigned *tried = &flips[classes[at]].tried, *found = &flips[classes[at]].found;
    bool excepted = true;

    if (is_older_meta(image, classes, at)) {
        tried = &older_meta.tried;
        found = &older_meta.found;
    } else {
        excepted = false;
    }
    const bool was_current = image_current_meta(image) != 0;
    image->bytes[at] ^= (uint8_t)(1U << bit);
    const bool missed = image_passes(image);
    (*tried)++;
    *found += !missed;
    if (missed && !excepted)
        print_error("missed: bit %u of byte %zu (page %zu, byte %zu), %s, current page %d\n", bit,
                    at, at / PAGE, at % PAGE, audit_class_code((enum audit_class)classes[at]),
                    was_current);
    image->bytes[at] ^= (uint8_t)(1U << bit);
}

/* Flips `most` bits of each class, at places drawn at random; with `all_fields` one bit of each byte of
 * the classes that make up LMDB's structure. */
static void flip_store(unsigned most, bool all_fields)
{
    struct image image = image_load(path);
    uint8_t *classes = image_classes(&image);
    size_t *places = calloc(image.size, sizeof *places);

    assert_non_null(places);
    assert_true(image_passes(&image));
    for (int class = 0; class < AUDIT_CLASSES; class ++) {
        size_t count = 0;
        for (size_t i = 0; i < image.size; i++)
            if (classes[i] == class)
                places[count++] = i;
        if (all_fields && class <= AUDIT_KEY)
            for (size_t i = 0; i < count; i++)
                flip(&image, classes, places[i], (unsigned)rand() % 8);
        for (unsigned i = 0; i < most && count > 0; i++)
            flip(&image, classes, places[(size_t)rand() % count], (unsigned)rand() % 8);
    }
    free(places);
    free(classes);
    image_free(&image);
}

static void a_flipped_bit_is_found_in_every_class(void **state)
{
    const char *wanted = getenv("TAVS_MUTATIONS");
    const unsigned most = wanted != NULL ? (unsigned)atoi(wanted) : 3;
    const bool few = getenv("TAVS_VALGRIND") != NULL || getenv("TAVS_SLOW_MACHINE") != NULL;
    unsigned tried = 0, found = 0;
    (void)state;

    make_store(1, 1, YEAR, 1, 1, 0); /* written once: no free list */
    flip_store(few ? 1 : most, false);
    make_store(2, 1, YEAR, 1, 3, 25); /* in use */
    writer_put_releases(&writer, 2);
    flip_store(few ? 1 : most, !few);
    if (!few) {
        make_store(70, 2, YEAR, 1, 8, 2); /* many devices: a tree of two levels */
        flip_store(most, false);
        make_store(1, 1, 2010, 15, 2, 1); /* many rows */
        flip_store(wanted != NULL ? most : 1, false);
    }
    /* None of these stores has anything behind its last page: a page of zeros for that class. */
    make_store(1, 1, YEAR, 1, 1, 3);
    struct image image = image_load(path), longer = image_copy(&image, PAGE);
    image_save(&longer, path);
    flip_store(few ? 1 : most, false);
    image_free(&image);
    image_free(&longer);

    for (int class = 0; class < AUDIT_CLASSES; class ++) {
        if (class == AUDIT_UNACCOUNTED)
            continue;
        print_message("%-24s %5u of %5u found\n", audit_class_code((enum audit_class) class),
                      flips[class].found, flips[class].tried);
        /* Of a few bits none may be of a class that is small. */
        assert_true(flips[class].tried > 0 || support_is_slow());
        tried += flips[class].tried;
        found += flips[class].found;
    }
    print_message("bits: %u of %u found, %.2f %%\n", found, tried, 100.0 * found / tried);
    print_message("excepted, older meta page: %u of %u found\n", older_meta.found,
                  older_meta.tried);
    assert_int_equal(found, tried);
}

/* ---- changes that somebody might make ---- */

static unsigned changes_tried, changes_found;

static void expect(bool found, const char *what)
{
    changes_tried++;
    changes_found += found;
    if (!found)
        print_error("missed: %s\n", what);
    assert_true(found);
}

static void expect_image(const struct image *image, const char *what)
{
    expect(!image_passes(image), what);
}

/* The store at `path`, made anew and then changed, is found with this finding. */
static void expect_file(enum audit_code code, const char *what)
{
    struct image image = image_load(path);
    struct audit_report *report = image_audit(&image);
    bool found = false;

    for (size_t i = 0; i < report->finding_count; i++)
        found = found || report->findings[i].code == code;
    if (!found)
        print_error("no %s\n", audit_finding_code(code));
    expect(found && !report->passed, what);
    audit_report_free(report);
    image_free(&image);
}

static void expect_ending(size_t cut, const void *more, size_t size, const char *what)
{
    struct image image = image_load(path), changed = image_copy(&image, size);

    changed.size -= cut;
    if (size > 0)
        memcpy(changed.bytes + image.size, more, size);
    expect_image(&changed, what);
    image_free(&image);
    image_free(&changed);
}

static void what_is_appended_or_cut_off_is_found(void **state)
{
    static const uint8_t zeros[PAGE];
    static uint8_t text[PAGE] = "Jens, 17, hashish, came with his mother";
    (void)state;

    make_store(1, 1, YEAR, 1, 1, 4);
    expect_ending(0, "x", 1, "one byte appended");
    expect_ending(0, zeros, 1, "a zero byte appended");
    expect_ending(0, zeros, PAGE - 1, "almost a page of zeros appended");
    expect_ending(0, text, 40, "text appended");
    expect_ending(0, text, PAGE, "a page of text appended");
    expect_ending(1, NULL, 0, "a byte cut off");
    expect_ending(PAGE, NULL, 0, "a page cut off");
    expect_ending(6 * PAGE, NULL, 0, "six pages cut off");
}

/* Text in a place of every class that should be zero. */
static void text_planted_where_zeros_should_be_is_found(void **state)
{
    static const char text[] = "Jens";
    (void)state;

    make_store(1, 1, YEAR, 1, 1, 25);
    struct image store = image_load(path), image = image_copy(&store, PAGE);
    uint8_t *classes = image_classes(&image);
    unsigned planted[AUDIT_CLASSES] = {0};
    for (size_t at = 0; at + sizeof text < image.size; at++) {
        const enum audit_class class = classes[at];
        size_t room = 1;
        while (room < 4 && classes[at + room] == class)
            room++;
        const bool scarce = class != AUDIT_UNUSED && class != AUDIT_ERASED &&
                            class != AUDIT_PAST_END && class != AUDIT_SLOT_UNUSED;
        if (audit_class_kind(class) != AUDIT_ZERO || planted[class] == 8 ||
            (!scarce && rand() % 64 != 0))
            continue;
        planted[class]++;
        memcpy(image.bytes + at, text, room);
        expect_image(&image, audit_class_code(class));
        struct audit_report *report = image_audit(&image);
        /* A slot with text in its first byte is a used slot with wrong fields. */
        assert_true(report->text_fields > 0 || class == AUDIT_SLOT_UNUSED);
        audit_report_free(report);
        memset(image.bytes + at, 0, room);
    }
    for (int class = 0; class < AUDIT_CLASSES; class ++)
        if (audit_class_kind((enum audit_class) class) == AUDIT_ZERO)
            assert_true(planted[class] > 0);
    assert_true(image_passes(&image));
    free(classes);
    image_free(&image);
    image_free(&store);
}

/* Where the rows' bytes begin, in the order of their pages. */
static size_t find_rows(const struct image *image, size_t *rows, size_t most)
{
    uint8_t *classes = image_classes(image);
    size_t count = 0;

    for (size_t at = ROW_AT; at < image->size && count < most; at += PAGE)
        if (classes[at] == AUDIT_ROW_SIGNATURE)
            rows[count++] = at;
    free(classes);
    return count;
}

static void rows_at_a_wrong_place_are_found(void **state)
{
    size_t rows[12], later_rows[12];
    (void)state;

    make_store(1, 1, YEAR, 1, 1, 0);
    struct image older = image_load(path);
    assert_int_equal(find_rows(&older, rows, 12), 12);

    for (size_t i = 1; i < 12; i++) {
        struct image image = image_copy(&older, 0);
        memcpy(image.bytes + rows[0], older.bytes + rows[i], WRITER_ROW_BYTES);
        memcpy(image.bytes + rows[i], older.bytes + rows[0], WRITER_ROW_BYTES);
        expect_image(&image, "two months' rows swapped");
        memcpy(image.bytes + rows[0], older.bytes + rows[0], WRITER_ROW_BYTES);
        expect_image(&image, "one month's row put in another month too");
        image_free(&image);
    }
    for (int i = 0; i < 12; i++)
        writer_update(&writer, (uint16_t)(MONTH + i), 1);
    struct image later = image_load(path);
    assert_int_equal(find_rows(&later, later_rows, 12), 12);
    unsigned same = 0;
    for (size_t i = 0; i < 12; i++)
        for (size_t j = 0; j < 12; j++) {
            struct image image = image_copy(&later, 0);
            memcpy(image.bytes + later_rows[i], older.bytes + rows[j], WRITER_ROW_BYTES);
            const bool passes = image_passes(&image);
            image_free(&image);
            same += passes;
            changes_tried += !passes;
            changes_found += !passes;
        }
    /* A row from an older copy at its own place can't be told without a key, in any other month it
     * is. */
    assert_int_equal(same, 12);
    image_free(&older);
    image_free(&later);
}

static void foreign_records_are_found(void **state)
{
    static const uint8_t zeros[100];
    static uint8_t big[6000] = "Jens";
    (void)state;

    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "store", "Jens 17\0", 8, "hashish", 8);
    expect_file(AUDIT_RECORD_FOREIGN, "a record among the devices");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "store", "device\4\1", 8, writer.device[1], WRITER_DEVICE_BYTES);
    expect_file(AUDIT_RECORD_FOREIGN, "device 1025");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "store", "device\0\2", 8, zeros, 100);
    expect_file(AUDIT_RECORD_SIZE, "a device that is too short");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "tally", "Jens", 4, big, sizeof big);
    expect_file(AUDIT_RECORD_SIZE, "a record among the rows");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "tally", "Jens Hansen", 11, "x", 1);
    expect_file(AUDIT_RECORD_FOREIGN, "a record with a name for a key among the rows");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "clients", "Jens", 4, "17", 2);
    expect_file(AUDIT_DATABASE_FOREIGN, "a third database");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_put(&writer, NULL, "Jens", 4, "17", 2);
    expect_file(AUDIT_DATABASE_FOREIGN, "a record in the main database");
}

/* What is signed by the right key and wrong all the same. */
static void put_header(void)
{
    writer_sign_header(&writer);
    writer_put(&writer, "store", "header\0\0", 8, writer.header, WRITER_HEADER_BYTES);
}

static void headers_that_the_reader_signed_wrongly_are_found(void **state)
{
    (void)state;

    make_store(1, 1, YEAR, 1, 1, 2);
    memcpy(writer.header + 132, "Jens", 4);
    put_header();
    expect_file(AUDIT_NOT_ZERO, "text in the header's reserved bytes, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    memcpy(writer.header + 256 + 150, "Jens", 4);
    put_header();
    expect_file(AUDIT_NOT_ZERO, "text in an unused slot, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[0] = 't';
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "another file type, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[5] = 2;
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "another format, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[6] = 'J';
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "another draft, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[7] = 'J';
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "a letter for a threshold, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    memset(writer.header + 8, 0, 4);
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "edition 0, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[14] = 0x02;
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "a channel that is offered and never was, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[15] = 0x0f;
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "a fourth party that was offered once, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    memcpy(writer.header + 100, "Jens, 17, hashish, second time", 30);
    put_header();
    expect_file(AUDIT_RELEASE_CHAIN, "text for the digest of a release that there is not, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[256 + 2] = 1;
    put_header();
    expect_file(AUDIT_NOT_ZERO, "a slot's reserved bytes, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[256] = 2;
    put_header();
    expect_file(AUDIT_SLOT_FIELD, "a slot's state, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[256 + 8] = 0xff;
    put_header();
    expect_file(AUDIT_SLOT_FIELD, "a slot that asks for terabytes, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[12] = 0x10;
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "a fifth channel, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    memcpy(writer.header + 96, "Je", 2);
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "text for the month that is closed, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    memset(writer.header + 32, 0, 32);
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "the identity as encryption key, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[63] |= 0x80;
    put_header();
    expect_file(AUDIT_HEADER_FIELD, "an encryption key that is not canonical, signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer.header[12] = 0x01;
    writer_put(&writer, "store", "header\0\0", 8, writer.header, WRITER_HEADER_BYTES);
    expect_file(AUDIT_HEADER_FORGED, "another channel offered, not signed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_remove(&writer, "store", "header\0\0", 8);
    expect_file(AUDIT_HEADER_MISSING, "no header");
}

static void put_device(uint16_t number)
{
    uint8_t key[8];

    writer_device_key(number, key);
    writer_put(&writer, "store", key, sizeof key, writer.device[number], WRITER_DEVICE_BYTES);
}

static void wrong_devices_are_found(void **state)
{
    static struct writer thief;
    uint8_t key[8];
    (void)state;

    make_store(3, 1, YEAR, 1, 1, 2);
    memcpy(writer.device[1] + 3, "Jens", 4);
    writer_sign_device(&writer, 1);
    put_device(1);
    expect_file(AUDIT_NOT_ZERO, "text in a device's reserved bytes, signed");
    make_store(3, 1, YEAR, 1, 1, 2);
    writer.device[3][2] = 3;
    writer_sign_device(&writer, 3);
    put_device(3);
    expect_file(AUDIT_DEVICE_FIELD, "a device's state, signed");
    make_store(3, 1, YEAR, 1, 1, 2);
    memcpy(writer.device[3], writer.device[2], WRITER_DEVICE_BYTES);
    put_device(3);
    expect_file(AUDIT_DEVICE_FIELD, "a device twice");
    make_store(3, 1, YEAR, 1, 1, 2);
    writer_init(&thief, path, 3, 1, YEAR, 1, 1);
    memcpy(writer.device[3], thief.device[3], WRITER_DEVICE_BYTES);
    put_device(3);
    expect_file(AUDIT_DEVICE_FORGED, "a device that another reader enrolled");
    make_store(3, 1, YEAR, 1, 1, 2);
    writer_device_key(2, key);
    writer_remove(&writer, "store", key, sizeof key);
    expect_file(AUDIT_DEVICE_GAP, "a device removed");
    make_store(1, 1, YEAR, 1, 1, 2);
    writer_device_key(1, key);
    writer_remove(&writer, "store", key, sizeof key);
    expect_file(AUDIT_DEVICE_MISSING, "no device");
}

static void put_release(uint16_t number, const uint8_t release[WRITER_RELEASE_BYTES])
{
    uint8_t key[8];

    writer_release_key(number, key);
    writer_put(&writer, "store", key, sizeof key, release, WRITER_RELEASE_BYTES);
}

static void make_store_of_releases(void)
{
    make_store(2, 1, YEAR, 1, 1, 2);
    writer_put_releases(&writer, 3);
    struct image image = image_load(path);
    assert_true(image_passes(&image));
    image_free(&image);
}

static void remove_release(uint16_t number)
{
    uint8_t key[8];

    writer_release_key(number, key);
    writer_remove(&writer, "store", key, sizeof key);
}

static void wrong_releases_are_found(void **state)
{
    static struct writer thief;
    uint8_t release[WRITER_RELEASE_BYTES];
    (void)state;

    make_store_of_releases();
    remove_release(3);
    expect_file(AUDIT_RELEASE_COUNT, "the last release removed");
    make_store_of_releases();
    remove_release(2);
    expect_file(AUDIT_RELEASE_GAP, "a release removed");
    make_store_of_releases();
    writer_make_release(&writer, 4, release);
    put_release(4, release);
    expect_file(AUDIT_RELEASE_COUNT, "a release that the header does not tell of, signed");
    make_store_of_releases();
    writer_make_release(&writer, 3, release);
    put_release(1, release);
    expect_file(AUDIT_RELEASE_FORGED, "a release at another's place");
    make_store_of_releases();
    writer_init(&thief, path, 1, 1, YEAR, 1, 1);
    writer_make_release(&thief, 3, release);
    put_release(3, release);
    expect_file(AUDIT_RELEASE_FORGED, "a release of another reader");
    make_store_of_releases();
    writer_make_release(&writer, 3, release); /* it follows record 3, and not 2 */
    put_release(3, release);
    expect_file(AUDIT_RELEASE_CHAIN, "the last release that another copy has, signed");
    make_store_of_releases();
    writer_make_release(&writer, 2, release);
    put_release(2, release);
    expect_file(AUDIT_RELEASE_CHAIN, "a release that another copy has, signed");
    make_store_of_releases();
    writer_make_release(&writer, 4, release);
    writer_tell_release(&writer, 3, release);
    put_header();
    expect_file(AUDIT_RELEASE_CHAIN, "an older ledger of as many records under a newer header");
    make_store_of_releases();
    writer_make_release(&writer, 4097, release);
    put_release(4097, release);
    expect_file(AUDIT_RECORD_FOREIGN, "release 4097");
    make_store(2, 1, YEAR, 1, 1, 2);
    writer_put(&writer, "store", "ledger\0\1", 8, release, 100);
    expect_file(AUDIT_RECORD_SIZE, "a release that is too short");
    make_store_of_releases();
    writer_remove(&writer, "store", "header\0\0", 8);
    expect_file(AUDIT_RELEASE_FORGED, "releases without a header");
}

static void put_row(uint16_t month, uint16_t device, const uint8_t row[WRITER_ROW_BYTES])
{
    uint8_t key[4];

    writer_row_key(month, device, key);
    writer_put(&writer, "tally", key, sizeof key, row, WRITER_ROW_BYTES);
}

static void wrong_rows_are_found(void **state)
{
    /* p = 2^255 - 19, an encoding of zero that is not canonical. */
    uint8_t p[32];
    uint8_t row[WRITER_ROW_BYTES], key[4];
    (void)state;

    memset(p, 0xff, sizeof p);
    p[0] = 0xed;
    p[31] = 0x7f;
    make_store(2, 2, YEAR, 1, 1, 2);
    writer_make_row(&writer, MONTH, 1, row);
    memset(row + 64, 0, 32);
    writer_sign_row(&writer, MONTH, 1, row);
    put_row(MONTH, 1, row);
    expect_file(AUDIT_CELL_INVALID, "the identity in a cell, signed");
    writer_make_row(&writer, MONTH, 1, row);
    memcpy(row + 64 + 59 * 64 + 32, p, 32);
    writer_sign_row(&writer, MONTH, 1, row);
    put_row(MONTH, 1, row);
    expect_file(AUDIT_CELL_INVALID, "a non-canonical element in a cell, signed");
    writer_make_row(&writer, MONTH, 1, row);
    row[64 + 5 * 64 + 31] |= 0x80;
    writer_sign_row(&writer, MONTH, 1, row);
    put_row(MONTH, 1, row);
    expect_file(AUDIT_CELL_INVALID, "an element's highest bit, signed");
    writer_make_row(&writer, MONTH, 1, row);
    memcpy(row + 64, "Jens, 17, hashish, came with his mother, second time", 52);
    writer_sign_row(&writer, MONTH, 1, row);
    put_row(MONTH, 1, row);
    expect_file(AUDIT_CELL_INVALID, "text in a cell, signed");
    make_store(2, 2, YEAR, 1, 1, 2);
    writer_make_row(&writer, MONTH, 2, row);
    put_row(MONTH, 1, row);
    expect_file(AUDIT_ROW_FORGED, "another device's row");
    make_store(2, 2, YEAR, 1, 1, 2);
    writer_make_row(&writer, 23999, 1, row);
    put_row(23999, 1, row);
    expect_file(AUDIT_ROW_KEY, "a row of 1999, signed");
    make_store(2, 2, YEAR, 1, 1, 2);
    writer_make_row(&writer, MONTH + 12, 1, row);
    put_row(MONTH + 12, 1, row);
    expect_file(AUDIT_ROWS_INCOMPLETE, "a single row of the next year, signed");
    make_store(2, 1, YEAR, 1, 1, 2);
    writer_row_key(MONTH + 5, 1, key);
    writer_remove(&writer, "tally", key, sizeof key);
    expect_file(AUDIT_ROWS_INCOMPLETE, "a row removed");
    make_store(1, 1, YEAR, 1, 1, 0);
    for (int i = 0; i < 12; i++) {
        writer_row_key((uint16_t)(MONTH + i), 1, key);
        writer_remove(&writer, "tally", key, sizeof key);
    }
    expect_file(AUDIT_ROWS_MISSING, "all rows removed");
}

static void all_changes_were_found(void **state)
{
    (void)state;
    print_message("changes: %u of %u found, %.2f %%\n", changes_found, changes_tried,
                  100.0 * changes_found / changes_tried);
    assert_int_equal(changes_found, changes_tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_bit_is_found_in_every_class),
        cmocka_unit_test(what_is_appended_or_cut_off_is_found),
        cmocka_unit_test(text_planted_where_zeros_should_be_is_found),
        cmocka_unit_test(rows_at_a_wrong_place_are_found),
        cmocka_unit_test(foreign_records_are_found),
        cmocka_unit_test(headers_that_the_reader_signed_wrongly_are_found),
        cmocka_unit_test(wrong_devices_are_found),
        cmocka_unit_test(wrong_releases_are_found),
        cmocka_unit_test(wrong_rows_are_found),
        cmocka_unit_test(all_changes_were_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
