/* The ledger as JSON: docs/schema.md. */
#include <jansson.h>

#include "tavs/audit.h"
#include "tavs/render.h"
#include "tavs/tally.h"

#ifndef TAVS_VERSION
#define TAVS_VERSION "0"
#endif

enum { SCHEMA_VERSION = 1 };

/* In all that follows a value is NULL if there was no memory for it; jansson takes such a value for an
 * error of whatever it is put into, and so it comes out at the top. */

static json_t *append(json_t *array, json_t *value)
{
    if (array != NULL && json_array_append_new(array, value) == 0)
        return array;
    json_decref(array);
    return NULL;
}

static json_t *periods_value(const struct record_release *release)
{
    json_t *periods = json_array();
    for (size_t i = 0; i < release->period_count; i++) {
        char first[BASE_MONTH_TEXT], last[BASE_MONTH_TEXT];
        base_month_format(release->periods[i].first, first);
        base_month_format(release->periods[i].last, last);
        periods = append(periods, json_pack("{s:s, s:s}", "first", first, "last", last));
    }
    return periods;
}

static json_t *release_value(const struct record_release *release)
{
    char month[BASE_MONTH_TEXT];
    size_t shown = 0;
    for (size_t i = 0; i < release->figure_count; i++)
        shown += release->figures[i].shown;
    base_month_format(release->month, month);
    return json_pack(
        "{s:i, s:s, s:o, s:i, s:o, s:I, s:i, s:I, s:I}", "number", (int)release->number, "month",
        month, "corrects", release->corrects == 0 ? json_null() : json_integer(release->corrects),
        "edition", (int)release->edition, "periods", periods_value(release), "places",
        (json_int_t)release->place_count, "threshold", (int)release->threshold, "shown",
        (json_int_t)shown, "hidden", (json_int_t)(release->figure_count - shown));
}

static json_t *ledger_value(const struct tally_ledger *ledger,
                            const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES])
{
    char date[BASE_DATE_TEXT] = "", text[KEYS_FINGERPRINT_TEXT];
    json_t *releases = json_array();
    for (size_t i = 0; i < ledger->count; i++)
        releases = append(releases, release_value(ledger->entries[i].release));
    base_today(date);
    keys_fingerprint_text(text, fingerprint);
    return json_pack("{s:s, s:i, s:s, s:{s:s, s:s}, s:s, s:s, s:i, s:i, s:o}", "format", "tavs",
                     "version", SCHEMA_VERSION, "kind", "releases", "program", "name", "tavs",
                     "version", TAVS_VERSION, "date", date, "fingerprint", text, "records",
                     (int)ledger->records, "records_most", RECORD_MOST_RELEASES, "releases",
                     releases);
}

enum base_code audit_ledger_json(const struct tally_ledger *ledger,
                                 const uint8_t fingerprint[KEYS_FINGERPRINT_BYTES], char **json,
                                 size_t *size, struct base_error *error)
{
    json_t *value = ledger_value(ledger, fingerprint);
    const enum base_code code = render_json_value(value, json, size, error);
    json_decref(value);
    return code;
}
