/* What a table begins with: the row of headings, and before it rows without content and a note of the
 * delimiter. What is no table is called what it is. */
#include <string.h>
#include <strings.h>

#include "inside.h"
#include "tavs/secret.h"

static const char delimiters[] = {',', ';', '\t'};

/* How files begin that are no text. */
static const char zip[] = "PK\3\4", old_workbook[] = "\xd0\xcf\x11\xe0";
enum { MAGIC_BYTES = 4 };

static bool begins_with(const struct intake *intake, const char *magic)
{
    return intake->heading_size >= MAGIC_BYTES && memcmp(intake->heading, magic, MAGIC_BYTES) == 0;
}

enum base_code begin_fail(const struct intake *intake, struct base_error *error)
{
    size_t at = 0;
    while (at < intake->heading_size && strchr(" \t\r\n", intake->heading[at]) != NULL)
        at++;
    if (at == intake->heading_size)
        return base_fail(error, BASE_INTAKE_EMPTY, "%s", intake->name);
    if (at < intake->heading_size && intake->heading[at] == '<')
        return base_fail(error, BASE_INTAKE_WEB_PAGE, "%s", intake->name);
    if (memchr(intake->heading, '\0', intake->heading_size) != NULL)
        return base_fail(error, BASE_INTAKE_WIDE, "%s", intake->name);
    return base_fail(error, BASE_INTAKE_NO_HEADINGS, "%s", intake->name);
}

enum base_code begin_check(const struct intake *intake, enum delimited_result result,
                           struct base_error *error)
{
    if (result == DELIMITED_OK)
        return BASE_OK;
    if (result == DELIMITED_NO_MEMORY)
        return base_fail(error, BASE_NO_MEMORY, "%s", intake->name);
    if (intake->bad_rows == 0)
        return base_fail(error, BASE_INTAKE_DAMAGED, _("%s, row %llu"), intake->name,
                         (unsigned long long)intake->row_number);
    *error = intake->first;
    return error->code;
}

/* ---- the row of headings ---------------------------------------------------------------------- */

/* The one that the headings have most of, outside of quotes; a comma where there is none. */
static char find_delimiter(const struct intake *intake)
{
    size_t counts[sizeof delimiters] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < intake->heading_size; i++) {
        quoted ^= intake->heading[i] == '"';
        for (size_t j = 0; j < sizeof delimiters; j++)
            counts[j] += !quoted && intake->heading[i] == delimiters[j] ? 1 : 0;
    }
    for (size_t j = 1; j < sizeof delimiters; j++)
        best = counts[j] > counts[best] ? j : best;
    return delimiters[best];
}

static enum base_code read_headings(struct intake *intake, struct base_error *error)
{
    const char delimiter = intake->delimiter != 0 ? intake->delimiter : find_delimiter(intake);
    intake->reader = intake->library->new (delimiter, intake_take_cell, intake_take_row, intake);
    if (intake->reader == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", intake->name);
    const enum delimited_result result =
        intake->library->feed(intake->reader, intake->heading, intake->heading_size);
    enum base_code code = begin_check(intake, result, error);
    if (code == BASE_OK)
        code = headings_check(intake, error);
    if (code == BASE_INTAKE_NO_HEADINGS)
        return begin_fail(intake, error);
    intake->heading_done = code == BASE_OK;
    return code;
}

/* ---- what comes before it --------------------------------------------------------------------- */

/* Nothing but delimiters, quotes and spaces. */
static bool is_blank(struct intake *intake)
{
    char line[INTAKE_HEADING_BYTES], text[INTAKE_HEADING_BYTES];
    for (size_t i = 0; i < intake->heading_size; i++) {
        const char byte = intake->heading[i];
        const bool empty = byte == '"' || byte == intake->delimiter ||
                           memchr(delimiters, byte, sizeof delimiters) != NULL;
        line[i] = empty && byte != 0 ? ' ' : byte;
    }
    const bool blank =
        text_decode(&intake->decoder, line, intake->heading_size, text, sizeof text) &&
        text[0] == '\0';
    secret_wipe(line, sizeof line);
    secret_wipe(text, sizeof text);
    return blank;
}

/* "sep=;": the first row of a file that tells a spreadsheet its delimiter, and which that does not count as a
 * row. Cells without content may follow. */
static bool is_note(struct intake *intake)
{
    static const char note[] = "sep=";
    const char *line = intake->heading;
    size_t size = intake->heading_size;
    if (size > 0 && *line == '"') {
        line++;
        size--;
    }
    if (intake->delimiter != 0 || size < sizeof note ||
        strncasecmp(line, note, sizeof note - 1) != 0)
        return false;
    const char delimiter = line[sizeof note - 1];
    if (strchr(",;\t|", delimiter) == NULL || delimiter == '\0')
        return false;
    for (size_t i = sizeof note; i < size; i++)
        if (strchr("\" \r\n", line[i]) == NULL && line[i] != delimiter)
            return false;
    intake->delimiter = delimiter;
    return true;
}

/* A row has ended. */
static enum base_code take_line(struct intake *intake, struct base_error *error)
{
    const char end = intake->heading[intake->heading_size - 1];
    const bool is_second = intake->heading_returned && intake->heading_size == 1 && end == '\n';
    intake->heading_returned = end == '\r';
    if (!is_second && is_blank(intake))
        intake->row_number++;
    else if (!is_second && !is_note(intake))
        return read_headings(intake, error);
    intake->heading_size = 0;
    return BASE_OK;
}

enum base_code begin_take(struct intake *intake, char byte, struct base_error *error)
{
    if (intake->heading_size == sizeof intake->heading)
        return begin_fail(intake, error);
    intake->heading[intake->heading_size++] = byte;
    intake->heading_quoted ^= byte == '"';
    if (intake->heading_size == MAGIC_BYTES && begins_with(intake, zip))
        return base_fail(error, BASE_INTAKE_WORKBOOK, "%s", intake->name);
    if (intake->heading_size == MAGIC_BYTES && begins_with(intake, old_workbook))
        return base_fail(error, BASE_INTAKE_OLD_WORKBOOK, "%s", intake->name);
    if ((byte != '\n' && byte != '\r') || intake->heading_quoted)
        return BASE_OK;
    return take_line(intake, error);
}
