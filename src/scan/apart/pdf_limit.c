/* Bounds for what poppler does. A small document can make it work for years, and poppler and glib end the process where
 * they get no memory: then the process says so itself, and ends as with any file that can't be read. What was found
 * up to then is lost. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "pdf_poppler.h"

#if defined(__SANITIZE_ADDRESS__)
enum { MEMORY_IS_BOUNDED = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { MEMORY_IS_BOUNDED = 0 };
#else
enum { MEMORY_IS_BOUNDED = 1 };
#endif
#else
enum { MEMORY_IS_BOUNDED = 1 };
#endif

enum { MOST_SECONDS = 300, MOST_MEMORY = 1 << 30, NOT_READ = 2 /* the exit status */ };

static const int signals[PDF_LIMIT_SIGNALS] = {SIGXCPU, SIGABRT, SIGTRAP};

static void give_up(int number)
{
    static const char words[] = "tavs: the PDF takes too much time or memory to be read\n"
                                "hint: it has not been cleared; open it, and save it anew\n";
    (void)number;
    const ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written;
    _exit(NOT_READ);
}

static struct rlimit lowered(const struct rlimit *limit, rlim_t most)
{
    struct rlimit now = *limit;
    if (now.rlim_cur == RLIM_INFINITY || now.rlim_cur > most)
        now.rlim_cur = most;
    return now;
}

/* Of the process so far. */
static rlim_t used_seconds(void)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0)
        return 0;
    return (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec;
}

void pdf_limit_begin(struct pdf_limit *limit)
{
    struct sigaction action = {.sa_handler = give_up};
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < PDF_LIMIT_SIGNALS; i++)
        (void)sigaction(signals[i], &action, &limit->actions[i]);
    if (getrlimit(RLIMIT_CPU, &limit->time) == 0) {
        const struct rlimit now = lowered(&limit->time, used_seconds() + MOST_SECONDS);
        (void)setrlimit(RLIMIT_CPU, &now);
    }
    if (MEMORY_IS_BOUNDED && getrlimit(RLIMIT_DATA, &limit->memory) == 0) {
        const struct rlimit now = lowered(&limit->memory, MOST_MEMORY);
        (void)setrlimit(RLIMIT_DATA, &now);
    }
}

void pdf_limit_end(const struct pdf_limit *limit)
{
    (void)setrlimit(RLIMIT_CPU, &limit->time);
    if (MEMORY_IS_BOUNDED)
        (void)setrlimit(RLIMIT_DATA, &limit->memory);
    for (size_t i = 0; i < PDF_LIMIT_SIGNALS; i++)
        (void)sigaction(signals[i], &limit->actions[i], NULL);
}
