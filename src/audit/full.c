/* The audit with the reader's key: what the cells count. */
#include <stdlib.h>
#include <string.h>

#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"
#include "tavs/table.h"
#include "tavs/tally.h"

/* What the work needs, in guarded memory: it holds counts. */
struct reading {
    struct store *store;
    const struct keys_reader *reader;
    base_progress *progress;
    void *context;
    uint64_t rows; /* there are in all */
    struct audit_full *full;
    struct tally_counts *life; /* summed over the devices */
    bool year_used[AUDIT_MOST_YEARS];
    int64_t count;        /* the cell being read */
    uint64_t magnitude;   /* the sum of all counts, those below zero taken as positive */
    uint64_t cells_used;  /* whose count is not zero */
    uint64_t cells_below; /* zero */
};

static struct audit_full_finding new_finding(enum audit_full_code code)
{
    struct audit_full_finding finding = {.code = code};
    for (unsigned i = 0; i < CODEBOOK_DIMENSIONS; i++)
        finding.value[i] = TABLE_NO_VALUE;
    return finding;
}

static void note(struct audit_full *full, const struct audit_full_finding *finding)
{
    full->finding_total++;
    if (full->finding_count < AUDIT_MOST_FINDINGS)
        full->findings[full->finding_count++] = *finding;
}

/* ---- rows ---- */

static void note_cell(struct audit_full *full, base_month month, uint16_t device, unsigned cell)
{
    const struct codebook_contact contact = codebook_contact_of(cell);
    struct audit_full_finding finding = new_finding(AUDIT_FULL_CELL);
    finding.month = month;
    finding.device = device;
    for (unsigned i = 0; i < CODEBOOK_DIMENSIONS; i++)
        finding.value[i] = contact.value[i];
    note(full, &finding);
}

static void read_cell(struct reading *reading, const struct record_row *row, unsigned cell)
{
    reading->full->cells++;
    if (!elgamal_decrypt(&row->cells[cell], keys_reader_scalar(reading->reader), &reading->count)) {
        note_cell(reading->full, row->month, row->device, cell);
        return;
    }
    reading->full->cells_good++;
    reading->life->cells[row->month - reading->life->period.first][cell] += reading->count;
    reading->magnitude += (uint64_t)llabs(reading->count);
    reading->cells_used += reading->count != 0;
    reading->cells_below += reading->count < 0;
}

static enum base_code read_row(void *context, base_month month, uint16_t number,
                               struct base_error *error)
{
    struct reading *reading = context;
    struct record_device device;
    struct record_row row;
    bool found;
    enum base_code code = store_get_device(reading->store, number, &device, error);
    if (code == BASE_OK)
        code = store_get_row(reading->store, month, &device, &row, &found, error);
    if (code != BASE_OK)
        return code;
    for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
        read_cell(reading, &row, cell);
    reading->year_used[base_month_year(month) - BASE_FIRST_YEAR] = true;
    reading->full->rows++;
    if (reading->progress != NULL)
        reading->progress(reading->context, reading->full->rows, reading->rows);
    return BASE_OK;
}

static enum base_code count_row(void *context, base_month month, uint16_t device,
                                struct base_error *error)
{
    uint64_t *rows = context;
    (void)month;
    (void)device;
    (void)error;
    ++*rows;
    return BASE_OK;
}

/* ---- what follows from all of them ---- */

static void add_up(struct reading *reading)
{
    struct audit_full *full = reading->full;
    for (int year = BASE_FIRST_YEAR; year <= BASE_LAST_YEAR; year++) {
        if (!reading->year_used[year - BASE_FIRST_YEAR])
            continue;
        struct table_selection selection = table_select_all(reading->life);
        selection.months =
            (struct base_period){(base_month)(year * 12), (base_month)(year * 12 + 11)};
        struct audit_full_year *total = &full->years[full->year_count++];
        total->year = (uint16_t)year;
        total->conversations = table_sum(reading->life, selection);
        selection.sessions = TABLE_FIRST_SESSION;
        total->courses = table_sum(reading->life, selection);
        full->conversations += total->conversations;
        full->courses += total->courses;
    }
    full->bits = audit_full_bits(reading->magnitude, full->cells);
    if (reading->cells_below > 0)
        full->bits += reading->cells_used; /* a bit for each sign */
}

