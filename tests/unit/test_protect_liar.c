/* protect: whatever a solver says or fails to say, nothing small is given away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "liar.h"
#include "protect/audit.h"
#include "protect/certain.h"
#include "protect/witness.h"
#include "random_case.h"
#include "tavs/secret.h"

enum { MOST_RELEASES = 3 };

static struct base_error error;

/* What is released all the same stands up to brute force. */
static void test_lies(void **state)
{
    (void)state;
    unsigned released[LIAR_WAYS] = {0}, refused[LIAR_WAYS] = {0};
    const unsigned count = random_trials(200);
    for (unsigned i = 0; i < count; i++) {
        const enum liar_way way = (enum liar_way)(i % LIAR_WAYS);
        if (way == LIAR_SLOW)
            continue;
        struct random_case one;
        random_seed(i);
        random_case_make(&one);
        const unsigned releases = 1 + random_below(MOST_RELEASES);
        for (unsigned j = 0; j < releases; j++) {
            /* The first is honest, so that there is something to lie about. */
            const enum liar_way now = j == 0 && releases > 1 ? LIAR_HONEST : way;
            const enum base_code code = random_release(&one, liar_solver(now, random_below(60)));
            if (code == BASE_OK)
                random_check(&one);
            else
                assert_true(code == BASE_NOT_PROVEN || code == BASE_NOT_PROTECTED);
            ++*(code == BASE_OK ? &released[now] : &refused[now]);
        }
        random_case_free(&one);
    }
    for (unsigned way = 0; way < LIAR_WAYS; way++)
        print_message("way %u: %u released, %u refused\n", way, released[way], refused[way]);
    assert_int_equal(refused[LIAR_HONEST], 0);
    assert_true(random_checked.figures > count / 4);
}

/* Where nothing is small there is nothing to be proven. */
static void test_only_large_figures(void **state)
{
    (void)state;
    static const int cells[] = {40, 33};
    struct tally_counts *counts = protected_courses(2, 1, cells);
    struct protect_table *table = protected_table(PROTECT_COURSES_BY_CHANNEL, counts);
    const struct protect_place place = {counts};
    const struct protect_request request = {
        .threshold = PROTECT_THRESHOLD,
        .places = &place,
        .place_count = 1,
        .tables = (const struct protect_table *const *)&table,
        .table_count = 1,
        .solver = liar_solver(LIAR_DENIES, 0),
    };
    struct protect_result *result = NULL;
    assert_int_equal(protect_release(&request, &result, &error), BASE_OK);
    assert_int_equal(result->shown, 3);
    protect_result_free(result);
    protect_table_free(table);
    plain_counts_free(counts);
}

/* The time limit is kept, whatever the solver does with it. */
static void test_time_limit(void **state)
{
    (void)state;
    struct tally_counts *counts = protected_case("2017");
    struct protect_table *table = protected_table(PROTECT_MONTHS, counts);
    table->row.join = PROTECT_JOIN_NOTHING; /* joined to the year nothing would be small */
    const struct protect_place place = {counts};
    const struct protect_request request = {
        .threshold = PROTECT_THRESHOLD,
        .places = &place,
        .place_count = 1,
        .tables = (const struct protect_table *const *)&table,
        .table_count = 1,
        .seconds = 0.5,
        .solver = liar_solver(LIAR_SLOW, 0),
    };
    struct protect_result *result = NULL;
    const double before = old_solver_clock();
    assert_int_equal(protect_release(&request, &result, &error), BASE_NOT_PROVEN);
    assert_true(old_solver_clock() - before < 1.5);
    protect_table_free(table);
    plain_counts_free(counts);
}

/* ---- the checker that needs no solver ---------------------------------------------------------- */

