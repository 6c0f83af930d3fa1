/* The record of an audit as JSON: docs/audit.md. */
#include <jansson.h>

#include "tavs/audit.h"
#include "tavs/render.h"
#include "tavs/table.h"
#include "tavs/tally.h"
#include "tavs/traces.h"

#ifndef TAVS_VERSION
#define TAVS_VERSION "0"
#endif

enum { SCHEMA_VERSION = 1 };

bool audit_record_passed(const struct audit_record *record)
{
    return record->report->passed && (record->full == NULL || record->full->passed) &&
           (record->traces == NULL || record->traces->totals[TRACES_FOUND] == 0);
}

/* In all that follows a value is NULL if there was no memory for it; jansson takes such a value for an
 * error of whatever it is put into, and so it comes out at the top. */

static json_t *append(json_t *array, json_t *value)
{
    if (array != NULL && json_array_append_new(array, value) == 0)
        return array;
    json_decref(array);
    return NULL;
}

/* The members of both, in this order. */
static json_t *join(json_t *value, json_t *rest)
{
    if (value != NULL && (rest == NULL || json_object_update(value, rest) != 0)) {
        json_decref(value);
        value = NULL;
    }
    json_decref(rest);
    return value;
}

static json_t *integer(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *integer_if(bool there, uint64_t number)
{
    return there ? integer(number) : json_null();
}

static json_t *month_value(base_month month)
{
    char text[BASE_MONTH_TEXT];
    if (month == 0)
        return json_null();
    base_month_format(month, text);
    return json_string(text);
}

static json_t *digest_value(const uint8_t digest[KEYS_DIGEST_BYTES])
{
    char text[2 * KEYS_DIGEST_BYTES + 1];
    base_hex(text, digest, KEYS_DIGEST_BYTES);
    return json_string(text);
}

static json_t *fingerprint_value(const struct audit_report *report)
{
    char text[KEYS_FINGERPRINT_TEXT];
    if (!report->identified)
        return json_null();
    keys_fingerprint_text(text, report->fingerprint);
    return json_string(text);
}

/* ---- the file ---- */

static json_t *account_value(const struct audit_report *report)
{
    json_t *account = json_array();
    for (enum audit_class class = 0; class < AUDIT_CLASSES; class ++)
        account =
            append(account, json_pack("{s:s, s:s, s:I, s:s}", "class", audit_class_code(class),
                                      "kind", audit_kind_code(audit_class_kind(class)), "bytes",
                                      (json_int_t)report->class_bytes[class], "text",
                                      audit_class_name(class)));
    return account;
}

static json_t *finding_value(const struct audit_finding *finding)
{
    char text[AUDIT_FINDING_TEXT];
    const bool placed = finding->page != AUDIT_NO_PAGE;
    audit_finding_text(finding, text, sizeof text);
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:s}", "code", audit_finding_code(finding->code),
        "class", audit_class_code(finding->class), "page", integer_if(placed, finding->page),
        "offset", integer_if(placed, finding->offset), "bytes", (json_int_t)finding->bytes, "month",
        month_value(finding->month), "device", integer_if(finding->device != 0, finding->device),
        "release", integer_if(finding->release != 0, finding->release), "text", text);
}

static json_t *findings_value(const struct audit_report *report)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < report->finding_count; i++)
        findings = append(findings, finding_value(&report->findings[i]));
    return findings;
}

static json_t *set_value(enum codebook_dimension dimension, codebook_set set)
{
    json_t *codes = json_array();
    for (unsigned value = 0; value < codebook_values(dimension); value++)
        if ((((unsigned)set >> value) & 1U) != 0)
            codes = append(codes, json_string(codebook_code(dimension, value)));
    return codes;
}

static json_t *years_in_use_value(const struct audit_report *report)
{
    json_t *years = json_array();
    for (size_t i = 0; i < report->year_count; i++)
        years = append(years, json_pack("{s:i, s:i}", "year", (int)report->years[i].year, "devices",
                                        (int)report->years[i].devices));
    return years;
}

static json_t *set_if(bool there, enum codebook_dimension dimension, codebook_set set)
{
    return there ? set_value(dimension, set) : json_null();
}

/* What the file shows to everyone: what stands in the header, null without one, and the rest. */
static json_t *public_value(const struct audit_report *report)
{
    const bool there = report->identified;
    json_t *value = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "format",
        integer_if(there, report->format), "draft", integer_if(there, report->draft), "edition",
        integer_if(there, report->edition), "threshold", integer_if(there, report->threshold),
        "channels", set_if(there, CODEBOOK_CHANNEL, report->channels), "parties",
        set_if(there, CODEBOOK_PARTY, report->parties), "ever_channels",
        set_if(there, CODEBOOK_CHANNEL, report->ever_channels), "ever_parties",
        set_if(there, CODEBOOK_PARTY, report->ever_parties), "closed_through",
        month_value(report->closed_through), "slots_used", integer_if(there, report->slots_used));
    json_t *rest =
        json_pack("{s:i, s:i, s:i, s:o, s:I, s:I, s:I, s:I}", "devices", (int)report->devices,
                  "devices_retired", (int)report->devices_retired, "releases",
                  (int)report->releases, "years", years_in_use_value(report), "rows",
                  (json_int_t)report->rows, "cells", (json_int_t)report->cells, "pages_used",
                  (json_int_t)report->pages_used, "pages_free", (json_int_t)report->pages_free);
    return join(value, rest);
}

/* ---- the wash ---- */