/* The rules are those of the reports. */
static enum base_code check_rules(struct reading *reading, struct base_error *error)
{
    const struct table_heading heading = {.internal = true};
    struct table_document *document;
    enum base_code code = table_rules_new(&heading, reading->life, &document, error);
    if (code != BASE_OK)
        return code;
    for (size_t i = 0; i < document->note_count; i++) {
        const struct table_note *broken = &document->notes[i];
        struct audit_full_finding finding =
            new_finding(strcmp(broken->code, "cell-below-zero") == 0 ? AUDIT_FULL_BELOW_ZERO
                                                                     : AUDIT_FULL_SESSIONS);
        finding.month = broken->month;
        memcpy(finding.value, broken->value, sizeof finding.value);
        note(reading->full, &finding);
    }
    table_document_free(document);
    return BASE_OK;
}

/* Both public keys follow from the seed, and the scalar that opens cells gives the one they were
 * made with. */
static bool is_own_key(const struct keys_reader *reader, const struct record_header *header)
{
    struct keys_public public_keys;
    uint8_t encryption[ELGAMAL_POINT_BYTES];
    keys_reader_public(reader, &public_keys);
    return memcmp(&public_keys, &header->public_keys, sizeof public_keys) == 0 &&
           elgamal_public_key(encryption, keys_reader_scalar(reader)) &&
           memcmp(encryption, header->public_keys.encryption, sizeof encryption) == 0;
}

/* One block of guarded memory: the structure, then the cells. */
static enum base_code new_counts(struct base_period period, struct tally_counts **out,
                                 struct base_error *error)
{
    void *memory;
    enum base_code code = secret_new(
        sizeof(struct tally_counts) + base_period_months(period) * CODEBOOK_CELLS * sizeof(int64_t),
        &memory, error);
    if (code != BASE_OK)
        return code;
    *out = memory;
    (*out)->period = period;
    (*out)->cells = (int64_t(*)[CODEBOOK_CELLS])(void *)(*out + 1);
    return BASE_OK;
}

static enum base_code read_ledger(struct reading *reading, struct base_error *error)
{
    struct audit_full_finding finding = new_finding(AUDIT_FULL_RELEASE);
    enum base_code code = tally_ledger_check(reading->store, reading->reader, &finding.release,
                                             &reading->full->releases, error);
    if (code == BASE_OK && finding.release != 0)
        note(reading->full, &finding);
    return code;
}

static enum base_code read_all(struct reading *reading, struct base_error *error)
{
    struct base_period extent;
    bool any = false;
    enum base_code code = store_each_row(reading->store, count_row, &reading->rows, error);
    if (code == BASE_OK)
        code = tally_extent(reading->store, &extent, &any, error);
    if (code != BASE_OK || !any)
        return code;
    code = new_counts(extent, &reading->life, error);
    if (code == BASE_OK)
        code = store_each_row(reading->store, read_row, reading, error);
    if (code == BASE_OK)
        code = check_rules(reading, error);
    if (code == BASE_OK)
        add_up(reading);
    tally_counts_free(reading->life);
    return code;
}

enum base_code audit_full(struct store *store, const struct keys_reader *reader,
                          base_progress *progress, void *context, struct audit_full **out,
                          struct base_error *error)
{
    void *full = NULL;
    void *memory = NULL;
    enum base_code code = secret_new(sizeof **out, &full, error);
    if (code == BASE_OK)
        code = secret_new(sizeof(struct reading), &memory, error);
    if (code != BASE_OK)
        goto done;
    struct reading *reading = memory;
    reading->store = store;
    reading->reader = reader;
    reading->progress = progress;
    reading->context = context;
    reading->full = full;
    if (is_own_key(reader, store_header(store))) {
        code = read_all(reading, error);
        if (code == BASE_OK)
            code = read_ledger(reading, error);
    } else {
        const struct audit_full_finding finding = new_finding(AUDIT_FULL_KEY);
        note(full, &finding);
    }
    if (code == BASE_OK) {
        reading->full->passed = reading->full->finding_total == 0;
        *out = full;
        full = NULL;
    }
done:
    secret_free(memory);
    secret_free(full);
    return code;
}

void audit_full_free(struct audit_full *full)
{
    secret_free(full);
}

/* At most n over k cells: as many ways as n + k choose k, which is the product of (larger + i) / i for
 * i from 1 to the smaller of the two. Kept below 2 by counting the halvings. */
uint64_t audit_full_bits(uint64_t conversations, uint64_t cells)
{
    static const double rounding = 1e-9;
    const uint64_t smaller = conversations < cells ? conversations : cells;
    const uint64_t larger = conversations < cells ? cells : conversations;
    uint64_t halvings = 0;
    double rest = 1;
    for (uint64_t i = 1; i <= smaller; i++) {
        rest *= (double)(larger + i) / (double)i;
        for (; rest >= 2; halvings++)
            rest /= 2;
    }
    return halvings + (rest > 1 + rounding ? 1 : 0);
}
