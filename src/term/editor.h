/* The line editor: GNU readline, in tavs-term.so, which uses nothing of the program but what it is
 * handed here.
 *
 * Its keys are fixed and no inputrc is read: macros, registers, a kill ring and a history would keep
 * what was typed, and a user's own keys could reach them. Text is in the locale's charset.
 */
#ifndef TAVS_TERM_EDITOR_H
#define TAVS_TERM_EDITOR_H

#include "tavs/base.h"

enum editor_outcome {
    EDITOR_GOES_ON,
    EDITOR_LINE,     /* Enter */
    EDITOR_DROPPED,  /* Ctrl-C */
    EDITOR_REDRAW,   /* Ctrl-L */
    EDITOR_TOO_LONG, /* more than `most` bytes; nothing is cut off */
    EDITOR_END,      /* Ctrl-D on an empty line */
};

/* What the editor works with. */
struct editor_host {
    void *context;
    int (*read)(void *context);       /* the next byte; EOF when there is no more */
    bool (*has_input)(void *context); /* a byte waits */
    void (*write)(void *context, const char *bytes, size_t size);

    /* The `index`-th completion of the text from `begin` to `end` of the line, or NULL. */
    const char *(*complete)(void *context, const char *line, size_t begin, size_t end,
                            unsigned index);
    size_t most; /* bytes of a line */

    /* How many bytes the last letter of a text takes, with its marks. */
    size_t (*last_letter)(const char *text, size_t length);
};

struct editor {
    /* Called once. False if there is no terminal. `host` is copied. */
    bool (*open)(const struct editor_host *host);

    /* True if the terminal has a screen to draw on and speaks ECMA-48. */
    bool (*has_screen)(void);

    /* Writes the prompt at the beginning of a line, and `text` to be edited, with the cursor at byte
     * `point`. */
    void (*begin)(const char *prompt, const char *text, size_t point, unsigned rows,
                  unsigned columns);

    /* Takes what was typed; call it when a byte waits. */
    enum editor_outcome (*step)(void);

    /* The line as it is, until `end`. */
    const char *(*line)(size_t *length, size_t *point);

    /* Forgets the line: nothing that was typed or shown remains in the editor. */
    void (*end)(void);
};

/* The name of the part's only symbol, a const struct editor. */
#define EDITOR_SYMBOL "term_editor"

#endif
