/* The audit of a year, against all tallies of tiny problems; flipped counts, wrong exemptions, faulty solvers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "faulty.h"
#include "protect/audit/audit.h"
#include "protect/audit/whole.h"
#include "tavs/secret.h"

enum { CELLS = 6, FIGURES = 8, MOST = 6, THRESHOLD = 3, TABLES = 12 };

static struct base_error error;
static const struct protect_solver *glpk;

static uint32_t state = 1;
static unsigned below(unsigned limit)
{
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % limit;
}

/* ---- a tiny problem ---- */

/* One place, one month or two, sessions 1 and 2 of one party; cells by channel. */
struct tiny {
    struct suppression_problem problem;
    struct problem_cell cell[CELLS];
    uint32_t cell_at[2 * CODEBOOK_CELLS];
    struct problem_figure figure[FIGURES];
    unsigned mask[FIGURES]; /* its cells as bits */
    uint32_t member[FIGURES * CELLS];
    struct session_order order[1];
    bool shown[FIGURES];
    struct witness_pool pool;
    struct feasible_table table[TABLES];
    struct table_change change[TABLES * CELLS];
};

static void add_figure(struct tiny *tiny, unsigned mask)
{
    struct problem_figure *figure = &tiny->figure[tiny->problem.figures];
    static size_t members;
    members = tiny->problem.figures == 0 ? 0 : members;
    for (size_t i = 0; i < tiny->problem.figures; i++)
        if (tiny->mask[i] == mask)
            return;
    *figure = (struct problem_figure){.first = (uint32_t)members};
    for (uint32_t i = 0; i < tiny->problem.cells; i++) {
        if ((mask >> i & 1U) == 0)
            continue;
        tiny->member[members++] = i;
        figure->count++;
        figure->value += tiny->cell[i].truth;
    }
    tiny->mask[tiny->problem.figures++] = mask;
}

/* Cell (month * 2 + session) of a channel; cells beyond four are of the second channel. */
static void make(struct tiny *tiny)
{
    memset(tiny, 0, sizeof *tiny);
    for (size_t i = 0; i < 2 * (size_t)CODEBOOK_CELLS; i++)
        tiny->cell_at[i] = PROBLEM_NO_CELL;
    tiny->problem = (struct suppression_problem){.threshold = THRESHOLD,
                                                 .place_count = 1,
                                                 .first = 24204,
                                                 .months = 2,
                                                 .cell = tiny->cell,
                                                 .cell_at = tiny->cell_at,
                                                 .figure = tiny->figure,
                                                 .member = tiny->member,
                                                 .order = tiny->order};
    tiny->problem.cells = 3 + below(CELLS - 2);
    int64_t balance = 0, least[2] = {0, 0};
    for (unsigned i = 0; i < tiny->problem.cells; i++) {
        const struct codebook_contact contact = {{(uint8_t)(i / 4), 0, (uint8_t)(i % 2)}};
        const unsigned month = i / 2 % 2;
        tiny->cell[i] = (struct problem_cell){.month = (uint8_t)month,
                                              .cell = (uint8_t)codebook_cell(contact),
                                              .truth = (int32_t)below(4)};
        tiny->cell_at[month * CODEBOOK_CELLS + tiny->cell[i].cell] = i;
    }
    tiny->problem.orders = 1;
    tiny->order[0] = (struct session_order){.opening = (int64_t)below(2),
                                            .slack = below(2) == 0 ? INT32_MAX : (int64_t)below(3)};
    balance = tiny->order[0].opening;
    for (unsigned month = 0; month < 2; month++) {
        for (unsigned i = 0; i < tiny->problem.cells; i++)
            if (tiny->cell[i].month == month)
                balance += i % 2 == 0 ? tiny->cell[i].truth : -tiny->cell[i].truth;
        least[month] = balance < 0 ? balance : 0;
        tiny->order[0].least_balance[month] = least[month];
    }
    add_figure(tiny, (1U << tiny->problem.cells) - 1);
    for (unsigned i = 0; i < FIGURES - 1; i++)
        add_figure(tiny, 1 + below((1U << tiny->problem.cells) - 1));
}

