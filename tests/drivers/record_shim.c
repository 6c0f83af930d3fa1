/* Preloaded into a program under test: writes down what it writes to plain files and syncs, in order.
 *
 *     RECORD_FILE   gets for each call a line and, after a write, the bytes:
 *                   "write INODE OFFSET SIZE DURABLE\n" BYTES     DURABLE: 1 with O_DSYNC, else 0
 *                   "size INODE SIZE\n"                           the file was cut or made longer
 *                   "sync INODE\n"                                a file or a folder
 *                   "name INODE NAME\n"                           the file got this name
 *                   "said\n"                                      something came on standard output or error
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kept.h"

static int record_file = -1;

__attribute__((constructor)) static void begin(void)
{
    record_file = keep((int)syscall(SYS_openat, AT_FDCWD, getenv("RECORD_FILE"),
                                    O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600));
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void put(const void *bytes, size_t size)
{
    (void)syscall(SYS_write, record_file, bytes, size);
}

static void note(const char *what, const struct stat *status, const char *rest)
{
    char line[4096 + 128];
    const int length =
        snprintf(line, sizeof line, "%s %lu%s\n", what, (unsigned long)status->st_ino, rest);
    put(line, (size_t)length);
}

static bool is_plain(int file, struct stat *status)
{
    return fstat(file, status) == 0 && S_ISREG(status->st_mode);
}

static void note_write(int file, const void *bytes, ssize_t size, off_t offset)
{
    struct stat status;
    char rest[96];
    if (size <= 0 || !is_plain(file, &status))
        return;
    (void)snprintf(rest, sizeof rest, " %lld %zd %d", (long long)offset, size,
                   (fcntl(file, F_GETFL) & O_DSYNC) != 0);
    note("write", &status, rest);
    put(bytes, (size_t)size);
}

ssize_t write(int file, const void *bytes, size_t size)
{
    const off_t offset = lseek(file, 0, SEEK_CUR);
    if (file == STDOUT_FILENO || file == STDERR_FILENO)
        put("said\n", 5);
    const ssize_t done = syscall(SYS_write, file, bytes, size);
    note_write(file, bytes, done, offset);
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    const ssize_t done = REAL(pwrite)(file, bytes, size, offset);
    note_write(file, bytes, done, offset);
    return done;
}

/* As one write: the kernel does not part the pieces in a way that matters here, the test tears anyway. */
ssize_t writev(int file, const struct iovec *pieces, int count)
{
    off_t offset = lseek(file, 0, SEEK_CUR);
    const ssize_t done = REAL(writev)(file, pieces, count);
    ssize_t left = done;
    for (int i = 0; i < count && left > 0; i++) {
        const ssize_t size = left < (ssize_t)pieces[i].iov_len ? left : (ssize_t)pieces[i].iov_len;
        note_write(file, pieces[i].iov_base, size, offset);
        offset += size;
        left -= size;
    }
    return done;
}

static int note_sync(int file, int result)
{
    struct stat status;
    if (result == 0 && fstat(file, &status) == 0)
        note("sync", &status, "");
    return result;
}

int fsync(int file)
{
    return note_sync(file, REAL(fsync)(file));
}

int fdatasync(int file)
{
    return note_sync(file, REAL(fdatasync)(file));
}

int ftruncate(int file, off_t size)
{
    struct stat status;
    char rest[32];
    const int result = REAL(ftruncate)(file, size);
    (void)snprintf(rest, sizeof rest, " %lld", (long long)size);
    if (result == 0 && is_plain(file, &status))
        note("size", &status, rest);
    return result;
}

static int note_name(int folder, const char *name, int result)
{
    struct stat status;
    char rest[4096];
    const char *slash = strrchr(name, '/');
    (void)snprintf(rest, sizeof rest, " %s", slash == NULL ? name : slash + 1);
    if (result == 0 && fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        note("name", &status, rest);
    return result;
}

int linkat(int a, const char *from, int b, const char *to, int flags)
{
    return note_name(b, to, REAL(linkat)(a, from, b, to, flags));
}

int renameat(int a, const char *from, int b, const char *to)
{
    return note_name(b, to, REAL(renameat)(a, from, b, to));
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    return note_name(b, to, REAL(renameat2)(a, from, b, to, flags));
}
