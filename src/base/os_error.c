/* The system has texts of its own, but in Danish only where its translations are installed, and then in a
 * language that need not be the one that tavs speaks. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "confine_calls.h" /* made when the program is built: call_names, call_places */
#include "tavs/base.h"

enum {
    CALLS = sizeof call_places / sizeof *call_places,
    CALL_BYTES = 64,
    TEXT_BYTES = 256,
};

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
    {EXDEV, N_("Invalid cross-device link")},
};

/* The name of a system call on the machine that the program was built for; its number where it has none. */
static void name_call(unsigned number, char name[CALL_BYTES])
{
    const char *known = number < CALLS ? call_names + call_places[number] : "";
    if (*known != '\0')
        (void)snprintf(name, CALL_BYTES, "%s", known);
    else
        (void)snprintf(name, CALL_BYTES, "%u", number);
}

static const char *confined_text(unsigned number)
{
    static char text[TEXT_BYTES];
    char name[CALL_BYTES];
    name_call(number, name);
    /* TRANSLATORS: %s is the name of a system call, such as ioctl. */
    (void)snprintf(text, sizeof text,
                   _("the system call %s was refused by tavs's own confinement, please report it"),
                   name);
    return text;
}

const char *base_os_error_text(int os_error)
{
    if (os_error >= BASE_CONFINED && os_error < BASE_CONFINED + BASE_CONFINED_CALLS)
        return confined_text((unsigned)(os_error - BASE_CONFINED));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].number == os_error)
            return _(texts[i].text);
    return strerror(os_error);
}
