/* make bench: what a count costs, against the libsodium calls that it can't do without and against
 * peers; what reading costs. Medians; ratios are within one run. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "tavs/secret.h"
#include "tavs/tally.h"

enum { ROUNDS = 101, FEW_ROUNDS = 21, PATH_BYTES = 256 };

static const char *program;

static void print(const char *what, double microseconds)
{
    (void)printf("%-58s %8.2f ms\n", what, microseconds / 1000);
}

static void print_ratio(const char *what, double ratio, const char *aim)
{
    (void)printf("%-58s %8.2f x   (%s)\n", what, ratio, aim);
}

static void in_folder(char path[PATH_BYTES], const char *name)
{
    (void)snprintf(path, PATH_BYTES, "%s/%s", bench_folder(), name);
}

/* ---- a count ---- */

static void run_program(void *arguments)
{
    bench_run(arguments, NULL);
}

/* What a durable commit and a durable erasing write at the least: a row's page, twice. */
static void sync_pair(void *path)
{
    static const char page[4096];
    int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bench_check(descriptor >= 0, path);
    for (int i = 0; i < 2; i++)
        bench_check(pwrite(descriptor, page, sizeof page, i * (off_t)sizeof page) ==
                            (ssize_t)sizeof page &&
                        fdatasync(descriptor) == 0,
                    path);
    (void)close(descriptor);
}

static double measure_count(void)
{
    char store[PATH_BYTES], scratch[PATH_BYTES];
    in_folder(store, "count.mdb");
    in_folder(scratch, "scratch");
    bench_store(store, 1);
    char *arguments[] = {(char *)program, "--store", store, "log", "phone", "relative", NULL};
    char *nothing[] = {(char *)program, "version", NULL};
    long memory;

    (void)printf("One count\n");
    double raw = bench_median(bench_raw_calls, NULL, ROUNDS);
    double sync = bench_median(sync_pair, scratch, ROUNDS);
    double whole = bench_median(run_program, arguments, ROUNDS);
    double start = bench_median(run_program, nothing, ROUNDS);
    bench_run(arguments, &memory);
    print("the raw libsodium calls of a count", raw);
    print("two writes of a page, each with its fdatasync", sync);
    print("a process that does nothing (tavs version)", start);
    print("tavs log, the whole process", whole);
    print_ratio("tavs log / (raw calls + syncs)", whole / (raw + sync), "at most 1.5");
    (void)printf("%-58s %8.1f MiB  (under 32)\n\n", "memory of tavs log, largest resident",
                 (double)memory / 1024);
    return whole;
}

static void measure_age_of_store(double one_year)
{
    static const int years[] = {10, 50};
    (void)printf("A count in an older store\n");
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        char store[PATH_BYTES], name[32], what[64];
        (void)snprintf(name, sizeof name, "years-%d.mdb", years[i]);
        in_folder(store, name);
        bench_store(store, years[i]);
        char *arguments[] = {(char *)program, "--store", store, "log", "phone", "relative", NULL};
        double whole = bench_median(run_program, arguments, FEW_ROUNDS);
        (void)snprintf(what, sizeof what, "tavs log, %d years of rows", years[i]);
        print(what, whole);
        (void)snprintf(what, sizeof what, "%d years / 1 year", years[i]);
        print_ratio(what, whole / one_year, "about 1");
    }
    (void)printf("\n");
}

/* ---- reading ---- */

struct reading {
    struct store *store;
    struct keys_reader *reader;
    struct base_period year;
};

static void read_year(void *context)
{
    struct reading *reading = context;
    struct tally_counts *counts;
    struct base_error error;
    bench_check(tally_read(reading->store, reading->reader, reading->year, &counts, &error) ==
                    BASE_OK,
                "tally_read");
    tally_counts_free(counts);
}

struct large_cell {
    struct elgamal_cell cell;
    const uint8_t *secret;
};