/* ---- all tallies ---- */

struct seen {
    bool figure[FIGURES][THRESHOLD], maker[FIGURES][FIGURES][THRESHOLD], cell[CELLS];
};

static int64_t sum_of(const int64_t *tally, unsigned mask)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < CELLS; i++)
        sum += (mask >> i & 1U) != 0 ? tally[i] : 0;
    return sum;
}

static bool keeps_rule(const struct tiny *tiny, const int64_t *tally)
{
    const struct session_order *order = &tiny->order[0];
    int64_t balance = order->opening, truth = order->opening;
    for (unsigned month = 0; month < 2; month++) {
        for (unsigned i = 0; i < tiny->problem.cells; i++) {
            if (tiny->cell[i].month != month)
                continue;
            balance += i % 2 == 0 ? tally[i] : -tally[i];
            truth += i % 2 == 0 ? tiny->cell[i].truth : -tiny->cell[i].truth;
        }
        if (balance < order->least_balance[month])
            return false;
    }
    return order->slack == INT32_MAX || truth - balance <= order->slack;
}

static bool agrees(const struct tiny *tiny, const int64_t *tally, bool with_shown)
{
    for (size_t i = 0; i < tiny->problem.figures; i++)
        if ((tiny->figure[i].known || (with_shown && tiny->shown[i])) &&
            sum_of(tally, tiny->mask[i]) != tiny->figure[i].value)
            return false;
    return keeps_rule(tiny, tally);
}

static void see(const struct tiny *tiny, const int64_t *tally, struct seen *seen)
{
    const size_t figures = tiny->problem.figures;
    for (size_t i = 0; i < tiny->problem.cells; i++)
        seen->cell[i] = seen->cell[i] || tally[i] != tiny->cell[i].truth;
    for (size_t i = 0; i < figures; i++) {
        const int64_t value = sum_of(tally, tiny->mask[i]);
        if (value >= THRESHOLD)
            continue;
        seen->figure[i][value] = true;
        for (size_t j = 0; j < figures; j++)
            if (sum_of(tally, tiny->mask[j]) >= 1)
                seen->maker[j][i][value] = true;
    }
}

static void try_all(const struct tiny *tiny, size_t cell, int64_t *tally, struct seen *told,
                    struct seen *known)
{
    if (cell == tiny->problem.cells) {
        if (agrees(tiny, tally, true))
            see(tiny, tally, told);
        if (agrees(tiny, tally, false))
            see(tiny, tally, known);
        return;
    }
    for (tally[cell] = 0; tally[cell] <= MOST; tally[cell]++)
        try_all(tiny, cell + 1, tally, told, known);
    tally[cell] = 0;
}

/* What the audit must say. */
struct expected {
    size_t requirements, exempt, open; /* open: met by no tally, and not exempt */
    bool small_shown;
};

static void expect_one(bool told, bool known, struct expected *expected)
{
    expected->requirements++;
    expected->exempt += known ? 0 : 1;
    expected->open += known && !told ? 1 : 0;
}

static bool is_hidden_small(const struct tiny *tiny, size_t figure)
{
    return !tiny->figure[figure].known && !tiny->shown[figure] &&
           tiny->figure[figure].value < THRESHOLD;
}

static struct expected expect_of(const struct tiny *tiny, const struct seen *told,
                                 const struct seen *known)
{
    struct expected expected = {0};
    for (size_t i = 0; i < tiny->problem.cells; i++)
        expect_one(told->cell[i], known->cell[i], &expected);
    for (size_t i = 0; i < tiny->problem.figures; i++) {
        expected.small_shown = expected.small_shown || (tiny->shown[i] && !tiny->figure[i].known &&
                                                        tiny->figure[i].value < THRESHOLD);
        for (unsigned value = 0; is_hidden_small(tiny, i) && value < THRESHOLD; value++) {
            expect_one(told->figure[i][value], known->figure[i][value], &expected);
            for (size_t j = 0; j < tiny->problem.figures; j++)
                if (j != i && is_hidden_small(tiny, j) && tiny->figure[j].value == 1 &&
                    (value > 0 || (tiny->mask[j] & ~tiny->mask[i]) != 0))
                    expect_one(told->maker[j][i][value], known->maker[j][i][value], &expected);
        }
    }
    return expected;
}

