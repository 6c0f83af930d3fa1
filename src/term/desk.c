#include "tavs/term.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "choice.h"
#include "editor.h"
#include "guard.h"
#include "tavs/secret.h"
#include "tavs/unicode.h"
#include "text.h"

enum {
    MOST_TYPED = 1000,    /* bytes of a line in the terminal's charset: at most 4 each in UTF-8 */
    CANDIDATE_BYTES = 64, /* a word in the terminal's charset */
    PASTE_MILLISECONDS = 20,
    USUAL_ROWS = 24,
};
_Static_assert(MOST_TYPED * 4 < TERM_LINE_BYTES, "a line fits");

/* In guarded memory. */
struct term_desk {
    const struct term_desk_setup *setup;
    term_desk_task *task;
    void *context;
    const struct editor *editor;
    struct term_guard *guard;
    bool has_screen, styled;
    int ahead;       /* a byte that was read for the editor, or EOF */
    int before_byte; /* that it was given, or EOF */

    char kept[TERM_LINE_BYTES]; /* the line to go on with, in the terminal's charset */
    size_t kept_point;

    const char *words[TERM_MOST_COMPLETIONS];
    size_t word_count;
    char before[TERM_LINE_BYTES], word[TERM_LINE_BYTES];
    char candidate[CANDIDATE_BYTES];
};

/* ---- what the editor asks for ---- */

/* A control character beyond ASCII (C1, ECMA-48 section 5.3), which some terminals obey when they are
 * shown it; typed it is by nobody, but it can be pasted. Of UTF-8 only the last byte is told. */
static bool is_control(const struct term_desk *desk, int byte)
{
    enum { C1_LEAD = 0xc2, C1_FIRST = 0x80, C1_LAST = 0x9f };
    if (MB_CUR_MAX == 1)
        return byte > SCHAR_MAX && iswcntrl(btowc(byte)) != 0;
    return desk->before_byte == C1_LEAD && byte >= C1_FIRST && byte <= C1_LAST;
}

static int read_for_editor(void *context)
{
    enum { NO_BREAK_SPACE = 0xa0 }; /* its last byte in UTF-8 */
    struct term_desk *desk = context;
    char byte;
    int read = desk->ahead;
    desk->ahead = EOF;
    if (read == EOF && term_guard_read(desk->guard, &byte) == TERM_READ_OK)
        read = (unsigned char)byte;
    if (is_control(desk, read))
        read = MB_CUR_MAX == 1 ? ' ' : NO_BREAK_SPACE;
    desk->before_byte = read;
    return read;
}

static bool has_input(void *context)
{
    const struct term_desk *desk = context;
    return desk->ahead != EOF || term_guard_has_input(desk->guard, 0);
}

static void write_for_editor(void *context, const char *bytes, size_t size)
{
    const struct term_desk *desk = context;
    term_guard_write_bytes(desk->guard, bytes, size);
}

static bool to_utf8(char to[TERM_LINE_BYTES], const char *from, size_t length)
{
    struct base_error ignored;
    if (length > MOST_TYPED)
        return false;
    term_copy_secret(to, from, length);
    to[length] = '\0';
    return term_text_to_utf8(to, TERM_LINE_BYTES, &length, "", &ignored) == BASE_OK;
}

/* UTF-8 to the terminal's charset; what does not fit is left out. */
static void from_utf8(char *to, size_t size, const char *utf8)
{
    struct term_text text;
    enum { LONGEST_CHARACTER = 8 };
    size_t used = 0, more;
    term_text_open(&text, utf8);
    while (size - used > LONGEST_CHARACTER &&
           (more = term_text_next(&text, to + used, size - used - 1)) > 0)
        used += more;
    to[used] = '\0';
    term_text_close(&text);
}

static const char *complete(void *context, const char *line, size_t begin, size_t end,
                            unsigned index)
{
    struct term_desk *desk = context;
    if (index == 0) {
        size_t line_begin = begin;
        while (line_begin > 0 && line[line_begin - 1] != '\n')
            line_begin--;
        desk->word_count = 0;
        if (to_utf8(desk->before, line + line_begin, begin - line_begin) &&
            to_utf8(desk->word, line + begin, end - begin))
            desk->word_count =
                desk->setup->complete(desk->context, desk->before, desk->word, desk->words);
        secret_wipe(desk->before, sizeof desk->before);
        secret_wipe(desk->word, sizeof desk->word);
    }
    if (index >= desk->word_count)
        return NULL;
    from_utf8(desk->candidate, sizeof desk->candidate, desk->words[index]);
    return desk->candidate;
}

