/* release: what a release of the whole year hid, or one that has been corrected since, stays hidden in later releases,
 * whatever it has become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plain_counts.h"
#include "support.h"
#include "tavs/release.h"
#include "tavs/secret.h"

enum { JANUARY = 2017 * 12, MONTHS = 12, MOST_RELEASES = 4 };

static const struct base_period year = {JANUARY, JANUARY + MONTHS - 1};

static struct base_error error;
static struct keys_reader *reader;
static struct tally_counts *counts;
static struct tally_entry entries[MOST_RELEASES];
static struct tally_ledger ledger = {0, 0, entries};
static struct release_place place;

static void fill_month(size_t month)
{
    for (unsigned channel = IN_PERSON; channel <= PHONE; channel++)
        for (unsigned party = USER; party <= PROFESSIONAL; party++)
            for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++)
                *plain_counts_cell(counts, month, channel, party, session) = 50 - 10 * session;
}

/* All but these three months have enough of everything. */
static bool is_small(size_t month)
{
    return month % 4 == 3;
}

static int enter(void **state)
{
    (void)state;
    ledger.count = 0;
    counts = plain_counts_new("2017", 1U << IN_PERSON | 1U << PHONE, CODEBOOK_ALL_PARTIES);
    for (size_t month = 0; month < MONTHS; month++)
        if (is_small(month))
            *plain_counts_cell(counts, month, PHONE, USER, 0) = 2;
        else
            fill_month(month);
    place = (struct release_place){.fingerprint = "1a2b 3c4d",
                                   .life = counts,
                                   .ledger = &ledger,
                                   .threshold = PROTECT_THRESHOLD,
                                   .closed_through = year.last,
                                   .channels = counts->channels,
                                   .parties = counts->parties};
    support_draw_same_keys();
    return secret_harden(&error) == BASE_OK && keys_reader_new(&reader, &error) == BASE_OK ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    for (size_t i = 0; i < ledger.count; i++)
        secret_free(entries[i].release);
    plain_counts_free(counts);
    keys_reader_free(reader);
    return 0;
}

static struct release *release_year(void)
{
    const struct release_order order = {.periods = &year, .period_count = 1};
    struct release *release = NULL;
    place.key = reader;
    assert_int_equal(release_new(&order, &place, 1, &release, &error), BASE_OK);
    return release;
}

static void record(struct record_release *own)
{
    own->number = (uint16_t)(ledger.count + 1);
    entries[ledger.count++] = (struct tally_entry){own->number, own};
}

static void correct(void)
{
    struct release_correction *correction = NULL;
    assert_int_equal(release_correct(&place, 1, NULL, NULL, &correction, &error), BASE_OK);
    assert_int_equal(correction->edition_count, 1);
    record(correction->editions[0].after);
    correction->editions[0].after = NULL;
    release_correction_free(correction);
}

/* How many of those that the first release hid `later` shows. */
static size_t count_shown(const struct record_release *first, const struct record_release *later)
{
    size_t shown = 0;
    assert_int_equal(first->figure_count, later->figure_count);
    for (size_t i = 0; i < first->figure_count; i++) {
        assert_true(cell_set_equals(&first->figures[i].cells, &later->figures[i].cells));
        shown += !first->figures[i].shown && later->figures[i].shown;
    }
    return shown;
}

static void test_what_was_hidden(void **state)
{
    (void)state;
    struct release *first = release_year();
    struct record_release *own;
    assert_int_equal(tally_release_of_place(first->record, 0, &own, &error), BASE_OK);
    record(own);
    for (size_t month = 0; month < MONTHS; month++)
        fill_month(month);
    correct();
    struct release *later = release_year();
    assert_int_equal(count_shown(first->record, later->record), 0);
    release_free(later);
    /* It is only because of the ledger: nothing is small any more. */
    const size_t recorded = ledger.count;
    ledger.count = 0;
    later = release_year();
    ledger.count = recorded;
    assert_true(count_shown(first->record, later->record) > 0);
    release_free(later);
    release_free(first);
}

/* Of one channel the figures are those of all. When another is offered they are that channel's. */
static void test_what_was_all_that_was_offered(void **state)
{
    (void)state;
    static const struct cell_set april_to_june = {.places = {.word = {1}},
                                                  .months = {JANUARY + 3, JANUARY + 5},
                                                  .channels = 1U << PHONE,
                                                  .parties = CODEBOOK_ALL_PARTIES,
                                                  .sessions = COUNTS_COURSES};
    for (size_t month = 0; month < MONTHS; month++)
        for (unsigned party = USER; party <= PROFESSIONAL; party++)
            for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
                *plain_counts_cell(counts, month, IN_PERSON, party, session) = 0;
                if (month / 3 == 1)
                    *plain_counts_cell(counts, month, PHONE, party, session) = 0;
            }
    uint8_t ids[1][KEYS_STORE_ID_BYTES];
    memcpy(ids[0], place.store_id, sizeof ids[0]);
    const bool by_lot = tally_lot(reader, ids, 1, &april_to_june);
    place.channels = 1U << PHONE;
    struct release *first = release_year();
    struct record_release *own;
    assert_int_equal(tally_release_of_place(first->record, 0, &own, &error), BASE_OK);
    record(own);
    release_free(first);
    for (size_t month = 0; month < MONTHS; month++)
        fill_month(month);
    place.channels |= 1U << IN_PERSON;
    correct();
    for (unsigned round = 0; round < 2; round++) {
        struct release *later = release_year();
        for (size_t i = 0; i < later->record->figure_count; i++)
            if (cell_set_equals(&later->record->figures[i].cells, &april_to_june))
                assert_int_equal(later->record->figures[i].shown, round == 1 && !by_lot);
        release_free(later);
        ledger.count = round == 0 ? 0 : 2; /* and what is shown if nothing is known */
    }
}

/* A figure that could be shown: it is tried again after a release of a part of the year, never after one of all of it. */
static void test_what_the_year_hid(void **state)
{
    (void)state;
    struct release *first = release_year();
    struct record_release *own;
    assert_int_equal(tally_release_of_place(first->record, 0, &own, &error), BASE_OK);
    size_t last = own->figure_count;
    while (!own->figures[last - 1].shown)
        last--;
    own->figures[last - 1].shown = false;
    own->figures[last - 1].value = 0;
    record(own);
    for (unsigned whole = 2; whole-- > 0;) {
        own->periods[0].last = (base_month)(year.last - (whole == 1 ? 0 : 1));
        struct release *later = release_year();
        assert_int_equal(later->record->figures[last - 1].shown, whole == 0);
        release_free(later);
    }
    release_free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_hidden, enter, leave),
        cmocka_unit_test_setup_teardown(test_what_was_all_that_was_offered, enter, leave),
        cmocka_unit_test_setup_teardown(test_what_the_year_hid, enter, leave),
    };
    return cmocka_run_group_tests_name("release: hidden", tests, NULL, NULL);
}
