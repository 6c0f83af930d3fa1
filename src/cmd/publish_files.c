/* The files of a release: their names, and each whole or not at all. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"

enum { NAME_TEXT = 128, MONTHS_OF_YEAR = 12 };

static const char *const endings[RENDER_FORMATS] = {
    [RENDER_TEXT] = "txt",      [RENDER_MARKDOWN] = "md", [RENDER_CSV] = "csv",
    [RENDER_EXCEL_CSV] = "csv", [RENDER_JSON] = "json",   [RENDER_HTML] = "html",
    [RENDER_XLSX] = "xlsx"};

/* Data has every figure, one in a row; all else is laid out in tables. */
static enum table_kind kind_of(enum render_format format)
{
    return format == RENDER_CSV || format == RENDER_EXCEL_CSV ? TABLE_EXPORT : TABLE_REPORT;
}

/* ---- what was asked for --------------------------------------------------------------------- */

static enum base_code add_format(const struct cmd_context *context, struct cmd_files *files,
                                 const char *name, struct base_error *error)
{
    enum render_format format;
    const enum table_kind kind = strcmp(name, "csv") == 0 ? TABLE_EXPORT : TABLE_REPORT;
    enum base_code code = render_find_format(name, kind, &format, error);
    if (code != BASE_OK)
        return code;
    if (format == RENDER_CSV && context->value[CMD_EXCEL] != NULL)
        format = RENDER_EXCEL_CSV;
    for (size_t i = 0; i < files->format_count; i++)
        if (files->formats[i] == format)
            return BASE_OK;
    files->formats[files->format_count++] = format;
    return render_prepare(format, error);
}

static enum base_code parse_formats(const struct cmd_context *context, struct cmd_files *files,
                                    struct base_error *error)
{
    const char *given =
        context->value[CMD_FORMAT] == NULL ? "html,csv" : context->value[CMD_FORMAT];
    char *list = strdup(given), *rest = list;
    enum base_code code = BASE_OK;
    if (list == NULL)
        return base_fail(error, BASE_NO_MEMORY, "--format");
    for (char *name; code == BASE_OK && (name = strsep(&rest, ",")) != NULL;)
        code = add_format(context, files, name, error);
    free(list);
    return code;
}

enum base_code cmd_files_check(const struct cmd_context *context, struct cmd_files *files,
                               struct base_error *error)
{
    struct stat status;
    const char *folder = context->value[CMD_FOLDER];
    *files = (struct cmd_files){.count = 0};
    if (folder == NULL)
        return base_fail(error, BASE_MISSING_ARGUMENT, "tavs publish … -o %s", _("FOLDER"));
    if (stat(folder, &status) != 0)
        return base_fail_os(error, errno, "%s", folder);
    if (!S_ISDIR(status.st_mode))
        return base_fail_os(error, ENOTDIR, "%s", folder);
    return parse_formats(context, files, error);
}

/* ---- names ---------------------------------------------------------------------------------- */

static bool are_whole_years(struct base_period run)
{
    return run.first % MONTHS_OF_YEAR == 0 && (run.last + 1) % MONTHS_OF_YEAR == 0;
}

/* "2026", "2026-Q4", "2026-01--2026-10", of several years "2023--2026". */
static void format_run(struct base_period run, char text[2 * BASE_PERIOD_TEXT])
{
    char first[BASE_MONTH_TEXT], last[BASE_MONTH_TEXT], period[BASE_PERIOD_TEXT];
    base_period_format(run, period);
    base_month_format(run.first, first);
    base_month_format(run.last, last);
    if (strlen(period) < BASE_PERIOD_TEXT - 1)
        (void)snprintf(text, 2 * BASE_PERIOD_TEXT, "%s", period);
    else if (are_whole_years(run))
        (void)snprintf(text, 2 * BASE_PERIOD_TEXT, "%.4s--%.4s", first, last);
    else
        (void)snprintf(text, 2 * BASE_PERIOD_TEXT, "%s--%s", first, last);
}

/* "tavs-2026", "tavs-2026-edition-2", "tavs-2023+2025": periods that follow each other are one. */
static void format_stem(const struct base_period *periods, size_t period_count, unsigned edition,
                        char text[NAME_TEXT])
{
    enum { ROOM_FOR_EDITION = 32 };
    const char *between = "-";
    size_t length = (size_t)snprintf(text, NAME_TEXT, "tavs");
    for (size_t i = 0; i < period_count;) {
        struct base_period run = periods[i++];
        char words[2 * BASE_PERIOD_TEXT];
        while (i < period_count && periods[i].first == run.last + 1)
            run.last = periods[i++].last;
        format_run(run, words);
        if (length + strlen(words) + 1 + ROOM_FOR_EDITION >= NAME_TEXT)
            break;
        length += (size_t)snprintf(text + length, NAME_TEXT - length, "%s%s", between, words);
        between = "+";
    }
    if (edition > 1)
        (void)snprintf(text + length, NAME_TEXT - length, "-edition-%u", edition);
}

