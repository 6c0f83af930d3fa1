/* release: what is refused, what a release of one and of two places is, its corrected editions, and its document,
 * which is the same whenever it is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "plain_counts.h"
#include "support.h"
#include "tavs/release.h"
#include "tavs/render.h"
#include "tavs/secret.h"

enum { PLACES = 2, MOST_RELEASES = 8, JANUARY = 2017 * 12 };

static const struct base_period year = {JANUARY, JANUARY + 11}, quarter = {JANUARY, JANUARY + 2},
                                month = {JANUARY, JANUARY};

static struct base_error error;
static struct keys_reader *reader;
static struct tally_counts *counts[PLACES];
static struct tally_entry entries[PLACES][MOST_RELEASES];
static struct tally_ledger ledgers[PLACES];
static struct release_place places[PLACES];

static int enter(void **state)
{
    static const char *const names[] = {"north", "south"};
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        counts[i] = i == 0 ? plain_counts_2017() : plain_counts_like_2017("2017", 5, true);
        ledgers[i] = (struct tally_ledger){0, 0, entries[i]};
        places[i] =
            (struct release_place){.name = names[i],
                                   .fingerprint = "1a2b 3c4d",
                                   .key = reader,
                                   .life = counts[i],
                                   .channels = 1U << IN_PERSON | 1U << PHONE,
                                   .parties = CODEBOOK_ALL_PARTIES,
                                   .now = {1U << IN_PERSON | 1U << PHONE, CODEBOOK_ALL_PARTIES},
                                   .threshold = PROTECT_THRESHOLD,
                                   .closed_through = year.last,
                                   .ledger = &ledgers[i]};
        memset(places[i].store_id, (int)i + 1, sizeof places[i].store_id);
    }
    return 0;
}

static int leave(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLACES; i++) {
        for (size_t j = 0; j < ledgers[i].count; j++)
            secret_free(entries[i][j].release);
        plain_counts_free(counts[i]);
    }
    return 0;
}

static enum base_code try_release(const struct base_period *period, size_t count, bool draft,
                                  struct release **out)
{
    const struct release_order order = {.periods = period, .period_count = 1, .draft = draft};
    return release_new(&order, places, count, out, &error);
}

static struct release *release_now(const struct base_period *period, size_t count)
{
    struct release *release = NULL;
    assert_int_equal(try_release(period, count, false, &release), BASE_OK);
    return release;
}

static void assert_refused(enum base_code code, const char *subject)
{
    struct release *release = NULL;
    assert_int_equal(try_release(&year, 1, false, &release), code);
    assert_null(release);
    assert_non_null(strstr(error.subject, subject));
}

static void add_to_ledger(size_t place, struct record_release *own)
{
    own->number = (uint16_t)(ledgers[place].count + 1);
    entries[place][ledgers[place].count++] = (struct tally_entry){own->number, own};
}

/* Each place's ledger has the release from now on. */
static void remember(const struct release *release)
{
    for (size_t i = 0; i < release->record->place_count; i++) {
        struct record_release *own;
        assert_int_equal(tally_release_of_place(release->record, i, &own, &error), BASE_OK);
        add_to_ledger(i, own);
    }
}

