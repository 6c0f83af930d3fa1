/* protect: releases of years that follow each other, attacked as a whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "protect/model.h"
#include "protect/solver.h"
#include "random_case.h"
#include "tavs/secret.h"

enum { PLACES = 2, MOST_NOTED = 8000, MOST_KINDS = 8, THRESHOLD = PROTECT_THRESHOLD };

static struct base_error error;

/* What was published, with the value that it had then. */
struct noted {
    struct protect_sum sum;
    bool shown;
    int64_t value;
    unsigned release;
};

struct office {
    struct tally_counts *whole[PLACES]; /* all that will ever be counted */
    struct tally_counts counts[PLACES]; /* what has been counted by now */
    struct protect_place place[PLACES];
    struct noted noted[MOST_NOTED];
    size_t noted_count;
    unsigned releases, refused;
    struct protect_earlier earlier[MOST_NOTED];
    double longest;
};

static struct tally_counts *make_life(const char *period, unsigned each_month)
{
    struct tally_counts *counts = plain_counts_new(period, 0x07, CODEBOOK_ALL_PARTIES);
    const size_t months = base_period_months(counts->period);
    for (size_t month = 0; month < months; month++) {
        for (unsigned i = random_below(each_month) + each_month / 2; i > 0; i--) {
            const unsigned channel = random_below(9), party = random_below(8);
            for (unsigned session = 0; session < CODEBOOK_SESSIONS; session++) {
                const size_t then = month + session < months ? month + session : months - 1;
                ++*plain_counts_cell(counts, then,
                                     channel < 5   ? IN_PERSON
                                     : channel < 8 ? PHONE
                                                   : MAIL,
                                     party < 2   ? USER
                                     : party < 7 ? RELATIVE
                                                 : PROFESSIONAL,
                                     session);
                if (random_below(2) == 0)
                    break;
            }
        }
    }
    return counts;
}

static struct office *open_office(const char *period, unsigned seed)
{
    struct office *office = calloc(1, sizeof *office);
    assert_non_null(office);
    random_seed(seed);
    for (size_t i = 0; i < PLACES; i++) {
        office->whole[i] = make_life(period, 9 + 6 * (unsigned)i);
        office->counts[i] = *office->whole[i];
        office->place[i].counts = &office->counts[i];
    }
    return office;
}

static void close_office(struct office *office)
{
    for (size_t i = 0; i < PLACES; i++)
        plain_counts_free(office->whole[i]);
    free(office);
}

static void set_now(struct office *office, base_month now)
{
    for (size_t i = 0; i < PLACES; i++)
        office->counts[i].period.last = now;
}

static struct model_ground ground_of(const struct office *office)
{
    return (struct model_ground){.places = office->place, .place_count = PLACES};
}

/* ---- the ledger -------------------------------------------------------------------------------- */

/* As the ledger does: of a release of which any shown figure has changed, all have. */
static size_t read_ledger(struct office *office)
{
    const struct model_ground ground = ground_of(office);
    bool changed[512] = {false};
    for (size_t i = 0; i < office->noted_count; i++) {
        const struct noted *noted = &office->noted[i];
        if (noted->shown && model_value(&ground, &noted->sum) != noted->value)
            changed[noted->release] = true;
    }
    for (size_t i = 0; i < office->noted_count; i++)
        office->earlier[i] = (struct protect_earlier){office->noted[i].sum, office->noted[i].shown,
                                                      changed[office->noted[i].release]};
    return office->noted_count;
}

struct wanted {
    enum protect_kind kinds[MOST_KINDS];
    size_t kind_count;
    struct base_period period;
    uint32_t places;
};

static size_t make_tables(const struct wanted *wanted, struct protect_table **tables)
{
    const struct protect_scope scope = {wanted->places, &wanted->period, 1, 0x07,
                                        CODEBOOK_ALL_PARTIES};
    for (size_t i = 0; i < wanted->kind_count; i++)
        assert_int_equal(protect_table_new(wanted->kinds[i], &scope, &tables[i], &error), BASE_OK);
    return wanted->kind_count;
}

static void free_tables(struct protect_table **tables, size_t count)
{
    for (size_t i = 0; i < count; i++)
        protect_table_free(tables[i]);
}

static void note(struct office *office, const struct protect_result *result)
{
    for (size_t i = 0; i < result->table_count; i++) {
        const struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++) {
            assert_true(office->noted_count < MOST_NOTED);
            office->noted[office->noted_count++] =
                (struct noted){table->figures[j].sum, table->figures[j].status == PROTECT_SHOWN,
                               table->figures[j].value, office->releases};
        }
    }
    office->releases++;
}

