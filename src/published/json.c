/* The json of a protected export or report: docs/schema.md. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "inside.h"

enum { COUNT_TEXT = 24, MEMBER_TEXT = 64 };

static enum base_code fail_member(const struct published_file *file, const char *member,
                                  struct base_error *error)
{
    return base_fail(error, BASE_PUBLISHED_DAMAGED, "%s: %s", file->name, member);
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* A text that fits, or nothing at all where the member is null. */
static bool copy_text(const json_t *value, char *to, size_t room)
{
    if (json_is_null(value))
        return true;
    if (!json_is_string(value) || json_string_length(value) >= room)
        return false;
    return base_make_printable(to, room, json_string_value(value));
}

/* ---- the front ------------------------------------------------------------------------------ */

/* None: the file does not tell, as where a release has figures of all together only. */
static bool read_codes(const json_t *codes, enum codebook_dimension dimension, codebook_set *set)
{
    size_t i;
    json_t *code;
    codebook_set one;
    json_array_foreach(codes, i, code)
    {
        if (!json_is_string(code) || is_text(code, "all") ||
            !published_read_set(dimension, json_string_value(code), &one))
            return false;
        *set |= one;
    }
    return json_is_array(codes);
}

/* NULL, or the member that is missing or wrong. */
static const char *read_place(const json_t *value, struct published_place *place)
{
    const json_t *offered = json_object_get(value, "offered");
    if (!copy_text(json_object_get(value, "name"), place->name, sizeof place->name))
        return "name";
    if (!copy_text(json_object_get(value, "fingerprint"), place->fingerprint,
                   sizeof place->fingerprint))
        return "fingerprint";
    if (!read_codes(json_object_get(offered, "channels"), CODEBOOK_CHANNEL,
                    &place->offered.channels))
        return "offered.channels";
    if (!read_codes(json_object_get(offered, "parties"), CODEBOOK_PARTY, &place->offered.parties))
        return "offered.parties";
    return NULL;
}

static enum base_code read_places(struct published_file *file, const json_t *places,
                                  struct base_error *error)
{
    size_t i;
    json_t *value;
    char member[MEMBER_TEXT];
    if (json_array_size(places) == 0)
        return fail_member(file, "places", error);
    if (json_array_size(places) > COUNTS_MOST_PLACES)
        return base_fail(error, BASE_PUBLISHED_TOO_BIG, "%s", file->name);
    json_array_foreach(places, i, value)
    {
        const char *wrong = read_place(value, &file->places.place[i]);
        if (wrong != NULL) {
            (void)snprintf(member, sizeof member, "places[%zu].%s", i, wrong);
            return fail_member(file, member, error);
        }
        file->places.count++;
    }
    return BASE_OK;
}

/* 0 where there is no such number: in a draft, and in files of earlier versions. */
static unsigned read_number(const json_t *top, const char *member)
{
    const json_t *value = json_object_get(top, member);
    const json_int_t number = json_is_integer(value) ? json_integer_value(value) : 0;
    return number > 0 && number <= UINT16_MAX ? (unsigned)number : 0;
}

static void read_edition(struct published_file *file, const json_t *top)
{
    const unsigned corrects = read_number(top, "corrects");
    file->release = corrects > 0 ? corrects : read_number(top, "release");
    file->edition = read_number(top, "edition");
}

static enum base_code read_front(struct published_file *file, const json_t *top,
                                 struct base_error *error)
{
    const json_t *kind = json_object_get(top, "kind"), *internal = json_object_get(top, "internal"),
                 *threshold = json_object_get(top, "threshold");
    if (!is_text(json_object_get(top, "format"), "tavs") ||
        (!is_text(kind, "export") && !is_text(kind, "report") && !is_text(kind, "tally")))
        return base_fail(error, BASE_PUBLISHED_FORMAT, "%s", file->name);
    if (!json_is_boolean(internal))
        return fail_member(file, "internal", error);
    if (json_is_true(internal) || is_text(kind, "tally"))
        return base_fail(error, BASE_PUBLISHED_EXACT, "%s", file->name);
    const json_int_t number = json_is_integer(threshold) ? json_integer_value(threshold) : 0;
    if (number < PROTECT_LEAST_THRESHOLD || number > PROTECT_MOST_THRESHOLD)
        return fail_member(file, "threshold", error);
    file->threshold = (unsigned)number;
    file->is_draft = json_is_true(json_object_get(top, "draft"));
    read_edition(file, top);
    return read_places(file, json_object_get(top, "places"), error);
}

