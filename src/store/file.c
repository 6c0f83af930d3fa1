#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "inside.h"
#include "network.h"

static enum base_code fail_open(const char *path, int os_error, struct base_error *error)
{
    switch (os_error) {
    case ENOENT:
    case ENOTDIR:
        return base_fail(error, BASE_STORE_MISSING, "%s", path);
    case ELOOP: /* O_NOFOLLOW */
        return base_fail(error, BASE_STORE_IS_LINK, "%s", path);
    case EISDIR:
    case ENXIO:
        return base_fail(error, BASE_STORE_NOT_FILE, "%s", path);
    default:
        return base_fail_os(error, os_error, "%s", path);
    }
}

static enum base_code check_file(const char *path, int descriptor, struct base_error *error)
{
    struct stat status;
    struct statfs system;

    if (fstat(descriptor, &status) != 0 || fstatfs(descriptor, &system) != 0)
        return base_fail_os(error, errno, "%s", path);
    if (!S_ISREG(status.st_mode))
        return base_fail(error, BASE_STORE_NOT_FILE, "%s", path);
    /* Before its mode: on a drive of Windows every file may be read by all, and chmod changes nothing. */
    if (network_holds(&system, status.st_dev))
        return base_fail(error, BASE_STORE_ON_NETWORK, "%s", path);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return base_fail(error, BASE_STORE_MODE, "%s", path);
    return BASE_OK;
}

/* flock(2) lets readers in as long as others read, so that a writer might wait for ever. Who
 * wants to write therefore first closes a gate, a lock of its own (fcntl(2)), that readers must
 * find open. It is for fairness only: where it can't be had, all goes on without it. */
static bool try_lock(int descriptor, enum store_mode mode)
{
    struct flock gate = {
        .l_type = mode == STORE_WRITE ? F_WRLCK : F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    if (fcntl(descriptor, F_OFD_SETLK, &gate) != 0 && (errno == EAGAIN || errno == EACCES)) {
        errno = EWOULDBLOCK;
        return false;
    }
    bool locked = flock(descriptor, (mode == STORE_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0;
    int os_error = errno;
    gate.l_type = F_UNLCK;
    if (locked || mode == STORE_READ)
        (void)fcntl(descriptor, F_OFD_SETLK, &gate);
    errno = os_error;
    return locked;
}

/* Neither lock has a time limit of its own, so they are asked for again and again. */
static enum base_code take_lock(const char *path, int descriptor, enum store_mode mode,
                                struct base_error *error)
{
    enum { PAUSE_MS = 2, PATIENCE_MS = 30000, NS_A_MS = 1000000 };
    static const struct timespec pause = {.tv_nsec = PAUSE_MS * NS_A_MS};

    for (int waited = 0; !try_lock(descriptor, mode); waited += PAUSE_MS) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return base_fail_os(error, errno, "%s", path);
        if (waited >= PATIENCE_MS)
            return base_fail(error, BASE_STORE_BUSY, "%s", path);
        (void)nanosleep(&pause, NULL);
    }
    return BASE_OK;
}

/* While we waited for the lock another file may have been put in its place. */
static bool is_still_named(const char *path, int descriptor)
{
    struct stat named, ours;
    return lstat(path, &named) == 0 && fstat(descriptor, &ours) == 0 &&
           named.st_dev == ours.st_dev && named.st_ino == ours.st_ino;
}

enum base_code store_open_file(const char *path, enum store_mode mode, int *descriptor,
                               struct base_error *error)
{
    enum { MOST_TRIES = 10 };
    int access = mode == STORE_WRITE ? O_RDWR : O_RDONLY;

    for (int i = 0; i < MOST_TRIES; i++) {
        int opened = open(path, access | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
        if (opened < 0)
            return fail_open(path, errno, error);
        enum base_code code = check_file(path, opened, error);
        if (code == BASE_OK)
            code = take_lock(path, opened, mode, error);
        if (code == BASE_OK && is_still_named(path, opened)) {
            *descriptor = opened;
            return BASE_OK;
        }
        (void)close(opened);
        if (code != BASE_OK)
            return code;
    }
    return base_fail(error, BASE_STORE_BUSY, "%s", path);
}
