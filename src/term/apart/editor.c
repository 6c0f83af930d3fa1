#include "../editor.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

BASE_SHOWN extern const struct editor term_editor;

enum { OUTPUT_BYTES = 1024 };

static struct editor_host host;
static enum editor_outcome outcome;
static bool broken; /* no more input comes */
static bool muted;  /* what readline writes goes nowhere */
static char output[OUTPUT_BYTES];

/* ---- input and output ---- */

static int read_byte(FILE *unused)
{
    (void)unused;
    int byte = host.read(host.context);
    broken = broken || byte == EOF;
    return byte;
}

static int has_input(void)
{
    return !broken && host.has_input(host.context);
}

static ssize_t write_out(void *unused, const char *bytes, size_t size)
{
    (void)unused;
    if (!muted)
        host.write(host.context, bytes, size);
    return (ssize_t)size;
}

/* ---- what keys do ----
 * `count` and `key` are readline's. What is deleted is not kept: there is no kill ring. */

static int finish(enum editor_outcome how)
{
    outcome = how;
    return 0;
}

/* A line feed with more behind it was pasted into a terminal that does not say so; it is text. */
static int on_enter(int count, int key)
{
    (void)count;
    if (broken)
        return 0;
    if (has_input()) {
        rl_insert_text("\n");
        return 0;
    }
    rl_point = rl_end;
    (void)key;
    return finish(EDITOR_LINE);
}

static int on_drop(int count, int key)
{
    (void)count, (void)key;
    return finish(EDITOR_DROPPED);
}

static int on_redraw(int count, int key)
{
    (void)count, (void)key;
    return finish(EDITOR_REDRAW);
}

static int on_tab(int count, int key)
{
    if (!has_input())
        return rl_complete(count, key);
    rl_insert_text(" ");
    return 0;
}

static void delete_to(int from, int to)
{
    rl_delete_text(from, to);
    rl_point = from;
}

/* Not readline's own: where the locale is ASCII it would take one byte of a letter in UTF-8. */
static int on_backspace(int count, int key)
{
    (void)count, (void)key;
    if (rl_point > 0)
        delete_to(rl_point - (int)host.last_letter(rl_line_buffer, (size_t)rl_point), rl_point);
    return 0;
}

static int on_delete_before(int count, int key)
{
    (void)count, (void)key;
    delete_to(0, rl_point);
    return 0;
}

static int on_delete_after(int count, int key)
{
    (void)count, (void)key;
    delete_to(rl_point, rl_end);
    return 0;
}

static int on_delete_word(int count, int key)
{
    int from = rl_point;
    (void)count, (void)key;
    while (from > 0 && strchr(" \n", rl_line_buffer[from - 1]) != NULL)
        from--;
    while (from > 0 && strchr(" \n", rl_line_buffer[from - 1]) == NULL)
        from--;
    delete_to(from, rl_point);
    return 0;
}

/* ---- pasting (xterm's "bracketed paste": the terminal says where pasted text begins and ends) ---- */

#define PASTE_BEGIN "\\e[200~"
#define PASTE_END   "\033[201~"

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t size = strlen(end);
    return length >= size && memcmp(text + length - size, end, size) == 0;
}

/* The pasted text, with spaces for control characters; NULL if its end does not come or there is no
 * memory. What is too long is read to its end and stays too long. */
static char *read_paste(void)
{
    size_t room = host.most + sizeof PASTE_END;
    size_t length = 0;
    char *text = malloc(room + 1);
    int byte = EOF;
    while (text != NULL && (byte = read_byte(NULL)) != EOF) {
        if (length == room) { /* keeps the beginning, and of the rest what its end may be in */
            memmove(text + host.most, text + host.most + 1, room - host.most - 1);
            length--;
        }
        text[length++] = (char)byte;
        if (ends_with(text, length, PASTE_END))
            break;
    }
    if (byte == EOF) {
        free(text);
        return NULL;
    }
    text[length - strlen(PASTE_END)] = '\0';
    return text;
}

static int on_paste(int count, int key)
{
    (void)count, (void)key;
    char *text = read_paste();
    if (text == NULL)
        return 0;
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '\r')
            *at = '\n';
        else if (*at != '\n' && ((unsigned char)*at < ' ' || *at == RUBOUT))
            *at = ' ';
    }
    rl_insert_text(text);
    free(text);
    return 0;
}

/* ---- completion ---- */

static int completed_begin, completed_end;

static char *generate(const char *unused, int index)
{
    static unsigned next;
    (void)unused;
    next = index == 0 ? 0 : next + 1;
    const char *word = host.complete(host.context, rl_line_buffer, (size_t)completed_begin,
                                     (size_t)completed_end, next);
    return word == NULL ? NULL : strdup(word);
}

static char **complete(const char *text, int begin, int end)
{
    rl_attempted_completion_over = 1; /* no names of files */
    completed_begin = begin;
    completed_end = end;
    return rl_completion_matches(text, generate);
}

/* ---- setting up ---- */