static struct expected expect(const struct tiny *tiny)
{
    static struct seen told, known;
    int64_t tally[CELLS] = {0};
    memset(&told, 0, sizeof told);
    memset(&known, 0, sizeof known);
    try_all(tiny, 0, tally, &told, &known);
    return expect_of(tiny, &told, &known);
}

/* ---- pools ---- */

static void add_table(struct tiny *tiny, const int64_t *tally)
{
    struct witness_pool *pool = &tiny->pool;
    struct feasible_table *table = &tiny->table[pool->tables++];
    pool->table = tiny->table;
    pool->change = tiny->change;
    *table = (struct feasible_table){.first = (uint32_t)pool->changes};
    for (uint32_t i = 0; i < tiny->problem.cells; i++) {
        if (tally[i] == tiny->cell[i].truth)
            continue;
        pool->change[pool->changes++] =
            (struct table_change){i, (int32_t)(tally[i] - tiny->cell[i].truth)};
        table->count++;
    }
}

/* Tables that mostly agree with nothing. */
static void fill_pool(struct tiny *tiny)
{
    const unsigned tables = below(TABLES);
    for (unsigned i = 0; i < tables; i++) {
        int64_t tally[CELLS] = {0};
        for (size_t j = 0; j < tiny->problem.cells; j++)
            tally[j] = (int64_t)below(5);
        add_table(tiny, tally);
    }
}

static void tell_some(struct tiny *tiny)
{
    for (size_t i = 0; i < tiny->problem.figures; i++) {
        tiny->figure[i].known = below(6) == 0;
        tiny->shown[i] = below(4) == 0 && (tiny->figure[i].value >= THRESHOLD || below(40) == 0);
    }
}

/* ---- tests ---- */

static void test_against_all_tallies(void **unused)
{
    (void)unused;
    unsigned passed = 0, refused = 0, exempt = 0;
    for (unsigned i = 0; i < 200; i++) {
        static struct tiny tiny;
        struct audit_report report = {0};
        make(&tiny);
        tell_some(&tiny);
        fill_pool(&tiny);
        const struct expected expected = expect(&tiny);
        const enum base_code code =
            audit_problem(&tiny.problem, tiny.shown, &tiny.pool, glpk, &report, &error);
        if ((code == BASE_OK) != (expected.open == 0 && !expected.small_shown))
            fail_msg("case %u: code %d, %zu open", i, code, expected.open);
        if (code == BASE_OK) {
            assert_int_equal(report.requirements, expected.requirements);
            assert_int_equal(report.exempt, expected.exempt);
            passed++;
            exempt += report.exempt > 0;
        } else {
            assert_int_equal(code, BASE_NOT_PROTECTED);
            refused++;
        }
    }
    print_message("%u passed, %u of them with exemptions, %u refused\n", passed, exempt, refused);
    assert_true(passed > 20 && refused > 20 && exempt > 10);
}

/* Nothing passes that should not, and no more is exempt, whatever the solver says. */
static void test_faulty_solvers(void **unused)
{
    (void)unused;
    unsigned passed[FAULTY_WAYS] = {0};
    for (unsigned i = 0; i < 20 * FAULTY_WAYS; i++) {
        static struct tiny tiny;
        const enum faulty_way way = (enum faulty_way)(i % FAULTY_WAYS);
        struct audit_report report = {0};
        if (way == FAULTY_SLOW)
            continue;
        make(&tiny);
        tell_some(&tiny);
        fill_pool(&tiny);
        const struct expected expected = expect(&tiny);
        const enum base_code code = audit_problem(&tiny.problem, tiny.shown, &tiny.pool,
                                                  faulty_solver(way, below(9)), &report, &error);
        passed[way] += code == BASE_OK;
        if (code == BASE_OK) {
            assert_int_equal(expected.open, 0);
            assert_false(expected.small_shown);
            assert_true(report.exempt <= expected.exempt);
        } else
            assert_true(code == BASE_NOT_PROTECTED || code == BASE_NOT_PROVEN);
    }
    assert_true(passed[FAULTY_HONEST] > 0);
}

