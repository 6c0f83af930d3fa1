/* protect: cases with known answers, the example of joining, and a year's offered tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "protect/choose.h"
#include "protected.h"
#include "tavs/secret.h"

static struct base_error error;

static size_t figures_of(const struct protect_result_table *table)
{
    return table->row.count * table->column.count;
}

static void assert_shown(const struct protect_result_table *table, const char *expected)
{
    assert_int_equal(figures_of(table), strlen(expected));
    for (size_t i = 0; i < figures_of(table); i++) {
        const char status = "#ps"[table->figures[i].status];
        if (status != expected[i])
            fail_msg("figure %zu: %c, not %c", i, status, expected[i]);
    }
}

static void assert_values(const struct protect_result_table *table, const int64_t *expected)
{
    for (size_t i = 0; i < figures_of(table); i++)
        assert_int_equal(table->figures[i].value, expected[i]);
}

/* ---- known answers: test suites of other programs -------------------------------------------- */

/* Rows 7, 3, 6, columns 9, 7; the third row is published as 3 and 3. */
static void test_first_cell_between_3_and_6(void **state)
{
    (void)state;
    struct protect_sum all = protect_sum_all();
    all.sessions = PROTECT_COURSES;
    all.months = (struct base_period){24204, 24204};
    struct protect_published published[11];
    static const int64_t rows[] = {7, 3, 6}, columns[] = {9, 7};
    for (size_t i = 0; i < 11; i++)
        published[i] = (struct protect_published){.sum = all};
    for (size_t row = 0; row < 3; row++) {
        for (size_t column = 0; column < 2; column++) {
            published[2 * row + column].sum.parties = (codebook_set)(1u << row);
            published[2 * row + column].sum.channels = (codebook_set)(1u << column);
            published[2 * row + column].shown = row == 2;
            published[2 * row + column].value = 3;
        }
        published[6 + row].sum.parties = (codebook_set)(1u << row);
        published[6 + row].shown = true;
        published[6 + row].value = rows[row];
    }
    for (size_t column = 0; column < 2; column++) {
        published[9 + column].sum.channels = (codebook_set)(1u << column);
        published[9 + column].shown = true;
        published[9 + column].value = columns[column];
    }
    const struct protect_offered offered = {3, 7, 0};
    struct protect_attack attack = {.threshold = 5,
                                    .offered = &offered,
                                    .place_count = 1,
                                    .published = published,
                                    .published_count = 11};
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_false(attack.contradictory);
    assert_int_equal(published[0].least, 3);
    assert_int_equal(published[0].most, 6);
    assert_true(published[0].doubtful && !published[0].narrowed);
    attack.threshold = 7; /* six is small now */
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_true(published[0].narrowed && !published[0].doubtful);
    assert_int_equal(attack.narrowed, 4);
    assert_int_equal(published[10].least, 7);
    assert_false(published[10].narrowed);

    published[0].shown = true;
    published[0].value =
        2; /* then the first row's other cell would be 5, the second row's first 4 */
    assert_int_equal(protect_attack(&attack, &error), BASE_OK);
    assert_true(attack.contradictory);
}

/* A table of four channels by two parties, joined nowhere. */
static struct protect_table *plain_table(const struct tally_counts *counts)
{
    struct protect_table *table = protected_table(PROTECT_CHANNELS_BY_PARTY, counts);
    table->row.join = table->column.join = PROTECT_JOIN_NOTHING;
    return table;
}

/* Totals come last here, first in the known answer: cells 5, 6, 11 and 12 of the whole table, row by
 * row with totals first, are those of the rows A and C. */
static void test_small_case(void **state)
{
    (void)state;
    static const int cells[] = {18, 2, 14, 19, 12, 10, 11, 14};
    for (unsigned threshold = 3; threshold <= 10; threshold++) {
        struct tally_counts *counts = protected_courses(4, 2, cells);
        struct protect_table *table = plain_table(counts);
        struct protect_result *result = protected_release(
            counts, threshold, (const struct protect_table *const *)&table, 1, true);
        assert_shown(&result->tables[0], "sp#"
                                         "###"
                                         "ss#"
                                         "###"
                                         "###");
        assert_int_equal(result->hidden_secondary, 3);
        assert_int_equal(result->method, PROTECT_EXACT);
        protect_result_free(result);
        protect_table_free(table);
        plain_counts_free(counts);
    }
}

