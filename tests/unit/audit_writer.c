#include "audit_writer.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PAGE_BYTES = 4096,
    PAGE_HEAD_BYTES = 16,
    MAP_BYTES = 1 << 30,
    ELEMENTS = 4096, /* that cells are made of */
    ELEMENT_BYTES = 32,
    DOMAIN_BYTES = 16,
    DIGEST_BYTES = 32,
    ROW_AT_CELLS = 64,
    AT_STORE_ID = 16,
    AT_ENCRYPTION_KEY = 32,
    AT_SIGNING_KEY = 64,
    AT_CLOSED_THROUGH = 96,
    AT_RELEASES = 98,
    AT_LEDGER_HEAD = 100,
    AT_SLOTS = 256,
    SLOT_BYTES = 100,
    AT_SIGNATURE = 1056,
    DEVICE_AT_SIGNATURE = 40,
    RELEASE_AT_SIGNATURE = 4016,
    MONTHS = 12,
};

static const char codebook[] = "channel in-person phone mail web\n"
                               "party user relative professional\n"
                               "session 1 2 3 4 5\n";

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#define MUST_LMDB(call) MUST((call) == MDB_SUCCESS)

static void put_u16(uint8_t *to, unsigned value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

static void put_u32(uint8_t *to, uint32_t value)
{
    put_u16(to, value >> 16);
    put_u16(to + 2, value & 0xffff);
}

/* A random element of the group; drawing each anew would take a test of 36,000 cells seconds. */
static void put_element(uint8_t *to)
{
    static uint8_t elements[ELEMENTS][ELEMENT_BYTES];
    static bool drawn;

    if (!drawn)
        for (size_t i = 0; i < ELEMENTS; i++)
            crypto_core_ristretto255_random(elements[i]);
    drawn = true;
    memcpy(to, elements[randombytes_uniform(ELEMENTS)], ELEMENT_BYTES);
}

/* ---- records ---- */

static void sign(const uint8_t secret[64], const char *domain, const uint8_t *between,
                 size_t between_size, const uint8_t *bytes, size_t size, uint8_t *signature)
{
    uint8_t message[DOMAIN_BYTES + 64 + WRITER_RELEASE_BYTES] = {0};
    size_t at = DOMAIN_BYTES;

    memcpy(message, domain, strlen(domain));
    if (between_size > 0)
        memcpy(message + at, between, between_size);
    at += between_size;
    memcpy(message + at, bytes, size);
    MUST(crypto_sign_detached(signature, NULL, message, at + size, secret) == 0);
}

void writer_sign_header(struct writer *writer)
{
    sign(writer->reader_secret, "tavs v3 header", NULL, 0, writer->header, AT_SIGNATURE,
         writer->header + AT_SIGNATURE);
}

static void fingerprint(const struct writer *writer, uint8_t to[32])
{
    uint8_t message[DOMAIN_BYTES + 2 + 16 + 32 + 32 + sizeof codebook] = "tavs v1 store";
    uint8_t *at = message + DOMAIN_BYTES;

    put_u16(at, 1);
    memcpy(at + 2, writer->header + AT_STORE_ID, 16 + 32 + 32);
    memcpy(at + 2 + 80, codebook, strlen(codebook));
    crypto_generichash(to, 32, message, DOMAIN_BYTES + 2 + 80 + strlen(codebook), NULL, 0);
}

void writer_sign_device(struct writer *writer, unsigned number)
{
    uint8_t *device = writer->device[number], print[32];

    fingerprint(writer, print);
    sign(writer->reader_secret, "tavs v1 device", print, sizeof print, device, DEVICE_AT_SIGNATURE,
         device + DEVICE_AT_SIGNATURE);
}

void writer_sign_row(const struct writer *writer, uint16_t month, uint16_t device,
                     uint8_t row[WRITER_ROW_BYTES])
{
    uint8_t between[16 + 4];

    memcpy(between, writer->header + AT_STORE_ID, 16);
    writer_row_key(month, device, between + 16);
    sign(writer->device_secret[device], "tavs v1 row", between, sizeof between, row + ROW_AT_CELLS,
         WRITER_ROW_BYTES - ROW_AT_CELLS, row);
}

void writer_sign_release(const struct writer *writer, uint16_t number,
                         uint8_t release[WRITER_RELEASE_BYTES])
{
    uint8_t between[32 + 2];

    fingerprint(writer, between);
    put_u16(between + 32, number);
    sign(writer->reader_secret, "tavs v3 release", between, sizeof between, release,
         RELEASE_AT_SIGNATURE, release + RELEASE_AT_SIGNATURE);
}

void writer_make_release(const struct writer *writer, uint16_t number,
                         uint8_t release[WRITER_RELEASE_BYTES])
{
    randombytes_buf(release, RELEASE_AT_SIGNATURE);
    memcpy(release, writer->header + AT_LEDGER_HEAD, DIGEST_BYTES);
    writer_sign_release(writer, number, release);
}

void writer_tell_release(struct writer *writer, uint16_t number,
                         const uint8_t release[WRITER_RELEASE_BYTES])
{
    put_u16(writer->header + AT_RELEASES, number);
    crypto_generichash(writer->header + AT_LEDGER_HEAD, DIGEST_BYTES, release, WRITER_RELEASE_BYTES,
                       NULL, 0);
}

void writer_make_row(const struct writer *writer, uint16_t month, uint16_t device,
                     uint8_t row[WRITER_ROW_BYTES])
{
    for (size_t at = ROW_AT_CELLS; at < WRITER_ROW_BYTES; at += ELEMENT_BYTES)
        put_element(row + at);
    writer_sign_row(writer, month, device, row);
}

void writer_row_key(uint16_t month, uint16_t device, uint8_t key[4])
{
    put_u16(key, month);
    put_u16(key + 2, device);
}

void writer_device_key(uint16_t number, uint8_t key[8])
{
    memcpy(key, "device", 6);
    put_u16(key + 6, number);
}

void writer_release_key(uint16_t number, uint8_t key[8])
{
    memcpy(key, "ledger", 6);
    put_u16(key + 6, number);
}

static void make_slot(uint8_t slot[SLOT_BYTES])
{
    randombytes_buf(slot, SLOT_BYTES);
    memcpy(slot, "\1\0\0\0", 4);
    put_u32(slot + 4, 3);
    put_u32(slot + 8, 262144);
}

void writer_init(struct writer *writer, const char *path, unsigned devices, unsigned active,
                 int first_year, int years, unsigned slots)
{
    uint8_t *header = writer->header;

    MUST(sodium_init() >= 0);
    *writer = (struct writer){.devices = devices,
                              .active = active,
                              .first_year = first_year,
                              .years = years,
                              .slots = slots};
    snprintf(writer->path, sizeof writer->path, "%s", path);
    memcpy(header, "TAVS\0\3\1\5\0\0\1\2\x03\x07\x0f\x07", AT_STORE_ID);
    randombytes_buf(header + AT_STORE_ID, 16);
    put_element(header + AT_ENCRYPTION_KEY);
    crypto_sign_keypair(header + AT_SIGNING_KEY, writer->reader_secret);
    put_u16(header + AT_CLOSED_THROUGH, (unsigned)first_year * 12);
    for (unsigned i = 0; i < slots; i++)
        make_slot(header + AT_SLOTS + i * SLOT_BYTES);
    writer_sign_header(writer);
    for (unsigned number = 1; number <= devices; number++) {
        uint8_t *device = writer->device[number];
        put_u16(device, number);
        device[2] = 1;
        crypto_sign_keypair(device + 8, writer->device_secret[number]);
        writer_sign_device(writer, number);
    }
}

/* ---- the file ---- */

static MDB_env *open_environment(const struct writer *writer, unsigned flags)
{
    MDB_env *environment;

    MUST_LMDB(mdb_env_create(&environment));
    MUST_LMDB(mdb_env_set_maxdbs(environment, 3));
    MUST_LMDB(mdb_env_set_mapsize(environment, MAP_BYTES));
    MUST_LMDB(mdb_env_open(environment, writer->path,
                           flags | MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600));
    return environment;
}

static void put(MDB_txn *transaction, MDB_dbi database, const void *key, size_t key_size,
                const void *value, size_t size)
{
    MDB_val k = {key_size, (void *)(uintptr_t)key}, v = {size, (void *)(uintptr_t)value};
    MUST_LMDB(mdb_put(transaction, database, &k, &v, 0));
}

static void put_row(const struct writer *writer, MDB_txn *transaction, MDB_dbi tally,
                    uint16_t month, uint16_t device)
{
    uint8_t key[4], row[WRITER_ROW_BYTES];

    writer_row_key(month, device, key);
    writer_make_row(writer, month, device, row);
    put(transaction, tally, key, sizeof key, row, sizeof row);
}

static void put_rows(const struct writer *writer, MDB_txn *transaction, MDB_dbi tally)
{
    for (uint16_t number = 1; number <= writer->active; number++)
        for (int month = 0; month < writer->years * MONTHS; month++)
            put_row(writer, transaction, tally, (uint16_t)(writer->first_year * MONTHS + month),
                    number);
}

void writer_create(struct writer *writer)
{
    MDB_env *environment = open_environment(writer, 0);
    MDB_txn *transaction;
    MDB_dbi store, tally;
    uint8_t key[8];

    MUST_LMDB(mdb_txn_begin(environment, NULL, 0, &transaction));
    MUST_LMDB(mdb_dbi_open(transaction, "store", MDB_CREATE, &store));
    MUST_LMDB(mdb_dbi_open(transaction, "tally", MDB_CREATE, &tally));
    put(transaction, store, "header\0\0", 8, writer->header, sizeof writer->header);
    for (uint16_t number = 1; number <= writer->devices; number++) {
        writer_device_key(number, key);
        put(transaction, store, key, sizeof key, writer->device[number], WRITER_DEVICE_BYTES);
    }
    put_rows(writer, transaction, tally);
    MUST_LMDB(mdb_txn_commit(transaction));
    mdb_env_close(environment);
    writer_erase(writer);
}

/* In one transaction: puts the record, or removes it if there is no value. */
static void change(const struct writer *writer, const char *database, const void *key,
                   size_t key_size, const void *value, size_t size)
{
    MDB_env *environment = open_environment(writer, 0);
    MDB_txn *transaction;
    MDB_dbi dbi;

    MUST_LMDB(mdb_txn_begin(environment, NULL, 0, &transaction));
    MUST_LMDB(mdb_dbi_open(transaction, database, database == NULL ? 0 : MDB_CREATE, &dbi));
    if (value == NULL) {
        MDB_val k = {key_size, (void *)(uintptr_t)key};
        MUST_LMDB(mdb_del(transaction, dbi, &k, NULL));
    } else {
        put(transaction, dbi, key, key_size, value, size);
    }
    MUST_LMDB(mdb_txn_commit(transaction));
    mdb_env_close(environment);
    writer_erase(writer);
}

void writer_put(const struct writer *writer, const char *database, const void *key, size_t key_size,
                const void *value, size_t size)
{
    change(writer, database, key, key_size, value, size);
}

void writer_remove(const struct writer *writer, const char *database, const void *key,
                   size_t key_size)
{
    change(writer, database, key, key_size, NULL, 0);
}

void writer_put_releases(struct writer *writer, uint16_t count)
{
    uint8_t key[8], release[WRITER_RELEASE_BYTES];

    for (uint16_t number = 1; number <= count; number++) {
        writer_release_key(number, key);
        writer_make_release(writer, number, release);
        writer_put(writer, "store", key, sizeof key, release, sizeof release);
        writer_tell_release(writer, number, release);
    }
    writer_sign_header(writer);
    writer_put(writer, "store", "header\0\0", 8, writer->header, sizeof writer->header);
}

void writer_update(const struct writer *writer, uint16_t month, uint16_t device)
{
    uint8_t key[4], row[WRITER_ROW_BYTES];

    writer_row_key(month, device, key);
    writer_make_row(writer, month, device, row);
    writer_put(writer, "tally", key, sizeof key, row, sizeof row);
}

void writer_update_all(const struct writer *writer)
{
    MDB_env *environment = open_environment(writer, 0);
    MDB_txn *transaction;
    MDB_dbi tally;

    MUST_LMDB(mdb_txn_begin(environment, NULL, 0, &transaction));
    MUST_LMDB(mdb_dbi_open(transaction, "tally", 0, &tally));
    put_rows(writer, transaction, tally);
    MUST_LMDB(mdb_txn_commit(transaction));
    mdb_env_close(environment);
    writer_erase(writer);
}

void writer_update_plain(const struct writer *writer, unsigned rounds)
{
    MDB_env *environment = open_environment(writer, 0);
    MDB_txn *transaction;
    MDB_dbi tally;

    for (unsigned i = 0; i < rounds; i++) {
        const int month = writer->first_year * MONTHS + (int)(i % MONTHS);
        MUST_LMDB(mdb_txn_begin(environment, NULL, 0, &transaction));
        MUST_LMDB(mdb_dbi_open(transaction, "tally", 0, &tally));
        put_row(writer, transaction, tally, (uint16_t)month, 1);
        MUST_LMDB(mdb_txn_commit(transaction));
    }
    mdb_env_close(environment);
}

/* ---- erasing ---- */

static void erase(int descriptor, uint64_t page, size_t begin, size_t end)
{
    static const uint8_t zeros[PAGE_BYTES];
    const off_t offset = (off_t)(page * PAGE_BYTES + begin);
    MUST(pwrite(descriptor, zeros, end - begin, offset) == (ssize_t)(end - begin));
}

enum page_use { IN_USE, FREE, LIST, RELEASE };

/* Marks the pages that the free list names, and those that a long list itself lies in. */
static void read_free_list(MDB_env *environment, uint8_t *use, uint64_t pages)
{
    MDB_txn *transaction;
    MDB_cursor *cursor;
    MDB_val key, value;

    MUST_LMDB(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction));
    MUST_LMDB(mdb_cursor_open(transaction, 0, &cursor));
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
        const size_t *list = value.mv_data;
        for (size_t i = 1; i <= list[0]; i++) {
            MUST(list[i] < pages);
            use[list[i]] = FREE;
        }
        if (value.mv_size < PAGE_BYTES / 2)
            continue;
        /* The page's number stands before the list. */
        const size_t first = list[-(PAGE_HEAD_BYTES / (int)sizeof *list)];
        for (size_t i = 0; i <= (PAGE_HEAD_BYTES + value.mv_size - 1) / PAGE_BYTES; i++)
            use[first + i] = LIST;
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(transaction);
}