/* 2 + 3 = 5 is shown; the second may be no more than the first and what is left: 2 + 1 = 3. */
static void make_small_system(struct arena *arena, struct system *system, uint32_t sums[3])
{
    uint32_t variable[3];
    system_start(system, arena);
    assert_int_equal(system_add_variable(system, 2, &variable[0], &error), BASE_OK);
    assert_int_equal(system_add_variable(system, 3, &variable[1], &error), BASE_OK);
    assert_int_equal(system_add_variable(system, 1, &variable[2], &error), BASE_OK);
    assert_int_equal(system_add_sum(system, (uint32_t[]){0}, 1, &sums[0], &error), BASE_OK);
    assert_int_equal(system_add_sum(system, (uint32_t[]){1}, 1, &sums[1], &error), BASE_OK);
    assert_int_equal(system_add_sum(system, (uint32_t[]){0, 1}, 2, &sums[2], &error), BASE_OK);
    assert_int_equal(system_add_rule(system, variable, (int32_t[]){1, -1, 1}, 3, &error), BASE_OK);
    system->sum[sums[2]].status = SUM_SHOWN;
}

static void test_witness(void **state)
{
    (void)state;
    struct arena *arena;
    struct system system;
    uint32_t sums[3];
    assert_int_equal(old_arena_new(&arena, &error), BASE_OK);
    make_small_system(arena, &system, sums);
    assert_true(witness_agrees(&system, system.truth, false));
    assert_true(witness_agrees(&system, (int64_t[]){5, 0, 5 - 10 + 0}, false) == false);
    assert_true(witness_agrees(&system, (int64_t[]){3, 2, -1}, false) == false); /* below zero */
    assert_true(witness_agrees(&system, (int64_t[]){1, 4, 3}, false));
    assert_true(witness_agrees(&system, (int64_t[]){1, 4, 2}, false) == false); /* the rule */
    assert_true(witness_agrees(&system, (int64_t[]){1, 3, 2}, false) == false); /* the sum */
    system.sum[sums[2]].stale = true;
    assert_true(witness_agrees(&system, (int64_t[]){1, 3, 2}, true));
    assert_true(witness_agrees(&system, (int64_t[]){1, 3, 2}, false) == false);
    assert_int_equal(witness_value(&system, sums[2], (int64_t[]){7, 8, 9}), 15);
    old_arena_free(arena);
}

/* Whatever duals one takes, what they prove is true; the right ones prove the most. */
static void test_proofs(void **state)
{
    (void)state;
    struct arena *arena;
    struct system system;
    uint32_t sums[3];
    int64_t rest[3], bound;
    assert_int_equal(old_arena_new(&arena, &error), BASE_OK);
    make_small_system(arena, &system, sums);
    /* Of the first: the sum less the second, which is the first and more: at most 2 (whole). Half of both. */
    const double right[] = {0, 0, -0.5, -0.5};
    assert_true(certain_bound(&system, sums[0], -1, right, rest, &bound));
    assert_int_equal(bound, 2);
    const double plain[] = {0, 0, -1, 0};
    assert_true(certain_bound(&system, sums[0], -1, plain, rest, &bound));
    assert_int_equal(bound, 5);
    /* Of the second: at least 3. */
    const double least[] = {0, 0, 0.5, -0.5};
    assert_true(certain_bound(&system, sums[1], 1, least, rest, &bound));
    assert_int_equal(bound, 3);
    random_seed(7);
    for (unsigned i = 0; i < 2000; i++) {
        double any[4];
        for (size_t j = 0; j < 4; j++)
            any[j] = ((double)random_below(13) - 6) / (1 + random_below(4));
        if (certain_bound(&system, sums[0], -1, any, rest, &bound))
            assert_true(bound >= 2);
        if (certain_bound(&system, sums[1], 1, any, rest, &bound))
            assert_true(bound <= 3);
    }
    old_arena_free(arena);
}

static int set_up(void **state)
{
    (void)state;
    return secret_harden(&error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lies),       cmocka_unit_test(test_only_large_figures),
        cmocka_unit_test(test_time_limit), cmocka_unit_test(test_witness),
        cmocka_unit_test(test_proofs),
    };
    return cmocka_run_group_tests_name("protect: solvers that lie", tests, set_up, NULL);
}
