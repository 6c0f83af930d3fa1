/* Preloaded into a program under test: makes its N-th call that changes a plain file go wrong.
 *
 *     FAULT_AT     N, from 1 on; 0 only counts
 *     FAULT_KIND   "killed": the process is killed before the call
 *                  "torn": half of what is to be written is written, then the process is killed
 *                  "failed": this one call fails with EIO
 *                  "full": from this call on no file grows any more, as on a full disk (ENOSPC)
 *     FAULT_MARK   a file that gets a line "struck" once a call has gone wrong, and where the program
 *                  came to its end a line of all calls: "w" wrote, "d" wrote durably (O_DSYNC), "s"
 *                  synced, "n" changed a size or a name
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kept.h"

static int at, seen;
static long mark_file; /* opened at the start: later the program keeps nothing of it within reach */
static const char *kind = "";
static char calls[1 << 12];

static void mark(const char *text)
{
    (void)syscall(SYS_write, mark_file, text, strlen(text));
}

__attribute__((constructor)) static void begin(void)
{
    at = atoi(getenv("FAULT_AT"));
    kind = getenv("FAULT_KIND");
    mark_file = keep((int)syscall(SYS_openat, AT_FDCWD, getenv("FAULT_MARK"),
                                  O_WRONLY | O_CREAT | O_APPEND, 0600));
}

__attribute__((destructor)) static void end(void)
{
    mark(calls);
    mark("\n");
}

static void die(void)
{
    mark("struck\n");
    (void)raise(SIGKILL);
}

static bool is(const char *name)
{
    return strcmp(kind, name) == 0;
}

/* Counts a call; true if this very one is to go wrong. */
static bool strikes(char call)
{
    if (seen < (int)sizeof calls - 1)
        calls[seen] = call;
    return ++seen == at;
}

static bool is_full(void)
{
    return is("full") && at > 0 && seen >= at;
}

static int fail(int number)
{
    mark("struck\n");
    errno = number;
    return -1;
}

static bool is_plain(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* How much of `size` bytes may be written at `offset` (from -1 on: where the file stands), -1 for
 * an error. */
static ssize_t allowed(int descriptor, size_t size, off_t offset)
{
    struct stat status;
    bool struck = strikes((fcntl(descriptor, F_GETFL) & O_DSYNC) != 0 ? 'd' : 'w');
    if (struck && is("killed"))
        die();
    if (struck && is("failed"))
        return fail(EIO);
    if (struck && is("torn"))
        return (ssize_t)(size / 2);
    if (!is_full() || fstat(descriptor, &status) != 0)
        return (ssize_t)size;
    if (offset < 0)
        offset = lseek(descriptor, 0, SEEK_CUR);
    if (offset + (off_t)size <= status.st_size)
        return (ssize_t)size;
    if (offset >= status.st_size)
        return fail(ENOSPC);
    mark("struck\n");
    return (ssize_t)(status.st_size - offset);
}

static void end_torn(void)
{
    if (is("torn") && seen == at)
        die();
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    ssize_t part = is_plain(descriptor) ? allowed(descriptor, size, -1) : (ssize_t)size;
    if (part < 0)
        return -1;
    ssize_t result = REAL(write)(descriptor, bytes, (size_t)part);
    if (is_plain(descriptor))
        end_torn();
    return result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    ssize_t part = is_plain(descriptor) ? allowed(descriptor, size, offset) : (ssize_t)size;
    if (part < 0)
        return -1;
    ssize_t result = REAL(pwrite)(descriptor, bytes, (size_t)part, offset);
    if (is_plain(descriptor))
        end_torn();
    return result;
}

/* LMDB writes neighbouring pages so. Cut short it writes the first piece only. */
ssize_t writev(int descriptor, const struct iovec *pieces, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += pieces[i].iov_len;
    ssize_t part = is_plain(descriptor) ? allowed(descriptor, size, -1) : (ssize_t)size;
    if (part < 0)
        return -1;
    if ((size_t)part == size)
        return REAL(writev)(descriptor, pieces, count);
    size_t first = pieces[0].iov_len < (size_t)part ? pieces[0].iov_len : (size_t)part;
    ssize_t result = REAL(write)(descriptor, pieces[0].iov_base, first);
    end_torn();
    return result;
}

/* A call that writes no bytes: true if it may go on. */
static bool may_go_on(char call, bool needs_room)
{
    bool struck = strikes(call);
    if (struck && (is("killed") || is("torn")))
        die();
    if (struck && is("failed"))
        return fail(EIO) == 0;
    return !needs_room || !is_full() || fail(ENOSPC) == 0;
}

int fsync(int descriptor)
{
    return may_go_on('s', false) ? REAL(fsync)(descriptor) : -1;
}

int fdatasync(int descriptor)
{
    return may_go_on('s', false) ? REAL(fdatasync)(descriptor) : -1;
}

int ftruncate(int descriptor, off_t size)
{
    return may_go_on('n', false) ? REAL(ftruncate)(descriptor, size) : -1;
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    return may_go_on('n', true) ? REAL(linkat)(from_folder, from, to_folder, to, flags) : -1;
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return may_go_on('n', false) ? REAL(renameat)(from_folder, from, to_folder, to) : -1;
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    return may_go_on('n', false) ? REAL(renameat2)(from_folder, from, to_folder, to, flags) : -1;
}
