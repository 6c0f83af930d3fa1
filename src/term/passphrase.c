#include "tavs/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"
#include "line.h"
#include "tavs/keys.h"
#include "tavs/secret.h"
#include "text.h"

/* ---- typed ------------------------------------------------------------------------------------*/

/* Those of this terminal. */
static struct term_line_keys keys_of(const struct term_guard *guard)
{
    const cc_t *special = guard->before.c_cc;
    return (struct term_line_keys){.erase = (char)special[VERASE],
                                   .kill = (char)special[VKILL],
                                   .word = (char)special[VWERASE],
                                   .end = (char)special[VEOF],
                                   .wide = term_text_is_wide()};
}

/* On failure the buffer is wiped and the length 0. */
static enum base_code ask_line(struct term_guard *guard, const char *prompt, char *buffer,
                               size_t size, size_t *length, struct base_error *error)
{
    const struct term_line_keys keys = keys_of(guard);
    struct term_line line;
    term_guard_write(guard, prompt);
    enum term_read outcome = term_line_edit(term_guard_read, guard, &keys, buffer, size, &line);
    term_guard_write(guard, "\n");
    enum base_code code;
    if (outcome == TERM_READ_OK)
        code = term_line_check(&line, _("what was typed"), error);
    else
        code = term_guard_fail(guard, outcome, error);
    if (code == BASE_OK)
        code = term_text_to_utf8(buffer, size, &line.length, _("what was typed"), error);
    if (code != BASE_OK) {
        secret_wipe(buffer, size);
        line.length = 0;
    }
    *length = line.length;
    return code;
}

struct one_passphrase {
    const char *prompt;
    char *buffer;
    size_t size;
};

static enum base_code ask_once(struct term_guard *guard, void *context, struct base_error *error)
{
    const struct one_passphrase *ask = context;
    size_t length;
    return ask_line(guard, ask->prompt, ask->buffer, ask->size, &length, error);
}

enum base_code term_read_passphrase(const char *prompt, char *buffer, size_t size,
                                    struct base_error *error)
{
    struct one_passphrase ask = {prompt, buffer, size};
    secret_wipe(buffer, size);
    return term_guard_run(TERM_GUARD_LINE, NULL, ask_once, &ask, error);
}

/* ---- new, typed twice -------------------------------------------------------------------------*/

struct new_passphrase {
    const struct term_new_texts *texts;
    char *buffer, *repeated; /* of the same size */
    size_t size;
    int tries_left; /* also across a stop */
};

/* Its time does not tell where they differ; volatile, so that no vector register holds a part. */
static bool are_same(const volatile char *one, const volatile char *other, size_t size)
{
    unsigned difference = 0;
    for (size_t i = 0; i < size; i++)
        difference |= (unsigned char)(one[i] ^ other[i]);
    return difference == 0;
}

/* The passphrase that a line means. */
static enum base_code ask_new_line(struct term_guard *guard, const char *prompt, char *buffer,
                                   size_t size, size_t *length, struct base_error *error)
{
    enum base_code code = ask_line(guard, prompt, buffer, size, length, error);
    if (code == BASE_OK)
        code = keys_passphrase_prepare(buffer, size, _("what was typed"), error);
    if (code == BASE_OK)
        *length = strlen(buffer);
    else
        secret_wipe(buffer, size);
    return code;
}

static enum base_code ask_pair(struct term_guard *guard, const struct new_passphrase *ask,
                               struct base_error *error)
{
    size_t length;
    enum base_code code =
        ask_new_line(guard, ask->texts->prompt, ask->buffer, ask->size, &length, error);
    if (code == BASE_EMPTY_PASSPHRASE || (code == BASE_OK && length < KEYS_LEAST_PASSPHRASE))
        return base_fail(error, BASE_SHORT_PASSPHRASE, "%s", "");
    if (code != BASE_OK)
        return code;
    secret_wipe(ask->repeated, ask->size);
    code = ask_new_line(guard, ask->texts->prompt_again, ask->repeated, ask->size, &length, error);
    if (code == BASE_EMPTY_PASSPHRASE ||
        (code == BASE_OK && !are_same(ask->buffer, ask->repeated, ask->size)))
        return base_fail(error, BASE_PASSPHRASES_DIFFER, "%s", "");
    return code;
}

