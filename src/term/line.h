/* One line of secret text, byte by byte, from a terminal or a file. */
#ifndef TAVS_TERM_LINE_H
#define TAVS_TERM_LINE_H

#include "tavs/base.h"

enum term_read {
    TERM_READ_OK,
    TERM_READ_END,     /* of the input */
    TERM_READ_NOTHING, /* came within the time */
    TERM_READ_SIGNAL,  /* one of the guarded signals came */
    TERM_READ_IDLE,    /* nothing was typed for too long */
    TERM_READ_FAILED,
};

/* Reads one byte from `source`. */
typedef enum term_read term_reader(void *source, char *byte);

struct term_line {
    size_t length; /* bytes, without the line feed */
    bool too_long; /* the rest of the line was not read */
    bool has_zero;
};

/* Reads up to a line feed, straight into `buffer` (at most size - 1 bytes; the line feed becomes
 * the terminating zero). TERM_READ_OK if the line feed came or the line is too long; else what
 * stopped it: `line` and `buffer` then tell what came before. */
enum term_read term_line_read(term_reader *read_byte, void *source, char *buffer, size_t size,
                              struct term_line *line);

/* What a terminal mends a line with, besides Backspace, Ctrl-U and Ctrl-W; '\0' is no key. */
struct term_line_keys {
    char erase, kill, word, end;
    bool wide; /* a letter may be several bytes: UTF-8 */
};

/* The same of single keys, which come as they are typed: Backspace takes a whole letter with its marks away, Ctrl-W a word,
 * Ctrl-U all. What is taken away is wiped. TERM_READ_END also for the key that ends the input, if nothing was typed or it
 * comes twice. */
enum term_read term_line_edit(term_reader *read_byte, void *source,
                              const struct term_line_keys *keys, char *buffer, size_t size,
                              struct term_line *line);

/* memcpy leaves what it copied in vector registers, which a signal or the dynamic linker then saves
 * on the stack. This does not. */
void term_copy_secret(char *to, const char *from, size_t size);

/* BASE_OK if the line can be a passphrase; `subject` says where it came from. */
enum base_code term_line_check(const struct term_line *line, const char *subject,
                               struct base_error *error);

#endif
