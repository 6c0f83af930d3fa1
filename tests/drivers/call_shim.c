/* Preloaded into a program under test: the N-th call that can fail does fail, whatever it is: memory, files,
 * locks, LMDB, libsodium.
 *
 *     CALL_AT      N, from 1 on; 0 only counts
 *     CALL_KIND    "once": this one call; "on": this one and all later ones; "signal": before the call the
 *                  process gets the signal CALL_SIGNAL
 *     CALL_RESULT  a file that gets, at the program's end, "calls N" and the name of the call that failed first;
 *                  if N is 0, a letter for each call as well: m memory, g on elements of the group, . all others
 *
 * What fails does so as its manual says. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kept.h"

static long at = -1, seen;
static int signal_number;
static bool goes_on;
static const char *struck = "none";
static int result_file;
enum { MOST_KINDS = 1 << 20 };
static char kinds[MOST_KINDS + 1];

__attribute__((constructor)) static void begin(void)
{
    const char *kind = getenv("CALL_KIND");
    result_file = keep((int)syscall(SYS_openat, AT_FDCWD, getenv("CALL_RESULT"),
                                    O_WRONLY | O_CREAT | O_TRUNC, 0600));
    goes_on = strcmp(kind, "on") == 0;
    signal_number = strcmp(kind, "signal") == 0 ? atoi(getenv("CALL_SIGNAL")) : 0;
    seen = 0;
    at = atol(getenv("CALL_AT"));
}

__attribute__((destructor)) static void end(void)
{
    char text[128];
    at = -1;
    const int length = snprintf(text, sizeof text, "calls %ld %s\n", seen, struck);
    (void)syscall(SYS_write, result_file, text, (size_t)length);
    (void)syscall(SYS_write, result_file, kinds, strlen(kinds));
}

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

static char kind_of(const char *name)
{
    if (begins(name, "__libc_"))
        return 'm';
    return begins(name, "crypto_core_") || begins(name, "crypto_scalarmult_") ? 'g' : '.';
}

/* Counts a call; true if it is to fail. */
static bool fails(const char *name)
{
    if (at < 0 || ++seen < at)
        return false;
    if (at == 0 && seen <= MOST_KINDS)
        kinds[seen - 1] = kind_of(name);
    if (at == 0)
        return false;
    if (seen == at)
        struck = name;
    if (signal_number != 0) {
        if (seen == at)
            (void)raise(signal_number);
        return false;
    }
    return seen == at || goes_on;
}

/* Looked up once: dlsym drops the error that dlerror, which asks for memory, may be about to tell. */
#define FIND(name)                                                                                 \
    static __typeof__(&name) real;                                                                 \
    if (real == NULL)                                                                              \
    real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* A function that tells failure by a value: NAME(parameters) forwarded with arguments. */
#define WRAP(type, name, failure, number, parameters, arguments)                                   \
    type name parameters                                                                           \
    {                                                                                              \
        FIND(name);                                                                                \
        if (fails(#name)) {                                                                        \
            errno = number;                                                                        \
            return failure;                                                                        \
        }                                                                                          \
        return real arguments;                                                                     \
    }

/* ---- memory: the program's own malloc hands on to these ---- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
WRAP(void *, __libc_malloc, NULL, ENOMEM, (size_t size), (size))
WRAP(void *, __libc_calloc, NULL, ENOMEM, (size_t count, size_t size), (count, size))
WRAP(void *, __libc_realloc, NULL, ENOMEM, (void *memory, size_t size), (memory, size))
extern void *sodium_malloc(size_t size);
WRAP(void *, sodium_malloc, NULL, ENOMEM, (size_t size), (size))
WRAP(void *, mmap, MAP_FAILED, ENOMEM,
     (void *where, size_t size, int protection, int flags, int file, off_t offset),
     (where, size, protection, flags, file, offset))

/* ---- files; what is said on standard error is for the person who looks at the failure ---- */

static int open_with(int folder, const char *path, int flags, va_list more)
{
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    if (fails("open")) {
        errno = EACCES;
        return -1;
    }
    va_start(more, flags);
    const int result = open_with(AT_FDCWD, path, flags, more);
    va_end(more);
    return result;
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list more;
    if (fails("openat")) {
        errno = EMFILE;
        return -1;
    }
    va_start(more, flags);
    const int result = open_with(folder, path, flags, more);
    va_end(more);
    return result;
}

extern int __open_2(const char *path, int flags);
extern ssize_t __read_chk(int file, void *bytes, size_t size, size_t room);
WRAP(int, __open_2, -1, EACCES, (const char *path, int flags), (path, flags))
WRAP(ssize_t, __read_chk, -1, EIO, (int file, void *bytes, size_t size, size_t room),
     (file, bytes, size, room))
WRAP(ssize_t, read, -1, EIO, (int file, void *bytes, size_t size), (file, bytes, size))
WRAP(ssize_t, pread, -1, EIO, (int file, void *bytes, size_t size, off_t offset),
     (file, bytes, size, offset))
WRAP(ssize_t, pwrite, -1, ENOSPC, (int file, const void *bytes, size_t size, off_t offset),
     (file, bytes, size, offset))
WRAP(ssize_t, writev, -1, ENOSPC, (int file, const struct iovec *pieces, int count),
     (file, pieces, count))

ssize_t write(int file, const void *bytes, size_t size)
{
    if (file != STDERR_FILENO && fails("write")) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, file, bytes, size);
}

