#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/tally.h"

/* ---- surroundings ---------------------------------------------------------------------------- */

enum { PATH_BYTES = 4096, MOST_OPEN = 8 };

static char before[PATH_BYTES], scratch[PATH_BYTES];
static unsigned descriptors; /* open ones, when the test began */
static uint64_t seed;

static void draw_seed(void)
{
    const char *text = getenv("TAVS_SEED");
    if (text != NULL)
        seed = strtoull(text, NULL, 10);
    else
        secret_random(&seed, sizeof seed);
    print_message("TAVS_SEED=%llu\n", (unsigned long long)seed);
}

static int enter(const char *parent)
{
    struct base_error error;
    int length = snprintf(scratch, sizeof scratch, "%s/tavs-unit.XXXXXX", parent);
    if (length < 0 || length >= (int)sizeof scratch || secret_harden(&error) != BASE_OK ||
        getcwd(before, sizeof before) == NULL || mkdtemp(scratch) == NULL || chdir(scratch) != 0)
        return -1;
    draw_seed();
    descriptors = support_entries("/proc/self/fd");
    return setenv("HOME", scratch, 1) != 0 || setenv("XDG_STATE_HOME", scratch, 1) != 0 ? -1 : 0;
}

int support_enter(void **state)
{
    const char *parent = getenv("TMPDIR");
    (void)state;
    return enter(parent == NULL ? "/tmp" : parent);
}

int support_enter_memory(void **state)
{
    static const char memory[] = "/dev/shm";
    return access(memory, W_OK) == 0 ? enter(memory) : support_enter(state);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int open_folder(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)place;
    return kind == FTW_D || kind == FTW_DNR ? chmod(path, S_IRWXU) : 0;
}

int support_leave(void **state)
{
    (void)state;
    if (chdir(before) != 0)
        return -1;
    assert_int_equal(support_entries("/proc/self/fd"), descriptors);
    (void)nftw(scratch, open_folder, MOST_OPEN, FTW_PHYS);
    return nftw(scratch, remove_entry, MOST_OPEN, FTW_PHYS | FTW_DEPTH);
}

bool support_is_slow(void)
{
    return getenv("TAVS_VALGRIND") != NULL || getenv("TAVS_SLOW_MACHINE") != NULL;
}

unsigned support_rounds(unsigned full)
{
    enum { SLOWER = 20 };
    return support_is_slow() ? (full + SLOWER - 1) / SLOWER : full;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
uint64_t support_random(uint64_t limit)
{
    uint64_t value = seed += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return (value ^ (value >> 31)) % limit;
}

static const char *name_same_keys(void)
{
    return "the same in every run";
}

static void draw_same_keys(void *const to, const size_t size)
{
    static uint8_t drawn[randombytes_SEEDBYTES];
    drawn[0]++;
    randombytes_buf_deterministic(to, size, drawn);
}

static uint32_t draw_same_number(void)
{
    uint32_t number;
    draw_same_keys(&number, sizeof number);
    return number;
}

void support_draw_same_keys(void)
{
    static randombytes_implementation same = {
        .implementation_name = name_same_keys, .random = draw_same_number, .buf = draw_same_keys};
    assert_int_equal(randombytes_set_implementation(&same), 0);
}

/* ---- children -------------------------------------------------------------------------------- */

pid_t support_start(support_work *work, void *context, unsigned seconds)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* A check that fails ends the child instead of going on with the next test in it. */
        (void)setenv("CMOCKA_TEST_ABORT", "1", 1);
        (void)alarm(seconds);
        _exit(work(context));
    }
    return child;
}

int support_end(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    if (WIFSIGNALED(status))
        fail_msg("a child died of signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

int support_child(support_work *work, void *context, unsigned seconds)
{
    return support_end(support_start(work, context, seconds));
}

void support_become_nobody(void)
{
    if (geteuid() == 0 && (setgid(SUPPORT_NOBODY) != 0 || setuid(SUPPORT_NOBODY) != 0))
        abort();
}

static int give(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return lchown(path, SUPPORT_NOBODY, SUPPORT_NOBODY);
}

void support_give_to_nobody(void)
{
    if (geteuid() == 0)
        assert_int_equal(nftw(".", give, MOST_OPEN, FTW_PHYS), 0);
}

void *support_share(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

void support_unshare(void *memory, size_t size)
{
    assert_int_equal(munmap(memory, size), 0);
}

/* ---- files ----------------------------------------------------------------------------------- */

uint8_t *support_read_file(const char *path, size_t *size)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(fstat(descriptor, &status), 0);
    *size = (size_t)status.st_size;
    uint8_t *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(read(descriptor, bytes, *size), *size);
    assert_int_equal(close(descriptor), 0);
    return bytes;
}

void support_write_file(const char *path, const void *bytes, size_t size)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, size), size);
    assert_int_equal(close(descriptor), 0);
}

