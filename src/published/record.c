/* The record of a check as JSON: docs/check-release.md. */
#include <jansson.h>

#include "inside.h"
#include "tavs/render.h"

#ifndef TAVS_VERSION
#define TAVS_VERSION "0"
#endif

enum { SCHEMA_VERSION = 1 };

/* In all that follows a value is NULL if there was no memory for it; jansson takes such a value for an
 * error of whatever it is put into, and so it comes out at the top. */

/* Adds to an array, which is let go of and becomes NULL where that fails. */
static void append(json_t **array, json_t *value)
{
    if (*array == NULL || json_array_append_new(*array, value) != 0) {
        json_decref(*array);
        *array = NULL;
    }
}

/* 0: it is not told. */
static json_t *number_value(unsigned number)
{
    return number == 0 ? json_null() : json_integer(number);
}

static json_t *files_value(const struct published *published)
{
    json_t *files = json_array();
    for (size_t i = 0; i < published->file_count; i++) {
        const struct published_file *file = published->files[i];
        append(&files, json_pack("{s:s, s:o, s:b, s:o, s:o, s:b}", "file", file->name, "threshold",
                                 number_value(file->threshold), "draft", file->is_draft, "release",
                                 number_value(file->release), "edition",
                                 number_value(file->edition), "superseded", file->superseded));
    }
    return files;
}

static json_t *name_value(const struct published *published, size_t place)
{
    const char *name = published_place_name(published, place);
    return name == NULL ? json_null() : json_string(name);
}

static json_t *places_value(const struct published *published, const struct place_set *places)
{
    json_t *names = json_array();
    for (size_t i = 0; i < published->places.count; i++)
        if (place_set_has(places, (unsigned)i))
            append(&names, name_value(published, i));
    return names;
}

static json_t *codes_value(enum codebook_dimension dimension, codebook_set set)
{
    json_t *codes = json_array();
    for (unsigned value = 0; value < codebook_values(dimension); value++)
        if (((unsigned)set >> value & 1u) != 0)
            append(&codes, json_string(codebook_code(dimension, value)));
    return codes;
}

static json_t *finding_value(const struct published *published,
                             const struct published_finding *finding)
{
    const struct cell_set *sum = &finding->sum;
    char period[BASE_PERIOD_TEXT];
    json_t *files = json_array();
    for (size_t i = 0; i < finding->file_count; i++)
        append(&files, json_string(published_file_name(published, finding->files[i])));
    base_period_format(sum->months, period);
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:b, s:b, s:o}", "places",
                     places_value(published, &sum->places), "period", period, "channels",
                     codes_value(CODEBOOK_CHANNEL, sum->channels), "parties",
                     codes_value(CODEBOOK_PARTY, sum->parties), "sessions",
                     codes_value(CODEBOOK_SESSION, sum->sessions), "least",
                     (json_int_t)finding->least, "most", (json_int_t)finding->most, "printed",
                     finding->printed, "alone", finding->alone, "files", files);
}

static json_t *findings_value(const struct published *published)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < published->result.finding_count; i++)
        append(&findings, finding_value(published, &published->findings[i]));
    return findings;
}

static json_t *record_value(const struct published *published)
{
    const struct published_result *result = &published->result;
    char date[BASE_DATE_TEXT] = "";
    base_today(date);
    return json_pack("{s:s, s:i, s:s, s:{s:s, s:s}, s:s, s:s, s:i, s:I, s:I, s:I, s:o, s:o}",
                     "format", "tavs", "version", SCHEMA_VERSION, "kind", "check-release",
                     "program", "name", "tavs", "version", TAVS_VERSION, "date", date, "verdict",
                     result->contradictory       ? "contradictory"
                     : result->finding_count > 0 ? "narrowed"
                                                 : "kept",
                     "threshold", (int)result->threshold, "shown", (json_int_t)result->shown,
                     "hidden", (json_int_t)result->hidden, "doubtful", (json_int_t)result->doubtful,
                     "files", files_value(published), "narrowed", findings_value(published));
}

enum base_code published_json(const struct published *published, char **json, size_t *size,
                              struct base_error *error)
{
    json_t *value = record_value(published);
    const enum base_code code = render_json_value(value, json, size, error);
    json_decref(value);
    return code;
}
