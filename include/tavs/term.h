/* term: everything that touches the terminal: passphrases, one-key questions, what it can show.
 *
 * Conventions of this room:
 *  - Texts are UTF-8 and are written in the charset of LC_CTYPE, which setlocale has set before. What
 *    that charset lacks is transliterated.
 *  - Questions are written to and answered from /dev/tty, the controlling terminal, whatever
 *    standard input, output and error are. BASE_NEEDS_TERMINAL if there is none.
 *  - The terminal's mode is changed only while a question is open. Every signal that ends or stops a program, however
 *    sent, first puts back the mode and has what was typed wiped, and then takes the effect that it would have had
 *    without the question (of SIGKILL and SIGSTOP nobody hears; after a fault, such as SIGSEGV, nothing is wiped any more). Where the program lives on: after SIGTSTP, SIGTTIN and SIGTTOU, and after any stop,
 *    the question is asked again; after the others it is BASE_CANCELLED. A signal that is ignored
 *    stays ignored.
 *  - A terminal that fails is BASE_IO. The error's subject is the terminal or file that failed; for
 *    BASE_LONG_PASSPHRASE, BASE_EMPTY_PASSPHRASE and BASE_ZERO_IN_PASSPHRASE what the passphrase is
 *    in (a path, "standard input", "what was typed"); for the others it is empty.
 *  - Not for use in several threads at once.
 */
#ifndef TAVS_TERM_H
#define TAVS_TERM_H

#include "tavs/base.h"

/* ---- passphrases ------------------------------------------------------------------------------
 * `buffer` is guarded memory (secret_new) of `size` bytes, at least 2; it gets at most size - 1
 * bytes of UTF-8 and a zero. On failure it is all zero. Nothing typed remains elsewhere in the
 * program. */

/* Writes `prompt` and reads a line with the echo off. Backspace takes away a whole letter, with its marks. What was typed before the prompt appeared,
 * and what is typed after the line and before the echo is back, is dropped. In a locale whose
 * charset is neither UTF-8 nor ASCII the line is turned into UTF-8, so that a passphrase is the
 * same bytes everywhere. BASE_LONG_PASSPHRASE, BASE_EMPTY_PASSPHRASE, BASE_ZERO_IN_PASSPHRASE (a
 * zero byte); BASE_CANCELLED at the end of input (Ctrl-D). */
enum base_code term_read_passphrase(const char *prompt, char *buffer, size_t size,
                                    struct base_error *error);

/* What term_read_new_passphrase says. The last two are said on a line of their own (no line feed at
 * their end) before the question is asked again. */
struct term_new_texts {
    const char *prompt;
    const char *prompt_again;
    const char *too_short;
    const char *differ;
};

enum { TERM_TRIES_AGAIN = 3 };

/* Asks for a new passphrase twice; the result is prepared (keys_passphrase_prepare, whose errors it has). One shorter than KEYS_LEAST_PASSPHRASE bytes, or two that
 * differ, lets the person try again, TERM_TRIES_AGAIN times in all, and then is
 * BASE_SHORT_PASSPHRASE or BASE_PASSPHRASES_DIFFER. The rest as term_read_passphrase. */
enum base_code term_read_new_passphrase(const struct term_new_texts *texts, char *buffer,
                                        size_t size, struct base_error *error);

/* Reads the first line of the file `path`, without its LF or CRLF, as it is (keys makes of it what it means).
 * "-" means the next line of standard input, of which no byte past the line is read, so that
 * another call reads the line after it; a terminal as standard input is asked as by term_read_passphrase.
 * `*others_may_read` tells whether it is a plain file whose mode lets group or others do anything.
 * Errors as of term_read_passphrase (but the end of input ends the line), and those of base_fail_os
 * if the file can't be read. */
enum base_code term_read_secret_file(const char *path, char *buffer, size_t size,
                                     bool *others_may_read, struct base_error *error);

/* ---- questions that one key answers -----------------------------------------------------------*/

struct term_choice {
    char key;          /* lower case ASCII letter or digit; different for each choice */
    const char *label; /* UTF-8 */
};

enum { TERM_NO_PRESET = -1 };

/* Writes `question` (with its punctuation) and the choices on one line,
 *     Henvendelse: [t]elefon  [p]ersonlig  [m]ail  [h]jemmeside >
 * and takes one key in any case, without Enter; then writes the chosen label in full and gives its
 * index. Enter takes choice number `preset`, which is marked, unless that is TERM_NO_PRESET. Esc, Ctrl-C, Ctrl-D, `q`
 * (unless it is a choice's key) and the end of input are BASE_CANCELLED. Other keys, arrow and
 * function keys among them, are ignored; the first of them is answered by a hint.
 *
 * Keys may be typed ahead: one is used up, the rest waits for the next question. Only a question
 * that is cancelled drops what was typed ahead. */
enum base_code term_ask_key(const char *question, const struct term_choice *choices, unsigned count,
                            int preset, unsigned *chosen, struct base_error *error);

/* term_ask_key for yes and no. The two keys are those of the interface language ('j' and 'n' in
 * Danish). Enter is no. */
enum base_code term_confirm(const char *question, char yes_key, char no_key, bool *yes,
                            struct base_error *error);