static enum base_code make_path(const struct cmd_context *context, const char *stem,
                                enum render_format format, char **path, struct base_error *error)
{
    const char *folder = context->value[CMD_FOLDER];
    const char *slash = folder[0] != '\0' && folder[strlen(folder) - 1] == '/' ? "" : "/";
    return asprintf(path, "%s%s%s.%s", folder, slash, stem, endings[format]) < 0
               ? base_fail(error, BASE_NO_MEMORY, "%s", folder)
               : BASE_OK;
}

enum base_code cmd_files_check_names(const struct cmd_context *context,
                                     const struct cmd_files *files,
                                     const struct base_period *periods, size_t period_count,
                                     unsigned edition, struct base_error *error)
{
    char stem[NAME_TEXT];
    enum base_code code = BASE_OK;
    format_stem(periods, period_count, edition, stem);
    for (size_t i = 0; code == BASE_OK && i < files->format_count; i++) {
        char *path;
        code = make_path(context, stem, files->formats[i], &path, error);
        if (code != BASE_OK)
            break;
        code = cmd_check_file(context, path, error);
        free(path);
    }
    return code;
}

/* ---- writing -------------------------------------------------------------------------------- */

static enum base_code write_file(struct cmd_files *files, char *path,
                                 const struct render_output *output, struct base_error *error)
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
    files->list[files->count++] = (struct cmd_file){path, file};
    return BASE_OK;
}

static bool has_path(const struct cmd_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->list[i].path, path) == 0)
            return true;
    return false;
}

/* Of several editions of one period, as after the same year was published twice, each but the first has the number of
 * its release in its name. */
static enum base_code make_own_path(const struct cmd_context *context,
                                    const struct cmd_files *files,
                                    const struct record_release *record, enum render_format format,
                                    char **path, struct base_error *error)
{
    char stem[NAME_TEXT];
    format_stem(record->periods, record->period_count, record->edition, stem);
    enum base_code code = make_path(context, stem, format, path, error);
    if (code != BASE_OK || !has_path(files, *path))
        return code;
    free(*path);
    const size_t length = strlen(stem);
    (void)snprintf(stem + length, NAME_TEXT - length, "-release-%u", record->number);
    return make_path(context, stem, format, path, error);
}

static enum base_code prepare(const struct cmd_context *context, struct cmd_files *files,
                              const struct record_release *record,
                              const struct release_print *print, enum render_format format,
                              struct base_error *error)
{
    char *path;
    struct table_document *document;
    struct render_output output = {0};
    if (files->count == CMD_MOST_FILES)
        return base_fail(error, BASE_NO_MEMORY, "%d", CMD_MOST_FILES);
    enum base_code code = make_own_path(context, files, record, format, &path, error);
    if (code != BASE_OK)
        return code;
    code = cmd_check_file(context, path, error);
    if (code == BASE_OK)
        code = release_document(record, print, kind_of(format), &document, error);
    if (code == BASE_OK) {
        code = render_document(document, format, &output, error);
        table_document_free(document);
    }
    if (code == BASE_OK)
        code = write_file(files, path, &output, error);
    render_free(&output);
    if (code != BASE_OK)
        free(path);
    return code;
}

enum base_code cmd_files_prepare(const struct cmd_context *context, struct cmd_files *files,
                                 const struct cmd_places *places,
                                 const struct record_release *record, struct base_error *error)
{
    struct release_place list[RECORD_MOST_PLACES];
    const struct release_print print = {.language = context->language,
                                        .places = list,
                                        .place_count = cmd_places_of(places, record, list)};
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < files->format_count; i++)
        code = prepare(context, files, record, &print, files->formats[i], error);
    return code;
}

enum base_code cmd_files_commit(const struct cmd_context *context, struct cmd_files *files,
                                struct base_error *error)
{
    const bool replace = context->value[CMD_FORCE] != NULL;
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < files->count; i++) {
        struct cmd_file *file = &files->list[i];
        code = base_file_commit(file->file, replace, error);
        file->file = NULL;
    }
    return code;
}

void cmd_files_free(struct cmd_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        base_file_abandon(files->list[i].file);
        free(files->list[i].path);
    }
    files->count = 0;
}
