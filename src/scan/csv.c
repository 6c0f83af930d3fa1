/* Comma-separated values (RFC 4180) and their relatives with semicolons, tabs or bars. */
#include <string.h>

#include "row.h"

enum { SNIFFED_RECORDS = 200, MOST_COUNTED = 64 };

struct csv {
    const char *bytes;
    size_t size, at;
    char delimiter;
    size_t unclosed; /* from here on no quote is closed */
};

/* Where a field that begins with a quote ends (behind its closing quote), or its beginning if the
 * quote is never closed: then it is a plain character. */
static size_t quoted_end(struct csv *csv, size_t at)
{
    if (at >= csv->unclosed)
        return at;
    const size_t start = at++;
    while (at < csv->size) {
        const char *quote = memchr(csv->bytes + at, '"', csv->size - at);
        if (quote == NULL)
            break;
        at = (size_t)(quote - csv->bytes) + 1;
        if (at >= csv->size || csv->bytes[at] != '"')
            return at;
        at++;
    }
    csv->unclosed = start;
    return start;
}

/* The next field's extent without its quotes. True if more follow in the record. */
static bool next_field(struct csv *csv, size_t *start, size_t *end)
{
    size_t at = csv->at;
    *start = at;
    if (at < csv->size && csv->bytes[at] == '"')
        at = quoted_end(csv, at);
    const size_t inner = at;
    while (at < csv->size && csv->bytes[at] != csv->delimiter && csv->bytes[at] != '\n' &&
           csv->bytes[at] != '\r')
        at++;
    *end = at;
    if (inner > *start && inner == at) {
        ++*start;
        --*end;
    }
    if (at < csv->size && csv->bytes[at] == csv->delimiter) {
        csv->at = at + 1;
        return true;
    }
    if (at + 1 < csv->size && csv->bytes[at] == '\r' && csv->bytes[at + 1] == '\n')
        at++;
    csv->at = at < csv->size ? at + 1 : at;
    return false;
}

/* How many of the first records have the same number of fields, two or more. */
static size_t evenness(struct csv csv)
{
    size_t seen[MOST_COUNTED] = {0}, best = 0;
    for (size_t record = 0; record < SNIFFED_RECORDS && csv.at < csv.size; record++) {
        size_t fields = 1, start, end;
        while (next_field(&csv, &start, &end))
            fields++;
        seen[fields < MOST_COUNTED ? fields : MOST_COUNTED - 1]++;
    }
    for (size_t fields = 2; fields < MOST_COUNTED; fields++)
        best = seen[fields] > best ? seen[fields] : best;
    return best;
}

static char sniff(const char *bytes, size_t size)
{
    static const char delimiters[] = {';', '\t', ',', '|'};
    char found = '\0';
    size_t best = 0;
    for (size_t i = 0; i < sizeof delimiters; i++) {
        const size_t even = evenness((struct csv){bytes, size, 0, delimiters[i], size});
        if (even > best) {
            best = even;
            found = delimiters[i];
        }
    }
    return found;
}

bool csv_is_likely(const char *bytes, size_t size)
{
    const char delimiter = sniff(bytes, size);
    if (delimiter == '\0' || delimiter == '|')
        return false;
    struct csv csv = {bytes, size, 0, delimiter, size};
    size_t records = 0;
    for (; records < SNIFFED_RECORDS && csv.at < csv.size; records++) {
        size_t start, end;
        while (next_field(&csv, &start, &end))
            continue;
    }
    csv.at = 0;
    return records >= 2 && evenness(csv) * 5 >= records * 4;
}

enum scan_read scan_read_csv(const char *bytes, size_t size, scan_take *take, void *context)
{
    struct csv csv = {bytes, size, 0, sniff(bytes, size), size};
    struct row row = {0};
    uint32_t record = 0;
    enum scan_read read = SCAN_READ_OK;
    const bool one_column = csv.delimiter == '\0';
    while (read == SCAN_READ_OK && csv.at < csv.size) {
        size_t start, end;
        bool more;
        uint32_t column = 0;
        row_begin(&row, 1, ++record);
        do {
            more = next_field(&csv, &start, &end);
            if (!row_add(&row, ++column, 0, bytes + start, end - start)) {
                read = SCAN_READ_NO_MEMORY;
                break;
            }
        } while (more);
        if (read == SCAN_READ_OK)
            read = row_send(&row, !one_column, take, context);
    }
    row_free(&row);
    return read;
}
