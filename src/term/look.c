#include "tavs/term.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80 };

bool term_is_interactive(void)
{
    if (!isatty(STDIN_FILENO))
        return false;
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (terminal < 0)
        return false;
    close(terminal);
    return true;
}

bool term_colour_wanted(int descriptor)
{
    const char *unwanted = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    if (unwanted != NULL && unwanted[0] != '\0')
        return false;
    return kind != NULL && kind[0] != '\0' && strcmp(kind, "dumb") != 0 && isatty(descriptor) == 1;
}

unsigned term_width(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL_WIDTH;
    return size.ws_col;
}
