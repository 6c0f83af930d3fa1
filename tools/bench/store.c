#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "tavs/secret.h"
#include "tavs/store.h"

enum { LARGEST_COUNT = 200 };

static void check(enum base_code code, const char *what)
{
    bench_check(code == BASE_OK, what);
}

/* Fewer second conversations than first ones, and so on. */
static int32_t fill_count(size_t cell, base_month month)
{
    const size_t session = cell % CODEBOOK_SESSIONS;
    return (int32_t)((cell / CODEBOOK_SESSIONS * 31 + month) % (LARGEST_COUNT + 1) / (session + 1));
}

/* Rows of the current year with a count in every cell. */
static void fill_year(const char *path, const struct keys_device *key, int year,
                      struct base_error *error)
{
    struct store *store;
    struct record_row row = {.device = keys_device_number(key)};
    check(store_open(path, STORE_WRITE, &store, error), "store_open");
    const uint8_t *public_key = store_header(store)->public_keys.encryption;
    for (int month = 0; month < 12; month++) {
        row.month = (base_month)(year * 12 + month);
        bench_check(elgamal_encrypt_zeros(row.cells, CODEBOOK_CELLS, public_key), "encrypting");
        for (size_t cell = 0; cell < CODEBOOK_CELLS; cell++)
            bench_check(
                elgamal_add_count(&row.cells[cell], 1, public_key, 0, fill_count(cell, row.month)),
                "counting");
        check(store_put_row(store, &row, key, error), "store_put_row");
    }
    check(store_commit(store, error), "store_commit");
    store_close(store);
}

static void add_years(const char *path, const struct keys_device *key, int first, int last,
                      struct base_error *error)
{
    struct store *store;
    check(store_open(path, STORE_WRITE, &store, error), "store_open");
    for (int year = first; year <= last; year++)
        check(store_put_year(store, year, key, error), "store_put_year");
    check(store_commit(store, error), "store_commit");
    store_close(store);
}

/* A machine that is not this one, with its rows. */
static void add_machine(const char *path, const struct keys_reader *reader, uint16_t number,
                        int years, int year, struct base_error *error)
{
    struct store *store;
    struct keys_device *key;
    struct record_device device = {.number = number, .state = RECORD_DEVICE_ACTIVE};
    check(store_open(path, STORE_WRITE, &store, error), "store_open");
    check(keys_device_new(number, store_header(store)->store_id, store_fingerprint(store), &key,
                          error),
          "keys_device_new");
    memcpy(device.signing_public, keys_device_public(key), sizeof device.signing_public);
    check(store_put_device(store, &device, reader, error), "store_put_device");
    check(store_commit(store, error), "store_commit");
    store_close(store);
    add_years(path, key, year - years + 1, year, error);
    keys_device_free(key);
}

static void make_store(const char *path, int years, int machines)
{
    struct base_error error;
    struct keys_reader *reader;
    struct keys_device *key;
    struct record_header header = {.threshold = RECORD_THRESHOLD,
                                   .channels = CODEBOOK_ALL_CHANNELS,
                                   .parties = CODEBOOK_ALL_PARTIES};
    struct record_device device = {.number = 1, .state = RECORD_DEVICE_ACTIVE};
    uint8_t fingerprint[KEYS_FINGERPRINT_BYTES];
    int year = base_month_year(base_month_now());

    check(keys_reader_new(&reader, &error), "keys_reader_new");
    secret_random(header.store_id, sizeof header.store_id);
    keys_reader_public(reader, &header.public_keys);
    keys_fingerprint(fingerprint, header.store_id, &header.public_keys);
    check(keys_slot_wrap(&header.slots[0], 0, fingerprint, reader, BENCH_PASSPHRASE,
                         keys_cost_interactive, &error),
          "keys_slot_wrap");
    check(keys_device_new(1, header.store_id, fingerprint, &key, &error), "keys_device_new");
    memcpy(device.signing_public, keys_device_public(key), sizeof device.signing_public);
    check(keys_device_save(key, &error), "keys_device_save");
    check(store_create(path, &header, reader, &device, key, year - years + 1, &error),
          "store_create");
    if (years > 1)
        add_years(path, key, year - years + 2, year, &error);
    fill_year(path, key, year, &error);
    for (int number = 2; number <= machines; number++)
        add_machine(path, reader, (uint16_t)number, years, year, &error);
    keys_reader_free(reader);
    keys_device_free(key);
}

/* In a process of its own: what wait4 tells of a child's memory begins with the largest that the
 * parent ever had, and Argon2id takes 64 MiB. */
void bench_store(const char *path, int years, int machines)
{
    int status;
    pid_t child = fork();
    bench_check(child >= 0, "fork");
    if (child == 0) {
        make_store(path, years, machines);
        _exit(EXIT_SUCCESS);
    }
    bench_check(waitpid(child, &status, 0) == child && status == 0, "making a store");
}
