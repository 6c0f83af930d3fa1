#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"

static enum base_code choose_format(const struct cmd_context *context, enum table_kind kind,
                                    enum render_format preset, enum render_format *format,
                                    struct base_error *error)
{
    *format = preset;
    if (context->value[CMD_FORMAT] == NULL)
        return BASE_OK;
    return render_find_format(context->value[CMD_FORMAT], kind, format, error);
}

/* Also through another name or a link. */
static bool are_same_file(const char *path, const char *other)
{
    struct stat one, two;
    return path != NULL && other != NULL && stat(path, &one) == 0 && stat(other, &two) == 0 &&
           one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

enum base_code cmd_check_delivery(const struct cmd_context *context, enum table_kind kind,
                                  struct base_error *error)
{
    struct stat status;
    enum render_format format;
    const char *path = context->value[CMD_OUTPUT];
    enum base_code code = choose_format(context, kind, RENDER_TEXT, &format, error);
    if (code != BASE_OK || path == NULL || strcmp(path, "-") == 0 || lstat(path, &status) != 0)
        return code;
    if (are_same_file(path, context->store_path))
        return base_fail(error, BASE_OUTPUT_IS_STORE, "%s", path);
    if (are_same_file(path, context->value[CMD_PASSPHRASE_FILE]))
        return base_fail(error, BASE_OUTPUT_IS_PASSPHRASE, "%s", path);
    if (context->value[CMD_FORCE] == NULL)
        return base_fail(error, BASE_FILE_EXISTS, "%s", path);
    return BASE_OK;
}

static enum base_code write_file(const char *path, bool replace, const struct render_output *output,
                                 struct base_error *error)
{
    struct base_file *file;
    enum base_code code = base_file_new(path, &file, error);
    if (code != BASE_OK)
        return code;
    code = base_write_all(base_file_descriptor(file), output->bytes, output->size, path, error);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    return base_file_commit(file, replace, error);
}

enum base_code cmd_deliver(const struct cmd_context *context, const struct table_document *document,
                           enum render_format preset, struct base_error *error)
{
    enum render_format format;
    struct render_output output = {0};
    const char *path = context->value[CMD_OUTPUT];
    enum base_code code = choose_format(context, document->kind, preset, &format, error);
    if (code == BASE_OK)
        code = render_document(document, format, &output, error);
    if (code != BASE_OK)
        return code;
    if (path == NULL || strcmp(path, "-") == 0)
        code =
            base_write_all(STDOUT_FILENO, output.bytes, output.size, _("standard output"), error);
    else
        code = write_file(path, context->value[CMD_FORCE] != NULL, &output, error);
    render_free(&output);
    return code;
}

static enum base_code read_life(struct store *store, const struct cmd_reader *reader,
                                struct tally_counts **life, struct base_error *error)
{
    struct base_period extent;
    bool any;
    enum base_code code = tally_extent(store, &extent, &any, error);
    if (code == BASE_OK && any)
        code = tally_read(store, reader->key, extent, life, error);
    return code;
}

enum base_code cmd_read_counts(const struct cmd_context *context, struct base_period period,
                               struct tally_counts **counts, struct tally_counts **life,
                               char fingerprint[KEYS_FINGERPRINT_TEXT], struct base_error *error)
{
    struct cmd_reader reader;
    struct store *store;
    struct tally_counts *found = NULL;
    struct tally_counts *all = NULL;
    enum base_code code = cmd_open_reader(context, &reader, error);
    if (code != BASE_OK)
        return code;
    code = cmd_open_store(context, STORE_READ, &reader, &store, error);
    if (code == BASE_OK) {
        code = tally_read(store, reader.key, period, &found, error);
        if (code == BASE_OK && life != NULL)
            code = read_life(store, &reader, &all, error);
        store_close(store);
    }
    keys_fingerprint_text(fingerprint, reader.fingerprint);
    cmd_close_reader(&reader);
    if (code != BASE_OK) {
        tally_counts_free(found);
        return code;
    }
    *counts = found;
    if (life != NULL)
        *life = all;
    return BASE_OK;
}
