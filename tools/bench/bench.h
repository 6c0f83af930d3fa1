/* Inside of the bench: measuring, and a store to measure on. Times are in microseconds. */
#ifndef TAVS_BENCH_H
#define TAVS_BENCH_H

#include <stddef.h>

/* Something to be measured, once a call. */
typedef void bench_action(void *context);

/* Measures several things in turn, `rounds` times (at most BENCH_MOST_ROUNDS), so that whatever else
 * the machine does falls on all of them, and gives each its median. */
enum { BENCH_MOST_ROUNDS = 201, BENCH_MOST_CASES = 8 };
struct bench_case {
    bench_action *action;
    void *context;
    double median;
};
void bench_measure(struct bench_case *cases, int count, int rounds);

/* Runs a program to its end without output; ends the bench if it fails. `memory_kib`, if not NULL,
 * gets the largest resident memory. */
void bench_run(char *const arguments[], long *memory_kib);

/* Ends the bench with a message unless `holds`. */
void bench_check(int holds, const char *what);

/* A folder of the bench's own, which is also its HOME; removed at the end. */
const char *bench_folder(void);

/* The passphrase of bench_store's stores. */
#define BENCH_PASSPHRASE "correct horse battery staple"

/* Creates a store at `path` with rows of `machines` machines for `years` years up to the current one,
 * this machine's counts of the current year between 0 and 200, all others 0. */
void bench_store(const char *path, int years, int machines);

/* The desk on a terminal of 80 x 24. bench_desk_enter types a line, sees it, types Enter and waits for
 * what is said: then it has been counted. */
void bench_desk_open(char *const arguments[]);
void bench_desk_enter(void *line);
void bench_desk_close(void);

/* The raw libsodium calls of one count. */
void bench_raw_calls(void *context);

#endif