static json_t *wash_value(const struct audit_record *record)
{
    if (!record->wash_wanted)
        return json_null();
    if (record->washed == NULL)
        return json_pack("{s:b}", "done", 0);
    return json_pack("{s:b, s:i, s:I, s:I, s:o}", "done", 1, "device", (int)record->washed->device,
                     "rows", (json_int_t)record->washed->rows, "other_rows",
                     (json_int_t)record->washed->other_rows, "digest_before",
                     digest_value(record->before->digest));
}

/* ---- with the key ---- */

static json_t *word_value(enum codebook_dimension dimension, int value)
{
    return value == TABLE_NO_VALUE ? json_null()
                                   : json_string(codebook_code(dimension, (unsigned)value));
}

static json_t *full_finding_value(const struct audit_full_finding *finding,
                                  enum codebook_language language)
{
    char text[AUDIT_FINDING_TEXT];
    const int *value = finding->value;
    audit_full_finding_text(finding, language, text, sizeof text);
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "code",
                     audit_full_finding_code(finding->code), "month", month_value(finding->month),
                     "device", integer_if(finding->device != 0, finding->device), "release",
                     integer_if(finding->release != 0, finding->release), "channel",
                     word_value(CODEBOOK_CHANNEL, value[CODEBOOK_CHANNEL]), "party",
                     word_value(CODEBOOK_PARTY, value[CODEBOOK_PARTY]), "session",
                     word_value(CODEBOOK_SESSION, value[CODEBOOK_SESSION]), "text", text);
}

static json_t *full_findings_value(const struct audit_record *record)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < record->full->finding_count; i++)
        findings =
            append(findings, full_finding_value(&record->full->findings[i], record->language));
    return findings;
}

static json_t *full_years_value(const struct audit_full *full)
{
    json_t *years = json_array();
    for (size_t i = 0; i < full->year_count; i++)
        years = append(years, json_pack("{s:i, s:I, s:I}", "year", (int)full->years[i].year,
                                        "courses", (json_int_t)full->years[i].courses,
                                        "conversations", (json_int_t)full->years[i].conversations));
    return years;
}

static json_t *full_value(const struct audit_record *record)
{
    const struct audit_full *full = record->full;
    if (!record->full_wanted)
        return json_null();
    if (full == NULL)
        return json_pack("{s:b}", "done", 0);
    return json_pack(
        "{s:b, s:b, s:s, s:i, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:i, s:I, s:o}", "done", 1,
        "internal", 1, "mark", _("Internal: exact figures, not for publication"), "slot",
        (int)record->slot + 1, "rows", (json_int_t)full->rows, "cells", (json_int_t)full->cells,
        "cells_good", (json_int_t)full->cells_good, "releases", (json_int_t)full->releases, "years",
        full_years_value(full), "courses", (json_int_t)full->courses, "conversations",
        (json_int_t)full->conversations, "bits", (json_int_t)full->bits, "person_bits",
        AUDIT_PERSON_BITS, "finding_total", (json_int_t)full->finding_total, "findings",
        full_findings_value(record));
}

/* ---- around the store ---- */

static json_t *text_if(const char *text)
{
    return text == NULL || *text == '\0' ? json_null() : json_string(text);
}

static json_t *trace_value(const struct traces_trace *trace)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o}", "code", traces_kind_code(trace->kind),
                     "severity", traces_severity_code(traces_kind_severity(trace->kind)), "file",
                     text_if(trace->path), "line", integer_if(trace->line != 0, trace->line),
                     "detail", text_if(trace->detail), "text", traces_kind_meaning(trace->kind),
                     "hint", text_if(traces_kind_mend(trace->kind)));
}

static json_t *traces_value(const struct traces_report *report)
{
    json_t *entries = json_array();
    json_t *totals = json_object();
    if (report == NULL) {
        json_decref(entries);
        json_decref(totals);
        return json_null();
    }
    for (size_t i = 0; i < report->count; i++)
        entries = append(entries, trace_value(&report->traces[i]));
    for (enum traces_severity severity = 0; totals != NULL && severity < TRACES_SEVERITIES;
         severity++)
        if (json_object_set_new(totals, traces_severity_code(severity),
                                integer(report->totals[severity])) != 0) {
            json_decref(totals);
            totals = NULL;
        }
    return json_pack("{s:o, s:o}", "totals", totals, "entries", entries);
}

/* ---- all of it ---- */

static json_t *record_value(const struct audit_record *record)
{
    const struct audit_report *report = record->report;
    char date[BASE_DATE_TEXT];
    base_today(date);
    json_t *value = json_pack("{s:s, s:i, s:s, s:{s:s, s:s}, s:s, s:s, s:s}", "format", "tavs",
                              "version", SCHEMA_VERSION, "kind", "audit", "program", "name", "tavs",
                              "version", TAVS_VERSION, "date", date, "language",
                              record->language == CODEBOOK_DANISH ? "da" : "en", "verdict",
                              audit_record_passed(record) ? "passed" : "failed");
    json_t *rest = json_pack(
        "{s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "fingerprint",
        fingerprint_value(report), "digest", digest_value(report->digest), "bytes",
        (json_int_t)report->file_bytes, "account", account_value(report), "unaccounted",
        (json_int_t)report->class_bytes[AUDIT_UNACCOUNTED], "text_fields",
        (json_int_t)report->text_fields, "finding_total", (json_int_t)report->finding_total,
        "findings", findings_value(report), "public", public_value(report), "wash",
        wash_value(record), "full", full_value(record), "traces", traces_value(record->traces));
    return join(value, rest);
}

enum base_code audit_record_json(const struct audit_record *record, char **json, size_t *size,
                                 struct base_error *error)
{
    json_t *value = record_value(record);
    enum base_code code = render_json_value(value, json, size, error);
    json_decref(value);
    return code;
}
