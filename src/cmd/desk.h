/* Inside of cmd: the counsellor's desk. */
#ifndef TAVS_CMD_DESK_H
#define TAVS_CMD_DESK_H

#include "order.h"
#include "tavs/term.h"

enum { DESK_MOST_ENTRIES = 500, DESK_NEWS_BYTES = 4096, DESK_SCREEN_BYTES = 32768 };

/* A sitting. In guarded memory. */
struct desk {
    const struct cmd_context *context;
    struct term_desk *term;
    struct cmd_offered offered;
    base_month month; /* the screen's */
    bool headed;      /* the heading stands on a terminal without a screen */

    /* What was counted, in this order. What is earlier than the list has room for is gone from it. */
    struct cmd_order entries[DESK_MOST_ENTRIES];
    size_t count, gone;

    bool asking; /* one-key questions are open, from `next` on, for `order` */
    enum codebook_dimension next;
    struct cmd_order order;

    char news[DESK_NEWS_BYTES]; /* what came of the last line: lines of text */
    char line[TERM_LINE_BYTES], work[TERM_LINE_BYTES];
    char screen[DESK_SCREEN_BYTES];
};

/* Puts it at the end of what was counted. */
void desk_add(struct desk *desk, const struct cmd_order *order);

/* ---- what is said ---- */

/* Becomes the news, broken into lines. */
void desk_say(struct desk *desk, const char *what, const char *more);

/* The error as on the command line; with `hint` that one in place of its own. */
void desk_say_error(struct desk *desk, const struct base_error *error, const char *hint);
void desk_say_help(struct desk *desk);
void desk_forget_news(struct desk *desk);

/* Draws the heading, what was counted, and the news. */
void desk_draw(struct desk *desk);

/* ---- what is typed ---- */

enum desk_action { DESK_COUNTS, DESK_UNDOES, DESK_HELPS, DESK_LEAVES };

/* What a line that consists of `word` does. */
enum desk_action desk_action_of(const char *word, enum codebook_language language);

/* Splits a line into words at its spaces, in place; returns how many, or `most` if there are more. */
size_t desk_split(char *line, char **words, size_t most);

/* Puts spaces for control characters but line feeds: what a terminal might obey. UTF-8. */
void desk_clean(char *text);

/* A `complete` of term_desk_setup; its context is the struct desk. */
size_t desk_complete(void *context, const char *before, const char *word,
                     const char *words[TERM_MOST_COMPLETIONS]);

#endif
