/* store: the power fails. What had been written and not yet synced is then on the disk or not,
 * sector by sector, in any order. All of it is tried on a record of what the store and LMDB
 * write and sync: after a cut at any point the file holds the changes or none of them, and once
 * the store has said that they are made, they are. */
#include "changes.h"
#include "io_seam.h"

#include <fcntl.h>

/* ---- the record ------------------------------------------------------------------------------ */

enum { SECTOR = 512, MOST_EVENTS = 400 };

struct event {
    bool sync;
    bool durable; /* written through a descriptor that syncs each write */
    off_t offset;
    size_t size;
    uint8_t *bytes;
};

static struct event events[MOST_EVENTS];
static size_t event_count;
static bool recording;

static void record(struct event event)
{
    if (event_count == MOST_EVENTS)
        abort();
    events[event_count++] = event;
}

static ssize_t seam_write(int descriptor, const void *bytes, size_t size, off_t offset)
{
    ssize_t done = system_write(descriptor, bytes, size, offset);
    if (recording && done > 0) {
        struct event event = {.durable = (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0,
                              .offset = offset,
                              .size = (size_t)done,
                              .bytes = malloc((size_t)done)};
        if (event.bytes == NULL)
            abort();
        memcpy(event.bytes, bytes, (size_t)done);
        record(event);
    }
    return done;
}

static int seam_sync(int descriptor)
{
    (void)descriptor;
    if (recording)
        record((struct event){.sync = true});
    return 0;
}

/* ---- the disk after a cut -------------------------------------------------------------------- */

struct disk {
    uint8_t *bytes;
    size_t size, room;
};

static void put(struct disk *disk, const struct event *event, size_t from, size_t size)
{
    size_t end = (size_t)event->offset + from + size;
    assert_true(end <= disk->room);
    memcpy(disk->bytes + end - size, event->bytes + from, size);
    disk->size = end > disk->size ? end : disk->size;
}

/* All of a write, or each of its sectors with one chance in `chance`. */
static void put_some(struct disk *disk, const struct event *event, unsigned chance)
{
    for (size_t from = 0; from < event->size;) {
        size_t size = SECTOR - ((size_t)event->offset + from) % SECTOR;
        size = size < event->size - from ? size : event->size - from;
        if (support_random(chance) == 0)
            put(disk, event, from, size);
        from += size;
    }
}

/* The file after the first `count` events, and a cut. */
static void cut(struct disk *disk, const struct change *change, size_t count, unsigned chance)
{
    size_t synced = 0;
    for (size_t i = 0; i < count; i++)
        if (events[i].sync)
            synced = i;
    memset(disk->bytes, 0, disk->room);
    memcpy(disk->bytes, change->before.bytes, change->before.size);
    disk->size = change->before.size;
    for (size_t i = 0; i < count; i++)
        if (!events[i].sync)
            put_some(disk, &events[i], i < synced || events[i].durable ? 1 : chance);
}

/* ---- trying ---------------------------------------------------------------------------------- */

/* Numbers as after many transactions: those that stand in the file are to become small again, and
 * must not be mixed up on the way. */
static void number_high(struct change *change)
{
    enum { PAGE = 4096, AT = 144, MORE = 1000 };
    for (size_t at = AT; at <= PAGE + AT; at += PAGE) {
        uint64_t number;
        memcpy(&number, change->before.bytes + at, sizeof number);
        number += MORE;
        memcpy(change->before.bytes + at, &number, sizeof number);
    }
    change_restore(change);
}

static void try_cuts(unsigned changes, unsigned tries, bool high)
{
    static const unsigned chances[] = {1, 2, 8, 1000000};
    struct change change;
    struct base_error error;
    struct filemap map;
    size_t seen[2] = {0, 0};
    change_begin(&change);
    if (high)
        number_high(&change);
    event_count = 0;
    recording = true;
    assert_int_equal(change_make(&change, changes, &error), BASE_OK);
    recording = false;
    struct disk disk = {.room = change.before.size + (1 << 20)};
    disk.bytes = malloc(disk.room);
    assert_non_null(disk.bytes);
    for (size_t count = 0; count <= event_count; count++) {
        for (unsigned i = 0; i < tries; i++) {
            cut(&disk, &change, count, chances[i % 4]);
            support_write_file(change.place.path, disk.bytes, disk.size);
            filemap_read(&map, change.place.path);
            unsigned made = change_look(&change, &map);
            filemap_free(&map);
            if ((made != 0 && made != changes) || (count == event_count && made == 0))
                fail_msg("cut after %zu of %zu: changes %x of %x", count, event_count, made,
                         changes);
            seen[made != 0]++;
            change_check_next(&change);
        }
    }
    print_message("%zu events; %zu times before, %zu times after\n", event_count, seen[0], seen[1]);
    assert_true(seen[0] > 0 && seen[1] > 0);
    for (size_t i = 0; i < event_count; i++)
        free(events[i].bytes);
    free(disk.bytes);
    change_end(&change);
}

static void test_a_row(void **state)
{
    (void)state;
    try_cuts(CHANGE_ROW, support_rounds(12), false);
}

static void test_a_slot(void **state)
{
    (void)state;
    try_cuts(CHANGE_SLOT, support_rounds(12), false);
}

static void test_all(void **state)
{
    (void)state;
    try_cuts(CHANGE_ALL, support_rounds(12), false);
}

static void test_after_many_transactions(void **state)
{
    (void)state;
    try_cuts(CHANGE_ROW, support_rounds(40), true);
}

int main(void)
{
#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, support_enter_memory, support_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_a_row),
        TEST(test_a_slot),
        TEST(test_all),
        TEST(test_after_many_transactions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
