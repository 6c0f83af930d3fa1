/* make bench: what a count costs, against the libsodium calls that it can't do without and against
 * peers; what reading and auditing cost. Medians; ratios are within one run.
 * make bench ONLY="count peers" measures these parts. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "tavs/secret.h"
#include "tavs/tally.h"

enum { ROUNDS = 101, FEW_ROUNDS = 21, AUDIT_ROUNDS = 5, PATH_BYTES = 256 };

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

static void measure_count(void)
{
    enum { RAW, SYNC, START, WHOLE, CASES };
    char store[PATH_BYTES], scratch[PATH_BYTES];
    in_folder(store, "count.mdb");
    in_folder(scratch, "scratch");
    bench_store(store, 1, 1);
    char *arguments[] = {(char *)program, "--store", store, "log", "phone", "relative", NULL};
    char *nothing[] = {(char *)program, "version", NULL};
    struct bench_case cases[CASES] = {
        [RAW] = {bench_raw_calls, NULL, 0},
        [SYNC] = {sync_pair, scratch, 0},
        [START] = {run_program, nothing, 0},
        [WHOLE] = {run_program, arguments, 0},
    };
    long memory;

    bench_measure(cases, CASES, ROUNDS);
    bench_run(arguments, &memory);
    (void)printf("One count\n");
    print("the raw libsodium calls of a count", cases[RAW].median);
    print("two writes of a page, each with its fdatasync", cases[SYNC].median);
    print("a process that does nothing (tavs version)", cases[START].median);
    print("tavs log, the whole process", cases[WHOLE].median);
    print_ratio("tavs log / (raw calls + syncs)",
                cases[WHOLE].median / (cases[RAW].median + cases[SYNC].median), "at most 1.5");
    (void)printf("%-58s %8.1f MiB  (under 32)\n\n", "memory of tavs log, largest resident",
                 (double)memory / 1024);
}

static void measure_age_of_store(void)
{
    enum { CASES = 3 };
    static const int years[CASES] = {1, 10, 50};
    static char store[CASES][PATH_BYTES];
    static char *arguments[CASES][7];
    struct bench_case cases[CASES];

    for (size_t i = 0; i < CASES; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "years-%d.mdb", years[i]);
        in_folder(store[i], name);
        bench_store(store[i], years[i], 1);
        char *const words[] = {(char *)program, "--store",  store[i], "log",
                               "phone",         "relative", NULL};
        memcpy(arguments[i], words, sizeof words);
        cases[i] = (struct bench_case){run_program, arguments[i], 0};
    }
    bench_measure(cases, CASES, FEW_ROUNDS);
    (void)printf("A count in an older store\n");
    for (size_t i = 0; i < CASES; i++) {
        char what[64];
        (void)snprintf(what, sizeof what, "tavs log, years of rows: %d", years[i]);
        print(what, cases[i].median);
    }
    print_ratio("50 years / 1 year", cases[CASES - 1].median / cases[0].median, "about 1");
    (void)printf("\n");
}

/* ---- the desk ---- */

static void measure_desk(void)
{
    char store[PATH_BYTES];
    in_folder(store, "desk.mdb");
    bench_store(store, 1, 1);
    char *arguments[] = {(char *)program, "--lang", "en", "--store", store, NULL};
    struct bench_case entry = {bench_desk_enter, "phone relative", 0};
    bench_desk_open(arguments);
    bench_measure(&entry, 1, ROUNDS);
    bench_desk_close();
    (void)printf("At the desk\n");
    print("a line, from its first key to what is said (under 50)", entry.median);
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
    bench_store(path, 1, 1);
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

    struct bench_case cases[] = {{read_year, &reading, 0}, {read_cell, &large, 0}};
    bench_measure(cases, 2, FEW_ROUNDS);
    (void)printf("Reading, once the key is open\n");
    print("a year: 720 cells, counts up to 200   (under 100)", cases[0].median);
    print("a cell that counts 1,000,000          (under 50)", cases[1].median);
    (void)printf("\n");
    store_close(reading.store);
    keys_reader_free(reading.reader);
}

/* ---- auditing ---- */

