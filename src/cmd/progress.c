#include <stdio.h>
#include <time.h>
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

void cmd_begin_slow_progress(struct cmd_slow_progress *progress, const struct cmd_context *context,
                             const char *what)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    *progress = (struct cmd_slow_progress){{context, what, -1}, now.tv_sec, false};
}

void cmd_show_slow_progress(void *context, uint64_t done, uint64_t total)
{
    struct cmd_slow_progress *progress = context;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    progress->shown = progress->shown || (now.tv_sec > progress->begun + 1 && done < total);
    if (progress->shown)
        cmd_show_progress(&progress->progress, done, total);
}