static void read_cell(void *context)
{
    struct large_cell *large = context;
    int64_t count;
    bench_check(elgamal_decrypt(&large->cell, large->secret, &count) && count == 1000000,
                "elgamal_decrypt");
}

static void measure_reading(void)
{
    char path[PATH_BYTES];
    struct base_error error;
    struct reading reading;
    struct large_cell large;
    int year = base_month_year(base_month_now());

    in_folder(path, "read.mdb");
    bench_store(path, 1);
    bench_check(store_open(path, STORE_READ, &reading.store, &error) == BASE_OK, "store_open");
    const struct record_header *header = store_header(reading.store);
    bench_check(keys_slots_open(header->slots, store_fingerprint(reading.store),
                                &header->public_keys, BENCH_PASSPHRASE, &reading.reader, NULL,
                                &error) == BASE_OK,
                "keys_slots_open");
    reading.year = (struct base_period){(base_month)(year * 12), (base_month)(year * 12 + 11)};
    large.secret = keys_reader_scalar(reading.reader);
    bench_check(elgamal_encrypt_zeros(&large.cell, 1, header->public_keys.encryption) &&
                    elgamal_add_count(&large.cell, 1, header->public_keys.encryption, 0, 1000000),
                "encrypting");

    (void)printf("Reading, once the key is open\n");
    print("a year: 720 cells, counts up to 200   (under 100)",
          bench_median(read_year, &reading, FEW_ROUNDS));
    print("a cell that counts 1,000,000          (under 50)",
          bench_median(read_cell, &large, FEW_ROUNDS));
    (void)printf("\n");
    store_close(reading.store);
    keys_reader_free(reading.reader);
}

/* ---- peers: the same job, one count, by other means ---- */

static int is_installed(const char *name)
{
    char command[PATH_BYTES];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    return system(command) == 0;
}

static void measure_peer(const char *name, const char *what, char *prepare, char *job, double whole)
{
    if (!is_installed(name)) {
        (void)printf("%-58s not installed\n", what);
        return;
    }
    char *preparing[] = {"/bin/sh", "-ec", prepare, NULL};
    char *doing[] = {"/bin/sh", "-ec", job, NULL};
    bench_check(chdir(bench_folder()) == 0, bench_folder());
    bench_run(preparing, NULL);
    double time = bench_median(run_program, doing, FEW_ROUNDS);
    print(what, time);
    print_ratio("that / tavs log", time / whole, "above 1");
}

static void measure_peers(double whole)
{
    (void)printf("The same job by other means\n");
    measure_peer(
        "sqlcipher", "SQLCipher's shell: open by passphrase, add one",
        "sqlcipher p.db \"PRAGMA key='" BENCH_PASSPHRASE "'; CREATE TABLE tally(month TEXT, cell "
        "INT, n INT, PRIMARY KEY(month, cell)); INSERT INTO tally VALUES('2026-11', 20, 0);\"",
        "exec sqlcipher p.db \"PRAGMA key='" BENCH_PASSPHRASE
        "'; UPDATE tally SET n = n + 1 WHERE month = '2026-11' AND cell = 20;\"",
        whole);
    measure_peer("age", "age: decrypt, append a line, encrypt (key file)",
                 "age-keygen -o k 2>/dev/null; age-keygen -y k >r; echo begin | age -R r -o l.age; "
                 "sync l.age",
                 "{ age -d -i k l.age; echo 2026-11 phone relative 1; } | age -R r -o n.age; "
                 "sync n.age; mv n.age l.age; sync .",
                 whole);
}

int main(void)
{
    struct base_error error;
    program = getenv("TAVS_PROGRAM");
    bench_check(program != NULL, "TAVS_PROGRAM");
    bench_check(secret_harden(&error) == BASE_OK, "secret_harden");
    (void)bench_folder();
    double whole = measure_count();
    measure_age_of_store(whole);
    measure_reading();
    measure_peers(whole);
    return EXIT_SUCCESS;
}
