/* secret: guarded memory, wiping, and what hardening does to the process. */
#include "trial.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "tavs/secret.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { NOBODY = 65534 };

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

static uint8_t *new_secret(size_t size)
{
    struct base_error error;
    void *memory = NULL;

    assert_int_equal(secret_new(size, &memory, &error), BASE_OK);
    return memory;
}

/* Runs `work` in a child, where cmocka and the sanitizers catch no signal; its wait status. */
static int in_child(int (*work)(void))
{
    int status;

    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        _exit(work());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_child_ends_well(int (*work)(void))
{
    int status = in_child(work);

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the child failed: wait status 0x%x", (unsigned)status);
}

/* ---- guarded memory --------------------------------------------------------------------------- */

static void test_new_memory_is_zero(void **state)
{
    static const size_t sizes[] = {0, 1, 15, 32, 4095, 4096, 4097, 200000};

    (void)state;
    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < TRIAL_COUNT(sizes); i++) {
            uint8_t *memory = new_secret(sizes[i]);

            assert_true(base_is_zero(memory, sizes[i]));
            memset(memory, 0xff, sizes[i]);
            secret_free(memory);
        }
    }
    secret_free(NULL);
}

static void test_no_memory(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 4096, SIZE_MAX / 2};

    (void)state;
    for (size_t i = 0; i < TRIAL_COUNT(sizes); i++) {
        struct base_error error;
        void *memory = &error;

        assert_int_equal(secret_new(sizes[i], &memory, &error), BASE_NO_MEMORY);
        assert_ptr_equal(memory, &error);
    }
}

static int write_past_the_end(void)
{
    volatile uint8_t *memory = new_secret(100);

    memory[100] = 1;
    return 0;
}

static int write_before_the_beginning(void)
{
    uint8_t *memory = new_secret(100);
    volatile uint8_t *before = memory - 1;

    *before ^= 1;
    secret_free(memory); /* finds it */
    return 0;
}

static int read_after_free(void)
{
    volatile uint8_t *memory = new_secret(100);

    secret_free((void *)(uintptr_t)memory);
    return memory[50] == 1 ? 0 : 2;
}

static void test_guards(void **state)
{
    static int (*const trespasses[])(void) = {write_past_the_end, write_before_the_beginning,
                                              read_after_free};

    (void)state;
    if (trial_is_slow())
        skip(); /* valgrind would report what is wrong on purpose */
    for (size_t i = 0; i < TRIAL_COUNT(trespasses); i++)
        if (!WIFSIGNALED(in_child(trespasses[i])))
            fail_msg("trespass %zu went unnoticed", i);
}

/* The flags of the mapping that holds `address`, from /proc/self/smaps (proc(5)); false if the
 * system does not say. */
static bool mapping_flags(const void *address, char *flags, size_t size)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    bool inside = false, found = false;

    while (maps != NULL && !found && fgets(line, sizeof line, maps) != NULL) {
        uintptr_t first, last;

        if (sscanf(line, "%lx-%lx ", &first, &last) == 2)
            inside = first <= (uintptr_t)address && (uintptr_t)address < last;
        found = inside && strncmp(line, "VmFlags:", 8) == 0;
    }
    if (maps != NULL)
        fclose(maps);
    if (found)
        snprintf(flags, size, "%s", line + 8);
    return found;
}

static void test_memory_is_locked_and_not_dumped(void **state)
{
    uint8_t *memory = new_secret(64), page[64];
    char flags[512];
    bool known = mapping_flags(memory, flags, sizeof flags);
    bool may_lock = mlock(page, sizeof page) == 0;

    (void)state;
    secret_free(memory);
    (void)munlock(page, sizeof page);
    if (trial_is_slow() || !known)
        skip();
    assert_non_null(strstr(flags, " dd"));
    if (may_lock && !SANITIZED) /* AddressSanitizer lets nobody lock */
        assert_non_null(strstr(flags, " lo"));
}

/* ---- wiping and drawing ----------------------------------------------------------------------- */

