#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tavs/base.h"
#include "tavs/cmd.h"

static bool is_done;

/* A library that ends the process, for want of memory mostly, does not know that 1 means: a check found something. */
static void refuse_to_end(void)
{
    enum { SYSTEM_FAILED = 5 };
    if (is_done)
        return;
    const char *message = _("a library gave up, mostly for want of memory");
    (void)dprintf(STDERR_FILENO, "tavs: %s\n", message);
    _exit(SYSTEM_FAILED);
}

int main(int argc, char **argv)
{
    (void)atexit(refuse_to_end);
    const int status = cmd_main(argc, argv);
    is_done = true;
    return status;
}
