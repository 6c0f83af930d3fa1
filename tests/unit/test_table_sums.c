/* table: every sum over every margin, against a plain loop over random cells; show and export. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plain_counts.h"
#include "tavs/secret.h"
#include "tavs/table.h"

enum { ROUNDS = 40, SEED = 20170101 };

static const struct table_heading heading = {CODEBOOK_ENGLISH, true, "2019-01-15"};

static unsigned below(unsigned limit)
{
    return (unsigned)rand() % limit;
}

static struct tally_counts *random_counts(void)
{
    static const char *const periods[] = {"2017", "2016-11..2017-02", "2017-Q3", "2017-05",
                                          "2015-01..2016-12"};
    struct tally_counts *counts =
        plain_counts_new(periods[below(5)], (codebook_set)(1 + below(CODEBOOK_ALL_CHANNELS)),
                         (codebook_set)(1 + below(CODEBOOK_ALL_PARTIES)));
    const unsigned filled = 1 + below(8); /* in 8 */
    for (size_t month = 0; month < base_period_months(counts->period); month++)
        for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
            if (below(8) < filled)
                counts->cells[month][cell] = (int64_t)below(1000) - 5;
    return counts;
}

/* One value of a dimension, or all of them. */
enum { ANY = -1 };
struct place {
    int month, channel, party, session; /* month counts from the period's first */
};

/* The sum that tables must show, without the room's own functions; *any says whether a cell of it
 * is not zero. */
static int64_t brute_sum(struct tally_counts *counts, struct place place, bool *any)
{
    int64_t sum = 0;
    *any = false;
    for (size_t month = 0; month < base_period_months(counts->period); month++)
        for (int channel = 0; channel < 4; channel++)
            for (int party = 0; party < 3; party++)
                for (int session = 0; session < 5; session++) {
                    if ((place.month != ANY && place.month != (int)month) ||
                        (place.channel != ANY && place.channel != channel) ||
                        (place.party != ANY && place.party != party) ||
                        (place.session != ANY && place.session != session))
                        continue;
                    const int64_t count = *plain_counts_cell(counts, month, (unsigned)channel,
                                                             (unsigned)party, (unsigned)session);
                    sum += count;
                    *any = *any || count != 0;
                }
    return sum;
}

static void test_selections(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally_counts *counts = random_counts();
        const struct table_selection some = {
            .months = {(base_month)(counts->period.first + below(4)), counts->period.last},
            .channels = (codebook_set)below(16),
            .parties = (codebook_set)below(8),
            .sessions = (codebook_set)below(32),
        };
        int64_t expected = 0;
        bool any = false;
        for (size_t month = 0; month < base_period_months(counts->period); month++)
            for (unsigned channel = 0; channel < 4; channel++)
                for (unsigned party = 0; party < 3; party++)
                    for (unsigned session = 0; session < 5; session++) {
                        if (counts->period.first + month < some.months.first ||
                            (some.channels & 1u << channel) == 0 ||
                            (some.parties & 1u << party) == 0 ||
                            (some.sessions & 1u << session) == 0)
                            continue;
                        const int64_t count =
                            *plain_counts_cell(counts, month, channel, party, session);
                        expected += count;
                        any = any || count != 0;
                    }
        assert_int_equal(table_sum(counts, some), expected);
        assert_int_equal(table_any_counted(counts, some), any);
        plain_counts_free(counts);
    }
}

static int value_of_code(enum table_dimension dimension, const char *code,
                         const struct tally_counts *counts)
{
    if (dimension == TABLE_MONTH) {
        base_month month;
        struct base_error error;
        assert_int_equal(base_month_parse(code, &month, &error), BASE_OK);
        return month - counts->period.first;
    }
    static const char *const codes[][5] = {
        [TABLE_CHANNEL] = {"in-person", "phone", "mail", "web"},
        [TABLE_PARTY] = {"user", "relative", "professional"},
        [TABLE_SESSION] = {"1", "2", "3", "4", "5"},
    };
    for (int value = 0; value < 5 && codes[dimension][value] != NULL; value++)
        if (strcmp(codes[dimension][value], code) == 0)
            return value;
    fail_msg("no code %s", code);
    return 0;
}

