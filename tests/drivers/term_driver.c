/* Asks what its arguments name, one after the other, and writes on standard output, a line each,
 * how that went: for tests/whole/test_term.py, which gives it a terminal and links it with
 * --wrap=poll,--wrap=ppoll,--wrap=write.
 *
 *     passphrase SIZE | new SIZE  "passphrase CODE HEX"; a failed one "... CODE in SUBJECT"
 *     file PATH                   "file CODE HEX open" or "... private"
 *     rest                        "rest HEX": what standard input still holds
 *     key | preset | quit         "key CODE INDEX"
 *     confirm                     "confirm CODE yes" or "... no"
 *     interactive | colour FD     "interactive yes", "colour no" ...
 *     width FD                    "width COLUMNS"
 *     ignore N | handle N         sets what signal N does: "handled N echo", "... silent"
 *     late N                      signal N comes just before the next wait
 *     amid N                      signal N comes just before the next bytes are written
 *     keep SIZE | drop SIZE       reads a passphrase, keeps it or lets go of it, writes "waiting",
 *                                 waits for a line of standard input
 */
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include "tavs/secret.h"
#include "tavs/term.h"

static const struct {
    enum base_code code;
    const char *name;
} code_names[] = {
    {BASE_OK, "ok"},
    {BASE_NEEDS_TERMINAL, "needs-terminal"},
    {BASE_SHORT_PASSPHRASE, "short"},
    {BASE_LONG_PASSPHRASE, "long"},
    {BASE_EMPTY_PASSPHRASE, "empty"},
    {BASE_ZERO_IN_PASSPHRASE, "zero"},
    {BASE_PASSPHRASES_DIFFER, "differ"},
    {BASE_CANCELLED, "cancelled"},
    {BASE_IO, "io"},
    {BASE_NO_PERMISSION, "no-permission"},
};

static struct base_error error;

/* ---- a signal at the worst moment ----------------------------------------------------------- */

static int late_signal, amid_signal;

ssize_t __real_write(int descriptor, const void *bytes, size_t size);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t size);
int __real_poll(struct pollfd *files, nfds_t count, int milliseconds);
int __wrap_poll(struct pollfd *files, nfds_t count, int milliseconds);
int __real_ppoll(struct pollfd *files, nfds_t count, const struct timespec *time,
                 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *files, nfds_t count, const struct timespec *time,
                 const sigset_t *mask);

static void send_once(int *number)
{
    if (*number != 0)
        kill(getpid(), *number);
    *number = 0;
}

ssize_t __wrap_write(int descriptor, const void *bytes, size_t size)
{
    send_once(&amid_signal);
    return __real_write(descriptor, bytes, size);
}

int __wrap_poll(struct pollfd *files, nfds_t count, int milliseconds)
{
    send_once(&late_signal);
    return __real_poll(files, count, milliseconds);
}

int __wrap_ppoll(struct pollfd *files, nfds_t count, const struct timespec *time,
                 const sigset_t *mask)
{
    send_once(&late_signal);
    return __real_ppoll(files, count, time, mask);
}

/* ---- answers -------------------------------------------------------------------------------- */

static void print(const char *text)
{
    fputs(text, stdout);
}

static void print_code(const char *what, enum base_code code)
{
    const char *name = "another code";
    for (size_t i = 0; i < sizeof code_names / sizeof *code_names; i++) {
        if (code_names[i].code == code)
            name = code_names[i].name;
    }
    printf("%s %s", what, name);
    if (code != BASE_OK && error.code != code)
        print(" WRONG-ERROR");
    if (code != BASE_OK && error.subject[0] != '\0')
        printf(" in %s", error.subject);
}

static void print_hex(const char *bytes)
{
    print(" ");
    for (; *bytes != '\0'; bytes++)
        printf("%02x", (unsigned char)*bytes);
}

static char *new_buffer(size_t size)
{
    void *memory;
    if (secret_new(size, &memory, &error) != BASE_OK)
        abort();
    memset(memory, 'x', size);
    return memory;
}

static void finish_buffer(enum base_code code, char *buffer, size_t size)
{
    if (code == BASE_OK)
        print_hex(buffer);
    else if (!base_is_zero((const uint8_t *)buffer, size))
        print(" NOT-WIPED");
    secret_free(buffer);
}

static void ask_passphrase(size_t size, bool is_new)
{
    static const struct term_new_texts texts = {"New: ", "Again: ", "Too short.", "They differ."};
    char *buffer = new_buffer(size);
    enum base_code code = is_new ? term_read_new_passphrase(&texts, buffer, size, &error)
                                 : term_read_passphrase("Passphrase: ", buffer, size, &error);
    print_code("passphrase", code);
    finish_buffer(code, buffer, size);
}