static void publish(const struct base_period *period, size_t count)
{
    struct release *release = release_now(period, count);
    remember(release);
    release_free(release);
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void test_counts_that_cannot_be(void **state)
{
    (void)state;
    int64_t *cell = plain_counts_cell(counts[0], 2, PHONE, USER, 1);
    const int64_t before = *cell;
    *cell = -1;
    assert_refused(BASE_COUNT_BELOW_ZERO, "tavs log --month 2017-03 phone user 2");
    *cell = before + 100;
    assert_refused(BASE_SESSION_EXCEEDS, "user");
    *cell = before;
}

static void test_months_that_are_open(void **state)
{
    (void)state;
    struct release *release = NULL;
    places[0].closed_through = JANUARY + 9;
    assert_refused(BASE_PERIOD_NOT_CLOSED, "tavs close 2017-12");
    assert_non_null(strstr(error.subject, "tavs publish 2017-01..2017-10"));
    places[0].closed_through = 0;
    assert_refused(BASE_PERIOD_NOT_CLOSED, "tavs close 2017-12");
    assert_null(strstr(error.subject, "tavs publish"));
    assert_int_equal(try_release(&year, 1, true, &release), BASE_OK);
    assert_int_equal(release->record->number, 0);
    release_free(release);
}

static void test_what_was_published_with_another_place(void **state)
{
    (void)state;
    publish(&quarter, PLACES);
    assert_refused(BASE_PLACE_MISSING, "2017");
}

static void test_before_the_store_began(void **state)
{
    (void)state;
    static const struct base_period before = {2016 * 12, 2016 * 12 + 11};
    struct release *release = NULL;
    assert_int_equal(try_release(&before, 1, false, &release), BASE_NOTHING_TO_SHOW);
    places[0].life = NULL;
    assert_int_equal(try_release(&year, 1, false, &release), BASE_NOTHING_TO_SHOW);
}

/* ---- releases ------------------------------------------------------------------------------- */

static void test_a_release(void **state)
{
    (void)state;
    struct release *release = release_now(&year, 1);
    const struct record_release *record = release->record;
    assert_true(release->shown > 0 && release->hidden > 0);
    assert_int_equal(record->figure_count, release->shown + release->hidden);
    assert_int_equal(record->number, 1);
    assert_int_equal(record->edition, 1);
    assert_int_equal(record->figures[0].value, 73);
    for (size_t i = 0; i < record->figure_count; i++)
        assert_true(record->figures[i].shown ? record->figures[i].value >= PROTECT_THRESHOLD
                                             : record->figures[i].value == 0);
    assert_true(release_agrees(record, places, 1));
    ++*plain_counts_cell(counts[0], 0, PHONE, USER, 0);
    assert_false(release_agrees(record, places, 1));
    release_free(release);
}

/* What was shown once is shown again, whatever is asked for next. */
static void test_one_after_the_other(void **state)
{
    (void)state;
    publish(&month, 1);
    publish(&quarter, 1);
    struct release *release = release_now(&year, 1);
    assert_int_equal(release->record->number, 3);
    for (size_t i = 0; i < release->record->figure_count; i++)
        for (size_t j = 0; j < ledgers[0].count; j++)
            for (size_t k = 0; k < entries[0][j].release->figure_count; k++)
                if (entries[0][j].release->figures[k].shown &&
                    cell_set_equals(&entries[0][j].release->figures[k].cells,
                                    &release->record->figures[i].cells))
                    assert_true(release->record->figures[i].shown);
    release_free(release);
}

/* ---- corrections ---------------------------------------------------------------------------- */

static void test_nothing_to_correct(void **state)
{
    (void)state;
    struct release_correction *correction = NULL;
    publish(&year, 1);
    assert_int_equal(release_correct(places, 1, NULL, NULL, &correction, &error),
                     BASE_NOTHING_TO_CORRECT);
}

static void test_a_correction(void **state)
{
    (void)state;
    struct release_correction *correction = NULL;
    publish(&quarter, 1);
    publish(&year, 1);
    *plain_counts_cell(counts[0], 0, PHONE, USER, 0) += 2;
    assert_refused(BASE_CORRECT_FIRST, "1, 2");
    assert_int_equal(release_correct(places, 1, NULL, NULL, &correction, &error), BASE_OK);
    assert_int_equal(correction->edition_count, 2);
    assert_true(correction->change_count > 0);
    for (size_t i = 0; i < correction->change_count; i++)
        assert_true(!correction->changes[i].shown ||
                    correction->changes[i].after == correction->changes[i].before + 2);
    for (size_t i = 0; i < correction->edition_count; i++) {
        struct release_edition *edition = &correction->editions[i];
        assert_int_equal(edition->after->edition, 2);
        assert_int_equal(edition->after->corrects, edition->before->number);
        assert_int_equal(edition->after->number, 3 + i);
        assert_false(edition->twin);
        for (size_t j = 0; j < edition->after->figure_count; j++)
            assert_true(edition->before->figures[j].shown || !edition->after->figures[j].shown);
        assert_true(release_agrees(edition->after, places, 1));
        add_to_ledger(0, edition->after);
        edition->after = NULL;
    }
    release_correction_free(correction);
    assert_true(release_is_corrected(&ledgers[0], entries[0][0].release));
    assert_false(release_is_corrected(&ledgers[0], entries[0][2].release));
    assert_int_equal(release_correct(places, 1, NULL, NULL, &correction, &error),
                     BASE_NOTHING_TO_CORRECT);
}

static void test_a_correction_of_two_places(void **state)
{
    (void)state;
    struct release_correction *correction = NULL;
    publish(&quarter, PLACES);
    ++*plain_counts_cell(counts[1], 0, PHONE, USER, 0);
    assert_int_equal(release_correct(&places[1], 1, NULL, NULL, &correction, &error),
                     BASE_PLACE_MISSING);
    places[1].closed_through = JANUARY;
    assert_int_equal(release_correct(places, PLACES, NULL, NULL, &correction, &error),
                     BASE_PERIOD_NOT_CLOSED);
    places[1].closed_through = year.last;
    assert_int_equal(release_correct(places, PLACES, NULL, NULL, &correction, &error), BASE_OK);
    assert_int_equal(correction->edition_count, PLACES);
    assert_true(correction->editions[0].twin != correction->editions[1].twin);
    release_correction_free(correction);
}

/* ---- documents ------------------------------------------------------------------------------ */

static struct render_output print_release(const struct record_release *record, size_t count,
                                          bool draft, enum table_kind kind,
                                          enum render_format format)
{
    const struct release_print print = {CODEBOOK_ENGLISH, draft, places, count};
    struct table_document *document = NULL;
    struct render_output output = {0};
    assert_int_equal(release_document(record, &print, kind, &document, &error), BASE_OK);
    assert_int_equal(render_document(document, format, &output, &error), BASE_OK);
    table_document_free(document);
    return output;
}

static void test_the_same_document(void **state)
{
    (void)state;
    struct release *release = release_now(&year, 1);
    struct render_output first =
        print_release(release->record, 1, false, TABLE_REPORT, RENDER_JSON);
    ++*plain_counts_cell(counts[0], 0, PHONE, USER, 0);
    places[0].threshold = 7;
    places[0].closed_through = 0;
    struct render_output again =
        print_release(release->record, 1, false, TABLE_REPORT, RENDER_JSON);
    assert_string_equal(first.bytes, again.bytes);
    assert_null(strstr(first.bytes, "preview"));
    render_free(&first);
    render_free(&again);
    release_free(release);
}

static void test_the_table_of_channels(void **state)
{
    (void)state;
    struct release *release = release_now(&year, 1);
    struct render_output text = print_release(release->record, 1, false, TABLE_REPORT, RENDER_TEXT);
    assert_non_null(strstr(text.bytes, "In person         40\n"));
    assert_non_null(strstr(text.bytes, "By telephone      33\n"));
    assert_non_null(strstr(text.bytes, "Courses in all    73\n"));
    assert_null(strstr(text.bytes, "Draft"));
    render_free(&text);
    text = print_release(release->record, 1, true, TABLE_EXPORT, RENDER_CSV);
    assert_non_null(strstr(text.bytes, "\r\n2017,all,all,1,73,draft\r\n"));
    render_free(&text);
    release->record->edition = 2;
    release->record->corrects = 4;
    text = print_release(release->record, 1, false, TABLE_EXPORT, RENDER_CSV);
    assert_non_null(strstr(text.bytes, "\r\n2017,all,all,1,73,corrected\r\n"));
    render_free(&text);
    text = print_release(release->record, 1, false, TABLE_REPORT, RENDER_TEXT);
    assert_non_null(strstr(text.bytes, "corrected edition 2 of release 4"));
    render_free(&text);
    release_free(release);
}

/* One place offers a channel that the other does not: its figure is that of both. */
static void test_a_channel_of_one_place(void **state)
{
    (void)state;
    places[1].channels |= 1U << WEB;
    for (size_t i = 0; i < 12; i += 2)
        *plain_counts_cell(counts[1], i, WEB, USER, 0) = 7;
    struct release *release = release_now(&year, PLACES);
    struct render_output text =
        print_release(release->record, PLACES, false, TABLE_REPORT, RENDER_TEXT);
    assert_non_null(strstr(text.bytes, "Through the web page      .     42      42\n"));
    render_free(&text);
    release_free(release);
}

static void test_a_place_that_is_not_named(void **state)
{
    (void)state;
    struct release *release = release_now(&quarter, PLACES);
    const struct release_print print = {CODEBOOK_ENGLISH, false, places, 1};
    struct table_document *document = NULL;
    assert_int_equal(release_document(release->record, &print, TABLE_REPORT, &document, &error),
                     BASE_PLACE_MISSING);
    release_free(release);
}

static void test_why_it_is_hidden(void **state)
{
    (void)state;
    char *text = NULL;
    struct release *release = release_now(&year, 1);
    assert_int_equal(release_explain(release, places, 1, CODEBOOK_ENGLISH, &text, &error), BASE_OK);
    assert_non_null(strstr(text, ": hidden under the threshold\n"));
    assert_non_null(strstr(text, "Shown: "));
    secret_free(text);
    release_free(release);
}

static int set_up(void **state)
{
    (void)state;
    support_draw_same_keys();
    return secret_harden(&error) == BASE_OK && keys_reader_new(&reader, &error) == BASE_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    keys_reader_free(reader);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_counts_that_cannot_be),
        TEST(test_months_that_are_open),
        TEST(test_what_was_published_with_another_place),
        TEST(test_before_the_store_began),
        TEST(test_a_release),
        TEST(test_one_after_the_other),
        TEST(test_nothing_to_correct),
        TEST(test_a_correction),
        TEST(test_a_correction_of_two_places),
        TEST(test_the_same_document),
        TEST(test_the_table_of_channels),
        TEST(test_a_channel_of_one_place),
        TEST(test_a_place_that_is_not_named),
        TEST(test_why_it_is_hidden),
    };
    return cmocka_run_group_tests_name("release", tests, set_up, tear_down);
}
