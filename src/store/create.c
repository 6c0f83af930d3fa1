#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "inside.h"
#include "network.h"
#include "pages.h"
#include "renumber.h"

static enum base_code fill(struct store *store, const struct record_header *header,
                           const struct keys_reader *reader, const struct record_device *device,
                           const struct keys_device *device_key, int year, struct base_error *error)
{
    enum base_code code = store_put_header(store, header, reader, error);
    if (code == BASE_OK)
        code = store_put_device(store, device, reader, error);
    if (code == BASE_OK)
        code = store_put_year(store, year, device_key, error);
    if (code == BASE_OK)
        code = store_commit(store, error);
    if (code == BASE_NOT_ERASED) /* the file has no name yet, and gets none */
        code = base_fail_write(error, error->os_error, "%s", error->subject);
    return code;
}

enum base_code store_check_place(const char *path, struct base_error *error)
{
    char folder[PATH_MAX];
    struct stat status;
    struct statfs system;
    if (strlen(path) >= sizeof folder)
        return BASE_OK; /* whoever makes the file will hear why not */
    strcpy(folder, path);
    const int descriptor = open(dirname(folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return BASE_OK;
    const bool on_network = fstat(descriptor, &status) == 0 && fstatfs(descriptor, &system) == 0 &&
                            network_holds(&system, status.st_dev);
    (void)close(descriptor);
    return on_network ? base_fail(error, BASE_STORE_ON_NETWORK, "%s", path) : BASE_OK;
}

enum base_code store_create(const char *path, const struct record_header *header,
                            const struct keys_reader *reader, const struct record_device *device,
                            const struct keys_device *device_key, int year,
                            struct base_error *error)
{
    struct base_file *file = NULL;
    struct store *store = NULL;
    struct stat status;

    if (lstat(path, &status) == 0)
        return base_fail(error, BASE_STORE_EXISTS, "%s", path);
    enum base_code code = store_check_place(path, error);
    if (code == BASE_OK)
        code = base_file_new(path, &file, error);
    if (code == BASE_OK)
        code = store_begin(base_file_working_path(file), base_file_descriptor(file), STORE_WRITE,
                           true, &store, error);
    if (code == BASE_OK)
        code = fill(store, header, reader, device, device_key, year, error);
    store_close(store);
    if (code == BASE_OK)
        code = renumber_map_size(base_file_descriptor(file), error);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    code = base_file_commit(file, false, error);
    if (code == BASE_FILE_EXISTS)
        code = base_fail(error, BASE_STORE_EXISTS, "%s", path);
    return code;
}

/* ---- backup ---- */

/* Every page, but of each only what is in use: what a killed writer may have left un-erased stays
 * out of the copy. */
static enum base_code copy_pages(int from, int to, const char *destination,
                                 struct base_error *error)
{
    struct pages_map map;
    uint8_t bytes[PAGES_SIZE];
    enum base_code code = pages_map_read(from, &map, error);
    if (code != BASE_OK)
        return code;
    for (uint64_t i = 0; code == BASE_OK && i < map.count; i++) {
        const struct pages_page *page = &map.pages[i];
        code = pages_read(from, i * PAGES_SIZE, bytes, sizeof bytes, error);
        memset(bytes + page->begin, 0, (size_t)(page->end - page->begin));
        if (pages_has_head(page))
            memset(bytes + PAGES_PAD_BEGIN, 0, PAGES_PAD_END - PAGES_PAD_BEGIN);
        if (code == BASE_OK)
            code = base_write_all(to, bytes, sizeof bytes, destination, error);
    }
    pages_map_free(&map);
    return code;
}

/* A killed writer may also have left the numbers of its transactions. */
static enum base_code renumber_copy(int descriptor, struct base_error *error)
{
    struct renumber_last last;
    const enum base_code code = renumber_earlier(descriptor, &last, error);
    return code == BASE_OK ? renumber_last(descriptor, &last, error) : code;
}

/* Reads the copy as any store, and all of it. */
static enum base_code verify_copy(const struct store *original, const struct base_file *file,
                                  const char *destination, struct base_error *error)
{
    struct store *copy = NULL;
    enum base_code code = store_begin(base_file_working_path(file), base_file_descriptor(file),
                                      STORE_READ, false, &copy, error);
    if (code == BASE_OK)
        code = store_read_header(copy, error);
    if (code == BASE_OK)
        code = store_verify(copy, error);
    if (code == BASE_OK &&
        memcmp(copy->fingerprint, original->fingerprint, sizeof copy->fingerprint) != 0)
        code = base_fail(error, BASE_BACKUP_DIFFERS, "%s", destination);
    store_close(copy);
    return code;
}

enum base_code store_backup(const char *path, const char *destination, struct base_error *error)
{
    struct store *store;
    struct base_file *file = NULL;
    struct stat status;
    enum base_code code = store_open(path, STORE_READ, &store, error);
    if (code != BASE_OK)
        return code;
    if (lstat(destination, &status) == 0)
        code = base_fail(error, BASE_FILE_EXISTS, "%s", destination);
    if (code == BASE_OK)
        code = base_file_new(destination, &file, error);
    if (code == BASE_OK)
        code = copy_pages(store->descriptor, base_file_descriptor(file), destination, error);
    if (code == BASE_OK)
        code = renumber_copy(base_file_descriptor(file), error);
    if (code == BASE_OK)
        code = verify_copy(store, file, destination, error);
    store_close(store);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    return base_file_commit(file, false, error);
}
