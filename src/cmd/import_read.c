/* The file that is imported: a table as it is, or what tavs-scan makes of a workbook. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import.h"
#include "tavs/secret.h"

enum { BUFFER_BYTES = 1 << 16 };

/* A plain file's size, to tell how far it is; 0 where nobody knows. */
static uint64_t size_of(int descriptor)
{
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size
                                                                      : 0;
}

/* The row of headings byte by byte: where it is refused, nothing below it has been read. */
static enum base_code read_bytes(struct import *import, int descriptor, uint8_t *buffer,
                                 struct base_error *error)
{
    struct cmd_progress progress = {import->context, _("Reading"), -1};
    const uint64_t total = size_of(descriptor);
    uint64_t done = 0;
    for (;;) {
        const bool at_rows = intake_has_headings(import->intake);
        const ssize_t got = read(descriptor, buffer, at_rows ? BUFFER_BYTES : 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base_fail_os(error, errno, "%s", import->name);
        if (got == 0)
            break;
        const enum base_code code = intake_feed(import->intake, buffer, (size_t)got, error);
        if (code != BASE_OK)
            return code;
        done += (uint64_t)got;
        if (at_rows && done < total)
            cmd_show_progress(&progress, done, total);
    }
    if (progress.percent >= 0)
        cmd_show_progress(&progress, 1, 1);
    return intake_end(import->intake, error);
}

/* The first line, which is the sheet's name; what has no end of line is no workbook. */
static enum base_code read_sheet_name(struct import *import, int descriptor,
                                      struct base_error *error)
{
    size_t length = 0;
    char byte = '\0';
    while (length + 1 < sizeof import->sheet) {
        const ssize_t got = read(descriptor, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base_fail_os(error, errno, "%s", import->name);
        if (got == 0 || byte == '\n')
            break;
        import->sheet[length++] = byte;
    }
    import->sheet[length] = '\0';
    return BASE_OK;
}

/* What tavs-scan makes of a workbook. What it says against it goes before what its rows lack. */
static enum base_code read_cells(struct import *import, uint8_t *buffer, struct base_error *error)
{
    const struct cmd_cells *cells = &import->context->cells;
    struct base_error own;
    enum base_code code = read_sheet_name(import, cells->output, error);
    if (code == BASE_OK)
        code = read_bytes(import, cells->output, buffer, error);
    if (code != BASE_OK && code != BASE_INTAKE_EMPTY)
        return code;
    const enum base_code ended = cmd_end_cells(cells, &own);
    if (ended != BASE_OK)
        *error = own;
    return ended != BASE_OK ? ended : code;
}

static enum base_code read_open(struct import *import, int descriptor, struct base_error *error)
{
    void *buffer;
    enum base_code code = secret_new(BUFFER_BYTES, &buffer, error);
    if (code != BASE_OK)
        return code;
    code = import->context->cells.started ? read_cells(import, buffer, error)
                                          : read_bytes(import, descriptor, buffer, error);
    secret_free(buffer);
    const uint64_t bad = intake_bad_rows(import->intake);
    if (code == BASE_OK) {
        /* All rows can be counted. */
    } else if (bad == INTAKE_MOST_BAD_ROWS) {
        cmd_say(import->context, _("%d rows or more can't be counted. The first:\n"),
                INTAKE_MOST_BAD_ROWS);
    } else if (bad > 1) {
        cmd_say(import->context,
                P_("%d row can't be counted:\n", "%d rows can't be counted. The first:\n",
                   (unsigned long)bad),
                (int)bad);
    }
    return code;
}

enum base_code import_read(struct import *import, struct base_error *error)
{
    if (import->context->cells.started)
        cmd_open_cells(&import->context->cells);
    else if (import->context->value[CMD_SHEET] != NULL)
        return base_fail(error, BASE_INTAKE_NO_SHEET, "%s", import->context->value[CMD_SHEET]);
    if (import->path == NULL || import->context->cells.started)
        return read_open(import, STDIN_FILENO, error);
    const int descriptor = open(import->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", import->name);
    const enum base_code code = read_open(import, descriptor, error);
    (void)close(descriptor);
    return code;
}

/* Every workbook of today is a zip archive. What comes through a pipe is not looked into: that would take from it. */
static bool is_archive(const char *path)
{
    static const char magic[] = {'P', 'K', 3, 4};
    char first[sizeof magic];
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    const bool is = descriptor >= 0 &&
                    read(descriptor, first, sizeof first) == (ssize_t)sizeof first &&
                    memcmp(first, magic, sizeof magic) == 0;
    if (descriptor >= 0)
        (void)close(descriptor);
    return is;
}

enum base_code import_prepare(struct cmd_context *context, struct base_error *error)
{
    const char *path = context->words[0];
    return is_archive(path)
               ? cmd_start_cells(context, path, context->value[CMD_SHEET], &context->cells, error)
               : BASE_OK;
}
