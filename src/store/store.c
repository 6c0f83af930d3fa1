#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "erase.h"
#include "inside.h"
#include "pages.h"

/* LMDB notes the map's size in the file, so it is the same for every store (docs/format.md). Only
 * addresses are taken, no memory. */
enum { NAMED_DATABASES = 2, PROC_NAME_BYTES = 32 };

enum base_code store_fail(int result, const char *what, struct base_error *error)
{
    switch (result) {
    case MDB_VERSION_MISMATCH:
        return base_fail(error, BASE_STORE_NEWER, "LMDB");
    case MDB_INVALID:
        return base_fail(error, BASE_STORE_FOREIGN, "%s", what);
    case MDB_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_DBI:
    case MDB_BAD_TXN:
    case MDB_BAD_VALSIZE:
    case MDB_CURSOR_FULL:
        return base_fail(error, BASE_STORE_DAMAGED, "%s", what);
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case MDB_PAGE_FULL:
    case MDB_DBS_FULL:
        return base_fail(error, BASE_NO_SPACE, "%s", what);
    default:
        return base_fail_os(error, result, "%s", what);
    }
}

enum base_code store_fail_write(int result, struct base_error *error)
{
    const enum base_code code = store_fail(result, _("writing the store"), error);
    return code == BASE_IO || code == BASE_NO_PERMISSION
               ? base_fail_write(error, result, "%s", _("the store"))
               : code;
}

/* LMDB opens by name. What is given it is a name of the very file that we checked and locked, so
 * that nothing that is put in its place can be opened, or be made, instead. Without /proc it has
 * to be the path, and what has been opened is compared. */
static const char *name_of(int descriptor, const char *path, char name[PROC_NAME_BYTES])
{
    (void)snprintf(name, PROC_NAME_BYTES, "/proc/self/fd/%d", descriptor);
    return access(name, F_OK) == 0 ? name : path;
}

static bool is_same_file(MDB_env *environment, int descriptor)
{
    struct stat ours, theirs;
    int opened;
    return mdb_env_get_fd(environment, &opened) == 0 && fstat(opened, &theirs) == 0 &&
           fstat(descriptor, &ours) == 0 && ours.st_dev == theirs.st_dev &&
           ours.st_ino == theirs.st_ino;
}

/* What is mapped: to read, what there is; to write, as much again (a wash writes all anew before it frees what was
 * there), and what every year that there can be takes. The most that a store can become would not fit where the
 * address space is limited. LMDB leaves the size that the file tells as it is. */
static size_t bytes_to_map(const struct store *store, off_t file_bytes)
{
    enum { ALL_YEARS = 64 << 20 };
    const uint64_t bytes =
        store->mode == STORE_READ ? (uint64_t)file_bytes : 2 * (uint64_t)file_bytes + ALL_YEARS;
    return bytes == 0 ? PAGES_SIZE : bytes < PAGES_MAP_BYTES ? (size_t)bytes : PAGES_MAP_BYTES;
}

