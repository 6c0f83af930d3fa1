/* protect: the N-th piece of memory is refused, the solver gives up at the N-th program or at all of a kind, N rising
 * until nothing goes wrong any more. Each time there is an error, no output and nothing left; or what comes out holds
 * as ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include "protect/arena.h"
#include "protect/solver.h"
#include "random_case.h"
#include "support.h"
#include "tavs/secret.h"

/* ---- memory that is refused -------------------------------------------------------------------- */

/* Pieces are counted where they are asked for, not where a block is used up: these functions stand in for those of
 * the library. */
#define old_arena_new  granted_new
#define old_arena_free granted_free
#define old_arena_take granted_take
#define old_arena_grow granted_grow
static enum base_code old_arena_new(struct arena **out, struct base_error *error);
static void old_arena_free(struct arena *arena);
static enum base_code old_arena_take(struct arena *arena, size_t count, size_t size, void *out,
                                 struct base_error *error);
static enum base_code old_arena_grow(struct arena *arena, void *items, size_t used, size_t *capacity,
                                 size_t size, struct base_error *error);
#include "protect/arena.c"
#undef old_arena_new
#undef old_arena_free
#undef old_arena_take
#undef old_arena_grow

static long until_refusal = -1; /* pieces that are still granted; below 0: all */
static long live;               /* arenas */

static bool is_refused(void)
{
    return until_refusal >= 0 && until_refusal-- == 0;
}

enum base_code old_arena_new(struct arena **out, struct base_error *error)
{
    if (is_refused())
        return fail_tables(error, BASE_NO_MEMORY);
    const enum base_code code = granted_new(out, error);
    live += code == BASE_OK ? 1 : 0;
    return code;
}

void old_arena_free(struct arena *arena)
{
    live -= arena != NULL ? 1 : 0;
    granted_free(arena);
}

enum base_code old_arena_take(struct arena *arena, size_t count, size_t size, void *out,
                          struct base_error *error)
{
    return is_refused() ? fail_tables(error, BASE_NO_MEMORY)
                        : granted_take(arena, count, size, out, error);
}

enum base_code old_arena_grow(struct arena *arena, void *items, size_t used, size_t *capacity,
                          size_t size, struct base_error *error)
{
    return is_refused() ? fail_tables(error, BASE_NO_MEMORY)
                        : granted_grow(arena, items, used, capacity, size, error);
}

/* ---- a solver that gives up -------------------------------------------------------------------- */

/* What a program is for: the least to hide; tallies, which are whole numbers; bounds, which take duals. */
enum { FOR_CHOICE = 1, FOR_TALLIES = 2, FOR_BOUNDS = 4, FOR_THE_REST = 8, FOR_ANYTHING = 15 };

static struct base_error error;
static const struct protect_solver *glpk;
static unsigned given_up; /* FOR_... */
static unsigned asked, patience = UINT_MAX;

static unsigned purpose_of(const struct solver_task *task)
{
    if (task->integer)
        return task->first ? FOR_TALLIES : FOR_CHOICE;
    return task->duals != NULL ? FOR_BOUNDS : FOR_THE_REST;
}

static enum solver_answer solve(void *state, const struct solver_task *task)
{
    asked++;
    if ((purpose_of(task) & given_up) != 0 || asked > patience)
        return SOLVER_FAILED;
    return glpk->solve(state, task);
}

/* Gives up what is told here. */
static const struct protect_solver *solver(unsigned purposes, unsigned from)
{
    static struct protect_solver weary;
    weary = *glpk;
    weary.solve = solve;
    given_up = purposes;
    patience = from;
    asked = 0;
    return &weary;
}

/* ---- releases and attacks ---------------------------------------------------------------------- */

enum { TABLES = 2, MOST_FIGURES = 64, EARLIER = 3 };

static struct tally_counts *counts; /* a month's courses by channel and party, some of them few */
static const struct protect_solver *in_use;
static struct protect_result *result;

static void make_earlier(struct protect_earlier earlier[EARLIER])
{
    for (size_t i = 0; i < EARLIER; i++) {
        earlier[i] = (struct protect_earlier){protect_sum_all(), i != 1, i != 0};
        earlier[i].sum.places = 1;
        earlier[i].sum.sessions = PROTECT_COURSES;
        earlier[i].sum.months = counts->period;
    }
    earlier[1].sum.channels = 1u << MAIL;
    earlier[2].sum.parties = 1u << USER;
}

