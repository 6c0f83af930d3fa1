#include "tavs/scan.h"

#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "load.h"
#include "reader.h"
#include "tavs/secret.h"
#include "tavs/unicode.h"

/* ---- words ---------------------------------------------------------------------------------- */

static const char *const format_codes[SCAN_FORMATS] = {
    "auto", "csv", "txt", "json", "md", "html", "xlsx", "ods", "docx", "odt", "pptx", "pdf"};

static const char *const kind_codes[SCAN_KINDS] = {
    "cpr",  "phone",     "email",        "name",   "initials",  "birthday", "address",
    "case", "diagnosis", "municipality", "person", "free-text", "internal"};

static const char *const kind_texts[SCAN_KINDS] = {
    N_("CPR number"),
    N_("telephone number"),
    N_("e-mail address"),
    N_("personal name"),
    N_("initials"),
    N_("date of birth"),
    N_("address"),
    N_("case number"),
    N_("diagnosis or problem of a single person"),
    N_("home town of a single person"),
    N_("a row for each person"),
    N_("text about somebody"),
    N_("internal: exact figures, or a draft"),
};

static const char *const unread_codes[SCAN_UNREAD_KINDS] = {"picture", "file", "macro", "page",
                                                            "part"};

static const char *const confidence_codes[SCAN_CONFIDENCES] = {"low", "medium", "high"};

/* TRANSLATORS: how sure it is that a value is personal data. */
static const char *const confidence_texts[SCAN_CONFIDENCES] = {N_("low"), N_("medium"), N_("high")};

static const char *const verdict_codes[] = {"clear", "look", "refuse"};

bool scan_format_parse(const char *word, enum scan_format *format)
{
    for (int i = SCAN_CSV; i < SCAN_FORMATS; i++) {
        if (strcasecmp(word, format_codes[i]) == 0) {
            *format = (enum scan_format)i;
            return true;
        }
    }
    return false;
}

const char *scan_format_code(enum scan_format format)
{
    return format_codes[format];
}

const char *scan_kind_code(enum scan_kind kind)
{
    return kind_codes[kind];
}

const char *scan_unread_code(enum scan_unread unread)
{
    return unread_codes[unread];
}

const char *scan_confidence_code(enum scan_confidence confidence)
{
    return confidence_codes[confidence];
}

const char *scan_verdict_code(enum scan_verdict verdict)
{
    return verdict_codes[verdict];
}

const char *scan_kind_text(enum scan_kind kind)
{
    return _(kind_texts[kind]);
}

const char *scan_confidence_text(enum scan_confidence confidence)
{
    return _(confidence_texts[confidence]);
}

/* ---- which format --------------------------------------------------------------------------- */

/* SCAN_AUTO if the name has no ending; false if it has an unknown one. */
static bool format_of_name(const char *name, enum scan_format *format)
{
    static const struct {
        const char *ending;
        enum scan_format format;
    } endings[] = {{"csv", SCAN_CSV},    {"tsv", SCAN_CSV},           {"txt", SCAN_TXT},
                   {"text", SCAN_TXT},   {"json", SCAN_JSON},         {"md", SCAN_MARKDOWN},
                   {"htm", SCAN_HTML},   {"markdown", SCAN_MARKDOWN}, {"html", SCAN_HTML},
                   {"xhtml", SCAN_HTML}, {"xlsx", SCAN_XLSX},         {"xlsm", SCAN_XLSX},
                   {"jsonl", SCAN_JSON}, {"ndjson", SCAN_JSON},       {"geojson", SCAN_JSON},
                   {"svg", SCAN_HTML},   {"log", SCAN_TXT},           {"xltx", SCAN_XLSX},
                   {"xltm", SCAN_XLSX},  {"ods", SCAN_ODS},           {"ots", SCAN_ODS},
                   {"docx", SCAN_DOCX},  {"docm", SCAN_DOCX},         {"dotx", SCAN_DOCX},
                   {"odt", SCAN_ODT},    {"ott", SCAN_ODT},           {"pptx", SCAN_PPTX},
                   {"pptm", SCAN_PPTX},  {"ppsx", SCAN_PPTX},         {"pdf", SCAN_PDF}};
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    const char *dot = strrchr(base, '.');
    *format = SCAN_AUTO;
    if (dot == NULL || dot == base)
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (strcasecmp(dot + 1, endings[i].ending) == 0) {
            *format = endings[i].format;
            return true;
        }
    }
    return false;
}

static bool is_zip(const char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0;
}

static bool is_pdf(const char *bytes, size_t size)
{
    enum { HEAD_BYTES = 1024 }; /* where the mark stands */
    return memmem(bytes, size < HEAD_BYTES ? size : HEAD_BYTES, "%PDF-", 5) != NULL;
}