static void put_number(int descriptor, uint64_t offset, uint64_t number)
{
    MUST(pwrite(descriptor, &number, sizeof number, (off_t)offset) == (ssize_t)sizeof number);
}

/* Numbers the free list's records from 1 and the meta pages after them (docs/format.md, section 1).
 * The free list of these stores is one leaf. */
static void renumber(int descriptor)
{
    enum { AT_FREE_LIST_DEPTH = 46, AT_FREE_LIST_ROOT = 80, AT_TRANSACTION = 144, NODE_HEAD = 8 };
    uint8_t metas[2][PAGE_BYTES], page[PAGE_BYTES];
    uint64_t transactions[2], root;
    uint16_t depth, lower, node;
    uint64_t records = 0;

    for (size_t i = 0; i < 2; i++) {
        MUST(pread(descriptor, metas[i], PAGE_BYTES, (off_t)(i * PAGE_BYTES)) == PAGE_BYTES);
        memcpy(&transactions[i], metas[i] + AT_TRANSACTION, sizeof transactions[i]);
    }
    const size_t current = transactions[1] > transactions[0];
    memcpy(&depth, metas[current] + AT_FREE_LIST_DEPTH, sizeof depth);
    memcpy(&root, metas[current] + AT_FREE_LIST_ROOT, sizeof root);
    MUST(depth <= 1);
    if (depth == 1) {
        MUST(pread(descriptor, page, PAGE_BYTES, (off_t)(root * PAGE_BYTES)) == PAGE_BYTES);
        memcpy(&lower, page + 12, sizeof lower);
        records = (lower - (uint64_t)PAGE_HEAD_BYTES) / sizeof node;
    }
    for (uint64_t i = 0; i < records; i++) {
        memcpy(&node, page + PAGE_HEAD_BYTES + i * sizeof node, sizeof node);
        put_number(descriptor, root * PAGE_BYTES + node + NODE_HEAD, i + 1);
    }
    const uint64_t number = records + 1 + ((records + 1) % 2 != current);
    put_number(descriptor, (1 - current) * PAGE_BYTES + AT_TRANSACTION, number - 1);
    put_number(descriptor, current * PAGE_BYTES + AT_TRANSACTION, number);
}

