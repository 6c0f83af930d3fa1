#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tavs/scan.h"
#include "tavs/secret.h"

enum { READ_STEP = 1 << 16 };

/* Twice the room; the old bytes are wiped. NULL, and the old ones gone, if there is no memory. */
static char *move_to_larger(char *bytes, size_t *room)
{
    char *larger = malloc(*room * 2);
    if (larger != NULL)
        memcpy(larger, bytes, *room);
    secret_wipe(bytes, *room);
    free(bytes);
    *room *= 2;
    return larger;
}

/* Reads to the end. */
static enum base_code read_all(int descriptor, const char *name, struct loaded *file,
                               struct base_error *error)
{
    size_t most = READ_STEP, length = 0;
    ssize_t got = 1;
    char *all = malloc(most);
    while (all != NULL && got != 0 && length <= SCAN_MOST_HELD_BYTES) {
        if (length == most) {
            all = move_to_larger(all, &most);
            continue;
        }
        got = read(descriptor, all + length, most - length);
        if (got < 0 && errno != EINTR)
            break;
        length += got > 0 ? (size_t)got : 0;
    }
    if (all == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", name);
    if (got == 0 && length <= SCAN_MOST_HELD_BYTES) {
        *file = (struct loaded){all, length, most};
        return BASE_OK;
    }
    const int os_error = errno;
    secret_wipe(all, most);
    free(all);
    return got < 0 ? base_fail_os(error, os_error, "%s", name)
                   : base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
}

static const char *shrunk_text;

/* What lies beyond the end of a file that has become shorter can't be read any more. */
static void end_shrunk(int number)
{
    enum { SYSTEM_FAILED = 5 };
    (void)number;
    (void)!write(STDERR_FILENO, shrunk_text, strlen(shrunk_text));
    _exit(SYSTEM_FAILED);
}

static enum base_code map(int descriptor, const char *name, const struct stat *status,
                          struct loaded *file, struct base_error *error)
{
    if (status->st_size > SCAN_MOST_BYTES)
        return base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
    const size_t size = (size_t)status->st_size;
    char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        return base_fail_os(error, errno, "%s", name);
    shrunk_text = _("tavs: the file became shorter while it was read; it has not been cleared\n");
    (void)signal(SIGBUS, end_shrunk);
    load_passing(bytes, size);
    *file = (struct loaded){bytes, size, 0};
    return BASE_OK;
}

enum base_code load_file(const char *path, struct loaded *file, struct base_error *error)
{
    const bool standard_input = strcmp(path, "-") == 0;
    struct stat status;
    const int descriptor = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", path);
    const bool plain = !standard_input && fstat(descriptor, &status) == 0 &&
                       S_ISREG(status.st_mode) && status.st_size > 0;
    const enum base_code code = plain ? map(descriptor, path, &status, file, error)
                                      : read_all(descriptor, path, file, error);
    if (!standard_input)
        close(descriptor);
    return code;
}

void load_end(struct loaded *file)
{
    if (file->room > 0) {
        secret_wipe(file->bytes, file->room);
        free(file->bytes);
        return;
    }
    (void)munmap(file->bytes, file->size);
    load_passing(NULL, 0);
}
