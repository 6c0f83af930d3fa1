#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/term.h"

bool cmd_output_is_file(const struct cmd_context *context)
{
    const char *path = context->value[CMD_OUTPUT];
    return path != NULL && strcmp(path, "-") != 0;
}

enum base_code cmd_choose_record_format(const struct cmd_context *context, bool *json,
                                        struct base_error *error)
{
    const char *format = context->value[CMD_FORMAT];
    const bool is_json = format != NULL && strcmp(format, "json") == 0;
    if (format != NULL && !is_json && strcmp(format, "text") != 0)
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--format %s", format);
    *json = is_json;
    return BASE_OK;
}

/* Also through another name or a link. */
static bool are_same_file(const char *path, const char *other)
{
    struct stat one, two;
    return path != NULL && other != NULL && stat(path, &one) == 0 && stat(other, &two) == 0 &&
           one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

static bool is_one_of(const char *path, const struct cmd_given *others)
{
    for (size_t i = 0; i < others->count; i++)
        if (are_same_file(path, others->value[i]))
            return true;
    return false;
}

static bool is_read(const struct cmd_context *context, const char *path)
{
    const bool reads = (context->command->reach & CMD_REACH_WORDS_READ) != 0;
    for (int i = 0; reads && i < context->word_count; i++)
        if (are_same_file(path, context->words[i]))
            return true;
    return false;
}

/* In the folder of this machine's keys and notes, whatever it is called. */
static bool is_own(const char *path)
{
    char keys[PATH_MAX], folder[PATH_MAX];
    struct base_error ignored;
    if (strlen(path) >= sizeof folder || keys_device_folder(keys, sizeof keys, &ignored) != BASE_OK)
        return false;
    return are_same_file(keys, dirname(strcpy(folder, path)));
}

enum base_code cmd_check_file(const struct cmd_context *context, const char *path,
                              struct base_error *error)
{
    struct stat status;
    if (is_own(path))
        return base_fail(error, BASE_OUTPUT_IS_OWN, "%s", path);
    if (lstat(path, &status) != 0)
        return BASE_OK;
    if (are_same_file(path, context->store_path) || is_one_of(path, &context->stores))
        return base_fail(error, BASE_OUTPUT_IS_STORE, "%s", path);
    if (is_one_of(path, &context->passphrase_files) ||
        are_same_file(path, context->value[CMD_NEW_PASSPHRASE_FILE]))
        return base_fail(error, BASE_OUTPUT_IS_PASSPHRASE, "%s", path);
    if (is_read(context, path))
        return base_fail(error, BASE_OUTPUT_IS_INPUT, "%s", path);
    /* Only a plain file is ever replaced. */
    if (context->value[CMD_FORCE] == NULL || !S_ISREG(status.st_mode))
        return base_fail(error, BASE_FILE_EXISTS, "%s", path);
    return BASE_OK;
}

enum base_code cmd_check_output(const struct cmd_context *context, struct base_error *error)
{
    return cmd_output_is_file(context) ? cmd_check_file(context, context->value[CMD_OUTPUT], error)
                                       : BASE_OK;
}

/* `size` bytes, or a text if it is 0. */
static enum base_code write_file(const struct cmd_context *context, const void *bytes, size_t size,
                                 struct base_error *error)
{
    struct base_file *file;
    const char *path = context->value[CMD_OUTPUT];
    enum base_code code = base_file_new(path, &file, error);
    if (code != BASE_OK)
        return code;
    const int descriptor = base_file_descriptor(file);
    code = size == 0 ? term_write_utf8(descriptor, bytes, path, error)
                     : base_write_all(descriptor, bytes, size, path, error);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    return base_file_commit(file, context->value[CMD_FORCE] != NULL, error);
}

enum base_code cmd_write_output(const struct cmd_context *context, const void *bytes, size_t size,
                                struct base_error *error)
{
    return cmd_output_is_file(context)
               ? write_file(context, bytes, size, error)
               : base_write_all(STDOUT_FILENO, bytes, size, _("standard output"), error);
}

enum base_code cmd_write_text(const struct cmd_context *context, const char *text,
                              struct base_error *error)
{
    return cmd_output_is_file(context)
               ? write_file(context, text, 0, error)
               : term_write(STDOUT_FILENO, text, _("standard output"), error);
}