static enum scan_format format_of_content(struct scan_text text)
{
    text = chars_trim(text);
    if (text.size == 0)
        return SCAN_TXT;
    if (text.at[0] == '{' || text.at[0] == '[')
        return SCAN_JSON;
    if (text.at[0] == '<')
        return SCAN_HTML;
    return csv_is_likely(text.at, text.size) ? SCAN_CSV : SCAN_TXT;
}

/* ---- two readings --------------------------------------------------------------------------- */

enum base_code scan_say(enum scan_read read, const char *name, struct base_error *error)
{
    switch (read) {
    case SCAN_READ_OK:
        return BASE_OK;
    case SCAN_READ_DAMAGED:
        return base_fail(error, BASE_SCAN_DAMAGED, "%s", name);
    case SCAN_READ_NO_MEMORY:
        return base_fail(error, BASE_NO_MEMORY, "%s", name);
    default:
        return base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
    }
}

struct pass {
    struct survey survey;
    struct judge judge;
};

/* A letter and marks that stand for one letter become that: U+0300 to U+036F begin with these two bytes. Where there is
 * no memory the text stays as it is. */
static bool has_marks(const struct scan_cell *cell)
{
    return cell->size > 0 && cell->size < UNICODE_MOST &&
           (memchr(cell->text, '\xcc', cell->size) != NULL ||
            memchr(cell->text, '\xcd', cell->size) != NULL);
}

/* The cell, or with `*text` a copy of it that is composed, which is the caller's to wipe (`*room` bytes) and free. */
static struct scan_cell compose(const struct scan_cell *cell, char **text, size_t *room)
{
    struct scan_cell own = *cell;
    struct base_error ignored;
    *room = cell->size * (UNICODE_GROWTH + 1) + 2;
    *text = has_marks(cell) ? malloc(*room) : NULL;
    if (*text == NULL)
        return own;
    char *composed = *text + cell->size + 1;
    memcpy(*text, cell->text, cell->size);
    (*text)[cell->size] = '\0';
    if (unicode_compose(*text, composed, &ignored) == BASE_OK) {
        own.text = composed;
        own.size = strlen(composed);
    }
    return own;
}

static void end_composed(char *text, size_t room)
{
    if (text != NULL)
        secret_wipe(text, room);
    free(text);
}

static bool survey_take(void *context, const struct scan_cell *cell)
{
    char *text;
    size_t room;
    const struct scan_cell own = compose(cell, &text, &room);
    const bool more = survey_cell(&((struct pass *)context)->survey, &own);
    end_composed(text, room);
    return more;
}

static bool judge_take(void *context, const struct scan_cell *cell)
{
    char *text;
    size_t room;
    const struct scan_cell own = compose(cell, &text, &room);
    judge_cell(&((struct pass *)context)->judge, &own);
    end_composed(text, room);
    return true;
}