static enum base_code open_environment(struct store *store, const char *path,
                                       struct base_error *error)
{
    char name[PROC_NAME_BYTES];
    struct stat status;
    if (fstat(store->descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", path);
    unsigned flags = MDB_NOSUBDIR | MDB_NOLOCK | (store->mode == STORE_READ ? MDB_RDONLY : 0U);
    int result = mdb_env_create(&store->environment);
    if (result == MDB_SUCCESS)
        result = mdb_env_set_maxdbs(store->environment, NAMED_DATABASES);
    if (result == MDB_SUCCESS)
        result = mdb_env_set_mapsize(store->environment, bytes_to_map(store, status.st_size));
    if (result == MDB_SUCCESS)
        result = mdb_env_open(store->environment, name_of(store->descriptor, path, name), flags,
                              S_IRUSR | S_IWUSR);
    if (result != MDB_SUCCESS)
        return store_fail(result, path, error);
    if (!is_same_file(store->environment, store->descriptor))
        return base_fail(error, BASE_STORE_BUSY, "%s", path);
    return BASE_OK;
}

enum base_code store_begin(const char *path, int descriptor, enum store_mode mode, bool create,
                           struct store **out, struct base_error *error)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%zu", sizeof *store);
    store->mode = mode;
    store->descriptor = descriptor;
    enum base_code code = open_environment(store, path, error);
    if (code == BASE_OK) {
        unsigned flags = create ? MDB_CREATE : 0;
        int result = mdb_txn_begin(store->environment, NULL, mode == STORE_READ ? MDB_RDONLY : 0,
                                   &store->transaction);
        if (result == MDB_SUCCESS)
            result = mdb_dbi_open(store->transaction, "store", flags, &store->store);
        if (result == MDB_SUCCESS)
            result = mdb_dbi_open(store->transaction, "tally", flags, &store->tally);
        if (result == MDB_NOTFOUND || result == MDB_INCOMPATIBLE)
            code = base_fail(error, BASE_STORE_FOREIGN, "%s", path);
        else if (result != MDB_SUCCESS)
            code = store_fail(result, path, error);
    }
    if (code == BASE_OK)
        *out = store;
    else
        store_close(store);
    return code;
}

/* LMDB trusts what it reads, so the file's structure is checked before LMDB opens it. */
static enum base_code check_structure(int descriptor, struct base_error *error)
{
    struct pages_map map;
    enum base_code code = pages_map_read(descriptor, &map, error);
    if (code == BASE_OK)
        pages_map_free(&map);
    return code;
}

enum base_code store_open(const char *path, enum store_mode mode, struct store **out,
                          struct base_error *error)
{
    int descriptor;
    struct store *store;
    enum base_code code = store_open_file(path, mode, &descriptor, error);
    if (code != BASE_OK)
        return code;
    code = check_structure(descriptor, error);
    if (code == BASE_OK)
        code = store_begin(path, descriptor, mode, false, &store, error);
    if (code != BASE_OK) {
        (void)close(descriptor);
        return code;
    }
    store->owns_descriptor = true;
    code = store_read_header(store, error);
    if (code == BASE_OK)
        code = keys_known_check(path, store->fingerprint, error);
    if (code == BASE_OK)
        *out = store;
    else
        store_close(store);
    return code;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->transaction != NULL)
        mdb_txn_abort(store->transaction);
    if (store->environment != NULL)
        mdb_env_close(store->environment);
    if (store->owns_descriptor)
        (void)close(store->descriptor); /* and with it the lock */
    free(store);
}

/* LMDB says EIO when a write is cut short. What cut it short, as a rule a full disk, is said by one
 * more write behind the file's end; if that is done, it is a page more that is erased already. */
static int reason_of(int result, int descriptor)
{
    static const uint8_t zeros[PAGES_SIZE];
    struct stat status;
    if (result != EIO || fstat(descriptor, &status) != 0 ||
        pwrite(descriptor, zeros, sizeof zeros, status.st_size) >= 0)
        return result;
    return errno;
}

/* The reason goes along. */
static enum base_code fail_erasing(const struct base_error *erasing, struct base_error *error)
{
    (void)base_fail(error, BASE_NOT_ERASED, "%s", erasing->subject);
    error->os_error = erasing->os_error;
    return error->code;
}

enum base_code store_commit(struct store *store, struct base_error *error)
{
    sigset_t before;
    struct base_error erasing;
    enum base_code code = BASE_OK;

    /* A key press must not part the commit from the erasing, nor from telling what was counted. */
    base_hold_signals(&before);
    int result = mdb_txn_commit(store->transaction);
    store->transaction = NULL;
    mdb_env_close(store->environment);
    store->environment = NULL;
    if (result != MDB_SUCCESS)
        code = store_fail_write(reason_of(result, store->descriptor), error);
    /* Also after a failure: it may have left pages that nothing refers to. */
    if (erase_unused(store->descriptor, &erasing) != BASE_OK && code == BASE_OK)
        code = fail_erasing(&erasing, error);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}
