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

enum base_code cmd_check_file(const struct cmd_context *context, const char *path,
                              struct base_error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return BASE_OK;
    if (are_same_file(path, context->store_path) || is_one_of(path, &context->stores))
        return base_fail(error, BASE_OUTPUT_IS_STORE, "%s", path);
    if (is_one_of(path, &context->passphrase_files))
        return base_fail(error, BASE_OUTPUT_IS_PASSPHRASE, "%s", path);
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

enum base_code cmd_write_output(const struct cmd_context *context, const void *bytes, size_t size,
                                struct base_error *error)
{
    struct base_file *file;
    const char *path = context->value[CMD_OUTPUT];
    if (!cmd_output_is_file(context))
        return base_write_all(STDOUT_FILENO, bytes, size, _("standard output"), error);
    enum base_code code = base_file_new(path, &file, error);
    if (code != BASE_OK)
        return code;
    code = base_write_all(base_file_descriptor(file), bytes, size, path, error);
    if (code != BASE_OK) {
        base_file_abandon(file);
        return code;
    }
    return base_file_commit(file, context->value[CMD_FORCE] != NULL, error);
}

enum base_code cmd_write_text(const struct cmd_context *context, const char *text, size_t size,
                              struct base_error *error)
{
    if (cmd_output_is_file(context))
        return cmd_write_output(context, text, size, error);
    return term_write(STDOUT_FILENO, text, _("standard output"), error);
}
