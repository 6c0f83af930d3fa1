#include "probe.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tavs/tally.h"

enum base_code probe_open(const char *path, enum store_mode mode)
{
    struct store *store = NULL;
    struct base_error error = {.code = BASE_OK};
    enum base_code code = store_open(path, mode, &store, &error);
    if (code != BASE_OK) {
        assert_null(store);
        assert_int_equal(error.code, code);
    }
    store_close(store);
    return code;
}

void probe_refused(const char *path, enum base_code code)
{
    struct base_error error;
    struct stat before = {0}, after = {0};
    unsigned entries = support_entries(".");
    (void)lstat(path, &before);
    assert_int_equal(probe_open(path, STORE_READ), code);
    assert_int_equal(probe_open(path, STORE_WRITE), code);
    assert_int_equal(tally_count(path, codebook_contact_of(0), 2017 * 12, 1, &error), code);
    assert_int_equal(store_backup(path, "copy", &error), code);
    (void)lstat(path, &after);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtim.tv_sec, after.st_mtim.tv_sec);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
    assert_int_equal(support_entries("."), entries);
}

static enum base_code count_rows(void *context, base_month month, uint16_t device,
                                 struct base_error *error)
{
    size_t *count = context;
    (void)month;
    (void)device;
    (void)error;
    ++*count;
    return BASE_OK;
}

static int read_row(struct store *store, const struct filemap *good,
                    const struct filemap_row *place)
{
    struct record_device device;
    struct record_row row;
    struct base_error error;
    bool found = false;
    enum base_code code = store_get_device(store, place->device, &device, &error);
    if (code == BASE_OK)
        code = store_get_row(store, place->month, &device, &row, &found, &error);
    if (code != BASE_OK)
        return (int)code;
    return found && memcmp(row.cells, good->bytes + place->at + KEYS_SIGNATURE_BYTES,
                           sizeof row.cells) == 0
               ? BASE_OK
               : PROBE_WRONG;
}

int probe_read(const struct place *place, const struct filemap *good, size_t first, size_t rows)
{
    struct store *store;
    struct base_error error;
    uint16_t devices = 0;
    size_t count = 0;
    int code = (int)store_open(place->path, STORE_READ, &store, &error);
    if (code != BASE_OK)
        return code;
    code = (int)store_count_devices(store, &devices, &error);
    if (code == BASE_OK)
        code = (int)store_check_rows(store, &error);
    if (code == BASE_OK)
        code = (int)store_each_row(store, count_rows, &count, &error);
    if (code == BASE_OK && (devices != good->device_count || count != good->row_count))
        code = PROBE_WRONG;
    for (size_t i = first; code == BASE_OK && i < first + rows && i < good->row_count; i++)
        code = read_row(store, good, &good->rows[i]);
    store_close(store);
    return code;
}

static int read_cell(const struct place *place, base_month month, unsigned cell, int64_t *count)
{
    struct store *store;
    struct tally_counts *counts;
    struct base_error error;
    struct base_period period = {month, month};
    enum base_code code = store_open(place->path, STORE_READ, &store, &error);
    if (code != BASE_OK)
        return (int)code;
    code = tally_read(store, place->reader, period, &counts, &error);
    store_close(store);
    if (code != BASE_OK)
        return (int)code;
    *count = counts->cells[0][cell];
    tally_counts_free(counts);
    return BASE_OK;
}

int probe_count(const struct place *place, base_month month, unsigned cell)
{
    struct base_error error;
    int64_t before = 0, after = 0;
    int code = read_cell(place, month, cell, &before);
    if (code == BASE_OK)
        code = (int)place_count(place, month, cell, 1, &error);
    if (code == BASE_OK)
        code = read_cell(place, month, cell, &after);
    return code == BASE_OK && after != before + 1 ? PROBE_WRONG : code;
}

bool probe_is_refusal(int code)
{
    switch (code) {
    case BASE_STORE_EMPTY:
    case BASE_STORE_FOREIGN:
    case BASE_STORE_NEWER:
    case BASE_STORE_OLDER:
    case BASE_STORE_TRUNCATED:
    case BASE_STORE_DAMAGED:
    case BASE_SLOT_COST:
    case BASE_HEADER_FORGED:
    case BASE_DEVICE_FORGED:
    case BASE_ROW_FORGED:
    case BASE_CELL_DAMAGED:
        return true;
    default:
        return false;
    }
}

struct job {
    const struct place *place;
    const struct filemap *good;
    bool count;
};

static int probe(void *context)
{
    const struct job *job = context;
    int code = probe_read(job->place, job->good, 0, SIZE_MAX / 2);
    if (job->count && code != PROBE_WRONG) {
        int counted = probe_count(job->place, job->good->rows[0].month, 7);
        /* Who may not read may not count either. */
        code = (code == BASE_OK) == (counted == BASE_OK) ? code : PROBE_WRONG;
    }
    return code;
}

int probe_in_child(const struct place *place, const struct filemap *good, const char *what,
                   bool count)
{
    enum { MOST_SECONDS = 60 };
    struct job job = {place, good, count};
    int status = 0;
    pid_t child = support_start(probe, &job, MOST_SECONDS);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        fail_msg("%s: signal %d", what, WTERMSIG(status));
    int code = WEXITSTATUS(status);
    if (code != BASE_OK && !probe_is_refusal(code))
        fail_msg("%s: code %d", what, code);
    return code;
}