static void test_wipe(void **state)
{
    uint8_t bytes[64];

    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++) {
        memset(bytes, 0xa5, sizeof bytes);
        secret_wipe(bytes, size);
        assert_true(base_is_zero(bytes, size));
        for (size_t i = size; i < sizeof bytes; i++)
            assert_int_equal(bytes[i], 0xa5);
    }
}

/* In 100 draws a bit stays the same by chance once in 2^99 times. */
static void test_random(void **state)
{
    enum { DRAWS = 100 };
    uint8_t bytes[48], ones[32] = {0}, zeros[32] = {0};

    (void)state;
    memset(bytes, 0xa5, sizeof bytes);
    for (unsigned draw = 0; draw < DRAWS; draw++) {
        secret_random(bytes + 8, 32);
        for (size_t i = 0; i < 32; i++) {
            ones[i] |= bytes[8 + i];
            zeros[i] |= (uint8_t)~bytes[8 + i];
        }
    }
    for (size_t i = 0; i < 32; i++)
        assert_true(ones[i] == 0xff && zeros[i] == 0xff);
    for (size_t i = 0; i < 8; i++)
        assert_true(bytes[i] == 0xa5 && bytes[40 + i] == 0xa5);
}

/* ---- hardening, in children: it can't be undone ----------------------------------------------- */

static int harden_against_dumps(void)
{
    struct base_error error;
    struct rlimit limit = {1, 1};

    if (secret_harden(&error) != BASE_OK)
        return 1;
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return 2;
    if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 0 || limit.rlim_max != 0)
        return 3;
    return secret_harden(&error) == BASE_OK ? 0 : 4; /* and once more */
}

static void test_no_core_dump(void **state)
{
    (void)state;
    assert_child_ends_well(harden_against_dumps);
}

enum { BLOCKS = 40, SECRET_BYTE = 0x5e };

/* How often the kernel sees a word of the secret at an address that was freed. A single byte may be
 * part of what the allocator writes into free blocks. */
static unsigned secret_left(uintptr_t address, size_t size)
{
    static const uint8_t word[] = {SECRET_BYTE, SECRET_BYTE, SECRET_BYTE, SECRET_BYTE};
    static uint8_t seen[200000];
    struct iovec to = {seen, size}, from = {(void *)address, size};
    unsigned left = 0;

    if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != (ssize_t)size)
        return 0; /* given back to the system */
    for (size_t i = 0; i + sizeof word <= size; i++)
        left += memcmp(seen + i, word, sizeof word) == 0;
    return left;
}

/* Blocks filled and freed, some after they grew or shrank: 0 if nothing of them is left. */
static int use_blocks(size_t size)
{
    volatile uintptr_t addresses[2 * BLOCKS] = {0}; /* or the compiler sees what is freed */
    uint8_t *blocks[BLOCKS];

    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(size);
        if (blocks[i] == NULL || !base_is_zero(blocks[i], size))
            return 2;
        memset(blocks[i], SECRET_BYTE, size);
        addresses[i] = (uintptr_t)blocks[i];
    }
    for (size_t i = 0; i < BLOCKS; i += 2) {
        size_t new_size = i % 4 == 0 ? 2 * size : size / 2 + 1;
        size_t kept = new_size < size ? new_size : size;

        blocks[i] = realloc(blocks[i], new_size);
        if (blocks[i] == NULL || blocks[i][0] != SECRET_BYTE || blocks[i][kept - 1] != SECRET_BYTE)
            return 3;
        addresses[BLOCKS + i] = (uintptr_t)blocks[i];
    }
    for (size_t i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    for (size_t i = 0; i < 2 * BLOCKS; i++)
        if (addresses[i] != 0 && secret_left(addresses[i], i < BLOCKS ? size : size / 2 + 1) != 0)
            return 4;
    return 0;
}