/* ---- a desk -----------------------------------------------------------------------------------
 * A sitting at the terminal, in which lines are typed and edited (GNU readline, from tavs-term.so).
 * As long as it is open the terminal is in another mode and shows a screen of its own; both are
 * given back whatever ends it or stops it. The program's own work goes on with the guarded signals
 * blocked: they take effect at the next read.
 *
 * Nothing that was typed remains in the line editor when a read returns: no history, no undo list,
 * no kill ring, no picture of the line. */
struct term_desk;

enum {
    TERM_LINE_BYTES = 4096, /* room for any line that is typed, and its zero */
    TERM_MOST_COMPLETIONS = 16,
};

struct term_desk_setup {
    unsigned idle_seconds; /* without a key, then TERM_IDLE; also while the machine sleeps */

    /* Words (UTF-8, constants) that `word`, the beginning of one, may become where it follows
     * `before` on its line. Returns how many. */
    size_t (*complete)(void *context, const char *before, const char *word,
                       const char *words[TERM_MOST_COMPLETIONS]);
};

/* Draws and reads, for as long as the sitting lasts. When a read fails it returns that code at once.
 * It is called again, to draw anew and go on, after a stop and when the terminal's size changed. */
typedef enum base_code term_desk_task(struct term_desk *desk, void *context,
                                      struct base_error *error);

/* `context` is handed to the task and to `complete`. BASE_PART_MISSING; else what the task returns. */
enum base_code term_desk_run(const struct term_desk_setup *setup, term_desk_task *task,
                             void *context, struct base_error *error);

enum term_event {
    TERM_LINE,     /* was typed; one that was pasted may hold line feeds */
    TERM_DROPPED,  /* the line was given up (Ctrl-C) */
    TERM_REDRAW,   /* the screen is to be drawn anew; the line is kept for the next read */
    TERM_IDLE,     /* nothing was typed for idle_seconds, here or at a question; the line is gone */
    TERM_TOO_LONG, /* more than 1000 bytes were typed or pasted; they are gone */
    TERM_END,      /* Ctrl-D, or the terminal is gone */
};

/* Writes `prompt` (ASCII), at the beginning of a line, and reads a line into `line`: guarded memory,
 * empty after other events. BASE_CANCELLED and other codes: return. */
enum base_code term_desk_read(struct term_desk *desk, const char *prompt,
                              char line[TERM_LINE_BYTES], enum term_event *event,
                              struct base_error *error);

/* The next read begins with this text, to be edited; the cursor is at the end of its first line.
 * What is being pasted at this moment follows on a line of its own. */
void term_desk_put_back(struct term_desk *desk, const char *text);

/* term_ask_key at the desk. BASE_CANCELLED also when the desk is to be drawn anew or has been idle:
 * term_desk_is_interrupted tells it from a question that was given up. */
enum base_code term_desk_ask_key(struct term_desk *desk, const char *question,
                                 const struct term_choice *choices, unsigned count, int preset,
                                 unsigned *chosen, struct base_error *error);
bool term_desk_is_interrupted(const struct term_desk *desk);

/* Draws the whole screen: `text`, each line of which ends with a line feed, and nothing below. It
 * should leave some lines for what is typed. Without a screen the text is written below what is
 * there. */
void term_desk_draw(struct term_desk *desk, const char *text);

/* Wipes the screen and what the terminal keeps of what was on it. */
void term_desk_clear(struct term_desk *desk);

/* Lines and columns of the terminal. False if there is no screen that can be drawn anew. */
bool term_desk_size(const struct term_desk *desk, unsigned *rows, unsigned *columns);

enum term_style { TERM_PLAIN, TERM_STRONG, TERM_FAINT, TERM_WRONG, TERM_STYLES };

/* What switches to a style; "" where no colour is wanted. */
const char *term_desk_style(const struct term_desk *desk, enum term_style style);

/* ---- texts for people ------------------------------------------------------------------------*/

/* The one way of text to standard output and standard error (tools/check-terminal): what is not printable is shown as
 * base_make_printable shows it, but for line feeds. Names, and all else from outside that is to be on one line, have been
 * made printable before.
 *
 * Writes a text of UTF-8 to `descriptor` in the charset of LC_CTYPE, whether a terminal is there or not:
 * whoever has a locale of another charset reads all texts in that. ASCII alone says little about who
 * reads, as it is also the charset of a job that cron runs: there only a terminal gets a
 * transliteration ("paaroerende"), files and pipes get UTF-8. `path` is for the error only, which is as
 * of base_write_all. Data with a charset of its own (csv, json, html, files) is not for this
 * function. */
enum base_code term_write(int descriptor, const char *text, const char *path,
                          struct base_error *error);

/* The same in UTF-8, whatever the locale: a text in a file. */
enum base_code term_write_utf8(int descriptor, const char *text, const char *path,
                               struct base_error *error);

/* Turns an argument of the command line from the charset of LC_CTYPE into UTF-8; in UTF-8 and ASCII it stays as it is, and so
 * does what the charset does not know. False if `size` bytes at `to` are not enough. */
bool term_read_argument(const char *argument, char *to, size_t size);

/* ---- what the terminal is ---------------------------------------------------------------------*/

/* True if a person can be asked: standard input is a terminal, and there is a controlling one. */
bool term_is_interactive(void);

/* True if colour may be written to `descriptor`: it is a terminal, TERM is set and not "dumb", and
 * NO_COLOR is unset or empty (no-color.org). */
bool term_colour_wanted(int descriptor);

/* Columns of the terminal behind `descriptor`; 80 where that can't be told. */
unsigned term_width(int descriptor);

#endif