static struct place place_of_row(const struct table *table, size_t row,
                                 const enum table_dimension by[], size_t by_count,
                                 const struct tally_counts *counts)
{
    struct place place = {ANY, ANY, ANY, ANY};
    int *const field[TABLE_DIMENSIONS] = {&place.month, &place.channel, &place.party,
                                          &place.session};
    for (size_t i = 0; i < by_count; i++) {
        const char *code = table->row[row].key[i].code;
        if (table->row[row].total)
            assert_string_equal(code, "total");
        else
            *field[by[i]] = value_of_code(by[i], code, counts);
    }
    return place;
}

/* A row's figures: sessions and their total, or one figure. */
static void check_row(struct tally_counts *counts, const struct table *table, size_t row,
                      struct place place)
{
    bool any;
    const int64_t *figures = table->figures + table_index(table, row, 0);
    assert_int_equal(figures[table->columns - 1], brute_sum(counts, place, &any));
    if (table->columns == 1)
        return;
    assert_int_equal(table->columns, 6);
    for (int session = 0; session < 5; session++) {
        place.session = session;
        assert_int_equal(figures[session], brute_sum(counts, place, &any));
    }
}

/* How many rows there must be, but for the total. */
static size_t brute_rows(struct tally_counts *counts, const bool chosen[TABLE_DIMENSIONS])
{
    const int months = chosen[TABLE_MONTH] ? (int)base_period_months(counts->period) : 1;
    const int channels = chosen[TABLE_CHANNEL] ? 4 : 1;
    const int parties = chosen[TABLE_PARTY] ? 3 : 1;
    const int sessions = chosen[TABLE_SESSION] ? 5 : 1;
    size_t rows = 0;
    for (int month = 0; month < months; month++)
        for (int channel = 0; channel < channels; channel++)
            for (int party = 0; party < parties; party++)
                for (int session = 0; session < sessions; session++) {
                    const struct place place = {
                        chosen[TABLE_MONTH] ? month : ANY, chosen[TABLE_CHANNEL] ? channel : ANY,
                        chosen[TABLE_PARTY] ? party : ANY, chosen[TABLE_SESSION] ? session : ANY};
                    const bool offered =
                        (channels == 1 || (counts->channels >> channel & 1) != 0) &&
                        (parties == 1 || (counts->parties >> party & 1) != 0);
                    bool any;
                    (void)brute_sum(counts, place, &any);
                    rows += offered || any ? 1 : 0;
                }
    return rows;
}

static void check_show(struct tally_counts *counts, const enum table_dimension by[],
                       size_t by_count)
{
    struct table_document *document;
    struct base_error error;
    const struct table_source place = {.counts = counts};
    assert_int_equal(table_show_new(&heading, &place, by, by_count, &document, &error), BASE_OK);
    const struct table *table = document->tables[0];
    bool chosen[TABLE_DIMENSIONS] = {false};
    for (size_t i = 0; i < by_count; i++)
        chosen[by[i]] = true;
    assert_int_equal(table->keys, by_count);
    assert_int_equal(table->columns, chosen[TABLE_SESSION] ? 1 : 6);
    assert_int_equal(table->rows, brute_rows(counts, chosen) + 1);
    int64_t sum = 0;
    for (size_t row = 0; row < table->rows; row++) {
        check_row(counts, table, row, place_of_row(table, row, by, by_count, counts));
        assert_int_equal(table->row[row].total, row + 1 == table->rows);
        if (!table->row[row].total)
            sum += table->figures[table_index(table, row, table->columns - 1)];
    }
    assert_int_equal(sum, table->figures[table_index(table, table->rows - 1, table->columns - 1)]);
    table_document_free(document);
}

/* All 64 orders of one to four dimensions. */
static void test_show(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        struct tally_counts *counts = random_counts();
        size_t shown = 0;
        for (unsigned number = 0; number < 4 * 256; number++) {
            enum table_dimension by[TABLE_DIMENSIONS];
            const size_t by_count = number / 256 + 1;
            unsigned seen = 0;
            bool proper = true;
            for (size_t i = 0; i < TABLE_DIMENSIONS; i++) {
                by[i] = (enum table_dimension)(number >> (2 * i) & 3);
                if (i < by_count)
                    proper = proper && (seen & 1u << by[i]) == 0;
                else
                    proper = proper && by[i] == 0; /* each order once */
                seen |= i < by_count ? 1u << by[i] : 0;
            }
            if (!proper)
                continue;
            check_show(counts, by, by_count);
            shown++;
        }
        assert_int_equal(shown, 64);
        plain_counts_free(counts);
    }
}