static int harden_the_allocator(void)
{
    static const size_t sizes[] = {24, 40, 100, 600, 1032, 1040, 4096, 5000, 70000, 150000};
    struct base_error error;

    if (secret_harden(&error) != BASE_OK)
        return 1;
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < TRIAL_COUNT(sizes); i++) {
            int result = use_blocks(sizes[i]);

            if (result != 0)
                return result;
        }
    }
    volatile size_t nothing = 0;
    uint8_t *block = malloc(100);
    volatile uintptr_t address = (uintptr_t)block;
    memset(block, SECRET_BYTE, 100);
    return realloc(block, nothing) == NULL && secret_left(address, 100) == 0 ? 0 : 5;
}

/* What a library leaves behind: fopen's buffer, which is the C library's own block. */
static int harden_the_c_library(void)
{
    struct base_error error;
    char *line = NULL;
    size_t size = 0;
    int pair[2];

    if (secret_harden(&error) != BASE_OK || pipe(pair) != 0)
        return 1;
    FILE *out = fdopen(pair[1], "w"), *in = fdopen(pair[0], "r");
    for (unsigned i = 0; i < 500; i++)
        fputc(SECRET_BYTE, out);
    fputc('\n', out);
    fflush(out);
    if (getline(&line, &size, in) != 501)
        return 2;
    volatile uintptr_t address = (uintptr_t)line;
    free(line);
    fclose(in);
    fclose(out);
    return secret_left(address, 400) == 0 ? 0 : 3;
}

/* Where all is public, blocks are not wiped. */
static int end_secrets(void)
{
    struct base_error error;
    if (secret_harden(&error) != BASE_OK)
        return 1;
    secret_end();
    return use_blocks(4096) == 0 ? 2 : 0;
}

static void test_allocator_keeps_nothing(void **state)
{
    (void)state;
    if (SANITIZED || trial_is_slow())
        skip(); /* both bring an allocator of their own */
    assert_child_ends_well(harden_the_allocator);
    assert_child_ends_well(harden_the_c_library);
    assert_child_ends_well(end_secrets);
}

static const char memory_of_a_counsellor[] = "not for other processes";

/* Whether a process with the same user's rights, its parent even, reads a child's memory. */
static bool child_can_be_read(bool hardened)
{
    char seen[sizeof memory_of_a_counsellor];
    struct iovec to = {seen, sizeof seen};
    struct iovec from = {(void *)(uintptr_t)memory_of_a_counsellor, sizeof seen};
    int ready[2];
    char byte;

    if (pipe(ready) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        struct base_error error;

        if (hardened && secret_harden(&error) != BASE_OK)
            _exit(1);
        (void)!write(ready[1], "", 1);
        pause();
        _exit(0);
    }
    bool told = read(ready[0], &byte, 1) == 1;
    bool read_it = process_vm_readv(child, &to, 1, &from, 1, 0) == (ssize_t)sizeof seen;
    bool traced = ptrace(PTRACE_SEIZE, child, NULL, NULL) == 0;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    return told && (read_it || traced);
}

enum { NOT_TO_BE_TOLD = 77 };

static int be_read_as_nobody(void)
{
    /* root may read everything; and a process that has changed its user is not dumpable anyway */
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        return NOT_TO_BE_TOLD;
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (!child_can_be_read(false))
        return NOT_TO_BE_TOLD;
    return child_can_be_read(true) ? 1 : 0;
}

static void test_other_processes_can_not_read(void **state)
{
    (void)state;
    if (trial_is_slow())
        skip();
    int status = in_child(be_read_as_nobody);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_TO_BE_TOLD)
        skip(); /* this system lets nobody read anyone's memory */
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The example of the paper's appendix A. */
static void test_hash(void **state)
{
    uint8_t key[SECRET_HASH_KEY_BYTES], text[15];
    (void)state;
    for (uint8_t i = 0; i < sizeof key; i++)
        key[i] = i;
    for (uint8_t i = 0; i < sizeof text; i++)
        text[i] = i;
    assert_true(secret_hash(key, text, sizeof text) == 0xa129ca6149be45e5U);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_memory_is_zero),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_memory_is_locked_and_not_dumped),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_no_core_dump),
        cmocka_unit_test(test_allocator_keeps_nothing),
        cmocka_unit_test(test_other_processes_can_not_read),
        cmocka_unit_test(test_hash),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
