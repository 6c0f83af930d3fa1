/* The system has texts of its own, but in Danish only where its translations are installed, and then in a
 * language that need not be the one that tavs speaks. */
#include <errno.h>
#include <string.h>

#include "tavs/base.h"

static const struct {
    int number;
    const char *text;
} texts[] = {
    {EACCES, N_("Permission denied")},
    {EAGAIN, N_("Resource temporarily unavailable")},
    {EBADF, N_("Bad file descriptor")},
    {EBUSY, N_("Device or resource busy")},
    {EDQUOT, N_("Disk quota exceeded")},
    {EEXIST, N_("File exists")},
    {EFBIG, N_("File too large")},
    {EINTR, N_("Interrupted system call")},
    {EINVAL, N_("Invalid argument")},
    {EIO, N_("Input/output error")},
    {EISDIR, N_("Is a directory")},
    {ELOOP, N_("Too many levels of symbolic links")},
    {EMFILE, N_("Too many open files")},
    {ENAMETOOLONG, N_("File name too long")},
    {ENFILE, N_("Too many open files in system")},
    {ENODEV, N_("No such device")},
    {ENOENT, N_("No such file or directory")},
    {ENOLCK, N_("No locks available")},
    {ENOMEM, N_("Cannot allocate memory")},
    {ENOSPC, N_("No space left on device")},
    {ENOTDIR, N_("Not a directory")},
    {ENOTSUP, N_("Operation not supported")},
    {ENXIO, N_("No such device or address")},
    {EPERM, N_("Operation not permitted")},
    {EPIPE, N_("Broken pipe")},
    {EROFS, N_("Read-only file system")},
    {ESTALE, N_("Stale file handle")},
    {ETXTBSY, N_("Text file busy")},
    {BASE_CONFINED, N_("refused by tavs's own confinement, please report it")},
    {EXDEV, N_("Invalid cross-device link")},
};

const char *base_os_error_text(int os_error)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].number == os_error)
            return _(texts[i].text);
    return strerror(os_error);
}
