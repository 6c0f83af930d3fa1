#include "ledger.h"

#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "tavs/audit.h"
#include "tavs/secret.h"
#include "tavs/store.h"

struct place ledger_place;

int ledger_enter(void **state)
{
    int result = support_enter_memory(state);
    if (result == 0)
        place_make(&ledger_place, 2017);
    return result;
}

int ledger_leave(void **state)
{
    place_free(&ledger_place);
    return support_leave(state);
}

struct record_release *ledger_new_release(size_t figures, uint8_t threshold)
{
    struct record_release *release = NULL;
    struct base_error error;
    assert_int_equal(record_release_new(1, 1, figures, &release, &error), BASE_OK);
    release->month = LEDGER_MONTH;
    release->edition = 1;
    release->threshold = threshold;
    memcpy(release->places[0], ledger_place.header.store_id, sizeof release->places[0]);
    release->offers[0] = (struct record_offer){CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES};
    release->periods[0] = (struct base_period){LEDGER_JANUARY, LEDGER_JANUARY + 11};
    for (size_t i = 0; i < figures; i++)
        release->figures[i] = (struct record_figure){
            .cells = {.places = place_set_first(1),
                      .months = {(base_month)(LEDGER_JANUARY + i % 12),
                                 (base_month)(LEDGER_JANUARY + 11 + i / 12)},
                      .channels = CODEBOOK_ALL_CHANNELS,
                      .parties = CODEBOOK_ALL_PARTIES,
                      .sessions = COUNTS_ALL_SESSIONS},
            .shown = i % 2 == 0,
            .value = i % 2 == 0 ? (int64_t)(5 + i * 1000003) : 0,
        };
    return release;
}

struct tally_counts *ledger_counts(void)
{
    struct tally_counts *life = NULL;
    struct store *store = NULL;
    struct base_error error;
    const struct base_period period = {LEDGER_JANUARY, LEDGER_JANUARY + 11};
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_read(store, ledger_place.reader, period, &life, &error), BASE_OK);
    store_close(store);
    return life;
}

enum base_code ledger_add_all(const struct record_release *const *releases, size_t count,
                              bool commit)
{
    struct store *store = NULL;
    struct base_error error = {.code = BASE_OK};
    enum base_code code = store_open(ledger_place.path, STORE_WRITE, &store, &error);
    if (code == BASE_OK)
        code = tally_ledger_add(store, ledger_place.reader, releases, count, &error);
    if (code == BASE_OK && commit)
        code = store_commit(store, &error);
    store_close(store);
    assert_int_equal(code, error.code);
    return code;
}

enum base_code ledger_add(const struct record_release *release, size_t times, bool commit)
{
    const struct record_release **releases =
        calloc(times, sizeof *releases); /* NOLINT(bugprone-sizeof-expression): pointers */
    assert_non_null(releases);
    for (size_t i = 0; i < times; i++)
        releases[i] = release;
    const enum base_code code = ledger_add_all(releases, times, commit);
    free(releases);
    return code;
}

void ledger_add_figures(size_t figures)
{
    struct record_release *release = ledger_new_release(figures, 5);
    assert_int_equal(ledger_add(release, 1, true), BASE_OK);
    secret_free(release);
}

void ledger_set_header(uint16_t releases, const uint8_t head[KEYS_DIGEST_BYTES])
{
    struct store *store = NULL;
    struct base_error error;
    assert_int_equal(store_open(ledger_place.path, STORE_WRITE, &store, &error), BASE_OK);
    struct record_header header = *store_header(store);
    header.releases = releases;
    memcpy(header.ledger_head, head, sizeof header.ledger_head);
    assert_int_equal(store_write_header(store, &header, ledger_place.reader, &error), BASE_OK);
    assert_int_equal(store_commit(store, &error), BASE_OK);
    store_close(store);
}

struct tally_ledger *ledger_read(void)
{
    struct store *store = NULL;
    struct tally_ledger *ledger = NULL;
    struct base_error error;
    assert_int_equal(store_open(ledger_place.path, STORE_READ, &store, &error), BASE_OK);
    assert_int_equal(tally_ledger_read(store, ledger_place.reader, &ledger, &error), BASE_OK);
    store_close(store);
    return ledger;
}

void ledger_assert_audit(unsigned records)
{
    struct audit_report *report = NULL;
    struct base_error error;
    assert_int_equal(audit_file(ledger_place.path, &report, &error), BASE_OK);
    for (size_t i = 0; i < report->finding_count; i++) {
        char text[AUDIT_FINDING_TEXT];
        audit_finding_text(&report->findings[i], text, sizeof text);
        print_message("%s\n", text);
    }
    assert_true(report->passed);
    assert_int_equal(report->releases, records);
    assert_int_equal(report->class_bytes[AUDIT_UNACCOUNTED], 0);
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_PREVIOUS], records * 32);
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_NONCE], records * 24);
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_SEALED], records * (3944 + 16));
    assert_int_equal(report->class_bytes[AUDIT_RELEASE_SIGNATURE], records * 64);
    audit_report_free(report);
}