/* The primary one is not small: 137. So the system is built by hand: eight cells, their totals. */
static void test_large_case(void **state)
{
    (void)state;
    static const int cells[] = {895, 137, 753, 973, 569, 486, 540, 793};
    struct arena *arena;
    struct system system;
    const struct protect_solver *solver;
    uint32_t variable[8], number, primary;
    assert_int_equal(old_arena_new(&arena, &error), BASE_OK);
    assert_int_equal(old_solver_find(NULL, &solver, &error), BASE_OK);
    system_start(&system, arena);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(system_add_variable(&system, cells[i], &variable[i], &error), BASE_OK);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(system_add_sum(&system, &i, 1, &number, &error), BASE_OK);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(
            system_add_sum(&system, (uint32_t[]){2 * i, 2 * i + 1}, 2, &number, &error), BASE_OK);
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(
            system_add_sum(&system, (uint32_t[]){i, 2 + i, 4 + i, 6 + i}, 4, &number, &error),
            BASE_OK);
    assert_int_equal(system_add_sum(&system, variable, 8, &number, &error), BASE_OK);
    primary = 1;
    for (size_t i = 0; i < system.sums; i++) {
        system.sum[i].candidate = true;
        system.sum[i].status = SUM_SHOWN;
        system.sum[i].cost = system.sum[i].value + 1;
    }
    system.sum[primary].primary = true;
    system.sum[primary].status = SUM_HIDDEN;
    const struct system_need need = {primary, 0, 4, false};
    assert_int_equal(system_add_need(&system, &need, &error), BASE_OK);

    struct chooser *chooser;
    enum protect_method method;
    const double deadline = old_solver_clock() + 10;
    assert_int_equal(chooser_open(&system, solver, arena, &chooser, &error), BASE_OK);
    assert_int_equal(chooser_choose(chooser, deadline, deadline, &method, &error), BASE_OK);
    chooser_close(chooser);
    assert_int_equal(method, PROTECT_EXACT);
    for (size_t i = 0; i < system.sums; i++)
        assert_int_equal(system.sum[i].status,
                         i == 0 || i == 1 || i == 4 || i == 5 ? SUM_HIDDEN : SUM_SHOWN);
    old_arena_free(arena);
}

/* ---- joining --------------------------------------------------------------------------------- */

static void test_example_of_joining(void **state)
{
    (void)state;
    static const int cells[] = {40, 33, 2, 0};
    struct tally_counts *counts = protected_courses(4, 1, cells);
    struct protect_table *table = protected_table(PROTECT_COURSES_BY_CHANNEL, counts);
    struct protect_result *result = protected_release(
        counts, PROTECT_THRESHOLD, (const struct protect_table *const *)&table, 1, true);
    assert_shown(&result->tables[0], "###");
    assert_values(&result->tables[0], (const int64_t[]){40, 35, 75});
    assert_true(result->tables[0].rows_joined);
    assert_false(result->tables[0].columns_joined);
    assert_int_equal(result->tables[0].row.line[0].part.channels, 1u << IN_PERSON);
    assert_int_equal(result->tables[0].row.line[1].part.channels,
                     1u << PHONE | 1u << MAIL | 1u << WEB);
    assert_true(result->tables[0].row.line[2].total);
    protect_result_free(result);
    protect_table_free(table);
    plain_counts_free(counts);
}

/* Two rows of which one is small: joined to its neighbour, only the total remains. */
static void test_joined_to_the_total(void **state)
{
    (void)state;
    static const int cells[] = {40, 2};
    struct tally_counts *counts = protected_courses(2, 1, cells);
    struct protect_table *table = protected_table(PROTECT_COURSES_BY_CHANNEL, counts);
    struct protect_result *result = protected_release(
        counts, PROTECT_THRESHOLD, (const struct protect_table *const *)&table, 1, true);
    assert_shown(&result->tables[0], "#");
    assert_true(result->tables[0].row.line[0].total);
    assert_int_equal(result->tables[0].figures[0].value, 42);
    protect_result_free(result);
    protect_table_free(table);
    plain_counts_free(counts);
}

