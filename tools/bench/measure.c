#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

void bench_check(int holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "bench: %s failed\n", what);
    exit(EXIT_FAILURE);
}

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

void bench_measure(struct bench_case *cases, int count, int rounds)
{
    static double times[BENCH_MOST_CASES][BENCH_MOST_ROUNDS];
    bench_check(count <= BENCH_MOST_CASES && rounds <= BENCH_MOST_ROUNDS, "bench_measure");
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            double begin = now();
            cases[i].action(cases[i].context);
            times[i][round] = now() - begin;
        }
    for (int i = 0; i < count; i++) {
        qsort(times[i], (size_t)rounds, sizeof **times, by_size);
        cases[i].median = times[i][rounds / 2];
    }
}

void bench_run(char *const arguments[], long *memory_kib)
{
    posix_spawn_file_actions_t files;
    struct rusage usage;
    pid_t child;
    int status;

    bench_check(posix_spawn_file_actions_init(&files) == 0, "posix_spawn");
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
        (void)posix_spawn_file_actions_addopen(&files, i, "/dev/null", O_RDWR, 0);
    bench_check(posix_spawnp(&child, arguments[0], &files, NULL, arguments, environ) == 0,
                arguments[0]);
    bench_check(wait4(child, &status, 0, &usage) == child && status == 0, arguments[0]);
    (void)posix_spawn_file_actions_destroy(&files);
    if (memory_kib != NULL)
        *memory_kib = usage.ru_maxrss;
}

static char folder[] = "/tmp/tavs-bench-XXXXXX";

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *bench_folder(void)
{
    static int made;
    if (!made) {
        made = 1;
        bench_check(mkdtemp(folder) != NULL, "mkdtemp");
        bench_check(atexit(remove_folder) == 0, "atexit");
        bench_check(setenv("HOME", folder, 1) == 0 && unsetenv("XDG_STATE_HOME") == 0 &&
                        unsetenv("XDG_DATA_HOME") == 0,
                    "setenv");
    }
    return folder;
}
