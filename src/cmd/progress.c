#include <stdio.h>
#include <unistd.h>

#include "inside.h"

/* The line is written anew over itself, and is gone in the end. */
void cmd_show_progress(void *context, uint64_t done, uint64_t total)
{
    enum { HUNDRED = 100 };
    struct cmd_progress *progress = context;
    const int percent = total == 0 ? HUNDRED : (int)(done * HUNDRED / total);
    if (percent == progress->percent || progress->context->value[CMD_QUIET] != NULL ||
        isatty(STDERR_FILENO) != 1)
        return;
    progress->percent = percent;
    if (percent < HUNDRED)
        cmd_say(progress->context, "\r%s %d %%", progress->what, percent);
    else /* a transliteration may be wider */
        cmd_say(progress->context, "\r%*s\r", 2 * (int)render_width(progress->what) + 6, "");
}