unsigned support_entries(const char *path)
{
    DIR *folder = opendir(path);
    unsigned count = 0;
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    assert_int_equal(closedir(folder), 0);
    return count - 2; /* "." and ".." */
}

/* ---- a store --------------------------------------------------------------------------------- */

static void assert_done(enum base_code code, const struct base_error *error)
{
    if (code != BASE_OK)
        fail_msg("code %d, errno %d: %s", (int)code, error->os_error, error->subject);
}

void place_be(const struct place *place, uint16_t number)
{
    char folder[32];
    assert_true(number >= 1 && number <= place->device_count);
    assert_true(snprintf(folder, sizeof folder, "/device-%u", number) > 0);
    char *path = malloc(strlen(scratch) + sizeof folder);
    assert_non_null(path);
    (void)strcat(strcpy(path, scratch), folder);
    assert_int_equal(setenv("XDG_STATE_HOME", path, 1), 0);
    free(path);
}

static void new_device(struct place *place)
{
    struct base_error error;
    uint16_t number = ++place->device_count;
    assert_true(number <= PLACE_MOST_DEVICES);
    struct keys_device **key = &place->keys[number - 1];
    struct record_device *device = &place->devices[number - 1];

    assert_done(keys_device_new(number, place->header.store_id, place->fingerprint, key, &error),
                &error);
    *device = (struct record_device){.number = number, .state = RECORD_DEVICE_ACTIVE};
    memcpy(device->signing_public, keys_device_public(*key), sizeof device->signing_public);
    place_be(place, number);
    assert_done(keys_device_save(*key, &error), &error);
}

void place_make(struct place *place, int year)
{
    struct base_error error;

    *place = (struct place){.path = "s/tavs.mdb",
                            .header = {.threshold = RECORD_THRESHOLD,
                                       .channels = CODEBOOK_ALL_CHANNELS,
                                       .parties = CODEBOOK_ALL_PARTIES}};
    assert_int_equal(mkdir("s", S_IRWXU), 0);
    secret_random(place->header.store_id, sizeof place->header.store_id);
    assert_done(keys_reader_new(&place->reader, &error), &error);
    keys_reader_public(place->reader, &place->header.public_keys);
    keys_fingerprint(place->fingerprint, place->header.store_id, &place->header.public_keys);
    new_device(place);
    assert_done(store_create(place->path, &place->header, place->reader, &place->devices[0],
                             place->keys[0], year, &error),
                &error);
}

void place_free(struct place *place)
{
    keys_reader_free(place->reader);
    for (uint16_t i = 0; i < place->device_count; i++)
        keys_device_free(place->keys[i]);
}

static struct store *open_to_write(const struct place *place)
{
    struct store *store = NULL;
    struct base_error error;
    assert_done(store_open(place->path, STORE_WRITE, &store, &error), &error);
    return store;
}

static void commit(struct store *store)
{
    struct base_error error;
    assert_done(store_commit(store, &error), &error);
    store_close(store);
}

void place_put_header(struct place *place)
{
    struct base_error error;
    struct store *store = open_to_write(place);
    assert_done(store_put_header(store, &place->header, place->reader, &error), &error);
    commit(store);
}

void place_put_device(struct place *place, uint16_t number)
{
    struct base_error error;
    struct store *store = open_to_write(place);
    assert_done(store_put_device(store, &place->devices[number - 1], place->reader, &error),
                &error);
    commit(store);
}

void place_enrol(struct place *place)
{
    new_device(place);
    place_put_device(place, place->device_count);
}

enum base_code place_count(const struct place *place, base_month month, unsigned cell,
                           int32_t amount, struct base_error *error)
{
    return tally_count(place->path, codebook_contact_of(cell), month, amount, error);
}
