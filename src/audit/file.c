#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tavs/audit.h"

enum { LOCK_WAIT_SECONDS = 30, LOCK_STEP_MILLISECONDS = 20 };

static bool read_file(void *context, uint64_t offset, void *bytes, size_t size)
{
    const int descriptor = *(const int *)context;
    size_t done = 0;

    while (done < size) {
        const ssize_t got =
            pread(descriptor, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* The lock that every writer of a store takes; shared, so that nobody writes while the file is read
 * and others may read. */
static enum base_code lock_shared(int descriptor, const char *path, struct base_error *error)
{
    const struct timespec step = {.tv_nsec = LOCK_STEP_MILLISECONDS * 1000000L};

    for (long waited = 0; flock(descriptor, LOCK_SH | LOCK_NB) != 0;
         waited += LOCK_STEP_MILLISECONDS) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return base_fail_os(error, errno, "%s", path);
        if (waited >= LOCK_WAIT_SECONDS * 1000L)
            return base_fail(error, BASE_STORE_BUSY, "%s", path);
        nanosleep(&step, NULL);
    }
    return BASE_OK;
}

static enum base_code audit_descriptor(int descriptor, const char *path, struct audit_report **out,
                                       struct base_error *error)
{
    struct stat status;

    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", path);
    if (!S_ISREG(status.st_mode))
        return base_fail(error, BASE_STORE_NOT_FILE, "%s", path);
    enum base_code code = lock_shared(descriptor, path, error);
    if (code != BASE_OK)
        return code;
    /* Its size may have changed while we waited. */
    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", path);
    const struct audit_source source = {
        .context = &descriptor, .bytes = (uint64_t)status.st_size, .read = read_file};
    code = audit_from_source(&source, out, error);
    if (code == BASE_IO)
        return base_fail(error, BASE_IO, "%s", path);
    return code;
}

enum base_code audit_file(const char *path, struct audit_report **out, struct base_error *error)
{
    /* O_NONBLOCK: to open a pipe would wait for its other end. */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        return base_fail(error, BASE_STORE_MISSING, "%s", path);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", path);
    const enum base_code code = audit_descriptor(descriptor, path, out, error);
    close(descriptor);
    return code;
}