/* Marks the pages of releases, which fill them. */
static void find_releases(MDB_env *environment, uint8_t *use)
{
    MDB_txn *transaction;
    MDB_cursor *cursor;
    MDB_val key, value;
    MDB_dbi store;

    MUST_LMDB(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction));
    MUST_LMDB(mdb_dbi_open(transaction, "store", 0, &store));
    MUST_LMDB(mdb_cursor_open(transaction, store, &cursor));
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS)
        if (value.mv_size == WRITER_RELEASE_BYTES) {
            size_t page;
            memcpy(&page, (const uint8_t *)value.mv_data - PAGE_HEAD_BYTES, sizeof page);
            use[page] = RELEASE;
        }
    mdb_cursor_close(cursor);
    mdb_txn_abort(transaction);
}

void writer_erase(const struct writer *writer)
{
    MDB_env *environment = open_environment(writer, MDB_RDONLY);
    MDB_envinfo info;
    struct stat status;
    uint8_t page[PAGE_BYTES];

    MUST_LMDB(mdb_env_info(environment, &info));
    MUST(stat(writer->path, &status) == 0);
    const uint64_t pages = (uint64_t)status.st_size / PAGE_BYTES;
    uint8_t *use = calloc(pages, sizeof *use);
    MUST(use != NULL && pages > info.me_last_pgno);
    read_free_list(environment, use, pages);
    find_releases(environment, use);
    mdb_env_close(environment);

    const int descriptor = open(writer->path, O_RDWR | O_CLOEXEC);
    MUST(descriptor >= 0);
    for (uint64_t i = 2; i < pages; i++) {
        uint16_t flags, lower, upper;
        MUST(pread(descriptor, page, sizeof page, (off_t)(i * PAGE_BYTES)) == PAGE_BYTES);
        memcpy(&flags, page + 10, sizeof flags);
        memcpy(&lower, page + 12, sizeof lower);
        memcpy(&upper, page + 14, sizeof upper);
        if (use[i] == FREE || i > info.me_last_pgno)
            erase(descriptor, i, 0, PAGE_BYTES);
        else if (use[i] == LIST || use[i] == RELEASE)
            continue;
        else if ((flags & 3) != 0)
            erase(descriptor, i, lower, upper);
        else /* A row's page: LMDB may take it from the buffers that it used to split a leaf. */
            erase(descriptor, i, PAGE_HEAD_BYTES + WRITER_ROW_BYTES, PAGE_BYTES);
    }
    renumber(descriptor);
    free(use);
    close(descriptor);
}