static Keymap new_keymap(void)
{
    static const struct {
        const char *keys;
        rl_command_func_t *function;
    } bindings[] = {
        {"\\C-m", on_enter},
        {"\\C-j", on_enter},
        {"\\C-c", on_drop},
        {"\\C-l", on_redraw},
        {"\\C-i", on_tab},
        {"\\C-d", rl_delete},
        {"\\C-h", on_backspace},
        {"\\C-?", on_backspace},
        {"\\C-u", on_delete_before},
        {"\\C-k", on_delete_after},
        {"\\C-w", on_delete_word},
        {"\\C-_", rl_undo_command},
        {"\\C-a", rl_beg_of_line},
        {"\\C-e", rl_end_of_line},
        {"\\C-b", rl_backward_char},
        {"\\C-f", rl_forward_char},
        {PASTE_BEGIN, on_paste},
        /* a cursor key in its normal and its application mode (xterm's ctlseqs) */
        {"\\e[A", rl_previous_screen_line},
        {"\\eOA", rl_previous_screen_line},
        {"\\e[B", rl_next_screen_line},
        {"\\eOB", rl_next_screen_line},
        {"\\e[C", rl_forward_char},
        {"\\eOC", rl_forward_char},
        {"\\e[D", rl_backward_char},
        {"\\eOD", rl_backward_char},
        {"\\e[1;5C", rl_forward_word},
        {"\\e[1;5D", rl_backward_word},
        {"\\ef", rl_forward_word},
        {"\\eb", rl_backward_word},
        {"\\e\\C-h", on_delete_word},
        {"\\e\\C-?", on_delete_word},
        {"\\e[H", rl_beg_of_line},
        {"\\eOH", rl_beg_of_line},
        {"\\e[1~", rl_beg_of_line},
        {"\\e[7~", rl_beg_of_line},
        {"\\e[F", rl_end_of_line},
        {"\\eOF", rl_end_of_line},
        {"\\e[4~", rl_end_of_line},
        {"\\e[8~", rl_end_of_line},
        {"\\e[3~", rl_delete},
    };
    Keymap map = rl_make_keymap();
    for (size_t i = 0; map != NULL && i < sizeof bindings / sizeof *bindings; i++)
        rl_bind_keyseq_in_map(bindings[i].keys, bindings[i].function, map);
    return map;
}

static void set_variables(void)
{
    static const char *const variables[][2] = {
        {"bell-style", "none"},
        {"enable-bracketed-paste", "off"},
        {"input-meta", "on"},
        {"convert-meta", "off"},
        {"output-meta", "on"},
        {"enable-meta-key", "off"},
        {"show-all-if-ambiguous", "on"},
        {"page-completions", "off"},
        {"completion-ignore-case", "on"},
        {"completion-query-items", "0"},
        {"enable-active-region", "off"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        rl_variable_bind(variables[i][0], variables[i][1]);
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_completer_word_break_characters = (char *)(uintptr_t) " \n"; /* is not written to */
    rl_attempted_completion_function = complete;
    rl_sort_completion_matches = 0;
}

/* The terminal's mode is the program's business, so readline is kept from it. It wants a stream that is
 * a terminal, but reads and waits by our functions only. */
static bool open_editor(const struct editor_host *given)
{
    static const cookie_io_functions_t functions = {.write = write_out};
    host = *given;
    rl_instream = fopen("/dev/tty", "re");
    rl_outstream = fopencookie(NULL, "w", functions);
    if (rl_instream == NULL || rl_outstream == NULL || setenv("INPUTRC", "/dev/null", 1) != 0)
        return false;
    setvbuf(rl_outstream, output, _IOFBF, sizeof output);
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_getc_function = read_byte;
    rl_input_available_hook = has_input;
    rl_readline_name = "tavs";
    rl_initialize();
    rl_tty_set_echoing(1);
    set_variables();
    Keymap map = new_keymap();
    if (map == NULL)
        return false;
    rl_set_keymap(map);
    return true;
}

static bool has_screen(void)
{
    const char *clear = rl_get_termcap("cl");
    return clear != NULL && clear[0] == '\033';
}

/* ---- a line ---- */

/* Ctrl-D on an empty line is the only way that readline itself ends one. */
static void take_end(char *line)
{
    free(line);
    rl_callback_handler_remove();
    if (outcome == EDITOR_GOES_ON)
        outcome = EDITOR_END;
}

static void begin(const char *prompt, const char *text, size_t point, unsigned rows,
                  unsigned columns)
{
    outcome = EDITOR_GOES_ON;
    broken = false;
    rl_set_screen_size((int)rows, (int)columns);
    rl_callback_handler_install(prompt, take_end);
    rl_insert_text(text);
    rl_point = (int)point;
    rl_redisplay();
    fflush(rl_outstream);
}

static enum editor_outcome step(void)
{
    rl_callback_read_char();
    fflush(rl_outstream);
    if (outcome == EDITOR_GOES_ON && (size_t)rl_end > host.most)
        outcome = EDITOR_TOO_LONG;
    return outcome;
}

static const char *line(size_t *length, size_t *point)
{
    *length = (size_t)rl_end;
    *point = (size_t)rl_point;
    return rl_line_buffer;
}

static void wipe(void *memory)
{
    explicit_bzero(memory, malloc_usable_size(memory));
}

/* What readline keeps to compare the next picture with has no name outside of it: pictures of spaces
 * take the place of both that it has. One byte of a line is four at most in them ("\351"). */
static void wipe_pictures(void)
{
    enum { WIDEST = 4, PICTURES = 2 };
    size_t size = WIDEST * (host.most + sizeof PASTE_END) + 1;
    char *spaces = malloc(size);
    if (spaces == NULL)
        return;
    memset(spaces, ' ', size - 1);
    spaces[size - 1] = '\0';
    rl_replace_line(spaces, 1);
    for (int i = 0; i < PICTURES; i++) {
        rl_on_new_line();
        rl_redisplay();
    }
    free(spaces);
}

static void end(void)
{
    fflush(rl_outstream);
    muted = true;
    rl_clear_pending_input();
    rl_free_line_state();
    rl_callback_handler_remove();
    wipe_pictures();
    rl_replace_line("", 1);
    fflush(rl_outstream);
    muted = false;
    wipe(rl_line_buffer);
    wipe(rl_executing_keyseq);
    rl_key_sequence_length = 0;
    explicit_bzero(output, sizeof output);
}

const struct editor term_editor = {open_editor, has_screen, begin, step, line, end};