/* Both tables, or one while the other is reserved and earlier releases are remembered. */
static enum base_code protect(bool alone, const struct protect_earlier *again, size_t again_count)
{
    struct protect_table *tables[TABLES] = {protected_table(PROTECT_CHANNELS_BY_PARTY, counts),
                                            protected_table(PROTECT_COURSES_BY_PARTY, counts)};
    const struct protect_table *const *all = (const struct protect_table *const *)tables;
    const struct protect_place place = {counts};
    struct protect_earlier earlier[EARLIER];
    make_earlier(earlier);
    const struct protect_request request = {
        .threshold = PROTECT_THRESHOLD,
        .places = &place,
        .place_count = 1,
        .tables = all,
        .table_count = alone ? TABLES : 1,
        .reserved = all + 1,
        .reserved_count = alone ? 0 : 1,
        .earlier = earlier,
        .earlier_count = alone ? 0 : EARLIER,
        .explain = true,
        .solver = in_use,
    };
    const enum base_code code = again == NULL
                                    ? protect_release(&request, &result, &error)
                                    : protect_again(&request, again, again_count, &result, &error);
    for (size_t i = 0; i < TABLES; i++)
        protect_table_free(tables[i]);
    return code;
}

static enum base_code release_alone(void)
{
    return protect(true, NULL, 0);
}

static enum base_code release_beside_others(void)
{
    return protect(false, NULL, 0);
}

static size_t figures_of(const struct protect_result_table *table)
{
    return table->row.count * table->column.count;
}

static struct protect_published published[MOST_FIGURES];
static int64_t truth[MOST_FIGURES];
static struct protect_attack attack;

static bool is_published(const struct protect_sum *sum, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(&published[i].sum, sum, sizeof *sum) == 0)
            return true;
    return false;
}

/* What was released, each figure once, as somebody has it who only read it. */
static void publish(const struct protect_result *released)
{
    size_t count = 0;
    for (size_t i = 0; i < released->table_count; i++)
        for (size_t j = 0; j < figures_of(&released->tables[i]); j++) {
            const struct protect_figure *figure = &released->tables[i].figures[j];
            const bool shown = figure->status == PROTECT_SHOWN;
            assert_true(count < MOST_FIGURES);
            if (is_published(&figure->sum, count))
                continue;
            truth[count] = figure->value;
            published[count++] = (struct protect_published){
                .sum = figure->sum, .shown = shown, .value = shown ? figure->value : 0};
        }
    attack.published_count = count;
}

static enum base_code attack_again(void)
{
    static const struct protect_offered offered = {.channels = 0xf, .parties = 0x7};
    attack.threshold = PROTECT_THRESHOLD;
    attack.offered = &offered;
    attack.place_count = 1;
    attack.published = published;
    attack.solver = in_use;
    return protect_attack(&attack, &error);
}

static enum base_code again(void)
{
    struct protect_earlier sums[MOST_FIGURES];
    for (size_t i = 0; i < attack.published_count; i++)
        sums[i] = (struct protect_earlier){published[i].sum, published[i].shown, false};
    return protect(true, sums, attack.published_count);
}

/* One release, honestly, for those that begin with it. */
static void release_first(void)
{
    in_use = solver(0, UINT_MAX);
    assert_int_equal(release_alone(), BASE_OK);
    publish(result);
    protect_result_free(result);
    result = NULL;
}

/* Each of the first and of the last, and some of those between. */
static long next_of(long number, long all)
{
    const long each = support_is_slow() ? 5 : 40, between = support_is_slow() ? 3 : 30;
    const long step = 1 + all / between, rest = all - each - number;
    return number + (number < each || rest <= 0 ? 1 : step < rest ? step : rest);
}

/* ---- memory ------------------------------------------------------------------------------------ */

typedef enum base_code attempt(void);

static bool get_through(attempt *try, long number)
{
    until_refusal = number;
    const enum base_code code = try();
    const bool refused = until_refusal < 0;
    until_refusal = -1;
    if (refused) {
        assert_int_equal(code, BASE_NO_MEMORY);
        assert_int_equal(error.code, code);
        assert_null(result);
    } else {
        assert_int_equal(code, BASE_OK);
        protect_result_free(result);
        result = NULL;
    }
    assert_int_equal(live, 0);
    return !refused;
}

static void refuse_each(attempt *try, const char *name)
{
    until_refusal = LONG_MAX;
    assert_int_equal(try(), BASE_OK);
    const long all = LONG_MAX - until_refusal;
    until_refusal = -1;
    protect_result_free(result);
    result = NULL;
    assert_true(all > 10);
    for (long number = 0; number < all; number = next_of(number, all))
        assert_false(get_through(try, number));
    assert_true(get_through(try, all));
    print_message("%s: %ld pieces of memory\n", name, all);
}

static void test_no_memory_for_a_release(void **state)
{
    (void)state;
    in_use = solver(0, UINT_MAX);
    refuse_each(release_alone, "release");
    refuse_each(release_beside_others, "release beside others");
}

static void test_no_memory_for_elimination(void **state)
{
    (void)state;
    in_use = solver(FOR_CHOICE, UINT_MAX);
    assert_int_equal(release_alone(), BASE_OK);
    assert_int_equal(result->method, PROTECT_ELIMINATION);
    protect_result_free(result);
    result = NULL;
    refuse_each(release_alone, "elimination");
}

static void test_no_memory_for_the_same_again(void **state)
{
    (void)state;
    release_first();
    refuse_each(again, "the same again");
}