static enum base_code ask_new(struct term_guard *guard, void *context, struct base_error *error)
{
    struct new_passphrase *ask = context;
    for (;;) {
        secret_wipe(ask->buffer, ask->size);
        enum base_code code = ask_pair(guard, ask, error);
        bool may_retry = code == BASE_SHORT_PASSPHRASE || code == BASE_PASSPHRASES_DIFFER;
        if (!may_retry || ask->tries_left == 0) {
            if (code != BASE_OK)
                secret_wipe(ask->buffer, ask->size);
            secret_wipe(ask->repeated, ask->size);
            return code;
        }
        ask->tries_left--;
        term_guard_write(guard, code == BASE_SHORT_PASSPHRASE ? ask->texts->too_short
                                                              : ask->texts->differ);
        term_guard_write(guard, "\n");
    }
}

enum base_code term_read_new_passphrase(const struct term_new_texts *texts, char *buffer,
                                        size_t size, struct base_error *error)
{
    void *repeated = NULL;
    secret_wipe(buffer, size);
    enum base_code code = secret_new(size, &repeated, error);
    if (code != BASE_OK)
        return code;
    struct new_passphrase ask = {texts, buffer, repeated, size, TERM_TRIES_AGAIN};
    code = term_guard_run(TERM_GUARD_LINE, NULL, ask_new, &ask, error);
    secret_free(repeated);
    return code;
}

/* ---- from a file ------------------------------------------------------------------------------*/

struct file_source {
    int descriptor;
    int os_error;
};

static enum term_read read_file_byte(void *context, char *byte)
{
    struct file_source *source = context;
    for (;;) {
        ssize_t count = read(source->descriptor, byte, 1);
        if (count == 1)
            return TERM_READ_OK;
        if (count == 0)
            return TERM_READ_END;
        if (errno == EAGAIN) {
            struct pollfd file = {.fd = source->descriptor, .events = POLLIN};
            poll(&file, 1, -1);
        } else if (errno != EINTR) {
            source->os_error = errno;
            return TERM_READ_FAILED;
        }
    }
}

/* `work` is one byte longer than `buffer`, for the CR of a CRLF. */
static enum base_code read_secret_line(int descriptor, const char *name, char *work, char *buffer,
                                       size_t size, struct base_error *error)
{
    struct file_source source = {.descriptor = descriptor};
    struct term_line line;
    enum term_read outcome = term_line_read(read_file_byte, &source, work, size + 1, &line);
    if (outcome == TERM_READ_FAILED)
        return base_fail_os(error, source.os_error, "%s", name);
    if (outcome == TERM_READ_OK && line.length > 0 && work[line.length - 1] == '\r')
        work[--line.length] = '\0';
    line.too_long = line.too_long || line.length > size - 1;
    enum base_code code = term_line_check(&line, name, error);
    if (code == BASE_OK)
        term_copy_secret(buffer, work, line.length + 1);
    return code;
}

static enum base_code read_secret_from(int descriptor, const char *name, char *buffer, size_t size,
                                       bool *others_may_read, struct base_error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return base_fail_os(error, errno, "%s", name);
    void *work = NULL;
    enum base_code code = secret_new(size + 1, &work, error);
    if (code != BASE_OK)
        return code;
    code = read_secret_line(descriptor, name, work, buffer, size, error);
    secret_free(work);
    if (code == BASE_OK)
        *others_may_read = S_ISREG(status.st_mode) && (status.st_mode & 077) != 0;
    return code;
}

enum base_code term_read_secret_file(const char *path, char *buffer, size_t size,
                                     bool *others_may_read, struct base_error *error)
{
    secret_wipe(buffer, size);
    if (strcmp(path, "-") == 0) {
        if (!isatty(STDIN_FILENO))
            return read_secret_from(STDIN_FILENO, _("standard input"), buffer, size,
                                    others_may_read, error);
        enum base_code code = term_read_passphrase(_("Passphrase: "), buffer, size, error);
        if (code == BASE_OK)
            *others_may_read = false;
        return code;
    }
    int descriptor = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", path);
    enum base_code code = read_secret_from(descriptor, path, buffer, size, others_may_read, error);
    close(descriptor);
    return code;
}