static size_t last_letter(const char *text, size_t length)
{
    return length > 0 && !term_text_is_wide() ? 1 : unicode_last_letter(text, length);
}

/* ---- a sitting ---- */

/* Xterm's: the screen of its own, and pasted text marked as such. Before the usual screen comes back
 * this one is emptied, in case there is only one; not from its first corner, for that makes some
 * terminals keep what they erase as if it had scrolled off. */
static const struct {
    const char *open, *close;
} screens[] = {
    [false] = {"", ""},
    [true] = {"\033[?1049h\033[?2004h", "\033[?2004l\033[H\033[K\033[B\033[J\033[H\033[?1049l"},
};

static enum base_code sit(struct term_guard *guard, void *context, struct base_error *error)
{
    struct term_desk *desk = context;
    desk->guard = guard;
    return desk->task(desk, desk->context, error);
}

static enum base_code run(struct term_desk *desk, struct base_error *error)
{
    const struct editor_host host = {desk,     read_for_editor, has_input,  write_for_editor,
                                     complete, MOST_TYPED,      last_letter};
    void *symbol;
    enum base_code code = base_find_in_part("term", EDITOR_SYMBOL, &symbol, error);
    if (code != BASE_OK)
        return code;
    desk->editor = symbol;
    if (!desk->editor->open(&host))
        return base_fail(error, BASE_NEEDS_TERMINAL, "%s", "");
    desk->has_screen = desk->editor->has_screen();
    desk->styled = term_colour_wanted(STDIN_FILENO);
    const struct term_guard_screen screen = {
        .open = screens[desk->has_screen].open,
        .close = screens[desk->has_screen].close,
        .idle_seconds = desk->setup->idle_seconds,
    };
    return term_guard_run(TERM_GUARD_KEYS, &screen, sit, desk, error);
}

enum base_code term_desk_run(const struct term_desk_setup *setup, term_desk_task *task,
                             void *context, struct base_error *error)
{
    void *memory;
    enum base_code code = secret_new(sizeof(struct term_desk), &memory, error);
    if (code != BASE_OK)
        return code;
    struct term_desk *desk = memory;
    *desk = (struct term_desk){
        .setup = setup, .task = task, .context = context, .ahead = EOF, .before_byte = EOF};
    code = run(desk, error);
    secret_free(desk);
    return code;
}

/* ---- lines ---- */

static void forget_kept(struct term_desk *desk)
{
    secret_wipe(desk->kept, sizeof desk->kept);
    desk->kept_point = 0;
}

void term_desk_put_back(struct term_desk *desk, const char *text)
{
    from_utf8(desk->kept, MOST_TYPED, text);
    desk->kept_point = strcspn(desk->kept, "\n");
    if (term_guard_has_input(desk->guard, PASTE_MILLISECONDS)) {
        strcat(desk->kept, "\n");
        desk->kept_point = strlen(desk->kept);
    }
}

/* The line as it is, to go on with. */
static void keep(struct term_desk *desk)
{
    size_t length;
    const char *line = desk->editor->line(&length, &desk->kept_point);
    length = length < sizeof desk->kept ? length : sizeof desk->kept - 1;
    term_copy_secret(desk->kept, line, length);
    desk->kept[length] = '\0';
}

/* Feeds the editor until the line is done or reading stops. */
static enum editor_outcome edit(struct term_desk *desk, const char *prompt, enum term_read *stopped)
{
    unsigned rows, columns;
    enum editor_outcome outcome = EDITOR_GOES_ON;
    term_desk_size(desk, &rows, &columns);
    desk->editor->begin(prompt, desk->kept, desk->kept_point, rows, columns);
    forget_kept(desk);
    *stopped = desk->guard->trouble;
    while (outcome == EDITOR_GOES_ON && *stopped == TERM_READ_OK) {
        char byte;
        *stopped = term_guard_read(desk->guard, &byte);
        if (*stopped == TERM_READ_OK) {
            desk->ahead = (unsigned char)byte;
            secret_wipe(&byte, sizeof byte);
            outcome = desk->editor->step();
            *stopped = desk->guard->trouble;
        }
    }
    return outcome;
}

/* What else is being pasted belongs to what was too long. */
static void drop_rest(struct term_desk *desk)
{
    char byte;
    while (term_guard_read_soon(desk->guard, &byte, PASTE_MILLISECONDS) == TERM_READ_OK)
        byte = '\0';
}

