#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/secret.h"

/* To open a pipe would wait for its other end. */
enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

/* Reads to the end or until `size` bytes are there; -1 with errno. */
static ssize_t read_some(int descriptor, void *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t got = read(descriptor, (char *)bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Notes a file; `*is_new` is false if it has been noted before. */
static enum base_code note(struct search *search, const struct stat *status, bool *is_new,
                           struct base_error *error)
{
    *is_new = false;
    for (size_t i = 0; i < search->read_count; i++)
        if (search->read[i].device == status->st_dev && search->read[i].number == status->st_ino)
            return BASE_OK;
    if (search->read_count == search->read_room) {
        const size_t room = search->read_room == 0 ? 16 : 2 * search->read_room;
        struct search_seen *larger = realloc(search->read, room * sizeof *larger);
        if (larger == NULL)
            return base_fail(error, BASE_NO_MEMORY, "%s", _("looking for traces"));
        search->read = larger;
        search->read_room = room;
    }
    search->read[search->read_count++] = (struct search_seen){status->st_dev, status->st_ino};
    *is_new = true;
    return BASE_OK;
}

static enum base_code read_descriptor(struct search *search, int descriptor, const char *path,
                                      const struct stat *status, struct search_text *text,
                                      struct base_error *error)
{
    void *bytes;
    size_t size = (size_t)status->st_size;

    if (status->st_size > TRACES_MOST_BYTES) {
        search_say(search, TRACES_TOO_LARGE, path, 0, "");
        size = TRACES_MOST_BYTES;
    }
    enum base_code code = secret_new(size + 1, &bytes, error);
    if (code != BASE_OK)
        return code;
    const ssize_t got = read_some(descriptor, bytes, size);
    if (got < 0) {
        text->failed = true;
        search_say(search, TRACES_UNREADABLE, path, 0, base_os_error_text(errno));
        secret_free(bytes);
        return BASE_OK;
    }
    *text = (struct search_text){bytes, (size_t)got, false};
    text->bytes[got] = '\0';
    return BASE_OK;
}

enum base_code search_read(struct search *search, const char *path, struct search_text *text,
                           struct base_error *error)
{
    struct stat status;
    bool is_new;
    enum base_code code = BASE_OK;

    *text = (struct search_text){0};
    const int descriptor = open(path, OPEN_FLAGS);
    if (descriptor < 0) {
        text->failed = errno != ENOENT && errno != ENOTDIR && errno != ENXIO;
        if (text->failed)
            search_say(search, TRACES_UNREADABLE, path, 0, base_os_error_text(errno));
        return BASE_OK;
    }
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        code = note(search, &status, &is_new, error);
        if (code == BASE_OK && is_new)
            code = read_descriptor(search, descriptor, path, &status, text, error);
    }
    (void)close(descriptor);
    return code;
}

void search_text_free(struct search_text *text)
{
    secret_free(text->bytes);
    *text = (struct search_text){0};
}

/* ---- folders ---- */

static bool take_entry(struct search *search, const char *folder)
{
    if (search->entries_left > 0) {
        search->entries_left--;
        return true;
    }
    if (!search->entries_told)
        search_say(search, TRACES_TOO_MANY, folder, 0, "");
    search->entries_told = true;
    return false;
}

enum base_code search_folder(struct search *search, const char *folder, search_visit *look,
                             void *context, bool *found, struct base_error *error)
{
    char path[PATH_MAX];
    enum base_code code = BASE_OK;
    DIR *entries = opendir(folder);

    if (found != NULL)
        *found = entries != NULL;
    if (entries == NULL) {
        if (errno != ENOENT && errno != ENOTDIR)
            search_say(search, TRACES_UNREADABLE, folder, 0, base_os_error_text(errno));
        return BASE_OK;
    }
    while (code == BASE_OK) {
        const struct dirent *entry = readdir(entries);
        if (entry == NULL || !take_entry(search, folder))
            break;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            search_join(path, folder, entry->d_name))
            code = look(search, context, path, strrchr(path, '/') + 1, error);
    }
    (void)closedir(entries);
    return code;
}

/* ---- searching ---- */

enum { AT_LMDB_MAGIC = 16, AT_ELF_TYPE = 16, ELF_CORE = 4, CORE_NOTES = 1 << 16 };

/* What a file is by its first bytes. Numbers are in the byte order of the machine that wrote it. */
static void look_at_head(struct search_content *content, const uint8_t *bytes, size_t size)
{
    static const uint8_t magic[2][4] = {{0xde, 0xc0, 0xef, 0xbe}, {0xbe, 0xef, 0xc0, 0xde}};
    for (size_t i = 0; i < 2 && size >= AT_LMDB_MAGIC + sizeof magic[i]; i++)
        if (memcmp(bytes + AT_LMDB_MAGIC, magic[i], sizeof magic[i]) == 0)
            content->is_lmdb = true;
    content->is_device = size >= 4 && memcmp(bytes, "TAVD", 4) == 0;
    content->is_core = size >= AT_ELF_TYPE + 2 && memcmp(bytes, "\177ELF", 4) == 0 &&
                       bytes[AT_ELF_TYPE] + bytes[AT_ELF_TYPE + 1] == ELF_CORE;
    if (content->is_core) /* the notes come first, and in them the program's name */
        content->names_tavs =
            memmem(bytes, size < CORE_NOTES ? size : CORE_NOTES, "\0tavs\0", 6) != NULL;
}

/* Reads on from the beginning for as long as `search` may read. */
static bool search_descriptor(struct search *search, int descriptor, bool head_only,
                              struct search_content *content)
{
    enum { OVERLAP = KEYS_STORE_ID_BYTES - 1 };
    size_t kept = 0; /* of the last chunk, at the beginning of this one */

    for (bool first = true; search->bytes_left >= SEARCH_CHUNK; first = false) {
        const ssize_t got = read_some(descriptor, search->chunk + kept, SEARCH_CHUNK - kept);
        if (got < 0)
            return false;
        const size_t size = kept + (size_t)got;
        search->bytes_left -= (uint64_t)got;
        if (first)
            look_at_head(content, search->chunk, size);
        content->holds_id =
            search->store_id != NULL &&
            memmem(search->chunk, size, search->store_id, KEYS_STORE_ID_BYTES) != NULL;
        const bool go_on = content->is_lmdb || content->is_device || content->is_core || !head_only;
        if (content->holds_id || search->store_id == NULL || !go_on || size < SEARCH_CHUNK)
            return true;
        memmove(search->chunk, search->chunk + size - OVERLAP, OVERLAP);
        kept = OVERLAP;
    }
    errno = EFBIG;
    return false;
}

bool search_file(struct search *search, const char *path, bool head_only,
                 struct search_content *content)
{
    struct stat status;
    bool searched = false;
    const int descriptor = open(path, OPEN_FLAGS | O_NOFOLLOW);

    *content = (struct search_content){0};
    if (descriptor >= 0) {
        searched = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                   search_descriptor(search, descriptor, head_only, content);
        const int os_error = errno;
        (void)close(descriptor);
        errno = os_error;
    }
    if (searched || errno == ENOENT)
        return searched;
    if (errno != EFBIG)
        search_say(search, TRACES_UNREADABLE, path, 0, base_os_error_text(errno));
    else if (!search->bytes_told)
        search_say(search, TRACES_TOO_MANY, path, 0, "");
    search->bytes_told = search->bytes_told || errno == EFBIG;
    return false;
}
