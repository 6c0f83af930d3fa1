/* Preloaded into a program under test: a terminal's settings are read and written as by glibc since 2.42, or, with
 * TERMIOS_REFUSED, by a call that is refused. */
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* Up to its speeds glibc's structure is the kernel's; it has room for more special characters. */
enum { SAME = offsetof(struct termios2, c_cc) + NCCS };

int tcgetattr(int descriptor, void *settings)
{
    struct termios2 read;
    if (getenv("TERMIOS_REFUSED") != NULL)
        return ioctl(descriptor, TIOCSTI, "x");
    const int result = ioctl(descriptor, TCGETS2, &read);
    if (result == 0)
        memcpy(settings, &read, SAME);
    return result;
}

int tcsetattr(int descriptor, int when, const void *settings)
{
    struct termios2 written;
    if (ioctl(descriptor, TCGETS2, &written) != 0)
        return -1;
    memcpy(&written, settings, SAME);
    return ioctl(descriptor, when == 0 ? TCSETS2 : when == 1 ? TCSETSW2 : TCSETSF2, &written);
}

int isatty(int descriptor)
{
    struct termios2 read;
    return ioctl(descriptor, TCGETS2, &read) == 0;
}