static enum base_code read_twice(const char *name, struct scan_text text, scan_reader *reader,
                                 scan_report *report, void *context, struct scan_result *result,
                                 struct base_error *error)
{
    struct pass pass = {0};
    struct memo *memo = calloc(1, sizeof *memo);
    if (memo == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", name);
    pass.survey.memo = pass.judge.memo = memo;
    enum scan_read read = reader(text.at, text.size, survey_take, &pass);
    if (pass.survey.state != SCAN_READ_OK)
        read = pass.survey.state;
    if (read == SCAN_READ_OK) {
        survey_conclude(&pass.survey);
        secret_wipe(memo, sizeof *memo); /* the same for the second reading */
        pass.judge.survey = &pass.survey;
        pass.judge.report = report;
        pass.judge.context = context;
        pass.judge.result = result;
        read = reader(text.at, text.size, judge_take, &pass);
    }
    survey_free(&pass.survey);
    secret_wipe(memo, sizeof *memo);
    free(memo);
    return scan_say(read, name, error);
}

static enum scan_verdict verdict_of(const struct scan_result *result)
{
    enum scan_verdict verdict = SCAN_CLEAR;
    for (int kind = 0; kind < SCAN_KINDS; kind++) {
        if (result->hits[kind][SCAN_MEDIUM] + result->hits[kind][SCAN_HIGH] > 0)
            return SCAN_REFUSE;
        if (result->hits[kind][SCAN_LOW] > 0)
            verdict = SCAN_LOOK;
    }
    for (int kind = 0; kind < SCAN_UNREAD_KINDS; kind++) {
        if (result->unread[kind] > 0)
            verdict = SCAN_LOOK;
    }
    return verdict;
}

static scan_reader *const readers[SCAN_FORMATS] = {
    [SCAN_CSV] = scan_read_csv,   [SCAN_TXT] = scan_read_txt,
    [SCAN_JSON] = scan_read_json, [SCAN_MARKDOWN] = scan_read_markdown,
    [SCAN_HTML] = scan_read_html, [SCAN_XLSX] = scan_read_xlsx,
    [SCAN_ODS] = scan_read_ods,   [SCAN_DOCX] = scan_read_docx,
    [SCAN_ODT] = scan_read_odt,   [SCAN_PPTX] = scan_read_pptx,
};

/* PDF's is in a part of its own, which a build without poppler does not have. */
static enum base_code find_reader(enum scan_format format, const char *name, scan_reader **out,
                                  struct base_error *error)
{
    void *found;
    enum base_code code = BASE_OK;
    *out = readers[format];
    if (format == SCAN_PDF)
        code = base_find_in_part("scan", "scan_read_pdf", &found, error);
    if (code == BASE_PART_MISSING)
        code = base_fail(error, BASE_SCAN_NO_READER, "%s", name);
    if (format == SCAN_PDF && code == BASE_OK)
        memcpy(out, &found, sizeof found); /* ISO C converts no object pointer to a function's */
    if (code == BASE_OK && *out == NULL)
        code = base_fail(error, BASE_SCAN_FORMAT, "%s", name);
    return code;
}

/* The others are text. */
static bool is_binary(enum scan_format format)
{
    return format >= SCAN_XLSX;
}

static bool is_office(enum scan_format format)
{
    return format >= SCAN_XLSX && format <= SCAN_PPTX;
}

/* Office documents are told by what is in them, whatever their name says. */
static enum scan_format format_of_office(const char *bytes, size_t size, enum scan_format named)
{
    const enum scan_format found = scan_office_format(bytes, size);
    return found != SCAN_AUTO ? found : named;
}

/* Decodes what is text, chooses the reader, reads. */
static enum base_code scan_as(const char *name, const char *bytes, size_t size,
                              enum scan_format format, scan_report *report, void *context,
                              struct scan_result *result, struct base_error *error)
{
    struct scan_result found = {0};
    struct scan_text text = {bytes, size};
    scan_reader *reader = NULL;
    char *decoded = NULL;
    size_t room = 0;
    enum base_code code = BASE_OK;

    if (format == SCAN_AUTO && is_zip(bytes, size))
        format = SCAN_XLSX;
    if (is_office(format) && is_zip(bytes, size))
        format = format_of_office(bytes, size, format);
    if (format == SCAN_AUTO && is_pdf(bytes, size))
        format = SCAN_PDF;
    if (!is_binary(format))
        code = chars_decode(name, bytes, size, &decoded, &room, &text, error);
    if (code == BASE_OK && format == SCAN_AUTO)
        format = format_of_content(text);
    if (code == BASE_OK)
        code = find_reader(format, name, &reader, error);
    if (code == BASE_OK)
        code = read_twice(name, text, reader, report, context, &found, error);
    if (code == BASE_OK) {
        found.format = format;
        found.verdict = verdict_of(&found);
        *result = found;
    }
    if (decoded != NULL)
        secret_wipe(decoded, room);
    free(decoded);
    return code;
}

enum base_code scan_bytes(const char *name, const void *bytes, size_t size, enum scan_format format,
                          scan_report *report, void *context, struct scan_result *result,
                          struct base_error *error)
{
    if (size > SCAN_MOST_BYTES)
        return base_fail(error, BASE_SCAN_TOO_BIG, "%s", name);
    if (format == SCAN_AUTO && !format_of_name(name, &format))
        return base_fail(error, BASE_SCAN_FORMAT, "%s", name);
    return scan_as(name, bytes, size, format, report, context, result, error);
}

enum base_code scan_file(const char *path, enum scan_format format, scan_report *report,
                         void *context, struct scan_result *result, struct base_error *error)
{
    struct loaded file;
    if (format == SCAN_AUTO && strcmp(path, "-") != 0 && !format_of_name(path, &format))
        return base_fail(error, BASE_SCAN_FORMAT, "%s", path);
    enum base_code code = load_file(path, &file, error);
    if (code != BASE_OK)
        return code;
    code = scan_as(path, file.bytes, file.size, format, report, context, result, error);
    load_end(&file);
    return code;
}

enum base_code scan_read_workbook(const char *path, scan_take *take, void *context,
                                  struct base_error *error)
{
    struct loaded file;
    if (load_file(path, &file, error) != BASE_OK)
        return error->code;
    const enum scan_format format = scan_office_format(file.bytes, file.size);
    scan_reader *reader = format == SCAN_ODS ? scan_read_ods : scan_read_xlsx;
    const enum scan_read read = reader(file.bytes, file.size, take, context);
    load_end(&file);
    return scan_say(read == SCAN_READ_STOPPED ? SCAN_READ_OK : read, path, error);
}