/* ---- records -------------------------------------------------------------------------------- */

/* Adds the place whose name is the first `size` bytes of `name`; false if there is none. */
static bool add_place(const struct published_file *file, const char *name, size_t size,
                      struct place_set *places)
{
    for (size_t i = 0; i < file->places.count; i++) {
        const char *known = file->places.place[i].name;
        if (strlen(known) != size || memcmp(known, name, size) != 0)
            continue;
        place_set_add(places, (unsigned)i);
        return true;
    }
    return false;
}

/* A name (which may have a "+" in it), several joined by "+", "all"; null and nothing too where there is
 * only one place. False if it is anything else. */
static bool read_record_places(const struct published_file *file, const json_t *value,
                               struct place_set *places)
{
    if ((value == NULL || json_is_null(value)) && file->places.count == 1) {
        place_set_add(places, 0);
        return true;
    }
    if (!json_is_string(value))
        return false;
    const char *name = json_string_value(value);
    if (add_place(file, name, strlen(name), places))
        return true;
    if (strcmp(name, "all") == 0) {
        *places = place_set_first(COUNTS_MOST_PLACES);
        return true;
    }
    for (bool more = true; more;) {
        const size_t size = strcspn(name, "+");
        if (!add_place(file, name, size, places))
            return false;
        more = name[size] == '+';
        name += size + (more ? 1 : 0);
    }
    return true;
}

static enum base_code read_record(struct published *published, const json_t *record, size_t row,
                                  struct base_error *error)
{
    const struct published_file *file = published->files[published->file_count - 1];
    struct published_words words = {.row = row};
    const struct {
        const char *name;
        const char **word;
    } members[] = {{"period", &words.period},
                   {"channel", &words.channel},
                   {"party", &words.party},
                   {"session", &words.session},
                   {"status", &words.status}};
    char text[COUNT_TEXT];
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        *members[i].word = json_string_value(json_object_get(record, members[i].name));
        if (*members[i].word == NULL)
            return published_fail_row(published, row, members[i].name, error);
    }
    if (!read_record_places(file, json_object_get(record, "place"), &words.places))
        return published_fail_row(published, row, "place", error);
    const json_t *count = json_object_get(record, "count");
    if (!json_is_null(count)) {
        if (!json_is_integer(count))
            return published_fail_row(published, row, "count", error);
        (void)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(count));
        words.count = text;
    }
    return published_take(published, &words, error);
}

static enum base_code read_records(struct published *published, const json_t *top,
                                   struct base_error *error)
{
    const char *name = is_text(json_object_get(top, "kind"), "export") ? "rows" : "sums";
    const json_t *records = json_object_get(top, name);
    size_t i;
    json_t *record;
    if (json_array_size(records) == 0)
        return fail_member(published->files[published->file_count - 1], name, error);
    json_array_foreach(records, i, record)
    {
        if (read_record(published, record, i + 1, error) != BASE_OK)
            return error->code;
    }
    return BASE_OK;
}

static enum base_code fail_parse(const struct published_file *file, const json_error_t *why,
                                 struct base_error *error)
{
    const enum json_error_code code = json_error_code(why);
    /* jansson has no text for memory that is not there */
    if (code == json_error_unknown || code == json_error_out_of_memory)
        return base_fail(error, BASE_NO_MEMORY, "%s", file->name);
    return base_fail(error, BASE_PUBLISHED_DAMAGED, _("%s, line %d"), file->name, why->line);
}

/* Of a member that stands twice jansson would keep the last only: refused. */
enum base_code json_read(struct published *published, const char *bytes, size_t size,
                         struct base_error *error)
{
    struct published_file *file = published->files[published->file_count - 1];
    json_error_t why;
    json_t *top = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &why);
    if (top == NULL)
        return fail_parse(file, &why, error);
    enum base_code code = read_front(file, top, error);
    if (code == BASE_OK)
        code = read_records(published, top, error);
    json_decref(top);
    return code;
}
