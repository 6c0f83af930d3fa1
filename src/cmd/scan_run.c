#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "tavs/scan.h"
#include "tavs/secret.h"

/* One run over several files. */
struct scanning {
    const struct cmd_context *context;
    struct scan_record *record; /* NULL: text for people */
    FILE *text;
    struct base_shown file; /* being scanned */
    enum scan_verdict verdict;
    uint64_t hits, untold; /* printed; and of this file not printed any more */
};

/* " table 2, row 3, column 1 (cpr):"; nothing where nothing is known. */
static void print_where(FILE *text, const struct scan_hit *hit)
{
    const char *between = " ";
    if (hit->table > 1) {
        (void)fprintf(text, "%s%s %u", between, _("table"), (unsigned)hit->table);
        between = ", ";
    }
    if (hit->row > 0) {
        (void)fprintf(text, "%s%s %u", between, _("row"), (unsigned)hit->row);
        between = ", ";
    }
    if (hit->column > 0) {
        (void)fprintf(text, "%s%s %u", between, _("column"), (unsigned)hit->column);
        between = ", ";
    }
    if (hit->heading[0] != '\0')
        (void)fprintf(text, " (%s)", base_shown(hit->heading, &(struct base_shown){0}));
    if (*between == ',' || hit->heading[0] != '\0')
        (void)fputc(':', text);
}

/* "export.csv: row 3, column 2 (cpr): CPR number, high: 0101**-****" */
static void print_hit(struct scanning *scanning, const struct scan_hit *hit)
{
    FILE *text = scanning->text;
    scanning->hits++;
    (void)fprintf(text, "%s:", scanning->file.text);
    print_where(text, hit);
    (void)fprintf(text, " %s, %s%s%s\n", scan_kind_text(hit->kind),
                  scan_confidence_text(hit->confidence), hit->masked[0] == '\0' ? "" : ": ",
                  base_shown(hit->masked, &(struct base_shown){0}));
}

static void take_hit(void *context, const struct scan_hit *hit)
{
    struct scanning *scanning = context;
    if (scanning->record != NULL)
        scan_record_hit(scanning->record, hit);
    else if (scanning->hits == SCAN_MOST_HITS)
        scanning->untold++;
    else
        print_hit(scanning, hit);
}

static const char *verdict_text(enum scan_verdict verdict)
{
    switch (verdict) {
    case SCAN_CLEAR:
        return _("nothing found");
    case SCAN_LOOK:
        return _("worth a look, but not refused");
    default:
        return _("refused: personal data, must not leave the house as it is");
    }
}

/* "report.xlsx: pictures were not looked at: 3" */
static void print_unread(const struct scanning *scanning, const struct scan_result *result)
{
    static const char *const texts[SCAN_UNREAD_KINDS] = {
        [SCAN_UNREAD_PICTURE] = N_("pictures were not looked at: %llu"),
        [SCAN_UNREAD_FILE] = N_("embedded files were not looked at: %llu"),
        [SCAN_UNREAD_MACRO] = N_("macros were not looked at: %llu"),
        [SCAN_UNREAD_PAGE] = N_("pages without text that can be read: %llu"),
        [SCAN_UNREAD_PART] = N_("other parts that were not looked at: %llu"),
    };
    for (enum scan_unread unread = 0; unread < SCAN_UNREAD_KINDS; unread++) {
        if (result->unread[unread] == 0)
            continue;
        (void)fprintf(scanning->text, "%s: ", scanning->file.text);
        (void)fprintf(scanning->text, _(texts[unread]), (unsigned long long)result->unread[unread]);
        (void)fputc('\n', scanning->text);
    }
}

static enum base_code scan_one(struct scanning *scanning, const char *path,
                               struct base_error *error)
{
    struct scan_result result;
    (void)base_shown(strcmp(path, "-") == 0 ? _("standard input") : path, &scanning->file);
    enum base_code code = scan_file(path, SCAN_AUTO, take_hit, scanning, &result, error);
    if (code != BASE_OK) {
        if (strcmp(error->subject, "-") == 0)
            return base_fail(error, code, "%s", scanning->file.text);
        return code;
    }
    if (result.verdict > scanning->verdict)
        scanning->verdict = result.verdict;
    if (scanning->record != NULL)
        scan_record_file(scanning->record, path, &result);
    if (scanning->record != NULL)
        return BASE_OK;
    if (scanning->untold > 0)
        (void)fprintf(scanning->text, _("%s: hits that are not listed: %llu\n"),
                      scanning->file.text, (unsigned long long)scanning->untold);
    scanning->untold = 0;
    print_unread(scanning, &result);
    (void)fprintf(scanning->text, "%s: %s\n", scanning->file.text, verdict_text(result.verdict));
    return BASE_OK;
}

static enum base_code scan_all(struct scanning *scanning, struct base_error *error)
{
    const struct cmd_context *context = scanning->context;
    enum base_code code = BASE_OK;
    for (int i = 0; code == BASE_OK && i < context->word_count; i++)
        code = scan_one(scanning, context->words[i], error);
    return code;
}

/* What was found before a file that could not be read is shown all the same, but makes no file. */
static enum base_code scan_to_text(struct scanning *scanning, struct base_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    struct base_error second;
    scanning->text = open_memstream(&bytes, &size);
    if (scanning->text == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", _("printing"));
    enum base_code code = scan_all(scanning, error);
    const bool failed = ferror(scanning->text) != 0;
    /* glibc gives no text, and no error either, where memory ends as it closes. */
    const bool closed = fclose(scanning->text) == 0 && bytes != NULL;
    if (code == BASE_OK && (failed || !closed))
        code = base_fail(error, BASE_NO_MEMORY, "%s", _("printing"));
    else if (code == BASE_OK)
        code = cmd_write_text(scanning->context, bytes, error);
    else if (!failed && closed && !cmd_output_is_file(scanning->context))
        (void)cmd_write_text(scanning->context, bytes, &second);
    free(bytes);
    return code;
}

static enum base_code scan_to_json(struct scanning *scanning, struct base_error *error)
{
    char *bytes = NULL;
    size_t size = 0;
    enum base_code code = scan_record_new(&scanning->record, error);
    if (code != BASE_OK)
        return code;
    code = scan_all(scanning, error);
    if (code == BASE_OK)
        code = scan_record_json(scanning->record, &bytes, &size, error);
    if (code == BASE_OK)
        code = cmd_write_output(scanning->context, bytes, size, error);
    secret_free(bytes);
    scan_record_free(scanning->record);
    return code;
}

enum base_code cmd_run_scan(struct cmd_context *context, struct base_error *error)
{
    struct scanning scanning = {.context = context};
    bool json;
    enum base_code code = cmd_choose_record_format(context, &json, error);
    if (code == BASE_OK)
        code = cmd_check_output(context, error);
    if (code == BASE_OK)
        code = json ? scan_to_json(&scanning, error) : scan_to_text(&scanning, error);
    if (code == BASE_OK && cmd_output_is_file(context))
        cmd_say(context, "%s\n", verdict_text(scanning.verdict));
    if (code == BASE_OK && scanning.verdict == SCAN_REFUSE)
        code = base_fail(error, BASE_CHECK_FAILED, "%s", "");
    return code;
}