/* Nothing can be shown of a month with hardly any contacts, and that is no error. */
static void test_nothing_to_show(void **state)
{
    (void)state;
    static const int cells[] = {1, 0, 0, 2};
    struct tally_counts *counts = protected_courses(2, 2, cells);
    struct protect_table *table = protected_table(PROTECT_CHANNELS_BY_PARTY, counts);
    struct protect_result *result = protected_release(
        counts, PROTECT_THRESHOLD, (const struct protect_table *const *)&table, 1, true);
    assert_int_equal(result->shown, 0);
    assert_int_equal(result->tables[0].shown, 0);
    protect_result_free(result);
    protect_table_free(table);
    plain_counts_free(counts);
}

/* ---- a year ---------------------------------------------------------------------------------- */

static const enum protect_kind of_a_year[] = {
    PROTECT_COURSES_BY_CHANNEL,  PROTECT_CHANNELS_BY_PARTY, PROTECT_MONTHS,
    PROTECT_QUARTERS_BY_CHANNEL, PROTECT_COURSES_BY_PARTY,  PROTECT_CONVERSATIONS_BY_CHANNEL,
    PROTECT_COURSES_BY_SESSION,  PROTECT_SESSIONS_BY_PARTY,
};
enum { KINDS = sizeof of_a_year / sizeof of_a_year[0], FIRST_FOUR = 4 };

static struct protect_result *release_year(const struct tally_counts *counts, size_t kinds,
                                           bool explain)
{
    struct protect_table *tables[KINDS];
    for (size_t i = 0; i < kinds; i++)
        tables[i] = protected_table(of_a_year[i], counts);
    struct protect_result *result = protected_release(
        counts, PROTECT_THRESHOLD, (const struct protect_table *const *)tables, kinds, explain);
    for (size_t i = 0; i < kinds; i++)
        protect_table_free(tables[i]);
    return result;
}

static void test_2017(void **state)
{
    (void)state;
    struct tally_counts *counts = protected_case("2017");
    struct protect_result *result = release_year(counts, KINDS, false);
    assert_shown(&result->tables[0], "###");
    assert_values(&result->tables[0], (const int64_t[]){40, 33, 73});
    assert_false(result->tables[0].rows_joined);
    protect_result_free(result);
    plain_counts_free(counts);
}

/* 23 of the 44 to 46 figures that are not zero, of the first four tables. */
static void test_enough_is_shown(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct tally_counts *counts = i == 0 ? protected_case("2017") : plain_counts_2017();
        struct protect_result *result = release_year(counts, FIRST_FOUR, true);
        size_t courses = 0;
        for (size_t j = 0; j < FIRST_FOUR; j++)
            for (size_t k = 0; k < figures_of(&result->tables[j]); k++)
                courses += result->tables[j].figures[k].status == PROTECT_SHOWN &&
                                   result->tables[j].figures[k].sum.sessions == PROTECT_COURSES
                               ? 1
                               : 0;
        print_message("shown of the figures of courses: %zu\n", courses);
        assert_true(courses >= 30);
        protect_result_free(result);
        plain_counts_free(counts);
    }
}

/* What is said to whom asks why: intervals that hold 0 to 4, and what to give up. */
static void test_explanation(void **state)
{
    (void)state;
    struct tally_counts *counts = protected_case("2017");
    struct protect_result *result = release_year(counts, FIRST_FOUR, true);
    size_t exchanges = 0;
    for (size_t i = 0; i < FIRST_FOUR; i++) {
        for (size_t j = 0; j < figures_of(&result->tables[i]); j++) {
            const struct protect_figure *figure = &result->tables[i].figures[j];
            assert_true(figure->least <= figure->value && figure->value <= figure->most);
            if (figure->status == PROTECT_SHOWN)
                assert_true(figure->least == figure->most && figure->value >= 5);
            if (figure->status == PROTECT_HIDDEN_PRIMARY)
                assert_true(figure->least == 0 && figure->most >= 4 && figure->value < 5);
            if (figure->status == PROTECT_HIDDEN_SECONDARY)
                assert_true(figure->least < figure->most && figure->value >= 5);
            if (figure->give_up_table == PROTECT_NO_FIGURE)
                continue;
            exchanges++;
            assert_int_equal(figure->status, PROTECT_HIDDEN_SECONDARY);
            assert_int_equal(
                result->tables[figure->give_up_table].figures[figure->give_up_figure].status,
                PROTECT_SHOWN);
        }
    }
    assert_true(exchanges > 0);
    protect_result_free(result);
    plain_counts_free(counts);
}