WRAP(int, fsync, -1, EIO, (int file), (file))
WRAP(int, fdatasync, -1, EIO, (int file), (file))
WRAP(int, ftruncate, -1, EIO, (int file, off_t size), (file, size))
WRAP(int, fstat, -1, EIO, (int file, struct stat *status), (file, status))
WRAP(int, lstat, -1, EACCES, (const char *path, struct stat *status), (path, status))
WRAP(int, linkat, -1, EACCES, (int a, const char *from, int b, const char *to, int flags),
     (a, from, b, to, flags))
WRAP(int, renameat, -1, EIO, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, renameat2, -1, EIO, (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags))
WRAP(int, mkdir, -1, EACCES, (const char *path, mode_t mode), (path, mode))
WRAP(int, flock, -1, ENOLCK, (int file, int how), (file, how))

/* ---- LMDB ---- */

typedef struct MDB_env MDB_env;
typedef struct MDB_txn MDB_txn;
typedef struct MDB_cursor MDB_cursor;
extern int mdb_env_create(MDB_env **env);
extern int mdb_env_set_mapsize(MDB_env *env, size_t size);
extern int mdb_env_set_maxdbs(MDB_env *env, unsigned count);
extern int mdb_env_open(MDB_env *env, const char *path, unsigned flags, mode_t mode);
extern int mdb_env_get_fd(MDB_env *env, int *file);
extern int mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn);
extern int mdb_dbi_open(MDB_txn *txn, const char *name, unsigned flags, unsigned *dbi);
extern int mdb_stat(MDB_txn *txn, unsigned dbi, void *stat);
extern int mdb_get(MDB_txn *txn, unsigned dbi, void *key, void *value);
extern int mdb_put(MDB_txn *txn, unsigned dbi, void *key, void *value, unsigned flags);
extern int mdb_cursor_open(MDB_txn *txn, unsigned dbi, MDB_cursor **cursor);
extern int mdb_cursor_get(MDB_cursor *cursor, void *key, void *value, int what);
enum { MAP_FULL = -30792, PANIC = -30795, READERS_FULL = -30790, PROBLEM = -30779 };
WRAP(int, mdb_env_create, ENOMEM, ENOMEM, (MDB_env * *env), (env))
WRAP(int, mdb_env_set_mapsize, EINVAL, EINVAL, (MDB_env * env, size_t size), (env, size))
WRAP(int, mdb_env_set_maxdbs, EINVAL, EINVAL, (MDB_env * env, unsigned count), (env, count))
WRAP(int, mdb_env_open, EAGAIN, EAGAIN,
     (MDB_env * env, const char *path, unsigned flags, mode_t mode), (env, path, flags, mode))
WRAP(int, mdb_env_get_fd, EINVAL, EINVAL, (MDB_env * env, int *file), (env, file))
WRAP(int, mdb_txn_begin, READERS_FULL, 0,
     (MDB_env * env, MDB_txn *parent, unsigned flags, MDB_txn **txn), (env, parent, flags, txn))
