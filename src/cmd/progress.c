#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "inside.h"

/* The line is written anew over itself, and is gone in the end. */
void cmd_show_progress(void *context, uint64_t done, uint64_t total)
{
    enum { HUNDRED = 100, LINE_BYTES = 128 };
    struct cmd_progress *progress = context;
    const int percent = total == 0 ? HUNDRED : (int)(done * HUNDRED / total);
    if (percent == progress->percent || progress->context->value[CMD_QUIET] != NULL ||
        isatty(STDERR_FILENO) != 1)
        return;
    char line[LINE_BYTES];
    progress->percent = percent;
    if (percent < HUNDRED) {
        (void)snprintf(line, sizeof line, "%s %d %%", progress->what, percent);
        cmd_say_over(progress->context, line);
    } else { /* a transliteration may be wider */
        (void)snprintf(line, sizeof line, "%*s", 2 * (int)render_width(progress->what) + 6, "");
        cmd_say_over(progress->context, line);
        cmd_say_over(progress->context, "");
    }
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
