/* Files and figures: what csv and json have in common. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static struct published_file *last_file(const struct published *published)
{
    return published->files[published->file_count - 1];
}

enum base_code published_new(struct published **out, struct base_error *error)
{
    struct published *published = calloc(1, sizeof *published);
    if (published != NULL)
        published->figures = calloc(PUBLISHED_MOST_FIGURES, sizeof *published->figures);
    if (published == NULL || published->figures == NULL) {
        free(published);
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    }
    *out = published;
    return BASE_OK;
}

void published_free(struct published *published)
{
    if (published == NULL)
        return;
    for (size_t i = 0; i < published->file_count; i++) {
        free(published->files[i]->name);
        free(published->files[i]);
    }
    free(published->figures);
    free(published->findings);
    free(published->finding_files);
    free(published);
}

const char *published_file_name(const struct published *published, size_t file)
{
    return published->files[file]->name;
}

bool published_file_is_draft(const struct published *published, size_t file)
{
    return published->files[file]->is_draft;
}

const char *published_place_name(const struct published *published, size_t place)
{
    const char *name = published->places.place[place].name;
    return *name == '\0' ? NULL : name;
}

/* ---- records -------------------------------------------------------------------------------- */

enum base_code published_fail_row(const struct published *published, size_t row, const char *what,
                                  struct base_error *error)
{
    return base_fail(error, BASE_PUBLISHED_DAMAGED, _("%s, row %zu: %s"),
                     last_file(published)->name, row, what);
}

/* The value whose code is the first `size` bytes of `text`; the number of values if there is none. */
static unsigned find_code(enum codebook_dimension dimension, const char *text, size_t size)
{
    unsigned value = 0;
    for (; value < codebook_values(dimension); value++) {
        const char *code = codebook_code(dimension, value);
        if (strlen(code) == size && memcmp(code, text, size) == 0)
            break;
    }
    return value;
}

bool published_read_set(enum codebook_dimension dimension, const char *text, codebook_set *set)
{
    unsigned found = 0;
    if (strcmp(text, "all") == 0) {
        *set = (codebook_set)((1u << codebook_values(dimension)) - 1);
        return true;
    }
    for (bool more = true; more;) {
        const size_t size = strcspn(text, "+");
        const unsigned value = find_code(dimension, text, size);
        if (value == codebook_values(dimension) || (found >> value & 1u) != 0)
            return false;
        found |= 1u << value;
        more = text[size] == '+';
        text += size + (more ? 1 : 0);
    }
    *set = (codebook_set)found;
    return true;
}

bool published_add_place(struct published_file *file, const char *name, struct place_set *set)
{
    struct published_places *places = &file->places;
    char shown[sizeof places->place->name];
    size_t i = 0;
    if (!base_make_printable(shown, sizeof shown, name)) /* cut, two could be one */
        return false;
    while (i < places->count && strcmp(places->place[i].name, shown) != 0)
        i++;
    if (i == COUNTS_MOST_PLACES)
        return false;
    if (i == places->count) {
        strcpy(places->place[i].name, shown);
        places->count++;
    }
    place_set_add(set, (unsigned)i);
    return true;
}

/* NULL, or the member that is wrong. */
static const char *read_sum(const struct published_words *words, struct cell_set *sum)
{
    struct base_error ignored;
    if (base_period_parse(words->period, &sum->months, &ignored) != BASE_OK)
        return "period";
    if (!published_read_set(CODEBOOK_CHANNEL, words->channel, &sum->channels))
        return "channel";
    if (!published_read_set(CODEBOOK_PARTY, words->party, &sum->parties))
        return "party";
    if (!published_read_set(CODEBOOK_SESSION, words->session, &sum->sessions))
        return "session";
    sum->places = words->places;
    return NULL;
}

/* Of a draft what could be shown is told as well; what an earlier version called a preview is a draft. */
static bool is_draft(const char *status)
{
    return strcmp(status, "draft") == 0 || strcmp(status, "preview") == 0;
}

static bool is_shown(const char *status)
{
    return strcmp(status, "shown") == 0 || strcmp(status, "corrected") == 0 || is_draft(status);
}

static const char *read_figure(const struct published_words *words, struct published_figure *figure)
{
    figure->shown = is_shown(words->status);
    if (!figure->shown && strcmp(words->status, "hidden") != 0)
        return "status";
    if (figure->shown)
        return words->count != NULL &&
                       base_parse_number(words->count, 0, PUBLISHED_MOST_COUNT, &figure->value)
                   ? NULL
                   : "count";
    return words->count == NULL ? NULL : "count";
}

enum base_code published_take(struct published *published, const struct published_words *words,
                              struct base_error *error)
{
    struct published_figure figure = {.file = published->file_count - 1};
    const char *name = last_file(published)->name;
    if (strcmp(words->status, "internal") == 0)
        return base_fail(error, BASE_PUBLISHED_EXACT, "%s", name);
    last_file(published)->is_draft = last_file(published)->is_draft || is_draft(words->status);
    const char *wrong = read_sum(words, &figure.sum);
    if (wrong == NULL)
        wrong = read_figure(words, &figure);
    if (wrong != NULL)
        return published_fail_row(published, words->row, wrong, error);
    if (published->figure_count == PUBLISHED_MOST_FIGURES)
        return base_fail(error, BASE_PUBLISHED_TOO_BIG, "%s", name);
    published->figures[published->figure_count++] = figure;
    return BASE_OK;
}

/* ---- files ---------------------------------------------------------------------------------- */

static enum base_code new_file(struct published *published, const char *name,
                               struct base_error *error)
{
    const size_t room = BASE_PRINTABLE_SIZE(strlen(name));
    struct published_file *file = calloc(1, sizeof *file);
    if (file != NULL)
        file->name = malloc(room);
    if (file == NULL || file->name == NULL) {
        free(file);
        return base_fail(error, BASE_NO_MEMORY, "%s", _("the files"));
    }
    (void)base_make_printable(file->name, room, name);
    file->first = published->figure_count;
    published->files[published->file_count++] = file;
    return BASE_OK;
}

/* What json begins with; nothing that csv does. */
static bool is_json(const char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size && memchr(" \t\r\n", bytes[at], 4) != NULL)
        at++;
    return at < size && bytes[at] == '{';
}

enum base_code published_add(struct published *published, const char *name, const char *bytes,
                             size_t size, struct base_error *error)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};
    if (size > PUBLISHED_MOST_BYTES || published->file_count == PUBLISHED_MOST_FILES)
        return base_fail(error, BASE_PUBLISHED_TOO_BIG, "%s", name);
    if (new_file(published, name, error) != BASE_OK)
        return error->code;
    struct published_file *file = last_file(published);
    if (size >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0)
        return base_fail(error, BASE_PUBLISHED_EXCEL, "%s", file->name);
    file->is_json = is_json(bytes, size);
    enum base_code code = file->is_json ? json_read(published, bytes, size, error)
                                        : csv_read(published, bytes, size, error);
    if (code == BASE_OK && published->figure_count == file->first)
        code = base_fail(error, BASE_PUBLISHED_FORMAT, "%s", file->name);
    return code;
}
