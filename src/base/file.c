#include "tavs/base.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SUFFIX_BYTES = 6,
    /* A temporary name is ".NAME.suffix"; a long NAME is cut so that it fits NAME_MAX. */
    MOST_OF_NAME = 200,
    TEMPORARY_BYTES = 1 + MOST_OF_NAME + 1 + SUFFIX_BYTES + 1,
    MOST_TRIES = 100,
};

struct base_file {
    int descriptor;
    int folder;                      /* every name below is in it */
    char *path;                      /* as the caller wrote it */
    const char *name;                /* its last part, in `path` */
    char temporary[TEMPORARY_BYTES]; /* empty as long as the file has no name */
    char *working_path;
};

/* ---- system calls that a signal may interrupt ------------------------------------------------ */

static int open_at(int folder, const char *name, int flags)
{
    int descriptor;

    do {
        descriptor = openat(folder, name, flags | O_CLOEXEC, 0600);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

static int sync_descriptor(int descriptor)
{
    int result;

    do {
        result = fsync(descriptor);
    } while (result < 0 && errno == EINTR);
    return result;
}

/* Some file systems can't sync a folder, and say EINVAL. */
static int sync_folder(int folder)
{
    int result = sync_descriptor(folder);

    return result < 0 && errno == EINVAL ? 0 : result;
}

/* ---- making ---------------------------------------------------------------------------------- */

static bool make_temporary_name(struct base_file *file)
{
    static const char symbols[] = "0123456789abcdefghijklmnopqrstuv";
    uint8_t random[SUFFIX_BYTES];
    char suffix[SUFFIX_BYTES + 1] = "";

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    for (size_t i = 0; i < SUFFIX_BYTES; i++)
        suffix[i] = symbols[random[i] % 32];
    snprintf(file->temporary, sizeof file->temporary, ".%.*s.%s", MOST_OF_NAME, file->name, suffix);
    return true;
}

/* Of the part of `path` that names the folder; 0 where there is none. Slashes at its end don't count. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;

    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

static int open_folder_of(const char *path)
{
    char *folder = path[0] != '\0' && folder_length(path) == 0 ? strdup(".")
                                                               : strndup(path, folder_length(path));
    int descriptor = folder == NULL ? -1 : open_at(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY);

    free(folder);
    return descriptor;
}

/* Splits `path`. One that can only be a folder's is refused. */
static bool split_path(struct base_file *file)
{
    char *slash = strrchr(file->path, '/');

    file->name = slash == NULL ? file->path : slash + 1;
    if (*file->path == '\0') {
        errno = ENOENT;
        return false;
    }
    if (*file->name == '\0' || strcmp(file->name, ".") == 0 || strcmp(file->name, "..") == 0) {
        errno = EISDIR;
        return false;
    }
    if (strlen(file->name) > NAME_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

/* A file without a name; -1 with errno EOPNOTSUPP where there can be none. */
static int open_nameless(int folder)
{
    int descriptor = open_at(folder, ".", O_TMPFILE | O_RDWR);

    /* What kernels before O_TMPFILE, and file systems without it, say. */
    if (descriptor < 0 && (errno == EISDIR || errno == EINVAL || errno == ENOENT))
        errno = EOPNOTSUPP;
    return descriptor;
}

/* Owns the descriptor if all goes well. False with errno EOPNOTSUPP where it could not be given a name later: that goes
 * through /proc. */
static bool keep_nameless(struct base_file *file, int descriptor)
{
    if (asprintf(&file->working_path, "/proc/self/fd/%d", descriptor) < 0) {
        file->working_path = NULL;
        errno = ENOMEM;
        return false;
    }
    if (access(file->working_path, F_OK) < 0) {
        free(file->working_path);
        file->working_path = NULL;
        errno = EOPNOTSUPP;
        return false;
    }
    file->descriptor = descriptor;
    return true;
}

static bool make_nameless(struct base_file *file)
{
    int descriptor = open_nameless(file->folder);
    int os_error;

    if (descriptor >= 0 && keep_nameless(file, descriptor))
        return true;
    os_error = errno;
    if (descriptor >= 0)
        close(descriptor);
    errno = os_error;
    return false;
}

/* A file under a temporary name beside its place. */
static bool make_named(struct base_file *file)
{
    for (int i = 0; i < MOST_TRIES && file->descriptor < 0; i++) {
        if (!make_temporary_name(file))
            break;
        file->descriptor = open_at(file->folder, file->temporary, O_RDWR | O_CREAT | O_EXCL);
        if (file->descriptor < 0 && errno != EEXIST)
            break;
    }
    if (file->descriptor < 0) {
        file->temporary[0] = '\0'; /* not ours to remove */
        return false;
    }

    int folder_length = (int)(file->name - file->path);
    if (asprintf(&file->working_path, "%.*s%s", folder_length, file->path, file->temporary) < 0) {
        file->working_path = NULL;
        errno = ENOMEM;
        return false;
    }
    return true;
}

/* ---- ahead ----------------------------------------------------------------------------------- */

enum { MOST_FOLDERS = 4 };

/* What was opened ahead: nameless files, in one folder each. */
static struct ahead {
    char *path; /* whose folder it is */
    int folder;
    int files[BASE_MOST_AHEAD];
    size_t count;
} aheads[MOST_FOLDERS];
static size_t ahead_count;

int base_file_ahead(const char *path, size_t count, int *first)
{
    struct ahead *ahead = &aheads[ahead_count];

    if (ahead_count == MOST_FOLDERS || count > BASE_MOST_AHEAD)
        return EMFILE;
    ahead->folder = open_folder_of(path);
    if (ahead->folder < 0)
        return errno;
    for (ahead->count = 0; ahead->count < count; ahead->count++) {
        int descriptor = open_nameless(ahead->folder);
        if (descriptor < 0)
            break;
        ahead->files[ahead->count] = descriptor;
    }
    ahead->path = ahead->count == 0 ? NULL : strdup(path);
    if (ahead->path == NULL) {
        int os_error = errno;
        while (ahead->count > 0)
            close(ahead->files[--ahead->count]);
        close(ahead->folder);
        return os_error;
    }
    *first = ahead->files[ahead->count - 1];
    ahead_count++;
    return 0;
}

static bool is_in_folder_of(const char *path, const char *other)
{
    size_t length = folder_length(path);

    return length == folder_length(other) && strncmp(path, other, length) == 0;
}

/* False with errno 0: nothing was opened ahead for it. */
static bool take_ahead(struct base_file *file)
{
    for (size_t i = 0; i < ahead_count; i++) {
        struct ahead *ahead = &aheads[i];
        if (ahead->count == 0 || !is_in_folder_of(file->path, ahead->path))
            continue;
        file->folder = fcntl(ahead->folder, F_DUPFD_CLOEXEC, 0);
        if (file->folder < 0 || !keep_nameless(file, ahead->files[ahead->count - 1]))
            return false;
        ahead->count--;
        return true;
    }
    errno = 0;
    return false;
}

static bool make_file(struct base_file *file)
{
    if (!split_path(file))
        return false;
    if (take_ahead(file))
        return true;
    if (file->folder < 0)
        file->folder = open_folder_of(file->path);
    return file->folder >= 0 && (make_nameless(file) || (errno == EOPNOTSUPP && make_named(file)));
}

enum base_code base_file_new(const char *path, struct base_file **out, struct base_error *error)
{
    struct base_file *file = calloc(1, sizeof *file);

    if (file == NULL)
        return base_fail_os(error, ENOMEM, "%s", path);
    file->descriptor = -1;
    file->folder = -1;
    file->path = strdup(path);
    if (file->path == NULL || !make_file(file)) {
        int os_error = errno;
        base_file_abandon(file);
        return base_fail_os(error, os_error, "%s", path);
    }
    *out = file;
    return BASE_OK;
}

int base_file_descriptor(const struct base_file *file)
{
    return file->descriptor;
}

const char *base_file_working_path(const struct base_file *file)
{
    return file->working_path;
}

void base_file_abandon(struct base_file *file)
{
    if (file == NULL)
        return;
    if (file->temporary[0] != '\0')
        unlinkat(file->folder, file->temporary, 0);
    if (file->descriptor >= 0)
        close(file->descriptor);
    if (file->folder >= 0)
        close(file->folder);
    free(file->working_path);
    free(file->path);
    free(file);
}

/* ---- naming ---------------------------------------------------------------------------------- */

static int link_nameless(const struct base_file *file, const char *name)
{
    return linkat(AT_FDCWD, file->working_path, file->folder, name, AT_SYMLINK_FOLLOW);
}

/* Gives a file that has a temporary name its own, if that is free. */
static int rename_to_free_name(struct base_file *file)
{
    int result =
        renameat2(file->folder, file->temporary, file->folder, file->name, RENAME_NOREPLACE);

    if (result == 0) {
        file->temporary[0] = '\0';
    } else if (errno == EINVAL || errno == ENOSYS) {
        /* A file system that does not know the flag; base_file_abandon takes the other name. */
        result = linkat(file->folder, file->temporary, file->folder, file->name, 0);
    }
    return result;
}

/* A second name for the new file, then that takes the place of the old file in one step. */
static int replace_name(struct base_file *file)
{
    struct stat present;

    /* Only a plain file is replaced: never /dev/null, a folder or a symbolic link. */
    if (fstatat(file->folder, file->name, &present, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!S_ISREG(present.st_mode)) {
            errno = EEXIST;
            return -1;
        }
    } else if (errno != ENOENT) {
        return -1;
    }

    for (int i = 0; file->temporary[0] == '\0'; i++) {
        if (!make_temporary_name(file))
            return -1;
        if (link_nameless(file, file->temporary) < 0) {
            file->temporary[0] = '\0';
            if (errno != EEXIST || i + 1 == MOST_TRIES)
                return -1;
        }
    }
    if (renameat(file->folder, file->temporary, file->folder, file->name) < 0)
        return -1;
    file->temporary[0] = '\0';
    return 0;
}

static int give_name(struct base_file *file, bool replace)
{
    if (replace)
        return replace_name(file);
    if (file->temporary[0] == '\0')
        return link_nameless(file, file->name);
    return rename_to_free_name(file);
}

enum base_code base_file_commit(struct base_file *file, bool replace, struct base_error *error)
{
    enum base_code code = BASE_OK;

    if (sync_descriptor(file->descriptor) < 0) {
        code = base_fail_os(error, errno, "%s", file->path);
    } else if (give_name(file, replace) < 0) {
        code = errno == EEXIST ? base_fail(error, BASE_FILE_EXISTS, "%s", file->path)
                               : base_fail_os(error, errno, "%s", file->path);
    } else if (sync_folder(file->folder) < 0) {
        int os_error = errno;
        /* What was replaced is gone; a new name is taken back, where names may still be taken away. */
        if (!replace && unlinkat(file->folder, file->name, 0) == 0)
            code = base_fail_os(error, os_error, "%s", file->path);
        else
            code = base_fail(error, BASE_NOT_SYNCED, "%s", file->path);
        error->os_error = os_error;
    }
    base_file_abandon(file);
    return code;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum base_code base_write_all(int descriptor, const void *bytes, size_t size, const char *path,
                              struct base_error *error)
{
    const uint8_t *from = bytes;

    while (size > 0) {
        ssize_t written = write(descriptor, from, size);
        if (written > 0) {
            from += written;
            size -= (size_t)written;
        } else if (written == 0) {
            return base_fail_write(error, EIO, "%s", path);
        } else if (errno == EAGAIN) {
            /* Standard output may be shared with somebody who wants it non-blocking. */
            struct pollfd ready = {.fd = descriptor, .events = POLLOUT};
            if (poll(&ready, 1, -1) < 0 && errno != EINTR)
                return base_fail_write(error, errno, "%s", path);
        } else if (errno != EINTR) {
            return base_fail_write(error, errno, "%s", path);
        }
    }
    return BASE_OK;
}

enum base_code base_make_folders(char *path, struct base_error *error)
{
    enum base_code code = BASE_OK;
    char *slash = path;

    /* The slash that an absolute path begins with names no folder to be made. */
    while (code == BASE_OK && *slash != '\0' && (slash = strchr(slash + 1, '/')) != NULL) {
        *slash = '\0';
        if (access(path, F_OK) != 0 && mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
            code = base_fail_os(error, errno, "%s", path);
        *slash = '/';
    }
    return code;
}
