/* Makes a slow input a finding: every target is linked with `-Wl,--wrap=LLVMFuzzerTestOneInput`, so that libFuzzer calls
 * what is here. An input is slow that takes 20 times as long as the median of those before it, an input longer than
 * their median length in proportion more; three times out of three, so that it was not something else. libFuzzer's own
 * -timeout counts whole seconds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t fuzz_allowed(void);
int __real_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a target may take whatever the others do: less can't be measured well. One that searches, or derives keys, says more. */
__attribute__((weak)) uint64_t fuzz_allowed(void)
{
    return 20000000; /* nanoseconds */
}

enum { TIMES = 20, TRIES = 3, SAMPLE = 1024, OFTEN = 256, THOUSAND_MILLIONS = 1000000000 };

static struct {
    uint64_t time[SAMPLE], size[SAMPLE]; /* of the last inputs */
    size_t count;
    uint64_t median_time, median_size;
} sample;

static uint64_t now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * THOUSAND_MILLIONS + (uint64_t)time.tv_nsec;
}

static int compare(const void *one, const void *other)
{
    const uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static uint64_t median(const uint64_t *values)
{
    static uint64_t sorted[SAMPLE];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, SAMPLE, sizeof *sorted, compare);
    return sorted[SAMPLE / 2];
}

static void note(uint64_t time, size_t size)
{
    sample.time[sample.count % SAMPLE] = time;
    sample.size[sample.count % SAMPLE] = size;
    sample.count++;
    if (sample.count < SAMPLE || sample.count % OFTEN != 0)
        return;
    sample.median_time = median(sample.time);
    sample.median_size = median(sample.size);
}

static uint64_t allowed(size_t size)
{
    const uint64_t longer =
        size > sample.median_size ? (size + 1) / (sample.median_size + 1) + 1 : 1;
    const uint64_t most = TIMES * sample.median_time * longer;
    return most > fuzz_allowed() ? most : fuzz_allowed();
}

static uint64_t take(const uint8_t *data, size_t size)
{
    const uint64_t begun = now();
    (void)__real_LLVMFuzzerTestOneInput(data, size);
    return now() - begun;
}

int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t time = take(data, size);
    for (unsigned tries = 1; sample.median_time > 0 && time > allowed(size); tries++) {
        if (tries == TRIES) {
            fprintf(stderr, "slow: %zu bytes took %llu ms; the median is %llu bytes in %llu us\n",
                    size, (unsigned long long)time / 1000000,
                    (unsigned long long)sample.median_size,
                    (unsigned long long)sample.median_time / 1000);
            abort();
        }
        time = take(data, size);
    }
    note(time, size);
    return 0;
}