static void read_file(const char *path)
{
    enum { SIZE = 33 };
    bool others_may_read = false;
    char *buffer = new_buffer(SIZE);
    enum base_code code = term_read_secret_file(path, buffer, SIZE, &others_may_read, &error);
    print_code("file", code);
    finish_buffer(code, buffer, SIZE);
    print(others_may_read ? " open" : " private");
}

static void read_rest(void)
{
    char rest[256];
    ssize_t size = read(STDIN_FILENO, rest, sizeof rest - 1);
    rest[size > 0 ? size : 0] = '\0';
    print("rest");
    print_hex(rest);
}

static void ask_key(bool with_preset, bool with_quit)
{
    const struct term_choice choices[] = {{'t', "telefon"},
                                          {'p', "pårørende"},
                                          {'m', "e-Mail"},
                                          {with_quit ? 'q' : 'x', "hjemmeside"}};
    unsigned chosen = 99;
    enum base_code code =
        term_ask_key("Henvendelse:", choices, 4, with_preset ? 1 : TERM_NO_PRESET, &chosen, &error);
    print_code("key", code);
    printf(" %u", chosen);
}

static void confirm(void)
{
    bool yes = false;
    print_code("confirm", term_confirm("Slet?", 'j', 'n', &yes, &error));
    print(yes ? " yes" : " no");
}

/* Tells whether the terminal's echo was back when the signal took effect. */
static void handle(int number)
{
    struct termios mode;
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY);
    tcgetattr(terminal, &mode);
    close(terminal);
    printf("handled %d %s\n", number, mode.c_lflag & ECHO ? "echo" : "silent");
}

/* ---- the arguments -------------------------------------------------------------------------- */

/* No printf before the wait: it would overwrite what may lie on the stack. */
static void keep_or_drop(size_t size, bool keep)
{
    char *buffer = new_buffer(size), byte;
    enum base_code code = term_read_passphrase("Passphrase: ", buffer, size, &error);
    if (!keep)
        secret_free(buffer);
    bool told = write(STDOUT_FILENO, "waiting\n", 8) == 8;
    while (told && read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
        ;
    if (keep)
        secret_free(buffer);
    print_code("passphrase", code);
}

/* Returns how many arguments were used. */
static int ask(const char *what, const char *value)
{
    int number = atoi(value);
    size_t size = (size_t)number;
    bool is_short = false;
    if (strcmp(what, "key") == 0 || strcmp(what, "preset") == 0 || strcmp(what, "quit") == 0) {
        ask_key(what[0] == 'p', what[0] == 'q');
        is_short = true;
    } else if (strcmp(what, "confirm") == 0) {
        confirm();
        is_short = true;
    } else if (strcmp(what, "rest") == 0) {
        read_rest();
        is_short = true;
    } else if (strcmp(what, "interactive") == 0) {
        printf("interactive %s", term_is_interactive() ? "yes" : "no");
        is_short = true;
    } else if (strcmp(what, "passphrase") == 0 || strcmp(what, "new") == 0) {
        ask_passphrase(size, what[0] == 'n');
    } else if (strcmp(what, "file") == 0) {
        read_file(value);
    } else if (strcmp(what, "keep") == 0 || strcmp(what, "drop") == 0) {
        keep_or_drop(size, what[0] == 'k');
    } else if (strcmp(what, "colour") == 0) {
        printf("colour %s", term_colour_wanted(number) ? "yes" : "no");
    } else if (strcmp(what, "width") == 0) {
        printf("width %u", term_width(number));
    } else if (strcmp(what, "late") == 0) {
        late_signal = number;
    } else if (strcmp(what, "amid") == 0) {
        amid_signal = number;
    } else if (strcmp(what, "ignore") == 0) {
        signal(number, SIG_IGN);
    } else if (strcmp(what, "handle") == 0) {
        signal(number, handle);
    } else {
        fprintf(stderr, "unknown: %s\n", what);
        exit(2);
    }
    print("\n");
    return is_short ? 1 : 2;
}

int main(int count, char **arguments)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    setlocale(LC_ALL, "");
    if (secret_harden(&error) != BASE_OK)
        return 5;
    /* The leak check of AddressSanitizer and the test's search through memory must look in. */
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    for (int i = 1; i < count;)
        i += ask(arguments[i], i + 1 < count ? arguments[i + 1] : "");
    return 0;
}
