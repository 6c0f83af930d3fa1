#include <string.h>

#include "walk.h"

enum {
    ROW_AT_CELLS = 64, /* docs/format.md, section 6 */
    ROW_BYTES = 3904,
    CELLS = 60,
    CELL_BYTES = 64,
    DOMAIN_BYTES = 16,
    WHOLE_YEAR = 0xfff, /* a bit for each month */
};

bool audit_element_is_valid(const uint8_t element[ELGAMAL_POINT_BYTES])
{
    /* An encoding is the number below p = 2^255 - 19, so its highest bit is never set: checked here,
     * because libsodium 1.0.18 ignores that bit. */
    return (element[ELGAMAL_POINT_BYTES - 1] & 0x80) == 0 && elgamal_point_is_valid(element);
}

static void check_row(struct walk *walk, const uint8_t *row, const struct device_seen *device,
                      const struct place *place)
{
    static const uint8_t domain[DOMAIN_BYTES] = "tavs v1 row";
    uint8_t message[DOMAIN_BYTES + KEYS_STORE_ID_BYTES + 4 + CELLS * CELL_BYTES];
    uint8_t *to = message;

    memcpy(to, domain, DOMAIN_BYTES);
    to += DOMAIN_BYTES;
    memcpy(to, walk->header + HEADER_AT_STORE_ID, KEYS_STORE_ID_BYTES);
    to += KEYS_STORE_ID_BYTES;
    base_put_u16(to, place->month);
    base_put_u16(to + 2, place->device);
    memcpy(to + 4, row + ROW_AT_CELLS, CELLS * CELL_BYTES);
    if (!walk->has_header ||
        !keys_verify(device->bytes + DEVICE_AT_KEY, row, message, sizeof message))
        audit_note(walk, AUDIT_ROW_FORGED, AUDIT_ROW_SIGNATURE, place);
    for (uint32_t i = 0; i < CELLS; i++) {
        const uint8_t *cell = row + ROW_AT_CELLS + i * CELL_BYTES;
        struct place at = *place;
        at.offset += ROW_AT_CELLS + i * CELL_BYTES;
        at.bytes = CELL_BYTES;
        if (!audit_element_is_valid(cell) || !audit_element_is_valid(cell + ELGAMAL_POINT_BYTES))
            audit_note(walk, AUDIT_CELL_INVALID, AUDIT_CELL, &at);
    }
}

void audit_tally_record(struct walk *walk, const struct node *node)
{
    struct view *view = &walk->value;
    size_t at;

    if (node->key_size != RECORD_ROW_KEY_BYTES) {
        audit_foreign_record(walk, node, AUDIT_RECORD_FOREIGN);
        return;
    }
    if (node->value_size != ROW_BYTES) {
        audit_foreign_record(walk, node, AUDIT_RECORD_SIZE);
        return;
    }
    const struct place key_place = {
        .page = node->view->page, .offset = (uint32_t)node->key_at, .bytes = node->key_size};
    const base_month month = base_get_u16(node->key);
    const uint16_t number = base_get_u16(node->key + 2);
    if (month < BASE_FIRST_MONTH || month > BASE_LAST_MONTH || number == 0 ||
        number > KEYS_MOST_DEVICES || !walk->devices[number].present) {
        audit_note(walk, AUDIT_ROW_KEY, AUDIT_KEY, &key_place);
        audit_foreign_record(walk, node, AUDIT_RECORD_FOREIGN);
        return;
    }
    audit_view_mark(walk, node->view, node->key_at, node->key_size, AUDIT_KEY);
    if (!audit_tree_big_page(walk, node, 0, &at))
        return;
    audit_view_mark(walk, view, at, ROW_AT_CELLS, AUDIT_ROW_SIGNATURE);
    audit_view_mark(walk, view, at + ROW_AT_CELLS, CELLS * CELL_BYTES, AUDIT_CELL);
    audit_view_mark_rest(view, at + ROW_BYTES, AUDIT_PAGE_BYTES - at - ROW_BYTES, AUDIT_UNUSED);
    const struct place place = {.page = view->page,
                                .offset = (uint32_t)at,
                                .bytes = ROW_BYTES,
                                .month = month,
                                .device = number};
    check_row(walk, view->bytes + at, &walk->devices[number], &place);
    audit_view_account(walk, view);
    walk->report->rows++;
    walk->report->cells += CELLS;
    walk->months[base_month_year(month) - BASE_FIRST_YEAR][number] |=
        (uint16_t)(1U << (base_month_number(month) - 1));
}

static void check_year(struct walk *walk, int year)
{
    struct audit_report *report = walk->report;
    struct audit_year *in_use = &report->years[report->year_count];
    bool used = false;

    *in_use = (struct audit_year){.year = (uint16_t)year};
    for (uint16_t number = 1; number <= KEYS_MOST_DEVICES; number++) {
        const uint16_t months = walk->months[year - BASE_FIRST_YEAR][number];
        used = used || months != 0;
        if (months == WHOLE_YEAR)
            in_use->devices++;
        if (months == 0 || months == WHOLE_YEAR)
            continue;
        const struct place place = {.page = AUDIT_NO_PAGE,
                                    .month =
                                        (base_month)(year * 12 + __builtin_ctz(~(unsigned)months)),
                                    .device = number};
        audit_note(walk, AUDIT_ROWS_INCOMPLETE, AUDIT_KEY, &place);
    }
    report->year_count += used;
}

void audit_rows_check(struct walk *walk)
{
    const struct place nowhere = {.page = AUDIT_NO_PAGE};

    for (int year = BASE_FIRST_YEAR; year <= BASE_LAST_YEAR; year++)
        check_year(walk, year);
    if (walk->report->rows == 0)
        audit_note(walk, AUDIT_ROWS_MISSING, AUDIT_KEY, &nowhere);
}