static void test_show_order(void **state)
{
    (void)state;
    struct tally_counts *counts =
        plain_counts_new("2017-01..2017-02", 1u << IN_PERSON | 1u << WEB, CODEBOOK_ALL_PARTIES);
    const enum table_dimension by[] = {TABLE_CHANNEL, TABLE_MONTH};
    struct table_document *document;
    struct base_error error;
    const struct table_source place = {.counts = counts};
    assert_int_equal(table_show_new(&heading, &place, by, 2, &document, &error), BASE_OK);
    const struct table *table = document->tables[0];
    static const char *const codes[][2] = {{"in-person", "2017-01"},
                                           {"in-person", "2017-02"},
                                           {"web", "2017-01"},
                                           {"web", "2017-02"},
                                           {"total", "total"}};
    assert_int_equal(table->rows, 5);
    for (size_t row = 0; row < 5; row++)
        for (size_t key = 0; key < 2; key++)
            assert_string_equal(table->row[row].key[key].code, codes[row][key]);
    table_document_free(document);
    plain_counts_free(counts);
}

static void test_report(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tally_counts *counts =
            plain_counts_new("2017", (codebook_set)(1 + below(15)), CODEBOOK_ALL_PARTIES);
        for (size_t month = 0; month < 12; month++)
            for (unsigned cell = 0; cell < CODEBOOK_CELLS; cell++)
                counts->cells[month][cell] = below(3) == 0 ? below(30) : 0;
        const struct table_source place = {.counts = counts};
        static const int year[] = {2017};
        struct table_document *document;
        struct base_error error;
        assert_int_equal(table_report_new(&heading, &place, 1, year, 1, &document, &error),
                         BASE_OK);
        bool any;
        const int64_t courses = brute_sum(counts, (struct place){ANY, ANY, ANY, 0}, &any);
        const int64_t all = brute_sum(counts, (struct place){ANY, ANY, ANY, ANY}, &any);
        const int64_t totals[] = {courses, all, courses, all, courses};
        for (size_t i = 0; i < document->table_count; i++) {
            const struct table *table = document->tables[i];
            int64_t sum = 0;
            for (size_t row = 0; row < table->rows; row++) {
                const int64_t figure = table->figures[table_index(table, row, 0)];
                if (table->row[row].total)
                    assert_int_equal(figure, totals[i]);
                else
                    sum += figure;
            }
            assert_int_equal(sum, totals[i]);
        }
        table_document_free(document);
        plain_counts_free(counts);
    }
}

static void test_export(void **state)
{
    (void)state;
    const enum table_dimension by[] = {TABLE_MONTH, TABLE_CHANNEL, TABLE_PARTY, TABLE_SESSION};
    static const char *const headings[] = {"period", "channel", "party", "session"};
    const bool all[TABLE_DIMENSIONS] = {true, true, true, true};
    for (int round = 0; round < ROUNDS; round++) {
        struct tally_counts *counts = random_counts();
        struct table_document *document;
        struct base_error error;
        const struct table_source place = {.counts = counts};
        assert_int_equal(table_export_new(&heading, &place, 1, &document, &error), BASE_OK);
        const struct table *table = document->tables[0];
        assert_int_equal(table->keys, 4);
        assert_int_equal(table->columns, 1);
        assert_string_equal(table->column[0].label.code, "count");
        for (size_t key = 0; key < 4; key++)
            assert_string_equal(table->key_heading[key].code, headings[key]);
        assert_int_equal(table->rows, brute_rows(counts, all));
        int64_t sum = 0;
        for (size_t row = 0; row < table->rows; row++) {
            assert_false(table->row[row].total);
            check_row(counts, table, row, place_of_row(table, row, by, 4, counts));
            sum += table->figures[row];
        }
        bool any;
        assert_int_equal(sum, brute_sum(counts, (struct place){ANY, ANY, ANY, ANY}, &any));
        table_document_free(document);
        plain_counts_free(counts);
    }
}

static int set_up(void **state)
{
    (void)state;
    srand(SEED);
    struct base_error error;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_selections), cmocka_unit_test(test_show),
        cmocka_unit_test(test_show_order), cmocka_unit_test(test_report),
        cmocka_unit_test(test_export),
    };
    return cmocka_run_group_tests_name("table: sums", tests, set_up, NULL);
}
