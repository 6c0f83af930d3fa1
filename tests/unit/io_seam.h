/* A program's own pwrite, write, writev, fdatasync and fsync, which the store and LMDB then use as
 * well. They all come to two functions that the including file defines. To be included once. */
#ifndef TESTS_IO_SEAM_H
#define TESTS_IO_SEAM_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* To be defined: as pwrite and as fdatasync. */
static ssize_t seam_write(int descriptor, const void *bytes, size_t size, off_t offset);
static int seam_sync(int descriptor);

/* What the system does. */
static inline ssize_t system_write(int descriptor, const void *bytes, size_t size, off_t offset)
{
    return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    return seam_write(descriptor, bytes, size, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    if (offset < 0) /* no file */
        return syscall(SYS_write, descriptor, bytes, size);
    ssize_t done = seam_write(descriptor, bytes, size, offset);
    if (done > 0)
        (void)lseek(descriptor, offset + done, SEEK_SET);
    return done;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    uint8_t *bytes = malloc(size + 1);
    if (bytes == NULL)
        abort();
    size = 0;
    for (int i = 0; i < count; i++) {
        memcpy(bytes + size, parts[i].iov_base, parts[i].iov_len);
        size += parts[i].iov_len;
    }
    ssize_t done = write(descriptor, bytes, size);
    free(bytes);
    return done;
}

int fdatasync(int descriptor)
{
    return seam_sync(descriptor);
}

int fsync(int descriptor)
{
    return seam_sync(descriptor);
}

#endif
