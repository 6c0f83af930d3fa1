/* Comma-separated values (RFC 4180) and their relatives with semicolons, tabs or bars. */
#include <string.h>

#include "load.h"
#include "row.h"
#include "words.h"

enum { SNIFFED_RECORDS = 200, HEADING_RECORDS = 30, MOST_COUNTED = 64 };

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

/* What parting the first records by a delimiter comes to. */
struct parting {
    size_t records;
    size_t first;    /* the first record that it parts, from 0 */
    size_t even;     /* the most records with the same number of fields, two or more */
    size_t fitting;  /* records with two fields or more, but not more than `first` has */
    size_t headings; /* known ones in one record, at most */
};

static struct parting part_by(struct csv csv)
{
    struct parting parting = {.first = SNIFFED_RECORDS};
    size_t seen[MOST_COUNTED] = {0}, width = 0;
    for (; parting.records < SNIFFED_RECORDS && csv.at < csv.size; parting.records++) {
        size_t fields = 0, known = 0, start, end;
        bool more;
        do {
            more = next_field(&csv, &start, &end);
            const struct scan_text field = {csv.bytes + start, end - start};
            known +=
                parting.records < HEADING_RECORDS && words_heading(field, NULL) != HEADING_UNKNOWN;
            fields++;
        } while (more);
        if (fields < 2)
            continue;
        if (parting.first == SNIFFED_RECORDS) {
            parting.first = parting.records;
            width = fields;
        }
        parting.fitting += fields <= width;
        parting.headings = known > parting.headings ? known : parting.headings;
        seen[fields < MOST_COUNTED ? fields : MOST_COUNTED - 1]++;
    }
    for (size_t fields = 2; fields < MOST_COUNTED; fields++)
        parting.even = seen[fields] > parting.even ? seen[fields] : parting.even;
    return parting;
}

/* More known headings; then, of those that part nearly as many records as any, the one that parts an earlier one:
 * what occurs in cells only does not part the headings. */
static bool is_better(const struct parting *one, const struct parting *other, size_t most)
{
    const bool one_fits = one->fitting * 2 >= most, other_fits = other->fitting * 2 >= most;
    if (one->headings != other->headings)
        return one->headings > other->headings;
    if (one_fits != other_fits)
        return one_fits;
    if (one->first != other->first)
        return one->first < other->first;
    return one->even > other->even;
}

static char sniff(const char *bytes, size_t size)
{
    static const char delimiters[] = {';', '\t', ',', '|'};
    struct parting partings[sizeof delimiters];
    size_t most = 0, best = 0;
    for (size_t i = 0; i < sizeof delimiters; i++) {
        partings[i] = part_by((struct csv){bytes, size, 0, delimiters[i], size});
        most = partings[i].fitting > most ? partings[i].fitting : most;
    }
    for (size_t i = 1; i < sizeof delimiters; i++) {
        if (is_better(&partings[i], &partings[best], most))
            best = i;
    }
    return partings[best].even > 0 ? delimiters[best] : '\0';
}

bool csv_is_likely(const char *bytes, size_t size)
{
    const char delimiter = sniff(bytes, size);
    if (delimiter == '\0' || delimiter == '|')
        return false;
    const struct parting parting = part_by((struct csv){bytes, size, 0, delimiter, size});
    return parting.records >= 2 && parting.even * 5 >= parting.records * 4;
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
        load_pass(bytes + csv.at);
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
