/* protect: conversations go on from month to month, and nobody has a second one before a first: what is
 * published of a month must not tell what was hidden of the months before it, or after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "protect/model.h"
#include "protect/parts.h"
#include "protected.h"
#include "random_case.h"
#include "tavs/secret.h"

enum { PLACES = 2, MOST_NOTED = 1000, MOST_TABLES = 4, THRESHOLD = PROTECT_THRESHOLD };

static struct base_error error;

/* Places from their first month on, and what was published of them. */
struct office {
    struct tally_counts *whole[PLACES]; /* all that will be counted */
    struct tally_counts counts[PLACES]; /* what has been by now */
    struct protect_place place[PLACES];
    struct protect_earlier earlier[MOST_NOTED];
    size_t earlier_count;
    unsigned released, refused, shown;
};

static struct office *open_office(const char *period)
{
    struct office *office = calloc(1, sizeof *office);
    assert_non_null(office);
    for (size_t i = 0; i < PLACES; i++) {
        office->whole[i] =
            plain_counts_new(period, 1u << IN_PERSON | 1u << PHONE, CODEBOOK_ALL_PARTIES);
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

static void count(struct office *office, size_t place, size_t month, unsigned party,
                  unsigned session, int64_t n)
{
    *plain_counts_cell(office->whole[place], month, IN_PERSON, party, session - 1) += n;
}

static void note(struct office *office, const struct protect_result *result)
{
    for (size_t i = 0; i < result->table_count; i++) {
        const struct protect_result_table *table = &result->tables[i];
        for (size_t j = 0; j < table->row.count * table->column.count; j++) {
            assert_true(office->earlier_count < MOST_NOTED);
            office->earlier[office->earlier_count++] = (struct protect_earlier){
                table->figures[j].sum, table->figures[j].status == PROTECT_SHOWN, false};
        }
    }
    office->shown += (unsigned)result->shown;
}

/* Publishes these tables of places and of the months from `first` to `last`, at the end of month `now`. */
static enum base_code publish(struct office *office, uint32_t places, size_t first, size_t last,
                              size_t now, const enum protect_kind *kinds, size_t kind_count)
{
    const base_month begin = office->whole[0]->period.first;
    const struct base_period period = {(base_month)(begin + first), (base_month)(begin + last)};
    const struct protect_scope scope = {places, &period, 1, office->whole[0]->channels,
                                        CODEBOOK_ALL_PARTIES};
    struct protect_table *tables[MOST_TABLES];
    struct protect_result *result = NULL;
    for (size_t i = 0; i < PLACES; i++)
        office->counts[i].period.last = (base_month)(begin + now);
    for (size_t i = 0; i < kind_count; i++)
        assert_int_equal(protect_table_new(kinds[i], &scope, &tables[i], &error), BASE_OK);
    const struct protect_request request = {
        .threshold = THRESHOLD,
        .places = office->place,
        .place_count = PLACES,
        .tables = (const struct protect_table *const *)tables,
        .table_count = kind_count,
        .earlier = office->earlier,
        .earlier_count = office->earlier_count,
    };
    const enum base_code code = protect_release(&request, &result, &error);
    if (code == BASE_OK)
        note(office, result);
    else
        assert_true(code == BASE_NOT_PROTECTED || code == BASE_NOT_PROVEN);
    *(code == BASE_OK ? &office->released : &office->refused) += 1;
    protect_result_free(result);
    for (size_t i = 0; i < kind_count; i++)
        protect_table_free(tables[i]);
    return code;
}

/* Fills in what somebody can compute who has all that was published, but for what is shown of the figures from
 * number `known` on. One sum of all months, which is not published, makes it one system: whatever leads from
 * month to month is found. */
static void attack(const struct office *office, size_t known, struct protect_published *published)
{
    const struct model_ground ground = {.places = office->place, .place_count = PLACES};
    const struct protect_offered one = {office->whole[0]->channels, CODEBOOK_ALL_PARTIES,
                                        office->whole[0]->period.first};
    const struct protect_offered offered[PLACES] = {one, one};
    const size_t count = office->earlier_count;
    for (size_t i = 0; i < count; i++)
        published[i] = (struct protect_published){
            .sum = office->earlier[i].sum,
            .shown = i < known && office->earlier[i].shown,
            .value = model_value(&ground, &office->earlier[i].sum),
        };
    published[count] = (struct protect_published){.sum = protect_sum_all()};
    published[count].sum.months = office->whole[0]->period;
    published[count].sum.places = (1u << PLACES) - 1;
    struct protect_attack attack = {
        .threshold = THRESHOLD,
        .offered = offered,
        .place_count = PLACES,
        .published = published,
        .published_count = count + 1,
        .seconds = 60,
    };
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_false(attack.contradictory);
}

static bool is_open(const struct protect_published *figure)
{
    return figure->least <= 0 && figure->most >= THRESHOLD - 1;
}

/* How many small figures are no longer open from 0 to t - 1 by what the last release, from figure `first` on,
 * shows. */
static size_t count_narrowed(const struct office *office, size_t first)
{
    const struct model_ground ground = {.places = office->place, .place_count = PLACES};
    const size_t count = office->earlier_count;
    struct protect_published *before = calloc(count + 1, sizeof *before);
    struct protect_published *after = calloc(count + 1, sizeof *after);
    assert_true(before != NULL && after != NULL);
    attack(office, first, before);
    attack(office, count, after);
    size_t narrowed = 0;
    for (size_t i = 0; i < count; i++)
        if (!office->earlier[i].shown && is_open(&before[i]) && !is_open(&after[i]) &&
            model_value(&ground, &office->earlier[i].sum) < (int64_t)THRESHOLD)
            narrowed++;
    free(before);
    free(after);
    return narrowed;
}

static struct protect_sum months_of(uint32_t places, unsigned first, unsigned last)
{
    struct protect_sum sum = protect_sum_all();
    sum.places = places;
    sum.months = (struct base_period){(base_month)(24204 + first), (base_month)(24204 + last)};
    return sum;
}

/* Place 1 in the first two months, and both places in the second, reach over place 2 in the first. */
static void test_parts(void **state)
{
    (void)state;
    const struct protect_sum sums[] = {months_of(1, 0, 1), months_of(2, 0, 0), months_of(3, 1, 1),
                                       months_of(2, 2, 2), months_of(1, 3, 3), months_of(0, 0, 0)};
    struct arena *arena;
    struct parts parts;
    assert_int_equal(old_arena_new(&arena, &error), BASE_OK);
    assert_int_equal(parts_find(sums, 6, arena, &parts, &error), BASE_OK);
    assert_int_equal(parts.of[0], parts.of[1]);
    assert_int_equal(parts.of[0], parts.of[2]);
    assert_true(parts.of[5] == SIZE_MAX);
    assert_int_not_equal(parts.of[3], parts.of[0]);
    assert_int_not_equal(parts.of[3], parts.of[4]);
    assert_true(parts_follow(&parts, parts.of[0], parts.of[3]));
    assert_false(parts_follow(&parts, parts.of[3], parts.of[0]));
    assert_false(parts_follow(&parts, parts.of[0], parts.of[4])); /* a month is between them */
    assert_false(parts_follow(&parts, parts.of[3], parts.of[4])); /* at another place */
    parts_join(&parts, parts.of[3], parts.of[0]);
    assert_int_equal(parts.of[2], parts.of[3]);
    old_arena_free(arena);
}

/* In January few users come for the first time, and it isn't said how few. If it were said of February that it had
 * 8 second conversations of users beside 6 first ones, at least two would have come in January. */
static void test_second_conversations_tell_of_first_ones(void **state)
{
    (void)state;
    const enum protect_kind first[] = {PROTECT_COURSES_BY_PARTY};
    const enum protect_kind second[] = {PROTECT_SESSIONS_BY_PARTY};
    struct office *office = open_office("2017-01..2017-02");
    count(office, 0, 0, USER, 1, 3);
    count(office, 0, 0, RELATIVE, 1, 9);
    count(office, 0, 0, PROFESSIONAL, 1, 9);
    count(office, 0, 1, USER, 1, 6);
    count(office, 0, 1, USER, 2, 8);
    count(office, 0, 1, RELATIVE, 1, 9);
    count(office, 0, 1, RELATIVE, 2, 7);
    count(office, 0, 1, PROFESSIONAL, 1, 9);
    count(office, 0, 1, PROFESSIONAL, 2, 6);
    assert_int_equal(publish(office, 1, 0, 0, 0, first, 1), BASE_OK);
    const size_t before = office->earlier_count;
    assert_int_equal(publish(office, 1, 1, 1, 1, second, 1), BASE_OK);
    assert_int_equal(count_narrowed(office, before), 0);
    assert_true(office->shown > 0);
    close_office(office);
}

/* The same, found from the files alone: in January 4 people came for the first time, 2 or more of them users. */
static void test_an_attack_sees_it(void **state)
{
    (void)state;
    const struct protect_offered offered = {CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES, 0};
    struct protect_published published[] = {{.shown = false},
                                            {.shown = true, .value = 4},
                                            {.shown = true, .value = 6},
                                            {.shown = true, .value = 8}};
    struct protect_attack attack = {
        .threshold = THRESHOLD,
        .offered = &offered,
        .place_count = 1,
        .published = published,
        .published_count = 4,
    };
    for (size_t i = 0; i < 4; i++) {
        published[i].sum = protect_sum_all();
        published[i].sum.months.first = published[i].sum.months.last =
            (base_month)(i < 2 ? 24204 : 24205);
        published[i].sum.parties = i == 1 ? CODEBOOK_ALL_PARTIES : 1u << USER;
        published[i].sum.sessions = i == 3 ? 1u << 1 : PROTECT_COURSES;
    }
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_int_equal(attack.narrowed, 0); /* there may have been others before January */
    const struct protect_offered from_january = {CODEBOOK_ALL_CHANNELS, CODEBOOK_ALL_PARTIES,
                                                 24204};
    attack.offered = &from_january;
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_int_equal(attack.narrowed, 1);
    assert_int_equal(published[0].least, 2);
    assert_int_equal(published[0].most, 4);
}

/* People come in some month and go on in those after it, from a life's first month. */
static void fill(struct office *office, size_t place, unsigned each_month)
{
    const size_t months = base_period_months(office->whole[place]->period);
    for (size_t month = 0; month < months; month++)
        for (unsigned i = random_below(each_month) + each_month / 2; i > 0; i--) {
            const unsigned party = random_below(8);
            size_t then = month;
            for (unsigned session = 1; session <= CODEBOOK_SESSIONS; session++) {
                count(office, place, then,
                      party < 4   ? USER
                      : party < 7 ? RELATIVE
                                  : PROFESSIONAL,
                      session, 1);
                if (then + 1 < months)
                    then += random_below(2);
                if (random_below(3) == 0)
                    break;
            }
        }
}

/* Not random_trials: there are few, and they are as many where tests are slow. */
static unsigned trials(void)
{
    const char *wanted = getenv("TAVS_TRIALS");
    return wanted != NULL ? (unsigned)strtoul(wanted, NULL, 10) : 4;
}

static void publish_and_attack(struct office *office, uint32_t places, size_t first, size_t last,
                               size_t now)
{
    const enum protect_kind kinds[] = {PROTECT_COURSES_BY_PARTY, PROTECT_COURSES_BY_SESSION,
                                       PROTECT_SESSIONS_BY_PARTY};
    const size_t before = office->earlier_count;
    (void)publish(office, places, first, last, now, kinds, 3);
    assert_int_equal(count_narrowed(office, before), 0);
}

static void conclude(struct office *office)
{
    print_message("%u figures shown in %u releases, %u refused\n", office->shown, office->released,
                  office->refused);
    assert_true(office->released > office->refused);
    close_office(office);
}

/* Each month by itself, in the order in which they come or, later, the last one first; then two together. */
static void test_months_of_a_life(void **state)
{
    (void)state;
    for (unsigned trial = 0; trial < trials(); trial++) {
        random_seed(trial + 1);
        struct office *office = open_office("2017-01..2017-04");
        const bool late = trial % 4 == 3;
        fill(office, 0, 6 + trial % 20);
        for (size_t i = 0; i < 4; i++)
            publish_and_attack(office, 1, late ? 3 - i : i, late ? 3 - i : i, late ? 3 : i);
        publish_and_attack(office, 1, 0, 1, 3);
        conclude(office);
    }
}

/* Each month of each of two places, and of both. */
static void test_months_of_two_places(void **state)
{
    (void)state;
    for (unsigned trial = 0; trial < trials() / 4; trial++) {
        random_seed(trial + 1000);
        struct office *office = open_office("2017-01..2017-03");
        for (size_t place = 0; place < PLACES; place++)
            fill(office, place, 6 + trial % 20);
        for (size_t month = 0; month < 3; month++)
            for (uint32_t places = 1; places <= 3; places++)
                publish_and_attack(office, places, month, month, month);
        conclude(office);
    }
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_second_conversations_tell_of_first_ones),
        cmocka_unit_test(test_an_attack_sees_it),
        cmocka_unit_test(test_months_of_a_life),
        cmocka_unit_test(test_months_of_two_places),
    };
    return cmocka_run_group_tests_name("protect: life", tests, set_up, NULL);
}