static void test_no_memory_for_an_attack(void **state)
{
    (void)state;
    release_first();
    refuse_each(attack_again, "attack");
    assert_int_equal(attack.narrowed, 0);
}

/* ---- solvers ----------------------------------------------------------------------------------- */

/* What is shown is right and not small; what is hidden is so for good, by an attack with a sound solver. */
static void check_result(void)
{
    publish(result);
    for (size_t i = 0; i < result->table_count; i++)
        for (size_t j = 0; j < figures_of(&result->tables[i]); j++) {
            const struct protect_figure *figure = &result->tables[i].figures[j];
            assert_true(figure->status != PROTECT_SHOWN || figure->value >= PROTECT_THRESHOLD ||
                        figure->sum.places == 0);
        }
    in_use = solver(0, UINT_MAX);
    assert_int_equal(attack_again(), BASE_OK);
    assert_false(attack.contradictory);
    assert_int_equal(attack.narrowed, 0);
}

static bool holds(unsigned purposes, unsigned from, attempt *try)
{
    in_use = solver(purposes, from);
    const enum base_code code = try();
    if (code == BASE_OK) {
        check_result();
        protect_result_free(result);
        result = NULL;
    } else {
        assert_true(code == BASE_NOT_PROVEN || code == BASE_NOT_PROTECTED);
        assert_null(result);
    }
    assert_int_equal(live, 0);
    return code == BASE_OK;
}

/* Of a kind, or from the n-th on, whatever it is for. */
static void test_solver_gives_up(void **state)
{
    (void)state;
    for (unsigned purposes = 0; purposes <= FOR_ANYTHING; purposes++) {
        const bool released = holds(purposes, UINT_MAX, release_alone);
        assert_true(released || (purposes & ~(unsigned)FOR_CHOICE) != 0);
        (void)holds(purposes, UINT_MAX, release_beside_others);
    }
    attempt *const tries[] = {release_alone, release_beside_others};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        in_use = solver(0, UINT_MAX);
        assert_int_equal(tries[i](), BASE_OK);
        protect_result_free(result);
        result = NULL;
        const unsigned all = asked;
        unsigned refused = 0;
        for (long from = 0; from < all; from = next_of(from, all))
            refused += holds(0, (unsigned)from, tries[i]) ? 0 : 1;
        print_message("solver: %u programs, refused without one of them: %u\n", all, refused);
        assert_true(refused > 0 && holds(0, all, tries[i]));
    }
}

/* By brute force. */
static void test_solver_gives_up_on_random_tables(void **state)
{
    (void)state;
    const unsigned count = random_trials(45);
    for (unsigned i = 0; i < count; i++) {
        struct random_case one;
        random_seed(1000 + i);
        random_case_make(&one);
        for (unsigned j = 0; j < 2; j++)
            if (random_release(&one, solver(j == 0 ? 0 : 1 + i % FOR_ANYTHING, UINT_MAX)) ==
                BASE_OK)
                random_check(&one);
        random_case_free(&one);
    }
    assert_true(random_checked.figures > count / 4);
}

/* An attack is what was asked for, or is said to have failed: it does not call safe what it could not look at. */
static void test_attack_gives_up(void **state)
{
    (void)state;
    release_first();
    size_t mistake = 0; /* one of those that had to be hidden for others */
    while (published[mistake].shown || truth[mistake] < PROTECT_THRESHOLD)
        mistake++;
    published[mistake].shown = true;
    published[mistake].value = truth[mistake];
    in_use = solver(0, UINT_MAX);
    assert_int_equal(attack_again(), BASE_OK);
    const size_t narrowed = attack.narrowed;
    assert_true(narrowed > 0);
    const unsigned all = asked;
    for (unsigned from = 0; from < all; from++) {
        in_use = solver(0, from);
        const enum base_code code = attack_again();
        /* What is out of its reach it takes to be impossible: too much is called narrowed then, but not less. */
        assert_true(code == BASE_NOT_PROVEN || (code == BASE_OK && attack.narrowed >= narrowed));
    }
    print_message("attack: %u programs, %zu narrowed\n", all, narrowed);
}

static int set_up(void **state)
{
    static const int cells[] = {14, 9, 3, 22, 17, 6, 2, 8, 1, 0, 3, 5};
    (void)state;
    if (secret_harden(&error) != BASE_OK || old_solver_find(NULL, &glpk, &error) != BASE_OK)
        return -1;
    counts = protected_courses(4, 3, cells);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    plain_counts_free(counts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory_for_a_release),
        cmocka_unit_test(test_no_memory_for_elimination),
        cmocka_unit_test(test_no_memory_for_the_same_again),
        cmocka_unit_test(test_no_memory_for_an_attack),
        cmocka_unit_test(test_solver_gives_up),
        cmocka_unit_test(test_solver_gives_up_on_random_tables),
        cmocka_unit_test(test_attack_gives_up),
    };
    return cmocka_run_group_tests_name("protect: failures", tests, set_up, tear_down);
}