WRAP(int, mdb_dbi_open, PANIC, 0, (MDB_txn * txn, const char *name, unsigned flags, unsigned *dbi),
     (txn, name, flags, dbi))
WRAP(int, mdb_stat, EINVAL, EINVAL, (MDB_txn * txn, unsigned dbi, void *stat), (txn, dbi, stat))
WRAP(int, mdb_get, PROBLEM, 0, (MDB_txn * txn, unsigned dbi, void *key, void *value),
     (txn, dbi, key, value))
WRAP(int, mdb_put, MAP_FULL, 0,
     (MDB_txn * txn, unsigned dbi, void *key, void *value, unsigned flags),
     (txn, dbi, key, value, flags))
WRAP(int, mdb_cursor_open, ENOMEM, ENOMEM, (MDB_txn * txn, unsigned dbi, MDB_cursor **cursor),
     (txn, dbi, cursor))
WRAP(int, mdb_cursor_get, PROBLEM, 0, (MDB_cursor * cursor, void *key, void *value, int what),
     (cursor, key, value, what))

/* One that fails has ended the transaction all the same. */
extern void mdb_txn_abort(MDB_txn *txn) __attribute__((weak)); /* tavs-scan has none */
extern int mdb_txn_commit(MDB_txn *txn);
int mdb_txn_commit(MDB_txn *txn)
{
    FIND(mdb_txn_commit);
    if (!fails("mdb_txn_commit"))
        return real(txn);
    mdb_txn_abort(txn);
    return EIO;
}

/* ---- libsodium ---- */

typedef unsigned char byte;
typedef unsigned long long length;
extern int crypto_core_ristretto255_add(byte *sum, const byte *a, const byte *b);
extern int crypto_core_ristretto255_sub(byte *sum, const byte *a, const byte *b);
extern int crypto_core_ristretto255_is_valid_point(const byte *a);
extern int crypto_scalarmult_ristretto255(byte *product, const byte *scalar, const byte *a);
extern int crypto_scalarmult_ristretto255_base(byte *product, const byte *scalar);
extern int crypto_sign_verify_detached(const byte *signature, const byte *text, length size,
                                       const byte *key);
extern int crypto_aead_xchacha20poly1305_ietf_decrypt(byte *m, length *mlen, byte *nsec,
                                                      const byte *c, length clen, const byte *ad,
                                                      length adlen, const byte *npub,
                                                      const byte *k);
extern int sodium_init(void);
WRAP(int, crypto_core_ristretto255_add, -1, 0, (byte * sum, const byte *a, const byte *b),
     (sum, a, b))
WRAP(int, crypto_core_ristretto255_sub, -1, 0, (byte * sum, const byte *a, const byte *b),
     (sum, a, b))
WRAP(int, crypto_core_ristretto255_is_valid_point, 0, 0, (const byte *a), (a))
WRAP(int, crypto_scalarmult_ristretto255, -1, 0,
     (byte * product, const byte *scalar, const byte *a), (product, scalar, a))
WRAP(int, crypto_scalarmult_ristretto255_base, -1, 0, (byte * product, const byte *scalar),
     (product, scalar))
WRAP(int, crypto_sign_verify_detached, -1, 0,
     (const byte *signature, const byte *text, length size, const byte *key),
     (signature, text, size, key))
WRAP(int, crypto_aead_xchacha20poly1305_ietf_decrypt, -1, 0,
     (byte * m, length *mlen, byte *nsec, const byte *c, length clen, const byte *ad, length adlen,
      const byte *npub, const byte *k),
     (m, mlen, nsec, c, clen, ad, adlen, npub, k))
WRAP(int, sodium_init, -1, 0, (void), ())

extern int crypto_pwhash(byte *out, length outlen, const char *passphrase, length size,
                         const byte *salt, length passes, size_t memory, int algorithm);
WRAP(int, crypto_pwhash, -1, ENOMEM,
     (byte * out, length outlen, const char *passphrase, length size, const byte *salt,
      length passes, size_t memory, int algorithm),
     (out, outlen, passphrase, size, salt, passes, memory, algorithm))
