/* The csv of a protected export. */
#include <string.h>

#include "inside.h"
#include "tavs/delimited.h"

enum column { PLACE, PERIOD, CHANNEL, PARTY, SESSION, COUNT, STATUS, COLUMNS };

static const char *const headings[COLUMNS] = {"place",   "period", "channel", "party",
                                              "session", "count",  "status"};

/* A file that is being read. What is wrong is kept: libcsv's calls can't be stopped. */
struct csv {
    struct published *published;
    struct published_file *file;
    char cell[COLUMNS][PUBLISHED_NAME_BYTES];
    enum column first; /* PLACE, or PERIOD where there is only one */
    size_t row, cells; /* the row counts from 1; cells of it so far */
    bool bad_cell;
    enum base_code code;
    struct base_error *error;
};

static void fail_row(struct csv *csv, const char *what)
{
    csv->code = published_fail_row(csv->published, csv->row, what, csv->error);
}

static void take_cell(void *context, const char *text, size_t size)
{
    struct csv *csv = context;
    const size_t at = csv->first + csv->cells++;
    if (csv->code != BASE_OK || at >= COLUMNS)
        return;
    csv->bad_cell = csv->bad_cell || size >= PUBLISHED_NAME_BYTES || strlen(text) != size;
    memcpy(csv->cell[at], csv->bad_cell ? "" : text, csv->bad_cell ? 1 : size + 1);
}

static void take_headings(struct csv *csv)
{
    const bool several = strcmp(csv->cell[0], headings[PLACE]) == 0;
    csv->first = several ? PLACE : PERIOD;
    bool good = !csv->bad_cell && csv->cells == (size_t)(COLUMNS - csv->first);
    for (size_t i = 0; good && i < csv->cells; i++)
        good = strcmp(csv->cell[i], headings[csv->first + i]) == 0;
    if (good)
        return;
    const bool excel = strchr(csv->cell[0], ';') != NULL;
    csv->code = base_fail(csv->error, excel ? BASE_PUBLISHED_EXCEL : BASE_PUBLISHED_FORMAT, "%s",
                          csv->file->name);
}

/* A name, or several joined by "+", or "all"; false if they are too many. */
static bool read_places(struct csv *csv, struct place_set *places)
{
    char *name = csv->cell[PLACE];
    if (csv->first == PERIOD)
        return published_add_place(csv->file, "", places);
    if (strcmp(name, "all") == 0) {
        *places = place_set_first(COUNTS_MOST_PLACES);
        return true;
    }
    for (char *next; name != NULL; name = next) {
        next = strchr(name, '+');
        if (next != NULL)
            *next++ = '\0';
        if (*name == '\0' || !published_add_place(csv->file, name, places))
            return false;
    }
    return true;
}

static void take_record(struct csv *csv)
{
    const char *count = csv->cell[COUNT];
    struct published_words words = {
        .period = csv->cell[PERIOD],
        .channel = csv->cell[CHANNEL],
        .party = csv->cell[PARTY],
        .session = csv->cell[SESSION],
        .count = strcmp(count, "..") == 0 ? NULL : count,
        .status = csv->cell[STATUS],
        .row = csv->row,
    };
    if (!read_places(csv, &words.places))
        fail_row(csv, headings[PLACE]);
    else
        csv->code = published_take(csv->published, &words, csv->error);
}

static void take_row(void *context)
{
    struct csv *csv = context;
    csv->row++;
    if (csv->code == BASE_OK && csv->row == 1)
        take_headings(csv);
    else if (csv->code == BASE_OK && csv->cells > 0) {
        if (csv->bad_cell || csv->cells != (size_t)(COLUMNS - csv->first))
            fail_row(csv, _("more or fewer cells than headings, or what no cell can be"));
        else
            take_record(csv);
    }
    csv->cells = 0;
    csv->bad_cell = false;
}

static enum base_code conclude(struct csv *csv, enum delimited_result result)
{
    if (csv->code != BASE_OK)
        return csv->code;
    if (result == DELIMITED_NO_MEMORY)
        return base_fail(csv->error, BASE_NO_MEMORY, "%s", csv->file->name);
    if (result != DELIMITED_OK && csv->row == 0)
        return base_fail(csv->error, BASE_PUBLISHED_FORMAT, "%s", csv->file->name);
    if (result != DELIMITED_OK)
        return published_fail_row(csv->published, csv->row + 1,
                                  _("quotes that don't match, or a cell that is too long"),
                                  csv->error);
    return BASE_OK;
}

enum base_code csv_read(struct published *published, const char *bytes, size_t size,
                        struct base_error *error)
{
    const struct delimited_library *library;
    struct csv csv = {.published = published,
                      .file = published->files[published->file_count - 1],
                      .error = error};
    if (delimited_find(&library, error) != BASE_OK)
        return error->code;
    struct delimited *reader = library->new (',', take_cell, take_row, &csv);
    if (reader == NULL)
        return base_fail(error, BASE_NO_MEMORY, "%s", csv.file->name);
    enum delimited_result result = library->feed(reader, bytes, size);
    if (result == DELIMITED_OK)
        result = library->end(reader);
    library->free(reader);
    return conclude(&csv, result);
}