/* Returns how many figures are shown; of a release that is refused none. */
static size_t publish(struct office *office, const struct wanted *wanted,
                      const struct wanted *reserved)
{
    struct protect_table *tables[MOST_KINDS], *later[MOST_KINDS];
    const size_t count = make_tables(wanted, tables);
    const size_t later_count = reserved == NULL ? 0 : make_tables(reserved, later);
    const struct protect_request request = {
        .threshold = THRESHOLD,
        .places = office->place,
        .place_count = PLACES,
        .tables = (const struct protect_table *const *)tables,
        .table_count = count,
        .reserved = (const struct protect_table *const *)later,
        .reserved_count = later_count,
        .earlier = office->earlier,
        .earlier_count = read_ledger(office),
    };
    struct protect_result *result = NULL;
    const double before = old_solver_clock();
    const enum base_code code = protect_release(&request, &result, &error);
    const double took = old_solver_clock() - before;
    office->longest = took > office->longest ? took : office->longest;
    size_t shown = 0;
    if (code == BASE_OK) {
        note(office, result);
        shown = result->shown;
    } else {
        assert_true(code == BASE_NOT_PROTECTED || code == BASE_NOT_PROVEN);
        assert_null(result);
        office->refused++;
    }
    protect_result_free(result);
    free_tables(tables, count);
    free_tables(later, later_count);
    return shown;
}

/* ---- the attacks ------------------------------------------------------------------------------- */

static void attack(struct protect_published *published, size_t count, bool to_the_ends)
{
    static const struct protect_offered offered[PLACES] = {{0x07, CODEBOOK_ALL_PARTIES, 0},
                                                           {0x07, CODEBOOK_ALL_PARTIES, 0}};
    struct protect_attack all = {
        .threshold = THRESHOLD,
        .offered = offered,
        .place_count = PLACES,
        .published = published,
        .published_count = count,
        .to_the_ends = to_the_ends,
        .seconds = 2000,
    };
    assert_int_equal(protect_attack(&all, &error), BASE_OK);
    assert_false(all.contradictory);
    assert_int_equal(all.narrowed, 0);
}

/* Nothing small is narrowed for somebody who has all releases and knows all corrections. Returns how many small
 * figures there are. */
static size_t attack_figures(struct office *office)
{
    const struct model_ground ground = ground_of(office);
    struct protect_published *published = calloc(office->noted_count, sizeof *published);
    assert_non_null(published);
    const size_t count = office->noted_count;
    size_t small = 0;
    for (size_t i = 0; i < count; i++)
        published[i] = (struct protect_published){
            .sum = office->noted[i].sum,
            .shown = office->noted[i].shown,
            .value = model_value(&ground, &office->noted[i].sum),
        };
    attack(published, count, false);
    for (size_t i = 0; i < count; i++) {
        if (published[i].shown || published[i].value >= THRESHOLD)
            continue;
        assert_true(published[i].least <= 0 && published[i].most >= THRESHOLD - 1);
        small++;
    }
    free(published);
    return small;
}

/* By how much what was shown once has changed since, if by less than the threshold, is told by nothing that was
 * shown after it changed. */
static void attack_changes(struct office *office)
{
    const struct model_ground ground = ground_of(office);
    struct protect_published *published = calloc(office->noted_count, sizeof *published);
    assert_non_null(published);
    read_ledger(office);
    for (size_t i = 0; i < office->noted_count; i++) {
        published[i].sum = office->noted[i].sum;
        published[i].shown = office->noted[i].shown && !office->earlier[i].changed;
        published[i].value = office->noted[i].value;
    }
    attack(published, office->noted_count, true);
    size_t changed = 0;
    for (size_t i = 0; i < office->noted_count; i++) {
        const int64_t value = model_value(&ground, &office->noted[i].sum);
        const int64_t change = value - office->noted[i].value;
        if (!office->noted[i].shown || change == 0 || llabs(change) >= THRESHOLD)
            continue;
        assert_true(published[i].least <= office->noted[i].value || published[i].least <= 0);
        assert_true(published[i].most >= value + THRESHOLD - 1);
        changed++;
    }
    assert_true(changed > 0);
    free(published);
}

/* ---- years ------------------------------------------------------------------------------------- */

static struct wanted of_year(base_month first, uint32_t places)
{
    return (struct wanted){
        {PROTECT_COURSES_BY_CHANNEL, PROTECT_CONVERSATIONS_BY_CHANNEL, PROTECT_COURSES_BY_PARTY,
         PROTECT_COURSES_BY_SESSION, PROTECT_MONTHS},
        5,
        {first, (base_month)(first + 11)},
        places,
    };
}