static void test_same_again(void **state)
{
    (void)state;
    struct tally_counts *counts = protected_case("2016");
    struct protect_result *one = release_year(counts, KINDS, false),
                          *other = release_year(counts, KINDS, false);
    assert_int_equal(one->shown, other->shown);
    for (size_t i = 0; i < KINDS; i++) {
        assert_int_equal(figures_of(&one->tables[i]), figures_of(&other->tables[i]));
        assert_memory_equal(one->tables[i].figures, other->tables[i].figures,
                            figures_of(&one->tables[i]) * sizeof *one->tables[i].figures);
    }
    protect_result_free(one);
    protect_result_free(other);
    plain_counts_free(counts);
}

enum { MOST_SUMS = 400 };

static bool is_same_sum(const struct protect_sum *one, const struct protect_sum *other)
{
    return one->places == other->places && one->months.first == other->months.first &&
           one->months.last == other->months.last && one->channels == other->channels &&
           one->parties == other->parties && one->sessions == other->sessions;
}

/* As the ledger has it: each sum once, where it came first. */
static size_t remember(const struct protect_result *result, struct protect_earlier *sums)
{
    size_t count = 0;
    for (size_t i = 0; i < result->table_count; i++) {
        for (size_t j = 0; j < figures_of(&result->tables[i]); j++) {
            const struct protect_figure *figure = &result->tables[i].figures[j];
            bool is_new = true;
            for (size_t k = 0; k < count; k++)
                is_new = is_new && !is_same_sum(&sums[k].sum, &figure->sum);
            assert_true(count < MOST_SUMS);
            if (is_new)
                sums[count++] =
                    (struct protect_earlier){figure->sum, figure->status == PROTECT_SHOWN, false};
        }
    }
    return count;
}

/* What was released is told from the ledger as it was told then, joins and all. */
static void test_again_from_the_ledger(void **state)
{
    (void)state;
    static const char *const years[] = {"2015", "2016", "2017", "2018"};
    for (size_t year = 0; year < 4; year++) {
        struct tally_counts *counts = protected_case(years[year]);
        struct protect_result *one = release_year(counts, KINDS, false), *again = NULL;
        struct protect_earlier sums[MOST_SUMS];
        const size_t count = remember(one, sums);
        struct protect_table *tables[KINDS];
        for (size_t i = 0; i < KINDS; i++)
            tables[i] = protected_table(of_a_year[i], counts);
        const struct protect_place place = {counts};
        const struct protect_request request = {
            .threshold = PROTECT_THRESHOLD,
            .places = &place,
            .place_count = 1,
            .tables = (const struct protect_table *const *)tables,
            .table_count = KINDS,
        };
        assert_int_equal(protect_again(&request, sums, count - 1, &again, &error),
                         BASE_NOT_PROTECTED);
        assert_int_equal(protect_again(&request, sums, count, &again, &error), BASE_OK);
        for (size_t i = 0; i < KINDS; i++) {
            assert_int_equal(figures_of(&one->tables[i]), figures_of(&again->tables[i]));
            assert_memory_equal(one->tables[i].figures, again->tables[i].figures,
                                figures_of(&one->tables[i]) * sizeof *one->tables[i].figures);
            protect_table_free(tables[i]);
        }
        protect_result_free(one);
        protect_result_free(again);
        plain_counts_free(counts);
    }
}

/* The aid's peak, which is that of the largest release here, in the process's own words. */
static void test_memory(void **state)
{
    (void)state;
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    print_message("memory: %ld MiB\n", usage.ru_maxrss / 1024);
#if !defined(__SANITIZE_ADDRESS__)
    if (getenv("TAVS_VALGRIND") == NULL)
        assert_true(usage.ru_maxrss < 64 * 1024);
#endif
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_cell_between_3_and_6),
        cmocka_unit_test(test_small_case),
        cmocka_unit_test(test_large_case),
        cmocka_unit_test(test_example_of_joining),
        cmocka_unit_test(test_joined_to_the_total),
        cmocka_unit_test(test_nothing_to_show),
        cmocka_unit_test(test_2017),
        cmocka_unit_test(test_enough_is_shown),
        cmocka_unit_test(test_explanation),
        cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_again_from_the_ledger),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests_name("protect", tests, set_up, NULL);
}
