/* The record of a scan as JSON: docs/scan.md. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tavs/render.h"
#include "tavs/scan.h"

#ifndef TAVS_VERSION
#define TAVS_VERSION "0"
#endif

enum { SCHEMA_VERSION = 2 };

struct scan_record {
    json_t *files;    /* finished ones */
    json_t *hits;     /* of the file being scanned */
    size_t hit_count; /* of all files, but those that are only counted */
    enum scan_verdict verdict;
    bool failed; /* there was no memory */
};

enum base_code scan_record_new(struct scan_record **out, struct base_error *error)
{
    struct scan_record *record = calloc(1, sizeof *record);
    if (record != NULL) {
        record->files = json_array();
        record->hits = json_array();
    }
    if (record == NULL || record->files == NULL || record->hits == NULL) {
        scan_record_free(record);
        return base_fail(error, BASE_NO_MEMORY, "JSON");
    }
    *out = record;
    return BASE_OK;
}

void scan_record_free(struct scan_record *record)
{
    if (record == NULL)
        return;
    json_decref(record->files);
    json_decref(record->hits);
    free(record);
}

/* In all that follows a value is NULL if there was no memory for it; jansson takes such a value for an
 * error of whatever it is put into, and so it comes out at the top. */

/* A file's name need not be UTF-8, but JSON must be: then "?" stands for each byte beyond ASCII. */
static json_t *text_value(const char *text)
{
    json_t *value = json_string(text);
    char *ascii = value == NULL ? strdup(text) : NULL;
    for (char *at = ascii; at != NULL && *at != '\0'; at++)
        if ((*at & 0x80) != 0)
            *at = '?';
    if (ascii != NULL)
        value = json_string(ascii);
    free(ascii);
    return value;
}

void scan_record_hit(struct scan_record *record, const struct scan_hit *hit)
{
    if (record->hit_count == SCAN_MOST_HITS)
        return;
    record->hit_count++;
    json_t *value = json_pack(
        "{s:I, s:I, s:I, s:s, s:s, s:s, s:o, s:I}", "table", (json_int_t)hit->table, "row",
        (json_int_t)hit->row, "column", (json_int_t)hit->column, "heading", hit->heading, "kind",
        scan_kind_code(hit->kind), "confidence", scan_confidence_code(hit->confidence), "masked",
        text_value(hit->masked), "length", (json_int_t)hit->length);
    if (json_array_append_new(record->hits, value) != 0)
        record->failed = true;
}

static uint64_t hits_of(const struct scan_result *result, enum scan_kind kind)
{
    const uint64_t *hits = result->hits[kind];
    return hits[SCAN_LOW] + hits[SCAN_MEDIUM] + hits[SCAN_HIGH];
}

/* {"cpr": {"low": 0, "medium": 0, "high": 2}} */
static json_t *counts_value(const struct scan_result *result)
{
    json_t *counts = json_object();
    for (enum scan_kind kind = 0; counts != NULL && kind < SCAN_KINDS; kind++) {
        const uint64_t *hits = result->hits[kind];
        if (hits_of(result, kind) == 0)
            continue;
        json_t *levels =
            json_pack("{s:I, s:I, s:I}", scan_confidence_code(SCAN_LOW), (json_int_t)hits[SCAN_LOW],
                      scan_confidence_code(SCAN_MEDIUM), (json_int_t)hits[SCAN_MEDIUM],
                      scan_confidence_code(SCAN_HIGH), (json_int_t)hits[SCAN_HIGH]);
        if (json_object_set_new(counts, scan_kind_code(kind), levels) != 0) {
            json_decref(counts);
            counts = NULL;
        }
    }
    return counts;
}

/* {"picture": 3} */
static json_t *unread_value(const struct scan_result *result)
{
    json_t *counts = json_object();
    for (enum scan_unread unread = 0; counts != NULL && unread < SCAN_UNREAD_KINDS; unread++) {
        const json_int_t parts = (json_int_t)result->unread[unread];
        if (parts > 0 &&
            json_object_set_new(counts, scan_unread_code(unread), json_integer(parts)) != 0) {
            json_decref(counts);
            counts = NULL;
        }
    }
    return counts;
}

void scan_record_file(struct scan_record *record, const char *name,
                      const struct scan_result *result)
{
    uint64_t total = 0;
    for (enum scan_kind kind = 0; kind < SCAN_KINDS; kind++)
        total += hits_of(result, kind);
    json_t *hits = record->hits; /* json_pack takes it, whether it succeeds or not */
    record->hits = json_array();
    json_t *file =
        json_pack("{s:o, s:s, s:s, s:I, s:o, s:o, s:I, s:o}", "file", text_value(name), "format",
                  scan_format_code(result->format), "verdict", scan_verdict_code(result->verdict),
                  "cells", (json_int_t)result->cells, "unread", unread_value(result), "counts",
                  counts_value(result), "hit_total", (json_int_t)total, "hits", hits);
    if (json_array_append_new(record->files, file) != 0 || record->hits == NULL)
        record->failed = true;
    if (result->verdict > record->verdict)
        record->verdict = result->verdict;
}

/* In local time. */
static json_t *record_value(const struct scan_record *record)
{
    char date[BASE_DATE_TEXT];
    base_today(date);
    if (record->failed)
        return NULL;
    return json_pack("{s:s, s:i, s:s, s:{s:s, s:s}, s:s, s:s, s:O}", "format", "tavs", "version",
                     SCHEMA_VERSION, "kind", "scan", "program", "name", "tavs", "version",
                     TAVS_VERSION, "date", date, "verdict", scan_verdict_code(record->verdict),
                     "files", record->files);
}

enum base_code scan_record_json(const struct scan_record *record, char **json, size_t *size,
                                struct base_error *error)
{
    json_t *value = record_value(record);
    enum base_code code = render_json_value(value, json, size, error);
    json_decref(value);
    return code;
}