static struct wanted of_part(base_month first, unsigned months, uint32_t places)
{
    return (struct wanted){
        {PROTECT_COURSES_BY_CHANNEL, PROTECT_COURSES_BY_PARTY, PROTECT_MONTHS},
        3,
        {first, (base_month)(first + months - 1)},
        places,
    };
}

static void conclude(const struct office *office)
{
    print_message("%u releases of %zu figures, %u refused; the longest took %.2f s\n",
                  office->releases, office->noted_count, office->refused, office->longest);
    assert_int_equal(office->refused, 0);
}

static size_t publish_and_attack(struct office *office, const struct wanted *wanted,
                                 const struct wanted *reserved)
{
    const size_t shown = publish(office, wanted, reserved);
    (void)attack_figures(office);
    return shown;
}

/* Each month, each quarter, each year; each place, and the sum of the year. The whole is attacked after
 * each of them. */
static void publish_years(struct office *office, unsigned years)
{
    const base_month begin = office->whole[0]->period.first;
    for (unsigned month = 0; month < 12 * years; month++) {
        const base_month now = (base_month)(begin + month);
        const base_month january = (base_month)(now - month % 12);
        set_now(office, now);
        const struct wanted year = of_year(january, 1), one = of_part(now, 1, 1);
        (void)publish_and_attack(office, &one, &year);
        if (month % 3 == 2) {
            const struct wanted quarter = of_part((base_month)(now - 2), 3, 1);
            (void)publish_and_attack(office, &quarter, &year);
        }
        if (month % 12 < 11)
            continue;
        const struct wanted other = of_year(january, 2), both = of_year(january, 3);
        const size_t shown = publish_and_attack(office, &year, NULL);
        print_message("year %u: %zu of the year's figures shown, ", month / 12, shown);
        print_message("%zu of the other place's, ", publish_and_attack(office, &other, NULL));
        print_message("%zu of both\n", publish_and_attack(office, &both, NULL));
        assert_true(shown >= 10);
    }
    assert_true(attack_figures(office) > 0);
}

static unsigned years_wanted(void)
{
    const char *wanted = getenv("TAVS_YEARS");
    return wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : 1;
}

static void test_years(void **state)
{
    (void)state;
    const unsigned years = years_wanted();
    struct office *office = open_office("2017-01..2021-12", 1);
    publish_years(office, years);
    conclude(office);
    close_office(office);
}

/* Months of the year are opened again: some more is counted, and some taken back; at one place a whole month
 * had been forgotten. */
static void correct(struct office *office, base_month first, unsigned times)
{
    const size_t forgotten = (size_t)(first - office->whole[0]->period.first) + random_below(12);
    for (unsigned i = 0; i < 4; i++)
        *plain_counts_cell(office->whole[0], forgotten, i % 2 == 0 ? IN_PERSON : PHONE,
                           i % 3 == 0 ? USER : RELATIVE, 0) += 8;
    for (unsigned i = 0; i < times; i++) {
        struct tally_counts *counts = office->whole[i % PLACES];
        const size_t month = (size_t)(first - counts->period.first) + random_below(12);
        int64_t *cell =
            plain_counts_cell(counts, month, random_below(2) == 0 ? IN_PERSON : PHONE, RELATIVE, 0);
        *cell += i % 3 == 2 && *cell > 1 ? -1 : 1 + (int64_t)random_below(2);
    }
}

/* The years as they end, of each place and of both; each is corrected while the next goes on, and told again. */
static void publish_corrected(struct office *office, unsigned years)
{
    const base_month begin = office->whole[0]->period.first;
    for (unsigned year = 0; year < years; year++) {
        const base_month january = (base_month)(begin + 12 * year);
        set_now(office, (base_month)(january + 11));
        for (uint32_t places = 1; places <= 3; places++) {
            const struct wanted told = of_year(january, places);
            (void)publish(office, &told, NULL);
        }
        assert_true(attack_figures(office) > 0);
        correct(office, january, 4);
        for (uint32_t places = 1; places <= 3; places++) {
            const struct wanted told = of_year(january, places);
            const size_t shown = publish(office, &told, NULL);
            print_message("year %u corrected: %zu figures shown of places %u\n", year, shown,
                          places);
        }
        assert_true(attack_figures(office) > 0);
        attack_changes(office);
    }
}

static void test_corrections(void **state)
{
    (void)state;
    struct office *office = open_office("2017-01..2021-12", 2);
    publish_corrected(office, years_wanted());
    conclude(office);
    close_office(office);
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_corrections),
    };
    return cmocka_run_group_tests_name("protect: releases", tests, set_up, NULL);
}