static enum term_event event_of(enum editor_outcome outcome)
{
    switch (outcome) {
    case EDITOR_LINE:
        return TERM_LINE;
    case EDITOR_DROPPED:
        return TERM_DROPPED;
    case EDITOR_REDRAW:
        return TERM_REDRAW;
    case EDITOR_TOO_LONG:
        return TERM_TOO_LONG;
    default:
        return TERM_END;
    }
}

static enum base_code take_stop(struct term_desk *desk, enum term_read stopped,
                                enum term_event *event, struct base_error *error)
{
    switch (stopped) {
    case TERM_READ_IDLE:
        term_guard_wake(desk->guard);
        *event = TERM_IDLE;
        return BASE_OK;
    case TERM_READ_END:
        *event = TERM_END;
        return BASE_OK;
    default:
        return term_guard_fail(desk->guard, stopped, error);
    }
}

enum base_code term_desk_read(struct term_desk *desk, const char *prompt,
                              char line[TERM_LINE_BYTES], enum term_event *event,
                              struct base_error *error)
{
    enum term_read stopped;
    secret_wipe(line, TERM_LINE_BYTES);
    enum editor_outcome outcome = edit(desk, prompt, &stopped);
    enum base_code code = BASE_OK;
    if (outcome == EDITOR_LINE || outcome == EDITOR_REDRAW || stopped == TERM_READ_SIGNAL)
        keep(desk);
    desk->editor->end();
    if (!desk->has_screen)
        term_guard_write(desk->guard, "\n");
    if (outcome == EDITOR_TOO_LONG)
        drop_rest(desk);
    if (outcome == EDITOR_GOES_ON)
        code = take_stop(desk, stopped, event, error);
    else
        *event = event_of(outcome);
    if (code == BASE_OK && *event == TERM_LINE) {
        size_t length = strlen(desk->kept);
        term_copy_secret(line, desk->kept, length);
        forget_kept(desk);
        code = term_text_to_utf8(line, TERM_LINE_BYTES, &length, "", error);
    }
    desk->before_byte = EOF;
    secret_wipe_stack();
    return code;
}

/* ---- questions ---- */

enum base_code term_desk_ask_key(struct term_desk *desk, const char *question,
                                 const struct term_choice *choices, unsigned count, int preset,
                                 unsigned *chosen, struct base_error *error)
{
    return term_choice_ask(desk->guard, question, choices, count, preset, chosen, error);
}

bool term_desk_is_interrupted(const struct term_desk *desk)
{
    return desk->guard->trouble != TERM_READ_OK;
}

/* ---- the screen ---- */

void term_desk_draw(struct term_desk *desk, const char *text)
{
    if (!desk->has_screen) {
        term_guard_write(desk->guard, text);
        return;
    }
    char line[TERM_LINE_BYTES];
    term_guard_write(desk->guard, "\033[H");
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
        snprintf(line, sizeof line, "%.*s\033[K\n", (int)strcspn(text, "\n"), text);
        term_guard_write(desk->guard, line);
    }
    term_guard_write(desk->guard, "\033[J");
    secret_wipe(line, sizeof line);
}

void term_desk_clear(struct term_desk *desk)
{
    unsigned rows, columns;
    term_desk_size(desk, &rows, &columns);
    if (desk->has_screen)
        term_guard_write(desk->guard, "\033[H\033[2J\033[3J");
    for (unsigned row = 0; !desk->has_screen && row < rows; row++)
        term_guard_write(desk->guard, "\n");
}

bool term_desk_size(const struct term_desk *desk, unsigned *rows, unsigned *columns)
{
    struct winsize size;
    bool told = ioctl(desk->guard->descriptor, TIOCGWINSZ, &size) == 0;
    *rows = told && size.ws_row != 0 ? size.ws_row : USUAL_ROWS;
    *columns = told && size.ws_col != 0 ? size.ws_col : term_width(desk->guard->descriptor);
    return desk->has_screen;
}

const char *term_desk_style(const struct term_desk *desk, enum term_style style)
{
    static const char *const styles[TERM_STYLES] = {
        [TERM_PLAIN] = "\033[0m",
        [TERM_STRONG] = "\033[1m",
        [TERM_FAINT] = "\033[2m",
        [TERM_WRONG] = "\033[31m",
    };
    return desk->styled ? styles[style] : "";
}