/* Tables that agree, each of which tells something new. */
static void take_tables(struct tiny *tiny, size_t cell, int64_t *tally, struct seen *seen)
{
    if (cell < tiny->problem.cells) {
        for (tally[cell] = 0; tally[cell] <= 4; tally[cell]++)
            take_tables(tiny, cell + 1, tally, seen);
        tally[cell] = 0;
        return;
    }
    static struct seen before;
    before = *seen;
    if (!agrees(tiny, tally, true) || tiny->pool.tables == TABLES)
        return;
    see(tiny, tally, seen);
    if (memcmp(seen, &before, sizeof before) != 0)
        add_table(tiny, tally);
}

/* Whether the tables that agree, and the truth, meet all. */
static bool is_enough(const struct tiny *tiny)
{
    static struct seen seen, all;
    memset(&seen, 0, sizeof seen);
    memset(&all, 1, sizeof all);
    for (size_t i = 0; i <= tiny->pool.tables; i++) {
        int64_t tally[CELLS] = {0};
        const struct feasible_table *table = &tiny->table[i == 0 ? 0 : i - 1];
        bool possible = true;
        for (size_t j = 0; j < tiny->problem.cells; j++)
            tally[j] = tiny->cell[j].truth;
        for (uint32_t j = table->first; i > 0 && j < table->first + table->count; j++)
            tally[tiny->change[j].cell] += tiny->change[j].amount;
        for (size_t j = 0; j < tiny->problem.cells; j++)
            possible = possible && tally[j] >= 0;
        if (possible && agrees(tiny, tally, true))
            see(tiny, tally, &seen);
    }
    return expect_of(tiny, &seen, &all).open == 0;
}

/* Without a solver only what the pool truly has counts, whichever of its counts is flipped. */
static void test_flipped_counts(void **unused)
{
    (void)unused;
    const struct protect_solver *none = faulty_solver(FAULTY_SILENT, 0);
    unsigned enough = 0, refused = 0;
    for (unsigned i = 0; i < 400; i++) {
        static struct tiny tiny;
        static struct seen seen;
        int64_t tally[CELLS] = {0};
        struct audit_report report = {0};
        make(&tiny);
        memset(&seen, 0, sizeof seen);
        for (size_t j = 0; j < tiny.problem.figures; j++)
            tiny.shown[j] = tiny.figure[j].value >= THRESHOLD && below(3) == 0;
        take_tables(&tiny, 0, tally, &seen);
        if (audit_problem(&tiny.problem, tiny.shown, &tiny.pool, none, &report, &error) != BASE_OK)
            continue;
        assert_true(is_enough(&tiny));
        assert_int_equal(report.witnesses, tiny.pool.tables);
        enough++;
        for (size_t j = 0; j < tiny.pool.changes; j++) {
            const int32_t amount = tiny.change[j].amount;
            tiny.change[j].amount += below(2) == 0 ? 1 : -1;
            const enum base_code code =
                audit_problem(&tiny.problem, tiny.shown, &tiny.pool, none, &report, &error);
            assert_int_equal(code == BASE_OK, is_enough(&tiny));
            refused += code != BASE_OK;
            tiny.change[j].amount = amount;
        }
    }
    print_message("%u pools were enough; refused %u times after a flip\n", enough, refused);
    assert_true(enough > 10 && refused > 10);
}

/* Tables that are none: cells that are not there, changes beyond the end. */
static void test_no_tables(void **unused)
{
    (void)unused;
    static struct tiny tiny;
    struct audit_report report = {0};
    make(&tiny);
    tiny.pool = (struct witness_pool){
        .tables = 3, .changes = 2, .table = tiny.table, .change = tiny.change};
    tiny.table[0] = (struct feasible_table){0, 1};
    tiny.change[0] = (struct table_change){CELLS, 1};
    tiny.table[1] = (struct feasible_table){1, 2};
    tiny.change[1] = (struct table_change){0, 0};
    tiny.table[2] = (struct feasible_table){UINT32_MAX, UINT32_MAX};
    assert_int_equal(audit_problem(&tiny.problem, tiny.shown, &tiny.pool, glpk, &report, &error),
                     BASE_OK);
    assert_int_equal(report.witnesses, 0);
}