static void measure_audit(void)
{
    enum { YEARS = 10, MACHINES = 5 };
    char path[PATH_BYTES], passphrase[PATH_BYTES];
    long memory;

    in_folder(path, "audit.mdb");
    in_folder(passphrase, "passphrase");
    bench_store(path, YEARS, MACHINES);
    FILE *file = fopen(passphrase, "we");
    bench_check(file != NULL && fputs(BENCH_PASSPHRASE "\n", file) >= 0 && fclose(file) == 0,
                passphrase);
    char *keyless[] = {(char *)program, "--store", path, "audit", NULL};
    char *full[] = {(char *)program, "--store",           path,       "audit",
                    "--full",        "--passphrase-file", passphrase, NULL};
    char *wash[] = {(char *)program, "--store", path, "audit", "--wash", NULL};
    struct bench_case cases[] = {
        {run_program, keyless, 0}, {run_program, full, 0}, {run_program, wash, 0}};
    bench_run(keyless, &memory);
    bench_measure(cases, (int)(sizeof cases / sizeof *cases), AUDIT_ROUNDS);

    (void)printf("Audit of 600 rows, 36,000 cells (ten years of five machines)\n");
    print("tavs audit                            (under 2,000)", cases[0].median);
    (void)printf("%-58s %8.1f MiB  (under 32)\n", "memory of tavs audit, largest resident",
                 (double)memory / 1024);
    print("tavs audit --full", cases[1].median);
    print("tavs audit --wash: 120 of the rows", cases[2].median);
    (void)printf("\n");
}

/* ---- peers: the same job, one count, by other means ---- */

static int is_installed(const char *name)
{
    char command[PATH_BYTES];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    return system(command) == 0;
}

static void measure_peer(const char *name, const char *what, const char *aim, char *prepare,
                         char *job)
{
    char store[PATH_BYTES];
    if (!is_installed(name)) {
        (void)printf("%-58s not installed\n", what);
        return;
    }
    in_folder(store, "count.mdb");
    char *arguments[] = {(char *)program, "--store", store, "log", "phone", "relative", NULL};
    char *preparing[] = {"/bin/sh", "-ec", prepare, NULL};
    char *doing[] = {"/bin/sh", "-ec", job, NULL};
    struct bench_case cases[] = {{run_program, doing, 0}, {run_program, arguments, 0}};
    bench_check(chdir(bench_folder()) == 0, bench_folder());
    bench_run(preparing, NULL);
    bench_measure(cases, 2, FEW_ROUNDS);
    print(what, cases[0].median);
    print_ratio("that / tavs log", cases[0].median / cases[1].median, aim);
}

static void measure_peers(void)
{
    (void)printf("The same job by other means\n");
    measure_peer(
        "sqlcipher", "SQLCipher's shell: open by passphrase, add one", "above 1",
        "sqlcipher p.db \"PRAGMA key='" BENCH_PASSPHRASE "'; CREATE TABLE tally(month TEXT, cell "
        "INT, n INT, PRIMARY KEY(month, cell)); INSERT INTO tally VALUES('2026-11', 20, 0);\"",
        "exec sqlcipher p.db \"PRAGMA key='" BENCH_PASSPHRASE
        "'; UPDATE tally SET n = n + 1 WHERE month = '2026-11' AND cell = 20;\"");
    /* The key that reads everything lies beside it, and earlier versions stay on the disk. */
    measure_peer("age", "age: decrypt, append a line, encrypt (key file)", "about 1",
                 "age-keygen -o k 2>/dev/null; age-keygen -y k >r; echo begin | age -R r -o l.age; "
                 "sync l.age",
                 "{ age -d -i k l.age; echo 2026-11 phone relative 1; } | age -R r -o n.age; "
                 "sync n.age; mv n.age l.age; sync .");
}

/* ---- the parts ---- */

static const struct part {
    const char *name;
    void (*measure)(void);
} parts[] = {
    {"count", measure_count},     {"years", measure_age_of_store}, {"desk", measure_desk},
    {"audit", measure_audit}, /* before this process has opened a key, which takes 64 MiB */
    {"reading", measure_reading}, {"peers", measure_peers},
};

enum { PARTS = sizeof parts / sizeof *parts };

static int is_wanted(const struct part *part, int argc, char **argv)
{
    int wanted = argc < 2;
    for (int i = 1; i < argc; i++)
        wanted = wanted || strcmp(argv[i], part->name) == 0;
    return wanted;
}

static void check_names(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int known = 0;
        for (size_t part = 0; part < PARTS; part++)
            known = known || strcmp(argv[i], parts[part].name) == 0;
        if (!known) {
            (void)fprintf(stderr, "bench: there is no part %s\n", argv[i]);
            exit(EXIT_FAILURE);
        }
    }
}

/* Whatever else runs makes everything slower, and what waits for the disk or starts programs most. */
static void tell_load(void)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    double load;
    if (getloadavg(&load, 1) == 1 && load > 0.5 * (double)processors)
        (void)printf("Others are at work: load %.1f on %ld processors. Expect higher figures.\n\n",
                     load, processors);
}

int main(int argc, char **argv)
{
    struct base_error error;
    program = getenv("TAVS_PROGRAM");
    bench_check(program != NULL, "TAVS_PROGRAM");
    bench_check(secret_harden(&error) == BASE_OK, "secret_harden");
    check_names(argc, argv);
    tell_load();
    (void)bench_folder();
    for (size_t i = 0; i < PARTS; i++)
        if (is_wanted(&parts[i], argc, argv))
            parts[i].measure();
    return EXIT_SUCCESS;
}
