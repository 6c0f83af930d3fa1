/* What our own published files give away together. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "inside.h"
#include "tavs/confine.h"
#include "tavs/published.h"
#include "tavs/secret.h"

/* ---- reading -------------------------------------------------------------------------------- */

/* One byte more than a file may have, so that a longer one is known. */
static enum base_code read_all(int descriptor, const char *name, char *bytes, size_t *size,
                               struct base_error *error)
{
    size_t length = 0;
    while (length <= PUBLISHED_MOST_BYTES) {
        const ssize_t got =
            read(descriptor, bytes + length, (size_t)PUBLISHED_MOST_BYTES + 1 - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base_fail_os(error, errno, "%s", name);
        if (got == 0)
            break;
        length += (size_t)got;
    }
    *size = length;
    return BASE_OK;
}

static enum base_code add_file(struct published *published, const char *path, char *bytes,
                               struct base_error *error)
{
    size_t size = 0;
    const bool is_input = strcmp(path, "-") == 0;
    const char *name = is_input ? _("standard input") : path;
    const int descriptor = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return base_fail_os(error, errno, "%s", name);
    enum base_code code = read_all(descriptor, name, bytes, &size, error);
    if (!is_input)
        (void)close(descriptor);
    return code == BASE_OK ? published_add(published, name, bytes, size, error) : code;
}

static enum base_code add_files(const struct cmd_context *context, struct published *published,
                                struct base_error *error)
{
    char *bytes = malloc((size_t)PUBLISHED_MOST_BYTES + 1);
    enum base_code code = BASE_OK;
    if (bytes == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    for (int i = 0; code == BASE_OK && i < context->word_count; i++)
        code = add_file(published, context->words[i], bytes, error);
    free(bytes);
    return code;
}

/* ---- telling -------------------------------------------------------------------------------- */

static const char *verdict_text(const struct published_result *result)
{
    if (result->contradictory)
        return _("refused: the files contradict each other");
    if (result->finding_count > 0)
        return _("refused: hidden figures can be computed, or nearly so");
    return _("kept: no hidden figure is narrowed");
}

/* "phone+mail+web" in words, or `all`. */
static void put_set(FILE *text, const struct cmd_context *context,
                    enum codebook_dimension dimension, codebook_set set, const char *all)
{
    const char *between = ", ";
    if (set == (1u << codebook_values(dimension)) - 1) {
        (void)fprintf(text, ", %s", all);
        return;
    }
    for (unsigned value = 0; value < codebook_values(dimension); value++) {
        if (((unsigned)set >> value & 1u) == 0)
            continue;
        (void)fprintf(text, "%s%s", between, codebook_word(dimension, value, context->language));
        between = " + ";
    }
}

/* Where there is more than one place: "north + south: ". */
static void put_places(FILE *text, const struct published *published,
                       const struct published_result *result, const struct place_set *places)
{
    const char *between = "";
    if (result->place_count == 1)
        return;
    for (size_t i = 0; i < result->place_count; i++) {
        if (!place_set_has(places, (unsigned)i))
            continue;
        const char *name = published_place_name(published, i);
        (void)fprintf(text, "%s%s", between, name == NULL ? _("the place without a name") : name);
        between = " + ";
    }
    (void)fputs(": ", text);
}

static void put_finding(FILE *text, const struct cmd_context *context,
                        const struct published *published, const struct published_result *result,
                        const struct published_finding *finding)
{
    const struct cell_set *sum = &finding->sum;
    char period[BASE_WORDS_TEXT];
    base_period_words(sum->months, period);
    (void)fputs("  ", text);
    put_places(text, published, result, &sum->places);
    (void)fputs(period, text);
    put_set(text, context, CODEBOOK_CHANNEL, sum->channels, _("all channels"));
    put_set(text, context, CODEBOOK_PARTY, sum->parties, _("all parties"));
    put_set(text, context, CODEBOOK_SESSION, sum->sessions, _("all conversations"));
    if (finding->least == finding->most)
        (void)fprintf(text, _(": exactly %lld"), (long long)finding->least);
    else
        (void)fprintf(text, _(": %lld to %lld"), (long long)finding->least,
                      (long long)finding->most);
    (void)fputs("\n    ", text);
    if (!finding->printed)
        (void)fprintf(text, "%s%s", _("not printed in any file"), finding->alone ? "; " : "");
    for (size_t i = 0; i < finding->file_count; i++)
        (void)fprintf(text, "%s%s", i == 0 ? "" : ", ",
                      published_file_name(published, finding->files[i]));
    (void)fprintf(text, "%s\n", finding->alone ? _(", by itself") : "");
}

static void put_drafts(FILE *text, const struct published *published,
                       const struct published_result *result)
{
    for (size_t i = 0; i < result->file_count; i++)
        if (published_file_is_draft(published, i))
            (void)fprintf(text, _("A draft, which no release knows of: %s\n"),
                          published_file_name(published, i));
    if (result->superseded > 0)
        (void)fprintf(
            text,
            _("Files that a newer edition corrects: %zu. Each was attacked by itself, the "
              "others together.\n"),
            result->superseded);
}

static void put_text(FILE *text, const struct cmd_context *context,
                     const struct published *published, const struct published_result *result)
{
    (void)fprintf(text, _("Files: %zu, figures shown: %zu, hidden: %zu, threshold: %u\n"),
                  result->file_count, result->shown, result->hidden, result->threshold);
    put_drafts(text, published, result);
    if (result->thresholds_differ)
        (void)fprintf(text, "%s\n", _("The files have different thresholds: the largest holds."));
    if (result->contradictory)
        (void)fprintf(
            text, "%s\n",
            _("No counts agree with all that is shown: figures were corrected between the "
              "files,\nor one was changed by hand. Check those before and after by "
              "themselves; whoever has\nboth also has the difference."));
    if (result->finding_count > 0)
        (void)fprintf(text, _("Hidden figures that are narrowed; 0 to %u should be possible:\n"),
                      result->threshold - 1);
    for (size_t i = 0; i < result->finding_count; i++)
        put_finding(text, context, published, result, &result->findings[i]);
    if (result->doubtful > 0)
        (void)fprintf(text,
                      _("Hidden, and perhaps not small: %zu. They would be narrowed if they were; "
                        "the files don't tell.\n"),
                      result->doubtful);
    (void)fprintf(text, "%s\n", verdict_text(result));
}

static enum base_code tell_text(const struct cmd_context *context,
                                const struct published *published,
                                const struct published_result *result, struct base_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *text = open_memstream(&bytes, &size);
    if (text == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("printing"));
    put_text(text, context, published, result);
    const bool failed = ferror(text) != 0;
    const bool closed =
        fclose(text) == 0 && bytes != NULL; /* NULL: there was no memory at the end */
    const enum base_code code = failed || !closed
                                    ? base_fail(error, BASE_NO_MEMORY, "%s", _("printing"))
                                    : cmd_write_text(context, bytes, error);
    free(bytes);
    return code;
}

static enum base_code tell_json(const struct cmd_context *context,
                                const struct published *published, struct base_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    enum base_code code = published_json(published, &bytes, &size, error);
    if (code == BASE_OK)
        code = cmd_write_output(context, bytes, size, error);
    secret_free(bytes);
    return code;
}

/* ---- the command ---------------------------------------------------------------------------- */

static enum base_code read_threshold(const struct cmd_context *context, unsigned *threshold,
                                     struct base_error *error)
{
    int64_t number = 0;
    const char *given = context->value[CMD_THRESHOLD];
    if (given != NULL &&
        !base_parse_number(given, PROTECT_LEAST_THRESHOLD, PROTECT_MOST_THRESHOLD, &number))
        return base_fail(error, BASE_BAD_OPTION_VALUE, "--threshold %s", given);
    *threshold = (unsigned)number;
    return BASE_OK;
}

/* What is read was sent by strangers, and a small file can ask for much. */
static enum base_code limit_memory(struct base_error *error)
{
    struct rlimit limit;
    if (!confine_is_built()) /* sanitizers take terabytes, on paper */
        return BASE_OK;
    if (getrlimit(RLIMIT_DATA, &limit) != 0)
        return base_fail_system(error, errno, "RLIMIT_DATA");
    if (limit.rlim_cur <= PUBLISHED_MOST_MEMORY)
        return BASE_OK;
    limit.rlim_cur = PUBLISHED_MOST_MEMORY;
    return setrlimit(RLIMIT_DATA, &limit) == 0 ? BASE_OK
                                               : base_fail_system(error, errno, "RLIMIT_DATA");
}

static enum base_code check(const struct cmd_context *context, struct published *published,
                            unsigned threshold, bool json, struct base_error *error)
{
    const struct published_result *result;
    enum base_code code = add_files(context, published, error);
    secret_end(); /* what is no published file has been refused */
    if (code == BASE_OK)
        code = published_attack(published, threshold, 0, &result, error);
    if (code == BASE_OK)
        code = json ? tell_json(context, published, error)
                    : tell_text(context, published, result, error);
    if (code != BASE_OK)
        return code;
    if (cmd_output_is_file(context))
        cmd_say(context, "%s\n", verdict_text(result));
    return result->contradictory || result->finding_count > 0
               ? base_fail(error, BASE_CHECK_FAILED, "%s", "")
               : BASE_OK;
}

static enum base_code run(struct cmd_context *context, struct base_error *error)
{
    struct published *published = NULL;
    unsigned threshold = 0;
    bool json = false;
    enum base_code code = read_threshold(context, &threshold, error);
    if (code == BASE_OK)
        code = cmd_choose_record_format(context, &json, error);
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    if (code == BASE_OK)
        code = limit_memory(error);
    if (code == BASE_OK)
        code = published_new(&published, error);
    if (code == BASE_OK)
        code = check(context, published, threshold, json, error);
    published_free(published);
    return code;
}

static const enum cmd_option options[] = {CMD_THRESHOLD, CMD_FORMAT, CMD_OUTPUT, CMD_FORCE,
                                          CMD_OPTIONS};

const struct cmd_command cmd_check_release = {
    .name = "check-release",
    .arguments = N_("FILE…"),
    .summary = N_("compute what published files give away together"),
    .details = N_(
        "Reads protected files that tavs wrote (csv and json of publish; - is\n"
        "standard input), without store or key, and tells which hidden figures somebody who has\n"
        "all of them can compute, wholly or in part, and between what they lie. Exit status 0:\n"
        "none; 1: some, or files that contradict each other. Name all that was ever published:\n"
        "two files that are safe each may not be so together. --threshold is for csv, which\n"
        "does not tell its own; --format json gives a record to file (else text)."),
    .examples = N_("  tavs check-release 2025.csv 2026-Q1.csv report-2025.json\n"
                   "  tavs check-release -f json -o check.json 2025.csv\n"),
    .least_words = 1,
    .most_words = INT_MAX,
    .options = options,
    .reach = CMD_REACH_WORDS_READ,
    .run = run,
};