/* ---- proofs in whole numbers ---- */

/* Three counts, each two of which come to 1, would be halves. */
static void test_proofs(void **unused)
{
    (void)unused;
    struct arena *arena;
    struct whole_system system;
    struct whole_proof proof;
    assert_int_equal(arena_new(&arena, &error), BASE_OK);
    assert_int_equal(whole_new(3, 3, 6, arena, &system, &error), BASE_OK);
    for (size_t i = 0; i < 3; i++) {
        system.lower[i] = 0;
        whole_add_row(&system, 1, 1);
        whole_add_term(&system, i, 1);
        whole_add_term(&system, (i + 1) % 3, 1);
    }
    assert_int_equal(whole_open(&system, 3, glpk, arena, &proof, &error), BASE_OK);
    assert_true(whole_is_impossible(&proof, 20));
    assert_true(proof.solved > 1);
    assert_false(whole_is_impossible(&proof, 1));
    whole_bound_row(&proof, 0, 2, 2);
    assert_false(whole_is_impossible(&proof, 20)); /* 1, 1, 0 */
    whole_bound_row(&proof, 0, 3, 3);
    assert_true(whole_is_impossible(&proof, 20));
    whole_close(&proof);
    arena_free(arena);
}

/* Whatever duals one takes, what they refute has no solution. */
static void test_any_duals(void **unused)
{
    (void)unused;
    unsigned refuted = 0;
    for (unsigned i = 0; i < 3000; i++) {
        struct arena *arena;
        struct whole_system system;
        double duals[3];
        int64_t rest[3];
        bool possible = false;
        assert_int_equal(arena_new(&arena, &error), BASE_OK);
        assert_int_equal(whole_new(3, 3, 9, arena, &system, &error), BASE_OK);
        int factor[3][3];
        for (size_t row = 0; row < 3; row++) {
            const int64_t lower = (int64_t)below(6) - 2;
            system.lower[row] = (int64_t)below(3) - 1;
            system.upper[row] = system.lower[row] + below(3);
            whole_add_row(&system, below(3) == 0 ? WHOLE_LEAST : lower,
                          below(3) == 0 ? WHOLE_MOST : lower + below(2));
            for (size_t column = 0; column < 3; column++) {
                factor[row][column] = (int)below(3) - 1;
                if (factor[row][column] != 0)
                    whole_add_term(&system, column, factor[row][column]);
            }
            duals[row] = ((double)below(9) - 4) / (1 + below(3));
        }
        for (int64_t x = system.lower[0]; x <= system.upper[0]; x++)
            for (int64_t y = system.lower[1]; y <= system.upper[1]; y++)
                for (int64_t z = system.lower[2]; z <= system.upper[2]; z++) {
                    bool meets = true;
                    for (size_t row = 0; row < 3; row++) {
                        const int64_t sum =
                            factor[row][0] * x + factor[row][1] * y + factor[row][2] * z;
                        meets =
                            meets && sum >= system.row[row].lower && sum <= system.row[row].upper;
                    }
                    possible = possible || meets;
                }
        const bool said = whole_refutes(&system, duals, rest);
        assert_false(said && possible);
        refuted += said;
        arena_free(arena);
    }
    assert_true(refuted > 50);
}

static int set_up(void **unused)
{
    (void)unused;
    return secret_harden(&error) == BASE_OK && solver_find(NULL, &glpk, &error) == BASE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_all_tallies),
        cmocka_unit_test(test_faulty_solvers),
        cmocka_unit_test(test_flipped_counts),
        cmocka_unit_test(test_no_tables),
        cmocka_unit_test(test_proofs),
        cmocka_unit_test(test_any_duals),
    };
    return cmocka_run_group_tests_name("protect: audit", tests, set_up, NULL);
}
